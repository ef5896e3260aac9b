"""Rows that are painted once, and kept for as long as they are shown as they were."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Self

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

_MOST: Final = 1024
"""Painted rows that are kept, so that nobody who reads on and on fills the memory."""


class KeptRows(ScrollView, can_focus=False):
    """A view that paints a row once: where it was refreshed, and not where it came from another.

    Textual asks a widget for all of its rows, and filters each of them, whenever any row of the
    screen changed. What a row shows must be all that its looks depend on; where that does not hold
    any more, as after a change of colours, the whole view is to be refreshed.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._crop = Region()
        self._strips: list[Strip] = []
        self._stale: set[int] = set()
        self._painted: dict[Hashable, Strip] = {}

    def shown_at(self, y: int) -> Hashable:
        """Return what decides how a row of the content looks, counted from the first one seen."""
        raise NotImplementedError

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Paint these regions of the content again; without any, forget all that was painted."""
        if repaint and regions:
            top = self.styles.gutter.top
            for region in regions:
                self._stale.update(range(region.y + top, region.bottom + top))
        elif repaint:
            self._crop = Region()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a region of the widget, painting those that are not at hand."""
        if crop == self._crop:
            if not self._stale:
                return self._strips
            stale = sorted(self._stale.intersection(crop.line_range))
        else:
            self._crop, self._strips, self._painted = crop, [Strip([])] * crop.height, {}
            stale = list(crop.line_range)
        self._stale.clear()
        top = self.styles.gutter.top
        text = range(top, top + self.size.height)
        new: dict[int, Hashable] = {}
        for y in stale:
            shown = self.shown_at(y - top) if y in text else None
            if shown in self._painted:
                self._strips[y - crop.y] = self._painted[shown]
            else:
                new[y] = shown
        if new:
            self._paint(new, crop)
        return self._strips

    def _paint(self, new: dict[int, Hashable], crop: Region) -> None:
        first, last = min(new), max(new)
        # Rows in between cost less than to ask for each by itself.
        painted = super().render_lines(Region(crop.x, first, crop.width, last - first + 1))
        if len(self._painted) > _MOST:
            self._painted.clear()
        for y, shown in new.items():
            self._strips[y - crop.y] = painted[y - first]
            if shown is not None:
                self._painted[shown] = painted[y - first]
