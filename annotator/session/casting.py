"""What a coder can do to the cast of a readout, as pure functions from a coding to an edit.

As in `acts`, every function changes nothing, and one that would change nothing returns None. An
entity that is not in the cast is refused with a MarkError.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from annotator.errors import MarkError
from annotator.model import casting
from annotator.model.edit import CAST, Coding, Edit
from annotator.model.entity import Cast, Entity
from annotator.plural import many
from annotator.session.acts import Pen
from annotator.session.session import Session


def change(pen: Pen, coding: Coding, entity: Entity) -> Edit | None:
    """Put what is now known of an entity into its place in the cast.

    Raises MarkError for a collective that would be its own member, directly or through another, and
    for one that would be left with fewer than two members.
    """
    before = _known(coding, entity.id)
    if entity.members != before.members and len(entity.members) < 2:
        raise MarkError(_TWO)
    entity = casting.with_aliases(entity, ())
    cast = coding.cast.with_entity(entity)
    if _inside_itself(cast, entity):
        raise MarkError(f"{entity.name} would be a member of itself.")
    return pen.edit(coding, f"cast {before.name}", {CAST: cast})


def rename(pen: Pen, coding: Coding, entity_id: str, name: str) -> Edit | None:
    """Call an entity by another name; the old one stays an alias, so that it is still found.

    Raises MarkError where the name is empty or somebody else of the cast has it.
    """
    entity = _known(coding, entity_id)
    name = " ".join(name.split())
    if not name:
        raise MarkError("A name holds at least one letter.")
    other = named(coding.cast, name)
    if other is not None and other.id != entity_id and other.name.casefold() == name.casefold():
        raise MarkError(f"{other.name} is in the cast already.", "Merge the two.")
    fresh = casting.renamed(entity, name)
    return pen.edit(
        coding, f"rename {entity.name} to {name}", {CAST: coding.cast.with_entity(fresh)}
    )


def add_alias(pen: Pen, coding: Coding, entity_id: str, alias: str) -> Edit | None:
    """Note another name of an entity; None where that is known."""
    entity = _known(coding, entity_id)
    fresh = casting.with_aliases(entity, (" ".join(alias.split()),))
    return pen.edit(coding, f"alias {alias}", {CAST: coding.cast.with_entity(fresh)})


def latecomers(session: Session) -> tuple[Entity, ...]:
    """Return whom the readout's file names and the cast never had: they came in later.

    Whoever was taken out of the cast is none of them.
    """
    late = [one for one in session.readout.cast.entities if not session.cast.get(one.id)]
    if not late:
        return ()
    docs = (change.after for act in session.history for change in act.changes)
    had = {one.id for cast in docs if isinstance(cast, Cast) for one in cast.entities}
    return tuple(one for one in late if one.id not in had)


def new_name(cast: Cast, entity_id: str, exact: str) -> str:
    """Return the words of a mention as a name, empty where they name somebody of the cast already.

    Words that name another entity, and those too long for a name, are none either.
    """
    words = " ".join(exact.split())
    if not words or len(words) > _LONGEST_NAME or cast.get(entity_id) is None:
        return ""
    return "" if named(cast, words) else words


_LONGEST_NAME = 80


def named(cast: Cast, name: str) -> Entity | None:
    """Return who of the cast goes by a name, whatever its case; the first of several."""
    wanted = " ".join(name.split()).casefold()
    known = (e for e in cast.entities if wanted in (x.casefold() for x in (e.name, *e.aliases)))
    return next(known, None)


def remove(pen: Pen, coding: Coding, entity_id: str) -> Edit | None:
    """Take an entity out of the cast; raises MarkError where a mark or another entity names it."""
    entity = _known(coding, entity_id)
    used = casting.uses(coding)[entity_id]
    if used:
        raise MarkError(
            f"{entity.name} stands in {many(used, 'mark')}.",
            "Merge it with somebody, or change the marks first.",
        )
    leaning = casting.leaning_on(coding.cast, entity_id)
    if leaning:
        names = ", ".join(other.name for other in leaning[:3])
        raise MarkError(f"{entity.name} belongs to {names}.", "Change that first.")
    kept = tuple(other for other in coding.cast.entities if other.id != entity_id)
    return pen.edit(coding, f"remove {entity.name} from the cast", {CAST: Cast(entities=kept)})


def merge(pen: Pen, coding: Coding, gone: str, stays: str) -> Edit | None:
    """Make one entity of two, in every mark and every collective.

    The names of the one that goes become aliases of the other. Raises MarkError where one is a
    member of the other.
    """
    one, other = _known(coding, gone), _known(coding, stays)
    if gone == stays:
        return None
    changed = casting.renaming(coding, {gone: stays})
    return pen.edit(coding, f"merge {one.name} into {other.name}", changed)


def give_id(pen: Pen, coding: Coding, entity_id: str, other: str) -> Edit | None:
    """Give an entity another id, in every mark and every collective.

    In the register it is then another one than whoever has the old id elsewhere. Raises MarkError
    for what is no id, and for one that somebody of the cast has.
    """
    entity = _known(coding, entity_id)
    if other == entity_id:
        return None
    try:
        Entity.model_validate({**dict(entity), "id": other})
    except ValidationError:
        raise MarkError(
            f"“{other}” is no id.", "Write small letters a–z, digits and _, no _ first; at most 64."
        ) from None
    there = coding.cast.get(other)
    if there is not None:
        raise MarkError(f"{there.name} has the id {other}.", "Merge the two, or give another.")
    changed = casting.renaming(coding, {entity_id: other})
    return pen.edit(coding, f"give {entity.name} the id {other}", changed)


def move(pen: Pen, coding: Coding, entity_id: str, by: int) -> Edit | None:
    """Move an entity so many places down the cast, or up where `by` is negative."""
    entity = _known(coding, entity_id)
    people = list(coding.cast.entities)
    place = people.index(entity)
    to = max(0, min(len(people) - 1, place + by))
    people.insert(to, people.pop(place))
    return pen.edit(coding, f"move {entity.name}", {CAST: Cast(entities=tuple(people))})


def sort_by_use(pen: Pen, coding: Coding) -> Edit | None:
    """Put those first whom most marks name, so that they have the keys from 1 on."""
    used = casting.uses(coding)
    people = sorted(coding.cast.entities, key=lambda entity: -used[entity.id])
    return pen.edit(coding, "sort the cast by use", {CAST: Cast(entities=tuple(people))})


def collective(cast: Cast, name: str, members: Sequence[str], entity_id: str) -> Entity:
    """Return a collective of some of the cast, and of the states that they stand for.

    Raises MarkError for fewer than two members, or an empty name.
    """
    name = " ".join(name.split())
    if len(dict.fromkeys(members)) < 2:
        raise MarkError(_TWO)
    if not name:
        raise MarkError("A collective has a name, such as “the parties”.")
    chosen = [entity for m in dict.fromkeys(members) if (entity := cast.get(m)) is not None]
    known = [e for e in reversed(cast.entities) if e.type == "state"]
    states = {e.id: e.id for e in known}
    states |= {e.affiliation.casefold(): e.id for e in known if e.affiliation}
    stood_for = (states.get((e.affiliation or "").casefold()) for e in chosen if e.type != "state")
    return Entity(
        id=entity_id,
        type="collective",
        name=name,
        members=tuple(entity.id for entity in chosen),
        represents=tuple(dict.fromkeys(state for state in stood_for if state)),
    )


_TWO = "A collective has two members at least."


def _known(coding: Coding, entity_id: str) -> Entity:
    entity = coding.cast.get(entity_id)
    if entity is None:
        raise MarkError(f"Nobody of the cast has the id {entity_id}.", "Open the cast again.")
    return entity


def _inside_itself(cast: Cast, entity: Entity) -> bool:
    seen: set[str] = set()
    waiting = list(entity.members)
    while waiting:
        member = cast.get(waiting.pop())
        if member is None or member.id in seen:
            continue
        if member.id == entity.id:
            return True
        seen.add(member.id)
        waiting += member.members
    return False
