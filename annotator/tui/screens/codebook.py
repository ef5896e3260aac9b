"""The codebook, to be read while coding."""

from __future__ import annotations

from annotator.tui import guide
from annotator.tui.paint import Line
from annotator.tui.screens.read import ReadScreen
from annotator.tui.widgets.lines import LinesView


class CodebookScreen(ReadScreen):
    """Shows every layer with its rules and labels, from the entry of one label on."""

    title_text = "Codebook"

    def __init__(self, entry: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._entry = entry
        self._place = 0

    def on_mount(self) -> None:
        """Begin at the entry that was asked for."""
        self.call_after_refresh(
            lambda: self.query_one("#body", LinesView).scroll_to(0, self._place, animate=False)
        )

    def content(self, width: int) -> list[Line]:
        """Show the whole codebook."""
        lines, places = guide.codebook(self.annotator.project.codebook, width)
        self._place = places.get(self._entry, 0) if self._entry else 0
        return lines
