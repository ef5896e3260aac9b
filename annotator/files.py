"""Bytes from outside and bytes to disk: decoding without guesses, writing without halves.

Nothing here knows what a file is about. Names and text that are shown to a person pass through
`printable`, for a terminal obeys what it is sent.
"""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final

from annotator.errors import InputError, StorageError, Unwritable

MAX_BYTES: Final = 5_000_000
"""The largest file that is read whole: a readout, its metadata, a codebook."""

SELF_EVIDENT: Final = frozenset({"utf-8", "utf-8-sig", "utf-16", "utf-32"})
"""The encodings that `decode` finds without being told."""

# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
)
# Without a mark, the plain names would mean another byte order on another machine.
_UNMARKED = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_NO_DOCUMENT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"{\\rtf", "an RTF document"),
)
_CONTROLS = bytes({*range(32), 127} - {9, 10, 12, 13})
_SAVE_AS_TEXT = "Save it as plain text in UTF-8 and use that file."
NAME_ENCODING = "Save it as UTF-8, or tell “annotator add” its encoding, such as --encoding cp1252."

MARKER: Final = "·"
"""What stands for a code point that nobody sees."""
_UNSHOWN = "\N{REPLACEMENT CHARACTER}"
_BIDI = ((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
_OBEYED = ((0x80, 0x9F), (0x2028, 0x2029), (0xD800, 0xDFFF), *_BIDI)
# Zero-width and otherwise unseen: joiners, fillers, variation selectors but the two that choose
# between text and emoji, annotation anchors, musical controls, tag characters.
_UNSEEN = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200D),
    (0x2060, 0x2065),
    (0x206A, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0D),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)


def _table() -> dict[int, str]:
    table = {code: chr(0x2400 + code) for code in range(32)}
    table[0x7F] = "\N{SYMBOL FOR DELETE}"
    for ranges, shown in ((_OBEYED, _UNSHOWN), (_UNSEEN, MARKER)):
        table.update((code, shown) for first, last in ranges for code in range(first, last + 1))
    return table


HIDDEN: Final[Mapping[int, str]] = _table()
"""What to show for each code point that a terminal obeys or a reader does not see."""

_RANGES = "".join(
    f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in (*_OBEYED, *_UNSEEN)
)
_ANY_HIDDEN = re.compile(f"[\x00-\x1f\x7f{_RANGES}]")
_HIDDEN_IN_TEXT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{_RANGES}]")
_REMOVED: Final = dict.fromkeys(HIDDEN)

MARKS_PER_LETTER: Final = 8
"""How many marks are drawn on one letter; a pile of more shows dots."""

# What is drawn onto the letter before it, though Unicode calls it a letter or a sign.
_JOINING = "\u1160-\u11ff\ud7b0-\ud7ff\U0001f3fb-\U0001f3ff"
_JOINS = re.compile(f"[{_JOINING}]")
# Any run that could be one of marks; what it is, the Unicode data say.
_MAYBE_PILED = re.compile(rf"(?:[^\w\s\x00-\x7f]|[{_JOINING}]){{9,}}")


def printable(text: str) -> str:
    """Return text that a terminal shows and does not obey, one code point for each of its own.

    What is hidden becomes a visible sign, and marks piled on one letter beyond `MARKS_PER_LETTER`
    become dots.
    """
    if text.isascii() and text.isprintable():
        return text
    shown = text.translate(HIDDEN) if _ANY_HIDDEN.search(text) else text
    return shown if shown.isascii() else _MAYBE_PILED.sub(_flattened, shown)


def without_hidden(text: str) -> str:
    """Return text without what is hidden, and without the marks that `printable` turns to dots."""
    kept = text.translate(_REMOVED)
    return _MAYBE_PILED.sub(lambda found: _flattened(found, ""), kept)


def _flattened(found: re.Match[str], instead: str = MARKER) -> str:
    piled, shown = 0, []
    for char in found.group():
        mark = unicodedata.category(char)[0] == "M" or _JOINS.match(char)
        piled = piled + 1 if mark else 0
        shown.append(instead if piled > MARKS_PER_LETTER else char)
    return "".join(shown)


def hidden_characters(text: str) -> int:
    """Count the characters of `HIDDEN` in a text; line feeds and tabs are no secret."""
    return sum(1 for _ in _HIDDEN_IN_TEXT.finditer(text))


@dataclass(frozen=True)
class Decoded:
    """Text, and the encoding that it was read with, one of `SELF_EVIDENT` or as it was named."""

    text: str
    encoding: str


def decode(raw: bytes, *, encoding: str | None = None, name: str) -> Decoded:
    """Read the bytes of a text: by their byte-order mark, as `encoding`, or else as UTF-8.

    A mark is stronger than `encoding`, and is no part of the text. CR LF and CR are read as LF;
    nothing else is changed. `name` is what messages call the file. Raises InputError where the
    bytes are not text in that encoding, with the place of the first bad byte counted from 0.
    """
    shown = printable(name)
    if len(raw) > MAX_BYTES:
        raise too_large(shown, MAX_BYTES)
    for signature, kind in _SIGNATURES:
        if raw.startswith(signature):
            raise InputError(f"{shown} is {kind}, not text.", _SAVE_AS_TEXT)
    mark, codec, called = _mark(raw)
    if not mark:
        codec = called = text_codec(encoding) if encoding else "utf-8"
    if codec == "utf-8":
        _require_text(raw, shown)
    text = _decoded(raw, len(mark), codec, shown)
    if codec != "utf-8":
        _require_text(encoded(text, name), shown)
    return Decoded(_with_line_feeds(text), called)


def marked(raw: bytes) -> str | None:
    """Return the encoding that a byte-order mark at the start of `raw` names, or None."""
    return _mark(raw)[2] or None


def _mark(raw: bytes) -> tuple[bytes, str, str]:
    return next((entry for entry in _MARKS if raw.startswith(entry[0])), (b"", "", ""))


def text_codec(encoding: str) -> str:
    """Return Python's name for an encoding of text; raises InputError where there is none."""
    problem = f"There is no text encoding “{printable(encoding)}”."
    remedy = "Name one that Python knows, such as cp1252, cp1251, koi8-r, shift_jis or gb18030."
    try:
        name = codecs.lookup(encoding).name
        b" ".decode(name)
    except UnicodeDecodeError:
        pass  # A single byte is no text in it, so it is an encoding of text.
    except (LookupError, ValueError) as error:
        raise InputError(problem, remedy) from error
    if name.replace("-", "_") in _NO_DOCUMENT:
        raise InputError(problem, remedy)
    return _UNMARKED.get(name, name)


def _decoded(raw: bytes, start: int, codec: str, shown: str) -> str:
    try:
        return raw[start:].decode(codec)
    except UnicodeDecodeError as error:
        offset = start + error.start
        before = raw[start:offset].decode(codec, errors="replace")
        line = _with_line_feeds(before).count("\n") + 1
        # A byte-order mark is stronger than what is named, so naming something would not help.
        remedy = "Save the file again as UTF-8." if start else NAME_ENCODING
        raise InputError(
            f"{shown}, line {line}: the byte at offset {offset} is not {codec.upper()}.", remedy
        ) from error
    except UnicodeError as error:
        raise InputError(f"{shown} is not {codec.upper()}.", NAME_ENCODING) from error


def encoded(text: str, name: str) -> bytes:
    """Return text in UTF-8; raises InputError where it holds half a surrogate pair."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{printable(name)}: character {error.start} is half a surrogate pair, not text."
        ) from error


def _require_text(raw: bytes, shown: str) -> None:
    controls = len(raw) - len(raw.translate(None, _CONTROLS))
    if controls and b"\0" in raw:
        raise InputError(
            f"{shown} is binary, not text: it holds a NUL at byte {raw.index(0)}.",
            "If it is UTF-16, name it with --encoding utf-16-le or utf-16-be.",
        )
    if controls * 10 > len(raw):
        raise InputError(
            f"{shown} is binary, not text: {controls} of its bytes are control characters.",
            _SAVE_AS_TEXT,
        )


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def too_large(shown: str, limit: int) -> InputError:
    """Return the error that says a file is larger than `limit` bytes."""
    return InputError(
        f"{shown} is larger than {limit / 1_000_000:g} MB.", "Split it into smaller files."
    )


def sha256(raw: bytes) -> str:
    """Return the sha256 of bytes in hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)


def safe_name(text: str) -> str:
    """Return a name for a file: letters, digits, `.`, `_` and `-` of ASCII, at most 100 of them.

    A text that is such a name already is returned as it is. Any other gets eight digits of its
    hash, so that two texts do not end as one name.
    """
    reserved = text.split(".")[0].lower() in _RESERVED
    if _SAFE.fullmatch(text) and not text.endswith(".") and not reserved:
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass"))[:8]
    kept = _UNSAFE.sub("-", text).lstrip("._-")
    prefix = "x-" if reserved else ""
    return f"{prefix}{kept[:80].rstrip('._-') or 'unnamed'}-{digest}"


_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "Free some space and try again."),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "Check who may read and write there."),
    errno.EROFS: "Choose a place that can be written to.",
    errno.EEXIST: "Choose another name, or remove it first.",
}


@contextmanager
def refusals(path: Path, done: str) -> Iterator[None]:
    """Turn what the file system says of a path into StorageError or Unwritable; `done`: "read"."""
    try:
        yield
    except OSError as error:
        forbidden = done != "read" and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        raise (Unwritable if forbidden else StorageError)(
            f"{printable(str(path))} could not be {done}: {error.strerror or error}.",
            _REMEDIES.get(error.errno or 0, ""),
        ) from error


def read_bytes(path: Path, *, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file.

    Raises InputError where there is none or it is larger than `limit` bytes, StorageError where
    the file system refuses.
    """
    with opened(path) as file:
        # To ask for so many bytes takes memory for all of them.
        size = min(os.fstat(file.fileno()).st_size, limit)
        raw = file.read(size + 1)
        raw += file.read(limit - size) if len(raw) > size else b""
    if len(raw) > limit:
        raise too_large(printable(str(path)), limit)
    return raw


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file for reading; raises as `read_bytes` does, also while it is read."""
    shown = printable(str(path))
    with refusals(path, "read"):
        try:
            # A pipe or a device would block or never end.
            if not stat.S_ISREG(path.stat().st_mode):
                raise InputError(f"{shown} is not a file.")
        except (FileNotFoundError, NotADirectoryError) as error:
            raise InputError(f"There is no file {shown}.") from error
        with path.open("rb") as file:
            yield file


def write_atomic(path: Path, data: bytes, *, exclusive: bool = False) -> None:
    """Write a file whole or not at all; when this returns, it is on disk.

    An older file is replaced and its mode kept; a symbolic link stays one. With `exclusive`
    nothing may stand there yet, not even a link. Raises StorageError where the file system
    refuses; the older file, if any, is then untouched.
    """
    with refusals(path, "written"):
        target = path if exclusive else Path(os.path.realpath(path))
        temporary = stage(target.parent, data)
        try:
            if not exclusive and target.exists():
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            sync([temporary])
            place(temporary, target, exclusive=exclusive)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(target.parent)


def stage(folder: Path, data: bytes) -> Path:
    """Write a hidden file into a folder and return its path; raises OSError, and leaves nothing.

    `stage`, `sync`, `place` and `sync_folder` are the steps of `write_atomic`, for those who
    write many files at once.
    """
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    file = temporary.open("xb", buffering=0)
    try:
        with file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def sync(paths: Sequence[Path]) -> None:
    """Bring the contents of files to disk; raises OSError.

    Many are synced side by side: a journalling file system then commits them together.
    """
    if len(paths) == 1:
        _sync_one(paths[0])
    elif paths:
        with ThreadPoolExecutor(max_workers=8) as pool:
            for _ in pool.map(_sync_one, paths):
                pass


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def place(temporary: Path, target: Path, *, exclusive: bool) -> None:
    """Move a staged file to its place; raises OSError.

    With `exclusive`, FileExistsError says that something stands there.
    """
    if not exclusive:
        temporary.replace(target)
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            raise
        # Some file systems have no hard links: take the name first, then fill it.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        temporary.replace(target)
    else:
        temporary.unlink()


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk; raises OSError."""
    try:
        _sync_one(folder)
    except OSError as error:
        # Some network file systems sync names by themselves and refuse to be asked.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
