"""Where the sentences of an old text stand in a new one, by their words and their neighbours.

Sentences that stand unchanged are found first, by the sentences around them; then, between these,
words by the words around them. So the old boundaries hold wherever their words do, also those that
a coder set by hand, and the old text itself is not needed: its sentences hold all its words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, takewhile
from math import ceil, sqrt
from typing import Final, NamedTuple

from annotator.model.sentence import Sentence

CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts that put no space between words, as the inside of a character class."""

# A run of letters and digits is a word, and so is every CJK character and every sign.
_WORD: Final = re.compile(rf"[{CJK}]|[^\W_{CJK}]+|\S")

# Elements that stand once in both sequences, with so many after them, are the same; the more, the
# surer it is, so the most come first.
_CONTEXTS: Final = (8, 4, 2, 1)
# How large a table of old by new elements may be that is compared element by element.
_TABLE: Final = 62_500
# How many words in a row tell where a sentence went that is not between its old neighbours.
_TRACE: Final = 3

# A sentence is the same though its words changed, where more than half of it is still there, or
# where it is more than half of what stands there now and a quarter of it is still there. Words
# count by their length: names and verbs tell more than articles do.
_KEPT: Final = 1 / 2
_SHORTENED: Final = 1 / 4

_NOBODY: Final = -1

Pair = tuple[int, int]
_Items = Sequence[Hashable]
_Stretch = tuple[int, int, int, int]


class Word(NamedTuple):
    """A word or sign at its place in the text; `folded` is the same for small and large letters."""

    start: int
    end: int
    folded: str


_Hit = tuple[Word, int]
_WordPairs = Iterable[tuple[Word, Word]]


@dataclass(frozen=True)
class Place:
    """Where an old sentence stands in the new text.

    `same` tells that its words are the same, though the white space between them may not be.
    `words` pairs the start and end of its old words with their new start, in order; it is empty
    where the text is the same, white space included.
    """

    start: int
    end: int
    same: bool
    words: tuple[tuple[int, int, int], ...] = ()


def placed(old: Sequence[Sentence], new: Sequence[Sentence], text: str) -> list[Place | None]:
    """Return where each old sentence stands in the new `text`, None where it no longer does.

    Both are in reading order, and `new` holds all words of the text. The places do not overlap; a
    part of the new text that no old sentence covers belongs to none. Time grows in line with the
    length of the texts, and with the square of a few hundred words where nothing was kept.
    """
    placing = _Placing(old, new, text)
    placing.find_same()
    placing.find_between_neighbours()
    placing.find_strays()
    return placing.places


def aligned(old: _Items, new: _Items) -> list[Pair]:
    """Pair the places of equal elements, both ascending, such that few are left over."""
    pairs: list[Pair] = []
    stretches = [(0, len(old), 0, len(new))]
    for context in _CONTEXTS:
        stretches = [
            inner
            for stretch in stretches
            for inner in _between_anchors(old, new, stretch, context, pairs)
        ]
    for stretch in stretches:
        pairs += _compared(old, new, _trimmed(old, new, stretch, pairs, ends=_is_large(stretch)))
    return sorted(pairs)


def ascending(values: Sequence[int]) -> list[int]:
    """Return the places of a longest run of ascending values, others left out between them."""
    lasts: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        length = bisect_left(lasts, value)
        before.append(places[length - 1] if length else -1)
        if length == len(lasts):
            lasts.append(value)
            places.append(place)
        else:
            lasts[length], places[length] = value, place
    run: list[int] = []
    at = places[-1] if places else -1
    while at >= 0:
        run.append(at)
        at = before[at]
    return run[::-1]


def words(text: str, at: int) -> list[Word]:
    """Return the words and signs of a stretch of text that begins at `at`."""
    found = _WORD.finditer(text)
    return [Word(at + one.start(), at + one.end(), one[0].casefold()) for one in found]


def runs(numbers: Iterable[int], step: int = 1) -> Iterator[list[int]]:
    """Cut ascending numbers into runs, where the next one is more than a step away."""
    run: list[int] = []
    for number in numbers:
        if run and number > run[-1] + step:
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _between_anchors(
    old: _Items, new: _Items, stretch: _Stretch, context: int, pairs: list[Pair]
) -> Iterator[_Stretch]:
    """Pair the anchors of a stretch and what is next to them, and yield what is left between."""
    start, end, new_start, new_end = stretch = _trimmed(old, new, stretch, pairs)
    anchors = _anchors(old, new, stretch, context) if _is_large(stretch) else []
    pairs += anchors
    for place, new_place in (*anchors, (end, new_end)):
        if start < place and new_start < new_place:
            yield start, place, new_start, new_place
        start, new_start = place + 1, new_place + 1


def _is_large(stretch: _Stretch) -> bool:
    return (stretch[1] - stretch[0]) * (stretch[3] - stretch[2]) > _TABLE


def _trimmed(
    old: _Items, new: _Items, stretch: _Stretch, pairs: list[Pair], *, ends: bool = False
) -> _Stretch:
    """Pair what is equal next to the pairs around a stretch, and return the rest."""
    # At the ends of the whole are none: the last full stop of a longer text is not the old one.
    start, end, new_start, new_end = stretch
    if ends or start + new_start > 0:
        while start < end and new_start < new_end and old[start] == new[new_start]:
            pairs.append((start, new_start))
            start, new_start = start + 1, new_start + 1
    if ends or end < len(old) or new_end < len(new):
        while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
            end, new_end = end - 1, new_end - 1
            pairs.append((end, new_end))
    return start, end, new_start, new_end


def _anchors(old: _Items, new: _Items, stretch: _Stretch, context: int) -> list[Pair]:
    """Return what stands once on both sides with its context, where the order is the same."""
    start, end, new_start, new_end = stretch
    once = _once(new, new_start, new_end, context)
    found = [
        (place, once[window])
        for window, place in _once(old, start, end, context).items()
        if window in once
    ]
    return [found[place] for place in ascending([new_place for _, new_place in found])]


def _once(items: _Items, start: int, end: int, length: int) -> dict[tuple[Hashable, ...], int]:
    """Return where each run of elements starts that stands once in a stretch, ascending."""
    places: dict[tuple[Hashable, ...], int] = {}
    repeated = set()
    for place in range(start, end - length + 1):
        window = tuple(items[place : place + length])
        if places.setdefault(window, place) != place:
            repeated.add(window)
    return {window: place for window, place in places.items() if window not in repeated}


def _compared(old: _Items, new: _Items, stretch: _Stretch) -> Iterator[Pair]:
    """Compare element by element; a stretch too large for that is cut into equally many parts."""
    start, end, new_start, new_end = stretch
    size, new_size = end - start, new_end - new_start
    parts = ceil(sqrt(size * new_size / _TABLE))
    for part in range(parts):
        at, new_at = start + size * part // parts, new_start + new_size * part // parts
        here = old[at : start + size * (part + 1) // parts]
        there = new[new_at : new_start + new_size * (part + 1) // parts]
        for block in SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks():
            yield from ((at + block.a + n, new_at + block.b + n) for n in range(block.size))


@dataclass(frozen=True)
class _Claim:
    """What an old sentence claims of new words: those that are its own, and all between them.

    `hits` pairs its words, in order, with the numbers of the new ones; `begins` and `ends` tell
    whether its first and its last word are among them.
    """

    sentence: int
    hits: list[_Hit]
    begins: bool
    ends: bool

    @property
    def first(self) -> int:
        return self.hits[0][1]

    @property
    def last(self) -> int:
        return self.hits[-1][1]


class _Placing:
    """Old sentences on their way into the new text; old and new ones go by their numbers."""

    def __init__(self, old: Sequence[Sentence], new: Sequence[Sentence], text: str) -> None:
        self.old, self.new, self.text = old, new, text
        self.old_texts = [_spaced(sentence.text) for sentence in old]
        self.new_texts = [_spaced(sentence.text) for sentence in new]
        self.places: list[Place | None] = [None] * len(old)
        self.owner = [_NOBODY] * len(new)

    def find_same(self) -> None:
        """Place what stands unchanged: in its order first, then what moved."""
        for sentence, there in aligned(self.old_texts, self.new_texts):
            self._take(sentence, there)
        waiting = _by_text(self.old_texts, self._waiting())
        free = _by_text(self.new_texts, self._free())
        # What stands once knows its place best, and takes its neighbours along.
        shared = [text for text in waiting if text in free]
        for text in sorted(shared, key=lambda text: len(waiting[text]) + len(free[text])):
            left = [sentence for sentence in waiting[text] if self.places[sentence] is None]
            spare = [there for there in free[text] if self.owner[there] == _NOBODY]
            for sentence, there in zip(left, spare, strict=False):
                self._take_along(sentence, there)

    def find_between_neighbours(self) -> None:
        """Place what changed by the words that stand between unchanged sentences."""
        for stretch in list(runs(self._free())):
            before, behind = stretch[0] - 1, stretch[-1] + 1
            left = self.owner[before] if before >= 0 else -1
            right = self.owner[behind] if behind < len(self.new) else len(self.old)
            waiting = [*self._next_to(left, 1), *self._next_to(right, -1)[::-1]]
            self._divide(list(dict.fromkeys(waiting)), stretch)

    def find_strays(self) -> None:
        """Place what both moved and changed, by a few words in a row."""
        traced: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for sentence, there, at in self._traced():
            traced[there].append((at, sentence))
        for run in list(runs(sorted(traced))):
            sentences = [sentence for there in run for _, sentence in sorted(traced[there])]
            around = range(max(run[0] - 1, 0), min(run[-1] + 2, len(self.new)))
            self._divide(sentences, [there for there in around if self.owner[there] == _NOBODY])

    def _free(self) -> list[int]:
        return [there for there, owner in enumerate(self.owner) if owner == _NOBODY]

    def _waiting(self) -> list[int]:
        return [sentence for sentence, place in enumerate(self.places) if place is None]

    def _take(self, sentence: int, there: int) -> None:
        new = self.new[there]
        self.owner[there] = sentence
        self.places[sentence] = self._place(sentence, new.start, new.end)

    def _take_along(self, sentence: int, there: int) -> None:
        """Take a sentence, and with it those before and after it that moved along."""
        for step in (1, -1):
            at, new_at = (sentence, there) if step > 0 else (sentence - 1, there - 1)
            while (
                0 <= at < len(self.old)
                and 0 <= new_at < len(self.new)
                and self.old_texts[at] == self.new_texts[new_at]
                and self.places[at] is None
                and self.owner[new_at] == _NOBODY
            ):
                self._take(at, new_at)
                at, new_at = at + step, new_at + step

    def _next_to(self, sentence: int, step: int) -> list[int]:
        """Return the sentences without a place that follow one, or precede it, nearest first."""
        end = len(self.old) if step > 0 else -1
        beside = range(sentence + step, end, step)
        return list(takewhile(lambda other: self.places[other] is None, beside))

    def _traced(self) -> Iterator[tuple[int, int, int]]:
        """Yield each sentence that left a trace, with the new sentence and the word it is at."""
        traces: dict[tuple[str, ...], Pair | None] = {}
        for there in self._free():
            for at, trace in enumerate(_traces(self.new[there])):
                traces[trace] = None if trace in traces else (there, at)
        for sentence in self._waiting():
            spots = [spot for t in _traces(self.old[sentence]) if (spot := traces.get(t))]
            if spots:
                best, _ = Counter(there for there, _ in spots).most_common(1)[0]
                yield sentence, best, min(at for there, at in spots if there == best)

    def _divide(self, sentences: Sequence[int], stretch: Sequence[int]) -> None:
        """Give each of these old sentences its part of a stretch of new ones, both in order."""
        old = [(sentence, word) for sentence in sentences for word in _words_of(self.old[sentence])]
        new = [(there, word) for there in stretch for word in _words_of(self.new[there])]
        hits: dict[int, list[_Hit]] = defaultdict(list)
        for at, number in aligned([word.folded for _, word in old], [w.folded for _, w in new]):
            sentence, word = old[at]
            hits[sentence].append((word, number))
        owners = [there for there, _ in new]
        claims = [
            claim
            for sentence, found in hits.items()
            if (claim := self._claim(sentence, found, owners)) is not None
        ]
        self._settle(claims, owners, [word for _, word in new])

    def _claim(self, sentence: int, hits: list[_Hit], owners: list[int]) -> _Claim | None:
        """Return what a sentence claims, None where too little of it is left."""
        own = _words_of(self.old[sentence])
        if len(hits) == len(own) == hits[-1][1] - hits[0][1] + 1:
            return _Claim(sentence, hits, begins=True, ends=True)
        shares: Counter[int] = Counter()
        for word, number in hits:
            shares[owners[number]] += word.end - word.start
        whole, sizes = _size(own), {there: _size(_words_of(self.new[there])) for there in shares}
        linked = [
            there
            for there, share in shares.items()
            if share > _KEPT * sizes[there] or share > _SHORTENED * whole
        ]
        # One new sentence may have been put between two that were one unit.
        groups = [(sum(shares[there] for there in run), run) for run in runs(linked, 2)]
        share, run = max(groups, default=(0, []))
        size = sum(sizes[there] for there in run)
        if share <= _KEPT * whole and (share <= _KEPT * size or share < _SHORTENED * whole):
            return None
        kept = [(word, number) for word, number in hits if run[0] <= owners[number] <= run[-1]]
        return _Claim(sentence, kept, kept[0][0] == own[0], kept[-1][0] == own[-1])

    def _settle(self, claims: list[_Claim], owners: list[int], there: list[Word]) -> None:
        """Place the claims: on whole new sentences, which are cut where two claim a part of one."""
        starts = [self.new[owners[claim.first]].start for claim in claims]
        ends = [self.new[owners[claim.last]].end for claim in claims]
        for number, (claim, other) in enumerate(pairwise(claims)):
            if owners[claim.last] == owners[other.first]:
                ends[number], starts[number + 1] = _cut(claim, other, there)
        for claim, start, end in zip(claims, starts, ends, strict=True):
            pairs = ((word, there[number]) for word, number in claim.hits)
            self.places[claim.sentence] = self._place(claim.sentence, start, end, pairs)
            for owned in range(owners[claim.first], owners[claim.last] + 1):
                self.owner[owned] = claim.sentence

    def _place(self, sentence: int, start: int, end: int, pairs: _WordPairs = ()) -> Place:
        old, text = self.old[sentence], self.text[start:end]
        if old.text == text:
            return Place(start, end, same=True)
        same = _spaced(old.text) == _spaced(text)
        if same:
            pairs = zip(_words_of(old), words(text, start), strict=True)
        moved = ((word.start, word.end, other.start) for word, other in pairs)
        return Place(start, end, same, tuple(moved))


def _cut(claim: _Claim, other: _Claim, there: Sequence[Word]) -> Pair:
    """Return where one claim ends and the next starts within one new sentence.

    What was put between two whole ones belongs to neither; else it goes to the one that is not.
    """
    between = there[claim.last + 1 : other.first]
    if claim.ends and other.begins and any(word.folded.isalnum() for word in between):
        return there[claim.last].end, there[other.first].start
    first = claim.last + 1 if claim.ends and not other.begins else other.first
    return there[first - 1].end, there[first].start


def _words_of(sentence: Sentence) -> list[Word]:
    return words(sentence.text, sentence.start)


def _traces(sentence: Sentence) -> Iterator[tuple[str, ...]]:
    folded = [word.folded for word in _words_of(sentence)]
    return (tuple(folded[at : at + _TRACE]) for at in range(len(folded) - _TRACE + 1))


def _size(found: Iterable[Word]) -> int:
    return sum(word.end - word.start for word in found)


def _spaced(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return " ".join(text.split())


def _by_text(texts: Sequence[str], numbers: Iterable[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number in numbers:
        found[texts[number]].append(number)
    return found
