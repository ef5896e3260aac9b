"""Keys that wait: what is typed while a screen looks for what it shows is obeyed afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from annotator.tui.keys import shown
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.screens.listing import ListingScreen


class WaitingScreen(ListingScreen):
    """A list that is looked up; keys typed meanwhile are `held`, and obeyed in their order.

    What leads back or is obeyed anywhere does not wait. A key that waited never agrees to what has
    to be seen first, and one that means nothing on what came takes those behind it along: they were
    typed for something else. The coder is told of both.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held: list[str] = []

    def waits(self) -> bool:
        """Tell whether keys have to wait now."""
        raise NotImplementedError

    def agrees(self, key: str) -> bool:
        """Tell whether a key would agree now to what has to be seen first."""
        return False

    def held_changed(self) -> None:
        """Show how many keys wait."""

    def and_held(self) -> str:
        """Say how many keys wait, behind the words that say for what."""
        count = len(self.held)
        keys = f"{count} key{' waits' if count == 1 else 's wait'}, " if count else ""
        return f"  {keys}esc leaves it"

    async def take(self, key: str) -> bool:
        """Obey a key, or let it wait."""
        if not self.waits() or self.keymap.anywhere(self.scope, key):
            return await super().take(key)
        command = self.keymap.command(self.scope, key)
        if command is not None and command.id == "back":
            self.held.clear()
            return await super().take(key)
        self.held.append(key)
        self.held_changed()
        return True

    async def let_go(self) -> None:
        """Obey the keys that waited, until one leads to another screen or to waiting again."""
        while self.held and not self.waits():
            if self.app.screen is not self:
                pass_on(self.app.screen, self.held)
                return
            key = self.held[0]
            if self.agrees(key):
                self._not_obeyed("was typed before this stood here; once more does it")
                return
            self.held.pop(0)
            if not await super().take(key):
                self.held.insert(0, key)
                self._not_obeyed("means nothing here")
        if self.held:
            self.held_changed()

    def _not_obeyed(self, why: str) -> None:
        first, *others = self.held
        more = f"; nor were those behind it: {spelled(others)}" if others else ""
        self.held.clear()
        self.say(f"{shown(first)} {why}{more}")


def pass_on(screen: object, held: list[str]) -> None:
    """Give keys that waited to another screen, ahead of those that are typed from now on."""
    if isinstance(screen, KeyedScreen):
        for key in held:
            screen.post_message(events.Key(key, key if len(key) == 1 else None))
    held.clear()


def spelled(keys: Sequence[str]) -> str:
    """Write keys as they stand on the screen."""
    return " ".join(map(shown, keys))
