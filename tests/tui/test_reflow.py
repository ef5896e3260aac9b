"""Rows of text: they tile it, fit the width, and know which row is whose."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from annotator.tui.paint import show
from annotator.tui.reflow import Rows, cells, fill, narrow, wrap

PLAIN = st.text(st.sampled_from("abc d\nе é—“‘…"), max_size=60)
ANY = st.text(
    st.one_of(st.sampled_from("ab  \n界。한👩é\u0301\ufe0f☎\u00a0"), st.characters(codec="utf-8")),
    max_size=60,
)
WIDTHS = st.integers(2, 24)


def rows(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap(text, width)]


@settings(deadline=None, max_examples=250)
@given(st.one_of(PLAIN, ANY), WIDTHS, st.integers(0, 5))
def test_rows_tile_any_text_and_none_is_empty(text: str, width: int, start: int) -> None:
    found = wrap(text, width, start)
    assert found[0][0] == start
    assert found[-1][1] == start + len(text)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert all(a < b for a, b in found) or found == [(start, start)]


@settings(deadline=None, max_examples=250)
@given(st.one_of(PLAIN, ANY), WIDTHS)
def test_what_is_no_prose_fills_each_row_with_whole_signs(text: str, width: int) -> None:
    found = fill(text, width)
    assert (found[0][0], found[-1][1]) == (0, len(text))
    assert all(one[1] == other[0] for one, other in pairwise(found))
    for (start, stop), (_, end) in pairwise(found):
        assert width - 1 <= cells(text[start:stop]) <= width
        # What begins the next row is a sign by itself, and had no room.
        assert cells(text[stop])
        assert text[stop] != "\ufe0f"
        assert cells(text[start:end]) > width
    assert cells(text[found[-1][0] :]) <= width


def test_no_row_of_data_ends_early_at_a_blank_or_a_full_stop() -> None:
    for text in ('{"a":"first second third"}', '{"文":"会谈。记者问。答。"}'):
        kept = [text[start:stop] for start, stop in fill(text, 9)]
        assert "".join(kept) == text
        assert all(cells(row) >= 8 for row in kept[:-1])


@settings(deadline=None, max_examples=200)
@given(PLAIN, WIDTHS)
def test_rows_of_letters_fit_the_width_but_for_a_blank_at_the_end(text: str, width: int) -> None:
    for row in rows(text, width):
        assert cells(row) <= width + (row[-1:] in (" ", "\n"))
        assert cells(row.rstrip(" \n")) <= width


@settings(deadline=None, max_examples=250)
@given(ANY.map(show), WIDTHS)
def test_rows_of_any_shown_text_fit_the_width_but_for_a_blank_at_the_end(
    text: str, width: int
) -> None:
    for row in rows(text, width):
        assert cells(row.rstrip(" ")) <= width


@pytest.mark.parametrize("width", [2, 3, 4, 5])
def test_rows_of_every_short_text_of_letters_blanks_and_wide_signs_fit(width: int) -> None:
    texts = ("".join(signs) for n in range(8) for signs in product("a 界", repeat=n))
    wrong = [t for t in texts if any(cells(row.rstrip(" ")) > width for row in rows(t, width))]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 5, [""]),
        ("abc", 5, ["abc"]),
        ("abcde", 5, ["abcde"]),
        ("abcde ", 5, ["abcde "]),
        ("abcde f", 5, ["abcde ", "f"]),
        ("ab cd ef", 5, ["ab cd ", "ef"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a\nbc de", 4, ["a\nbc ", "de"]),
        ("no\u00a0break here", 8, ["no\u00a0break ", "here"]),
        ("双方同意会面", 5, ["双方", "同意", "会面"]),
        ("双方 agree", 6, ["双方 ", "agree"]),
        ("abc 双方", 6, ["abc 双", "方"]),
        (" abc双方", 4, [" abc", "双方"]),
        ("де\u0301ло до\u0301м", 4, ["де\u0301ло ", "до\u0301м"]),
    ],
)
def test_rows_break_after_blanks_else_between_wide_signs_else_within_a_word(
    text: str, width: int, expected: list[str]
) -> None:
    assert rows(text, width) == expected


@pytest.mark.parametrize("width", [-5, 0, 1, 2])
def test_a_width_too_small_for_anything_is_taken_for_two(width: int) -> None:
    assert rows("abc界", width) == rows("abc界", 2)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a " * 500_000, "界" * 200_000])
def test_a_line_of_a_million_characters_is_wrapped_in_linear_time(text: str) -> None:
    assert sum(end - start for start, end in wrap(text, 80)) == len(text)


def test_every_character_that_counts_as_narrow_fills_one_cell() -> None:
    wrong = [
        hex(code)
        for code in range(0x110000)
        if narrow(chr(code)) and get_character_cell_size(chr(code)) != 1 and code != 10
    ]
    assert wrong == []


@settings(deadline=None, max_examples=200)
@given(ANY.map(show))
def test_a_text_is_never_taken_for_narrower_than_it_is_drawn(text: str) -> None:
    assert cells(text) >= cell_len(text)


@pytest.mark.parametrize(
    ("text", "wide"), [("", 0), ("abc", 3), ("界", 2), ("e\u0301", 1), ("☎\ufe0f", 2), ("👩", 2)]
)
def test_cells_are_counted_as_the_terminal_fills_them(text: str, wide: int) -> None:
    assert cells(text) == wide


# Rows and blocks


def test_rows_belong_to_blocks_one_under_the_other() -> None:
    stack = Rows([2, 1, 3])
    assert stack.total == 6
    assert [stack.at(row) for row in range(-1, 7)] == [
        None,
        (0, 0),
        (0, 1),
        (1, 0),
        (2, 0),
        (2, 1),
        (2, 2),
        None,
    ]
    assert [stack.of(place) for place in range(3)] == [(0, 2), (2, 3), (3, 6)]


def test_no_blocks_are_no_rows() -> None:
    assert Rows([]).total == 0
    assert Rows([]).at(0) is None


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 19), st.integers(1, 9)), max_size=8),
)
def test_blocks_that_were_resized_lie_where_they_would_lie_if_laid_anew(
    heights: list[int], changes: list[tuple[int, int]]
) -> None:
    stack = Rows(heights)
    for number, height in changes:
        place = number % len(heights)
        heights[place] = height
        stack.resized(place, height)
    assert stack.tops == Rows(heights).tops
    for row in range(stack.total):
        found = stack.at(row)
        assert found is not None
        assert stack.of(found[0])[0] + found[1] == row


@given(
    st.lists(st.integers(1, 9), max_size=20),
    st.integers(0, 20),
    st.integers(0, 20),
    st.lists(st.integers(1, 9), max_size=5),
)
def test_blocks_in_the_place_of_others_lie_where_they_would_lie_if_laid_anew(
    heights: list[int], one: int, other: int, new: list[int]
) -> None:
    first, end = sorted(min(place, len(heights)) for place in (one, other))
    stack = Rows(heights)
    stack.replaced(first, end, new)
    assert stack.tops == Rows([*heights[:first], *new, *heights[end:]]).tops
