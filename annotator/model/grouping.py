"""Which readouts tell one thing, so that no split may divide them.

Readouts are one group where they tell one event, translate or retell each other, have one text, or
share most of their sentences: the same ones, or near-twins as `leaks` has them.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from typing import Final

from annotator.model.leaks import shared
from annotator.model.overlap import Groups, join_alike

_STOCK: Final = 20
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


def grouped(units: Sequence[Unit]) -> dict[str, str]:
    """Return the group of each readout: named by its first event, else by its first readout.

    What is related to the same readout is one group, whether that readout is among them or not.
    """
    union: Groups[str] = Groups()
    for unit in units:
        own = f"readout {unit.readout}"
        if unit.event:
            union.join(own, f"event {unit.event}")
        if unit.text:
            union.join(own, f"text {unit.text}")
        for other in unit.related:
            union.join(own, f"readout {other}")
    _join_twins(units, union)
    names: dict[str, str] = {}
    for unit in units:
        own = f"event {unit.event}" if unit.event else f"readout {unit.readout}"
        head = union.find(f"readout {unit.readout}")
        names[head] = min(own, names.get(head, own))
    return {unit.readout: names[union.find(f"readout {unit.readout}")] for unit in units}


def _join_twins(units: Sequence[Unit], union: Groups[str]) -> None:
    """Join the readouts that share most of their sentences."""
    told = _classes(units)
    # What is told in the same sentences from end to end needs no comparing with the others.
    first: dict[frozenset[int], str] = {}
    for readout, classes in told.items():
        union.join(first.setdefault(classes, readout), readout)
    once = [(readout, classes) for classes, readout in first.items()]
    join_alike([(one, [*classes]) for one, classes in once], _nearly_the_same, union)
    join_alike([*_without_stock(once, union)], _sharing, union)


def _nearly_the_same(_: int, longer: int) -> int:
    return max(2, ceil(_SAME * longer))


def _sharing(shorter: int, _: int) -> int:
    return max(min(2, shorter), ceil(_SHARED * shorter))


def _without_stock(
    told: Iterable[tuple[str, frozenset[int]]], union: Groups[str]
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
            [one if len(standing[one]) <= _STOCK else next(alone) for one in classes],
        )


def _classes(units: Iterable[Unit]) -> dict[str, frozenset[int]]:
    """Return the sentences of each readout as numbers, one for those that are near-twins.

    It is one, too, for what has a near-twin in common.
    """
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
    alike: Groups[int] = Groups()
    join_alike([*enumerate(different)], _near, alike)
    return {one: frozenset(alike.find(n) for n in own) for one, own in said.items() if own}


def _near(shorter: int, longer: int) -> int:
    return shared(shorter + longer)
