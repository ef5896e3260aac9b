"""A journal's file as it is found: its lines, and what has to be done before one writes to it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from annotator.errors import DamagedFile
from annotator.files import printable, refusals
from annotator.store import durable
from annotator.store.disk import Disk
from annotator.store.lines import Lines, parse, render
from annotator.store.mend import Mended, mend

TAKEN_BACK: Final = "The last write was cut short and is taken back: look at what you did last."
TAKEN_OVER: Final = (
    "Another program rewrote this coding: its state is taken over, and the history before is not in"
    " the file any more."
)
LAID_OUT: Final = "Another program laid this coding's file out anew; nothing was changed in it."
REPAIR: Final = "“annotator check --repair” puts it right and keeps the file as it is beside it."


@dataclass(frozen=True)
class Found:
    """What a file holds: `data` is what it has to become before it is written, None for nothing.

    `notice` tells the coder about it, in one sentence. With `aside`, the file as it is has to be
    kept.
    """

    lines: Lines
    data: bytes | None = None
    notice: str = ""
    aside: bool = False

    @property
    def as_written(self) -> bool:
        """Tell whether the lines stand in the file as they are here."""
        return self.data is None and not self.lines.outdated


def found(raw: bytes, name: str, at: str) -> Found:
    """Tell what the bytes of a file hold; `at` is when they were written, for what is taken over.

    Raises DamagedFile and NewerFormat as `parse` does.
    """
    try:
        lines = parse(raw, name)
    except DamagedFile as problem:
        mended = _mended(raw, name, at, problem)
        notice = TAKEN_OVER if mended.lost else LAID_OUT
        return Found(parse(mended.data, name), mended.data, notice, aside=True)
    if lines.torn:
        return Found(lines, render(lines.head, lines.bodies), TAKEN_BACK)
    return Found(lines)


def _mended(raw: bytes, name: str, at: str, problem: DamagedFile) -> Mended:
    """Return what another program's rewriting of a file becomes; raises DamagedFile for damage."""
    try:
        mended = mend(raw, name, at)
    except DamagedFile as hopeless:
        raise DamagedFile(problem.message, hopeless.hint) from problem
    if mended is None or mended.kind != "rewritten":
        raise DamagedFile(problem.message, REPAIR) from problem
    return mended


def settled(disk: Disk, path: Path) -> Found | None:
    """Read a file while another process may be writing it; None where there is none.

    Raises StorageError where the file system refuses, else as `found` does.
    """
    before: bytes | None = None
    while True:
        read = read_file(disk, path)
        if read is None:
            return None
        raw, at = read
        try:
            return found(raw, printable(str(path)), at)
        except DamagedFile:
            # Half of a write that is under way can look like damage, but not twice.
            if raw == before:
                raise
            before = raw


def read_file(disk: Disk, path: Path, start: int = 0) -> tuple[bytes, str] | None:
    """Return a file's bytes from `start` on, and when it was changed last; None for no file."""
    with refusals(path, "read"):
        try:
            descriptor = disk.open(path, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            return read_open(disk, descriptor, path, start)
        finally:
            disk.close(descriptor)


def read_open(disk: Disk, descriptor: int, path: Path, start: int = 0) -> tuple[bytes, str]:
    """Return an open file's bytes from `start` on, and when it was changed last."""
    changed = datetime.fromtimestamp(int(disk.fstat(descriptor).st_mtime), UTC)
    raw = durable.read_all(disk, descriptor, path, start=start)
    return raw, changed.strftime("%Y-%m-%dT%H:%M:%SZ")
