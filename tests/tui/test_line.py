"""A typed line does what lines do everywhere, and shows nothing that a terminal would obey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui import paint
from annotator.tui.line import TypedLine


def typed(*keys: str, start: str = "") -> tuple[str, int]:
    line = TypedLine.of(start)
    for key in keys:
        line.press(key)
    return line.value, line.cursor


@pytest.mark.parametrize(
    ("start", "keys", "value", "cursor"),
    [
        ("", ("a", "space", "é"), "a é", 3),
        ("ab", ("backspace",), "a", 1),
        ("ab", ("home", "delete"), "b", 0),
        ("ab", ("left", "x"), "axb", 2),
        ("ab", ("left", "left", "left", "x"), "xab", 1),
        ("ab", ("right", "x"), "abx", 3),
        ("one two ", ("ctrl+w",), "one ", 4),
        ("one two", ("left", "left", "left", "ctrl+u"), "two", 0),
        ("one two", ("home", "right", "ctrl+k"), "o", 1),
        ("ab", ("ctrl+a", "x", "ctrl+e", "y"), "xaby", 4),
        ("", ("backspace", "delete", "ctrl+w"), "", 0),
    ],
)
def test_a_key_does_what_it_does_in_every_line(
    start: str, keys: tuple[str, ...], value: str, cursor: int
) -> None:
    assert typed(*keys, start=start) == (value, cursor)


def test_a_key_without_a_meaning_is_left_to_others() -> None:
    line = TypedLine.of("ab")
    assert not line.press("tab")
    assert (line.value, line.cursor) == ("ab", 2)


def test_pasted_lines_become_one() -> None:
    line = TypedLine("a b", 2)
    line.insert("x\r\ny\u2028z\n")
    assert (line.value, line.cursor) == ("a x y zb", 7)


def test_what_is_pasted_keeps_no_control_character() -> None:
    line = TypedLine()
    line.insert("a\tb \x1b[31m\x00c\x07\x9b2J\x7f \u202ed\u200de")
    assert line.value == "a b [31mc2J \u202ed\u200de"


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["x"], "x"),
        (["space", "x"], " x"),
        (["x", "y"], "xy"),
        (["end", "x"], "oldx"),
        (["left", "x"], "olxd"),
        (["home", "x"], "xold"),
        (["backspace", "x"], "olx"),
        (["ctrl+u"], ""),
        (["f5", "x"], "x"),
    ],
)
def test_what_is_typed_first_takes_the_place_of_what_is_proposed(
    keys: list[str], value: str
) -> None:
    line = TypedLine.of("old", proposed=True)
    assert line.line(20)[1].style == "reverse"
    for key in keys:
        line.press(key)
    assert line.value == value
    assert line.line(20)[1].style == ""


def test_what_is_pasted_takes_the_place_of_what_is_proposed() -> None:
    line = TypedLine.of("old", proposed=True)
    line.insert("new")
    line.insert("er")
    assert (line.value, line.cursor) == ("newer", 5)


@given(st.text(max_size=80), st.integers(0, 80), st.integers(4, 60))
def test_the_line_keeps_to_its_width_with_the_cursor_in_sight(
    text: str, cursor: int, width: int
) -> None:
    line = TypedLine(text, min(cursor, len(text)))
    shown = line.line(width)
    assert paint.width(shown) <= width
    assert sum(run.style == "reverse" for run in shown) == 1
    assert all(run.text == paint.show(run.text) for run in shown)


def test_an_empty_line_says_what_may_be_typed() -> None:
    assert "words" in "".join(run.text for run in TypedLine().line(40, hint="words"))


def test_a_line_with_a_limit_takes_no_more_and_says_that_it_is_full() -> None:
    line = TypedLine.of("abc", proposed=True, most=4)
    seen = []
    for key in "wxyz!":
        line.press(key)
        seen.append((line.value, line.full))
    assert seen[-2:] == [("wxyz", False), ("wxyz", True)]
    line.press("backspace")
    assert (line.value, line.full) == ("wxy", False)
    line.insert("123")
    assert (line.value, line.full) == ("wxy1", True)
