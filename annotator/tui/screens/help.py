"""All keys, from the one table."""

from __future__ import annotations

from annotator.tui import guide
from annotator.tui.keys import Scope
from annotator.tui.paint import Line
from annotator.tui.screens.read import ReadScreen


class HelpScreen(ReadScreen):
    """Shows the keys of the screen it was called from, and beneath them those of the others."""

    title_text = "All keys"

    def __init__(self, of: Scope) -> None:
        super().__init__()
        self._of = of

    def content(self, width: int) -> list[Line]:
        """Show each command with its keys and what it does."""
        # No blank line stands above the first heading.
        here = guide.commands(self.keymap, self._of, width)[1:]
        return [*here, *guide.elsewhere(self.keymap, self._of, width)]
