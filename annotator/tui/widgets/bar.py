"""The scroll bar of a view."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class Bar(ScrollBar):
    """A vertical bar that looks and works as Textual's own, but costs next to nothing.

    Textual makes a document of each cell when its bar moves, and filters every cell again whenever
    any row of the screen changed.
    """

    _made_of: object = None
    _cells: tuple[Strip, ...] = ()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the cells of a region of the bar."""
        bar, size, filters = self.render(), self.size, self.get_line_filters()
        if not isinstance(bar, ScrollBarRender):
            return super().render_lines(crop)
        style = bar.style if isinstance(bar.style, Style) else Style.parse(bar.style)
        ground = self.visual_style.rich_style
        made_of = (size, bar.virtual_size, bar.window_size, bar.position, style, ground, *filters)
        if made_of != self._made_of:
            drawn = bar.render_bar(
                size.height,
                bar.virtual_size,
                bar.window_size,
                bar.position,
                size.width,
                back_color=style.bgcolor or Color.default(),
                bar_color=style.color or Color.default(),
            )
            background = self.background_colors[1]
            cells = [_cell(segment, ground) for segment in drawn.segments]
            for each in filters:
                cells = [cell.apply_filter(each, background) for cell in cells]
            self._made_of, self._cells = made_of, tuple(cells)
        return list(self._cells[crop.y : crop.bottom])


@lru_cache(maxsize=256)
def _cell(segment: Segment, ground: Style) -> Strip:
    styled = ground if segment.style is None else ground + segment.style
    return Strip([Segment(segment.text, styled)], cell_len(segment.text))
