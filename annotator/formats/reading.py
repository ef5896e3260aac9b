"""What readers of foreign files share: which files, which lines, and how much may be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from annotator.errors import InputError
from annotator.files import printable, refusals

_MOST_ERRORS: Final = 100


def files_below(path: Path, suffix: str) -> list[Path]:
    """Return a file, or all files of that ending in a folder and the folders in it, sorted.

    Raises InputError where there is none, StorageError where the file system refuses.
    """
    if not path.is_dir():
        return [path]
    with refusals(path, "read"):
        found = sorted(path.rglob(f"*{suffix}"))
    if not found:
        raise InputError(f"{printable(str(path))} holds no file that ends with {suffix}.")
    return found


def utf8_lines(raw: bytes, place: str) -> list[str]:
    """Return lines of UTF-8 that end with LF or CR LF; raises InputError, which names the line."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{place}, line {line}: the byte at offset {error.start} is not UTF-8.",
            "Save the file as UTF-8.",
        ) from error


@contextmanager
def noted(wrong: list[InputError]) -> Iterator[None]:
    """Put what is wrong with a part of a file on a list, and go on."""
    try:
        yield
    except InputError as error:
        wrong.append(error)


def told_of(wrong: Sequence[InputError], place: str) -> Iterator[InputError]:
    """Yield the first errors of a file, and how many there are where there are more."""
    yield from wrong[:_MOST_ERRORS]
    if len(wrong) > _MOST_ERRORS:
        yield InputError(f"{place}: {len(wrong):,} parts of it are wrong in all.")
