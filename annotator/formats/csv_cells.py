"""Values as cells of CSV that a spreadsheet does not calculate, and back.

A text is written as it is. One that a spreadsheet could take for a formula, since it begins, after
spaces at most, with one of `= + - @` or their wide forms, gets an apostrophe before it; so does one
that begins with an apostrophe itself, with a tab or with a line end. Whoever reads a cell takes one
apostrophe away where it begins with one, and has the text. An empty cell is null where a column may
be null, and the empty text elsewhere; the empty text where null may stand is a lone apostrophe.
Lists are JSON; true and false are those words; numbers have a point.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.columns import Column

_GUARD: Final = "'"
_FORMULA: Final = re.compile(r"\s*['=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER: Final = {
    "whole": re.compile(r"-?[0-9]{1,18}"),
    "number": re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,3})?"),
}


def cell(column: Column, value: Any) -> str:
    """Return a plain value as a cell."""
    if value is None:
        return ""
    if column.kind == "text":
        guarded = _FORMULA.match(value) or (column.optional and not value)
        return f"{_GUARD}{value}" if guarded else str(value)
    return orjson.dumps(value).decode()


def plain(column: Column, text: str, place: str) -> Any:
    """Return the plain value of a cell; raises InputError where it is none of its column."""
    if not text and (column.optional or column.kind == "text"):
        return None if column.optional else ""
    match column.kind:
        case "text":
            return text.removeprefix(_GUARD)
        case "truth" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "whole" if _NUMBER["whole"].fullmatch(text):
            return int(text)
        case "number" if _NUMBER["number"].fullmatch(text):
            return float(text)
        case "list":
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                pass
    shown = printable(text[:40])
    raise InputError(
        f"{place}: “{shown}” is no {_CALLED[column.kind]}.",
        f"Look at the column “{column.name}”.",
    )


_CALLED: Final = {
    "truth": "“true” or “false”",
    "whole": "whole number",
    "number": "number",
    "list": "list in JSON",
}


def plains(
    columns: Iterable[Column], texts: Iterable[str], place: str
) -> Iterator[tuple[str, Any]]:
    """Yield the plain value of each cell of a row with the name of its column."""
    for column, text in zip(columns, texts, strict=True):
        yield column.name, plain(column, text, place)
