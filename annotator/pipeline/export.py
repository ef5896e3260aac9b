"""From the store to a dataset: a folder of rows with their labels, their card and checksums.

Rows are written as they are made, one readout after the other, so that memory does not grow with
the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from annotator import __version__
from annotator.errors import InputError, NothingToDo
from annotator.files import printable, refusals, safe_name
from annotator.formats import card
from annotator.formats.card import CARD, LABELS
from annotator.formats.dialects import Dialect, dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.losses import Losses
from annotator.formats.output import About, Batch, Written
from annotator.formats.rows import decided, document_row
from annotator.formats.work import Work
from annotator.model.codebook import Layer
from annotator.model.text import State
from annotator.pipeline.draft import Draft, require_replaceable
from annotator.store.base import Snapshot, Store
from annotator.store.rules import require_bytes

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Progress = Callable[[int, int, str], None]
"""Called with how many readouts are done, of how many, and the id of the last."""

STATES: Final[tuple[State, ...]] = ("done", "unsure", "skipped")
"""The states of a sentence that a coder has given, in the order of the datasets' cards."""


@dataclass(frozen=True)
class ExportReport:
    """What was written, and what could not be.

    `rows` holds the number of rows by file name, the main file first. `losses` counts what the
    format could not hold, by its words; `losses.jsonl` names each. `unplaced` counts marks that
    have no row as their place in the text is not known.
    """

    folder: Path
    rows: dict[str, int]
    readouts: int
    coders: tuple[str, ...]
    losses: dict[str, int]
    unplaced: int


@dataclass(frozen=True)
class Selection:
    """What of a project becomes a dataset.

    None takes every coder or every layer. The samples that came with the program are left out
    unless `samples` says otherwise or their coder is named.
    """

    coders: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None
    states: tuple[State, ...] = ("done",)
    samples: bool = False


def export(
    project: Project,
    selection: Selection | None = None,
    *,
    name: str | None = None,
    output: Path | None = None,
    format_name: str = "jsonl",
    force: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Write the coded sentences of a project as a dataset, and say what was written.

    The dataset is the folder `output`, or `name` among the project's exports. The default name is
    refreshed in place; any other folder that is there already needs `force`, and one that holds
    anything but an export is never replaced. If `strict`, it is an error that the format cannot
    hold something.

    Raises NothingToDo where no sentence is selected, InputError where a mark does not fit the
    codebook or the text, StorageError where the file system refuses, Busy where another export is
    being written beside this one. Nothing is left behind then, and an older export stays.
    """
    chosen = selection or Selection()
    form = dialect(format_name)
    included = _known_layers(project, chosen.layers)
    states = tuple(state for state in STATES if state in chosen.states)
    target = _target(project, name, output)
    replace = force or (name is None and output is None)
    require_replaceable(target, replace=replace)
    journals = _journals(project, chosen)
    layers = tuple(one for one in project.codebook.layers if included is None or one.id in included)
    tally = _Tally()
    with Draft(target) as draft:
        out = _Out(draft, Losses(form.cannot, partial(draft.write, LOSSES)))
        writer = form.writer(out, About(project.codebook, layers, form.variant))
        for done, (readout_id, sources) in enumerate(sorted(journals.items()), start=1):
            works = list(_works(project, readout_id, sources, states, included))
            if works:
                batch = batch_of(works)
                tally.add(batch)
                writer.add(batch)
            if progress:
                progress(done, len(journals), readout_id)
        if not tally.sentences:
            raise _nothing(chosen, states)
        files = writer.finish()
        if strict and out.losses.counts:
            raise InputError(
                f"The format {form.name} cannot hold everything: {', '.join(out.losses.said())}.",
                "Leave --strict out, or choose another format.",
            )
        draft.write(LABELS, card.labels(project.codebook, layers))
        draft.write(
            CARD, card.card(tally.contents(project, layers, states, form, files, out.losses.counts))
        )
        require_replaceable(target, replace=replace)
        draft.put_in_place()
    return ExportReport(
        target,
        {one.file: one.rows for one in files},
        len(tally.readouts),
        tuple(sorted(tally.coders)),
        dict(out.losses.counts),
        tally.unplaced,
    )


@dataclass(frozen=True)
class _Out:
    """What a writer writes to: the draft, and the list of what was lost."""

    draft: Draft
    losses: Losses

    def write(self, file: str, data: bytes) -> None:
        self.draft.write(file, data)

    def path(self, file: str) -> Path:
        return self.draft.path(file)

    def lost(self, what: str, where: str) -> None:
        self.losses.add(what, where)


def _known_layers(project: Project, layers: tuple[str, ...] | None) -> frozenset[str] | None:
    for layer in layers or ():
        if project.codebook.layer(layer) is None:
            known = ", ".join(layer.id for layer in project.codebook.layers)
            raise InputError(
                f"The codebook {project.codebook.stamp} has no layer “{printable(layer)}”.",
                f"Its layers are {known}.",
            )
    return frozenset(layers) if layers else None


def _target(project: Project, name: str | None, output: Path | None) -> Path:
    book = project.codebook
    if output is not None:
        with refusals(output, "written"):
            return output.parent.resolve() / output.name if output.name else output.resolve()
    chosen = name or f"{book.name}-{book.version}"
    if safe_name(chosen) != chosen:
        raise InputError(
            f"“{printable(chosen)}” cannot be the name of an export: it takes up to 100 letters,"
            " digits, dots, underscores and hyphens of ASCII, a letter or digit first.",
            "Name a folder elsewhere with -o.",
        )
    return project.paths.exports.resolve() / chosen


_Sources = list[tuple[Store, str]]


def _journals(project: Project, chosen: Selection) -> dict[str, _Sources]:
    """Return the coders of every readout, each with the store that holds their work."""
    own, samples = project.store(), project.samples()
    coders = dict.fromkeys(own.coders(), own)
    known_samples = dict.fromkeys(samples.coders(), samples)
    known = {**coders, **known_samples}
    for coder in chosen.coders or ():
        if coder not in known:
            raise NothingToDo(
                f"“{printable(coder)}” has coded nothing in this project.",
                f"Those who have: {', '.join(sorted(known))}." if known else "",
            )
    wanted = {
        coder: store
        for coder, store in known.items()
        if (chosen.coders is None and coder in coders)
        or coder in (chosen.coders or ())
        or (chosen.samples and coder in known_samples)
    }
    journals: dict[str, _Sources] = {}
    for coder, store in sorted(wanted.items()):
        for readout_id in store.coded(coder):
            journals.setdefault(readout_id, []).append((store, coder))
    return journals


def _works(
    project: Project,
    readout_id: str,
    sources: _Sources,
    states: tuple[State, ...],
    layers: frozenset[str] | None,
) -> Iterator[Work]:
    snapshots = [
        snapshot
        for store, coder in sources
        if (snapshot := store.read(coder, readout_id)) and _has_any(snapshot, states)
    ]
    if not snapshots:
        return
    readout = project.readout(readout_id)
    for snapshot in snapshots:
        require_bytes(snapshot.header, readout)
        yield Work(
            readout, snapshot.header, snapshot.coding, project.codebook, frozenset(states), layers
        )


def _has_any(snapshot: Snapshot, states: tuple[State, ...]) -> bool:
    return any(sentence.state in states for _, sentence in snapshot.coding.sentences())


def batch_of(works: Sequence[Work]) -> Batch:
    """Return the rows of one readout: those of all its coders, in the order of the text."""
    rows = [row for work in works for row in decided(work)]
    rows.sort(key=lambda row: (row.start, row.sentence.coder))
    return Batch(works, [document_row(work) for work in works], rows)


def _nothing(chosen: Selection, states: tuple[State, ...]) -> NothingToDo:
    whose = f" of {printable(', '.join(chosen.coders))}" if chosen.coders else ""
    return NothingToDo(
        f"There is nothing to export: no sentence{whose} is {' or '.join(states)}.",
        "Open a readout with “annotator” and press Enter on a sentence that is coded.",
    )


@dataclass
class _Tally:
    given: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    coders: set[str] = field(default_factory=set)
    readouts: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    licences: set[str] = field(default_factory=set)
    sentences: int = 0
    unplaced: int = 0
    bare: int = 0
    samples: int = 0

    def add(self, batch: Batch) -> None:
        for work in batch.works:
            metadata = work.readout.metadata
            self.coders.add(work.coder)
            self.readouts.add(work.readout.id)
            self.languages.update(filter(None, [metadata.language]))
            self.licences.update(filter(None, [metadata.licence]))
            waiting = (mark for _, sentence in work.sentences for mark in sentence.unplaced)
            self.unplaced += sum(work.includes(mark.layer) for mark in waiting)
        for one in batch.sentences:
            row = one.sentence
            self.sentences += 1
            self.bare += not any(not mark.rejected for mark in row.marks)
            self.samples += row.sample
            for mark in row.marks:
                counter = self.rejected if mark.rejected else self.given
                counter[mark.layer, mark.label, row.coder] += 1

    def contents(
        self,
        project: Project,
        layers: Sequence[Layer],
        states: Sequence[State],
        form: Dialect,
        files: Sequence[Written],
        losses: Mapping[str, int],
    ) -> card.Contents:
        return card.Contents(
            book=project.codebook,
            version=__version__,
            layers=[layer.id for layer in layers],
            states=states,
            coders=sorted(self.coders),
            languages=sorted(self.languages),
            licences=sorted(self.licences),
            dialect=form,
            files=files,
            sentences=self.sentences,
            readouts=len(self.readouts),
            bare=self.bare,
            samples=self.samples,
            given=self.given,
            rejected=self.rejected,
            losses=losses,
        )
