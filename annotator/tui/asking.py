"""The question that waits for a line: what is typed into it, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from annotator.errors import MarkError
from annotator.pipeline.halftyped import Where, take
from annotator.tui import bars
from annotator.tui.line import TypedLine
from annotator.tui.modes.base import Ask, Step
from annotator.tui.paint import Line

AGAIN: Final = "  (as you typed it before the program was ended)"
"""What is said of a line that is offered again."""


FULL: Final = "The line is full: {} signs are the most."


class Asker(Protocol):
    """What asks: `ask` is the question that waits, `message` what is said of the answer."""

    ask: Ask | None
    message: str

    def answer(self, typed: str) -> None:
        """Take the answer; raises MarkError where it cannot be."""


class Asking:
    """The line beneath a question; it begins anew with each question.

    `where` returns what a line is typed for, by the title of its question: what was half typed for
    that when the program was ended is offered again. A line that only narrows what is shown is not.
    """

    def __init__(self, asker: Asker, where: Callable[[str], Where]) -> None:
        self._asker = asker
        self._where = where
        self._line = TypedLine()
        self._ask: Ask | None = None
        self._begun = Ask("", "", lambda typed: Step(None))

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
        elif line.press(key):
            self._typed(ask, line)
        return False

    def paste(self, text: str) -> None:
        """Put pasted text into the line."""
        ask, line = self._now()
        if ask is not None:
            line.insert(text)
            self._typed(ask, line)

    def _typed(self, ask: Ask, line: TypedLine) -> None:
        """Let a line be looked at as it grows, and say where it does so no more."""
        if ask.live is not None:
            ask.live(line.value)
        if ask.most:
            self._asker.message = FULL.format(ask.most) if line.full else ""

    @property
    def typed(self) -> str:
        """What is typed so far."""
        return self._now()[1].value

    @property
    def half_typed(self) -> tuple[Where, str] | None:
        """What is typed, and for what, where it would be lost if the program were ended."""
        ask, line = self._now()
        if ask is None or ask.live is not None or line.value in ("", self._begun.value):
            return None
        return self._where(self._begun.title), line.value

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
            self._line = TypedLine()
            if ask is not None:
                self._line = TypedLine.of(ask.value, proposed=ask.proposed, most=ask.most)
                self._begun, ask = ask, self._offered(ask)
            self._ask = ask
        return ask, self._line

    def _offered(self, ask: Ask) -> Ask:
        typed = "" if ask.live else take(self._where(ask.title))
        if not typed:
            return ask
        self._line = TypedLine(most=ask.most)
        self._line.insert(typed)
        self._asker.ask = replace(ask, title=f"{ask.title}{AGAIN}")
        return self._asker.ask
