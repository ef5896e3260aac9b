"""The question that waits for a line: what is typed into it, and how it is shown."""

from __future__ import annotations

from typing import Protocol

from annotator.errors import MarkError
from annotator.tui import bars
from annotator.tui.line import TypedLine
from annotator.tui.modes.base import Ask
from annotator.tui.paint import Line


class Asker(Protocol):
    """What asks: `ask` is the question that waits, `message` what is said of the answer."""

    ask: Ask | None
    message: str

    def answer(self, typed: str) -> None:
        """Take the answer; raises MarkError where it cannot be."""


class Asking:
    """The line beneath a question; it begins anew with each question."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._line = TypedLine()
        self._ask: Ask | None = None

    def press(self, key: str) -> bool:
        """Take a key for the line; return whether the question was answered by it."""
        ask, line = self._now()
        if ask is None:
            return False
        if key == "escape":
            if ask.live is not None:
                ask.live(ask.value)
            self._asker.ask = None
        elif key == "enter":
            try:
                self._asker.answer(line.value)
            except MarkError as error:
                # What was typed is not lost: it waits to be put right.
                self._asker.ask, self._asker.message = ask, str(error)
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

    @property
    def typed(self) -> str:
        """What is typed so far."""
        return self._now()[1].value

    def question(self, width: int) -> list[Line]:
        """Show the question."""
        ask, _ = self._now()
        return bars.question(ask, width) if ask else []

    def line(self, width: int) -> Line:
        """Show what is typed."""
        return self._now()[1].line(width)

    def _now(self) -> tuple[Ask | None, TypedLine]:
        ask = self._asker.ask
        if ask is not self._ask:
            self._ask = ask
            self._line = TypedLine.of(ask.value, proposed=ask.proposed) if ask else TypedLine()
        return ask, self._line
