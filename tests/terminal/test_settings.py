"""Settings, sizes and pastes in a real terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from .harness import Place, Terminal
from .screen import SHOWN

pytestmark = pytest.mark.terminal

READOUT: Final = "2021-04-13-biden-putin-us"
COLOUR: Final = re.compile(r"(?:^|[;\[])(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:[;:m]|$)")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, READOUT)


def own(place: Place, source: str) -> None:
    folder = place.home / "config" / "annotator"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(source)


def colours(terminal: Terminal) -> list[str]:
    """Return the sequences that set a colour."""
    sent = (sequence for sequence in terminal.screen.sequences if sequence.endswith("m"))
    return [sequence for sequence in sent if COLOUR.search(sequence)]


def look_around(terminal: Terminal) -> None:
    terminal.steps(("t", "key toggles"), ("e", "● event"), ("escape", "◇ event"))
    for key in ("v", "escape", "z", "escape", "ctrl+p", "down", "escape", "?", "escape", "ctrl+t"):
        terminal.press(key)
        terminal.settle()


@pytest.mark.parametrize("theme", ["annotator-light", "nord"])
def test_no_color_keeps_every_colour_from_the_terminal(place: Place, theme: str) -> None:
    own(place, f'theme = "{theme}"\n')
    with place.start("--readout", READOUT, NO_COLOR="1") as terminal:
        terminal.wait_for("● saved")
        look_around(terminal)
        assert colours(terminal) == []
        assert any("7" in sequence for sequence in terminal.screen.sequences)


def test_the_measure_sees_colours_and_an_empty_no_color_means_nothing(place: Place) -> None:
    with place.start("--readout", READOUT, NO_COLOR="") as terminal:
        terminal.wait_for("● saved")
        terminal.settle()
        assert len(colours(terminal)) > 5


def test_a_theme_that_is_named_in_the_call_brings_its_colours(place: Place) -> None:
    with place.start("--theme", "nord", "--readout", READOUT, NO_COLOR="1") as terminal:
        terminal.wait_for("● saved")
        terminal.settle()
        assert len(colours(terminal)) > 5


def test_a_setting_that_nobody_understands_ends_in_one_line_before_any_screen(place: Place) -> None:
    own(place, '\ntheme = "nrd"\n')
    with place.start("--readout", READOUT) as terminal:
        assert terminal.wait_exit() == 2
        said = "".join(terminal.screen.lines)
        assert "config.toml, line 2: there is no theme “nrd”. Did you mean “nord”?" in said


def test_in_words_the_cursor_is_shown_and_stands_on_what_is_new(place: Place) -> None:
    with place.start("--reader", "--readout", READOUT, columns=80, rows=24) as terminal:
        terminal.wait_for("Sentence 2 of 9, body, not decided.")
        terminal.settle()
        assert terminal.screen.has(SHOWN)
        terminal.press("t")
        terminal.wait_for("Panel: Topics")
        terminal.press("e", "escape")
        terminal.wait_for("Topics: event")
        terminal.settle()
        assert terminal.screen.lines[terminal.screen.row] == "Sentence 2 of 9, body, not decided."
        terminal.press("f2")
        terminal.wait_for("● saved")
        terminal.settle()
        assert not terminal.screen.has(SHOWN)


@pytest.mark.parametrize("keys", ["", "t", "z"])
def test_a_storm_of_sizes_leaves_what_was_there(place: Place, keys: str) -> None:
    with place.coding(READOUT) as terminal:
        terminal.steps(("t", "key toggles"), ("e", "● event"), ("escape", "◇ event"))
        if keys:
            terminal.changes(keys)
        terminal.settle()
        before = terminal.text
        for columns, rows in ((60, 16), (1, 1), (3, 200), (200, 3), (80, 24), (120, 40)):
            terminal.resize(columns, rows)
            terminal.settle()
        terminal.wait_for(lambda text: text == before)


def test_a_megabyte_that_is_pasted_is_taken_for_text_and_for_no_key(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.paste("tqwpx\n" * 170_000)
        terminal.steps(("z", "Note on this sentence"))
        terminal.paste("pasted words " * 80_000)
        terminal.wait_for("pasted words")
        terminal.steps(("enter", "✎ pasted words"))
        terminal.wait_for("● saved")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
