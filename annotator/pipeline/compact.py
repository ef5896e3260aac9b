"""Dropping the history of a coding, which only happens where somebody asks for just that.

What will be dropped is known exactly beforehand, since nobody else can write in the meantime.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from annotator.config import SAMPLE_CODER
from annotator.errors import NothingToDo
from annotator.files import opened, printable, write_atomic
from annotator.pipeline.project import Project
from annotator.store import Journal, Snapshot, TinyStore
from annotator.store.base import Dropped
from annotator.store.lines import journal as written
from annotator.store.rewriting import compacted


def coded(project: Project, coder: str, readout_id: str) -> Snapshot:
    """Return a coder's work on a readout as it stands; the samples' coder has the samples'.

    Raises NothingToDo where the coder has none, InputError where there is no such readout, and as
    `Store.read` does.
    """
    store = project.samples() if coder == SAMPLE_CODER else project.store()
    snapshot = store.read(coder, readout_id)
    if snapshot is None:
        raise _not_coded(project, coder, readout_id)
    return snapshot


def _not_coded(project: Project, coder: str, readout_id: str) -> NothingToDo:
    project.readout(readout_id)
    stores = (project.samples(), project.store())
    others = [
        name for store in stores for name in store.coders() if readout_id in store.coded(name)
    ]
    who = " and ".join(others)
    return NothingToDo(
        f"{coder} has not coded {readout_id}.",
        f"{who} did; name one with --coder." if others else "Nobody has.",
    )


@dataclass(frozen=True)
class Compaction:
    """A coding that is open for writing, and what it would lose.

    `size` is that of its file at `path` in bytes, `size_after` what it would be without its
    history.
    """

    journal: Journal
    path: Path
    dropped: Dropped
    size: int
    size_after: int
    at: str

    def keep(self, place: Path) -> None:
        """Write the whole file as it is to another place, where nothing may stand yet.

        When this returns, it is on disk. Raises StorageError where the file system refuses.
        """
        with opened(self.path) as file:
            data = file.read()
        write_atomic(place, data, exclusive=True)

    def run(self) -> None:
        """Drop the history; raises as `Journal.compact` does."""
        self.journal.compact(self.at)


@contextmanager
def compaction(project: Project, coder: str, readout_id: str, at: str) -> Iterator[Compaction]:
    """Open a coder's work on a readout, ready to drop its history at the time `at`.

    Raises NothingToDo where the coder has no work there, or its history nothing to drop; else as
    `Project.journal` does.
    """
    if readout_id not in project.store().coded(coder):
        raise _not_coded(project, coder, readout_id)
    journal = project.reopened(coder, readout_id)
    try:
        short = compacted(journal.history, journal.coding, at)
        if short is None:
            raise NothingToDo(
                f"The history of {readout_id} by {printable(coder)} holds nothing that can be"
                " dropped."
            )
        edits, dropped = short
        path = TinyStore(project.paths.tags).path(coder, readout_id)
        size_after = len(written(journal.header, edits))
        yield Compaction(journal, path, dropped, path.stat().st_size, size_after, at)
    finally:
        journal.close()
