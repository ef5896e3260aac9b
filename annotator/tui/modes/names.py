"""Who joins the cast while one codes: somebody new, several together, another name of somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import get_args

from annotator.model.entity import Entity, EntityType
from annotator.model.mark import EntityValue
from annotator.session import acts, casting, joining, naming
from annotator.tui.modes.base import Ask, Mode, Step
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.meeting import MeetingMode

WHO = f"Name, role, and what if no person: {', '.join(get_args(EntityType)[1:])}"


def ask_who(desk: Desk, back: Mode, take: Callable[[Entity], Step]) -> Step:
    """Ask for somebody; whom the sentence names and the cast does not know yet is proposed.

    Whoever goes by a name that is typed alone is taken as they are. Of somebody new it is asked
    only where they look alike with others whether they are one of them.
    """
    guess = next(iter(naming.newcomers(desk.session.cast, desk.text, desk.sentence)), None)

    def named(typed: str) -> Step:
        session = desk.session
        known = casting.named(session.cast, typed)
        if known is not None:
            return take(known)
        one = joining.newcomer(typed)
        if one is None:
            return Step(back)
        full = [guess.full] if guess and typed == guess.line and guess.full != guess.name else []
        met = joining.meeting(session.cast, session.acquaintances, one, full)
        return Step(MeetingMode(met, back, join)) if met.alike else join(met.newcomer)

    def join(entity: Entity) -> Step:
        desk.do(acts.add_entity(desk.pen, desk.session.coding, entity))
        return take(entity)

    line = guess.line if guess else ""
    return Step(back, ask=Ask(WHO, line, named, proposed=True, joins=True))


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
    """Keep the words of a slot as names of those they mean, and say so; empty without any."""
    found = unknown_words(desk, mark_id, slot)
    for entity, words in found:
        desk.do(casting.add_alias(desk.pen, desk.session.coding, entity.id, words))
    said = ", ".join(f"“{words}” is a name of {entity.name}" for entity, words in found)
    return f"{said} now." if said else ""


def offer(desk: Desk, mark_id: str, slot: str) -> str:
    """Say that words can be kept as a name, empty where there are none."""
    found = unknown_words(desk, mark_id, slot)
    return f"  {KEEP} keeps them as a name of {found[-1][0].name}" if found else ""


KEEP = "+"
"""The key that keeps words as a name in the form of a mark, and adds somebody without any."""
