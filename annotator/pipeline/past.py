"""What was done to a coding, act by act, and the coding as it was after any of them.

An act has a number: 1 is the one that the coding, or what is left of its history, began with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from annotator.errors import InputError
from annotator.model.edit import CAST, Act, Coding, Document, Edit, Stacks
from annotator.model.sentence import Sentence
from annotator.pipeline import wording


@dataclass(frozen=True)
class Step:
    """One act in words.

    `at` is UTC in ISO 8601. `keys` names the sentences that it touched, in reading order, and
    `text` is the beginning of the first of them. `changes` says what changed, a few words each.
    `taken_back` tells that a later undo or redo reversed it, and it was not brought back.
    """

    number: int
    act: Act
    at: str
    coder: str
    words: str
    keys: tuple[int, ...]
    text: str
    changes: tuple[str, ...]
    taken_back: bool


class Past:
    """A history that can be looked at act by act, in any order.

    Going to a neighbour costs one act, and going anywhere never more than all of them once, of
    which each is a few assignments.
    """

    def __init__(self, coder: str, history: Sequence[Edit]) -> None:
        self.coder = coder
        self._history = history
        self._steps: dict[int, Step] = {}
        self._docs: dict[int, Document] = {}
        self._at = 0

    def __len__(self) -> int:
        return len(self._history)

    def read(self) -> None:
        """Read what every act changed, so that none is waited for later.

        Raises DamagedFile where one cannot be understood.
        """
        for edit in self._history:
            len(edit.changes)

    def edit(self, number: int) -> Edit:
        """Return an act; raises InputError where there is none of that number."""
        if not 1 <= number <= len(self):
            raise InputError(
                f"There is no act {number} in this history.",
                f"Name one from 1 to {len(self)}.",
            )
        return self._history[number - 1]

    def step(self, number: int) -> Step:
        """Return an act in words; raises as `edit` does."""
        found = self._steps.get(number)
        if found is None:
            found = self._steps[number] = self._step(number, self.edit(number))
        return found

    def _step(self, number: int, edit: Edit) -> Step:
        touched = sorted(
            (document.start, change.key, document.text)
            for change in edit.changes
            if isinstance(document := change.after or change.before, Sentence)
        )
        return Step(
            number,
            edit.act,
            edit.at,
            self.coder,
            wording.act(edit),
            tuple(key for _, key, _ in touched),
            wording.beginning(touched[0][2]) if touched else "",
            wording.changes(edit),
            number in self._taken_back,
        )

    @cached_property
    def _taken_back(self) -> frozenset[int]:
        return frozenset(taken_back((edit.act, edit.what) for edit in self._history))

    def touching(self, key: int) -> list[int]:
        """Return the numbers of the acts that touched a sentence."""
        return [
            number
            for number, edit in enumerate(self._history, 1)
            if key != CAST and any(change.key == key for change in edit.changes)
        ]

    def coding(self, number: int) -> Coding:
        """Return the coding as it was after an act; raises as `edit` does."""
        self.edit(number)
        while self._at < number:
            for change in self._history[self._at].changes:
                self._put(change.key, change.after)
            self._at += 1
        while self._at > number:
            self._at -= 1
            for change in self._history[self._at].changes:
                self._put(change.key, change.before)
        return Coding(dict(self._docs))

    def _put(self, key: int, document: Document | None) -> None:
        if document is None:
            self._docs.pop(key, None)
        else:
            self._docs[key] = document


@dataclass
class _Told:
    """What was done, and the numbers of its acts: its edit, its undo, its redo, its next undo …"""

    what: str
    numbers: list[int]


def taken_back(acts: Iterable[tuple[Act, str]]) -> Iterator[int]:
    """Yield the numbers of the acts of a history that were reversed and not brought back.

    Of each act it takes what kind it was, and what it says of itself. An edit that was undone and
    done again stands, and so does the redo; the undo between them does not.
    """
    stacks: Stacks[_Told] = Stacks()
    edits: list[_Told] = []
    for number, (act, what) in enumerate(acts, 1):
        one = _Told(what, [number])
        moved = stacks.take(act, one)
        if moved is not one:
            moved.numbers.append(number)
        elif stacks.done and stacks.done[-1] is one:
            edits.append(one)
    for told in edits:
        yield from told.numbers[-2::-2]
