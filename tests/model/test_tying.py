"""The ties of a split say truly what joins each readout to its group, and lead to its first."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.grouping import Unit, grouped
from annotator.model.leaks import bagged, leaks
from annotator.model.tying import Tie

WORDS = [f"{name}{n}" for name in "abcd" for n in range(9)]
SENTENCES = [" ".join(WORDS[n : n + 9]) for n in range(0, 27, 9)]
# Each has one word of the one before changed: the first and the last are no near-twins.
CHAIN = [" ".join([*(f"new{k}" for k in range(n)), *WORDS[n:10]]) for n in range(4)]


def are_near(one: str, other: str) -> bool:
    return any(leaks([("held", bagged(one))], [("train", bagged(other))]))


def unit(name: str, *said: str, event: str | None = None, related: tuple[str, ...] = ()) -> Unit:
    return Unit(name, event=event, related=related, sentences=[*map(bagged, said)])


def test_each_kind_of_tie_is_told_by_what_it_is() -> None:
    own = [" ".join(f"own{n}x{k}" for k in range(6)) for n in range(4)]
    found = grouped(
        [
            unit("a", event="call"),
            unit("b", event="call"),
            unit("c", related=("b",)),
            Unit("d", text="one"),
            Unit("e", text="one"),
            unit("f", *SENTENCES, own[0]),
            unit("g", *SENTENCES[:2], own[1]),
            unit("h", own[2], related=("elsewhere",)),
            unit("i", own[3], related=("elsewhere",)),
        ]
    ).ties
    assert found == {
        "b": Tie("a", "event"),
        "c": Tie("b", "relation"),
        "e": Tie("d", "text"),
        "g": Tie("f", "sentences", 2, 3, 2),
        "elsewhere": Tie("h", "relation"),
        "i": Tie("elsewhere", "relation"),
    }


def test_the_event_of_a_readout_is_told_with_who_leads_to_it() -> None:
    found = grouped(
        [unit("a", related=("b",)), unit("b", event="call"), unit("c", event="call")]
    ).ties
    assert found == {"b": Tie("a", "relation"), "c": Tie("b", "event")}


def test_what_only_near_twins_of_near_twins_tie_is_one_group_and_is_told_so() -> None:
    assert are_near(CHAIN[0], CHAIN[1])
    assert not are_near(CHAIN[0], CHAIN[3])
    rest = ["they will speak of the harvest later", "the king has left for his own house"]
    middle = [unit(f"m{n}", CHAIN[n], f"only here {n} and nowhere else now") for n in (1, 2)]
    ends = [unit("a", CHAIN[0], rest[0]), unit("z", CHAIN[3], rest[1])]
    # A readout of one sentence leads from the one end to the other, through no near-twin.
    found = grouped([unit("y", CHAIN[0]), unit("z", CHAIN[3]), *middle])
    assert found.groups["y"] == found.groups["z"]
    assert Tie("y", "sentences", 1, 1, 0) in found.ties.values()
    # Of two sentences, one alone is not enough.
    found = grouped([*ends, *middle])
    assert found.groups["a"] != found.groups["z"]


FEW = st.lists(st.sampled_from([*SENTENCES, *CHAIN]), max_size=4)


@given(
    st.lists(
        st.tuples(
            FEW, st.sampled_from([None, "e1", "e2"]), st.lists(st.integers(0, 9), max_size=1)
        ),
        max_size=9,
    )
)
def test_ties_are_true_and_lead_to_the_first_of_the_group(
    given_: list[tuple[list[str], str | None, list[int]]],
) -> None:
    units = [
        unit(f"r{n}", *said, event=event, related=tuple(f"r{one}" for one in related))
        for n, (said, event, related) in enumerate(given_)
    ]
    found = grouped(units)
    said = {one.readout: one for one in units}
    texts = {f"r{n}": texts for n, (texts, _, _) in enumerate(given_)}
    for name, tie in found.ties.items():
        one, other = said.get(name), said.get(tie.to)
        if one and other:
            assert found.groups[name] == found.groups[tie.to]
        if tie.by == "event":
            assert one
            assert other
            assert one.event == other.event is not None
        elif tie.by == "relation":
            assert tie.to in (one.related if one else ()) or name in (
                other.related if other else ()
            )
        else:
            mine, theirs = set(texts[name]), set(texts[tie.to])
            assert tie.shared >= max(min(2, tie.of), (tie.of + 1) // 2)
            direct = [each for each in mine if any(are_near(each, its) for its in theirs)]
            assert tie.near <= len(direct)
            assert bool(tie.near) == bool(direct)
    first: dict[str, str] = {}
    for one in units:
        first.setdefault(found.groups[one.readout], one.readout)
    for one in units:
        at = one.readout
        for _ in range(2 * len(units) + 1):
            at = found.ties[at].to if at in found.ties else at
        assert at == first[found.groups[one.readout]]
    for one, other in combinations(units, 2):
        if one.event and one.event == other.event:
            assert found.groups[one.readout] == found.groups[other.readout]
