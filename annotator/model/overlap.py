"""Which of very many sets have so much in common that they are of one group.

The groups are exactly those that comparing all with all would find. Two sets that are alike share
one of the rarest members of either, and the smaller one is found by few of its own (prefix
filtering: Bayardo, Ma and Srikant 2007; Xiao, Wang, Lin and Yu 2008). Most of those that meet so
and are not alike are told apart by their bits (Sandes, Teodoro and Melo 2020). Where one of a group
is alike, the rest of it is not looked at, so that many of one kind cost little.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Final, Generic, TypeVar

Needed = Callable[[int, int], int]
"""How many members two sets must have in common, by the size of the smaller and of the larger.

It never becomes less where the larger one grows.
"""

Member = TypeVar("Member", str, int)

_BITS: Final = 127
_AGAIN: Final = 1 << 32
"""More than any number that stands in a bag."""
_FEW: Final = 4
"""So many sets without a group are not worth looking for one of them."""


class Groups(Generic[Member]):
    """Sets that grow together, each known by one of its members."""

    def __init__(self) -> None:
        self._leader: dict[Member, Member] = {}
        self._size: dict[Member, int] = {}

    def find(self, one: Member) -> Member:
        """Return the member that stands for the group of another one."""
        leader = self._leader
        while (above := leader.setdefault(one, one)) != one:
            leader[one] = one = leader[above]
        return one

    def join(self, one: Member, other: Member) -> bool:
        """Make one group of two, which keeps the name of the larger; tell whether they were two."""
        few, many = self.find(one), self.find(other)
        if few == many:
            return False
        sizes = self._size.get(few, 1), self._size.get(many, 1)
        if sizes[0] > sizes[1]:
            few, many = many, few
        self._leader[few] = many
        self._size[many] = sum(sizes)
        return True

    def is_alone(self, one: Member) -> bool:
        """Tell whether nothing was joined to one."""
        return self.find(one) not in self._size


def distinct(bag: Sequence[int]) -> Sequence[int]:
    """Return the members of a sorted bag, those that stand in it again told from the first."""
    once = set(bag)
    if len(once) == len(bag):
        return bag
    again = [number for number, after in pairwise(bag) if number == after]
    return [*once, *(number + _AGAIN for number in distinct(again))]


def bits(members: Iterable[int]) -> int:
    """Return a number: two of them differ in as many bits as the members of both at most."""
    found = 0
    for member in members:
        found ^= 1 << member % _BITS
    return found


def join_alike(
    sets: Sequence[tuple[Member, Sequence[int]]], needed: Needed, groups: Groups[Member]
) -> list[tuple[Member, Member]]:
    """Join those of named sets that have as many members in common as is needed.

    The members of each are sorted; what stands there twice counts twice. Returned are pairs that
    are alike, and of two groups until then: those that make the groups.
    """
    joining = _Joining([name for name, _ in sets], [members for _, members in sets], needed, groups)
    joining.join()
    return joining.pairs


class _Joining(Generic[Member]):
    """Goes through sets from the smallest on, and looks for those before that are alike.

    A set stands under the rarest of its members: with those of its group, or among those that had
    none when they came.
    """

    def __init__(
        self,
        names: Sequence[Member],
        bags: Sequence[Sequence[int]],
        needed: Needed,
        groups: Groups[Member],
    ) -> None:
        self._names: Sequence[Member] = names
        self._needed = needed
        self._groups: Groups[Member] = groups
        self._rows, self._shared = _ranked(bags)
        self._sizes = [*map(len, self._rows)]
        self._bits = [*map(bits, self._rows)]
        self._alone: defaultdict[int, list[int]] = defaultdict(list)
        self._many: defaultdict[int, int] = defaultdict(lambda: _FEW)
        self._grouped: defaultdict[int, defaultdict[Member, list[int]]]
        self._grouped = defaultdict(lambda: defaultdict(list))
        self._spare: dict[int, int] = {}
        self._most = self._smallest = 0
        self.pairs: list[tuple[Member, Member]] = []

    def join(self) -> None:
        known: list[int] = []
        size = sought = under = 0
        for at in sorted(range(len(self._rows)), key=self._sizes.__getitem__):
            row = self._rows[at]
            if len(row) != size:
                size = len(row)
                known.append(size)
                needed = {other: self._needed(other, size) for other in known}
                fitting = {other: least for other, least in needed.items() if least <= other}
                self._spare = {other: size + other - 2 * fitting[other] for other in fitting}
                self._most = max(self._spare.values(), default=-1)
                self._smallest = min(fitting, default=0)
                sought = size - min(fitting.values(), default=size + 1) + 1
                under = max(0, size - needed[size] + 1)
            self._meet(at, row[:sought])
            for number in row[:under]:
                if number >= self._shared:
                    self._put(number, at)

    def _meet(self, at: int, rarest: Iterable[int]) -> None:
        """Join a set to those that are alike, of what stands under its rarest members."""
        name, members = self._names[at], set(self._rows[at])
        for number in rarest:
            for others in self._of_other_groups(number, name):
                # They are one group already, so that one of them is enough.
                for other in islice(self._alike(at, members, others), 1):
                    self._join(name, self._names[other])
            for other in self._alike(at, members, self._without_group(number)):
                self._join(name, self._names[other])

    def _join(self, name: Member, other: Member) -> None:
        if self._groups.join(name, other):
            self.pairs.append((name, other))

    def _alike(self, at: int, members: set[int], others: Iterable[int]) -> Iterator[int]:
        """Yield those that are alike to a set, whose members are given; most are told by bits."""
        own, signs, most = self._bits[at], self._bits, self._most
        for other in others:
            if (own ^ signs[other]).bit_count() <= most:
                row = self._rows[other]
                unlike = len(members) + len(row) - 2 * len(members.intersection(row))
                if unlike <= self._spare.get(len(row), -1):
                    yield other

    def _without_group(self, number: int) -> Sequence[int]:
        """Return what stands under a member and had no group, but for what became too small."""
        those = self._alone.get(number, ())
        if those and self._sizes[those[0]] < self._smallest:
            del those[: bisect_left(those, self._smallest, key=self._sizes.__getitem__)]
        return those

    def _of_other_groups(self, number: int, name: Member) -> Iterable[list[int]]:
        """Return what stands under a member and has a group that is not that of a set."""
        grouped, find = self._grouped.get(number), self._groups.find
        if grouped is None:
            return ()
        for group in [group for group in grouped if find(group) != group]:
            grouped[find(group)].extend(grouped.pop(group))
        return [others for group, others in grouped.items() if group != find(name)]

    def _put(self, number: int, at: int) -> None:
        if not self._groups.is_alone(self._names[at]):
            self._grouped[number][self._groups.find(self._names[at])].append(at)
            return
        self._alone[number].append(at)
        if len(self._alone[number]) > self._many[number]:
            before = self._alone.pop(number)
            self._many[number] = 2 * len(before)
            for one in before:
                if self._groups.is_alone(self._names[one]):
                    self._alone[number].append(one)
                else:
                    self._grouped[number][self._groups.find(self._names[one])].append(one)


def _ranked(bags: Sequence[Sequence[int]]) -> tuple[list[array[int]], int]:
    """Return each bag as the ranks of its members, the rarest first, none of them twice.

    Besides, the first rank of those that stand in more than one.
    """
    counts: Counter[int] = Counter()
    for bag in bags:
        counts.update(distinct(bag))
    known = sorted(counts, key=lambda member: (counts[member], member))
    ranks = {member: rank for rank, member in enumerate(known)}
    lone = sum(count == 1 for count in counts.values())
    return [array("I", sorted(map(ranks.__getitem__, distinct(bag)))) for bag in bags], lone
