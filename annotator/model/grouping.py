"""Which readouts tell one thing, so that no split may divide them.

Readouts are one group where they tell one event, translate or retell each other, have one text, or
share so many of their sentences as is told below: the same ones, near-twins as `leaks` has them, or
near-twins of near-twins, and so on. That last is more than two readouts may have in common; but a
chain of near-twins is as good as one to whoever learns it by heart, and where it is too much, only
groups become larger. The tie of a readout says how much of what it shares is so.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from typing import Final

from annotator.model.leaks import shared
from annotator.model.overlap import Groups, distinct, join_alike
from annotator.model.tying import READOUT, By, Link, Tie, ties

STOCK: Final = 20
"""A sentence that stands in more groups than this is a formula, and makes no twins of them."""
_SHARED: Final = 0.5
"""Readouts that share so much of the shorter one's sentences are one text told twice."""
_SAME: Final = 0.8
"""Readouts that share so much of the longer one's sentences are so too, formulas or not."""


@dataclass(frozen=True)
class Unit:
    """What a split needs to know of a readout.

    `related` are readouts that it translates or is a counterpart of. `text` stands for its whole
    text, empty where that is not known. `date` is a day, a month or a year. `dyad` are its
    participants, and `sides` the countries that they are of. `labels` counts marks. `sentences`
    holds the words of each sentence of the text as `bagged` does, and `size` is how many there are
    in the dataset.
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


@dataclass(frozen=True)
class Grouping:
    """The group of each readout, and why it is in it; the first of each group has no tie.

    Ties lead through readouts that are in no group too, as only what is related to them names them.
    """

    groups: Mapping[str, str]
    ties: Mapping[str, Tie]


def grouped(units: Sequence[Unit]) -> Grouping:
    """Return the group of each readout: named by its first event, else by its first readout.

    What is related to the same readout is one group, whether that readout is among them or not.
    """
    union: Groups[str] = Groups()
    links: list[Link] = []

    def join(one: str, other: str, by: By) -> None:
        if union.join(one, other):
            links.append(Link(one, other, by))

    for unit in units:
        own = f"{READOUT}{unit.readout}"
        if unit.event:
            join(own, f"event {unit.event}", "event")
        if unit.text:
            join(own, f"text {unit.text}", "text")
        for other in unit.related:
            join(own, f"{READOUT}{other}", "relation")
    links += _twins(units, union)
    names: dict[str, str] = {}
    for unit in units:
        own = f"event {unit.event}" if unit.event else f"{READOUT}{unit.readout}"
        head = union.find(f"{READOUT}{unit.readout}")
        names[head] = min(own, names.get(head, own))
    groups = {unit.readout: names[union.find(f"{READOUT}{unit.readout}")] for unit in units}
    return Grouping(groups, ties([unit.readout for unit in units], links))


def _twins(units: Sequence[Unit], union: Groups[str]) -> Iterator[Link]:
    """Join the readouts that share enough of their sentences, and yield what joined them."""
    told = _Told(units)
    # What is told in the same sentences from end to end needs no comparing with the others.
    first: dict[frozenset[int], str] = {}
    for readout, classes in told.classes.items():
        known = first.setdefault(classes, readout)
        if union.join(known, readout):
            yield told.link(known, readout, classes, classes)
    once = [(readout, [*classes]) for classes, readout in first.items()]
    for needed, sets in ((_nearly_the_same, once), (_sharing, _without_stock(once, union))):
        members = dict(sets)
        for one, other in join_alike([*members.items()], needed, union):
            yield told.link(one, other, members[one], members[other])


def _nearly_the_same(_: int, longer: int) -> int:
    return max(2, ceil(_SAME * longer))


def _sharing(shorter: int, _: int) -> int:
    return max(min(2, shorter), ceil(_SHARED * shorter))


def _without_stock(
    told: Iterable[tuple[str, Sequence[int]]], union: Groups[str]
) -> Iterator[tuple[str, list[int]]]:
    """Yield readouts with their sentences, each formula as one that stands nowhere else."""
    told = [*told]
    standing: defaultdict[int, set[str]] = defaultdict(set)
    for readout, classes in told:
        for number in classes:
            standing[number].add(union.find(readout))
    alone = count(max(standing, default=0) + 1)
    for readout, classes in told:
        yield (
            readout,
            [one if len(standing[one]) <= STOCK else next(alone) for one in classes],
        )


class _Told:
    """The sentences of each readout as numbers, one for those that are near-twins.

    It is one, too, for what has a near-twin in common.
    """

    def __init__(self, units: Iterable[Unit]) -> None:
        numbers: dict[bytes, int] = {}
        self._different: list[array[int]] = []
        self._said: dict[str, set[int]] = {}
        for unit in units:
            own = self._said.setdefault(f"{READOUT}{unit.readout}", set())
            for words in unit.sentences:
                raw = words.tobytes()
                if raw not in numbers:
                    numbers[raw] = len(self._different)
                    self._different.append(words)
                own.add(numbers[raw])
        self._alike: Groups[int] = Groups()
        join_alike([*enumerate(self._different)], _near, self._alike)
        find = self._alike.find
        self.classes = {one: frozenset(map(find, own)) for one, own in self._said.items() if own}

    def link(self, one: str, other: str, classes: Iterable[int], others: Collection[int]) -> Link:
        """Return what two readouts share, of what counts of each."""
        classes = {*classes}
        both = classes.intersection(others)
        near = sum(map(self._are_near, *(self._within(readout, both) for readout in (one, other))))
        return Link(one, other, "sentences", len(both), min(len(classes), len(others)), near)

    def _within(self, readout: str, classes: Iterable[int]) -> Iterable[list[int]]:
        """Return the sentences of a readout that are of each of some classes, in their order."""
        found: dict[int, list[int]] = {number: [] for number in classes}
        for own in self._said[readout]:
            number = self._alike.find(own)
            if number in found:
                found[number].append(own)
        return found.values()

    def _are_near(self, some: Sequence[int], others: Sequence[int]) -> bool:
        """Tell whether one of some sentences is a near-twin of one of others."""
        if not {*some}.isdisjoint(others):
            return True
        theirs = [{*distinct(self._different[other])} for other in others]
        for own in (distinct(self._different[one]) for one in some):
            for members in theirs:
                if len(members.intersection(own)) >= _near(len(own), len(members)):
                    return True
        return False


def _near(shorter: int, longer: int) -> int:
    return shared(shorter + longer)
