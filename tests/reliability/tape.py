"""Every call below a store, recorded: what was written, synced and promised."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from annotator.store.disk import Disk


@dataclass(frozen=True)
class Write:
    """Bytes written to a file, at an offset."""

    file: int
    data: bytes
    offset: int


@dataclass(frozen=True)
class Cut:
    """A file cut, or zeros put to its end, to a size."""

    file: int
    size: int


@dataclass(frozen=True)
class Sync:
    """A file's contents are on the medium."""

    file: int


@dataclass(frozen=True)
class Fail:
    """A file's sync failed: whatever a later one says, nothing written until then is sure."""

    file: int


@dataclass(frozen=True)
class Name:
    """A name was given to a file; None takes it from whichever has it."""

    name: str
    file: int | None


@dataclass(frozen=True)
class SyncNames:
    """The names of the folder are on the medium."""


@dataclass(frozen=True)
class Promise:
    """From here on, the journal is to be in one of these stands; -1 is none at all."""

    stands: frozenset[int]


Event = Write | Cut | Sync | Fail | Name | SyncNames | Promise


@dataclass(frozen=True)
class Tape:
    """What happened in a folder that held `before`."""

    before: dict[str, bytes]
    events: tuple[Event, ...]

    def without(self, *kinds: type[Event]) -> Tape:
        """Return the tape as if the store never made such calls."""
        return Tape(self.before, tuple(event for event in self.events if type(event) not in kinds))


class Recorder(Disk):
    """A disk that takes down what is done in one folder, and refuses when it was told to.

    Files are told apart by numbers; those that were there count from 0 in the order of their names.
    What is recorded is replayed, so nothing here needs to outlive a loss of power.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._refused: dict[str, int] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        self._count = 0
        self._events: list[Event] = []
        self._before: dict[str, bytes] = {}
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            self._before[path.name] = path.read_bytes()
            self._number(path.stat())

    def tape(self) -> Tape:
        """Return what was recorded until now."""
        return Tape(self._before, tuple(self._events))

    def promise(self, *stands: int) -> None:
        """Take down what the store has promised."""
        self._events.append(Promise(frozenset(stands)))

    def refuse(self, call: str, code: int = errno.EIO) -> None:
        """Fail at the next "pwrite", which takes half of its bytes first, or "fsync"."""
        self._refused[call] = code

    def open(self, path: Path, flags: int) -> int:
        there = path.exists()
        descriptor = super().open(path, flags)
        if not there and path.parent == self._folder:
            status = os.fstat(descriptor)
            # What had this place on the disk before is gone.
            self._numbers.pop((status.st_dev, status.st_ino), None)
            self._events.append(Name(path.name, self._number(status)))
        return descriptor

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        code = self._refused.pop("pwrite", None)
        taken = bytes(data if code is None else data[: len(data) // 2])
        self._events.append(Write(self._of(descriptor), taken, offset))
        super().pwrite(descriptor, taken, offset)
        if code is not None:
            raise OSError(code, os.strerror(code))
        return len(taken)

    def truncate(self, descriptor: int, size: int) -> None:
        self._events.append(Cut(self._of(descriptor), size))
        super().truncate(descriptor, size)

    def fsync(self, descriptor: int) -> None:
        file = self._of(descriptor)
        code = self._refused.pop("fsync", None)
        self._events.append(Sync(file) if code is None else Fail(file))
        if code is not None:
            raise OSError(code, os.strerror(code))

    def rename(self, old: Path, new: Path) -> None:
        number = self._number(old.stat())
        super().rename(old, new)
        self._events += [Name(new.name, number), Name(old.name, None)]

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self._events.append(Name(path.name, None))

    def sync_folder(self, folder: Path) -> None:
        if folder == self._folder:
            self._events.append(SyncNames())

    def _of(self, descriptor: int) -> int:
        return self._number(os.fstat(descriptor))

    def _number(self, status: os.stat_result) -> int:
        place = (status.st_dev, status.st_ino)
        if place not in self._numbers:
            self._numbers[place] = self._count
            self._count += 1
        return self._numbers[place]
