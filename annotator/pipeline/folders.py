"""The folders that the index follows: what their files say, and the rows that are kept of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from annotator.errors import AnnotatorError
from annotator.files import refusals
from annotator.formats.registry import METADATA_ENDING, TEXT_ENDINGS
from annotator.model.readout import Metadata
from annotator.pipeline.gist import Facts
from annotator.pipeline.journals import Journals
from annotator.pipeline.tables import Tables
from annotator.store.rules import is_name
from annotator.store.stamps import Listing, Stamp, scan

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

T = TypeVar("T")


class Folder(Protocol[T]):
    """A folder that the index has a row of for each readout that its files are about."""

    @property
    def key(self) -> str:
        """What its seal is kept under."""

    def scan(self, now: int) -> Listing:
        """List its files, at a time in nanoseconds; raises StorageError."""

    def stamps(self, listing: Listing) -> dict[str, Stamp]:
        """Return the stamps of its files by readout."""

    def known(self, tables: Tables) -> dict[str, Stamp]:
        """Return the stamps that its rows were made with, by readout."""

    def read(self, readout: str) -> T | None:
        """Return what the file about a readout says, or what is wrong with it; None for none."""

    def write(
        self, db: sqlite3.Connection, found: Mapping[str, T | None], stamps: Mapping[str, Stamp]
    ) -> None:
        """Put rows in place of those there are, and none where nothing was found."""


def followed(
    project: Project, tables: Tables, *, coder: str | None, metadata: bool
) -> list[Folder[Any]]:
    """Return the folders to look at: those of one coder or of all, and that of the readouts.

    Coders of whom only rows are left are among them. Raises StorageError.
    """
    roots = {False: project.paths.tags, True: project.paths.samples}
    coders = {(sample, name) for sample, root in roots.items() for name in _subfolders(root)}
    coders.update(
        (bool(s), c) for s, c in tables.rows("SELECT DISTINCT sample, coder FROM journal")
    )
    folders: list[Folder[Any]] = [
        Journals(roots[sample] / name, name, sample=sample)
        for sample, name in sorted(coders)
        if coder in (None, name)
    ]
    return [*folders, Readouts(project)] if metadata else folders


def _subfolders(root: Path) -> Iterator[str]:
    with refusals(root, "read"):
        try:
            names = [entry.name for entry in root.iterdir()]
        except (FileNotFoundError, NotADirectoryError):
            return
    yield from filter(is_name, names)


@dataclass(frozen=True)
class Described:
    """What is known about a readout, or why that cannot be read."""

    metadata: Metadata
    problem: str = ""


class Readouts:
    """The folder of the readouts; what is kept is their metadata, and nothing of their texts."""

    key = "seeds"

    def __init__(self, project: Project) -> None:
        self._project = project

    def scan(self, now: int) -> Listing:
        """List its files, at a time in nanoseconds; raises StorageError."""
        return scan(self._project.paths.seeds, METADATA_ENDING, beside=TEXT_ENDINGS, now=now)

    def stamps(self, listing: Listing) -> dict[str, Stamp]:
        """Return the stamps of the metadata by readout."""
        ids = filter(is_name, (name.rpartition(".")[0] for name in listing.beside))
        return {readout: listing.stamp(f"{readout}{METADATA_ENDING}") for readout in ids}

    def known(self, tables: Tables) -> dict[str, Stamp]:
        """Return the stamps that the rows were made with, by readout."""
        found = tables.rows("SELECT id, stamp, recent FROM readout")
        return {readout: (stamp, bool(recent)) for readout, stamp, recent in found}

    def read(self, readout: str) -> Described:
        """Return what is known about a readout, or why that cannot be read."""
        try:
            return Described(self._project.metadata(readout))
        except AnnotatorError as error:
            return Described(Metadata(), str(error))

    def write(
        self,
        db: sqlite3.Connection,
        found: Mapping[str, Described | None],
        stamps: Mapping[str, Stamp],
    ) -> None:
        """Put rows in place of those there are, and none where nothing was found."""
        for readout, described in found.items():
            if described is None:
                db.execute("DELETE FROM readout WHERE id = ?", (readout,))
            else:
                db.execute(
                    "REPLACE INTO readout VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                    (readout, *stamps[readout], described.problem, *_columns(readout, described)),
                )


def _columns(readout: str, described: Described) -> tuple[str | bytes, ...]:
    """Return what a filter asks for, and the metadata whole."""
    facts = Facts.of(readout, described.metadata)
    return (*facts[1:], described.metadata.model_dump_json(exclude_defaults=True).encode())
