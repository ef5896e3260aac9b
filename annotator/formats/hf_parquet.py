"""A dataset as a folder of the Hugging Face hub, with Parquet, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.errors import InputError
from annotator.formats import hf
from annotator.formats.output import About, Output
from annotator.formats.parquet import SUFFIX, Sheet, rows_in
from annotator.formats.tables import TABLES, Table, Tables
from annotator.formats.told import Told


def writer(output: Output, about: About) -> Tables:
    """Return what writes a dataset as a folder of the hub."""
    return tables(output, about, TABLES)


def tables(output: Output, about: About, made: Sequence[Table]) -> Tables:
    """Return what writes tables as folders with a file for each split."""
    return Tables(output, SUFFIX, Sheet, tables=made, rest=about.rest, typed=False)


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder, as `hf.read` does."""
    return hf.splits(path, SUFFIX, lambda file, table: rows_in(file, table.model))
