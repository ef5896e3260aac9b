"""Saying that a layer was not asked of sentences that were decided before it was there.

No journal says which layers the codebook had when a sentence was decided; only a person knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from annotator.errors import AnnotatorError
from annotator.files import read_bytes
from annotator.model.edit import Change, Coding, Edit
from annotator.model.sentence import Sentence
from annotator.pipeline.project import Project
from annotator.pipeline.selection import has_coded_nothing
from annotator.store.stamps import SUFFIX

_DECIDED: Final = (b'"done"', b'"unsure"', b'"skipped"')


@dataclass(frozen=True)
class Unasked:
    """How many sentences of a readout a layer is not asked of; `problem` says why nobody knows."""

    readout: str
    sentences: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Wanted:
    """A layer that is not asked of what a coder decided, and touched no more, `before` a day.

    The day is in ISO 8601, empty for whenever it was.
    """

    coder: str
    layer: str
    before: str = ""

    def of(self, coding: Coding, history: Sequence[Edit]) -> dict[int, Sentence]:
        """Return the sentences that change, as they become.

        A sentence with a mark of the layer was asked of it; of one that a file alone decided, the
        file says what it asked.
        """
        found = {}
        touched = _touched(history) if self.before else {}
        for key, one in coding.sentences():
            if self.before and touched.get(key, "") >= self.before:
                continue
            marked = any(mark.layer == self.layer for mark in (*one.marks, *one.unplaced))
            if one.state == "new" or one.is_from_file or marked or not one.was_asked(self.layer):
                continue
            found[key] = one.changed(not_asked=tuple(sorted({*one.not_asked, self.layer})))
        return found


def _touched(history: Sequence[Edit]) -> dict[int, str]:
    """Return when each sentence was changed last."""
    return {change.key: edit.at for edit in history for change in edit.changes}


def planned(project: Project, wanted: Wanted) -> Iterator[Unasked]:
    """Yield the readouts of a coder in which sentences change; nothing is written.

    Raises NothingToDo where the coder has no work here.
    """
    store = project.store()
    if wanted.coder not in store.coders():
        raise has_coded_nothing(wanted.coder, store.coders())
    for readout in store.coded(wanted.coder):
        try:
            snapshot = store.read(wanted.coder, readout)
        except AnnotatorError as error:
            yield Unasked(readout, problem=str(error))
            continue
        count = len(wanted.of(snapshot.coding, snapshot.history)) if snapshot else 0
        if count:
            yield Unasked(readout, count)


def carry_out(
    project: Project, wanted: Wanted, readouts: Sequence[str], at: str
) -> Iterator[Unasked]:
    """Say so in readouts, one act for each; yield what came of each."""
    for readout in readouts:
        try:
            yield Unasked(readout, _said(project, wanted, readout, at))
        except AnnotatorError as error:
            yield Unasked(readout, problem=str(error))


def _said(project: Project, wanted: Wanted, readout: str, at: str) -> int:
    journal = project.reopened(wanted.coder, readout)
    try:
        before = journal.coding.docs
        changes = tuple(
            Change(key=key, before=before[key], after=after)
            for key, after in wanted.of(journal.coding, journal.history).items()
        )
        if changes:
            what = f"unask {wanted.layer}"
            journal.put(Edit(act="edit", at=at, what=what, changes=changes))
    finally:
        journal.close()
    return len(changes)


def unheard(project: Project) -> dict[str, list[str]]:
    """Return each layer that no journal of a coder names who decided something, with these coders.

    It may have come into the codebook since. What cannot be read is passed over.
    """
    found: dict[str, list[str]] = {}
    for coder in project.store().coders():
        for layer in _unheard_of(project, coder):
            found.setdefault(layer, []).append(coder)
    return found


def _unheard_of(project: Project, coder: str) -> Iterable[str]:
    silent = {layer.id: f'"{layer.id}"'.encode() for layer in project.codebook.layers}
    decided = False
    for readout in project.store().coded(coder):
        if not silent:
            break
        try:
            raw = read_bytes(project.paths.tags / coder / f"{readout}{SUFFIX}")
        except AnnotatorError:
            continue
        decided = decided or any(state in raw for state in _DECIDED)
        silent = {layer: named for layer, named in silent.items() if named not in raw}
    return silent if decided else ()
