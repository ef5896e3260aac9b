"""What a dialect is given to write, and what it writes to.

A dataset is written one readout at a time, so that memory does not grow with the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from annotator.formats.rows import Decided
from annotator.formats.work import Work
from annotator.model.codebook import Codebook, Layer
from annotator.model.record import DocumentRow


@dataclass(frozen=True)
class About:
    """What is the same for all readouts of a dataset: the codebook, and its layers in it."""

    book: Codebook
    layers: tuple[Layer, ...]
    variant: str = ""


@dataclass(frozen=True)
class Batch:
    """One readout with the chosen work of its coders.

    `works` and `documents` are by coder; `sentences` are the rows of all of them in the order of
    the text, then of the coders.
    """

    works: Sequence[Work]
    documents: Sequence[DocumentRow]
    sentences: Sequence[Decided]


@dataclass(frozen=True)
class Written:
    """A file of rows in a dataset: its name, how many rows it has, and what one of them is."""

    file: str
    rows: int
    row_of: str


class Output(Protocol):
    """The folder of a dataset; names are relative to it, with slashes between their parts."""

    def write(self, file: str, data: bytes) -> None:
        """Append to a file, which is made by the first call; raises StorageError."""

    def path(self, file: str) -> Path:
        """Return where a library may write a file itself; raises StorageError."""

    def lost(self, what: str, where: str) -> None:
        """Report that the dialect cannot hold `what` of the mark or sentence with the id `where`.

        `what` is one of the dialect's `cannot`, in the singular.
        """


class Writer(Protocol):
    """Writes a dataset in one dialect."""

    def add(self, batch: Batch) -> None:
        """Write one readout."""

    def finish(self) -> Sequence[Written]:
        """Write what comes last, and return the files of rows, the first one the main one."""
