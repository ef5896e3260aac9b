"""The library: every readout of the project, how far it is coded, and a look at the lit one."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.shelf import Entry, Leaf, Shelf
from annotator.tui import paint, shelves
from annotator.tui.keys import Scope
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import WIDE
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

MOST_SAID = 6
"""Rows that a message takes at most: an error with its file, its reason and its remedy."""


class LibraryScreen(ListingScreen):
    """Lists the readouts; only those that are seen are read."""

    scope: ClassVar[Scope] = "library"
    CSS_PATH = "library.tcss"
    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type

    def __init__(self) -> None:
        super().__init__()
        self._ids: list[str] = []
        self._message = ""
        self._leaves: dict[str, Leaf | str] = {}

    @property
    def shelf(self) -> Shelf:
        """What was read of the readouts so far."""
        return self.annotator.shelf

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        with Container(id="shelf"):
            yield RowsView(self._row, id="rows")
            yield LinesView(id="leaf", ground="$surface")
        yield LinesView(id="status")
        yield LinesView(id="foot", ground="$panel")

    def on_mount(self) -> None:
        """List the readouts."""
        try:
            self._ids = self.annotator.project.readout_ids()
        except AnnotatorError as error:
            self.say(str(error))
        self.rows.set_count(len(self._ids))
        self.query_one("#head", LinesView).show(self._head)
        self.call_after_refresh(self.lit_changed)
        if not self._ids and not self._message:
            self.say("There is no readout here yet: “annotator add FILE …” brings some in.")

    def on_screen_resume(self) -> None:
        """Read again what may have changed while another screen was open."""
        if self._ids and self.is_mounted:
            self.lit_changed()

    def on_resize(self) -> None:
        """Read what came into sight."""
        self.call_after_refresh(self.lit_changed)

    def say(self, message: str) -> None:
        """Show a message beneath the list."""
        self._message = message
        status = self.query_one("#status", LinesView)
        told = paint.prose(message, self.size.width - 2, paint.WARN)
        status.styles.height = max(1, min(len(told), MOST_SAID))
        status.show(
            lambda width: [
                (Run(" "), *line) for line in paint.prose(message, width - 2, paint.WARN)
            ]
        )

    def _head(self, width: int) -> list[Line]:
        project = self.annotator.project
        left = (Run(" "), ink(project.root.name or "/", paint.STRONG))
        count = len(self._ids)
        noun = "readout" if count == 1 else "readouts"
        right = (ink(f"{count} {noun}   {self.annotator.coder} ", paint.MUTED),)
        return [paint.ends(left, right, width)]

    def _row(self, place: int, width: int) -> Line:
        readout = self._ids[place]
        entry = self.shelf.known(readout) or Entry(readout)
        return shelves.row(entry, width)

    def lit_changed(self) -> None:
        """Read the rows that are seen, and look into the lit one."""
        wanted = [self._ids[place] for place in self.rows.seen()]
        if self._ids:
            self._read([i for i in wanted if self.shelf.known(i) is None], self._ids[self.rows.lit])
        self._show_leaf()

    @work(thread=True, exclusive=True, group="shelf")
    def _read(self, wanted: list[str], lit: str) -> None:
        worker = get_current_worker()
        for readout in wanted:
            if worker.is_cancelled:
                return
            self.shelf.read(readout)
        if wanted:
            self.app.call_from_thread(self._show_rows)
        if lit not in self._leaves and self.size.width >= WIDE:
            try:
                self._leaves[lit] = self.shelf.leaf(lit)
            except AnnotatorError as error:
                self._leaves[lit] = str(error)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_leaf)
            # Loaded while the library is looked at, the first readout opens faster.
            import_module("annotator.tui.screens.annotate")

    def _show_rows(self) -> None:
        if self.is_attached:
            self.rows.refresh()

    def _show_leaf(self) -> None:
        if not self._ids or not self.is_attached:
            return
        readout = self._ids[self.rows.lit]
        entry = self.shelf.known(readout) or Entry(readout)
        leaf = self._leaves.get(readout)
        self.query_one("#leaf", LinesView).show(lambda width: shelves.leaf(entry, leaf, width))

    async def run_command(self, command: str) -> None:
        """Open what is lit, or do what the table says."""
        if command == "open":
            self._open(self.rows.lit)
        elif command == "waiting.next":
            self._next_waiting()
        else:
            await super().run_command(command)

    def _next_waiting(self) -> None:
        count = len(self._ids)
        for step in range(1, count + 1):
            place = (self.rows.lit + step) % count
            readout = self._ids[place]
            entry = self.shelf.known(readout) or self.shelf.read(readout)
            if not entry.finished and not entry.problem:
                self.rows.light(place)
                self.lit_changed()
                return
        self.say("Every readout is decided.")

    def _open(self, place: int) -> None:
        if not self._ids:
            return
        try:
            self.annotator.code(self._ids[place])
        except AnnotatorError as error:
            self.say(str(error))

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if message.row < len(self._ids):
            self.rows.light(message.row)
            self.lit_changed()
            if message.again:
                self._open(message.row)

    async def go_back(self) -> None:
        """Leave the program."""
        await self.app.action_quit()
