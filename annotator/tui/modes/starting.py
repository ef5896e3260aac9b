"""How a mark with slots begins: filled with what the text proposes, and open as a form."""

from __future__ import annotations

from collections.abc import Mapping

from annotator.model.codebook import Label, Layer
from annotator.model.mark import Mark
from annotator.session import acts, framing
from annotator.session.accepting import mark_of
from annotator.tui.modes.base import Mode, Step
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.frame import FrameMode


def begin(desk: Desk, layer: Layer, label: Label, presets: Mapping[str, str] | None = None) -> Step:
    """Put a mark on the sentence with its slots proposed, and open its form if some are required.

    `presets` are choices that are already made, by the id of their slot. Without them, a label that
    is suggested is taken as it is suggested.
    """
    required = any(slot.required for slot in layer.slots_of(label.id))
    standing = (mark for mark in desk.sentence.of_layer(layer.id) if mark.label == label.id)
    if not required and any(standing):
        return Step(None, f"{label.name} stands here already.")
    suggestion = None if presets else desk.suggestion(layer.id, label.id)
    if suggestion is None:
        slots = framing.proposed(desk.scene, layer, label.id, presets)
        mark = desk.pen.mark(desk.sentence, layer.id, label.id, slots=slots, seconds=desk.seconds())
    else:
        mark = mark_of(desk.pen, desk.scene, suggestion, desk.seconds())
    desk.do(acts.add_mark(desk.pen, desk.session.coding, desk.key, mark))
    return Step(opened(desk, mark)) if required else Step(None, f"marked: {label.name}")


def copy(desk: Desk, layer: Layer, mark: Mark, *, edit: str, again: str) -> Step:
    """Put a second mark of the same label on the sentence, for another act under the same terms.

    None is put where it would differ from a mark that stands in nothing: then it is said how to go
    on, `edit` being the key that opens the form, `again` the one that copies.
    """
    slots, proposed = framing.copied(desk.scene, layer, mark)
    made = desk.pen.mark(
        desk.sentence,
        mark.layer,
        mark.label,
        slots=slots,
        seconds=desk.seconds(),
        proposed=proposed,
    ).model_copy(update={"certainty": mark.certainty})
    stands = desk.sentence.saying(made)
    if stands is not None:
        said = f"{desk.describe(stands)} stands here already, and a copy would say the same"
        ways = [f"{edit} changes its words, {again} then copies it"]
        required = any(slot.required for slot in layer.slots_of(mark.label))
        panels = desk.session.codebook.panels if required else ()
        ways += [
            f"{panel.key} {panel.keys[mark.label]} makes another"
            for panel in panels
            if panel.layer == layer.id and mark.label in panel.keys
        ]
        return Step(None, f"{said}: {'; '.join(ways)}.")
    desk.do(acts.add_mark(desk.pen, desk.session.coding, desk.key, made))
    return Step(opened(desk, made), f"copied: {desk.describe(made)}")


def opened(desk: Desk, mark: Mark) -> Mode:
    """Return the form of a new mark."""
    return FrameMode(desk, mark.id, back=None, at_first=True)
