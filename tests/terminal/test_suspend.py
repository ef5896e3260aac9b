"""The program as a job of a shell: stopped and continued, by its key and from outside."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.project import Project

from .harness import Place, Terminal
from .screen import ALTERNATE, MOUSE, PASTE, SHOWN

pytestmark = pytest.mark.terminal

READOUT: Final = "2021-04-13-biden-putin-us"
SHELL: Final = str(Path(__file__).with_name("shell.py"))
STOPPED: Final = re.compile(r"job (\d+) stopped")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, READOUT)


@contextmanager
def job(place: Place) -> Iterator[Terminal]:
    """Start the program as the job of a shell, and wait until it can be worked in."""
    program = [sys.executable, "-m", "annotator", "-p", str(place.root), "--coder", "ada"]
    argv = [sys.executable, SHELL, *program, "--readout", READOUT]
    with Terminal(argv, cwd=place.home, env=place.env) as terminal:
        terminal.wait_for("● saved")
        yield terminal


def stopped(terminal: Terminal) -> int:
    """Wait until the job has stopped, check that the shell has a clean terminal; return its id."""
    found = STOPPED.search(terminal.wait_for(STOPPED))
    assert found is not None
    assert not terminal.screen.has(ALTERNATE)
    assert not any(terminal.screen.has(mode) for mode in (*MOUSE, PASTE, "?1004"))
    assert terminal.screen.has(SHOWN)
    assert terminal.now() == terminal.attributes
    return int(found[1])


def mark(terminal: Terminal, key: str, label: str) -> None:
    terminal.steps(("t", "key toggles"))
    terminal.press(key)
    terminal.wait_for(lambda text: label in terminal.block(2) and "● saved" in text)
    terminal.press("escape")
    terminal.wait_gone("key toggles")


def labels(place: Place) -> list[str]:
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    return [m.label for _, sentence in snapshot.coding.sentences() for m in sentence.marks]


def test_the_key_stops_the_job_and_fg_brings_back_what_was_there(place: Place) -> None:
    with job(place) as terminal:
        mark(terminal, "e", "◇ event")
        terminal.settle()
        before = terminal.text
        terminal.type("\x1a")
        stopped(terminal)
        assert labels(place) == ["prot.event"]
        terminal.type("fg\r")
        terminal.wait_for(lambda text: text == before)
        assert terminal.screen.has(ALTERNATE)
        terminal.paste("\x1bq\x1bte")
        mark(terminal, "t", "▲ terror")
        terminal.press("ctrl+q")
        terminal.wait_for(re.compile("job .* ended with 0"))
    assert labels(place) == ["prot.event", "sec.terror"]


def test_a_stop_from_outside_is_obeyed_like_the_key(place: Place) -> None:
    with job(place) as terminal:
        mark(terminal, "e", "◇ event")
        terminal.type("\x1a")
        number = stopped(terminal)
        terminal.type("fg\r")
        terminal.wait_for("● saved")
        os.kill(number, signal.SIGTSTP)
        stopped(terminal)
        terminal.type("fg\r")
        terminal.wait_for("● saved")
        terminal.press("ctrl+q")
        terminal.wait_for(re.compile("job .* ended with 0"))


def test_the_size_is_read_anew_when_the_job_goes_on(place: Place) -> None:
    with job(place) as terminal:
        terminal.type("\x1a")
        stopped(terminal)
        terminal.resize(80, 24)
        terminal.type("fg\r")
        terminal.wait_for(lambda text: "● saved" in text.split("\n")[0][:80])
        terminal.settle()
        assert "Sentence" in terminal.text
        assert max(map(len, terminal.screen.lines)) <= 80


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_is_obeyed_once_the_job_goes_on(
    place: Place, number: signal.Signals
) -> None:
    with job(place) as terminal:
        mark(terminal, "e", "◇ event")
        terminal.type("\x1a")
        process = stopped(terminal)
        assert labels(place) == ["prot.event"]
        os.kill(process, number)
        terminal.type("fg\r")
        terminal.wait_for(re.compile(f"job .* ended with {128 + number}"))
        assert terminal.screen.has(SHOWN)
        assert not terminal.screen.has(ALTERNATE)
        assert terminal.now() == terminal.attributes
    assert labels(place) == ["prot.event"]


def test_a_job_put_into_the_background_waits_for_its_terminal(place: Place) -> None:
    with job(place) as terminal:
        mark(terminal, "e", "◇ event")
        terminal.type("\x1a")
        stopped(terminal)
        terminal.type("bg\r")
        terminal.wait_for(lambda text: len(STOPPED.findall(text)) == 2)
        assert not terminal.screen.has(ALTERNATE)
        terminal.type("fg\r")
        terminal.wait_for("● saved")
        terminal.wait_for("◇ event")
        terminal.press("ctrl+q")
        terminal.wait_for(re.compile("job .* ended with 0"))
        assert terminal.now() == terminal.attributes


def test_a_stop_that_cannot_be_caught_leaves_a_terminal_that_is_clean_in_the_end(
    place: Place,
) -> None:
    with job(place) as terminal:
        terminal.type("\x1a")
        number = stopped(terminal)
        terminal.type("fg\r")
        terminal.wait_for("● saved")
        terminal.settle()
        os.kill(number, signal.SIGSTOP)
        terminal.wait_for(STOPPED)
        terminal.type("fg\r")
        terminal.wait_gone(STOPPED)
        terminal.wait_for("● saved")
        mark(terminal, "e", "◇ event")
        terminal.press("ctrl+q")
        terminal.wait_for(re.compile("job .* ended with 0"))
        assert terminal.now() == terminal.attributes
    assert labels(place) == ["prot.event"]


def test_a_shell_that_ends_takes_the_stopped_job_with_it(place: Place) -> None:
    with job(place) as terminal:
        mark(terminal, "e", "◇ event")
        terminal.type("\x1a")
        number = stopped(terminal)
        terminal.type("bye\r")
        terminal.wait_exit()
        deadline = time.monotonic() + 30
        while _alive(number) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _alive(number)
    assert labels(place) == ["prot.event"]


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_where_no_shell_could_continue_it_the_program_goes_on_and_says_so(place: Place) -> None:
    with place.coding(READOUT) as terminal:
        terminal.type("\x1a")
        terminal.wait_for("There is no shell here to go back to.")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.now() == terminal.attributes
