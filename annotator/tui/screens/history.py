"""History: every act on a readout, and the readout as it was after the lit one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError
from annotator.model.codebook import Codebook
from annotator.model.edit import Edit
from annotator.model.readout import Readout
from annotator.pipeline.past import Past
from annotator.plural import many
from annotator.tui import footer, paint, pastview, spoken
from annotator.tui.messages import RowClicked
from annotator.tui.page import LIT, Page
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import WIDE, after_refresh, stands
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.screens.waiting import WaitingScreen
from annotator.tui.widgets.document import DocumentView
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView


class ThenView(DocumentView, can_focus=False):
    """A readout as it was; every sentence that the act touched lies on the ground of the lit."""

    touched: frozenset[int] = frozenset()

    def row_at(self, row: int) -> tuple[Line, str]:
        """Return a row of the page and the colour behind it."""
        line, ground = super().row_at(row)
        key = self.page.key_at(row) if self.page else None
        if self.page and key in self.touched and row >= self.page.rows_of(key)[0]:
            return line, LIT
        return line, ground


class HistoryScreen(WaitingScreen, ListingScreen):
    """Lists what `read` returns, the newest act first; `go_to` lights a code point of the text.

    `read` is called once, in another thread, and may raise AnnotatorError.
    """

    CSS_PATH = "history.tcss"
    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type

    def __init__(
        self,
        readout: Readout,
        codebook: Codebook,
        coder: str,
        read: Callable[[], Sequence[Edit]],
        go_to: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._readout = readout
        self._codebook = codebook
        self._coder = coder
        self._read = read
        self._go_to = go_to
        self._acts = pastview.Acts(Past(coder, ()), codebook)
        self._reading: Worker[None] | None = None
        self._known = False
        self._in_text = False

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        with Container(id="past"):
            yield RowsView(
                lambda _, place, width: self._acts.row(place, width),
                speaker=lambda _, place, width: self._acts.said(place, width),
                id="rows",
            )
            with Container(id="then"):
                yield LinesView(id="told", ground="$surface")
                yield ThenView(id="document")
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Begin to read."""
        self._show_head()
        self.held_changed()
        self._reading = self._look()

    def waits(self) -> bool:
        """Let keys wait until the acts are listed."""
        return not self._known

    def held_changed(self) -> None:
        """Say what is read, and how many keys wait for it."""
        if not self._known:
            waiting = self.and_held() if self.held else ""
            self._say(f"Reading the history …{waiting}", paint.MUTED)

    def say(self, message: str) -> None:
        """Show a message in the place of the lit act."""
        self._say(message, paint.WARN)

    @work(thread=True, group="history")
    def _look(self) -> None:
        problem = ""
        try:
            past = Past(self._coder, self._read())
            past.read()
        except AnnotatorError as error:
            past, problem = Past(self._coder, ()), str(error)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._take, past, problem)

    def _take(self, past: Past, problem: str) -> None:
        if stands(self):
            self._acts.show(past)
            self._known = True
            self.rows.give(range(len(self._acts)))
            self._show_head()
            self._say(problem, paint.WARN)
            self.lit_changed()
            self.call_later(self.let_go)

    def on_resize(self) -> None:
        """Show the lit act at the new size."""
        after_refresh(self, self.lit_changed)

    def _show_head(self) -> None:
        count = len(self._acts.past)
        right = f"{many(count, 'act')}   {self._coder} " if count else ""
        left = (
            Run(" "),
            Run("History", paint.STRONG),
            ink(f"  {self._readout.title}", paint.MUTED),
        )
        self.query_one("#head", LinesView).show(
            lambda width: [paint.ends(left, (ink(right, paint.MUTED),), width)]
        )
        self.query_one("#foot", LinesView).show(self._foot)

    def _foot(self, width: int) -> list[Line]:
        text = "back to the acts" if self._in_text else "scroll the text"
        own = (footer.Key("tab", "⇥", text), footer.Key("enter", "⏎", "go there"))
        return [footer.foot(self.keymap, self.scope, width, own=own)]

    def _say(self, words: str, style: str) -> None:
        told = self.query_one("#told", LinesView)
        told.show(lambda width: paint.prose(words, width, style))

    def lit_changed(self) -> None:
        """Show the readout as it was after the lit act."""
        if not len(self._acts.past) or not stands(self):
            return
        number = self._acts.number(self.rows.lit)
        step, coding = self._acts.step(number), self._acts.past.coding(number)
        told = self.query_one("#told", LinesView)
        room = max(2, told.size.height)
        text = pastview.text_of(coding, self._readout.text)
        earlier = text is not self._readout.text
        count = len(self._acts.past)
        told.show(lambda width: pastview.told(step, count, width, room, earlier=earlier))
        view = self.query_one("#document", ThenView)
        light = pastview.light(step, self._acts.past.edit(number), coding)
        view.touched = pastview.touched(step, coding)
        page = view.page
        keys = pastview.to_mend(page.coding, coding) if page else None
        if page is not None and keys is not None:
            view.mend(coding, keys)
            view.light(light)
        elif view.inner_width > 0:
            view.set_page(Page(text, self._codebook, coding, view.inner_width, light))
        view.refresh()

    async def press(self, key: str) -> bool:
        """Take the keys between the list and the text, any other for its command."""
        if key == "tab":
            self._in_text = not self._in_text
            self._show_head()
        elif key == "enter":
            self._go()
        else:
            return await super().press(key)
        return True

    def _go(self) -> None:
        """Leave for the first sentence that the lit act touched and that is still there."""
        if not len(self._acts.past):
            return
        now = self._acts.past.coding(len(self._acts.past))
        step = self._acts.step(self._acts.number(self.rows.lit))
        place = next((now.sentence(key).start for key in step.keys if key in now.position), None)
        if place is not None:
            self.dismiss()
            self._go_to(place)

    def scroll_by_command(self, command: str) -> None:
        """Move the light, to an act where its number was typed; or move the text."""
        if self._in_text:
            self._count = ""
            self._scroll_text(command)
            return
        if self._count and command in ("first", "last"):
            self._count = str(self._acts.place(int(self._count)) + 1)
        super().scroll_by_command(command)

    def _scroll_text(self, command: str) -> None:
        view = self.query_one("#document", ThenView)
        top, page = view.scroll_offset.y, max(1, view.size.height - 2)
        to = {
            "down": top + 1,
            "up": top - 1,
            "page.down": top + page,
            "page.up": top - page,
            "first": 0,
            "last": view.max_scroll_y,
        }.get(command)
        if to is not None:
            view.scroll_to(0, max(0, to), animate=False)

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if message.row < len(self._acts):
            self.rows.light(message.row)
            self.lit_changed()

    async def go_back(self) -> None:
        """Leave, once nothing reads the history any more: two may not at once."""
        if self._reading is not None:
            await self._reading.wait()
        await super().go_back()
