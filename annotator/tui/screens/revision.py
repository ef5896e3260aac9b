"""What a change of the codebook would touch, to be confirmed before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError, Conflict
from annotator.pipeline import revise_words
from annotator.pipeline.revise import Done, Make, Plan, Touched, carry_out, plan
from annotator.plural import many
from annotator.session.session import utc_now
from annotator.tui import footer, paint, spoken
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import WIDE, after_refresh, stands
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

GoOn = Callable[[Done, str, tuple[str, str]], None]
"""Called once it is done, with what to say and the layer and label to light."""
Back = Callable[[AnnotatorError], None]
"""Called where it cannot be done, with the reason, once this screen is closed."""

_NAME: Final = 18
_FACT: Final = 11
_MOST_OF_FACT: Final = 4
"""Rows that one fact of a label takes at most."""
_LIST_AND_KEYS: Final = 6
"""Rows that stay for the title, the readouts, what is asked and the keys."""
STEP: Final = 50
"""After how many readouts it is said how far the writing is."""
REVIEW: Final = "Q walks through the marks to be looked at again."
_ASKS: Final = {
    "looking": "Looking for the marks that it touches …",
    "asking": "y does it, and q leaves everything as it is.",
    "writing": "Writing …",
}


class RevisionScreen(ListingScreen):
    """Lists the readouts whose marks are touched; `y` does it, leaving leaves all as it is.

    It is not Enter, by which the last question before this screen was answered.
    """

    CSS_PATH = "revision.tcss"
    AUTO_FOCUS = "#rows"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's own type

    def __init__(self, make: Make, go_on: GoOn, back: Back) -> None:
        super().__init__()
        self._make = make
        self._go_on = go_on
        self._back = back
        self._plan: Plan | None = None
        self._state: Literal["looking", "asking", "writing"] = "looking"
        self._problem = ""
        self._working: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="told", ground="$surface")
        yield RowsView(self._touched_row, id="rows")
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Look what would happen."""
        self._working = self._look()
        self._show()

    def on_resize(self) -> None:
        """Show it at the new size."""
        after_refresh(self, self._show)

    @work(thread=True, group="revision")
    def _look(self) -> None:
        worker = get_current_worker()
        try:
            found = plan(self.annotator.project, self._make, stopped=lambda: worker.is_cancelled)
        except AnnotatorError as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._impossible, error)
        else:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._looked, found)

    def _looked(self, found: Plan) -> None:
        if stands(self):
            self._plan, self._state = found, "asking"
            self.rows.give(found.touched)
            self._show()

    def _impossible(self, problem: AnnotatorError) -> None:
        """Go back to the answers, none of which is lost."""
        if self.is_current:
            self.app.pop_screen()
            self._back(problem)

    @work(thread=True, group="revision")
    def _write(self, made: Plan) -> None:
        try:
            app = self.annotator
            done = carry_out(app.project, made, app.coder, utc_now(), self._advance)
        except AnnotatorError as error:
            self.app.call_from_thread(self._refused, error)
        else:
            self.app.call_from_thread(self._done, made, done)

    def _advance(self, done: int, of: int) -> None:
        """Say now and then, from the thread that writes, how far it is."""
        if done % STEP == STEP - 1:
            self.app.call_from_thread(self._say, f"Writing … {done:,} of {of:,} readouts")

    def _say(self, words: str) -> None:
        if not stands(self):
            return
        ask = (Run(" "), ink(words, paint.STRONG))
        self.query_one("#ask", LinesView).show(lambda width: [paint.fit(ask, width)])

    def _refused(self, problem: AnnotatorError) -> None:
        self._state, self._problem = "asking", str(problem)
        if isinstance(problem, Conflict):
            self._state, self._working = "looking", self._look()
        self._show()

    def _done(self, made: Plan, done: Done) -> None:
        change = made.revision
        label = change.into[0] if change.kind == "rename" else change.label
        self.app.pop_screen()
        self._go_on(done, revise_words.said(made, done, REVIEW), (change.layer, label))

    def _touched_row(self, one: Touched, place: int, width: int) -> Line:
        room = min(_NAME, width // 6)
        name = paint.cut(one.coder, room)
        name += " " * (room - paint.width((ink(name),)))
        right = ink(f"{many(one.marks, 'mark')} ", paint.MUTED)
        if one.problem:
            right = ink(paint.cut(f"not read: {one.problem} ", max(8, width // 2)), paint.WARN)
        return paint.ends((ink(name, paint.MUTED), ink(f"  {one.readout}")), (right,), width)

    def _show(self) -> None:
        if not stands(self):
            return
        title = (Run(" "), Run("Change the codebook", paint.STRONG))
        right = (ink(f"{self.annotator.coder} ", paint.MUTED),)
        self.query_one("#head", LinesView).show(lambda width: [paint.ends(title, right, width)])
        told = self.query_one("#told", LinesView)
        padding = 0 if self.has_class("-narrow") else 1
        needed = padding + len(self._told(max(8, self.size.width - 2)))
        told.styles.height = max(1, min(needed, self.size.height - _LIST_AND_KEYS))
        told.show(self._told)
        self._say(_ASKS[self._state])
        self.query_one("#foot", LinesView).show(self._foot)

    def _told(self, width: int) -> list[Line]:
        lines = paint.prose(self._problem, width, paint.WARN) if self._problem else []
        if self._plan is not None:
            lines += told(self._plan, self.annotator.coder, width)
        return lines

    def _foot(self, width: int) -> list[Line]:
        own = [footer.Key("y", "y", "do it")]
        if self._plan is not None and self._plan.revision.kind != "add":
            own.append(footer.Key("v", "v", "look again, or not"))
        return [footer.foot(self.keymap, self.scope, width, own=own)]

    async def press(self, key: str) -> bool:
        """Take the keys of this screen, any other for its command."""
        made = self._plan
        if key == "y":
            if self._state == "asking" and made is not None:
                self._state, self._problem = "writing", ""
                self._working = self._write(made)
                self._show()
        elif key == "v":
            if self._state == "asking" and made is not None and made.revision.kind != "add":
                self._plan = made.looked_at(again=not made.revision.review)
                self._show()
        else:
            return await super().press(key)
        return True

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        self.rows.light(message.row)

    async def may_leave(self) -> bool:
        """Wait until what is being written is on disk."""
        if self._working is not None and self._state == "writing":
            await self._working.wait()
        return True

    async def go_back(self) -> None:
        """Leave everything as it is; nobody can once it is being written."""
        if self._state != "writing":
            await super().go_back()


def told(made: Plan, coder: str, width: int) -> list[Line]:
    """Say what a change is and what it touches."""
    first, *rest = revise_words.described(made, coder)
    lines = paint.prose(first, width, paint.STRONG)
    for words in rest:
        lines += paint.prose(words, width)
    if made.marks:
        again = "are to be looked at again" if made.revision.review else "need no other look"
        lines += paint.prose(f"They {again}; v changes that.", width, paint.MUTED)
    for at, (name, value) in enumerate(revise_words.facts(made)):
        lines += [()] if at and name == "id" else []  # Another label begins.
        rows = paint.prose(value, max(8, width - _FACT), rows=_MOST_OF_FACT)
        for place, row in enumerate(rows):
            lines.append((Run(("" if place else name).ljust(_FACT), paint.MUTED), *row))
    return lines
