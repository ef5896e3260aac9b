"""Lines of runs as a widget: a panel, a bar, a list. It paints only the rows that are seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from annotator.tui import spoken
from annotator.tui.inks import Inks
from annotator.tui.messages import KeyClicked, RowClicked
from annotator.tui.paint import Line

Builder = Callable[[int], Sequence[Line]]
"""Makes the lines for a width in cells."""


class LinesView(ScrollView, can_focus=False):
    """Shows what a builder makes of the width; a click on a run with a key presses that key."""

    DEFAULT_CSS = """
    LinesView {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-color: $faint;
        scrollbar-color-hover: $muted;
        scrollbar-color-active: $muted;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
    }
    """

    def __init__(self, *, id: str | None = None, ground: str = "$background", pad: int = 0) -> None:  # noqa: A002
        super().__init__(id=id)
        self._builder: Builder = lambda width: ()
        self._lines: Sequence[Line] = ()
        self._ground = ground
        self._pad = pad
        self._inks: Inks | None = None

    def show(self, builder: Builder, *, keep_place: bool = False) -> None:
        """Show other lines, from the top unless `keep_place`."""
        self._builder = builder
        if not keep_place and self.scroll_offset.y:
            self.scroll_to(0, 0, animate=False, immediate=True)
        self._build()

    def _build(self) -> None:
        width = self.inner_width
        if width <= 0:
            return
        old, self._lines = self._lines, self._builder(width)
        self.set_rows(len(self._lines))
        pairs = zip_longest(old, self._lines)
        changed = [place for place, (one, other) in enumerate(pairs) if one != other]
        if changed:
            self.refresh_rows(changed[0], changed[-1] + 1)

    def set_rows(self, count: int) -> None:
        """Say how many rows there are, without a new layout unless a scroll bar comes or goes.

        Textual lays out anew for each new size, and paints everything a second time.
        """
        size = Size(self.size.width, max(count, self.size.height))
        barred = size.height > self.size.height
        if barred != self.show_vertical_scrollbar or size.width != self.virtual_size.width:
            self.virtual_size = size
        elif size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            if barred:
                self.vertical_scrollbar.window_virtual_size = size.height
            if self.scroll_offset.y > self.max_scroll_y:
                self.scroll_to(0, self.max_scroll_y, animate=False, immediate=True)

    @property
    def inner_width(self) -> int:
        """How many cells a line may fill: the scroll bar's column is left free."""
        return self.scrollable_content_region.width - 2 * self._pad

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out again; subclasses say how in `relay`, for Textual calls every class's own."""
        self.relay()

    def relay(self) -> None:
        """Wrap the lines at the new width."""
        self._build()

    def notify_style_update(self) -> None:
        """Read the colours again."""
        self._inks = None
        self.refresh()
        super().notify_style_update()

    def row_at(self, row: int) -> tuple[Line, str]:
        """Return a row and the colour of its ground; an empty one beyond the end."""
        line = self._lines[row] if 0 <= row < len(self._lines) else ()
        return line, self._ground

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        if self._inks is None:
            self._inks = Inks(self.app.theme_variables)
        line, ground = self.row_at(y + self.scroll_offset.y)
        if self.in_words:
            line = spoken.line(line)
        return self._inks.strip(line, self.size.width, ground, self._pad)

    @property
    def in_words(self) -> bool:
        """Whether what is shown is said, not drawn."""
        return self.screen.has_class("-reader")

    def refresh_rows(self, first: int, end: int) -> None:
        """Paint these rows again where they are seen."""
        top, height = self.scroll_offset.y, self.size.height
        start, stop = max(first, top), min(end, top + height)
        if start < stop:
            self.refresh(Region(0, start - top, self.size.width, stop - start))

    async def _on_click(self, event: events.Click) -> None:
        meta = event.style.meta
        if "key" in meta:
            self.post_message(KeyClicked(str(meta["key"])))
            return
        at = event.get_content_offset(self)
        if self.can_focus and at is not None:
            self.post_message(RowClicked(at.y + self.scroll_offset.y, at.x, event.chain > 1))
