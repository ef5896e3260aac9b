"""A save that fails is loud, stays on the screen until it is mended, and loses nothing."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.pipeline.check import check
from annotator.pipeline.project import Project
from annotator.store import Store, TinyStore
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens import annotate
from tests.rendering import RENDER, painted
from tests.store.test_faults import Faulty

READOUT = "2021-04-13-biden-putin-us"
ALWAYS = range(10_000)


class OnDisk(Project):
    """A project whose coding goes to a disk that a test can break."""

    disk: Faulty

    def store(self) -> Store:
        return TinyStore(self.paths.tags, disk=self.disk)


@pytest.fixture
def project(tmp_path: Path) -> OnDisk:
    made: Project = RENDER.worked_project(tmp_path)
    project = OnDisk(made.paths, made.settings)
    project.disk = Faulty()
    return project


def shown(app: AnnotatorApp) -> str:
    return "\n".join(painted(app))


async def until(pilot: Pilot[None], met: Callable[[], bool]) -> None:
    for _ in range(400):
        if met():
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(pilot.app))  # type: ignore[arg-type]


def labels(project: OnDisk) -> list[str]:
    snapshot = TinyStore(project.paths.tags).read("ada", READOUT)
    assert snapshot is not None
    return [mark.label for _, sentence in snapshot.coding.sentences() for mark in sentence.marks]


@pytest.fixture(autouse=True)
def _quick_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "RETRY", 0.05)


async def test_a_full_disk_is_told_until_there_is_room_and_then_all_is_saved(
    project: OnDisk,
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        project.disk.arm(ALWAYS, errno.ENOSPC)
        await pilot.press("t", "e", "c")
        assert "✖ 2 NOT SAVED" in shown(app)
        assert "2 edits not on disk" in shown(app)
        assert "Free some space" in shown(app)
        await pilot.press("escape", "j")
        assert "NOT SAVED" in shown(app)
        assert labels(project) == []
        project.disk.heal()
        await until(pilot, lambda: "● saved" in shown(app))
        assert sorted(labels(project)) == ["prot.courtesy", "prot.event"]
    app.close_all()
    assert app.failure == 0


async def test_leaving_with_unsaved_edits_asks_once_and_keeps_them_elsewhere(
    project: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        project.disk.arm(ALWAYS, errno.EIO)
        await pilot.press("t", "e", "escape", "ctrl+q")
        assert app.is_running
        assert len(app.sessions) == 1
        assert "keeps what is not saved in another place" in shown(app)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.sessions)
    assert "1 edit not saved" in app.last_words
    assert app.failure == 3
    assert labels(project) == []
    (kept,) = (tmp_path / "state" / "annotator" / "unsaved").iterdir()
    assert f"kept as {kept}" in app.last_words
    project.disk.heal()
    kept.replace(project.paths.tags / "ada" / f"{READOUT}.json")
    assert labels(project) == ["prot.event"]
    assert list(check(project)) == []


async def test_what_can_be_kept_nowhere_is_told(
    project: OnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        project.disk.arm(ALWAYS, errno.EIO)
        await pilot.press("f", "ctrl+q", "ctrl+q")
        await until(pilot, lambda: not app.sessions)
    assert "It could not be kept elsewhere either" in app.last_words
    assert app.failure == 3


async def test_what_is_shown_as_saved_can_be_read_back_at_once(project: OnDisk) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        for number, key in enumerate(("e", "c", "t"), start=1):
            await pilot.press("t", key, "escape")
            assert "● saved" in shown(app)
            assert len(labels(project)) == number
            await asyncio.sleep(0)
    app.close_all()


async def test_a_write_that_was_cut_short_is_told_when_the_readout_is_opened_again(
    project: OnDisk,
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("t", "e", "c", "escape")
    app.close_all()
    path = project.paths.tags / "ada" / f"{READOUT}.json"
    path.write_bytes(path.read_bytes()[:-40])
    again = AnnotatorApp(project, "ada", READOUT)
    async with again.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert "taken back" in shown(again)
    again.close_all()
    assert labels(project) == ["prot.event"]


async def test_insisting_on_leaving_holds_for_the_edits_it_was_about_and_no_others(
    project: OnDisk,
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        project.disk.arm(ALWAYS, errno.ENOSPC)
        await pilot.press("t", "e", "escape", "ctrl+q")
        project.disk.heal()
        await until(pilot, lambda: "● saved" in shown(app))
        project.disk.arm(ALWAYS, errno.ENOSPC)
        await pilot.press("t", "c", "escape", "ctrl+q")
        assert len(app.sessions) == 1
        project.disk.heal()
    app.close_all()
    assert sorted(labels(project)) == ["prot.courtesy", "prot.event"]


async def test_what_is_not_on_disk_is_not_left_out_of_an_export_in_silence(project: OnDisk) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        project.disk.arm(ALWAYS, errno.ENOSPC)
        await pilot.press("t", "e", "escape", "E", "w")
        await until(pilot, lambda: "Not all edits are on disk yet" in shown(app))
        assert not project.paths.exports.exists()
        project.disk.heal()
        await until(pilot, lambda: not app.sessions[0].pending)
        await pilot.press("w")
        await until(pilot, lambda: "Written to exports/" in shown(app))
    app.close_all()
