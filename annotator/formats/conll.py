"""A dataset as CoNLL-2003 columns with IOB2 tags: a file for each layer whose marks hold words.

Each coder has a folder, as one's sentences would stand twice in a file of two; where the dataset is
split, it has one for each split. A document begins with nothing but the line that every program
looks for: which readout it is, the ids of its sentences tell, in a file beside.

Defined by the shared task of CoNLL 2003; a row is a token, a part of speech and a chunk that nobody
gave, and the tag. A tag is `B-slot:label`, then `I-slot:label`. Offsets count tokens: `tokens.py`
says what one is.

Of spans that overlap, the one that begins first stays, and of those that begin together the
longest: an inner span goes, never the one around it. Each that goes is reported.

Columns have room for nothing else, so our rows stand in files of their own beside them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from annotator.files import safe_name
from annotator.formats.companions import Companions
from annotator.formats.output import OVERLAPPING, About, Batch, Output, Written, folder_of, split_of
from annotator.formats.stretches import CUT, MARK_REJECTED, Stretch, in_slots, standing
from annotator.formats.tokens import Token, covered, tokens
from annotator.formats.told import Tag
from annotator.model.record import SentenceRow

SENTENCES: Final = "sentences.txt"
"""The file that names the sentences of the files beside it, in their order, an id to a line."""

SUFFIX: Final = ".conll"
START: Final = "-DOCSTART- -X- O O"
WORDLESS: Final = "mark without words of its own"
EMPTY: Final = "sentence of white space"


def writer(output: Output, about: About) -> Conll:
    """Return what writes a dataset as CoNLL columns."""
    return Conll(output, about)


class Conll:
    """Writes the words of each layer's marks as tags of tokens, and our rows beside them."""

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._companions = Companions(output, sentences=True)
        self._layers = [
            layer.id
            for layer in about.layers
            if any(slot.type in ("span", "entity") for slot in layer.slots)
        ]
        self._rest = about.rest if about.split else ""
        self._sentences: Counter[str] = Counter()

    def add(self, batch: Batch) -> None:
        """Write a readout, as a document for each coder."""
        for work in batch.works:
            rows = batch.rows_of(work.coder)
            parts = [folder_of(work.coder), *{split_of(row) or self._rest for row in rows}]
            folder = "".join(f"{part}/" for part in parts if part)
            for layer in self._layers:
                self._output.write(_file(folder, layer), f"{START}\n\n".encode())
            self._sentences[folder] += 0
            for row in rows:
                self._sentence(row, folder)
        self._companions.add(batch)

    def _sentence(self, row: SentenceRow, folder: str) -> None:
        found = tokens(row.text)
        for mark in row.marks:
            if mark.rejected or not any(in_slots(mark)):
                self._output.lost(MARK_REJECTED if mark.rejected else WORDLESS, mark.id)
        laid = {layer: self._tags(row, found, layer) for layer in self._layers}
        if not found:
            self._output.lost(EMPTY, row.id)
            return
        self._sentences[folder] += 1
        self._output.write(f"{folder}{SENTENCES}", f"{row.id}\n".encode())
        for layer, tags in laid.items():
            pairs = zip(found, tags, strict=True)
            lines = (f"{row.text[start:end]} -X- _ {tag}\n" for (start, end), tag in pairs)
            self._output.write(_file(folder, layer), f"{''.join(lines)}\n".encode())

    def _tags(self, row: SentenceRow, found: Sequence[Token], layer: str) -> list[str]:
        tags = ["O"] * len(found)
        for span, place in _laid(row, found, layer):
            if isinstance(place, str):
                self._output.lost(place, span.mark)
            else:
                first, last = place
                tags[first : last + 1] = [f"I-{span.name}"] * (last + 1 - first)
                tags[first] = f"B-{span.name}"
        return tags

    def finish(self) -> Sequence[Written]:
        """Make the lists of the sentences also where there are none."""
        files, ids = [], []
        for folder, count in sorted(self._sentences.items()):
            self._output.write(f"{folder}{SENTENCES}", b"")
            files += [Written(_file(folder, one), count, "sentence") for one in self._layers]
            ids.append(Written(f"{folder}{SENTENCES}", count, "sentence: its id"))
        return [*files, *ids, *self._companions.finish()]


def tags(row: SentenceRow, file: str) -> Iterator[Tag]:
    """Yield the tags that a sentence's columns in a file are read as, in code points of the text.

    `file` is its name without the ending, which is the field of the tags.
    """
    found = tokens(row.text)
    for layer in dict.fromkeys(mark.layer for mark in row.marks if safe_name(mark.layer) == file):
        for span, place in _laid(row, found, layer):
            if not isinstance(place, str):
                start, end = found[place[0]][0], found[place[1]][1]
                yield Tag(file, span.name, row.start + start, row.start + end, mark=span.mark)


def _laid(
    row: SentenceRow, found: Sequence[Token], layer: str
) -> Iterator[tuple[Stretch, tuple[int, int] | str]]:
    """Yield the words of a layer's standing marks, each with its first and last token.

    What has none gets its loss instead.
    """
    free = 0
    spans = (span for mark in standing(row) if mark.layer == layer for span in in_slots(mark))
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        place = covered(found, span.start - row.start, span.end - row.start)
        if place is None or not (row.start <= span.start and span.end <= row.end):
            yield span, CUT
        elif place[0] < free:
            yield span, OVERLAPPING
        else:
            free = place[1] + 1
            yield span, place


def _file(folder: str, layer: str) -> str:
    return f"{folder}{safe_name(layer)}{SUFFIX}"
