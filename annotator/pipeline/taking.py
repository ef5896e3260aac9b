"""Taking other people's work in: what a file tells of readouts that the project has.

Everything is looked at before anything is written, and each readout gets one edit, which its coder
can undo. What is there already is not made twice: a mark has an id that comes from what it says and
where, and is known by that later, whatever became of its sentence, its place or its label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import InputError, PassedOver
from annotator.files import printable
from annotator.formats.dialect import Dialect
from annotator.formats.guessing import of_the_form
from annotator.formats.reconciling import Changed
from annotator.formats.revalued import fitted
from annotator.formats.told import Relation, Tag, Told
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding, Edit
from annotator.model.readout import Readout
from annotator.model.record import MarkRecord
from annotator.pipeline import bulk, homes
from annotator.pipeline.asked import unlabelled
from annotator.pipeline.bringing import edit
from annotator.pipeline.earlier import Earlier
from annotator.pipeline.placing import Texts
from annotator.pipeline.taken import Taken
from annotator.pipeline.taker import Taker

if TYPE_CHECKING:
    from annotator.pipeline.project import Project
    from annotator.store import Snapshot


_Asked = tuple[str, int | None, int, str | None]
"""Which words of a readout somebody was asked about: where they begin, how many, and who."""


@dataclass
class Reading:
    """What a file tells, by the readout of the project that each text is of.

    `offered` are labels that somebody was asked about. `shifted` has the places of texts with spans
    that look as if they counted code points, and how many, `unlike` those of two answers of one
    coder that differ, for each text of which there are such.

    `problems` say in one sentence each what could not be understood, with its place, `passed` what
    was passed over, as it holds no label. `predicted`
    counts the labels that a program proposes, where only what somebody said was asked for. `coders`
    counts the texts by whose work on them there is, `undecided` those that somebody put aside,
    `unlabelled` those that somebody looked at and gave no label, `unsettled` those of which an
    answer was refused that tells of no right one, `spoilt` those of which something that was said
    could not be read. Of our own rows, `gone` names the marks that another program took away,
    `without` the values of slots, `moved` counts moved words, and `valued` other or more values.
    """

    told: dict[str, list[Told]] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    offered: set[Tag] = field(default_factory=set)
    shifted: Counter[str] = field(default_factory=Counter)
    unlike: dict[_Asked, tuple[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    predicted: int = 0
    coders: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    unlabelled: int = 0
    unsettled: int = 0
    spoilt: int = 0
    gone: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    moved: int = 0
    valued: int = 0

    def note_changes(self, told: Told) -> None:
        """Note what was changed of our own rows since they were laid into the file."""
        for place, row in told.placed_rows():
            if isinstance(row, Changed):
                shown = f"{place}: sentence {row.sentence}, "
                self.gone += [f"{shown}{_named(mark)}" for mark in row.gone]
                self.without += [f"{shown}{slot} of {_named(mark)}" for mark, slot in row.without]
                self.moved += row.moved
                self.valued += len(row.valued)

    def apart(self) -> list[Reading]:
        """Return the work of each coder by itself: each is taken in by a call of its own."""
        names = sorted({one.coder or "" for every in self.told.values() for one in every})
        if len([name for name in names if name]) < 2:
            return [self]
        return [replace(self, told=self._of(name)) for name in names]

    def _of(self, coder: str) -> dict[str, list[Told]]:
        own = {
            readout: [one for one in every if (one.coder or "") == coder]
            for readout, every in self.told.items()
        }
        return {readout: every for readout, every in own.items() if every}


def _named(mark: MarkRecord) -> str:
    return printable(f"{mark.layer} {mark.label} ({mark.id})")


def read(
    project: Project,
    dialect: Dialect,
    path: Path,
    coder: str | None = None,
    *,
    predictions: bool = False,
) -> Reading:
    """Read a file and find the readout of each of its texts.

    Where the file tells of several coders, `coder` chooses one of them. What a program proposes is
    nobody's mark, and is left out without `predictions`. Raises InputError where the file as a
    whole is none or knows no such coder, StorageError where it is refused.
    """
    found, texts, known, is_told = Reading(), Texts(project), set[str](), False
    answers: dict[_Asked, Told] = {}
    for item in of_the_form(dialect, path):
        if isinstance(item, InputError):
            kind = found.passed if isinstance(item, PassedOver) else found.problems
            kind.append(str(item))
            continue
        is_told = True
        if item.coder is not None:
            known.add(item.coder)
        if item.coder is not None and not item.predicted:
            found.coders[item.coder] += len(item.rows) or int(item.document is None)
        if item.undecided:
            found.undecided += 1
        elif item.predicted and not predictions:
            found.predicted += len(item.tags)
        elif coder is None or item.coder is None or item.coder == coder:
            placed = texts.placed(item)
            if isinstance(placed, InputError):
                found.problems.append(str(placed))
            else:
                readout, one = placed
                one, unfit = fitted(one, project.codebook)
                found.problems += unfit
                found.unlabelled += unlabelled(one)
                found.unsettled += one.unsettled
                found.spoilt += one.spoilt
                if one.shifted:
                    found.shifted[one.place] += one.shifted
                _compare(readout, one, answers, found)
                found.told.setdefault(readout, []).append(one)
                found.tags.extend(one.tags)
                found.note_changes(one)
                found.relations.extend(one.relations)
                found.offered.update(one.offered)
    if coder is not None and coder not in known and (known or is_told):
        raise _of_nobody(path, coder, known)
    return found


def _compare(readout: str, one: Told, answers: dict[_Asked, Told], found: Reading) -> None:
    """Note where somebody answers again, and not alike, what they are known to have answered."""
    is_answer = bool(one.tags) or one.looked
    if not is_answer or one.rows or one.document or one.predicted or one.single:
        return
    asked = (readout, one.start, len(one.text), one.coder)
    before = answers.setdefault(asked, one)
    if set(before.tags) != set(one.tags):
        found.unlike.setdefault(asked, (before.place, one.place))


def _of_nobody(path: Path, coder: str, known: Collection[str]) -> InputError:
    """Return what says that a file has no work of a coder, and of whom it has some."""
    there = ", ".join(map(printable, sorted(known)))
    return InputError(
        f"{printable(str(path))} has no work of {printable(coder)}.",
        f"It has that of {there}." if there else "It names nobody: leave --from out.",
    )


def preview(project: Project, reading: Reading, taker: Taker) -> dict[str, Taken]:
    """Return what each readout would get from its coding as it is now; nothing is written."""
    found = {}
    for readout_id, told in sorted(reading.told.items()):
        readout = project.readout(readout_id)
        snapshot = project.store().read(taker.coder, readout_id)
        coding = _coding(project, taker, readout, snapshot)
        found[readout_id] = edit(readout, coding, told, _remembering(taker, snapshot))
    return found


def renamed(plan: Iterable[Taken], book: Codebook) -> Counter[tuple[str, str, str, str]]:
    """Count the marks that are taken in with the label that a former one is now.

    By the layer, the former label, that of now, and whether it was `renamed` or `merged`.
    """
    found: Counter[tuple[str, str, str, str]] = Counter()
    for (layer, old, now), count in (one for part in plan for one in part.former.items()):
        found[layer, old, now, homes.became(book, layer, old)] += count
    return found


def _coding(project: Project, taker: Taker, readout: Readout, snapshot: Snapshot | None) -> Coding:
    if snapshot is not None:
        return snapshot.coding
    return project.first_edit(readout, taker.at).apply(Coding())


def _remembering(taker: Taker, snapshot: Snapshot | None) -> Taker:
    """Return a taker who knows what they did before; the history is read when asked."""
    return replace(taker, earlier=Earlier(snapshot.history if snapshot else ()))


def take(
    project: Project, reading: Reading, taker: Taker, readouts: Sequence[str]
) -> Iterator[bulk.Outcome]:
    """Write the edits of readouts, one after the other, and tell what became of each."""
    makers = {}
    for readout_id in readouts:
        readout, told = project.readout(readout_id), reading.told[readout_id]
        makers[readout_id] = _maker(project, readout, told, taker)
    return bulk.apply(project, taker.coder, makers, taker.at)


def _maker(project: Project, readout: Readout, told: Sequence[Told], taker: Taker) -> bulk.Maker:
    def make(coding: Coding) -> Edit | None:
        snapshot = project.store().read(taker.coder, readout.id)
        return edit(readout, coding, told, _remembering(taker, snapshot)).edit

    return make
