"""What the two screens of near-identical sentences share: the search, the list, the lit one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.formula import Twin, Work, best_first, twins
from annotator.session.carry import Carried
from annotator.session.session import utc_now
from annotator.tui import footer, formulaview, paint, spoken
from annotator.tui.keys import is_digit
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import WIDE, KeyedScreen, after_refresh, stands
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.screens.waiting import WaitingScreen, pass_on, spelled
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

MOST = 500
"""How many near-identical sentences are listed at most."""
MOST_SAID = 3
"""Rows that are said beneath the list at most."""
_BATCH = 20
LOOKING = "Looking for near-identical sentences …"


class _Searching(WaitingScreen, ListingScreen):
    """Knows what is found, what is said of it, and whether the search is over."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Twin] = []
        self._over = False
        self._said = LOOKING

    def waits(self) -> bool:
        """Let keys wait until there is something to see, and others behind those that do."""
        return not self._over and (not self.found or bool(self.held))

    def held_changed(self) -> None:
        """Show how far the search is, and how many keys wait for it."""
        self.say(self._said if self._over else f"{self._said}{self.and_held()}")

    def say(self, words: str) -> None:
        """Show a line beneath the list."""
        self.query_one("#status", LinesView).show(
            lambda width: paint.beneath(words, width, "bold", rows=MOST_SAID)
        )


class TwinsScreen(_Searching):
    """Lists the sentences of the project that are nearly the one in work, as they are found.

    As long as none is listed, keys wait until the search is over. Those `beyond` what is listed at
    most are counted.
    """

    CSS_PATH = "twins.tcss"
    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type
    title_words = ""
    begun = False

    def __init__(self, here: AnnotateScreen) -> None:
        super().__init__()
        self.here = here
        self.session = here.session
        self.key = here.bench.key
        self.searching: Worker[None] | None = None
        self.unread: list[str] = []
        self.beyond = 0
        self._in_lit = False

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="told", ground="$surface")
        yield RowsView(self._row, id="rows")
        yield LinesView(id="body", ground="$surface")
        yield LinesView(id="status", rows=MOST_SAID)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Begin to search."""
        sentence = self.session.sentence(self.key)
        name = self.session.readout.id
        self.query_one("#head", LinesView).show(
            lambda width: [_head(self.title_words, name, width)]
        )
        told = self.query_one("#told", LinesView)
        told.show(
            lambda width: paint.within(
                formulaview.whole("here", sentence.text, width), told.size.height, width
            )
        )
        self.held_changed()
        self.lit_changed()
        self.searching = self._search()

    def foot(self, width: int) -> list[Line]:
        """Return the line of keys, with the one that goes between the list and the marks."""
        if self.annotator.manner.reader:
            return super().foot(width)
        words = "back to the list" if self._in_lit else "scroll the marks"
        own = (footer.Key("tab", "⇥", words),)
        return [footer.foot(self.keymap, self.scope, width, own=own)]

    async def press(self, key: str) -> bool:
        """Take the key between the list and what the lit sentence would get."""
        if key != "tab":
            return await super().press(key)
        self._in_lit = not self._in_lit
        self.query_one("#foot", LinesView).show(self.foot)
        return True

    def scroll_by_command(self, command: str) -> None:
        """Move the light, or what is shown of the lit sentence."""
        if not self._in_lit:
            super().scroll_by_command(command)
            return
        self._count = ""
        KeyedScreen.scroll_by_command(self, command)

    def on_resize(self) -> None:
        """Show the lit one at the new size."""
        after_refresh(self, self.lit_changed)

    @work(thread=True, exclusive=True, group="formula")
    def _search(self) -> None:
        worker = get_current_worker()
        found: list[Twin] = []
        shown = 0
        far = (0, 1)

        def advance(done: int, total: int) -> None:
            nonlocal far, shown
            far, shown = (done, total), len(found)
            self.app.call_from_thread(
                self._take, list(found), f"{LOOKING} {done:,} of {total:,} readouts"
            )

        try:
            work = Work(self.session.readout, self.session.coding)
            for twin in twins(
                self.annotator.project,
                self.annotator.coder,
                work,
                self.key,
                begun=self.begun,
                at=utc_now(),
                advance=advance,
                unread=self.unread.append,
                stopped=lambda: worker.is_cancelled,
            ):
                if self.wants(twin):
                    if len(found) < MOST:
                        found.append(twin)
                    else:
                        self.beyond += 1
                if len(found) - shown >= _BATCH:
                    advance(*far)
        except AnnotatorError as error:
            self.app.call_from_thread(self._take, found, str(error), failed=True)
            return
        if not worker.is_cancelled:
            said = [self.counted(found)]
            if self.unread:
                said.append(f"could not be read: {', '.join(self.unread)}")
            self.app.call_from_thread(self._take, found, "; ".join(said), over=True)

    def wants(self, twin: Twin) -> bool:
        """Tell whether a sentence is to be listed."""
        raise NotImplementedError

    def counted(self, found: list[Twin]) -> str:
        """Say how many there are once all are found."""
        raise NotImplementedError

    def _take(
        self, found: list[Twin], said: str, *, over: bool = False, failed: bool = False
    ) -> None:
        """List what is found; where nothing is once it is `over`, go back and say so there."""
        if not stands(self):
            return
        self._said, self._over = said, over or failed
        if over and not found and self.is_current:
            self._go_back_without(said)
            return
        lit = self.lit
        self.found = best_first(found)
        self.rows.give(self.found)
        if lit is not None and self.rows.lit:
            places = (n for n, twin in enumerate(self.found) if _is_same(twin, lit))
            self.rows.light(next(places, self.rows.lit))
        self.taken(self.found)
        self.held_changed()
        if self.lit is not lit:
            self.lit_changed()
        if self._over:
            self.call_later(self.let_go)

    def _go_back_without(self, said: str) -> None:
        """Say that nothing was found; keys that waited for the list do nothing to the sentence."""
        held, self.held = self.held, []
        self.dismiss()
        if held and (is_digit(held[0]) or self.keymap.command(self.scope, held[0])):
            self.here.say(f"{said}  Not obeyed: {spelled(held)}")
        else:
            self.here.say(said)
            pass_on(self.here, held)

    def taken(self, found: list[Twin]) -> None:
        """Take note of what is listed now."""

    @property
    def lit(self) -> Twin | None:
        """The lit sentence."""
        lit = self.rows.lit
        return self.found[lit] if lit < len(self.found) else None

    def texts(self, twin: Twin) -> tuple[str, str]:
        """Return the sentence that marks come from, and the one that they go to."""
        raise NotImplementedError

    def number(self, place: int, twin: Twin) -> str:
        """Return what stands before a row."""
        raise NotImplementedError

    def made(self, twin: Twin) -> Carried:
        """Return what taking over the marks would make."""
        raise NotImplementedError

    def _row(self, twin: Twin, place: int, width: int) -> Line:
        return formulaview.row(
            self.number(place, twin), twin, *self.texts(twin), self.session.codebook, width
        )

    def lit_changed(self) -> None:
        """Show the lit sentence with what differs, and what would be marked."""
        if not stands(self):
            return
        twin = self.lit
        view = self.query_one("#body", LinesView)
        if twin is None:
            view.show(lambda width: [])
            return
        made = self.made(twin)
        old, new = self.texts(twin)
        view.show(
            lambda width: [
                *formulaview.told("words", old, new, width),
                *formulaview.taken(made, self.session.codebook, width),
            ]
        )

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if message.row < len(self.found):
            self.rows.light(message.row)
            self.lit_changed()


def _is_same(one: Twin, other: Twin) -> bool:
    return (one.readout, one.key) == (other.readout, other.key)


def _head(words: str, readout: str, width: int) -> Line:
    """Say what is listed, and for which readout as far as there is room."""
    title = (Run(" "), Run(words, paint.STRONG))
    name = paint.cut(readout, width - paint.width(title) - 3)
    return paint.ends(title, (ink(f"{name} ", paint.MUTED),), width)
