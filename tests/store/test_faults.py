"""A file system that refuses: the edit is not saved, nothing else is lost, the coder is told."""

from __future__ import annotations

import errno
import os
import resource
from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotator.errors import Conflict, StorageError
from annotator.model.edit import Edit
from annotator.store import Journal
from annotator.store.disk import Disk
from annotator.store.lines import CLOSING
from annotator.store.tiny import TinyStore

if TYPE_CHECKING:
    from tests.store.conftest import Work


class Faulty(Disk):
    """A disk whose changes fail where `arm` said, counted from then.

    A write that fails takes half of its bytes first, as a full disk does.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.failed = 0
        self._failing: Container[int] = ()
        self._code = errno.EIO

    def arm(self, failing: Container[int], code: int) -> None:
        self.calls, self.failed, self._failing, self._code = [], 0, failing, code

    def heal(self) -> None:
        self._failing = ()

    def _step(self, call: str) -> None:
        self.calls.append(call)
        if len(self.calls) - 1 in self._failing:
            self.failed += 1
            raise OSError(self._code, os.strerror(self._code))

    def open(self, path: Path, flags: int) -> int:
        self._step("open")
        return super().open(path, flags)

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        try:
            self._step("pwrite")
        except OSError:
            super().pwrite(descriptor, data[: len(data) // 2], offset)
            raise
        return super().pwrite(descriptor, data, offset)

    def truncate(self, descriptor: int, size: int) -> None:
        self._step("truncate")
        super().truncate(descriptor, size)

    def fsync(self, descriptor: int) -> None:
        self._step("fsync")

    def chmod(self, descriptor: int, mode: int) -> None:
        self._step("chmod")
        super().chmod(descriptor, mode)

    def rename(self, old: Path, new: Path) -> None:
        self._step("rename")
        super().rename(old, new)

    def sync_folder(self, folder: Path) -> None:
        self._step("sync_folder")


@pytest.fixture
def disk() -> Faulty:
    return Faulty()


def opened(work: Work, disk: Disk) -> Journal:
    return TinyStore(work.root, disk=disk).open(work.header, work.readout, work.first)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("call", [0, 1], ids=["at the write", "at the fsync"])
def test_an_edit_that_fails_leaves_the_journal_as_it_was(
    work: Work, disk: Faulty, call: int, code: int
) -> None:
    journal = opened(work, disk)
    journal.put(work.mark(journal.coding, 1))
    before, coding = work.path.read_bytes(), journal.coding
    edit = work.split(coding, 2)
    disk.arm({call}, code)
    with pytest.raises(StorageError, match=os.strerror(code)) as caught:
        journal.put(edit)
    assert str(work.path) in caught.value.message
    assert journal.coding == coding
    assert len(journal.history) == 2
    assert work.path.read_bytes() == before
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208

    journal.put(edit)
    journal.close()
    assert opened(work, disk).coding == edit.apply(coding)


def test_after_a_failed_fsync_a_new_file_takes_the_place_and_keeps_lock_and_mode(
    work: Work, disk: Faulty
) -> None:
    journal = opened(work, disk)
    work.path.chmod(0o640)
    number = work.path.stat().st_ino
    disk.arm({1}, errno.EIO)
    with pytest.raises(StorageError):
        journal.put(work.mark(journal.coding, 1))
    assert work.path.stat().st_ino != number
    assert work.path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(Exception, match="is being written"):
        opened(work, Disk())
    journal.close()
    opened(work, Disk()).close()


SCHEDULES: list[Container[int]] = [
    *(range(first, 1000) for first in range(2)),
    *({first, second} for first in range(2) for second in range(first + 1, 14)),
    *({first, *range(second, 1000)} for first in range(2) for second in range(first + 1, 14)),
]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_wherever_the_disk_fails_the_saved_edits_are_there(
    work: Work, disk: Faulty, code: int
) -> None:
    """An edit fails, and its taking back fails at each call, once or for good."""
    ends = Counter[str]()
    for number, failing in enumerate(SCHEDULES):
        journal = opened(work, disk)
        saved = journal.coding
        edit = work.note(saved, 1, f"edit {number} ")
        disk.arm(failing, code)
        with pytest.raises(StorageError, match=os.strerror(code)):
            journal.put(edit)
        disk.heal()
        assert journal.coding == saved
        end = "went on"
        try:
            journal.put(edit)
        except StorageError:
            end = "stopped"
            with pytest.raises(StorageError, match="could not be taken back"):
                journal.put(edit)
            assert journal.coding == saved
        ends[end] += 1
        journal.close()
        journal = opened(work, disk)
        # What was refused may still have reached the disk; what was saved must be there.
        assert journal.coding == edit.apply(saved) or (end == "stopped" and journal.coding == saved)
        journal.close()
    assert ends["went on"] > 10
    assert ends["stopped"] > 10


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_journal_that_cannot_be_made_is_not_half_made(
    work: Work, disk: Faulty, code: int
) -> None:
    for after in range(20):
        disk.arm({after}, code)
        try:
            journal = opened(work, disk)
        except StorageError:
            snapshot = work.tiny().read("ada", "call-1")
            assert snapshot is None or list(snapshot.history) == [work.first()]
            disk.heal()
            opened(work, disk).close()
            work.path.unlink()
        else:
            journal.close()
            break
    else:
        pytest.fail("the journal was never made")
    assert after >= 6


def test_a_torn_journal_that_cannot_be_repaired_stays_as_it_is(work: Work, disk: Faulty) -> None:
    journal = opened(work, disk)
    saved = journal.coding
    journal.put(work.mark(saved, 1))
    journal.close()
    torn = work.path.read_bytes()[:-40]
    for after in range(1, 20):
        work.path.write_bytes(torn)
        disk.arm({after}, errno.ENOSPC)
        try:
            journal = opened(work, disk)
        except StorageError:
            assert work.path.read_bytes() == torn or disk.calls[-1] == "sync_folder"
        else:
            assert journal.coding == saved
            journal.close()
            break
    assert after >= 5


def test_a_short_write_is_completed(work: Work) -> None:
    class Short(Disk):
        writes = 0

        def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
            self.writes += 1
            return super().pwrite(descriptor, data[:100], offset)

    disk = Short()
    journal = opened(work, disk)
    disk.writes = 0
    journal.put(work.note(journal.coding, 1, "long " * 100))
    assert disk.writes > 3
    journal.close()
    assert opened(work, Disk()).coding == journal.coding


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_the_system_itself_cuts_short_is_taken_back(work: Work) -> None:
    journal = opened(work, Disk())
    before, coding = work.path.read_bytes(), journal.coding
    edit = work.mark(coding, 1)
    with file_size_limit(len(before) + 50), pytest.raises(StorageError, match="too large"):
        journal.put(edit)
    assert work.path.read_bytes() == before
    assert journal.coding == coding
    with file_size_limit(len(before) + 50), pytest.raises(StorageError, match="too large"):
        journal.put(edit)
    journal.put(edit)
    journal.close()
    assert opened(work, Disk()).coding == edit.apply(coding)


def test_an_interrupted_write_is_taken_back(work: Work) -> None:
    class Interrupted(Disk):
        armed = False

        def fsync(self, descriptor: int) -> None:
            if self.armed:
                self.armed = False
                raise KeyboardInterrupt
            super().fsync(descriptor)

    disk = Interrupted()
    journal = opened(work, disk)
    before = work.path.read_bytes()
    disk.armed = True
    with pytest.raises(KeyboardInterrupt):
        journal.put(work.note(journal.coding, 1, "long " * 100))
    assert work.path.read_bytes() == before
    journal.put(work.note(journal.coding, 1, "short"))
    journal.close()
    assert opened(work, Disk()).coding == journal.coding


@pytest.mark.parametrize("how", ["replaced", "removed", "appended to", "folder moved"])
def test_a_file_that_another_program_changed_is_not_written(work: Work, how: str) -> None:
    journal = opened(work, Disk())
    before = work.path.read_bytes()
    other = work.path.with_name("other")
    path = work.path
    if how == "replaced":
        other.write_bytes(before)
        other.replace(path)
    elif how == "removed":
        path.unlink()
    elif how == "appended to":
        path.write_bytes(before + b"\n")
    else:
        path = path.parent.rename(work.root / "bob") / path.name
    seen = path.read_bytes() if path.exists() else None
    edit = work.note(journal.coding, 1, "x")
    for _ in range(2):
        with pytest.raises(Conflict, match="another program"):
            journal.put(edit)
    assert len(journal.history) == 1
    assert (path.read_bytes() if path.exists() else None) == seen


def test_a_file_replaced_while_it_is_written_acknowledges_nothing(work: Work) -> None:
    class Replaced(Disk):
        armed = False

        def fsync(self, descriptor: int) -> None:
            super().fsync(descriptor)
            if self.armed:
                other = work.path.with_name("other")
                other.write_bytes(before)
                other.replace(work.path)

    disk = Replaced()
    journal = opened(work, disk)
    before = work.path.read_bytes()
    disk.armed = True
    with pytest.raises(Conflict):
        journal.put(work.note(journal.coding, 1, "x"))
    assert len(journal.history) == 1
    assert work.path.read_bytes() == before


def test_a_failed_edit_does_not_put_the_old_file_over_one_that_came_meanwhile(work: Work) -> None:
    class Replaced(Disk):
        armed = False

        def fsync(self, descriptor: int) -> None:
            if self.armed:
                self.armed = False
                other = work.path.with_name("other")
                other.write_bytes(b"theirs")
                other.replace(work.path)
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            super().fsync(descriptor)

    disk = Replaced()
    journal = opened(work, disk)
    disk.armed = True
    edit = work.note(journal.coding, 1, "x")
    for _ in range(2):
        with pytest.raises(StorageError):
            journal.put(edit)
    assert work.path.read_bytes() == b"theirs"


def test_a_planted_link_is_not_written_through(work: Work, tmp_path: Path) -> None:
    """A project from elsewhere may hold a link in the place where a new file is built."""
    victim = tmp_path / "victim"
    victim.write_text("mine")
    work.path.parent.mkdir(parents=True)
    work.path.with_name(".call-1.json.tmp").symlink_to(victim)
    with pytest.raises(StorageError):
        opened(work, Disk())
    assert victim.read_text() == "mine"


def test_a_linked_journal_stays_a_link_when_it_is_repaired(work: Work, tmp_path: Path) -> None:
    opened(work, Disk()).close()
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(work.path.read_bytes().removesuffix(CLOSING))
    work.path.unlink()
    work.path.symlink_to(elsewhere)
    opened(work, Disk()).close()
    assert work.path.is_symlink()
    assert elsewhere.read_bytes().endswith(CLOSING)


def test_what_a_crash_left_while_a_journal_was_made_is_used_up(work: Work) -> None:
    class Counting(Disk):
        renames = 0

        def rename(self, old: Path, new: Path) -> None:
            self.renames += 1
            super().rename(old, new)

    disk = Counting()
    work.path.parent.mkdir(parents=True)
    work.path.with_name(".call-1.json.tmp").write_text("half of something longer" * 1000)
    journal = opened(work, disk)
    assert list(journal.history) == [work.first()]
    assert disk.renames == 1
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208


def test_a_journal_that_another_process_made_meanwhile_is_opened_and_not_replaced(
    work: Work,
) -> None:
    def late() -> Edit:
        other = work.tiny().open(work.header, work.readout, work.first)
        other.put(work.note(other.coding, 1, "theirs"))
        other.close()
        return work.first()

    journal = work.tiny().open(work.header, work.readout, late)
    assert journal.coding.sentence(1).note == "theirs"
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208


def test_a_file_replaced_between_opening_and_locking_is_opened_anew(work: Work) -> None:
    class Replaced(Disk):
        locks = 0

        def lock(self, descriptor: int, *, shared: bool = False) -> None:
            self.locks += 1
            if self.locks == 1:
                other = work.path.with_name("other")
                other.write_bytes(work.path.read_bytes())
                other.replace(work.path)
            super().lock(descriptor, shared=shared)

    opened(work, Disk()).close()
    disk = Replaced()
    journal = opened(work, disk)
    assert disk.locks == 2
    journal.put(work.note(journal.coding, 1, "x"))
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert snapshot.coding == journal.coding
