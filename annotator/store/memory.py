"""The store that forgets: for trying things out, and for tests of what stands above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.errors import AnnotatorError, Busy, StorageError
from annotator.files import printable
from annotator.model.edit import Coding, Edit
from annotator.model.readout import Readout
from annotator.store import rules
from annotator.store.base import Finding, Header, Journal, Snapshot


@dataclass
class _Kept:
    header: Header
    text: str
    coding: Coding = field(default_factory=Coding)
    edits: list[Edit] = field(default_factory=list)
    open: bool = False

    def add(self, edit: Edit) -> None:
        if edit.changes:
            coding = edit.apply(self.coding)
            rules.require_quotes(edit, self.text)
            rules.require_form(edit)
            self.coding = coding
            self.edits.append(edit)


class MemoryStore:
    """Journals that last as long as the store."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}

    def coders(self) -> Sequence[str]:
        """Return the coders who have a journal, sorted."""
        return sorted({coder for coder, _ in self._kept})

    def coded(self, coder: str) -> Sequence[str]:
        """Return the ids of the readouts that the coder has a journal for, sorted."""
        return sorted(readout for by, readout in self._kept if by == coder)

    def read(self, coder: str, readout: str) -> Snapshot | None:
        """Return a journal as it stands, or None where there is none."""
        rules.require_names(coder, readout)
        kept = self._kept.get((coder, readout))
        return Snapshot(kept.header, kept.coding, tuple(kept.edits)) if kept else None

    def open(self, header: Header, readout: Readout, first: Callable[[], Edit]) -> Journal:
        """Open a journal for writing, and make it with the act `first()` where there is none.

        Raises Busy where it is open, InputError where the readout's bytes are not those the
        journal belongs to.
        """
        rules.require_names(header.by, header.readout)
        rules.require_place(header, header.by, readout.id, sample=False, name="The header")
        rules.require_bytes(header, readout)
        place = (header.by, header.readout)
        kept = self._kept.get(place)
        if kept is None:
            kept = _Kept(header, readout.text)
            kept.add(first())
            self._kept[place] = kept
        if kept.open:
            raise Busy(f"{printable(readout.id)} is being coded already.", "Close it there first.")
        rules.require_bytes(kept.header, readout)
        kept.open = True
        return _MemoryJournal(kept)

    def check(self, readout: Callable[[str], Readout]) -> Iterator[Finding]:
        """Verify that every journal's readout is the one that was coded."""
        for (coder, name), kept in sorted(self._kept.items(), key=lambda item: item[0]):
            try:
                rules.require_bytes(kept.header, readout(name))
            except AnnotatorError as error:
                yield Finding("damage", coder, name, error.message, error.hint)


class _MemoryJournal:
    def __init__(self, kept: _Kept) -> None:
        self._kept = kept
        self._closed = False

    @property
    def header(self) -> Header:
        return self._kept.header

    @property
    def coding(self) -> Coding:
        return self._kept.coding

    @property
    def history(self) -> Sequence[Edit]:
        return tuple(self._kept.edits)

    @property
    def taken_back(self) -> bool:
        """Whether a write was taken back; in memory, none is ever cut short."""
        return False

    def put(self, edit: Edit) -> None:
        if self._closed:
            raise StorageError("The journal is closed.", "Open the readout again.")
        self._kept.add(edit)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._kept.open = False
