"""The rows of a dataset of ours, whatever files they stood in, as the texts that they tell of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.carried import document_row, sentence_row, whole
from annotator.formats.jsonl import unless_wrong
from annotator.formats.told import Tag, Told
from annotator.model.record import SentenceRow

Placed = tuple[str, dict[str, Any] | InputError]
"""The place of a row, ready to be shown, and the plain values of the row or what is wrong."""

Tagged = tuple[SentenceRow, tuple[Tag, ...]]
"""A sentence's row with the tags that it does not explain; they count from the readout's start."""


def assembled(
    name: str, sentences: Iterable[Placed], documents: Iterable[Placed]
) -> Iterator[Told | InputError]:
    """Yield each readout of each coder; a sentence whose readout has no row comes alone.

    `name` is what messages call the file.
    """
    return gathered(name, map(_sentence, sentences), documents)


def _sentence(placed: Placed) -> Tagged | InputError:
    place, raw = placed
    try:
        return sentence_row(unless_wrong(raw), place, alone=True), ()
    except InputError as error:
        return error


def gathered(
    name: str, sentences: Iterable[Tagged | InputError], documents: Iterable[Placed]
) -> Iterator[Told | InputError]:
    """Yield what `assembled` does, of rows that were checked already."""
    rows: dict[tuple[str, str], list[Tagged]] = {}
    for found in sentences:
        if isinstance(found, InputError):
            yield found
        else:
            rows.setdefault((found[0].readout, found[0].coder), []).append(found)
    for place, raw in documents:
        try:
            document = document_row(unless_wrong(raw), place, alone=True)
        except InputError as error:
            yield error
            continue
        own = rows.pop((document.readout, document.coder), [])
        new = tuple(tag for _, tags in own for tag in tags)
        yield whole(place, document, (row for row, _ in own), new)
    for left in rows.values():
        for row, tags in left:
            place = printable(f"{name}, {row.id}")
            moved = tuple(_moved(tag, -row.start) for tag in tags)
            yield Told(place, row.readout, row.text, row.start, row.coder, moved, (row,))


def _moved(tag: Tag, by: int) -> Tag:
    if tag.start is None or tag.end is None:
        return tag
    return dataclasses.replace(tag, start=tag.start + by, end=tag.end + by)
