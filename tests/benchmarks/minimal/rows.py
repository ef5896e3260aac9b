"""The smallest line-API view: `j` and `k` move a light over rows, `x` marks one and saves it.

With `desk`, a head, a panel and a status line stand around it, and say which row is lit. With
`beneath`, a mark stands in a row of its own beneath what it marks.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

PLAIN, LIT = Style.parse("white on black"), Style.parse("bold white on blue")


class Rows(ScrollView, can_focus=True):
    """Rows of text, of which those that are seen are painted."""

    BINDINGS = [  # noqa: RUF012 - Textual's own type
        Binding("j", "move(1)"),
        Binding("k", "move(-1)"),
        Binding("x", "mark"),
    ]

    def __init__(self, lines: list[str], journal: str, size: int, *, beneath: bool) -> None:
        super().__init__()
        self.lines = lines
        self.beneath = beneath
        self.marked: set[int] = set()
        self.lit = 0
        self.data = b"x" * size
        self.journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def on_mount(self) -> None:
        """Say how many rows there are, with room for a mark, so that none lays the screen out."""
        self.virtual_size = Size(80, len(self.lines) + 1)

    def render_line(self, y: int) -> Strip:
        """Paint one row."""
        row = y + self.scroll_offset.y
        style = LIT if row == self.lit else PLAIN
        if row >= len(self.lines):
            return Strip.blank(self.size.width, style)
        text = f"{'*' if row in self.marked else ' '} {self.lines[row]}"
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)

    def action_move(self, by: int) -> None:
        """Light another row and keep it in sight."""
        old, self.lit = self.lit, max(0, min(len(self.lines) - 1, self.lit + by))
        self._paint(old)
        self._paint(self.lit)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= self.lit < top + height:
            to = self.lit if self.lit < top else self.lit - height + 1
            self.scroll_to(0, to, animate=False, force=True, immediate=True)
        self._tell()

    async def action_mark(self) -> None:
        """Mark the lit row, once that is on disk."""
        await asyncio.to_thread(self._save)
        self.marked ^= {self.lit}
        if self.beneath:
            self._open_or_close(self.lit + 1)
        else:
            self._paint(self.lit)
        self._tell()

    def _open_or_close(self, row: int) -> None:
        if self.lit in self.marked:
            self.lines.insert(row, "      a mark")
        else:
            del self.lines[row]
        self.refresh()

    def _tell(self) -> None:
        for one in self.app.query(".told").results(Static):
            state = "marked" if self.lit in self.marked else ""
            one.update(f"row {self.lit} {state}", layout=False)

    def _save(self) -> None:
        os.write(self.journal, self.data)
        os.fsync(self.journal)

    def _paint(self, row: int) -> None:
        self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))


class RowsApp(App[None]):
    """Shows the rows of a file."""

    CSS = """
    Rows { width: 2fr; }
    .panel { width: 1fr; height: 100%; }
    """

    def __init__(self, path: str, journal: str, size: int, *asked: str) -> None:
        super().__init__()
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        self.rows = Rows(lines, journal, size, beneath="beneath" in asked)
        self.desk = "desk" in asked

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        if not self.desk:
            yield self.rows
            return
        yield Static("a readout", markup=False)
        with Horizontal():
            yield self.rows
            yield Static("the lit row", classes="told panel", markup=False)
        yield Static("saved", classes="told", markup=False)


if __name__ == "__main__":
    lines, journal, size, *more = sys.argv[1:]
    RowsApp(lines, journal, int(size), *more).run()
