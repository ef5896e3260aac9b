"""A dataset as JSON Lines, the reference: whatever was marked stands in its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from annotator.files import HIDDEN, printable
from annotator.formats.output import About, Output
from annotator.formats.tables import DOCUMENTS, SENTENCES, TABLES, Table, Tables
from annotator.model.base import Value

SUFFIX: Final = ".jsonl"
ROW_FILES: Final = tuple(f"{table.name}{SUFFIX}" for table in TABLES)
SENTENCE_FILE: Final = f"{SENTENCES.name}{SUFFIX}"
DOCUMENT_FILE: Final = f"{DOCUMENTS.name}{SUFFIX}"

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LINE_ENDS = {char.encode(): f"\\u{ord(char):04x}".encode() for char in "\x85\u2028\u2029"}


def writer(output: Output, about: About) -> Tables:
    """Return what writes a dataset as JSON Lines, a file for each table."""
    return tables(output, about, TABLES)


def tables(output: Output, about: About, made: Sequence[Table]) -> Tables:
    """Return what writes tables as JSON Lines, a file for each."""
    return Tables(output, SUFFIX, Lines, tables=made)


class Lines:
    """A file of JSON Lines."""

    def __init__(self, output: Output, file: str, table: Table) -> None:
        self._output = output
        self._file = file

    def add(self, rows: Sequence[Any]) -> int:
        """Write rows, a line for each, and return how many."""
        self._output.write(self._file, lines(rows))
        return len(rows)

    def close(self) -> None:
        """Write nothing: the last line is a line like the others."""


def dumps(row: Value) -> bytes:
    """Return a row as one line of UTF-8 with its line feed, its keys in the order of its fields.

    Characters at which some readers split lines are escaped: JSON itself escapes those below the
    space (U+000B, U+000C, U+001C to U+001E among them), this function U+0085, U+2028 and U+2029.
    """
    return lines([row])


def lines(rows: Iterable[object]) -> bytes:
    """Return rows or plain values as lines of JSON, as `dumps` does with one row."""
    # The fields of a frozen value are what its own serialiser would give, at a third of the cost.
    return _escaped(
        b"".join(
            [orjson.dumps(row, default=vars, option=orjson.OPT_APPEND_NEWLINE) for row in rows]
        )
    )


def json_line(value: object) -> bytes:
    """Return a value as one line of JSON in UTF-8, as `dumps` does with a row."""
    return lines([value])


def _escaped(raw: bytes) -> bytes:
    if not raw.isascii():
        for char, escape in _LINE_ENDS.items():
            if char in raw:
                raw = raw.replace(char, escape)
    return raw


def shown(value: object, *, indent: bool = False) -> str:
    """Return plain values as JSON that may be shown: what `printable` would replace is escaped."""
    raw = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    if _is_shown(raw):
        return raw
    escaped = raw.translate(_ESCAPES)
    if _is_shown(escaped):
        return escaped
    # Marks that pile up are harmless one by one: only without any does the pile go.
    return _NOT_ASCII.sub(lambda found: _escape(ord(found.group())), escaped)


def _is_shown(raw: str) -> bool:
    # Line feeds are those of the layout: JSON escapes any that stand in strings.
    one_line = raw.replace("\n", "")
    return printable(one_line) == one_line


def _escape(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


# Below the space, JSON has escaped what stands in strings; what is left lays the text out.
_ESCAPES = {code: _escape(code) for code in HIDDEN if code >= ord(" ")}
