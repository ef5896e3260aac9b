"""Plots of characters: right without colour, and never wider than they may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui import paint, plots
from annotator.tui.paint import Line, Run


def words(line: Line) -> str:
    return "".join(run.text for run in line)


@pytest.mark.parametrize(
    ("share", "drawn"),
    [
        (0.0, "──────────"),
        (0.001, "╸─────────"),
        (0.5, "━━━━━─────"),
        (0.55, "━━━━━╸────"),
        (0.999, "━━━━━━━━━╸"),
        (1.0, "━━━━━━━━━━"),
        (-1.0, "──────────"),
        (7.0, "━━━━━━━━━━"),
    ],
)
def test_a_bar_shows_its_share_by_signs_and_not_by_colour(share: float, drawn: str) -> None:
    assert words(plots.bar(share, 10)) == drawn


@given(st.floats(0, 1), st.integers(1, 40))
def test_a_bar_fills_its_width_and_is_full_only_for_all(share: float, width: int) -> None:
    drawn = words(plots.bar(share, width))
    assert paint.width((Run(drawn),)) == width
    assert (drawn == "━" * width) == (share == 1)
    assert (drawn == "─" * width) == (share == 0)


def test_a_line_of_blocks_has_one_for_each_value_and_a_blank_for_none() -> None:
    assert plots.sparkline([0, 1, 4, 8, 0.01]) == " ▁▄█▁"
    assert plots.sparkline([]) == ""
    assert plots.sparkline([0, 0]) == "  "
    assert plots.sparkline([5]) == "█"


def test_columns_stand_over_an_axis_under_their_largest_number_above_their_names() -> None:
    lines = [words(line) for line in plots.columns([("mon", 4), ("tue", 0), ("wed", 2)], 20, 2)]
    assert lines == [
        "4 ┤███         ",
        "  ┤███     ███ ",
        "0 └────────────",
        "   mon     wed",
    ]


def test_columns_too_many_for_the_width_are_the_last_ones() -> None:
    bars = [(f"{day:02}", float(day)) for day in range(100)]
    lines = [words(line) for line in plots.columns(bars, 20, 3)]
    assert lines[0].startswith("99 ┤")
    assert lines[0].endswith("█")
    assert lines[-1].endswith("99")
    assert all(len(line) <= 20 for line in lines)


def test_columns_of_nothing_are_none_or_flat() -> None:
    assert plots.columns([], 20, 3) == []
    assert plots.columns([("a", 1)], 3, 3) == []
    flat = [words(line) for line in plots.columns([("a", 0), ("b", 0)], 20, 2)]
    assert flat[:2] == ["0 ┤        ", "  ┤        "]


BARS = st.lists(st.tuples(st.text(max_size=8), st.floats(0, 1e9)), max_size=80)


@given(BARS, st.integers(1, 130), st.integers(1, 8))
def test_columns_keep_to_their_width_whatever_they_show(
    bars: list[tuple[str, float]], width: int, height: int
) -> None:
    lines = plots.columns(bars, width, height)
    assert len(lines) in (0, height + 2)
    assert all(paint.width(line) <= width for line in lines)


def test_names_from_outside_are_shown_harmless() -> None:
    lines = plots.columns([("a\x1b[2J\u202e", 1)], 30, 1)
    assert "\x1b" not in words(lines[-1])
    assert "\u202e" not in words(lines[-1])


def test_what_stands_beside_begins_where_the_left_column_ends() -> None:
    left: list[Line] = [(Run("one"),), (Run("a line that is too long"),)]
    right: list[Line] = [(Run("R1"),), (Run("R2"),), (Run("R3"),)]
    assert [words(line) for line in plots.beside(left, right, 8, 2)] == [
        "one       R1",
        "a line…   R2",
        "          R3",
    ]
    assert [words(line) for line in plots.beside(left, [], 8)] == ["one", "a line…"]


def test_a_table_begins_at_the_left_and_ends_at_the_right() -> None:
    rows: list[list[Line]] = [[(Run("topics"),), (Run("7"),)], [(Run("speakers"),), (Run("12"),)]]
    assert [words(line) for line in plots.table(("layer", "n"), rows, (8, 4))] == [
        "layer        n",
        "topics       7",
        "speakers    12",
    ]


def test_a_table_cuts_no_number_but_the_name_beside_it() -> None:
    rows = [[(Run("a long name"),), (Run("1,112.5"),)], [(Run("b"),), (Run("2.0"),)]]
    lines = ["".join(run.text for run in line) for line in plots.table(["", "s"], rows, [12, 5])]
    assert [line.split()[-1] for line in lines[1:]] == ["1,112.5", "2.0"]
    assert {len(line) for line in lines} == {12 + 2 + 5}
