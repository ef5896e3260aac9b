"""A sentence as it stands on the page: its rows, and what is drawn beneath and beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from annotator.session.words import Range
from annotator.tui.paint import Line

Beneath = Sequence[Sequence[Line]]


class Block(NamedTuple):
    """A sentence on the page: its rows of text, its rows of marks, and the blank rows above.

    `beneath` has what is drawn beneath each row of text; it is empty but for the lit sentence.
    `beside` are marks that stand behind the last row of its text.
    """

    key: int
    above: int
    rows: list[Range]
    tags: list[Line]
    beneath: Beneath = ()
    beside: Line = ()

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return self.above + self.top(len(self.rows)) + len(self.tags)

    def top(self, row: int) -> int:
        """Return how far below the first row of text another one stands."""
        return row + sum(len(lines) for lines in self.beneath[:row])

    def at(self, line: int) -> tuple[int, int]:
        """Return the row of text that a line belongs to and how far beneath it the line stands.

        Lines count from the first row of text; those of the marks belong to a row behind the last.
        """
        if not self.beneath:
            row = min(line, len(self.rows))
            return row, line - row
        row = 0
        while row < len(self.rows) and line > len(self.beneath[row]):
            line -= 1 + len(self.beneath[row])
            row += 1
        return row, line
