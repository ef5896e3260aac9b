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
        if columns >= WIDE[0]:
            terminal.wait_for(f"{hostile.hidden_in(hostile.TEXT)} hidden")
            terminal.wait_for("[inaudible]")
            terminal.wait_for("[@click=app.quit]")
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_every_sentence_of_it_is_shown(place: Place, columns: int, rows: int) -> None:
    sentences = Project.open(place.root).segment(Project.open(place.root).readout(hostile.READOUT))
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        terminal.wait_for("[inaudible]")
        for number in range(2, len(sentences) + 1):
            terminal.press("j")
            terminal.wait_for(lambda text, n=number: re.search(rf"▌ *{n} ", text) is not None)
        terminal.press("G")
        terminal.press("g")
        terminal.wait_for(re.compile("▌ *1 "))
        leave(terminal)


def test_the_status_says_how_much_of_it_is_hidden(place: Place) -> None:
    with place.coding(hostile.READOUT, 200, 40) as terminal:
        terminal.wait_for(f"{hostile.hidden_in(hostile.TEXT)} hidden characters")
        leave(terminal)
