"""What the slots of a mark say, whichever layer it is of.

Values are told apart by their `type`: with a million rows, asking for their class would take longer
than all the rest. Each is looked at once, for whatever the rows want to know of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

from annotator.formats.unfit import YES
from annotator.formats.work import Work, moved
from annotator.model.base import unchecked
from annotator.model.mark import ChoiceValue, DateValue, LabelValue, Mark, TextValue
from annotator.model.record import SlotRecord
from annotator.model.text import Span

_Kind = Literal["span", "entity", "choice", "label", "date", "text", "ref", "none"]

_WORDS = ("choice", "label", "date", "text")

_new_record: Final = unchecked(SlotRecord)


class Said:
    """What a mark says, by its slots.

    `records` has all values, in the order of the slots' names. `spans` has every stretch of text,
    mentions of entities included; `entities` has who stands there, and `guessed` those of them whom
    only context tells. `word` has the first choice, label, date or text.
    `nowhere` names the slots of which the text says nothing.
    """

    __slots__ = ("entities", "guessed", "nowhere", "records", "spans", "word")

    def __init__(self) -> None:
        self.records: list[SlotRecord] = []
        self.spans: dict[str, tuple[Span, ...]] = {}
        self.entities: dict[str, tuple[str, ...]] = {}
        self.guessed: dict[str, tuple[str, ...]] = {}
        self.word: dict[str, str] = {}
        self.nowhere: list[str] = []

    def who(self, slot: str) -> tuple[str, ...]:
        """Return who stands in a slot, each once."""
        return unique(self.entities.get(slot, ()))

    def words(self, slot: str) -> tuple[str, ...]:
        """Return the choices, labels, dates or texts of a slot."""
        if slot not in self.word:
            return ()
        own = [one for one in self.records if one.slot == slot and one.type in _WORDS]
        return tuple([one.value for one in own if one.value is not None])

    def yes_or_no(self, slot: str) -> bool | None:
        """Return what a slot of yes or no says, None where it says neither."""
        return YES.get(self.word.get(slot, ""))

    def sources(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return who is named as source, and who only context tells."""
        named = self.entities.get("source", ())
        guessed = self.guessed.get("source", ())
        if guessed:
            own = [one for one in self.records if one.slot == "source" and not one.inferred]
            named = tuple([one.value for one in own if one.type == "entity" and one.value])
        named = unique(named)
        meant = (*guessed, *self.entities.get("source_inferred", ()))
        return named, unique([one for one in meant if one not in named])


def said(work: Work, key: int, mark: Mark) -> Said:
    """Return what a mark says of the sentence `key`.

    Raises InputError where the text does not have the words of a span at its place.
    """
    found = Said()
    records, spans, word = found.records, found.spans, found.word
    slots, text = mark.slots, work.readout.text
    for slot in sorted(slots):
        for value in slots[slot]:
            # What nearly every value is comes first.
            if value.type == "choice":
                word.setdefault(slot, value.choice)
                records.append(_without_words(slot, "choice", value.choice, False))
                continue
            span: Span | None = None
            name: str | None = None
            inferred = False
            if value.type == "span":
                span = value.span
            elif value.type == "entity":
                name, span, inferred = value.entity, value.mention, value.inferred
                _add(found.entities, slot, name)
                if inferred:
                    _add(found.guessed, slot, name)
            elif value.type == "ref":
                name = work.mark_id(value.mark) if value.mark in work.listed_marks else None
            elif value.type == "none":
                found.nowhere.append(slot)
            else:
                name = word_of(value)
                word.setdefault(slot, name)
            if span is None:
                records.append(_without_words(slot, value.type, name, inferred))
                continue
            start, end, exact = span.start, span.end, span.exact
            # A call of its own for each would take longer than to look.
            if text[start:end] != exact:
                raise moved(work, key, start, end)
            spans[slot] = (*spans[slot], span) if slot in spans else (span,)
            records.append(
                _new_record(
                    {
                        "slot": slot,
                        "type": value.type,
                        "value": name,
                        "start": start,
                        "end": end,
                        "exact": exact,
                        "inferred": inferred,
                    }
                )
            )
    return found


def _add(found: dict[str, tuple[str, ...]], slot: str, name: str) -> None:
    found[slot] = (*found[slot], name) if slot in found else (name,)


@lru_cache(1024)
def _without_words(slot: str, kind: _Kind, name: str | None, inferred: bool) -> SlotRecord:
    """Return what has no place in the text: mostly the same choices again and again."""
    return _new_record(
        {
            "slot": slot,
            "type": kind,
            "value": name,
            "start": None,
            "end": None,
            "exact": None,
            "inferred": inferred,
        }
    )


def word_of(value: ChoiceValue | LabelValue | DateValue | TextValue) -> str:
    """Return the choice, label, date or text that a value is."""
    match value.type:
        case "choice":
            return value.choice
        case "label":
            return value.label
        case "date":
            return value.date
        case "text":
            return value.text


def referred(mark: Mark, slot: str) -> str | None:
    """Return the mark that a slot refers to, or None."""
    for value in mark.slots.get(slot, ()):
        if value.type == "ref":
            return value.mark
    return None


def unique(values: Sequence[str]) -> tuple[str, ...]:
    """Return values in their order, each once."""
    return tuple(dict.fromkeys(values) if len(values) > 1 else values)
