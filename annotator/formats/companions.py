"""What a dialect that carries rows of ours writes beside its own files, and reads from there.

That are the rows of the readouts and, where the files of the dialect have no room for them, those
of the sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.formats.jsonl import json_lines
from annotator.formats.jsonl_out import DOCUMENT_FILE, SENTENCE_FILE, lines
from annotator.formats.output import REFERENCE, Batch, Output, Written
from annotator.formats.rows_in import Placed, assembled
from annotator.formats.tables import DOCUMENTS, SENTENCES, Table, columns_of
from annotator.formats.told import Told


class Companions:
    """Writes the rows of the readouts, and reports what rows of ours cannot hold.

    With `sentences`, it writes their rows too.
    """

    def __init__(self, output: Output, *, sentences: bool = False) -> None:
        self._output = output
        self._rows = 0
        self._with_sentences = sentences
        self._sentences = 0

    def add(self, batch: Batch) -> None:
        """Write the rows of one readout."""
        self._output.write(DOCUMENT_FILE, lines(batch.documents))
        self._rows += len(batch.documents)
        if self._with_sentences:
            self._output.write(SENTENCE_FILE, lines(one.sentence for one in batch.sentences))
            self._sentences += len(batch.sentences)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def finish(self) -> tuple[Written, ...]:
        """Return what was written; the file of the sentences is there also without any."""
        documents = _written(DOCUMENT_FILE, self._rows, DOCUMENTS)
        if not self._with_sentences:
            return (documents,)
        self._output.write(SENTENCE_FILE, b"")
        return _written(SENTENCE_FILE, self._sentences, SENTENCES), documents


def _written(file: str, rows: int, table: Table) -> Written:
    return Written(file, rows, table.row_of, columns=columns_of(table), typed=True)


def documents(folder: Path) -> Iterator[Told | InputError]:
    """Yield each readout of each coder, without its sentences; nothing where there is no file."""
    yield from assembled((), document_lines(folder))


def document_lines(folder: Path) -> Iterator[Placed]:
    """Yield the rows of the readouts; nothing where there is no file."""
    file = folder / DOCUMENT_FILE
    if file.is_file():
        yield from json_lines(file)


def sentence_lines(folder: Path) -> Iterator[Placed] | None:
    """Return the rows of the sentences, None where `folder` has no file of them."""
    file = folder / SENTENCE_FILE
    return json_lines(file) if file.is_file() else None
