"""Changing the codebook: what a change would do to file and marks, and doing just that.

The file is written first. From then on, marks with an id that a label had before are understood, so
that nothing depends on all of them being changed at once: a coder's own are changed with it, those
of others when they open their readouts. Nobody writes another coder's files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from annotator.errors import AnnotatorError, Conflict, Contradiction, InputError
from annotator.files import printable, read_bytes, refusals, write_atomic
from annotator.formats.codebook import rewritten
from annotator.model.codebook import Codebook, Revision
from annotator.model.edit import RENEWAL, Change, Edit
from annotator.model.mark import Mark
from annotator.model.renewal import asks, labels_of, renewed, why
from annotator.model.revision import reviewing
from annotator.pipeline.labelkeys import with_keys
from annotator.pipeline.macros import voided
from annotator.pipeline.project import Project
from annotator.store.stamps import SUFFIX
from annotator.tomlfile import explain, parse_toml

if TYPE_CHECKING:
    from annotator.store import Snapshot

Make = Callable[[Codebook], Codebook]
"""A change of `model.revision`; it sees the codebook as its file has it."""
"""What the history says of the act that gives marks their new labels."""


@dataclass(frozen=True)
class Touched:
    """How many marks of a coder in a readout a change touches; `problem` says why nobody knows.

    `rejections` are those among them that fall away with a label that is merged, `opposed` those
    that are given where the label that they become was rejected.
    """

    coder: str
    readout: str
    marks: int = 0
    problem: str = ""
    rejections: int = 0
    opposed: int = 0


@dataclass(frozen=True)
class Plan:
    """A change of the codebook: its file before and after, and the marks that it touches.

    `macros` are those that cannot be played after it.
    """

    before: Codebook
    after: Codebook
    raw: bytes
    written: bytes
    touched: tuple[Touched, ...] = ()
    macros: tuple[str, ...] = ()

    @property
    def revision(self) -> Revision:
        """The change."""
        return self.after.changes[-1]

    @property
    def marks(self) -> int:
        """How many marks are touched."""
        return sum(one.marks for one in self.touched)

    @property
    def rejections(self) -> int:
        """How many of them are rejections that fall away."""
        return sum(one.rejections for one in self.touched)

    @property
    def opposed(self) -> int:
        """How many of them are given where the label that they become was rejected."""
        return sum(one.opposed for one in self.touched)

    def looked_at(self, *, again: bool) -> Plan:
        """Return the same change, after which older marks are looked at again, or are not."""
        after = reviewing(self.after, review=again)
        written = rewritten(self.raw, after, name="the codebook")
        return replace(self, after=after, written=written)


@dataclass(frozen=True)
class Done:
    """What was done: how many readouts' marks were changed, and which were left, and why."""

    readouts: int
    left: tuple[Touched, ...]


Advance = Callable[[int, int], None]
"""Called with how many readouts are done, and of how many."""


def quietly(done: int, of: int) -> None:
    """Tell nobody."""


def never() -> bool:
    """Go on."""
    return False


def as_written(project: Project) -> Codebook:
    """Return the codebook as its file has it, without the keys that the settings give."""
    path = project.codebook_file
    return parse_toml(read_bytes(path), Codebook, name=project.paths.shown(path))


def plan(project: Project, make: Make, *, stopped: Callable[[], bool] = never) -> Plan:
    """Return what a change would do; nothing is written.

    Raises InputError where the codebook would contradict itself, or cannot be changed in place.
    """
    path = project.codebook_file
    shown = project.paths.shown(path)
    raw = read_bytes(path)
    before = parse_toml(raw, Codebook, name=shown)
    try:
        after = make(before)
    except ValidationError as error:
        trouble = explain(error, Codebook)
        raise Contradiction(
            f"The codebook cannot be changed so: {trouble}",
            trouble.remedy,
            field=next((step for step in reversed(trouble.path) if isinstance(step, str)), ""),
        ) from error
    with_keys(after, _kept(project, after))
    written = rewritten(raw, after, name=shown)
    change = after.changes[-1]
    touched: list[Touched] = []
    if change.kind != "add":
        touched += _touched(project, before, change, stopped)
    return Plan(before, after, raw, written, tuple(touched), voided(project, before, after))


def _kept(project: Project, after: Codebook) -> dict[str, str]:
    """Return the keys that the settings give to labels; raises InputError for those that are gone.

    The codebook could be read no more with a wish for a label that it does not have.
    """
    wishes = project.settings.labels
    names = {f"{layer.id}.{label.id}" for layer in after.layers for label in layer.in_use}
    for name in wishes:
        if name not in names:
            raise InputError(
                f"annotator.toml, labels: {printable(name)} has a key of its own there.",
                "Take that line out first, or change the name in it.",
            )
    return wishes


def _touched(
    project: Project, book: Codebook, change: Revision, stopped: Callable[[], bool]
) -> Iterator[Touched]:
    layer = book.layer(change.layer)
    label = layer.label(change.label) if layer else None
    if layer is None or label is None:
        return
    ids = (label.id, *label.was)
    for coder in project.store().coders():
        for readout, snapshot in bearing(project, coder, ids, stopped):
            if isinstance(snapshot, str):
                yield Touched(coder, readout, problem=snapshot)
                continue
            found = Touched(coder, readout)
            for _, sentence in snapshot.coding.sentences():
                marks = sentence.marks
                borne = [m for m in marks if (change.layer, label.id) in labels_of(book, m)]
                found = replace(found, marks=found.marks + len(borne))
                if change.kind == "merge" and borne:
                    own = [m for m in marks if m.layer == change.layer]
                    refused = {layer.current(m.label) for m in own if m.rejected}
                    given = [layer.current(m.label) for m in own if not m.rejected]
                    opposed = given.count(label.id) if change.into[0] in refused else 0
                    found = replace(
                        found,
                        rejections=found.rejections + sum(m.rejected for m in borne),
                        opposed=found.opposed + opposed,
                    )
            if found.marks:
                yield found


def bearing(
    project: Project,
    coder: str,
    ids: Sequence[str],
    stopped: Callable[[], bool] = never,
    *,
    most: int | None = None,
) -> Iterator[tuple[str, Snapshot | str]]:
    """Yield the codings of a coder that name a label anywhere, or why they cannot be read.

    Most journals are passed over by a look at their bytes; `most` limits how many are looked at.
    """
    store, wanted = project.store(), [f'"{one}"'.encode() for one in ids]
    for readout in store.coded(coder)[:most]:
        if stopped():
            return
        try:
            raw = read_bytes(project.paths.tags / coder / f"{readout}{SUFFIX}")
            # A reverse solidus may hide a letter in a file that another program wrote.
            if any(one in raw for one in wanted) or b"\\u00" in raw:
                snapshot = store.read(coder, readout)
                if snapshot is not None:
                    yield readout, snapshot
        except AnnotatorError as error:
            yield readout, str(error)


def carry_out(
    project: Project, made: Plan, coder: str, at: str, progress: Advance = quietly
) -> Done:
    """Write the codebook as it was planned, and then give the coder's marks their new labels.

    Raises Conflict where the file was changed meanwhile, StorageError where it cannot be written;
    nothing is changed then. Readouts that cannot be written are left, and named.
    """
    path = project.codebook_file
    if read_bytes(path) != made.raw:
        raise Conflict(
            f"{printable(project.paths.shown(path))} was changed meanwhile.",
            "Nothing was written; look again at what would be.",
        )
    target = project.paths.codebook
    if not os.path.lexists(target):  # The one that came with the program becomes the project's own.
        with refusals(target.parent, "written"):
            target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, made.written)
    project.forget_codebook()
    readouts = [one.readout for one in made.touched if one.coder == coder]
    return renew(project, coder, readouts, at, progress)


def renew(
    project: Project, coder: str, readouts: Sequence[str], at: str, progress: Advance = quietly
) -> Done:
    """Give the marks of readouts the labels that the codebook has now, one act for each."""
    count, left = 0, []
    for number, readout in enumerate(readouts):
        progress(number, len(readouts))
        try:
            count += _renew(project, coder, readout, at)
        except AnnotatorError as error:
            left.append(Touched(coder, readout, problem=str(error)))
    return Done(count, tuple(left))


def _renew(project: Project, coder: str, readout: str, at: str) -> bool:
    book = project.codebook
    snapshot = project.store().read(coder, readout)
    if snapshot is None or not renewed(book, snapshot.coding):
        return False
    journal = project.reopened(coder, readout)
    try:
        coding = journal.coding
        changes = tuple(
            Change(key=key, before=coding.docs[key], after=sentence)
            for key, sentence in renewed(book, coding).items()
        )
        if changes:
            journal.put(Edit(act="edit", at=at, what=RENEWAL, changes=changes))
    finally:
        journal.close()
    return bool(changes)


@dataclass(frozen=True)
class Look:
    """A sentence with marks to be looked at again: a code point of the readout, and why."""

    readout: str
    start: int
    why: str


def review(project: Project, coder: str, *, stopped: Callable[[], bool] = never) -> Iterator[Look]:
    """Yield the sentences of a coder that hold marks older than a change that touches them.

    What cannot be read is passed over.
    """
    book = project.codebook
    ids = [one for change in book.changes if change.review for one in _ids(book, change)]
    if not ids:
        return
    for readout, snapshot in bearing(project, coder, ids, stopped):
        if isinstance(snapshot, str):
            continue
        for _, sentence in snapshot.coding.sentences():
            reasons = dict.fromkeys(_reasons(book, sentence.marks))
            if reasons:
                yield Look(readout, sentence.start, "; ".join(reasons))


def _reasons(book: Codebook, marks: Sequence[Mark]) -> Iterator[str]:
    for mark in marks:
        change = asks(book, mark)
        if change is not None:
            yield why(change)


def _ids(book: Codebook, change: Revision) -> Iterator[str]:
    """Yield every id that a mark of a changed label may bear."""
    layer = book.layer(change.layer)
    if layer is not None:
        now = layer.current(change.label)
        for label in layer.labels:
            yield from (old for old in (label.id, *label.was) if layer.current(old) == now)
