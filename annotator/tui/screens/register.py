"""The register: everybody in the project, renamed and merged across readouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline import register
from annotator.pipeline.roll import Entry, Register
from annotator.plural import many
from annotator.session.session import utc_now
from annotator.tui import castview
from annotator.tui.keys import Keymap
from annotator.tui.paint import Line
from annotator.tui.registerdesk import RegisterDesk, Wish
from annotator.tui.screens.keyed import stands
from annotator.tui.screens.people import PeopleScreen
from annotator.tui.screens.waiting import WaitingScreen
from annotator.tui.shelves import Pace
from annotator.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from annotator.tui.screens.cast import CastScreen

_READING = "Reading who is in the project …"
_LOOKING, _WRITING = "Looking through the readouts …", "Writing …"
_OFFERED = {
    "cast.other": "cast",
    "cast.rename": "rename",
    "cast.merge": "merge",
    "cast.alike": "next alike",
    "cast.go": "first readout",
    "cast.filter": "filter",
    "cast.undo": "take back",
}
"""What the keys that do something here are called."""
_EMPTY = "Nobody is in the register: no metadata and no coding names anybody."


class _Waiting(WaitingScreen, PeopleScreen):
    """Keeps keys waiting while something is read, looked up or written, and says so."""

    desk: RegisterDesk

    def __init__(self, beside: CastScreen | None) -> None:
        super().__init__()
        self.desk = RegisterDesk()
        self._beside = beside
        self._busy = _READING

    @property
    def offered(self) -> Keymap:
        """Offer no key of the cast that does nothing in the register."""
        commands = tuple(
            replace(one, short=_OFFERED.get(one.id, "")) if one.id.startswith("cast.") else one
            for one in self.keymap.commands
            if one.id != "cast.other" or self._beside is not None
        )
        return replace(self.keymap, commands=commands)

    def waits(self) -> bool:
        """Let keys wait while something is read, looked up or written."""
        return bool(self._busy)

    def agrees(self, key: str) -> bool:
        """No plan is carried out that nobody saw."""
        return self.desk.plan is not None and self.desk.ask is None and key in ("enter", "a")

    def held_changed(self) -> None:
        """Show how many keys wait."""
        self.show()

    def say(self, message: str) -> None:
        """Show a message."""
        self.desk.message = message
        self.show()

    def said(self) -> str:
        """Return what is to be said."""
        if self._busy == _WRITING:
            return self._busy
        if self._busy:
            return f"{self.desk.message}  {self._busy}{self.and_held()}".lstrip()
        if self.desk.plan is not None:
            return f"{self.desk.message}  {self.desk.hint(self.desk.plan)}".lstrip()
        subject = self.desk.chosen
        if self.desk.message or subject is None:
            return self.desk.message
        return f"{subject.name} becomes which one? ↑↓ or / and ⏎ chooses, esc leaves it."


class RegisterScreen(_Waiting):
    """Shows everybody; `beside` is the cast of a readout that it was opened from, if any."""

    def __init__(self, beside: CastScreen | None = None) -> None:
        super().__init__(beside)

    def on_mount(self) -> None:
        """Begin to read; what was changed last in this run can still be taken back."""
        super().on_mount()
        self.desk.done = self.annotator.registered
        self.query_one("#columns", LinesView).show(
            lambda width: [castview.heading(("who", "readouts  marks"), width)]
        )
        self._read()

    @work(thread=True, exclusive=True, group="register")
    def _read(self) -> None:
        """Read everybody, and show how far it is where that takes its time."""
        worker, app = get_current_worker(), self.annotator
        pace = Pace()

        def progress(done: int, of: int) -> None:
            if pace.is_time():
                self.app.call_from_thread(self._tell, f"Reading {done:,} of {of:,} readouts …")

        try:
            found = register.register(
                app.project,
                app.coder,
                progress,
                lambda: worker.is_cancelled,
                app.catalogue.index.metadata,
            )
        except AnnotatorError as error:
            self.desk.message = str(error)
            self.app.call_from_thread(self._tell, "")
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, found)

    def _tell(self, said: str) -> None:
        if stands(self):
            self._busy = said
            self.show()
            self.call_later(self.let_go)

    def _take(self, found: Register) -> None:
        if not stands(self):
            return
        self._busy = ""
        self.desk.take(found)
        if not found.entries:
            self.desk.message = _EMPTY
        self.show()
        self.call_later(self.let_go)

    def row(self, one: Entry, place: int, width: int) -> Line:
        """Show one of the register."""
        sign = "→" if one.who == self.desk.subject else " "
        return castview.entry(
            one,
            self.desk.register,
            width,
            sign=sign,
            alike=one.who in self.desk.pairs,
            namesake=one.name in self.desk.namesakes,
        )

    def leaf(self, width: int) -> Sequence[Line]:
        """Show what is planned, else all that is known of the lit one."""
        desk = self.desk
        if desk.plan is not None:
            return castview.about_plan(desk.plan, width)
        if desk.entry is None:
            return castview.told_left_out(desk.register.unread, width)
        pairs = desk.pairs.get(desk.entry.who, [])
        told = castview.about_entry(desk.entry, desk.register, pairs, width)
        return [*told, *castview.told_left_out(desk.register.unread, width)]

    def show(self) -> None:
        """Show the register as it is now."""
        if not stands(self):
            return
        rows = self.rows
        rows.give(self.desk.entries)
        rows.light(self.desk.lit)
        self.desk.lit = rows.lit
        pairs = sum(len(found) for found in self.desk.pairs.values()) // 2
        about = f"{many(pairs, 'pair')} may be the same" if pairs else ""
        typed = self.desk.filter.strip()
        count = f"{len(self.desk.register.entries):,} in the project"
        if typed:
            about, count = f"/{typed}", f"{len(self.desk.entries):,} of {count}"
        self.head("Register", about, f"{count}   {self.annotator.coder}")
        super().show()

    def lit_changed(self) -> None:
        """Keep the light where the list has it."""
        self.desk.lit = self.rows.lit
        super().lit_changed()

    async def press(self, key: str) -> bool:
        """Take a key: for a plan, for who is chosen, or for its command."""
        if self._busy == _LOOKING and key == "escape":
            # The thread may not be stopped, but nobody waits for what it finds.
            self.workers.cancel_group(self, "writing")
            self._busy, self.desk.message = "", "Nothing was changed."
            self.show()
            return True
        if self.desk.ask is None and self.desk.press(key):
            self._grant()
            return True
        return await super().press(key)

    async def run_command(self, command: str) -> None:
        """Do what the table says."""
        if self.desk.run(command):
            self._grant()
        elif command == "cast.other" and self._beside is not None:
            self.app.switch_screen(self._beside.again())
        elif command == "cast.other":
            self.desk.message = "The cast of a readout is opened from the readout."
            self.show()
        elif command == "cast.go":
            self._open()
        else:
            await super().run_command(command)

    def _open(self) -> None:
        """Open the first readout of the lit one."""
        lit = self.desk.entry
        if lit is not None and lit.readouts:
            try:
                self.annotator.code(lit.readouts[0])
            except AnnotatorError as error:
                self.desk.message = str(error)
                self.show()

    async def answered(self) -> None:
        """Look up what the answer asks for."""
        self._grant()

    def _grant(self) -> None:
        """Look up or write what the desk wants."""
        wish, self.desk.wish = self.desk.wish, None
        if wish is not None:
            self._busy = _LOOKING if wish.kind == "plan" else _WRITING
            self._work(wish)
        self.show()

    @work(thread=True, group="writing")
    def _work(self, wish: Wish) -> None:
        app, desk, worker = self.annotator, self.desk, get_current_worker()
        try:
            if wish.kind == "plan" and wish.turn is not None:
                known = app.catalogue.index.metadata
                found = register.plan(app.project, app.coder, wish.turn, known=known)
                if not worker.is_cancelled:
                    self.app.call_from_thread(self._planned, found)
                return
            if wish.kind == "carry out" and desk.plan is not None:
                done = register.carry_out(app.project, app.coder, desk.plan, utc_now)
                self.app.call_from_thread(self._done, done, back=False)
            elif desk.done is not None:
                done = register.take_back(app.project, app.coder, desk.done, utc_now)
                self.app.call_from_thread(self._done, done, back=True)
        except AnnotatorError as error:
            desk.message = str(error)
            self.app.call_from_thread(self._tell, "")

    def _planned(self, found: register.Plan) -> None:
        self._busy = ""
        self.desk.planned(found)
        self.show()
        self.call_later(self.let_go)

    def _done(self, done: register.Done, *, back: bool) -> None:
        for readout in {name for name, _ in done.codings} | {f.path.stem for f in done.metadata}:
            self.annotator.catalogue.forget(readout)
        self._busy = _READING
        self.desk.carried_out(done, back=back, undo=self.keymap.sign("cast.undo"))
        self.annotator.registered = self.desk.done
        self.show()
        if stands(self):
            self._read()

    async def may_leave(self) -> bool:
        """Stay while something is written."""
        if self._busy == _WRITING:
            self.desk.message = "Wait until it is written."
            return False
        return True

    async def go_back(self) -> None:
        """List everybody again, or leave, but not in the middle of writing."""
        if self.desk.filter.strip():
            self.desk.narrow("")
            self.desk.message = ""
            self.show()
        elif await self.may_leave():
            await super().go_back()
