"""A person's expression is looked for, and stopped where it would never end."""

from __future__ import annotations

import time

import pytest

from annotator.errors import InputError
from annotator.pipeline.expression import LONGEST, MOST, PATIENCE, Expression


def places(expression: str, *texts: str) -> list[list[tuple[int, int]]]:
    with Expression(expression) as looking:
        return looking.places(texts)


def test_it_is_found_wherever_it_stands_and_whatever_the_case() -> None:
    assert places("tr.de", "Trade and trade", "none", "") == [[(0, 5), (10, 15)], [], []]
    assert places("(?-i:Tr.de)", "Trade and trade") == [[(0, 5)]]
    assert places("^.", "ab", "é🤝") == [[(0, 1)], [(0, 1)]]
    assert places("🤝|\u0085|\u2028", "a🤝b\u0085\u2028") == [[(1, 2), (3, 4), (4, 5)]]


def test_what_matches_nothing_is_no_place() -> None:
    assert places("a*", "bab") == [[(1, 2)]]
    assert places("^|$", "bab") == [[]]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("(", r"is not one: missing \), unterminated subpattern, at its character 1\. Put a"),
        ("a**", "is not one: multiple repeat, at its character 3"),
        ("\\", "at its character 1"),
        ("(?:" * 600 + "a" + ")" * 600, "is not one: it is too large or too deep"),
        ("(" * 90, "“[(]{60}…” is not one"),
    ],
)
def test_what_is_no_expression_is_refused_with_the_place(expression: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Expression(expression)


def test_what_would_never_end_is_stopped() -> None:
    begun = time.monotonic()
    with Expression("(a+)+$") as looking:
        with pytest.raises(InputError, match="takes more than 2 seconds or too much memory"):
            looking.places(["a" * 40 + "!"])
        assert looking._process.poll() is not None
        with pytest.raises(InputError, match="was stopped"):
            looking.places(["a"])
    assert time.monotonic() - begun < 5 * PATIENCE


def test_an_expression_whose_parts_multiply_does_no_harm() -> None:
    assert places("((a{1000}){1000}){1000}", "a" * 5000) == [[]]


def test_only_so_much_of_a_sentence_is_looked_at_and_told() -> None:
    text = "b" * LONGEST + "a"
    assert places("a", text) == [[]]
    (found,) = places("b", text)
    assert len(found) == MOST
    many = places("a|b", *["b" * LONGEST] * 30)
    assert [len(one) for one in many] == [MOST] * 30


def test_its_process_ends_with_it() -> None:
    looking = Expression("a")
    looking.close()
    looking.close()
    assert looking._process.returncode is not None
