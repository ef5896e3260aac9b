"""Keys that wait: what is typed while a screen looks for what it shows is obeyed afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from threading import Event
from typing import Any, TypeVar

from textual import work
from textual.screen import Screen

from annotator.errors import AnnotatorError
from annotator.tui.keys import shown
from annotator.tui.screens.keyed import KeyedScreen, hand_on

T = TypeVar("T")


class WaitingScreen(KeyedScreen):
    """A screen that looks something up; keys typed meanwhile are `held`, and obeyed in their order.

    Escape and what is obeyed anywhere do not wait, nor does another key that leads back where no
    key waits: behind others, it was typed with them. A key that waited never agrees to what has
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
        # Between the end of the search and `let_go`, a key still stands behind those that wait.
        if not (self.held or self.waits()) or self.keymap.anywhere(self.scope, key):
            return await super().take(key)
        if self._leads_back(key):
            self.held.clear()
            return await super().take(key)
        self.held.append(key)
        self.held_changed()
        return True

    def _leads_back(self, key: str) -> bool:
        """Tell whether a key gives up what is waited for, and does not wait itself."""
        command = self.keymap.command(self.scope, key)
        return key == "escape" or (not self.held and command is not None and command.id == "back")

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

    def in_vain(self, said: str) -> None:
        """Say that nothing came of it, and which keys that waited are not obeyed."""
        held, self.held = self.held, []
        self.say(f"{said}  Not obeyed: {spelled(held)}" if held else said)


class SeekingScreen(WaitingScreen):
    """A screen that some keys lead away from, once it is found where to; keys wait until then.

    What leads back only gives the search up.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seeking = ""
        self._going = False

    def waits(self) -> bool:
        """Let keys wait for what they were typed for."""
        return bool(self._seeking)

    def held_changed(self) -> None:
        """Say what is looked for, and how many keys wait for it."""
        self.say(f"{self._seeking}{self.and_held()}")

    async def take(self, key: str) -> bool:
        """Obey a key, let it wait, or give up what is looked for."""
        if not self._seeking or self._going:
            return await super().take(key)
        if self._leads_back(key):
            self.workers.cancel_group(self, "seeking")
            self._seeking = ""
            self.in_vain("The search was given up.")
            return True
        return await super().take(key)

    def seek(
        self,
        words: str,
        search: Callable[[Callable[[], bool]], T],
        go: Callable[[T], Awaitable[str | None]],
    ) -> None:
        """Say the `words`, `search` in another thread, and `go` to what it returns.

        `search` is given a function that tells whether to stop. `go` returns None once it is
        there, else why it is not. Both may raise AnnotatorError.
        """
        self._seeking, self._going = words, False
        self.held_changed()
        self._seek(search, go)

    @work(exclusive=True, group="seeking")
    async def _seek(
        self, search: Callable[[Callable[[], bool]], T], go: Callable[[T], Awaitable[str | None]]
    ) -> None:
        stop, problem = Event(), None
        try:
            found = await asyncio.to_thread(search, stop.is_set)
            if self.app.screen is not self:
                problem = "What was looked for was left for another screen."
            else:
                self._going = True
                self.say("")
                problem = await go(found)
        except AnnotatorError as error:
            problem = str(error)
        finally:
            stop.set()  # The program does not end before its threads do.
        self._seeking = ""
        if problem is not None:
            self.in_vain(problem)
        elif self.app.screen is not self:
            pass_on(self.app.screen, self.held)
        else:
            self.call_later(self.let_go)


def pass_on(screen: Screen[Any], held: list[str]) -> None:
    """Give keys that waited to another screen, ahead of those that are typed from now on."""
    for key in held:
        hand_on(screen, key, key if len(key) == 1 else None)
    held.clear()


def spelled(keys: Sequence[str]) -> str:
    """Write keys as they stand on the screen."""
    return " ".join(map(shown, keys))
