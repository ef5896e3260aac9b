"""Find: a line to type into, and every place that answers, with the words around it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.model.edit import Coding
from annotator.model.sentence import Sentence
from annotator.pipeline import concordance
from annotator.pipeline.find import Found, coded, relabelled
from annotator.pipeline.halftyped import Where, take
from annotator.pipeline.query import parse
from annotator.plural import many
from annotator.tui import kwic, paint, spoken
from annotator.tui.halftyped import where
from annotator.tui.keys import Scope
from annotator.tui.messages import RowClicked
from annotator.tui.paint import Line, Run
from annotator.tui.queue import Queue
from annotator.tui.screens.keyed import stands
from annotator.tui.screens.search import SearchScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp

CLIPBOARD = 50_000
"""Bytes that are copied at most: many terminals take no more."""
KEPT = 64
"""Sentences whose marks are kept to be shown again."""
TITLE = 32
"""Cells that a queue's name has, so that the numbers behind it stay in sight."""
MOST_SAID = 3
"""Rows that a message takes at most."""
HINT = "words, fields or both"


class FindScreen(SearchScreen):
    """Lists what answers; Enter opens it, and coming back finds the list as it was."""

    scope: ClassVar[Scope] = "find"
    CSS_PATH = "find.tcss"
    AUTO_FOCUS = "#rows"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]  # noqa: RUF012 - Textual's own type
    hint = HINT

    def __init__(self, left: FindScreen | None = None) -> None:
        """Begin with an empty line, or with all that stood in a screen that was left."""
        super().__init__()
        self._left = left
        self._opened = 0
        self._shown: list[Found] = []
        self._order: kwic.Order = "place"
        self._marks: OrderedDict[Found, tuple[Coding, Sentence] | None] = OrderedDict()

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="line", ground="$choice")
        yield LinesView(id="offers")
        yield RowsView(
            self._row,
            speaker=lambda one, at, _: spoken.found(one, self.annotator.coder),
            id="rows",
        )
        yield LinesView(id="leaf", ground="$surface", pad=1)
        yield LinesView(id="status", rows=MOST_SAID)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Show the title."""
        title = (Run(" "), Run("Find", paint.STRONG), Run("  in the whole project", paint.MUTED))
        self.query_one("#head", LinesView).show(lambda width: [title])
        self._look_up()
        if self._left is None and (again := take(where(self))):
            self.line.insert(again)
            self.line.proposed = True  # Whoever looks for something else types over it.
            self.typed()
        self.show_line()
        self.lit_changed()
        if self._left is not None:
            self._go_on_from(self._left)
            self._left = None

    def _go_on_from(self, left: FindScreen) -> None:
        """List what another screen listed, and go on looking where that had not looked to the end.

        What is coded of it by now is read as this screen comes up.
        """
        self._order, self.line.value, self.typing = left._order, left.line.value, False
        if left._searching:
            self.typed()
        else:
            self.take_found(left.found, left.said)
            self.rows.light(left._opened)
        self.show_line()
        self.lit_changed()

    def on_screen_resume(self) -> None:
        """Read again what may have been coded while another screen was open."""
        self._marks.clear()
        self.lit_changed()
        if self.found:
            listed, asked = self.found, self.line.value
            look = partial(_look_again, self.annotator, asked, listed, self.take_found)
            self.run_worker(look, thread=True, exclusive=True, group="again")

    @work(thread=True, exclusive=True, group="index")
    def _look_up(self) -> None:
        """Bring up what the line can be completed with, where the library was left too soon."""
        worker = get_current_worker()
        try:
            self.annotator.catalogue.refresh(lambda *told: None, lambda: worker.is_cancelled)
        except AnnotatorError:  # To look for something says what is wrong.
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(_show_words, self)

    def _row(self, found: Found, place: int, width: int) -> Line:
        app = self.annotator
        return kwic.row(found, width, coder=app.coder, book=app.project.codebook)

    def half_typed(self) -> tuple[Where, str] | None:
        """Return the query, as long as it is typed."""
        typed = self.line.value if self.typing else ""
        return (where(self), typed) if typed.strip() else None

    def list_found(self) -> None:
        """List what was found in the order that was chosen."""
        self._shown = kwic.arranged(self.found, self._order)
        self.set_class(bool(self._shown), "-found")
        self.rows.give(self._shown)
        sorted_by = f"   sorted {kwic.SAID[self._order]}" if self._order != "place" else ""
        self.say(f"{self.said}{sorted_by}")
        self.lit_changed()

    def warn(self, words: str) -> None:
        """Say what is wrong, in the colour of warnings."""
        self.say(words, paint.WARN)

    def say(self, words: str, style: str = paint.MUTED) -> None:
        """Say something beneath the list."""
        self.query_one("#status", LinesView).show(
            lambda width: paint.beneath(words, width, style, rows=MOST_SAID)
        )

    def lit_changed(self) -> None:
        """Show the whole sentence of the lit row, with its marks once they are read."""
        bare = not self.line.value.strip()
        self.set_class(bare, "-bare")
        if not self._shown:
            book = self.annotator.project.codebook
            self.query_one("#leaf", LinesView).show(
                lambda width: kwic.guide(book, width) if bare else [], of=bare
            )
            return
        found = self._shown[self.rows.lit]
        if found not in self._marks and not self.has_class("-low"):
            self._read(found)
        known, book = self._marks.get(found), self.annotator.project.codebook
        self.query_one("#leaf", LinesView).show(
            lambda width: kwic.preview(found, known, book, width)
        )

    @work(thread=True, exclusive=True, group="leaf")
    def _read(self, found: Found) -> None:
        marks = coded(self.annotator.project, found)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._keep, found, marks)

    def _keep(self, found: Found, marks: tuple[Coding, Sentence] | None) -> None:
        if stands(self):
            self._marks[found] = marks
            if len(self._marks) > KEPT:
                self._marks.popitem(last=False)
            if self._shown and self._shown[self.rows.lit] == found:
                self.lit_changed()

    async def run_command(self, command: str) -> None:
        """Open a place, go back to the line, or do what the table says."""
        match command:
            case "open":
                self._open()
            case "find":
                self.typing = True
                self.show_line()
            case "find.sort":
                place = kwic.ORDERS.index(self._order) + 1
                self._order = kwic.ORDERS[place % len(kwic.ORDERS)]
                self.list_found()
            case "find.copy" | "find.copy.all" if self._shown:
                all_of_them = command == "find.copy.all"
                self._copy(self._shown if all_of_them else [self._shown[self.rows.lit]])
            case "find.save" if self._shown:
                self._save()
            case "find.copy" | "find.copy.all" | "find.save":
                self.say("There is nothing to take along yet.")
            case _:
                await super().run_command(command)

    def _open(self) -> None:
        from annotator.tui.screens.annotate import AnnotateScreen

        if not self._shown:
            return
        self._opened = self.rows.lit
        places, at = kwic.places_of(self._shown, self.rows.lit)
        try:
            title = paint.cut(" ".join(self.line.value.split()), TITLE)
            queue = Queue(f"“{title}”", places, at)
            self.annotator.walk(queue)
            here = self.app.screen
            if self not in self.app.screen_stack and isinstance(here, AnnotateScreen):
                queue.back = lambda: here.app.push_screen(FindScreen(self))
                back = self.keymap.sign("back")
                here.say(f"{here.bench.message}  {back} goes back to the list.".lstrip())
        except AnnotatorError as error:
            self.say(str(error), paint.WARN)

    def _copy(self, places: list[Found]) -> None:
        taken, room = 0, CLIPBOARD
        for place in places:
            room -= len(concordance.as_text([place]).encode()) + 1
            if room < 0:
                break
            taken += 1
        self.app.copy_to_clipboard(concordance.as_text(places[:taken]))
        less = f" of {len(places):,}; a clipboard takes no more" if taken < len(places) else ""
        self.say(
            f"{many(taken, 'place')}{less} sent to the clipboard, if this terminal allows that."
        )

    def _save(self) -> None:
        project = self.annotator.project
        try:
            path = concordance.save(project, self._shown, datetime.now(UTC))
            self.say(f"{many(len(self._shown), 'place')} written to {project.paths.shown(path)}.")
        except AnnotatorError as error:
            self.say(str(error), paint.WARN)

    @on(RowClicked)
    def _clicked(self, message: RowClicked) -> None:
        message.stop()
        if message.row < len(self._shown):
            self.typing = False
            self.show_line()
            self.rows.light(message.row)
            self.lit_changed()
            if message.again:
                self._open()


def _show_words(screen: FindScreen) -> None:
    """Offer words for the line, unless the screen was left meanwhile."""
    if stands(screen):
        screen.show_line()


def _look_again(
    app: AnnotatorApp,
    asked: str,
    places: list[Found],
    take: Callable[[list[Found], str | None, list[Found]], None],
) -> None:
    """Bring places that are listed up to what is coded now; what cannot be read stays."""
    worker = get_current_worker()
    try:
        query, index = parse(asked, app.project.codebook), app.catalogue.index
        found = relabelled(
            app.project, app.coder, query, places, index, lambda: worker.is_cancelled
        )
    except AnnotatorError:
        return
    if found != places and not worker.is_cancelled:
        app.call_from_thread(take, found, None, places)
