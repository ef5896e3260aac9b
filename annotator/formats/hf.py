"""A dataset as a folder of the Hugging Face hub, with JSON Lines, and back.

Each table is a folder below `data` with a file for each split. The head of the card, which the
library “datasets” reads, names them as configurations, and says the types of their columns: a
split in which a list is always empty has the types of all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from annotator.errors import InputError
from annotator.files import printable, refusals
from annotator.formats.jsonl import json_lines
from annotator.formats.jsonl_out import SUFFIX, Lines
from annotator.formats.output import About, Output
from annotator.formats.rows_in import Placed, assembled
from annotator.formats.tables import DOCUMENTS, SENTENCES, TABLES, Table, Tables
from annotator.formats.told import Told


def writer(output: Output, about: About) -> Tables:
    """Return what writes a dataset as a folder of the hub."""
    return tables(output, about, TABLES)


def tables(output: Output, about: About, made: Sequence[Table]) -> Tables:
    """Return what writes tables as folders with a file for each split."""
    return Tables(output, SUFFIX, Lines, tables=made, rest=about.rest)


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; without the files of the documents, each sentence alone.

    `path` is the folder of the dataset or one of its files of sentences.
    """
    return splits(path, SUFFIX, lambda file, table: json_lines(file))


def splits(
    path: Path, suffix: str, rows: Callable[[Path, Table], Iterator[Placed]]
) -> Iterator[Told | InputError]:
    """Yield what the splits of a dataset tell; `rows` reads a file of a table.

    Raises InputError where no file of sentences or documents is there.
    """
    if path.is_file():
        return assembled(rows(path, SENTENCES), ())
    sentences, documents = _files(path, SENTENCES, suffix), _files(path, DOCUMENTS, suffix)
    if not sentences and not documents:
        raise InputError(
            f"{printable(str(path))} has no file “data/{SENTENCES.name}/…{suffix}”.",
            "Name the folder that holds the dataset's card.",
        )
    return assembled(
        (row for file in sentences for row in rows(file, SENTENCES)),
        (row for file in documents for row in rows(file, DOCUMENTS)),
    )


def _files(path: Path, table: Table, suffix: str) -> list[Path]:
    with refusals(path, "read"):
        return sorted((path / "data" / table.name).glob(f"*{suffix}"))
