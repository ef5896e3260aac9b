"""What the cast and the register have in common: a list of people, and the lit one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container

from annotator.tui import paint, spoken
from annotator.tui.asking import Asker, Asking
from annotator.tui.keys import Scope
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import WIDE
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

MOST_SAID = 4
"""Rows that a message takes at most."""


class PeopleScreen(ListingScreen):
    """Lists people; `desk` knows what is asked and what is to be said."""

    scope: ClassVar[Scope] = "cast"
    CSS_PATH = "cast.tcss"
    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type
    desk: Asker

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        with Container(id="cast"):
            with Container(id="list"):
                yield LinesView(id="columns")
                yield RowsView(self.row, id="rows")
            yield LinesView(id="leaf", ground="$surface")
        yield LinesView(id="question", ground="$choice")
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="status")
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Show what there is."""
        self._asking = Asking(self.desk)
        super().on_mount()
        self.show()

    def on_resize(self) -> None:
        """Show it at the new size."""
        self.call_after_refresh(self.show)

    def row(self, place: int, width: int) -> Line:
        """Show one of the list."""
        raise NotImplementedError

    def leaf(self, width: int) -> Sequence[Line]:
        """Show all that is known of the lit one."""
        raise NotImplementedError

    def show(self) -> None:
        """Show the lit one, the question and what is to be said."""
        if not self.is_attached:
            return
        self.rows.refresh()
        self.query_one("#leaf", LinesView).show(self.leaf)
        asking = self.desk.ask is not None
        self.set_class(asking, "-asking")
        if asking:
            self.query_one("#question", LinesView).show(lambda w: [self._asking.question(w)])
            self.query_one("#ask", LinesView).show(lambda w: [self._asking.line(w)])
        status = self.query_one("#status", LinesView)
        said = self.said()
        told = paint.prose(said, self.size.width - 2, "bold") if said else []
        status.styles.height = max(1, min(len(told), MOST_SAID))
        status.show(lambda width: [(Run(" "), *line) for line in told])

    def said(self) -> str:
        """Return what is to be said."""
        return self.desk.message

    def head(self, name: str, about: str, right: str) -> None:
        """Show what this is."""
        left = (Run(" "), Run(name, paint.STRONG), ink(f"  {about}", paint.MUTED))
        self.query_one("#head", LinesView).show(
            lambda width: [paint.ends(left, (ink(f"{right} ", paint.MUTED),), width)]
        )

    def has_line(self) -> bool:
        """Tell whether a line is being typed, which has keys of its own."""
        return self.desk.ask is not None

    async def press(self, key: str) -> bool:
        """Take a key for the question, or for its command."""
        if self.desk.ask is None:
            return await super().press(key)
        if self._asking.press(key):
            await self.answered()
        self.show()
        return True

    async def answered(self) -> None:
        """Do what a question's answer asks for."""

    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted into the line."""
        if self.desk.ask is not None:
            self._asking.paste(event.text)
            self.show()

    def lit_changed(self) -> None:
        """Show what belongs to the lit row."""
        self.show()

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if message.row < self.rows.line_count and self.desk.ask is None:
            self.rows.light(message.row)
            self.lit_changed()
