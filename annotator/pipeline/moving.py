"""Moving a coder's work to the changed text of its readout: what it would do, and doing just that.

Nothing is written before somebody saw what would happen and said yes. Every coder's work is moved
by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from annotator.errors import AnnotatorError, Conflict
from annotator.files import printable
from annotator.model.anchoring import Anchoring, Counts, Move, reanchor
from annotator.model.edit import CAST, Change, Coding, Edit
from annotator.model.readout import Readout
from annotator.pipeline.project import Project
from annotator.plural import many
from annotator.store import Snapshot
from annotator.store.rules import are_bytes

WHAT = "moved to the changed text"
"""What the history says of the act."""


@dataclass(frozen=True)
class Moving:
    """What it would do to a coding, as it is in `snapshot`, to move it to a readout's text."""

    readout: Readout
    snapshot: Snapshot
    anchoring: Anchoring

    @property
    def coder(self) -> str:
        """Whose coding it is."""
        return self.snapshot.header.by

    @property
    def same_text(self) -> bool:
        """Tell whether only the bytes changed, so that no mark moves."""
        return self.snapshot.header.text == self.readout.text_sha256


@dataclass(frozen=True)
class Behind:
    """A coding that is about another text than its readout has now.

    `problem` says why nobody can tell, and is empty where it is known.
    """

    coder: str
    readout: str
    problem: str = ""


def moving(project: Project, coder: str, readout_id: str) -> Moving | None:
    """Return what it would do to move a coder's work to the text of its readout; writes nothing.

    None where there is no such work, or it is about the very bytes that the readout has. Raises as
    `Project.readout` and `Store.read` do, and InputError where the text has no words any more.
    """
    readout = project.readout(readout_id)
    snapshot = project.store().read(coder, readout_id)
    if snapshot is None or are_bytes(snapshot.header, readout):
        return None
    if snapshot.header.text == readout.text_sha256:
        return Moving(readout, snapshot, Anchoring(snapshot.coding))
    anchoring = reanchor(
        snapshot.coding, readout.text, project.segment(readout), free_key=_free_key(snapshot)
    )
    return Moving(readout, snapshot, anchoring)


def move(project: Project, moving: Moving, at: str) -> None:
    """Move a coding as it was shown, and in no other way, at the time `at`.

    Raises Conflict where the coding or the text is not as it was then, else as `Store.open` does.
    Nothing is changed where it raises.
    """
    readout = moving.readout
    if project.readout(readout.id).sha256 != readout.sha256:
        raise _conflict(moving, "The text of {readout} has changed once more.")
    header = moving.snapshot.header.model_copy(
        update={"source": readout.sha256, "text": readout.text_sha256}
    )
    acts: list[Edit] = []

    def changed(snapshot: Snapshot) -> Edit:
        acts.append(_act(moving, snapshot, at))
        return acts[0]

    def first() -> Edit:
        raise _conflict(moving, "The file of {coder}'s coding of {readout} is gone.")

    project.store().open(header, readout, first, changed).close()
    if not acts:
        raise _conflict(moving, "The coding of {readout} by {coder} was moved meanwhile.")


def behind(project: Project) -> Iterator[Behind]:
    """Yield the codings that are about another text than their readouts have, by readout."""
    store = project.store()
    coded = sorted((readout, coder) for coder in store.coders() for readout in store.coded(coder))
    readout_of = cache(project.readout)
    for readout_id, coder in coded:
        try:
            snapshot = store.read(coder, readout_id)
            if snapshot and not are_bytes(snapshot.header, readout_of(readout_id)):
                yield Behind(coder, readout_id)
        except AnnotatorError as error:
            yield Behind(coder, readout_id, str(error))


def what(move: Move) -> str:
    """Say in one sentence what happened, and what becomes of it."""
    if move.kind == "gone" and move.host is None:
        return "The sentence is gone; nothing was said of it."
    return move.what


def told(counts: Counts) -> str:
    """Say in a few words how many sentences and marks met which fate."""
    fates = (
        (counts.kept, "kept"),
        (counts.moved, "moved"),
        (counts.reworded, "reworded"),
        (counts.new, "new"),
        (counts.gone, "gone"),
    )
    said = [(count, fate) for count, fate in fates if count]
    parts = [f"{count:,} {fate}" for count, fate in said[1:]]
    parts[:0] = [f"{many(count, 'sentence')} {fate}" for count, fate in said[:1]]
    if counts.marks_moved:
        parts.append(f"{many(counts.marks_moved, 'mark')} moved")
    if counts.marks_unplaced:
        verb = "waits" if counts.marks_unplaced == 1 else "wait"
        parts.append(f"{many(counts.marks_unplaced, 'mark')} {verb} for a place")
    return ", ".join(parts)


def _free_key(snapshot: Snapshot) -> int:
    """Return a name that no sentence of a coding ever had, nor any number above it."""
    used = (change.key for edit in snapshot.history for change in edit.changes)
    return 1 + max((CAST, *snapshot.coding.docs, *used))


def _act(moving: Moving, snapshot: Snapshot, at: str) -> Edit:
    then = moving.snapshot
    if (snapshot.header, snapshot.coding) != (then.header, then.coding):
        raise _conflict(moving, "The coding of {readout} by {coder} was changed meanwhile.")
    changes: tuple[Change, ...] = moving.anchoring.changes
    if not changes and not moving.same_text:
        # Without a line that says so, what was done on the old text could be undone on the new.
        changes = _looked_at(then.coding)
    return Edit(act="reanchor", at=at, what=WHAT, changes=changes)


def _looked_at(coding: Coding) -> tuple[Change, ...]:
    """Return a change that leaves one item as it is."""
    return tuple(Change(key=key, before=doc, after=doc) for key, doc in [*coding.docs.items()][:1])


def _conflict(moving: Moving, problem: str) -> Conflict:
    names = {"readout": printable(moving.readout.id), "coder": printable(moving.coder)}
    return Conflict(problem.format(**names), "Nothing was moved; look again at what would be.")
