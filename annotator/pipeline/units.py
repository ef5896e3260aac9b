"""The sentences of a coding as they become while work is taken in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from typing import Final

from annotator.model.edit import CAST, Change, Coding, Document
from annotator.model.entity import Cast
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.model.text import Role

_LARGEST: Final = 999_999_999
"""The largest number that a sentence keeps; what is above is none that our program gave."""


class Units:
    """A coding and what is changed in it, in code points of its readout; nothing is written."""

    def __init__(self, readout: Readout, coding: Coding) -> None:
        self._text, self._coding = readout.text, coding
        self._keys = {(one.start, one.end): key for key, one in coding.sentences()}
        self._ranges = sorted(self._keys)
        self._after: dict[int, Document | None] = {}
        self._last = max(coding.docs, default=0)
        self._wanted: set[int] = set()

    @property
    def cast(self) -> Cast:
        """The cast as it becomes."""
        after = self._after.get(CAST)
        return after if isinstance(after, Cast) else self._coding.cast

    def put(self, key: int, document: Document) -> None:
        """Give a sentence, or the cast, another content."""
        self._after[key] = document

    def now(self, key: int) -> Sentence:
        """Return a sentence as it becomes."""
        found = self._after.get(key)
        return found if isinstance(found, Sentence) else self._coding.sentence(key)

    def before(self, key: int) -> Sentence | None:
        """Return a sentence as it was, None where it was not there."""
        found = self._coding.docs.get(key)
        return found if isinstance(found, Sentence) else None

    def reserve(self, numbers: Iterable[int]) -> None:
        """Keep numbers for the sentences that will be wanted by them: others get none of them."""
        self._last = max(self._last, *filter(_is_number, numbers), 0)

    def within(self, start: int, end: int) -> list[int]:
        """Return the sentences that words stand in, in the order of the text."""
        return [self._keys[one] for one in self._touched(start, end)]

    def _touched(self, start: int, end: int) -> list[tuple[int, int]]:
        first = bisect_right(self._ranges, start, key=lambda one: one[1])
        return self._ranges[first : bisect_left(self._ranges, end, key=lambda one: one[0])]

    def between(self, number: int, wanted: Sentence) -> int | None:
        """Return the sentence of the same boundaries, made out of uncoded ones where none is.

        It has that `number` unless it or the one of that number is coded, or wanted before. None
        where a sentence in its place is coded.
        """
        key = self._keys.get((wanted.start, wanted.end))
        if key is None:
            touched = self._touched(wanted.start, wanted.end)
            if any(coded(self.now(self._keys[one])) for one in touched):
                return None
            self._cut(touched, wanted)
        elif key != number and (key in self._wanted or coded(self.now(key))):
            return key
        if key != number:
            now = None if key is None else self.now(key)
            if now:
                self._drop((now.start, now.end))
            key = number if self._made_free(number) else self._free()
            self._add(key, now or self._sentence(wanted.start, wanted.end, wanted.role))
        self._wanted.add(key)
        return key

    def _cut(self, touched: list[tuple[int, int]], wanted: Sentence) -> None:
        """Make room for a sentence; what is left over of those in its place become others."""
        start, end, role = wanted.start, wanted.end, wanted.role
        for one in touched:
            before = self.before(self._drop(one))
            role = before.role if before else role
        for first, last in [(first, start) for first, _ in touched] + [
            (end, last) for _, last in touched
        ]:
            piece = self._text[first:last]
            if first < last and piece.strip():
                begin = first + len(piece) - len(piece.lstrip())
                made = self._sentence(begin, begin + len(piece.strip()), role)
                self._add(self._free(), made)

    def _made_free(self, number: int) -> bool:
        """Tell whether a number is free, once an uncoded sentence that has it got another one."""
        if not _is_number(number):
            return False
        now = self._after.get(number, self._coding.docs.get(number))
        if now is None:
            return True
        if not isinstance(now, Sentence) or coded(now) or number in self._wanted:
            return False
        self._drop((now.start, now.end))
        self._add(self._free(), now)
        return True

    def _drop(self, place: tuple[int, int]) -> int:
        """Take the sentence of these boundaries away, and return the number that it had."""
        key = self._keys.pop(place)
        self._ranges.remove(place)
        self._after[key] = None
        return key

    def _sentence(self, start: int, end: int, role: Role) -> Sentence:
        return Sentence(start=start, end=end, role=role, text=self._text[start:end])

    def _add(self, key: int, sentence: Sentence) -> None:
        place = sentence.start, sentence.end
        self._after[key] = sentence
        self._keys[place] = key
        insort(self._ranges, place)
        self._last = max(self._last, key)

    def _free(self) -> int:
        return self._last + 1

    def changes(self) -> tuple[Change, ...]:
        """Return what is changed."""
        before = self._coding.docs
        return tuple(
            Change(key=key, before=before.get(key), after=after)
            for key, after in sorted(self._after.items())
            if after != before.get(key)
        )


def _is_number(key: int) -> bool:
    return CAST < key <= _LARGEST


def coded(sentence: Sentence) -> bool:
    """Tell whether somebody decided a sentence, or said anything of it."""
    said = (sentence.marks, sentence.unplaced, sentence.note, sentence.flagged)
    return sentence.state != "new" or any(said)
