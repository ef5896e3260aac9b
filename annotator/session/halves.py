"""What becomes of the marks of two sentences that are joined: one mark where one can say both."""

from __future__ import annotations

from annotator.model.codebook import Codebook, Layer
from annotator.model.mark import Mark, RefValue, Slots, SlotValue


def both(
    book: Codebook, first: tuple[Mark, ...], second: tuple[Mark, ...]
) -> tuple[list[Mark], dict[str, str]]:
    """Return the marks of two halves, and by the id of each that is gone the one in its place."""
    marks, gone = [*first], dict[str, str]()
    for mark in second:
        layer = book.layer(mark.layer)
        for place, twin in enumerate(marks[: len(first)]):
            one = _one(layer, twin, mark) if layer and _alike(twin, mark) else None
            if one is not None:
                marks[place] = one
                gone[mark.id] = one.id
                break
        else:
            marks.append(mark)
    return marks, gone


def clash(book: Codebook, mark: Mark, other: Mark) -> bool:
    """Tell whether two marks of a sentence cannot both be meant.

    A label was given and rejected, or two stand where one does.
    """
    layer = book.layer(mark.layer)
    if layer is None or mark.layer != other.layer or mark.id == other.id:
        return False
    if mark.label == other.label:
        return mark.rejected != other.rejected or _stands_once(layer, mark, other)
    return not layer.multiple and not mark.rejected and not other.rejected


def says_more(was: Mark, now: Mark) -> bool:
    """Tell whether a mark took over what another one said."""
    told = ("slots", "note", "certainty")
    return any(getattr(was, name) != getattr(now, name) for name in told) and all(
        set(values) <= set(now.slots.get(slot, ())) or not was.values(slot)
        for slot, values in was.slots.items()
    )


def _alike(one: Mark, other: Mark) -> bool:
    """Tell whether two marks give, or reject, the same label, and come from the same place."""
    return (one.layer, one.label, one.rejected, one.provenance.imported) == (
        *(other.layer, other.label, other.rejected),
        other.provenance.imported,
    )


def _stands_once(layer: Layer, one: Mark, other: Mark) -> bool:
    """Tell whether a sentence has a label once: nothing required tells two marks of it apart."""
    bare = one.rejected or not (one.slots or other.slots)
    return bare or not any(slot.required for slot in layer.slots_of(one.label))


def _one(layer: Layer, first: Mark, second: Mark) -> Mark | None:
    """Return the first of two marks with what both say, or None where no mark can say it."""
    slots = _slots(layer, first, second) if _stands_once(layer, first, second) else None
    if slots is None:
        return None
    made, other = first.provenance, second.provenance
    proposed = {
        name
        for name in slots
        if all(name in mark.provenance.proposed for mark in (first, second) if name in mark.slots)
    }
    update: dict[str, object] = {"proposed": tuple(sorted(proposed))}
    for name in ("keys", "spent"):
        counted = [n for one in (made, other) if (n := getattr(one, name)) is not None]
        update[name] = sum(counted) if counted else None
    if slots != first.slots and made.origin == "accepted":
        update["origin"] = "edited"
    return first.model_copy(
        update={
            "slots": slots,
            "note": " ".join(dict.fromkeys(note for note in (first.note, second.note) if note)),
            "certainty": "low" if "low" in (first.certainty, second.certainty) else "high",
            "doubtful": first.doubtful or second.doubtful,
            "provenance": made.model_copy(update=update),
        }
    )


def _slots(layer: Layer, first: Mark, second: Mark) -> Slots | None:
    """Return what two marks hold; None where a slot that takes one value would get two."""
    slots: Slots = {}
    for name in dict.fromkeys((*first.slots, *second.slots)):
        ones, others = first.values(name), second.values(name)
        slot = layer.slot(name)
        if ones != others and any(isinstance(value, RefValue) for value in (*ones, *others)):
            # One of the two may lead to the other: they would point to themselves.
            return None
        if ones and others and ones != others and not (slot and slot.repeatable):
            return None
        held: tuple[SlotValue, ...] = tuple(dict.fromkeys((*ones, *others)))
        slots[name] = held or first.slots.get(name) or second.slots[name]
    return slots
