"""The state that a journal's lines make, and the edits that they were.

The state is needed at once and the history seldom, so the first is folded from the fields and only
the documents that stand at the end are made; what an edit changed is read when somebody looks at
it, for the first of them wrote every sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import RLock
from typing import Any, Final, overload

from annotator.errors import DamagedFile
from annotator.model.edit import Change, Document, Edit
from annotator.store import format as form
from annotator.store.lines import GO_ON, damaged


@dataclass(frozen=True)
class Folded:
    """Where a journal's lines lead: the documents, and how often each key was written.

    `repeated` holds the keys that two histories wrote side by side, as a merge of two copies does.
    """

    docs: dict[int, Document]
    revisions: dict[int, int]
    repeated: frozenset[int]

    def written_by(self, line: form.Line) -> dict[int, Document]:
        """Return the documents that stand as a line of the journal wrote them."""
        return {
            key: self.docs[key]
            for key, revision in line.revisions.items()
            if key in self.docs and key not in self.repeated and self.revisions[key] == revision
        }


_FEW: Final = 16
"""Documents up to which to look for the line that wrote each before costs less than to read all."""

_NOTHING = Folded({}, {}, frozenset())


def fold(bodies: Sequence[bytes], name: str, *, after: Folded = _NOTHING, first: int = 2) -> Folded:
    """Return the state after all lines; `name` is what messages call the file.

    The lines go on from the state `after`, and the first of them is the file's line `first`.
    Raises DamagedFile where a line cannot be understood, or where one between is missing.
    """
    latest: dict[int, tuple[int, dict[str, Any] | None]] = {}
    revisions = dict(after.revisions)
    repeated = set(after.repeated)
    for number, body in enumerate(bodies, start=first):
        try:
            line = form.read_body(body)
        except ValueError as error:
            raise damaged(name, number, "it does not say what was done") from error
        for key, revision in line.revisions.items():
            known = revisions.get(key, 0)
            if revision > known + 1:
                lost = damaged(name, number, f"a line before it is lost, which wrote item {key}")
                raise DamagedFile(lost.message, f"{lost.hint} {GO_ON}")
            if revision <= known:
                repeated.add(key)
            revisions[key] = max(known, revision)
            latest[key] = (number, line.fields[key])
    docs = {key: document for key, document in after.docs.items() if key not in latest}
    for key, (number, fields) in latest.items():
        try:
            document = form.document(key, fields)
        except ValueError as error:
            raise damaged(name, number, f"item {key} cannot be understood") from error
        if document is not None:
            docs[key] = document
    return Folded(docs, revisions, frozenset(repeated))


class Replay:
    """Lines that become edits when they are asked for; `bodies` may grow at its end.

    What an edit changed is read when somebody looks at it: the next lines in their order, or one
    line by itself. Where it is known where lines lead, what stands there is not made once more.
    May be used in several threads.
    """

    def __init__(self, bodies: Sequence[bytes], name: str, known: Folded = _NOTHING) -> None:
        self._bodies = bodies
        # Whoever folded the lines goes on from there.
        self._known = Folded({**known.docs}, {**known.revisions}, known.repeated)
        self._name = name
        self._docs: dict[int, Document | None] = {}
        self._edits: list[Edit] = []
        self._read: list[tuple[Change, ...]] = []
        self._turn = RLock()

    def first(self, count: int) -> Sequence[Edit]:
        """Return at least the first `count` edits."""
        with self._turn:
            for place in range(len(self._edits), count):
                with self._understanding(place):
                    act, at, what = form.said(self._bodies[place])
                late = _Late(self, place)
                self._edits.append(Edit.model_construct(act=act, at=at, what=what, changes=late))
            return self._edits

    def all(self) -> Sequence[Edit]:
        """Return every edit, with what it changed."""
        edits = self.first(len(self._bodies))
        if edits:
            self.changes(len(edits) - 1)
        return edits

    def changes(self, place: int) -> tuple[Change, ...]:
        """Return what the edit at a place changed."""
        with self._turn:
            if place > len(self._read):
                alone = self._alone(place)
                if alone is not None:
                    return alone
            for following in range(len(self._read), place + 1):
                with self._understanding(following):
                    line = form.read_body(self._bodies[following])
                    found = form.changes(line, self._docs, self._known.written_by(line))
                self._docs.update((change.key, change.after) for change in found)
                self._read.append(found)
            return self._read[place]

    def _alone(self, place: int) -> tuple[Change, ...] | None:
        """Return what one line changed, None where that is better found in the order of all."""
        with self._understanding(place):
            line = form.read_body(self._bodies[place])
            if len(line.revisions) > _FEW:
                return None
            before = {key: self._before(place, key) for key in line.revisions}
            # Only the very revision before will do: no state is ever guessed.
            if any(before[key][0] != revision - 1 for key, revision in line.revisions.items()):
                return None
            docs = {key: document for key, (_, document) in before.items()}
            return form.changes(line, docs, self._known.written_by(line))

    def _before(self, place: int, key: int) -> tuple[int, Document | None]:
        """Return how often a key was written before a line, and the document that stood then."""
        earlier = form.last_to_write(self._bodies, place, key)
        if earlier is None:
            return 0, None
        with self._understanding(earlier):
            return form.written(self._bodies[earlier], key)

    @contextmanager
    def _understanding(self, place: int) -> Iterator[None]:
        try:
            yield
        except ValueError as error:
            raise damaged(self._name, place + 2, "it cannot be understood") from error


class _Late(Sequence[Change]):
    """What the edit at a place of a replay changed, read when somebody looks at it."""

    def __init__(self, replay: Replay, place: int) -> None:
        self._replay = replay
        self._place = place

    @cached_property
    def _changes(self) -> tuple[Change, ...]:
        return self._replay.changes(self._place)

    def __len__(self) -> int:
        return len(self._changes)

    @overload
    def __getitem__(self, place: int) -> Change: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Change]: ...

    def __getitem__(self, place: int | slice) -> Change | Sequence[Change]:
        return self._changes[place]

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._changes == tuple(other)

    def __hash__(self) -> int:
        return hash(self._changes)


class History(Sequence[Edit]):
    """The first `length` edits of a replay.

    Looking at them, or at what one changed, raises DamagedFile where it cannot be understood,
    though it is as written.
    """

    def __init__(self, replay: Replay, length: int) -> None:
        self._replay = replay
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> Edit: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Edit]: ...

    def __getitem__(self, place: int | slice) -> Edit | Sequence[Edit]:
        if isinstance(place, int) and 0 <= place < self._length:
            return self._replay.first(place + 1)[place]
        return self._replay.first(self._length)[: self._length][place]

    def __iter__(self) -> Iterator[Edit]:
        return iter(self._replay.first(self._length)[: self._length])
