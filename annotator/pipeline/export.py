"""From the store to a dataset: a folder of JSON Lines with its labels, its card and its checksums.

Rows are written as they are made, one readout after the other, so that memory does not grow with
the project. The folder is built beside its place and moved there when it is complete.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError, Busy, InputError, NothingToDo, StorageError
from annotator.files import printable
from annotator.formats import jsonl_out
from annotator.formats.rows import Decided, Work, decided, document_row, lost_references, unplaced
from annotator.model.codebook import Codebook
from annotator.model.readout import READOUT_ID, Readout
from annotator.model.text import State
from annotator.store.base import Header, Store

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Progress = Callable[[int, int, str], None]
"""Called with how many readouts are done, of how many, and the id of the last."""

SENTENCES: Final = "sentences.jsonl"
ATTRIBUTIONS: Final = "attributions.jsonl"
COMMITMENTS: Final = "commitments.jsonl"
DOCUMENTS: Final = "documents.jsonl"
LABELS: Final = "labels.json"
CARD: Final = "README.md"
CHECKSUMS: Final = "checksums.txt"
ROW_FILES = (SENTENCES, ATTRIBUTIONS, COMMITMENTS, DOCUMENTS)
_CHECKSUM = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True)
class ExportReport:
    """What was written, and what could not be.

    `rows` holds the number of rows by file name. `emptied` counts references to marks that have no
    row in this export, `unplaced` how often a slot was filled for which no column exists.
    """

    folder: Path
    rows: dict[str, int]
    coders: tuple[str, ...]
    emptied: int
    unplaced: dict[str, int]


@dataclass
class _Tally:
    rows: Counter[str] = field(default_factory=Counter)
    labels: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unplaced: Counter[str] = field(default_factory=Counter)
    coders: set[str] = field(default_factory=set)
    emptied: int = 0
    bare: int = 0
    samples: int = 0
    example: str = ""

    def add(self, work: Work, batch: Sequence[Decided]) -> None:
        self.coders.add(work.coder)
        for row in batch:
            self.bare += not row.sentence.marks
            self.samples += row.sentence.sample
            for mark in row.sentence.marks:
                counter = self.rejected if mark.rejected else self.labels
                counter[mark.layer, mark.label, work.coder] += 1
        for _, sentence in work.chosen:
            for mark in sentence.marks:
                if work.includes(mark.layer):
                    self.unplaced.update(unplaced(mark))
                    self.emptied += 0 if mark.rejected else lost_references(work, mark)


def export(
    project: Project,
    *,
    name: str | None = None,
    coders: Sequence[str] | None = None,
    layers: Sequence[str] | None = None,
    states: Sequence[State] = ("done",),
    samples: bool = False,
    output: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Write the coded sentences of a project as a dataset, and say what was written.

    The dataset is the folder `output`, or `name` among the project's exports. The default name is
    refreshed in place; any other folder that is there already needs `force`, and one that is no
    export is never replaced. `coders` limits whose work is taken, `layers` which marks, `states`
    which sentences; `samples` adds the samples that came with the program.

    Raises NothingToDo where no sentence is in those states, InputError where a mark does not fit
    the codebook or the text, StorageError where the file system refuses, Busy where another export
    is being written to the same place. Nothing is left behind then, and an older export stays.
    """
    book = project.codebook
    wanted_layers = _known_layers(book, layers)
    target = output or project.paths.exports / _checked_name(name or f"readouts-{book.version}")
    target = target.parent.resolve() / target.name if target.name else target.resolve()
    force = force or (name is None and output is None)
    _require_replaceable(target, force=force)
    journals = _journals(project, coders, samples)
    tally = _Tally()
    draft = _Draft(target, force=force)
    try:
        for done, readout_id in enumerate(sorted(journals), start=1):
            works = [
                Work(readout, header, coding, book, frozenset(states), wanted_layers)
                for readout, header, coding in _snapshots(project, readout_id, journals[readout_id])
            ]
            _write_readout(draft, works, tally)
            if progress:
                progress(done, len(journals), readout_id)
        if not tally.rows[SENTENCES]:
            raise _nothing(coders, states)
        draft.write(LABELS, _labels(book, wanted_layers))
        draft.write(CARD, _card(book, wanted_layers, states, tally).encode())
        draft.put_in_place()
    finally:
        draft.close()
    return ExportReport(
        folder=target,
        rows={file: tally.rows[file] for file in ROW_FILES},
        coders=tuple(sorted(tally.coders)),
        emptied=tally.emptied,
        unplaced=dict(sorted(tally.unplaced.items())),
    )
