"""What became of a coding since its readout's text changed, to be confirmed before it is moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual import on, work
from textual.app import ComposeResult
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError, Conflict, TextChanged
from annotator.pipeline.moving import Moving, move, moving, told
from annotator.session.session import utc_now
from annotator.tui import footer, moveview, paint, spoken
from annotator.tui.keys import shown
from annotator.tui.messages import RowClicked
from annotator.tui.moveview import MoveView, State
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import WIDE, KeyedScreen, after_refresh, stands
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

ROOMY: Final = 30
"""Rows from which there is room to explain."""
NOT_CHANGED: Final = "The text is the one that is coded."
LOOKING: Final = "Looking where your work stands in the new text …"
SAME_TEXT: Final = (
    "The file of this readout changed, its text did not: every mark stands as it was."
)


class MovingScreen(ListingScreen):
    """Lists what moved and what lost its place; Enter moves the coding, and opens it.

    `go_on` is called once it is moved, with what there is to say; it may raise AnnotatorError.
    Leaving the screen leaves everything as it is.
    """

    CSS_PATH = "moving.tcss"
    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type

    def __init__(self, readout_id: str, go_on: Callable[[str], None]) -> None:
        super().__init__()
        self._readout_id = readout_id
        self._go_on = go_on
        self._moving: Moving | None = None
        self._view: MoveView | None = None
        self._state: State = "looking"
        self._problem = ""
        self._working: Worker[None] | None = None
        self._in_lit = False

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="told", ground="$surface")
        yield RowsView(self._row, id="rows")
        yield LinesView(id="body", ground="$surface")
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Look what would happen."""
        self._working = self._look()
        self._show()

    def on_resize(self) -> None:
        """Show it at the new size."""
        after_refresh(self, self._show)

    @work(thread=True, group="moving")
    def _look(self) -> None:
        found: Moving | None = None
        problem = ""
        try:
            found = moving(self.annotator.project, self.annotator.coder, self._readout_id)
        except AnnotatorError as error:
            problem = str(error)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._looked, found, problem)

    def _looked(self, found: Moving | None, problem: str) -> None:
        if not stands(self):
            return
        self._moving, self._view = found, None
        self._state = "stuck" if problem else "asking"
        self._problem = problem or self._problem
        if found is not None:
            self._view = MoveView(self.annotator.project.codebook, found)
            self.rows.give([(self._view, place) for place in range(len(self._view))])
            if found.same_text and not self._problem:
                self._confirm()
        elif not problem:
            self._open(NOT_CHANGED)
        self._show()

    @work(thread=True, group="moving")
    def _write(self, asked: Moving) -> None:
        try:
            move(self.annotator.project, asked, utc_now())
        except AnnotatorError as error:
            self.app.call_from_thread(self._refused, error)
        else:
            said = SAME_TEXT if asked.same_text else told(asked.anchoring.counts)
            self.app.call_from_thread(self._open, said)

    def _open(self, said: str) -> None:
        try:
            self._go_on(said)
        except AnnotatorError as error:
            self._refused(error)

    def _refused(self, problem: AnnotatorError) -> None:
        """Say why it was not done; what is listed is looked up again where it no longer holds."""
        self._state, self._problem = "asking", str(problem)
        if isinstance(problem, Conflict | TextChanged):
            self._state, self._working = "looking", self._look()
        self._show()

    def _confirm(self) -> None:
        if self._state == "asking" and self._moving is not None:
            self._state, self._problem = "writing", ""
            self._working = self._write(self._moving)
            self._show()

    def _row(self, move: tuple[MoveView, int], place: int, width: int) -> Line:
        return move[0].row(move[1], width)

    def _show(self) -> None:
        if not stands(self):
            return
        self.set_class(not (self._view and len(self._view)), "-bare")
        right = (ink(f"{self.annotator.coder} ", paint.MUTED),)
        name = self._view.title if self._view else self._readout_id
        title = (Run(" "), Run("The text changed", paint.STRONG), ink(f"  {name}", paint.MUTED))
        self.query_one("#head", LinesView).show(lambda width: [paint.ends(title, right, width)])
        roomy = self.size.height >= ROOMY
        said = self.query_one("#told", LinesView)
        if not self.has_class("-bare"):
            above = 0 if self.has_class("-narrow") else 2
            said.styles.height = above + len(self._told(max(8, self.size.width - 2), roomy=roomy))
        said.show(lambda width: self._told(width, roomy=roomy))
        ask = self.query_one("#ask", LinesView)
        ask.styles.height = 3 if roomy else 1
        ask.show(lambda width: moveview.ask(self._state, width, roomy=roomy))
        self.query_one("#foot", LinesView).show(self._foot)
        self.lit_changed()

    def _told(self, width: int, *, roomy: bool) -> list[Line]:
        if self._view is not None and not self._problem:
            return self._view.told(width, roomy=roomy)
        if self._problem:
            told = paint.prose(self._problem, width, paint.WARN)
            return [*told, *(self._view.counts(width) if self._view else ())]
        return paint.prose(LOOKING, width, paint.MUTED)

    def _foot(self, width: int) -> list[Line]:
        words = "back to the list" if self._in_lit else "scroll what is lit"
        own = [footer.Key("tab", "⇥", words)]
        if self._view and self._view.lost:
            waits = next(c.keys[0] for c in self.keymap.commands if c.id == "waiting.next")
            own.insert(0, footer.Key(waits, shown(waits), "next that lost its place"))
        if not (self._view and len(self._view)):
            own = []
        return [footer.foot(self.keymap, self.scope, width, own=own)]

    def lit_changed(self) -> None:
        """Show the lit one in full."""
        view, place = self._view, self.rows.lit
        if stands(self) and view is not None and len(view):
            self.query_one("#body", LinesView).show(lambda width: view.lit(place, width))

    async def press(self, key: str) -> bool:
        """Take the keys of this screen, any other for its command."""
        waiting = self.keymap.command("library", key)
        if key == "enter":
            self._confirm()
        elif key == "tab":
            self._in_lit = not self._in_lit
            self._show()
        elif waiting is not None and waiting.id == "waiting.next":
            place = self._view.next_lost(self.rows.lit) if self._view else None
            if place is not None:
                self.rows.light(place)
                self.lit_changed()
        else:
            return await super().press(key)
        return True

    def scroll_by_command(self, command: str) -> None:
        """Move the light, or what is lit."""
        mover = KeyedScreen if self._in_lit else ListingScreen
        mover.scroll_by_command(self, command)

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if self._view is not None and message.row < len(self._view):
            self.rows.light(message.row)
            self.lit_changed()

    async def may_leave(self) -> bool:
        """Wait until what is being written is on disk."""
        if self._working is not None:
            await self._working.wait()
        return True

    async def go_back(self) -> None:
        """Leave everything as it is; nobody can once it is being written."""
        if self._state != "writing":
            await super().go_back()
