"""A readout as a page: the rows of its sentences at a width, with their marks beneath.

The page is laid out once and mended where an edit changed it; a row is only painted when it is
seen, so that the length of a readout costs nothing per key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from annotator.model.codebook import Codebook, Layer
from annotator.model.edit import Coding
from annotator.model.mark import ChoiceValue, EntityValue, Mark
from annotator.model.sentence import Sentence
from annotator.model.text import State
from annotator.session.chains import chain, nested
from annotator.session.words import Range
from annotator.tui import paint
from annotator.tui.paint import Line, Run, ink
from annotator.tui.reflow import Rows, cells, narrow, wrap

WIDEST: Final = 96
"""Lines of text beyond this width are hard to read."""

STATES: Final[dict[State, Run]] = {
    "new": Run(" "),
    "done": Run("✓", paint.GOOD),
    "unsure": Run("?", paint.WARN),
    "skipped": Run("–", paint.MUTED),
}
LIT: Final = "$lit"
LOST: Final = "⚠ lost its place"
"""What is said of a mark that waits for a place since the readout's text changed."""


class Block(NamedTuple):
    """A sentence on the page: its rows of text, its rows of marks, and the blank rows above."""

    key: int
    above: int
    rows: list[Range]
    tags: list[Line]

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return self.above + len(self.rows) + len(self.tags)


@dataclass(frozen=True)
class Light:
    """What is lit on the page: a sentence, a mark of it, a stretch, places under keys or to split.

    The words of the lit mark are underlined.
    """

    key: int | None = None
    selection: Range | None = None
    hops: tuple[tuple[int, str], ...] = ()
    caret: int | None = None
    mark: str | None = None


@dataclass
class Page:
    """The layout of one coding of a text at a width of so many cells."""

    text: str
    codebook: Codebook
    coding: Coding
    width: int
    light: Light = Light()
    blocks: list[Block] = field(init=False)
    rows: Rows = field(init=False)

    def __post_init__(self) -> None:
        self.gutter = 5 + max(2, len(str(len(self.coding.order))))
        self._measure = max(8, min(WIDEST, self.width - self.gutter - 1))
        self._shown: tuple[int, str] = (0, "")
        ends = [0]
        self.blocks = []
        for key in self.coding.order:
            sentence = self.coding.sentence(key)
            self.blocks.append(self._block(key, sentence, ends[-1]))
            ends[-1] = sentence.end
        self.rows = Rows(block.height for block in self.blocks)

    def _block(self, key: int, sentence: Sentence, end_before: int) -> Block:
        between = self.text[end_before : sentence.start] if end_before else ""
        shown = sentence.text if narrow(sentence.text) else paint.show(sentence.text)
        rows = wrap(shown, self._measure, sentence.start)
        return Block(key, int("\n" in between), rows, self._tags(sentence))

    def _tags(self, sentence: Sentence) -> list[Line]:
        items = tags(self.codebook, self.coding, sentence)
        return paint.flow(items, self._measure)

    def mended(self, coding: Coding, keys: Iterable[int]) -> Page:
        """Return the page of a later coding of the same text, in which only `keys` changed.

        The page itself is changed where no boundary moved; it is laid out anew where one did.
        """
        if coding.order != self.coding.order:
            return Page(self.text, self.codebook, coding, self.width, self.light)
        self.coding = coding
        for key in keys:
            place = coding.position.get(key)
            if place is not None:
                block = self.blocks[place]._replace(tags=self._tags(coding.sentence(key)))
                self.blocks[place] = block
                self.rows.resized(place, block.height)
        return self

    def rows_of(self, key: int) -> Range:
        """Return the rows of a sentence, half-open, without the blank rows above it."""
        place = self.coding.position[key]
        top, bottom = self.rows.of(place)
        return top + self.blocks[place].above, bottom

    def key_at(self, row: int) -> int | None:
        """Return the sentence that a row shows, or None."""
        found = self.rows.at(row)
        return self.blocks[found[0]].key if found else None

    def offset_at(self, row: int, column: int) -> int | None:
        """Return the code point under a cell, or None where no text is."""
        found = self.rows.at(row)
        if found is None:
            return None
        block, line = self.blocks[found[0]], found[1] - self.blocks[found[0]].above
        if not 0 <= line < len(block.rows) or column < self.gutter:
            return None
        start, end = block.rows[line]
        used = self.gutter
        for offset in range(start, end):
            used += cells(paint.show(self.text[offset]))
            if used > column:
                return offset
        return None

    def line(self, row: int) -> tuple[Line, str]:
        """Return a row and the colour of its ground, an empty one where it has none of its own."""
        found = self.rows.at(row)
        if found is None:
            return (), ""
        place, at = found
        block = self.blocks[place]
        at -= block.above
        if at < 0:
            return (), ""
        lit = block.key == self.light.key
        sentence = self.coding.sentence(block.key)
        gutter = self._gutter(place, sentence, first=at == 0, lit=lit)
        if at < len(block.rows):
            line = self._text_row(sentence, block.rows[at], lit=lit)
        else:
            line = block.tags[at - len(block.rows)]
        return (*gutter, *line), LIT if lit else ""

    def _gutter(self, place: int, sentence: Sentence, *, first: bool, lit: bool) -> Line:
        bar = Run("▌" if lit else " ", "$primary")
        if not first:
            return (bar, Run(" " * (self.gutter - 1)))
        number = str(place + 1).rjust(self.gutter - 5)
        style = paint.TITLE if lit else paint.MUTED
        return (bar, Run(f"{number} ", style), STATES[sentence.state], Run("  "))

    def _text_row(self, sentence: Sentence, row: Range, *, lit: bool) -> Line:
        start, end = row
        base = _BASE.get(sentence.role, "")
        layers = self._stretches(sentence, lit=lit)
        inside = [(a, b, style) for a, b, style in layers if a < end and b > start]
        edges = sorted({start, end, *(x for a, b, _ in inside for x in (a, b) if start < x < end)})
        line = []
        for left, right in pairwise(edges):
            over = [style for a, b, style in inside if a <= left and right <= b]
            piece = self._piece(sentence, left, right)
            line.append(Run(piece, _overlay(base, over)))
        return self._with_hops(line, row) if lit and self.light.hops else tuple(line)

    def _piece(self, sentence: Sentence, start: int, end: int) -> str:
        # A run of marks may begin before the row, so a sentence is translated as a whole.
        if self._shown[0] != sentence.start or len(self._shown[1]) != len(sentence.text):
            self._shown = sentence.start, paint.show(sentence.text)
        return self._shown[1][start - sentence.start : end - sentence.start]

    def _stretches(self, sentence: Sentence, *, lit: bool) -> list[tuple[int, int, str]]:
        mark = sentence.mark(self.light.mark) if lit and self.light.mark else None
        found = [(s.start, s.end, "underline") for s in mark.spans()] if mark else []
        if lit and self.light.selection:
            found.append((*self.light.selection, "bold on $chosen"))
        if lit and self.light.caret is not None:
            found.append((self.light.caret, self.light.caret + 1, "bold reverse"))
        return found

    def _with_hops(self, line: list[Run], row: Range) -> Line:
        hops = {place - row[0]: key for place, key in self._hop_places()}
        painted: list[Run] = []
        at = 0
        for run in line:
            kept = ""
            for char in run.text:
                if at in hops:
                    painted += [Run(kept, run.style), Run(hops[at], HOP, hops[at])]
                    kept = ""
                else:
                    kept += char
                at += 1
            painted.append(Run(kept, run.style))
        return tuple(run for run in painted if run.text)

    def _hop_places(self) -> Iterator[tuple[int, str]]:
        """Yield where each key is drawn: two that begin together stand side by side."""
        taken: set[int] = set()
        for start, key in self.light.hops:
            place = next(p for p in range(start, start + len(taken) + 1) if p not in taken)
            taken.add(place)
            yield place, key


HOP: Final = "bold $background on $accent"
_BASE: Final = {"heading": "bold", "dateline": paint.MUTED, "boilerplate": paint.MUTED}


def _overlay(base: str, over: list[str]) -> str:
    return " ".join(dict.fromkeys((base, *over))).strip()


def tags(codebook: Codebook, coding: Coding, sentence: Sentence) -> list[Line]:
    """Say a sentence's marks in a few words each, in the order of the codebook's layers."""
    items: list[Line] = []
    if sentence.flagged:
        items.append((Run("✱ flag", paint.WARN),))
    for layer in codebook.layers:
        marks = [mark for mark in sentence.marks if mark.layer == layer.id]
        items += [tag(layer, coding, mark) for _, mark in nested(layer, marks)]
    items += [_foreign(mark) for mark in sentence.marks if codebook.layer(mark.layer) is None]
    for place, mark in enumerate(sentence.unplaced):
        words = "⚠ " if place else f"{LOST}: "
        items.append((Run(words, paint.WARN), *named(codebook, coding, mark)))
    if sentence.note:
        items.append(
            (Run("✎ ", paint.MUTED), ink(paint.cut(sentence.note, 40), f"italic {paint.MUTED}"))
        )
    return items


def named(codebook: Codebook, coding: Coding, mark: Mark) -> Line:
    """Say one mark, also one whose layer the codebook does not have."""
    layer = codebook.layer(mark.layer)
    return _foreign(mark) if layer is None else tag(layer, coding, mark)


def _foreign(mark: Mark) -> Line:
    return (ink(f"{mark.layer}: {mark.label} (not in the codebook)", paint.WARN),)


def _who(layer: Layer, coding: Coding, mark: Mark) -> str:
    values = mark.values(layer.entry)
    named = [coding.cast.name(value.entity) for value in values if isinstance(value, EntityValue)]
    return ", ".join(named) or "nobody named"


def tag(layer: Layer, coding: Coding, mark: Mark, *, alone: bool = False) -> Line:
    """Say one mark: its family's glyph, who is in its entry, its label, and its scales.

    Before who is in its entry stands within whom it is told, unless it is to stand `alone`.
    """
    label = layer.label(mark.label)
    family = layer.family(mark.label)
    colour = f"$family-{family.colour}" if family else "$family-blue"
    words = label.tag if label else mark.label
    if mark.rejected:
        return (Run("✗ ", paint.MUTED), ink(words, f"strike {paint.MUTED}"))
    line = [ink(f"{layer.glyph_of(mark.label)} ", colour)]
    if layer.entry != "label":
        told = (mark,) if alone else chain(layer, coding, mark, near=True)
        line.append(ink(f"{' › '.join(_who(layer, coding, one) for one in told)}, ", colour))
    line.append(ink(words, colour))
    scales = [
        value.choice
        for slot in layer.slots_of(mark.label)
        if slot.type == "scale"
        for value in mark.values(slot.id)
        if isinstance(value, ChoiceValue)
    ]
    if scales:
        line.append(ink(f" {'/'.join(scales)}", paint.MUTED))
    if mark.doubtful or mark.certainty == "low":
        line.append(Run(" ?", paint.WARN))
    return tuple(line)
