"""A dataset as a folder of the Hugging Face hub, with Parquet, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.formats import hf
from annotator.formats.output import About, Output
from annotator.formats.parquet import SUFFIX, Sheet, rows_in
from annotator.formats.tables import Tables
from annotator.formats.told import Told


def writer(output: Output, about: About) -> Tables:
    """Return what writes a dataset as a folder of the hub."""
    return Tables(output, SUFFIX, Sheet, rest=about.rest, typed=False)


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder, as `hf.read` does."""
    return hf.splits(path, SUFFIX, lambda file, table: rows_in(file, table.model))
