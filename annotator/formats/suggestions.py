"""A file of suggestions for one readout: JSON Lines, one suggestion a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from annotator.errors import InputError
from annotator.files import MAX_BYTES, opened, printable
from annotator.formats.jsonl import json_object
from annotator.model.suggestion import Suggestion
from annotator.tomlfile import explain

SUFFIX: Final = ".jsonl"
_TAKE_OUT: Final = "Take the line out, or move the file away and import again."
_FEWER: Final = "Suggest less, or take what one source suggests away with “annotator suggestions”."


def read(path: Path, shown: str) -> Iterator[Suggestion | InputError]:
    """Yield the suggestion of each line, or what is wrong with it; `shown` is the file's name.

    Empty lines are nothing. Raises InputError where the file is none or too large, StorageError
    where it is refused.
    """
    with opened(path) as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"{printable(shown)} is larger than {MAX_BYTES / 1_000_000:g} MB.",
            "Move the file away, and import fewer suggestions.",
        )
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            try:
                yield _suggestion(line, f"{printable(shown)}, line {number}")
            except InputError as error:
                yield error


def _suggestion(line: bytes, place: str) -> Suggestion:
    try:
        return Suggestion.model_validate_json(line)
    except ValidationError as error:
        json_object(line, place)  # What is no JSON at all is better told so.
        trouble = explain(error, Suggestion)
        raise InputError(f"{place} is no suggestion: {trouble}", _TAKE_OUT) from error


def written(suggestions: Iterable[Suggestion], shown: str) -> bytes:
    """Return the file; raises InputError where it would be too large to be read again."""
    lines = (one.model_dump_json(exclude_none=True) for one in suggestions)
    raw = "".join(f"{line}\n" for line in lines).encode()
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"{printable(shown)} would be larger than {MAX_BYTES / 1_000_000:g} MB.", _FEWER
        )
    return raw
