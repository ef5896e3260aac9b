"""The smallest Textual app: one line of text."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

SHOWN = "a bare screen"


class Bare(App[None]):
    """Shows one line."""

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield Static(SHOWN, markup=False)


if __name__ == "__main__":
    Bare().run()
