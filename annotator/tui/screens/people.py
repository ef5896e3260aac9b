"""What the cast and the register have in common: a list of people, and the lit one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from annotator.tui import bars, paint, spoken
from annotator.tui.asking import Asker
from annotator.tui.keys import Scope
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.asking import MOST_SAID, AskingScreen
from annotator.tui.screens.keyed import after_refresh, stands
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView


class PeopleScreen(AskingScreen):
    """Lists people; `desk` knows what is asked and what is to be said."""

    scope: ClassVar[Scope] = "cast"
    CSS_PATH = "cast.tcss"
    said_in: ClassVar[str] = "bold"
    desk: Asker

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        with Container(id="cast"):
            with Container(id="list"):
                yield LinesView(id="columns")
                yield RowsView(self.row, id="rows")
            yield LinesView(id="leaf", ground="$surface")
        yield LinesView(id="question", ground="$choice", rows=bars.QUESTION)
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="status", rows=MOST_SAID)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Show what there is."""
        self.begin_asking(self.desk)
        super().on_mount()
        self.show()

    def on_resize(self) -> None:
        """Show it at the new size."""
        after_refresh(self, self.show)

    def row(self, one: Any, place: int, width: int) -> Line:
        """Show one of the list."""
        raise NotImplementedError

    def leaf(self, width: int) -> Sequence[Line]:
        """Show all that is known of the lit one."""
        raise NotImplementedError

    def show(self) -> None:
        """Show the lit one, the question and what is to be said."""
        if not stands(self):
            return
        self.rows.refresh()
        self.query_one("#leaf", LinesView).show(self.leaf)
        self.show_asking()
        self.tell(self.said())

    def said(self) -> str:
        """Return what is to be said."""
        return self.desk.message

    def head(self, name: str, about: str, right: str) -> None:
        """Show what this is."""
        left = (Run(" "), Run(name, paint.STRONG), ink(f"  {about}", paint.MUTED))
        self.query_one("#head", LinesView).show(
            lambda width: [paint.ends(left, (ink(f"{right} ", paint.MUTED),), width)]
        )

    def lit_changed(self) -> None:
        """Show what belongs to the lit row."""
        self.show()
