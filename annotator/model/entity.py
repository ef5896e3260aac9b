"""Who speaks, promises or is spoken to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from annotator.model.base import Value

EntityType = Literal["person", "office", "state", "organisation", "people", "group", "collective"]
EntityId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]


class Entity(Value):
    """A person, office, state, organisation, people, group, or a collective of such.

    A collective ("the parties") lists its `members` and whom they `represent`, by entity id.
    `affiliation` is an ISO 3166 alpha-2 code or the id of an organisation.
    """

    id: EntityId
    type: EntityType
    name: Annotated[str, Field(min_length=1)]
    role: str | None = None
    affiliation: str | None = None
    aliases: tuple[str, ...] = ()
    members: tuple[EntityId, ...] = ()
    represents: tuple[EntityId, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    wikidata: str | None = None


class Cast(Value):
    """The entities of one readout, in the order of their keys 1 to 9."""

    entities: tuple[Entity, ...] = ()

    def get(self, entity_id: str) -> Entity | None:
        """Return the entity of that id, or None."""
        return next((entity for entity in self.entities if entity.id == entity_id), None)

    def name(self, entity_id: str) -> str:
        """Return the entity's name, or its id where the cast does not know it."""
        entity = self.get(entity_id)
        return entity.name if entity else entity_id

    def with_entity(self, entity: Entity) -> Cast:
        """Return a cast that holds `entity`, in place of an older one of the same id."""
        if self.get(entity.id) is None:
            return Cast(entities=(*self.entities, entity))
        replaced = (entity if other.id == entity.id else other for other in self.entities)
        return Cast(entities=tuple(replaced))
