"""The file of the index: tables in SQLite that are thrown away rather than trusted.

A file that is not ours, or damaged, is removed and made anew. Where it cannot be read or written,
or another process keeps it locked, tables in memory take its place, filled from it if possible.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any, Final

from annotator import __version__
from annotator.store.base import FORMAT

Row = tuple[Any, ...]
Parameters = Sequence[Any] | Mapping[str, Any]

MOMENT: Final = 0.25
"""How many seconds another process is waited for."""

_APPLICATION: Final = 0x416E6E6F
_VERSION: Final = 7
_MAKER: Final = f"{__version__} {FORMAT}"
_CACHE: Final = 8_000
"""Kilobytes of the file that are kept in memory at most."""
_COMPANIONS: Final = ("-journal", "-wal", "-shm")

# What the system, another process or the disk refuses, while the tables may well be sound.
_REFUSALS: Final = frozenset(
    {
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)

# `changes` of `state` counts what was written, so that two processes notice each other. A row of
# `seal` stands only while the rows of its folder are those of the files. The large columns are
# apart, in `coding`, so that counting does not read them. `origin`, `lines` and `crc` are those of
# a journal when it was longest, `last` the time of its last act. A term's `places` are bits, one
# for each sentence in reading order.
# `effort` holds the sums of all that is in `ledger`.
_SCHEMA: Final = """
CREATE TABLE state(home TEXT NOT NULL, maker TEXT NOT NULL, changes INTEGER NOT NULL);
CREATE TABLE seal(folder TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE readout(
    id TEXT PRIMARY KEY, stamp BLOB NOT NULL, recent INTEGER NOT NULL, problem TEXT NOT NULL,
    words TEXT NOT NULL, language TEXT NOT NULL, side TEXT NOT NULL, event TEXT NOT NULL,
    kind TEXT NOT NULL, date TEXT NOT NULL, metadata BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE journal(
    id INTEGER PRIMARY KEY, sample INTEGER NOT NULL, coder TEXT NOT NULL, readout TEXT NOT NULL,
    stamp BLOB NOT NULL, recent INTEGER NOT NULL, problem TEXT NOT NULL, text TEXT NOT NULL,
    total INTEGER NOT NULL, done INTEGER NOT NULL, unsure INTEGER NOT NULL,
    skipped INTEGER NOT NULL, keys INTEGER NOT NULL, seconds REAL NOT NULL, keyed INTEGER NOT NULL,
    flagged INTEGER NOT NULL, noted INTEGER NOT NULL, again INTEGER NOT NULL,
    origin TEXT NOT NULL, lines INTEGER NOT NULL, crc TEXT NOT NULL, last TEXT NOT NULL,
    UNIQUE(sample, coder, readout)
);
CREATE INDEX by_readout ON journal(readout, coder, sample);
CREATE TABLE coding(
    journal INTEGER PRIMARY KEY, labels BLOB NOT NULL, spots BLOB NOT NULL, terms BLOB NOT NULL
);
CREATE TABLE given(
    sample INTEGER NOT NULL, coder TEXT NOT NULL, layer TEXT NOT NULL, label TEXT NOT NULL,
    marks INTEGER NOT NULL, PRIMARY KEY(sample, coder, layer, label)
) WITHOUT ROWID;
CREATE TABLE term(
    id INTEGER PRIMARY KEY, field TEXT NOT NULL, value TEXT NOT NULL, UNIQUE(field, value)
);
CREATE TABLE posting(
    term INTEGER NOT NULL, journal INTEGER NOT NULL, places BLOB NOT NULL,
    PRIMARY KEY(term, journal)
) WITHOUT ROWID;
CREATE TABLE ledger(journal INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE effort(
    sample INTEGER NOT NULL, coder TEXT NOT NULL, kind TEXT NOT NULL, one TEXT NOT NULL,
    two TEXT NOT NULL, value INTEGER NOT NULL, amount INTEGER NOT NULL,
    PRIMARY KEY(sample, coder, kind, one, two, value)
) WITHOUT ROWID;
"""


class _NotOurs(Exception):  # noqa: N818 - never leaves this module
    """The file is not one of ours, or not where it was made."""


class Tables:
    """The tables, in the file at `path` or, without one, in memory.

    One connection serves all threads, each in its turn; none keeps it for longer than a query or
    the writing of one batch.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._turn = RLock()
        self._inode = 0
        self._failures = 0
        self._closed = False
        self._connection = self._opened()

    @property
    def closed(self) -> bool:
        """Tell whether there is nothing to be asked any more."""
        return self._closed

    @property
    def in_memory(self) -> bool:
        """Tell whether nothing of this will be there the next time."""
        return not self._inode

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a query, none once this is closed; raises sqlite3.Error."""
        with self._turn:
            return [] if self._closed else self._connection.execute(sql, parameters).fetchall()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction, which an exception takes back.

        Raises sqlite3.Error; also where the file was removed or replaced, as SQLite notices.
        """
        with self._turn:
            try:
                self._begin()
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _begin(self) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if self.in_memory or not _is_refusal(error):
                raise
            self._retreat()
            self._connection.execute("BEGIN IMMEDIATE")

    def recover(self, error: sqlite3.Error) -> None:
        """Put tables in place of those that failed: the same ones in memory, else empty ones."""
        with self._turn:
            if self._closed:
                return
            if _is_refusal(error) and not self.in_memory:
                self._retreat()
                return
            self._connection.close()
            self._failures += 1
            if self._inode and self._failures == 1:
                _remove(self._path, self._inode)
                self._connection = self._opened()
            else:
                self._connection = self._emptied()

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        with self._turn:
            self._closed = True
            self._connection.close()

    def _retreat(self) -> None:
        """Go on in memory with what the file holds, as far as it can be read."""
        old, self._connection = self._connection, self._emptied()
        try:
            old.backup(self._connection, progress=_require_progress)
        except sqlite3.Error:
            # Whoever has just read what rows there are has to notice that they are gone.
            self._connection.execute("UPDATE state SET changes = -1")
        old.close()

    def _emptied(self) -> sqlite3.Connection:
        self._inode = 0
        connection = _connected(":memory:")
        _make(connection, home=0)
        return connection

    def _opened(self) -> sqlite3.Connection:
        """Open the file, or tables in memory where that cannot be."""
        for _ in range(2):
            if self._path is None:
                break
            try:
                return self._in_file(self._path)
            except (OSError, sqlite3.Error, _NotOurs) as error:
                if isinstance(error, OSError) or _is_refusal(error):
                    break
                _remove(self._path, _inode(self._path))
        return self._emptied()

    def _in_file(self, path: Path) -> sqlite3.Connection:
        path.parent.mkdir(exist_ok=True)
        # Through a link, which a project from elsewhere may hold, any file could be removed.
        if path.parent.is_symlink():
            raise NotADirectoryError(path.parent)
        if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
            raise _NotOurs
        connection = _connected(path)
        try:
            inode = _inode(path)
            _make(connection, inode)
            _require_ours(connection, inode)
        except BaseException:
            connection.close()
            raise
        self._inode = inode
        return connection


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=MOMENT, isolation_level=None, check_same_thread=False
    )
    # Synced sparingly, a power cut loses the last batch at most, and damages nothing.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    return connection


def _require_progress(status: int, remaining: int, total: int) -> None:
    """End a copy that waits for another process, which Python would let wait for ever."""
    if status not in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE):
        raise sqlite3.OperationalError("another process holds the file")


def _make(connection: sqlite3.Connection, home: int) -> None:
    """Make the tables where there are none."""
    if not _is_empty(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection):  # Another process may have been faster.
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute("INSERT INTO state VALUES(?, ?, 0)", (str(home), _MAKER))
    connection.execute("COMMIT")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _require_ours(connection: sqlite3.Connection, inode: int) -> None:
    """Raise _NotOurs where a file is no index of this version that was made in this place."""
    pragmas = ("application_id", "user_version")
    marks = [connection.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas]
    if marks != [_APPLICATION, _VERSION]:
        raise _NotOurs
    # A copy of an index knows other files than those around it.
    if connection.execute("SELECT home, maker FROM state").fetchall() != [(str(inode), _MAKER)]:
        raise _NotOurs


def _is_refusal(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _REFUSALS


def _inode(path: Path | None) -> int:
    try:
        return 0 if path is None else path.lstat().st_ino
    except OSError:
        return 0


def _remove(path: Path | None, inode: int) -> None:
    """Remove a file and what belongs to it, unless another one has its name by now."""
    if path is None or _inode(path) != inode:
        return
    for name in (path.name, *(path.name + ending for ending in _COMPANIONS)):
        with suppress(OSError):
            path.with_name(name).unlink()
