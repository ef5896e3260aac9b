"""A dataset on its way to its place: complete there, or not there at all."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Container, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from annotator.config import SETTINGS_FILE
from annotator.errors import Busy, InputError
from annotator.files import printable, read_bytes, refusals, sync, sync_folder
from annotator.formats.card import CARD, CHECKSUMS, checksums, read_checksums

if TYPE_CHECKING:
    from hashlib import _Hash

_BUFFER: Final = 1 << 18
_MOST_OPEN: Final = 16

Stamp = tuple[str, int, int, int, int]
"""The digest that a file was written with, and what the file system says of it."""


class Draft:
    """A hidden folder beside the place of a dataset, made with the first write.

    Leaving the context before `put_in_place` leaves nothing behind. The folder around it is locked
    meanwhile, so what a killed export left can be told from one that is being written.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._folder = target.with_name(f".{target.name}.new")
        self._old = target.with_name(f".{target.name}.old")
        self._open: dict[str, BinaryIO] = {}
        self._digests: dict[str, _Hash] = {}
        self._others: dict[str, str] = {}
        self._begun = False
        self._lock = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in self._open.values():
            # What a full disk refused once, it refuses again; the error is on its way already.
            with suppress(OSError):
                opened.close()
        if self._begun:
            with suppress(OSError):  # The next export tries again.
                self._clear_away()
        self._lock.close()

    def write(self, file: str, data: bytes) -> None:
        """Append to a file of the dataset, which is made by the first call.

        Raises StorageError and Busy.
        """
        with refusals(self._target, "written"):
            self._opened(file).write(data)
        self._digests[file].update(data)

    def _opened(self, file: str) -> BinaryIO:
        """Return a file to be appended to; of many, only those written last stay open."""
        opened = self._open.pop(file, None)
        if opened is None:
            if len(self._open) >= _MOST_OPEN:
                self._open.pop(next(iter(self._open))).close()
            opened = self._place(file).open("ab" if file in self._digests else "xb", _BUFFER)
            self._digests.setdefault(file, hashlib.sha256())
        self._open[file] = opened
        return opened

    def path(self, file: str) -> Path:
        """Return where a library may write a file itself; raises StorageError and Busy."""
        with refusals(self._target, "written"):
            place = self._place(file)
        self._others[file] = ""
        return place

    def _place(self, file: str) -> Path:
        parts = PurePosixPath(file).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise ValueError(f"{file!r} is no file of a dataset")
        if not self._begun:
            self._begin()
        place = self._folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def _begin(self) -> None:
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._lock.enter_context(_only_writer(self._target.parent))
        self._begun = True
        self._clear_away()
        self._folder.mkdir()

    def _clear_away(self) -> None:
        """Finish or take back what an export had begun, wherever it was cut short."""
        if self._old.exists() and not self._target.exists():
            self._old.rename(self._target)
        for left in (self._folder, self._old):
            if left.exists():
                shutil.rmtree(left)

    def digests(self) -> dict[str, str]:
        """Return the sha256 of each file so far, by its name; a library must have closed its own.

        Raises StorageError.
        """
        with refusals(self._target, "read"):
            for file, known in self._others.items():
                self._others[file] = known or _digest(self._folder / file)
        return self._others | {file: one.hexdigest() for file, one in self._digests.items()}

    def put_in_place(self, *, keep: bool = False) -> Path | None:
        """Bring the dataset to disk and move it to its place; raises StorageError.

        With `keep`, what somebody changed in an older one there is copied beside it first, into
        the folder that is returned.
        """
        with refusals(self._target, "written"):
            for opened in self._open.values():
                opened.close()
            digests = self.digests()
            (self._folder / CHECKSUMS).write_bytes(checksums(digests))
            sync([self._folder / file for file in (*digests, CHECKSUMS)])
            for folder in sorted({(self._folder / file).parent for file in digests}):
                sync_folder(folder)
            sync_folder(self._folder)
            kept = self._keep(edited(self._target) if keep else [])
            if self._target.exists():
                self._target.rename(self._old)
            self._folder.rename(self._target)
            sync_folder(self._target.parent)
        return kept

    def _keep(self, files: Sequence[str]) -> Path | None:
        if not files:
            return None
        kept = place_of_edited(self._target)
        try:
            for file in files:
                (kept / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self._target / file, kept / file)
            sync([kept / file for file in files])
            for folder in {(kept / file).parent for file in files} | {kept}:
                sync_folder(folder)
        except OSError:
            shutil.rmtree(kept, ignore_errors=True)
            raise
        return kept


def place_of_edited(target: Path) -> Path:
    """Return the folder, one that is free, to keep what was changed by hand in a dataset."""
    numbers = chain([""], (f"-{number}" for number in count(2)))
    places = (target.with_name(f"{target.name}.edited{more}") for more in numbers)
    return next(place for place in places if not os.path.lexists(place))


def require_replaceable(target: Path, *, replace: bool) -> None:
    """Raise InputError where a dataset may not take that place.

    A folder that holds anything but an export is never replaced, an export only if `replace`.
    """
    shown = printable(str(target))
    elsewhere = "Choose another name, or another folder with -o."
    with refusals(target, "read"):
        around = next((one for one in target.parents if os.path.lexists(one)), target.parent)
        if not around.is_dir():
            raise InputError(f"{printable(str(around))} is a file, and no folder.", elsewhere)
        if not os.path.lexists(target):
            return
        if target.is_symlink() or not target.is_dir():
            raise InputError(f"{shown} is there already, and is no folder.", elsewhere)
        names = set(_files_below(target))
    if not names:
        return
    sums = read_bytes(target / CHECKSUMS) if CHECKSUMS in names else b""
    listed = read_checksums(sums)
    foreign = sorted(names - {CHECKSUMS, *listed} if listed else names)
    if foreign:
        raise InputError(
            f"{shown} holds “{printable(foreign[0])}”, which no export wrote.", elsewhere
        )
    if not replace:
        raise InputError(f"There is an export {shown} already.", "Replace it with --force.")


def require_unedited(target: Path, known: dict[str, Stamp]) -> None:
    """Raise InputError where somebody changed a file of the dataset that is in that place.

    `known` is as `edited` has it.
    """
    changed = edited(target, known)
    if changed:
        always = f" What the card shall always say goes under [card] in {SETTINGS_FILE}."
        raise InputError(
            f"{printable(str(target / changed[0]))} was changed since the export wrote it.",
            "Write to another place (a NAME, or -o), or use --force, which keeps the changed file"
            f" in {printable(target.name)}.edited beside it.{always if CARD in changed else ''}",
        )


def edited(
    target: Path, known: dict[str, Stamp] | None = None, *, only: Container[str] | None = None
) -> list[str]:
    """Return the files of a dataset that are not as an export wrote them, sorted.

    What was found as written is put into `known`, and is not read again while it has that stamp.
    With `only`, no other files are looked at.
    """
    known = {} if known is None else known
    changed = []
    with refusals(target, "read"):
        if not (target / CHECKSUMS).is_file():
            return []
        written = read_checksums(read_bytes(target / CHECKSUMS)) or {}
        for file in sorted(file for file in written if only is None or file in only):
            path = target / file
            if not path.is_file():
                continue
            stamp = _stamp(path, written[file])
            if known.get(file) == stamp:
                continue
            if _digest(path) == written[file]:
                known[file] = stamp
            else:
                changed.append(file)
    return changed


def _stamp(path: Path, written: str) -> Stamp:
    found = path.stat()
    return written, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _files_below(folder: Path) -> Iterator[str]:
    """Yield everything in a folder but folders that hold something, by its name from there."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            within = [f"{entry.name}/{name}" for name in _files_below(entry)]
            yield from within or [f"{entry.name}/"]
        else:
            yield entry.name


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                f"Another export is being written in {printable(str(folder))}.",
                "Wait until it is done.",
            ) from error
        except OSError as error:
            # Some network file systems lock no folders; there, one export at a time is custom.
            if error.errno not in (errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EINVAL):
                raise
        yield
    finally:
        os.close(descriptor)
