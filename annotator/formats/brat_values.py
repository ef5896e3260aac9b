"""Which event of a file of brat is which of our marks, and the values that it has there.

The file does not say it. Events of one type on one sentence are told apart by what they have: words
in their roles, attributes, and then by their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from annotator.formats.brat import hull, kind_of, pieces, slot_type, tags
from annotator.formats.revalued import with_values
from annotator.formats.told import Tag
from annotator.model.record import MarkRecord, SentenceRow

HELD: Final = ("choice", "label")
"""The types of values that are attributes."""
_MOST: Final = 10_000
"""Marks times events of a sentence beyond which these are taken in their order."""


@dataclass(frozen=True)
class Event:
    """An event as its tag, with those of the words in its roles, and its attributes as such."""

    tag: Tag
    words: tuple[Tag, ...]
    attributes: tuple[Tag, ...]


def valued(
    rows: Iterable[SentenceRow], kinds: Mapping[str, str], events: Iterable[Event]
) -> list[SentenceRow]:
    """Return rows with the values that their marks have as attributes of these events.

    `kinds` holds the type of every mark of the readout, by its id.
    """
    at: dict[tuple[int | None, int | None], list[Event]] = defaultdict(list)
    for one in events:
        at[one.tag.start, one.tag.end].append(one)
    found = []
    for row in rows:
        own = _paired(row, kinds, at[hull(pieces(row.text, row.start))])
        found.append(with_values(row, partial(_said, own), HELD))
    return found


def _paired(
    row: SentenceRow, kinds: Mapping[str, str], events: Sequence[Event]
) -> dict[str, Event]:
    """Return the events of marks, by their ids: of those that are alike, the one that has most."""
    by_kind: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_kind[event.tag.label].append(event)
    marks: dict[str, list[MarkRecord]] = defaultdict(list)
    for mark in row.marks:
        marks[kind_of(mark)].append(mark)
    found: dict[str, Event] = {}
    for kind, own in marks.items():
        alike = by_kind[kind]
        if len(own) * len(alike) in (0, 1) or len(own) * len(alike) > _MOST:
            found |= {mark.id: event for mark, event in zip(own, alike, strict=False)}
        else:
            said = [Counter(tags(row.replaced(marks=(mark,)), kinds)) for mark in own]
            found |= {own[at].id: alike[place] for at, place in _most_alike(said, alike)}
    return found


def _most_alike(said: Sequence[Counter[Tag]], events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Yield the place of a mark and that of its event, one to one."""
    words = [Counter(event.words) for event in events]
    attributes = [Counter(event.attributes) for event in events]
    # Words tell more: it is values that are told here because they may be others now.
    pairs = [
        (
            -(own & words[place]).total(),
            -(own & attributes[place]).total(),
            abs(place - at),
            at,
            place,
        )
        for at, own in enumerate(said)
        for place in range(len(events))
    ]
    marks, taken = set[int](), set[int]()
    for *_, at, place in sorted(pairs):
        if at not in marks and place not in taken:
            marks.add(at)
            taken.add(place)
            yield at, place


def _said(events: Mapping[str, Event], mark: MarkRecord) -> dict[str, list[str]]:
    """Return the values of a mark by its slots."""
    names = {slot_type(mark.layer, one.slot): one.slot for one in mark.slots}
    first = slot_type(mark.layer, "")
    found: dict[str, list[str]] = {}
    for tag in events[mark.id].attributes if mark.id in events else ():
        if tag.field.startswith(first):
            slot = names.get(tag.field, tag.field.removeprefix(first))
            found.setdefault(slot, []).append(tag.label)
    return found
