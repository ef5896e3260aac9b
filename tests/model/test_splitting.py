from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from itertools import combinations
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.model.grouping import Unit, grouped
from annotator.model.leaks import LEAST, bagged, leaks
from annotator.model.likeness import folded, likeness
from annotator.model.splitting import SPLITS, Placed, Plan, split


def units(count: int, **fields: object) -> list[Unit]:
    return [
        Unit(f"r{number:03}", event=f"e{number:03}", sentences=told(f"own {number}"), **fields)  # type: ignore[arg-type]
        for number in range(count)
    ]


def told(*sentences: str) -> list[array[int]]:
    return [bagged(each) for each in sentences]


def alike(one: str, other: str) -> float:
    return likeness(Counter(folded(one)), Counter(folded(other)))


def are_near(one: str, other: str) -> bool:
    return any(leaks([("held", bagged(one))], [("train", bagged(other))]))


@pytest.mark.parametrize(
    "text",
    [
        "The two presidents agreed on Monday to meet in Geneva.",
        "Президенты двух стран в понедельник договорились встретиться летом в Женеве.",
        "اتفق الرئيسان يوم الإثنين على عقد لقاء جديد في جنيف",
        "दोनों राष्ट्रपति सोमवार को जिनेवा में फिर मिलने पर सहमत",
        "两国元首周一商定今年夏天在日内瓦再次举行会晤。",
        "ประธานาธิบดีทั้งสองตกลงจะพบกันที่เจนีวาในวันจันทร์นี้",
    ],
)
def test_a_word_in_ten_changed_makes_a_near_twin_in_any_script(text: str) -> None:
    words = text.split()
    changed = [" ".join([*words[:n], "другоеслово", *words[n + 1 :]]) for n in range(len(words))]
    if len(words) == 1:
        changed = [text.replace("举行", "召开").replace("เจนีวา", "ปารีส")]
    else:
        assert len(words) == 10
    assert all(are_near(text, one) for one in changed)
    assert not are_near(text, " ".join(words[: len(words) // 2]))


def test_shares_are_of_the_sentences_in_the_dataset_not_of_those_in_the_texts() -> None:
    long = [Unit("old", date="2001", sentences=told(*map(str, range(90))), size=1)]
    some = [Unit(f"r{n}", date=f"20{n + 10}", size=1) for n in range(9)]
    found = split([*long, *some], Plan(by="time", validation=0.2, test=0.3)).of
    assert Counter(found.values()) == {"train": 5, "validation": 2, "test": 3}


def test_what_tells_one_event_is_one_group_and_so_is_what_it_leads_to() -> None:
    found = grouped(
        [
            Unit("a", event="summit"),
            Unit("b", event="summit"),
            Unit("c", related=("b",)),
            Unit("d", related=("elsewhere",)),
            Unit("e", event="call"),
        ]
    ).groups
    assert found["a"] == found["b"] == found["c"] == "event summit"
    assert found["d"] == "readout d"
    assert found["e"] == "event call"


def test_texts_that_share_most_sentences_are_one_group_but_a_formula_joins_nobody() -> None:
    long, formula = ("one two", "three four", "five six"), "stay in touch"
    retold = [Unit("a", sentences=told(*long)), Unit("b", sentences=told(*long[:2], "seven eight"))]
    others = [Unit(f"x{n}", sentences=told(formula, f"own {n}", f"more {n}")) for n in range(30)]
    found = grouped([*retold, *others]).groups
    assert found["a"] == found["b"]
    assert len({found[unit.readout] for unit in others}) == len(others)


def test_many_copies_of_one_text_are_one_group_though_their_sentences_are_many() -> None:
    whole = [f"sentence {n} of the text that stands everywhere" for n in range(5)]
    copies = [Unit(f"c{n:02}", sentences=told(*whole)) for n in range(24)]
    nearly = [Unit(f"d{n:02}", sentences=told(*whole, f"added by {n}")) for n in range(24)]
    texts = [Unit(f"t{n:02}", text="same") for n in range(24)]
    assert len(set(grouped(copies).groups.values())) == 1
    assert len(set(grouped(nearly).groups.values())) == 1
    assert len(set(grouped([*copies, *nearly]).groups.values())) == 1
    assert len(set(grouped(texts).groups.values())) == 1


def test_a_copy_with_a_formula_at_its_end_joins_no_other_that_ends_so() -> None:
    formula = (
        "the two leaders agreed to stay in touch",
        "the call was requested by the other side",
    )
    some = [Unit(f"x{n}", sentences=told(*formula, f"own {n}", f"more {n}")) for n in range(30)]
    assert len(set(grouped(some).groups.values())) == 30


def test_texts_of_one_sentence_are_one_group_where_it_is_the_same() -> None:
    said = "The foreign ministers spoke by telephone today."
    pair = [Unit("a", sentences=told(said)), Unit("b", sentences=told(said.upper()))]
    found = grouped(
        [*pair, Unit("c", sentences=told("They met in Geneva later that week."))]
    ).groups
    assert found["a"] == found["b"] != found["c"]


def test_a_retelling_that_changes_a_word_in_each_sentence_is_of_the_group() -> None:
    long = [
        f"in point {n} the president said that {' '.join(f'w{n}x{k}' for k in range(15))}"
        for n in range(4)
    ]
    other = [one.replace("president", "leader") for one in long]
    found = grouped([Unit("a", sentences=told(*long)), Unit("b", sentences=told(*other))]).groups
    assert found["a"] == found["b"]


def test_translations_of_what_is_not_there_are_one_group() -> None:
    found = grouped([Unit("a", related=("o",)), Unit("b", related=("o",)), Unit("c")]).groups
    assert found["a"] == found["b"] != found["c"]
    some = [Unit("a", related=("x",)), Unit("b", related=("y",))]
    others = [Unit("x", event="e"), Unit("y", event="e")]
    assert len(set(split(some, Plan(seed=1), others).groups.values())) == 1
    assert set(split(some, Plan(seed=1), others).of) == {"a", "b"}


def test_what_was_placed_stays_and_of_groups_that_became_one_the_test_decides() -> None:
    some = units(40)
    first = split(some, Plan(seed=3, validation=0.2, test=0.2))
    before = {name: Placed(first.of[name], first.groups[name]) for name in first.of}
    one = {where: next(n for n in first.of if first.of[n] == where) for where in SPLITS}
    again = Plan(seed=3, validation=0.2, test=0.2, placed=before)
    # A member whose name comes first, and an event that is only now known, rename their groups.
    more = [*some, Unit("a", related=(one["test"],)), Unit("b", event="a", related=(one["train"],))]
    found = split(more, again)
    assert {name: found.of[name] for name in first.of} == first.of
    assert (found.of["a"], found.of["b"]) == ("test", "train")
    assert found.moved == []
    tied = split([*some, Unit("z", related=(one["test"], one["train"]))], again)
    assert tied.of["z"] == tied.of[one["train"]] == tied.of[one["test"]] == "test"
    assert tied.moved == [one["train"]]


@given(st.integers(0, 99), st.integers(10, 60))
def test_no_group_is_divided_and_new_readouts_move_no_old_one(seed: int, count: int) -> None:
    some = [*units(count), Unit("x1", event="e001"), Unit("x2", event="e003")]
    plan = Plan(seed=seed)
    first = split(some, plan)
    for group in set(first.groups.values()):
        assert len({first.of[name] for name, own in first.groups.items() if own == group}) == 1
    more = split([*some, *(Unit(f"new{n}", event=f"n{n}") for n in range(20))], plan)
    assert {name: more.of[name] for name in first.of} == first.of


def test_the_seed_that_is_found_gives_each_split_of_the_rare_label() -> None:
    some = [
        Unit(
            f"r{n:03}",
            event=f"e{n}",
            labels={"rare": 1} if n % 10 == 0 else {},
            sentences=told(f"own {n}"),
        )
        for n in range(60)
    ]
    found = split(some, Plan(validation=0.2, test=0.2))
    where = Counter(found.of[unit.readout] for unit in some if unit.labels)
    assert all(where[name] for name in SPLITS)
    assert split(some, Plan(validation=0.2, test=0.2)).of == found.of
    assert split(some, Plan(validation=0.2, test=0.2, seed=found.seed)).of == found.of


@pytest.mark.parametrize("chance", range(4))
def test_a_seed_leaves_no_label_out_of_train_and_the_shares_near_what_was_asked(
    chance: int,
) -> None:
    lots = Random(chance)  # noqa: S311 - a corpus, no secret
    names = [f"label {n}" for n in range(45)]
    some = []
    for number in range(16):
        size = lots.randint(10, 40)
        given = lots.choices(names, [1 / (n + 1) for n in range(45)], k=2 * size)
        some.append(Unit(f"r{number}", event=f"e{number}", labels=Counter(given), size=size))
    found = split(some, Plan()).of
    sizes, marks = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for unit in some:
        where = found[unit.readout] or ""
        sizes[where] += unit.size
        for label, count in unit.labels.items():
            marks[label][where] += count
    assert [label for label, counts in marks.items() if not counts["train"]] == []
    for name, asked in zip(SPLITS, (0.8, 0.1, 0.1), strict=True):
        assert sizes[name]
        assert abs(sizes[name] / sizes.total() - asked) < 0.15


def test_a_label_of_one_group_is_trained_on_rather_than_tested() -> None:
    some = [
        Unit(f"r{n}", event=f"e{n}", labels={f"own {n}": 1} if n % 4 == 0 else {}, size=5)
        for n in range(40)
    ]
    found = split(some, Plan()).of
    assert {found[unit.readout] for unit in some if unit.labels} == {"train"}


def test_without_labels_no_split_that_was_asked_is_empty() -> None:
    found = split([Unit(f"r{n}", event=f"e{n}", size=30) for n in range(6)], Plan()).of
    assert set(found.values()) == set(SPLITS)


def test_who_may_be_held_but_does_not_say_so_is_named() -> None:
    some = [Unit("ru", side="ru"), Unit("us", side="us"), Unit("none"), Unit("more", event="call")]
    plan = Plan(by="side", held="RU", seed=1)
    found = split([*some, Unit("tied", event="call"), Unit("told", event="e", side="ru")], plan)
    assert found.unknown == ["more", "none", "tied"]
    # What tells the event of who is held is left out, whoever told it.
    assert split([*some, Unit("told", event="call", side="ru")], plan).unknown == ["none"]


def test_a_pair_is_unknown_by_what_it_is_held_by() -> None:
    people = [Unit("a", dyad=("p", "q"), sides=("ru", "us")), Unit("b", dyad=("p", "r"))]
    assert split([*people, Unit("c")], Plan(by="dyad", held="p-q")).unknown == ["c"]
    assert split([*people, Unit("c")], Plan(by="dyad", held="ru-us")).unknown == ["b", "c"]


def test_by_time_the_latest_groups_are_the_test() -> None:
    some = [
        Unit(f"r{n}", event=f"e{n}", date=f"20{n:02}", sentences=told(f"own {n}"))
        for n in range(10, 30)
    ]
    found = split([*some, Unit("undated")], Plan(by="time", validation=0.1, test=0.2))
    dates = defaultdict(list)
    for unit in some:
        dates[found.of[unit.readout]].append(unit.date or "")
    assert max(dates["train"]) < min(dates["validation"])
    assert max(dates["validation"]) < min(dates["test"])
    assert found.of["undated"] == "train"


def test_by_time_what_may_be_of_the_time_of_the_test_does_not_train() -> None:
    days = [Unit(f"r{month}", date=f"2024-{month:02}-10") for month in range(1, 10)]
    vague = [Unit("year", date="2024"), Unit("july", date="2024-07"), Unit("old", date="2023")]
    found = split([*vague, *days], Plan(by="time", validation=0.25, test=0.25))
    assert found.vague == ["july", "old", "year"]
    assert [name for name in found.of if found.of[name] == "test"] == ["year", "r8", "r9"]
    assert [name for name in found.of if found.of[name] == "validation"] == ["july", "r6", "r7"]
    assert found.of["old"] == "train"
    assert split(vague, Plan()).vague == ()


def test_a_side_that_is_held_back_takes_the_other_tellings_out_of_train() -> None:
    some = [
        Unit("ru", event="call", side="ru"),
        Unit("us", event="call", side="us"),
        *units(20, side="us"),
    ]
    found = split(some, Plan(by="side", held="ru"))
    assert (found.of["ru"], found.of["us"]) == ("test", None)
    assert {found.of[unit.readout] for unit in some[2:]} == {"train", "validation"}


def test_a_dyad_that_is_held_back_is_all_of_the_test() -> None:
    some = [*units(20, dyad=("cn", "us")), Unit("a", dyad=("ru", "us")), Unit("b", dyad=("ru",))]
    found = split(some, Plan(by="dyad", held="us-ru"))
    assert [name for name, where in found.of.items() if where == "test"] == ["a"]


WORDS = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=12).map(" ".join)


@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12))
def test_leaks_are_what_comparing_all_with_all_finds(held: list[str], train: list[str]) -> None:
    found = {
        leak.sentence: leak.likeness
        for leak in leaks(
            [(f"h{n}", bagged(text)) for n, text in enumerate(held)],
            [(f"t{n}", bagged(text)) for n, text in enumerate(train)],
        )
    }
    expected = {}
    for number, text in enumerate(held):
        best = max((alike(text, other) for other in train), default=0.0)
        if best >= LEAST:
            expected[f"h{number}"] = best
    assert found == expected


def test_a_formula_is_told_wherever_it_stands_with_its_first_twin() -> None:
    formula, other = "the two leaders agreed to stay in contact", "they spoke about trade at length"
    held = [(f"h{n}", bagged(formula if n % 2 else other)) for n in range(6)]
    train = [("x", bagged("nothing of the kind")), *((f"t{n}", bagged(formula)) for n in range(4))]
    assert [(one.sentence, one.twin, one.likeness) for one in leaks(held, train)] == [
        ("h1", "t0", 1.0),
        ("h3", "t0", 1.0),
        ("h5", "t0", 1.0),
    ]


FEW_WORDS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=14).map(" ".join)


@given(st.lists(FEW_WORDS, max_size=6))
@example(["a a a a b", "a a a b a"])
def test_groups_of_single_sentences_are_those_that_comparing_all_with_all_finds(
    texts: list[str],
) -> None:
    found = grouped([Unit(f"u{n}", sentences=told(text)) for n, text in enumerate(texts)]).groups
    groups = [{n} for n in range(len(texts))]
    for one, other in combinations(range(len(texts)), 2):
        if alike(texts[one], texts[other]) >= LEAST:
            joined = groups[one] | groups[other]
            for number in joined:
                groups[number] = joined
    for one, other in combinations(range(len(texts)), 2):
        assert (found[f"u{one}"] == found[f"u{other}"]) == (other in groups[one])
