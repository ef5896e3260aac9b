"""Labels found by a part of what they are called, or of what their rules say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from annotator.errors import MarkError
from annotator.model.codebook import Label
from annotator.tui.modes.base import Ask, Mode, Step

Found = TypeVar("Found")


def ranked(labels: Sequence[Label], typed: str) -> tuple[list[Label], list[Label]]:
    """Return the labels that are called by typed words, and those whose rules hold them.

    Of the former, those come first in which a word begins so. No words leave all as they stand.
    """
    wanted = " ".join(typed.split()).casefold()
    if not wanted:
        return [*labels], []
    called: list[Label] = []
    rules: list[Label] = []
    for label in labels:
        if wanted in _called(label):
            called.append(label)
        elif wanted in _rules(label):
            rules.append(label)
    called.sort(key=lambda label: f" {wanted}" not in f" {_called(label)}")
    return called, rules


class Labels:
    """The labels of a row of a form, narrowed to those that `typed` finds, if anything is typed."""

    def __init__(self) -> None:
        self.typed = ""

    def shown(self, labels: Sequence[Label]) -> list[Label]:
        """Return those that are shown."""
        called, rules = ranked(labels, self.typed)
        return [*called, *rules]

    def find(
        self,
        mode: Mode,
        row: str,
        shown: Callable[[], Sequence[Found]],
        take: Callable[[Found], Step],
    ) -> Step:
        """Ask for a part of a label's name; the first of what is `shown` then is taken."""

        def narrow(typed: str) -> None:
            self.typed = typed

        def taken(typed: str) -> Step:
            narrow(typed)
            found = shown() if typed.strip() else []
            if typed.strip() and not found:
                raise MarkError(none_holds(row, typed), "Type other words, or esc.")
            narrow("")
            return take(found[0]) if found else Step(mode)

        return Step(mode, ask=Ask(f"Filter {row}", "", taken, narrow))


def none_holds(where: str, typed: str) -> str:
    """Say that no label is found by what is typed."""
    return f"No label of {where} holds “{typed.strip()}”."


def _called(label: Label) -> str:
    """Return by what a label is called, its id also in words."""
    id_in_words = label.id.replace(".", " ").replace("_", " ")
    return " ".join((label.name, label.short, label.id, id_in_words)).casefold()


def _rules(label: Label) -> str:
    return " ".join((label.definition, *label.include, *label.examples)).casefold()
