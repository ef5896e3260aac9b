"""The screen where the work is done: the readout, its marks, and the keys that make them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.timer import Timer

from annotator.errors import MarkError
from annotator.model.edit import CAST, Edit
from annotator.model.progress import Progress
from annotator.session.following import EVERY
from annotator.session.session import Session
from annotator.session.walk import sentence_at
from annotator.tui import (
    bars,
    deeds,
    everywhere,
    footer,
    macros,
    opening,
    panel,
    second,
    spoken,
    turning,
)
from annotator.tui.asking import Asking
from annotator.tui.doors import DOORS
from annotator.tui.halftyped import of_sentence
from annotator.tui.keys import Scope
from annotator.tui.line import HINT
from annotator.tui.messages import Dragged, RowClicked
from annotator.tui.modes.base import View
from annotator.tui.page import Light, Page
from annotator.tui.paint import Line
from annotator.tui.saver import Saver
from annotator.tui.screens.joining import reads_first
from annotator.tui.screens.keyed import WIDE, Subject, after_refresh
from annotator.tui.screens.waiting import SeekingScreen
from annotator.tui.widgets.covered import Covered
from annotator.tui.widgets.document import DocumentView
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.spoken import SpokenView
from annotator.tui.workbench import REFUSED, Workbench, shown, takes_back

BARS = ("#head", "#status", "#foot")
"""What takes rows of the screen beside the text and the panel."""
STATUS = 4
"""Rows that what is wrong with saving takes at most."""
RETRY = 2.0
"""Seconds between two tries to save what could not be saved."""


class AnnotateScreen(SeekingScreen):
    """Shows one session; whatever a key changed is on disk before it is shown."""

    scope: ClassVar[Scope] = "annotate"
    CSS_PATH = "annotate.tcss"
    # All keys are the screen's; from a widget each would go up to it through a queue per ancestor.
    AUTO_FOCUS = ""
    asking: Asking
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type

    def __init__(self, session: Session, start: int | None = None) -> None:
        super().__init__()
        self.session = session
        self._start = start
        self._saver = Saver(session)
        self._changed: set[int] = set()
        self._relaid = False
        self._progress = Progress.of(session.coding)
        self._retry: Timer | None = None
        self._leaving_unsaved = False

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield SpokenView(id="spoken")
        yield LinesView(id="head", ground="$panel")
        with Covered(id="desk"):
            yield DocumentView(id="document")
            yield LinesView(id="panel", ground="$surface")
        yield LinesView(id="question", ground="$choice", rows=bars.QUESTION)
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="status", rows=STATUS)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Open the workbench."""
        self.session.suggested.shown = self.annotator.manner.suggesting
        self.bench = Workbench(self.session, self.keymap, key=self._start)
        self.asking = Asking(self.bench, partial(of_sentence, self))
        if self._start is not None:
            turning.arrive(self, self.bench.message)
        self.session.on_change = self._note_change
        self._retry = self.set_interval(RETRY, self.save, pause=True)
        if self.session.read_only:
            follow = opening.follower(self.annotator.project, self.session, self._followed)
            self.set_interval(EVERY, follow.look)
        self._show()

    @on(events.Resize)
    @on(events.ScreenResume)
    def _look_anew(self) -> None:
        """Find the panel's place at a new size, and show what another screen changed."""
        if hasattr(self, "bench"):
            after_refresh(self, self._show)

    def _note_change(self, edit: Edit) -> None:
        self._progress = self._progress.after(edit)
        self._changed |= {change.key for change in edit.changes}
        self.bench.edited(edit)

    def has_line(self) -> bool:
        """Tell whether a line is being typed, which has keys of its own."""
        return self.bench.ask is not None

    async def press(self, key: str) -> bool:
        """Take a key: for the open panel, for a count, or for its command."""
        bench = self.bench
        if reads_first(self, self.session, bench.ask, key):
            return True
        bench.tick()
        if bench.ask is not None:
            if self.asking.press(key):
                await turning.go_on(self)
            else:
                self._show()
            return True
        if bench.press(key):
            await turning.go_on(self)
            return True
        if key == "escape":
            # Whoever closes panels by it presses it once too often and stays.
            bench.take_count()
            self.say(f"{self.keymap.sign('back')} leaves the readout.")
            return True
        command = self.keymap.command(self.scope, key)
        if command is None:
            if len(key) == 1:
                bench.message = f"{key} means nothing here; F1 shows all keys."
                self._show()
            return len(key) == 1
        if bench.mode is None:
            bench.message = ""
        await self.run_command(command.id)
        return True

    async def run_command(self, command: str) -> None:
        """Do what the table's command says."""
        bench = self.bench
        if self.session.read_only and self.keymap.changes(command):
            bench.message = REFUSED
            self._show()
            return
        if await everywhere.stepped(self, command):
            return
        if command == "history" or command in DOORS:
            # It was about a key before this one, and would still stand when one comes back.
            bench.message = ""
        deed = deeds.DEEDS.get(command)
        if deed is not None:
            bench.open(None)
            try:
                deed(bench, bench.take_count())
            except MarkError as error:
                bench.message = str(error)
            # The next readout opens as this one is left.
            self.annotator.manner.suggesting = self.session.suggested.shown
            await turning.go_on(self)
        elif command in macros.OPENERS:
            macros.open_panel(self, command)
            self._show()
        elif command in ("page.down", "page.up"):
            direction = 1 if command == "page.down" else -1
            document = self.query_one("#document", DocumentView)
            reader = self.annotator.manner.reader
            said = self.query_one("#spoken", SpokenView) if reader else document
            if not said.turn_within(direction):
                bench.goto(document.a_page_from(bench.key, direction))
                self._show()
        elif command == "density":
            self.annotator.manner.compact = not self.annotator.manner.compact
            self._show()
        elif command in turning.TURNS and (command != "write" or self.session.read_only):
            await turning.turn(self, turning.TURNS[command])
        elif command in turning.STEPS:
            await turning.step_in_queue(self, turning.STEPS[command])
        elif command == "second.pass":
            second.start(self)
        elif command == "history":
            from annotator.tui.screens.history import HistoryScreen

            now = self.session
            self.app.push_screen(
                HistoryScreen(now.readout, now.codebook, now.coder, lambda: now.history, self.go_to)
            )
        else:
            await super().run_command(command)

    async def save(self) -> bool:
        """Bring what changed to disk, and then show it."""
        failed = self.session.problem is not None
        saved = await self._saver.save()
        if failed and saved:
            self.bench.message = "saved again"
        if self._retry is not None:
            if saved:
                self._retry.pause()
                # Whoever insisted on leaving did so over edits that are saved by now.
                self._leaving_unsaved = False
            else:
                self._retry.resume()
        self._show()
        return saved

    def _followed(self, keys: frozenset[int]) -> None:
        """Show what another process changed."""
        self._progress = Progress.of(self.session.coding)
        self._changed |= keys
        if self.bench.key not in self.session.coding.position:
            self.bench.goto(self.session.coding.order[0])
        self._show()

    def _show(self) -> None:
        try:
            document = self.query_one("#document", DocumentView)
        except NoMatches:  # The screen is being left.
            return
        bench, coding, manner = self.bench, self.session.coding, self.annotator.manner
        view = shown(bench)
        if manner.reader:
            spoken_page = self.query_one("#spoken", SpokenView)
            saying = spoken.page(bench, self._progress, view, self.asking.typed)
            spoken_page.say(saying, bench.pages)
        lit = bench.mark.id if bench.mark else None
        # A form beneath the text leaves too few rows for it.
        roomy = bool(view and view.mark and (view.hops or self.size.width >= WIDE))
        light = Light(
            bench.key,
            view.selection if view else None,
            view.hops if view else (),
            view.caret if view else None,
            (view.mark if view else None) or lit,
            view.likely if view else frozenset(),
            "all" if bench.all_spans else "mark" if roomy else "",
        )
        if document.page is None:
            if document.inner_width > 0:
                document.set_page(
                    Page(
                        self.session.readout.text,
                        self.session.codebook,
                        coding,
                        document.inner_width,
                        light,
                        manner.compact,
                    )
                )
        else:
            changed = set(coding.order) if CAST in self._changed else self._changed
            if changed:
                document.mend(coding, changed)
            document.light(light)
            document.set_density(compact=manner.compact)
        self._changed = set()
        _show_bars(self, self._progress, view)
        asking = self.bench.ask is not None
        self.set_class(asking, "-asking")
        if asking:
            self.query_one("#question", LinesView).show(self.asking.question)
            self.query_one("#ask", LinesView).show(lambda w: [self.asking.line(w)])
        self._show_panel(view)

    def _show_panel(self, view: View | None = None) -> None:
        side = self.query_one("#panel", LinesView)
        if self.size.width >= WIDE:
            side.styles.height = "100%"
            undo = takes_back(self.bench, view) if view else ""

            def built(width: int) -> list[Line]:
                made = panel.lines(self.bench, width, side.size.height, view)
                hint = view.hint if view and self.bench.ask is None else ""
                rest = footer.of_rest(hint, self.size.width, 1, width, undo) if hint else []
                return [*made, (), *rest] if len(made) + len(rest) < side.size.height else made

            side.show(built)
            return
        # Whoever hops needs to see the letters more than the list of slots.
        bars_shown = BARS if self.bench.ask is None else (*BARS, "#question", "#ask")
        besides = sum(self.query_one(name, LinesView).rows_taken for name in bars_shown)
        high = self.size.height
        text = max(4, high // 2 - 1 if view and view.hops else high // 4)
        room = self.size.height - besides - text if self.bench.mode else (self.size.height - 4) // 3
        now = max(8, side.inner_width)
        made = panel.lines(self.bench, now, room, view)
        # A form keeps its height while it is walked, and a panel that shows an entry its own.
        spare = panel.longer(view, now) if view else 0
        side.styles.height = room if view and view.fields else min(room, len(made) + spare)
        side.show(lambda w: made if w == now else panel.lines(self.bench, w, room, view))

    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted into the line that is being typed, and nowhere else."""
        event.stop()
        if self.bench.ask is not None:
            self.asking.paste(event.text)
            self._show()

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        document = self.query_one("#document", DocumentView)
        page = document.page
        key = page.key_at(message.row) if page else None
        if key is not None and self.bench.ask is None and key != self.bench.key:
            document.stay(key)
            self.bench.goto(key)
            self._show()

    @on(Dragged)
    def _dragged(self, message: Dragged) -> None:
        message.stop()
        page = self.query_one("#document", DocumentView).page
        if page is None or self.bench.ask is not None:
            return
        places = [page.offset_at(*message.start), page.offset_at(*message.end)]
        offsets = sorted(place for place in places if place is not None)
        if len(offsets) == 2:
            deeds.select(self.bench, offsets[0], offsets[1] + 1)
            self._show()

    def say(self, message: str) -> None:
        """Show a message to the coder."""
        self.bench.message = message
        self._show()

    def subject(self) -> Subject:
        """Return the readout that is coded, and the entry that the codebook is to open at."""
        sentence = self.bench.sentence
        place = sentence.start, sentence.text
        return Subject(self.session.readout.id, self.bench.entry(), place)

    async def go_back(self) -> None:
        """Return to the list that led here, or to what is beneath, once everything is on disk."""
        if turning.back_to_list(self):
            return
        if await self.may_leave():
            self.annotator.close_session(self.session)
            self.app.pop_screen()

    def go_to(self, offset: int) -> None:
        """Light the sentence that holds a code point of the text."""
        key = sentence_at(self.session.coding, offset)
        if key is not None:
            self.bench.goto(key)
            self._show()

    async def may_leave(self) -> bool:
        """Save; where that fails, say so, and let the coder insist by asking again."""
        if await self.save() or self._leaving_unsaved:
            return True
        self._leaving_unsaved = True
        self.bench.message = (
            "The same key again leaves, and keeps what is not saved in another place:"
        )
        self._show()
        return False


def follow_codebook(screen: AnnotateScreen) -> None:
    """Go on with a codebook that has one label more: an open panel would not show it."""
    opening.follow_codebook(screen.annotator.project, screen.session)
    screen.bench.open(None)
    screen.bench.keymap = screen.keymap
    document = screen.query_one("#document", DocumentView)
    if document.page is not None:
        document.set_page(replace(document.page, codebook=screen.session.codebook))
    screen._show()


def _show_bars(screen: AnnotateScreen, progress: Progress, view: View | None) -> None:
    """Show the lines above and below the text, each made anew where it is of something new."""
    bench, session, keymap = screen.bench, screen.session, screen.keymap
    language, read_only = screen.annotator.manner.dates, bool(session.read_only)
    saved = (session.pending, session.problem, session.read_only)
    screen.query_one("#head", LinesView).show(
        lambda width: [bars.head(session, width, language)], of=(session.readout, saved, language)
    )
    screen.query_one("#status", LinesView).show(
        lambda width: bars.status(bench, progress, width),
        of=(saved, bench.message, bench.count, progress),
    )
    feet = screen.query_one("#foot", LinesView)
    if bench.ask is not None:
        feet.show(lambda width: footer.of_panel(HINT, width), of=HINT)
    elif view is None:
        feet.show(
            lambda width: [footer.foot(keymap, screen.scope, width, only_read=read_only)],
            of=(keymap, read_only),
        )
    else:
        undo = takes_back(bench, view)
        # Beside the text the panel has room for the rest; a foot that grows lays all out anew.
        most = 1 if screen.size.width >= WIDE else footer.rows(screen.size.height)
        feet.show(
            lambda width: footer.of_panel(view.hint, width, most, undo),
            steady=True,
            of=(view.hint, undo, most),
        )
