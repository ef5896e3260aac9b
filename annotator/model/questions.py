"""Questions that lead to a label: a layer's rules as a tree that is walked by one key an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from annotator.model.base import Identifier, Key, Value


class Answer(Value):
    """An answer under a key, and what it leads to: another question, a label, or nothing to code.

    `hint` holds the words of a text that decide for it. `slots` are choices that come with the
    label, by the id of the slot.
    """

    key: Key
    name: str
    hint: str = ""
    question: Identifier | None = None
    label: Identifier | None = None
    slots: dict[Identifier, str] = Field(default_factory=dict)


class Question(Value):
    """What a coder is asked; `hint` says what to look at."""

    id: Identifier
    ask: str
    hint: str = ""
    answers: Annotated[tuple[Answer, ...], Field(min_length=2)]

    def answer(self, key: str) -> Answer | None:
        """Return the answer under a key, or None."""
        return next((answer for answer in self.answers if answer.key == key), None)


def reached(questions: Sequence[Question]) -> frozenset[str]:
    """Return the ids of the questions that the first one leads to, itself among them."""
    known = {question.id: question for question in questions}
    found: set[str] = set()
    ahead = [questions[0].id] if questions else []
    while ahead:
        here = ahead.pop()
        if here in known and here not in found:
            found.add(here)
            ahead += [answer.question for answer in known[here].answers if answer.question]
    return frozenset(found)


def deepest_first(questions: Sequence[Question]) -> list[Question]:
    """Return the questions so that each comes after those that it leads to.

    Questions that lead round in a circle, and those that lead to them, are left out.
    """
    known = {question.id: question for question in questions}
    before: dict[str, list[str]] = {name: [] for name in known}
    open_ways = dict.fromkeys(known, 0)
    for question in known.values():
        for answer in question.answers:
            if answer.question in known:
                before[answer.question].append(question.id)
                open_ways[question.id] += 1
    ready = [name for name, ways in open_ways.items() if ways == 0]
    found: list[Question] = []
    while ready:
        here = ready.pop()
        found.append(known[here])
        for name in before[here]:
            open_ways[name] -= 1
            if open_ways[name] == 0:
                ready.append(name)
    return found


def longest_walk(questions: Sequence[Question]) -> int:
    """Return how many answers the longest way from the first question to an end takes."""
    keys: dict[str | None, int] = {None: 0}
    for question in deepest_first(questions):
        keys[question.id] = 1 + max(keys.get(answer.question, 0) for answer in question.answers)
    return keys.get(questions[0].id, 0) if questions else 0


def labels_reached(questions: Sequence[Question]) -> frozenset[str]:
    """Return the labels to which the questions lead."""
    asked = reached(questions)
    answers = (a for question in questions if question.id in asked for a in question.answers)
    return frozenset(answer.label for answer in answers if answer.label)
