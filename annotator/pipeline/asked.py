"""Which layers somebody looked at, of a sentence that a file tells of."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.formats import carried
from annotator.formats.told import Told
from annotator.model.codebook import Codebook
from annotator.model.record import SentenceRow
from annotator.model.sentence import Sentence


def unlabelled(told: Told) -> bool:
    """Tell whether somebody looked at a text and gave it no label."""
    said = (told.tags, told.relations, told.rows, told.document)
    return told.looked and not any((*said, told.undecided, told.unsettled, told.spoilt))


def of_row(row: SentenceRow, book: Codebook) -> Sentence:
    """Return the sentence of a row of ours, asked of each layer that the row does not name."""
    sentence = carried.sentence(row)
    if not row.unasked:
        return sentence
    layers = {layer.id for layer in book.layers}.difference(row.unasked)
    return sentence.replaced(asked=tuple(sorted(layers)))


def of(known: Sentence, layers: Iterable[str]) -> tuple[str, ...] | None:
    """Return what a sentence was asked of once a file speaks of layers; all if a coder decided."""
    if known.asked is None and known.state != "new":
        return None
    return tuple(sorted({*(known.asked or ()), *layers}))
