"""Bringing the rows of the index up to the files, a batch at a time.

A row is kept with the stamp that its file had before it was read, and read again when the stamp is
another, or so young that a change may have left it as it was. As long as nothing in a folder
changed, one checksum over all of its stamps, its seal, says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from annotator.pipeline.folders import Folder, followed
from annotator.pipeline.tables import Tables
from annotator.store.stamps import Stamp

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Advance = Callable[[int, int, str], None]
"""Called with how many files are read, of how many, and the name of the last, ready to be shown."""


_BATCH: Final = 128
_ROUNDS: Final = 3


def never() -> bool:
    """Tell that nobody wants to stop."""
    return False


@dataclass(frozen=True)
class Freshness:
    """What a refresh did: how many files it read of how many that changed, how many are gone.

    Unless it is `complete`, what the index answers may not be what the files say.
    """

    read: int = 0
    removed: int = 0
    of: int = 0
    complete: bool = False


@dataclass(frozen=True)
class _Work:
    """What is to be done for a folder; `seal` is empty where some stamps are too young for one."""

    folder: Folder[Any]
    stamps: Mapping[str, Stamp]
    stale: Sequence[str]
    gone: frozenset[str]
    seal: bytes


@dataclass
class Refresh:
    """One refresh of the rows that come from some of a project's folders."""

    project: Project
    tables: Tables
    clock: Callable[[], int]
    coder: str | None = None
    metadata: bool = True
    most: int | None = None
    progress: Advance | None = None
    stopped: Callable[[], bool] = never
    _read: int = field(default=0, init=False)
    _removed: int = field(default=0, init=False)
    _of: int = field(default=0, init=False)
    _changes: int = field(default=0, init=False)
    _disturbed: bool = field(default=False, init=False)

    def run(self) -> Freshness:
        """Read what changed; raises StorageError where a folder cannot be listed."""
        complete = False
        for _ in range(_ROUNDS):
            if self.tables.closed:
                break
            try:
                finished = self._round()
            except sqlite3.Error as error:
                self.tables.recover(error)
                continue
            complete = finished and not self._disturbed
            if complete or not finished:
                break
            # Another process wrote at the same time, perhaps what it had read before us.
        return Freshness(self._read, self._removed, self._of, complete)

    def _round(self) -> bool:
        """Look at every folder once; return False where it was stopped, or is too much."""
        self._disturbed = False
        self._changes = _changes(self.tables.rows("SELECT changes FROM state"))
        works = self._works()
        amount = sum(len(work.stale) for work in works)
        self._of = self._read + amount
        if self.most is not None and amount > self.most:
            return False
        for work in works:
            if not self._bring_up(work):
                return False
            if work.seal and not self._disturbed:
                self._put_seal(work)
        return True

    def _works(self) -> list[_Work]:
        now = self.clock()
        seals: dict[str, bytes] = dict(self.tables.rows("SELECT folder, value FROM seal"))
        works = []
        for folder in followed(self.project, self.tables, coder=self.coder, metadata=self.metadata):
            listing = folder.scan(now)
            if listing.seal and listing.seal == seals.get(folder.key):
                continue
            stamps, known = folder.stamps(listing), folder.known(self.tables)
            stale = sorted(r for r, one in stamps.items() if known.get(r) != (one[0], False))
            gone = frozenset(known.keys() - stamps.keys())
            seal = b"" if listing.recent else listing.seal
            works.append(_Work(folder, stamps, stale, gone, seal))
        return works

    def _bring_up(self, work: _Work) -> bool:
        found: dict[str, Any] = {}
        for readout in (*sorted(work.gone), *work.stale):
            if self.stopped() or self.tables.closed:
                self._write(work, found)
                return False
            if readout in work.gone:
                found[readout] = None
                self._removed += 1
            else:
                found[readout] = work.folder.read(readout)
                self._read += 1
                if self.progress:
                    self.progress(self._read, self._of, f"{work.folder.key}/{readout}")
            if len(found) >= _BATCH:
                self._write(work, found)
                found.clear()
        self._write(work, found)
        return True

    def _write(self, work: _Work, found: Mapping[str, Any]) -> None:
        if not found:
            return
        with self.tables.changing() as db:
            changes = _changes(db.execute("SELECT changes FROM state").fetchall())
            self._disturbed |= changes != self._changes
            self._changes = changes + 1
            db.execute("UPDATE state SET changes = ?", (self._changes,))
            db.execute("DELETE FROM seal WHERE folder = ?", (work.folder.key,))
            work.folder.write(db, found, work.stamps)

    def _put_seal(self, work: _Work) -> None:
        with self.tables.changing() as db:
            if _changes(db.execute("SELECT changes FROM state").fetchall()) == self._changes:
                db.execute("REPLACE INTO seal VALUES(?, ?)", (work.folder.key, work.seal))


def _changes(rows: Sequence[tuple[Any, ...]]) -> int:
    return int(rows[0][0]) if rows else 0
