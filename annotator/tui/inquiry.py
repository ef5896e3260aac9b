"""A few questions that are answered by typing a line each, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from annotator.tui import paint
from annotator.tui.completion import Completer, Values
from annotator.tui.line import TypedLine
from annotator.tui.paint import Line, Run, ink

Answers = Mapping[str, str]
"""What was typed, by the names of the questions."""


AGAIN: Final = "This is as you typed it before the program was ended."
_TABS: Final = {"tab": 1, "shift+tab": -1}


def nothing(answers: Answers) -> str:
    """Propose nothing."""
    return ""


def always(answers: Answers) -> bool:
    """Ask."""
    return True


def anything(typed: str, answers: Answers) -> str:
    """Let anything pass."""
    return ""


def _never(question: str) -> str:
    return ""


def as_typed(typed: str) -> str:
    """Take a line as it was typed."""
    return typed


@dataclass(frozen=True)
class Question:
    """What is asked; `proposed` is the answer that stands there, `problem` what is wrong with one.

    `whole` makes an answer of what was typed. It is only asked `when` the answers before it make
    that worth while. One of its `keys`, if any, answers it at once: nothing is typed. Tab completes
    what is begun to one of its `values`.
    """

    name: str
    title: str
    proposed: Callable[[Answers], str] = nothing
    problem: Callable[[str, Answers], str] = anything
    when: Callable[[Answers], bool] = always
    whole: Callable[[str], str] = as_typed
    keys: str = ""
    values: tuple[str, ...] = ()


class Inquiry:
    """The questions of an undertaking, `title`, and where one is in them.

    `said` is what is to be said of the line, in one sentence; empty where nothing is wrong.
    """

    def __init__(self, title: str, questions: Sequence[Question]) -> None:
        self.title = title
        self._questions = questions
        self._at = 0
        self._given: dict[str, str] = {}
        self.said = ""
        self._completer = Completer(self._words)
        self._again: Callable[[str], str] = _never
        self._begin()

    def offer(self, again: Callable[[str], str]) -> None:
        """Begin each line with what `again` returns for the question's name, if anything."""
        self._again = again
        self._begin()

    @property
    def half_typed(self) -> tuple[str, str] | None:
        """The name of the question and what is typed, where it is not what stood there."""
        value = self.line.value
        return None if value in ("", self._begun) else (self._questions[self._at].name, value)

    @property
    def answers(self) -> Answers:
        """What was typed so far, without blanks around it."""
        return self._given

    def press(self, key: str) -> Literal["open", "done", "left"]:
        """Take a key: Enter answers, the upward arrow goes back to the question before."""
        self.said = ""
        if key == "escape":
            return "left"
        if key == "enter":
            return self._answer()
        keys = self._questions[self._at].keys
        if key == "up" and self._at:
            self._go(-1)
        elif keys and key in tuple(keys):
            self.line = TypedLine.of(key)
            return self._answer()
        elif key in _TABS and self.completes:
            self._completer.press(self.line, _TABS[key])
        elif keys:
            self.said = f"Press {' or '.join(keys)}."
        else:
            self._completer.forget()
            self.line.press(key)
        return "open"

    @property
    def is_under_way(self) -> bool:
        """Whether there is a question to go back to."""
        return self._at > 0

    @property
    def completes(self) -> bool:
        """Whether Tab completes the line."""
        return bool(self._questions[self._at].values)

    def resume(self, said: str, name: str) -> None:
        """Ask again what was refused: the last question of that name, else the last one of all.

        A number behind the name tells questions of several parts apart.
        """
        asked = [q.name for q in self._questions if q.name in self._given]
        at = next((n for n in reversed(asked) if n.rstrip("0123456789") == name), asked[-1])
        self._at = [question.name for question in self._questions].index(at)
        self._completer.forget()
        self._begin()
        self.said = said

    def offers(self, width: int) -> Line:
        """Show what Tab makes of the line; empty where it makes nothing of it."""
        return self._completer.line(self.line, width) if self.completes else ()

    def _words(self) -> Values:
        return Values(self._questions[self._at].values)

    def paste(self, text: str) -> None:
        """Put what is pasted into the line, where one is typed."""
        if not self._questions[self._at].keys:
            self.line.insert(text)

    def _answer(self) -> Literal["open", "done", "left"]:
        question = self._questions[self._at]
        typed = question.whole(" ".join(self.line.value.split()))
        self.said = question.problem(typed, self._given)
        if self.said:
            return "open"
        self._given[question.name] = typed
        return "open" if self._go(1) else "done"

    def _go(self, by: int) -> bool:
        """Go to the next question that is asked; return whether there is one."""
        at = self._at + by
        while 0 <= at < len(self._questions) and not self._questions[at].when(self._given):
            at += by
        if not 0 <= at < len(self._questions):
            return False
        self._at = at
        self._completer.forget()
        self._begin()
        return True

    def _begin(self) -> None:
        question = self._questions[self._at]
        given = self._given.get(question.name)
        self._begun = question.proposed(self._given) if given is None else given
        self.line = TypedLine.of(self._begun, proposed=given is None)
        if typed := self._again(question.name):
            self.line = TypedLine()
            self.line.insert(typed)
            self.said = AGAIN

    def question(self, width: int) -> list[Line]:
        """Show the question, which of how many it is, and what all of them are for."""
        place: Line = (Run(f"{self._at + 1} of {len(self._questions)} ", paint.MUTED),)
        asked = paint.prose(self._questions[self._at].title, width - 2, paint.STRONG, rows=2)
        lines = [(Run(" "), *line) for line in asked]
        beside = (*lines[-1], ink(f"   {self.title}", paint.MUTED))
        if paint.width(beside) + paint.width(place) < width:
            return [*lines[:-1], paint.ends(beside, place, width)]
        return [*lines, paint.ends((ink(f" {self.title}", paint.MUTED),), place, width)]
