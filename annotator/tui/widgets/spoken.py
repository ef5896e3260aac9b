"""What the reader mode shows: lines of words, and the terminal's own cursor on what is new."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from textual.geometry import Offset

from annotator.tui import paint, spoken, window
from annotator.tui.paint import Line, Run
from annotator.tui.spoken import Told
from annotator.tui.widgets.lines import LinesView


class SpokenView(LinesView, can_focus=True):
    """Shows what is said; the cursor goes to the first line that was not there before.

    What stands is always seen where it leaves half of the height for the rest. Of that the lit line
    is seen, or what it was turned to, with how many rows are left out on either side.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._told = Told([], 0, 0)
        self._pages = 0
        # What was wrapped at the last key; most of it is said again at the next.
        self._kept: dict[str, list[Line]] = {}
        self._width = 0
        # The row of each line that is said, and what is seen of the rows beneath those that stand.
        self._starts: list[int] = []
        self._top = 0
        self._seen = range(0)
        self._below = 0

    def _lines_of(self, width: int) -> Sequence[Line]:
        made = self._wrapped(width)
        told, height = self._told, self.size.height
        standing = self._row(told.standing)
        self._top = top = standing if standing <= height // 2 else 0
        lit = self._row(told.lit)
        self._seen = seen = window.seen(len(made) - top, height - top, lit - top, self._pages)
        shown = made[top + seen.start : top + seen.stop]
        if above := seen.start:
            shown[0] = (Run(spoken.more(above + 1, -1, turns=told.turns), paint.MUTED),)
        self._below = len(made) - top - seen.stop
        if self._below:
            shown[-1] = (Run(spoken.more(self._below + 1, 1, turns=told.turns), paint.MUTED),)
        return [*made[:top], *shown]

    def _wrapped(self, width: int) -> list[Line]:
        made: list[Line] = []
        kept = self._kept if width == self._width else {}
        self._kept, self._width, self._starts = {}, width, []
        for one in self._told.lines:
            self._starts.append(len(made))
            self._kept[one] = kept.get(one) or paint.prose(one, max(8, width))
            made += self._kept[one]
        return made

    def _row(self, line: int) -> int:
        """Return the row at which a line begins; of one beyond the last, the first row."""
        return self._starts[line] if line < len(self._starts) else 0

    def say(self, told: Told, pages: int = 0) -> None:
        """Show what is said now, turned by so many pages from the light."""
        before, turned = self._told, pages != self._pages
        self._told, self._pages = told, pages
        self.show(self._lines_of)
        pairs = enumerate(zip_longest(before.lines, told.lines))
        changed = [place for place, (old, new) in pairs if old != new]
        first = changed[0] if changed else 0
        if turned and not changed:
            self._point(self._top)
        elif first >= told.standing and told.lit in changed:
            self._point(self._shown_at(told.lit))
        else:
            self._point(self._shown_at(first))

    def turn_within(self, direction: int) -> bool:
        """Turn by a page where more is said that way; return whether there was more."""
        left_out = self._below if direction > 0 else self._seen.start
        if not left_out:
            return False
        self.say(self._told, self._pages + direction)
        return True

    def _shown_at(self, line: int) -> int:
        """Return the row of the screen at which a line is seen, or the nearest to it."""
        row = self._row(line)
        if row < self._top:
            return row
        return self._top + max(0, min(row - self._top - self._seen.start, len(self._seen) - 1))

    def _point(self, row: int) -> None:
        row = min(row, max(0, self.size.height - 1))
        self.app.cursor_position = self.content_region.offset + Offset(0, row)
