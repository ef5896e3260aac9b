"""What is found to be alike, beside comparing all with all."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.leaks import shared
from annotator.model.overlap import Groups, Needed, bits, distinct, join_alike

TEMPLATES = st.integers(0, 2).map(lambda which: [*range(20 * which, 20 * which + 12)])


@st.composite
def filled(draw: st.DrawFn) -> list[int]:
    """Return a template of which some words are others, rare or not, or stand in it twice."""
    words = draw(TEMPLATES)
    for place in draw(st.lists(st.integers(0, 11), max_size=3)):
        words[place] = draw(st.one_of(st.sampled_from(range(70)), st.integers(100, 10_000)))
    return sorted(words[: draw(st.sampled_from((12, 12, 11, 10, 5)))])


def near(smaller: int, larger: int) -> int:
    return shared(smaller + larger)


def half_of_the_smaller(smaller: int, _: int) -> int:
    return max(min(2, smaller), -(-smaller // 2))


def most_of_the_larger(_: int, larger: int) -> int:
    return max(2, -(-4 * larger // 5))


def compare_all(bags: list[list[int]], needed: Needed, groups: Groups[int]) -> None:
    members = [{*distinct(bag)} for bag in bags]
    for (one, mine), (other, its) in combinations(enumerate(members), 2):
        if len(mine & its) >= needed(*sorted((len(mine), len(its)))):
            groups.join(one, other)


def parts(groups: Groups[int], amount: int) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for one in range(amount):
        found.setdefault(groups.find(one), set()).add(one)
    return {frozenset(members) for members in found.values()}


@pytest.mark.parametrize("needed", [near, half_of_the_smaller, most_of_the_larger])
@given(bags=st.lists(filled(), max_size=60), known=st.lists(st.integers(0, 59), max_size=6))
def test_groups_are_those_that_comparing_all_with_all_finds(
    needed: Needed, bags: list[list[int]], known: list[int]
) -> None:
    found, expected, by_pairs = Groups[int](), Groups[int](), Groups[int]()
    for groups in (found, expected, by_pairs):
        for one, other in pairwise(known):
            groups.join(one, other)
    pairs = join_alike([*enumerate(bags)], needed, found)
    compare_all(bags, needed, expected)
    assert parts(found, len(bags)) == parts(expected, len(bags))
    # The pairs that are told make these groups, and none is more than that takes.
    for pair in pairs:
        mine, its = ({*distinct(bags[one])} for one in pair)
        assert len(mine & its) >= needed(*sorted((len(mine), len(its))))
        assert by_pairs.join(*pair)
    assert parts(by_pairs, len(bags)) == parts(expected, len(bags))


@pytest.mark.parametrize("seed", [0, 1, 2, 10])
def test_groups_of_many_from_few_templates_are_complete(seed: int) -> None:
    """Many stand under each word, of many groups, and some are joined by one sentence alone."""
    rng = random.Random(seed)  # noqa: S311 - words, not secrets
    templates = [[*range(40 * n, 40 * n + rng.randint(12, 24))] for n in range(3)]
    bags, cut = [], seed % 2
    for _ in range(500):
        bag = [*rng.choice(templates)]
        for place in rng.sample(range(len(bag)), rng.randint(1 - cut, len(bag) // 5)):
            bag[place] = rng.choice((rng.randrange(120), rng.randrange(1_000, 1_400)))
        bags.append(sorted({*bag[cut * rng.randrange(5) :]}))
    found, expected = Groups[int](), Groups[int]()
    join_alike([*enumerate(bags)], near, found)
    compare_all(bags, near, expected)
    assert parts(found, len(bags)) == parts(expected, len(bags))
    assert 3 < len(parts(found, len(bags))) < len(bags)


@given(filled(), filled())
def test_bits_differ_no_more_than_the_members(one: list[int], other: list[int]) -> None:
    mine, its = Counter(one), Counter(other)
    differing = ((mine - its) + (its - mine)).total()
    assert (bits(distinct(one)) ^ bits(distinct(other))).bit_count() <= differing


@given(filled())
def test_what_stands_again_is_another_member(bag: list[int]) -> None:
    found = distinct([*bag, bag[-1], bag[-1]])
    assert len(set(found)) == len(found) == len(bag) + 2


def test_the_smallest_that_can_be_alike_is_found_behind_one_that_is_too_small() -> None:
    small, alike, large = [0, *range(20, 26)], [*range(8)], [*range(10)]
    often = [[*range(1, 10)], [*range(20, 29)]] * 3
    groups = Groups[int]()
    join_alike([*enumerate([small, alike, large, *often])], near, groups)
    assert groups.find(0) != groups.find(1) == groups.find(2)


class Counting(Groups[int]):
    """Groups that count how often two are found to be one."""

    joined = 0

    def join(self, one: int, other: int) -> bool:
        self.joined += 1
        return super().join(one, other)


def test_of_many_of_one_kind_each_is_found_to_be_alike_a_few_times_only() -> None:
    frame, amount, groups = [*range(20)], 2_000, Counting()
    join_alike([(n, [*frame, 1_000 + n, 10_000 + n]) for n in range(amount)], near, groups)
    assert len({groups.find(n) for n in range(amount)}) == 1
    assert groups.joined < 2 * amount
