"""People who came into the file of a readout after a coder's work on it had begun.

A coding keeps the cast that it began with, so that nobody else's act changes it. What is taken in
may name whoever came later: they come into the cast with it, in the same act.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from annotator.model.casting import named_by
from annotator.model.edit import CAST, Coding
from annotator.model.entity import Cast, Entity
from annotator.model.mark import EntityValue, Mark, SlotValue
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.pipeline.units import Units

_NAMES: Final = 5


class Latecomers:
    """Those whom a readout's file names, and the cast of a coding does not have."""

    def __init__(self, readout: Readout, coding: Coding) -> None:
        self._readout = readout
        self._people = {one.id: one for one in readout.cast.entities if not coding.cast.get(one.id)}

    def beside(self, cast: Cast) -> Cast:
        """Return a cast with them."""
        late = (one for one in self._people.values() if not cast.get(one.id))
        return Cast(entities=(*cast.entities, *late)) if self._people else cast

    def completed(self, there: Mark, new: Mark) -> Mark:
        """Return a mark with them in the slots in which it names nobody.

        Its coder cannot have decided against them, who were in no cast.
        """
        named = {
            slot: values
            for slot, values in new.slots.items()
            if slot not in there.slots and self._are_late(values)
        }
        return there.replaced(slots={**there.slots, **named}) if named else there

    def _are_late(self, values: tuple[SlotValue, ...]) -> bool:
        return all(isinstance(one, EntityValue) and one.entity in self._people for one in values)

    def take(self, units: Units, coder: str) -> str:
        """Take those whom marks name into the cast; return what is to be said, empty for none."""
        changed = (one.after for one in units.changes() if isinstance(one.after, Sentence))
        used = {who for one in changed for mark in one.marks for who in named_by(mark)}
        here = units.cast
        wanted = [one for one in self._people.values() if not here.get(one.id)]
        came = _with_members(used, wanted)
        if came:
            units.put(CAST, Cast(entities=(*here.entities, *came)))
        if not wanted:
            return ""
        names = ", ".join(one.name for one in wanted[:_NAMES])
        more = f" and {len(wanted) - _NAMES} more" if len(wanted) > _NAMES else ""
        return (
            f"{self._readout.id}: its file names {names}{more}, whom the cast of {coder} does not"
            " have; those whom a mark names come into it."
        )


def _with_members(ids: Iterable[str], people: Iterable[Entity]) -> list[Entity]:
    """Return those of some people whom ids name, with whom they lean on, in their order."""
    by_id = {one.id: one for one in people}
    found: set[str] = set()
    waiting = [one for one in ids if one in by_id]
    while waiting:
        one = by_id[waiting.pop()]
        if one.id not in found:
            found.add(one.id)
            around = (*one.members, *one.represents, one.affiliation or "")
            waiting += [other for other in around if other in by_id]
    return [one for one in by_id.values() if one.id in found]
