"""What the reader mode shows: lines of words, and the terminal's own cursor on what is new."""

from __future__ import annotations

from itertools import zip_longest

from textual.geometry import Offset

from annotator.tui import paint
from annotator.tui.paint import Line
from annotator.tui.widgets.lines import LinesView


class SpokenView(LinesView, can_focus=True):
    """Shows what is said; the cursor goes to the first line that was not there before."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._said: list[str] = []
        self._starts: list[int] = []
        # What was wrapped at the last key; most of it is said again at the next.
        self._kept: dict[str, list[Line]] = {}
        self._width = 0

    def _lines_of(self, width: int) -> list[Line]:
        made: list[Line] = []
        kept = self._kept if width == self._width else {}
        self._kept, self._width, self._starts = {}, width, []
        for one in self._said:
            self._starts.append(len(made))
            self._kept[one] = kept.get(one) or paint.prose(one, max(8, width))
            made += self._kept[one]
        return made

    def say(self, said: list[str]) -> None:
        """Show what is said now."""
        before, self._said = self._said, said
        self.show(self._lines_of)
        pairs = enumerate(zip_longest(before, said))
        changed = next((place for place, (old, new) in pairs if old != new), 0)
        row = self._starts[changed] if changed < len(self._starts) else 0
        row = min(row, max(0, self.size.height - 1))
        self.app.cursor_position = self.content_region.offset + Offset(0, row)
