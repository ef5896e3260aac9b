from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.project import Project

from . import hostile
from .harness import Place, Terminal
from .screen import ALTERNATE

pytestmark = pytest.mark.terminal

# What the screens' library sends: the cursor's place, colours, modes, questions, the pointer's shape.
OWN: Final = re.compile(
    r"\x1b\[\d{1,3};\d{1,3}H"
    r"|\x1b\[[0-9;]{0,40}m"
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1049|2004)[hl]"
    r"|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[(?:>\d{1,2}|<)u"
    r"|\x1b\]22;[a-z-]*\x07"
)
PILED: Final = 8
WIDE: Final = (140, 50)
NARROW: Final = (60, 16)
HIDDEN: Final = hostile.hidden_in(hostile.TEXT)
LABELS, SPEAKERS, FORM = "key\\s+toggles", "key\\s+attributes", "none\\s+stated|key\\s+chooses"
ON_PAGE: Final = r"\d+/21"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return hostile.make(tmp_path)


def assert_harmless(terminal: Terminal) -> None:
    """Look at every byte that the terminal was sent."""
    sent = bytes(terminal.raw).decode("utf-8")
    foreign = [s for s in terminal.screen.sequences if not OWN.fullmatch(s) or hostile.SENTINEL in s]
    assert not foreign
    assert not terminal.screen.unknown
    plain = OWN.sub("", sent)
    assert {char for char in plain if hostile.forbidden(char)} <= {"\r", "\n"}
    assert longest_pile(plain) <= PILED
    assert "pass" in plain or "attack" in plain or "[/]" in plain, "nothing hostile was shown"


def longest_pile(text: str) -> int:
    longest = pile = 0
    for char in text:
        pile = pile + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        longest = max(longest, pile)
    return longest


def leave(terminal: Terminal) -> None:
    """Quit, and look at what went by."""
    assert terminal.screen.has(ALTERNATE)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert_harmless(terminal)
    assert terminal.text.strip() == ""


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_the_library_shows_it(place: Place, columns: int, rows: int) -> None:
    with place.start(columns=columns, rows=rows) as terminal:
        terminal.wait_for("1 readout ")
        terminal.wait_for("Title ")
        if (columns, rows) == WIDE:
            terminal.wait_for(f"{HIDDEN} hidden")
            terminal.wait_for("[inaudible]")
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_every_sentence_of_it_is_shown(place: Place, columns: int, rows: int) -> None:
    project = Project.open(place.root)
    count = len(project.segment(project.readout(hostile.READOUT)))
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        terminal.wait_for("[inaudible]")
        for number in range(2, count + 1):
            terminal.steps(("j", rf"▌ *{number} "))
        terminal.steps(("ctrl+d", ""), ("g", "▌ *1 "))
        leave(terminal)


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_the_status_says_how_much_of_it_is_hidden(place: Place, columns: int) -> None:
    with place.coding(hostile.READOUT, columns, 24) as terminal:
        assert f"{HIDDEN} hidden characters" in terminal.screen.lines[0]
        leave(terminal)


def test_markup_is_shown_as_written_and_a_click_on_it_does_nothing(place: Place) -> None:
    with place.coding(hostile.READOUT, *WIDE) as terminal:
        written = "[/] and [@click=app.quit]x[/]"
        terminal.wait_for(written)
        row = next(n for n, line in enumerate(terminal.screen.lines) if written in line)
        column = terminal.screen.lines[row].index("]x[") + 1
        terminal.click(row, column)
        terminal.steps(("2 g", "▌ *2 "), ("t", LABELS))
        row, line = next(
            (n, line) for n, line in enumerate(terminal.screen.lines) if "[@click=app.quit]" in line
        )
        terminal.click(row, line.rindex("=app.quit"))
        terminal.steps(("escape", "Sentence 2 of"))
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [(180, 60), NARROW])
def test_every_panel_and_form_shows_it(place: Place, columns: int, rows: int) -> None:
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        steps = terminal.steps
        steps(("2 g", "▌ *2 "))
        for panel in "tcmo":
            steps((panel, LABELS), ("down down", ""), ("escape", ON_PAGE))
        steps(("s", SPEAKERS), ("1", FORM))
        for _ in range(14):
            steps(("tab", FORM))
        steps(("escape", ON_PAGE), ("s", SPEAKERS), (">", "who"), ("2", FORM), ("escape", ON_PAGE))
        steps(("c", LABELS), ("a", FORM))
        for _ in range(21):
            steps(("tab", FORM))
        steps(("A", FORM), ("space", "hop"), ("w", "hop"), ("right right down up", "hop"))
        steps(("enter", FORM), ("escape", ON_PAGE), ("v", "hop"), ("escape", ON_PAGE))
        steps(("t", LABELS), ("e", LABELS), ("escape", ON_PAGE), ("tab tab", ""), ("e", FORM))
        steps(("escape", ON_PAGE), ("x", LABELS), ("tab", LABELS), ("escape", ON_PAGE))
        steps(("S", "split here"), ("right right", ""), ("escape", ON_PAGE), ("R", "key chooses"))
        steps(("escape", ON_PAGE), ("u", "undone"), ("u", "undone"), ("ctrl+r", "done again"))
        leave(terminal)


def test_what_is_pasted_into_a_line_reaches_no_terminal(place: Place) -> None:
    with place.coding(hostile.READOUT, *WIDE) as terminal:
        steps = terminal.steps
        steps(("2 g", "▌ *2 "), ("z", "Note on this sentence"))
        terminal.paste(hostile.EVERYTHING)
        terminal.wait_for("%s{0}")
        steps(("enter", "noted"), ("t", LABELS), ("/", "Filter"))
        terminal.paste(hostile.EVERYTHING)
        terminal.wait_for("%s{0}")
        steps(("enter", "No label"), ("escape", ON_PAGE))
        steps(("s", SPEAKERS), ("+", "new speaker"))
        terminal.paste(hostile.EVERYTHING)
        terminal.wait_for("%s{0}")
        steps(("enter", FORM), ("escape", ON_PAGE), ("/", "in the whole project"))
        terminal.paste(hostile.EVERYTHING)
        terminal.wait_for("%s{0}")
        steps(("escape", ON_PAGE))
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_find_shows_it(place: Place, columns: int, rows: int) -> None:
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        steps = terminal.steps
        steps(("3 g", "▌ *3 "), ("t", LABELS), ("e", LABELS), ("escape", ON_PAGE))
        steps(("z", "Note on"))
        terminal.paste(hostile.ATTACKS["c1"])
        steps(("enter", "noted"), ("/", "in the whole project"))
        terminal.type("attack says")
        terminal.wait_for("15 places")
        steps(("enter", ""), ("j j", ""), ("enter", ON_PAGE), ("q", "15 places"), ("q", ON_PAGE))
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_codebook_help_and_palette_show_it(place: Place, columns: int, rows: int) -> None:
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        steps = terminal.steps
        steps(("?", "Codebook"))
        for _ in range(12):
            terminal.press("ctrl+d")
        steps(("G", ""), ("g", "Codebook"), ("escape", ON_PAGE), ("f1", "All keys"))
        steps(("G", ""), ("escape", ON_PAGE), ("ctrl+p", "Search"))
        terminal.type("general")
        terminal.wait_for(re.compile("relations|app.quit"))
        steps(("down", ""), ("escape", ON_PAGE))
        leave(terminal)
