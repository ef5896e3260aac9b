"""A readout that another process writes is shown, followed, never changed, and can be taken over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.pipeline.project import Project
from annotator.session import acts
from annotator.session.acts import Pen
from annotator.store import TinyStore
from annotator.tui.app import AnnotatorApp
from annotator.tui.keys import COMMANDS
from tests.rendering import RENDER

READOUT = "2021-04-13-biden-putin-us"
SIZE = (120, 36)
AT = "2026-03-05T12:00:00Z"
HOLDER = """
import sys
from pathlib import Path
from annotator.pipeline.project import Project
journal = Project.open(Path(sys.argv[1])).journal("ada", sys.argv[2], "2026-03-05T12:00:00Z")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@pytest.fixture
def holder(project: Project) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that has the readout open for writing."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(project.root), READOUT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def shown(app: AnnotatorApp) -> str:
    return " ".join(" ".join(RENDER.words(app.export_screenshot())).split())


async def until(pilot: Pilot[None], met: Callable[[str], bool]) -> None:
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    for _ in range(400):
        if met(shown(app)):
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(app))


def bytes_of(project: Project) -> bytes:
    return (project.paths.tags / "ada" / f"{READOUT}.json").read_bytes()


async def test_it_says_which_process_writes_and_offers_to_take_over_when_that_is_killed(
    project: Project, holder: subprocess.Popen[str]
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "◌ read only" in said)
        assert f"Process {holder.pid} writes this readout under your name" in shown(app)
        await pilot.press("W")
        await until(pilot, lambda said: f"Process {holder.pid} writes" in said)
        holder.kill()
        await until(pilot, lambda said: "Nobody writes this readout any more. W takes it" in said)
        await pilot.press("4", "g", "W")
        await until(pilot, lambda said: "● saved" in said)
        assert "Sentence 4 of 9" in shown(app)
        await pilot.press("f")
        await until(pilot, lambda said: "✱ flag" in said)
    app.close_all()
    snapshot = TinyStore(project.paths.tags).read("ada", READOUT)
    assert snapshot is not None
    assert snapshot.coding.sentence(snapshot.coding.order[3]).flagged


@pytest.mark.parametrize("size", [(120, 36), (60, 16)])
async def test_no_key_changes_anything(
    project: Project, holder: subprocess.Popen[str], size: tuple[int, int]
) -> None:
    before = bytes_of(project)
    changing = [
        command.keys[0] for command in COMMANDS if command.part in ("Mark", "Decide", "Change")
    ]
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda said: "read only" in said)
        for key in (*changing, "t", "s", "c", "m", "o"):
            await pilot.press("j", key)
            assert "Nothing can be changed here" in shown(app), key
        assert app.sessions[0].pending == 0
        await pilot.press("k", "tab", "G", "g", "H", "escape", "question_mark", "escape", "q")
        await pilot.pause()
        assert not app.sessions
    app.close_all()
    assert bytes_of(project) == before
    assert app.failure == 0


async def test_what_the_other_writes_is_shown_also_where_it_moves_boundaries(
    project: Project,
) -> None:
    journal = project.journal("ada", READOUT, AT)
    pen = Pen("ada", project.codebook, lambda: AT, lambda: "0123456789ab")
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "◌ read only" in said)
        edit = acts.write_note(pen, journal.coding, 3, "seen by the other")
        assert edit is not None
        journal.put(edit)
        await until(pilot, lambda said: "✎ seen by the other" in said)
        await pilot.press("5", "g")
        text = project.readout(READOUT).text
        from annotator.session.boundaries import join

        joined = join(pen, journal.coding, 4, text)
        assert joined is not None
        journal.put(joined)
        await until(pilot, lambda said: "of 8" in said)
        journal.close()
        await until(pilot, lambda said: "Nobody writes this readout any more" in said)
    app.close_all()


async def test_two_coders_of_one_readout_never_wait_for_each_other(project: Project) -> None:
    ada, bob = AnnotatorApp(project, "ada", READOUT), AnnotatorApp(project, "bob", READOUT)
    async with ada.run_test(size=SIZE) as one, bob.run_test(size=SIZE) as other:
        await until(one, lambda said: "● saved" in said)
        await until(other, lambda said: "● saved" in said)
        await one.press("f")
        await other.press("f")
        for pilot in (one, other):
            await until(pilot, lambda said: "✱ flag" in said and "● saved" in said)
    ada.close_all()
    bob.close_all()
