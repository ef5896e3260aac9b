"""Who joins a cast: read from a typed line, and somebody of the project or nobody yet.

Whoever is like nobody gets an id that is nobody else's. Where somebody looks alike, only the coder
can tell whether they are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, get_args

from annotator.errors import MarkError
from annotator.model import casting
from annotator.model.acquaintances import Acquaintance, Acquaintances
from annotator.model.entity import Cast, Entity, EntityType
from annotator.model.ids import entity_id
from annotator.model.namesakes import ALIKE, nearest, shared, short
from annotator.session.naming import Newcomer

_TYPES: Final[dict[str, EntityType]] = {str(known): known for known in get_args(EntityType)}
_NEARLY: Final = 0.75
MOST: Final = 9
"""Of how many who look alike a coder is asked."""


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


@dataclass(frozen=True)
class Meeting:
    """Somebody new who may be one of those who look `alike`, the nearest first."""

    newcomer: Entity
    alike: tuple[Acquaintance, ...] = ()

    def as_known(self, one: Acquaintance) -> Entity:
        """Return one of those who look alike, under the new names as well."""
        return casting.joined(one.entity, self.newcomer)


def meeting(
    cast: Cast, known: Acquaintances, one: Newcomer, aliases: Sequence[str] = ()
) -> Meeting:
    """Return somebody new under an id of their own, and whom of cast and project they are like.

    Alike are those who share a name or an alias, whatever their type, and those of the same type
    whose name is the same in fewer words, or much the same.
    """
    made = new_id(cast, known, one.name, one.type)
    new = Entity(id=made, type=one.type, name=one.name, role=one.role or None)
    ranked = sorted(
        (
            (-near, place, other)
            for place, other in enumerate(_met(cast, known, one.name))
            if (near := _nearness(one, other.entity))
        ),
        key=lambda found: found[:2],
    )
    alike = tuple(other for _, _, other in ranked[:MOST])
    return Meeting(casting.with_aliases(new, aliases), alike)


def _met(cast: Cast, known: Acquaintances, name: str) -> list[Acquaintance]:
    """Return the cast, and those of the project who have a word of the name and may join it."""
    here = {entity.id for entity in cast.entities}
    own = [Acquaintance(entity) for entity in cast.entities]
    return [*own, *(one for one in known.of_words(name) if one.entity.id not in here)]


def _nearness(one: Newcomer, other: Entity) -> int:
    """Return 2 for the same name, 1 for one that is like it, 0 for others and for collectives."""
    names = (other.name, *other.aliases)
    if "collective" in (one.type, other.type):
        return 0
    if shared(names, [one.name]):
        return 2
    if one.type != other.type:
        return 0
    if one.type == "person" and short([one.name], names):
        return 1
    return int(nearest(names, [one.name])[0] >= ALIKE)


def new_id(cast: Cast, known: Acquaintances, name: str, kind: EntityType) -> str:
    """Return an id for somebody new, which nobody else of the cast or of the project has."""
    return entity_id(name, kind, known.taken(kind) | {entity.id for entity in cast.entities})
