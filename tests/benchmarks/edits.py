"""What one edit costs on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tinydb import TinyDB

from annotator.model.edit import Document, Edit
from annotator.pipeline.project import Project
from annotator.session import acts
from annotator.session.acts import Pen
from annotator.store.base import Journal
from tests.benchmarks import corpus
from tests.benchmarks.report import Row, interleaved, milliseconds

PLAIN_DOCUMENTS = 10_000
OTHER = "ada"
"""A coder whose journals no program has open."""


def measure(
    folder: Path, small: Project, long: Project, *, runs: int, plain_runs: int
) -> list[Row]:
    """Time an edit of a short and a long readout and a bare append, in turns; then plain TinyDB."""
    short, full = _Toggle(small), _Toggle(long)
    size = short.size()
    bare = _append(folder / "bare", size)
    figures = interleaved(
        runs,
        [lambda: milliseconds(bare), lambda: milliseconds(short), lambda: milliseconds(full)],
    )
    appended, edited, edited_full = figures
    update = _update(folder, short.documents[1])

    def settled() -> float:
        for _ in range(4):  # Ours is not to pay for the megabytes that plain TinyDB just wrote.
            short()
        return milliseconds(short)

    plain, ours = interleaved(plain_runs, [lambda: milliseconds(update), settled])
    short.journal.close()
    full.journal.close()
    floor = f"append + fsync, {size} bytes"
    return [
        Row("edit on disk, 20 sentences", edited, floor, appended, most=1.6),
        Row("edit on disk, 20,000 sentences", edited_full, floor, appended, most=1.6),
        Row("edit on disk, 20,000 sentences", edited_full, "20 sentences", edited),
        Row(f"plain TinyDB, {PLAIN_DOCUMENTS:,} documents", plain, "our edit", ours, least=300),
    ]


class _Toggle:
    """Marks a sentence and takes the mark back, in turn."""

    def __init__(self, project: Project) -> None:
        self._path = project.paths.tags / OTHER / f"{corpus.name(1)}.json"
        self.journal: Journal = project.journal(OTHER, corpus.name(1), corpus.AT)
        coding, book = self.journal.coding, project.codebook
        pen = Pen(OTHER, book, lambda: corpus.AT, lambda: "0123456789ab")
        key = coding.order[len(coding.order) // 2]
        layer = next(layer for layer in book.layers if layer.id == "topics")
        mark = pen.mark(coding.sentence(key), layer.id, layer.labels[0].id)
        edit = acts.add_mark(pen, coding, key, mark)
        if edit is None:
            raise RuntimeError("The sentence had the mark before.")
        self._turns: list[Edit] = [edit, edit.invert("undo", corpus.AT)]
        self.documents = (edit.changes[0].before, edit.changes[0].after)

    def __call__(self) -> None:
        self.journal.put(self._turns[0])
        self._turns.reverse()

    def size(self) -> int:
        """Return the bytes that an edit adds to the file."""
        before = self._path.stat().st_size
        self()
        self()
        return (self._path.stat().st_size - before) // 2


def _append(path: Path, size: int) -> Callable[[], None]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    data = b"x" * size

    def append() -> None:
        os.write(descriptor, data)
        os.fsync(descriptor)

    return append


def _update(folder: Path, document: Document | None) -> Callable[[], None]:
    """Return what replaces one of many such documents in one table of plain TinyDB."""
    if document is None:
        raise RuntimeError("The sentence is gone.")
    fields = document.model_dump(mode="json")
    database = TinyDB(folder / "plain.json")
    database.insert_multiple(dict(fields) for _ in range(PLAIN_DOCUMENTS))

    def update() -> None:
        database.update(fields, doc_ids=[PLAIN_DOCUMENTS // 2])

    return update
