"""The rows of a form as lines: how much of what they hold they say."""

from __future__ import annotations

import pytest

from annotator.tui.form import form, rows
from annotator.tui.modes.base import Field
from tests.tui.test_page import words

LETTERS = ("aaaa", "bbbb", "cccc")


def field(*parts: str, focused: bool = False) -> Field:
    return Field("C", "Content", ", ".join(parts), "filled", focused, parts)


@pytest.mark.parametrize(
    ("parts", "cells", "said"),
    [
        (LETTERS, 16, "aaaa, bbbb, cccc"),
        (LETTERS, 15, "aaaa, bbbb +1"),
        (LETTERS, 13, "aaaa, bbbb +1"),
        (LETTERS, 12, "aaaa +2"),
        (LETTERS, 6, "aa… +2"),
        (("会谈会谈", "会谈"), 12, "会谈会谈 +1"),
        (("aaaa bbbb cccc",), 8, "aaaa bb…"),
    ],
)
def test_a_row_says_how_many_values_it_has_no_room_for(
    parts: tuple[str, ...], cells: int, said: str
) -> None:
    (line,) = rows([field(*parts)], len("C Content  ") + cells)
    assert words(line) == f"C Content  {said}"


def test_rows_that_stand_side_by_side_say_so_too() -> None:
    lines = form((), [field(*LETTERS, focused=True), field("aaaa")], 40, 3)
    assert [words(line) for line in lines] == [
        "",
        "C Content aaaa +2    C Content aaaa",
        "C Content  aaaa, bbbb, cccc",
    ]
