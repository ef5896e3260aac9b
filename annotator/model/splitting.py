"""Which readouts train, validate and test: without telling one split what another one holds.

A group of readouts, as `grouping` finds them, is never divided. Its place is a hash of its name and
of a seed; one that holds readouts which were placed before goes where they are, so that what is
added leaves the old ones where they were.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal

from annotator.model.base import last_day
from annotator.model.grouping import Unit, grouped
from annotator.model.tying import Tie

By = Literal["event", "time", "side", "issuer", "dyad"]
HOLDING: Final[tuple[By, ...]] = ("side", "issuer", "dyad")
"""The ways in which the readouts of somebody are all of the test."""

Split = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")

_MOST_SEEDS: Final = 512
_LEAST_SEEDS: Final = 64
_DRAWN: Final = 2**15
"""How many groups are drawn in all while seeds are tried: few groups fall less evenly."""
_UNTAUGHT: Final = 0.1
"""What a label without any in train weighs: as much as this share of the sentences misplaced."""
_UNSEEN: Final = 0.01
"""What one weighs that validation or test lack, though its groups would do for each split."""
_SIZE: Final = ""
"""What stands for the sentences where labels are counted."""


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

    `groups` names the group of each readout, and `ties` say why it is in it, also of readouts
    without a split that tie others. `unknown` are those that were placed though their
    metadata do not say what the split goes by: by time, those that train as no readout of their
    group has a date; else those that are not held back, and may be of who is. `vague` are those
    of which, by time, only a year or a month is known.
    """

    plan: Plan
    seed: int
    groups: Mapping[str, str]
    of: Mapping[str, Split | None]
    unknown: Sequence[str] = ()
    ties: Mapping[str, Tie] = field(default_factory=dict)
    vague: Sequence[str] = ()

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
    grouping = grouped([*units, *others])
    every, kept = _named_as_before(grouping.groups, plan.placed)
    groups = {unit.readout: every[unit.readout] for unit in units}
    ties = grouping.ties
    if plan.by == "time":
        dated = {groups[unit.readout] for unit in units if unit.date}
        unknown = sorted(name for name, group in groups.items() if group not in dated)
        vague = sorted(one.readout for one in units if one.date and last_day(one.date) != one.date)
        return Splits(plan, 0, groups, _by_time(units, groups, plan), unknown, ties, vague)
    lots = _Lots(units, groups, plan, kept)
    seed = plan.seed
    if seed is None:
        seed = min(range(lots.seeds), key=lambda one: (lots.imbalance(one), one))
    return Splits(plan, seed, groups, lots.drawn(seed), sorted(lots.unknown), ties)


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
        rest = 1 - plan.validation - self._test
        self._asked = {"train": rest, "validation": plan.validation, "test": self._test}
        pair = _ends(plan.held)
        countries = any(unit.readout in held and _folded(unit.dyad) != pair for unit in units)
        self.unknown: list[str] = []
        self._by_group: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for unit in units:
            if unit.readout not in self._fixed:
                self._by_group[groups[unit.readout]].update({_SIZE: unit.size, **unit.labels})
                if plan.held and not _is_known(unit, plan.by, countries=countries):
                    self.unknown.append(unit.readout)
        self._total: Counter[str] = Counter()
        self._spread: Counter[str] = Counter()
        for counts in self._by_group.values():
            self._total.update(counts)
            self._spread.update(counts.keys())

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

    @property
    def seeds(self) -> int:
        """How many seeds are tried."""
        return max(_LEAST_SEEDS, min(_MOST_SEEDS, _DRAWN // max(1, len(self._by_group))))

    def imbalance(self, seed: int) -> float:
        """Return how far what is drawn is from the splits that were asked; 0 is as asked.

        That is the share of the sentences in a wrong split, and on top of it what each label weighs
        that a split lacks, train above all, and a little of how unevenly the labels lie.
        """
        drawn: dict[Split, Counter[str]] = {name: Counter() for name in SPLITS}
        for group, counts in self._by_group.items():
            part = self._part_of(group, seed)
            if part != "train":
                drawn[part].update(counts)
        off = uneven = 0.0
        for label, total in self._total.items():
            held = [drawn[name][label] for name in SPLITS[1:]]
            came = [total - sum(held), *held]
            wrong = sum(
                abs(count / total - asked)
                for count, asked in zip(came, self._asked.values(), strict=True)
            )
            lacks = [
                not count for count, asked in zip(came, self._asked.values(), strict=True) if asked
            ]
            scarce = self._spread[label] < len(lacks)
            if label == _SIZE:
                off += wrong / 2 + sum(lacks) * (not scarce)
            else:
                uneven += wrong / 2
                off += _UNTAUGHT * lacks[0] + _UNSEEN * sum(lacks[1:]) * (not scarce)
        return off + _UNTAUGHT * uneven / max(1, len(self._total) - 1)


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
    return _ends(plan.held) in (_folded(unit.dyad), _folded(unit.sides))


def _is_known(unit: Unit, by: By, *, countries: bool) -> bool:
    """Tell whether a unit says by what it is held back or not; a pair may be one of countries."""
    if by in ("side", "issuer"):
        return bool(unit.side if by == "side" else unit.issuer)
    return bool(unit.sides if countries else unit.dyad)


def _ends(held: str) -> set[str]:
    return set(held.casefold().split("-"))


def _folded(ends: Iterable[str]) -> set[str]:
    return {one.casefold() for one in ends}


def _place(group: str, seed: int) -> float:
    """Return a number from 0 up to 1 that is as good as drawn by lot, and always the same."""
    digest = blake2b(f"{seed}\0{group}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def _by_time(
    units: Sequence[Unit], groups: Mapping[str, str], plan: Plan
) -> dict[str, Split | None]:
    """Test with the latest groups, validate with those before; what has no date trains.

    What may be of the time of the test does not train: a year or a month counts as its last day.
    """
    dates: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    for unit in units:
        group = groups[unit.readout]
        dates[group] = max(dates.get(group, ""), last_day(unit.date) if unit.date else "")
        sizes[group] += unit.size
    whole, later = sizes.total(), 0
    place: dict[str, Split | None] = {}
    for group in sorted(dates, key=lambda group: (dates[group], group), reverse=True):
        place[group] = _part(later / whole, plan.test, plan.validation) if dates[group] else "train"
        later += sizes[group]
    return {unit.readout: place[groups[unit.readout]] for unit in units}
