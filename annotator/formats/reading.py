"""What readers of foreign files share: which files, which lines, and how much may be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from annotator.errors import InputError
from annotator.files import MAX_BYTES, opened, printable, refusals, too_large

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


def utf8_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and the words of each line, which ends with LF or CR LF.

    Raises InputError where a line is too long or not UTF-8, StorageError where the file is refused.
    """
    with opened(path) as file:
        number = 0
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            place = f"{printable(str(path))}, line {number}"
            if len(line) > MAX_BYTES:
                raise too_large(place, MAX_BYTES)
            try:
                words = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise InputError(
                    f"{place}: the byte at offset {error.start} of the line is not UTF-8.",
                    "Save the file as UTF-8.",
                ) from error
            yield number, words.rstrip("\r\n")


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
