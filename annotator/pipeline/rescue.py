"""Keeping elsewhere what could not be saved in its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from annotator.errors import StorageError
from annotator.files import refusals, write_atomic
from annotator.model.edit import Edit
from annotator.store.base import Header
from annotator.store.lines import journal


def rescue(header: Header, history: Sequence[Edit]) -> Path:
    """Write a whole coding into the user's state folder, and return its place.

    It is a journal like those in `tags`, and can be put there. Raises StorageError where that
    folder cannot be written either.
    """
    from platformdirs import user_state_path

    folder = user_state_path("annotator", appauthor=False) / "unsaved"
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    path = folder / f"{header.readout}-by-{header.by}-{moment}.json"
    with refusals(folder, "made"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_atomic(path, journal(header, history), exclusive=True)
    except ValueError as error:
        raise StorageError("What was not saved has no written form.") from error
    return path
