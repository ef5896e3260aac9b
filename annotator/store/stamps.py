"""Which files of a folder changed: by what the file system says of them, without reading one."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

from annotator.files import refusals

SUFFIX: Final = ".json"
"""The ending of a journal's name."""

RECENT: Final = 2_000_000_000
"""For so many nanoseconds after a change, another one may leave the same stamp.

No file system that is in use keeps times more coarsely than that.
"""

Stamp = tuple[bytes, bool]
"""What changes with a file, empty for no file, and whether the next change may not show in it."""

_STAMP = struct.Struct("<QqqQ")
_UNKNOWN: Final = b"?"
_AGES: Final = 1 << 64


@dataclass(frozen=True)
class Listing:
    """The files of a folder: the stamp of each, which changes when the file does.

    `recent` names those that changed so lately that their next change may not show. `beside` are
    the names of files without a stamp. `seal` is the same as long as nothing in the folder changed.
    """

    stamps: Mapping[str, bytes] = field(default_factory=dict)
    recent: frozenset[str] = frozenset()
    beside: Sequence[str] = ()
    seal: bytes = b""

    def stamp(self, name: str) -> Stamp:
        """Return the stamp of the file of that name."""
        return self.stamps.get(name, b""), name in self.recent


def scan(
    folder: Path, suffix: str, *, beside: tuple[str, ...] = (), now: int | None = None
) -> Listing:
    """List the files of a folder whose names end with `suffix`, and `beside` them others.

    `now` is the time in nanoseconds since 1970. A folder that is not there has no files. Raises
    StorageError where it cannot be read.
    """
    since = (time.time_ns() if now is None else now) - RECENT
    stamps: dict[str, bytes] = {}
    recent, others = [], []
    with refusals(folder, "read"):
        try:
            # Below an open folder, the system looks up one name in place of a whole path.
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return Listing()
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    name = entry.name
                    if name.endswith(suffix):
                        try:
                            found, changed = _stamp(entry.stat())
                        except OSError:  # A link that leads nowhere may lead somewhere any time.
                            found, changed = _UNKNOWN, _AGES
                        stamps[name] = found
                        if changed > since:
                            recent.append(name)
                    elif beside and name.endswith(beside) and _is_file(entry):
                        others.append(name)
        finally:
            os.close(descriptor)
    return Listing(stamps, frozenset(recent), others, _seal(stamps, others))


def stamp(path: Path) -> bytes:
    """Return the stamp of a file as `scan` does, empty where there is none."""
    try:
        return _stamp(path.stat())[0]
    except FileNotFoundError:
        return b"" if not os.path.lexists(path) else _UNKNOWN
    except OSError:
        return _UNKNOWN


def _stamp(status: os.stat_result) -> tuple[bytes, int]:
    """Return what changes with a file, and when it was changed last.

    The time of the last change of any kind, unlike that of its contents, cannot be set by programs
    that copy or check out files.
    """
    modified, changed = status.st_mtime_ns, status.st_ctime_ns
    try:
        packed = _STAMP.pack(status.st_size, modified, changed, status.st_ino)
    except struct.error:  # Times that no clock shows.
        return _UNKNOWN, _AGES
    return packed, changed if changed > modified else modified


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # A link that leads to itself.
        return False


def _seal(stamps: Mapping[str, bytes], others: Sequence[str]) -> bytes:
    digest = blake2b(digest_size=16)
    for part in ("\0".join(stamps), "\0".join(others)):
        digest.update(os.fsencode(part) + b"\0\0")
    digest.update(b"".join(stamps.values()))
    return digest.digest()
