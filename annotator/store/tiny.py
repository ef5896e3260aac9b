"""The store in files: for each coder and readout one TinyDB file, which is its own journal.

`TinyDB(path)` shows the current state of every sentence; the lines that it skips over are the
history. See `format` for the form, `lines` for what counts as torn and what as damage.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from annotator.errors import AnnotatorError, DamagedFile, InputError
from annotator.files import printable, refusals
from annotator.model.edit import Coding, Edit
from annotator.model.readout import Readout
from annotator.store import durable, rules
from annotator.store.base import Finding, Header, Journal, Snapshot
from annotator.store.disk import Disk
from annotator.store.history import Folded, History, Replay, fold
from annotator.store.journal import TinyJournal
from annotator.store.lines import RESTORE, Lines, damaged, journal, parse, render

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

    def read(self, coder: str, readout: str) -> Snapshot | None:
        """Return a journal as it stands, or None where there is none.

        Takes no lock and changes nothing; an edit that is just being written is not there yet.
        Raises DamagedFile where bytes that may have been acknowledged cannot be read, InputError
        where the journal belongs elsewhere, StorageError where the file system refuses.
        """
        path = self._path(coder, readout)
        raw = self._bytes(path)
        if raw is None:
            return None
        lines = self._settled(path, raw)
        self._require_place(lines.header, coder, readout, path)
        shown = printable(str(path))
        coding = Coding(fold(lines.bodies, shown).docs)
        history = History(Replay(lines.bodies, shown), len(lines.bodies))
        return Snapshot(lines.header, coding, history)

    def open(self, header: Header, readout: Readout, first: Callable[[], Edit]) -> Journal:
        """Open a journal for writing, and make it with the act `first()` where there is none.

        A journal that is there keeps its own header. A write that was cut short is taken back.
        Raises Busy where another process writes it, InputError where the readout's bytes are not
        those the journal belongs to, DamagedFile as `read` does, StorageError where the file
        system refuses.
        """
        path = self._path(header.by, header.readout)
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
            return self._journal(path, descriptor, header, readout)

    def check(self, readout: Callable[[str], Readout]) -> Iterator[Finding]:
        """Verify every journal against its checksums and its readout's text."""
        for coder in self.coders():
            for name in self.coded(coder):
                try:
                    yield from self._findings(coder, name, readout)
                except AnnotatorError as error:
                    yield Finding("damage", coder, name, error.message, error.hint)

    def _path(self, coder: str, readout: str) -> Path:
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

    def _bytes(self, path: Path) -> bytes | None:
        with refusals(path, "read"):
            try:
                descriptor = self._disk.open(path, os.O_RDONLY)
            except (FileNotFoundError, NotADirectoryError):
                return None
            try:
                return durable.read_all(self._disk, descriptor, path)
            finally:
                self._disk.close(descriptor)

    def _settled(self, path: Path, raw: bytes) -> Lines:
        """Parse bytes that were read while another process may have been writing."""
        while True:
            try:
                return parse(raw, printable(str(path)))
            except DamagedFile:
                # Half of a write that is under way can look like damage, but not twice.
                again = self._bytes(path)
                if again is None or again == raw:
                    raise
                raw = again

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
        self, path: Path, descriptor: int, header: Header, readout: Readout
    ) -> TinyJournal:
        shown = printable(str(path))
        try:
            lines = parse(durable.read_all(self._disk, descriptor, path), shown)
            self._require_place(lines.header, header.by, header.readout, path)
            rules.require_bytes(lines.header, readout)
            folded = fold(lines.bodies, shown)
            _require_quoted(folded, readout, shown)
            if lines.torn:
                data = render(lines.head, lines.bodies)
                whole = durable.place(self._disk, path, data, instead_of=descriptor)
                self._disk.close(descriptor)
                descriptor = whole
        except BaseException:
            self._disk.close(descriptor)
            raise
        return TinyJournal(self._disk, path, descriptor, lines, folded, readout.text)

    def _findings(
        self, coder: str, name: str, readout: Callable[[str], Readout]
    ) -> Iterator[Finding]:
        path = self._path(coder, name)
        raw = self._bytes(path)
        if raw is None:
            return
        shown = printable(str(path))
        lines = self._settled(path, raw)
        self._require_place(lines.header, coder, name, path)
        if lines.torn:
            yield Finding(
                "warning",
                coder,
                name,
                f"The end of {shown} is cut off: its last write was cut short, or the file was.",
                "Compare it with a backup first: to open the readout takes the broken line back.",
            )
        folded = fold(lines.bodies, shown)
        if folded.repeated:
            items = ", ".join(str(key) for key in sorted(folded.repeated))
            yield Finding(
                "warning",
                coder,
                name,
                f"{shown} was merged from two copies that both wrote item {items}.",
                "Look at these sentences: the later line stands.",
            )
        source = readout(name)
        rules.require_bytes(lines.header, source)
        edits = Replay(lines.bodies, shown).first(len(lines.bodies))
        for number, edit in enumerate(edits, start=2):
            key = rules.misquoted(rules.written(edit), source.text)
            if key is not None:
                raise damaged(shown, number, f"item {key} quotes words that the readout lacks")
        from annotator.store import plain

        if not lines.torn and plain.documents(path) != dict(folded.docs):
            raise DamagedFile(f"Plain TinyDB reads {shown} otherwise than Annotator.", RESTORE)


def _require_quoted(folded: Folded, readout: Readout, shown: str) -> None:
    key = rules.misquoted(folded.docs.items(), readout.text)
    if key is not None:
        raise DamagedFile(
            f"{shown}: item {key} quotes words that the readout does not have there.", RESTORE
        )


def _names(folder: Path) -> Iterator[str]:
    with refusals(folder, "read"):
        try:
            with os.scandir(folder) as entries:
                yield from (entry.name for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return
