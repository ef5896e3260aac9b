"""Find: a line to type into, and every place that answers, with the words around it."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.find import Found, Query, find, parse
from annotator.tui import paint
from annotator.tui.keys import Scope
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.listing import TypingScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

MOST = 5_000
"""How many places are listed at most."""
BATCH = 200
HINT = "words   label:…  layer:…  state:…  flag:yes  note:…"


class FindScreen(TypingScreen):
    """Lists what answers; Enter opens it, and coming back finds the list as it was."""

    scope: ClassVar[Scope] = "find"
    CSS_PATH = "find.tcss"
    AUTO_FOCUS = "#rows"
    hint = HINT

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Found] = []
        self.typing = True

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="line", ground="$choice")
        yield RowsView(self._row, id="rows")
        yield LinesView(id="status")
        yield LinesView(id="foot", ground="$panel")

    def on_mount(self) -> None:
        """Show the title."""
        title = (Run(" "), Run("Find", paint.STRONG), Run("  in the whole project", paint.MUTED))
        self.query_one("#head", LinesView).show(lambda width: [title])
        self.show_line()

    def _row(self, place: int, width: int) -> Line:
        found = self._found[place]
        name = paint.cut(found.readout, 22)
        name = name + " " * (22 - paint.width((ink(name),)))
        room = max(10, width - 24)
        middle = paint.cut(found.exact, max(8, room // 2))
        side = max(4, (room - len(middle)) // 2)
        before = paint.show(found.before)[-side:]
        labels = f"   {', '.join(found.labels)}" if found.labels else ""
        return paint.ends(
            (
                ink(name, paint.MUTED),
                Run("  "),
                ink(before, paint.MUTED),
                ink(middle, "bold $accent"),
                ink(found.after, paint.MUTED),
                ink(labels, "$family-blue"),
            ),
            (),
            width,
        )

    async def leave_line(self, key: str) -> None:
        """Go to the list where there is one, else leave."""
        if key == "escape" and not self._found:
            await self.go_back()
        self.typing = not self._found

    def typed(self) -> None:
        """Look for what is typed."""
        self._found = []
        self.rows.set_count(0)
        try:
            query = parse(self.line.value, self.annotator.project.codebook)
        except AnnotatorError as error:
            self._say(str(error))
            return
        self._search(query)

    @work(thread=True, exclusive=True, group="find")
    def _search(self, query: Query) -> None:
        worker = get_current_worker()
        found: list[Found] = []
        shown = 0
        index = self.annotator.catalogue.index
        try:
            for place in find(self.annotator.project, self.annotator.coder, query, index):
                if worker.is_cancelled:
                    return
                found.append(place)
                if len(found) >= MOST:
                    break
                if len(found) - shown >= BATCH:
                    shown = len(found)
                    self.app.call_from_thread(self._take, list(found), "")
        except AnnotatorError as error:
            self.app.call_from_thread(self._say, str(error))
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, found, _count(len(found), query))

    def _take(self, found: list[Found], said: str) -> None:
        if self.is_attached:
            self._found = found
            self.rows.set_count(len(found))
            self._say(said or f"{len(found)} so far …")

    def _say(self, words: str) -> None:
        self.query_one("#status", LinesView).show(
            lambda width: [(Run(" "), ink(paint.cut(words, width - 2), paint.MUTED))]
        )

    async def run_command(self, command: str) -> None:
        """Open a place, go back to the line, or do what the table says."""
        if command == "open":
            self._open()
        elif command == "find":
            self.typing = True
            self.show_line()
        else:
            await super().run_command(command)

    def _open(self) -> None:
        if not self._found:
            return
        found = self._found[self.rows.lit]
        try:
            self.annotator.code(found.readout, found.start)
        except AnnotatorError as error:
            self._say(str(error))

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if message.row < len(self._found):
            self.typing = False
            self.show_line()
            self.rows.light(message.row)
            if message.again:
                self._open()


def _count(count: int, query: Query) -> str:
    if not query.phrase and not query.terms:
        return ""
    if count >= MOST:
        return f"{MOST} places and more; add a word to see fewer."
    return "Nothing found." if not count else f"{count} place{'s' if count > 1 else ''}"
