"""Which sentences of a test have a near-twin in what is trained on.

The measure is the weighted Jaccard index over words, normalised, without case and whatever their
order: what both sentences have, divided by what either has. They are near-twins where it is `LEAST`
at least, which it is where one word in ten is another one. Two such sentences share one of the
rarest words of either, so that only those that do are compared (prefix filtering: Bayardo, Ma and
Srikant 2007).
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from typing import Final
from zlib import crc32

from annotator.model.likeness import folded
from annotator.model.overlap import bits, distinct

LEAST: Final = 0.8
"""How alike near-twins are, of 1.0."""

Bagged = tuple[str, "array[int]"]
"""The id of a sentence, and a number for each of its words, sorted."""


@dataclass(frozen=True)
class Leak:
    """A sentence of a test or validation, its most alike one in train, and how alike they are."""

    sentence: str
    twin: str
    likeness: float


def bagged(text: str) -> array[int]:
    """Return a number for each word of a text, sorted."""
    return numbered(folded(text))


def numbered(words: Iterable[str]) -> array[int]:
    """Return a number for each word, sorted."""
    return array("I", sorted([crc32(word.encode()) for word in words]))


def leaks(held: Sequence[Bagged], train: Iterable[Bagged]) -> Iterator[Leak]:
    """Yield the sentences held back that have a near-twin in train, in their order.

    Formulas stand in many readouts: each is looked at once, and its twin is the first in train.
    """
    alike: dict[bytes, list[int]] = {}
    for place, (_, numbers) in enumerate(held):
        alike.setdefault(numbers.tobytes(), []).append(place)
    places = list(alike.values())
    different = [distinct(held[those[0]][1]) for those in places]
    signs = [bits(members) for members in different]
    common = Counter(chain.from_iterable(different))
    standing: defaultdict[int, list[int]] = defaultdict(list)
    for at, members in enumerate(different):
        for member in _rarest(members, common):
            standing[member].append(at)
    best: dict[int, tuple[float, str]] = {}
    # How much of both may stand in one alone, by what is the most alike so far.
    spare = [_spare(LEAST)] * len(different)
    seen: set[bytes] = set()
    for name, numbers in train:
        raw = numbers.tobytes()
        if raw in seen:
            continue
        seen.add(raw)
        members = distinct(numbers)
        size, sign, own = len(members), bits(members), set(members)
        for at in {at for one in _rarest(members, common) for at in standing.get(one, ())}:
            theirs = different[at]
            either = size + len(theirs)
            if (sign ^ signs[at]).bit_count() > spare[at] * either:
                continue
            both = len(own.intersection(theirs))
            likeness = both / (either - both)
            if likeness >= LEAST and (at not in best or likeness > best[at][0]):
                best[at] = likeness, name
                spare[at] = _spare(likeness)
    found = {place: best[at] for at, those in enumerate(places) if at in best for place in those}
    for place in sorted(found):
        likeness, name = found[place]
        yield Leak(held[place][0], name, likeness)


def _spare(likeness: float) -> float:
    """Return the share of two sets' members that stand in one alone, or a little more."""
    return (1 - likeness) / (1 + likeness) + 1e-9


def shared(size: int) -> int:
    """Return how many words near-twins have in common at least, of `size` in all."""
    return ceil(LEAST / (1 + LEAST) * size - 1e-9)


def _rarest(members: Sequence[int], common: Counter[int]) -> list[int]:
    """Return those of which one is shared by any near-twin, the rarest.

    What is not in `common` at all is rarest, and shared with nothing: it counts, and is left out.
    """
    known = [*filter(common.__contains__, members)]
    wanted = len(known) - ceil(LEAST * len(members)) + 1
    return sorted(known, key=lambda one: (common[one], one))[:wanted] if wanted > 0 else []
