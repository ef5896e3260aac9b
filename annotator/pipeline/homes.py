"""Which layer and label a foreign label becomes: proposed by name, decided in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.told import Relation, Tag
from annotator.model.base import Value
from annotator.model.codebook import Codebook, Slot
from annotator.tomlfile import read_toml

_HEAD = """\
# Where the labels of {source} go.
#
# Each has a `layer` and a `to`, a label of it; leave both empty and it is left out. Where the file
# marks words, `slot` names the slot of that label that takes them; without one, the label is given
# to the sentence that the words stand in.
#
# A relation puts the words at its one end into a `slot` of the mark that stands for its other end:
# `of` says which end has that mark, "head" or "child". Without a slot it is left out.
"""

End = Literal["head", "child"]
_FILLED: Final = ("span", "entity", "ref")
"""The types of slots that words can fill."""


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
    """The labels and relations of a file from outside, each with its home."""

    home: tuple[Home, ...] = ()
    relation: tuple[RelationHome, ...] = ()


@dataclass(frozen=True)
class HomesOf:
    """The homes by the labels that have one, checked against a codebook.

    Without the codebook, relations have none.
    """

    homes: Homes
    book: Codebook | None = None

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

    def of_relation(self, one: Relation) -> RelationHome | None:
        """Return the home of a relation, None where it has none."""
        home = self._related.get((one.label, one.head.label, one.child.label))
        return home if home and home.slot and self.book else None

    def slot(self, layer: str, label: str, slot: str) -> Slot | None:
        """Return a slot that marks of a label have, or None."""
        found = self.book.layer(layer) if self.book else None
        slots = found.slots_of(label) if found else ()
        return next((one for one in slots if one.id == slot), None)


def proposed(tags: Iterable[Tag], book: Codebook, relations: Iterable[Relation] = ()) -> Homes:
    """Return a home for each label whose id, name or short form the codebook has in one layer.

    A relation goes where one of its ends has such a home, in the slot that it or its other end is
    called like.
    """
    counts = Counter((tag.field, tag.label) for tag in tags)
    found = []
    for (field, label), times in sorted(counts.items()):
        layer, to = _same(label, book)
        found.append(Home(field=field, label=label, times=times, layer=layer, to=to))
    related = Counter((one.label, one.head.label, one.child.label) for one in relations)
    between = [
        _between(RelationHome(label=label, head=head, child=child, times=times), found, book)
        for (label, head, child), times in sorted(related.items())
    ]
    return Homes(home=tuple(found), relation=tuple(between))


def _between(one: RelationHome, homes: Iterable[Home], book: Codebook) -> RelationHome:
    """Return a relation with the slot that it fills, where one is called like it."""
    for end, other in (("head", one.child), ("child", one.head)):
        own = one.replaced(of=end)
        names = [name.partition(":")[2] or name for name in (one.label, other)]
        for slot in _slots(own, homes, book):
            if slot.type in _FILLED and {slot.id, slot.name.casefold()} & {
                name.casefold() for name in names
            }:
                return own.replaced(slot=slot.id)
    return one


def _slots(one: RelationHome, homes: Iterable[Home], book: Codebook) -> list[Slot]:
    """Return the slots of the marks that the owner of a relation becomes, or is in our own rows."""
    given = [home for home in homes if home.label == one.owner and home.layer]
    layers = [(book.layer(home.layer), home.to) for home in given]
    if not given:
        own = book.layer(one.owner.partition(":")[0])
        return list(own.slots) if own and ":" in one.owner else []
    return [slot for layer, label in layers if layer for slot in layer.slots_of(label)]


def _same(label: str, book: Codebook) -> tuple[str, str]:
    wanted = label.casefold()
    hits = [
        (layer.id, one.id)
        for layer in book.layers
        for one in layer.in_use
        if wanted in (one.id.casefold(), one.name.casefold(), one.short.casefold())
    ]
    return hits[0] if len(hits) == 1 else ("", "")


def as_toml(homes: Homes, source: str) -> bytes:
    """Return the file that a user completes; `source` is what the labels are of."""
    import tomlkit  # Reading does without it.

    # An empty list of tables would be written into the table before it.
    told = {name: tables for name, tables in homes.model_dump().items() if tables}
    return f"{_HEAD.format(source=printable(source))}\n{tomlkit.dumps(told)}".encode()


def read_homes(path: Path, book: Codebook) -> HomesOf:
    """Read a file of homes; raises InputError that names what the codebook does not have."""
    homes = read_toml(path, Homes)
    for home in homes.home:
        if home.layer:
            _require(home, book, path)
    for one in homes.relation:
        if one.slot:
            _require_slot(one, homes, book, path)
    return HomesOf(homes, book)


def _require_slot(one: RelationHome, homes: Homes, book: Codebook, path: Path) -> None:
    place = f"{printable(str(path))}, the relation “{printable(one.label)}”"
    slots = _slots(one, homes.home, book)
    able = list(dict.fromkeys(slot.id for slot in slots if slot.type in _FILLED))
    if not slots:
        raise InputError(
            f"{place}: “{printable(one.owner)}” has no home whose slot it could fill.",
            "Give that label a home, or leave the slot empty.",
        )
    if one.slot not in able:
        raise InputError(
            f"{place}: marks of “{printable(one.owner)}” have no slot “{printable(one.slot)}” for"
            " words.",
            f"Those that they have: {', '.join(able)}." if able else "Leave the slot empty.",
        )


def _require(home: Home, book: Codebook, path: Path) -> None:
    layer = book.layer(home.layer)
    place = f"{printable(str(path))}, the label “{printable(home.label)}”"
    if layer is None:
        known = ", ".join(one.id for one in book.layers)
        raise InputError(
            f"{place}: the codebook has no layer “{printable(home.layer)}”.",
            f"Its layers are {known}.",
        )
    label = layer.label(home.to)
    if label is None:
        raise InputError(
            f"{place}: the layer “{layer.id}” has no label “{printable(home.to)}”.",
            "“annotator codebook” lists its labels.",
        )
    spans = [slot.id for slot in layer.slots_of(label.id) if slot.type == "span"]
    if home.slot and home.slot not in spans:
        raise InputError(
            f"{place}: the label “{label.id}” has no slot “{printable(home.slot)}” for words.",
            f"Those that it has: {', '.join(spans)}." if spans else "Leave the slot empty.",
        )
