"""Everybody by their ids, over many casts, and who of them may be the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from annotator.model.entity import Entity, EntityType
from annotator.model.likeness import bag, likeness

ALIKE: Final = 0.5
"""How alike two names are, from which on they are proposed as one."""
_COMMON: Final = 60
"""A word that so many have in their names tells nothing of whether two are the same."""
_WORD = re.compile(r"\w+")


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


@dataclass
class _Gathered:
    types: Counter[EntityType] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    aliases: dict[str, None] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    readouts: dict[str, None] = field(default_factory=dict)
    marks: int = 0


@dataclass
class Roll:
    """Gathers entities by their ids, readout by readout."""

    _found: dict[str, _Gathered] = field(default_factory=lambda: defaultdict(_Gathered))

    def take(
        self, readout: str, entities: Iterable[Entity], uses: Mapping[str, int] | None = None
    ) -> None:
        """Take the cast of a readout; `uses` are the marks that name each, where it is coded.

        Whoever is named by marks and by no cast is known by their id alone.
        """
        for entity in entities:
            one = self._found[entity.id]
            one.types[entity.type] += 1
            one.names[entity.name] += 1
            one.aliases.update(dict.fromkeys(entity.aliases))
            one.members = one.members or entity.members
            one.readouts[readout] = None
            for name in ("role", "affiliation", "wikidata"):
                if value := getattr(entity, name):
                    one.said.setdefault(name, value)
        for entity_id, marks in (uses or {}).items():
            self._found[entity_id].marks += marks
            self._found[entity_id].readouts[readout] = None

    def entries(self) -> tuple[Entry, ...]:
        """Return everybody: those whom most marks and readouts name first, then by name."""
        made = (_entry(entity_id, one) for entity_id, one in self._found.items())
        return tuple(
            sorted(made, key=lambda e: (-e.marks, -len(e.readouts), e.name.casefold(), e.id))
        )


def _entry(entity_id: str, one: _Gathered) -> Entry:
    names = [name for name, _ in one.names.most_common()]
    every = dict.fromkeys([*names, *one.aliases])
    return Entry(
        entity_id,
        one.types.most_common(1)[0][0] if one.types else "person",
        names[0] if names else entity_id,
        tuple(every),
        members=one.members,
        readouts=tuple(one.readouts),
        marks=one.marks,
        **one.said,
    )


@dataclass(frozen=True)
class Alike:
    """Two who may be one, by id; `score` is between 0 and 1, `why` says what they share."""

    one: str
    other: str
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
            for word in _WORD.findall(name.casefold()):
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
    if one.type != other.type or _apart(one.wikidata, other.wikidata):
        return None
    if one.wikidata and one.wikidata == other.wikidata:
        return Alike(one.id, other.id, 1.0, one.wikidata)
    if _apart(one.affiliation, other.affiliation) or set(one.members) != set(other.members):
        return None
    if one.type == "collective" and not one.members:
        return None
    folded = {name.casefold() for name in one.names}
    shared = [name for name in other.names if name.casefold() in folded]
    if shared:
        return Alike(one.id, other.id, 0.9, f"both are called “{shared[0]}”")
    score, pair = max((likeness(bag(a), bag(b)), (a, b)) for a in one.names for b in other.names)
    if score < ALIKE:
        return None
    return Alike(one.id, other.id, round(score, 2), f"“{pair[0]}” is like “{pair[1]}”")


def _apart(one: str, other: str) -> bool:
    return bool(one and other and one != other)
