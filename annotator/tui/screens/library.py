"""The library: every readout of the project, how far it is coded, and a look at the lit one."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.shelf import Leaf
from annotator.plural import many
from annotator.tui import paint, shelves, spoken
from annotator.tui.arrivals import Arrivals
from annotator.tui.keys import Scope
from annotator.tui.line import TypedLine
from annotator.tui.messages import Relaid, RowClicked
from annotator.tui.offering import Offering
from annotator.tui.paint import Line
from annotator.tui.screens.keyed import WIDE, Subject, after_refresh, stands
from annotator.tui.screens.listing import TypingScreen
from annotator.tui.screens.waiting import SeekingScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

HINT = "words   lang:…  side:…  progress:new|begun|done  label:…  state:…  flag:yes  ⇥ completes"
MOST_SAID = 6
"""Rows that a message takes at most: an error with its file, its reason and its remedy."""


class LibraryScreen(SeekingScreen, TypingScreen):
    """Lists the readouts; only those that are seen are read.

    `ids` are those that are listed; `up_to_date` and `away` tell whether the index is to be read.
    """

    scope: ClassVar[Scope] = "library"
    panels = False
    CSS_PATH = "library.tcss"
    AUTO_FOCUS = "#rows"
    hint = HINT
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self._leaves: dict[str, Leaf | str] = {}
        self._counted: tuple[str, ...] = ()
        self._said = ""
        self.reading = shelves.Reading(lambda: self._said, self.say)
        self.up_to_date = False
        self.away = False
        self._touched = False
        self._lit = ""
        self.arrivals = Arrivals(self)

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="line", ground="$choice")
        yield LinesView(id="offers")
        yield LinesView(id="welcome")
        with Container(id="shelf"):
            at_hand = self.annotator.shelf.at_hand
            manner = self.annotator.manner
            self._offering = Offering(self.annotator.project, self.annotator.coder, manner)
            yield RowsView(
                lambda one, at, width: shelves.row(
                    at_hand(one), width, manner.dates, self._offering.known(one)
                ),
                speaker=lambda one, at, width: spoken.entry(
                    at_hand(one), manner.dates, width, self._offering.known(one)
                ),
                id="rows",
            )
            yield LinesView(id="leaf", ground="$surface")
        yield LinesView(id="status", rows=MOST_SAID)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """List the readouts; whatever else there is to read follows once they are painted."""
        keymap, welcome = self.keymap, self.query_one("#welcome", LinesView)
        welcome.show(lambda width: shelves.welcome(keymap, width))
        self.typed()
        self.annotator.catalogue.recall(self.ids[: self.app.size.height])
        self.set_interval(Arrivals.EVERY, self.arrivals.look)

    def on_screen_resume(self) -> None:
        """Read what changed while another screen was open."""
        if self.away:
            if self.annotator.last_words:
                self.say(self.annotator.last_words)
            self._leaves.clear()
            self._offering.forget()
            self.up_to_date = self.away = False
            if not self._touched and self.annotator.left in self.ids:
                self.rows.light(self.ids.index(self.annotator.left))
            # The light may not move under the keys that come next.
            self._touched = True
            self.arrivals.stale()
            self.arrivals.look()
            self.lit_changed()

    def on_screen_suspend(self) -> None:
        """Leave the processor to the screen that is worked on; what was read so far is kept."""
        self.away = True

    def say(self, message: str, style: str = paint.WARN) -> None:
        """Show a message beneath the list."""
        self._said = message
        # A worker may come to say it while the program ends.
        for status in self.query("#status").results(LinesView):
            status.show(lambda width: paint.beneath(message, width, style, rows=MOST_SAID))

    @work(thread=True, exclusive=True, group="index")
    def _look_up(self) -> None:
        """Once the rows that are seen are painted, bring the index up to the files, and count."""
        # Loaded while the library is looked at, the first readout opens faster.
        import_module("annotator.tui.screens.annotate")
        worker, catalogue = get_current_worker(), self.annotator.catalogue
        pace = shelves.Pace()

        def progress(done: int, of: int, name: str) -> None:
            if pace.is_time():
                self.app.call_from_thread(self.reading.tell, shelves.reading(done, of))

        try:
            complete = catalogue.refresh(progress, lambda: self.away or worker.is_cancelled)
            counted = shelves.counted(catalogue.totals()) if complete else ()
            readout = None if self._touched else catalogue.where_to_begin()
        except AnnotatorError as error:
            self.app.call_from_thread(self.say, str(error))
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._tell, counted, readout, complete=complete)

    def _tell(self, counted: tuple[str, ...], begin: str | None, *, complete: bool) -> None:
        """Say what was counted, and light where to begin as long as the coder touched nothing."""
        if stands(self):
            if begin in self.ids and not self._touched:
                self.rows.light(self.ids.index(begin))
                self.lit_changed()
            self.arrivals.indexed(complete=complete)
            self._counted = counted
            self.query_one("#head", LinesView).show(self._head)
            self.reading.tell("")

    def _head(self, width: int) -> list[Line]:
        found = " found" if self.line.value.strip() else ""
        right = f"{many(len(self.ids), 'readout')}{found}   {self.annotator.coder} "
        name = self.annotator.project.root.name or "/"
        return [shelves.head(name, self._counted, right, width)]

    async def leave_line(self, key: str) -> None:
        """Keep the filter, or show all readouts again."""
        self.typing = False
        if key == "escape":
            self.line = TypedLine()
            self.typed()

    def typed(self) -> None:
        """List the readouts that the filter lets through."""
        self.arrivals.listed()
        try:
            self.ids = self.annotator.catalogue.ids(self.line.value)
            self.say("Nothing found." if self.line.value and not self.ids else "")
            self.set_class(not (self.line.value or self.ids), "-empty")
        except AnnotatorError as error:
            self.say(str(error))
        self.rows.give(self.ids)
        self.query_one("#head", LinesView).show(self._head)
        after_refresh(self, self.lit_changed)

    @on(Relaid)
    def lit_changed(self) -> None:
        """Read the rows that are seen, and look into the lit one."""
        if not self.rows.size:
            return  # Before anything is painted, no row is seen; `Relaid` tells when.
        try:
            self.annotator.keyring.codebook()
        except AnnotatorError as error:
            self.annotator.give_up(error)
            return
        if self.ids:
            self._lit = self.ids[self.rows.lit]
            seen = [self.ids[place] for place in self.rows.seen()]
            self._read([i for i in seen if self.annotator.shelf.known(i) is None], self._lit, seen)
        elif not self.up_to_date:
            self.up_to_date = True
            after_refresh(self, self._look_up)
        self._show_leaf()

    @work(thread=True, group="shelf")
    def _read(self, wanted: list[str], lit: str, seen: list[str]) -> None:
        worker = get_current_worker()
        for readout in wanted:
            if worker.is_cancelled or self._lit != lit:
                return  # Another one is lit, and has its own reader.
            self.annotator.shelf.read(readout)
        if wanted:
            self.app.call_from_thread(self.rows.refresh)
        if lit not in self._leaves and self.size.width >= WIDE:
            try:
                self._leaves[lit] = self.annotator.shelf.leaf(lit)
            except AnnotatorError as error:
                self._leaves[lit] = str(error)
        counted = [self._offering.count(one) for one in (lit, *seen) if self._lit == lit]
        if any(counted) and not worker.is_cancelled:
            self.app.call_from_thread(self.rows.refresh)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_leaf)
            if not self.up_to_date:
                self.up_to_date = True
                self.app.call_from_thread(after_refresh, self, self._look_up)

    def _show_leaf(self) -> None:
        if not stands(self):
            return
        if not self.ids:
            self.query_one("#leaf", LinesView).show(lambda width: [])
            return
        readout = self.ids[self.rows.lit]
        entry = self.annotator.shelf.at_hand(readout)
        leaf = self._leaves.get(readout)
        book, fill = self.annotator.keyring.codebook(), self.keymap.sign("about")
        dates = self.annotator.manner.dates
        self.query_one("#leaf", LinesView).show(
            lambda width: shelves.leaf(
                entry, leaf, width, book, fill, dates, self._offering.known(readout)
            )
        )

    def subject(self) -> Subject:
        """Return the lit readout."""
        return Subject(self.ids[self.rows.lit] if self.ids else None)

    async def run_command(self, command: str) -> None:
        """Open what is lit, or do what the table says."""
        if command == "open":
            self._open(self.rows.lit)
        elif command == "waiting.next":
            place = self.annotator.shelf.next_waiting(self.ids, self.rows.lit)
            if place is None:
                self.say("Every readout is decided.")
            else:
                self.rows.light(place)
                self.lit_changed()
        elif command == "second.pass":
            from annotator.tui import second

            second.start(self)
        elif command == "filter":
            self.typing = True
            self.show_line()
        else:
            await super().run_command(command)

    def _open(self, place: int) -> None:
        if not self.ids:
            return
        try:
            self.annotator.code(self.ids[place])
        except AnnotatorError as error:
            self.say(str(error))

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        self._touched = True
        if message.row < len(self.ids):
            self.rows.light(message.row)
            self.lit_changed()
            if message.again:
                self._open(message.row)

    async def press(self, key: str) -> bool:
        """Take a key; whoever presses Escape once too often does not leave the program by it."""
        self._touched = True
        if key == "escape" and not self.typing and not self.line.value:
            self.say(f"{self.keymap.sign('back')} leaves the program.", paint.MUTED)
            return True
        return await super().press(key)

    async def go_back(self) -> None:
        """Show all readouts again, or leave the program."""
        if self.line.value:
            self.line = TypedLine()
            self.typed()
            self.show_line()
        else:
            await self.app.action_quit()
