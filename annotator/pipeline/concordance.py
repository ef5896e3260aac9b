"""What was found, written down: rows for a spreadsheet, for a program, and for the clipboard."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from annotator.files import HIDDEN, MARKER, printable, refusals, write_atomic
from annotator.pipeline.find import Found
from annotator.pipeline.project import Project

COLUMNS: Final = (
    *("readout", "start", "end", "before", "found", "after"),
    *("sentence_start", "sentence_end", "sentence", "labels", "coder"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
# Line feeds and tabs are text in a cell, and so is what Arabic, Persian and Hindi are made of.
_KEPT: Final = frozenset("\n\t\u061c\u200e\u200f")
_OBEYED: Final = {
    code: sign
    for code, sign in HIDDEN.items()
    if chr(code) not in _KEPT and (unicodedata.category(chr(code)) != "Cf" or sign != MARKER)
}


def as_dict(found: Found) -> dict[str, Any]:
    """Return a place as plain values; offsets are code points, half-open."""
    start, end = found.sentence
    values = (
        *(found.readout, found.start, found.end, found.before, found.exact, found.after),
        *(start, end, found.said, list(found.labels), found.coder),
    )
    return dict(zip(COLUMNS, values, strict=True))


def as_csv(places: Iterable[Found]) -> bytes:
    """Return a file in UTF-8 for a spreadsheet, with a line of names.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it, and whatever a
    terminal obeys is shown as a sign.
    """
    lines = io.StringIO(newline="")
    write = csv.writer(lines, lineterminator="\n")
    write.writerow(COLUMNS)
    for place in places:
        write.writerow(map(_cell, as_dict(place).values()))
    return lines.getvalue().encode()


def _cell(value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text.translate(_OBEYED)
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA) else text


def as_text(places: Iterable[Found]) -> str:
    """Return lines to be pasted: a readout, what stands before, what was found, what after.

    Whatever a terminal obeys, or nobody sees, is shown as a sign.
    """
    lines = []
    for place in places:
        cells = (place.readout, place.before, place.exact, place.after, ", ".join(place.labels))
        plain = (printable(" ".join(cell.split())) for cell in cells)
        lines.append("\t".join(map(_cell, plain)))
    return "\n".join(lines)


def save(project: Project, places: Iterable[Found], now: datetime) -> Path:
    """Write a new file `find-….csv` among the project's exports, and return where it is.

    Raises StorageError where the file system refuses.
    """
    folder = project.paths.exports
    with refusals(folder, "made"):
        folder.mkdir(exist_ok=True)
    path = folder / f"find-{now:%Y%m%d-%H%M%S}.csv"
    write_atomic(path, as_csv(places), exclusive=True)
    return path
