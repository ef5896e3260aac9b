"""Whole files, locked: opening one, reading one, and putting a new one in its place."""

from __future__ import annotations

import errno
import os
import stat
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from annotator.errors import Busy, InputError
from annotator.files import printable
from annotator.store.disk import Disk

MAX_BYTES: Final = 1_000_000_000
"""The largest journal that is read."""

_ATTEMPTS: Final = 12
_MOMENT: Final = 0.01
"""Seconds between two attempts to lock a file."""


def open_locked(disk: Disk, path: Path, flags: int = 0) -> int:
    """Open a file for writing and lock it; closing the descriptor lets it go.

    Raises Busy where another has the lock, InputError where it is no file, OSError as the system
    does.
    """
    while True:
        descriptor = disk.open(path, os.O_RDWR | flags)
        try:
            _lock(disk, descriptor, path)
            # Between opening and locking another file may have taken the name.
            if is_at(disk, descriptor, path):
                return descriptor
        except BaseException:
            disk.close(descriptor)
            raise
        disk.close(descriptor)


def _lock(disk: Disk, descriptor: int, path: Path) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            disk.lock(descriptor)
            return
        except BlockingIOError as error:
            if attempt + 1 == _ATTEMPTS:
                raise Busy(
                    f"{printable(str(path))} is being written by {_holder(disk, descriptor)}.",
                    "Close the readout there first.",
                ) from error
        # Whoever only looks whether somebody writes holds the lock for an instant.
        time.sleep(_MOMENT)


def holder(disk: Disk, path: Path) -> str:
    """Say in a few words which process has a file open for writing; empty where none has."""
    try:
        descriptor = disk.open(path, os.O_RDONLY)
    except OSError:
        return ""
    try:
        # To ask with a lock keeps writers waiting for an instant.
        if disk.holder(descriptor) is None:
            disk.lock(descriptor, shared=True)
            return ""
        return _holder(disk, descriptor)
    except BlockingIOError:
        return _holder(disk, descriptor)
    except OSError:  # A file system without locks: nobody can tell.
        return ""
    finally:
        disk.close(descriptor)


def _holder(disk: Disk, descriptor: int) -> str:
    process = disk.holder(descriptor)
    if process is None:
        return "another program"
    here = " (this one)" if process == os.getpid() else ""
    return f"process {process}{here}"


def is_at(disk: Disk, descriptor: int, path: Path) -> bool:
    """Tell whether an open file is still the one at the path."""
    try:
        there = disk.stat(path)
    except FileNotFoundError:
        return False
    return os.path.samestat(there, disk.fstat(descriptor))


def is_there(disk: Disk, path: Path) -> bool:
    """Tell whether something stands at a path."""
    try:
        disk.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def size(disk: Disk, path: Path) -> int:
    """Return how many bytes stand at a path, 0 where nothing does."""
    try:
        return disk.stat(path).st_size
    except (FileNotFoundError, NotADirectoryError):
        return 0


def read_all(disk: Disk, descriptor: int, path: Path, *, start: int = 0) -> bytes:
    """Return an open file's bytes from `start` on.

    Raises InputError where it is no file or far too large.
    """
    status = disk.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{printable(str(path))} is not a file.")
    if status.st_size > MAX_BYTES:
        raise InputError(f"{printable(str(path))} is larger than any coding.")
    pieces: list[bytes] = []
    size = start
    while piece := disk.pread(descriptor, max(status.st_size - size, 0) + 1, size):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def write_all(disk: Disk, descriptor: int, data: bytes, offset: int) -> None:
    """Write bytes from `offset`, in one call where the system takes them in one."""
    rest = memoryview(data)
    while rest:
        taken = disk.pwrite(descriptor, rest, offset)
        rest = rest[taken:]
        offset += taken


def keep(disk: Disk, path: Path, data: bytes) -> Path:
    """Write what is to be kept beside a file, and return its place; raises OSError.

    Where the same is kept there already it stays, and what is there of another content does too.
    """
    for number in count(1):
        place_of = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        try:
            disk.close(place(disk, place_of, data))
        except FileExistsError:
            if place_of.is_file() and place_of.read_bytes() == data:
                return place_of
        else:
            return place_of
    raise AssertionError("numbers do not end")


def place(disk: Disk, path: Path, data: bytes, *, instead_of: int | None = None) -> int:
    """Put a file at a path, whole or not at all, and return it locked.

    `instead_of` is the file that stands there, opened and locked by the caller; without it,
    FileExistsError says that there is one. Raises Busy and OSError.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    # Its lock keeps two makers apart, and stays with the file when that takes its name. Through a
    # link of that name, which a project from elsewhere may hold, any file could be overwritten.
    descriptor = open_locked(disk, temporary, os.O_CREAT | os.O_NOFOLLOW)
    try:
        try:
            _fill(disk, descriptor, path, data, instead_of)
        except BaseException:
            with suppress(OSError):
                disk.unlink(temporary)
            raise
        disk.rename(temporary, path)
        disk.sync_folder(path.parent)
    except BaseException:
        disk.close(descriptor)
        raise
    return descriptor


def _fill(disk: Disk, descriptor: int, path: Path, data: bytes, instead_of: int | None) -> None:
    if instead_of is not None:
        if not is_at(disk, instead_of, path):
            raise FileNotFoundError(errno.ENOENT, "another program replaced it", str(path))
        disk.chmod(descriptor, stat.S_IMODE(disk.fstat(instead_of).st_mode))
    elif is_there(disk, path):
        raise FileExistsError(path)
    disk.truncate(descriptor, 0)
    write_all(disk, descriptor, data, 0)
    disk.fsync(descriptor)
