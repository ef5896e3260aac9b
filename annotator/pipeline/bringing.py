"""The edit that brings what a file tells of a readout into a coder's work on it.

What is coded is never overwritten: where the file says other than what stands, that is told. No
mark gets in that the codebook does not have, or that the keys would not let stand beside another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from annotator.errors import InputError
from annotator.formats import carried
from annotator.formats.told import Relation, Told
from annotator.model.edit import CAST, Coding, Edit
from annotator.model.entity import Cast
from annotator.model.fitting import gives_way
from annotator.model.mark import EntityValue, Mark
from annotator.model.readout import Readout
from annotator.model.renewal import falls_away, pointing, renewed
from annotator.model.sentence import Sentence
from annotator.pipeline import asked, bringing_words, passages, relating
from annotator.pipeline.bringing_words import beside, content, differing, outweighs, without
from annotator.pipeline.deciding import Deciding
from annotator.pipeline.gathering import Group
from annotator.pipeline.homes import RelationHome
from annotator.pipeline.latecomers import Latecomers
from annotator.pipeline.marking import Marking
from annotator.pipeline.recognising import Known, Recognising, says
from annotator.pipeline.taken import Taken, filled_by
from annotator.pipeline.taker import Taker
from annotator.pipeline.units import Units, coded


def edit(readout: Readout, coding: Coding, told: Sequence[Told], taker: Taker) -> Taken:
    """Return the edit that brings what is told into a coding; it changes nothing itself."""
    work = _done(_Work(readout, coding, taker), told)
    others: tuple[str, ...] = ()
    if work.doubted:
        says = _done(_Work(readout, coding, taker, instead=True), told).units
        others = tuple(
            f"{place}: sentence {key} of {readout.id}"
            for place, key in work.doubted
            if content(says.now(key), taker.book) != content(work.units.now(key), taker.book)
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
        tuple(work.making.loose),
        len(set(work.units.cast.entities).difference(coding.cast.entities)),
        work.spread,
        work.removed,
        sum(map(filled_by, changes)),
        work.labelled,
        tuple(work.passages),
        work.fallen,
        work.former,
    )


def _done(work: _Work, told: Sequence[Told]) -> _Work:
    for one in told:
        if one.document:
            work.take_cast(carried.cast(one.document), one.place)
    homes = work.taker.homes
    work.units.reserve(row.sentence for one in told for row in one.rows)
    rows = [
        (place, row.sentence, asked.of_row(row, work.taker.book))
        for one in told
        for place, row in one.placed_rows()
    ]
    # Rows come first, as they may give an uncoded sentence another number.
    wanted = Coding(dict(enumerate((row for _, _, row in rows), CAST + 1)))
    now = renewed(work.taker.book, wanted)
    for at, (place, number, row) in enumerate(rows, CAST + 1):
        work.take_row(number, row, now.get(at, row), place)
    for one in map(work.on_each, told):
        related = work.making.relations(one)
        # Under which id a mark stands is known before another one refers to it.
        for group in sorted(
            work.making.gathered(one).groups, key=lambda g: related.refers(g[0][0])
        ):
            work.take_group(group, one)
        for relation in one.relations:
            home = homes.of_relation(relation)
            if home is not None:
                work.take_relation(relation, home, one)
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
        self.passages: list[int] = []
        self.marks = self.on_decided = self.wordless = self.unmarked = self.spread = 0
        self.removed = self.labelled = self.fallen = 0
        self.former = Counter[tuple[str, str, str]]()
        self._readout, self._instead = readout, instead
        self._is_fresh = coding.cast == readout.cast and not any(
            coded(one) for _, one in coding.sentences()
        )
        self._later = Latecomers(readout, coding)
        self._left_out: set[str] = set()
        self.making = Marking(readout.text, self.units, taker, self._later, self.problems)
        self._recognising = Recognising(readout.text, coding, taker, self.making.relations)

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
            if here is None and one.id in self.taker.earlier.left:
                self.notices.append(f"{place}: {one.name} was taken out of the cast before.")
            elif here is None:
                fresh.append(one)
            elif here != one:
                self.notices.append(f"{place}: {differing(here, one)}; what is here stays.")
        known_from_the_text = {one.id for one in self._readout.cast.entities}
        if any(one.id not in known_from_the_text for one in fresh):
            self.units.put(CAST, Cast(entities=(*known.entities, *fresh)))

    def take_row(self, number: int, row: Sentence, wanted: Sentence, place: str) -> None:
        """Take a sentence of our own dataset; its boundaries hold where nobody has coded yet.

        It is `wanted` as the `row` says, with the labels of now.
        """
        key = self.units.between(number, wanted)
        if key is None:
            self._refuse(place, f"sentence {number} has other boundaries than what is coded")
            return
        wanted, known = self._sound(wanted, place), self.units.now(key)
        book = self.taker.book
        is_known = coded(known) or any(
            mark.id in self.taker.earlier.removed for mark in wanted.marks
        )
        if is_known and not self._instead:
            now = asked.filled(known, wanted, book, but=self.taker.earlier.unasked.get(key, ()))
            wanted = asked.filled(wanted, known, book)
            if now != known:
                self._left_out.update({one.id for one in wanted.marks if not now.mark(one.id)})
                self.units.put(key, now)
                self.marks += len(now.marks) - len(known.marks)
                self.on_decided += len(now.marks) - len(known.marks)
            if content(now, book) != content(wanted, book):
                self.doubted.append((place, key))
        elif is_known or coded(wanted):
            wanted = asked.filled(wanted, known, book)
            self.units.put(key, wanted)
            self.marks += len(wanted.marks)
            self.fallen += sum(falls_away(self.taker.book, mark) for mark in row.marks)
            for mark in wanted.marks:
                before = row.mark(mark.id)
                if before is not None and before.label != mark.label:
                    self.former[mark.layer, before.label, mark.label] += 1

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

    def take_group(self, group: Group, told: Told) -> None:
        """Give the foreign labels of a group to the sentence that their words stand in."""
        tag = group[0][0]
        keys = self.making.keys(tag, told)
        if len(keys) != 1:
            self.deciding.refuse(keys)
            seen = self._recognising.known(group, told)
            if seen is None:
                over = passages.is_passage(tag, keys)
                self.passages += [len(passages.pieces(tag, told, self.units))] * over
                self.spread += bringing_words.is_spread(tag, keys)
                self._refuse(told.place, bringing_words.homeless(tag, keys), passages.REMEDY * over)
            else:
                self.removed += not seen.stands
            return
        (key,) = keys
        known = self.units.now(key)
        self.wordless += sum(
            not home.slot and bringing_words.is_narrower(tag, told, known) for tag, home in group
        )
        # What has no room in the mark is said also where the mark is there already.
        problems = len(self.problems)
        mark = self.making.mark(group, told, known)
        if falls_away(self.taker.book, mark.replaced(label=group[0][1].to)):
            self.fallen += 1
            self._left_out.add(mark.id)
            self.deciding.refuse((key,))
            return
        seen = self._seen(mark, group, told, key)
        if seen is not None and seen.former:
            del self.problems[problems:]  # It was made in another sentence, and had room there.
        if seen is not None and seen.stands and not self.taker.decided:
            return
        if not told.unsettled:
            self.deciding.settle(key)
        if seen is not None and seen.stands:
            there = self.units.now(key).mark(seen.id)
            if there is not None and bringing_words.is_from_file(there, mark, self.taker.book):
                self.deciding.same(key, there.id)
            return
        trouble, clash = self._trouble(mark), self._clash(known.marks, mark)
        if trouble:
            self._left_out.add(mark.id)
            self.deciding.refuse((key,))
            self._refuse(told.place, *trouble)
            return
        before = self.units.before(key)
        if clash:
            self.deciding.refuse((key,))
            self._refuse(told.place, beside(mark, clash))
            was_there = before is not None and before.mark(clash.id) is not None
            self._left_out.add(clash.id if not was_there and outweighs(mark, clash) else mark.id)
            if was_there or not outweighs(mark, clash):
                return
        if seen is not None:
            self._left_out.add(mark.id)
            self.removed += 1
            return
        kept = (one for one in known.marks if one != clash)
        now = asked.of(known, {mark.layer, *self.taker.homes.asked(told)})
        self.units.put(key, now.changed(marks=(*kept, mark)))
        self.deciding.new(key, mark.id)
        self.marks += not clash
        if mark.label != group[0][1].to:
            self.former[mark.layer, group[0][1].to, mark.label] += 1
        self.on_decided += before is not None and before.state != "new"

    def _seen(self, mark: Mark, group: Group, told: Told, key: int) -> Known | None:
        """Return what became of a mark that is no news, None for one that is.

        One that stands in the sentence, or says the same there, gets whom it could not name.
        """
        known = self.units.now(key)
        there = known.mark(mark.id) or self._saying(known, mark)
        seen = Known(there.id, stands=True) if there else self._recognising.known(group, told)
        if seen is not None and there is None:
            seen = replace(seen, former=seen.id != mark.id)
        if seen is None or not seen.stands:
            return seen
        if there is None and self._instead:
            return None  # What stands gave way to what the file says.
        if not seen.id:
            self._left_out.add(mark.id)
        elif seen.id != mark.id:
            self.making.instead_of[mark.id] = seen.id
        there = known.mark(seen.id)
        if there is not None:
            there = self._later.completed(there, mark)
            marks = tuple(there if one.id == there.id else one for one in known.marks)
            self.units.put(key, known.changed(marks=marks))
        return seen

    def take_relation(self, one: Relation, home: RelationHome, told: Told) -> None:
        """Put words into a slot of the mark of ours that the other end belongs to, just taken in.

        What a label of the file becomes has its relations from the beginning.
        """
        owner, _ = relating.ends(one, home)
        if self.taker.homes.of(owner) is not None:
            return
        place = told.range_of(owner)
        keys = self.making.keys(owner, told)
        related = self.making.relations(told)
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
        emptied = self.taker.earlier.emptied
        if not isinstance(fills, InputError):
            gone = [(mark.id, fills.slot.id, value) in emptied for value in fills.values]
            if any(gone):
                return
        changed = self.making.filled(mark, [fills], told)
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
        for change in self.units.changes() if self._left_out or self.making.instead_of else ():
            if isinstance(change.after, Sentence):
                pointed = (pointing(mark, self.making.instead_of) for mark in change.after.marks)
                marks = tuple(without(mark, self._left_out) for mark in pointed)
                if marks != change.after.marks:
                    self.units.put(change.key, change.after.changed(marks=marks))
        said = self._later.take(self.units, self.taker.coder)
        self.notices += [said] if said else []

    def _saying(self, known: Sentence, mark: Mark) -> Mark | None:
        """Return a mark of a sentence that says what another does."""
        return next((one for one in known.marks if says(self.taker.book, one, mark)), None)

    def _refuse(self, place: str, why: str, remedy: str = "", so: str = "") -> None:
        said = f"{place}: {why.removesuffix('.')}; it was left out{so}. {remedy}"
        self.problems.append(said.rstrip())
