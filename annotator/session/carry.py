"""The marks of a near-identical sentence, taken over onto another one.

What belongs to the words is found again by the words. What cannot be found again is left out, and
said; what stands on the sentence already stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from annotator.errors import MarkError
from annotator.model.codebook import Codebook, Slot
from annotator.model.differing import Bridge
from annotator.model.edit import CAST, Coding, Document, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    DateValue,
    EntityValue,
    Mark,
    RefValue,
    Slots,
    SlotValue,
    SpanValue,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Span, quoted
from annotator.session.acts import Pen
from annotator.session.propose import find_mentions

_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True)
class Original:
    """The sentence whose marks are taken over, its readout, and the cast that its marks name."""

    readout: str
    sentence: Sentence
    cast: Cast


@dataclass(frozen=True)
class Carried:
    """A sentence after marks were taken over, with its cast.

    `marks` are those that are new, `left` says in a few words each what was left out and why.
    """

    sentence: Sentence
    cast: Cast
    marks: tuple[Mark, ...]
    left: tuple[str, ...]


def carried(
    pen: Pen, sentence: Sentence, cast: Cast, original: Original, *, readout: str
) -> Carried:
    """Take over the marks of a sentence onto one of `readout`, whose cast is `cast`."""
    return _Carrying(pen, sentence, cast, original, same=readout == original.readout).done()


def carry(
    pen: Pen,
    coding: Coding,
    keys: Sequence[int],
    original: Original,
    *,
    readout: str,
    what: str = "take over",
    confirm: bool = False,
) -> Edit | None:
    """Take over the marks of a sentence onto others of one readout, in one act.

    With `confirm`, those are done as well on which nothing is lacking, left out or in doubt. None
    where nothing would change.
    """
    cast = coding.cast
    documents: dict[int, Document | None] = {}
    for key in keys:
        made = carried(pen, coding.sentence(key), cast, original, readout=readout)
        cast = made.cast
        done = confirm and _is_whole(pen, made)
        documents[key] = made.sentence.changed(state="done") if done else made.sentence
    if cast != coding.cast:
        documents[CAST] = cast
    return pen.edit(coding, what, documents)


def _is_whole(pen: Pen, made: Carried) -> bool:
    return not made.left and not lacks(pen.codebook, made.sentence)


def lacks(book: Codebook, sentence: Sentence) -> str:
    """Say in a few words why a sentence cannot be confirmed by itself, empty where it can be."""
    names = [slot.name for mark in sentence.marks for slot in book.lacking(mark)]
    if names:
        return f"lacking {', '.join(dict.fromkeys(names))}"
    if any(mark.doubtful for mark in sentence.marks):
        return "in doubt"
    wrong = any(book.check(mark) for mark in sentence.marks)
    return "not fitting the codebook" if wrong else ""


class _Carrying:
    def __init__(
        self, pen: Pen, sentence: Sentence, cast: Cast, original: Original, *, same: bool
    ) -> None:
        self._pen = pen
        self._here = sentence
        self._cast = cast
        self._from = original
        self._same = same
        self._bridge = Bridge(original.sentence, sentence)
        self._left: list[str] = []
        self._coming: set[str] = set()
        self._now = {mark.id: mark.id for mark in sentence.marks} if same else {}

    def done(self) -> Carried:
        """Make the marks; the references among them only once all have their ids."""
        fresh = [(old, new) for old in self._from.sentence.marks if (new := self._begun(old))]
        self._now |= {old.id: new.id for old, new in fresh}
        marks = tuple(self._filled(old, new) for old, new in fresh)
        sentence = self._here
        if marks:
            sentence = sentence.changed(marks=(*sentence.marks, *marks))
        return Carried(sentence, self._cast, marks, tuple(dict.fromkeys(self._left)))

    def _begun(self, mark: Mark) -> Mark | None:
        """Return a mark like this one without its slots, None where it cannot stand here."""
        layer = self._pen.codebook.layer(mark.layer)
        label = layer.label(mark.label) if layer else None
        if layer is None or label is None:
            self._leave(mark, "not in the codebook")
            return None
        for other in self._here.marks:
            if other.layer != mark.layer:
                continue
            if other.label == mark.label:
                self._now[mark.id] = other.id
                if other.rejected != mark.rejected:
                    self._leave(mark, "rejected here" if other.rejected else "given here")
                return None
            if not (layer.multiple or other.rejected or mark.rejected):
                self._leave(mark, f"“{other.label}” stands here")
                return None
        return self._pen.mark(self._here, mark.layer, mark.label, rejected=mark.rejected)

    def _filled(self, old: Mark, new: Mark) -> Mark:
        layer = self._pen.codebook.layer(old.layer)
        slots: Slots = {}
        for slot in layer.slots_of(old.label) if layer else ():
            values = self._values(old, slot)
            if values and self._allowed(new, slot.id, values):
                slots[slot.id] = values
            elif values:
                self._leave(old, f"{slot.name.lower()}, as the codebook no longer has it")
        proposed = new.provenance.model_copy(update={"proposed": tuple(sorted(slots))})
        return new.model_copy(
            update={
                "slots": slots,
                "certainty": old.certainty,
                "doubtful": old.doubtful,
                "provenance": proposed,
            }
        )

    def _allowed(self, mark: Mark, slot: str, values: tuple[SlotValue, ...]) -> bool:
        try:
            self._pen.require(mark.model_copy(update={"slots": {slot: values}}))
        except MarkError:
            return False
        return True

    def _values(self, mark: Mark, slot: Slot) -> tuple[SlotValue, ...]:
        """Return what a slot holds here; several people come along together or not at all.

        What several undertake together is another thing than what one of them undertakes.
        """
        given = mark.slots.get(slot.id, ())
        cast = self._cast
        found = tuple(v for value in given if (v := self._value(mark, slot, value)))
        kept = [value for value in found if isinstance(value, EntityValue)]
        if not kept or len(kept) == sum(isinstance(value, EntityValue) for value in given):
            return found
        names = ", ".join(self._cast.name(value.entity) for value in kept)
        self._leave(mark, f"{names}, named there together with others")
        self._cast = cast
        return tuple(value for value in found if not isinstance(value, EntityValue))

    def _value(self, mark: Mark, slot: Slot, value: SlotValue) -> SlotValue | None:
        match value:
            case SpanValue():
                span = self._bridge.same(value.span) or self._bridge.place(value.span)
                if span is None:
                    self._leave(mark, f"{quoted(value.span.exact)}, which is not here")
                return SpanValue(span=span) if span else None
            case EntityValue():
                return self._entity(mark, value)
            case RefValue():
                found = value.mark if self._same else None
                found = self._now.get(value.mark, found)
                if found is None:
                    self._leave(mark, f"{slot.name.lower()}, a mark of another sentence")
                return RefValue(mark=found) if found else None
            case DateValue() if not self._says(mark, value):
                self._leave(mark, f"{value.date}, which these words do not say")
                return None
            case _:
                return value

    def _says(self, mark: Mark, value: DateValue) -> bool:
        """Tell whether the words here say a date as those there do: not by other figures."""
        figures = [span for span in mark.spans() if any(char.isdigit() for char in span.exact)]
        alike = (
            all(self._bridge.same(span) for span in figures)
            if figures
            else _FIGURE.findall(self._from.sentence.text) == _FIGURE.findall(self._here.text)
        )
        return alike and (self._same or value.date[:4] in self._here.text)

    def _entity(self, mark: Mark, value: EntityValue) -> EntityValue | None:
        """Name somebody whom the same words name here; whom none name, where the cast knows them.

        A formula may mean others in another readout, so nobody comes along with it unnamed.
        """
        mention = self._bridge.same(value.mention) if value.mention else None
        if value.mention and mention is None:
            self._leave(mark, f"{quoted(value.mention.exact)}, who is not named here")
            return None
        joins = mention is not None or self._are_named(value.entity)
        known = value.entity if self._same else self._known(value.entity, joins=joins)
        if known is None:
            theirs = self._from.cast.get(value.entity)
            whom = "somebody of whom" if theirs and theirs.type == "collective" else "whom"
            name = self._from.cast.name(value.entity)
            self._leave(mark, f"{name}, {whom} the cast does not know")
            return None
        return value.model_copy(update={"entity": known, "mention": mention})

    def _known(self, entity: str, *, joins: bool) -> str | None:
        """Return the id that somebody of the other cast has in this one; who is new may join it."""
        theirs = self._from.cast.get(entity)
        ours = self._cast.get(entity)
        if theirs is None:
            return entity if ours else None
        alike = [one for one in self._cast.entities if _is_same(one, theirs)]
        found = next((one for one in alike if one.id == entity), alike[0] if alike else None)
        # Whoever is among their own members, as nobody should be, would never be done.
        if found is not None or not joins or entity in self._coming:
            return found.id if found else None
        cast = self._cast
        self._coming.add(entity)
        members = self._together(theirs.members)
        states = self._together(theirs.represents)
        self._coming.discard(entity)
        if members is None or (states is None and not members):
            self._cast = cast
            return None
        fresh = theirs.model_copy(
            update={
                "id": entity if ours is None else self._free(entity),
                "members": members,
                "represents": states or (),
            }
        )
        self._cast = self._cast.with_entity(fresh)
        return fresh.id

    def _together(self, ids: Sequence[str]) -> tuple[str, ...] | None:
        """Return whom a collective means here: those of the cast, and those whom the words name.

        None where it means anybody else as well: who that is here, is another matter.
        """
        found = []
        for one in ids:
            known = self._known(one, joins=self._are_named(one))
            if known is None:
                return None
            found.append(known)
        return tuple(dict.fromkeys(found))

    def _are_named(self, entity: str) -> bool:
        """Tell whether words that name somebody there stand here as well."""
        theirs, old = self._from.cast.get(entity), self._from.sentence
        if theirs is None:
            return False
        named = find_mentions(Cast(entities=(theirs,)), old.text, 0, len(old.text))
        places = ((old.start + one.start, old.start + one.end) for one in named)
        return any(
            self._bridge.same(Span(start=a, end=b, exact=old.text[a - old.start : b - old.start]))
            for a, b in places
        )

    def _free(self, entity: str) -> str:
        number = 2
        while self._cast.get(f"{entity[:60]}_{number}"):
            number += 1
        return f"{entity[:60]}_{number}"

    def _leave(self, mark: Mark, why: str) -> None:
        layer = self._pen.codebook.layer(mark.layer)
        label = layer.label(mark.label) if layer else None
        self._left.append(f"{label.tag if label else mark.label}: {why}")


def _is_same(one: Entity, other: Entity) -> bool:
    """Tell whether two entities of two casts are one: by a name that both have."""
    return one.type == other.type and not _names(one).isdisjoint(_names(other))


def _names(entity: Entity) -> set[str]:
    return {name.casefold() for name in (entity.name, *entity.aliases)}
