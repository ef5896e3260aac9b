"""Who joins a cast: read from a typed line, under an id that is nobody else's in the project."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final, get_args

from annotator.errors import MarkError
from annotator.model.acquaintances import Acquaintances
from annotator.model.entity import Cast, Entity, EntityType
from annotator.model.ids import entity_id
from annotator.session.naming import Newcomer

_TYPES: Final[dict[str, EntityType]] = {str(known): known for known in get_args(EntityType)}
_NEARLY: Final = 0.75


def newcomer(typed: str) -> Newcomer | None:
    """Return whom a line names: “Norlund, state”, “Ada Arda, President”; None for an empty name.

    What stands last is the type where it is one; one thing behind the name may be the role in its
    place. Raises MarkError for a type that there is not, and for a role that is written nearly like
    one.
    """
    name, *rest = (" ".join(part.split()) for part in typed.split(","))
    while rest and not rest[-1]:
        rest.pop()
    kind: EntityType = "person"
    if rest and rest[-1].casefold() in _TYPES:
        kind = _TYPES[rest.pop().casefold()]
    elif len(rest) > 1 or (rest and get_close_matches(rest[-1].casefold(), _TYPES, 1, _NEARLY)):
        raise MarkError(
            f"“{rest[-1]}” is no type. The types are: {', '.join(_TYPES)}.",
            "Behind a role, write the type last.",
        )
    return Newcomer(name, kind, ", ".join(part for part in rest if part)) if name else None


def new_id(cast: Cast, known: Acquaintances, name: str, kind: EntityType) -> str:
    """Return an id for somebody new, which nobody else of the cast or of the project has."""
    return entity_id(name, kind, known.taken(kind) | {entity.id for entity in cast.entities})


def new_entity(cast: Cast, known: Acquaintances, one: Newcomer) -> Entity:
    """Return somebody new as an entity of their own."""
    made = new_id(cast, known, one.name, one.type)
    return Entity(id=made, type=one.type, name=one.name, role=one.role or None)
