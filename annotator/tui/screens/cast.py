"""The cast of a readout: who is in it, and everything that puts it in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from annotator.model.casting import named_by, uses
from annotator.model.entity import Cast, Entity
from annotator.session.session import Session
from annotator.tui import bars, castview
from annotator.tui.castdesk import CastDesk
from annotator.tui.everywhere import left_of_register
from annotator.tui.modes.desk import CAST_KEYS
from annotator.tui.modes.meeting import asked
from annotator.tui.paint import Line
from annotator.tui.screens.joining import reads_first
from annotator.tui.screens.keyed import stands
from annotator.tui.screens.people import PeopleScreen
from annotator.tui.screens.waiting import SeekingScreen
from annotator.tui.widgets.lines import LinesView

NOBODY = "Nobody is in the cast of this readout yet.  {} adds somebody."
LATE = "The readout's file names, since this coding began: {}.  {} adds somebody."
_CHOOSING = {
    "merge": "{} becomes which one? A key or ↑↓ and ⏎ chooses, esc leaves it.",
    "members": "Who belongs to {}? Keys or ␣ take in or out, ⏎ makes it, esc leaves it.",
    "represents": "Whom does {} stand for? Keys or ␣ take in or out, ⏎ keeps it, esc leaves it.",
}
_IN_THE_REGISTER = {
    "cast.alike": "Who may be the same is shown in the register; ⇥ goes there.",
    "cast.filter": "Only the register is filtered; ⇥ goes there.",
}


class CastScreen(SeekingScreen, PeopleScreen):
    """Shows the cast of a session; what a key changed is on disk before it is shown as saved.

    `save` brings it there and tells whether it is; `go_to` lights a code point of the text.
    """

    desk: CastDesk

    def __init__(
        self, session: Session, save: Callable[[], Awaitable[bool]], go_to: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.readout = session.readout.id
        self.desk = CastDesk(session)
        self._save = save
        self._go_to = go_to
        self._used: Counter[str] = uses(session.coding)

    def on_mount(self) -> None:
        """Show the cast."""
        super().on_mount()
        self.query_one("#columns", LinesView).show(
            lambda width: [castview.heading(("   who", "marks"), width)]
        )

    @property
    def cast(self) -> Cast:
        """The cast."""
        return self.desk.session.cast

    def row(self, entity: Entity, place: int, width: int) -> Line:
        """Show one of the cast."""
        key = CAST_KEYS[place] if place < len(CAST_KEYS) else ""
        sign = "●" if entity.id in self.desk.chosen else " "
        sign = "→" if entity.id == self.desk.subject else sign
        return castview.person(entity, key, self._used[entity.id], width, sign=sign)

    def leaf(self, width: int) -> Sequence[Line]:
        """Show all that is known of the lit one."""
        lit = self.desk.entity
        if lit is None:
            return []
        words = self.desk.words(lit.id)
        return castview.about_person(lit, self.cast, self._used[lit.id], words, width)

    def said(self) -> str:
        """Return what is to be said: first of all that something is not saved."""
        desk = self.desk
        if desk.session.problem is not None:
            return f"{bars.unsaved(desk.session)} not on disk: {desk.session.problem}"
        if desk.meeting is not None:
            return asked(desk.meeting)
        if desk.message or not desk.choosing:
            nobody = NOBODY.format(self.keymap.sign("cast.add")) if not desk.people else ""
            return desk.message or desk.session.read_only or self._late() or nobody
        who = self.cast.name(desk.subject) if desk.subject else "the new collective"
        return _CHOOSING[desk.choosing].format(who)

    def _late(self) -> str:
        """Say whom the readout's file names since this coding began."""
        names = [one.name for one in self.desk.late if not self.cast.get(one.id)]
        return LATE.format(", ".join(names), self.keymap.sign("cast.add")) if names else ""

    def say(self, message: str) -> None:
        """Show a message."""
        self.desk.message = message
        self.show()

    def show(self) -> None:
        """Show the cast as it is now."""
        if not stands(self):
            return
        rows = self.rows
        rows.give(self.desk.people)
        rows.light(self.desk.lit)
        self.desk.lit = rows.lit
        count, title = len(self.desk.people), self.desk.session.readout.title
        self.head("Cast", title, f"{count} in it   {self.desk.session.coder}")
        super().show()

    def lit_changed(self) -> None:
        """Keep the light where the list has it."""
        self.desk.lit = self.rows.lit
        super().lit_changed()

    async def press(self, key: str) -> bool:
        """Take a key: for the question, for what is chosen, or for its command."""
        if reads_first(self, self.desk.session, self.desk.ask, key):
            return True
        if self.desk.ask is None and self.desk.press(key):
            await self._saved()
            return True
        return await super().press(key)

    async def run_command(self, command: str) -> None:
        """Do what the table says."""
        before = self.desk.session.timeline
        if self.desk.run(command):
            now = self.desk.session.timeline
            if command == "cast.undo" and now is not before:
                self.desk.message += left_of_register(self, self.readout, now)
            await self._saved()
        elif command == "cast.other":
            from annotator.tui.screens.register import RegisterScreen

            self.app.switch_screen(RegisterScreen(self))
        elif command in _IN_THE_REGISTER:
            self.desk.message = _IN_THE_REGISTER[command]
            self.show()
        elif command == "cast.go":
            self._go()
        else:
            await super().run_command(command)

    def _go(self) -> None:
        """Leave for the first sentence that names the lit one."""
        lit = self.desk.entity
        for _, sentence in self.desk.session.coding.sentences():
            if lit and any(lit.id in named for named in map(named_by, sentence.marks)):
                self.dismiss()
                self._go_to(sentence.start)
                return
        self.desk.message = "No mark names them." if lit else ""
        self.show()

    async def answered(self) -> None:
        """Save what the answer changed."""
        await self._saved()

    async def _saved(self) -> None:
        if self.desk.session.pending:
            await self._save()
            self._used = uses(self.desk.session.coding)
        self.show()

    def again(self) -> CastScreen:
        """Return this screen anew, for it is left while the register is looked at."""
        return CastScreen(self.desk.session, self._save, self._go_to)
