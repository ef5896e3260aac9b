"""An export that is prepared: what is chosen, the call that says the same, a check.

A `Choice` is a call of `annotator export` that somebody makes up piece by piece. What it writes and
what its command line writes are the same bytes.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

from annotator.config import find_root
from annotator.errors import AnnotatorError, InputError
from annotator.files import printable
from annotator.formats.card import CARD
from annotator.formats.dialect import Dialect
from annotator.formats.dialects import DIALECTS, dialect
from annotator.formats.training import EXTRAS, Extras, blocked, option
from annotator.model.splitting import HOLDING, Plan
from annotator.pipeline import narrowing
from annotator.pipeline.draft import edited, place_of_edited, require_replaceable
from annotator.pipeline.export import ExportReport, default_name, export, target_of
from annotator.pipeline.placements import as_before
from annotator.pipeline.selection import STATES, Progress, Selection
from annotator.pipeline.survey import plan_of

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Form = Dialect
"""A row of the table of formats."""

FORMS: Final = DIALECTS
"""Every format, the default first."""

FOR_TRAINING: Final = EXTRAS
"""The forms for training, by their names in `Extras`."""

Way = Literal["", "event", "time", "side", "issuer", "dyad"]
WAYS: Final[tuple[Way, ...]] = ("", "event", "time", "side", "issuer", "dyad")
"""How a dataset can be split; the empty one leaves it whole."""

Far = Callable[[int, int], None]
"""Called with how much is done, of how much."""
Stop = Callable[[], bool]
"""Tells whether the work is to be given up."""


class Stopped(Exception):  # noqa: N818 - reads as what it says at the place of raising
    """The work was given up as it was asked to; nothing of it is left."""


@dataclass(frozen=True)
class Choice:
    """What is to be exported, how, and where to.

    `held` is the side, issuer or dyad whose readouts are the test, `name` the folder's among the
    exports: empty for that of the codebook and the format, or where `output` is the folder. `force`
    replaces what is there.
    """

    form: str = FORMS[0].name
    selection: Selection = field(default_factory=Selection)
    way: Way = ""
    held: str = ""
    validation: float = 0.1
    test: float = 0.1
    seed: int | None = None
    extras: Extras = field(default_factory=Extras)
    strict: bool = False
    name: str = ""
    output: str = ""
    force: bool = False

    @property
    def dialect(self) -> Form:
        """The format."""
        return dialect(self.form)

    @property
    def holds(self) -> bool:
        """Whether the split holds the readouts of somebody back, and nothing else."""
        return self.way in HOLDING

    def plan(self) -> Plan | None:
        """Return how to split; raises InputError where what was chosen is no way to."""
        if not self.way:
            return None
        test = _PLAIN.test if self.holds else self.test
        seed = None if self.way == "time" else self.seed
        return plan_of(self._split, validation=self.validation, test=test, seed=seed)

    @property
    def _split(self) -> str:
        return f"{self.way}={self.held}" if self.holds else self.way

    def arguments(self, folder: Path | None = None) -> list[str]:
        """Return the call that exports the same, with what differs from the defaults.

        `folder` is that of the project, where the call is made outside of it. Raises InputError as
        `plan` does.
        """
        chosen, plan = self.selection, self.plan()
        said = ["annotator", "export", *([self.name] if self.name else [])]
        said += _option("--output", self.output, _PLAIN.output)
        said += _option("--format", self.form, _PLAIN.form)
        for coder in chosen.coders or ():
            said += ["--coder", coder]
        for layer in chosen.layers or ():
            said += ["--layer", layer]
        said += _option("--adjudicated", chosen.adjudicator, None)
        if chosen.states != _PLAIN.selection.states:
            for state in chosen.states:
                said += ["--state", state]
        said += narrowing.options(chosen)
        if plan is not None:
            said += ["--split", self._split]
            said += _option("--validation", plan.validation, _PLAIN.validation)
            said += _option("--test", plan.test, _PLAIN.test)
            said += _option("--seed", plan.seed, None)
        said += [option(one) for one in EXTRAS if getattr(self.extras, one)]
        said += ["--strict"] if self.strict else []
        said += ["--samples"] if chosen.samples else []
        # Without a name, the call replaces an older export of itself.
        said += ["--force"] if self.force and (self.name or self.output) else []
        return said + (["--project", str(folder)] if folder else [])

    def blocked(self, every: Sequence[str]) -> dict[str, str]:
        """Return why forms for training cannot be had, by name; `every` has the codebook's layers.

        The reasons are half sentences that go on after a colon.
        """
        return blocked(self.selection.layers or every, words=self.dialect.words)

    def target(self, project: Project) -> Path:
        """Return the folder that the dataset becomes; raises InputError for what can be none."""
        return target_of(project, self.name or None, self.elsewhere, self.form)

    @property
    def elsewhere(self) -> Path | None:
        """The folder that was named by its path, if any."""
        return Path(self.output) if self.output else None

    def command(self, folder: Path | None = None) -> str:
        """Return the call as a line for a shell; raises InputError as `plan` does."""
        return shlex.join(self.arguments(folder))


_PLAIN: Final = Choice()

ELSEWHERE: Final = "Give another name, or a path with a slash for a folder elsewhere."
"""What helps where a folder cannot be had, for whoever types it into a line."""


def _option(name: str, value: object, default: object) -> list[str]:
    return [] if value == default else [name, str(value)]


def folder_to_name(project: Project) -> Path | None:
    """Return the project's folder where a call made in the current one would not find it."""
    try:
        near = find_root(None)
    except AnnotatorError:
        return project.root
    return None if near.resolve() == project.root.resolve() else project.root


@dataclass(frozen=True)
class People:
    """The coders of a project: its `own`, and those of the `samples` that came with the program."""

    own: tuple[str, ...]
    samples: tuple[str, ...]

    @classmethod
    def of(cls, project: Project) -> People:
        """Read who has coded anything; raises StorageError."""
        own = tuple(project.store().coders())
        return cls(own, tuple(one for one in project.samples().coders() if one not in own))

    def taken(self, selection: Selection) -> frozenset[str]:
        """Return those whose work a selection takes."""
        own = self.own if selection.coders is None else selection.coders
        return frozenset((*own, *(self.samples if selection.samples else ())))

    def turned(self, selection: Selection, coder: str) -> Selection:
        """Return the selection with a coder in it, or not any more.

        Raises InputError where nobody would be left.
        """
        now = self.taken(selection) ^ {coder}
        if not now and self.own:
            raise InputError("One coder stays: without any there is nothing to export.")
        return self._taking(selection, now)

    def still(self, selection: Selection) -> Selection:
        """Return a selection that was made before without the coders who are gone."""
        every = frozenset((*self.own, *self.samples))
        return self._taking(selection, (self.taken(selection) & every) or frozenset(self.own))

    def _taking(self, selection: Selection, now: frozenset[str]) -> Selection:
        own, every = frozenset(self.own), frozenset((*self.own, *self.samples))
        if now in (own, every):
            return _kept(replace(selection, coders=None, samples=now != own), now)
        return _kept(replace(selection, coders=tuple(sorted(now)), samples=False), now)

    def adjudicated(self, selection: Selection, by: int) -> Selection:
        """Return the selection with the next coder, or none, as adjudicator; -1 goes back."""
        every = [None, *sorted(self.taken(selection))]
        place = every.index(selection.adjudicator) + by
        return replace(selection, adjudicator=every[place % len(every)])


def _kept(selection: Selection, taken: Collection[str]) -> Selection:
    """Return the selection without an adjudicator who is not taken."""
    left = selection.adjudicator is not None and selection.adjudicator not in taken
    return replace(selection, adjudicator=None) if left else selection


def with_layer(selection: Selection, layer: str, every: Sequence[str]) -> Selection:
    """Return the selection with a layer in it, or not any more; `every` has those of the codebook.

    Raises InputError where none would be left.
    """
    now = {*(selection.layers or every)} ^ {layer}
    if not now:
        raise InputError("One layer stays: without any there are no marks to export.")
    return _of_layers(selection, now, every)


def _of_layers(selection: Selection, now: Collection[str], every: Sequence[str]) -> Selection:
    layers = tuple(one for one in every if one in now)
    return replace(selection, layers=None if len(layers) in (0, len(every)) else layers)


def with_state(selection: Selection, state: str) -> Selection:
    """Return the selection with a state in it, or not any more.

    Raises InputError where none would be left.
    """
    now = {*selection.states} ^ {state}
    if not now:
        raise InputError("One state stays: without any there are no sentences to export.")
    return replace(selection, states=tuple(one for one in STATES if one in now))


def with_extra(extras: Extras, extra: str) -> Extras:
    """Return the forms for training with one in them, or not any more."""
    return replace(extras, **{extra: not getattr(extras, extra)})


def still(choice: Choice, people: People, layers: Sequence[str]) -> Choice:
    """Return a choice that was made before, without the coders and layers that are gone.

    `layers` has those of the codebook. That an older export may go was said of that time only.
    """
    selection = people.still(choice.selection)
    selection = _of_layers(selection, selection.layers or layers, layers)
    return replace(choice, selection=selection, force=False)


def form_beginning(typed: str) -> str:
    """Return the first format whose name begins with what was typed; raises InputError."""
    wanted = typed.casefold()
    found = [form.name for form in FORMS if form.name.startswith(wanted)]
    if not found:
        raise InputError(f"No format begins with “{printable(typed)}”.")
    return found[0]


@dataclass(frozen=True)
class Older:
    """An export that stands where another one goes.

    `edited` is its card where somebody changed that by hand, else empty, and `kept` the folder that
    would keep it. Of the other files nothing is known, as to read them may take long.
    """

    edited: str = ""
    kept: str = ""


def older(project: Project, choice: Choice) -> Older | None:
    """Return what stands where an export goes, None for nothing.

    Raises InputError where something stands there that no export wrote, or the name can be none.
    """
    target = choice.target(project)
    try:
        require_replaceable(target, replace=True)
    except InputError as error:
        raise InputError(error.message, ELSEWHERE) from error
    try:
        require_replaceable(target, replace=False)
    except InputError:
        by_hand = edited(target, only=(CARD,))
        return Older(CARD, place_of_edited(target).name) if by_hand else Older()
    return None


def check(project: Project, choice: Choice, far: Far, stop: Stop) -> ExportReport:
    """Export into a folder that is deleted at once, and say what that came to.

    What the format cannot hold is counted, also if `strict`. Raises as `write` does.
    """
    plan = choice.plan()
    if plan is not None:
        plan = as_before(plan, choice.target(project), project)
    with TemporaryDirectory(prefix="annotator-") as folder:
        return export(
            project,
            choice.selection,
            output=Path(folder) / "dataset",
            format_name=choice.form,
            plan=plan,
            extras=choice.extras,
            trial=True,
            progress=_watched(plan, far, stop),
        )


def write(project: Project, choice: Choice, far: Far, stop: Stop) -> ExportReport:
    """Export as it was chosen; an older export of the same name stays unless `force` is chosen.

    Raises what `export` raises, and Stopped once `stop` says so, with nothing left behind.
    """
    plan = choice.plan()
    return export(
        project,
        choice.selection,
        name=None if choice.output else choice.name or default_name(project, choice.form),
        output=choice.elsewhere,
        format_name=choice.form,
        force=choice.force,
        strict=choice.strict,
        plan=plan,
        extras=choice.extras,
        progress=_watched(plan, far, stop),
    )


def _watched(plan: Plan | None, far: Far, stop: Stop) -> Progress:
    """Tell how far both readings are where a split needs two, and stop between readouts."""
    done, readings = 0, 2 if plan else 1

    def progress(_: int, of: int, name: str) -> None:
        nonlocal done
        if stop():
            raise Stopped
        done += 1
        far(done, of * readings)

    return progress
