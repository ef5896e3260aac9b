"""The sentences of a coding as they become while work is taken in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

from annotator.model.edit import CAST, Change, Coding, Document
from annotator.model.entity import Cast
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.model.text import Role


class Units:
    """A coding and what is changed in it, in code points of its readout; nothing is written."""

    def __init__(self, readout: Readout, coding: Coding) -> None:
        self._text, self._coding = readout.text, coding
        self._keys = {(one.start, one.end): key for key, one in coding.sentences()}
        self._ranges = sorted(self._keys)
        self._after: dict[int, Document | None] = {}
        self._last = max(coding.docs, default=0)

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

    def within(self, start: int, end: int) -> list[int]:
        """Return the sentences that words stand in, in the order of the text."""
        return [self._keys[one] for one in self._touched(start, end)]

    def _touched(self, start: int, end: int) -> list[tuple[int, int]]:
        first = bisect_right(self._ranges, start, key=lambda one: one[1])
        return self._ranges[first : bisect_left(self._ranges, end, key=lambda one: one[0])]

    def between(self, number: int, wanted: Sentence) -> int | None:
        """Return the sentence of the same boundaries, made out of uncoded ones where none is.

        It gets that `number` if no other has it. None where a sentence in its place is coded.
        """
        start, end = wanted.start, wanted.end
        key = self._keys.get((start, end))
        if key is not None:
            return key
        touched = self._touched(start, end)
        if any(coded(self.now(self._keys[one])) for one in touched):
            return None
        role = wanted.role
        for one in touched:
            key = self._keys.pop(one)
            self._ranges.remove(one)
            self._after[key] = None
            before = self.before(key)
            role = before.role if before else role
        for first, last in [(first, start) for first, _ in touched] + [
            (end, last) for _, last in touched
        ]:
            piece = self._text[first:last]
            if first < last and piece.strip():
                begin = first + len(piece) - len(piece.lstrip())
                self._add(self._free(), begin, begin + len(piece.strip()), role)
        key = number if self._is_free(number) else self._free()
        self._add(key, start, end, wanted.role)
        return key

    def _add(self, key: int, start: int, end: int, role: Role) -> None:
        text = self._text[start:end]
        self._after[key] = Sentence(start=start, end=end, role=role, text=text)
        self._keys[start, end] = key
        insort(self._ranges, (start, end))
        self._last = max(self._last, key)

    def _is_free(self, key: int) -> bool:
        return self._after.get(key) is None and (key in self._after or key not in self._coding.docs)

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


def coded(sentence: Sentence) -> bool:
    """Tell whether somebody decided a sentence, or said anything of it."""
    said = (sentence.marks, sentence.unplaced, sentence.note, sentence.flagged)
    return sentence.state != "new" or any(said)
