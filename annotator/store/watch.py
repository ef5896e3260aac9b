"""Following a journal that another process writes: only what was added is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.errors import DamagedFile, NewerFormat, StorageError
from annotator.files import printable, refusals
from annotator.model.edit import Coding
from annotator.store import durable
from annotator.store.base import Snapshot
from annotator.store.disk import Disk
from annotator.store.history import Folded, History, Replay, fold
from annotator.store.lines import Lines, more
from annotator.store.newer import understood
from annotator.store.reading import Found, read_file

_Stamp = tuple[int, int, int, int]


@dataclass(frozen=True)
class _Seen:
    """What was read; `end` is where the file's closing bytes stood, None where lines moved."""

    lines: Lines
    folded: Folded
    replay: Replay
    end: int | None

    def snapshot(self) -> Snapshot:
        history = History(self.replay, len(self.lines.bodies))
        return Snapshot(self.lines.header, Coding(dict(self.folded.docs)), history)


class TinyWatch:
    """A journal at `path`, read again when its file changed; `look` may run in any thread."""

    def __init__(self, disk: Disk, path: Path, read: Callable[[], Found | None]) -> None:
        self._disk = disk
        self._path = path
        self._shown = printable(str(path))
        self._read_whole = read
        self._stamp: _Stamp | None = None
        self._seen: _Seen | None = None

    def look(self) -> Snapshot | None:
        """Return the journal as it stands, None where it is as it was at the last look.

        Raises StorageError where it is gone or cannot be read, and DamagedFile as `read` does.
        """
        with refusals(self._path, "read"):
            try:
                status = self._disk.stat(self._path)
            except FileNotFoundError as error:
                self._stamp = None
                raise StorageError(f"{self._shown} is gone.", "Put it back.") from error
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if stamp == self._stamp:
            return None
        try:
            seen = self._followed(stamp) or self._whole()
        except NewerFormat as problem:
            raw, _ = read_file(self._disk, self._path) or (b"", "")
            snapshot = understood(raw, problem)
            self._stamp, self._seen = stamp, None
            return snapshot
        self._stamp, self._seen = stamp, seen
        return seen.snapshot()

    def holder(self) -> str:
        """Say in a few words which process writes it; empty where none does."""
        return durable.holder(self._disk, self._path)

    def _whole(self) -> _Seen:
        found = self._read_whole()
        if found is None:
            raise StorageError(f"{self._shown} is gone.", "Put it back.")
        lines = found.lines
        end = lines.end if found.as_written else None
        replay = Replay(lines.bodies, self._shown)
        return _Seen(lines, fold(lines.bodies, self._shown), replay, end)

    def _followed(self, stamp: _Stamp) -> _Seen | None:
        """Take in what was added to the file that was read; None where it is not only that."""
        seen, before = self._seen, self._stamp
        if seen is None or before is None or seen.end is None or stamp[0] != before[0]:
            return None
        known = seen.lines.bodies
        # The last line that was read tells whether this is still the same history.
        last = known[-1] + b"\n" if known else b""
        read = read_file(self._disk, self._path, seen.end - len(last))
        if read is None or not read[0].startswith(last):
            return None
        bodies = more(read[0][len(last) :], len(known))
        if not bodies:
            return None
        try:
            folded = fold(bodies, self._shown, after=seen.folded, first=len(known) + 2)
        except DamagedFile:  # Another version of the program goes on with it.
            return None
        known.extend(bodies)
        end = seen.end + sum(len(body) + 2 for body in bodies)
        return replace(seen, folded=folded, end=end)
