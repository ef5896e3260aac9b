"""Which form a file looks like, so that whoever named another is told once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from annotator.errors import AnnotatorError, InputError
from annotator.files import opened, printable
from annotator.formats.dialect import Dialect
from annotator.formats.dialects import DIALECTS, dialect
from annotator.formats.json_array import json_array
from annotator.formats.jsonl import json_lines
from annotator.formats.signs import of_another, signs
from annotator.formats.told import Told

_FEW: Final = 3
"""Rows that are looked at."""
_HEAD: Final = 4096
_PACKED: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OF_JSON: Final = (".json", ".jsonl")


def likely(path: Path) -> InputError | None:
    """Return what says which form of a dataset a file looks like, None for none."""
    shown = printable(str(path))
    if path.suffix.lower() == ".zip" and _is_packed(path):
        return _packed(shown)
    form = _shown(path)[0] if path.suffix.lower() in _OF_JSON else ""
    if form:
        return of_another(shown, form)
    named = [one for one in DIALECTS if path.suffix.lower() in one.suffixes]
    if not named or path.suffix.lower() in _OF_JSON:
        return None
    # Several forms can share an ending; the first is the one without a variant.
    return InputError(
        f"{shown} looks like {named[0].title}.", f"Name its form: --format {named[0].name}."
    )


def require_readouts(path: Path) -> None:
    """Raise InputError where a file of readouts by its ending holds rows of a dataset."""
    if path.suffix.lower() in _OF_JSON and (found := likely(path)):
        raise found


def require_form(form: Dialect, path: Path) -> None:
    """Raise InputError where a file is packed, or its first rows are all of another form."""
    if _is_packed(path) and not any(path.suffix.lower() in one.suffixes for one in DIALECTS):
        raise _packed(printable(str(path)))
    first, every = _shown(path)
    kin = [dialect(one).reader for one in every]
    if first and form.reader not in kin and not (first == "jsonl" and _holds_our_rows(form)):
        raise of_another(printable(str(path)), first)


def of_the_form(form: Dialect, path: Path) -> Iterator[Told | InputError]:
    """Yield what a file tells in a form, each part of it that is none as an error.

    Raises InputError, once, where the whole of it is of another form, or of none that is known.
    """
    require_form(form, path)
    wrong: list[InputError] = []
    told = False
    try:
        for one in form.read(path):
            if told:
                yield one
            elif isinstance(one, InputError):
                wrong.append(one)
            else:
                told = True
                yield from wrong
                yield one
    except InputError as error:
        raise error if error.hint else InputError(error.message, _remedy(form)) from error
    if told:
        return
    if wrong and not (len(wrong) == 1 and wrong[0].hint) and _is_of_none(path):
        raise InputError(wrong[0].message, _remedy(form))
    yield from wrong


def _is_of_none(path: Path) -> bool:
    """Tell whether a file has no rows of JSON, or the first have what no form has that is read."""
    try:
        rows = list(islice(_rows(path), _FEW))
    except AnnotatorError:
        return False
    return not any(signs(row) or "text" in row for row in rows)


def _is_packed(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with opened(path) as file:
            return file.read(len(_PACKED[0])) in _PACKED
    except AnnotatorError:
        return False


def _packed(shown: str) -> InputError:
    return InputError(f"{shown} is a ZIP archive: unpack it first, and name what is in it.")


def _remedy(form: Dialect) -> str:
    names = ", ".join(one.name for one in DIALECTS if one.reader)
    return f"If its form is not {form.name}, name it: --format takes {names}."


def _holds_our_rows(form: Dialect) -> bool:
    return form.reader in ("jsonl_in", "standoff_in", "hf")


def _shown(path: Path) -> tuple[str, frozenset[str]]:
    """Return the likeliest form of the first rows, and all that one of them may be in.

    Nothing is shown where a row is plain, or where the file is no file of rows.
    """
    try:
        found = [signs(row) for row in islice(_rows(path), _FEW)] if path.is_file() else []
    except AnnotatorError:
        found = []
    if not found or not all(found):
        return "", frozenset()
    return found[0][0], frozenset(name for one in found for name in one)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with opened(path) as file:
        head = file.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"[", b"{"):
        return
    for _, row in json_array(path) if head.startswith(b"[") else json_lines(path):
        if isinstance(row, dict):
            yield row
        elif b'"%TYPES"' in head:  # One object on many lines.
            yield {"%TYPES": {}}
