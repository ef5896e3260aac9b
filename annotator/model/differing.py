"""Which words of two texts the other one does not have, and where the shared ones stand."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.model.alignment import aligned, words
from annotator.model.sentence import Sentence
from annotator.model.text import Span

Range = tuple[int, int]


def changed(old: str, new: str) -> tuple[list[Range], list[Range]]:
    """Return the stretches of two texts that the other one does not have, word by word."""
    ours, theirs = words(old, 0), words(new, 0)
    pairs = aligned([old[w.start : w.end] for w in ours], [new[w.start : w.end] for w in theirs])
    kept, also_kept = {one for one, _ in pairs}, {other for _, other in pairs}
    return (
        _merged((w.start, w.end, n not in kept) for n, w in enumerate(ours)),
        _merged((w.start, w.end, n not in also_kept) for n, w in enumerate(theirs)),
    )


def _merged(found: Iterable[tuple[int, int, bool]]) -> list[Range]:
    """Join neighbouring words that changed, with what is between them."""
    ranges: list[Range] = []
    joined = False
    for start, end, different in found:
        if different and joined:
            ranges[-1] = (ranges[-1][0], end)
        elif different:
            ranges.append((start, end))
        joined = different
    return ranges


Piece = tuple[str, str]
"""Words, and who has them: both texts (`=`), only the old one (`-`), only the new one (`+`)."""


def pieces(old: str, new: str) -> list[Piece]:
    """Return both texts as one, in which what only one of them has stands side by side."""
    ours, theirs = words(old, 0), words(new, 0)
    pairs = aligned([old[w.start : w.end] for w in ours], [new[w.start : w.end] for w in theirs])
    found: list[Piece] = []
    at, other, run = 0, 0, 0
    for one, two in [*pairs, (len(ours), len(theirs))]:
        if at < one or other < two or two == len(theirs):
            if run < other:
                found.append((new[theirs[run].start : theirs[other - 1].end], "="))
            if at < one:
                found.append((old[ours[at].start : ours[one - 1].end], "-"))
            if other < two:
                found.append((new[theirs[other].start : theirs[two - 1].end], "+"))
            run = two
        at, other = one + 1, two + 1
    return found


class Bridge:
    """Where the words of one sentence stand in another, without regard to large letters."""

    def __init__(self, old: Sentence, new: Sentence) -> None:
        self._old, self._new = old, new
        self._ours, self._theirs = words(old.text, old.start), words(new.text, new.start)
        pairs = aligned([w.folded for w in self._ours], [w.folded for w in self._theirs])
        self._there = dict(pairs)
        self._gaps = [(-1, -1), *pairs, (len(self._ours), len(self._theirs))]

    def same(self, span: Span) -> Span | None:
        """Return the place of the same words in the other sentence; None where they are not there.

        White space and large letters may differ. Where the words stand there more than once, it is
        the place that the words around them tell.
        """
        aligned_at = self.place(span)
        if aligned_at is not None and _plain(aligned_at.exact) == _plain(span.exact):
            return aligned_at
        text, exact = self._new.text, span.exact
        at = text.find(exact)
        if at < 0 or text.find(exact, at + 1) >= 0 or _cuts_a_word(text, at, at + len(exact)):
            return None
        start = self._new.start + at
        return Span(start=start, end=start + len(exact), exact=exact)

    def place(self, span: Span) -> Span | None:
        """Return what stands in the other sentence in the place of a span, by the words around it.

        None where nothing of its own words is there, or nobody can tell where it begins or ends.
        """
        inside = [n for n, w in enumerate(self._ours) if w.start < span.end and w.end > span.start]
        if not inside or not self._old.start <= span.start < span.end <= self._old.end:
            return None
        first, last = self._edge(inside[0], 0), self._edge(inside[-1], 1)
        if first is None or last is None or first > last:
            return None
        if not any(first <= self._there.get(n, -1) <= last for n in inside):
            return None
        start, end = self._theirs[first].start, self._theirs[last].end
        if inside[0] in self._there:  # A span may begin or end within a word.
            start += max(0, span.start - self._ours[inside[0]].start)
        if inside[-1] in self._there:
            end -= max(0, self._ours[inside[-1]].end - span.end)
        if start >= end:
            return None
        exact = self._new.text[start - self._new.start : end - self._new.start]
        return Span(start=start, end=end, exact=exact)

    def _edge(self, word: int, side: int) -> int | None:
        """Return the other sentence's word in the place of one, at an end of what replaced it."""
        if word in self._there:
            return self._there[word]
        at = next(n for n, (one, _) in enumerate(self._gaps) if one > word)
        (before, other_before), (after, other_after) = self._gaps[at - 1], self._gaps[at]
        replaced, by = after - before - 1, other_after - other_before - 1
        if not by:
            return None
        if side == 0 and word == before + 1:
            return other_before + 1
        if side == 1 and word == after - 1:
            return other_after - 1
        return other_before + word - before if replaced == by else None


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _cuts_a_word(text: str, start: int, end: int) -> bool:
    return (start > 0 and text[start - 1].isalnum() and text[start].isalnum()) or (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    )
