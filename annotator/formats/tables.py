"""The tables of a dataset, for the dialects that write the rows of the reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from annotator.formats.columns import Column, columns
from annotator.formats.output import REFERENCE, Batch, Output, Written, split_of
from annotator.model import record
from annotator.model.base import Value
from annotator.model.record import AttributionRow, CommitmentRow, DocumentRow, SentenceRow

Row = record.About
"""A row of any table of the reference."""


@dataclass(frozen=True)
class Table:
    """One kind of rows: its name, the model of its rows, what a row is, and those of a readout.

    Rows are of the model, or plain values with its fields.
    """

    name: str
    model: type[Value]
    row_of: str
    rows: Callable[[Batch], Iterable[Any]]


SENTENCES: Final = Table(
    "sentences",
    SentenceRow,
    "sentence and coder",
    lambda batch: (one.sentence for one in batch.sentences),
)
ATTRIBUTIONS: Final = Table(
    "attributions",
    AttributionRow,
    "statement or thought that a sentence gives to somebody",
    lambda batch: (row for one in batch.sentences for row in one.attributions),
)
COMMITMENTS: Final = Table(
    "commitments",
    CommitmentRow,
    "commitment, or near miss that looks like one",
    lambda batch: (row for one in batch.sentences for row in one.commitments),
)
DOCUMENTS: Final = Table(
    "documents",
    DocumentRow,
    "readout and coder, with the whole text",
    lambda batch: batch.documents,
)
TABLES: Final = (SENTENCES, ATTRIBUTIONS, COMMITMENTS, DOCUMENTS)


_FOLDER: Final = "data"
"""The folder of the tables that are folders."""


class Sheet(Protocol):
    """A file of one table that is being written."""

    def add(self, rows: Sequence[Any]) -> int:
        """Write rows, and return how many the file has got."""

    def close(self) -> None:
        """Write what comes last."""


def columns_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table's rows."""
    return columns(table.model)


class Tables:
    """Writes the tables of a dataset as the dialect's `sheet`s.

    With `rest`, each is a folder below `data` with a file for every part of the dataset that has
    rows of it, and `rest` is the part of those in no split; otherwise one file, which is there also
    without rows. `typed` says that the files do not know the types of their columns, which are
    `columns` of a table.
    """

    def __init__(
        self,
        output: Output,
        suffix: str,
        sheet: Callable[[Output, str, Table], Sheet],
        *,
        tables: Sequence[Table] = TABLES,
        rest: str = "",
        typed: bool = True,
        columns: Callable[[Table], tuple[Column, ...]] = columns_of,
    ) -> None:
        self._output = output
        self._suffix = suffix
        self._sheet = sheet
        self._tables = tables
        self._rest = rest
        self._typed = typed
        self._columns = columns
        self._sheets: dict[tuple[Table, str], Sheet] = {}
        self._rows: Counter[tuple[Table, str]] = Counter()

    def add(self, batch: Batch) -> None:
        """Write the rows of a readout, and report what they refer to and is not in it."""
        self.put(batch)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def put(self, batch: Batch) -> None:
        """Write the rows of a readout, which are all of one part."""
        part = (split_of(batch.documents[0]) or self._rest) if self._rest else ""
        for table in self._tables:
            if rows := list(table.rows(batch)):
                self._write(table, part, rows)

    def _write(self, table: Table, split: str, rows: Sequence[Any]) -> None:
        sheet = self._sheets.get((table, split))
        if sheet is None:
            file = self._file(table, split)
            sheet = self._sheets[table, split] = self._sheet(self._output, file, table)
        self._rows[table, split] += sheet.add(rows)

    def _file(self, table: Table, split: str) -> str:
        name = f"{_FOLDER}/{table.name}/{split}" if split else table.name
        return f"{name}{self._suffix}"

    def place(self, table: Table) -> str:
        """Return the file of a table, or the folder of its files."""
        return f"{_FOLDER}/{table.name}" if self._rest else self._file(table, "")

    def finish(self, *, always: bool = False) -> Sequence[Written]:
        """Close the files, and make those that have no rows.

        Where a table is a folder, that is one only if `always`.
        """
        for table in self._tables:
            if not self._rest:
                self._write(table, "", ())
            elif always and not any(one is table for one, _ in self._sheets):
                self._write(table, "train", ())
        for sheet in self._sheets.values():
            sheet.close()
        return [
            Written(
                self._file(table, split),
                self._rows[table, split],
                table.row_of,
                config=table.name,
                split=split,
                columns=self._columns(table),
                typed=self._typed,
            )
            for table in self._tables
            for one, split in sorted(self._sheets, key=lambda key: key[1])
            if one is table
        ]
