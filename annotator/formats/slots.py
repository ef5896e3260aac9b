"""What the slots of a mark say, whichever layer it is of.

Values are told apart by their `type`: with a million rows, asking for their class would take longer
than all the rest. Most slots of a mark are empty or hold one value, so loops cost less here than
generators do.
"""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.mark import Mark, SlotValue
from annotator.model.text import Span

_YES = {"yes": True, "true": True, "no": False, "false": False}


def spans(mark: Mark, slot: str) -> tuple[Span, ...]:
    """Return every stretch of text in a slot, mentions of entities included."""
    found = []
    for value in mark.slots.get(slot, ()):
        span = span_of(value)
        if span is not None:
            found.append(span)
    return tuple(found)


def span_of(value: SlotValue) -> Span | None:
    """Return the stretch of text that a value is or has, or None."""
    if value.type == "span":
        return value.span
    return value.mention if value.type == "entity" else None


def entity_ids(mark: Mark, slot: str) -> tuple[str, ...]:
    """Return who stands in a slot, each once."""
    return unique([v.entity for v in mark.slots.get(slot, ()) if v.type == "entity"])


def inferred(mark: Mark, slot: str) -> bool:
    """Tell whether only context tells who one of the entities in a slot is."""
    return True in [v.inferred for v in mark.slots.get(slot, ()) if v.type == "entity"]


def words(mark: Mark, slot: str) -> tuple[str, ...]:
    """Return the choices, labels, dates or texts of a slot."""
    found = []
    for value in mark.slots.get(slot, ()):
        said = word_of(value)
        if said is not None:
            found.append(said)
    return tuple(found)


def word_of(value: SlotValue) -> str | None:
    """Return the choice, label, date or text that a value is; None for every other type."""
    match value.type:
        case "choice":
            return value.choice
        case "label":
            return value.label
        case "date":
            return value.date
        case "text":
            return value.text
        case _:
            return None


def word(mark: Mark, slot: str) -> str | None:
    """Return the first choice, label, date or text of a slot, or None."""
    for value in mark.slots.get(slot, ()):
        found = word_of(value)
        if found is not None:
            return found
    return None


def yes_or_no(mark: Mark, slot: str) -> bool | None:
    """Return what a slot of yes or no says, None where it says neither."""
    return _YES.get(word(mark, slot) or "")


def referred(mark: Mark, slot: str) -> str | None:
    """Return the mark that a slot refers to, or None."""
    for value in mark.slots.get(slot, ()):
        if value.type == "ref":
            return value.mark
    return None


def sources(mark: Mark) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who is named as source, and who only context tells."""
    values = [value for value in mark.slots.get("source", ()) if value.type == "entity"]
    named = unique([value.entity for value in values if not value.inferred])
    guessed = [value.entity for value in values if value.inferred]
    guessed += entity_ids(mark, "source_inferred")
    return named, unique([one for one in guessed if one not in named])


def is_implicit(mark: Mark) -> bool:
    """Tell whether no words of the sentence name the source."""
    if mark.none_stated("source"):
        return True
    if spans(mark, "source"):
        return False
    named, guessed = sources(mark)
    return bool(guessed) and not named


def unique(values: Sequence[str]) -> tuple[str, ...]:
    """Return values in their order, each once."""
    return tuple(dict.fromkeys(values) if len(values) > 1 else values)
