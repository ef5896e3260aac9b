"""What a slot takes, and why a value is none of that."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.codebook import Codebook, Layer, Slot, value_type
from annotator.model.mark import Mark, SlotValue

Taken = tuple[str, frozenset[str] | None]
"""The type of a slot's values, and their names where not every name will do."""


def taken(book: Codebook, slot: Slot) -> Taken:
    """Return what a slot takes that holds one value."""
    kind = value_type(slot.type)
    if kind == "choice":
        return kind, frozenset(choice.id for choice in slot.choices)
    if kind != "label" or slot.layer is None:
        return kind, None
    layer = book.layer(slot.layer)
    return kind, frozenset(layer.label_ids if layer else ())


def gives_way(layer: Layer, old: Mark, new: Mark) -> bool:
    """Tell whether a mark of a sentence cannot stand beside a new one.

    It cannot beside the same label that is rejected, or beside another one in a layer where one
    label stands.
    """
    if old.layer != new.layer:
        return False
    if old.label == new.label and old.rejected != new.rejected:
        return True
    return not layer.multiple and not old.rejected and not new.rejected


def misfit(
    book: Codebook, layer: Layer, label_id: str, slot_id: str, values: Sequence[SlotValue]
) -> str | None:
    """Say in one sentence why a label's slot cannot hold these values, or None where it can."""
    slot = (layer.slots_by_id(label_id) or {}).get(slot_id)
    if slot is None:
        return f"The label “{label_id}” has no slot “{slot_id}”."
    if not values:
        return f"The slot “{slot.id}” holds no value; leave it out instead."
    none_stated = [value.type == "none" for value in values]
    if any(none_stated) and len(values) > 1:
        return f"The slot “{slot.id}” says “none stated” beside a value."
    if all(none_stated):
        return None
    if len(values) > 1 and not slot.repeatable:
        return f"The slot “{slot.id}” takes one value, not {len(values)}."
    problems = (_problem(book, slot, value) for value in values)
    return next((problem for problem in problems if problem), None)


def _problem(book: Codebook, slot: Slot, value: SlotValue) -> str | None:
    if value.type != value_type(slot.type):
        return f"The slot “{slot.id}” takes a value of type {slot.type}, not {value.type}."
    if value.type == "choice" and slot.choice(value.choice) is None:
        known = ", ".join(choice.id for choice in slot.choices)
        return f"The slot “{slot.id}” has no choice “{value.choice}”; it has {known}."
    if value.type == "label" and slot.layer is not None:
        layer = book.layer(slot.layer)
        if layer is None or layer.label(value.label) is None:
            return f"The slot “{slot.id}” points to “{value.label}”, no label of {slot.layer}."
    return None
