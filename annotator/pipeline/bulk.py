"""One act on many readouts: each journal gets its own edit, and is told of one by one.

The journals are files of their own, so an act on many cannot be one write. What was done and what
was not is said of each, and nothing is left half done within one.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import AnnotatorError
from annotator.files import refusals
from annotator.model import bulk
from annotator.model.edit import CAST, Coding, Edit, Timeline
from annotator.pipeline.project import Project
from annotator.store.stamps import SUFFIX

Maker = Callable[[Coding], Edit | None]
"""Makes the edit of one readout from its coding as it stands; None where there is nothing to do."""


@dataclass(frozen=True)
class Outcome:
    """What became of one readout: how many sentences changed, or why none did.

    `error` is what stopped it, where that was an error.
    """

    readout: str
    sentences: int = 0
    problem: str = ""
    error: AnnotatorError | None = None


def apply(
    project: Project,
    coder: str,
    makers: Mapping[str, Maker],
    at: str,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Make the edit of each readout, and tell what became of it.

    A readout that another process writes, whose text changed or whose file is damaged is left as
    it is, and its outcome says so. Where this is `stopped`, the others are told of as not done.
    """
    for readout_id, make in makers.items():
        if stopped():
            yield Outcome(readout_id, problem="It was stopped before.")
        else:
            yield _put(project, coder, readout_id, at, make)


def step(
    project: Project, coder: str, of: str, at: str, *, back: bool, but: frozenset[str]
) -> Iterator[Outcome]:
    """Take a bulk act back wherever it is the last act of a readout, or make it again likewise.

    Where other acts came since, it stays, and the outcome says so. `but` holds readouts that are
    left out, such as the one that is open. Raises StorageError where the journals cannot be listed.
    """
    for readout_id in project.store().coded(coder):
        if readout_id in but:
            continue
        try:
            if _holds(project.paths.tags / coder / f"{readout_id}{SUFFIX}", of):
                yield from _stepped(project, coder, readout_id, of, at, back=back)
        except AnnotatorError as error:
            yield Outcome(readout_id, problem=str(error))


def _stepped(
    project: Project, coder: str, readout_id: str, of: str, at: str, *, back: bool
) -> Iterator[Outcome]:
    journal = project.journal(coder, readout_id, at)
    try:
        timeline = Timeline.of(journal.history)
        edit = bulk.step(timeline, of, at, back=back)
        if edit is not None:
            journal.put(edit.upon(journal.coding))
            yield Outcome(readout_id, _sentences(edit))
        elif bulk.lies_beneath(timeline, of, back=back):
            yield Outcome(readout_id, problem="Other acts came since.")
    finally:
        journal.close()


def _put(project: Project, coder: str, readout_id: str, at: str, make: Maker) -> Outcome:
    try:
        journal = project.journal(coder, readout_id, at)
        try:
            edit = make(journal.coding)
            if edit is None:
                return Outcome(readout_id, problem="There is nothing to mark any more.")
            journal.put(edit)
        finally:
            journal.close()
    except AnnotatorError as error:
        return Outcome(readout_id, problem=str(error), error=error)
    return Outcome(readout_id, _sentences(edit))


def _sentences(edit: Edit) -> int:
    return sum(change.key != CAST for change in edit.changes)


def _holds(path: Path, of: str) -> bool:
    """Tell whether a journal's file holds the words by which a bulk act is known."""
    sought = bulk.named(of, "").rstrip().encode()
    with refusals(path, "read"), path.open("rb") as file:
        if not path.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            return raw.find(sought) >= 0
