"""The rows of a dataset of ours, whatever files they stood in, as the texts that they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.carried import document_row, sentence_row
from annotator.formats.told import Told
from annotator.model.record import DocumentRow, SentenceRow

Placed = tuple[str, dict[str, Any] | InputError]
"""The place of a row, ready to be shown, and the plain values of the row or what is wrong."""


def assembled(
    name: str, sentences: Iterable[Placed], documents: Iterable[Placed]
) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; a sentence whose readout has no row comes alone.

    `name` is what messages call the file.
    """
    rows: dict[tuple[str, str], list[SentenceRow]] = {}
    for place, raw in sentences:
        try:
            row = sentence_row(_unless_wrong(raw), place)
        except InputError as error:
            yield error
            continue
        rows.setdefault((row.readout, row.coder), []).append(row)
    for place, raw in documents:
        try:
            document = document_row(_unless_wrong(raw), place)
        except InputError as error:
            yield error
            continue
        yield readout(place, document, rows.pop((document.readout, document.coder), []))
    for left in rows.values():
        for row in left:
            place = printable(f"{name}, {row.id}")
            yield Told(place, row.readout, row.text, row.start, row.coder, rows=(row,))


def readout(place: str, document: DocumentRow, rows: Iterable[SentenceRow]) -> Told | InputError:
    """Return a readout with its sentences, or what is wrong where one does not lie in it."""
    found = tuple(rows)
    for row in found:
        if document.text[row.start : row.end] != row.text:
            return InputError(
                f"{place}: the sentence {printable(row.id)} does not lie where it says.",
                "Export again.",
            )
    return Told(place, document.readout, document.text, 0, document.coder, (), found, document)


def _unless_wrong(raw: dict[str, Any] | InputError) -> dict[str, Any]:
    if isinstance(raw, InputError):
        raise raw
    return raw
