"""What is wrong with one journal, and putting right what can be without guessing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.errors import Conflict, DamagedFile, InputError, NewerFormat
from annotator.files import printable, refusals
from annotator.model.edit import BEGINNINGS
from annotator.model.readout import Readout
from annotator.store import durable, rules
from annotator.store.base import Finding, Salvage
from annotator.store.disk import Disk
from annotator.store.history import Replay, fold
from annotator.store.lines import RESTORE, damaged
from annotator.store.mend import mend, name_aside, salvage
from annotator.store.reading import Found, read_open


def findings(there: Found, path: Path, readout: Readout) -> Iterator[Finding]:
    """Yield what is wrong with a journal that can be read; raises DamagedFile and TextChanged."""
    shown = printable(str(path))
    header = there.lines.header
    coder, name = header.by, header.readout
    bodies = there.lines.bodies
    if there.lines.torn:
        yield Finding(
            "warning",
            coder,
            name,
            f"The end of {shown} is cut off: its last write was cut short, or the file was.",
            "Compare it with a backup first: to open the readout takes the broken line back.",
        )
    elif there.data is not None:
        yield Finding(
            "warning",
            coder,
            name,
            f"{shown} is not in the form in which it was written. {there.notice}",
            "To open the readout puts it right, and keeps the file as it is beside it.",
        )
    folded = fold(bodies, shown)
    if folded.repeated:
        items = ", ".join(str(key) for key in sorted(folded.repeated))
        yield Finding(
            "warning",
            coder,
            name,
            f"{shown} was merged from two copies that both wrote item {items}.",
            "Look at these sentences: the later line stands.",
        )
    rules.require_bytes(header, readout)
    edits = Replay(bodies, shown).all()
    begun = max((at for at, edit in enumerate(edits) if edit.act in BEGINNINGS), default=0)
    for place, edit in enumerate(edits[begun:], start=begun):
        key = rules.misquoted(rules.written(edit), readout.text)
        if key is not None:
            raise damaged(shown, place + 2, f"item {key} quotes words that the readout lacks")
    rules.require_quoted(folded.docs, readout.text, shown)
    for one, other in rules.overlaps(folded.docs):
        yield Finding(
            "warning",
            coder,
            name,
            f"{shown}: the sentences {one} and {other} overlap.",
            "Join them, or undo what moved their boundaries.",
        )
    from annotator.store import plain

    if there.as_written and plain.documents(path) != dict(folded.docs):
        raise DamagedFile(f"Plain TinyDB reads {shown} otherwise than Annotator.", RESTORE)


def repaired(
    disk: Disk, path: Path, coder: str, name: str, readout: Readout | None
) -> Iterator[Finding]:
    """Mend a journal where that needs no guess, and tell what was done.

    `readout`, where it can be read, proves more. The file as it was is kept beside the mended one.
    Raises Busy where another process writes it, DamagedFile where it cannot be mended, StorageError
    where the file system refuses.
    """
    shown = printable(str(path))
    with _held(disk, path, "repaired") as descriptor:
        raw, at = read_open(disk, descriptor, path)
        try:
            mended = mend(raw, shown, at, readout)
        except NewerFormat:
            return
        if mended is None:
            return
        aside = _exchanged(disk, path, descriptor, raw, mended.data)
    lost = f" Lost is {mended.lost}." if mended.lost else ""
    yield Finding(
        "repaired",
        coder,
        name,
        f"{shown}: {mended.how}.{lost}",
        f"The file as it was is kept as {printable(aside)}.",
    )


def salvaged(disk: Disk, path: Path, readout: Readout, agreed: Salvage | None) -> Salvage | None:
    """Go on without what is damaged in a journal; None where nothing is, or it can be mended.

    Raises Conflict where it would cost another thing than was agreed to.
    """
    shown = printable(str(path))
    with _held(disk, path, "repaired") as descriptor:
        raw, at = read_open(disk, descriptor, path)
        try:
            mend(raw, shown, at, readout)
        except DamagedFile:
            left = salvage(raw, shown, readout)
        else:
            return None
        doubtful = tuple(sorted(left.doubtful))
        aside = name_aside(path.name, raw)
        cost = Salvage(left.kept, left.broken, doubtful, left.unread, aside)
        if agreed is not None:
            if cost != agreed:
                raise Conflict(f"{shown} was changed meanwhile.", "See what it costs now.")
            _exchanged(disk, path, descriptor, raw, left.data)
    return cost


@contextmanager
def _held(disk: Disk, path: Path, done: str) -> Iterator[int]:
    """Open a journal's file and lock it; raises InputError where there is none."""
    with refusals(path, done):
        try:
            descriptor = durable.open_locked(disk, path)
        except FileNotFoundError as error:
            raise InputError(f"There is no file {printable(str(path))}.") from error
        try:
            yield descriptor
        finally:
            disk.close(descriptor)


def _exchanged(disk: Disk, path: Path, descriptor: int, raw: bytes, data: bytes) -> str:
    """Put other bytes in the place of a file's, keep those beside it, and return their name."""
    aside = durable.keep(disk, path.with_name(name_aside(path.name, raw)), raw)
    disk.close(durable.place(disk, path, data, instead_of=descriptor))
    return aside.name
