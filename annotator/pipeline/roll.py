"""Everybody over many casts, and who of them may be the same.

Entities of one id and one type are one entity, in whichever readouts they stand. A collective is
one by its members as well: “the two leaders” are others in each readout.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Final

from annotator.model.entity import Cast, Entity, EntityType
from annotator.model.namesakes import ALIKE, nearest, shared, short, words

_COMMON: Final = 60
"""A word that so many have in their names tells nothing of whether two are the same."""
LeftOut = tuple[tuple[str, str], ...]
"""Readouts that nothing was read from or written to, each with the reason."""


@dataclass(frozen=True, order=True)
class Who:
    """Who is meant by an id: somebody of that type, and of a collective by its members, sorted."""

    id: str
    type: EntityType
    members: tuple[str, ...] = ()

    @classmethod
    def of(cls, entity: Entity) -> Who:
        """Tell who an entity of a cast is."""
        gathers = entity.type == "collective"
        return cls(entity.id, entity.type, tuple(sorted(set(entity.members))) if gathers else ())

    def other_in(self, cast: Cast) -> Entity | None:
        """Return whoever has this id in a cast and is another one, None where nobody has."""
        entity = cast.get(self.id)
        return None if entity is None or Who.of(entity) == self else entity


@dataclass(frozen=True)
class Entry:
    """Somebody of the register: what they are called, by how many readouts and marks.

    `name` is what they are called most often; `names` are all names and aliases, that one first.
    """

    id: str
    type: EntityType
    name: str
    names: tuple[str, ...] = ()
    role: str = ""
    affiliation: str = ""
    wikidata: str = ""
    members: tuple[str, ...] = ()
    readouts: tuple[str, ...] = ()
    marks: int = 0

    @property
    def who(self) -> Who:
        """Who it is among others of the same id."""
        gathers = self.type == "collective"
        return Who(self.id, self.type, tuple(sorted(set(self.members))) if gathers else ())


@dataclass
class _Gathered:
    names: Counter[str] = field(default_factory=Counter)
    aliases: dict[str, None] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    readouts: dict[str, None] = field(default_factory=dict)
    marks: int = 0


@dataclass
class Roll:
    """Gathers entities by who they are, readout by readout."""

    _found: dict[Who, _Gathered] = field(default_factory=lambda: defaultdict(_Gathered))
    _strangers: dict[str, _Gathered] = field(default_factory=lambda: defaultdict(_Gathered))

    def take(
        self, readout: str, entities: Iterable[Entity], uses: Mapping[str, int] | None = None
    ) -> None:
        """Take the cast of a readout; `uses` are the marks that name each, where it is coded.

        Whoever is named by marks and by no cast is known by their id alone.
        """
        by_id: dict[str, _Gathered] = {}
        for entity in entities:
            one = by_id[entity.id] = self._found[Who.of(entity)]
            one.names[entity.name] += 1
            one.aliases.update(dict.fromkeys(entity.aliases))
            one.members = one.members or entity.members
            one.readouts[readout] = None
            for name in ("role", "affiliation", "wikidata"):
                if value := getattr(entity, name):
                    one.said.setdefault(name, value)
        for entity_id, marks in (uses or {}).items():
            one = by_id.get(entity_id) or self._strangers[entity_id]
            one.marks += marks
            one.readouts[readout] = None

    def entries(self) -> tuple[Entry, ...]:
        """Return everybody: those whom most marks and readouts name first, then by name."""
        found = dict(self._found)
        of_id: dict[str, list[Who]] = defaultdict(list)
        for who in found:
            of_id[who.id].append(who)
        for entity_id, stranger in self._strangers.items():
            known = of_id[entity_id]
            who = known[0] if len(known) == 1 else Who(entity_id, "person")
            found[who] = _both(found[who], stranger) if who in found else stranger
        made = (_entry(who, one) for who, one in found.items())
        return tuple(
            sorted(made, key=lambda e: (-e.marks, -len(e.readouts), e.name.casefold(), e.who))
        )


def _both(one: _Gathered, stranger: _Gathered) -> _Gathered:
    readouts = {**one.readouts, **stranger.readouts}
    return replace(one, readouts=readouts, marks=one.marks + stranger.marks)


def _entry(who: Who, one: _Gathered) -> Entry:
    names = [name for name, _ in one.names.most_common()]
    every = dict.fromkeys([*names, *one.aliases])
    return Entry(
        who.id,
        who.type,
        names[0] if names else who.id,
        tuple(every),
        members=one.members,
        readouts=tuple(one.readouts),
        marks=one.marks,
        **one.said,
    )


@dataclass(frozen=True)
class Register:
    """Everybody, those whom most marks name first; `unread` are readouts nobody can tell of."""

    entries: tuple[Entry, ...] = ()
    unread: LeftOut = ()

    @cached_property
    def _by_id(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.id, []).append(entry)
        return found

    def all_of(self, entity_id: str) -> tuple[Entry, ...]:
        """Return everybody who goes by an id: one, but for collectives and for a clash of types."""
        return tuple(self._by_id.get(entity_id, ()))

    def get(self, who: Who) -> Entry | None:
        """Return the entry of somebody, or None."""
        return next((one for one in self.all_of(who.id) if one.who == who), None)

    def clashes(self, entry: Entry) -> tuple[Entry, ...]:
        """Return who has the id of an entry and is of another type."""
        return tuple(one for one in self.all_of(entry.id) if one.type != entry.type)

    def members(self, entry: Entry) -> tuple[str, ...]:
        """Return what the members of a collective are called, in its readouts where they can be."""
        here = set(entry.readouts)
        names = []
        for member in entry.members:
            found = self.all_of(member)
            near = next((one for one in found if not here.isdisjoint(one.readouts)), None)
            names.append(near.name if near else found[0].name if found else member)
        return tuple(names)


@dataclass(frozen=True)
class Alike:
    """Two who may be one; `score` is between 0 and 1, `why` says what they share."""

    one: Who
    other: Who
    score: float
    why: str


def alike(entries: Sequence[Entry]) -> list[Alike]:
    """Return who may be the same as whom, the most alike first.

    Two are not who are of different types, countries or Wikidata items; two collectives only where
    their members are the same.
    """
    by_word: dict[str, set[int]] = defaultdict(set)
    for place, entry in enumerate(entries):
        for name in entry.names:
            for word in words(name):
                by_word[word].add(place)
        if entry.wikidata:
            by_word[entry.wikidata].add(place)
    near = {
        pair
        for places in by_word.values()
        if len(places) <= _COMMON
        for pair in combinations(sorted(places), 2)
    }
    found = (_compared(entries[a], entries[b]) for a, b in near)
    return sorted((one for one in found if one), key=lambda one: (-one.score, one.one, one.other))


def _compared(one: Entry, other: Entry) -> Alike | None:
    if one.type != other.type or one.id == other.id or _apart(one.wikidata, other.wikidata):
        return None
    if one.wikidata and one.wikidata == other.wikidata:
        return Alike(one.who, other.who, 1.0, one.wikidata)
    if _apart(one.affiliation, other.affiliation) or set(one.members) != set(other.members):
        return None
    if one.type == "collective" and not one.members:
        return None
    name = shared(one.names, other.names)
    if name:
        return Alike(one.who, other.who, 0.9, f"both are called “{name}”")
    score, pair = nearest(one.names, other.names)
    if score < ALIKE and one.type == "person" and (found := short(one.names, other.names)):
        score, pair = ALIKE, found
    if score < ALIKE:
        return None
    return Alike(one.who, other.who, round(score, 2), f"“{pair[0]}” is like “{pair[1]}”")


def _apart(one: str, other: str) -> bool:
    return bool(one and other and one != other)
