"""A dataset without any text, for readouts that may not be passed on: our rows with their places.

The rows are those of the reference without `text`, `before`, `after` and `exact`, and without the
text of the document. What a coder wrote, notes and free text in slots, stays as it is. `sha256` is
that of the raw file of the readout and `text_sha256` that of its text in UTF-8: with the readouts
at hand the words come back by them. Offsets are code points of that text, half-open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from annotator.formats.carried import packed, without_text
from annotator.formats.jsonl_out import DOCUMENT_FILE, SENTENCE_FILE, json_line
from annotator.formats.output import REFERENCE, About, Batch, Output, Written
from annotator.model.record import SentenceRow

WORDS: Final = ("text", "before", "after")
"""The fields of a sentence that hold words of the readout."""


def writer(output: Output, about: About) -> Standoff:
    """Return what writes a dataset without text."""
    return Standoff(output)


class Standoff:
    """Writes sentences and documents."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rows: Counter[str] = Counter()

    def add(self, batch: Batch) -> None:
        """Write the rows of a readout."""
        self._write(SENTENCE_FILE, [without_words(one.sentence) for one in batch.sentences])
        self._write(DOCUMENT_FILE, [without_text(document) for document in batch.documents])
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def _write(self, file: str, rows: Sequence[dict[str, Any]]) -> None:
        self._output.write(file, b"".join(map(json_line, rows)))
        self._rows[file] += len(rows)

    def finish(self) -> Sequence[Written]:
        """Return the files."""
        what = {SENTENCE_FILE: "sentence and coder", DOCUMENT_FILE: "readout and coder"}
        return [Written(file, self._rows[file], one) for file, one in what.items()]


def without_words(row: SentenceRow) -> dict[str, Any]:
    """Return the row of a sentence with places and no words."""
    raw = packed(row)
    for field in WORDS:
        del raw[field]
    for place in (
        *raw["topic_evidence"],
        *(slot for mark in raw["marks"] for slot in mark["slots"]),
    ):
        del place["exact"]
    return raw
