"""A list whose rows are painted when they are seen, so that its length costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from annotator.tui import spoken
from annotator.tui.messages import Relaid
from annotator.tui.paint import Line
from annotator.tui.widgets.lines import LinesView

Item = TypeVar("Item")
RowPainter = Callable[[Item, int, int], Line]
"""Paints an item, that stands at that place of the list, at that width."""

RowSpeaker = Callable[[Item, int, int], str]
"""Says an item in words, as it is painted; those that go first are in the width."""
_ROOMY: Final = 240
"""Cells at which a row is painted to be said, so that nothing of it is left out."""


class RowsView(LinesView, Generic[Item], can_focus=True):
    """Shows a row for each item it was given, and keeps the lit one in sight.

    In words, it says each and its number; without a `speaker`, what is said is made of what is
    painted. A screen may be painted at any time, so the items must not change once they are given:
    what is shown then is what was, until others are given.
    """

    def __init__(
        self,
        painter: RowPainter[Item],
        *,
        speaker: RowSpeaker[Item] | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id, pad=1)
        self._painter = painter
        self._speaker = speaker
        self._items: Sequence[Item] = ()
        self.lit = 0

    @property
    def line_count(self) -> int:
        """How many rows there are."""
        return len(self._items)

    def give(self, items: Sequence[Item]) -> None:
        """Show other items."""
        self._items = items
        self.lit = max(0, min(self.lit, len(items) - 1))
        self.set_rows(len(items))
        self.refresh()

    def light(self, place: int) -> None:
        """Light another row."""
        self.lit = max(0, min(self.line_count - 1, place))
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
        return range(top, min(self.line_count, top + max(1, self.size.height)))

    def relay(self) -> None:
        """Keep the light in sight."""
        self.give(self._items)
        self.light(self.lit)
        self.post_message(Relaid())

    def row_at(self, row: int) -> tuple[Line, str]:
        """Return a row and the colour behind it; an empty one beyond the end."""
        if not 0 <= row < self.line_count:
            return super().row_at(row)
        width = max(1, self.inner_width)
        item = self._items[row]
        line = self._said(row, width) if self.in_words else self._painter(item, row, width)
        return line, "$choice" if row == self.lit else super().row_at(row)[1]

    def _said(self, row: int, width: int) -> Line:
        if self._speaker is not None:
            words = self._speaker(self._items[row], row, max(1, width - spoken.ROW_BESIDES))
        else:
            drawn = spoken.line(self._painter(self._items[row], row, _ROOMY))
            words = "".join(run.text for run in drawn).strip()
        return spoken.row(words, row, self.line_count, width, lit=row == self.lit)
