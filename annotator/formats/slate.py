"""A dataset for slate: a text and its annotations side by side, in a folder for each coder.

Defined by slate's source. A line of an annotation file is a place and labels; a place is a line and
a token, both from 0, or the first and the last of several, which both belong to it. Tokens are what
white space keeps apart. The variant `character` counts also the characters of a token, in code
points, so that a span may begin or end in one; slate is to be started in the same scope.

A label is `layer:label` on a whole sentence, and `layer:slot:label` on words in a slot. There is no
room for anything else, so our rows stand in files of their own beside the folders.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from annotator.formats.companions import Companions
from annotator.formats.output import About, Batch, Output, Written, folder_of
from annotator.formats.stretches import (
    CUT,
    MARK_REJECTED,
    Stretch,
    in_slots,
    of_sentence,
    standing,
)
from annotator.formats.tokens import covered
from annotator.formats.told import Tag
from annotator.model.record import SentenceRow

SUFFIX: Final = ".txt.annotations"
EDGE: Final = "white space at the edge of a span"
BLANK: Final = "span of white space"
TWICE: Final = "second of two marks with one label and the same words"

Place = tuple[int, ...]
"""A line, a token of it and, in the variant `character`, a character of that."""

CHARACTER: Final = "character"
FIELD: Final = "label"
"""The field of every tag."""


def writer(output: Output, about: About) -> Slate:
    """Return what writes a dataset for slate."""
    return Slate(output, about.variant == CHARACTER)


class Slate:
    """Writes a text and its labelled places for each coder, and our rows beside them."""

    def __init__(self, output: Output, by_character: bool) -> None:
        self._output = output
        self._companions = Companions(output, sentences=True)
        self._by_character = by_character
        self._rows: Counter[str] = Counter()

    def add(self, batch: Batch) -> None:
        """Write a readout."""
        for work in batch.works:
            rows = batch.rows_of(work.coder)
            folder = folder_of(work.coder)
            name = f"{folder}/{work.readout.id}"
            lines = self._lines(Grid(work.readout.text), rows)
            self._output.write(f"{name}.txt", work.readout.text.encode())
            self._output.write(f"{name}{SUFFIX}", "".join(lines).encode())
            self._rows[f"{folder}/*{SUFFIX}"] += len(lines)
        self._companions.add(batch)

    def _lines(self, grid: Grid, rows: Sequence[SentenceRow]) -> list[str]:
        labels: dict[tuple[Place, Place], list[str]] = {}
        for row in rows:
            for mark in row.marks:
                if mark.rejected:
                    self._output.lost(MARK_REJECTED, mark.id)
        for one in _labelled(rows):
            place = _place(grid, one, self._by_character)
            if isinstance(place, str):
                self._output.lost(place, one.mark)
                continue
            given, label = labels.setdefault(place, []), _label(one)
            if label in given:
                self._output.lost(TWICE, one.mark)
                continue
            given.append(label)
            if trimmed(grid.text, one.start, one.end) != (one.start, one.end):
                self._output.lost(EDGE, one.mark)
        return [
            f"{_shown(*place)} - {' '.join(given)}\n" for place, given in sorted(labels.items())
        ]

    def finish(self) -> Sequence[Written]:
        """Return the files."""
        own = [Written(file, rows, "labelled place") for file, rows in sorted(self._rows.items())]
        return [*own, *self._companions.finish()]


def tags(grid: Grid, row: SentenceRow, *, by_character: bool) -> Iterator[Tag]:
    """Yield the tags that the places of a sentence are read as: one for each mark that says it."""
    for one in _labelled([row]):
        place = _place(grid, one, by_character)
        if not isinstance(place, str):
            start, end = grid.stretch(place[0])[0], grid.stretch(place[1])[1]
            yield Tag(FIELD, _label(one), start, end, mark=one.mark)


def _labelled(rows: Iterable[SentenceRow]) -> Iterator[Stretch]:
    for row in rows:
        for mark in standing(row):
            yield of_sentence(row, mark)
            yield from in_slots(mark)


def _label(one: Stretch) -> str:
    return f"{one.layer}:{one.name}"


def _place(grid: Grid, one: Stretch, by_character: bool) -> tuple[Place, Place] | str:
    """Return the first and the last place of words, or the loss where they have none."""
    start, end = trimmed(grid.text, one.start, one.end)
    if start == end:
        return BLANK
    if by_character:
        return grid.character(start), grid.character(end - 1)
    tokens = covered(grid.tokens, start, end)
    return (grid.place(tokens[0]), grid.place(tokens[1])) if tokens else CUT


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
