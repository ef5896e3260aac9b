"""Which readouts tell one thing, so that no split may divide them.

Readouts are one group where they tell one event, translate or retell each other, have one text, or
share most of their sentences: the same ones, or near-twins as `leaks` has them.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, product
from math import ceil
from typing import Final

from annotator.model.leaks import near, rarest, shared

_STOCK: Final = 20
"""A sentence that stands in more groups than this is a formula, and makes no twins of them."""
_SHARED: Final = 0.5
"""Readouts that share so much of the shorter one's sentences are one text told twice."""
_SAME: Final = 0.8
"""Readouts that share so much of the longer one's sentences are so too, formulas or not."""

_COMPARED: Final = 5
"""With how many of those that are alike, and have a word in common, a sentence is compared."""
_IN_COMMON: Final = 3
"""How many of their rarest words near-twins have in common: one would let many in."""


@dataclass(frozen=True)
class Unit:
    """What a split needs to know of a readout.

    `related` are readouts that it translates or is a counterpart of. `text` stands for its whole
    text, empty where that is not known. `dyad` are its participants, and `sides` the countries that
    they are of. `labels` counts marks. `sentences` holds the words of each sentence of the text as
    `bagged` does, and `size` is how many there are in the dataset.
    """

    readout: str
    event: str | None = None
    related: tuple[str, ...] = ()
    text: str = ""
    date: str | None = None
    side: str | None = None
    issuer: str | None = None
    dyad: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    labels: Mapping[str, int] = field(default_factory=dict)
    sentences: Sequence[array[int]] = ()
    size: int = 1


class _Union:
    """Sets that grow together, each known by one of its members."""

    def __init__(self) -> None:
        self._leader: dict[str | int, str | int] = {}

    def find(self, one: str | int) -> str | int:
        leader = self._leader
        while (above := leader.setdefault(one, one)) != one:
            leader[one] = one = leader[above]
        return one

    def join(self, one: str | int, other: str | int) -> None:
        self._leader[self.find(other)] = self.find(one)


def grouped(units: Sequence[Unit]) -> dict[str, str]:
    """Return the group of each readout: named by its first event, else by its first readout.

    What is related to the same readout is one group, whether that readout is among them or not.
    """
    union = _Union()
    for unit in units:
        own = f"readout {unit.readout}"
        if unit.event:
            union.join(own, f"event {unit.event}")
        if unit.text:
            union.join(own, f"text {unit.text}")
        for other in unit.related:
            union.join(own, f"readout {other}")
    _join_twins(units, union)
    names: dict[str | int, str] = {}
    for unit in units:
        own = f"event {unit.event}" if unit.event else f"readout {unit.readout}"
        head = union.find(f"readout {unit.readout}")
        names[head] = min(own, names.get(head, own))
    return {unit.readout: names[union.find(f"readout {unit.readout}")] for unit in units}


def _join_twins(units: Sequence[Unit], union: _Union) -> None:
    """Join the readouts that share most of their sentences."""
    told = _classes(units)
    # What is told in the same sentences from end to end needs no comparing with the others.
    first: dict[frozenset[int], str] = {}
    for readout, classes in told.items():
        union.join(first.setdefault(classes, readout), readout)
    once = {readout: classes for classes, readout in first.items()}
    for one, other in _nearly_the_same(once, union):
        union.join(one, other)
    for one, other in _sharing(once, union):
        union.join(one, other)


def _classes(units: Iterable[Unit]) -> dict[str, frozenset[int]]:
    """Return the sentences of each readout as numbers, one for those that are near-twins."""
    numbers: dict[bytes, int] = {}
    different: list[array[int]] = []
    said: dict[str, set[int]] = {}
    for unit in units:
        own = said.setdefault(f"readout {unit.readout}", set())
        for words in unit.sentences:
            raw = words.tobytes()
            if raw not in numbers:
                numbers[raw] = len(different)
                different.append(words)
            own.add(numbers[raw])
    heads = _near_twins(different)
    return {one: frozenset(heads[n] for n in own) for one, own in said.items() if own}


def _near_twins(different: Sequence[array[int]]) -> list[int]:
    """Return a number for each of different sentences, the same for those that are near-twins.

    It is one, too, for what has a near-twin in common. A sentence is compared with a few of those
    that are known to be alike, not with all: templates would take the square of their number.
    """
    common = Counter(chain.from_iterable(map(set, different)))
    standing: defaultdict[int, defaultdict[str | int, list[int]]]
    standing = defaultdict(lambda: defaultdict(list))
    spare: list[tuple[int, int]] = []
    alike = _Union()
    for at, numbers in enumerate(different):
        first, own = rarest(numbers, common, more=_IN_COMMON - 1), set(numbers)
        wanted = set(first)
        rest, twice = len(numbers) - len(first), len(first) - len(wanted)
        group = alike.find(at)
        for other, count in _met(standing[number].values() for number in wanted):
            if count < min(_IN_COMMON, len(first)) - twice:
                continue
            theirs = different[other]
            both = shared(len(numbers) + len(theirs))
            # Of what both have, all but the `rest` of one of them is among the rarest of both. It
            # is met there, but for what stands twice, and where enough that are alike were met.
            their_rest, unmet = spare[other]
            if (
                count >= both - max(rest, their_rest) - twice - unmet
                and alike.find(other) != group
                and len(own.intersection(theirs)) + len(numbers) - len(own) >= both
                and near(theirs, numbers)
            ):
                alike.join(other, at)
                group = alike.find(at)
        unmet = 0
        for number in wanted:
            if common[number] > 1:
                those = standing[number][group]
                if len(those) < _COMPARED:
                    those.append(at)
                else:
                    unmet += 1
        spare.append((rest, unmet))
    return [int(alike.find(number)) for number in range(len(different))]


def _met(standing: Iterable[Iterable[Iterable[int]]]) -> Iterable[tuple[int, int]]:
    """Return what stands in several places, with in how many."""
    return Counter(chain.from_iterable(chain.from_iterable(standing))).items()


def _nearly_the_same(
    told: Mapping[str, frozenset[int]], union: _Union
) -> Iterator[tuple[str, str]]:
    """Yield pairs that share nearly all sentences of the longer one, two at least.

    They share one of the rarest sentences of either. Of a group, one such pair is enough.
    """
    common = Counter(number for classes in told.values() for number in classes)
    standing: defaultdict[int, defaultdict[str | int, list[str]]]
    standing = defaultdict(lambda: defaultdict(list))
    for readout, classes in sorted(told.items(), key=lambda one: (len(one[1]), one[0])):
        near = rarest(sorted(classes), common, _SAME)
        joined = {union.find(readout)}
        for number in near:
            for group, others in standing[number].items():
                if union.find(group) in joined:
                    continue
                for other in others:
                    both = len(classes & told[other])
                    if both >= max(2, ceil(_SAME * len(classes))):
                        yield readout, other
                        joined.add(union.find(group))
                        break
        for number in near:
            standing[number][union.find(readout)].append(readout)


def _sharing(told: Mapping[str, frozenset[int]], union: _Union) -> Iterator[tuple[str, str]]:
    """Yield pairs of readouts that share most of the sentences of the shorter one."""
    standing: defaultdict[int, list[str]] = defaultdict(list)
    for readout, classes in told.items():
        for number in classes:
            standing[number].append(readout)
    shared: Counter[tuple[str, str]] = Counter()
    for readouts in standing.values():
        groups: defaultdict[str | int, list[str]] = defaultdict(list)
        for readout in readouts:
            groups[union.find(readout)].append(readout)
        if len(groups) <= _STOCK:
            for some, others in combinations(groups.values(), 2):
                shared.update((min(pair), max(pair)) for pair in product(some, others))
    for (one, other), count in shared.items():
        shorter = min(len(told[one]), len(told[other]))
        if count >= min(2, shorter) and count >= _SHARED * shorter:
            yield one, other
