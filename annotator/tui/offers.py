"""What is suggested for a sentence, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annotator.tui import paint

if TYPE_CHECKING:
    from annotator.model.suggestion import Suggestion
    from annotator.tui.modes.desk import Desk


class Offer(NamedTuple):
    """A suggestion in words: its layer, its label, what its slots hold, by whom, and how sure."""

    layer: str
    label: str
    slots: str
    source: str
    score: str

    def by(self, most: int | None = None) -> str:
        """Say by whom it is and how sure that is; of a long name as much as `most` cells hold."""
        whole = self.source if most is None else paint.cut(self.source, most - len(self.score))
        return f"{whole}{self.score}"


def words(desk: Desk, one: Suggestion) -> Offer:
    """Say a suggestion."""
    layer = desk.layer(one.layer)
    label = layer.label(one.label)
    held = dict.fromkeys(one.unnamed or (), "nobody of the cast")
    held |= {name: desk.values_text(values) for name, values in one.slots.items()}
    slots = [
        f"{slot.name.lower()} {held[slot.id]}"
        for slot in layer.slots_of(one.label)
        if slot.id in held
    ]
    score = "" if one.score is None else f" {one.score:.2f}"
    name = label.tag if label else one.label
    return Offer(layer.name, name, "; ".join(slots), source(one.source), score)


def source(name: str) -> str:
    """Return what a source is called: Label Studio knows its users by a number alone."""
    return f"user {name}" if name.isdecimal() else name
