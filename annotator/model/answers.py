"""What only a person can say of a dataset: answers that its card takes over as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

Question = Literal[
    "purpose",
    "creators",
    "funding",
    "sampling",
    "sensitive",
    "collection",
    "coders",
    "uses",
    "misuses",
    "terms",
    "maintainers",
    "versions",
    "licence",
]
"""A question that no data answer, by the name that its answer has in the settings."""

Answers = Mapping[Question, str]
"""Answers by question; one of blanks is none."""

QUESTIONS: Final[tuple[Question, ...]] = get_args(Question)


def given(answers: Answers, question: Question) -> str:
    """Return the answer to a question on one line, empty where nobody gave one."""
    return " ".join(answers.get(question, "").split())


def unanswered(answers: Answers) -> tuple[Question, ...]:
    """Return the questions that nobody answered, in their order."""
    return tuple(one for one in QUESTIONS if not given(answers, one))
