"""An export that several processes share, called for by the program itself, and cut short."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from tests.benchmarks import corpus
from tests.processes import helpers

from .harness import PATIENCE, Place, Terminal

pytestmark = pytest.mark.terminal

# The program itself, for which little is much. It does nothing to be safe from being run again.
SHARING: Final = """
import sys
from pathlib import Path
from annotator import cli
from annotator.pipeline import portions

answer = portions._Helper.answer

def told(self):
    made = answer(self)
    with Path("answers").open("a") as file:
        file.write("." if made else "x")
    return made

portions._Helper.answer = told
portions._WORTH = portions._AHEAD = portions._PORTION = 1
portions._processors = lambda: 3
"""
CALLED: Final = "sys.exit(cli.main())\n"
HELD: Final = """
import time
from annotator.pipeline.making import Making

def held(self, made):
    print("held", flush=True)
    time.sleep(600)

Making.take = held
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def many(tmp_path: Path) -> Project:
    """A project whose readouts give more than a pipe takes."""
    return corpus.project(tmp_path / "many", 13, coded=12)


def written(place: Place, text: str) -> list[str]:
    script = place.home / "sharing.py"
    script.write_text(text, encoding="utf-8")
    return [sys.executable, str(script)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def runs(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_the_screen_has_helpers_and_shows_nothing_of_them(place: Place, many: Project) -> None:
    argv = [*written(place, SHARING + CALLED), "-p", str(many.root), "--coder", "ada"]
    with Terminal(argv, cwd=place.home, env=place.env) as terminal:
        terminal.wait_for(corpus.title(1))
        terminal.steps(("E", "annotator export --project"), ("w", "Written to exports/"))
        (folder,) = many.paths.exports.iterdir()
        shared = contents(folder)
        assert helpers(terminal.pid) == {}
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    assert len((place.home / "answers").read_text()) == 8
    assert "x" not in (place.home / "answers").read_text()
    alone = [sys.executable, "-m", "annotator", "-p", str(many.root), "export"]
    subprocess.run(alone, cwd=place.home, env=place.env, check=True, timeout=PATIENCE)
    assert contents(folder) == shared


def test_a_file_of_the_current_folder_is_never_run(place: Place, many: Project) -> None:
    script = written(place, SHARING + CALLED)
    folder = place.home / "elsewhere"
    folder.mkdir()
    for name in ("annotator", "pickle", "orjson", "subprocess", "sitecustomize"):
        (folder / f"{name}.py").write_text("open('run', 'w').close()\n", "utf-8")
    done = subprocess.run(
        [*script, "-p", str(many.root), "export"],
        cwd=folder,
        env=place.env,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert set((folder / "answers").read_text()) == {"."}
    assert not (folder / "run").exists()


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGKILL, -signal.SIGKILL, ""),
        (signal.SIGTERM, 128 + signal.SIGTERM, "annotator: interrupted.\n"),
        (signal.SIGHUP, 128 + signal.SIGHUP, "annotator: interrupted.\n"),
        (signal.SIGINT, 130, "annotator: interrupted.\n"),
    ],
)
def test_no_helper_outlives_the_program_and_where_it_is_told_to_end_no_half_export_does(
    place: Place, many: Project, number: signal.Signals, code: int, said: str
) -> None:
    older = contents(export(many).folder)
    argv = [*written(place, SHARING + HELD + CALLED), "-p", str(many.root), "export"]
    with subprocess.Popen(
        argv,
        cwd=place.home,
        env=place.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "held\n"
            started = [*helpers(program.pid)]
            assert len(started) == 2
            assert [os.getsid(helper) for helper in started] == started
            # As a terminal does where somebody interrupts: all of its foreground is told.
            os.killpg(program.pid, number)
            out, err = program.communicate(timeout=PATIENCE)
        finally:
            program.kill()
    assert (program.returncode, out, err) == (code, "", said)
    deadline = time.monotonic() + PATIENCE
    while any(map(runs, started)):
        assert time.monotonic() < deadline, started
        time.sleep(0.05)
    kept, *left = sorted(many.paths.exports.iterdir(), key=lambda path: path.name[0] == ".")
    assert contents(kept) == older
    assert len(left) == (number == signal.SIGKILL)


# An export that takes so long that it could not end by itself before the screen has to.
SLOW: Final = """
import sys, time
from annotator import cli
from annotator.pipeline.making import Making

add = Making.add

def slow(self, works):
    add(self, works)
    time.sleep(2)

Making.add = slow
"""


def test_an_export_of_the_screen_is_given_up_where_the_program_is_told_to_end(
    place: Place, many: Project
) -> None:
    argv = [*written(place, SLOW + CALLED), "-p", str(many.root), "--coder", "ada"]
    with Terminal(argv, cwd=place.home, env=place.env) as terminal:
        terminal.wait_for(corpus.title(1))
        terminal.steps(("E", "annotator export --project"), ("w", "Writing"))
        terminal.wait_for(lambda _: any(many.paths.exports.iterdir()))
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        assert terminal.text.strip() == ""
    assert list(many.paths.exports.iterdir()) == []
