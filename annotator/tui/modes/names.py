"""Who joins the cast while one codes: somebody new, several together, another name of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from annotator.model.casting import with_aliases
from annotator.model.entity import Entity, EntityType
from annotator.model.mark import EntityValue
from annotator.session import acts, casting, joining
from annotator.tui.modes.desk import Desk

WHO = f"Name, role, and what if no person: {', '.join(get_args(EntityType)[1:])}"


def new_entity(desk: Desk, typed: str, aliases: Sequence[str] = ()) -> Entity | None:
    """Put somebody new into the cast and return them; None for an empty name.

    Whoever goes by a name that is typed alone is returned as they are; with a role or a type behind
    it, it is somebody else's.
    """
    cast = desk.session.cast
    known = casting.named(cast, typed)
    if known is not None:
        return known
    one = joining.newcomer(typed)
    if one is None:
        return None
    made = joining.new_entity(cast, desk.session.acquaintances, one)
    entity = with_aliases(made, aliases)
    desk.do(acts.add_entity(desk.pen, desk.session.coding, entity))
    return entity


def new_collective(desk: Desk, name: str, members: Sequence[str]) -> Entity:
    """Put a collective of some of the cast into it and return it; raises MarkError."""
    cast = desk.session.cast
    made = joining.new_id(cast, desk.session.acquaintances, name, "collective")
    entity = casting.collective(cast, name, members, made)
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
