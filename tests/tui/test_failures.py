"""Each way in which a disk, a person or a program can spoil the work, as the coder meets it."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tinydb import TinyDB

from annotator.pipeline.check import check
from annotator.pipeline.project import Project
from annotator.store import Store, TinyStore
from annotator.store.disk import Disk
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens import annotate
from tests.rendering import RENDER, painted
from tests.store.test_faults import Faulty

READOUT = "2021-04-13-biden-putin-us"
SIZE = (120, 36)


class Locked(Disk):
    """A disk on which nothing may be opened for writing, once it is `closed`."""

    closed: int = 0

    def open(self, path: Path, flags: int) -> int:
        if self.closed and flags & os.O_RDWR:
            raise OSError(self.closed, os.strerror(self.closed), str(path))
        return super().open(path, flags)


class LosesOne(Disk):
    """A disk whose next fsync fails, once it is `armed`."""

    armed = False

    def fsync(self, descriptor: int) -> None:
        if self.armed:
            self.armed = False
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().fsync(descriptor)


class OnDisk(Project):
    """A project whose coding goes to a disk that a test can break."""

    disk: Disk

    def store(self) -> Store:
        return TinyStore(self.paths.tags, disk=self.disk)


@pytest.fixture
def project(tmp_path: Path) -> OnDisk:
    made: Project = RENDER.worked_project(tmp_path)
    project = OnDisk(made.paths, made.settings)
    project.disk = Disk()
    return project


@pytest.fixture(autouse=True)
def _quick_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "RETRY", 0.05)


@pytest.fixture
async def coded(project: OnDisk) -> Path:
    """The file of a coding with two marks and an undone one."""
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("t", "e", "escape", "j", "t", "c", "escape", "j", "t", "t", "escape", "u")
    app.close_all()
    assert labels(project) == ["prot.event", "prot.courtesy"]
    return project.paths.tags / "ada" / f"{READOUT}.json"


def of(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, data: bytes | bytearray) -> None:
    path.write_bytes(data)


def inode_of(path: Path) -> int:
    return path.stat().st_ino


def labels(project: OnDisk) -> list[str]:
    snapshot = TinyStore(project.paths.tags).read("ada", READOUT)
    assert snapshot is not None
    return [mark.label for _, sentence in snapshot.coding.sentences() for mark in sentence.marks]


def shown(app: AnnotatorApp) -> str:
    """Return what is on the screen, with line breaks as spaces."""
    return " ".join(" ".join(painted(app)).split())


async def until(pilot: Pilot[None], said: str) -> None:
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    for _ in range(400):
        if said in shown(app):
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(app))


async def refused(project: OnDisk) -> str:
    """Open the readout from the library, and return what is said in its place."""
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(*str(project.readout_ids().index(READOUT) + 1), "g", "enter")
        await pilot.pause()
        assert not app.sessions
        return shown(app)


async def told(project: OnDisk) -> str:
    """Open the readout, and return what its screen says."""
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "Sentence")
        said = shown(app)
    app.close_all()
    return said


def repaired(project: OnDisk) -> list[str]:
    return [found.severity for found in check(project, repair=True)]


async def test_a_flipped_bit_is_refused_and_repaired_by_its_checksum(
    project: OnDisk, coded: Path
) -> None:
    sound = of(coded)
    spoiled = bytearray(sound)
    spoiled[len(spoiled) - 200] ^= 0x10
    put(coded, spoiled)
    said = await refused(project)
    assert "the bytes are not those that were written" in said
    assert "annotator check --repair" in said
    assert of(coded) == spoiled
    assert repaired(project) == ["repaired"]
    assert of(coded) == sound
    (kept,) = coded.parent.glob(".*.damaged-*")
    assert of(kept) == spoiled


async def test_a_file_cut_in_the_middle_opens_with_its_sound_lines_and_says_so(
    project: OnDisk, coded: Path
) -> None:
    lines = of(coded).split(b"\n")
    put(coded, b"\n".join(lines[:3]) + b"\n" + lines[3][:50])
    assert "taken back: look at what you did last" in await told(project)
    assert labels(project) == ["prot.event"]


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
async def test_what_nobody_may_write_opens_read_only(
    project: OnDisk, coded: Path, code: int
) -> None:
    disk = project.disk = Locked()
    disk.closed = code
    app = AnnotatorApp(project, "ada", READOUT)
    before = of(coded)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "read only")
        assert os.strerror(code) in shown(app)
        await pilot.press("t", "f", "J", "u", "z", "x")
        await until(pilot, "Nothing can be changed here")
        disk.closed = 0
        await pilot.press("W")
        await until(pilot, "● saved")
        await pilot.press("f")
        await until(pilot, "✱ flag")
    app.close_all()
    assert of(coded).startswith(before[:-3])


@pytest.mark.parametrize("code", [errno.EROFS, errno.EIO, errno.EDQUOT])
async def test_a_disk_that_fails_under_an_open_readout_keeps_the_edit_until_it_is_saved(
    project: OnDisk, coded: Path, code: int
) -> None:
    disk = project.disk = Faulty()
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        disk.arm(range(10_000), code)
        await pilot.press("f")
        await until(pilot, "✖ 1 NOT SAVED")
        assert os.strerror(code) in shown(app)
        assert "tried again every two seconds" in shown(app)
        disk.heal()
        await until(pilot, "● saved")
    app.close_all()
    snapshot = TinyStore(project.paths.tags).read("ada", READOUT)
    assert snapshot is not None
    assert [one.flagged for _, one in snapshot.coding.sentences()].count(True) == 1
    assert list(check(project)) == []


async def test_an_fsync_that_fails_is_never_trusted_again(project: OnDisk, coded: Path) -> None:
    disk = project.disk = LosesOne()
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        inode = inode_of(coded)
        disk.armed = True
        await pilot.press("f")
        await until(pilot, "saved again")
        assert inode_of(coded) != inode
    app.close_all()
    assert list(check(project)) == []


@pytest.mark.parametrize("what", ["file", "folder"])
async def test_what_is_removed_under_an_open_readout_is_told_until_it_is_put_back(
    project: OnDisk, coded: Path, what: str
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        gone = coded if what == "file" else coded.parent
        away = project.paths.root / "away"
        gone.rename(away)
        await pilot.press("f")
        await until(pilot, "✖ 1 NOT SAVED")
        assert "is gone" in shown(app)
        assert "what is not saved waits here" in shown(app)
        away.rename(gone)
        await until(pilot, "● saved")
    app.close_all()
    assert list(check(project)) == []


async def test_a_file_that_was_replaced_under_an_open_readout_is_not_written_over(
    project: OnDisk, coded: Path
) -> None:
    earlier = of(coded)
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        await pilot.press("f")
        await until(pilot, "● saved")
        mine = of(coded)
        other = coded.with_name("other")
        put(other, earlier)
        other.replace(coded)
        await pilot.press("z", "n", "enter")
        await until(pilot, "✖ 1 NOT SAVED")
        await until(pilot, "no longer the one that was opened")
        assert of(coded) == earlier
        put(other, mine)
        other.replace(coded)
        await until(pilot, "● saved")
    app.close_all()
    assert of(coded).startswith(mine[:-3])


async def test_a_file_that_plain_tinydb_rewrote_is_taken_over_and_kept(
    project: OnDisk, coded: Path
) -> None:
    with TinyDB(coded) as database:
        database.update({"note": "by a script"}, doc_ids=[1])
    theirs = of(coded)
    said = await told(project)
    assert "Another program rewrote this coding: its state is taken over" in said
    assert "by a script" in said
    (kept,) = coded.parent.glob(".*.damaged-*")
    assert of(kept) == theirs
    assert labels(project) == ["prot.event", "prot.courtesy"]
    assert list(check(project)) == []


async def test_plain_tinydb_may_write_the_same_state_under_an_open_readout(
    project: OnDisk, coded: Path
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        with TinyDB(coded) as database:
            database.update({"flagged": False}, doc_ids=[1])
        await pilot.press("f")
        await until(pilot, "saved again")
    app.close_all()
    snapshot = TinyStore(project.paths.tags).read("ada", READOUT)
    assert snapshot is not None
    assert [edit.act for edit in snapshot.history] == ["adopt", "edit"]


async def test_a_file_edited_by_hand_is_refused_and_left_as_it_is(
    project: OnDisk, coded: Path
) -> None:
    raw = of(coded)
    place = raw.rindex(b"prot.courtesy")
    edited = raw[:place] + b"sec.terror" + raw[place + len(b"prot.courtesy") :]
    put(coded, edited)
    json.loads(edited)
    said = await refused(project)
    assert "line 4: the bytes are not those that were written" in said
    assert "git or a backup" in said
    assert repaired(project) == ["damage"]
    assert of(coded) == edited


async def test_converted_line_ends_are_refused_and_repaired(project: OnDisk, coded: Path) -> None:
    sound = of(coded)
    put(coded, sound.replace(b"\n", b"\r\n"))
    assert "annotator check --repair" in await refused(project)
    assert repaired(project) == ["repaired"]
    assert of(coded) == sound


async def noted(project: OnDisk, coded: Path, note: str) -> bytes:
    """Return the line that a note on the first sentence adds, and take it away again."""
    before = of(coded)
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        await pilot.press("1", "g", "z", note, "enter")
        await until(pilot, f"✎ {note}")
    app.close_all()
    line = of(coded).split(b"\n")[-3]
    put(coded, before)
    return line


async def test_two_copies_that_git_merged_open_and_are_named_by_a_check(
    project: OnDisk, coded: Path
) -> None:
    both = b"\n".join([await noted(project, coded, "a"), await noted(project, coded, "b"), b""])
    raw = of(coded)
    put(coded, raw[:-3] + both + raw[-3:])
    assert "✎ b" in await told(project)
    (warning,) = check(project)
    assert "was merged from two copies that both wrote item 1" in warning.what


async def test_a_clock_that_goes_back_changes_no_order(
    project: OnDisk, coded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.session.session.utc_now", lambda: "1999-01-01T00:00:00Z")
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        await pilot.press("u", "u")
        await until(pilot, "undone: ")
    app.close_all()
    assert labels(project) == []
