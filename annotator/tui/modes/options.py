"""What the keys of a row of a form choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotator.model.codebook import Layer, Slot, allocate_keys
from annotator.model.mark import (
    ChoiceValue,
    EntityValue,
    LabelValue,
    Mark,
    RefValue,
    SlotValue,
)
from annotator.model.text import quoted
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.labels import Labels
from annotator.tui.modes.people import People

# Rows that every mark has; a blank stands before them, as no slot's name has one.
LABEL: Final = " label"
CERTAINTY: Final = " certainty"
NOTE: Final = " note"


@dataclass(frozen=True)
class Option:
    """A value that a key puts into the slot."""

    key: str
    name: str
    value: SlotValue | str
    definition: str = ""


def options(
    desk: Desk, layer: Layer, mark: Mark, row: str, people: People, found: Labels
) -> list[Option]:
    """Return what the keys of a row choose; nothing where it takes words or text.

    Filters narrow rows of people and of labels; keys stay what they are.
    """
    if row == LABEL:
        own = layer.label(mark.label)
        labels = [x for x in layer.in_use if own and x.family == own.family]
        keys = allocate_keys((x.id, x.tag, x.key) for x in labels)
        return [Option(keys[x.id], x.name, x.id, x.definition) for x in found.shown(labels)]
    if row == CERTAINTY:
        return [Option("h", "high", "high"), Option("l", "low", "low")]
    slot = layer.slot(row)
    if slot is None:
        return []
    match slot.type:
        case "choice" | "scale":
            keys = allocate_keys((c.id, c.name, c.key) for c in slot.choices)
            return [
                Option(keys[c.id], c.name, ChoiceValue(choice=c.id), c.definition)
                for c in slot.choices
            ]
        case "entity":
            return [
                Option(key, entity.name, EntityValue(entity=entity.id))
                for key, entity in people.shown()
            ]
        case "label":
            other = desk.layer(slot.layer or "")
            keys = allocate_keys((x.id, x.tag, x.key) for x in other.in_use)
            shown = found.shown(other.in_use)
            return [Option(keys[x.id], x.tag, LabelValue(label=x.id)) for x in shown]
        case "ref":
            return _refs(desk, slot, mark)
        case _:
            return []


def _refs(desk: Desk, slot: Slot, own: Mark) -> list[Option]:
    coding = desk.session.coding
    place = coding.position[desk.key]
    near = reversed(coding.order[max(0, place - 5) : place + 1])
    marks = [
        (key, mark)
        for key in near
        for mark in coding.sentence(key).of_layer(slot.layer or "")
        if mark.id != own.id
    ]
    return [
        Option(
            str(n), desk.placed(_with_words(desk.describe(mark), mark), key), RefValue(mark=mark.id)
        )
        for n, (key, mark) in enumerate(marks[:9], 1)
    ]


def _with_words(said: str, mark: Mark) -> str:
    """Tell a mark from others of the same name by the first words it holds."""
    spans = sorted(mark.spans(), key=lambda span: len(span.exact))
    return f"{said} {quoted(spans[0].exact)}" if spans else said
