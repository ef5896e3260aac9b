"""What coding costs: the keys and the active seconds of a sentence and of each of its marks.

A meter is told of each key when it is pressed, and of each edit before it is made. What was spent
rides on the edits, so it is as safe as they are. Time is counted in tenths of a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from annotator.model.bulk import bulk_of
from annotator.model.edit import Change, Edit, with_effort
from annotator.model.mark import Mark
from annotator.model.sentence import Sentence

IDLE: Final = 30.0
"""Seconds of a pause between two keys that count as work; what it lasts longer is left out.

English prose is read silently at 238 words a minute (Brysbaert, How many words do we read per
minute?, Journal of Memory and Language 109, 2019), so that 30 seconds hold 119 words. The longest
sentence of the sample readouts has 50: it can be read twice, and thought about.
"""


@dataclass(frozen=True)
class Spent:
    """Keys, and tenths of a second."""

    keys: int = 0
    tenths: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.keys + other.keys, self.tenths + other.tenths)

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.keys - other.keys, self.tenths - other.tenths)

    @property
    def seconds(self) -> float:
        """The time in seconds."""
        return self.tenths / 10


class Meter:
    """Counts what is spent on the sentence in work.

    A key belongs to the mark that it makes, changes or walks through; so do the keys before it in
    the same panel, from the one that opened it, and the one that closes the mark's form. The pause
    before a key belongs where the key does, but before one that opens a panel: then the sentence
    was read. What belongs to no mark is the sentence's alone, and what was pressed over a sentence
    that no edit followed is `apart`: moving and looking. A sentence keeps what it has, and a key
    that takes back or makes again is that of the sentence it is about. `clock` tells seconds.

    After every key, the keys of all sentences, those that no edit has taken up and those apart are
    together the keys `pressed`, and the keys of a sentence's marks are no more than its own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._active = 0.0
        self._shown = 0
        self._due = Spent()
        self._lead = Spent()
        self._of_marks: dict[str, Spent] = {}
        self._key: Spent | None = None
        self._within: str | None = None
        self.pressed = Spent()
        self.apart = Spent()

    @property
    def seconds(self) -> float:
        """How long the sentence has been in work, without what pauses were too long."""
        return self._shown / 10

    @property
    def due(self) -> Spent:
        """What was spent on the sentence and is in no edit yet."""
        return self._due

    def key(self, within: str | None) -> None:
        """Count a key that is pressed now.

        `within` is the mark that the open panel is about; empty where it is about none yet, and
        None where no panel is open.
        """
        self._place(within)
        now = self._clock()
        before = round(self._active * 10)
        self._active += min(now - self._last, IDLE)
        self._last = now
        spent = Spent(1, round(self._active * 10) - before)
        self._key, self._within = spent, within
        self._shown += spent.tenths
        self._due += spent
        self.pressed += spent

    def leads_on(self) -> None:
        """Note that the last key closed its panel and opens another: it is that one's."""
        self._within = None

    def take(self) -> Spent:
        """Hand over what is due, for an act that adds it to the sentence itself."""
        self._give("")
        due, self._due = self._due, Spent()
        return due

    def weighed(self, edit: Edit, key: int) -> Edit:
        """Return an edit with what was spent on the sentence of that key, and on the marks.

        An edit that does not touch the sentence, or takes it away, leaves what is due for the next.
        An act that takes back or makes again has the key that did it, for the sentence that it is
        about, and what is due where that is the one in work. What walks over an act on many adds
        nothing to the sentences that nobody keyed, and stays due.
        """
        if edit.act in ("undo", "redo"):
            return self._stepped(edit, key)
        if edit.act != "edit":
            return edit
        known = {mark.id: mark for change in edit.changes for mark in _marks(change.before)}
        new = {mark.id for change in edit.changes for mark in _marks(change.after)} - known.keys()
        here = next((change for change in edit.changes if change.key == key), None)
        if here is None or not isinstance(here.after, Sentence):
            return edit
        # Where sentences are split or joined, their marks only move.
        on = "" if edit.moves_boundaries else _worked_on(here, known, self._within or "")
        self._give(on)
        due, self._due = self._due, Spent()
        # A split may move a mark on which keys are due.
        own = {c.key: _due_on(c, self._of_marks) for c in edit.changes if c is not here}
        own[key] = due - sum(own.values(), Spent())
        changes = (
            _with_effort(change, own[change.key], new, self._of_marks) for change in edit.changes
        )
        weighed = edit.model_copy(update={"changes": tuple(changes)})
        self._of_marks = {}
        return weighed

    def _stepped(self, edit: Edit, key: int) -> Edit:
        about = about_of(edit, key)
        if about is None:
            return edit
        due = self._due if about == key else self._key or Spent()
        self._due -= due
        self._give("")
        changes = (
            change.model_copy(update={"after": with_effort(change.after, due.keys, due.tenths)})
            if change.key == about
            else change
            for change in edit.changes
        )
        return edit.model_copy(update={"changes": tuple(changes)})

    def leave(self) -> None:
        """Turn to another sentence, or begin anew with this one."""
        self.apart += self._due
        self._due = self._lead = Spent()
        self._of_marks = {}
        self._key = None
        self._shown = 0

    def _place(self, now: str | None) -> None:
        """Give the last key, which no edit took, to the panel that it led to or came from."""
        if self._key is None:
            return
        if now == "" and not self._within:
            self._lead += self._key if self._within == "" else Spent(self._key.keys)
            self._key = None
        else:
            self._give(now or self._within or "")

    def _give(self, mark: str) -> None:
        """Give the last key and those that led to it to a mark; empty for none."""
        if self._key is not None and mark:
            own = self._lead + (self._key if self._within is not None else Spent(self._key.keys))
            self._of_marks[mark] = self._of_marks.get(mark, Spent()) + own
        self._key, self._lead = None, Spent()


def _marks(document: object) -> tuple[Mark, ...]:
    return document.marks if isinstance(document, Sentence) else ()


def _worked_on(change: Change, known: dict[str, Mark], within: str) -> str:
    """Return the mark that an edit made on a sentence, else the one that it changed, else none.

    Of several that changed it is the one that the open panel is about. Where one was taken away,
    the others only follow.
    """
    marks = _marks(change.after)
    made = [mark.id for mark in marks if mark.id not in known]
    gone = {mark.id for mark in _marks(change.before)} - {mark.id for mark in marks}
    changed = [] if gone else [mark.id for mark in marks if mark != known.get(mark.id)]
    return next(iter(made), within if within in changed else next(iter(changed), ""))


def _due_on(change: Change, of_marks: dict[str, Spent]) -> Spent:
    return sum((of_marks.get(mark.id, Spent()) for mark in _marks(change.after)), Spent())


def _with_effort(change: Change, due: Spent, new: set[str], of_marks: dict[str, Spent]) -> Change:
    """Add what is due to a sentence, and to its marks what is theirs; new ones begin with none."""
    sentence = change.after
    if not isinstance(sentence, Sentence):
        return change
    marks = tuple(
        _with_spent(mark, of_marks.get(mark.id, Spent()), begins=mark.id in new)
        if mark.id in new or mark.id in of_marks
        else mark
        for mark in sentence.marks
    )
    update = {
        "marks": marks,
        "keys": sentence.keys + due.keys,
        "seconds": round(sentence.seconds + due.seconds, 1),
    }
    return change.model_copy(update={"after": sentence.model_copy(update=update)})


def _with_spent(mark: Mark, spent: Spent, *, begins: bool) -> Mark:
    source = mark.provenance
    before = Spent() if begins else Spent(source.keys or 0, round((source.spent or 0) * 10))
    after = before + spent
    counted = source.model_copy(update={"keys": after.keys, "spent": after.seconds})
    return mark.model_copy(update={"provenance": counted})


def about_of(edit: Edit, key: int) -> int | None:
    """Return the sentence that an act is about of those it leaves: that of a key, if it can be.

    Else it is one whose marks the act gave or took, else the first; None where there is none, and
    for an act on many: it was never about one of them.
    """
    if bulk_of(edit) is not None:
        return None
    left = [change for change in edit.changes if isinstance(change.after, Sentence)]
    marked = [c for c in left if _marks(c.before) != _marks(c.after)] or left
    keys = [change.key for change in marked]
    return key if key in keys else next(iter(keys), None)
