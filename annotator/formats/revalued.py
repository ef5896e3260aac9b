"""What another program put into slots of our marks: values instead of others, or beside them.

A form says which values a mark has in the file now. Those that stand there instead of old ones take
their places, and keep all else of the mark. Only a codebook tells whether a slot takes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from pydantic import ValidationError

from annotator.files import printable
from annotator.formats.carried import slot_value
from annotator.formats.reconciling import Changed, changed
from annotator.formats.told import Told
from annotator.model.codebook import Codebook, Layer, Slot, value_type
from annotator.model.fitting import misfit
from annotator.model.record import MarkRecord, SentenceRow, SlotRecord

VALUES: Final = ("choice", "label", "date", "text")
"""The types of values that are words of their own, and none of the text."""

Said = Callable[[MarkRecord], Mapping[str, Sequence[str]]]
"""Returns the values that a file has for a mark, by the slots of which it has any."""


def with_values(
    row: SentenceRow,
    said: Said,
    held: Collection[str] = VALUES,
    clean: Callable[[str], str] = str,
) -> SentenceRow:
    """Return a row with the values that its marks have in a file now.

    Only slots with nothing but values of the types that are `held` get any. A value that is gone
    and has no other in its place stays, for what is missing is told by `reconciling`. `clean`
    makes of a value what the form can hold.
    """
    valued: list[tuple[str, SlotRecord]] = []
    marks = []
    for mark in row.marks:
        slots = list(mark.slots)
        for slot, values in said(mark).items():
            fresh = _put(slots, slot, values, held, clean)
            valued += [(mark.id, one) for one in fresh]
        marks.append(mark.replaced(slots=tuple(slots)) if tuple(slots) != mark.slots else mark)
    return changed(row, tuple(marks), valued=tuple(valued)) if valued else row


def _put(
    slots: list[SlotRecord],
    slot: str,
    values: Sequence[str],
    held: Collection[str],
    clean: Callable[[str], str],
) -> list[SlotRecord]:
    """Put into the slots of a mark those values of one that it lacks, and return them."""
    own = [at for at, one in enumerate(slots) if one.slot == slot]
    kinds = [slots[at].type for at in own if slots[at].type != "none"]
    if not set(kinds) <= set(held):
        return []
    left = Counter(values)
    lacking = []
    for at in own:
        value = clean(slots[at].value or "")
        if slots[at].value is not None and left[value] > 0:
            left[value] -= 1
        else:
            lacking.append(at)
    fresh = []
    for value in left.elements():
        # Without one beside it, the type is that which the codebook says.
        made = _record(slot, value).replaced(type=kinds[0] if kinds else "choice")
        if lacking:
            slots[lacking.pop(0)] = made
        else:
            slots.append(made)
        fresh.append(made)
    return fresh


def _record(slot: str, value: str) -> SlotRecord:
    return SlotRecord(
        slot=slot, type="choice", value=value, start=None, end=None, exact=None, inferred=False
    )


def fitted(told: Told, book: Codebook) -> tuple[Told, list[str]]:
    """Return what is told with those of the new values that their slots take, and why not others.

    A slot is without a value that it does not take.
    """
    refused: list[str] = []
    rows = []
    for place, row in told.placed_rows():
        if isinstance(row, Changed) and row.valued:
            own: list[str] = []
            rows.append(_fitted(row, book, own))
            refused += [f"{place}: sentence {row.sentence}, {why}" for why in own]
        else:
            rows.append(row)
    return (replace(told, rows=tuple(rows)) if rows else told), refused


def _fitted(row: Changed, book: Codebook, refused: list[str]) -> SentenceRow:
    marks, valued = [], list[tuple[str, SlotRecord]]()
    for mark in row.marks:
        new = [one for name, one in row.valued if name == mark.id]
        layer = book.layer(mark.layer)
        takes = layer.slots_by_id(mark.label) if layer else None
        if not new or layer is None or takes is None:
            # A mark that the codebook does not have is left out as a whole, and that is told.
            marks.append(mark)
            continue
        places = {at for at, one in enumerate(mark.slots) if any(one is other for other in new)}
        slots = {at: one for at, one in enumerate(mark.slots) if at not in places}
        for at in sorted(places):
            made = _made(mark.slots[at], takes)
            beside = [one for one in slots.values() if one.slot == made.slot]
            why = _trouble(book, layer, mark.label, [*beside, made])
            if why is None:
                slots[at] = made
                valued.append((mark.id, made))
            else:
                said = f"“{made.value or made.exact or '':.60}” for {made.slot or 'words':.60}"
                said += f" of {mark.layer} {mark.label} ({mark.id}): {why:.300}"
                refused.append(printable(f"{said} Its mark is without it."))
        marks.append(mark.replaced(slots=tuple(slots[at] for at in sorted(slots))))
    return row.replaced(marks=tuple(marks), valued=tuple(valued))


def _made(one: SlotRecord, takes: Mapping[str, Slot]) -> SlotRecord:
    """Return a value as one of its slot, whose name may be written as in a type of brat.

    Words without a name are for the only slot that takes any.
    """
    spelled = [slot for slot in takes.values() if slot.id.replace(".", "-") == one.slot]
    if not one.slot:
        spelled = [slot for slot in takes.values() if slot.type in ("span", "entity")]
    slot = takes.get(one.slot) or (spelled[0] if len(spelled) == 1 else None)
    if slot is None:
        return one
    kind = value_type(slot.type)
    return one.replaced(slot=slot.id, type=kind if kind in VALUES else one.type)


def _trouble(book: Codebook, layer: Layer, label: str, values: Sequence[SlotRecord]) -> str | None:
    """Say why a slot cannot hold these values, of which the last is new; None where it can."""
    new = values[-1]
    if not new.slot:
        return f"The label “{label}” has no slot for words."
    try:
        made = [slot_value(one) for one in values]
    except ValidationError:
        return f"“{new.value}” is no {new.type}."
    return misfit(book, layer, label, new.slot, made)
