"""What becomes of a cast and of the marks that name it: renamed, merged, counted.

Pure functions on values. Whoever writes makes an edit, or a file, of what they return.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from annotator.errors import MarkError
from annotator.model.edit import CAST, Coding, Document
from annotator.model.entity import Cast, Entity
from annotator.model.mark import EntityValue, Mark, Slots, SlotValue

Names = Mapping[str, str]
"""Which entity id is to stand in the place of which."""


def uses(coding: Coding) -> Counter[str]:
    """Count the marks that name each entity, those that wait for a place included."""
    found: Counter[str] = Counter()
    for _, sentence in coding.sentences():
        for mark in (*sentence.marks, *sentence.unplaced):
            found.update(named_by(mark))
    return found


def named_by(mark: Mark) -> frozenset[str]:
    """Return the ids of the entities that a mark names."""
    values = (value for slot in mark.slots.values() for value in slot)
    return frozenset(value.entity for value in values if isinstance(value, EntityValue))


def leaning_on(cast: Cast, entity_id: str) -> list[Entity]:
    """Return who lists an entity among their members, whom they represent, or as affiliation."""
    return [
        other
        for other in cast.entities
        if other.id != entity_id
        and entity_id in (*other.members, *other.represents, other.affiliation)
    ]


def of_too_few(cast: Cast) -> list[Entity]:
    """Return the collectives that gather fewer than two, by their members or whom they represent.

    Who is not in the cast is none of them.
    """
    known = {entity.id for entity in cast.entities}
    return [
        one
        for one in cast.entities
        if one.type == "collective" and len(known.intersection(one.members or one.represents)) < 2
    ]


def with_aliases(entity: Entity, names: Iterable[str]) -> Entity:
    """Return an entity that is also called by these names, each once and none its own."""
    known = {entity.name.casefold(): ""}
    for name in (*entity.aliases, *names):
        if name.strip():
            known.setdefault(name.casefold(), name)
    return entity.model_copy(update={"aliases": tuple(name for name in known.values() if name)})


def renamed(entity: Entity, name: str) -> Entity:
    """Return an entity under a new name; by the old one it is still found in the text."""
    fresh = entity.model_copy(update={"name": name})
    return with_aliases(fresh, (entity.name,))


def joined(stays: Entity, gone: Entity) -> Entity:
    """Return one entity of two: its own word counts, and what it does not know the other says.

    The other's names become aliases.
    """
    known = {name: value for name, value in dict(gone).items() if name not in _OWN}
    filled = {name: value for name, value in known.items() if not getattr(stays, name)}
    for name in ("members", "represents"):
        filled[name] = tuple(dict.fromkeys((*getattr(stays, name), *getattr(gone, name))))
    return with_aliases(stays.model_copy(update=filled), (gone.name, *gone.aliases))


_OWN = frozenset({"id", "type", "name", "aliases"})


def require_two(cast: Cast, gone: str, stays: str) -> None:
    """Raise MarkError where two entities cannot become one: a collective and its own member."""
    one, other = cast.get(gone), cast.get(stays)
    for whole, part in ((one, other), (other, one)):
        if whole and part and part.id in _within(cast, whole):
            raise MarkError(f"{part.name} is a member of {whole.name}; the two cannot be one.")


def _within(cast: Cast, whole: Entity) -> frozenset[str]:
    """Return who belongs to a collective or stands behind it, also by way of others."""
    found: set[str] = set()
    ahead = [*whole.members, *whole.represents]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            entity = cast.get(name)
            ahead += [*entity.members, *entity.represents] if entity else []
    return frozenset(found)


def with_names(cast: Cast, names: Names) -> Cast:
    """Return a cast in which entities have taken the ids, and so the places, of others.

    Where both are in the cast they are joined, at the place of the one that stays; an entity is
    never its own member. Raises MarkError as `require_two` does.
    """
    for gone, stays in names.items():
        require_two(cast, gone, stays)
    found: dict[str, Entity] = {}
    stay = {e.id for e in cast.entities if e.id not in names}
    # Those who stay come first, so that their word counts; their place is found again below.
    for entity in sorted(cast.entities, key=lambda e: e.id in names):
        now = names.get(entity.id, entity.id)
        renewed = entity.model_copy(update={"id": now})
        found[now] = joined(found[now], renewed) if now in found else renewed
    order = dict.fromkeys(
        names.get(e.id, e.id) for e in cast.entities if e.id in stay or names[e.id] not in stay
    )
    return Cast(entities=tuple(_pointing(found[entity_id], names) for entity_id in order))


def _pointing(entity: Entity, names: Names) -> Entity:
    affiliation = entity.affiliation and names.get(entity.affiliation, entity.affiliation)
    return entity.model_copy(
        update={
            "members": swapped(entity.members, names, but=entity.id),
            "represents": swapped(entity.represents, names, but=entity.id),
            "affiliation": None if affiliation == entity.id else affiliation,
        }
    )


def swapped(ids: Iterable[str], names: Names, but: str = "") -> tuple[str, ...]:
    """Return ids under their new names, each once, without `but`."""
    now = dict.fromkeys(names.get(entity_id, entity_id) for entity_id in ids)
    return tuple(entity_id for entity_id in now if entity_id != but)


def renaming(coding: Coding, names: Names) -> dict[int, Document | None]:
    """Return the documents of a coding that change where entities take the ids of others.

    Raises MarkError as `require_two` does.
    """
    changed: dict[int, Document | None] = {}
    cast = with_names(coding.cast, names)
    if cast != coding.cast:
        changed[CAST] = cast
    for key, sentence in coding.sentences():
        marks = tuple(_mark_with(mark, names) for mark in sentence.marks)
        unplaced = tuple(_mark_with(mark, names) for mark in sentence.unplaced)
        if marks != sentence.marks or unplaced != sentence.unplaced:
            changed[key] = sentence.changed(marks=marks, unplaced=unplaced)
    return changed


def _mark_with(mark: Mark, names: Names) -> Mark:
    if names.keys().isdisjoint(named_by(mark)):
        return mark
    slots: Slots = {slot: _values_with(values, names) for slot, values in mark.slots.items()}
    return mark.model_copy(update={"slots": slots})


def _values_with(values: tuple[SlotValue, ...], names: Names) -> tuple[SlotValue, ...]:
    """Return a slot's values under the new names; who would stand there twice stands once."""
    kept: list[SlotValue] = []
    places: dict[str, int] = {}
    for value in values:
        if not isinstance(value, EntityValue):
            kept.append(value)
            continue
        now = names.get(value.entity, value.entity)
        fresh = value if now == value.entity else value.model_copy(update={"entity": now})
        if now not in places:
            places[now] = len(kept)
            kept.append(fresh)
        elif now in names.values():
            before = kept[places[now]]
            if isinstance(before, EntityValue) and _says_more(fresh, before):
                kept[places[now]] = fresh
        else:
            kept.append(fresh)  # Twice by the coder's own hand, and no affair of this.
    return tuple(kept)


def _says_more(one: EntityValue, other: EntityValue) -> bool:
    return (one.mention is not None, not one.inferred) > (
        other.mention is not None,
        not other.inferred,
    )
