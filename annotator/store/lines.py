"""A journal's bytes as a whole: its head, its lines, and what stands after the last sound one.

An append overwrites the closing bytes with a line and writes them again, so a write that was cut
short leaves one broken line at the very end and no closing bytes, or the zeros of a sector that
never arrived. Whatever else is broken may have been acknowledged, and is damage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.errors import DamagedFile, NewerFormat
from annotator.model.edit import Edit
from annotator.store import format as form
from annotator.store.base import FORMAT, Header
from annotator.store.migrations import line_of, migrated_head

CLOSING: Final = b"}}\n"
"""The last bytes of every journal."""

GO_ON: Final = "Or see what “annotator salvage” would cost, which goes on without what is damaged."
"""What remains to be done where no sound copy is left."""

# The old closing bytes, the broken line and the new closing bytes: a torn write leaves no more.
_TORN_PIECES: Final = 3
RESTORE: Final = "Put back a sound copy, from git or a backup."


@dataclass(frozen=True)
class Lines:
    """A parsed journal: each of `bodies` is one edit, `rest` is `CLOSING` where nothing is torn.

    Head and bodies are in the current format, whichever `written` says that the file is in.
    """

    header: Header
    head: bytes
    bodies: list[bytes]
    rest: bytes
    written: int = FORMAT

    @property
    def torn(self) -> bool:
        """Tell whether the last write was cut short."""
        return self.rest != CLOSING

    @property
    def end(self) -> int:
        """Where the closing bytes stand, or would."""
        return len(self.head) + 1 + sum(len(body) + 2 for body in self.bodies)

    @property
    def outdated(self) -> bool:
        """Tell whether the file is in an older format."""
        return self.written != FORMAT


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
    NewerFormat where a newer version of the program wrote the file.
    """
    head, bodies, rest = taken_apart(raw)
    fields = _head_fields(head, name)
    if not is_end(rest, bodies):
        number = len(bodies) + 2
        raise damaged(name, number, "the bytes are not those that were written")
    return _current(fields, head, bodies, rest, name)


def taken_apart(raw: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Return the first line, the sound lines that follow it, and the bytes after these."""
    head, *pieces = raw.split(b"\n")
    bodies: list[bytes] = []
    end = len(head) + 1
    for piece in pieces:
        if not _is_line(piece, len(bodies)):
            break
        bodies.append(piece[1:])
        end += len(piece) + 1
    return (head if pieces else b""), bodies, raw[end:]


def is_end(rest: bytes, bodies: Sequence[bytes]) -> bool:
    """Tell whether bytes can stand after the sound lines: the closing ones, or a torn write."""
    return rest == CLOSING or (bool(bodies) and _is_torn(rest))


def more(raw: bytes, place: int) -> list[bytes] | None:
    """Return the lines that stand, after `place` others, where a journal's closing bytes stood.

    None says that there is something else besides: a write under way, or another file.
    """
    if not raw.endswith(CLOSING):
        return None
    pieces = raw[: -len(CLOSING)].split(b"\n")[:-1]
    if all(_is_line(piece, number) for number, piece in enumerate(pieces, start=place)):
        return [piece[1:] for piece in pieces]
    return None


def damaged(name: str, number: int, what: str) -> DamagedFile:
    """Return the error that says what is wrong with a line, counted from 1."""
    sound = f" The {number - 1} lines before it are sound." if number > 2 else ""
    return DamagedFile(f"{name}, line {number}: {what}.", f"{RESTORE}{sound}")


def _head_fields(head: bytes, name: str) -> form.Fields:
    if not form.is_head(head):
        raise damaged(name, 1, "this is not how a coding begins")
    try:
        fields = form.read_head(head)
    except ValueError as error:
        raise damaged(name, 1, "it does not say whose coding this is") from error
    if fields["format"] > FORMAT:
        raise NewerFormat(
            f"{name} is a coding of format {fields['format']}; this version of Annotator knows"
            f" format {FORMAT}.",
            "Use a version of Annotator that is as new as the file.",
        )
    return fields


def _current(
    fields: form.Fields, head: bytes, bodies: list[bytes], rest: bytes, name: str
) -> Lines:
    """Return the lines of a file of any known format in the current one."""
    written = fields["format"]
    try:
        header = form.header(migrated_head(fields))
        change = line_of(written)
    except ValueError as error:
        raise damaged(name, 1, "it does not say whose coding this is") from error
    if written != FORMAT:
        head = form.head(header)
    if change is not None:
        bodies = [
            _migrated(body, change, name, number) for number, body in enumerate(bodies, start=2)
        ]
    return Lines(header, head, bodies, rest, written)


def _migrated(
    body: bytes, change: Callable[[form.Fields], form.Fields], name: str, number: int
) -> bytes:
    try:
        return form.migrated(body, change)
    except ValueError as error:
        raise damaged(name, number, "it cannot be understood") from error


def _separator(place: int) -> bytes:
    return b"," if place else b" "


def _is_line(piece: bytes, place: int) -> bool:
    return piece[:1] == _separator(place) and form.is_body(piece[1:])


def _is_torn(rest: bytes) -> bool:
    pieces = rest.removesuffix(b"\n").split(b"\n")
    if len(pieces) > _TORN_PIECES or any(_is_sealed(piece) for piece in pieces):
        return False
    # Where a line begins, only the block that never arrived leaves the old closing bytes. One zero
    # may be a flipped bit; two are a block that never arrived.
    return rest.startswith(b"}") or not rest.endswith(CLOSING) or rest.count(0) >= 2


def _is_sealed(piece: bytes) -> bool:
    return not piece.startswith(b"}") and form.is_body(piece[1:])
