"""The marks that foreign labels of a readout become, each under an id that tells it again."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.errors import InputError
from annotator.formats.told import Tag, Told
from annotator.model.mark import Mark, Provenance
from annotator.model.sentence import Sentence
from annotator.pipeline import relating
from annotator.pipeline.gathering import Gathered, Group, Loose, gathered
from annotator.pipeline.latecomers import Latecomers
from annotator.pipeline.recognising import mark_id
from annotator.pipeline.taker import Taker
from annotator.pipeline.units import Units


class Marking:
    """Makes the marks of a readout; nothing is put into its coding.

    `problems` are told what has no room in a mark. `loose` has the marks of words that nothing ties
    to others of the same label. `instead_of` are ids of marks that stand as others do, with those
    of these.
    """

    def __init__(
        self, text: str, units: Units, taker: Taker, later: Latecomers, problems: list[str]
    ) -> None:
        self._text, self._units, self._taker, self._later = text, units, taker, later
        self._problems = problems
        self.loose: list[Loose] = []
        self.instead_of: dict[str, str] = {}
        self._related: relating.Relating | None = None
        self._gathered: tuple[Told, Gathered] | None = None

    def keys(self, tag: Tag, told: Told) -> list[int]:
        """Return the sentences that the words of a label stand in."""
        return self._units.within(*told.range_of(tag))

    def gathered(self, told: Told) -> Gathered:
        """Put the labels of a text into groups, a mark for each."""
        if self._gathered is None or self._gathered[0] is not told:
            found = gathered(told, self._taker.homes, lambda tag: self.keys(tag, told))
            self._gathered = told, found
            self.loose += found.loose
        return self._gathered[1]

    def relations(self, told: Told) -> relating.Relating:
        """Return the relations of a text; the cast is whole when they are asked for."""
        if self._related is None or self._related.told is not told:
            self._related = relating.Relating(
                told,
                self._taker.homes,
                self._text,
                self._later.beside(self._units.cast),
                lambda tag: self._id_of(tag, told),
            )
        return self._related

    def _id_of(self, tag: Tag, told: Told) -> str | None:
        home, keys = self._taker.homes.of(tag), self.keys(tag, told)
        if home is None or len(keys) != 1 or tag not in self.relations(told).tags:
            return None
        found = self._id(self.gathered(told).of[tag], told, self._units.now(keys[0]))
        return self.instead_of.get(found, found)

    def _id(self, group: Group, told: Told, known: Sentence) -> str:
        parts = [told.parts_of(tag) for tag, _ in group]
        places = self.relations(told).places(group[0][0])
        return mark_id(group, group[0][1].to, (known.start, known.end), parts, places)

    def mark(self, group: Group, told: Told, known: Sentence) -> Mark:
        """Return the mark that a group becomes in a sentence, with the label that it has now."""
        taker, related = self._taker, self.relations(told)
        tag, home = group[0]
        layer = taker.book.layer(home.layer)
        mark = Mark(
            id=self._id(group, told, known),
            layer=home.layer,
            label=layer.current(home.to) if layer else home.to,
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
        return self.filled(mark, fills, told)

    def filled(self, mark: Mark, fills: Iterable[relating.Filled | InputError], told: Told) -> Mark:
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
        self._problems.append(f"{place}: {why}; {relating.WITHOUT}.")
