"""Who joins the cast while one codes: somebody new, several together, another name of somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import get_args

from annotator.errors import MarkError
from annotator.model.casting import with_aliases
from annotator.model.entity import Cast, Entity, EntityType
from annotator.model.mark import EntityValue
from annotator.session import acts, casting
from annotator.tui.modes.desk import Desk

_TYPES = {str(known): known for known in get_args(EntityType)}
_NEARLY = 0.75
WHO = f"Name, role, and what if no person: {', '.join(get_args(EntityType)[1:])}"


def free_id(cast: Cast, name: str) -> str:
    """Return an id made of a name that nobody of the cast has."""
    stem = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:50] or "entity"
    taken = {entity.id for entity in cast.entities}
    numbered = (f"{stem}_{n}" for n in range(2, len(taken) + 3))
    return next(i for i in (stem, *numbered) if i not in taken)


def typed_entity(cast: Cast, typed: str) -> Entity | None:
    """Return the entity that a line names: “Norlund, state”, “Ada Arda, President”.

    None for an empty name. What stands last is the type where it is one; one thing behind the name
    may be the role in its place. Raises MarkError for a type that there is not, and for a role that
    is written nearly like one.
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
    if not name:
        return None
    role = ", ".join(part for part in rest if part) or None
    return Entity(id=free_id(cast, name), type=kind, name=name, role=role)


def new_entity(desk: Desk, typed: str, aliases: Sequence[str] = ()) -> Entity | None:
    """Put somebody new into the cast and return them; None for an empty name.

    Whoever goes by a name that is typed alone is returned as they are; with a role or a type behind
    it, it is somebody else's.
    """
    cast = desk.session.cast
    known = casting.named(cast, typed)
    if known is not None:
        return known
    entity = typed_entity(cast, typed)
    if entity is None:
        return None
    entity = with_aliases(entity, aliases)
    desk.do(acts.add_entity(desk.pen, desk.session.coding, entity))
    return entity


def new_collective(desk: Desk, name: str, members: Sequence[str]) -> Entity:
    """Put a collective of some of the cast into it and return it; raises MarkError."""
    cast = desk.session.cast
    entity = casting.collective(cast, name, members, free_id(cast, name))
    desk.do(acts.add_entity(desk.pen, desk.session.coding, entity))
    return entity


def unknown_words(desk: Desk, mark_id: str, slot: str) -> list[tuple[Entity, str]]:
    """Return who stands in a slot under words that nobody of the cast goes by, with those words."""
    mark, cast = desk.mark(mark_id), desk.session.cast
    found = []
    for value in mark.values(slot) if mark else ():
        if isinstance(value, EntityValue) and value.mention is not None:
            words = casting.new_name(cast, value.entity, value.mention.exact)
            entity = cast.get(value.entity)
            if words and entity is not None:
                found.append((entity, words))
    return found


def keep_words(desk: Desk, mark_id: str, slot: str) -> str:
    """Keep the words of a slot as names of those they mean, and say so."""
    found = unknown_words(desk, mark_id, slot)
    for entity, words in found:
        desk.do(casting.add_alias(desk.pen, desk.session.coding, entity.id, words))
    said = ", ".join(f"“{words}” is a name of {entity.name}" for entity, words in found)
    return f"{said} now." if said else "There are no new words to keep as a name."


def offer(desk: Desk, mark_id: str, slot: str) -> str:
    """Say that words can be kept as a name, empty where there are none."""
    found = unknown_words(desk, mark_id, slot)
    return f"  {KEEP} keeps them as a name of {found[-1][0].name}" if found else ""


KEEP = "+"
"""The key that keeps words as a name, in the form of a mark."""
