"""The store in files: for each coder and readout one TinyDB file, which is its own journal.

`TinyDB(path)` shows the current state of every sentence; the lines that it skips over are the
history. See `format` for the form, `lines` for what counts as torn and what as damage.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from annotator.errors import AnnotatorError, Busy, InputError, NewerFormat, Unwritable
from annotator.files import printable, refusals
from annotator.model.edit import Coding, Edit
from annotator.model.readout import Readout
from annotator.store import durable, examine, rules
from annotator.store.base import Finding, Header, Journal, Salvage, Snapshot
from annotator.store.disk import Disk
from annotator.store.history import Folded, History, Replay, fold
from annotator.store.journal import TinyJournal
from annotator.store.lines import Lines, journal, render
from annotator.store.mend import name_aside
from annotator.store.reading import Found, found, read_open, settled
from annotator.store.rewriting import reanchored
from annotator.store.watch import TinyWatch

_SUFFIX = ".json"


class TinyStore:
    """Journals in `root/<coder>/<readout>.json`; with `samples`, those that nobody writes."""

    def __init__(self, root: Path, *, samples: bool = False, disk: Disk | None = None) -> None:
        self._root = root
        self._samples = samples
        self._disk = disk or Disk()

    def coders(self) -> Sequence[str]:
        """Return the coders who have a journal, sorted."""
        names = sorted(name for name in _names(self._root) if rules.is_name(name))
        return [name for name in names if any(self._readouts(name))]

    def coded(self, coder: str) -> Sequence[str]:
        """Return the ids of the readouts that the coder has a journal for, sorted."""
        return sorted(self._readouts(coder))

    def holds(self, coder: str, readout: str) -> bool:
        """Tell whether the coder has a journal for the readout; raises StorageError."""
        path = self.path(coder, readout)
        with refusals(path, "read"):
            return durable.is_there(self._disk, path)

    def size(self, coder: str, readout: str) -> int:
        """Return how many bytes a journal takes; 0 where there is none; raises StorageError."""
        path = self.path(coder, readout)
        with refusals(path, "read"):
            return durable.size(self._disk, path)

    def read(self, coder: str, readout: str) -> Snapshot | None:
        """Return a journal as it stands, or None where there is none.

        Takes no lock and changes nothing; an edit that is just being written is not there yet.
        Raises DamagedFile where bytes that may have been acknowledged cannot be read, NewerFormat
        where a newer version of the program wrote it, InputError where the journal belongs
        elsewhere, StorageError where the file system refuses.
        """
        path = self.path(coder, readout)
        there = self._found(path, coder, readout)
        if there is None:
            return None
        lines, shown = there.lines, printable(str(path))
        known = fold(lines.bodies, shown)
        history = History(Replay(lines.bodies, shown, known), len(lines.bodies))
        return Snapshot(lines.header, Coding(known.docs), history)

    def watch(self, coder: str, readout: str) -> TinyWatch:
        """Return what follows a journal that this process does not write.

        Of a journal in a newer format it shows what this version understands.
        """
        path = self.path(coder, readout)
        return TinyWatch(self._disk, path, partial(self._found, path, coder, readout))

    def open(
        self,
        header: Header,
        readout: Readout,
        first: Callable[[], Edit],
        changed: Callable[[Snapshot], Edit] | None = None,
    ) -> Journal:
        """Open a journal for writing, and make it with the act `first()` where there is none.

        A journal that is there keeps its own header. A write that was cut short is taken back, a
        file that another program rewrote is taken over and kept beside. Where the readout's bytes
        changed, `changed` moves the coding to the new text by the act that it returns.

        Raises Busy where another process writes it, Unwritable where nobody may, TextChanged where
        the readout's bytes are not those the journal belongs to and nothing moves it, DamagedFile
        and NewerFormat as `read` does, StorageError where the file system refuses.
        """
        path = self.path(header.by, header.readout)
        if self._samples:
            raise InputError("The samples cannot be coded.", "Make a project of your own.")
        self._require_place(header, header.by, readout.id, path)
        rules.require_bytes(header, readout)
        with refusals(path, "opened"):
            path = Path(os.path.realpath(path))
            try:
                descriptor = durable.open_locked(self._disk, path)
            except FileNotFoundError:
                descriptor = self._made(path, header, readout, first)
            return self._journal(path, descriptor, header, readout, changed)

    def check(
        self, readout: Callable[[str], Readout], *, repair: bool = False
    ) -> Iterator[Finding]:
        """Verify every journal against its checksums and its readout's text.

        With `repair`, what can be mended without guessing is mended, and the file as it was is kept
        beside the mended one.
        """
        for coder in self.coders():
            for name in self.coded(coder):
                path = self.path(coder, name)
                try:
                    if repair and not self._samples:
                        yield from self._repaired(coder, name, path, readout)
                    yield from self._findings(coder, name, path, readout)
                except NewerFormat as error:
                    yield Finding("warning", coder, name, error.message, error.hint)
                except AnnotatorError as error:
                    yield Finding("damage", coder, name, error.message, error.hint)

    def salvage(
        self, coder: str, readout: Readout, agreed: Salvage | None = None
    ) -> Salvage | None:
        """Go on without what is damaged in a journal; None where nothing is, or it can be repaired.

        Only the cost is told, and nothing written, but for a person who `agreed` to that very cost.
        Raises Conflict where it is another, Busy where another process writes it, DamagedFile where
        too little is left to go on with, InputError
        where there is no journal.
        """
        path = self.path(coder, readout.id)
        return examine.salvaged(self._disk, Path(os.path.realpath(path)), readout, agreed)

    def path(self, coder: str, readout: str) -> Path:
        """Return where a journal lies or would; raises InputError for what cannot be a name."""
        rules.require_names(coder, readout)
        return self._root / coder / f"{readout}{_SUFFIX}"

    def _readouts(self, coder: str) -> Iterator[str]:
        if rules.is_name(coder):
            names = (name for name in _names(self._root / coder) if name.endswith(_SUFFIX))
            stems = (name.removesuffix(_SUFFIX) for name in names)
            yield from (stem for stem in stems if rules.is_name(stem))

    def _require_place(self, header: Header, coder: str, readout: str, path: Path) -> None:
        shown = printable(str(path))
        rules.require_place(header, coder, readout, sample=self._samples, name=shown)

    def _found(self, path: Path, coder: str, readout: str) -> Found | None:
        there = settled(self._disk, path)
        if there is not None:
            self._require_place(there.lines.header, coder, readout, path)
        return there

    def _made(self, path: Path, header: Header, readout: Readout, first: Callable[[], Edit]) -> int:
        edit = first()
        edit.apply(Coding())
        rules.require_quotes(edit, readout.text)
        data = journal(header, [edit] if edit.changes else [])
        self._disk.make_folder(path.parent)
        try:
            return durable.place(self._disk, path, data)
        except FileExistsError:
            return durable.open_locked(self._disk, path)

    def _journal(
        self,
        path: Path,
        descriptor: int,
        header: Header,
        readout: Readout,
        changed: Callable[[Snapshot], Edit] | None,
    ) -> TinyJournal:
        try:
            raw, at = read_open(self._disk, descriptor, path)
            there = found(raw, printable(str(path)), at)
            self._require_place(there.lines.header, header.by, header.readout, path)
            lines, folded, data = _ready(there, readout, changed, path)
            if data is not None:
                if there.aside:
                    durable.keep(self._disk, path.with_name(name_aside(path.name, raw)), raw)
                whole = durable.place(self._disk, path, data, instead_of=descriptor)
                self._disk.close(descriptor)
                descriptor = whole
        except BaseException:
            self._disk.close(descriptor)
            raise
        return TinyJournal(
            self._disk, path, descriptor, lines, folded, readout.text, notice=there.notice
        )

    def _repaired(
        self, coder: str, name: str, path: Path, readout: Callable[[str], Readout]
    ) -> Iterator[Finding]:
        """Mend a journal; one that may not be written now is looked at all the same."""
        place, source = Path(os.path.realpath(path)), _known(readout, name)
        try:
            yield from examine.repaired(self._disk, place, coder, name, source)
        except (Busy, Unwritable) as error:
            yield Finding("warning", coder, name, error.message, error.hint)

    def _findings(
        self, coder: str, name: str, path: Path, readout: Callable[[str], Readout]
    ) -> Iterator[Finding]:
        there = self._found(path, coder, name)
        if there is not None:
            yield from examine.findings(there, path, readout(name))


def _ready(
    there: Found, readout: Readout, changed: Callable[[Snapshot], Edit] | None, path: Path
) -> tuple[Lines, Folded, bytes | None]:
    """Return a journal's lines and state, and what its file has to become before one writes."""
    shown = printable(str(path))
    lines, data = there.lines, there.data
    folded = fold(lines.bodies, shown)
    if changed is None:
        rules.require_bytes(lines.header, readout)
    elif not rules.are_bytes(lines.header, readout):
        history = History(Replay(lines.bodies, shown), len(lines.bodies))
        edit = changed(Snapshot(lines.header, Coding(folded.docs), history))
        lines = reanchored(lines, folded, readout, edit)
        folded = fold(lines.bodies, shown)
        data = render(lines.head, lines.bodies)
    rules.require_quoted(folded.docs, readout.text, shown)
    return lines, folded, data


def _known(readout: Callable[[str], Readout], name: str) -> Readout | None:
    try:
        return readout(name)
    except AnnotatorError:  # To look for what is wrong with it is the next thing that is done.
        return None


def _names(folder: Path) -> Iterator[str]:
    with refusals(folder, "read"):
        try:
            with os.scandir(folder) as entries:
                yield from (entry.name for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return
