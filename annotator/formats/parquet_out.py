"""A dataset as Parquet: the rows of the reference, a file for each table."""

from __future__ import annotations

from annotator.formats.output import About, Output
from annotator.formats.parquet import SUFFIX, Sheet
from annotator.formats.tables import Tables


def writer(output: Output, about: About) -> Tables:
    """Return what writes a dataset as Parquet."""
    return Tables(output, SUFFIX, Sheet, typed=False)
