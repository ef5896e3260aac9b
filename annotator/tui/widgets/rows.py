"""A list whose rows are painted when they are seen, so that its length costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from annotator.tui import spoken
from annotator.tui.messages import Relaid
from annotator.tui.paint import Line
from annotator.tui.widgets.lines import LinesView

RowPainter = Callable[[int, int], Line]
"""Paints the row of that place at that width."""

RowSpeaker = Callable[[int, int], str]
"""Says the row of that place in words; those that go first are in the width."""
_ROOMY: Final = 240
"""Cells at which a row is painted to be said, so that nothing of it is left out."""


class RowsView(LinesView, can_focus=True):
    """Shows rows and keeps the lit one in sight; in words, it says each and its number.

    Without a `speaker`, what is said is made of what is painted.
    """

    def __init__(
        self,
        painter: RowPainter,
        *,
        speaker: RowSpeaker | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id, pad=1)
        self._painter = painter
        self._speaker = speaker
        self._count = 0
        self.lit = 0

    @property
    def line_count(self) -> int:
        """How many rows there are."""
        return self._count

    def set_count(self, count: int) -> None:
        """Say how many rows there are."""
        self._count = count
        self.lit = max(0, min(self.lit, count - 1))
        self.set_rows(count)
        self.refresh()

    def light(self, place: int) -> None:
        """Light another row."""
        self.lit = max(0, min(self._count - 1, place))
        height = max(1, self.size.height)
        top = self.scroll_offset.y
        # A list that has just grown may have its scroll bar only after the next layout.
        if self.lit < top + 1:
            self.scroll_to(0, max(0, self.lit - 1), animate=False, immediate=True, force=True)
        elif self.lit >= top + height - 1:
            self.scroll_to(0, self.lit - height + 2, animate=False, immediate=True, force=True)
        # Each row is looked at again, but only what differs is painted.
        self.refresh(self.size.region)

    def seen(self) -> range:
        """Return the places that are seen."""
        top = self.scroll_offset.y
        return range(top, min(self._count, top + max(1, self.size.height)))

    def relay(self) -> None:
        """Keep the light in sight."""
        self.set_count(self._count)
        self.light(self.lit)
        self.post_message(Relaid())

    def row_at(self, row: int) -> tuple[Line, str]:
        """Return a row and the colour behind it; an empty one beyond the end."""
        if not 0 <= row < self._count:
            return super().row_at(row)
        width = max(1, self.inner_width)
        line = self._said(row, width) if self.in_words else self._painter(row, width)
        return line, "$choice" if row == self.lit else super().row_at(row)[1]

    def _said(self, row: int, width: int) -> Line:
        if self._speaker is not None:
            words = self._speaker(row, max(1, width - spoken.ROW_BESIDES))
        else:
            drawn = spoken.line(self._painter(row, _ROOMY))
            words = "".join(run.text for run in drawn).strip()
        return spoken.row(words, row, self._count, width, lit=row == self.lit)
