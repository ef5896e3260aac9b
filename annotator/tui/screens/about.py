"""What is known about a readout, as a form that is filled in by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container

from annotator.errors import AnnotatorError
from annotator.model.entity import Cast
from annotator.pipeline.about import FIELDS, MOST_OPTIONS, About, Field, cast_of
from annotator.tui import aboutform, bars, paint, spoken
from annotator.tui.aboutdesk import DEEDS, AboutDesk
from annotator.tui.keys import Scope, is_digit
from annotator.tui.paint import Line, Run
from annotator.tui.screens.asking import MOST_SAID, AskingScreen
from annotator.tui.screens.keyed import WIDE
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

_TURNS = {"readout.next": 1, "readout.previous": -1}


class AboutScreen(AskingScreen):
    """The form of one readout; `]` and `[` go to those of its neighbours."""

    scope: ClassVar[Scope] = "about"
    CSS_PATH = "about.tcss"
    desk: AboutDesk | None

    def __init__(self, readout: str) -> None:
        super().__init__()
        self.readout = readout
        self._given: dict[str, object] = {}
        self.desk = None

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        with Container(id="form"):
            yield RowsView(self._row, id="rows")
            yield LinesView(id="side", ground="$surface")
        yield LinesView(id="question", ground="$choice", rows=bars.QUESTION)
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="status", rows=MOST_SAID)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Open the form."""
        self._open(self.readout)

    def _open(self, readout: str) -> None:
        self.readout, self.desk = readout, None
        project, problem = self.annotator.project, ""
        try:
            past = self.annotator.abouts.setdefault(readout, [])
            about = About(project, readout, self._cast(readout), self._used, past)
            self.desk = AboutDesk(about, project.codebook, self._given, self._tell_others)
            self.begin_asking(self.desk)
        except AnnotatorError as error:
            problem = str(error)
        self.rows.give(FIELDS if self.desk else ())
        self.rows.light(0)
        self.show(problem)

    def _cast(self, readout: str) -> Cast:
        open_here = (s for s in self.annotator.sessions if s.readout.id == readout)
        session = next(open_here, None)
        if session is not None:
            return session.cast
        return cast_of(self.annotator.project, self.annotator.coder, readout)

    def _used(self, one: Field) -> Sequence[str]:
        return self.annotator.catalogue.index.values(one.path, MOST_OPTIONS)

    def _tell_others(self, about: About) -> None:
        """Let the library and an open session know what is known now."""
        self.annotator.catalogue.forget(about.readout)
        for session in self.annotator.sessions:
            if session.readout.id == about.readout:
                session.readout = session.readout.model_copy(update={"metadata": about.metadata})

    def _row(self, one: Field, place: int, width: int) -> Line:
        desk = self.desk
        return aboutform.row(desk.about, desk.codebook, place, width) if desk else ()

    def show(self, problem: str = "") -> None:
        """Show the form; a `problem` is why there is none."""
        desk, message = self.desk, problem
        head, side = self.query_one("#head", LinesView), self.query_one("#side", LinesView)
        if desk is None:
            head.show(lambda width: [(Run(" "), paint.ink(self.readout, paint.STRONG))])
            side.show(lambda width: ())
        else:
            message = desk.message
            head.show(lambda width: [aboutform.head(desk.about, width)])
            about, book, at, brief = desk.about, desk.codebook, desk.at, self.size.width < WIDE
            side.show(lambda width: aboutform.side(about, book, at, width, brief=brief))
            if desk.at != self.rows.lit:
                self.rows.light(desk.at)
        self.tell(message)
        self.rows.refresh()
        self.show_asking()

    def lit_changed(self) -> None:
        """Show what the lit field takes."""
        if self.desk is not None:
            self.desk.moved(self.rows.lit)
            self.show()

    async def press(self, key: str) -> bool:
        """Take digits for options, where no line is typed."""
        desk = self.desk
        if desk is None or self.has_line() or not is_digit(key) or self._count:
            return await super().press(key)
        desk.digit(key)
        self._count = desk.count
        self.show()
        return True

    async def run_command(self, command: str) -> None:
        """Fill in the lit field, or do what the table says."""
        if command in _TURNS:
            self._turn(_TURNS[command])
        elif command in DEEDS and self.desk is not None:
            self.desk.command(command)
            self.show()
        else:
            await super().run_command(command)

    def _turn(self, by: int) -> None:
        ids = self.annotator.project.readout_ids()
        place = ids.index(self.readout) + by if self.readout in ids else 0
        if 0 <= place < len(ids):
            self._open(ids[place])
        else:
            if self.desk is not None:
                self.desk.message = "There is no readout beyond this one."
            self.show()
