"""What a dialect that carries rows of ours writes beside its own files, and reads from there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.formats.jsonl import json_lines
from annotator.formats.jsonl_out import DOCUMENT_FILE, lines
from annotator.formats.output import REFERENCE, Batch, Output, Written
from annotator.formats.rows_in import assembled
from annotator.formats.told import Told


class Companions:
    """Writes the rows of the readouts, and reports what rows of ours cannot hold."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rows = 0

    def add(self, batch: Batch) -> None:
        """Write the rows of one readout."""
        self._output.write(DOCUMENT_FILE, lines(batch.documents))
        self._rows += len(batch.documents)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def finish(self) -> Written:
        """Return what was written."""
        return Written(DOCUMENT_FILE, self._rows, "readout and coder, with the whole text")


def documents(folder: Path) -> Iterator[Told | InputError]:
    """Yield each readout of each coder, without its sentences; nothing where there is no file."""
    file = folder / DOCUMENT_FILE
    if not file.is_file():
        return
    yield from assembled((), json_lines(file))
