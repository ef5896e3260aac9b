"""Which event of a file of brat is which of our marks, and the values that it has there.

The file does not say it. Events of one type on one sentence are told apart by what they have: words
in their roles, attributes, and then by their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from annotator.formats.brat import hull, kind_of, pieces, slot_type, tags
from annotator.formats.revalued import with_values
from annotator.formats.told import Tag
from annotator.model.record import MarkRecord, SentenceRow

HELD: Final = ("choice", "label")
"""The types of values that are attributes."""


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
    pairs = []
    for at, mark in enumerate(row.marks):
        own = Counter(tags(row.replaced(marks=(mark,)), kinds))
        for place, event in enumerate(events):
            if event.tag.label == kind_of(mark):
                shared = own & Counter((event.tag, *event.words, *event.attributes))
                pairs.append((-shared.total(), abs(place - at), mark.id, event))
    found: dict[str, Event] = {}
    taken: set[int] = set()
    for _, _, mark_id, event in sorted(pairs, key=lambda one: one[:2]):
        if mark_id not in found and id(event) not in taken:
            found[mark_id] = event
            taken.add(id(event))
    return found


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
