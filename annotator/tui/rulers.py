"""What is drawn beneath a row of text: letters to hop to, and brackets under spans.

Brackets are told apart without colour: each has its name, one that holds another stands beneath
it, and one that runs on into the next row is open there. Columns are terminal cells, counted from
where the row's text begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby
from typing import Final, NamedTuple

from annotator.session.words import Range
from annotator.tui import paint
from annotator.tui.paint import Line, Run
from annotator.tui.reflow import cells, widths

HOP: Final = "bold $background on $accent"
HOP_ELSEWHERE: Final = paint.MUTED
DEEPEST: Final = 8
"""Rows of brackets under one row of text; what nests deeper is counted."""
_ROOM_FOR_NAME: Final = 5

Cell = tuple[str, str, str]
"""A sign, its style, and the key that a click on it presses."""


class Bracket(NamedTuple):
    """A stretch to be drawn, in code points, with its name."""

    start: int
    end: int
    name: str
    style: str


class Row(NamedTuple):
    """A row of text: its range, the columns of its code points and of its end, its width."""

    start: int
    end: int
    columns: list[int]
    width: int

    @classmethod
    def of(cls, row: Range, shown: str, width: int) -> Row:
        """Lay out a row of text that is shown in `width` cells; blanks at its end count as none."""
        start = row[0]
        body = shown.rstrip(" ") or shown
        return cls(start, start + len(body), [0, *accumulate(widths(body))], width)

    def piece(self, start: int, end: int) -> Range | None:
        """Return the columns of the part of a stretch that lies in this row, if any does."""
        first, last = max(start, self.start), min(end, self.end)
        if first >= last:
            return None
        left = self.columns[first - self.start]
        return left, max(left + 1, self.columns[last - self.start])


def letters(row: Row, hops: Iterable[tuple[int, str]], likely: frozenset[int]) -> list[Line]:
    """Return the line of letters beneath a row.

    The letter of a likely word stands on a ground that is as wide as there is room for, so that it
    is found without its colour too.
    """
    drawn: dict[int, Cell] = {}
    chips: dict[int, str] = {}
    for start, key in hops:
        if row.start <= start < row.end:
            column = row.columns[start - row.start]
            while column in drawn:
                column += 1
            drawn[column] = (key, HOP if start in likely else HOP_ELSEWHERE, key)
            if start in likely:
                chips[column] = key
    for column, key in chips.items():
        # A blank parts it from the letters beside it, and from a ground that ends there.
        for beside, beyond in ((column - 1, column - 2), (column + 1, column + 2)):
            if beside >= 0 and beside not in drawn and beyond not in drawn:
                drawn[beside] = (" ", HOP, key)
    return [_line(drawn)] if drawn else []


def brackets(row: Row, spans: Sequence[Bracket]) -> list[Line]:
    """Return the lines of brackets beneath a row, the innermost first."""
    pieces = [(row.piece(span.start, span.end), span) for span in spans]
    inside = [(piece, span) for piece, span in pieces if piece is not None]
    inside.sort(key=lambda item: (item[0][1] - item[0][0], item[0]))
    levels: list[dict[int, Cell]] = []
    placed: list[tuple[int, Range]] = []
    left_out = 0
    for piece, span in inside:
        column, drawn = _drawn(row, piece, span)
        needed = range(column - 1, column + len(drawn) + 1)
        least = max((n + 1 for n, other in placed if _touch(other, piece)), default=0)
        level = next((n for n in range(least, len(levels)) if not _taken(levels[n], needed)), None)
        level = max(least, len(levels)) if level is None else level
        if level >= DEEPEST:
            left_out += 1
            continue
        levels += [{} for _ in range(level + 1 - len(levels))]
        placed.append((level, piece))
        levels[level].update(enumerate(((sign, span.style, "") for sign in drawn), column))
    lines = [_line(level) for level in levels]
    return [*lines, (Run(f"… {left_out} more", paint.MUTED),)] if left_out else lines


def _touch(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _taken(level: dict[int, Cell], needed: range) -> bool:
    return any(column in level for column in needed)


def _drawn(row: Row, piece: Range, span: Bracket) -> tuple[int, list[str]]:
    """Return a bracket's signs and the column of the first: its name within, beside, or cut."""
    left, right = piece
    if left and left == row.width:
        # A sign without a width of its own at the end of a full row stands in its last cell.
        left, right = left - 1, left
    opens, closes = span.start >= row.start, span.end <= row.end
    wide, name = right - left, _signs(span.name)
    if wide >= len(name) + _ROOM_FOR_NAME:
        return left, _stroke(wide, name, opens=opens, closes=closes)
    bare = _stroke(wide, [], opens=opens, closes=closes)
    if right + 1 + len(name) <= row.width:
        return left, [*bare, " ", *name]
    if left >= len(name) + 1:
        return left - len(name) - 1, [*name, " ", *bare]
    room = max(0, wide - _ROOM_FOR_NAME)
    return left, _stroke(wide, _signs(paint.cut(span.name, room)), opens=opens, closes=closes)


def _signs(name: str) -> list[str]:
    """Return a name as one entry for each cell; the second cell of a wide sign is empty."""
    signs: list[str] = []
    for sign in paint.show(name):
        wide = cells(sign)
        if wide == 0 and signs:
            signs[-1] += sign
        signs += [sign, *[""] * (wide - 1)] if wide else []
    return signs


def _stroke(wide: int, name: list[str], *, opens: bool, closes: bool) -> list[str]:
    if wide == 1:
        return ["╵" if opens and closes else "└" if opens else "┘" if closes else "─"]
    named = ["─", " ", *name, " "] if name else []
    inner = [*named[: wide - 2], *["─"] * (wide - 2 - len(named))]
    return ["└" if opens else "─", *inner, "┘" if closes else "─"]


def _line(drawn: dict[int, Cell]) -> Line:
    """Return cells as runs, with blanks where nothing is drawn."""
    every = [drawn.get(column, (" ", "", "")) for column in range(max(drawn) + 1)]
    runs = groupby(every, key=lambda cell: cell[1:])
    return tuple(Run("".join(cell[0] for cell in same), *kind) for kind, same in runs)
