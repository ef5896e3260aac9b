"""The codebook's file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.files import read_bytes
from annotator.formats.toml_edit import edited
from annotator.model.codebook import Codebook
from annotator.tomlfile import parse_toml


def read_codebook(path: Path) -> Codebook:
    """Read a codebook; raises InputError that names the file, the line and the key."""
    return _understood(read_bytes(path), str(path))


def _understood(raw: bytes, name: str) -> Codebook:
    try:
        return _sound(raw)
    except InputError:  # What is wrong is said of the file in which it stands.
        return parse_toml(raw, Codebook, name=name)


@lru_cache(maxsize=4)
def _sound(raw: bytes) -> Codebook:
    """Read what projects, and revisions of one project, read again and again."""
    return parse_toml(raw, Codebook, name="")


def rewritten(raw: bytes, after: Codebook, *, name: str) -> bytes:
    """Return the bytes of a codebook's file that say `after`; comments, order and layout stay.

    `name` is what messages call the file. Raises InputError where it is no codebook, or is laid out
    in a way that cannot be changed in place.
    """
    before = _understood(raw, name)
    mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    source = raw.decode("utf-8-sig")
    made = (mark + edited(source, _said(before), _said(after))).encode()
    if _understood(made, name) != after:
        raise InputError(
            f"{name} is laid out so that it cannot be changed in place.",
            "Change it in an editor; “annotator codebook check” says whether it is sound.",
        )
    return made


def _said(book: Codebook) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(book.model_dump_json(exclude_unset=True))
    return said
