"""What readers of foreign files share: which files, which lines, and how much may be wrong."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from annotator.errors import InputError, PartUnread
from annotator.files import MAX_BYTES, decode, opened, printable, refusals, too_large
from annotator.formats.told import Told
from annotator.formats.whose import with_coders

_MOST_ERRORS: Final = 100


_Read = Callable[[Path, str | None], Iterator[Told | InputError]]


def each_file(
    path: Path, suffix: str, read: _Read, *, by_folder: bool = False, layered: bool = False
) -> Iterator[Told | InputError]:
    """Yield what `read` tells of a file, or of every file of that ending in a folder, by name.

    `read` is also given the name of the folder in the folder that the file stands in. In a folder,
    a file that is none stops no other, and files of one text are the work of several coders, or
    folders where they are `layered`: files beside each other are of one coder then. With
    `by_folder`, a folder in the folder is a coder's in any case.

    Raises InputError where there is no such file, and what `read` raises of a single one;
    StorageError where the file system refuses.
    """
    if not path.is_dir():
        yield from read(path, None)
        return
    found = files_below(path, suffix)
    if not found:
        raise InputError(f"{printable(str(path))} holds no file that ends with {suffix}.")
    told = _of_each(found, path, read)
    apart = ((file.parent if layered else file, one) for file, one in told)
    yield from with_coders(path, apart, by_folder=by_folder)


def _of_each(
    files: Iterable[Path], folder: Path, read: _Read
) -> Iterator[tuple[Path, Told | InputError]]:
    for file in files:
        try:
            for one in read(file, file.parent.name if file.parent != folder else None):
                yield file, one
        except InputError as error:
            yield file, error


def files_below(folder: Path, suffix: str) -> list[Path]:
    """Return the files of that ending in a folder, at any depth, by name; raises StorageError."""
    with refusals(folder, "read"):
        # A folder can be called like a file: after a coder, or after a document.
        return sorted(one for one in folder.rglob(f"*{suffix}") if not one.is_dir())


@dataclass(frozen=True)
class Line:
    """A line of a file, without its end; `number` counts from 1.

    `wrong` says that it is not UTF-8: `shown` has U+FFFD then for what could not be read.
    """

    number: int
    shown: str
    wrong: InputError | None = None

    @property
    def words(self) -> str:
        """The line as it stands; raises InputError where it is not UTF-8."""
        if self.wrong:
            raise self.wrong
        return self.shown


def utf8_lines(path: Path) -> Iterator[Line]:
    """Yield each line, which ends with LF or CR LF, also one that is not UTF-8.

    Raises InputError where a line is too long, StorageError where the file is refused.
    """
    with opened(path) as file:
        number = 0
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            place = f"{printable(str(path))}, line {number}"
            if len(line) > MAX_BYTES:
                raise too_large(place, MAX_BYTES)
            wrong, codec = None, "utf-8-sig" if number == 1 else "utf-8"
            try:
                words = line.decode(codec)
            except UnicodeDecodeError as error:
                words = line.decode(codec, errors="replace")
                said = f"{place}: the byte at offset {error.start} of the line is not UTF-8."
                wrong = InputError(said, "Save the file as UTF-8.")
            yield Line(number, words.rstrip("\r\n"), wrong)


@contextmanager
def tried(wrong: list[InputError]) -> Iterator[None]:
    """Put what is wrong with a part of a file on a list, and go on."""
    try:
        yield
    except InputError as error:
        wrong.append(error)


def left_out(error: InputError, what: str) -> InputError:
    """Return what is wrong with a part of a file, with that `what` is left out for it."""
    return InputError(f"{error.message} {what} is left out.", error.hint)


def without_labels(wrong: Sequence[InputError]) -> Iterator[InputError]:
    """Yield what is wrong with labels of a text that is told without them, with that said."""
    return (left_out(one, "That label") for one in wrong)


def unread(wrong: Sequence[InputError]) -> Iterator[PartUnread]:
    """Yield what is wrong with parts of a text that is told without them."""
    return (PartUnread(error.message, error.hint) for error in wrong)


def told_of(wrong: Sequence[InputError], place: str) -> Iterator[InputError]:
    """Yield the first errors of a file, and how many there are where there are more."""
    yield from wrong[:_MOST_ERRORS]
    if len(wrong) > _MOST_ERRORS:
        yield InputError(f"{place}: {len(wrong):,} parts of it are wrong in all.")


@dataclass(frozen=True)
class Counted:
    """A text as a file counts it, with each CR, and its `words` as they are here.

    `gone` are the places of what is not in the words.
    """

    counted: str
    words: str
    gone: list[int]

    @classmethod
    def of(cls, raw: bytes, name: str, *, mark: bool) -> Self:
        """Read the bytes of a text in UTF-8; `mark` says that a byte-order mark is counted too.

        Raises InputError, with `name` for the file, where they are none.
        """
        found = decode(raw, name=name)
        if found.encoding not in ("utf-8", "utf-8-sig"):
            raise InputError(f"{printable(name)} is not UTF-8.", "Save it as UTF-8.")
        counted = raw.decode("utf-8" if mark else "utf-8-sig")
        gone = [0] if mark and found.encoding == "utf-8-sig" else []
        gone += [match.start() for match in re.finditer(r"\r(?=\n)", counted)]
        return cls(counted, found.text, gone)

    @classmethod
    def of_text(cls, counted: str) -> Self:
        """Read a text that another program counts as it stands, line ends and all."""
        bare = counted.lstrip("\ufeff")
        gone = [*range(len(counted) - len(bare))]
        gone += [match.start() for match in re.finditer(r"\r(?=\n)", counted)]
        return cls(counted, bare.replace("\r\n", "\n").replace("\r", "\n"), gone)

    def place(self, counted: int) -> int:
        """Return where a place is in the words."""
        return counted - bisect_left(self.gone, counted)
