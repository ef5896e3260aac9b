"""The codebook as a list of layers, families and labels, and what stands beside the lit row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from annotator.model.codebook import Codebook, Family, Label, Layer
from annotator.pipeline.precedents import Precedent
from annotator.plural import many
from annotator.tui import guide, paint
from annotator.tui.paint import Line, Run, ink

_WORD = re.compile(r"\w+")
ALIKE: Final = 0.25
"""Likeness from which it is said, and shown in what a precedent differs."""
_COUNTS: Final = 12
"""Cells that the counts of a row may take."""


@dataclass(frozen=True)
class Row:
    """A layer, a family of it, or a label."""

    layer: Layer
    family: Family | None = None
    label: Label | None = None


@dataclass(frozen=True)
class Counts:
    """How many marks bear a label, by layer and label: the coder's own, and those of all."""

    own: Mapping[tuple[str, str], int] = field(default_factory=dict)
    every: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        book: Codebook,
        own: Mapping[str, Mapping[str, int]],
        every: Mapping[str, Mapping[str, int]],
    ) -> Counts:
        """Count marks under the labels that they have now."""
        return cls(_current(book, own), _current(book, every))


def _current(book: Codebook, given: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for layer_id, labels in given.items():
        layer = book.layer(layer_id)
        for label_id, count in labels.items():
            key = layer_id, layer.current(label_id) if layer else label_id
            found[key] = found.get(key, 0) + count
    return found


def rows(book: Codebook, typed: str = "") -> list[Row]:
    """Return the rows whose labels hold what is typed, each under its layer and family."""
    return [row for layer in book.layers for row in _rows_of(layer, typed.casefold().split())]


def _rows_of(layer: Layer, words: Sequence[str]) -> Iterator[Row]:
    kept = [label for label in layer.labels if _holds(label, words)]
    if not kept and words:
        return
    yield Row(layer)
    families: list[Family | None] = [None, *layer.families]
    known = {family.id for family in layer.families}
    for family in families:
        own = [
            label
            for label in kept
            if (label.family if label.family in known else None) == (family.id if family else None)
        ]
        if family is not None and (own or not words):
            yield Row(layer, family)
        yield from (Row(layer, family, label) for label in own)


def _holds(label: Label, words: Sequence[str]) -> bool:
    told = (label.id, label.name, label.short, label.definition, *label.include, *label.examples)
    text = " ".join((*told, *label.was)).casefold()
    return all(word in text for word in words)


def place_of(listed: Sequence[Row], entry: tuple[str, str]) -> int | None:
    """Return the place of a label, or of a layer where the label's id is empty or unknown."""
    layer_id, label_id = entry
    own = [(place, row) for place, row in enumerate(listed) if row.layer.id == layer_id]
    for place, row in own:
        if row.label is not None and row.layer.label(label_id) is row.label:
            return place
    return own[0][0] if own else None


def row(row: Row, book: Codebook, counts: Counts | None, width: int) -> Line:
    """Show a row: a key, a name, and how many marks bear the label."""
    layer, family, label = row.layer, row.family, row.label
    if label is None and family is not None:
        key = ink(f"{family.key or ' '} ", paint.KEY)
        name = f"{family.glyph} {family.name}"
        return paint.fit((key, ink(name, f"bold $family-{family.colour}")), width)
    if label is None:
        number = f"{many(len(layer.in_use), 'label')} "
        title: Line = (ink(layer.key, paint.KEY), ink(f" {layer.glyph} {layer.name}", paint.TITLE))
        return paint.ends(title, (Run(number, paint.MUTED),), width)
    keys = next((p.keys for p in book.panels if label.id in p.keys and p.layer == layer.id), {})
    name_style = f"strike {paint.MUTED}" if label.retired else ""
    left: Line = (
        Run("    "),
        ink((keys.get(label.id) or " ").ljust(2), paint.KEY),
        ink(label.tag, name_style),
    )
    return paint.ends(left, (ink(_counted(row, counts), paint.MUTED),), width)


def said(row: Row, book: Codebook, counts: Counts | None) -> str:
    """Say a row in words."""
    layer, family, label = row.layer, row.family, row.label
    if label is None:
        if family is not None:
            return f"group {family.name}" + (f", key {family.key}" if family.key else "")
        return f"layer {layer.name}, key {layer.key}, {many(len(layer.in_use), 'label')}"
    keys = next((p.keys for p in book.panels if label.id in p.keys and p.layer == layer.id), {})
    words = [label.name, *(["retired"] if label.retired else [])]
    words += [f"key {keys[label.id]}"] if label.id in keys else []
    if counts is not None:
        own, every = (of.get((layer.id, label.id), 0) for of in (counts.own, counts.every))
        words.append(f"{own:,} marks of yours, {every:,} of all")
    return ", ".join(words)


def _counted(row: Row, counts: Counts | None) -> str:
    if counts is None or row.label is None:
        return "… "
    key = row.layer.id, row.label.id
    own, every = counts.own.get(key, 0), counts.every.get(key, 0)
    return f"{own:,} / {every:,} "[-_COUNTS:] if every else "· "


@dataclass(frozen=True)
class Beside:
    """What stands beside the list: lines, and at which of them each precedent begins."""

    lines: Sequence[Line]
    places: Sequence[int] = ()


def beside(
    book: Codebook,
    row: Row,
    found: Sequence[Precedent] | None,
    text: str,
    width: int,
    lit: int | None = None,
) -> Beside:
    """Show the entry of a row, and beneath it its precedents, most like `text` first.

    `found` is None while they are looked for; `lit` is the place of the lit one.
    """
    if row.label is None:
        if row.family is None:
            return Beside(guide.entry(book, row.layer, None, width))
        return Beside(_family(row.layer, row.family, width))
    lines = [*guide.entry(book, row.layer, row.label, width), ()]
    title = "Decided before, most like this sentence first" if text else "Decided before"
    lines.append((Run(title, paint.TITLE),))
    if found is None:
        lines.append((Run("Looking …", paint.MUTED),))
    elif not found:
        lines.append((Run("No sentence bears it or rejected it yet.", paint.MUTED),))
    places: list[int] = []
    unlike = next((place for place, one in enumerate(found or ()) if one.likeness < ALIKE), None)
    for place, precedent in enumerate(found or ()):
        if text and place == unlike:
            lines += [(), (Run("Others, hardly like it", paint.MUTED),)]
        places.append(len(lines))
        lines += _precedent(precedent, text, width, lit=place == lit)
    return Beside([paint.fit(line, width) for line in lines], places)


def _family(layer: Layer, family: Family, width: int) -> list[Line]:
    lines = paint.prose(f"{family.glyph} {family.name}", width, f"bold $family-{family.colour}")
    about = f"{layer.name}   {'near misses   ' if family.negative else ''}"
    lines.append((ink(about + (f"key {family.key}" if family.key else ""), paint.MUTED),))
    for label in layer.labels:
        if label.family == family.id:
            lines += [(), *paint.prose(label.name, width, paint.STRONG)]
            lines += paint.prose(label.definition, width) if label.definition else []
    return lines


def _precedent(one: Precedent, text: str, width: int, *, lit: bool) -> list[Line]:
    """Show a precedent; of one that is much like the sentence in work, what differs stands out."""
    ground = " on $choice" if lit else ""
    sign = Run("✗ " if one.rejected else "● ", (paint.BAD if one.rejected else paint.GOOD) + ground)
    alike = f"  {one.likeness:.0%} alike" if text and one.likeness >= ALIKE else ""
    about = f"{one.readout}{'  rejected here' if one.rejected else ''}{alike}"
    lines: list[Line] = [(), (sign, ink(paint.cut(about, width - 2), paint.MUTED + ground))]
    differs = one.likeness >= ALIKE
    shared = {word.casefold() for word in _WORD.findall(text)}
    for (run,) in paint.prose(one.text, width - 2):
        lines.append((Run("  "), *(_differing(run.text, shared) if differs else (run,))))
    return lines


def _differing(shown: str, shared: set[str]) -> Iterator[Run]:
    at = 0
    for word in _WORD.finditer(shown):
        if word.group().casefold() not in shared:
            yield Run(shown[at : word.start()])
            yield Run(word.group(), "$family-blue")
            at = word.end()
    yield Run(shown[at:])
