"""The whole readout with its current sentence lit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import events

from annotator.model.edit import Coding
from annotator.session.chains import with_chained
from annotator.session.words import Range
from annotator.tui.messages import Dragged
from annotator.tui.page import Light, Page
from annotator.tui.paint import Line
from annotator.tui.widgets.lines import LinesView

_LITTLE, _CONTEXT = 3, 4
"""Rows that are to be seen around the lit sentence: while one stays there, and else at least."""


class DocumentView(LinesView, can_focus=True):
    """Paints the rows of a page that are seen, and keeps the lit sentence in sight."""

    FOCUS_ON_CLICK: ClassVar[bool] = False

    DEFAULT_CSS = """
    DocumentView { scrollbar-gutter: stable; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._page: Page | None = None
        self._pressed: tuple[int, int] | None = None
        self._followed: int | None = None

    @property
    def page(self) -> Page | None:
        """The page on show."""
        return self._page

    def set_page(self, page: Page) -> None:
        """Show a page."""
        self._page = page
        self.set_rows(page.rows.total)
        self.refresh()
        self.follow_light()

    def mend(self, coding: Coding, keys: Iterable[int]) -> None:
        """Show a later coding in which only these sentences changed."""
        if self._page is None:
            return
        keys = list(keys)
        before = self._page.rows.total
        moved = not coding.ordered_as(self._page.coding)
        page = self._page.mended(coding, keys)
        if moved:
            # Every sentence behind has another number.
            self.set_page(page)
            return
        rows = [page.rows_of(key) for key in with_chained(coding, keys)]
        if page.rows.total != before:
            # What stands beneath a sentence that grew or shrank has moved.
            self.set_rows(page.rows.total)
            self.refresh_rows((min((first for first, _ in rows), default=0), page.rows.total + 99))
            self.follow_light()
            return
        self.refresh_rows(*rows)

    def light(self, light: Light) -> None:
        """Light another sentence, or other places in it."""
        page = self._page
        if page is None or light == page.light:
            return
        old, before = page.light, page.rows.total
        keys = [key for key in {old.key, light.key} if key in page.coding.position]
        shown = [page.rows_of(key) for key in keys if key is not None]
        page.relight(light)
        shown += [page.rows_of(key) for key in keys if key is not None]
        first = min((first for first, _ in shown), default=0)
        moved = page.rows.total != before
        if moved:
            # Rows beneath the lit text came or went, and what stands under them has moved.
            self.set_rows(page.rows.total)
            shown = [(first, max(before, page.rows.total) + 1)]
        self.refresh_rows(*dict.fromkeys(shown))
        hopped = old.hops != light.hops or old.selection != light.selection
        if moved or hopped or old.key != light.key:
            self.follow_light()

    def stay(self, key: int) -> None:
        """Take a sentence, which is about to be lit, for one that is seen where it stands."""
        self._followed = key

    def set_density(self, *, compact: bool) -> None:
        """Lay the page out with more text at once, or with more air."""
        if self._page is not None and self._page.compact != compact:
            self.set_page(replace(self._page, compact=compact))

    def follow_light(self, top: int | None = None) -> None:
        """Scroll so that the lit sentence is in sight, with what stands before and behind it.

        Another sentence that comes too near an edge is brought to the far side of the page, so that
        the next ones need no scrolling, which paints every row. Whoever stays at a sentence sees as
        little move as can be, and reads on within one that is higher than the screen. `top` is
        the first row that would be shown otherwise; without it, the one that is now.
        """
        page = self._page
        if page is None or page.light.key is None or page.light.key not in page.coding.position:
            return
        height = self.size.height
        if not height:  # Nobody sees it, and its place is kept.
            return
        first, end = self._wanted(page)
        stays = top is None and page.light.key == self._followed
        wanted = _LITTLE if stays else max(_CONTEXT, height // 4)
        margin = min(wanted, max(0, (height - (end - first)) // 2))
        self._followed = page.light.key
        top = self.scroll_offset.y if top is None else top
        if stays and first <= top <= end - height:
            pass
        elif first - margin < top:
            top = max(0, first - margin if stays else min(first, end + margin - height))
        elif end + margin > top + height:
            top = min(first, end + margin - height) if stays else max(0, first - margin)
        if top != self.scroll_offset.y:
            self.scroll_to(0, top, animate=False, force=True, immediate=True)

    def _wanted(self, page: Page) -> Range:
        key, selection = page.light.key, page.light.selection
        first, end = page.rows_of(key if key is not None else 0)
        if selection is None or end - first <= self.size.height:
            return first, end
        block = page.blocks[page.coding.position[key or 0]]
        # Whoever hops looks at the letters, whoever shapes looks at the stretch.
        places = [place for place, _ in page.light.hops]
        start, stop = (places[0], places[-1] + 1) if places else selection
        rows = [i for i, (a, b) in enumerate(block.rows) if a < stop and b > start]
        return (
            (first + block.top(rows[0]), first + block.top(rows[-1] + 1)) if rows else (first, end)
        )

    def turn_within(self, direction: int) -> bool:
        """Scroll by a screenful within the lit sentence; return whether there was more of it."""
        page = self._page
        if page is None or page.light.key not in page.coding.position or page.light.key is None:
            return False
        first, end = page.rows_of(page.light.key)
        top, height = self.scroll_offset.y, self.size.height
        by = max(1, height - 2)
        if direction > 0 and first <= top + height < end:
            top = min(top + by, end - height) if top >= first else first
        elif direction < 0 and first < top <= end:
            top = max(top - by, first)
        else:
            return False
        self.scroll_to(0, top, animate=False, force=True, immediate=True)
        return True

    def a_page_from(self, key: int, direction: int) -> int:
        """Return the sentence a screenful after another one, or before it."""
        page = self._page
        if page is None:
            return key
        first, end = page.rows_of(key)
        by = max(1, self.size.height - 2)
        row = end - 1 + by if direction > 0 else first - by
        return page.key_at(max(0, min(page.rows.total - 1, row))) or key

    def relay(self) -> None:
        """Lay the page out at the new width."""
        page = self._page
        if page is not None and page.width != self.inner_width:
            # At another width the old place means nothing: what is shown is what a new start shows.
            self._page = replace(page, width=self.inner_width)
            self.set_rows(self._page.rows.total)
            self.refresh()
            self.follow_light(top=0)
        elif page is not None:
            self.set_rows(page.rows.total)
            self.follow_light()

    def row_at(self, row: int) -> tuple[Line, str]:
        """Return a row of the page and the colour behind it."""
        line, ground = self._page.line(row) if self._page else ((), "")
        return line, ground or super().row_at(row)[1]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remember where a drag may begin."""
        self._pressed = self._cell(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Tell of a drag that went from one cell to another."""
        start, self._pressed = self._pressed, None
        end = self._cell(event)
        if start is not None and end is not None and start != end:
            self.post_message(Dragged(start, end))

    def _cell(self, event: events.MouseEvent) -> tuple[int, int] | None:
        at = event.get_content_offset(self)
        return None if at is None else (at.y + self.scroll_offset.y, at.x)
