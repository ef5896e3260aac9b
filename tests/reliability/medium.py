"""What a disk without ordering may hold when the power goes, after any call.

A file has a version for each call since its last fsync, and the disk has of each block any of
these, and any of their sizes. Of the names, any change since the folder's last fsync may be there.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Final, Literal

from tests.reliability.tape import Cut, Event, Fail, Name, Sync, SyncNames, Write

Kind = Literal[
    "whole calls",
    "prefixes of a write",
    "prefixes, size first",
    "blocks of 512",
    "blocks of 4096",
    "names",
    "doubled block of 512",
    "doubled block of 4096",
]
MISPLACED: Final[tuple[Kind, ...]] = ("doubled block of 512", "doubled block of 4096")
"""What no loss of power does, only a disk that puts a block in its neighbour's place."""
BLOCKS: Final = (512, 4096)
ALL_SUBSETS: Final = 10
"""Up to how many blocks every combination is tried."""


@dataclass(frozen=True)
class Depth:
    """How much is tried.

    A write is cut at every so many `bytes`, and at every so many of `zeros` with zeros behind;
    `drawn` is how many combinations of blocks are drawn where they are too many.
    """

    bytes: int = 1
    zeros: int = 1
    drawn: int = 200


@dataclass
class Contents:
    """The versions of a file since it was last synced; the last call, if it was a write."""

    versions: list[bytes]
    last: Write | None = None
    failed: bool = False

    def write(self, write: Write) -> None:
        """Add the version after a write."""
        self.versions.append(overlaid(self.versions[-1], write.data, write.offset))
        self.last = write

    def cut(self, size: int) -> None:
        """Add the version after the size was set."""
        self.versions.append(self.versions[-1][:size].ljust(size, b"\0"))
        self.last = None

    def sync(self) -> None:
        """Keep nothing but the newest version, unless a sync failed before."""
        if not self.failed:
            self.versions = self.versions[-1:]
            self.last = None

    def found(self, depth: Depth) -> Iterator[tuple[Kind, bytes]]:
        """Yield what may be found of the file."""
        for version in self.versions:
            yield "whole calls", version
        if len(self.versions) == 1:
            return
        if self.last is not None:
            yield from _prefixes(self.versions[-2], self.last, depth)
        for size in BLOCKS:
            for found in _mixed(self.versions, size, depth):
                yield ("blocks of 512" if size == BLOCKS[0] else "blocks of 4096"), found
        if self.last is not None:
            for size in BLOCKS:
                for found in _doubled(self.versions[-1], self.last, size):
                    kind = MISPLACED[BLOCKS.index(size)]
                    yield kind, found


@dataclass
class Medium:
    """A folder on such a disk."""

    names: dict[str, int] = field(default_factory=dict)
    pending: list[Name] = field(default_factory=list)
    files: dict[int, Contents] = field(default_factory=dict)

    @classmethod
    def holding(cls, before: Mapping[str, bytes]) -> Medium:
        """Return a folder with these files, all of it on the medium."""
        names = sorted(before)
        files = {number: Contents([before[name]]) for number, name in enumerate(names)}
        return cls({name: number for number, name in enumerate(names)}, files=files)

    def take(self, event: Event) -> None:
        """Do what was recorded."""
        if isinstance(event, Write):
            self.files[event.file].write(event)
        elif isinstance(event, Cut):
            self.files[event.file].cut(event.size)
        elif isinstance(event, Sync):
            self.files[event.file].sync()
        elif isinstance(event, Fail):
            self.files[event.file].failed = True
        elif isinstance(event, Name):
            if event.file is not None:
                self.files.setdefault(event.file, Contents([b""]))
            self.pending.append(event)
        elif isinstance(event, SyncNames):
            self.names = _named(self.names, self.pending)
            self.pending = []

    def states(self, depth: Depth) -> Iterator[tuple[Kind, dict[str, bytes]]]:
        """Yield what the folder may hold, some of it more than once."""
        newest = _named(self.names, self.pending)
        seen: list[dict[str, int]] = []
        for count in range(len(self.pending), -1, -1):
            for some in combinations(self.pending, count):
                names = _named(self.names, some)
                if names not in seen:
                    seen.append(names)
                    for kind, files in self._filled(names, depth):
                        plain = kind == "whole calls" and names != newest
                        yield ("names" if plain else kind), files

    def _filled(
        self, names: Mapping[str, int], depth: Depth
    ) -> Iterator[tuple[Kind, dict[str, bytes]]]:
        """Yield the folder with each file in turn as it may be, the others old or new."""
        for end in (-1, 0):
            others = {name: self.files[number].versions[end] for name, number in names.items()}
            yield "whole calls", others
            for name, number in names.items():
                for kind, found in self.files[number].found(depth):
                    yield kind, {**others, name: found}


def overlaid(old: bytes, data: bytes, offset: int) -> bytes:
    """Return a file after a write."""
    padded = old.ljust(offset, b"\0")
    return padded[:offset] + data + padded[offset + len(data) :]


def _named(names: Mapping[str, int], changes: Sequence[Name]) -> dict[str, int]:
    found = dict(names)
    for change in changes:
        if change.file is None:
            found.pop(change.name, None)
        else:
            found[change.name] = change.file
    return found


def _prefixes(old: bytes, write: Write, depth: Depth) -> Iterator[tuple[Kind, bytes]]:
    """Yield the file with each part of a write, grown as far as it was written, and in full."""
    size = max(len(old), write.offset + len(write.data))
    for length in range(0, len(write.data) + 1, depth.bytes):
        found = overlaid(old, write.data[:length], write.offset)
        yield "prefixes of a write", found
        if length % depth.zeros == 0:
            yield "prefixes, size first", found.ljust(size, b"\0")


def _mixed(versions: Sequence[bytes], size: int, depth: Depth) -> Iterator[bytes]:
    """Yield the file with every block from any version, in each size that it had.

    Of more than `ALL_SUBSETS` blocks, those combinations are tried where one or two blocks differ
    from the newest version or from the oldest, and some that are drawn.
    """
    longest = max(map(len, versions))
    padded = [version.ljust(longest, b"\0") for version in versions]
    starts = range(0, longest, size)
    choices = [list(dict.fromkeys(v[start : start + size] for v in padded)) for start in starts]
    open_blocks = [block for block, choice in enumerate(choices) if len(choice) > 1]
    lengths = sorted({len(version) for version in versions})
    for chosen in _combinations([len(choices[block]) for block in open_blocks], depth):
        picked = dict(zip(open_blocks, chosen, strict=True))
        whole = b"".join(choice[picked.get(block, 0)] for block, choice in enumerate(choices))
        for length in lengths:
            yield whole[:length]


def _combinations(counts: Sequence[int], depth: Depth) -> Iterator[tuple[int, ...]]:
    if math.prod(counts) <= 2**ALL_SUBSETS:
        yield from product(*map(range, counts))
        return
    for base in ([count - 1 for count in counts], [0] * len(counts)):
        yield tuple(base)
        for number in (1, 2):
            for blocks in combinations(range(len(counts)), number):
                for values in product(*(range(counts[block]) for block in blocks)):
                    changed = base.copy()
                    for block, value in zip(blocks, values, strict=True):
                        changed[block] = value
                    yield tuple(changed)
    chance = random.Random(len(counts))  # noqa: S311 - a test that repeats
    for _ in range(depth.drawn):
        yield tuple(chance.randrange(count) for count in counts)


def _doubled(new: bytes, write: Write, size: int) -> Iterator[bytes]:
    """Yield the file with a block of the write in the place of one beside it, too."""
    first, last = write.offset // size, (write.offset + len(write.data) - 1) // size
    for block in range(first, last + 1):
        content = new[block * size : block * size + size]
        for beside in (block - 1, block + 1):
            start = beside * size
            if 0 <= start < len(new):
                yield new[:start] + content[: len(new) - start] + new[start + len(content) :]
