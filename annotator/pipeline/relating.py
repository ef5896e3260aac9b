"""Relations of a foreign file become values in slots: words, whoever they name, another mark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from annotator.errors import InputError
from annotator.formats.told import Relation, Tag, Told
from annotator.model.codebook import Slot
from annotator.model.entity import Cast
from annotator.model.mark import EntityValue, RefValue, SlotValue, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline.homes import Home, HomesOf, RelationHome

WITHOUT: Final = "its mark is without it"
"""What is said of what cannot come into a slot."""

NameOf = Callable[[Tag], str | None]
"""Returns the id of the mark that a tag becomes, None where it becomes none."""


@dataclass(frozen=True)
class Filled:
    """What words or a relation put into a slot."""

    slot: Slot
    values: tuple[SlotValue, ...]

    def beside(
        self, there: tuple[SlotValue, ...], label: str
    ) -> tuple[tuple[SlotValue, ...], InputError | None]:
        """Return what the slot of a label holds then, and what it has no room for."""
        wanted = tuple(dict.fromkeys((*there, *self.values)))
        if len(wanted) < 2 or self.slot.repeatable:
            return wanted, None
        lost = " … ".join(f"“{_said(one):.60}”" for one in wanted[1:])
        why = f"the slot “{self.slot.id}” of “{label}” has room for one, not for {lost} too"
        return wanted[:1], InputError(why)


@dataclass(frozen=True)
class Relating:
    """The relations of one text, as those who are of its readout have their homes.

    `text` is the readout's, `name_of` tells which mark a tag becomes.
    """

    told: Told
    homes: HomesOf
    text: str
    cast: Cast
    name_of: NameOf

    def places(self, tag: Tag) -> list[tuple[str, int, int]]:
        """Return what is put into the slots of the mark that a tag becomes, without its values."""
        found = {
            (home.slot, *self.told.range_of(other))
            for _, home, other in self._of.get(tag, ())
            if other.start is not None
        }
        return sorted(found)

    def refers(self, tag: Tag) -> bool:
        """Tell whether the mark that a tag becomes refers to another one."""
        home = self.homes.of(tag)
        slots = (
            self.homes.slot(home.layer, home.to, related.slot) if home else None
            for _, related, _ in self._of.get(tag, ())
        )
        return any(slot is not None and slot.type == "ref" for slot in slots)

    def fills(self, tag: Tag, home: Home, within: Sentence) -> Iterator[Filled | InputError]:
        """Yield what goes into the slots of the mark that a tag becomes, or why it cannot."""
        for one, related, _ in self._of.get(tag, ()):
            yield self.filled(one, related, home.layer, home.to, within)

    def own(self, tag: Tag, home: Home) -> Iterator[Filled | InputError]:
        """Yield what the words of a tag themselves put into its mark, or why they cannot."""
        slot = self.homes.slot(home.layer, home.to, home.slot)
        if slot is not None and tag.start is not None:
            words = [Span.of(self.text, *part) for part in self.told.parts_of(tag)]
            yield own(slot, words, tag.label, self.cast)

    def filled(
        self, one: Relation, home: RelationHome, layer: str, label: str, within: Sentence
    ) -> Filled | InputError:
        """Return what a relation puts into a mark of that sentence, or why it cannot."""
        slot = self.homes.slot(layer, label, home.slot)
        if slot is None:
            return InputError(f"marks of “{label}” have no slot “{home.slot}”")
        try:
            return Filled(slot, self._values(home, ends(one, home)[1], slot, within))
        except InputError as error:
            return error

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """The labels of the text."""
        return frozenset(self.told.tags)

    @cached_property
    def starts(self) -> frozenset[int]:
        """Where the sentences begin of which there are rows of ours."""
        return frozenset(row.start for row in self.told.rows)

    @cached_property
    def _of(self) -> dict[Tag, list[tuple[Relation, RelationHome, Tag]]]:
        """The relations that have a home, by the tag whose mark has the slot, with the other."""
        found: dict[Tag, list[tuple[Relation, RelationHome, Tag]]] = {}
        for one in self.told.relations:
            home = self.homes.of_relation(one)
            if home is not None:
                owner, other = ends(one, home)
                found.setdefault(owner, []).append((one, home, other))
        return found

    def _values(
        self, home: RelationHome, other: Tag, slot: Slot, within: Sentence
    ) -> tuple[SlotValue, ...]:
        start, end = self.told.range_of(other)
        if slot.type == "ref":
            mark = self.name_of(other)
            if mark is None:
                raise InputError(f"the relation “{home.label}” leads to what becomes no mark")
            return (RefValue(mark=mark),)
        if other.start is None or not within.start <= start < end <= within.end:
            raise InputError(f"the relation “{home.label}” leads out of the sentence")
        words = [Span.of(self.text, *part) for part in self.told.parts_of(other)]
        return _filling(slot, words, home.label, self.cast)


def own(slot: Slot, words: Sequence[Span], label: str, cast: Cast) -> Filled | InputError:
    """Return what words of a label put into the slot that its home names, or why they cannot."""
    try:
        return Filled(slot, _filling(slot, words, label, cast))
    except InputError as error:
        return error


def _filling(slot: Slot, words: Sequence[Span], label: str, cast: Cast) -> tuple[SlotValue, ...]:
    """Return stretches of words as themselves or, in a slot of people, as whom they name."""
    if slot.type == "entity":
        return (_whom(words, label, cast),)
    return tuple(SpanValue(span=one) for one in words)


def _whom(spans: Sequence[Span], label: str, cast: Cast) -> EntityValue:
    """Return the mention of whoever is called by these words; raises InputError for nobody.

    A mention has one stretch: that of a name in several has none.
    """
    exact = " ".join(one.exact for one in spans)
    words = _folded(exact)
    called = [
        one.id for one in cast.entities if words in map(_folded, (one.id, one.name, *one.aliases))
    ]
    if len(called) != 1:
        who = "more than one" if called else "nobody"
        raise InputError(f"{who} in the cast is called “{exact:.60}”, as “{label}” would need")
    return EntityValue(entity=called[0], mention=spans[0] if len(spans) == 1 else None)


def _said(value: SlotValue) -> str:
    if isinstance(value, SpanValue):
        return value.span.exact
    return value.entity if isinstance(value, EntityValue) else "a mark"


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def ends(one: Relation, home: RelationHome) -> tuple[Tag, Tag]:
    """Return the end of a relation whose mark has the slot, and the one whose words go there."""
    return (one.head, one.child) if home.of == "head" else (one.child, one.head)
