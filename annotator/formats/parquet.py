"""Rows as Parquet, whose types are those of the models of the rows, and back.

The format is Apache Parquet as the library pyarrow writes it.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from annotator.errors import InputError
from annotator.files import MAX_BYTES, opened, printable, refusals, too_large
from annotator.formats.columns import Column, columns, defaults
from annotator.formats.jsonl_out import json_line
from annotator.formats.output import Output
from annotator.formats.rows_in import OF_OTHERS, Placed
from annotator.formats.tables import Table
from annotator.model.base import Value

SUFFIX: Final = ".parquet"
_GROUP_BYTES: Final = 4_000_000
"""About how much JSON becomes a row group: what is held in memory at a time."""
_LARGEST_GROUP: Final = 256_000_000
"""The most bytes that a row group from outside may say it has, unpacked, and a batch may take."""
_LARGEST: Final = 100_000_000
_PACKED: Final = 100
"""All rows may take so many bytes, and so many times those of their file."""

_TYPES: Final = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
}


def schema(model: type[Value], *, lenient: bool = False) -> pa.Schema:
    """Return the types of a model's rows; if `lenient`, null may stand everywhere."""
    return pa.schema([_field(column, lenient) for column in columns(model)])


def _field(column: Column, lenient: bool) -> pa.Field:
    parts = [_field(part, lenient) for part in column.parts]
    if column.kind == "list":
        found = pa.list_(parts[0].with_name("element"))
    elif column.kind == "struct":
        found = pa.struct(parts)
    else:
        found = _TYPES[column.kind]
    return pa.field(column.name, found, nullable=lenient or column.optional)


class Sheet:
    """A file of Parquet, written one row group after the other."""

    def __init__(self, output: Output, file: str, table: Table) -> None:
        self._schema = schema(table.model)
        self._place = output.path(file)
        with refusals(self._place, "written"):
            self._file = pq.ParquetWriter(self._place, self._schema, compression="zstd")
        weakref.finalize(self, _leave, self._file)
        self._rows: list[dict[str, Any]] = []
        self._bytes = 0

    def add(self, rows: Sequence[Any]) -> int:
        """Take rows, and return how many."""
        for row in rows:
            raw = json_line(row)
            self._rows.append(orjson.loads(raw))
            self._bytes += len(raw)
            if self._bytes >= _GROUP_BYTES:
                self._write()
        return len(rows)

    def _write(self) -> None:
        if self._rows:
            with refusals(self._place, "written"):
                self._file.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows, self._bytes = [], 0

    def close(self) -> None:
        """Write the rows that are left, and the end of the file."""
        self._write()
        with refusals(self._place, "written"):
            self._file.close()


def _leave(file: pq.ParquetWriter) -> None:
    """Close a file that an export gave up; what a full disk refuses then is told already."""
    try:
        file.close()
    except OSError:
        file.is_open = False  # It would be closed once more, and complain.


def rows_in(path: Path, model: type[Value]) -> Iterator[Placed]:
    """Yield the place of each row of a file, and its plain values.

    Raises InputError where the file is no Parquet, lacks a column, has one of another type, or has
    a row group or a row that is too large, or far more in it than its size lets expect;
    StorageError where it is refused.
    """
    shown = printable(str(path))
    wanted = schema(model, lenient=True)
    unpacked = 0
    with opened(path) as raw:
        try:
            file = pq.ParquetFile(raw)
            older = defaults(model).keys() - {*file.schema_arrow.names}
            wanted = pa.schema([one for one in wanted if one.name not in older])
            largest = _require(file, wanted, shown)
            number = 0
            # A value may stand once in a group, and be that of every row.
            size = max(1, min(256, _LARGEST_GROUP // (largest + 1)))
            for batch in file.iter_batches(batch_size=size, columns=wanted.names):
                unpacked += batch.nbytes
                if unpacked > _LARGEST + _PACKED * path.stat().st_size:
                    raise InputError(
                        f"{shown} holds far more than its size lets expect.",
                        "Write it as JSON Lines, and look at what is in it.",
                    )
                if batch.nbytes > MAX_BYTES:
                    _require_small(batch, number, shown)
                table = pa.Table.from_batches([batch]).select(wanted.names).cast(wanted)
                for row in table.to_pylist():
                    number += 1
                    yield f"{shown}, row {number}", row
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            said = printable(" ".join(str(error).split())[:200])
            raise InputError(
                f"{shown} is no Parquet file of ours: {said.rstrip('.')}.", "Export it again."
            ) from error


def _require_small(batch: pa.RecordBatch, before: int, shown: str) -> None:
    for place in range(batch.num_rows):
        if batch.slice(place, 1).nbytes > MAX_BYTES:
            raise too_large(f"{shown}, row {before + place + 1},", MAX_BYTES)


def _require(file: pq.ParquetFile, wanted: pa.Schema, shown: str) -> int:
    """Return the size of the largest row group, of those that are not too large."""
    names = file.schema_arrow.names
    missing = [name for name in wanted.names if names.count(name) != 1]
    if missing:
        is_ours = 2 * len(missing) < len(wanted.names)
        foreign = f"Only the rows that our export writes are read. {OF_OTHERS}"
        raise InputError(
            f"{shown} has no single column “{missing[0]}”.",
            "Export it again." if is_ours else foreign,
        )
    for place in range(file.metadata.num_row_groups):
        # What is known of a single column is not asked for: broken, it ends the whole process.
        if not 0 <= file.metadata.row_group(place).total_byte_size <= _LARGEST_GROUP:
            raise InputError(
                f"{shown}: the row group {place} is larger than {_LARGEST_GROUP // 1_000_000} MB.",
                "Write the file in smaller row groups.",
            )
    groups = range(file.metadata.num_row_groups)
    return max((file.metadata.row_group(place).total_byte_size for place in groups), default=0)
