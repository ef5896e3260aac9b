"""Two texts shown together: what of them differs, in one row, beside or beneath each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from annotator.session.words import Range
from annotator.tui import paint
from annotator.tui.paint import Line, Run, ink
from annotator.tui.reflow import wrap

_INDENT: Final = 8
_LEAD: Final = 12
"""Characters that stand at most before the first difference, where a row is too short for all."""


class Part(NamedTuple):
    """One of the two: what it is, its text, and the stretches of it that have a style of their own.

    The title is a word, and behind two blanks what else there is to say.
    """

    title: str
    text: str = ""
    marked: Sequence[Range] = ()
    style: str = ""


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())


def in_a_row(old: str, new: str, room: int) -> Line:
    """Show two texts in one row, each from a little before the first word that differs."""
    old, new = one_line(old), one_line(new)
    half = max(4, (room - 3) // 2)
    differ = (place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    first = next(differ, min(len(old), len(new)))
    left, right = (paint.cut(_from(text, first, half), half) for text in (old, new))
    blank = " " * (half - paint.width((Run(left),)))
    return (Run(left, paint.MUTED), Run(f"{blank} → ", paint.MUTED), Run(right))


def _from(text: str, first: int, room: int) -> str:
    """Return a text from a little before a place on, where it is too long to be shown whole."""
    begin = text.find(" ", max(0, first - _LEAD), first) + 1 or max(0, first - _LEAD)
    return f"…{text[begin:]}" if len(text) > room and begin else text


def beside(old: Part, new: Part, width: int) -> list[Line]:
    """Show two texts as columns, each under its title."""
    half = (width - 3) // 2
    left, right = _column(old, half), _column(new, half)
    lines: list[Line] = []
    for row in range(max(len(left), len(right))):
        one = left[row] if row < len(left) else ()
        other = right[row] if row < len(right) else ()
        blank = " " * (half - paint.width(one))
        lines.append((*one, Run(f"{blank} │ ", paint.FAINT), *other))
    return lines


def _column(part: Part, width: int) -> list[Line]:
    return [(ink(part.title, paint.MUTED),), *_painted(part, width)]


def stacked(part: Part, width: int) -> list[Line]:
    """Show a text behind the word of its title, or beneath that where it is a long one."""
    rows = [(Run(" " * _INDENT), *row) for row in _painted(part, width - _INDENT)]
    word = part.title.partition("  ")[0]
    if len(word) >= _INDENT:
        return [(ink(word, paint.MUTED),), *rows]
    return [(ink(word.ljust(_INDENT), paint.MUTED), *rows[0][1:]), *rows[1:]]


def _painted(part: Part, width: int) -> list[Line]:
    """Wrap a text in which some stretches have a style of their own."""
    shown = paint.show(part.text)
    lines: list[Line] = []
    for start, end in wrap(shown, max(4, width)):
        last = start + len(shown[start:end].rstrip(" "))
        edges = sorted({start, last, *(x for r in part.marked for x in r if start < x < last)})
        lines.append(
            tuple(
                Run(shown[a:b], part.style if any(s <= a < e for s, e in part.marked) else "")
                for a, b in pairwise(edges)
            )
        )
    return lines
