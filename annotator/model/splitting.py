"""Which readouts train, validate and test: without telling one split what another one holds.

A group of readouts, as `grouping` finds them, is never divided. Its place is a hash of its name and
of a seed; one that holds readouts which were placed before goes where they are, so that what is
added leaves the old ones where they were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal

from annotator.model.grouping import Unit, grouped

By = Literal["event", "time", "side", "issuer", "dyad"]
HOLDING: Final[tuple[By, ...]] = ("side", "issuer", "dyad")
"""The ways in which the readouts of somebody are all of the test."""

Split = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")

SEEDS: Final = 64
"""How many seeds are tried for one that gives each split its share of the rare labels."""


@dataclass(frozen=True)
class Placed:
    """Where an older split put a readout, and what its group was called."""

    split: Split | None
    group: str


@dataclass(frozen=True)
class Earlier:
    """Where a split that was made in another way, said by `how`, put the readouts.

    `exports` names the datasets that were split so.
    """

    how: str
    exports: tuple[str, ...]
    parts: Mapping[str, Split | None]


@dataclass(frozen=True)
class Plan:
    """How to split: `validation` and `test` are shares of 1.

    By `side`, which is a country, by `issuer` or by `dyad`, whose readouts are all of the test is
    `held`. `seed` None tries several.
    `placed` has the readouts that are to stay where they are, `earlier` where other splits had any.
    """

    by: By = "event"
    validation: float = 0.1
    test: float = 0.1
    seed: int | None = None
    held: str = ""
    placed: Mapping[str, Placed] = field(default_factory=dict)
    earlier: Sequence[Earlier] = ()


@dataclass(frozen=True)
class Splits:
    """The split of each readout, None where it is left out: it tells an event of the test.

    `groups` names the group of each readout. By time, `undated` are those that train as no readout
    of their group has a date.
    """

    plan: Plan
    seed: int
    groups: Mapping[str, str]
    of: Mapping[str, Split | None]
    undated: Sequence[str] = ()

    @property
    def elsewhere(self) -> list[tuple[Earlier, list[str]]]:
        """Each earlier split that had readouts in another part, and these readouts, sorted."""
        found = (
            (one, sorted(name for name, now in self.of.items() if one.parts.get(name, now) != now))
            for one in self.plan.earlier
        )
        return [(one, names) for one, names in found if names]

    @property
    def moved(self) -> list[str]:
        """The readouts that could not stay where they were placed before, sorted."""
        before = self.plan.placed
        return sorted(
            name for name, now in self.of.items() if name in before and before[name].split != now
        )


def split(units: Sequence[Unit], plan: Plan, others: Sequence[Unit] = ()) -> Splits:
    """Give each readout its split.

    `others` are readouts that get none, but may tie those that do.
    """
    every, kept = _named_as_before(grouped([*units, *others]), plan.placed)
    groups = {unit.readout: every[unit.readout] for unit in units}
    if plan.by == "time":
        dated = {groups[unit.readout] for unit in units if unit.date}
        undated = sorted(name for name, group in groups.items() if group not in dated)
        return Splits(plan, 0, groups, _by_time(units, groups, plan), undated)
    lots = _Lots(units, groups, plan, kept)
    seed = plan.seed
    if seed is None:
        seed = min(range(SEEDS), key=lambda one: (lots.imbalance(one), one))
    return Splits(plan, seed, groups, lots.drawn(seed))


def _named_as_before(
    groups: Mapping[str, str], placed: Mapping[str, Placed]
) -> tuple[dict[str, str], dict[str, Split]]:
    """Return the groups by the names that they had, and where those that had a split stay.

    Of groups that became one, the one that was held back the most decides: what was tested on is
    never trained on.
    """
    before: dict[str, tuple[int, str]] = {}
    for readout, group in groups.items():
        known = placed.get(readout)
        if known and known.split:
            # The first name of those that are in that split, whatever the order of the readouts.
            found = -SPLITS.index(known.split), known.group
            before[group] = min(before.get(group, found), found)
    names = {group: before[group][1] if group in before else group for group in groups.values()}
    kept = {name: SPLITS[-rank] for rank, name in before.values()}
    return {readout: names[group] for readout, group in groups.items()}, kept


class _Lots:
    """Where a seed sends the groups; labels are counted once, for all seeds that are tried."""

    def __init__(
        self,
        units: Sequence[Unit],
        groups: Mapping[str, str],
        plan: Plan,
        kept: Mapping[str, Split],
    ) -> None:
        self._plan = plan
        self._kept = kept
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
            counts = {"": unit.size, **unit.labels}
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
        return self._kept.get(group) or _part(
            _place(group, seed), self._test, self._plan.validation
        )

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
    """Tell whether a unit is of who is held, however its case is written."""
    wanted = plan.held.casefold()
    if plan.by in ("side", "issuer"):
        said = unit.side if plan.by == "side" else unit.issuer
        return said is not None and said.casefold() == wanted
    pair = set(wanted.split("-"))
    return any(pair == {one.casefold() for one in ends} for ends in (unit.dyad, unit.sides))


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
        sizes[group] += unit.size
    whole, later = sizes.total(), 0
    place: dict[str, Split | None] = {}
    for group in sorted(dates, key=lambda group: (dates[group], group), reverse=True):
        place[group] = _part(later / whole, plan.test, plan.validation) if dates[group] else "train"
        later += sizes[group]
    return {unit.readout: place[groups[unit.readout]] for unit in units}
