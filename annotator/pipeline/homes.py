"""Which layer and label a foreign label becomes: proposed by name, decided in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import Field

from annotator.formats.brat import label_type, slot_type
from annotator.formats.cas_tags import SLOT, type_of
from annotator.formats.labelstudio_out import WORDS
from annotator.formats.told import Relation, Tag, Told
from annotator.formats.work import TOPICS
from annotator.model.base import Value
from annotator.model.codebook import Codebook, Label, Layer, Slot

End = Literal["head", "child"]
FILLED: Final = ("span", "entity", "ref")
"""The types of slots that a relation can fill."""
HELD: Final = ("span", "entity")
"""Those that words can fill: with themselves, or with whom they name."""


class Home(Value):
    """One foreign label: where in the file it stands, how often, and what it becomes."""

    field: str
    label: str
    times: Annotated[int, Field(ge=0)] = 0
    layer: str = ""
    to: str = ""
    slot: str = ""


class RelationHome(Value):
    """One foreign relation between words of two labels, and which slot it fills.

    The mark `of` that end has the slot, and the words at the other end go into it.
    """

    label: str
    head: str
    child: str
    times: Annotated[int, Field(ge=0)] = 0
    of: End = "head"
    slot: str = ""

    @property
    def owner(self) -> str:
        """The label of the words whose mark has the slot."""
        return self.head if self.of == "head" else self.child


class Homes(Value):
    """The labels and relations of a file from outside, each with its home.

    `join` says that words of one label in a sentence, each for another slot, are of one statement,
    `each` that what is said of words in several sentences is true of each of these.
    """

    join: bool = False
    each: bool = False
    home: tuple[Home, ...] = ()
    relation: tuple[RelationHome, ...] = ()


@dataclass(frozen=True)
class HomesOf:
    """The homes by the labels that have one, checked against a codebook.

    Without the codebook, relations have none. `offered` are labels that the file asks for, be they
    given or not.
    """

    homes: Homes
    book: Codebook | None = None
    offered: frozenset[Tag] = frozenset()

    @cached_property
    def _known(self) -> dict[tuple[str, str], Home]:
        return {(home.field, home.label): home for home in self.homes.home}

    def of(self, tag: Tag) -> Home | None:
        """Return the home of a tag, None where it has none."""
        home = self._known.get((tag.field, tag.label))
        return home if home and home.layer else None

    @cached_property
    def _related(self) -> dict[tuple[str, str, str], RelationHome]:
        return {(one.label, one.head, one.child): one for one in self.homes.relation}

    @cached_property
    def layers(self) -> frozenset[str]:
        """The layers that the labels of the file go to: those that it speaks of."""
        given = {one.layer for one in self.homes.home if one.layer and one.times}
        return frozenset(given) | self.layers_of(self.offered)

    def asked(self, told: Told) -> frozenset[str]:
        """Return the layers that somebody was asked of in a text, as far as that is said of it."""
        homes = (one for one in self.homes.home if one.times and one.field in told.fields)
        return frozenset(one.layer for one in homes if one.layer) | self.layers_of(told.offered)

    def layers_of(self, tags: Iterable[Tag]) -> frozenset[str]:
        """Return the layers that labels go to; one without a home, where it is called like ours."""
        return frozenset(filter(None, map(self._layer_of, tags)))

    def _layer_of(self, tag: Tag) -> str:
        home = self._known.get((tag.field, tag.label))
        if home is not None or self.book is None:
            return home.layer if home else ""
        return _named(tag.field, tag.label, self.book, sure=True)[0]

    def of_relation(self, one: Relation) -> RelationHome | None:
        """Return the home of a relation, None where it has none."""
        home = self._related.get((one.label, one.head.label, one.child.label))
        return home if home and home.slot and self.book else None

    def slot(self, layer: str, label: str, slot: str) -> Slot | None:
        """Return a slot that marks of a label have, or None."""
        found = self.book.layer(layer) if self.book else None
        slots = found.slots_of(label) if found else ()
        return next((one for one in slots if one.id == slot), None)


def proposed(
    tags: Iterable[Tag], book: Codebook, relations: Iterable[Relation] = (), *, sure: bool = False
) -> Homes:
    """Return a home for each label that the codebook has in one layer by id, name or short form.

    Labels as our own exports spell them have one too. A relation goes where one of its ends has
    such a home, in the slot that it or its other end is called like. With `sure`, a short form and
    the name of an other end are no proof, and only what is called like ours has a home.
    """
    counts = Counter((tag.field, tag.label) for tag in tags)
    found = []
    for (field, label), times in sorted(counts.items()):
        layer, to, slot = _named(field, label, book, sure=sure)
        found.append(Home(field=field, label=label, times=times, layer=layer, to=to, slot=slot))
    related = Counter((one.label, one.head.label, one.child.label) for one in relations)
    between = [
        _between(RelationHome(label=label, head=head, child=child, times=times), found, book, sure)
        for (label, head, child), times in sorted(related.items())
    ]
    return Homes(home=tuple(found), relation=tuple(between))


@dataclass(frozen=True)
class Look:
    """The homes that count, and those that `wait` until they stand in the file of homes."""

    homes: Homes
    wait: Homes


def looked(found: Homes, sure: Homes, known: Homes | None, *, unseen: bool) -> Look:
    """Return which homes count: those of the file, `known`, before any that is proposed.

    What the file does not name counts only where it is shown first. `unseen` says that it is not:
    it waits then, but for what is called like ours where there is no file yet.
    """
    if known is None:
        if not unseen:
            return Look(found, Homes())
        rest = _beyond(found, _given(sure))
        guesses = _given(rest)
        return Look(_together(_given(sure), _beyond(rest, guesses)), guesses)
    fresh = _beyond(found, known)
    now = _counted(known, found)
    return Look(now, fresh) if unseen else Look(_together(now, fresh), Homes())


def unnamed(found: Homes, known: Homes | None) -> Homes:
    """Return what a file of homes does not name yet."""
    return found if known is None else _beyond(found, known)


def _key(one: RelationHome) -> tuple[str, str, str]:
    return one.label, one.head, one.child


def _given(homes: Homes) -> Homes:
    return Homes(
        home=tuple(one for one in homes.home if one.layer),
        relation=tuple(one for one in homes.relation if one.slot),
    )


def _together(first: Homes, second: Homes) -> Homes:
    return first.replaced(
        home=(*first.home, *second.home), relation=(*first.relation, *second.relation)
    )


def _beyond(found: Homes, known: Homes) -> Homes:
    labels = {(one.field, one.label) for one in known.home}
    relations = {_key(one) for one in known.relation}
    return Homes(
        home=tuple(one for one in found.home if (one.field, one.label) not in labels),
        relation=tuple(one for one in found.relation if _key(one) not in relations),
    )


def _counted(known: Homes, found: Homes) -> Homes:
    """Return the homes of a file with how often each of their labels stands in the data now."""
    labels = {(one.field, one.label): one.times for one in found.home}
    relations = {_key(one): one.times for one in found.relation}
    return known.replaced(
        home=tuple(one.replaced(times=labels.get((one.field, one.label), 0)) for one in known.home),
        relation=tuple(one.replaced(times=relations.get(_key(one), 0)) for one in known.relation),
    )


def _between(one: RelationHome, homes: Iterable[Home], book: Codebook, sure: bool) -> RelationHome:
    """Return a relation with the slot that it fills, where one is called like it."""
    for end, other in (("head", one.child), ("child", one.head)):
        own = one.replaced(of=end)
        called = (one.label,) if sure else (one.label, other)
        names = {(name.partition(":")[2] or name).casefold() for name in called}
        for slot in slots_of_owner(own, homes, book):
            if slot.type in FILLED and {slot.id, slot.name.casefold()} & names:
                return own.replaced(slot=slot.id)
    return one


def slots_of_owner(one: RelationHome, homes: Iterable[Home], book: Codebook) -> list[Slot]:
    """Return the slots of the marks that the owner of a relation becomes, or is in our own rows."""
    given = [home for home in homes if home.label == one.owner and home.layer]
    layers = [(book.layer(home.layer), home.to) for home in given]
    if not given:
        own = book.layer(one.owner.partition(":")[0])
        return list(own.slots) if own and ":" in one.owner else []
    return [slot for layer, label in layers if layer for slot in layer.slots_of(label)]


def _named(field: str, label: str, book: Codebook, *, sure: bool) -> tuple[str, str, str]:
    """Return the layer, label and slot that a label is called like, empty where there is none.

    What stands in a slot of ours is a value of that slot, and no label of another layer.
    """
    if any(
        field in (slot_type(layer.id, slot.id), f"{type_of(layer.id)}{SLOT}")
        for layer in book.layers
        for slot in layer.slots
    ):
        return "", "", ""
    return _spelled(field, label, book) or _same(label, book, sure=sure)


def _same(label: str, book: Codebook, *, sure: bool) -> tuple[str, str, str]:
    """Return the label that is called so or, where none is, the only one that was before.

    Marks of a former label get the label of now as they are taken in.
    """
    wanted = label.casefold()

    def called(one: Label) -> bool:
        return wanted in (one.id, one.name.casefold(), "" if sure else one.short.casefold())

    hits = [(layer.id, one.id) for layer in book.layers for one in layer.in_use if called(one)]
    hits = hits or [
        (layer.id, one.id)
        for layer in book.layers
        for one in _followed(layer)
        if called(one) or wanted in one.was
    ]
    return (*hits[0], "") if len(hits) == 1 and wanted else ("", "", "")


def _followed(layer: Layer) -> list[Label]:
    """Return the labels that can be given, and those that went into one of them."""
    in_use = {one.id for one in layer.in_use}
    return [one for one in layer.labels if layer.current(one.id) in in_use]


def became(book: Codebook, layer_id: str, label_id: str) -> str:
    """Return whether a label was renamed or merged; empty for one of now."""
    layer = book.layer(layer_id)
    if layer is None or layer.current(label_id) == label_id:
        return ""
    return "merged" if any(one.id == label_id for one in layer.labels) else "renamed"


def _spelled(field: str, label: str, book: Codebook) -> tuple[str, str, str] | None:
    """Return the layer, label and slot of what one of our exports wrote so, None for any other.

    It is `layer:label`, `layer:family:label` of a near miss, or `layer:slot:label`; where the field
    is called like the layer, that is left out. In brat it is a type.
    """
    parts = label.split(":")
    named = book.layer(field.removesuffix(WORDS))
    for layer, rest in ((book.layer(parts[0]), parts[1:]), (named, parts)):
        own = layer.label(rest[-1]) if layer and 1 <= len(rest) <= 2 else None
        if layer is None or own is None or own not in _followed(layer):
            continue
        within = rest[0] if len(rest) == 2 else ""
        able = [slot.id for slot in layer.slots_of(own.id) if slot.type in HELD]
        if within in able:
            return layer.id, own.id, within
        if within in ("", own.family):
            return layer.id, own.id, "" if within else _evidence(field, layer, able)
    types = [
        (layer.id, own.id, "")
        for layer in book.layers
        for own in _followed(layer)
        if label in (label_type(layer.id, name) for name in (own.id, *own.was))
    ]
    return types[0] if len(types) == 1 else None


def _evidence(field: str, layer: Layer, able: list[str]) -> str:
    """Return the slot of words that are called like their topic, empty for whole sentences."""
    words = field in ("entities", "spans") or field.endswith(WORDS)
    return able[0] if words and layer.id == TOPICS and len(able) == 1 else ""
