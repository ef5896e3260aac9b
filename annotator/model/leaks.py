"""Which sentences of a test have a near-twin in what is trained on.

The measure is the weighted Jaccard index over words, without case and whatever their order: what
both sentences have, divided by what either has. They are near-twins where it is `LEAST` at least,
which it is where one word in ten is another one. Two such sentences share one of the rarest words
of either, so that only those that do are compared (prefix filtering: Bayardo, Ma and Srikant 2007).
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final
from zlib import crc32

from annotator.model.likeness import folded

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
    return array("I", sorted([crc32(word.encode()) for word in folded(text)]))


def leaks(held: Sequence[Bagged], train: Iterable[Bagged]) -> Iterator[Leak]:
    """Yield the sentences held back that have a near-twin in train, in their order.

    Formulas stand in many readouts: each is looked at once, and its twin is the first in train.
    """
    alike: dict[bytes, list[int]] = {}
    for place, (_, numbers) in enumerate(held):
        alike.setdefault(numbers.tobytes(), []).append(place)
    places = list(alike.values())
    different = [held[those[0]][1] for those in places]
    common: Counter[int] = Counter()
    for numbers in different:
        common.update(set(numbers))
    standing: defaultdict[int, list[int]] = defaultdict(list)
    for at, numbers in enumerate(different):
        for number in rarest(numbers, common):
            standing[number].append(at)
    best: dict[int, tuple[float, str]] = {}
    seen: set[bytes] = set()
    for name, numbers in train:
        raw = numbers.tobytes()
        if raw in seen:
            continue
        seen.add(raw)
        near = {at for number in rarest(numbers, common) for at in standing.get(number, ())}
        for at in near:
            known = best[at][0] if at in best else 0.0
            if known == 1.0 or not _may_be_alike(len(different[at]), len(numbers)):
                continue
            likeness = _likeness(different[at], numbers)
            if likeness >= LEAST and likeness > known:
                best[at] = likeness, name
    found = {place: best[at] for at, those in enumerate(places) if at in best for place in those}
    for place in sorted(found):
        likeness, name = found[place]
        yield Leak(held[place][0], name, likeness)


def near(one: Sequence[int], other: Sequence[int]) -> bool:
    """Tell whether two sentences are near-twins, by what `bagged` returns of them."""
    size = len(one) + len(other)
    # So much of both may stand in one alone; most pairs that are none are known by their start.
    spare = size - 2 * shared(size)
    at = beside = 0
    while at < len(one) and beside < len(other):
        mine, its = one[at], other[beside]
        if mine != its:
            spare -= 1
            if spare < 0:
                return False
        at += mine <= its
        beside += its <= mine
    return len(one) - at + len(other) - beside <= spare


def shared(size: int) -> int:
    """Return how many words near-twins have in common at least, of `size` in all."""
    return ceil(LEAST / (1 + LEAST) * size - 1e-9)


def rarest(
    numbers: Sequence[int], common: Counter[int], least: float = LEAST, more: int = 0
) -> list[int]:
    """Return those of sorted numbers of which one is shared by what is as alike as `least`.

    They share `more` besides where the words differ from each other. The rarest come first. What is
    not in `common` at all is rarest, and shared with nothing: it counts, and is left out.
    """
    amount = len(numbers) - ceil(least * len(numbers)) + 1 + more
    known = [*filter(common.__contains__, numbers)]
    wanted = amount - (len(numbers) - len(known))
    return sorted(known, key=common.__getitem__)[:wanted] if wanted > 0 else []


def _may_be_alike(one: int, other: int) -> bool:
    """Tell whether so many words could be near-twins of so many others."""
    return min(one, other) / max(one, other) >= LEAST


def _likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of what both have in what either has, of two sorted sequences."""
    at = beside = both = 0
    while at < len(one) and beside < len(other):
        if one[at] == other[beside]:
            both, at, beside = both + 1, at + 1, beside + 1
        elif one[at] < other[beside]:
            at += 1
        else:
            beside += 1
    return both / (len(one) + len(other) - both) if both else 0.0
