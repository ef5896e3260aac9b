"""The rows of readouts, made from their coding and written in one form."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from annotator.formats.counts import Counts
from annotator.formats.dialect import Dialect
from annotator.formats.losses import UNPLACED
from annotator.formats.output import About, Batch, Output, Written
from annotator.formats.rows import decided, document_row
from annotator.formats.training import Extras, Training
from annotator.formats.work import Work

_COLLECTED_AFTER: Final = 100_000
"""Objects made since the garbage collector last looked; it has 700 by default."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the garbage collector look less often, for rows hold no cycles and are gone at once."""
    before = gc.get_threshold()
    gc.set_threshold(max(_COLLECTED_AFTER, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def batch_of(works: Sequence[Work]) -> Batch:
    """Return the rows of one readout: those of all its coders, in the order of the text."""
    rows = [row for work in works for row in decided(work)]
    rows.sort(key=lambda row: (row.start, row.sentence.coder))
    return Batch(works, [document_row(work) for work in works], rows)


def report_waiting(batch: Batch, output: Output) -> None:
    """Report each mark of a readout that waits for a place, and so is in no row."""
    for work in batch.works:
        for _, sentence in work.sentences:
            for mark in sentence.unplaced:
                if work.includes(mark.layer):
                    output.lost(UNPLACED, work.mark_id(mark.id))


@dataclass(frozen=True)
class Made:
    """What was made of consecutive readouts elsewhere: what each file gets, losses and figures.

    `rows` holds the number of rows by file; `passed` and `languages` are those of `Chosen`.
    """

    written: Mapping[str, bytes]
    lost: Sequence[tuple[str, str]]
    rows: Mapping[str, int]
    counts: Counts
    passed: Mapping[str, int]
    languages: Collection[str | None]


class Making:
    """Writes readouts in one form, with their forms for training, and counts them."""

    def __init__(self, output: Output, about: About, form: Dialect, extras: Extras) -> None:
        self._output = output
        self._writer = form.writer(output, about)
        self._rows: Counter[str] = Counter()
        self.training = Training(output, about, extras, form)
        self.counts = Counts()

    def add(self, works: Sequence[Work]) -> None:
        """Write one readout: the work of all its coders, who may be none."""
        if not works:
            return
        batch = batch_of(works)
        self.counts.add(batch)
        self._writer.add(batch)
        self.training.add(batch)
        report_waiting(batch, self._output)

    def take(self, made: Made) -> None:
        """Write the readouts that come next, as they were made elsewhere in a form that joins."""
        for file, data in made.written.items():
            self._output.write(file, data)
        for what, where in made.lost:
            self._output.lost(what, where)
        self._rows.update(made.rows)
        self.counts.merge(made.counts)

    def finish(self) -> list[Written]:
        """Write what comes last, and return the files of rows, the first one the main one."""
        files = [*self._writer.finish(), *self.training.finish()]
        return [replace(one, rows=one.rows + self._rows[one.file]) for one in files]
