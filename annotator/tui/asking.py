"""The question that waits for a line: what is typed into it, and how it is shown."""

from __future__ import annotations

from annotator.errors import MarkError
from annotator.tui import bars
from annotator.tui.line import TypedLine
from annotator.tui.modes.base import Ask
from annotator.tui.paint import Line
from annotator.tui.workbench import Workbench


class Asking:
    """The line beneath the question of a workbench; it begins anew with each question."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._line = TypedLine()
        self._ask: Ask | None = None

    def press(self, key: str) -> bool:
        """Take a key for the line; return whether the question was answered by it."""
        ask, line = self._now()
        if ask is None:
            return False
        if key == "escape":
            self._bench.ask = None
        elif key == "enter":
            try:
                self._bench.answer(line.value)
            except MarkError as error:
                self._bench.message = str(error)
            return True
        elif line.press(key) and ask.live is not None:
            ask.live(line.value)
        return False

    def paste(self, text: str) -> None:
        """Put pasted text into the line."""
        ask, line = self._now()
        if ask is not None:
            line.insert(text)
            if ask.live is not None:
                ask.live(line.value)

    def question(self, width: int) -> Line:
        """Show the question."""
        ask, _ = self._now()
        return bars.question(ask, width) if ask else ()

    def line(self, width: int) -> Line:
        """Show what is typed."""
        return self._now()[1].line(width)

    def _now(self) -> tuple[Ask | None, TypedLine]:
        ask = self._bench.ask
        if ask is not self._ask:
            self._ask, self._line = ask, TypedLine.of(ask.value if ask else "")
        return ask, self._line
