"""The edit that brings what a file tells of a readout into a coder's work on it.

What is coded is never overwritten: where the file says other than what stands, that is told. No
mark gets in that the codebook does not have, or that the keys would not let stand beside another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

from annotator.errors import InputError
from annotator.formats import carried
from annotator.formats.told import Relation, Tag, Told
from annotator.model.edit import CAST, Change, Coding, Edit
from annotator.model.entity import Cast
from annotator.model.fitting import gives_way
from annotator.model.mark import EntityValue, Mark, Provenance
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.pipeline import asked, bringing_words, passages, relating
from annotator.pipeline.bringing_words import beside, content, differing, outweighs, without
from annotator.pipeline.deciding import Deciding
from annotator.pipeline.gathering import Gathered, Group, Loose, gathered
from annotator.pipeline.homes import RelationHome
from annotator.pipeline.latecomers import Latecomers
from annotator.pipeline.taker import Taker
from annotator.pipeline.units import Units, coded


@dataclass(frozen=True)
class Taken:
    """What a readout would get, or why a part of it cannot be taken.

    `others` are the places of sentences of which the file says other than what stands, `notices`
    what of the cast stays as it is. `on_decided` counts marks on sentences that were decided,
    `people` entries of the cast that are new or changed, `spread` labels of whole texts that have
    several sentences, `wordless` labels of words that are given to the whole sentence, `unmarked`
    sentences that are decided without a mark, `removed` marks that the coder took away before, and
    that stay so, `filled` marks that were there and get something into their slots, `labelled`
    sentences that are decided by labels. `loose` has the marks of words that nothing ties to others
    of the same label, `passages` for each label of words in several sentences, be it left out or
    given to each, how many these are.
    """

    edit: Edit | None
    marks: int
    problems: tuple[str, ...]
    others: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    on_decided: int = 0
    wordless: int = 0
    unmarked: int = 0
    loose: tuple[Loose, ...] = ()
    people: int = 0
    spread: int = 0
    removed: int = 0
    filled: int = 0
    labelled: int = 0
    passages: tuple[int, ...] = ()


def edit(readout: Readout, coding: Coding, told: Sequence[Told], taker: Taker) -> Taken:
    """Return the edit that brings what is told into a coding; it changes nothing itself."""
    work = _done(_Work(readout, coding, taker), told)
    others: tuple[str, ...] = ()
    if work.doubted:
        says = _done(_Work(readout, coding, taker, instead=True), told).units
        others = tuple(
            f"{place}: sentence {key} of {readout.id}"
            for place, key in work.doubted
            if content(says.now(key)) != content(work.units.now(key))
        )
    changes = work.units.changes()
    act = Edit(act="edit", at=taker.at, what=taker.what, changes=changes)
    return Taken(
        act if changes else None,
        work.marks,
        tuple(work.problems),
        others,
        tuple(work.notices),
        work.on_decided,
        work.wordless,
        work.unmarked,
        tuple(work.loose),
        len(set(work.units.cast.entities).difference(coding.cast.entities)),
        work.spread,
        work.removed,
        sum(map(_filled, changes)),
        work.labelled,
        tuple(work.passages),
    )


def _filled(change: Change) -> int:
    """Count the marks of a sentence that stay, and have something else in their slots."""
    before, after = change.before, change.after
    if not (isinstance(before, Sentence) and isinstance(after, Sentence)):
        return 0
    slots = {mark.id: mark.slots for mark in before.marks}
    return sum(slots.get(mark.id, mark.slots) != mark.slots for mark in after.marks)


def _done(work: _Work, told: Sequence[Told]) -> _Work:
    for one in told:
        if one.document:
            work.take_cast(carried.cast(one.document), one.place)
    homes = work.taker.homes
    work.units.reserve(row.sentence for one in told for row in one.rows)
    # Rows come first, as they may give an uncoded sentence another number.
    for one in told:
        for place, row in one.placed_rows():
            work.take_row(row.sentence, asked.of_row(row, work.taker.book), place)
    for one in map(work.on_each, told):
        for group in work.gathered(one).groups:
            work.take_group(group, one)
        for relation in one.relations:
            related = homes.of_relation(relation)
            if related is not None:
                work.take_relation(relation, related, one)
        work.deciding.take(one, homes.asked(one) if one.fields else homes.layers)
    work.finish()
    return work


class _Work:
    """What becomes of a coding; `instead` puts the sentences of rows in the place of coded ones.

    `doubted` are coded sentences of which a row may say something else, each with its place.
    """

    def __init__(
        self, readout: Readout, coding: Coding, taker: Taker, *, instead: bool = False
    ) -> None:
        self.taker, self.units = taker, Units(readout, coding)
        self.deciding = Deciding(self.units)
        self.problems: list[str] = []
        self.notices: list[str] = []
        self.doubted: list[tuple[str, int]] = []
        self.loose: list[Loose] = []
        self.passages: list[int] = []
        self.marks = self.on_decided = self.wordless = self.unmarked = self.spread = 0
        self.removed = self.labelled = 0
        self._readout, self._instead = readout, instead
        self._is_fresh = coding.cast == readout.cast and not any(
            coded(one) for _, one in coding.sentences()
        )
        self._later = Latecomers(readout, coding)
        self._left_out: set[str] = set()
        self._related: relating.Relating | None = None
        self._gathered: tuple[Told, Gathered] | None = None

    def take_cast(self, cast: Cast, place: str) -> None:
        """Take a cast as it is where nothing is coded yet, else those whom the coding lacks."""
        cast = Cast(entities=tuple({one.id: one for one in cast.entities}.values()))
        if self._is_fresh and cast.entities:
            self._is_fresh = False
            self.units.put(CAST, cast)
            return
        known = self.units.cast
        fresh = []
        for one in cast.entities:
            here = known.get(one.id)
            if here is None:
                fresh.append(one)
            elif here != one:
                self.notices.append(f"{place}: {differing(here, one)}; what is here stays.")
        known_from_the_text = {one.id for one in self._readout.cast.entities}
        if any(one.id not in known_from_the_text for one in fresh):
            self.units.put(CAST, Cast(entities=(*known.entities, *fresh)))

    def take_row(self, number: int, wanted: Sentence, place: str) -> None:
        """Take a sentence of our own dataset; its boundaries hold where nobody has coded yet."""
        key = self.units.between(number, wanted)
        if key is None:
            self._refuse(place, f"sentence {number} has other boundaries than what is coded")
            return
        wanted, known = self._sound(wanted, place), self.units.now(key)
        book = self.taker.book
        if coded(known) and not self._instead:
            wanted, now = asked.filled(wanted, known, book), asked.filled(known, wanted, book)
            if now != known:
                self._left_out.update({one.id for one in wanted.marks if not now.mark(one.id)})
                self.units.put(key, now)
                self.marks += len(now.marks) - len(known.marks)
                self.on_decided += len(now.marks) - len(known.marks)
            if content(now) != content(wanted):
                self.doubted.append((place, key))
        elif coded(known) or coded(wanted):
            wanted = asked.filled(wanted, known, book)
            self.units.put(key, wanted)
            self.marks += len(wanted.marks)

    def _sound(self, wanted: Sentence, place: str) -> Sentence:
        """Return a sentence with those of its marks that can stand; without others, it is unsure.

        Of a label that is both given and rejected, the one that is given stands.
        """
        kept: list[Mark] = []
        unsure = ", and the sentence is unsure" if wanted.state == "done" else ""
        for mark in wanted.marks:
            trouble = self._trouble(mark)
            clash = None if trouble else self._clash(kept, mark)
            if trouble:
                self._refuse(place, *trouble, so=unsure)
            elif clash:
                self._refuse(place, beside(mark, clash), so=unsure)
            if trouble or (clash and not outweighs(mark, clash)):
                self._left_out.add(mark.id)
                continue
            if clash:
                self._left_out.add(clash.id)
                kept.remove(clash)
            kept.append(mark)
        if len(kept) == len(wanted.marks):
            return wanted
        return wanted.changed(marks=tuple(kept), state="unsure" if unsure else wanted.state)

    def _trouble(self, mark: Mark) -> tuple[str, str] | None:
        """Return why a mark cannot be taken, and what helps; None where it can."""
        problem = self.taker.book.check(mark)
        if problem:
            return problem, "Bring that into the codebook, or change it in the file."
        for span in mark.spans():
            if self._readout.text[span.start : span.end] != span.exact:
                return f"“{mark.label}” has words that stand elsewhere", "Export again."
        known = {one.id for one in (*self.units.cast.entities, *self._readout.cast.entities)}
        for values in mark.slots.values():
            for value in values:
                if isinstance(value, EntityValue) and value.entity not in known:
                    return (
                        f"“{mark.label}” names “{value.entity}”, who is not in the cast",
                        "Import the whole folder of the dataset, which holds the cast.",
                    )
        return None

    def _clash(self, marks: Iterable[Mark], new: Mark) -> Mark | None:
        layer = self.taker.book.layer(new.layer)
        return next((one for one in marks if layer and gives_way(layer, one, new)), None)

    def on_each(self, told: Told) -> Told:
        """Return what is told with passages as labels of each of their sentences, where wished."""
        found, lengths = passages.on_each(told, self.taker.homes, self.units)
        self.passages += lengths
        return found

    def gathered(self, told: Told) -> Gathered:
        """Put the labels of a text into groups, a mark for each."""
        if self._gathered is None or self._gathered[0] is not told:
            found = gathered(told, self.taker.homes, lambda tag: self._keys(tag, told))
            self._gathered = told, found
            self.loose += found.loose
        return self._gathered[1]

    def take_group(self, group: Group, told: Told) -> None:
        """Give the foreign labels of a group to the sentence that their words stand in."""
        tag = group[0][0]
        keys = self._keys(tag, told)
        if len(keys) != 1:
            self.spread += bringing_words.is_spread(tag, keys)
            self.deciding.refuse(keys)
            over = passages.is_passage(tag, keys)
            self.passages += [len(passages.pieces(tag, told, self.units))] * over
            self._refuse(told.place, bringing_words.homeless(tag, keys), passages.REMEDY * over)
            return
        (key,) = keys
        known = self.units.now(key)
        self.wordless += sum(
            not home.slot and bringing_words.is_narrower(tag, told, known) for tag, home in group
        )
        there = known.mark(self._name(group, told, known))
        # What has no room in the mark is said also where the mark is there already.
        mark = self._mark(group, told, known)
        if there is not None:
            there = self._later.completed(there, mark)
            marks = tuple(there if one.id == there.id else one for one in known.marks)
            known = known.changed(marks=marks)
            self.units.put(key, known)
        if there is not None and not self.taker.decided:
            return
        if not told.unsettled:
            self.deciding.settle(key)
        if there is not None:
            if mark.replaced(provenance=there.provenance) == there:
                self.deciding.same(key, mark.id)
            return
        trouble, clash = self._trouble(mark), self._clash(known.marks, mark)
        if trouble:
            self.deciding.refuse((key,))
            self._refuse(told.place, *trouble)
            return
        before = self.units.before(key)
        if clash:
            self.deciding.refuse((key,))
            self._refuse(told.place, beside(mark, clash))
            was_there = before is not None and before.mark(clash.id) is not None
            if was_there or not outweighs(mark, clash):
                return
        if mark.id in self.taker.removed():
            self.removed += 1
            return
        kept = (one for one in known.marks if one != clash)
        now = asked.of(known, {mark.layer, *self.taker.homes.asked(told)})
        self.units.put(key, now.changed(marks=(*kept, mark)))
        self.deciding.new(key, mark.id)
        self.marks += not clash
        self.on_decided += before is not None and before.state != "new"

    def take_relation(self, one: Relation, home: RelationHome, told: Told) -> None:
        """Put words into a slot of the mark of ours that the other end belongs to, just taken in.

        What a label of the file becomes has its relations from the beginning.
        """
        owner, _ = relating.ends(one, home)
        if self.taker.homes.of(owner) is not None:
            return
        place = told.range_of(owner)
        keys = self._keys(owner, told)
        related = self._relating(told)
        marks = [
            (key, mark)
            for key in keys
            if self.units.now(key).start in related.starts
            for mark in self.units.now(key).marks
            if place in [(span.start, span.end) for span in mark.spans()]
        ]
        if len(marks) != 1:
            self._refuse(told.place, f"“{one.label}” leads from words of {len(marks)} marks")
            return
        ((key, mark),) = marks
        now = self.units.now(key)
        fills = related.filled(one, home, mark.layer, mark.label, now)
        changed = self._with(mark, [fills], told)
        if changed != mark:
            marks_now = tuple(changed if other.id == mark.id else other for other in now.marks)
            self.units.put(key, now.changed(marks=marks_now))

    def finish(self) -> None:
        """Decide the sentences that only the file speaks of, and drop references to nothing."""
        if self.taker.decided:
            for key, done in self.deciding.labelled():
                self.labelled += 1
                self.units.put(key, done)
            for key, done in self.deciding.bare():
                self.unmarked += done != self.units.now(key)
                self.units.put(key, done)
        for change in self.units.changes() if self._left_out else ():
            if isinstance(change.after, Sentence):
                marks = tuple(without(mark, self._left_out) for mark in change.after.marks)
                self.units.put(change.key, change.after.changed(marks=marks))
        said = self._later.take(self.units, self.taker.coder)
        self.notices += [said] if said else []

    def _keys(self, tag: Tag, told: Told) -> list[int]:
        """Return the sentences that the words of a tag stand in."""
        return self.units.within(*told.range_of(tag))

    def _relating(self, told: Told) -> relating.Relating:
        """Return the relations of a text; the cast is whole when they are asked for."""
        if self._related is None or self._related.told is not told:
            self._related = relating.Relating(
                told,
                self.taker.homes,
                self._readout.text,
                self._later.beside(self.units.cast),
                lambda tag: self._name_of(tag, told),
            )
        return self._related

    def _name_of(self, tag: Tag, told: Told) -> str | None:
        home, keys = self.taker.homes.of(tag), self._keys(tag, told)
        if home is None or len(keys) != 1 or tag not in self._relating(told).tags:
            return None
        return self._name(self.gathered(told).of[tag], told, self.units.now(keys[0]))

    def _name(self, group: Group, told: Told, known: Sentence) -> str:
        """Return the id of the mark that a group becomes: the same for what says the same."""
        tag, home = group[0]
        said = (home.layer, home.to, home.slot, known.start, known.end, tag.rejected)
        place = chain(*told.parts_of(tag)) if home.slot else ()
        more = ((home.slot, *told.parts_of(tag)) for tag, home in group[1:])
        whole = (*said, *place, *self._relating(told).places(tag), *more)
        return f"i{blake2b(repr(whole).encode(), digest_size=8).hexdigest()}"

    def _mark(self, group: Group, told: Told, known: Sentence) -> Mark:
        taker, related = self.taker, self._relating(told)
        tag, home = group[0]
        mark = Mark(
            id=self._name(group, told, known),
            layer=home.layer,
            label=home.to,
            start=known.start,
            end=known.end,
            rejected=tag.rejected,
            provenance=Provenance(
                coder=taker.coder, at=taker.at, codebook=taker.book.stamp, imported=True
            ),
        )
        fills = (
            fill
            for tag, home in group
            for fill in (*related.own(tag, home), *related.fills(tag, home, known))
        )
        return self._with(mark, fills, told)

    def _with(self, mark: Mark, fills: Iterable[relating.Filled | InputError], told: Told) -> Mark:
        """Return a mark with more values in its slots; what has no room is refused."""
        slots = dict(mark.slots)
        for one in fills:
            if isinstance(one, InputError):
                self._without(told.place, str(one))
                continue
            there = slots.get(one.slot.id, ())
            slots[one.slot.id], lost = one.beside(there, mark.label)
            if lost is not None:
                self._without(told.place, str(lost))
        return mark.replaced(slots=slots)

    def _without(self, place: str, why: str) -> None:
        self.problems.append(f"{place}: {why}; {relating.WITHOUT}.")

    def _refuse(self, place: str, why: str, remedy: str = "", so: str = "") -> None:
        said = f"{place}: {why.removesuffix('.')}; it was left out{so}. {remedy}"
        self.problems.append(said.rstrip())
