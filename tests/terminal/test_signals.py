from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.project import Project

from .harness import Place, Terminal
from .screen import ALTERNATE, MOUSE, PASTE, SHOWN, WRAP

pytestmark = pytest.mark.terminal

READOUT: Final = "2021-04-13-biden-putin-us"
CONFIDENTIAL: Final = "the-coder-was-reading-this"

# The program itself, with a defect behind one key.
BROKEN: Final = f"""
import sys
from annotator import cli
from annotator.tui import app

def toggle_theme(self):
    confidential = {CONFIDENTIAL!r}
    raise RuntimeError("a defect")

app.AnnotatorApp.toggle_theme = toggle_theme
sys.exit(cli.main())
"""


# A defect in painting stops no screen from taking keys.
BADLY_PAINTED: Final = f"""
import sys
from annotator import cli
from annotator.tui import app
from annotator.tui.widgets.document import DocumentView

def row_at(self, row):
    confidential = {CONFIDENTIAL!r}
    raise IndexError("a defect")

def toggle_theme(self):
    DocumentView.row_at = row_at
    self.screen.query_one(DocumentView).refresh()

app.AnnotatorApp.toggle_theme = toggle_theme
sys.exit(cli.main())
"""

# A screen that does not end, and would hold what ends it.
HELD: Final = BROKEN.replace(
    "sys.exit",
    """
import asyncio
from annotator.tui.screens.annotate import AnnotateScreen

async def on_unmount(self):
    await asyncio.Event().wait()

AnnotateScreen.on_unmount = on_unmount
sys.exit""",
)


def mark(terminal: Terminal) -> None:
    """Put a topic on the first sentence, and wait until it is on disk."""
    terminal.steps(("1 g", "Sentence 1 of"), ("t", "key toggles"))
    terminal.press("e")
    terminal.wait_for(lambda text: "◇ event" in terminal.block(1) and "● saved" in text)


def marks(place: Place) -> list[str]:
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    return [mark.label for _, sentence in snapshot.coding.sentences() for mark in sentence.marks]


def notes(place: Place) -> set[str]:
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    return {sentence.note for _, sentence in snapshot.coding.sentences()} - {""}


def assert_clean(terminal: Terminal) -> None:
    screen = terminal.screen
    assert not screen.has(ALTERNATE)
    assert not any(screen.has(mode) for mode in MOUSE)
    assert not screen.has(PASTE)
    assert not screen.has("?1004")
    assert screen.has(SHOWN)
    assert screen.has(WRAP)
    assert terminal.now() == terminal.attributes


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, READOUT)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_leaves_tags_on_disk_and_the_terminal_clean(
    place: Place, number: signal.Signals
) -> None:
    with place.coding(READOUT) as terminal:
        mark(terminal)
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert_clean(terminal)
        assert terminal.text.strip() == ""
    assert marks(place) == ["prot.event"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_line_that_a_signal_cuts_short_is_no_note_and_is_offered_again_once(
    place: Place, number: signal.Signals
) -> None:
    with place.coding(READOUT) as terminal:
        mark(terminal)
        terminal.steps(("escape", "Sentence 1 of"), ("z", "Note on this sentence"))
        terminal.type("half a no")
        terminal.wait_for("half a no")
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert_clean(terminal)
        assert "The line that was being typed is kept" in terminal.text
    assert marks(place) == ["prot.event"]
    assert notes(place) == set()
    (kept,) = (place.home / "state" / "annotator" / "half-typed").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    with place.coding(READOUT) as terminal:
        terminal.steps(("2 g", "Sentence 2 of"), ("z", "Note on this sentence"))
        assert "half a no" not in terminal.text
        terminal.steps(("escape", "Sentence 2 of"), ("1 g", "Sentence 1 of"), ("z", "half a no"))
        assert not kept.exists()
        terminal.type("te")
        terminal.press("enter")
        terminal.wait_for(lambda text: "half a note" in terminal.block(1) and "● saved" in text)
    assert notes(place) == {"half a note"}


def test_a_terminal_that_goes_away_leaves_tags_on_disk(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        mark(terminal)
        terminal.hang_up()
        assert terminal.wait_exit() == 128 + signal.SIGHUP
    assert marks(place) == ["prot.event"]


def test_a_terminal_that_takes_nothing_more_cannot_hold_the_program(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        mark(terminal)
        terminal.stop_output()
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert marks(place) == ["prot.event"]


@pytest.mark.parametrize("readout", [READOUT, None])
def test_the_key_to_quit_ends_with_zero_and_a_clean_terminal(
    place: Place, readout: str | None
) -> None:
    args = ("--readout", readout) if readout else ()
    with place.start(*args) as terminal:
        terminal.wait_for("● saved" if readout else "1 readout")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert_clean(terminal)
        assert terminal.text.strip() == ""


def assert_one_line(terminal: Terminal, place: Place, kind: str) -> Path:
    """Check that one line names a private report, and return the report's place."""
    said = "".join(terminal.screen.lines)
    report = next(place.home.rglob("crash-*.txt"))
    assert said.startswith(f"annotator: There is a defect in Annotator ({kind});")
    assert str(report) in said
    assert "Traceback" not in said
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    return report


@pytest.mark.parametrize(
    ("script", "kind"), [(BADLY_PAINTED, "IndexError"), (HELD, "RuntimeError")]
)
def test_a_defect_ends_the_program_whatever_was_typed_and_whatever_holds_it(
    place: Place, script: str, kind: str
) -> None:
    path = place.home / "broken.py"
    path.write_text(script, encoding="utf-8")
    argv = [sys.executable, str(path), "-p", str(place.root), "--coder", "ada"]
    with Terminal([*argv, "--readout", READOUT], cwd=place.home, env=place.env) as terminal:
        terminal.wait_for("● saved")
        mark(terminal)
        terminal.steps(("escape", "Sentence 1 of"))
        terminal.press("ctrl+t", *("f2", "t", "t", "escape", "u", "f2") * 5)
        for columns in range(60, 120, 3):
            terminal.resize(columns, 40)
        terminal.resize(120, 40)
        assert terminal.wait_exit() == 70
        assert_clean(terminal)
        assert_one_line(terminal, place, kind)
    assert marks(place) == ["prot.event"]


def test_a_defect_leaves_a_clean_terminal_one_line_and_a_private_report(place: Place) -> None:
    script = place.home / "broken.py"
    script.write_text(BROKEN, encoding="utf-8")
    argv = [sys.executable, str(script), "-p", str(place.root), "--coder", "ada"]
    with Terminal([*argv, "--readout", READOUT], cwd=place.home, env=place.env) as terminal:
        terminal.wait_for("● saved")
        mark(terminal)
        terminal.steps(("escape", "Sentence 1 of"))
        terminal.press("ctrl+t")
        assert terminal.wait_exit() == 70
        assert_clean(terminal)
        report = assert_one_line(terminal, place, "RuntimeError").read_text("utf-8")

    assert "RuntimeError: a defect" in report
    assert "toggle_theme" in report
    assert CONFIDENTIAL not in report
    assert CONFIDENTIAL not in bytes(terminal.raw).decode()
    assert marks(place) == ["prot.event"]


def test_surroundings_that_the_screens_cannot_work_in_end_in_one_line(place: Place) -> None:
    with place.start("--readout", READOUT, TEXTUAL_COLOR_SYSTEM="no such system") as terminal:
        assert terminal.wait_exit() == 70
        assert_clean(terminal)
        assert_one_line(terminal, place, "KeyError")


HANGING: Final = """
import sys, time
from annotator import cli
from annotator.tui import app

app.AnnotatorApp.toggle_theme = lambda self: time.sleep(1000)
sys.exit(cli.main())
"""


def _arguments(place: Place) -> list[str]:
    return ["-p", str(place.root), "--coder", "ada", "--readout", READOUT]


def test_a_screen_that_hangs_does_not_keep_the_program_from_ending(place: Place) -> None:
    argv = [sys.executable, "-c", HANGING, *_arguments(place)]
    with Terminal(argv, cwd=place.home, env=place.env) as terminal:
        terminal.wait_for("● saved")
        mark(terminal)
        terminal.press("ctrl+t")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        assert_clean(terminal)
    assert marks(place) == ["prot.event"]


def test_a_terminal_that_goes_away_without_a_signal_ends_the_program(place: Place) -> None:
    master, slave = os.openpty()
    # In a session of its own and without a terminal that controls it, nobody sends a signal.
    process = subprocess.Popen(
        [sys.executable, "-m", "annotator", *_arguments(place)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=place.env,
        cwd=place.home,
        start_new_session=True,
    )
    os.close(slave)
    shown = b""
    while b"Sentence" not in shown:
        shown += os.read(master, 65536)
    os.close(master)
    assert process.wait(60) == 128 + signal.SIGHUP
