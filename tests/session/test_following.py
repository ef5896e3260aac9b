"""Keeping up with whoever writes: what is shown, what is said, and when one is told."""

from __future__ import annotations

import asyncio
import errno
import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from annotator.errors import MarkError
from annotator.files import sha256
from annotator.model.edit import Edit
from annotator.session.following import FREE, Follower, held
from annotator.session.reading import Reading
from annotator.session.session import Session
from annotator.store import Journal, Snapshot, TinyStore
from annotator.store.disk import Disk
from tests.session.making import AT, Ids, book
from tests.store.conftest import PARTS, Work, readout_of
from tests.store.test_migrations import file_of, members_of
from tests.store.test_processes import output, writer

NEWER = "A newer version wrote this."


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "tags", readout_of("\n".join(PARTS)))


@dataclass
class Shown:
    """A session that only reads, what keeps it up, and what was told of it."""

    session: Session
    follower: Follower
    told: list[frozenset[int]] = field(default_factory=list)

    @classmethod
    def of(cls, work: Work, *, reason: str = "", disk: Disk | None = None) -> Shown:
        """Open as the screens do: held by another, or for a reason of its own."""
        watch = TinyStore(work.root, disk=disk).watch(work.by, work.readout.id)
        snapshot = watch.look()
        assert snapshot is not None
        session = Session(
            work.readout,
            book(),
            Reading(snapshot),
            now=lambda: AT,
            ids=Ids(),
            read_only=reason or held(watch.holder()),
        )
        told: list[frozenset[int]] = []
        follower = Follower(session, watch, told.append, held=not reason)
        return cls(session, follower, told)

    async def look(self) -> set[int] | None:
        """Look, and return what was told, None where nothing was."""
        before = len(self.told)
        await self.follower.look()
        assert len(self.told) <= before + 1
        return {*self.told[-1]} if len(self.told) > before else None


def opened(work: Work) -> Journal:
    return work.tiny().open(work.header, work.readout, work.first)


def noted(work: Work, journal: Journal, note: str, key: int = 1) -> None:
    journal.put(work.note(journal.coding, key, note))


async def test_what_another_writes_is_shown_and_told_sentence_by_sentence(work: Work) -> None:
    written = opened(work)
    shown = Shown.of(work)
    assert await shown.look() is None
    noted(work, written, "one")
    assert await shown.look() == {1}
    assert shown.session.sentence(1).note == "one"
    assert await shown.look() is None
    noted(work, written, "two", key=2)
    written.put(work.join(written.coding, 3))
    assert await shown.look() == {2, 3, 4}
    assert shown.session.coding == written.coding
    assert list(shown.session.history) == list(written.history)
    undo = shown.session.timeline.undo(AT)
    assert undo is not None
    written.put(undo)
    assert await shown.look() == {3, 4}
    assert shown.told == [{1}, {2, 3, 4}, {3, 4}]


async def test_nothing_can_be_changed_while_another_writes_and_nothing_is_written(
    work: Work,
) -> None:
    written = opened(work)
    before = work.path.read_bytes()
    shown = Shown.of(work)
    edit = work.note(written.coding, 1, "mine")
    for _ in range(2):
        with pytest.raises(MarkError, match="writes this readout under your name"):
            shown.session.do(edit)
        await shown.look()
    shown.session.close()
    assert shown.session.pending == 0
    assert work.path.read_bytes() == before


async def test_who_writes_is_said_until_nobody_does(work: Work) -> None:
    written = opened(work)
    shown = Shown.of(work)
    name = work.tiny().watch("ada", "call-1").holder()
    assert shown.session.read_only == held(name)
    assert shown.session.read_only.startswith("Process ")
    assert "what it writes is shown here" in shown.session.read_only
    written.close()
    assert await shown.look() == set()
    assert shown.session.read_only == FREE
    assert await shown.look() is None
    again = opened(work)
    assert await shown.look() == set()
    assert shown.session.read_only == held(name)
    noted(work, again, "on")
    again.close()
    assert await shown.look() == {1}
    assert shown.session.read_only == FREE


async def test_a_process_that_is_killed_writes_no_more(work: Work) -> None:
    opened(work).close()
    with writer(work) as process:
        try:
            assert output(process).readline() == "0\n"
            shown = Shown.of(work)
            assert shown.session.read_only.startswith(f"Process {process.pid} writes this")
            assert await shown.look() is None
        finally:
            process.kill()
    assert await shown.look() == set()
    assert shown.session.read_only == FREE


async def test_a_file_that_is_gone_is_said_until_it_is_put_back(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one")
    shown = Shown.of(work)
    said = shown.session.read_only
    away = work.root / "away"
    work.path.rename(away)
    assert await shown.look() == set()
    assert "is gone. Put it back." in shown.session.read_only
    assert await shown.look() is None
    assert "is gone" in shown.session.read_only
    assert shown.session.sentence(1).note == "one"
    away.rename(work.path)
    assert await shown.look() == set()
    assert shown.session.read_only == said
    noted(work, written, "two")
    assert await shown.look() == {1}


async def test_damage_is_said_until_it_is_mended(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one")
    noted(work, written, "two")
    shown = Shown.of(work)
    sound = work.path.read_bytes()
    work.path.write_bytes(sound.replace(b'"note":"one"', b'"note":"won"'))
    for told in [set[int](), None, None]:
        assert await shown.look() == told
        assert "line 3: the bytes are not those that were written" in shown.session.read_only
    assert shown.session.sentence(1).note == "two"
    work.path.write_bytes(sound)
    assert await shown.look() == set()
    assert shown.session.read_only.startswith("Process ")


async def test_a_coding_that_was_moved_to_another_text_is_said_until_one_opens_it_again(
    work: Work,
) -> None:
    """What is written from then on is about a text that is not on the screen."""
    written = opened(work)
    shown = Shown.of(work)
    before = shown.session.coding
    written.close()
    text = work.readout.text + " "
    readout = work.readout.model_copy(
        update={"text": text, "sha256": "9" * 64, "text_sha256": sha256(text.encode())}
    )
    header = work.header.model_copy(update={"source": "9" * 64, "text": readout.text_sha256})

    def nothing(snapshot: Snapshot) -> Edit:
        return Edit(act="reanchor", at=AT, what="moved", changes=())

    moved = work.tiny().open(header, readout, work.first, nothing)
    assert await shown.look() == set()
    for number in range(4):
        assert "is not the one that is coded. Open the readout again." in shown.session.read_only
        assert shown.session.coding == before
        if number == 1:
            noted(work, moved, "about the other text")
        await shown.look()


async def test_what_a_newer_version_wrote_and_nobody_understands_is_said_at_every_look(
    work: Work,
) -> None:
    opened(work)
    shown = Shown.of(work)
    written = members_of([work.first()])
    written[0]["1"]["state"] = "dreamt"
    head = {**work.header.model_dump(mode="json"), "format": 99}
    other = work.path.with_name("other")
    other.write_bytes(file_of(head, written))
    other.replace(work.path)
    for told in [set[int](), None, None]:
        assert await shown.look() == told
        assert "is a coding of format 99" in shown.session.read_only


class Hiccup(Disk):
    """A disk that refuses once, when it is armed."""

    armed = False

    def stat(self, path: Path) -> os.stat_result:
        if self.armed:
            self.armed = False
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().stat(path)


async def test_a_disk_that_refused_once_is_not_talked_about_any_longer(work: Work) -> None:
    written = opened(work)
    disk = Hiccup()
    shown = Shown.of(work, disk=disk)
    said = shown.session.read_only
    disk.armed = True
    assert await shown.look() == set()
    assert os.strerror(errno.EIO) in shown.session.read_only
    assert await shown.look() == set()
    assert shown.session.read_only == said
    noted(work, written, "one")
    assert await shown.look() == {1}


# For another reason than that somebody writes


async def test_a_reason_of_its_own_stays_whoever_writes(work: Work) -> None:
    written = opened(work)
    shown = Shown.of(work, reason=NEWER)
    assert await shown.look() is None
    noted(work, written, "one")
    assert await shown.look() == {1}
    written.close()
    assert await shown.look() is None
    assert shown.session.read_only == NEWER


async def test_a_reason_of_its_own_comes_back_when_what_was_gone_is_there_again(
    work: Work,
) -> None:
    opened(work).close()
    shown = Shown.of(work, reason=NEWER)
    away = work.root / "away"
    work.path.rename(away)
    assert await shown.look() == set()
    assert "is gone" in shown.session.read_only
    away.rename(work.path)
    assert await shown.look() == set()
    assert shown.session.read_only == NEWER


# The disk is slow


class Slow(Disk):
    """A disk that answers when it is let."""

    def __init__(self) -> None:
        self.let = Event()
        self.let.set()
        self.asked = Event()

    def stat(self, path: Path) -> os.stat_result:
        self.asked.set()
        assert self.let.wait(30)
        return super().stat(path)


async def test_a_slow_disk_holds_nothing_up_and_is_asked_one_thing_at_a_time(work: Work) -> None:
    written = opened(work)
    disk = Slow()
    shown = Shown.of(work, disk=disk)
    noted(work, written, "one")
    disk.let.clear()
    disk.asked.clear()
    first = asyncio.create_task(shown.follower.look())
    await asyncio.to_thread(disk.asked.wait, 30)
    disk.asked.clear()
    for _ in range(3):
        await shown.follower.look()
    assert not disk.asked.is_set()
    assert (first.done(), shown.told) == (False, [])
    disk.let.set()
    await first
    assert shown.told == [{1}]
    noted(work, written, "two")
    assert await shown.look() == {1}
