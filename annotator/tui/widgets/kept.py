"""Rows that are painted once, and kept for as long as they are shown as they were."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple, Self

from textual.color import Color
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

_MOST: Final = 1024
"""Painted rows that are kept, so that nobody who reads on and on fills the memory."""


class Edges(NamedTuple):
    """What stands on either side of the text in every row, and the ground of the view."""

    left: Strip
    right: Strip
    ground: Color


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
        self._edges: Edges | None = None

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
            self._edges = None
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
        if len(self._painted) > _MOST:
            self._painted.clear()
        rest = new
        if self._edges is not None:
            top = self.styles.gutter.top
            text = {y: shown for y, shown in new.items() if shown is not None}
            for y, shown in text.items():
                strip = self._between(self._edges, self.render_line(y - top))
                self._strips[y - crop.y] = self._painted[shown] = strip
            rest = {y: None for y in new if y not in text}
        if rest:
            self._paint_all(rest, crop)

    def _paint_all(self, new: dict[int, Hashable], crop: Region) -> None:
        """Have Textual paint rows, and learn from one of them what stands beside the text."""
        first, last = min(new), max(new)
        painted = super().render_lines(Region(crop.x, first, crop.width, last - first + 1))
        for y, shown in new.items():
            self._strips[y - crop.y] = painted[y - first]
            if shown is not None:
                self._painted[shown] = painted[y - first]
        gutter, width = self.styles.gutter, self.size.width
        text = next((y for y, shown in new.items() if shown is not None), None)
        whole = width > 0 and (crop.x, crop.width) == (0, width + gutter.width)
        # A view that is given less than its edges take has rows of another length than its own.
        if text is not None and whole and painted[text - first].cell_length == crop.width:
            line = painted[text - first]
            end = gutter.left + width
            left, right = line.crop(0, gutter.left), line.crop(end, crop.width)
            self._edges = Edges(left, right, self.background_colors[1])

    def _between(self, edges: Edges, line: Strip) -> Strip:
        segments = list(line)
        for each in self.get_line_filters():
            segments = each.apply(segments, edges.ground)
        width = edges.left.cell_length + line.cell_length + edges.right.cell_length
        return Strip([*edges.left, *segments, *edges.right], width)
