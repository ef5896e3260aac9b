"""The rows of a dataset of ours, whatever files they stood in, as the texts that they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from annotator.errors import InputError
from annotator.formats.carried import document_row, sentence_row, whole
from annotator.formats.jsonl import unless_wrong
from annotator.formats.told import Tag, Told
from annotator.model.record import SentenceRow

OF_OTHERS: Final = (
    'Labels of others come in as JSON Lines, {"text": "…", "label": ["…"]}, with --format doccano.'
)
"""The way in for a table that another program wrote."""

Placed = tuple[str, dict[str, Any] | InputError]
"""The place of a row, ready to be shown, and the plain values of the row or what is wrong."""

Tagged = tuple[str, SentenceRow, tuple[Tag, ...]]
"""The place of a sentence's row, ready to be shown, the row, and the tags that it does not explain.

These count from the readout's start.
"""


def assembled(
    sentences: Iterable[Placed], documents: Iterable[Placed]
) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; a sentence whose readout has no row comes alone."""
    return gathered(map(tagged, sentences), documents)


def tagged(placed: Placed) -> Tagged | InputError:
    """Return the checked row of a sentence without any tags, or what is wrong with it."""
    place, raw = placed
    try:
        return place, sentence_row(unless_wrong(raw), place, alone=True), ()
    except InputError as error:
        return error


def gathered(
    sentences: Iterable[Tagged | InputError], documents: Iterable[Placed]
) -> Iterator[Told | InputError]:
    """Yield what `assembled` does, of rows that were checked already."""
    rows: dict[tuple[str, str], list[Tagged]] = {}
    for found in sentences:
        if isinstance(found, InputError):
            yield found
        else:
            _, row, _ = found
            rows.setdefault((row.readout, row.coder), []).append(found)
    for place, raw in documents:
        try:
            document = document_row(unless_wrong(raw), place, alone=True)
        except InputError as error:
            yield error
            continue
        own = rows.pop((document.readout, document.coder), [])
        new = tuple(tag for _, _, tags in own for tag in tags)
        places = tuple(place for place, _, _ in own)
        yield whole(place, document, (row for _, row, _ in own), new, places)
    for left in rows.values():
        for place, row, tags in left:
            moved = tuple(tag.moved(-row.start) for tag in tags)
            yield Told(place, row.readout, row.text, row.start, row.coder, moved, (row,))
