"""The codebook to be looked at: every label with its rules, its counts and its precedents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import takewhile
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.precedents import places
from annotator.tui import bars, bookview, paint, spoken
from annotator.tui.bookview import Counts, Row
from annotator.tui.keys import Scope
from annotator.tui.line import TypedLine
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run, ink
from annotator.tui.queue import Place, Queue
from annotator.tui.screens.asking import MOST_SAID
from annotator.tui.screens.keyed import WIDE, Subject, after_refresh, stands
from annotator.tui.screens.listing import TypingScreen
from annotator.tui.screens.waiting import SeekingScreen
from annotator.tui.widgets.entry import EntryView
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView


class BookScreen(SeekingScreen, TypingScreen):
    """Lists layers, families and labels; beside them the entry of the lit one."""

    scope: ClassVar[Scope] = "codebook"
    CSS_PATH = "codebook.tcss"
    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type
    hint = "a part of a label's id, name or definition"

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self._subject = subject
        self._listed: list[Row] = []
        self._counts: Counts | None = None

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="line", ground="$choice")
        with Container(id="book"):
            yield RowsView(
                self._row,
                speaker=lambda one, at, _: bookview.said(
                    one, self.annotator.project.codebook, self._counts
                ),
                id="rows",
            )
            yield EntryView(self._subject, id="entry")
        yield LinesView(id="question", ground="$choice", rows=bars.QUESTION)
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="status", rows=MOST_SAID)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """List the codebook, and light what was asked for."""
        self.relist(self._subject.entry)
        self.count()

    def on_screen_resume(self) -> None:
        """Look again at what may have been marked meanwhile."""
        if self._listed:
            self.query_one(EntryView).forget()
            self.count()

    def relist(self, entry: tuple[str, str] | None = None) -> None:
        """List what the filter lets through, and light an entry."""
        book = self.annotator.project.codebook
        self._listed = bookview.rows(book, self.line.value)
        self.rows.give(self._listed)
        place = bookview.place_of(self._listed, entry) if entry else None
        if place is not None:
            self.rows.lit = place
            after_refresh(self, partial(self.rows.light, place))
        title = ink(book.title or book.name, paint.STRONG)
        right = (ink(f"{book.stamp}   {self.annotator.coder} ", paint.MUTED),)
        head: Line = (Run(" "), Run("Codebook  ", paint.MUTED), title)
        self.query_one("#head", LinesView).show(lambda width: [paint.ends(head, right, width)])
        self.lit_changed()

    def _row(self, one: Row, place: int, width: int) -> Line:
        book = self.annotator.project.codebook
        return bookview.row(one, book, self._counts, width)

    def say(self, words: str, style: str = paint.WARN) -> None:
        """Say something beneath the list; a worker may come to say it once the screen is left."""
        if not stands(self):
            return
        self.query_one("#status", LinesView).show(
            lambda width: paint.beneath(words, width, style, rows=MOST_SAID)
        )

    def lit_changed(self) -> None:
        """Show the entry of the lit row."""
        self.query_one(EntryView).light(self.lit_row)

    @work(thread=True, exclusive=True, group="counts")
    def count(self) -> None:
        """Count the marks of every label."""
        worker, app = get_current_worker(), self.annotator
        catalogue, book = app.catalogue, app.project.codebook
        try:
            catalogue.refresh(lambda done, of, name: None, lambda: worker.is_cancelled)
            own, every = catalogue.totals().labels, catalogue.index.totals().labels
        except AnnotatorError as error:
            app.call_from_thread(self.say, str(error))
            return
        if not worker.is_cancelled:
            app.call_from_thread(self._take, Counts.of(book, own, every))

    def _take(self, counts: Counts) -> None:
        if stands(self):
            self._counts = counts
            self.rows.refresh()

    async def run_command(self, command: str) -> None:
        """Walk through marks or precedents, filter, or do what the table says."""
        match command:
            case "codebook.marks":
                self._walk_marks()
            case "codebook.inside":
                self.query_one(EntryView).turn()
            case "codebook.filter":
                self.typing = True
                self.show_line()
            case _:
                await super().run_command(command)

    def scroll_by_command(self, command: str) -> None:
        """Move the light of the list, or among precedents."""
        entry = self.query_one(EntryView)
        if not entry.inside:
            super().scroll_by_command(command)
        else:
            entry.step(command)

    def _walk_marks(self) -> None:
        entry, row = self.query_one(EntryView), self.lit_row
        if row is None or row.label is None:
            self.say("Light a label first.")
        elif entry.lit is not None:
            found = [Place(p.readout, p.start, row.label.tag) for p in entry.precedents]
            self._walk_queue(Queue(f"precedents of {row.label.tag}", tuple(found), entry.lit))
        else:
            app = self.annotator
            find = partial(places, app.coder, row.layer, row.label, app.catalogue.index)
            self.gather(row.label.tag, find)

    @property
    def lit_row(self) -> Row | None:
        """The lit row, None where none is listed."""
        return self._listed[self.rows.lit] if self._listed else None

    def gather(self, title: str, find: Callable[[], Iterator[tuple[str, int, str]]]) -> None:
        """Walk through the places that are found, each with why it is visited."""

        def search(stopped: Callable[[], bool]) -> tuple[Place, ...]:
            return tuple(Place(*place) for place in takewhile(lambda _: not stopped(), find()))

        async def go(found: tuple[Place, ...]) -> str | None:
            if not found:
                return f"No sentence of yours is in this queue: {title}."
            self.annotator.walk(Queue(title, found))
            return None

        self.seek(f"Looking for the sentences of {title} …", search, go)

    def _walk_queue(self, queue: Queue) -> None:
        self.say("")
        try:
            self.annotator.walk(queue)
        except AnnotatorError as error:
            self.say(str(error))

    def typed(self) -> None:
        """List the labels that hold what is typed, and light the first."""
        found = (one for one in bookview.rows(self.annotator.project.codebook, self.line.value))
        hit = next((one for one in found if one.label), None) if self.line.value else None
        self.relist((hit.layer.id, hit.label.id) if hit and hit.label else None)

    async def leave_line(self, key: str) -> None:
        """Keep the filter, or list everything again."""
        self.typing = False
        if key == "escape":
            self.line = TypedLine()
            self.relist()

    async def go_back(self) -> None:
        """List everything again, or leave."""
        if self.line.value:
            self.line = TypedLine()
            self.relist()
            self.show_line()
        else:
            await super().go_back()

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if message.row < len(self._listed):
            self.rows.light(message.row)
            self.lit_changed()
