"""A dataset as CSV (RFC 4180, UTF-8): a row for each value of a slot of a mark of a coder.

`annotations_long.csv` holds everything: what a row says of the sentence and of the mark is repeated
in each. A mark without slots has one row, and so has a sentence without marks, for “seen, and
nothing found” is a finding. The cells are those of `csv_cells`. Attributions, commitments and
readouts are tables of their own beside it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from annotator.formats import tables
from annotator.formats.carried import packed
from annotator.formats.columns import Column, columns, defaults
from annotator.formats.csv_cells import cell
from annotator.formats.output import About, Output
from annotator.formats.tables import Row, Table, Tables
from annotator.model.base import Value
from annotator.model.record import MarkRecord, SentenceRow, SlotRecord

SUFFIX: Final = ".csv"
ANNOTATIONS: Final = replace(
    tables.SENTENCES,
    name="annotations_long",
    row_of="sentence, coder, mark and value of a slot",
)
_FIRST: Final = ("id", "readout", "sentence", "coder", "state", "text", "start", "end")


def _flat(model: type[Value], *without: str) -> tuple[Column, ...]:
    return tuple(column for column in columns(model) if column.name not in without)


_SENTENCE: Final = _flat(SentenceRow, "marks")
UNIT: Final = tuple(
    sorted(
        _SENTENCE,
        key=lambda column: _FIRST.index(column.name) if column.name in _FIRST else len(_FIRST),
    )
)
MARK: Final = _flat(MarkRecord, "slots")
SLOT: Final = _flat(SlotRecord)


def cells_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of a sheet as its cells are: a list is the text of its JSON."""
    if table is ANNOTATIONS:
        named = zip(header(), (*UNIT, *MARK, *SLOT), strict=True)
        made = tuple(replace(column, name=name) for name, column in named)
    else:
        made = columns(table.model)
    return tuple(Column(one.name, "text") if one.parts else one for one in made)


def header() -> tuple[str, ...]:
    """Return the names of the columns of the long form: of the unit, the mark and the value."""
    return (
        *(column.name for column in UNIT),
        *(f"mark_{column.name}" for column in MARK),
        *("slot" if column.name == "slot" else f"slot_{column.name}" for column in SLOT),
    )


def later() -> dict[str, str]:
    """Return the cells of the columns that older files are without, by the names of these."""
    named = dict(zip(header(), (*UNIT, *MARK), strict=False))
    values = defaults(SentenceRow)
    values |= {f"mark_{name}": value for name, value in defaults(MarkRecord).items()}
    return {name: cell(named[name], value) for name, value in values.items()}


def writer(output: Output, about: About) -> Tables:
    """Return what writes a dataset as CSV."""
    return Tables(
        output,
        SUFFIX,
        _sheet,
        tables=(ANNOTATIONS, *tables.TABLES[1:]),
        typed=False,
        columns=cells_of,
    )


def _sheet(output: Output, file: str, table: Table) -> Flat:
    return Long(output, file) if table is ANNOTATIONS else Flat(output, file, columns(table.model))


class Flat:
    """A file of CSV with a row for each row of its table."""

    def __init__(self, output: Output, file: str, made: Sequence[Column]) -> None:
        self._output = output
        self._file = file
        self._columns = made
        self._write([[column.name for column in made]])

    def add(self, rows: Sequence[Row]) -> int:
        """Write rows, and return how many the file has got."""
        return self._write([_cells(self._columns, packed(row)) for row in rows])

    def close(self) -> None:
        """Write nothing: the last row is a row like the others."""

    def _write(self, records: Sequence[Sequence[str]]) -> int:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(records)
        self._output.write(self._file, text.getvalue().encode())
        return len(records)


class Long(Flat):
    """The file of the long form."""

    def __init__(self, output: Output, file: str) -> None:
        super().__init__(output, file, [Column(name, "text") for name in header()])

    def add(self, rows: Sequence[Row]) -> int:
        """Write a row for each value of a slot, mark without slots and sentence without marks."""
        return self._write([record for row in rows for record in _long(packed(row))])


def _long(row: dict[str, Any]) -> Iterable[list[str]]:
    unit = _cells(UNIT, row)
    no_slot = [""] * len(SLOT)
    for mark in row["marks"]:
        own = _cells(MARK, mark)
        for slot in mark["slots"]:
            yield [*unit, *own, *_cells(SLOT, slot)]
        if not mark["slots"]:
            yield [*unit, *own, *no_slot]
    if not row["marks"]:
        yield [*unit, *([""] * len(MARK)), *no_slot]


def _cells(made: Sequence[Column], row: dict[str, Any]) -> list[str]:
    return [cell(column, row[column.name]) for column in made]
