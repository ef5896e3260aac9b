"""Whom a project knows: everybody of its casts, for whoever adds somebody to one of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from annotator.model.entity import Entity, EntityType
from annotator.model.namesakes import words


@dataclass(frozen=True)
class Acquaintance:
    """Somebody as a project knows them, and in how many of its readouts."""

    entity: Entity
    readouts: int = 0


@dataclass(frozen=True)
class Acquaintances:
    """Everybody of a project; those first whom most of its marks and readouts name."""

    people: tuple[Acquaintance, ...] = ()

    def ready(self) -> Self:
        """Return them once all is looked up that questions take, as another thread may do."""
        self.types("")
        self.of_words("nobody")
        return self

    def taken(self, kind: EntityType) -> frozenset[str]:
        """Return the ids that somebody new of a type cannot have, as they are somebody else's.

        A collective is another one in each readout, and is told by its members, not by its id.
        """
        return frozenset(
            entity_id
            for entity_id, types in self._types.items()
            if kind != "collective" or types != {"collective"}
        )

    def types(self, entity_id: str) -> frozenset[EntityType]:
        """Return of which types those are who have an id: none where it is nobody's."""
        return frozenset(self._types.get(entity_id, ()))

    def of_words(self, name: str) -> list[Acquaintance]:
        """Return those in whose names one of the words of this one stands, in their order."""
        places = {place for word in words(name) for place in self._by_word.get(word, ())}
        return [self.people[place] for place in sorted(places)]

    @cached_property
    def _by_word(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for place, one in enumerate(self.people):
            for name in (one.entity.name, *one.entity.aliases):
                for word in words(name):
                    found[word].add(place)
        return found

    @cached_property
    def _types(self) -> dict[str, set[EntityType]]:
        found: dict[str, set[EntityType]] = defaultdict(set)
        for one in self.people:
            found[one.entity.id].add(one.entity.type)
        return found
