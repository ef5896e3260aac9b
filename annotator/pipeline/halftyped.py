"""Lines that were being typed when the program was ended: kept apart until they are offered again.

Such a line is nobody's answer. It lies in the user's state folder, in a file of its own that only
its owner may read, and goes from there as it is offered.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from annotator.errors import AnnotatorError
from annotator.files import place, read_bytes, refusals, stage, sync, sync_folder

Where = tuple[str, ...]
"""What a line was typed for, from the project down to the question."""

MOST: Final = 1 << 20
"""Bytes that a kept line has at most; a longer file is none of ours."""


def keep(where: Where, typed: str) -> None:
    """Keep a line, in the place of an older one; raises StorageError where that is refused."""
    path = _path(where)
    data = json.dumps({"where": where, "typed": typed}).encode()
    with refusals(path.parent, "made"):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with refusals(path, "written"):
        temporary = stage(path.parent, data)
        try:
            temporary.chmod(0o600)
            sync([temporary])
            place(temporary, path, exclusive=False)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


def take(where: Where) -> str:
    """Return the line that is kept for a question, and keep it no longer; empty where none is.

    What cannot be read, or cannot be taken away, is left alone and never offered.
    """
    path = _path(where)
    try:
        kept = json.loads(read_bytes(path, limit=MOST))
        path.unlink()
    except (AnnotatorError, OSError, ValueError, RecursionError):
        return ""
    ours = isinstance(kept, dict) and kept.get("where") == list(where)
    typed = kept.get("typed") if ours else None
    return typed if isinstance(typed, str) else ""


def _path(where: Where) -> Path:
    from platformdirs import user_state_path

    named = hashlib.sha256(json.dumps(where).encode()).hexdigest()[:32]
    return user_state_path("annotator", appauthor=False) / "half-typed" / f"{named}.json"
