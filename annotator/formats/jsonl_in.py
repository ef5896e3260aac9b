"""A dataset of ours, JSON Lines, read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.formats.jsonl import json_lines
from annotator.formats.jsonl_out import DOCUMENT_FILE, SENTENCE_FILE
from annotator.formats.rows_in import assembled
from annotator.formats.told import Told


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; without the file of the documents, each sentence alone.

    `path` is the folder of the dataset or its file of sentences.
    """
    file = path / SENTENCE_FILE if path.is_dir() else path
    documents = file.with_name(DOCUMENT_FILE)
    return assembled(json_lines(file), json_lines(documents) if documents.is_file() else ())
