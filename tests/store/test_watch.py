"""Following a journal that somebody else writes: what is seen is what is on disk, and no more."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Semaphore, Thread
from typing import TYPE_CHECKING

import pytest

from annotator.errors import Busy, DamagedFile, InputError, StorageError
from annotator.files import sha256
from annotator.model.edit import Coding, Edit
from annotator.model.readout import Readout
from annotator.store import Journal, Snapshot, TinyStore
from annotator.store.base import Watch
from annotator.store.disk import Disk
from annotator.store.lines import CLOSING, journal
from tests.store.test_processes import output, writer

if TYPE_CHECKING:
    from tests.store.conftest import Work


class Counting(Disk):
    """A disk that counts the bytes that are read."""

    def __init__(self) -> None:
        self.read = 0

    def pread(self, descriptor: int, size: int, offset: int) -> bytes:
        raw = super().pread(descriptor, size, offset)
        self.read += len(raw)
        return raw


def opened(work: Work) -> Journal:
    return work.tiny().open(work.header, work.readout, work.first)


def watched(work: Work, disk: Disk | None = None) -> Watch:
    return TinyStore(work.root, disk=disk).watch("ada", "call-1")


def seen(watch: Watch) -> Snapshot:
    snapshot = watch.look()
    assert snapshot is not None
    return snapshot


def noted(work: Work, journal: Journal, *notes: str, key: int = 1) -> None:
    for note in notes:
        journal.put(work.note(journal.coding, key, note))


def assert_shows(watch: Watch, written: Journal) -> None:
    """What the watch shows is what the writer has on disk, and then there is nothing new."""
    snapshot = seen(watch)
    assert snapshot.header == written.header
    assert snapshot.coding == written.coding
    assert list(snapshot.history) == list(written.history)
    assert watch.look() is None


def test_the_first_look_shows_the_journal_and_the_next_nothing_new(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one")
    watch = watched(work)
    assert_shows(watch, written)
    assert watch.look() is None


def test_each_edit_of_the_writer_is_seen(work: Work) -> None:
    written = opened(work)
    watch = watched(work)
    assert_shows(watch, written)
    for make in (work.mark, work.split, work.join):
        written.put(make(written.coding, 1))
        assert_shows(watch, written)
    written.close()
    assert watch.look() is None


def test_several_edits_between_two_looks_are_seen_at_once(work: Work) -> None:
    written = opened(work)
    watch = watched(work)
    seen(watch)
    for count in (2, 5, 1):
        noted(work, written, *(f"{count} {number}" for number in range(count)))
        assert_shows(watch, written)


def test_what_was_seen_before_stays_as_it_was(work: Work) -> None:
    written = opened(work)
    watch = watched(work)
    first = seen(watch)
    noted(work, written, "one")
    second = seen(watch)
    noted(work, written, "two")
    seen(watch)
    assert first.coding == work.first().apply(Coding())
    assert list(first.history) == [work.first()]
    assert [snapshot.coding.sentence(1).note for snapshot in (first, second)] == ["", "one"]
    assert len(list(second.history)) == 2


@pytest.mark.parametrize("lines", [1, 400])
def test_only_what_was_added_is_read_however_long_the_file_is(work: Work, lines: int) -> None:
    written = opened(work)
    noted(work, written, *(f"{number} " * 20 for number in range(lines)))
    disk = Counting()
    watch = watched(work, disk)
    seen(watch)
    assert disk.read == work.path.stat().st_size
    for count in (1, 3):
        before = work.path.stat().st_size
        noted(work, written, *(f"new {number}" for number in range(count)))
        added = work.path.stat().st_size - before
        disk.read = 0
        assert_shows(watch, written)
        # The line before may be read again, to see that it is still the same file.
        assert added <= disk.read < added + 1000
    disk.read = 0
    assert watch.look() is None
    assert disk.read == 0


# A file that is no longer the one that was looked at


def other_file(work: Work, *notes: str) -> bytes:
    """The bytes of a coding of the same readout that went another way."""
    edits = [work.first()]
    coding = edits[0].apply(Coding())
    for note in notes:
        edits.append(work.note(coding, 1, note))
        coding = edits[-1].apply(coding)
    return journal(work.header, edits)


def replaced(work: Work, raw: bytes) -> None:
    other = work.path.with_name("other")
    other.write_bytes(raw)
    other.replace(work.path)


def in_place(work: Work, raw: bytes) -> None:
    with work.path.open("r+b") as file:
        file.write(raw)
        file.truncate()


def removed_first(work: Work, raw: bytes) -> None:
    """As version control does it; the new file may well get the number of the old one."""
    work.path.unlink()
    work.path.write_bytes(raw)


OTHERS = {
    "longer": ("one", "2", "3", "more"),
    "shorter": ("one",),
    "of the same size": ("one", "six", "3"),
    "empty of notes": (),
    "a line longer": ("one", "two", "six", "4"),
}


@pytest.mark.parametrize("put", [replaced, in_place, removed_first])
@pytest.mark.parametrize("notes", OTHERS.values(), ids=OTHERS)
def test_another_file_in_its_place_is_seen_as_it_is(
    work: Work, notes: tuple[str, ...], put: Callable[[Work, bytes], None]
) -> None:
    written = opened(work)
    noted(work, written, "one", "two", "3")
    written.close()
    watch = watched(work)
    seen(watch)
    raw = other_file(work, *notes)
    put(work, raw)
    # File systems count time in steps, and none of these is as quick as a test.
    later = work.path.stat().st_mtime_ns + 10**9
    os.utime(work.path, ns=(later, later))
    again = opened(work)
    assert_shows(watch, again)
    noted(work, again, "on")
    assert_shows(watch, again)


def test_a_copy_that_brings_its_time_along_is_seen(work: Work) -> None:
    """As programs for backups put files back: of the same size, and as old as the one before."""
    written = opened(work)
    noted(work, written, "one", "two")
    written.close()
    watch = watched(work)
    seen(watch)
    before = work.path.stat()
    in_place(work, other_file(work, "one", "six"))
    os.utime(work.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert work.path.stat().st_size == before.st_size
    assert_shows(watch, opened(work))


def test_a_file_that_differs_only_before_its_last_line_is_seen_as_it_is(work: Work) -> None:
    def coded(note: str, *others: str) -> bytes:
        edits = [work.first()]
        coding = edits[0].apply(Coding())
        for key, text in ((1, note), *((2, other) for other in others)):
            edits.append(work.note(coding, key, text))
            coding = edits[-1].apply(coding)
        return journal(work.header, edits)

    opened(work).close()
    replaced(work, coded("one", "same"))
    watch = watched(work)
    seen(watch)
    replaced(work, coded("two", "same", "on"))
    assert_shows(watch, opened(work))


@pytest.mark.parametrize("put", [in_place, removed_first])
def test_a_file_that_went_another_way_is_not_taken_for_the_one_before(
    work: Work, put: Callable[[Work, bytes], None]
) -> None:
    """Its lines end where those that were read did, and one more stands behind them."""
    written = opened(work)
    noted(work, written, "one", "yes")
    written.close()
    watch = watched(work)
    seen(watch)
    other = other_file(work, "one", "no!")
    put(work, other)
    again = opened(work)
    noted(work, again, "behind", key=2)
    assert_shows(watch, again)


def test_a_file_that_is_gone_is_told_until_it_is_put_back(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one")
    watch = watched(work)
    before = seen(watch)
    away = work.root / "away"
    work.path.rename(away)
    for _ in range(2):
        with pytest.raises(StorageError, match=r"call-1\.json is gone\. Put it back\."):
            watch.look()
    away.rename(work.path)
    assert seen(watch).coding == before.coding
    assert watch.look() is None
    noted(work, written, "two")
    assert_shows(watch, written)


def test_a_journal_that_nobody_has_is_told_to_be_gone(work: Work) -> None:
    watch = watched(work)
    with pytest.raises(StorageError, match="gone"):
        watch.look()
    assert watch.holder() == ""
    written = opened(work)
    assert_shows(watch, written)


def test_damage_is_told_at_every_look_until_it_is_mended(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one", "two")
    written.close()
    sound = work.path.read_bytes()
    watch = watched(work)
    before = seen(watch)
    spoiled = sound.replace(b'"note":"one"', b'"note":"won"')
    in_place(work, spoiled)
    for _ in range(2):
        with pytest.raises(DamagedFile, match="line 3"):
            watch.look()
    assert work.path.read_bytes() == spoiled
    in_place(work, sound)
    assert seen(watch).coding == before.coding
    assert watch.look() is None


def test_a_coding_that_belongs_elsewhere_is_not_shown(work: Work) -> None:
    opened(work).close()
    watch = watched(work)
    seen(watch)
    raw = journal(work.header.model_copy(update={"by": "bob"}), [work.first()])
    replaced(work, raw)
    with pytest.raises(InputError, match="by bob"):
        watch.look()


# A write that is under way


def test_half_of_a_write_shows_the_state_before_and_all_of_it_the_state_after(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one")
    before, state = work.path.read_bytes(), written.coding
    written.put(work.mark(written.coding, 2))
    after = work.path.read_bytes()
    end = len(before) - len(CLOSING)
    data = after[end:]
    for cut in (1, 2, 3, 4, 5, *range(10, len(data), 23), *range(len(data) - 4, len(data))):
        in_place(work, before)
        watch = watched(work)
        assert seen(watch).coding == state
        # The bytes behind the cut are those of before, as far as there were any.
        in_place(work, before[:end] + data[:cut] + before[end + cut :])
        half = seen(watch)
        # A line that is there whole counts, though what closes the file is not there yet.
        whole = cut >= len(data) - len(CLOSING) - 1
        assert half.coding == (written.coding if whole else state)
        assert len(half.history) == (3 if whole else 2)
        in_place(work, after)
        assert_shows(watch, written)


def test_a_write_whose_middle_has_not_arrived_shows_the_state_before(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one")
    before, state = work.path.read_bytes(), written.coding
    noted(work, written, "long " * 2000)
    after = work.path.read_bytes()
    watch = watched(work)
    in_place(work, before)
    seen(watch)
    hole = len(before) + 512
    in_place(work, after[:hole] + bytes(4096) + after[hole + 4096 :])
    assert seen(watch).coding == state
    in_place(work, after)
    assert_shows(watch, written)


# What the writer does besides


def test_a_compaction_by_the_writer_is_seen_and_followed_further(work: Work) -> None:
    written = opened(work)
    noted(work, written, "one", "two", "three")
    watch = watched(work)
    before = seen(watch)
    written.compact("2024-03-01T00:00:00Z")
    assert_shows(watch, written)
    assert len(list(before.history)) == 4
    noted(work, written, "four")
    assert_shows(watch, written)


@pytest.mark.parametrize("begin", ["", "New. "])
def test_a_move_to_another_text_by_the_writer_is_seen_and_followed_further(
    work: Work, begin: str
) -> None:
    written = opened(work)
    noted(work, written, "one")
    written.close()
    watch = watched(work)
    seen(watch)
    text = begin + work.readout.text
    digest = sha256(text.encode())
    other = Readout(id="call-1", text=text, sha256="9" * 64, text_sha256=digest)
    header = work.header.model_copy(update={"source": "9" * 64, "text": digest})

    def moved(snapshot: Snapshot) -> Edit:
        places = {
            key: sentence.model_copy(
                update={"start": sentence.start + len(begin), "end": sentence.end + len(begin)}
            )
            for key, sentence in snapshot.coding.sentences()
        }
        changed = {} if not begin else places
        return work.edit(snapshot.coding, changed).model_copy(update={"act": "reanchor"})

    again = work.tiny().open(header, other, work.first, moved)
    snapshot = seen(watch)
    assert snapshot.header.earlier == (work.readout.sha256,)
    assert snapshot.coding == again.coding
    assert watch.look() is None
    noted(work, again, "two")
    assert_shows(watch, again)


def test_the_taking_back_of_a_failed_write_is_seen(work: Work) -> None:
    class Fails(Disk):
        armed = False

        def fsync(self, descriptor: int) -> None:
            if self.armed:
                self.armed = False
                raise OSError(5, "Input/output error")
            super().fsync(descriptor)

    disk = Fails()
    written = TinyStore(work.root, disk=disk).open(work.header, work.readout, work.first)
    watch = watched(work)
    seen(watch)
    disk.armed = True
    with pytest.raises(StorageError):
        noted(work, written, "one")
    assert_shows(watch, written)
    noted(work, written, "two")
    assert_shows(watch, written)


# Who writes


def test_the_writing_process_is_named_until_it_is_killed(work: Work) -> None:
    opened(work).close()
    watch = watched(work)
    assert watch.holder() == ""
    with writer(work) as process:
        try:
            assert output(process).readline() == "0\n"
            assert watch.holder() == f"process {process.pid}"
            assert watch.look() is not None
            assert watch.holder() == f"process {process.pid}"
        finally:
            process.kill()
    assert watch.holder() == ""
    opened(work).close()


def test_each_look_amid_many_writes_shows_all_that_was_acknowledged_before_it(work: Work) -> None:
    """The notes span many pages, so that a look may come upon half of one."""
    written = opened(work)
    acknowledged = 0
    turns = Semaphore(10)

    def write() -> None:
        nonlocal acknowledged
        for number in range(1, 101):
            turns.acquire()
            noted(work, written, f"{number} ".ljust(20_000, "x"))
            acknowledged = number

    watch = watched(work)
    thread = Thread(target=write, daemon=True)
    thread.start()
    looks = 0
    while thread.is_alive():
        before = acknowledged
        snapshot = watch.look()
        if snapshot is not None:
            looks += 1
            turns.release(10)
            note = snapshot.coding.sentence(1).note
            assert int(note.split()[0] if note else "0") == len(snapshot.history) - 1 >= before
    thread.join()
    assert acknowledged == 100
    assert looks > 5
    last = watch.look()
    assert last is None or last.coding == written.coding
    assert seen(watched(work)).coding == written.coding


def test_this_process_is_named_as_such(work: Work) -> None:
    written = opened(work)
    watch = watched(work)
    assert watch.holder() == f"process {os.getpid()} (this one)"
    written.close()
    assert watch.holder() == ""


def test_another_journals_writer_is_not_named(work: Work) -> None:
    opened(work).close()
    bob = replace(work, by="bob")
    held = bob.tiny().open(bob.header, bob.readout, bob.first)
    assert watched(work).holder() == ""
    assert bob.tiny().watch("bob", "call-1").holder() != ""
    held.close()


class Looking(Disk):
    """A disk on which others look whether somebody writes, at the moment of each of some locks."""

    def __init__(self, path: Path, times: int) -> None:
        self._path = path
        self.left = times

    def lock(self, descriptor: int, *, shared: bool = False) -> None:
        if not self.left:
            super().lock(descriptor, shared=shared)
            return
        self.left -= 1
        with self._path.open("rb") as one, self._path.open("rb") as two:
            for file in (one, two):
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            super().lock(descriptor, shared=shared)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_whoever_only_looks_at_that_moment_does_not_keep_a_writer_out(
    work: Work, times: int
) -> None:
    opened(work).close()
    disk = Looking(work.path, times)
    written = TinyStore(work.root, disk=disk).open(work.header, work.readout, work.first)
    assert disk.left == 0
    noted(work, written, "one")
    with pytest.raises(Busy):
        opened(work)


def test_whoever_only_looks_is_not_named_as_the_writer(work: Work) -> None:
    opened(work).close()
    with work.path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        with pytest.raises(Busy) as caught:
            opened(work)
    assert str(os.getpid()) not in caught.value.message.removeprefix(str(work.path))
    opened(work).close()


def test_two_who_look_all_the_time_never_keep_a_writer_out(work: Work) -> None:
    opened(work).close()
    over = Event()
    looks = [0, 0]

    def look(place: int) -> None:
        watch = watched(work)
        while not over.is_set():
            watch.holder()
            looks[place] += 1

    threads = [Thread(target=look, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(200):
            opened(work).close()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert min(looks) > 20


def test_a_look_takes_no_lock_from_the_writer_and_writes_nothing(work: Work) -> None:
    written = opened(work)
    before = work.path.stat()
    watch = watched(work)
    for _ in range(3):
        watch.look()
        watch.holder()
    after = work.path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208
    with pytest.raises(Busy):
        opened(work)
    noted(work, written, "one")
