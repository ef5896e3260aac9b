"""One reversible act of a coder, and the state that edits make.

The state of a coding is a mapping from a document's key to the document: key 0 is the cast, every
other key the name of a sentence. An edit holds each touched document before and after, so that
applying and inverting are exact, and a written edit means something on its own.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Generic, Literal, Protocol, TypeVar

from annotator.errors import Conflict
from annotator.model.base import Value
from annotator.model.entity import Cast
from annotator.model.sentence import Sentence

Act = Literal["import", "edit", "undo", "redo", "adopt", "reanchor", "compact"]
"""What kind of act an edit was.

An import begins a coding; adopt takes over the state of a file that another program rewrote;
reanchor moves a coding to the changed text of its readout; compact gathers what was done before
into one act.
"""
Document = Sentence | Cast
BEGINNINGS = frozenset({"import", "adopt", "reanchor"})
"""Acts from which on a coding is about the text that its readout has now."""
CAST = 0
"""The key of the cast."""
RENEWAL: Final = "labels as the codebook has them now"
"""What an act says of itself that gives marks the labels that the codebook has now."""


class Change(Value):
    """A document before and after an edit; None where it is not there."""

    key: int
    before: Document | None
    after: Document | None


class Edit(Value):
    """What one act changed; `at` is UTC in ISO 8601, `what` says it in a few words.

    The changes of one that was written may be read only when somebody looks at them.
    """

    act: Act
    at: str
    what: str
    changes: Sequence[Change]

    def apply(self, coding: Coding) -> Coding:
        """Return the coding after this edit.

        Raises Conflict where a document is not in the state that the edit was made against.
        """
        docs = dict(coding.docs)
        for change in self.changes:
            if docs.get(change.key) != change.before:
                raise Conflict(
                    f"“{self.what}” was made against another state of item {change.key}.",
                    "Open the readout again.",
                )
            if change.after is None:
                docs.pop(change.key, None)
            else:
                docs[change.key] = change.after
        return coding.moved_to(docs, self)

    def invert(self, act: Act, at: str) -> Edit:
        """Return the edit that takes this one back, as an act of its own."""
        changes = tuple(
            Change(key=change.key, before=change.after, after=change.before)
            for change in reversed(self.changes)
        )
        return Edit(act=act, at=at, what=self.what, changes=changes)

    def upon(self, coding: Coding) -> Edit:
        """Return an act that takes back or makes again, made against a coding: nothing spent goes.

        A sentence keeps the keys and seconds that it has by now, or those that it comes back with
        where they are more; where boundaries move, the sentences keep them together, and the first
        has what is left over. All else is as it was.
        """
        found = [coding.docs.get(change.key) for change in self.changes]
        before = [
            now if _but_effort(now) == _but_effort(change.before) else change.before
            for change, now in zip(self.changes, found, strict=True)
        ]
        after = [change.after for change in self.changes]
        groups = [range(len(after))] if self.moves_boundaries else [(n,) for n in range(len(after))]
        for group in groups:
            keys = sum(_keys(before[n]) for n in group) - sum(_keys(after[n]) for n in group)
            tenths = sum(_tenths(before[n]) for n in group) - sum(_tenths(after[n]) for n in group)
            first = next((n for n in group if isinstance(after[n], Sentence)), None)
            if first is not None and (keys > 0 or tenths > 0):
                after[first] = with_effort(after[first], max(0, keys), max(0, tenths))
        changes = (
            change.model_copy(update={"before": one, "after": other})
            for change, one, other in zip(self.changes, before, after, strict=True)
        )
        return self.model_copy(update={"changes": tuple(changes)})

    @property
    def moves_boundaries(self) -> bool:
        """Tell whether sentences appear, vanish or change their range."""
        return any(_range(change.before) != _range(change.after) for change in self.changes)


def _range(document: Document | None) -> tuple[int, int] | None:
    return (document.start, document.end) if isinstance(document, Sentence) else None


def _keys(document: Document | None) -> int:
    return document.keys if isinstance(document, Sentence) else 0


def _tenths(document: Document | None) -> int:
    return round(document.seconds * 10) if isinstance(document, Sentence) else 0


def _but_effort(document: Document | None) -> Document | None:
    if isinstance(document, Sentence):
        return document.model_copy(update={"keys": 0, "seconds": 0.0})
    return document


def with_effort(document: Document | None, keys: int, tenths: int) -> Document | None:
    """Add keys and tenths of a second to what a sentence took; any other document stays."""
    if not isinstance(document, Sentence):
        return document
    seconds = round(document.seconds + tenths / 10, 1)
    return document.model_copy(update={"keys": document.keys + keys, "seconds": seconds})


_FEW: Final = 16
"""Changes up to which putting them into the order takes less than sorting all sentences."""


@dataclass(frozen=True)
class Coding:
    """The state of one coder's work on one readout."""

    docs: Mapping[int, Document] = field(default_factory=dict)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The names of the sentences in reading order."""
        ranges = [(doc.start, key) for key, doc in self.docs.items() if isinstance(doc, Sentence)]
        return tuple(key for _, key in sorted(ranges))

    @cached_property
    def position(self) -> dict[int, int]:
        """The place of each sentence in reading order."""
        return {key: place for place, key in enumerate(self.order)}

    @property
    def cast(self) -> Cast:
        """The cast, empty until one is written."""
        cast = self.docs.get(CAST)
        return cast if isinstance(cast, Cast) else Cast()

    def sentence(self, key: int) -> Sentence:
        """Return a sentence by its name; raises KeyError where there is none."""
        document = self.docs[key]
        if not isinstance(document, Sentence):
            raise KeyError(key)
        return document

    def sentences(self) -> tuple[tuple[int, Sentence], ...]:
        """Return names and sentences in reading order."""
        return tuple((key, self.sentence(key)) for key in self.order)

    def but_effort(self) -> Mapping[int, Document | None]:
        """Return the documents without what their sentences took, which no undo takes back."""
        return {key: _but_effort(document) for key, document in self.docs.items()}

    def ordered_as(self, other: Coding) -> bool:
        """Tell whether the same sentences stand in the same order as in another coding."""
        # Codings that follow on one another share their order, however long it is.
        return self.order is other.order or self.order == other.order

    def moved_to(self, docs: Mapping[int, Document], edit: Edit) -> Coding:
        """Return the coding with these documents; the order is kept where no boundary moved."""
        coding = Coding(docs)
        if not edit.moves_boundaries:
            coding.__dict__["order"] = self.order
            coding.__dict__["position"] = self.position
        elif len(edit.changes) <= _FEW:
            coding.__dict__["order"] = self._order_with(docs, {c.key for c in edit.changes})
        return coding

    def _order_with(self, docs: Mapping[int, Document], keys: Collection[int]) -> tuple[int, ...]:
        """Return the order of other documents, of which only these keys' stand elsewhere."""
        order = [key for key in self.order if key not in keys]

        def start(key: int) -> tuple[int, int]:
            document = docs[key]
            return (document.start if isinstance(document, Sentence) else 0, key)

        for key in keys:
            if isinstance(docs.get(key), Sentence):
                insort(order, key, key=start)
        return tuple(order)


def beginning(history: Iterable[Edit]) -> int:
    """Return the place of the act with which the coding of the present text began.

    That is the last of `BEGINNINGS`; a history that has none begins with its first act.
    """
    places = (place for place, edit in enumerate(history) if edit.act in BEGINNINGS)
    return max(places, default=0)


def begun(history: Sequence[Edit]) -> tuple[int, Coding]:
    """Return the place of the `beginning` of a history, and the state after it."""
    last = beginning(history)
    coding = Coding()
    for edit in history[: last + 1]:
        coding = edit.apply(coding)
    return last, coding


class Named(Protocol):
    """What says of itself in a few words what was done, as an edit does."""

    @property
    def what(self) -> str:
        """What was done."""


T = TypeVar("T", bound=Named)


@dataclass
class Stacks(Generic[T]):
    """The acts that can be undone and redone, the next one last, as each act moves them.

    Of the acts that are done, the last that are `afloat` followed the codebook while others were
    undone. They are taken back before any of those is redone, and are not redone themselves: the
    marks that then stand are what follows the codebook.
    """

    done: list[T] = field(default_factory=list)
    undone: list[T] = field(default_factory=list)
    afloat: int = 0

    def take(self, act: Act, one: T) -> T:
        """Take one more act; return the one that it undoes or redoes, or itself."""
        if act == "undo":
            return self._undo(one)
        if act == "redo" and (not self.undone or self.undone[-1].what == one.what):
            return self._redo(one)
        if act not in ("edit", "redo"):
            self.done.clear()
            self.undone.clear()
            self.afloat = 0
            return one
        self.done.append(one)
        if self.undone and one.what == RENEWAL:
            self.afloat += 1
        else:
            self.undone.clear()
            self.afloat = 0
        return one

    def _undo(self, one: T) -> T:
        if not self.done:
            return one
        last = self.done.pop()
        if self.afloat:
            self.afloat -= 1
        else:
            self.undone.append(last)
        return last

    def _redo(self, one: T) -> T:
        if not self.undone:
            return one
        self.done.append(self.undone.pop())
        self.afloat = 0
        return self.done[-1]


@dataclass(frozen=True)
class Timeline:
    """What can be undone and redone, from the history alone: so also after a restart.

    The edits that undo and redo are made against what the history left behind, but for effort that
    was spent since; see `Edit.upon`.
    Only edits can be undone, back to the act that began the coding, adopted or moved it, or
    gathered what was before. `afloat` is that of `Stacks`.
    """

    done: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = ()
    afloat: int = 0

    @classmethod
    def of(cls, history: Iterable[Edit]) -> Timeline:
        """Walk a history from its first act."""
        return cls()._after(history)

    def then(self, edit: Edit) -> Timeline:
        """Return the timeline after one more act."""
        return self._after([edit])

    def _after(self, edits: Iterable[Edit]) -> Timeline:
        stacks = Stacks([*self.done], [*self.undone], self.afloat)
        for edit in edits:
            stacks.take(edit.act, edit)
        return Timeline(tuple(stacks.done), tuple(stacks.undone), stacks.afloat)

    def undo(self, at: str) -> Edit | None:
        """Return the edit that takes back the last act, or None where there is none."""
        return self.done[-1].invert("undo", at) if self.done else None

    def redo(self, at: str) -> Edit | None:
        """Return the edit that makes the last undone act again.

        None where there is none, or where what is afloat is to be taken back before.
        """
        if self.afloat or not self.undone:
            return None
        edit = self.undone[-1]
        return Edit(act="redo", at=at, what=edit.what, changes=tuple(edit.changes))
