"""The cast of a readout as it is put in order: what a key does there, without a screen.

Like the workbench it saves nothing: whoever calls `press` or `run` writes what is pending.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, get_args

from annotator.errors import MarkError
from annotator.model.edit import Edit
from annotator.model.entity import Entity, EntityType
from annotator.model.mark import EntityValue
from annotator.session import acts, casting, joining
from annotator.session.joining import Meeting
from annotator.session.session import Session
from annotator.tui.modes.base import Ask, Step
from annotator.tui.modes.desk import CAST_KEYS
from annotator.tui.modes.meeting import chosen
from annotator.tui.modes.names import WHO
from annotator.tui.naming import walked

Choosing = Literal["", "merge", "members", "represents"]
"""What is chosen among the cast; empty where nothing is."""

_EMPTY_MAKES_ONE: Final = "An empty line makes one that nobody has."
_KINDS: Final = ", ".join(get_args(EntityType))


class CastDesk:
    """The state of the cast screen: who is lit, what is asked, who is chosen for what.

    `meeting` is somebody new of whom it is asked whether they are one who is known already.
    """

    def __init__(self, session: Session, lit: int = 0) -> None:
        self.session = session
        self.lit = lit
        self.ask: Ask | None = None
        self.message = ""
        self.choosing: Choosing = ""
        self.subject = ""
        self.chosen: list[str] = []
        self.meeting: Meeting | None = None
        self.late = casting.latecomers(session)

    @property
    def people(self) -> tuple[Entity, ...]:
        """The cast, in the order of its keys."""
        return self.session.cast.entities

    @property
    def entity(self) -> Entity | None:
        """Whoever is lit, None in an empty cast."""
        return self.people[min(self.lit, len(self.people) - 1)] if self.people else None

    def words(self, entity_id: str) -> list[str]:
        """Return the words by which marks name an entity, and which are no name of anybody yet."""
        found: dict[str, None] = {}
        for _, sentence in self.session.coding.sentences():
            for mark in sentence.marks:
                for values in mark.slots.values():
                    for value in values:
                        if isinstance(value, EntityValue) and value.entity == entity_id:
                            exact = value.mention.exact if value.mention else ""
                            found[casting.new_name(self.session.cast, entity_id, exact)] = None
        return [words for words in found if words]

    def press(self, key: str) -> bool:
        """Take a key for what is chosen, or light whoever has it; False where it means neither."""
        if self.meeting is not None:
            return _told(self, self.meeting, key)
        place = CAST_KEYS.find(key) if len(key) == 1 else -1
        there = 0 <= place < len(self.people)
        if self.choosing:
            return self._choose(key, self.people[place] if there else None)
        if key.isdigit() and there:
            self.lit = place
            return True
        return False

    def _choose(self, key: str, entity: Entity | None) -> bool:
        if key == "escape":
            self._stop()
        elif key == "enter":
            self._guarded(self._take)
        elif key == "space" and self.entity:
            self._toggle(self.entity)
        elif entity is not None:
            if self.choosing == "merge":
                self.lit = self.people.index(entity)
                self._guarded(self._take)
            else:
                self._toggle(entity)
        else:
            return False
        return True

    def _toggle(self, entity: Entity) -> None:
        if entity.id == self.subject:
            self.message = f"{entity.name} cannot be part of itself."
        elif entity.id in self.chosen:
            self.chosen.remove(entity.id)
        else:
            self.chosen.append(entity.id)

    def _stop(self) -> None:
        self.choosing, self.subject, self.chosen, self.meeting = "", "", [], None

    def meet(self, meeting: Meeting) -> None:
        """Put somebody new into the cast, once it is told who that is where others look alike."""
        if meeting.alike:
            self.meeting = meeting
        else:
            self.add(meeting.newcomer)

    def _take(self) -> None:
        choosing, subject, chosen = self.choosing, self.subject, list(self.chosen)
        lit = self.entity
        if choosing == "merge" and lit is not None:
            if lit.id == subject:
                self.message = "That is the same one; choose another."
                return
            self._stop()
            self.do(casting.merge(self.session.pen, self.session.coding, subject, lit.id))
            self.light(lit.id)
        elif choosing == "members" and not subject:
            self._begin_collective(chosen)
        else:
            whole = self.session.cast.get(subject)
            if whole is not None:
                field = "members" if choosing == "members" else "represents"
                changed = whole.model_copy(update={field: tuple(chosen)})
                self.do(casting.change(self.session.pen, self.session.coding, changed))
            self._stop()

    def _begin_collective(self, chosen: list[str]) -> None:
        if len(chosen) < 2:
            self.message = "A collective has two members at least."
            return
        names = " and ".join(self.session.cast.name(member) for member in chosen)

        def made(name: str) -> None:
            self._stop()
            cast, known = self.session.cast, self.session.acquaintances
            made = joining.new_id(cast, known, name, "collective")
            self.add(casting.collective(cast, name, chosen, made))

        self.question("What are they called together?", names, made, joins=True)

    def run(self, command: str) -> bool:
        """Do what a command of the table says; False where it is none of the cast's."""
        deed = _DEEDS.get(command)
        if deed is None:
            return False
        self.message = ""
        self._stop()
        if command not in _WITHOUT_ANYBODY and self.entity is None:
            self.message = "Nobody is in the cast yet."
        else:
            self._guarded(lambda: deed(self))
        return True

    def answer(self, typed: str) -> None:
        """Answer the question that waits; raises MarkError for what cannot be."""
        ask, self.ask = self.ask, None
        if ask is not None:
            self.message = ask.done(typed).message or self.message

    def _guarded(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except MarkError as error:
            self.message = str(error)

    def do(self, edit: Edit | None) -> None:
        """Make an edit, and say what it was."""
        self.session.do(edit)
        self.message = edit.what if edit else "Nothing changes."

    def add(self, entity: Entity) -> None:
        """Put somebody new into the cast."""
        self.do(acts.add_entity(self.session.pen, self.session.coding, entity))
        self.light(entity.id)

    def light(self, entity_id: str) -> None:
        """Light somebody, wherever they stand now."""
        places = (place for place, one in enumerate(self.people) if one.id == entity_id)
        self.lit = next(places, self.lit)

    def question(
        self, title: str, value: str, done: Callable[[str], None], *, joins: bool = False
    ) -> None:
        """Ask for a line, which `joins` somebody to the cast where it says so."""

        def answered(typed: str) -> Step:
            done(typed)
            return Step(None)

        self.ask = Ask(title, value, answered, joins=joins)

    def field(
        self,
        title: str,
        value: str,
        change: Callable[[Entity, str], Edit | None],
        *,
        joins: bool = False,
    ) -> None:
        """Ask for a line about whoever is lit, and change them by it."""
        lit = self.entity

        def changed(typed: str) -> None:
            if lit is not None:
                self.do(change(lit, " ".join(typed.split())))

        self.question(title, value, changed, joins=joins)

    def changed(self, entity: Entity, **values: object) -> Edit | None:
        """Return the edit that changes some fields of an entity, checked like a new one."""
        fresh = Entity.model_validate({**dict(entity), **values})
        return casting.change(self.session.pen, self.session.coding, fresh)


def _lit(desk: CastDesk) -> Entity:
    lit = desk.entity
    if lit is None:
        raise MarkError("Nobody is in the cast yet.")
    return lit


def _told(desk: CastDesk, meeting: Meeting, key: str) -> bool:
    """Put whoever it is by a key into the cast; return whether the key tells anything."""
    entity = chosen(meeting, key)
    if entity is None and key != "escape":
        return False
    desk.meeting = None
    if entity is not None:
        desk.add(entity)
    return True


def _add(desk: CastDesk) -> None:
    def made(typed: str) -> None:
        one = joining.newcomer(typed)
        if one is not None:
            met = joining.meeting(desk.session.cast, desk.session.acquaintances, one)
            desk.meet(met)

    desk.question(WHO, "", made, joins=True)


def _rename(desk: CastDesk) -> None:
    lit = _lit(desk)
    desk.field(
        f"What is {lit.name} called?",
        lit.name,
        lambda one, name: casting.rename(desk.session.pen, desk.session.coding, one.id, name),
    )


def _id(desk: CastDesk) -> None:
    lit = _lit(desk)

    def change(one: Entity, typed: str) -> Edit | None:
        session = desk.session
        known = session.acquaintances
        made = typed or joining.new_id(session.cast, known, one.name, one.type)
        if known.types(made) - {one.type}:
            raise MarkError(f"{made} is the id of somebody else in the project.", _EMPTY_MAKES_ONE)
        return casting.give_id(session.pen, session.coding, one.id, made)

    title = f"Another id than {lit.id} for {lit.name}. {_EMPTY_MAKES_ONE}"
    desk.field(title, "", change, joins=True)


def _aliases(desk: CastDesk) -> None:
    lit = _lit(desk)
    desk.field(
        f"Other names of {lit.name}, a bar between two",
        " | ".join(lit.aliases),
        lambda one, typed: desk.changed(one, aliases=_split(typed)),
    )


def _split(typed: str) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(x.split()) for x in typed.split("|")) if part)


def _role(desk: CastDesk) -> None:
    lit = _lit(desk)
    desk.field(
        f"Role of {lit.name}",
        lit.role or "",
        lambda one, typed: desk.changed(one, role=typed or None),
    )


def _country(desk: CastDesk) -> None:
    lit = _lit(desk)

    def change(one: Entity, typed: str) -> Edit | None:
        known = desk.session.cast.get(typed.casefold())
        code = typed.upper() if len(typed) == 2 and typed.isascii() and typed.isalpha() else ""
        if typed and not code and known is None:
            raise MarkError(
                f"“{typed}” is no country of two letters and nobody's id in the cast.",
                "Write FR, or the id of an organisation.",
            )
        return desk.changed(one, affiliation=code or (known.id if known else None))

    title = f"Country of {lit.name} in two letters, or the id of an organisation"
    desk.field(title, lit.affiliation or "", change)


def _type(desk: CastDesk) -> None:
    lit = _lit(desk)

    def change(one: Entity, typed: str) -> Edit | None:
        fits = [kind for kind in get_args(EntityType) if kind.startswith(typed.casefold())]
        exact = [kind for kind in fits if kind == typed.casefold()] or fits
        if not typed or len(exact) != 1:
            raise MarkError(f"A type is one of: {_KINDS}.")
        return desk.changed(one, type=exact[0])

    desk.field(f"What is {lit.name}: {_KINDS}?", lit.type, change)


def _choose(choosing: Choosing) -> Callable[[CastDesk], None]:
    def begin(desk: CastDesk) -> None:
        lit = _lit(desk)
        desk.choosing = choosing
        desk.subject = lit.id
        if choosing == "members" and lit.type != "collective":
            desk.subject = ""
        elif choosing != "merge":
            desk.chosen = list(lit.members if choosing == "members" else lit.represents)

    return begin


def _remove(desk: CastDesk) -> None:
    desk.do(casting.remove(desk.session.pen, desk.session.coding, _lit(desk).id))


def _move(by: int) -> Callable[[CastDesk], None]:
    def move(desk: CastDesk) -> None:
        lit = _lit(desk)
        desk.do(casting.move(desk.session.pen, desk.session.coding, lit.id, by))
        desk.light(lit.id)

    return move


def _sort(desk: CastDesk) -> None:
    lit = _lit(desk)
    desk.do(casting.sort_by_use(desk.session.pen, desk.session.coding))
    desk.light(lit.id)


def _keep(desk: CastDesk) -> None:
    lit = _lit(desk)
    words = desk.words(lit.id)
    if not words:
        desk.message = f"The marks name {lit.name} by no new words."
        return
    desk.do(desk.changed(lit, aliases=(*lit.aliases, *words)))


def _through_history(*, back: bool) -> Callable[[CastDesk], None]:
    def step(desk: CastDesk) -> None:
        edit = desk.session.undo() if back else desk.session.redo()
        nothing = f"There is nothing to {'undo' if back else 'redo'}."
        desk.message = walked(edit, desk.session.codebook, back=back) if edit else nothing

    return step


_WITHOUT_ANYBODY: Final = frozenset({"cast.add", "cast.undo", "cast.redo"})
_DEEDS: Final[dict[str, Callable[[CastDesk], None]]] = {
    "cast.add": _add,
    "cast.rename": _rename,
    "cast.id": _id,
    "cast.aliases": _aliases,
    "cast.role": _role,
    "cast.country": _country,
    "cast.type": _type,
    "cast.merge": _choose("merge"),
    "cast.members": _choose("members"),
    "cast.represents": _choose("represents"),
    "cast.words": _keep,
    "cast.remove": _remove,
    "cast.up": _move(-1),
    "cast.down": _move(1),
    "cast.sort": _sort,
    "cast.undo": _through_history(back=True),
    "cast.redo": _through_history(back=False),
}
COMMANDS: Final[Sequence[str]] = tuple(_DEEDS)
"""The commands of the table that this obeys."""
