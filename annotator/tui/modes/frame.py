"""A mark as a form: its slots one under the other, filled by one key each."""

from __future__ import annotations

from functools import partial
from typing import Final, Literal

from pydantic import ValidationError

from annotator.errors import MarkError
from annotator.model.codebook import Slot
from annotator.model.entity import Entity
from annotator.model.mark import (
    NONE_STATED,
    DateValue,
    EntityValue,
    Mark,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.text import Span
from annotator.session import acts, labelslots
from annotator.tui.modes.base import Ask, Field, Group, Item, Mode, Step, View
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.labels import Labels
from annotator.tui.modes.names import KEEP, ask_who, keep_words
from annotator.tui.modes.options import CERTAINTY, LABEL, NOTE, Option, options
from annotator.tui.modes.people import FIND, People
from annotator.tui.modes.span import SpanMode, Target, targets_of

NEXT, BEFORE, LOOK = ("tab", "down"), ("shift+tab", "up"), ("left", "right")
NOT_STATED, EMPTY, INFERRED, EARLIER = "-", "backspace", "~", "="

KIND: Final = "Kind"
"""What the row is called that holds a mark's label."""
Within = Literal["", "walk", "row"]
"""How a form's row was gone to: not at all, by walking, or by itself."""


_HOW: Final = {
    "span": "␣ choose words",
    "entity": "key: in or out · / finds · + new · ~ inferred",
    "choice": "key chooses · ←→ look",
    "scale": "digit chooses · ←→ look",
    "label": "key: in or out · / filter · = those before",
    "ref": "digit chooses",
    "date": "digit: types a date",
    "text": "␣ or a small letter: types",
}


class FrameMode:
    """Walk the slots of one mark; every key is an edit of its own.

    The form is at rest until somebody goes to a row, and again when a row that a CAPITAL led to is
    filled: then the key of a panel opens that panel, and that of the questions asks them. It never
    means a value and a panel at once.
    """

    def __init__(
        self, desk: Desk, mark_id: str, back: Mode | None, *, at_first: bool = False
    ) -> None:
        self.desk = desk
        self.mark_id = mark_id
        self.back = back
        mark = self._mark()
        self.layer = desk.layer(mark.layer)
        self.rows = _rows(self.layer.slots_of(mark.label))
        names = [(slot.id, slot.name, slot.key) for slot in self.layer.slots_of(mark.label)]
        # Capitals go to a row, so that every other key is free to choose a value.
        wishes = [(row, name, key.upper() if key else None) for row, name, key in names]
        wishes += [(LABEL, KIND, "K"), (CERTAINTY, "Certainty", None), (NOTE, "Note", None)]
        self.keys = _capitals(wishes)
        self.at = 0 if at_first else self._first_to_fill()
        self.lit: int | None = None
        self.people = People(desk)
        self.narrowed = Labels()
        self.within: Within = ""
        self._warned = False
        self._onward = [panel.key for panel in desk.session.codebook.panels]
        self._onward += [desk.questions] if desk.questions else []

    def _mark(self) -> Mark:
        mark = self.desk.mark(self.mark_id)
        if mark is None:
            raise KeyError(self.mark_id)
        return mark

    def _first_to_fill(self) -> int:
        mark = self._mark()
        missing = [
            slot.id
            for slot in self.layer.slots_of(mark.label)
            if slot.required and slot.id not in mark.slots
        ]
        return self.rows.index(missing[0]) if missing else 0

    @property
    def slot(self) -> Slot | None:
        """The slot in focus; None on the rows that every mark has."""
        return self.layer.slot(self.rows[self.at])

    def press(self, key: str) -> Step:
        """Fill the slot in focus, or walk on."""
        if self.desk.mark(self.mark_id) is None:
            return Step(self.back, "That mark is no longer there.")
        if key == "escape":
            return Step(self.back)
        if key == "enter":
            return self._leave()
        if key in self._onward and not self.within and not self._takes_text():
            return self._leave(key)
        if key in NEXT or key in BEFORE:
            self.within = "walk"
            return self._go((self.at + (1 if key in NEXT else -1)) % len(self.rows))
        slot = self.slot
        if key in self.keys.values():
            self.within = "row"
            return self._go(next(i for i, row in enumerate(self.rows) if self.keys.get(row) == key))
        found = self._options()
        if key in LOOK and found:
            self.lit = (self._light(found) + (1 if key == "right" else -1)) % len(found)
            return Step(self)
        if key == "space" and found:
            key = found[self._light(found)].key
        if key == FIND and (slot.type == "label" if slot else self.rows[self.at] == LABEL):
            name = slot.name if slot else KIND
            return self.narrowed.find(self, name, self._options, self._take_option)
        if slot is None:
            return self._press_common(key)
        if key == NOT_STATED:
            return self._fill(slot, NONE_STATED, on=True)
        if key == EMPTY:
            return self._fill(slot, (), on=False)
        if key == INFERRED and slot.type == "entity":
            return _inferred(self, slot)
        if key == EARLIER and slot.type == "label":
            return _as_before(self, slot)
        if key == FIND and slot.type == "entity":
            return self.people.find(
                self, lambda person: _sought(self, slot, EntityValue(entity=person.id))
            )
        if key == KEEP and slot.type == "entity":
            said = keep_words(self.desk, self.mark_id, slot.id)
            return Step(self, said) if said else ask_who(self.desk, self, partial(_join, self))
        if slot.type == "span" and key in ("space", "v"):
            target = Target(self.mark_id, slot.id, slot.name.lower())
            self.within = _rested(self.within)
            return Step(SpanMode(self.desk, [target], back=self))
        begun = _begun(key, self.desk.values_text(self._mark().values(slot.id)), slot.type)
        if begun is not None:
            return Step(self, ask=Ask(f"{slot.name}", begun, self._typed))
        option = next((o for o in found if o.key == key), None)
        if option is not None:
            return self._take_option(option)
        targets = targets_of(self.desk, (self._mark(),)) if key == "v" else []
        if targets:
            return Step(SpanMode(self.desk, targets, back=self))
        return Step(self, f"{key} says nothing here.", unused=True)

    def _takes_text(self, place: int | None = None) -> bool:
        row = self.rows[self.at if place is None else place]
        slot = self.layer.slot(row)
        return row == NOTE if slot is None else slot.type == "text"

    def _leave(self, panel: str = "") -> Step:
        """Close the form for what is beneath it, or for a panel; what is required is asked for."""
        problem = self.desk.session.codebook.check(self._mark(), complete=True)
        first = self._first_to_fill()
        slot = self.layer.slot(self.rows[first])
        missing = slot is not None and slot.required and slot.id not in self._mark().slots
        # Whoever opens another panel does not see what this one says when it closes.
        unseen = not self._warned if panel else self.at != first
        if problem and missing and unseen:
            self._warned = True
            self._go(first)
            return Step(self, f"{problem} {panel or 'Enter'} once more leaves it so.")
        return Step(self.back, problem or "", onward=bool(panel))

    def _press_common(self, key: str) -> Step:
        row, mark = self.rows[self.at], self._mark()
        begun = _begun(key, mark.note, "text") if row == NOTE else None
        if begun is not None:
            return Step(self, ask=Ask("Note on this mark", begun, self._noted))
        option = next((o for o in self._options() if o.key == key), None)
        if option is None:
            return Step(self, f"{key} says nothing here.", unused=True)
        return self._take_option(option)

    def _take_option(self, option: Option) -> Step:
        slot = self.slot
        if slot is not None and not isinstance(option.value, str):
            return self._choose(slot, option.value)
        field = "label" if self.rows[self.at] == LABEL else "certainty"
        self._replace(Mark.model_validate({**dict(self._mark()), field: option.value}))
        return self._on()

    def _replace(self, mark: Mark) -> None:
        desk = self.desk
        desk.do(acts.replace_mark(desk.pen, desk.session.coding, desk.key, mark))

    def _noted(self, note: str) -> Step:
        self._replace(self._mark().model_copy(update={"note": note.strip()}))
        return Step(self)

    def _typed(self, typed: str) -> Step:
        slot = self.slot
        if slot is None or not typed.strip():
            return Step(self)
        try:
            value: SlotValue = (
                DateValue(date=typed.strip())
                if slot.type == "date"
                else TextValue(text=typed.strip())
            )
        except ValidationError as error:
            raise MarkError(
                "A date is YYYY, YYYY-MM or YYYY-MM-DD, or two with a slash between.",
                "Type it such as 2026-03-05.",
            ) from error
        return self._fill(slot, (value,), on=True)

    def _choose(self, slot: Slot, value: SlotValue) -> Step:
        if not slot.repeatable:
            return self._fill(slot, (value,), on=True)
        held = self._mark().values(slot.id)
        same = [v for v in held if _same(v, value)]
        kept = tuple(v for v in held if v not in same)
        return self._fill(slot, kept if same else (*kept, value), on=False)

    def _fill(self, slot: Slot, values: tuple[SlotValue, ...], *, on: bool) -> Step:
        self.desk.fill(self.mark_id, slot.id, values)
        return self._on() if on else Step(self)

    def _on(self) -> Step:
        self.within = _rested(self.within)
        following = min(self.at + 1, len(self.rows) - 1)
        # At rest the next key opens a panel, and in a row of text it would be typed.
        return self._go(self.at if not self.within and self._takes_text(following) else following)

    def _go(self, row: int) -> Step:
        self.at, self.lit = row, None
        return Step(self)

    def _light(self, found: list[Option]) -> int:
        """Return which of the options is looked at: the one that stands, else the first."""
        if self.lit is not None:
            return min(self.lit, len(found) - 1)
        mark, row = self._mark(), self.rows[self.at]
        held = mark.values(row)
        return next((i for i, o in enumerate(found) if _chosen(mark, row, held, o.value)), 0)

    def _options(self) -> list[Option]:
        return options(
            self.desk, self.layer, self._mark(), self.rows[self.at], self.people, self.narrowed
        )

    def view(self) -> View:
        """Show every slot, and under them what the slot in focus takes."""
        mark = self._mark()
        label = self.layer.label(mark.label)
        fields = tuple(self._field(row, place == self.at) for place, row in enumerate(self.rows))
        slot = self.slot
        found = self._options()
        held = mark.values(slot.id) if slot else ()
        panels = (p for p in self.desk.session.codebook.panels if p.layer == self.layer.id)
        panel = next((p.name for p in panels if mark.label in p.keys), self.layer.name)
        title = f"{panel}: {label.name if label else mark.label}"
        light = self._light(found) if found else None
        if self.people.typed or self.narrowed.typed:
            light = 0
        if self.narrowed.typed:
            title = f"{title} {FIND}{self.narrowed.typed}"
        items = tuple(
            Item(
                o.key,
                o.name,
                o.definition if len(found) < 12 else "",
                state="on" if _chosen(mark, self.rows[self.at], held, o.value) else "off",
                lit=place == light,
            )
            for place, o in enumerate(found)
        )
        typed = self._takes_text()
        others = "" if self.within or typed else " ".join(self._onward)
        selection = next(((s.start, s.end) for s in _spans(held)), None)
        return View(
            title=self.people.title(title) if slot and slot.type == "entity" else title,
            hint=_hint(slot, others, typed=typed),
            layer=self.layer.id,
            label=mark.label,
            mark=self.mark_id,
            groups=(Group("", items),) if items else (),
            fields=fields,
            about=(slot.definition,) if slot and slot.definition else (),
            selection=selection,
            typed=typed,
        )

    def _field(self, row: str, focused: bool) -> Field:
        mark, slot, key = self._mark(), self.layer.slot(row), self.keys.get(row, "")
        if slot is None:
            label = self.layer.label(mark.label)
            tag = label.tag if label else mark.label
            value = {LABEL: tag, CERTAINTY: mark.certainty, NOTE: mark.note}[row]
            name = KIND if row == LABEL else row.strip().capitalize()
            return Field(key, name, value, "filled" if value else "unseen", focused)
        values = mark.slots.get(slot.id, ())
        if not values:
            return Field(key, slot.name, "", "missing" if slot.required else "unseen", focused)
        text = self.desk.values_text(values)
        if mark.none_stated(slot.id):
            return Field(key, slot.name, text, "none", focused)
        proposed = slot.id in mark.provenance.proposed
        parts = tuple(map(self.desk.value_text, values))
        return Field(key, slot.name, text, "proposed" if proposed else "filled", focused, parts)


def _join(form: FrameMode, person: Entity) -> Step:
    """Put somebody into the row in focus, who may stand there already."""
    slot, value = form.slot, EntityValue(entity=person.id)
    if slot is None or any(_same(held, value) for held in form._mark().values(slot.id)):
        return Step(form, f"{person.name} stands here already.")
    return form._choose(slot, value)


def _inferred(form: FrameMode, slot: Slot) -> Step:
    """Say of those in a row that only the context names them, or take that back."""
    held = form._mark().values(slot.id)
    if not held:
        return Step(form, "Choose somebody first.")
    turned = tuple(
        v.model_copy(update={"inferred": not v.inferred}) if isinstance(v, EntityValue) else v
        for v in held
    )
    return form._fill(slot, turned, on=False)


def _begun(key: str, stands: str, kind: str) -> str | None:
    """Return what a line begins with that a key opens, None where it opens none.

    A CAPITAL opens none: it goes to its row from every row. What stands in a row of text stays
    before the letter; a date is typed anew.
    """
    if kind not in ("text", "date"):
        return None
    if key == "space":
        return stands
    if kind == "date":
        return key if len(key) == 1 and key.isdecimal() else None
    return stands + key if len(key) == 1 and not "A" <= key <= "Z" else None


def _sought(form: FrameMode, slot: Slot, value: SlotValue) -> Step:
    """Put in what was looked for, which nobody looks for to take it away."""
    there = any(_same(one, value) for one in form._mark().values(slot.id))
    return Step(form, f"{slot.name} has that already.") if there else form._choose(slot, value)


def _as_before(form: FrameMode, slot: Slot) -> Step:
    """Put into a row of labels those of the sentence before, to what stands in it already."""
    found = labelslots.earlier(slot, form.desk.session.coding, form.desk.key)
    if not found:
        return Step(
            form, f"No sentence before has {form.desk.layer(slot.layer or '').name.lower()}."
        )
    held = form._mark().values(slot.id)
    return form._fill(slot, tuple(dict.fromkeys((*held, *found))), on=True)


def _rested(within: Within) -> Within:
    """Return how a form is left by a row that is done with: one gone to by itself is left."""
    return within if within == "walk" else ""


def _rows(slots: tuple[Slot, ...]) -> list[str]:
    """Return the rows of a form in the order in which a sentence is read.

    The label stands behind the words of the act and those who are in it, and before what they
    amount to.
    """
    names = [slot.id for slot in slots]
    told = next((i for i, s in enumerate(slots) if s.type not in ("span", "entity")), len(names))
    return [*names[:told], LABEL, *names[told:], CERTAINTY, NOTE]


def _capitals(wishes: list[tuple[str, str, str | None]]) -> dict[str, str]:
    """Give each row a capital of its own: the one it wishes for, else one of its name."""
    given: dict[str, str] = {}
    for row, name, wish in sorted(wishes, key=lambda item: item[2] is None):
        letters = [wish or "", *name.upper(), *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
        free = (x for x in letters if "A" <= x <= "Z" and x not in given.values())
        given[row] = next(free, "")
    return given


def _same(held: SlotValue, value: SlotValue) -> bool:
    if isinstance(held, EntityValue) and isinstance(value, EntityValue):
        return held.entity == value.entity
    return held == value


def _chosen(mark: Mark, row: str, held: tuple[SlotValue, ...], value: SlotValue | str) -> bool:
    if isinstance(value, str):
        return value == (mark.label if row == LABEL else mark.certainty)
    return any(_same(other, value) for other in held)


def _spans(held: tuple[SlotValue, ...]) -> list[Span]:
    return [v.span for v in held if isinstance(v, SpanValue)]


def _hint(slot: Slot | None, panels: str, *, typed: bool) -> str:
    how = _HOW["text"] if typed else _HOW[slot.type] if slot else "key chooses"
    onward = f"{panels}: that panel · " if panels else ""
    empties = " · - none stated · ⌫ empty" if slot else ""
    return f"{onward}{how} · ⇥ next · ⏎ close{empties} · CAPITAL: that row · ? rules"
