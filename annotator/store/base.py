"""What a store promises, whichever way it keeps its word.

A store keeps one journal per coder and readout. A journal's state is what is on disk: it is never
ahead of it. Undo and redo are acts like any other and are put by the caller, who walks the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from annotator.model.base import Value
from annotator.model.edit import Coding, Edit
from annotator.model.readout import Readout

FORMAT = 1
"""The version of the stored form."""


class Header(Value):
    """What a journal says of itself: whose it is, and which bytes its offsets belong to.

    `source` is the sha256 of the readout's raw bytes, `text` that of its text in UTF-8.
    """

    format: int = FORMAT
    readout: str
    by: str
    source: str
    text: str
    segmenter: str
    codebook: str
    sample: bool = False


@dataclass(frozen=True)
class Snapshot:
    """A journal as it stands, read without opening it for writing."""

    header: Header
    coding: Coding
    history: Sequence[Edit]


@dataclass(frozen=True)
class Finding:
    """One thing that a check found: `what` in one sentence, `remedy` in another."""

    severity: Literal["damage", "warning"]
    coder: str
    readout: str
    what: str
    remedy: str


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
    def taken_back(self) -> bool:
        """Whether a write that was cut short was taken back when the journal was opened."""

    def put(self, edit: Edit) -> None:
        """Make one act durable: when this returns, it is on disk.

        Raises Conflict where the edit was made against another state, StorageError where the file
        system refuses. After an error the journal is as it was before, in memory and on disk.
        """

    def close(self) -> None:
        """Let another process write; closing twice is harmless."""


class Store(Protocol):
    """Journals by coder and readout."""

    def coders(self) -> Sequence[str]:
        """Return the coders who have a journal, sorted."""

    def coded(self, coder: str) -> Sequence[str]:
        """Return the ids of the readouts that the coder has a journal for, sorted."""

    def read(self, coder: str, readout: str) -> Snapshot | None:
        """Return a journal as it stands, or None where there is none.

        Takes no lock and changes nothing. Raises DamagedFile where bytes that may have been
        acknowledged cannot be read.
        """

    def open(self, header: Header, readout: Readout, first: Callable[[], Edit]) -> Journal:
        """Open a journal for writing, and make it with the act `first()` where there is none.

        Raises Busy where another process writes it, InputError where the readout's bytes are not
        those the journal belongs to, DamagedFile as `read` does.
        """

    def check(self, readout: Callable[[str], Readout]) -> Iterator[Finding]:
        """Verify every journal against its checksums and its readout's text."""
