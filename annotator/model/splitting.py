"""Which readouts train, validate and test: without telling one split what another one holds.

Readouts that tell one event, translate or retell each other, or share most of their sentences are
one group, and a group is never divided. A group's place is a hash of its name and of a seed, so
that new readouts leave old ones where they are.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal

By = Literal["event", "time", "side", "dyad"]
Split = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")

SEEDS: Final = 64
"""How many seeds are tried for one that gives each split its share of the rare labels."""
_STOCK: Final = 20
"""A sentence that stands in more readouts than this is a formula, and makes no twins of them."""
_SHARED: Final = 0.5
"""Readouts that share so much of the shorter one's sentences are one text told twice."""


@dataclass(frozen=True)
class Unit:
    """What a split needs to know of a readout.

    `related` are readouts that it translates or is a counterpart of. `dyad` are its participants,
    sorted. `labels` counts marks, `prints` holds a number for the words of each sentence.
    """

    readout: str
    event: str | None = None
    related: tuple[str, ...] = ()
    date: str | None = None
    side: str | None = None
    dyad: tuple[str, ...] = ()
    labels: Mapping[str, int] = field(default_factory=dict)
    prints: Sequence[int] = ()


@dataclass(frozen=True)
class Plan:
    """How to split: `validation` and `test` are shares of 1.

    By `side` or `dyad`, whose readouts are all of the test is `held`. `seed` None tries several.
    """

    by: By = "event"
    validation: float = 0.1
    test: float = 0.1
    seed: int | None = None
    held: str = ""


@dataclass(frozen=True)
class Splits:
    """The split of each readout, None where it is left out: it tells an event of the test.

    `groups` names the group of each readout.
    """

    plan: Plan
    seed: int
    groups: Mapping[str, str]
    of: Mapping[str, Split | None]


def split(units: Sequence[Unit], plan: Plan) -> Splits:
    """Give each readout its split."""
    groups = grouped(units)
    if plan.by == "time":
        return Splits(plan, 0, groups, _by_time(units, groups, plan))
    lots = _Lots(units, groups, plan)
    seed = plan.seed
    if seed is None:
        seed = min(range(SEEDS), key=lambda one: (lots.imbalance(one), one))
    return Splits(plan, seed, groups, lots.drawn(seed))


def grouped(units: Sequence[Unit]) -> dict[str, str]:
    """Return the group of each readout: named by its first event, else by its first readout."""
    leader = {unit.readout: unit.readout for unit in units}

    def find(readout: str) -> str:
        while leader[readout] != readout:
            leader[readout] = readout = leader[leader[readout]]
        return readout

    def join(one: str, other: str) -> None:
        first, second = sorted((find(one), find(other)))
        leader[second] = first

    tellings: dict[str, str] = {}
    for unit in units:
        if unit.event:
            join(unit.readout, tellings.setdefault(unit.event, unit.readout))
        for other in unit.related:
            if other in leader:
                join(unit.readout, other)
    for one, other in _twins(units):
        join(one, other)
    names: dict[str, str] = {}
    for unit in units:
        own = f"event {unit.event}" if unit.event else f"readout {unit.readout}"
        head = find(unit.readout)
        names[head] = min(own, names.get(head, own))
    return {unit.readout: names[find(unit.readout)] for unit in units}


def _twins(units: Iterable[Unit]) -> Iterable[tuple[str, str]]:
    """Yield pairs of readouts that share most of the sentences of the shorter one."""
    standing: defaultdict[int, list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for unit in units:
        different = set(unit.prints)
        sizes[unit.readout] = len(different)
        for number in different:
            standing[number].append(unit.readout)
    shared: Counter[tuple[str, str]] = Counter()
    for readouts in standing.values():
        if len(readouts) <= _STOCK:
            for place, one in enumerate(readouts):
                shared.update((one, other) for other in readouts[place + 1 :])
    for (one, other), count in shared.items():
        if count >= 2 and count >= _SHARED * min(sizes[one], sizes[other]):
            yield one, other


class _Lots:
    """Where a seed sends the groups; labels are counted once, for all seeds that are tried."""

    def __init__(self, units: Sequence[Unit], groups: Mapping[str, str], plan: Plan) -> None:
        self._plan = plan
        self._groups = groups
        held = {unit.readout for unit in units if plan.held and _is_held(unit, plan)}
        kept_out = {groups[readout] for readout in held}
        self._fixed: dict[str, Split | None] = {
            unit.readout: "test" if unit.readout in held else None
            for unit in units
            if groups[unit.readout] in kept_out
        }
        shares: dict[Split, float] = {"validation": plan.validation, "test": self._test}
        self._wanted = {name: share for name, share in shares.items() if share}
        self._total: Counter[str] = Counter()
        self._spread: defaultdict[str, set[str]] = defaultdict(set)
        self._by_group: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for unit in units:
            if self._fixed.get(unit.readout, "drawn") is None:
                continue
            group = groups[unit.readout]
            counts = {"": max(1, len(unit.prints)), **unit.labels}
            self._total.update(counts)
            for label in counts:
                self._spread[label].add(group)
            if unit.readout not in self._fixed:
                self._by_group[group].update(counts)

    @property
    def _test(self) -> float:
        return 0.0 if self._plan.held else self._plan.test

    def drawn(self, seed: int) -> dict[str, Split | None]:
        """Return the split of each readout."""
        return {
            readout: self._fixed[readout] if readout in self._fixed else self._part_of(group, seed)
            for readout, group in self._groups.items()
        }

    def _part_of(self, group: str, seed: int) -> Split:
        return _part(_place(group, seed), self._test, self._plan.validation)

    def imbalance(self, seed: int) -> float:
        """Return how far the splits are from giving each label its share, rare ones above all."""
        held_back: dict[Split, Counter[str]] = {name: Counter() for name in self._wanted}
        for group, counts in self._by_group.items():
            part = self._part_of(group, seed)
            if part in held_back:
                held_back[part].update(counts)
        off = 0.0
        for label, total in self._total.items():
            groups = len(self._spread[label])
            for name, share in self._wanted.items():
                count = held_back[name][label]
                if not count and groups > len(self._wanted):
                    off += 1 + 1 / groups
                off += abs(count / total - share) / (1 + len(self._total))
        return off


def _part(place: float, test: float, validation: float) -> Split:
    """Return the split at a place from 0 up to 1: the test comes first, then the validation."""
    if place < test:
        return "test"
    return "validation" if place < test + validation else "train"


def _is_held(unit: Unit, plan: Plan) -> bool:
    if plan.by == "side":
        return unit.side == plan.held
    return set(plan.held.split("-")) == set(unit.dyad)


def _place(group: str, seed: int) -> float:
    """Return a number from 0 up to 1 that is as good as drawn by lot, and always the same."""
    digest = blake2b(f"{seed}\0{group}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def _by_time(
    units: Sequence[Unit], groups: Mapping[str, str], plan: Plan
) -> dict[str, Split | None]:
    """Test with the latest groups, validate with those before; what has no date trains."""
    dates: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    for unit in units:
        group = groups[unit.readout]
        dates[group] = max(dates.get(group, ""), unit.date or "")
        sizes[group] += max(1, len(unit.prints))
    whole, later = sizes.total(), 0
    place: dict[str, Split | None] = {}
    for group in sorted(dates, key=lambda group: (dates[group], group), reverse=True):
        place[group] = _part(later / whole, plan.test, plan.validation) if dates[group] else "train"
        later += sizes[group]
    return {unit.readout: place[groups[unit.readout]] for unit in units}


def prints(sentences: Iterable[Iterable[str]]) -> array[int]:
    """Return a number for the words of each sentence, the same for the same words."""
    return array("Q", (_print(words) for words in sentences))


def _print(words: Iterable[str]) -> int:
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest())
