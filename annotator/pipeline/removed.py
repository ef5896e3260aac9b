"""Which marks a coder took away, of which a file may tell once more."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.model.edit import Document, Edit
from annotator.model.sentence import Sentence


def removed(history: Iterable[Edit]) -> frozenset[str]:
    """Return the ids of the marks that an act took away and none brought back.

    What an undo took away is as if it had never been given, and may be taken in anew.
    """
    gone: set[str] = set()
    for edit in history:
        before = {one for change in edit.changes for one in _marks(change.before)}
        after = {one for change in edit.changes for one in _marks(change.after)}
        gone -= after
        if edit.act == "undo":
            gone -= before
        else:
            gone |= before - after
    return frozenset(gone)


def _marks(document: Document | None) -> Iterable[str]:
    if not isinstance(document, Sentence):
        return ()
    return (mark.id for mark in (*document.marks, *document.unplaced))
