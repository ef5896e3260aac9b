"""Find: a line to type into, and every place that answers, with the words around it."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.find import Found, Query, find, parse
from annotator.tui import paint
from annotator.tui.keys import Scope
from annotator.tui.line import TypedLine
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.listing import ListingScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

MOST = 5_000
"""How many places are listed at most."""
BATCH = 200
HINT = "words   label:…  layer:…  state:…  flag:yes  note:…"


class FindScreen(ListingScreen):
    """Lists what answers; Enter opens it, and coming back finds the list as it was."""

    scope: ClassVar[Scope] = "find"
    CSS_PATH = "find.tcss"
    AUTO_FOCUS = "#rows"

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Found] = []
        self._line = TypedLine()
        self._typing = True

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="query", ground="$choice")
        yield RowsView(self._row, id="rows")
        yield LinesView(id="status")
        yield LinesView(id="foot", ground="$panel")

    def on_mount(self) -> None:
        """Show the title."""
        title = (Run(" "), Run("Find", paint.STRONG), Run("  in the whole project", paint.MUTED))
        self.query_one("#head", LinesView).show(lambda width: [title])
        self._show_line()

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

    def _show_line(self) -> None:
        line = self._line
        shown = line.line if self._typing else partial(_at_rest, line.value)
        self.query_one("#query", LinesView).show(lambda width: [shown(width, hint=HINT)])

    async def press(self, key: str) -> bool:
        """Take keys for the line, and for the list once the line is left."""
        if not self._typing:
            return await super().press(key)
        if key == "escape" and not self._found:
            await self.go_back()
        elif key in ("escape", "enter", "down", "tab"):
            self._typing = not self._found
        elif self._line.press(key):
            self._look_for()
        else:
            return await super().press(key)
        self._show_line()
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted into the line."""
        if self._typing:
            self._line.insert(event.text)
            self._look_for()
            self._show_line()

    def _look_for(self) -> None:
        self._found = []
        self.rows.set_count(0)
        try:
            query = parse(self._line.value, self.annotator.project.codebook)
        except AnnotatorError as error:
            self._say(str(error))
            return
        self._search(query)

    @work(thread=True, exclusive=True, group="find")
    def _search(self, query: Query) -> None:
        worker = get_current_worker()
        found: list[Found] = []
        shown = 0
        for place in find(self.annotator.project, self.annotator.coder, query):
            if worker.is_cancelled:
                return
            found.append(place)
            if len(found) >= MOST:
                break
            if len(found) - shown >= BATCH:
                shown = len(found)
                self.app.call_from_thread(self._take, list(found), "")
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
            self._typing = True
            self._show_line()
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
            self._typing = False
            self._show_line()
            self.rows.light(message.row)
            if message.again:
                self._open()


def _count(count: int, query: Query) -> str:
    if not query.phrase and not query.terms:
        return ""
    if count >= MOST:
        return f"{MOST} places and more; add a word to see fewer."
    return "Nothing found." if not count else f"{count} place{'s' if count > 1 else ''}"


def _at_rest(value: str, width: int, *, hint: str) -> Line:
    return (Run(" "), ink(paint.cut(value or hint, width - 2), paint.MUTED))
