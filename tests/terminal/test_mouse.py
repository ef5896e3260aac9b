from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from .harness import Place, Terminal

pytestmark = pytest.mark.terminal

READOUT: Final = "2021-04-13-biden-putin-us"
OTHER: Final = "2021-04-13-biden-putin-ru"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, READOUT, OTHER)


def find(terminal: Terminal, words: str) -> tuple[int, int]:
    """Return the row and column where words stand on the screen."""
    terminal.settle()
    for row, line in enumerate(terminal.screen.lines):
        if words in line:
            return row, line.index(words)
    raise AssertionError(f"“{words}” is not on the screen:\n{terminal.text}")


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 40)])
def test_a_click_lights_the_sentence_that_was_clicked(
    place: Place, columns: int, rows: int
) -> None:
    with place.coding(READOUT, columns, rows) as terminal:
        for words, number in (
            ("down.", 6),
            ("elections.", 4),
            ("He stressed", 5),
        ):
            terminal.wait_for(words)
            terminal.click(*find(terminal, words))
            terminal.wait_for(re.compile(rf"▌ *{number} "))


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 40)])
def test_words_that_are_drawn_over_become_the_span(place: Place, columns: int, rows: int) -> None:
    with place.coding(READOUT, columns, rows) as terminal:
        terminal.steps(("5 g", r"▌ *5 "), ("t", "key"), ("u", "● ukraine"), ("escape", "5 of 9"))
        row, column = find(terminal, "sovereignty")
        terminal.drag((row, column), (row, column + len("sovereignty") - 1))
        terminal.wait_for("“sovereignty”")


def test_a_click_beside_the_text_leaves_the_open_panel_open(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.steps(("5 g", r"▌ *5 "), ("t", "key toggles"))
        terminal.click(*find(terminal, "State of bilateral relations"))
        terminal.click(*find(terminal, "saved"))
        terminal.steps(("u", "u ● ukraine"))


def test_a_click_on_a_label_is_its_key(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.steps(("5 g", r"▌ *5 "), ("t", "key toggles"))
        terminal.click(*find(terminal, "ukraine"))
        terminal.wait_for("u ● ukraine")


def test_two_clicks_open_a_readout(place: Place) -> None:
    with place.start() as terminal:
        terminal.wait_for("2 readouts")
        terminal.wait_for("Summary of the President's")
        row, column = find(terminal, "Summary of the President's")
        terminal.click(row, column, times=2)
        terminal.wait_for("● saved")
        assert "Summary of the President's" in terminal.screen.lines[0]


def test_find_opens_a_place_of_the_readout_that_is_open(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.steps(("/", "in the whole project"))
        terminal.type("sovereignty")
        terminal.wait_for(READOUT[:15])
        row, column = find(terminal, READOUT[:15])
        terminal.click(row, column, times=2)
        terminal.wait_for(re.compile(r"▌ *5 "))


def test_what_is_typed_ahead_of_the_screen_is_not_lost(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.type("znoted in haste\rf")
        terminal.wait_for("✎ noted in haste")
        terminal.wait_for("✱ flag")
