"""What every screen has in common: keys by the one table, a line of keys, and going back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from textual import events
from textual.screen import Screen

from annotator.tui import footer, paint, spoken, suspending
from annotator.tui.doors import DOORS
from annotator.tui.keys import Keymap, Scope
from annotator.tui.line import EDITING, HINT
from annotator.tui.messages import KeyClicked
from annotator.tui.paint import Line
from annotator.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from annotator.pipeline.halftyped import Where
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.asking import Asking


def key_name(event: events.Key) -> str:
    """Return a key as the table writes it: a printable character, or the key's name."""
    if event.character and event.is_printable and event.character != " ":
        return event.character
    return event.key


_OF_WIDGETS: Final = (events.Mount, events.Resize, events.ScreenResume)
_TYPED: Final = (events.InputEvent, events.Paste, events.Resize)
WIDE = 100
"""Columns from which a panel stands beside the text."""


@dataclass(frozen=True)
class Subject:
    """What a screen is about: a readout, and an entry of the codebook as layer and label.

    `sentence` is the one in work, as the code point of the readout where it starts, and its text.
    """

    readout: str | None = None
    entry: tuple[str, str] | None = None
    sentence: tuple[int, str] | None = None


def hand_on(screen: Screen[Any], key: str, character: str | None) -> None:
    """Give a key to another screen than the one that it came to.

    What that does not know ends there: going up to the app, it would be taken for a key that is
    typed now, on whatever screen there is by then.
    """
    event = events.Key(key, character)
    if isinstance(screen, KeyedScreen):
        event.stop()
        screen.post_message(event)
    else:
        screen.app.post_message(event)


def stands(screen: Screen[Any]) -> bool:
    """Tell whether a screen was not left: one that was may lack its widgets, attached or not."""
    return screen in screen.app.screen_stack


def after_refresh(screen: Screen[Any], callback: Callable[[], object]) -> None:
    """Call once all is painted, unless the screen was left by then: its widgets are gone."""

    def call() -> None:
        if stands(screen):
            callback()

    screen.call_after_refresh(call)


class KeyedScreen(Screen[None]):
    """Looks up each key that no widget took, and runs its command."""

    scope: ClassVar[Scope] = "read"
    panels: ClassVar[bool] = True
    """Whether anything here is about the panels of the codebook."""
    line_keys: ClassVar[str] = HINT
    """What the foot says while a line is typed."""
    busy_keys: str = ""
    """What the foot says while something is under way, empty where nothing is."""
    asking: Asking | None = None
    """The line that answers the questions of this screen."""
    # Its widgets cover it.
    BLANK: ClassVar[bool] = True

    @property
    def annotator(self) -> AnnotatorApp:
        """The app, which knows the project and the coder."""
        return cast("AnnotatorApp", self.app)

    @property
    def keymap(self) -> Keymap:
        """Which key means what; without panels, the codebook need not be read for it."""
        keyring = self.annotator.keyring
        return keyring.whole() if self.panels else keyring.commands

    def on_mount(self) -> None:
        """Show the line of keys."""
        for line in self.query("#foot").results(LinesView):
            line.show(self.foot)
        self.set_class(self.annotator.manner.reader, "-reader")

    @property
    def only_read(self) -> bool:
        """Whether what is shown cannot be changed now, so that no key is offered that would."""
        return False

    @property
    def offered(self) -> Keymap:
        """The keys that the line of keys is made of."""
        return self.keymap

    def show_foot(self) -> None:
        """Show the line of keys, which is another one while a line is typed, or something done."""
        for line in self.query("#foot").results(LinesView):
            line.show(self.foot, of=(self.has_line(), self.busy_keys))

    def foot(self, width: int) -> list[Line]:
        """Return the line of keys."""
        if hint := self.line_keys if self.has_line() else self.busy_keys:
            if self.annotator.manner.reader:
                return paint.prose(spoken.hint(hint), width)
            return footer.of_panel(hint, width)
        if self.annotator.manner.reader:
            said = spoken.foot(self.offered, self.scope, only_read=self.only_read)
            return paint.prose(said, width)
        return [footer.foot(self.offered, self.scope, width, only_read=self.only_read)]

    async def on_event(self, event: events.Event) -> None:
        """Leave alone what comes too late: a screen that is left may lack its widgets.

        It may be left before they are mounted. And while the program ends, no key is obeyed.
        """
        if isinstance(event, _OF_WIDGETS) and not stands(self):
            return
        if isinstance(event, _TYPED) and self.annotator.ending:
            return
        await super().on_event(event)

    async def on_key(self, event: events.Key) -> None:
        """Give a key to the screen; what it does not know goes on to Textual."""
        if self.app.screen is not self:
            # The key ahead of it led to another screen, and it is meant for that.
            event.stop()
            event.prevent_default()
            hand_on(self.app.screen, event.key, event.character)
            return
        if await self.take(key_name(event)):
            event.stop()
            event.prevent_default()

    async def on_key_clicked(self, message: KeyClicked) -> None:
        """Take a click for the key that it stands for."""
        message.stop()
        await self.take(message.key)

    async def take(self, key: str) -> bool:
        """Obey what is obeyed wherever one is; give any other key to what is open here."""
        command = self.keymap.anywhere(self.scope, key)
        if command is None or (key in EDITING and self.has_line()):
            return await self.press(key)
        await self.run_command(command.id)
        return True

    def has_line(self) -> bool:
        """Tell whether a line is being typed, which has keys of its own."""
        return False

    async def press(self, key: str) -> bool:
        """Run the command under a key; return whether there is one."""
        command = self.keymap.command(self.scope, key)
        if command is None:
            return False
        await self.run_command(command.id)
        return True

    async def run_command(self, command: str) -> None:
        """Run one of the commands that every screen has."""
        door = DOORS.get(command)
        if door is not None:
            screen = door(self)
            if screen is not None:
                self.app.push_screen(screen)
            return
        match command:
            case "theme":
                self.annotator.toggle_theme()
            case "reader":
                self.annotator.toggle_reader()
            case "suspend":
                await suspending.suspend(self.annotator, self.say)
            case "back":
                await self.go_back()
            case "quit":
                await self.app.action_quit()
            case _:
                self.scroll_by_command(command)

    def say(self, message: str) -> None:
        """Show a message, where this screen has a place for one."""

    def subject(self) -> Subject:
        """Return what this screen is about, for a screen that is opened from it."""
        return Subject()

    def half_typed(self) -> tuple[Where, str] | None:
        """Return what is typed, and for what, where it would be lost if the program were ended."""
        return self.asking.half_typed if self.asking else None

    async def may_leave(self) -> bool:
        """Tell whether nothing would be lost if this screen were left now."""
        return True

    async def go_back(self) -> None:
        """Leave this screen, unless it is left already."""
        if self.is_current:
            self.dismiss()

    def scroll_by_command(self, command: str) -> None:
        """Move what this screen shows."""
        for view in self.query("#body").results(LinesView):
            page = max(1, view.size.height - 2)
            to = {
                "down": view.scroll_offset.y + 1,
                "up": view.scroll_offset.y - 1,
                "page.down": view.scroll_offset.y + page,
                "page.up": view.scroll_offset.y - page,
                "first": 0,
                "last": view.line_count,
            }.get(command)
            if to is not None:
                view.scroll_to(0, max(0, to), animate=False)
