"""A journal's bytes as a whole: its head, its lines, and what stands after the last sound one.

An append overwrites the closing bytes with a line and writes them again, so a write that was cut
short leaves one broken line at the very end and no closing bytes, or the zeros of a sector that
never arrived. Whatever else is broken may have been acknowledged, and is damage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.errors import DamagedFile, InputError
from annotator.model.edit import Edit
from annotator.store import format as form
from annotator.store.base import FORMAT, Header

CLOSING: Final = b"}}\n"
"""The last bytes of every journal."""

# The old closing bytes, the broken line and the new closing bytes: a torn write leaves no more.
_TORN_PIECES: Final = 3
RESTORE: Final = "Put back a sound copy, from git or a backup."


@dataclass(frozen=True)
class Lines:
    """A parsed journal: each of `bodies` is one edit, `rest` is `CLOSING` where nothing is torn."""

    header: Header
    head: bytes
    bodies: list[bytes]
    rest: bytes

    @property
    def torn(self) -> bool:
        """Tell whether the last write was cut short."""
        return self.rest != CLOSING


def render(head: bytes, bodies: Sequence[bytes]) -> bytes:
    """Return the bytes of a journal."""
    lines = (b"%b%b\n" % (_separator(place), body) for place, body in enumerate(bodies))
    return b"%b\n%b%b" % (head, b"".join(lines), CLOSING)


def journal(header: Header, edits: Iterable[Edit]) -> bytes:
    """Return the bytes of a journal that holds these edits; raises ValueError as `body` does."""
    revisions: Counter[int] = Counter()
    bodies = []
    for edit in edits:
        bodies.append(form.body(edit, revisions))
        revisions.update(change.key for change in edit.changes)
    return render(form.head(header), bodies)


def appended(body: bytes, place: int) -> bytes:
    """Return what to write over the closing bytes to add a line after `place` others."""
    return b"%b%b\n%b" % (_separator(place), body, CLOSING)


def parse(raw: bytes, name: str) -> Lines:
    """Take a journal's bytes apart; `name` is what messages call the file.

    Raises DamagedFile where bytes that may have been acknowledged are not as they were written,
    InputError where another version of the program wrote the file.
    """
    head, *pieces = raw.split(b"\n")
    header = _header(head, name, complete=bool(pieces))
    bodies: list[bytes] = []
    end = len(head) + 1
    for piece in pieces:
        if not _is_line(piece, len(bodies)):
            break
        bodies.append(piece[1:])
        end += len(piece) + 1
    rest = raw[end:]
    if rest != CLOSING and not (bodies and _is_torn(rest)):
        number = len(bodies) + 2
        raise damaged(name, number, "the bytes are not those that were written")
    return Lines(header, head, bodies, rest)


def damaged(name: str, number: int, what: str) -> DamagedFile:
    """Return the error that says what is wrong with a line, counted from 1."""
    sound = f" The {number - 1} lines before it are sound." if number > 2 else ""
    return DamagedFile(f"{name}, line {number}: {what}.", f"{RESTORE}{sound}")


def _header(head: bytes, name: str, *, complete: bool) -> Header:
    if not complete or not form.is_head(head):
        raise damaged(name, 1, "this is not how a coding begins")
    try:
        return form.read_head(head)
    except form.UnknownFormat as version:
        raise InputError(
            f"{name} is a coding of format {version}; this version of Annotator knows format"
            f" {FORMAT}.",
            "Use a version of Annotator that is as new as the file.",
        ) from None
    except ValueError as error:
        raise damaged(name, 1, "it does not say whose coding this is") from error


def _separator(place: int) -> bytes:
    return b"," if place else b" "


def _is_line(piece: bytes, place: int) -> bool:
    return piece[:1] == _separator(place) and form.is_body(piece[1:])


def _is_torn(rest: bytes) -> bool:
    pieces = rest.removesuffix(b"\n").split(b"\n")
    if len(pieces) > _TORN_PIECES or any(form.is_body(piece[1:]) for piece in pieces):
        return False
    # One zero may be a flipped bit; two are a sector that never reached the disk.
    return not rest.endswith(CLOSING) or rest.count(0) >= 2
