"""Disks that betray the store: what an observer must see, or it would see nothing else either."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Final

from annotator.store.disk import Disk

_KEPT: Final = 3
_SEAL: Final = b',"crc":"'


class Late(Disk):
    """Lets files grow at once, and keeps the bytes of the last three writes to itself."""

    def __init__(self) -> None:
        self._held: list[tuple[int, bytes, int]] = []

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        self._held.append((descriptor, bytes(data), offset))
        self._flush(_KEPT)
        size = max(os.fstat(descriptor).st_size, offset + len(data))
        self.truncate(descriptor, size)
        return len(data)

    def fsync(self, descriptor: int) -> None:
        pass

    def rename(self, old: Path, new: Path) -> None:
        self._flush()
        super().rename(old, new)

    def _flush(self, kept: int = 0) -> None:
        while len(self._held) > kept:
            super().pwrite(*self._held.pop(0))


class Swapped(Disk):
    """Writes that what is not flagged is, in every third line, with a checksum that agrees."""

    def __init__(self) -> None:
        self._lines = 0

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        line = bytes(data)
        self._lines += line.startswith(b",")
        if line.startswith(b",") and self._lines % 3 == 0 and line.count(_SEAL) == 1:
            line = line.replace(b'"flagged":false', b'"flagged": true')
            sealed, _, rest = line.partition(_SEAL)
            line = b"%b%b%08x%b" % (sealed, _SEAL, zlib.crc32(sealed[1:]), rest[8:])
        return super().pwrite(descriptor, line, offset)


class Flipped(Disk):
    """Flips a bit in every fifth line."""

    def __init__(self) -> None:
        self._lines = 0

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        line = bytearray(data)
        self._lines += line.startswith(b",")
        if line.startswith(b",") and self._lines % 5 == 0:
            line[len(line) // 2] ^= 1
        return super().pwrite(descriptor, bytes(line), offset)
