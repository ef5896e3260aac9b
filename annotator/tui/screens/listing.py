"""What the library and the results have in common: a list with one row lit."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar, Final

from textual import events

from annotator.tui.completion import Completer, NoWords, Words
from annotator.tui.keys import is_digit
from annotator.tui.line import TypedLine, at_rest
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

TABS: Final = {"tab": 1, "shift+tab": -1}
"""Keys that complete the line, and in which direction; where nothing fits, they leave it."""


class ListingScreen(KeyedScreen):
    """Moves the light of the list `#rows`; a number typed before a key is a count."""

    def __init__(self) -> None:
        super().__init__()
        self._count = ""

    @property
    def rows(self) -> RowsView[Any]:
        """The list."""
        return self.query_one("#rows", RowsView)

    async def press(self, key: str) -> bool:
        """Take a digit for a count, any other key for its command."""
        if is_digit(key) and (self._count or key != "0"):
            self._count = (self._count + key)[-6:]
            return True
        taken = await super().press(key)
        self._count = ""
        return taken

    def scroll_by_command(self, command: str) -> None:
        """Move the light."""
        count, self._count = (int(self._count) if self._count else None), ""
        rows = self.rows
        page = max(1, rows.size.height - 2)
        to = {
            "down": rows.lit + (count or 1),
            "up": rows.lit - (count or 1),
            "page.down": rows.lit + page,
            "page.up": rows.lit - page,
            "first": (count or 1) - 1,
            "last": count - 1 if count else rows.line_count - 1,
        }.get(command)
        if to is not None:
            rows.light(to)
            self.lit_changed()

    def lit_changed(self) -> None:
        """Show what belongs to the lit row."""


class TypingScreen(ListingScreen):
    """A list that shows what the typed line `#line` asks for; `hint` stands in it when empty."""

    hint: ClassVar[str] = ""
    line_keys = "⏎ to the list · ⇥ completes · esc leave · ^u empty"

    def __init__(self) -> None:
        super().__init__()
        self.line = TypedLine()
        self.typing = False
        self._completer = Completer(self.words)

    def words(self) -> Words:
        """Return what the line can be completed with."""
        match self.scope:
            case "find":
                return self.annotator.catalogue.find_words
            case "library":
                return self.annotator.catalogue.filter_words
            case _:
                return NoWords()

    def has_line(self) -> bool:
        """Tell whether a line is being typed, which has keys of its own."""
        return self.typing

    async def press(self, key: str) -> bool:
        """Take keys for the line, and for the list once the line is left."""
        if not self.typing:
            return await super().press(key)
        completed = key in TABS and self._completer.press(self.line, TABS[key])
        if completed:
            self.typed()
        elif key in ("escape", "enter", "down", *TABS):
            await self.leave_line(key)
        elif self.line.press(key):
            self.typed()
        else:
            return await super().press(key)
        if not completed:
            self._completer.forget()
        self.show_line()
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Put what is pasted into the line."""
        event.stop()
        if self.typing:
            self.line.insert(event.text)
            self.typed()
            self.show_line()

    def show_line(self) -> None:
        """Show what is typed."""
        line = self.line
        shown = line.line if self.typing else partial(at_rest, line.value)
        self.set_class(self.typing or bool(line.value.strip()), "-typed")
        self.set_class(self.typing, "-typing")
        self.show_foot()
        for offers in self.query("#offers").results(LinesView) if self.typing else ():
            offers.show(lambda width: [self._completer.line(line, width)])
        for view in self.query("#line").results(LinesView):
            view.show(lambda width: [shown(width, hint=self.hint)])

    def typed(self) -> None:
        """List what the line asks for now."""
        raise NotImplementedError

    async def leave_line(self, key: str) -> None:
        """Go from the line to the list."""
        self.typing = False
