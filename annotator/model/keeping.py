"""From a mark to what a macro keeps of it, and back by a codebook."""

from __future__ import annotations

from pydantic import ValidationError

from annotator.model.codebook import Codebook, Layer, Slot, value_type
from annotator.model.macro import Macro, MacroMark
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    Provenance,
    Slots,
    SlotValue,
    TextValue,
)
from annotator.model.outdated import not_given

INFERRED = "~"
"""Stands before an entity whom only context tells."""


def kept(mark: Mark) -> MacroMark:
    """Return a mark as a macro holds it: without spans, mentions, references and "none stated"."""
    words = {
        slot: tuple(w for v in values if (w := _word(v))) for slot, values in mark.slots.items()
    }
    slots = {slot: said for slot, said in words.items() if said}
    return MacroMark(layer=mark.layer, label=mark.label, rejected=mark.rejected, slots=slots)


def _word(value: SlotValue) -> str:
    match value:
        case EntityValue():
            return INFERRED * value.inferred + value.entity
        case ChoiceValue():
            return value.choice
        case LabelValue():
            return value.label
        case DateValue():
            return value.date
        case TextValue():
            return value.text
        case _:
            return ""


def current(macro: Macro, book: Codebook) -> Macro:
    """Return a macro with the labels that a codebook has now, each mark and each value once."""
    marks: list[MacroMark] = []
    for mark in macro.marks:
        now = _current(mark, book)
        if now not in marks:
            marks.append(now)
    return macro.model_copy(update={"marks": tuple(marks)})


def _current(mark: MacroMark, book: Codebook) -> MacroMark:
    layer = book.layer(mark.layer)
    if layer is None:
        return mark
    slots: dict[str, tuple[str, ...]] = {}
    for slot_id, words in mark.slots.items():
        named = _named(layer.slot(slot_id), book)
        slots[slot_id] = tuple(dict.fromkeys(map(named.current, words) if named else words))
    return mark.model_copy(update={"label": layer.current(mark.label), "slots": slots})


def _named(slot: Slot | None, book: Codebook) -> Layer | None:
    """Return the layer whose labels a slot names, or None."""
    return book.layer(slot.layer or "") if slot is not None and slot.type == "label" else None


def slots_of(mark: MacroMark, book: Codebook) -> Slots:
    """Return the slots of a macro's mark as values; raises ValueError for what cannot be one."""
    layer = book.layer(mark.layer)
    found: Slots = {}
    for slot_id, words in mark.slots.items():
        slot = layer.slot(slot_id) if layer else None
        if slot is None:
            raise ValueError(f"The layer “{mark.layer}” has no slot “{slot_id}”.")
        found[slot_id] = tuple(_value(slot, word) for word in words)
    return found


def _value(slot: Slot, word: str) -> SlotValue:
    try:
        match value_type(slot.type):
            case "entity":
                inferred = word.startswith(INFERRED)
                return EntityValue(entity=word.removeprefix(INFERRED), inferred=inferred)
            case "choice":
                return ChoiceValue(choice=word)
            case "label":
                return LabelValue(label=word)
            case "date":
                return DateValue(date=word)
            case "text":
                return TextValue(text=word)
    except ValidationError as error:
        raise ValueError(f"The slot “{slot.id}” cannot hold “{word}”.") from error
    raise ValueError(f"The slot “{slot.id}” belongs to the words of a sentence.")


def problem(mark: MacroMark, book: Codebook) -> str | None:
    """Say in one sentence why a codebook does not allow a macro's mark, or None where it does."""
    layer = book.layer(mark.layer)
    if layer is None:
        return f"The codebook {book.stamp} has no layer “{mark.layer}”."
    if layer.label(mark.label) is None:
        return f"The layer “{layer.id}” has no label “{mark.label}”."
    if gone := not_given(layer, mark.label):
        return gone
    mark = _current(mark, book)
    try:
        slots = slots_of(mark, book)
    except ValueError as error:
        return str(error)
    whole = Mark(
        id="macro",
        layer=mark.layer,
        label=mark.label,
        start=0,
        end=0,
        slots=slots,
        provenance=Provenance(coder="", at="", codebook=book.stamp),
    )
    return book.check(whole) or _gone(mark, layer, book)


def _gone(mark: MacroMark, layer: Layer, book: Codebook) -> str | None:
    """Say which label in a slot is not given any more, or None where each is."""
    for slot_id, words in mark.slots.items():
        named = _named(layer.slot(slot_id), book)
        for word in words if named else ():
            if named and (gone := not_given(named, word)):
                return gone
    return None
