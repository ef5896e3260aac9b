"""Which layers somebody looked at, of a sentence that a file tells of."""

from __future__ import annotations

from collections.abc import Collection, Iterable

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
    """Return the sentence of a row of ours, asked of each layer that the row tells of.

    Where it does not say of which it tells, as an older one, those are all but the `unasked` ones,
    and it is of a file that alone decided it where there are any of these.
    """
    sentence = carried.sentence(row)
    every = {layer.id for layer in book.layers}
    told = (set(row.layers) or every).difference(row.unasked)
    if row.imported or (row.unasked and not row.layers):
        return sentence.replaced(asked=tuple(sorted(told)))
    return sentence.replaced(not_asked=tuple(sorted({*every, *row.unasked} - told)))


def silent(rows: Iterable[SentenceRow], book: Codebook) -> list[str]:
    """Return the layers that a row of ours says it does not tell of, in the codebook's order."""
    every = [layer.id for layer in book.layers]
    named = {row.layers for row in rows if row.layers}
    return [layer for layer in every if any(layer not in layers for layers in named)]


def of(known: Sentence, layers: Iterable[str]) -> Sentence:
    """Return a sentence as it is once a file speaks of layers; asked of all if a coder decided."""
    layers = set(layers)
    missing = tuple(layer for layer in known.not_asked if layer not in layers)
    if known.asked is None and known.state != "new":
        return known.replaced(not_asked=missing)
    asked = tuple(sorted({*(known.asked or ()), *layers}))
    return known.replaced(asked=asked, not_asked=missing)


def filled(known: Sentence, other: Sentence, book: Codebook, but: Collection[str] = ()) -> Sentence:
    """Return a decided sentence with what another tells of the layers that it is silent on.

    They are alike but for their marks: of one whose state is another, nothing is taken. Neither is
    what it tells of the layers `but` these, where it says only that nothing was found.
    """
    every = [layer.id for layer in book.layers]
    silent = set(known.unasked(every)).difference(other.unasked(every))
    silent -= {*but}.difference(mark.layer for mark in other.marks)
    marks = [mark for mark in other.marks if mark.layer in silent]
    if not silent or known.state != other.state or any(known.mark(one.id) for one in marks):
        return known
    return of(known, silent).replaced(marks=(*known.marks, *marks))
