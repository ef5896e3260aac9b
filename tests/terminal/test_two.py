"""Two people, or one in two terminals, at work on one readout at the same time."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.check import check
from annotator.pipeline.project import Project

from .harness import Place, Terminal

pytestmark = pytest.mark.terminal

READOUT: Final = "2021-04-13-biden-putin-us"
REFUSED: Final = "Nothing can be changed here."


def labels(place: Place, coder: str = "ada") -> list[str]:
    """Read what is coded as another program would, without a lock."""
    snapshot = Project.open(place.root).store().read(coder, READOUT)
    assert snapshot is not None
    return [mark.label for _, sentence in snapshot.coding.sentences() for mark in sentence.marks]


def wait_for(terminal: Terminal, words: str) -> None:
    """Wait until the screen says something, be it on one row or on two."""
    terminal.wait_for(re.compile(re.escape(words).replace(r"\ ", r"\s+")))


def toggle(terminal: Terminal, number: int, key: str, tag: str) -> None:
    """Put a topic on a sentence, and wait until it is on disk."""
    terminal.steps((f"{number} g", f"Sentence {number} of"), ("t", "key toggles"))
    terminal.press(key)
    terminal.wait_for(lambda text: f"◇ {tag}" in terminal.block(number) and "● saved" in text)
    terminal.steps(("escape", f"Sentence {number} of"))


def test_a_second_terminal_reads_along_until_the_first_is_gone_and_then_takes_over(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path, READOUT)
    with place.coding(READOUT) as first, place.start("--readout", READOUT) as second:
        second.wait_for("◌ read only")
        wait_for(second, f"Process {first.pid} writes this readout under your name")

        toggle(first, 3, "e", "event")
        second.wait_for(lambda _: "◇ event" in second.block(3))
        toggle(first, 3, "c", "courtesy")
        second.wait_for(lambda _: "◇ courtesy" in second.block(3))
        first.press("u")
        second.wait_for(lambda _: "◇ courtesy" not in second.block(3))
        assert "◇ event" in second.block(3)

        for key in ("t", "f", "enter", "J"):
            second.steps(("2 g", "Sentence 2 of"), (key, re.escape(REFUSED)))
            second.steps(("3 g", "Sentence 3 of"))
            second.wait_gone(REFUSED)
        # As long as the first writes, the readout is opened anew and said to be held as before.
        second.press("W")
        second.settle()
        second.steps(("2 g", "Sentence 2 of"), ("f", re.escape(REFUSED)))
        wait_for(second, f"Process {first.pid} writes")
        assert labels(place) == ["prot.event"]

        first.kill(signal.SIGKILL)
        assert first.wait_exit() == -signal.SIGKILL
        wait_for(second, "Nobody writes this readout any more. W takes it over.")
        second.steps(("W", "● saved"))
        toggle(second, 2, "c", "courtesy")
        assert labels(place) == ["prot.courtesy", "prot.event"]
        second.press("ctrl+q")
        assert second.wait_exit() == 0
    assert list(check(Project.open(place.root))) == []


def test_two_coders_write_on_one_readout_and_neither_waits(tmp_path: Path) -> None:
    place = Place(tmp_path, READOUT)
    bob = ("--coder", "bob", "--readout", READOUT)
    with place.coding(READOUT) as ada, place.start(*bob) as other:
        other.wait_for("● saved")
        assert "bob" in other.screen.lines[0]
        toggle(ada, 3, "e", "event")
        toggle(other, 3, "c", "courtesy")
        toggle(ada, 4, "c", "courtesy")
        assert "read only" not in ada.text + other.text
        assert "◇ event" not in other.block(3)
        assert labels(place) == ["prot.event", "prot.courtesy"]
        assert labels(place, "bob") == ["prot.courtesy"]
        for terminal in (ada, other):
            terminal.press("ctrl+q")
            assert terminal.wait_exit() == 0
    assert list(check(Project.open(place.root))) == []
