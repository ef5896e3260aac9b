"""A dataset for slate: a text and its annotations side by side, in a folder for each coder.

Defined by slate's source. A line of an annotation file is a place and labels; a place is a line and
a token, both from 0, or the first and the last of several, which both belong to it. Tokens are what
white space keeps apart. The variant `character` counts also the characters of a token, in code
points, so that a span may begin or end in one; slate is to be started in the same scope.

A label is `layer:label` on a whole sentence, and `layer:slot:label` on words in a slot.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Final

from annotator.formats.output import About, Batch, Output, Written
from annotator.formats.stretches import (
    CUT,
    MARK_REJECTED,
    MARK_REST,
    SENTENCE_REST,
    Stretch,
    in_slots,
    of_sentence,
    standing,
)
from annotator.formats.tokens import covered
from annotator.model.record import SentenceRow

SUFFIX: Final = ".txt.annotations"
EDGE: Final = "white space at the edge of a span"
BLANK: Final = "span of white space"
TWICE: Final = "second of two marks with one label and the same words"

Place = tuple[int, ...]
"""A line, a token of it and, in the variant `character`, a character of that."""


def writer(output: Output, about: About) -> Slate:
    """Return what writes a dataset for slate."""
    return Slate(output, about.variant == "character")


class Slate:
    """Writes a text and its labelled places for each coder."""

    def __init__(self, output: Output, by_character: bool) -> None:
        self._output = output
        self._by_character = by_character
        self._rows: Counter[str] = Counter()

    def add(self, batch: Batch) -> None:
        """Write a readout."""
        for work in batch.works:
            rows = batch.rows_of(work.coder)
            name = f"{work.coder}/{work.readout.id}"
            lines = self._lines(Grid(work.readout.text), rows)
            self._output.write(f"{name}.txt", work.readout.text.encode())
            self._output.write(f"{name}{SUFFIX}", "".join(lines).encode())
            self._rows[f"{work.coder}/*{SUFFIX}"] += len(lines)

    def _lines(self, grid: Grid, rows: Sequence[SentenceRow]) -> list[str]:
        labels: dict[tuple[Place, Place], list[str]] = {}
        for row in rows:
            self._output.lost(SENTENCE_REST, row.id)
            for mark in row.marks:
                self._output.lost(MARK_REJECTED if mark.rejected else MARK_REST, mark.id)
            for mark in standing(row):
                for one in (of_sentence(row, mark), *in_slots(mark)):
                    place = self._place(grid, one)
                    given = labels.setdefault(place, []) if place else []
                    label = f"{one.layer}:{one.name}"
                    if place and label not in given:
                        given.append(label)
                    elif place:
                        self._output.lost(TWICE, one.mark)
        return [
            f"{_shown(*place)} - {' '.join(given)}\n" for place, given in sorted(labels.items())
        ]

    def _place(self, grid: Grid, one: Stretch) -> tuple[Place, Place] | None:
        start, end = trimmed(grid.text, one.start, one.end)
        if start == end:
            self._output.lost(BLANK, one.mark)
            return None
        if self._by_character:
            place = grid.character(start), grid.character(end - 1)
        else:
            tokens = covered(grid.tokens, start, end)
            if tokens is None:
                self._output.lost(CUT, one.mark)
                return None
            place = grid.place(tokens[0]), grid.place(tokens[1])
        if (start, end) != (one.start, one.end):
            self._output.lost(EDGE, one.mark)
        return place

    def finish(self) -> Sequence[Written]:
        """Return the files."""
        return [Written(file, rows, "labelled place") for file, rows in sorted(self._rows.items())]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the white space at its edges."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _shown(first: Place, last: Place) -> str:
    return str(first) if first == last else str((first, last))


class Grid:
    """A text as lines of tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [found.span() for found in re.finditer(r"\S+", text)]
        self._starts = [start for start, _ in self.tokens]
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._ends = [*(start - 1 for start in self._lines[1:]), len(text)]
        self._first = [bisect_left(self._starts, start) for start in self._lines]

    def place(self, token: int) -> Place:
        """Return the line and the place in it of a token, by its number in the text."""
        line = bisect_right(self._lines, self._starts[token]) - 1
        return line, token - self._first[line]

    def character(self, at: int) -> Place:
        """Return the place of a character that is not white space."""
        token = bisect_right(self._starts, at) - 1
        return *self.place(token), at - self._starts[token]

    def stretch(self, place: Place) -> tuple[int, int]:
        """Return the code points of a place; raises IndexError where there is none.

        A place of one number is a line, of none the whole text.
        """
        if not place:
            return 0, len(self.text)
        start, end = self._lines[place[0]], self._ends[place[0]]
        if len(place) > 1:
            token = self._first[place[0]] + place[1]
            if self.place(token)[0] != place[0]:
                raise IndexError
            start, end = self.tokens[token]
        if len(place) > 2:
            start += place[2]
            if start >= end:
                raise IndexError
            end = start + 1
        return start, end
