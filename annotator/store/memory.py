"""The store that forgets: for trying things out, and for tests of what stands above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.errors import AnnotatorError, Busy, StorageError
from annotator.files import printable
from annotator.model.edit import Coding, Edit
from annotator.model.readout import Readout
from annotator.store import rules
from annotator.store.base import Dropped, Finding, Header, Journal, Salvage, Snapshot, Watch
from annotator.store.lines import journal
from annotator.store.rewriting import compacted, moved


@dataclass
class _Kept:
    header: Header
    text: str
    coding: Coding = field(default_factory=Coding)
    edits: list[Edit] = field(default_factory=list)
    open: bool = False

    def snapshot(self) -> Snapshot:
        return Snapshot(self.header, self.coding, tuple(self.edits))

    def add(self, edit: Edit) -> None:
        if edit.changes:
            coding = edit.apply(self.coding)
            rules.require_quotes(edit, self.text)
            rules.require_form(edit)
            self.coding = coding
            self.edits.append(edit)

    def move(self, readout: Readout, edit: Edit) -> None:
        coding = edit.apply(self.coding)
        rules.require_quoted(coding.docs, readout.text, "The coding")
        if edit.changes:
            rules.require_form(edit)
            self.edits.append(edit)
        self.text, self.coding, self.header = readout.text, coding, moved(self.header, readout)

    def compact(self, at: str) -> Dropped | None:
        short = compacted(self.edits, self.coding, at)
        if short is None:
            return None
        self.edits, dropped = short
        return dropped


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

    def holds(self, coder: str, readout: str) -> bool:
        """Tell whether the coder has a journal for the readout."""
        rules.require_names(coder, readout)
        return (coder, readout) in self._kept

    def size(self, coder: str, readout: str) -> int:
        """Return how many bytes the journal would take as a file; 0 where there is none."""
        rules.require_names(coder, readout)
        kept = self._kept.get((coder, readout))
        return len(journal(kept.header, kept.edits)) if kept else 0

    def read(self, coder: str, readout: str) -> Snapshot | None:
        """Return a journal as it stands, or None where there is none."""
        rules.require_names(coder, readout)
        kept = self._kept.get((coder, readout))
        return kept.snapshot() if kept else None

    def watch(self, coder: str, readout: str) -> Watch:
        """Return what follows a journal that somebody else writes."""
        rules.require_names(coder, readout)
        return _MemoryWatch(self._kept, (coder, readout))

    def open(
        self,
        header: Header,
        readout: Readout,
        first: Callable[[], Edit],
        changed: Callable[[Snapshot], Edit] | None = None,
    ) -> Journal:
        """Open a journal for writing, and make it with the act `first()` where there is none.

        Where the readout's bytes changed, the act that `changed` returns moves it to the new text.
        Raises Busy where it is open, TextChanged where the bytes changed and nothing moves it.
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
        if changed is None:
            rules.require_bytes(kept.header, readout)
        elif not rules.are_bytes(kept.header, readout):
            kept.move(readout, changed(kept.snapshot()))
        kept.open = True
        return _MemoryJournal(kept)

    def check(
        self, readout: Callable[[str], Readout], *, repair: bool = False
    ) -> Iterator[Finding]:
        """Verify that every journal's readout is the one that was coded; nothing else can fail."""
        for (coder, name), kept in sorted(self._kept.items(), key=lambda item: item[0]):
            try:
                rules.require_bytes(kept.header, readout(name))
            except AnnotatorError as error:
                yield Finding("damage", coder, name, error.message, error.hint)

    def salvage(
        self, coder: str, readout: Readout, agreed: Salvage | None = None
    ) -> Salvage | None:
        """Return None: nothing in memory is ever damaged."""
        return None


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
    def notice(self) -> str:
        """What the coder is to be told; in memory, no write is ever cut short."""
        return ""

    def put(self, edit: Edit) -> None:
        if self._closed:
            raise StorageError("The journal is closed.", "Open the readout again.")
        self._kept.add(edit)

    def compact(self, at: str) -> Dropped | None:
        if self._closed:
            raise StorageError("The journal is closed.", "Open the readout again.")
        return self._kept.compact(at)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._kept.open = False


class _MemoryWatch:
    def __init__(self, kept: Mapping[tuple[str, str], _Kept], place: tuple[str, str]) -> None:
        self._kept = kept
        self._place = place
        self._seen: tuple[Coding, Header, int] | None = None

    def look(self) -> Snapshot | None:
        kept = self._kept.get(self._place)
        if kept is None:
            raise StorageError("The coding is gone.")
        now = (kept.coding, kept.header, len(kept.edits))
        if now == self._seen:
            return None
        self._seen = now
        return kept.snapshot()

    def holder(self) -> str:
        kept = self._kept.get(self._place)
        return "this process" if kept is not None and kept.open else ""
