"""A dataset of ours in Parquet, read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.formats.parquet import SUFFIX, rows_in
from annotator.formats.rows_in import assembled
from annotator.formats.tables import DOCUMENTS, SENTENCES
from annotator.formats.told import Told


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; without the file of the documents, each sentence alone.

    `path` is the folder of the dataset or its file of sentences.
    """
    file = path / f"{SENTENCES.name}{SUFFIX}" if path.is_dir() else path
    documents = file.with_name(f"{DOCUMENTS.name}{SUFFIX}")
    return assembled(
        rows_in(file, SENTENCES.model),
        rows_in(documents, DOCUMENTS.model) if documents.is_file() else (),
    )
