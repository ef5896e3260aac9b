"""The app: it wires the screens to a project and a coder, and leaves the terminal clean."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.app import App
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.command import Provider
from textual.driver import Driver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.message_pump import MessagePump
from textual.screen import Screen

from annotator import crash
from annotator.errors import AnnotatorError, TextChanged
from annotator.files import printable, without_hidden
from annotator.pipeline.catalogue import Catalogue
from annotator.pipeline.project import Project
from annotator.standing import MONO, Standing
from annotator.tui import suspending, themes
from annotator.tui.cursor import shown_cursor
from annotator.tui.guard import guarded
from annotator.tui.intake import with_intake
from annotator.tui.keyring import Keyring
from annotator.tui.manner import Manner
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.sheet import Sheet
from annotator.tui.themes import Plain
from annotator.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from annotator.pipeline.about import Past
    from annotator.pipeline.exporting import Choice
    from annotator.pipeline.register import Done
    from annotator.session.session import Session
    from annotator.tui.queue import Queue


class Wall(LineFilter):
    """Takes out of every segment what is hidden: the second wall, behind `paint`."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without control characters; control segments are Textual's own."""
        return [
            segment
            if segment.control or (segment.text.isascii() and segment.text.isprintable())
            else Segment(without_hidden(segment.text), segment.style)
            for segment in segments
        ]


class Words(LineFilter):
    """Takes the drawn lines out, which a screen reader would spell out."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with blanks where lines and blocks are drawn."""
        return [
            Segment(segment.text.translate(_DRAWN), segment.style)
            if not segment.control and not segment.text.isascii()
            else segment
            for segment in segments
        ]


_DRAWN: Final = dict.fromkeys(range(0x2500, 0x25A0), " ")


def _look_for_garbage_again() -> None:
    """Collect garbage from now on where the start left it, but never among what was loaded."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _after_all(nodes: Sequence[MessagePump], callback: Callable[[], Awaitable[None]]) -> None:
    """Call once each of these has seen to all it was sent, one after the other."""
    first, *others = nodes
    if others:
        first.call_later(_after_all, others, callback)
    else:
        first.call_later(callback)


def _palette() -> type[Provider]:
    from annotator.tui.commands import TableCommands

    return TableCommands


class AnnotatorApp(App[None]):
    """Knows the project, the coder and the sessions that are open; everything else is screens.

    Once it is `ending`, nothing that was typed is obeyed any more: what waits may be much, and must
    not take the terminal again. Where it ends by a defect it does so in time: `end_in_time` is told
    of the exit code.
    """

    TITLE = "Annotator"
    CSS = "Screen { background: $background; }"
    # Textual reads the styles of pushed screens, but not of the first one.
    CSS_PATH = "screens/library.tcss"
    ALLOW_SELECT = False
    COMMANDS = {_palette}  # noqa: RUF012 - Textual's own type
    # The key of Textual's would overtake those that were typed before it.
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", priority=True, show=False),
    ]

    def __init__(
        self,
        project: Project,
        coder: str,
        readout_id: str | None = None,
        standing: Standing | None = None,
    ) -> None:
        super().__init__()
        self.project = project
        self.coder = coder
        now = standing or Standing.of(project.settings)
        self.keyring = Keyring(project, now, held=lambda: bool(self.sessions))
        self.manner = Manner.of(now.settings)
        self.catalogue = Catalogue(project, coder)
        self.shelf = self.catalogue.shelf
        self.sessions: list[Session] = []
        self.abouts: dict[str, Past] = {}
        self.queue: Queue | None = None
        self.to_export: Choice | None = None
        self.registered: Done | None = None
        self.left = ""
        self.last_words = ""
        self.failure = 0
        self.end_in_time: Callable[[int], None] = lambda code: None
        self.ending = False
        self._first = readout_id
        self._words = Words()
        self._walls = [Wall(), *([Plain()] if now.settings.theme == MONO else [])]
        self._loop_of_events: asyncio.AbstractEventLoop | None = None
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.theme = themes.require(now.settings.theme, now.origin("theme"))
        self.stylesheet = Sheet(variables=self.get_css_variables())

    def get_default_screen(self) -> Screen[object]:
        """Begin with the library, which stays beneath everything else."""
        return LibraryScreen()  # type: ignore[return-value]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colours that ours have besides Textual's."""
        return themes.defaults(dark=self.current_theme.dark)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Put the walls behind every other filter; what NO_COLOR means, the settings say."""
        found = [f for f in super().get_line_filters() if not isinstance(f, Monochrome | NoColor)]
        return [*found, *([self._words] if self.manner.reader else []), *self._walls]

    def get_driver_class(self) -> type[Driver]:
        """Take keys and pastes for what they are, and show the cursor where somebody follows it."""
        driver = with_intake(super().get_driver_class())
        return shown_cursor(driver, lambda: self.manner.reader)

    def on_mount(self) -> None:
        """Open the readout that was named."""
        self._loop_of_events = asyncio.get_running_loop()
        if not (self.is_headless or self.is_web):
            suspending.obey(self, self._loop_of_events)
        if self._first is not None:
            try:
                self.code(self._first)
            except AnnotatorError as error:
                self.give_up(error)

    def on_ready(self) -> None:
        """Go on with what waited until something is painted."""
        _look_for_garbage_again()

    def give_up(self, error: AnnotatorError) -> None:
        """End the program with what is wrong."""
        self.last_words, self.failure, self.ending = str(error), error.exit_code, True
        self.exit()

    def end_from_outside(self, code: int) -> None:
        """Save, and leave with an exit code; may be called from any thread, and returns at once."""
        if self._loop_of_events is not None:
            self._loop_of_events.call_soon_threadsafe(self._end, code)

    def _end(self, code: int) -> None:
        self.ending = True
        _save_all_there_is(self)
        self.exit(return_code=code)

    def code(
        self,
        readout_id: str,
        offset: int | None = None,
        instead_of: Session | None = None,
        moved: str = "",
    ) -> None:
        """Open a readout for coding at a code point of its text; raises AnnotatorError.

        With `instead_of`, it takes the place of the screen of that session, which is closed. Where
        the text changed since it was coded, a screen shows what moved, and opens it once it is
        confirmed: then it is left, and the coder is told what `moved`.
        """
        from annotator.session.walk import sentence_at
        from annotator.tui.opening import open_session
        from annotator.tui.screens.annotate import AnnotateScreen

        coding = (screen for screen in self.screen_stack if isinstance(screen, AnnotateScreen))
        already = next((s for s in coding if s.session.readout.id == readout_id), None)
        if already is not None and already.session is not instead_of:
            while self.screen is not already:
                self.pop_screen()
            already.go_to(offset or 0)
            return
        self.keyring.look()
        try:
            session = open_session(self.project, self.coder, readout_id)
        except TextChanged:
            if moved:
                raise
            from annotator.tui.screens.moving import MovingScreen

            go_on = partial(self.code, readout_id, offset, instead_of)
            self.push_screen(MovingScreen(readout_id, go_on))
            return
        if moved:
            self.pop_screen()
            session.notice = f"{moved}  {session.notice}".rstrip()
        self.sessions.append(session)
        self.catalogue.forget(readout_id)
        start = None if offset is None else sentence_at(session.coding, offset)
        screen = AnnotateScreen(session, start)
        if instead_of is None:
            self.push_screen(screen)
        else:
            self.close_session(instead_of)
            self.switch_screen(screen)

    def walk(self, queue: Queue) -> None:
        """Keep a queue to be walked through, and open its place; raises as `code` does."""
        from annotator.tui import turning
        from annotator.tui.screens.annotate import AnnotateScreen

        self.queue = queue
        self.code(queue.here.readout, queue.here.start)
        if isinstance(self.screen, AnnotateScreen) and self.screen.is_mounted:
            turning.arrive(self.screen)

    def close_session(self, session: Session) -> None:
        """Save and close a session; what cannot be saved is told when the program ends."""
        from annotator.tui import bars
        from annotator.tui.opening import kept

        if session in self.sessions:
            self.sessions.remove(session)
            self.left = session.readout.id
            try:
                session.close()
            except AnnotatorError as error:
                said = f"{bars.unsaved(session)} not saved: {error}"
                self.last_words, self.failure = f"{said} {kept(session)}", error.exit_code
            self.catalogue.forget(session.readout.id)

    def close_all(self) -> None:
        """Save and close every session."""
        for session in list(self.sessions):
            self.close_session(session)

    async def save_all(self) -> bool:
        """Bring every session's edits to disk; return whether all of them are there."""
        from annotator.tui.screens.annotate import AnnotateScreen

        coding = [screen for screen in self.screen_stack if isinstance(screen, AnnotateScreen)]
        return all([await screen.save() for screen in coding])

    def toggle_theme(self) -> None:
        """Change between the dark and the light theme of the same kind."""
        self.theme = themes.counterpart(self.current_theme)

    def toggle_reader(self) -> None:
        """Show everything in words, or as before."""
        self.manner.reader = not self.manner.reader
        for screen in self.screen_stack:
            screen.set_class(self.manner.reader, "-reader")
            if isinstance(screen, KeyedScreen):
                screen.say("")
                screen.call_after_refresh(screen.say, "")
            for view in screen.query(LinesView):
                view.relay()
                view.refresh()
        self.refresh_css(animate=False)
        if not self.is_headless:
            # Whether the terminal shows its cursor is said when its screen is taken.
            suspending.take_the_screen_anew(self)

    async def action_quit(self) -> None:
        """Leave, once every key that was pressed before has done its work."""
        # This key overtakes those that still wait for the widget that has the focus; they go from
        # there up to the screen, and so does the wish to leave.
        waiting = self.screen.focused or self.screen
        _after_all([*waiting.ancestors_with_self], partial(_leave, self))

    def _fatal_error(self) -> None:
        """Write a private report in place of a traceback that shows what was worked on."""
        self.panic()

    def panic(self, *renderables: object) -> None:
        """Stop on a defect, without what Textual would print: it may show what it must not."""
        if not self.failure:
            error = sys.exc_info()[1] or RuntimeError("the screens' library gave up")
            if isinstance(error, AnnotatorError):
                self.last_words, self.failure = str(error), error.exit_code
            else:
                self.last_words, self.failure = crash.line(error), crash.EXIT_CODE
        if not self.ending:
            self.ending = True
            self.end_in_time(self.failure)
        self._close_messages_no_wait()


async def _leave(app: AnnotatorApp) -> None:
    """End the program, once everything is on disk."""
    for screen in app.screen_stack:
        if isinstance(screen, KeyedScreen) and not await screen.may_leave():
            return
    app.ending = True
    app.close_all()
    app.exit()


def _save_all_there_is(app: AnnotatorApp) -> None:
    """Save and close every session, and keep what is being typed."""
    from annotator.tui.halftyped import keep_all

    try:
        app.close_all()
    finally:
        keep_all(app)


def _farewell(app: AnnotatorApp) -> str:
    """Return what is to be told on the terminal once the screen is left, with its line feed."""
    return f"annotator: {printable(app.last_words)}\n" if app.last_words else ""


def run(
    project: Project, coder: str, readout_id: str | None = None, standing: Standing | None = None
) -> int:
    """Open a project on the screen; return the exit code when the person leaves.

    `standing` are the settings that hold; without them, those of the project. Raises
    AnnotatorError where the readout or the codebook cannot be opened.
    """
    app = AnnotatorApp(project, coder, readout_id, standing)
    try:
        told = partial(_farewell, app)
        with guarded(
            app.end_from_outside, partial(_save_all_there_is, app), told
        ) as app.end_in_time:
            app.run()
    finally:
        suspending.release()
        app.close_all()
        app.catalogue.close()
    sys.stderr.write(_farewell(app))
    return app.failure or app.return_code or 0
