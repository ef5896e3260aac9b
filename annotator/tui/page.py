"""A readout as a page: the rows of its sentences at a width, with their marks beneath.

The page is laid out once and mended where an edit changed it; a row is only painted when it is
seen, so that the length of a readout costs nothing per key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal

from annotator.model.codebook import Codebook, Layer
from annotator.model.edit import Coding
from annotator.model.mark import ChoiceValue, EntityValue, Mark, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import State
from annotator.session.chains import NEAR, chain, nested, with_chained
from annotator.session.words import Range
from annotator.tui import paint, rulers
from annotator.tui.block import Beneath, Block
from annotator.tui.naming import unnamed
from annotator.tui.paint import Line, Run, ink
from annotator.tui.reflow import Rows, cells, narrow, widths, wrap
from annotator.tui.rulers import Bracket
from annotator.tui.twins import first_words

WIDEST: Final = 96
"""Lines of text beyond this width are hard to read."""

STATES: Final[dict[State, Run]] = {
    "new": Run(" "),
    "done": Run("✓", paint.GOOD),
    "unsure": Run("?", paint.WARN),
    "skipped": Run("–", paint.MUTED),
}
_TITLE: Final = 20
"""Cells of a mark's name at its brackets."""
BESIDE: Final = "   "
"""What parts a text from the marks behind it."""
LIT: Final = "$lit"
LOST: Final = "⚠ lost its place"
"""What is said of a mark that waits for a place since the readout's text changed."""


@dataclass(frozen=True)
class Light:
    """What is lit on the page: a sentence, a mark of it, a stretch, places under keys or to split.

    The words of the lit mark are underlined; `brackets` says whether its spans, or those of all
    marks of the sentence, are drawn beneath the text too. `likely` are the hops to candidates.
    """

    key: int | None = None
    selection: Range | None = None
    hops: tuple[tuple[int, str], ...] = ()
    caret: int | None = None
    mark: str | None = None
    likely: frozenset[int] = frozenset()
    brackets: Literal["", "mark", "all"] = ""


@dataclass
class Page:
    """The layout of one coding of a text at a width of so many cells.

    Where it is `compact`, no row is left blank, and a sentence's marks take one row at most: what
    is left of the last row of its text, or one of their own.
    """

    text: str
    codebook: Codebook
    coding: Coding
    width: int
    light: Light = Light()
    compact: bool = False
    blocks: list[Block] = field(init=False)
    rows: Rows = field(init=False)

    def __post_init__(self) -> None:
        self.gutter = _gutter_of(self.coding)
        self._measure = max(8, min(WIDEST, self.width - self.gutter - 1))
        self._shown: tuple[int, str] = (0, "")
        self.blocks = self._blocks(0, len(self.coding.order))
        self.rows = Rows(block.height for block in self.blocks)

    def _blocks(self, first: int, end: int) -> list[Block]:
        """Lay out the sentences at these places, half-open."""
        order, found = self.coding.order, []
        end_before = self.coding.sentence(order[first - 1]).end if first else 0
        for key in order[first:end]:
            sentence = self.coding.sentence(key)
            found.append(self._block(key, sentence, end_before))
            end_before = sentence.end
        return found

    def _block(self, key: int, sentence: Sentence, end_before: int) -> Block:
        between = self.text[end_before : sentence.start] if end_before else ""
        shown = sentence.text if narrow(sentence.text) else paint.show(sentence.text)
        rows = wrap(shown, self._measure, sentence.start)
        above = int("\n" in between and not self.compact)
        block = self._with_marks(Block(key, above, rows, []), sentence)
        return block._replace(beneath=self._beneath(block))

    def _with_marks(self, block: Block, sentence: Sentence) -> Block:
        items = tags(self.codebook, self.coding, sentence)
        if not self.compact or not items:
            return block._replace(tags=paint.flow(items, self._measure), beside=())
        start, end = block.rows[-1]
        left = self._measure - cells(paint.show(self.text[start:end])) - len(BESIDE)
        one = paint.flow(items, max(self._measure, sum(map(paint.width, items)) + 2 * len(items)))
        if paint.width(one[0]) <= left:
            return block._replace(tags=[], beside=(Run(BESIDE), *one[0]))
        return block._replace(tags=[paint.fit(one[0], self._measure)], beside=())

    def mended(self, coding: Coding, keys: Iterable[int]) -> Page:
        """Return the page of a later coding of the same text, in which only `keys` changed.

        Laid out anew are those that `with_chained` names. The page itself is changed, unless its
        numbers take more or less room now.
        """
        before, self.coding = self.coding, coding
        keys = [*keys]
        if not coding.ordered_as(before):
            if _gutter_of(coding) != self.gutter:
                return replace(self)
            self._moved(before, keys)
        for key in with_chained(coding, keys):
            place = coding.position[key]
            self._replaced(place, self._with_marks(self.blocks[place], coding.sentence(key)))
        return self

    def _moved(self, before: Coding, keys: Sequence[int]) -> None:
        """Lay out the stretch in which sentences came, went or moved; all others stay as they are.

        Those close behind it are laid out too: their marks may say what stands inside it.
        """
        old = [before.position[key] for key in keys if key in before.position]
        new = [self.coding.position[key] for key in keys if key in self.coding.position]
        was, now = len(before.order), len(self.coding.order)
        behind = min(was - max(old, default=-1), now - max(new, default=-1)) - 1
        kept = max(0, behind - NEAR)
        first, end = min(old + new), was - kept
        self.blocks[first:end] = self._blocks(first, now - kept)
        self.rows.replaced(first, end, [block.height for block in self.blocks[first : now - kept]])

    def relight(self, light: Light) -> None:
        """Light another sentence, or other places in it."""
        keys = {self.light.key, light.key}
        self.light = light
        for place in (self.coding.position.get(key) for key in keys if key is not None):
            if place is not None:
                self._replaced(place, self.blocks[place])

    def _replaced(self, place: int, block: Block) -> None:
        block = block._replace(beneath=self._beneath(block))
        self.blocks[place] = block
        self.rows.resized(place, block.height)

    def _beneath(self, block: Block) -> Beneath:
        """Draw letters and brackets beneath the rows of the lit sentence."""
        light = self.light
        if block.key != light.key or not (light.hops or light.brackets):
            return ()
        sentence = self.coding.sentence(block.key)
        spans = self._brackets(sentence)
        first, end = _around(light.hops, spans)
        found: list[list[Line]] = []
        for row in block.rows:
            lines: list[Line] = []
            if row[0] < end and first < row[1]:
                ruler = rulers.Row.of(row, self._piece(sentence, *row), self._measure)
                lines += rulers.letters(ruler, light.hops, light.likely)
                lines += rulers.brackets(ruler, spans)
            found.append(lines)
        return found

    def _brackets(self, sentence: Sentence) -> list[Bracket]:
        light = self.light
        if light.brackets == "all":
            return [b for mark in sentence.marks for b in drawn(self.codebook, mark, self.coding)]
        mark = sentence.mark(light.mark) if light.brackets and light.mark else None
        return drawn(self.codebook, mark) if mark else []

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
        text_row, beneath = block.at(line) if line >= 0 else (len(block.rows), 0)
        if beneath or text_row == len(block.rows) or column < self.gutter:
            return None
        start, end = block.rows[text_row]
        used = self.gutter
        shown = self._piece(self.coding.sentence(block.key), start, end)
        for offset, wide in zip(range(start, end), widths(shown), strict=True):
            used += wide
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
        text_row, beneath = block.at(at)
        if text_row == len(block.rows):
            line = block.tags[beneath]
        elif beneath:
            line = block.beneath[text_row][beneath - 1]
        else:
            line = self._text_row(sentence, block.rows[text_row], lit=lit)
            line += block.beside if text_row == len(block.rows) - 1 else ()
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
        return tuple(line)

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


def _gutter_of(coding: Coding) -> int:
    return 5 + max(2, len(str(len(coding.order))))


_BASE: Final = {"heading": "bold", "dateline": paint.MUTED, "boilerplate": paint.MUTED}


def _around(hops: Iterable[tuple[int, str]], spans: Iterable[Bracket]) -> Range:
    """Return the stretch of text beneath which something is drawn."""
    drawn = [(place, place + 1) for place, _ in hops] + [(s.start, s.end) for s in spans]
    return min((a for a, _ in drawn), default=0), max((b for _, b in drawn), default=0)


def _overlay(base: str, over: list[str]) -> str:
    return " ".join(dict.fromkeys((base, *over))).strip()


def tags(codebook: Codebook, coding: Coding, sentence: Sentence) -> list[Line]:
    """Say a sentence's marks in a few words each, in the order of the codebook's layers."""
    items: list[Line] = []
    if sentence.flagged:
        items.append((Run("✱ flag", paint.WARN),))
    for layer in codebook.layers:
        if marks := [mark for mark in sentence.marks if mark.layer == layer.id]:
            for _, mark in nested(layer, marks):
                items.append((*tag(layer, coding, mark), *apart(layer, sentence, mark)))
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


def apart(layer: Layer, sentence: Sentence, mark: Mark) -> Line:
    """Say what tells a mark from another that looks the same; nothing where none does."""
    own = first_words(layer, sentence, mark)
    return (ink(f" “{own}”", paint.MUTED),) if own else ()


def _who(layer: Layer, coding: Coding, mark: Mark) -> str:
    values = mark.values(layer.entry)
    named = [coding.cast.name(value.entity) for value in values if isinstance(value, EntityValue)]
    return ", ".join(named) or unnamed(layer, mark)


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


def drawn(codebook: Codebook, mark: Mark, coding: Coding | None = None) -> list[Bracket]:
    """Return the spans of a mark under the names of their slots; with a coding, behind the mark's.

    A mark is called by whom its entry names, else by its label.
    """
    layer = codebook.layer(mark.layer)
    label = layer.label(mark.label) if layer else None
    family = layer.family(mark.label) if layer else None
    style = f"$family-{family.colour}" if family else "$family-blue"
    entry = mark.values(layer.entry) if layer else ()
    named = [coding.cast.name(v.entity) for v in entry if coding and isinstance(v, EntityValue)]
    title = paint.cut(", ".join(named) or (label.tag if label else mark.label), _TITLE)
    found = []
    for slot_id, values in mark.slots.items():
        slot = layer.slot(slot_id) if layer else None
        name = slot.name.lower() if slot else slot_id
        for value in values:
            span = value.span if isinstance(value, SpanValue) else None
            if isinstance(value, EntityValue):
                span = value.mention
            if span is not None:
                said = f"{title}: {name}" if coding else name
                found.append(Bracket(span.start, span.end, said, style))
    return found
