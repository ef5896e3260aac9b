"""From the store to a dataset: a folder of rows with their labels, their card and checksums.

Rows are written as they are made, one readout after the other, so that memory does not grow with
the project.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import __version__
from annotator.errors import InputError
from annotator.files import printable, refusals, safe_name
from annotator.formats import card
from annotator.formats.card import CARD, LABELS
from annotator.formats.dialects import Dialect, dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.losses import Losses
from annotator.formats.output import About, Batch, Written
from annotator.formats.rows import decided, document_row
from annotator.formats.work import Work
from annotator.model.splitting import Plan
from annotator.pipeline.draft import Draft, require_replaceable
from annotator.pipeline.selection import Chosen, Selection
from annotator.pipeline.survey import LEAKS_FILE, SPLITS_FILE, Survey, as_before

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Progress = Callable[[int, int, str], None]
"""Called with how many readouts are done, of how many, and the id of the last."""


@dataclass(frozen=True)
class ExportReport:
    """What was written, and what could not be.

    `rows` holds the number of rows by file name, the main file first. `losses` counts what the
    format could not hold, by its words; `losses.jsonl` names each. `unplaced` counts marks that
    have no row as their place in the text is not known. `survey` tells of the splits, if any.
    """

    folder: Path
    rows: dict[str, int]
    readouts: int
    coders: tuple[str, ...]
    losses: dict[str, int]
    unplaced: int
    survey: Survey | None = None


def export(
    project: Project,
    selection: Selection | None = None,
    *,
    name: str | None = None,
    output: Path | None = None,
    format_name: str = "jsonl",
    force: bool = False,
    strict: bool = False,
    plan: Plan | None = None,
    progress: Progress | None = None,
) -> ExportReport:
    """Write the coded sentences of a project as a dataset, and say what was written.

    The dataset is the folder `output`, or `name` among the project's exports. The default name is
    refreshed in place; any other folder that is there already needs `force`, and one that holds
    anything but an export is never replaced. If `strict`, it is an error that the format cannot
    hold something. With a `plan`, each row says in which split it is.

    Raises NothingToDo where no sentence is selected, InputError where a mark does not fit the
    codebook or the text, StorageError where the file system refuses, Busy where another export is
    being written beside this one. Nothing is left behind then, and an older export stays.
    """
    chosen = Chosen(project, selection or Selection())
    form = dialect(format_name)
    target = target_of(project, name, output)
    replace = force or (name is None and output is None)
    require_replaceable(target, replace=replace)
    survey = Survey.of(chosen, as_before(plan, target), progress) if plan else None
    tally = _Tally()
    with Draft(target) as draft:
        out = _Out(draft, Losses(form.cannot, partial(draft.write, LOSSES)))
        writer = form.writer(out, About(project.codebook, chosen.layers, form.variant))
        every = chosen.works(survey.splits.of if survey else None)
        for done, (readout_id, works) in enumerate(every, start=1):
            if works:
                batch = batch_of(works)
                tally.add(batch)
                writer.add(batch)
            if progress:
                progress(done, len(chosen), readout_id)
        if not tally.sentences:
            raise chosen.nothing()
        files = writer.finish()
        if strict and out.losses.counts:
            raise InputError(
                f"The format {form.name} cannot hold everything: {', '.join(out.losses.said())}.",
                "Leave --strict out, or choose another format.",
            )
        if survey:
            draft.write(SPLITS_FILE, survey.as_json())
            draft.write(LEAKS_FILE, survey.leaks_as_lines())
        draft.write(LABELS, card.labels(project.codebook, chosen.layers))
        told = tally.contents(project, chosen, form, files, out.losses.counts, survey)
        draft.write(CARD, card.card(told))
        require_replaceable(target, replace=replace)
        draft.put_in_place()
    return ExportReport(
        target,
        {one.file: one.rows for one in files},
        len(tally.readouts),
        tuple(sorted(tally.coders)),
        dict(out.losses.counts),
        tally.unplaced,
        survey,
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


def target_of(project: Project, name: str | None, output: Path | None = None) -> Path:
    """Return where a dataset of that name, or of none, lies; raises InputError for what is none."""
    book = project.codebook
    if output is not None:
        with refusals(output, "written"):
            return output.parent.resolve() / output.name if output.name else output.resolve()
    chosen = name or f"{book.name}-{book.version}"
    require_name(chosen)
    return project.paths.exports.resolve() / chosen


def require_name(name: str) -> None:
    """Raise InputError where a name can be none of an export."""
    if safe_name(name) != name:
        raise InputError(
            f"“{printable(name)}” cannot be the name of an export: it takes up to 100 letters,"
            " digits, dots, underscores and hyphens of ASCII, a letter or digit first.",
            "Name a folder elsewhere with -o.",
        )


def batch_of(works: Sequence[Work]) -> Batch:
    """Return the rows of one readout: those of all its coders, in the order of the text."""
    rows = [row for work in works for row in decided(work)]
    rows.sort(key=lambda row: (row.start, row.sentence.coder))
    return Batch(works, [document_row(work) for work in works], rows)


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
        chosen: Chosen,
        form: Dialect,
        files: Sequence[Written],
        losses: Mapping[str, int],
        survey: Survey | None,
    ) -> card.Contents:
        return card.Contents(
            book=project.codebook,
            version=__version__,
            layers=[layer.id for layer in chosen.layers],
            states=chosen.states,
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
            split=survey.facts if survey else None,
        )
