"""Acts on many readouts at once: one edit in each journal, known again by an id they share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from annotator.model.edit import Edit, Timeline

ID: Final = re.compile(r"bulk ([0-9a-f]{6,}):")


_REGISTER: Final = "register: "


def of_register(what: str) -> str:
    """Return what the part says of itself that a change of the register has in one coding."""
    return f"{_REGISTER}{what}"


def is_of_register(edit: Edit) -> bool:
    """Tell whether an edit is such a part: metadata and other readouts changed with it."""
    return edit.what.startswith(_REGISTER)


def named(bulk: str, what: str) -> str:
    """Return what an edit of a bulk act says of itself; `bulk` is at least six hex digits."""
    return f"bulk {bulk}: {what}"


def bulk_of(edit: Edit) -> str | None:
    """Return the id of the bulk act that an edit belongs to, None where it belongs to none."""
    found = ID.match(edit.what)
    return found[1] if found else None


def step(timeline: Timeline, bulk: str, at: str, *, back: bool) -> Edit | None:
    """Return the edit that takes a bulk act back, or makes it again, in one coding.

    None where that is not the next act to be undone, or to be redone, or where the coding followed
    a change of the codebook since it was undone.
    """
    edit = _next(timeline.done if back else timeline.undone)
    if edit is None or bulk_of(edit) != bulk:
        return None
    return timeline.undo(at) if back else timeline.redo(at)


def lies_beneath(timeline: Timeline, bulk: str, *, back: bool) -> bool:
    """Tell whether a bulk act that is not the next could be taken back, or made again, later."""
    edits = timeline.done if back else timeline.undone
    return any(bulk_of(edit) == bulk for edit in edits)


def _next(edits: Sequence[Edit]) -> Edit | None:
    return edits[-1] if edits else None
