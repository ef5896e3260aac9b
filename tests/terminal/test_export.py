"""A dataset is written from the screen of a real terminal, and again by the line that it copied."""

from __future__ import annotations

import base64
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .harness import PATIENCE, Place

pytestmark = pytest.mark.terminal

READOUT = "2021-04-13-biden-putin-us"


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24), (60, 16)])
def test_the_line_that_is_copied_writes_what_the_screen_wrote(
    tmp_path: Path, columns: int, rows: int
) -> None:
    place = Place(tmp_path, READOUT)
    with place.coding(READOUT, columns, rows) as terminal:
        terminal.steps(("2 g", "Sentence 2 of 9"), ("enter", "Sentence 3 of 9"))
        terminal.steps(("E", "annotator export --project"), ("l", "--format csv"))
        terminal.steps(("w", "Written to exports/"), ("y", "sent to the clipboard"))
        raw = bytes(terminal.raw)
    copied = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)", raw)[-1]
    program, *args = shlex.split(base64.b64decode(copied).decode())
    (folder,) = (place.root / "exports").iterdir()
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert program == "annotator"
    assert written["annotations_long.csv"].count(READOUT.encode()) > 0
    done = subprocess.run(
        [sys.executable, "-m", "annotator", *args],
        cwd=place.home,
        env=place.env,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == written
