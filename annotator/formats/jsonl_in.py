"""A dataset of ours, JSON Lines, read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.carried import document_row, sentence_row, whole
from annotator.formats.jsonl import json_lines
from annotator.formats.jsonl_out import DOCUMENTS, SENTENCES
from annotator.formats.told import Told
from annotator.model.record import SentenceRow


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; without the file of the documents, each sentence alone.

    `path` is the folder of the dataset or its file of sentences.
    """
    file = path / SENTENCES if path.is_dir() else path
    rows: dict[tuple[str, str], list[SentenceRow]] = {}
    for place, raw in json_lines(file):
        try:
            row = sentence_row(_unless_wrong(raw), place)
        except InputError as error:
            yield error
            continue
        rows.setdefault((row.readout, row.coder), []).append(row)
    documents = file.with_name(DOCUMENTS)
    if documents.is_file():
        for place, raw in json_lines(documents):
            try:
                document = document_row(_unless_wrong(raw), place)
            except InputError as error:
                yield error
                continue
            yield whole(place, document, rows.pop((document.readout, document.coder), []))
    for left in rows.values():
        for row in left:
            place = printable(f"{file}, {row.id}")
            yield Told(place, row.readout, row.text, row.start, row.coder, rows=(row,))


def _unless_wrong(raw: dict[str, Any] | InputError) -> dict[str, Any]:
    if isinstance(raw, InputError):
        raise raw
    return raw
