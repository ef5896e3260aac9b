"""Whether somebody new is one whom the project knows already: one key tells."""

from __future__ import annotations

from collections.abc import Callable

from annotator.model.acquaintances import Acquaintance
from annotator.model.entity import Entity
from annotator.plural import many
from annotator.session.joining import Meeting
from annotator.tui.modes.base import Group, Item, Mode, Step, View
from annotator.tui.modes.glyphs import COLOURS, GLYPHS

NEW = "+"
"""The key that says that it is nobody of them."""


def known(one: Acquaintance) -> str:
    """Say whom the project knows: “the Pavel Orsk of 3 readouts (Foreign Minister of Orlenia)”."""
    entity, count = one.entity, one.readouts
    where = many(count, "readout") if count else "this cast"
    told = entity.role or entity.affiliation or (entity.type if entity.type != "person" else "")
    return f"the {entity.name} of {where}{f' ({told})' if told else ''}"


def choices(meeting: Meeting) -> list[tuple[str, str]]:
    """Return the keys that tell who it is, each with what it says."""
    keyed = [(str(place), known(one)) for place, one in enumerate(meeting.alike, 1)]
    return [*keyed, (NEW, "somebody else")]


def chosen(meeting: Meeting, key: str) -> Entity | None:
    """Return who it is by a key, None for one that does not tell."""
    if key == NEW:
        return meeting.newcomer
    place = int(key) if key.isascii() and key.isdigit() else 0
    alike = meeting.alike
    return meeting.as_known(alike[place - 1]) if 0 < place <= len(alike) else None


def asked(meeting: Meeting) -> str:
    """Ask who it is, in one line."""
    keyed = " · ".join(f"{key} {said}" for key, said in choices(meeting))
    return f"Who is {meeting.newcomer.name}?  {keyed} · esc leaves it"


class MeetingMode:
    """Ask who it is; whoever that is is taken, and Escape leaves everything as it was."""

    def __init__(self, meeting: Meeting, back: Mode, take: Callable[[Entity], Step]) -> None:
        self.meeting = meeting
        self.back = back
        self.take = take

    def press(self, key: str) -> Step:
        """Take whoever it is."""
        if key == "escape":
            return Step(self.back)
        entity = chosen(self.meeting, key)
        if entity is None:
            return Step(self, "A key says who it is; esc leaves it.", unused=True)
        return self.take(entity)

    def view(self) -> View:
        """Show who it may be."""
        entities = [*(one.entity for one in self.meeting.alike), self.meeting.newcomer]
        items = [
            Item(key, said, glyph=GLYPHS[entity.type], colour=COLOURS[entity.type])
            for (key, said), entity in zip(choices(self.meeting), entities, strict=True)
        ]
        return View(
            title=f"Who is {self.meeting.newcomer.name}?",
            hint="key says who it is · esc back",
            lead=("One of those whom the project knows, or somebody else?",),
            groups=(Group("", tuple(items)),),
        )
