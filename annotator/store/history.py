"""The state that a journal's lines make, and the edits that they were.

The state is needed at once and the history seldom, so the first is folded from the fields and only
the documents that stand at the end are made; the edits are made when somebody looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from annotator.errors import DamagedFile
from annotator.model.edit import Document, Edit
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

    Where it is known where lines lead, what stands there is not made once more.
    """

    def __init__(self, bodies: Sequence[bytes], name: str, known: Folded = _NOTHING) -> None:
        self._bodies = bodies
        # Whoever folded the lines goes on from there.
        self._known = Folded({**known.docs}, {**known.revisions}, known.repeated)
        self._name = name
        self._docs: dict[int, Document | None] = {}
        self._edits: list[Edit] = []

    def first(self, count: int) -> Sequence[Edit]:
        """Return at least the first `count` edits."""
        for place in range(len(self._edits), count):
            try:
                line = form.read_body(self._bodies[place])
                edit = form.edit(line, self._docs, self._known.written_by(line))
            except ValueError as error:
                raise damaged(self._name, place + 2, "it cannot be understood") from error
            self._docs.update((change.key, change.after) for change in edit.changes)
            self._edits.append(edit)
        return self._edits


class History(Sequence[Edit]):
    """The first `length` edits of a replay.

    Looking at them raises DamagedFile where one cannot be understood, though it is as written.
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
