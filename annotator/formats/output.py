"""What a dialect is given to write, and what it writes to.

A dataset is written one readout at a time, so that memory does not grow with the project.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from annotator.formats.columns import Column
from annotator.formats.rows import Decided
from annotator.formats.work import Work
from annotator.model import record
from annotator.model.codebook import Codebook, Layer
from annotator.model.record import DocumentRow, SentenceRow

REFERENCE: Final = "reference to a mark that is not in it"
"""The loss of every dialect whose rows are the reference's."""

OVERLAPPING: Final = "span that overlaps another"
"""What forms cannot hold, or do not show, that take no words twice."""

OUTSIDE: Final = "words outside of the sentence"
TWICE: Final = "second of two spans with one label and the same words"
UNSHOWN: Final = (OUTSIDE, TWICE)
"""What forms do not show that have a sentence by itself, and a label once on the same words."""


@dataclass(frozen=True)
class About:
    """What is the same for all readouts of a dataset.

    That is the codebook, its layers in it, whether it is split, and whether one of its codings is
    the adjudicated one.
    """

    book: Codebook
    layers: tuple[Layer, ...]
    variant: str = ""
    split: bool = False
    adjudicated: bool = False

    @property
    def rest(self) -> str:
        """The part of the rows that are in no split: never train, where others are held back."""
        return "left_out" if self.split else "train"


@dataclass(frozen=True)
class Batch:
    """One readout with the chosen work of its coders.

    `works` and `documents` are by coder; `sentences` are the rows of all of them in the order of
    the text, then of the coders.
    """

    works: Sequence[Work]
    documents: Sequence[DocumentRow]
    sentences: Sequence[Decided]

    def rows_of(self, coder: str) -> list[SentenceRow]:
        """Return the rows of one coder's sentences, in the order of the text."""
        return [one.sentence for one in self.sentences if one.sentence.coder == coder]

    @property
    def lost_references(self) -> Iterator[str]:
        """The id of each mark that refers to one that is in no row, once for each reference."""
        for work in self.works:
            for mark in work.lost_references:
                yield work.mark_id(mark.id)


@dataclass(frozen=True)
class Written:
    """A file of rows in a dataset: its name, how many rows it has, and what one of them is.

    `config` is the table that it is a part of, by default the name of the file, and `split` which
    part, where a table has parts. `columns` are its columns, where they are known, and `typed` says
    that the card has to tell their types, as the file does not.
    """

    file: str
    rows: int
    row_of: str
    config: str = ""
    split: str = ""
    columns: tuple[Column, ...] = ()
    typed: bool = False

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.config or self.file.rpartition(".")[0]


def split_of(row: record.About) -> str:
    """Return which part of the dataset the rows of a readout belong to; empty for none."""
    return row.split or ""


def folder_of(coder: str) -> str:
    """Return the folder of a coder in a form that has one for each.

    It lies in a folder of its own: a coder can be called like any file of a dataset.
    """
    return f"coders/{coder}"


class Output(Protocol):
    """The folder of a dataset; names are relative to it, with slashes between their parts."""

    def write(self, file: str, data: bytes) -> None:
        """Append to a file, which is made by the first call; raises StorageError."""

    def path(self, file: str) -> Path:
        """Return where a library may write a file itself; raises StorageError."""

    def lost(self, what: str, where: str) -> None:
        """Report that the dialect cannot hold `what` of the mark or sentence with the id `where`.

        `what` is one of the dialect's `cannot` or `unseen`, in the singular.
        """


class Writer(Protocol):
    """Writes a dataset in one dialect."""

    def add(self, batch: Batch) -> None:
        """Write one readout."""

    def finish(self) -> Sequence[Written]:
        """Write what comes last, and return the files of rows, the first one the main one."""
