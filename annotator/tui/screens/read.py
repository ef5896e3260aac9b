"""A screen that only shows something, to be scrolled through."""

from __future__ import annotations

from textual.app import ComposeResult

from annotator.tui import paint, spoken
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.widgets.lines import LinesView

MEASURE = 92
"""Cells beyond which prose is hard to read."""


class ReadScreen(KeyedScreen):
    """Shows `title` and what `content` makes of the width."""

    CSS_PATH = "read.tcss"
    title_text = ""

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="body")
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Show the content."""
        title = (Run(" "), ink(self.title_text, paint.STRONG))
        self.query_one("#head", LinesView).show(lambda width: [title])
        self.query_one("#body", LinesView).show(lambda width: self.content(min(width, MEASURE)))

    def content(self, width: int) -> list[Line]:
        """Make the lines of the body."""
        raise NotImplementedError
