"""What the history of a coder's work on a readout tells of what stood in it before.

A file may tell once more of what its coder took away since, or of words whose sentence has other
boundaries now, or another place in a text that changed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import takewhile

from annotator.model.edit import Document, Edit
from annotator.model.entity import Cast
from annotator.model.mark import SlotValue
from annotator.model.renewal import is_renewal
from annotator.model.sentence import Sentence

Range = tuple[int, int]
Value = tuple[str, str, SlotValue]
"""A value in a slot of a mark: the id of the mark, the slot, and the value."""


class Ground:
    """One text of a readout: the ranges of all sentences that stood in it, whenever they did.

    `moves` leads from each text after it to the one before, the latest text first.
    """

    def __init__(self, ranges: Iterable[Range], moves: Sequence[_Move]) -> None:
        self._ranges = sorted(ranges)
        self._longest = max((end - start for start, end in self._ranges), default=0)
        self._moves = moves

    def then(self, start: int, end: int) -> Range | None:
        """Return where words of the text now stood in this one, None where that is not known."""
        if start >= end:
            return None
        first, last = self._at(start), self._at(end - 1)
        return None if first is None or last is None or last < first else (first, last + 1)

    def _at(self, place: int) -> int | None:
        found: int | None = place
        for move in self._moves:
            found = None if found is None else move.back(found)
        return found

    def around(self, start: int, end: int) -> Iterator[Range]:
        """Yield the ranges of sentences in which words of this text stood."""
        first = bisect_left(self._ranges, (end - self._longest, 0))
        last = bisect_right(self._ranges, start, key=lambda one: one[0])
        return (one for one in self._ranges[first:last] if one[1] >= end)


class _Move:
    """Where the words went that a change of the text left as they were, white space aside.

    Those of a sentence that stayed as it was went with it; others stand where they stood, as seen
    from the nearer end of what was changed.
    """

    def __init__(self, before: Mapping[int, Sentence], after: Mapping[int, Sentence]) -> None:
        both = ((before[key], now) for key, now in after.items() if key in before)
        same = [(old, new) for old, new in both if old.text.split() == new.text.split()]
        self._pairs = sorted(same, key=lambda one: one[1].start)
        self._before, self._after = before.values(), after.values()

    def back(self, place: int) -> int | None:
        """Return where a character of the text after stood before, None where that is not known."""
        number = bisect_right(self._pairs, place, key=lambda one: one[1].start) - 1
        if number >= 0 and place < self._pairs[number][1].end:
            old, new = (_signs([one]) for one in self._pairs[number])
            return old[bisect_left(new, (place, ""))][0]
        old, new = self._signs
        at = bisect_left(new, (place, ""))
        if at < self._ahead:
            return old[at][0]
        at -= len(new)
        return old[at][0] if -self._behind <= at < 0 else None

    @cached_property
    def _signs(self) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        return _signs(self._before), _signs(self._after)

    @cached_property
    def _ahead(self) -> int:
        """How many signs are the same from the beginning on."""
        return _alike(*self._signs)

    @cached_property
    def _behind(self) -> int:
        """How many of the others are the same up to the end."""
        old, new = self._signs
        return _alike(old[self._ahead :][::-1], new[self._ahead :][::-1])


def _signs(sentences: Iterable[Sentence]) -> list[tuple[int, str]]:
    """Return the characters of sentences but white space, each with its place in the text."""
    ordered = sorted(sentences, key=lambda one: one.start)
    signs = (sign for one in ordered for sign in enumerate(one.text, one.start))
    return [(at, sign) for at, sign in signs if not sign.isspace()]


def _alike(some: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]) -> int:
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0][1] == pair[1][1], pairs))


class Earlier:
    """What a history tells; it is read when somebody asks."""

    def __init__(self, history: Iterable[Edit] = ()) -> None:
        self._history = history

    @cached_property
    def removed(self) -> dict[str, str]:
        """The ids of the marks that an act took away and none brought back, each with its label.

        What an undo took away is as if it had never been given, and may be taken in anew.
        """
        return {one: label for one, label in self._gone.items() if isinstance(one, str) and label}

    @cached_property
    def absorbed(self) -> frozenset[str]:
        """The ids of the marks that went into another as halves were joined or labels merged."""
        return frozenset(
            one for one, label in self._gone.items() if isinstance(one, str) and not label
        )

    @cached_property
    def emptied(self) -> frozenset[Value]:
        """The values that were taken out of slots likewise."""
        return frozenset(one for one in self._gone if isinstance(one, tuple) and len(one) == 3)

    @cached_property
    def left(self) -> frozenset[str]:
        """The ids of those who were taken out of the cast likewise."""
        return frozenset(one[0] for one in self._gone if isinstance(one, tuple) and len(one) == 1)

    @cached_property
    def unasked(self) -> Mapping[int, Collection[str]]:
        """The layers that somebody said were not asked of a sentence that was decided, by its key.

        What was said so and taken back, or is asked of it since, is not among them.
        """
        found: defaultdict[int, set[str]] = defaultdict(set)
        for edit in self._history:
            for change in () if edit.moves_boundaries else edit.changes:
                before, after = change.before, change.after
                if not (isinstance(before, Sentence) and isinstance(after, Sentence)):
                    continue
                if before.state != "new":
                    found[change.key].update({*after.not_asked}.difference(before.not_asked))
                found[change.key].difference_update({*before.not_asked}.difference(after.not_asked))
        return found

    @cached_property
    def _gone(self) -> dict[str | Value | tuple[str], str]:
        """What is gone; of a mark with its label where it did not go into another one."""
        gone: dict[str | Value | tuple[str], str] = {}
        for edit in self._history:
            before = {key: what for one in edit.changes for key, what in _said(one.before)}
            after = {key for one in edit.changes for key, _ in _said(one.after)}
            if edit.act == "undo":
                after |= before.keys()
            elif edit.moves_boundaries or is_renewal(edit):
                before = dict.fromkeys(before, "")
            gone |= before
            for key in after:
                gone.pop(key, None)
        return gone

    @cached_property
    def grounds(self) -> tuple[Ground, ...]:
        """The texts that the readout had while it was coded, the one that it has now first."""
        docs: dict[int, Sentence] = {}
        ranges: list[set[Range]] = [set()]
        moves: list[_Move] = []
        for edit in self._history:
            after = {**docs}
            for change in edit.changes:
                after.pop(change.key, None)
                if isinstance(change.after, Sentence):
                    after[change.key] = change.after
            if edit.act == "reanchor" and after != docs:
                moves.append(_Move(docs, after))
                ranges.append(set())
            ranges[-1].update((one.start, one.end) for one in after.values())
            docs = after
        back = [tuple(reversed(moves[place:])) for place in range(len(ranges))]
        return tuple(map(Ground, reversed(ranges), reversed(back)))


def _said(document: Document | None) -> Iterator[tuple[str | Value | tuple[str], str]]:
    if isinstance(document, Cast):
        yield from (((one.id,), "") for one in document.entities)
    elif document is not None:
        for mark in (*document.marks, *document.unplaced):
            yield mark.id, mark.label
            for slot, values in mark.slots.items():
                yield from (((mark.id, slot, value), "") for value in values)
