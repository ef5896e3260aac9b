"""What the library and the results have in common: a list with one row lit."""

from __future__ import annotations

from annotator.tui.keys import is_digit
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.widgets.rows import RowsView


class ListingScreen(KeyedScreen):
    """Moves the light of the list `#rows`; a number typed before a key is a count."""

    def __init__(self) -> None:
        super().__init__()
        self._count = ""

    @property
    def rows(self) -> RowsView:
        """The list."""
        return self.query_one("#rows", RowsView)

    async def press(self, key: str) -> bool:
        """Take a digit for a count, any other key for its command."""
        if is_digit(key) and (self._count or key != "0"):
            self._count = (self._count + key)[-6:]
            return True
        return await super().press(key)

    def scroll_by_command(self, command: str) -> None:
        """Move the light."""
        count, self._count = (int(self._count) if self._count else None), ""
        rows = self.rows
        page = max(1, rows.size.height - 2)
        to = {
            "down": rows.lit + (count or 1),
            "up": rows.lit - (count or 1),
            "page.down": rows.lit + page,
            "page.up": rows.lit - page,
            "first": (count or 1) - 1,
            "last": count - 1 if count else rows.line_count - 1,
        }.get(command)
        if to is not None:
            rows.light(to)
            self.lit_changed()

    def lit_changed(self) -> None:
        """Show what belongs to the lit row."""
