"""The register: everybody who is in a cast of the project, renamed and merged across readouts.

Entities of one id and type in different readouts are one entity; a collective is one by its members
as well. What the register changes it changes in
every coding of one coder, by an edit that `u` takes back there, and in the metadata files, which
are written whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from annotator import files
from annotator.errors import AnnotatorError, Busy, MarkError
from annotator.formats.castfile import with_people
from annotator.model import casting
from annotator.model.bulk import of_register
from annotator.model.edit import CAST, Change, Coding, Document, Edit, Timeline
from annotator.model.entity import Cast
from annotator.model.readout import Metadata
from annotator.pipeline.project import Project
from annotator.pipeline.roll import LeftOut, Register, Roll, Who
from annotator.store.base import Snapshot

Advance = Callable[[int, int], None]
"""Called with how many readouts are read, of how many."""
Known = Callable[[str], Metadata | None]
"""Returns the metadata of a readout as they are, None where only the file can tell."""


def quiet(done: int, of: int) -> None:
    """Tell nobody how far it is."""


def unknown(readout: str) -> Metadata | None:
    """Know of no metadata, so that each file is read."""
    return None


def register(
    project: Project,
    coder: str,
    progress: Advance = quiet,
    stopped: Callable[[], bool] = lambda: False,
    known: Known = unknown,
) -> Register:
    """Read everybody out of the metadata of all readouts, and out of one coder's codings."""
    roll = Roll()
    unread: list[tuple[str, str]] = []
    for readout, metadata, snapshot, why in each_readout(project, coder, progress, known):
        if stopped():
            break
        if why:
            unread.append((readout, why))
        if metadata is not None:
            roll.take(readout, metadata.entities)
        if snapshot is not None:
            roll.take(readout, snapshot.coding.cast.entities, casting.uses(snapshot.coding))
    return Register(roll.entries(), tuple(unread))


def each_readout(
    project: Project,
    coder: str,
    progress: Advance = quiet,
    known: Known = unknown,
    but: Container[str] = (),
) -> Iterator[tuple[str, Metadata | None, Snapshot | None, str]]:
    """Yield each readout, but for some, with what is known of it and what is wrong with that."""
    store, ids = project.store(), [one for one in project.readout_ids() if one not in but]
    coded = set(store.coded(coder))
    for done, readout in enumerate(ids, 1):
        metadata, snapshot, why = None, None, ""
        try:
            metadata = known(readout) or project.metadata(readout)
            snapshot = store.read(coder, readout) if readout in coded else None
        except AnnotatorError as error:
            why = str(error)
        yield readout, metadata, snapshot, why
        progress(done, len(ids))


class Turn(Protocol):
    """A change of the register, as it is made to one readout."""

    @property
    def what(self) -> str:
        """Say it in a few words."""

    @property
    def who(self) -> Who:
        """Whom it is about."""

    @property
    def ids(self) -> casting.Names:
        """Which entity id is to stand in the place of which."""

    def of_coding(self, coding: Coding) -> dict[int, Document | None]:
        """Return the documents of a coding that change; raises MarkError."""

    def of_metadata(self, metadata: Metadata) -> Metadata:
        """Return metadata after the change; raises MarkError."""


@dataclass(frozen=True)
class Rename:
    """Somebody is called `name`: where they are called `was`, or `everywhere`."""

    who: Who
    was: str
    name: str
    everywhere: bool = False

    @property
    def what(self) -> str:
        """Say it in a few words."""
        return f"rename {self.was} to {self.name}"

    @property
    def ids(self) -> casting.Names:
        """No id changes."""
        return {}

    def of_cast(self, cast: Cast) -> Cast:
        """Return a cast after it."""
        entity = cast.get(self.who.id)
        if entity is None or Who.of(entity) != self.who:
            return cast
        if not (self.everywhere or entity.name == self.was):
            return cast
        return cast.with_entity(casting.renamed(entity, self.name))

    def of_coding(self, coding: Coding) -> dict[int, Document | None]:
        """Return the cast, where it changes."""
        cast = self.of_cast(coding.cast)
        return {} if cast == coding.cast else {CAST: cast}

    def of_metadata(self, metadata: Metadata) -> Metadata:
        """Return metadata after it."""
        cast = self.of_cast(Cast(entities=metadata.entities))
        return metadata.model_copy(update={"entities": cast.entities})


@dataclass(frozen=True)
class Merge:
    """One entity of two: who was `who` is `stays` from now on.

    A readout in which another one has the id of `who` does not change. Where another one has the
    id of the one that stays, MarkError is raised, as nobody may become somebody else.
    """

    who: Who
    stays: Who
    what: str

    @property
    def ids(self) -> casting.Names:
        """The one id that changes."""
        return {self.who.id: self.stays.id}

    def of_coding(self, coding: Coding) -> dict[int, Document | None]:
        """Return the cast and the sentences that change."""
        if self.who.other_in(coding.cast):
            return {}
        changed = casting.renaming(
            Coding({**coding.docs, CAST: self._retyped(coding.cast)}), self.ids
        )
        if changed:
            self._require_free(coding.cast)
        return changed

    def of_metadata(self, metadata: Metadata) -> Metadata:
        """Return metadata after it: who takes part, who began, who tells, and everybody."""
        cast = Cast(entities=metadata.entities)
        if self.who.other_in(cast):
            return metadata
        event = metadata.event
        initiator = event.initiator and self.ids.get(event.initiator, event.initiator)
        participants = casting.swapped(event.participants, self.ids)
        after = metadata.model_copy(
            update={
                "entities": casting.with_names(self._retyped(cast), self.ids).entities,
                "source_chain": casting.swapped(metadata.source_chain, self.ids),
                "event": event.model_copy(
                    update={"participants": participants, "initiator": initiator}
                ),
            }
        )
        if after != metadata:
            self._require_free(cast)
        return after

    def _retyped(self, cast: Cast) -> Cast:
        """Give whoever takes the place of the one that stays the type of that one."""
        entity = cast.get(self.who.id)
        if entity is None or entity.type == self.stays.type or cast.get(self.stays.id):
            return cast
        return cast.with_entity(entity.model_copy(update={"type": self.stays.type}))

    def _require_free(self, cast: Cast) -> None:
        other = self.stays.other_in(cast)
        if other:
            raise MarkError(f"the id {other.id} is that of {other.name} ({other.type}) there.")


@dataclass(frozen=True)
class Touched:
    """A readout that changes: in how many marks, and whether in coding and metadata."""

    readout: str
    marks: int
    coding: bool
    metadata: bool


@dataclass(frozen=True)
class Plan:
    """What a change would do; `otherwise` are readouts in which the entity has another name."""

    turn: Turn
    touched: tuple[Touched, ...] = ()
    otherwise: tuple[tuple[str, str], ...] = ()
    left_out: LeftOut = ()

    @property
    def marks(self) -> int:
        """How many marks name whom it is about."""
        return sum(one.marks for one in self.touched)


def plan(
    project: Project,
    coder: str,
    turn: Turn,
    progress: Advance = quiet,
    known: Known = unknown,
) -> Plan:
    """Find out what a change would do, and change nothing."""
    touched, otherwise, left_out = [], [], []
    for readout, metadata, snapshot, why in each_readout(project, coder, progress, known):
        if why:
            left_out.append((readout, why))
            continue
        try:
            one = _touched(turn, readout, metadata or Metadata(), snapshot)
        except MarkError as error:
            left_out.append((readout, str(error)))
            continue
        if one.coding or one.metadata:
            touched.append(one)
        elif isinstance(turn, Rename):
            cast = (
                snapshot.coding.cast
                if snapshot
                else Cast(entities=(metadata or Metadata()).entities)
            )
            entity = cast.get(turn.who.id)
            if entity and entity.name != turn.name and not turn.who.other_in(cast):
                otherwise.append((readout, entity.name))
    return Plan(turn, tuple(touched), tuple(otherwise), tuple(left_out))


def _touched(turn: Turn, readout: str, metadata: Metadata, snapshot: Snapshot | None) -> Touched:
    changed = turn.of_coding(snapshot.coding) if snapshot else {}
    marks = casting.uses(snapshot.coding)[turn.who.id] if snapshot and changed else 0
    return Touched(readout, marks, bool(changed), turn.of_metadata(metadata) != metadata)


@dataclass(frozen=True)
class Written:
    """A metadata file that was written, with its bytes before and after."""

    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True)
class Done:
    """What a change did: the codings and files that it changed, and what it had to leave out."""

    turn: Turn
    codings: tuple[tuple[str, str], ...] = ()
    metadata: tuple[Written, ...] = ()
    left_out: LeftOut = ()


def carry_out(
    project: Project,
    coder: str,
    plan: Plan,
    now: Callable[[], str],
    progress: Advance = quiet,
) -> Done:
    """Make a change in every coding and metadata file that it was planned for.

    Each readout is read again before it is changed. One that is open, or cannot be written, is left
    out and named; so is one whose metadata file fails after its coding was changed.
    """
    codings: list[tuple[str, str]] = []
    written: list[Written] = []
    left_out: list[tuple[str, str]] = []
    for done, one in enumerate(plan.touched, 1):
        try:
            if one.coding:
                at = now()
                if _in_coding(project, coder, one.readout, plan.turn, at):
                    codings.append((one.readout, at))
            if one.metadata:
                file = _in_metadata(project, one.readout, plan.turn)
                written += [file] if file else []
        except Busy:
            left_out.append((one.readout, "it is open."))
        except AnnotatorError as error:
            left_out.append((one.readout, str(error)))
        progress(done, len(plan.touched))
    return Done(plan.turn, tuple(codings), tuple(written), tuple(left_out))


def _in_coding(project: Project, coder: str, readout: str, turn: Turn, at: str) -> bool:
    journal = project.reopened(coder, readout)
    try:
        coding = journal.coding
        changes = tuple(
            Change(key=key, before=coding.docs.get(key), after=after)
            for key, after in turn.of_coding(coding).items()
        )
        if changes:
            journal.put(Edit(act="edit", at=at, what=of_register(turn.what), changes=changes))
        return bool(changes)
    finally:
        journal.close()


def _in_metadata(project: Project, readout: str, turn: Turn) -> Written | None:
    path = project.metadata_file(readout)
    raw = files.read_bytes(path)
    before = project.metadata(readout)
    after = turn.of_metadata(before)
    if after == before:
        return None
    made = with_people(raw, after, turn.ids, name=project.paths.shown(path))
    files.write_atomic(path, made)
    return Written(path, raw, made)


def take_back(project: Project, coder: str, done: Done, now: Callable[[], str]) -> Done:
    """Undo a change: in each coding whose last act it is, in each file that is still as written.

    What was changed since is left as it is, and named; what was undone there already stays undone.
    """
    codings: list[tuple[str, str]] = []
    left_out: list[tuple[str, str]] = []
    for readout, at in done.codings:
        try:
            journal = project.reopened(coder, readout)
            try:
                timeline = Timeline.of(journal.history)
                act = (of_register(done.turn.what), at)
                undone = timeline.undo(now())
                if undone is not None and _named(timeline.done) == act:
                    journal.put(undone.upon(journal.coding))
                    codings.append((readout, undone.at))
                elif _named(timeline.undone) != act:
                    left_out.append((readout, "it was coded further; undo it there."))
            finally:
                journal.close()
        except Busy:
            left_out.append((readout, "it is open; undo it there."))
        except AnnotatorError as error:
            left_out.append((readout, str(error)))
    written: list[Written] = []
    for file in done.metadata:
        name = file.path.stem
        try:
            if files.read_bytes(file.path) == file.after:
                files.write_atomic(file.path, file.before)
                written.append(replace(file, before=file.after, after=file.before))
            else:
                left_out.append((name, "its metadata were changed since."))
        except AnnotatorError as error:
            left_out.append((name, str(error)))
    return Done(done.turn, tuple(codings), tuple(written), tuple(left_out))


def _named(edits: Sequence[Edit]) -> tuple[str, str]:
    return (edits[-1].what, edits[-1].at) if edits else ("", "")
