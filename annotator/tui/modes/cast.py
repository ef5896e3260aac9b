"""Who speaks: the cast under digits, and a key each for the last one, the one before and nobody."""

from __future__ import annotations

from annotator.model.codebook import Panel
from annotator.model.entity import Entity
from annotator.model.mark import EntityValue, Mark, RefValue, SpanValue
from annotator.session import chains, naming, speakers
from annotator.session.attribution import Place, attribution
from annotator.session.linking import add_linked
from annotator.session.propose import LIKELY
from annotator.session.words import Range
from annotator.tui.modes import people
from annotator.tui.modes.base import Ask, Group, Item, Mode, Step, View
from annotator.tui.modes.desk import Desk, keyed_cast
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.glyphs import COLOURS, GLYPHS
from annotator.tui.modes.names import ask_who, new_collective
from annotator.tui.modes.people import People

NOBODY, LAST, CARRY, NEW, INSIDE, TOGETHER = "0", ".", "=", "+", ">", "&"


class CastMode:
    """Attribute the sentence to somebody; the rest is proposed from the text.

    With `inside`, the attribution stands inside the mark of that id.
    """

    def __init__(self, desk: Desk, panel: Panel, inside: str | None = None) -> None:
        self.desk = desk
        self.panel = panel
        self.layer = desk.layer(panel.layer)
        self.inside = inside
        self.people = People(desk)
        coding, metadata = desk.session.coding, desk.session.readout.metadata
        self.last = speakers.latest(self.layer, coding, desk.session.since)
        self.carried = speakers.carried(self.layer, coding, desk.key, metadata.source_chain)
        cast = desk.session.cast
        self.newcomers = naming.newcomers(cast, desk.text, desk.sentence)
        self.several = naming.several(cast, desk.text, desk.sentence, metadata.event.participants)

    def press(self, key: str) -> Step:
        """Choose the source under the key."""
        keyed = dict(keyed_cast(self.desk.session.cast))
        if key == "escape":
            return Step(None)
        if key == "enter":
            return Step(None, confirm=True)
        if key in keyed:
            return self._attribute(keyed[key])
        match key:
            case "0":
                return self._attribute(None)
            case ".":
                return self._again(self.last, "Nobody was chosen before.")
            case "=":
                return self._again(self.carried, "Nobody spoke before.")
            case people.FIND:
                return self.people.find(self, self._attribute)
            case "+":
                return ask_who(self.desk, self, self._attribute)
            case "&":
                return Step(TogetherMode(self))
            case ">":
                return self._step_inside()
        return Step(self, f"Nobody of the cast has the key {key}.", unused=True)

    def _again(self, entity: Entity | None, otherwise: str) -> Step:
        return self._attribute(entity) if entity else Step(self, otherwise)

    def _step_inside(self) -> Step:
        here = self.desk.sentence.of_layer(self.layer.id)
        if not here:
            return Step(self, "There is no attribution to stand inside of yet.")
        chains.require_room(self.layer, self.desk.session.coding, here[-1])
        self.inside = here[-1].id
        return Step(self, f"inside {self.desk.describe(here[-1])}: who?")

    def together(self, name: str, members: list[str]) -> Step:
        """Attribute the sentence to a collective that is made for it."""
        return self._attribute(new_collective(self.desk, name, members))

    def _attribute(self, source: Entity | None) -> Step:
        desk, metadata = self.desk, self.desk.session.readout.metadata
        taken = frozenset(
            (v.span.start, v.span.end)
            for mark in desk.sentence.of_layer(self.layer.id)
            for v in mark.values("cue")
            if isinstance(v, SpanValue)
        )
        place = Place(
            desk.text,
            desk.sentence,
            desk.language,
            desk.session.cast,
            metadata.source_chain,
            metadata.event.participants,
            taken,
            self._within(),
        )
        label, slots = attribution(self.layer, place, source)
        nest = chains.nest_slot(self.layer)
        if self.inside and nest:
            slots[nest] = (RefValue(mark=self.inside),)
        mark = desk.pen.mark(
            desk.sentence, self.layer.id, label, slots=slots, seconds=desk.seconds()
        )
        stands = desk.sentence.saying(mark)
        if stands is not None:
            return Step(None, f"{desk.describe(stands)}: it stands here already")
        edit, linked = add_linked(desk.pen, desk.session.coding, desk.scene, desk.key, mark)
        desk.do(edit)
        form = FrameMode(desk, mark.id, back=None)
        told = "; ".join(desk.describe(one) for one in linked)
        if source is None and LIKELY in form.rows:
            form.at = form.rows.index(LIKELY)
            return Step(form, "nobody is named: a key says who is meant most likely, ⏎ leaves it")
        return Step(form, f"{told}: refers to this one now" if told else "")

    def _within(self) -> Range | None:
        """Return what the mark that the next one stands inside of says in this sentence."""
        outer = self.desk.mark(self.inside) if self.inside else None
        values = outer.values("content") if outer else ()
        spans = [value.span for value in values if isinstance(value, SpanValue)]
        return (min(s.start for s in spans), max(s.end for s in spans)) if spans else None

    def view(self) -> View:
        """Show the cast, and what else a key may say."""
        here: tuple[Mark, ...] = self.desk.sentence.of_layer(self.layer.id)
        named = {
            value.entity
            for mark in here
            for value in mark.values(self.layer.entry)
            if isinstance(value, EntityValue)
        }
        inside = f" inside {self.desk.mark_text(self.inside)}" if self.inside else ""
        return View(
            title=self.people.title(f"{self.panel.name}{inside}"),
            hint="key attributes · / finds · ? rules · ⏎ done, next · esc close",
            layer=self.layer.id,
            groups=(
                Group("", items(self.people, named)),
                Group("", tuple(self._others(here))),
            ),
            about=(self.layer.definition,),
        )

    def _others(self, here: tuple[Mark, ...]) -> list[Item]:
        others = []
        if self.last:
            others.append(Item(LAST, f"again {self.last.name}"))
        if self.carried:
            others.append(Item(CARRY, f"as before {self.carried.name}"))
        others.append(Item(NOBODY, "nobody is named"))
        known = self.newcomers[0].line if self.newcomers else ""
        others.append(Item(NEW, f"new: {known}" if known else "somebody new"))
        words = f"together: {self.several.words}" if self.several else "several together"
        others.append(Item(TOGETHER, words))
        if here:
            others.append(Item(INSIDE, f"inside {self.desk.describe(here[-1])}"))
        return others


class TogetherMode:
    """Make a collective: digits choose its members, Enter asks for its name."""

    def __init__(self, back: CastMode) -> None:
        self.back = back
        self.desk = back.desk
        found = back.several
        self.members = list(found.members) if found else []
        self.words = found.words if found else ""
        self.people = People(self.desk)

    def press(self, key: str) -> Step:
        """Take a member in or out, or make the collective."""
        keyed = dict(keyed_cast(self.desk.session.cast))
        if key == "escape":
            # The cast may have more in it now, and the sentence fewer whom it does not know.
            return Step(CastMode(self.desk, self.back.panel, self.back.inside))
        if key in keyed:
            return self._turn(keyed[key])
        if key == people.FIND:
            return self.people.find(self, self._turn)
        if key == NEW:
            return ask_who(self.desk, self, self._join)
        if key != "enter":
            return Step(self, f"Nobody of the cast has the key {key}.", unused=True)
        if len(self.members) < 2:
            return Step(self, "A collective has two members at least.")
        if self.words:
            return self.back.together(self.words, self.members)
        names = " and ".join(self.desk.session.cast.name(member) for member in self.members)
        return Step(
            self,
            ask=Ask(
                "What are they called together?", names, self._named, proposed=True, joins=True
            ),
        )

    def _join(self, member: Entity) -> Step:
        if member.id in self.members:
            return Step(self, f"{member.name} belongs to it already.")
        return self._turn(member)

    def _turn(self, member: Entity) -> Step:
        if member.id in self.members:
            self.members.remove(member.id)
        else:
            self.members.append(member.id)
        return Step(self)

    def _named(self, name: str) -> Step:
        if not name.strip():
            return Step(self)
        return self.back.together(name, self.members)

    def view(self) -> View:
        """Show who is a member."""
        names = ", ".join(self.desk.session.cast.name(member) for member in self.members)
        title = f"Together: {self.words}" if self.words else "Several together"
        return View(
            title=self.people.title(title),
            hint="key: in or out · / finds · + new · ⏎ make it · esc back",
            layer=self.back.layer.id,
            groups=(Group("", items(self.people, set(self.members))),),
            about=(names or "Choose two or more; + adds somebody.",),
        )


def inside(desk: Desk, panel: Panel, mark: Mark) -> Mode:
    """Return the panel whose next attribution stands inside a mark.

    Raises MarkError where nothing more can stand inside it.
    """
    chains.require_room(desk.layer(panel.layer), desk.session.coding, mark)
    return CastMode(desk, panel, inside=mark.id)


def items(shown: People, on: set[str]) -> tuple[Item, ...]:
    """Show the cast under its keys; those in `on` are marked, and who is taken by ⏎ is lit."""
    return tuple(
        Item(
            key,
            entity.name,
            glyph=GLYPHS[entity.type],
            colour=COLOURS[entity.type],
            state="on" if entity.id in on else "off",
            lit=bool(shown.typed) and place == 0,
        )
        for place, (key, entity) in enumerate(shown.shown())
    )
