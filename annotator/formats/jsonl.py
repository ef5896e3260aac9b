"""JSON Lines: one readout per line.

A line is an object with `text` and, where they are known, `id` and the fields of the metadata,
flat or inside `metadata`. Any other key is refused, for it would be lost.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from annotator.errors import InputError
from annotator.files import (
    MAX_BYTES,
    NAME_ENCODING,
    decode,
    marked,
    opened,
    printable,
    read_bytes,
    text_codec,
    too_large,
)
from annotator.formats.incoming import Incoming, taken
from annotator.formats.metadata import merged
from annotator.formats.signs import require_own
from annotator.model.readout import Metadata
from annotator.tomlfile import explain

_MOST_BAD_LINES = 100
_AN_OBJECT = "Write one JSON object with “text” on each line."


def read(path: Path, encoding: str | None) -> Iterator[Incoming | InputError]:
    """Yield the readout of each line, or what is wrong with it; empty lines are nothing.

    UTF-8 is read line by line, so that the file may be of any size; another encoding is read
    whole. Raises InputError where the file is none, a line is too long, or too many are bad.
    """
    source = Metadata(source_file=printable(path.name), source_sha256=_digest(path))
    bad = 0
    for number, line in enumerate(text_lines(path, encoding), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            yield _readout(line, place, f"{path.stem}-{number:05}", source)
        except InputError as error:
            bad += 1
            if bad > _MOST_BAD_LINES:
                raise InputError(
                    f"{printable(place)}: more than {_MOST_BAD_LINES} lines are no readouts;"
                    " the rest was not read.",
                    _AN_OBJECT,
                ) from error
            yield error


def unless_wrong(raw: dict[str, Any] | InputError) -> dict[str, Any]:
    """Return the object of a line that `json_lines` gave; raises what is wrong where it is none."""
    if isinstance(raw, InputError):
        raise raw
    return raw


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any] | InputError]]:
    """Yield the place of each line of a file, ready to be shown, and its object or what is wrong.

    Empty lines are nothing. Raises InputError where a line is too long or the file is one array,
    StorageError where the file is refused.
    """
    is_first = True
    for number, line in enumerate(text_lines(path), start=1):
        if line.strip():
            place = printable(f"{path}, line {number}")
            if is_first and (line.strip() == b"[" or line.lstrip().startswith(b"[{")):
                raise InputError(
                    f"{place} opens one JSON array, and no JSON Lines.",
                    "Write each object on a line of its own.",
                )
            is_first = False
            try:
                yield place, json_object(line, place)
            except InputError as error:
                yield place, error


def _digest(path: Path) -> str:
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_lines(path: Path, encoding: str | None = None) -> Iterator[bytes]:
    """Yield lines of UTF-8 with their line feeds, whatever the file is in.

    Raises InputError where a line is too long, StorageError where the file is refused.
    """
    with opened(path) as file:
        mark = marked(file.peek(4))
        if (mark or (encoding and text_codec(encoding)) or "utf-8") in ("utf-8", "utf-8-sig"):
            file.seek(len(codecs.BOM_UTF8) if mark else 0)
            while line := file.readline(MAX_BYTES + 1):
                if len(line) > MAX_BYTES:
                    raise too_large(f"A line of {printable(str(path))}", MAX_BYTES)
                yield line
            return
    text = decode(read_bytes(path), encoding=encoding, name=str(path)).text
    yield from text.encode().split(b"\n")


def _readout(line: bytes, place: str, name: str, source: Metadata) -> Incoming:
    shown = printable(place)
    item = json_object(line, shown)
    require_own(item, shown)
    text = item.pop("text", None)
    if not isinstance(text, str):
        raise InputError(f"{shown} has no “text” that is a string.", _AN_OBJECT)
    wished = item.pop("id", name)
    if not isinstance(wished, str):
        raise InputError(f"{shown}: the “id” is no string.", "Write it in quotation marks.")
    nested = item.pop("metadata", {})
    if not isinstance(nested, dict):
        raise InputError(f"{shown}: the “metadata” is no object.")
    if twice := sorted(item.keys() & nested.keys()):
        raise _said_twice(shown, twice[0])
    try:
        said = Metadata.model_validate_json(json.dumps({**item, **nested}))
    except ValidationError as error:
        trouble = explain(error, Metadata)
        raise InputError(f"{shown}: {trouble}", trouble.remedy) from error
    return Incoming(wished, taken(text, place), merged(said, source), place=shown)


def strict_decoder(shown: str) -> json.JSONDecoder:
    """Return a decoder that refuses keys that stand twice and numbers that are none."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise _said_twice(shown, key)
            found[key] = value
        return found

    return json.JSONDecoder(object_pairs_hook=unique, parse_constant=_no_number)


def json_object(line: bytes, shown: str) -> dict[str, Any]:
    """Return the object that a line of JSON is; raises InputError, with `shown` for its place."""
    try:
        # With its line feed, what lacks an end would be wrong at the start of the next line.
        item = strict_decoder(shown).decode(line.rstrip(b"\r\n").decode())
    except UnicodeDecodeError as error:
        raise InputError(
            f"{shown}: the byte at offset {error.start} of the line is not UTF-8.",
            NAME_ENCODING,
        ) from error
    except RecursionError as error:
        raise InputError(f"{shown} is nested too deeply.", _AN_OBJECT) from error
    except json.JSONDecodeError as error:
        what = f"{error.msg} at column {error.colno}"
        raise InputError(f"{shown} is not JSON: {what}.", _AN_OBJECT) from error
    except ValueError as error:  # A number that is none, or has thousands of digits.
        raise InputError(f"{shown} is not JSON: {no_number(error)}.", _AN_OBJECT) from error
    if not isinstance(item, dict):
        raise InputError(f"{shown} is no object.", _AN_OBJECT)
    return item


class _NoNumberError(ValueError):
    """Says which word stands for a number."""


def _no_number(name: str) -> NoReturn:
    raise _NoNumberError(f"{name} is no number")


def no_number(error: ValueError) -> str:
    """Return in words why a decoder took no number, which Python tells in terms of its own."""
    return str(error) if isinstance(error, _NoNumberError) else "a number has thousands of digits"


def _said_twice(shown: str, key: str) -> InputError:
    return InputError(f"{shown}: “{printable(key)}” stands twice.", "Leave one of them out.")
