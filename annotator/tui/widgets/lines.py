"""Lines of runs as a widget: a panel, a bar, a list. It paints only the rows that are seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

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
        if not keep_place:
            self.scroll_to(0, 0, animate=False)
        self._build()

    def _build(self) -> None:
        width = self.size.width - 2 * self._pad
        if width > 0:
            self._lines = self._builder(width)
            self.virtual_size = Size(self.size.width, len(self._lines))
            self.refresh()

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
        super().notify_style_update()

    def ground_of(self, row: int) -> str:
        """Return the colour of a row's ground."""
        return self._ground

    def line_at(self, row: int) -> Line:
        """Return a row; empty beyond the end."""
        return self._lines[row] if 0 <= row < len(self._lines) else ()

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        if self._inks is None:
            self._inks = Inks(self.app.theme_variables)
        row = y + self.scroll_offset.y
        ground = self.ground_of(row)
        width = self.size.width
        pad = self._inks.strip((), self._pad, ground)
        line = self._inks.strip(self.line_at(row), max(0, width - 2 * self._pad), ground)
        return Strip.join([pad, line, pad]) if self._pad else line

    def refresh_rows(self, first: int, end: int) -> None:
        """Paint these rows again where they are seen."""
        top = self.scroll_offset.y
        seen = Region(0, max(0, first - top), self.size.width, max(0, end - max(first, top)))
        self.refresh(seen)

    async def _on_click(self, event: events.Click) -> None:
        meta = event.style.meta
        if "key" in meta:
            self.post_message(KeyClicked(str(meta["key"])))
        else:
            row = event.y + self.scroll_offset.y
            self.post_message(RowClicked(row, event.x, event.chain > 1))
