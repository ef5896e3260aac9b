"""How near-identical sentences are shown: a row for each, and the lit one with what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from annotator.model.codebook import Codebook
from annotator.model.differing import Piece, pieces
from annotator.model.edit import CAST, Coding
from annotator.model.entity import Cast
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    NoneStated,
    RefValue,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.sentence import Sentence
from annotator.pipeline.formula import Twin
from annotator.session.carry import Carried
from annotator.tui import paint
from annotator.tui.page import STATES, named
from annotator.tui.paint import Line, Run, ink
from annotator.tui.pairs import Part, one_line, stacked

_ROOM_FOR_NAMES: Final = 90
_LONG: Final = 4_000
"""Code points beyond which a sentence is not compared word by word for the screen."""
_GLUED: Final = ",.;:!?)]}’”»"


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """Return two sentences as one with what differs; of very long ones only that they differ."""
    if old == new:
        return ((new, "="),)
    if max(len(old), len(new)) > _LONG:
        return ((new[:_LONG], "="), ("… too long to be compared on the screen", "="))
    return tuple(pieces(old, new))


def row(number: str, twin: Twin, old: str, new: str, book: Codebook, width: int) -> Line:
    """Show a near-identical sentence in one row: how alike, where, its marks, what differs."""
    roomy = width >= _ROOM_FOR_NAMES
    name = paint.cut(twin.readout, 24 if roomy else 14)
    name += " " * ((24 if roomy else 14) - paint.width((ink(name),)) + 2)
    head: Line = (
        ink(f"{number} ", paint.KEY),
        Run(f"{twin.likeness:4.0%} ", paint.MUTED),
        STATES[twin.sentence.state],
        Run(" "),
        ink(name, paint.MUTED),
    )
    tags = _tags(book, twin)
    room = max(12, width - paint.width(head) - 2)
    shown = paint.fit(tags, room // 2)
    apart = (Run("  "),) if shown else ()
    return paint.fit((*head, *shown, *apart, *_only_differing(old, new)), width)


def _tags(book: Codebook, twin: Twin) -> Line:
    coding = Coding({CAST: twin.cast})
    found: list[Run] = []
    for mark in twin.sentence.marks:
        found += [*named(book, coding, mark), Run("  ")]
    return tuple(found[:-1])


def _only_differing(old: str, new: str) -> Line:
    found = [piece for piece in differences(old, new) if piece[1] != "="]
    if not found:
        return (Run("the same words", paint.MUTED),)
    return tuple(run for piece in found for run in (*_signed(piece), Run(" ")))


def _signed(piece: Piece) -> Line:
    words = one_line(piece[0])
    match piece[1]:
        case "-":
            return (ink(f"[−{words}−]", paint.MUTED),)
        case "+":
            return (ink(f"[+{words}+]", "bold"),)
        case _:
            return (ink(words),)


def told(title: str, old: str, new: str, width: int) -> list[Line]:
    """Show a sentence in full, with what the other one does not have in brackets of its own."""
    text, marked = "", []
    for piece in differences(old, new):
        words = "".join(run.text for run in _signed(piece))
        sign = piece[1]
        blank = "" if not text or words[0] in _GLUED else " "
        if sign != "=":
            marked.append((len(text) + len(blank), len(text) + len(blank) + len(words)))
        text += blank + words
    return stacked(Part(title, text, marked, "bold $accent"), width)


def whole(title: str, text: str, width: int) -> list[Line]:
    """Show a sentence in full."""
    return stacked(Part(title, one_line(text)), width)


def taken(made: Carried, book: Codebook, width: int) -> list[Line]:
    """Show what would be marked, and what would be left out and why."""
    lines: list[Line] = []
    for why in made.left:
        lines += paint.prose(f"left out  {why}", width, paint.WARN, indent="          ")
    for mark in made.marks:
        lines += mark_lines(mark, made.cast, made.sentence, book, width)
        if missing := book.lacking(mark):
            names = ", ".join(slot.name for slot in missing)
            lines += paint.prose(f"    lacks: {names}", width, paint.WARN, indent="    ")
    return lines or [(Run("No mark would be put here.", paint.MUTED),)]


def mark_lines(
    mark: Mark, cast: Cast, sentence: Sentence, book: Codebook, width: int
) -> list[Line]:
    """Show a mark with its slots."""
    found: list[Line] = [named(book, Coding({CAST: cast}), mark)]
    layer = book.layer(mark.layer)
    items: list[Line] = []
    for slot in layer.slots_of(mark.label) if layer else ():
        values = mark.slots.get(slot.id)
        if values and layer and slot.id != layer.entry:
            said = ", ".join(value_text(value, cast, sentence) for value in values)
            items.append((ink(f"{slot.name.lower()} ", paint.MUTED), ink(said, "italic")))
    found += [(Run("    "), *line) for line in paint.flow(items, max(8, width - 4), gap=3)]
    return found


def value_text(value: SlotValue, cast: Cast, sentence: Sentence) -> str:
    """Say a slot's value in words."""
    match value:
        case SpanValue():
            return f"“{one_line(value.span.exact)}”"
        case EntityValue():
            return cast.name(value.entity)
        case ChoiceValue():
            return value.choice.replace("_", " ")
        case LabelValue():
            return value.label
        case DateValue():
            return value.date
        case TextValue():
            return value.text
        case RefValue():
            found = sentence.mark(value.mark)
            return found.label if found else "a mark of another sentence"
        case NoneStated():
            return "none stated"


def confirmed(done: Mapping[str, int]) -> str:
    """Say how many sentences were confirmed, and of the others why not; "" counts the confirmed."""
    left = [f"{count:,} {why}" for why, count in done.items() if why and count]
    return f"{done.get('', 0):,} confirmed{': ' if left else ''}{', '.join(left)}"


def names(marks: Sequence[Mark], book: Codebook) -> str:
    """Name marks by their labels, each once."""
    found = []
    for mark in marks:
        layer = book.layer(mark.layer)
        label = layer.label(mark.label) if layer else None
        found.append(("not " if mark.rejected else "") + (label.tag if label else mark.label))
    return ", ".join(dict.fromkeys(found))
