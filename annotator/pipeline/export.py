"""From the store to a dataset: a folder of rows with their labels, their card and checksums.

Rows are written as they are made, one readout after the other, so that memory does not grow with
the project; `portions` has several processes make those of a large one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator import __version__
from annotator.config import SETTINGS_FILE, read_settings
from annotator.errors import InputError
from annotator.files import printable, refusals, safe_name
from annotator.formats.card import CARD, Contents, card
from annotator.formats.croissant import CROISSANT, croissant
from annotator.formats.dialect import Dialect
from annotator.formats.dialects import DIALECTS, dialect
from annotator.formats.labelset import LABELS, labels
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.losses import UNPLACED, Losses
from annotator.formats.output import About
from annotator.formats.training import LOSSES as OF_TRAINING
from annotator.formats.training import UNJUDGED, Extras, require
from annotator.model.answers import Question, unanswered
from annotator.model.splitting import Plan
from annotator.pipeline.draft import Draft, Stamp, require_replaceable, require_unedited
from annotator.pipeline.making import Making, seldom_collected
from annotator.pipeline.placements import SPLITS_FILE, as_before, remember
from annotator.pipeline.portions import Sharing
from annotator.pipeline.selection import Chosen, Progress, Selection
from annotator.pipeline.survey import LEAKS_FILE, Survey
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


@dataclass(frozen=True)
class ExportReport:
    """What was written, and what could not be.

    `rows` holds the number of rows by file name, the main file first. `losses` counts what the
    format and the forms for training could not hold, by its words, and `unseen` what the format
    holds in our rows alone; `losses.jsonl` names each. `survey` tells of the splits, if any.
    `passed` counts the sentences that were left out, by why. `kept` is the folder beside it with
    what somebody had changed in the dataset that was replaced. `unanswered` are the questions that
    the card leaves to a person.
    """

    folder: Path
    rows: dict[str, int]
    readouts: int
    coders: tuple[str, ...]
    losses: dict[str, int]
    unseen: dict[str, int]
    survey: Survey | None = None
    passed: Mapping[str, int] = field(default_factory=dict)
    kept: Path | None = None
    unanswered: tuple[Question, ...] = ()

    @property
    def open_questions(self) -> str:
        """What a person has still to say of the dataset, and where; empty where nothing is."""
        if not self.unanswered:
            return ""
        said = many(len(self.unanswered), "question")
        return f"The card leaves {said} to a person: answer under [card] in {SETTINGS_FILE}."


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
    extras: Extras | None = None,
    trial: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
) -> ExportReport:
    """Write the coded sentences of a project as a dataset, and say what was written.

    The dataset is the folder `output`, or `name` among the project's exports. Without either it is
    `default_name`, which is refreshed in place; any other folder that is there already needs
    `force`, and one that holds anything but an export is never replaced. One in which somebody
    changed a file needs `force`, too, and that file is kept beside. If `strict`, it is an
    error that something cannot be held. With a `plan`, each row says in which split it is.
    `extras` are forms for training, in files of their own. A `trial` leaves the project as it is,
    where an export keeps in it which readout went to which split. `processes` says how many share
    the work, None as many as are worth it: the bytes are the same.

    Raises NothingToDo where no sentence is selected, InputError where a mark does not fit the
    codebook or the text, StorageError where the file system refuses, Busy where another export is
    being written beside this one. Nothing is left behind then, and an older export stays.
    """
    chosen = Chosen(project, selection or Selection())
    # What a person answers while the program runs counts at once.
    answers = read_settings(project.paths.root).card
    form = dialect(format_name)
    extras = extras or Extras()
    require(extras, [layer.id for layer in chosen.layers], words=form.words)
    target = target_of(project, name, output, form.name)
    replace = force or (name is None and output is None)
    known: dict[str, Stamp] = {}
    _require_place(target, known, replace=replace, force=force)
    survey = Survey.of(chosen, as_before(plan, target, project), progress) if plan else None
    with seldom_collected(), Draft(target) as draft:
        named = (*form.cannot, *OF_TRAINING)
        out = _Out(draft, Losses(named, partial(draft.write, LOSSES), form.unseen))
        about = About(
            project.codebook, chosen.layers, form.variant, survey is not None, chosen.adjudicates
        )
        making = Making(out, about, form, extras)
        sharing = Sharing(about, form, extras, survey.splits.of if survey else None)
        with closing(sharing.made(making, chosen, processes)) as readouts:
            for done, readout_id in enumerate(readouts, start=1):
                if progress:
                    progress(done, len(chosen), readout_id)
        counts, training = making.counts, making.training
        if not counts.total:
            raise chosen.nothing()
        files = making.finish()
        if strict and out.losses.counts:
            raise _too_strict(form, out.losses)
        if survey:
            draft.write(SPLITS_FILE, survey.as_json())
            draft.write(LEAKS_FILE, survey.leaks_as_lines())
        draft.write(LABELS, labels(project.codebook, chosen.layers))
        contents = Contents(
            book=project.codebook,
            version=__version__,
            layers=[layer.id for layer in chosen.layers],
            states=chosen.states,
            dialect=form,
            files=files,
            counts=counts,
            losses=out.losses.counts,
            unseen=out.losses.unseen,
            filters=chosen.filters,
            passed=+chosen.passed,
            split=survey.facts if survey else None,
            training=training.reading,
            adjudicator=chosen.adjudicator or "",
            answers=answers,
        )
        draft.write(CARD, card(contents))
        draft.write(CROISSANT, croissant(contents, draft.digests()))
        _require_place(target, known, replace=replace, force=force)
        kept = draft.put_in_place(keep=force)
    if survey and not trial:
        remember(project, survey.splits, target.name)
    return ExportReport(
        target,
        {one.file: one.rows for one in files},
        counts.readouts,
        tuple(contents.coders),
        dict(out.losses.counts),
        dict(out.losses.unseen),
        survey,
        dict(+chosen.passed),
        kept,
        unanswered(answers),
    )


def _require_place(target: Path, known: dict[str, Stamp], *, replace: bool, force: bool) -> None:
    require_replaceable(target, replace=replace)
    if not force:
        require_unedited(target, known)


def _too_strict(form: Dialect, losses: Losses) -> InputError:
    """Return what says that something would be lost, with the ways out that there are."""
    lost = {*losses.counts}
    ways = ["Leave --strict out"]
    if lost - {UNPLACED, *OF_TRAINING}:
        ways.append("choose another format")
    if lost & {*OF_TRAINING} - {UNJUDGED}:
        ways.append("leave that form for training out")
    if UNJUDGED in lost:
        ways.append("leave --adjudicated out")
    if UNPLACED in lost:
        ways.append("give marks that wait their place")
    return InputError(
        f"As {form.name}, the dataset cannot hold everything: {', '.join(losses.said())}.",
        f"{', or '.join(ways)}.",
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


def default_name(project: Project, form: str) -> str:
    """Return the name that a dataset in a format has where it is given none."""
    book = project.codebook
    return f"{book.name}-{book.version}" + ("" if form == DIALECTS[0].name else f"-{form}")


def target_of(project: Project, name: str | None, output: Path | None, form: str) -> Path:
    """Return where a dataset of that name, or of none, lies; raises InputError for what is none."""
    if output is not None:
        with refusals(output, "written"):
            return output.parent.resolve() / output.name if output.name else output.resolve()
    chosen = name or default_name(project, form)
    require_name(chosen)
    return project.paths.exports.resolve() / chosen


def require_name(name: str, elsewhere: str = "Name a folder elsewhere with -o.") -> None:
    """Raise InputError where a name can be none of an export; `elsewhere` is the remedy."""
    if safe_name(name) != name:
        raise InputError(
            f"“{printable(name)}” cannot be the name of an export: it takes up to 100 letters,"
            " digits, dots, underscores and hyphens of ASCII, a letter or digit first.",
            elsewhere,
        )
