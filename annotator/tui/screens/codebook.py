"""The codebook, to be read while coding, and to be changed in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from textual import events
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.halftyped import Where, take
from annotator.pipeline.revise import Done, as_written, review
from annotator.tui import footer, paint, revising
from annotator.tui.halftyped import where
from annotator.tui.inquiry import Answers, Inquiry
from annotator.tui.keys import Keymap
from annotator.tui.line import TypedLine
from annotator.tui.paint import Line
from annotator.tui.screens.book import BookScreen
from annotator.tui.screens.keyed import Subject
from annotator.tui.widgets.lines import LinesView

OPEN_ELSEWHERE: Final = (
    "A readout is open, and is marked by the codebook as it is now. A label can be added; leave the"
    " readout, and open the codebook from the library, for any other change."
)
NOT_TAKEN_BACK: Final = (
    "{} takes no change of the codebook back: marks and exports name its version. Version control"
    " does: put the codebook's file and tags back together."
)
WHILE_OPEN: Final = "codebook.add"
"""The change that no mark can be touched by."""
_ASKED: Final = "^u empty · esc leave it"


class CodebookScreen(BookScreen):
    """Asks what is to be changed, shows what that touches, and goes on with what came of it."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self._asked: tuple[Inquiry, Callable[[Answers], revising.Make]] | None = None

    def has_line(self) -> bool:
        """Tell whether a line is being typed, which has keys of its own."""
        return self._asked is not None or super().has_line()

    def half_typed(self) -> tuple[Where, str] | None:
        """Return the answer that is typed; what narrows the list is none."""
        found = self._asked[0].half_typed if self._asked else None
        return (self._where(found[0]), found[1]) if found else None

    def _where(self, question: str) -> Where:
        return where(self, self._asked[0].title if self._asked else "", question)

    def foot(self, width: int) -> list[Line]:
        """Return the line of keys: those of a question, while one waits."""
        if self._asked is None:
            return super().foot(width)
        inquiry, _ = self._asked
        completes = "⇥ complete · " if inquiry.completes else ""
        before = "↑ the question before · " if inquiry.is_under_way else ""
        return footer.of_panel(f"{completes}⏎ next · {before}{_ASKED}", width)

    @property
    def offered(self) -> Keymap:
        """The keys of the changes that can be made: few while a readout is open."""
        whole = super().offered
        if not self.annotator.sessions:
            return whole
        no = revising.CHANGES - {WHILE_OPEN}
        return replace(whole, commands=tuple(c for c in whole.commands if c.id not in no))

    async def press(self, key: str) -> bool:
        """Take keys for the question that waits, else as a list does."""
        if self._asked is None:
            if not self.typing:
                self.say("")
                if key == self.keymap.first("undo"):
                    self.say(NOT_TAKEN_BACK.format(self.keymap.sign("undo")))
                    return True
            return await super().press(key)
        inquiry, make = self._asked
        outcome = inquiry.press(key)
        self.say(inquiry.said)
        if outcome != "open":
            self._asked = None
        self._show_question()
        if outcome == "done":
            self._preview(inquiry, make)
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted into the line that is typed."""
        event.stop()
        if self._asked is None:
            super().on_paste(event)
        else:
            self._asked[0].paste(event.text)
            self._show_question()

    def _show_question(self) -> None:
        self.set_class(self._asked is not None, "-asking")
        self.query_one("#foot", LinesView).show(self.foot)
        if self._asked is not None:
            inquiry = self._asked[0]
            self.query_one("#question", LinesView).show(inquiry.question)
            self.query_one("#ask", LinesView).show(lambda w: [inquiry.line.line(w)])
            if not inquiry.said:
                self.query_one("#status", LinesView).show(lambda w: [inquiry.offers(w)])

    async def run_command(self, command: str) -> None:
        """Change the codebook, walk through what is to be looked at again, or browse."""
        if command == "codebook.review":
            self.say("Looking for marks that are older than a change …", paint.MUTED)
            self.gather("look again", self._to_review)
        elif command in revising.CHANGES:
            self._ask(command)
        else:
            await super().run_command(command)

    def _to_review(self) -> Iterator[tuple[str, int, str]]:
        app, worker = self.annotator, get_current_worker()
        looks = review(app.project, app.coder, stopped=lambda: worker.is_cancelled)
        return ((look.readout, look.start, look.why) for look in looks)

    def _ask(self, command: str) -> None:
        row = self.lit_row
        if self.annotator.sessions and command != WHILE_OPEN:
            self.say(OPEN_ELSEWHERE)
        elif row is not None:
            project = self.annotator.project
            try:
                books = (project.codebook, as_written(project))
                self._asked = revising.way(command, books, row.layer, row.family, row.label)
                inquiry = self._asked[0]
                inquiry.offer(lambda question: take(self._where(question)))
                self.say(inquiry.said)
            except AnnotatorError as error:
                self.say(str(error))
            self._show_question()

    def _preview(self, inquiry: Inquiry, make: Callable[[Answers], revising.Make]) -> None:
        from annotator.tui.screens.revision import RevisionScreen

        def again(problem: AnnotatorError) -> None:
            self._asked = (inquiry, make)
            inquiry.resume(str(problem), getattr(problem, "field", ""))
            self.say(inquiry.said)
            self._show_question()

        try:
            self.app.push_screen(RevisionScreen(make(inquiry.answers), self._revised, again))
        except AnnotatorError as error:
            self.say(str(error))

    def _revised(self, done: Done, said: str, entry: tuple[str, str]) -> None:
        """Go on with the codebook as it is now."""
        from annotator.tui.screens.annotate import AnnotateScreen, follow_codebook

        app = self.annotator
        app.keyring.take()
        for screen in app.screen_stack:
            if isinstance(screen, AnnotateScreen):
                follow_codebook(screen)
        self.line = TypedLine()
        self.show_line()
        self.relist(entry)
        self.count()
        self.say(said, paint.WARN if done.left else paint.GOOD)
