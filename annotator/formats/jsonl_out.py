"""A dataset as JSON Lines, the reference: whatever was marked stands in its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import orjson

from annotator.files import HIDDEN, printable
from annotator.formats.output import About, Batch, Output, Written
from annotator.model.base import Value

SENTENCES: Final = "sentences.jsonl"
ATTRIBUTIONS: Final = "attributions.jsonl"
COMMITMENTS: Final = "commitments.jsonl"
DOCUMENTS: Final = "documents.jsonl"
REFERENCE: Final = "reference to a mark that is not in it"
ROW_FILES: Final = (SENTENCES, ATTRIBUTIONS, COMMITMENTS, DOCUMENTS)

_LINE_ENDS = {char.encode(): f"\\u{ord(char):04x}".encode() for char in "\x85\u2028\u2029"}


_ROW_OF = {
    SENTENCES: "sentence and coder",
    ATTRIBUTIONS: "statement or thought that a sentence gives to somebody",
    COMMITMENTS: "commitment, or near miss that looks like one",
    DOCUMENTS: "readout and coder, with the whole text",
}


def writer(output: Output, about: About) -> JsonLines:
    """Return what writes a dataset as JSON Lines."""
    return JsonLines(output)


class JsonLines:
    """Writes sentences, attributions, commitments and documents, a file for each."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rows: Counter[str] = Counter()

    def add(self, batch: Batch) -> None:
        """Write the rows of a readout."""
        self._write(SENTENCES, [one.sentence for one in batch.sentences])
        self._write(ATTRIBUTIONS, [row for one in batch.sentences for row in one.attributions])
        self._write(COMMITMENTS, [row for one in batch.sentences for row in one.commitments])
        self._write(DOCUMENTS, batch.documents)
        for work in batch.works:
            for mark in work.lost_references:
                self._output.lost(REFERENCE, work.mark_id(mark.id))

    def _write(self, file: str, rows: Sequence[Value]) -> None:
        if rows:
            self._output.write(file, b"".join(map(dumps, rows)))
            self._rows[file] += len(rows)

    def finish(self) -> Sequence[Written]:
        """Make also the files that have no rows."""
        for file in ROW_FILES:
            self._output.write(file, b"")
        return [Written(file, self._rows[file], _ROW_OF[file]) for file in ROW_FILES]


def dumps(row: Value) -> bytes:
    """Return a row as one line of UTF-8 with its line feed, its keys in the order of its fields.

    Characters at which some readers split lines are escaped: JSON itself escapes those below the
    space (U+000B, U+000C, U+001C to U+001E among them), this function U+0085, U+2028 and U+2029.
    """
    # The fields of a frozen value are what its own serialiser would give, at a third of the cost.
    return json_line(vars(row))


def json_line(value: object) -> bytes:
    """Return a value as one line of JSON in UTF-8, as `dumps` does with a row."""
    raw = orjson.dumps(value, default=vars, option=orjson.OPT_APPEND_NEWLINE)
    for char, escape in _LINE_ENDS.items():
        if char in raw:
            raw = raw.replace(char, escape)
    return raw


def shown(value: object, *, indent: bool = False) -> str:
    """Return plain values as JSON that may be shown: what `printable` would replace is escaped."""
    raw = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    if printable(raw) == raw:
        return raw
    escaped = raw.translate(_ESCAPES)
    if printable(escaped) == escaped:
        return escaped
    # Marks that pile up are harmless one by one: only without any does the pile go.
    return "".join(char if char.isascii() else _escape(ord(char)) for char in escaped)


def _escape(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


# Below the space, JSON has escaped what stands in strings; what is left lays the text out.
_ESCAPES = {code: _escape(code) for code in HIDDEN if code >= ord(" ")}
