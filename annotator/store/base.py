"""What a store promises, whichever way it keeps its word.

A store keeps one journal per coder and readout. A journal's state is what is on disk: it is never
ahead of it. Undo and redo are acts like any other and are put by the caller, who walks the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from annotator.model.base import Value

if TYPE_CHECKING:
    from annotator.model.edit import Coding, Edit
    from annotator.model.readout import Readout

FORMAT = 5
"""The version of the stored form; see `migrations` for what the others were."""


class Header(Value):
    """What a journal says of itself: whose it is, and which bytes its offsets belong to.

    `source` is the sha256 of the readout's raw bytes, `text` that of its text in UTF-8. `earlier`
    holds the `source` of the texts that the coding was about before, the oldest first.
    """

    format: int = FORMAT
    readout: str
    by: str
    source: str
    text: str
    segmenter: str
    codebook: str
    sample: bool = False
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """A journal as it stands, read without opening it for writing."""

    header: Header
    coding: Coding
    history: Sequence[Edit]


@dataclass(frozen=True)
class Finding:
    """One thing that a check found: `what` in one sentence, `remedy` in another.

    Where it was repaired, `what` says what was wrong and what was done.
    """

    severity: Literal["damage", "warning", "repaired"]
    coder: str
    readout: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Dropped:
    """The history that a compaction drops: how many acts, and when the first and last were made."""

    acts: int
    first: str
    last: str


@dataclass(frozen=True)
class Salvage:
    """What it costs to go on without what is damaged in a journal.

    `kept` acts stay; `broken` holds the numbers of the file's lines that are dropped, from 1.
    `doubtful` holds the keys of the items whose latest state may be lost, and `unread` tells that
    there may be others. The file as it was is kept as `aside`, beside the new one.
    """

    kept: int
    broken: tuple[int, ...]
    doubtful: tuple[int, ...]
    unread: bool
    aside: str


class Journal(Protocol):
    """One coder's work on one readout, open for writing."""

    @property
    def header(self) -> Header:
        """What the journal says of itself."""

    @property
    def coding(self) -> Coding:
        """The state on disk."""

    @property
    def history(self) -> Sequence[Edit]:
        """Every act from the first, in the order of the file."""

    @property
    def notice(self) -> str:
        """What the coder is to be told of how the journal was found, in one sentence; else empty.

        A write that was cut short was taken back, or the file of another program taken over.
        """

    def put(self, edit: Edit) -> None:
        """Make one act durable: when this returns, it is on disk.

        Raises Conflict where the edit was made against another state, StorageError where the file
        system refuses. After an error the journal is as it was before, in memory and on disk.
        """

    def compact(self, at: str) -> Dropped | None:
        """Drop the history between how the coding began and its state; None where there is none.

        The state stays, and so do the units that the coding began with. Nothing that was done
        before can be undone any more. Raises as `put` does.
        """

    def close(self) -> None:
        """Let another process write; closing twice is harmless."""


class Watch(Protocol):
    """A journal looked at again and again, while another process may be writing it."""

    def look(self) -> Snapshot | None:
        """Return the journal as it stands, None where it is as it was at the last look.

        Raises StorageError where it is gone or cannot be read.
        """

    def holder(self) -> str:
        """Say in a few words which process writes it; empty where none does."""


class Store(Protocol):
    """Journals by coder and readout."""

    def coders(self) -> Sequence[str]:
        """Return the coders who have a journal, sorted."""

    def coded(self, coder: str) -> Sequence[str]:
        """Return the ids of the readouts that the coder has a journal for, sorted."""

    def holds(self, coder: str, readout: str) -> bool:
        """Tell whether the coder has a journal for the readout."""

    def size(self, coder: str, readout: str) -> int:
        """Return how many bytes a journal takes, history included; 0 where there is none."""

    def read(self, coder: str, readout: str) -> Snapshot | None:
        """Return a journal as it stands, or None where there is none.

        Takes no lock and changes nothing. Raises DamagedFile where bytes that may have been
        acknowledged cannot be read, NewerFormat where a newer version of the program wrote it.
        """

    def watch(self, coder: str, readout: str) -> Watch:
        """Return what follows a journal that this process does not write.

        Of a journal in a newer format it shows what this version understands.
        """

    def open(
        self,
        header: Header,
        readout: Readout,
        first: Callable[[], Edit],
        changed: Callable[[Snapshot], Edit] | None = None,
    ) -> Journal:
        """Open a journal for writing, and make it with the act `first()` where there is none.

        Where the readout's bytes are not those the journal belongs to, the act that `changed` makes
        of it as it stands moves it to the new text, before anything is returned.

        Raises Busy where another process writes it, Unwritable where nobody may, TextChanged where
        the bytes changed and nothing moves it, DamagedFile and NewerFormat as `read` does.
        """

    def check(
        self, readout: Callable[[str], Readout], *, repair: bool = False
    ) -> Iterator[Finding]:
        """Verify every journal against its checksums and its readout's text.

        With `repair`, what can be mended without guessing is mended, and the file as it was is kept
        beside the mended one.
        """

    def salvage(
        self, coder: str, readout: Readout, agreed: Salvage | None = None
    ) -> Salvage | None:
        """Go on without what is damaged in a journal; None where nothing is, or it can be repaired.

        Only the cost is told, and nothing written, but for a person who `agreed` to that very cost.
        Raises Conflict where it is another, Busy where another process writes it, DamagedFile where
        too little is left to go on with.
        """
