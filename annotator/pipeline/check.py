"""Whether everything that a project holds can be read, and means what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.store.base import Finding, Snapshot, Store

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


def check(project: Project) -> Iterator[Finding]:
    """Yield what is wrong: readouts that cannot be read, then journals, then marks.

    Damage is what has to be put right before all of the work can be used again; everything else is
    a warning. A codebook that cannot be read is raised by the project itself.
    """
    for readout_id in project.readout_ids():
        try:
            if not project.readout(readout_id).text.strip():
                yield Finding(
                    "warning",
                    "",
                    readout_id,
                    f"The readout {readout_id} has no words to code.",
                    "Put its text into the file, or take the file out of seeds.",
                )
        except AnnotatorError as error:
            yield Finding("damage", "", readout_id, error.message, error.hint)
    for store in (project.store(), project.samples()):
        yield from store.check(project.readout)
        yield from _marks(project, store)


def _marks(project: Project, store: Store) -> Iterator[Finding]:
    for coder in store.coders():
        for readout_id in store.coded(coder):
            try:
                snapshot = store.read(coder, readout_id)
            except AnnotatorError:
                continue  # The store's own check has named it.
            if snapshot is not None:
                yield from _refused(project, snapshot)


def _refused(project: Project, snapshot: Snapshot) -> Iterator[Finding]:
    for key, sentence in snapshot.coding.sentences():
        for mark in sentence.marks:
            problem = project.codebook.check(mark)
            if problem:
                yield Finding(
                    "warning",
                    snapshot.header.by,
                    snapshot.header.readout,
                    f"Sentence {key}: {problem}",
                    "Change the mark, or bring the label back into the codebook.",
                )
