"""Lines of runs as a widget: a panel, a bar, a list. It paints only the rows that are seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from textual import events
from textual.geometry import Region, Size
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from annotator.session.words import Range
from annotator.tui import spoken
from annotator.tui.inks import Inks
from annotator.tui.messages import KeyClicked, RowClicked
from annotator.tui.paint import Line
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.kept import KeptRows

Builder = Callable[[int], Sequence[Line]]
"""Makes the lines for a width in cells."""


class LinesView(KeptRows, can_focus=False):
    """Shows what a builder makes of the width; a click on a run with a key presses that key.

    With `rows` it is as high as what it shows, up to so many.
    """

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

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002
        ground: str = "$background",
        pad: int = 0,
        rows: int = 0,
    ) -> None:
        super().__init__(id=id)
        self._rows = rows
        self._high = 1
        self._steady = False
        self._builder: Builder = lambda width: ()
        self._made_of: object = None
        self._lines: Sequence[Line] = ()
        self._ground = ground
        self._pad = pad
        self._inks: Inks | None = None

    def show(
        self,
        builder: Builder,
        *,
        keep_place: bool = False,
        steady: bool = False,
        of: object = None,
    ) -> None:
        """Show other lines, from the top unless `keep_place`; `steady` ones never take fewer rows.

        Where they are made `of` the same as those that are shown, and that is not None, they stay.
        """
        if of is not None and of == self._made_of:
            return
        self._builder, self._made_of, self._steady = builder, of, steady
        if not keep_place and self.scroll_offset.y:
            self.scroll_to(0, 0, animate=False, immediate=True)
        self._build()

    def _build(self) -> None:
        width = self.inner_width
        if width <= 0:
            self._made_of = None
            return
        old, self._lines = self._lines, self._builder(width)
        if self._rows:
            least = self._high if self._steady else 1
            self._high = max(least, min(self._rows, len(self._lines)))
            self.styles.height = self._high
        self.set_rows(len(self._lines))
        pairs = zip_longest(old, self._lines)
        changed = [place for place, (one, other) in enumerate(pairs) if one != other]
        self.refresh_rows(*_stretches(changed))

    def set_rows(self, count: int) -> None:
        """Say how many rows there are, without a new layout unless a scroll bar comes or goes.

        Textual lays out anew for each new size, and paints everything a second time.
        """
        seen = self.size
        size = Size(seen.width, max(count, seen.height))
        barred = size.height > seen.height
        if barred != self.show_vertical_scrollbar or size.width != self.virtual_size.width:
            self.virtual_size = size
        elif size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            if barred:
                self.vertical_scrollbar.window_virtual_size = size.height
            if self.scroll_offset.y > self.max_scroll_y:
                self.scroll_to(0, self.max_scroll_y, animate=False, immediate=True)

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, which is made when it is first asked for."""
        if self._vertical_scrollbar is None:
            # As Textual makes its own, for which there is no other door.
            bar = Bar(name="vertical", thickness=self.scrollbar_size_vertical)
            bar.display = False
            self._vertical_scrollbar = bar
            self.app._start_widget(self, bar)
        return self._vertical_scrollbar

    @property
    def inner_width(self) -> int:
        """How many cells a line may fill: the scroll bar's column is left free."""
        return self.scrollable_content_region.width - 2 * self._pad

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @property
    def rows_taken(self) -> int:
        """How many rows it takes of the screen where it is as high as what it shows."""
        return self._high

    def on_resize(self, event: events.Resize) -> None:
        """Lay out again; subclasses say how in `relay`, for Textual calls every class's own."""
        self.relay()

    def relay(self) -> None:
        """Wrap the lines at the new width."""
        # The builder may know of something newer by now than what it was given for; and what was
        # steady had another width.
        self._made_of = None
        self._high = 1
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

    def shown_at(self, y: int) -> tuple[Line, str]:
        """Return a row that is seen, counted from the first one that is."""
        return self.row_at(y + self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        if self._inks is None:
            self._inks = Inks(self.app.theme_variables)
        line, ground = self.shown_at(y)
        if self.in_words:
            line = spoken.line(line)
        return self._inks.strip(line, self.size.width, ground, self._pad)

    @property
    def in_words(self) -> bool:
        """Whether what is shown is said, not drawn."""
        return self.screen.has_class("-reader")

    def refresh_rows(self, *stretches: Range) -> None:
        """Paint these stretches of rows, half-open, again where they are seen."""
        top, size = self.scroll_offset.y, self.size
        seen = ((max(first, top), min(end, top + size.height)) for first, end in stretches)
        regions = [Region(0, a - top, size.width, b - a) for a, b in seen if a < b]
        if regions:
            self.refresh(*regions)

    async def _on_click(self, event: events.Click) -> None:
        meta = event.style.meta
        if "key" in meta:
            self.post_message(KeyClicked(str(meta["key"])))
            return
        at = event.get_content_offset(self)
        if self.can_focus and at is not None:
            self.post_message(RowClicked(at.y + self.scroll_offset.y, at.x, event.chain > 1))


def _stretches(places: Sequence[int]) -> Iterator[Range]:
    """Give the stretches of places that follow on one another, half-open."""
    first = 0
    for at, place in enumerate(places):
        if at + 1 == len(places) or places[at + 1] > place + 1:
            yield places[first], place + 1
            first = at + 1
