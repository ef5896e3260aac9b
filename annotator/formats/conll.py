"""A dataset as CoNLL-2003 columns with IOB2 tags: a file for each layer whose marks hold words.

Defined by the shared task of CoNLL 2003; a row is a token, a part of speech and a chunk that nobody
gave, and the tag. A tag is `B-slot:label`, then `I-slot:label`. Offsets count tokens: `tokens.py`
says what one is.

Of spans that overlap, the one that begins first stays, and of those that begin together the
longest: an inner span goes, never the one around it. Each that goes is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from annotator.files import safe_name
from annotator.formats.output import OVERLAPPING, About, Batch, Output, Written
from annotator.formats.stretches import CUT, MARK_REJECTED, MARK_REST, Stretch, in_slots
from annotator.formats.tokens import Token, covered, tokens
from annotator.model.record import SentenceRow

SENTENCES: Final = "sentences.txt"
"""The file that names the sentences of every other file, in their order, an id to a line."""

START: Final = "-DOCSTART- -X- O O"
WORDLESS: Final = "mark without words of its own"
EMPTY: Final = "sentence of white space"
SENTENCE_REST: Final = "white space, role, state and note of a sentence"


def writer(output: Output, about: About) -> Conll:
    """Return what writes a dataset as CoNLL columns."""
    return Conll(output, about)


class Conll:
    """Writes the words of each layer's marks as tags of tokens."""

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._layers = [
            layer.id
            for layer in about.layers
            if any(slot.type in ("span", "entity") for slot in layer.slots)
        ]
        self._sentences = 0

    def add(self, batch: Batch) -> None:
        """Write a readout, as a document for each coder."""
        for work in batch.works:
            rows = batch.rows_of(work.coder)
            self._write(f"{START}\n\n")
            for row in rows:
                self._sentence(row)

    def _write(self, lines: str) -> None:
        for layer in self._layers:
            self._output.write(_file(layer), lines.encode())

    def _sentence(self, row: SentenceRow) -> None:
        found = tokens(row.text)
        self._output.lost(SENTENCE_REST if found else EMPTY, row.id)
        spans = list(self._spans(row))
        if not found:
            for span in spans:
                self._output.lost(CUT, span.mark)
            return
        self._sentences += 1
        self._output.write(SENTENCES, f"{row.id}\n".encode())
        for layer in self._layers:
            tags = self._tags(row, found, [span for span in spans if span.layer == layer])
            pairs = zip(found, tags, strict=True)
            lines = (f"{row.text[start:end]} -X- _ {tag}\n" for (start, end), tag in pairs)
            self._output.write(_file(layer), f"{''.join(lines)}\n".encode())

    def _spans(self, row: SentenceRow) -> Iterator[Stretch]:
        for mark in row.marks:
            spans = list(in_slots(mark))
            if mark.rejected or not spans:
                self._output.lost(MARK_REJECTED if mark.rejected else WORDLESS, mark.id)
            else:
                self._output.lost(MARK_REST, mark.id)
                yield from spans

    def _tags(
        self, row: SentenceRow, found: Sequence[Token], spans: Iterable[Stretch]
    ) -> list[str]:
        tags = ["O"] * len(found)
        free = 0
        for span in sorted(spans, key=lambda one: (one.start, -one.end)):
            place = covered(found, span.start - row.start, span.end - row.start)
            if place is None or not (row.start <= span.start and span.end <= row.end):
                self._output.lost(CUT, span.mark)
            elif place[0] < free:
                self._output.lost(OVERLAPPING, span.mark)
            else:
                free = place[1] + 1
                tags[place[0] : free] = [f"I-{span.name}"] * (free - place[0])
                tags[place[0]] = f"B-{span.name}"
        return tags

    def finish(self) -> Sequence[Written]:
        """Make the list of the sentences also where there are none."""
        self._output.write(SENTENCES, b"")
        files = [Written(_file(one), self._sentences, "sentence and coder") for one in self._layers]
        return [*files, Written(SENTENCES, self._sentences, "sentence and coder: its id")]


def _file(layer: str) -> str:
    return f"{safe_name(layer)}.conll"
