"""What another program made of our rows in the meantime, as its own labels tell.

A mark is compared by the tags that the dialect writes for it. Where words of a slot are missing and
the file has a stretch of the same label that no mark explains and that overlaps them, these words
were moved: the mark has the new ones, and keeps all else. A mark whose own label is missing, or of
which nothing is left, is gone; one that lacks what stood in a slot is without that. A tag that no
mark explains is a new one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import accumulate
from typing import Any, Final

from annotator.formats.told import Tag
from annotator.model.record import MarkRecord, SentenceRow, SlotRecord

Writer = Callable[[SentenceRow], Iterable[Tag]]
"""Returns the tags that a dialect writes for a row, each with the mark that says it."""

_MOST: Final = 8
"""Stretches among which the one is sought that words were moved to."""


class Changed(SentenceRow):
    """A row as a file tells it now, where that is other than what was laid into the file.

    `gone` are the marks that were taken away, `without` marks and the slots of which something was,
    `moved` counts the words that were moved. `valued` are values that slots have now instead of
    others or beside them, by the ids of their marks.
    """

    gone: tuple[MarkRecord, ...] = ()
    without: tuple[tuple[MarkRecord, str], ...] = ()
    moved: int = 0
    valued: tuple[tuple[str, SlotRecord], ...] = ()


def changed(row: SentenceRow, marks: tuple[MarkRecord, ...], **how: Any) -> Changed:
    """Return a row with other marks, and how it was changed beside what is known of that."""
    fields = {name: getattr(row, name) for name in type(row).model_fields}
    return Changed.model_construct(**{**fields, "marks": marks, **how})


def reconciled(
    row: SentenceRow, written: Writer, found: Iterable[Tag], *, complete: bool = True
) -> tuple[SentenceRow, tuple[Tag, ...]]:
    """Return a row as the tags that are `found` now tell it, and those of them that are new."""
    rows, left = all_reconciled([row], written, found, complete=complete)
    return rows[0], left


def all_reconciled(
    rows: Iterable[SentenceRow], written: Writer, found: Iterable[Tag], *, complete: bool = True
) -> tuple[tuple[SentenceRow, ...], tuple[Tag, ...]]:
    """Return the rows of one text as `reconciled` does; what is left of a mark that is gone is new.

    Where those that are found are not `complete`, since a part of the file could not be read,
    nothing counts as gone or moved, and what stands in none of the sentences is no new tag but may
    be of one that is missing.
    """
    rows, now = tuple(rows), tuple(found)
    left = Counter(now)
    if complete or not rows:
        rows = _Comparing(rows, written, left).done()
    else:
        left.subtract(tag for row in rows for tag in written(row))
        now = tuple(_within(rows, now))
    return rows, tuple(_new(now, left))


def once_reconciled(
    rows: Iterable[SentenceRow], written: Writer, found: Iterable[Tag], *, complete: bool = True
) -> tuple[tuple[SentenceRow, ...], tuple[Tag, ...]]:
    """Return what `all_reconciled` does, of a form in which equal tags of several marks stand once.

    `written` yields a tag for each mark that says it.
    """
    rows = tuple(rows)
    tags = [tag for row in rows for tag in written(row)]
    times = Counter(tags)
    now = tuple(tag for tag in dict.fromkeys(found) for _ in range(max(1, times[tag])))
    left = Counter(now)
    if not complete and rows:
        kept, new = all_reconciled(rows, written, now, complete=False)
    else:
        kept = _Comparing(rows, written, left, once=True).done()
        new = tuple(_new(now, left))
    there = {mark.id for row in kept for mark in row.marks}
    explained = {tag for tag in tags if tag.mark in there}
    return kept, tuple(tag for tag in dict.fromkeys(new) if tag not in explained)


def _new(now: Iterable[Tag], left: Counter[Tag]) -> Iterator[Tag]:
    for tag in now:
        if left[tag] > 0:
            left[tag] -= 1
            yield tag


def _within(rows: Iterable[SentenceRow], tags: Iterable[Tag]) -> Iterator[Tag]:
    """Yield the tags that touch a sentence, and those of the whole text."""
    places = sorted((row.start, row.end) for row in rows)
    for tag in tags:
        at = bisect_right(places, tag.start or 0, key=lambda one: one[1])
        is_there = at < len(places) and places[at][0] < (tag.end or 0)
        if tag.start is None or is_there:
            yield tag


@dataclass
class _Part:
    """A mark of which tags are missing: those that are there, and those that it `lacks`."""

    row: SentenceRow
    mark: MarkRecord
    has: list[Tag] = field(default_factory=list)
    lacks: list[Tag] = field(default_factory=list)
    moved: int = 0
    without: list[str] = field(default_factory=list)
    stands: bool = True


class _Comparing:
    """Rows beside the tags that are there; `left` are those that nothing explains so far.

    With `once`, one stretch that was moved may be the words of several marks.
    """

    def __init__(
        self,
        rows: tuple[SentenceRow, ...],
        written: Writer,
        left: Counter[Tag],
        *,
        once: bool = False,
    ) -> None:
        self._rows, self._written, self._left, self._once = rows, written, left, once

    def done(self) -> tuple[SentenceRow, ...]:
        """Return the rows as they are now."""
        by_row = [self._parts(row) for row in self._rows]
        parts = [part for one in by_row for part in one]
        # What two marks say alike is of the one of which more is there.
        for part in sorted(parts, key=self._missing):
            # What is there of a mark is no stretch that words were moved to.
            for tag in tuple(part.lacks):
                if self._left[tag] > 0:
                    self._left[tag] -= 1
                    part.lacks.remove(tag)
                    part.has.append(tag)
        self._move(parts)
        for part in parts:
            part.stands = self._stands(part)
        return tuple(map(_as_now, self._rows, by_row))

    def _parts(self, row: SentenceRow) -> list[_Part]:
        """Take the tags of every mark that is whole, and return the others."""
        of_mark: dict[str, list[Tag]] = {}
        for tag in self._written(row):
            of_mark.setdefault(tag.mark, []).append(tag)
        marks = {mark.id: mark for mark in row.marks}
        parts = []
        for name, tags in of_mark.items():
            whole = all(self._left[tag] >= count for tag, count in Counter(tags).items())
            if whole or name not in marks:
                self._left.subtract(tags)
            else:
                parts.append(_Part(row, marks[name], lacks=tags))
        return parts

    def _missing(self, part: _Part) -> float:
        """Return which part of the tags of a mark is not there, from 0 to 1."""
        return sum(self._left[tag] <= 0 for tag in part.lacks) / len(part.lacks)

    def _move(self, parts: Iterable[_Part]) -> None:
        """Give the words that are missing to the stretches that overlap them best, one to one."""
        new = _Stretches(tag for tag, count in self._left.items() if count > 0)
        pairs = [
            (part, tag, other) for part in parts for tag in part.lacks for other in new.best(tag)
        ]
        pairs.sort(key=lambda one: -_shared(one[1], one[2]))
        went: dict[Tag, Tag] = {}
        for part, tag, other in pairs:
            again = self._once and went.get(other) == tag
            if tag not in part.lacks or not (self._left[other] > 0 or again):
                continue
            mark = self._moved(part, tag, other)
            if mark is not None:
                part.mark = mark
                part.lacks.remove(tag)
                part.has.append(other)
                part.moved += 1
                self._left[other] -= not again
                went[other] = tag

    def _moved(self, part: _Part, tag: Tag, other: Tag) -> MarkRecord | None:
        """Return the mark whose words are where the other tag stands, None where none can be.

        It is the one for which the dialect would write just that tag instead of the missing one.
        """
        row, mark = part.row, part.mark
        before = self._tags(row, mark)
        for place, slot in enumerate(mark.slots):
            # A dialect counts from the beginning of the sentence, or of the readout.
            for begin in dict.fromkeys((row.start, 0)):
                start, end = begin + (other.start or 0), begin + (other.end or 0)
                exact = row.text[max(0, start - row.start) : end - row.start]
                if slot.start is None or not start < end or len(exact) != end - start:
                    continue
                made = _with(mark, place, slot.replaced(start=start, end=end, exact=exact))
                after = self._tags(row, made)
                if before - after == {tag: 1} and after - before == {other: 1}:
                    return made
        return None

    def _tags(self, row: SentenceRow, mark: MarkRecord) -> Counter[Tag]:
        alone = self._written(row.replaced(marks=(mark,)))
        return Counter(tag for tag in alone if tag.mark == mark.id)

    def _stands(self, part: _Part) -> bool:
        """Tell whether a mark is still there, and take what it lacks out of its slots."""
        own = self._tags(part.row, part.mark.replaced(slots=()))
        stands = bool(part.has) and not any(tag in own for tag in part.lacks)
        for tag in part.lacks if stands else ():
            before = self._tags(part.row, part.mark)
            for place, slot in enumerate(part.mark.slots):
                made = _with(part.mark, place, None)
                if before - self._tags(part.row, made) == {tag: 1}:
                    part.mark = made
                    part.without.append(slot.slot)
                    break
            else:
                stands = False
        if not stands:
            self._left.update(part.has)
        return stands


class _Stretches:
    """Stretches with their labels, by where they are."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        named: dict[tuple[str, str, bool], list[tuple[int, int, Tag]]] = {}
        for tag in tags:
            if tag.start is not None and tag.end is not None:
                own = named.setdefault((tag.field, tag.label, tag.rejected), [])
                own.append((tag.start, tag.end, tag))
        # With each goes where the last of those up to it ends: further ahead nothing is sought.
        self._of = {
            key: [*zip(own, accumulate((end for _, end, _ in own), max), strict=True)]
            for key, found in named.items()
            if (own := sorted(found, key=lambda one: one[:2]))
        }

    def best(self, tag: Tag) -> list[Tag]:
        """Return those of the same label that overlap a tag, the best of them first."""
        return nlargest(_MOST, self._over(tag), key=lambda one: _shared(tag, one))

    def _over(self, tag: Tag) -> Iterator[Tag]:
        own = self._of.get((tag.field, tag.label, tag.rejected), [])
        start, end = tag.start or 0, tag.end or 0
        for at in range(bisect_left(own, end, key=lambda one: one[0][0]) - 1, -1, -1):
            (_, its_end, other), last = own[at]
            if last <= start:
                return
            if its_end > start:
                yield other


def _as_now(row: SentenceRow, parts: Sequence[_Part]) -> SentenceRow:
    if not parts:
        return row
    now = {part.mark.id: part.mark if part.stands else None for part in parts}
    standing = [part for part in parts if part.stands]
    found = (now.get(mark.id, mark) for mark in row.marks)
    marks = tuple(mark for mark in found if mark is not None)
    there = {mark.id for mark in marks}
    valued = row.valued if isinstance(row, Changed) else ()
    return changed(
        row,
        marks,
        gone=tuple(part.mark for part in parts if not part.stands),
        without=tuple((part.mark, slot) for part in standing for slot in part.without),
        moved=sum(part.moved for part in standing),
        valued=tuple((mark, value) for mark, value in valued if mark in there),
    )


def _with(mark: MarkRecord, place: int, slot: SlotRecord | None) -> MarkRecord:
    """Return a mark with another value at a place of its slots, or with none there."""
    here = () if slot is None else (slot,)
    return mark.replaced(slots=(*mark.slots[:place], *here, *mark.slots[place + 1 :]))


def _shared(one: Tag, other: Tag) -> float:
    """Return which part of the words of two tags is of both, from 0 to 1."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return 0.0
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(0, both) / (max(one.end, other.end) - min(one.start, other.start) or 1)
