"""Questions that lead to a label: what they say of themselves, and what is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from annotator.model.codebook import Codebook
from annotator.model.questions import (
    Question,
    deepest_first,
    labels_reached,
    longest_walk,
    reached,
)

Tree = dict[str, Any]

BOOK: Tree = {
    "name": "small",
    "version": "1.0.0",
    "layers": [
        {
            "id": "moods",
            "name": "Moods",
            "key": "m",
            "families": [{"id": "plain", "name": "Plain"}, {"id": "odd", "name": "Odd"}],
            "labels": [
                {"id": "warm", "name": "Warm", "family": "plain"},
                {"id": "cold", "name": "Cold", "family": "odd"},
            ],
            "slots": [
                {
                    "id": "how",
                    "name": "How",
                    "type": "scale",
                    "families": ["plain"],
                    "choices": [{"id": "1", "name": "A little"}, {"id": "2", "name": "A lot"}],
                },
                {"id": "words", "name": "Words", "type": "span"},
            ],
            "questions": [
                {
                    "id": "first",
                    "ask": "Is there a mood?",
                    "answers": [
                        {"key": "y", "name": "yes", "question": "second"},
                        {"key": "n", "name": "no"},
                    ],
                },
                {
                    "id": "second",
                    "ask": "Which?",
                    "answers": [
                        {"key": "w", "name": "warm", "label": "warm", "slots": {"how": "2"}},
                        {"key": "c", "name": "cold", "label": "cold"},
                    ],
                },
            ],
        }
    ],
}


def load(tree: Tree) -> Codebook:
    return Codebook.model_validate_json(json.dumps(tree))


def questions_of(*ways: tuple[str, ...]) -> list[Question]:
    """Make questions, each named first and then what its answers lead to; `.` leads nowhere."""
    return [
        Question.model_validate_json(
            json.dumps(
                {
                    "id": name,
                    "ask": "?",
                    "answers": [
                        {"key": chr(97 + i), "name": to, "question": None if to == "." else to}
                        for i, to in enumerate(leads)
                    ],
                }
            )
        )
        for name, *leads in ways
    ]


def test_questions_say_what_they_lead_to() -> None:
    layer = load(BOOK).layers[0]
    assert reached(layer.questions) == {"first", "second"}
    assert labels_reached(layer.questions) == {"warm", "cold"}
    assert longest_walk(layer.questions) == 2
    second = layer.question("second")
    assert second is not None
    found = second.answer("w")
    assert found is not None
    assert (found.label, found.slots) == ("warm", {"how": "2"})
    assert second.answer("x") is None
    assert layer.question("third") is None


def test_without_questions_nothing_is_reached() -> None:
    assert (reached(()), labels_reached(()), longest_walk(()), deepest_first(())) == (
        frozenset(),
        frozenset(),
        0,
        [],
    )


def test_ways_that_meet_again_are_counted_by_the_longest() -> None:
    made = questions_of(("a", "b", "d"), ("b", "c", "."), ("c", "d", "."), ("d", ".", "."))
    assert longest_walk(made) == 4
    assert [q.id for q in deepest_first(made)] == ["d", "c", "b", "a"]


def test_questions_that_lead_round_come_in_no_order() -> None:
    made = questions_of(("a", "b", "."), ("b", "c", "."), ("c", "b", "."), ("d", ".", "."))
    assert {q.id for q in deepest_first(made)} == {"d"}
    assert reached(made) == {"a", "b", "c"}


def test_a_chain_of_thousands_is_walked_without_harm() -> None:
    names = [f"q{n}" for n in range(5000)]
    after = [*names[1:], "."]
    made = questions_of(*((name, to, ".") for name, to in zip(names, after, strict=True)))
    assert longest_walk(made) == 5000
    assert len(reached(made)) == 5000


def second(tree: Tree) -> Tree:
    found: Tree = tree["layers"][0]["questions"][1]
    return found


def _twice(tree: Tree) -> None:
    second(tree)["id"] = "first"


def _same_key(tree: Tree) -> None:
    second(tree)["answers"][1]["key"] = "w"


def _panels_key(tree: Tree) -> None:
    second(tree)["answers"][0]["key"] = "?"


def _both(tree: Tree) -> None:
    second(tree)["answers"][0]["question"] = "first"


def _no_question(tree: Tree) -> None:
    tree["layers"][0]["questions"][0]["answers"][0]["question"] = "third"


def _no_label(tree: Tree) -> None:
    second(tree)["answers"][1]["label"] = "cool"


def _no_slot(tree: Tree) -> None:
    second(tree)["answers"][1]["slots"] = {"how": "1"}


def _no_choice(tree: Tree) -> None:
    second(tree)["answers"][0]["slots"] = {"how": "3"}


def _no_choices(tree: Tree) -> None:
    second(tree)["answers"][0]["slots"] = {"words": "1"}


def _slots_without_label(tree: Tree) -> None:
    tree["layers"][0]["questions"][0]["answers"][1]["slots"] = {"how": "1"}


def _circle(tree: Tree) -> None:
    second(tree)["answers"][1] = {"key": "c", "name": "cold", "question": "first"}


def _lost(tree: Tree) -> None:
    tree["layers"][0]["questions"][0]["answers"][0].pop("question")


def _one_answer(tree: Tree) -> None:
    second(tree)["answers"].pop()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_twice, "two questions have the id “first”"),
        (_same_key, "question “second” has two answers with the key “w”"),
        (_panels_key, "answer “?”, has a key that every panel needs itself"),
        (_both, "leads both to a question and to a label"),
        (_no_question, "leads to a question “third” that is not there"),
        (_no_label, "leads to a label “cool” that is not there"),
        (_no_slot, "fills a slot “how” that its label does not have"),
        (_no_choice, "fills the slot “how” with “3”, which is no choice of it"),
        (_no_choices, "fills the slot “words” with “1”, which is no choice of it"),
        (_slots_without_label, "fills a slot “how” that its label does not have"),
        (_circle, "the question “first” leads round in a circle and to no end"),
        (_lost, "nothing leads to the question “second”"),
        (_one_answer, "at least 2 items"),
    ],
)
def test_questions_that_make_no_sense_are_refused(spoil: Callable[[Tree], None], said: str) -> None:
    tree = copy.deepcopy(BOOK)
    spoil(tree)
    with pytest.raises(ValidationError) as refused:
        load(tree)
    assert said in str(refused.value)
