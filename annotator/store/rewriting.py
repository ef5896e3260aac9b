"""Whole new journals: one without its history, and one moved to the changed text of its readout."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.edit import Change, Coding, Edit, begun
from annotator.model.readout import Readout
from annotator.store import format as form
from annotator.store.base import Dropped, Header
from annotator.store.history import Folded
from annotator.store.lines import CLOSING, Lines


def compacted(
    history: Sequence[Edit], coding: Coding, at: str
) -> tuple[list[Edit], Dropped] | None:
    """Return the same state in two acts, and what that drops; None where there is nothing to drop.

    The first act is how the coding of its present text began, so that whoever codes the readout
    after this coder still gets the same units; the second, made at `at`, is everything since.
    """
    place, start = begun(history)
    if place == 0 and len(history) < 3:
        return None
    first = Edit(
        act="import",
        at=history[place].at,
        what="import",
        changes=tuple(Change(key=key, before=None, after=doc) for key, doc in start.docs.items()),
    )
    keys = (*start.docs, *(key for key in coding.docs if key not in start.docs))
    changes = tuple(
        Change(key=key, before=start.docs.get(key), after=coding.docs.get(key))
        for key in keys
        if start.docs.get(key) != coding.docs.get(key)
    )
    dropped = history[1:]
    gathered = Edit(act="compact", at=at, what=f"{len(dropped)} acts gathered", changes=changes)
    edits = [edit for edit in (first, gathered) if edit.changes]
    return edits, Dropped(len(dropped), dropped[0].at, dropped[-1].at)


def moved(header: Header, readout: Readout) -> Header:
    """Return what a journal says of itself when it is moved to the changed text of its readout."""
    return header.model_copy(
        update={
            "source": readout.sha256,
            "text": readout.text_sha256,
            "earlier": (*header.earlier, header.source),
        }
    )


def reanchored(lines: Lines, folded: Folded, readout: Readout, edit: Edit) -> Lines:
    """Return a journal that an act moved to the changed text of its readout.

    Raises Conflict where the act was made for another state, ValueError where it has no written
    form.
    """
    edit.apply(Coding(folded.docs))
    header = moved(lines.header, readout)
    added = [form.body(edit, folded.revisions)] if edit.changes else []
    return Lines(header, form.head(header), [*lines.bodies, *added], CLOSING)
