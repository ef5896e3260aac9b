"""Who speaks: the cast under digits, the last speaker and nobody under one key each."""

from __future__ import annotations

import re
from typing import get_args

from annotator.model.codebook import Panel
from annotator.model.entity import Entity, EntityType
from annotator.model.mark import EntityValue, Mark, RefValue, SpanValue
from annotator.session import acts, propose
from annotator.tui.modes.base import Ask, Group, Item, Step, View
from annotator.tui.modes.desk import Desk, keyed_cast
from annotator.tui.modes.frame import FrameMode

NOBODY, CARRY, NEW, INSIDE = "0", "=", "+", ">"


def new_entity(desk: Desk, typed: str) -> Entity | None:
    """Put somebody new into the cast and return them; None for an empty name.

    Who is no person says so behind a comma: "Norlund, state".
    """
    name, _, kind = (" ".join(part.split()) for part in typed.rpartition(","))
    types = {str(known): known for known in get_args(EntityType)}
    if kind.casefold() not in types or not name:
        name, kind = " ".join(typed.split()), "person"
    if not name:
        return None
    stem = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:50] or "entity"
    taken = {entity.id for entity in desk.session.cast.entities}
    numbered = (f"{stem}_{n}" for n in range(2, len(taken) + 3))
    free = next(i for i in (stem, *numbered) if i not in taken)
    entity = Entity(id=free, type=types[kind.casefold()], name=name)
    desk.do(acts.add_entity(desk.pen, desk.session.coding, entity))
    return entity


_WHO = f"Who? Behind a comma, if no person: {', '.join(get_args(EntityType)[1:])}"


class CastMode:
    """Attribute the sentence to somebody; the rest is proposed from the text."""

    def __init__(self, desk: Desk, panel: Panel, inside: str | None = None) -> None:
        self.desk = desk
        self.panel = panel
        self.layer = desk.layer(panel.layer)
        self.inside = inside

    def press(self, key: str) -> Step:
        """Choose the source under the key."""
        keyed = dict(keyed_cast(self.desk.session.cast))
        if key == "escape":
            return Step(None)
        if key == "enter":
            return Step(None, confirm=True)
        if key in keyed:
            return self._attribute(keyed[key])
        if key == NOBODY:
            return self._attribute(None)
        if key == CARRY:
            before = self._carried()
            return self._attribute(before) if before else Step(self, "Nobody spoke before.")
        if key == NEW:
            guess = propose.unknown_name(self.desk.session.cast, self.desk.text, self.desk.sentence)
            return Step(self, ask=Ask(_WHO, guess, self._named))
        if key == INSIDE:
            here = self.desk.sentence.of_layer(self.layer.id)
            if not here:
                return Step(self, "There is no attribution to stand inside of yet.")
            self.inside = here[-1].id
            return Step(self, f"inside {self.desk.describe(here[-1])}: who?")
        return Step(self, f"Nobody of the cast has the key {key}.")

    def _named(self, name: str) -> Step:
        entity = new_entity(self.desk, name)
        return self._attribute(entity) if entity else Step(self)

    def _carried(self) -> Entity | None:
        coding = self.desk.session.coding
        place = coding.position[self.desk.key]
        for key in reversed(coding.order[: place + 1]):
            for mark in reversed(coding.sentence(key).of_layer(self.layer.id)):
                for value in mark.values(self.layer.entry):
                    if isinstance(value, EntityValue):
                        return coding.cast.get(value.entity)
        return None

    def _attribute(self, source: Entity | None) -> Step:
        desk = self.desk
        here = desk.sentence.of_layer(self.layer.id)
        taken = frozenset(
            (v.span.start, v.span.end)
            for mark in here
            for v in mark.values("cue")
            if isinstance(v, SpanValue)
        )
        label, slots = propose.attribution(
            self.layer,
            desk.session.readout.metadata.source_chain,
            desk.session.cast,
            desk.text,
            desk.sentence,
            desk.language,
            source,
            taken,
        )
        nest = self._nest_slot()
        if self.inside and nest:
            slots[nest] = (RefValue(mark=self.inside),)
        mark = desk.pen.mark(
            desk.sentence, self.layer.id, label, slots=slots, seconds=desk.seconds()
        )
        desk.do(acts.add_mark(desk.pen, desk.session.coding, desk.key, mark))
        return Step(FrameMode(desk, mark.id, back=None))

    def _nest_slot(self) -> str | None:
        own = (s.id for s in self.layer.slots if s.type == "ref" and s.layer == self.layer.id)
        return next(own, None)

    def view(self) -> View:
        """Show the cast, and what else a key may say."""
        here: tuple[Mark, ...] = self.desk.sentence.of_layer(self.layer.id)
        named = {
            value.entity
            for mark in here
            for value in mark.values(self.layer.entry)
            if isinstance(value, EntityValue)
        }
        people = tuple(
            Item(
                key,
                entity.name,
                glyph=_glyph(entity),
                colour=_COLOURS[entity.type],
                state="on" if entity.id in named else "off",
            )
            for key, entity in keyed_cast(self.desk.session.cast)
        )
        carried = self._carried()
        others = [Item(NOBODY, "nobody is named"), Item(NEW, "somebody new")]
        if carried:
            others.insert(0, Item(CARRY, f"again {carried.name}"))
        if here:
            others.append(Item(INSIDE, f"inside {self.desk.describe(here[-1])}"))
        inside = f" inside {self.desk.mark_text(self.inside)}" if self.inside else ""
        return View(
            title=f"{self.panel.name}{inside}",
            hint="key attributes · ? rules · ⏎ done, next · esc close",
            layer=self.layer.id,
            groups=(Group("", people), Group("", tuple(others))),
            about=(self.layer.definition,),
        )


_COLOURS = {
    "person": "blue",
    "office": "blue",
    "state": "green",
    "organisation": "violet",
    "people": "teal",
    "group": "red",
    "collective": "orange",
}
_GLYPHS = {"person": "☉", "office": "☉", "state": "■", "organisation": "□", "collective": "⚭"}


def _glyph(entity: Entity) -> str:
    return _GLYPHS.get(entity.type, "○")
