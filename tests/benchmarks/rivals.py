"""Ways to keep an edit: ours, and those that it is timed beside.

The others are handed their documents ready-made, and keep the newest state alone: no history, no
checksum, nothing looked at. To call one of them is to make its next edit.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import Any

import orjson
from tinydb import TinyDB, table
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import JSONStorage

from annotator.model.edit import Coding, Document
from annotator.model.mark import Mark
from annotator.model.sentence import Sentence
from annotator.pipeline.project import Project
from annotator.session import acts
from annotator.session.acts import Pen
from annotator.store import format as form
from annotator.store.base import Journal
from annotator.store.disk import Disk
from tests.benchmarks import corpus

Fields = dict[str, Any]
"""A document as JSON has it."""


class Ours:
    """A journal of the program's; its edits mark one sentence and take the mark back, in turn."""

    def __init__(self, project: Project, readout: str, coder: str) -> None:
        self._journal = project.journal(coder, readout, corpus.AT)
        self._path = journal_path(project, coder, readout)
        self._readout = readout
        coding = self._journal.coding
        self.key = _middle(coding)
        pen = _pen(project, coder, self.key)
        edit = acts.add_mark(pen, coding, self.key, _topic(pen, coding.sentence(self.key)))
        if edit is None:
            raise RuntimeError("The sentence had the mark before.")
        self._turns = [edit, edit.invert("undo", corpus.AT)]

    def __call__(self) -> None:
        """Make the next edit durable."""
        self._journal.put(self._turns[0])
        self._turns.reverse()

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def widths(self) -> list[int]:
        """Return the bytes that each of the two edits adds to the file."""
        sizes = [self._path.stat().st_size]
        for _ in range(2):
            self()
            sizes.append(self._path.stat().st_size)
        return [sizes[1] - sizes[0], sizes[2] - sizes[1]]

    def turns(self) -> list[Fields]:
        """Return the sentence as each of the two edits leaves it."""
        after = (edit.changes[0].after for edit in self._turns)
        return [document.model_dump(mode="json") for document in after if document is not None]

    def documents(self) -> dict[int, Fields]:
        """Return every sentence, by its key."""
        return documents(self._journal)

    def rows(self) -> Iterator[tuple[str, int, str]]:
        """Yield every sentence as a row of a table."""
        return rows(self._journal)

    def beside(self, rival: Sqlite) -> Callable[[], None]:
        """Return what writes the same two documents to a table, in turn."""
        turns = cycle([_json(fields) for fields in self.turns()])
        return lambda: rival.put(self._readout, self.key, next(turns))


def code(project: Project, journal: Journal) -> None:
    """Give a topic to every sentence but the one that `Ours` marks."""
    coding = journal.coding
    coded: dict[int, Document | None] = {}
    for key, sentence in coding.sentences():
        if key != _middle(coding):
            pen = _pen(project, journal.header.by, key)
            coded[key] = sentence.changed(marks=(_topic(pen, sentence),))
    edit = _pen(project, journal.header.by, 0).edit(coding, "code", coded)
    if edit is not None:
        journal.put(edit)


def documents(journal: Journal) -> dict[int, Fields]:
    """Return every sentence of a journal, by its key."""
    sentences = journal.coding.sentences()
    return {key: sentence.model_dump(mode="json") for key, sentence in sentences}


def rows(journal: Journal) -> Iterator[tuple[str, int, str]]:
    """Yield every sentence of a journal as a readout, a key and a document."""
    found = documents(journal)
    return ((journal.header.readout, key, _json(fields)) for key, fields in found.items())


def journal_path(project: Project, coder: str, readout: str) -> Path:
    """Return where a journal lies."""
    return project.paths.tags / coder / f"{readout}.json"


def _middle(coding: Coding) -> int:
    return coding.order[len(coding.order) // 2]


def _pen(project: Project, coder: str, key: int) -> Pen:
    return Pen(coder, project.codebook, lambda: corpus.AT, lambda: f"{key:012x}")


def _topic(pen: Pen, sentence: Sentence) -> Mark:
    layer = next(layer for layer in pen.codebook.layers if layer.id == "topics")
    return pen.mark(sentence, layer.id, layer.labels[0].id)


def _json(fields: Fields) -> str:
    return form.canonical(fields).decode()


class Append:
    """So many bytes as each of `sizes`, in turn, at the end of a file: the least that is durable.

    They are brought to disk as ours are, also where that asks for more than fsync.
    """

    def __init__(self, path: Path, sizes: Sequence[int]) -> None:
        self._disk = Disk()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._turns = cycle([b"x" * size for size in sizes])

    def __call__(self) -> None:
        """Append, and return when it is on disk."""
        os.write(self._descriptor, next(self._turns))
        self._disk.fsync(self._descriptor)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


class Tiny:
    """One table of plain TinyDB, which writes and syncs the whole file for every edit.

    With `cached`, its CachingMiddleware writes the file once in 1,000 edits: none is durable.
    """

    def __init__(
        self,
        path: Path,
        documents: Mapping[int, Fields],
        key: int,
        turns: Sequence[Fields],
        cached: bool,
    ) -> None:
        storage = CachingMiddleware(JSONStorage) if cached else JSONStorage  # type: ignore[no-untyped-call]
        self._database = TinyDB(path, storage=storage)
        self._database.insert_multiple(
            table.Document(fields, doc_id=place) for place, fields in documents.items()
        )
        self._key, self._turns = key, cycle(turns)

    def __call__(self) -> None:
        """Put the next version in the place of the other."""
        self._database.update(next(self._turns), doc_ids=[self._key])

    def close(self) -> None:
        """Write what is not written."""
        self._database.close()


class Sqlite:
    """One SQLite table of documents as JSON, in WAL mode with synchronous=FULL.

    `rows` are a readout, a key and a document each. A commit is an edit, and durable.
    """

    def __init__(self, path: Path, rows: Iterable[tuple[str, int, str]]) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=wal", "synchronous=full", "fullfsync=on"):
            self._database.execute(f"pragma {pragma}")
        with closing(self._database.cursor()) as cursor:
            cursor.execute("begin")
            cursor.execute(
                "create table document"
                " (readout text, key integer, doc text, primary key (readout, key))"
            )
            cursor.executemany("insert into document values (?, ?, ?)", rows)
            cursor.execute("commit")
            cursor.execute("pragma wal_checkpoint(truncate)")

    def put(self, readout: str, key: int, document: str) -> None:
        """Put a document in the place of the one that stands there, and return when it is on disk.

        Outside a transaction, each statement is one.
        """
        self._database.execute(
            "insert into document values (?, ?, ?)"
            " on conflict (readout, key) do update set doc = excluded.doc",
            (readout, key, document),
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def read_json(path: Path) -> object:
    """Read a file of ours as nothing but JSON, whose readers keep the last of equal names."""
    return orjson.loads(path.read_bytes())


def read_tiny(path: Path) -> object:
    """Read the documents of a file of ours with plain TinyDB."""
    with TinyDB(path, access_mode="r", encoding="utf-8") as database:
        return database.all()


def read_sqlite(path: Path, readout: str) -> object:
    """Open a file of SQLite and read the documents of a readout."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("select doc from document where readout = ?", (readout,))
        return [orjson.loads(document) for (document,) in rows]
