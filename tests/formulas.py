"""A project of small readouts that share their formulas, coded on disk as a coder would."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Final

from annotator.model.edit import Coding
from annotator.pipeline.formula import Work
from annotator.pipeline.init import init
from annotator.pipeline.project import Project
from annotator.session import acts
from annotator.session.acts import Pen
from annotator.store import Store, TinyStore
from annotator.store.disk import Disk

AT: Final = "2026-01-02T03:04:05Z"
CODER: Final = "ada"
FORMULA: Final = "The two leaders agreed to stay in close contact on trade."
LIKE: Final = "The two leaders agreed to stay in very close contact on trade."
OTHER: Final = "It rained on the river for most of the afternoon."
TEXTS: Final[Mapping[str, str]] = {
    "a": f"A call was held.\n\n{FORMULA} {OTHER}\n",
    "b": f"{OTHER} {LIKE}\n",
    "c": f"{FORMULA} It was late.\n",
    "d": f"{OTHER}\n",
    "e": f"Both spoke. {FORMULA}\n",
}


def project_of(root: Path, texts: Mapping[str, str] = TEXTS) -> Project:
    """Make a project of these readouts."""
    init(root, samples=False)
    for name, text in texts.items():
        (root / "seeds" / f"{name}.txt").write_text(text, "utf-8")
    return Project.open(root)


def pen_of(project: Project) -> Pen:
    """Return a pen for one use."""
    ids = (f"x{number}" for number in count())
    return Pen(CODER, project.codebook, lambda: AT, lambda: next(ids))


def work_on(project: Project, readout_id: str) -> Work:
    """Open a readout as it stands, and let go of its file."""
    journal = project.journal(CODER, readout_id, AT)
    try:
        return Work(project.readout(readout_id), journal.coding)
    finally:
        journal.close()


def key_of(coding: Coding, text: str) -> int:
    """Return the sentence that has this text."""
    return next(key for key, sentence in coding.sentences() if sentence.text == text)


def code(
    project: Project,
    readout_id: str,
    text: str,
    *labels: str,
    layer: str = "topics",
    decided: bool = True,
) -> None:
    """Put labels on the sentence of this text, and decide it."""
    journal = project.journal(CODER, readout_id, AT)
    try:
        key, pen = key_of(journal.coding, text), pen_of(project)
        for label in labels:
            edit = acts.toggle(pen, journal.coding, key, layer, label)
            assert edit is not None
            journal.put(edit)
        if decided:
            edit = acts.decide(pen, journal.coding, key, "done")
            assert edit is not None
            journal.put(edit)
    finally:
        journal.close()


def labels(project: Project, readout_id: str, text: str) -> list[str] | None:
    """Return what stands on a sentence on disk, None where the readout is not begun."""
    snapshot = project.store().read(CODER, readout_id)
    if snapshot is None:
        return None
    return [m.label for m in snapshot.coding.sentence(key_of(snapshot.coding, text)).marks]


class Failing(Disk):
    """A disk on which the syncs of these numbers fail, counted from 1 once `count` is set to 0."""

    def __init__(self, *failing: int) -> None:
        self._failing = failing
        self.count: int | None = None

    def fsync(self, descriptor: int) -> None:
        if self.count is not None:
            self.count += 1
            if self.count in self._failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().fsync(descriptor)


class OnDisk(Project):
    """A project whose coding goes to a disk that a test can break."""

    disk: Disk

    def store(self) -> Store:
        return TinyStore(self.paths.tags, disk=self.disk)
