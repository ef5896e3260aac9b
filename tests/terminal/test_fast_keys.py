"""Escape and a letter that reach the program in one read of a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import Place

pytestmark = pytest.mark.terminal

READOUT = "2021-04-13-biden-putin-us"


def test_a_letter_right_behind_escape_is_not_lost(tmp_path: Path) -> None:
    with Place(tmp_path, READOUT).coding(READOUT) as terminal:
        terminal.steps(("2 g", "Sentence 2 of 9"), ("t", "key toggles"))
        terminal.type("\x1bs")
        terminal.wait_for("Speakers")
        terminal.wait_for("somebody new")
        terminal.type("\x1bz")
        terminal.wait_for("Note on this sentence")
