"""What is pasted presses no key, whatever it holds and in whatever pieces it comes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.project import Project

from . import hostile
from .harness import Place, Terminal

pytestmark = pytest.mark.terminal

READOUT: Final = "2021-04-13-biden-putin-us"
# Each would mark, decide, flag, leave or quit if a key of it were pressed.
HOSTILE: Final = (
    "tewfpq\r",
    "\x1btew\x1bq\x1b\x1b",
    "\x1b[Aw\x1b[B\x1bOP\x1b[27uq\x11",
    "\x1b[<0;20;9M\x1b[<0;20;9m",
    "\x1b]52;c;eA==\x07te\x1b\\",
    "\x1b[200~te\x1b[201",
    "\x9bAte\x9d0;w\x9c\x85\x00q",
    "\udc9bAte\udcff\udcc3w",
    "\x1b",
    *hostile.ATTACKS.values(),
)
BEGIN, END = "\x1b[200~", "\x1b[201~"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, READOUT)


def paste_all(terminal: Terminal) -> None:
    """Paste each text as one piece, and then in three that are read apart."""
    for text in HOSTILE:
        terminal.paste(text)
    for text in HOSTILE[:8]:
        half = len(text) // 2
        for piece in (f"{BEGIN}{text[:half]}", text[half:] + END[:1], END[1:]):
            terminal.type(piece)
            terminal.read(0.02)


def files(place: Place) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("seeds", "schemas", "tags", "exports")
        for path in (place.root / folder).rglob("*")
        if path.is_file()
    }


def sentences(place: Place) -> list[tuple[str, str, int]]:
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    return [(s.state, s.note, len(s.marks)) for _, s in snapshot.coding.sentences()]


def test_where_no_line_is_typed_it_does_nothing(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        # The key behind it tells that all of it has been read.
        terminal.steps(("2 g b", "b means nothing here"))
        terminal.settle()
        before, on_disk = terminal.text, files(place)
        paste_all(terminal)
        terminal.press("Z")
        terminal.wait_for(before.replace("b means", "Z means"))
        assert files(place) == on_disk
        # A panel takes letters for keys, and no paste either.
        terminal.steps(("t", "key toggles"), ("g", "g ● trade"), ("g", "g ★ trade"))
        terminal.settle()
        panel = without_meter(terminal.text)
        paste_all(terminal)
        terminal.steps(("g", "g ● trade"), ("g", "g ★ trade"))
        terminal.wait_for(lambda text: without_meter(text) == panel)
        terminal.press("escape")
        terminal.wait_gone("key toggles")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert {(note, marks) for _, note, marks in sentences(place)} == {("", 0)}


def without_meter(text: str) -> list[str]:
    return text.splitlines()[:-2]


def test_into_a_note_it_is_text_without_control_characters(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.steps(("2 g z", "Note on this sentence"))
        paste_all(terminal)
        terminal.type("at the end")
        terminal.steps(("", "at the end"), ("enter", ""))
        terminal.wait_gone("Note on this sentence")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    (_, first, _), (state, note, marks), *rest = sentences(place)
    assert (state, marks, first) == ("new", 0, "")
    assert note.startswith("tewfpqtewq[Aw[BOP[27uq[<0;20;9M")
    assert note.endswith("at the end")
    assert "]52;c;eA==te\\" in note
    assert not [char for char in note if ord(char) < 32 or 127 <= ord(char) < 160]
    assert {one[1:] for one in rest} == {("", 0)}


def test_into_a_filter_and_a_search_it_is_text(place: Place) -> None:
    with place.start() as terminal:
        terminal.wait_for("1 readout ")
        for key in ("f", "/"):
            terminal.steps((key, "⇥ completes"))
            paste_all(terminal)
            terminal.type("at the end")
            terminal.steps(("", "at the end"), ("ctrl+u", ""), ("escape", ""))
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert Project.open(place.root).store().read("ada", READOUT) is None


def test_a_paste_that_breaks_off_holds_the_keys_until_escape_is_pressed(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.steps(("2 g b", "b means nothing here"))
        terminal.settle()
        before = terminal.text
        terminal.type(f"{BEGIN}tew\r\x1b[A")
        terminal.settle()
        terminal.press("t", "e", "w", "enter")
        terminal.settle()
        assert terminal.text == before
        terminal.type("\x1b")
        terminal.settle()
        assert terminal.text == before
        terminal.steps(("Z", "Z means nothing here"))


def test_what_stands_behind_the_end_of_a_paste_is_typed(place: Place) -> None:
    # It is the terminal's part to take the sign of the end out of what is pasted.
    with place.coding(READOUT) as terminal:
        terminal.steps(("2 g", "Sentence 2 of 9"))
        terminal.paste(f"w{END}3g")
        terminal.wait_for("Sentence 3 of 9")
        assert "0/8" in terminal.text
