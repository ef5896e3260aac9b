"""What the screens have in common that ask for lines: the question, what is typed, what is said."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on

from annotator.tui import paint
from annotator.tui.asking import Asker, Asking
from annotator.tui.halftyped import where
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line
from annotator.tui.screens.keyed import WIDE
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.widgets.lines import LinesView

MOST_SAID = 4
"""Rows that a message takes at most."""


class AskingScreen(ListingScreen):
    """A list whose `desk` may ask for a line; what is said of it stands beneath.

    The widgets are `#question`, `#ask` and `#status`, which has `MOST_SAID` rows. Without a desk
    there is nothing to ask about. Whoever gives it one calls `begin_asking`.
    """

    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type
    desk: Asker | None = None
    asking: Asking
    readout: str = ""
    """The readout that the questions are about; empty where they are about none."""
    said_in: ClassVar[str] = paint.WARN
    """The style of what is said."""

    def begin_asking(self, desk: Asker) -> None:
        """Let a line be typed for each question of a desk."""
        self.asking = Asking(desk, lambda title: where(self, self.readout, title))

    def show(self) -> None:
        """Show what there is now."""
        raise NotImplementedError

    def show_asking(self) -> None:
        """Show the question that waits, if any, and what is typed."""
        asks = self.has_line()
        self.set_class(asks, "-asking")
        self.show_foot()
        if asks:
            self.query_one("#question", LinesView).show(self.asking.question)
            self.query_one("#ask", LinesView).show(lambda w: [self.asking.line(w)])

    def tell(self, words: str, style: str | None = None, *, far: str = "") -> None:
        """Say something beneath the list, and above it how far what is done is, if anything is.

        Nothing takes away what was said.
        """
        style = self.said_in if style is None else style

        def told(width: int) -> list[Line]:
            lines = paint.beneath(far, width, rows=1)
            return lines + paint.beneath(words, width, style, rows=MOST_SAID - len(lines))

        self.query_one("#status", LinesView).show(told)

    def has_line(self) -> bool:
        """Tell whether a line is being typed, which has keys of its own."""
        return self.desk is not None and self.desk.ask is not None

    async def press(self, key: str) -> bool:
        """Take a key for the line, or for its command."""
        if not self.has_line():
            return await super().press(key)
        if self.asking.press(key):
            await self.answered()
        self.show()
        return True

    async def answered(self) -> None:
        """Do what a question's answer asks for."""

    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted into the line that is typed, and nowhere else."""
        event.stop()
        if self.has_line():
            self.asking.paste(event.text)
            self.show()

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if not self.has_line() and message.row < self.rows.line_count:
            self.rows.light(message.row)
            self.lit_changed()
