"""Taking other people's work in: what a file tells of readouts that the project has.

Everything is looked at before anything is written, and each readout gets one edit, which its coder
can undo. What is there already is not made twice: a mark has a name that comes from what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError, InputError
from annotator.formats import carried, respaced
from annotator.formats.dialects import Dialect
from annotator.formats.standoff_in import joined
from annotator.formats.told import Relation, Tag, Told
from annotator.model.edit import CAST, Change, Coding, Document, Edit
from annotator.model.entity import Cast
from annotator.model.mark import Mark, Provenance
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.model.text import Role
from annotator.pipeline import bulk, relating
from annotator.pipeline.homes import Home, HomesOf, RelationHome

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


@dataclass
class Reading:
    """What a file tells, by the readout of the project that each text is of.

    `problems` say in one sentence each what could not be understood, with its place. `predicted`
    counts the labels that a program proposes, where only what somebody said was asked for.
    """

    told: dict[str, list[Told]] = field(default_factory=dict)
    tags: list[Tag] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    predicted: int = 0


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
    whole is none, StorageError where it is refused.
    """
    found, texts = Reading(), _Texts(project)
    for item in dialect.read(path):
        if isinstance(item, InputError):
            found.problems.append(str(item))
        elif item.predicted and not predictions:
            found.predicted += len(item.tags)
        elif coder is None or item.coder is None or item.coder == coder:
            placed = texts.placed(item)
            if isinstance(placed, InputError):
                found.problems.append(str(placed))
            else:
                readout, one = placed
                found.told.setdefault(readout, []).append(one)
                found.tags.extend(one.tags)
                found.relations.extend(one.relations)
    return found


class _Texts:
    """The texts of a project, to find the one that a stretch of words is of."""

    def __init__(self, project: Project) -> None:
        self._readouts: dict[str, Readout] = {}
        for readout_id in project.readout_ids():
            try:
                self._readouts[readout_id] = project.readout(readout_id)
            except AnnotatorError:
                continue  # Whatever is wrong with it, nothing can be taken into it.

    def placed(self, told: Told) -> tuple[str, Told] | InputError:
        """Return the readout and what is told with its start in it, or why there is none.

        The readout that is named comes first, then the only one in which the words stand, once.
        """
        named = told.document.readout if told.document else ""
        named = named or (told.rows[0].readout if told.rows else told.name)
        readout = self._readouts.get(named)
        if told.lacks and readout is not None:
            whole = joined(told, readout.text)
            return whole if isinstance(whole, InputError) else (named, whole)
        among = self._readouts.values() if readout is None else (readout,)
        if told.spaced:
            return respaced.placed(told, {one.id: one.text for one in among})
        places = [(one.id, start) for one in among for start in _starts(one.text, told)]
        if len(places) == 1:
            return places[0][0], replace(told, start=places[0][1])
        if places:
            return InputError(
                f"{told.place}: this text stands in the project more than once.",
                "Name its readout, or import it with the words around it.",
            )
        if readout is not None and told.rows:
            return InputError(
                f"{told.place}: the text of the readout {readout.id} is another than was coded.",
                "Put that text back, import, and move the work with “annotator reanchor”.",
            )
        return InputError(
            f"{told.place}: no readout of the project holds this text.",
            "Take it in with “annotator add”.",
        )


def _starts(text: str, told: Told) -> list[int]:
    """Return where a text lies in a readout; of many places, two."""
    if told.start is not None and text.startswith(told.text, told.start):
        return [told.start]
    if told.rows or not told.text:
        return []  # Offsets of rows count in the text that was coded, and in no other.
    first = text.find(told.text)
    second = text.find(told.text, first + 1)
    return [start for start in dict.fromkeys((first, second)) if start >= 0]


def _range(tag: Tag, told: Told) -> tuple[int, int]:
    """Return the words of a tag in code points of the readout."""
    begin = told.start or 0
    end = len(told.text) if tag.end is None else tag.end
    return begin + (tag.start or 0), begin + end


@dataclass(frozen=True)
class Taken:
    """What a readout would get, or why a part of it cannot be taken.

    `wordless` counts the labels of words that are given to the whole sentence.
    """

    edit: Edit | None
    marks: int
    problems: tuple[str, ...]
    wordless: int = 0


def edit(readout: Readout, coding: Coding, told: Iterable[Told], taker: Taker) -> Taken:
    """Return the edit that brings what is told into a coding; it changes nothing itself."""
    work = _Work(readout, coding, taker)
    for one in told:
        if one.document:
            work.take_cast(carried.cast(one.document))
        for row in one.rows:
            work.take_row(row.sentence, carried.sentence(row), one.place)
        for tag in one.tags:
            home = taker.homes.of(tag)
            if home is not None:
                work.take_tag(tag, home, one)
        for relation in one.relations:
            related = taker.homes.of_relation(relation)
            if related is not None:
                work.take_relation(relation, related, one)
    return work.taken()


@dataclass(frozen=True)
class Taker:
    """Who takes work in, when, by which codebook and homes; `decided` says it is done."""

    coder: str
    at: str
    codebook: str
    homes: HomesOf
    decided: bool = False


class _Work:
    def __init__(self, readout: Readout, coding: Coding, taker: Taker) -> None:
        self._readout, self._coding, self._taker = readout, coding, taker
        self._ranges = {(one.start, one.end): key for key, one in coding.sentences()}
        self._after: dict[int, Document | None] = {}
        self._problems: list[str] = []
        self._marks = 0
        self._wordless = 0

    def take_cast(self, cast: Cast) -> None:
        """Take whom the coding does not know yet."""
        known = self._coding.cast
        fresh = tuple(one for one in cast.entities if known.get(one.id) is None)
        known_from_the_text = {one.id for one in self._readout.cast.entities}
        if any(one.id not in known_from_the_text for one in fresh):
            self._after[CAST] = Cast(entities=(*known.entities, *fresh))

    def take_row(self, number: int, wanted: Sentence, place: str) -> None:
        """Take a sentence of our own dataset; its boundaries hold where nobody has coded yet."""
        key = self._ranges.get((wanted.start, wanted.end))
        if key is None:
            key = self._cut_out(number, wanted)
        if key is None:
            self._refuse(place, f"sentence {number} has other boundaries than what is coded")
            return
        known = self._now(key)
        if known.replaced(role=wanted.role) == wanted:
            return
        if known.state != "new" or known.marks:
            fresh = [mark for mark in wanted.marks if known.mark(mark.id) is None]
            if fresh or known.state != wanted.state:
                self._refuse(place, f"sentence {key} is coded already, and otherwise")
            return
        self._after[key] = wanted
        self._marks += len(wanted.marks)

    def _cut_out(self, number: int, wanted: Sentence) -> int | None:
        """Make a sentence of these boundaries out of uncoded ones; None where one is coded."""
        start, end = wanted.start, wanted.end
        touched = [one for one in self._ranges.items() if one[0][0] < end and start < one[0][1]]
        if any(self._now(key).state != "new" or self._now(key).marks for _, key in touched):
            return None
        text, role = self._readout.text, wanted.role
        for (first, last), key in touched:
            del self._ranges[first, last]
            self._after[key] = None
            role = self._coding_role(key, role)
        for first, last in [(first, start) for (first, _), _ in touched] + [
            (end, last) for (_, last), _ in touched
        ]:
            piece = text[first:last]
            if first < last and piece.strip():
                begin = first + len(piece) - len(piece.lstrip())
                self._add(self._free(), begin, begin + len(piece.strip()), role)
        key = number if self._is_free(number) else self._free()
        self._add(key, start, end, wanted.role)
        return key

    def _coding_role(self, key: int, role: Role) -> Role:
        before = self._coding.docs.get(key)
        return before.role if isinstance(before, Sentence) else role

    def _add(self, key: int, start: int, end: int, role: Role) -> None:
        text = self._readout.text[start:end]
        self._after[key] = Sentence(start=start, end=end, role=role, text=text)
        self._ranges[start, end] = key

    def _is_free(self, key: int) -> bool:
        return self._after.get(key) is None and (key in self._after or key not in self._coding.docs)

    def _free(self) -> int:
        return max((*self._coding.docs, *self._after), default=0) + 1

    def take_tag(self, tag: Tag, home: Home, told: Told) -> None:
        """Give a foreign label to the sentence that its words stand in."""
        keys = self._keys(tag, told)
        if len(keys) != 1:
            where = "no sentence" if not keys else f"{len(keys)} sentences"
            self._refuse(told.place, f"“{tag.label}” is given to {where}")
            return
        (key,) = keys
        known = self._now(key)
        self._wordless += not home.slot and self._narrower(tag, told, known)
        mark_id = self._name(tag, home, told, known)
        if known.mark(mark_id) is None:
            mark = self._mark(tag, home, told, known).replaced(id=mark_id)
            self._after[key] = known.changed(
                marks=(*known.marks, mark),
                state="done" if self._taker.decided and known.state == "new" else known.state,
            )
            self._marks += 1

    def take_relation(self, one: Relation, home: RelationHome, told: Told) -> None:
        """Put words into a slot of the mark of ours that the other end belongs to, just taken in.

        What a label of the file becomes has its relations from the beginning.
        """
        owner, _ = relating.ends(one, home)
        if self._taker.homes.of(owner) is not None:
            return
        place = _range(owner, told)
        keys = self._keys(owner, told)
        taken = {carried.sentence(row).start for row in told.rows}
        marks = [
            (key, mark)
            for key in keys
            if self._now(key).start in taken
            for mark in self._now(key).marks
            if place in [(span.start, span.end) for span in mark.spans()]
        ]
        if len(marks) != 1:
            self._refuse(told.place, f"“{one.label}” leads from words of {len(marks)} marks")
            return
        ((key, mark),) = marks
        now = self._now(key)
        fills = self._relating(told).filled(one, home, mark.layer, mark.label, now)
        changed = self._with(mark, [fills], told)
        if changed != mark:
            marks_now = tuple(changed if other.id == mark.id else other for other in now.marks)
            self._after[key] = now.changed(marks=marks_now)

    def _narrower(self, tag: Tag, told: Told, known: Sentence) -> bool:
        """Tell whether a tag marks words in a sentence, and not all of it."""
        (start, end), text = _range(tag, told), self._readout.text
        around = text[known.start : start] + text[end : known.end]
        return tag.start is not None and bool(around.strip())

    def _keys(self, tag: Tag, told: Told) -> list[int]:
        """Return the sentences that the words of a tag stand in."""
        start, end = _range(tag, told)
        return [key for (first, last), key in self._ranges.items() if first < end and start < last]

    def _relating(self, told: Told) -> relating.Relating:
        after = self._after.get(CAST)
        cast = after if isinstance(after, Cast) else self._coding.cast

        def name_of(tag: Tag) -> str | None:
            home, keys = self._taker.homes.of(tag), self._keys(tag, told)
            if home is None or len(keys) != 1 or tag not in told.tags:
                return None
            return self._name(tag, home, told, self._now(keys[0]))

        return relating.Relating(told, self._taker.homes, self._readout.text, cast, name_of)

    def _name(self, tag: Tag, home: Home, told: Told, known: Sentence) -> str:
        """Return the id of the mark that a tag becomes: the same for what says the same."""
        said = (home.layer, home.to, home.slot, known.start, known.end, tag.rejected)
        place = _range(tag, told) if home.slot and tag.start is not None else ()
        whole = (*said, *place, *self._relating(told).places(tag))
        return f"i{blake2b(repr(whole).encode(), digest_size=8).hexdigest()}"

    def _mark(self, tag: Tag, home: Home, told: Told, known: Sentence) -> Mark:
        taker, related = self._taker, self._relating(told)
        mark = Mark(
            id="i",
            layer=home.layer,
            label=home.to,
            start=known.start,
            end=known.end,
            rejected=tag.rejected,
            provenance=Provenance(coder=taker.coder, at=taker.at, codebook=taker.codebook),
        )
        fills = (*related.own(tag, home), *related.fills(tag, home, known))
        return self._with(mark, fills, told)

    def _with(self, mark: Mark, fills: Iterable[relating.Filled | InputError], told: Told) -> Mark:
        """Return a mark with more values in its slots; what has no room is refused."""
        slots = dict(mark.slots)
        for one in fills:
            if isinstance(one, InputError):
                self._refuse(told.place, str(one))
                continue
            there = slots.get(one.slot.id, ())
            if one.value in there:
                continue
            if there and not one.slot.repeatable:
                why = f"the slot “{one.slot.id}” of “{mark.label}” has room for one"
                self._refuse(told.place, why)
                continue
            slots[one.slot.id] = (*there, one.value)
        return mark.replaced(slots=slots)

    def _now(self, key: int) -> Sentence:
        found = self._after.get(key)
        return found if isinstance(found, Sentence) else self._coding.sentence(key)

    def _refuse(self, place: str, why: str) -> None:
        self._problems.append(f"{place}: {why}; it was left out.")

    def taken(self) -> Taken:
        """Return what came of it."""
        before = self._coding.docs
        changes = tuple(
            Change(key=key, before=before.get(key), after=after)
            for key, after in sorted(self._after.items())
            if after != before.get(key)
        )
        act = Edit(act="edit", at=self._taker.at, what="take work in", changes=changes)
        return Taken(act if changes else None, self._marks, tuple(self._problems), self._wordless)


def preview(project: Project, reading: Reading, taker: Taker) -> dict[str, Taken]:
    """Return what each readout would get from its coding as it is now; nothing is written."""
    found = {}
    for readout_id, told in sorted(reading.told.items()):
        readout = project.readout(readout_id)
        found[readout_id] = edit(readout, _coding(project, taker, readout), told, taker)
    return found


def _coding(project: Project, taker: Taker, readout: Readout) -> Coding:
    snapshot = project.store().read(taker.coder, readout.id)
    if snapshot is not None:
        return snapshot.coding
    return project.first_edit(readout, taker.at).apply(Coding())


def take(
    project: Project, reading: Reading, taker: Taker, readouts: Sequence[str]
) -> Iterator[bulk.Outcome]:
    """Write the edits of readouts, one after the other, and tell what became of each."""
    makers = {}
    for readout_id in readouts:
        readout, told = project.readout(readout_id), reading.told[readout_id]
        makers[readout_id] = _maker(readout, told, taker)
    return bulk.apply(project, taker.coder, makers, taker.at)


def _maker(readout: Readout, told: Sequence[Told], taker: Taker) -> bulk.Maker:
    return lambda coding: edit(readout, coding, told, taker).edit
