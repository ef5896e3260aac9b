"""Spans by keyboard: hop to a likely stretch, shape it, and give it to a slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from annotator.model.mark import EntityValue, Mark, SlotValue, SpanValue
from annotator.model.text import Span, quoted
from annotator.session import acts, evidence, words
from annotator.session.candidates import Candidate
from annotator.session.words import Range
from annotator.tui.keys import is_digit
from annotator.tui.modes.base import Field, Group, Item, Mode, Step, View
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.hops import BLOCK, HOP_KEYS, Hops
from annotator.tui.modes.names import offer

EDGES: Final = {
    "shift+left": ("right", -1),
    "shift+right": ("right", 1),
    "ctrl+left": ("left", -1),
    "ctrl+right": ("left", 1),
}
NUDGES: Final = {",": ("right", -1), ".": ("right", 1), "<": ("left", -1), ">": ("left", 1)}
SHAPES: Final = frozenset({"left", "right", "up", "down", *EDGES, *NUDGES})
SHOWN: Final = 400
SAID: Final = 80
DIGITS: Final = "123456789"
CHOOSE: Final = "No words are chosen yet: a letter begins a stretch at its word."
BEGINS_THERE: Final = "That word stands before the stretch, which begins there now."
HINT: Final = (
    "letter: begin, again: other ends · CAPITAL: end · ⏎ take · ␣ take, stay · esc back · ⇥ slot · "
    "↑↓ grow, shrink · ←→ word · ⇧←→ end · ⌃←→ start · , . end by a sign · < > start by a sign · "
    "; more letters · PgDn what it holds · ⌫ take away"
)
SLOTS: Final = "⇥ next slot · 1–9 give to that slot · "


Reason = Literal["unlikely", "likely", "chosen"]
"""Whether the stretch that is lit was chosen by a key, proposed, or is only where one begins."""


@dataclass(frozen=True)
class Target:
    """A slot of a mark that takes a span; of an entity slot it is the mention of `entity`."""

    mark: str
    slot: str
    name: str
    entity: str = ""


def targets_of(desk: Desk, marks: tuple[Mark, ...]) -> list[Target]:
    """Return the slots of these marks that take spans, the last mark's first.

    What must be filled and is not comes first, then what must be filled, then what is empty.
    """
    found: list[tuple[tuple[bool, bool, bool], Target]] = []
    for mark in reversed(marks):
        layer = desk.session.codebook.layer(mark.layer)
        if mark.rejected or layer is None:
            continue
        for slot in layer.slots_of(mark.label):
            name = f"{slot.name.lower()} of {desk.describe(mark)}"
            if slot.type == "span":
                filled = bool(mark.values(slot.id))
                order = (not slot.required or filled, not slot.required, filled)
                found.append((order, Target(mark.id, slot.id, name)))
            elif slot.type == "entity":
                people = _mentions(desk, mark, slot.id, name)
                found += [((True, True, True), target) for target in people]
    return [target for _, target in sorted(found, key=lambda pair: pair[0])]


def _mentions(desk: Desk, mark: Mark, slot: str, name: str) -> list[Target]:
    """Return a target for each entity that a slot holds."""
    held = [value.entity for value in mark.values(slot) if isinstance(value, EntityValue)]
    if len(held) == 1:
        return [Target(mark.id, slot, name, held[0])]
    cast = desk.session.cast
    return [Target(mark.id, slot, f"{name}: {cast.name(entity)}", entity) for entity in held]


class SpanMode:
    """Choose a stretch of the sentence for one of the targets.

    A hop begins a new stretch; whatever shapes a stretch that the slot holds changes that one.
    What is lit at first is what the slot holds, or a stretch that is likely; where there is none,
    it is a place to begin from, and nothing is taken until a key has shaped it.
    """

    def __init__(self, desk: Desk, targets: list[Target], back: Mode | None) -> None:
        self.desk = desk
        self.targets = targets
        self.back = back
        self.target = 0
        self.found = desk.candidates()
        self.hops = Hops(desk.text, desk.bounds, self.found, desk.language)
        # The first of the 26 words that small letters hop to. CAPITALS are for the next 26 until
        # the first hop, and then for those from the start of the stretch on.
        self.block = 0
        self.turned = False
        self.fresh = True
        self.editing: Span | None = None
        # What was just taken away: Enter does not give it back.
        self.removed: Range | None = None
        self._again: tuple[str, int] = ("", 0)
        self._pressed = 0
        self.reason: Reason = "unlikely"
        self.selection = desk.bounds
        self._start()

    def _start(self) -> None:
        """Light what the target holds, else what is likely for it, else the first candidate."""
        self.editing = self.removed = None
        held = self.held()
        if held:
            self._edit(held[0])
            return
        likely = _likely(self.desk, self.targets[self.target], self.found)
        first = [*self.hops.candidates, *range(min(1, len(self.hops.words)))]
        begin = self.hops.stretches(first[0])[0] if first else self.desk.bounds
        self.selection, self.reason = likely or begin, "likely" if likely else "unlikely"

    def held(self, target: Target | None = None) -> list[Span]:
        """Return the spans that a target holds, or the lit one."""
        target = target or self.targets[self.target]
        mark = self.desk.mark(target.mark)
        found = []
        for value in mark.values(target.slot) if mark else ():
            if isinstance(value, SpanValue):
                found.append(value.span)
            if isinstance(value, EntityValue) and value.mention and value.entity == target.entity:
                found.append(value.mention)
        return found

    def _edit(self, span: Span) -> None:
        """Light a span that the slot holds; shaping it changes it."""
        self.draw((span.start, span.end))
        self.editing = span

    def draw(self, selection: Range) -> None:
        """Light a stretch that was not hopped to; its start is where CAPITALS count from."""
        self.selection, self.editing, self.reason = selection, None, "chosen"
        self.fresh = self.turned = False
        self.block = self.hops.around(self.hops.place_of(selection[0]) or 0)

    def press(self, key: str) -> Step:
        """Move, shape or take the selection."""
        if key == "escape":
            return Step(self.back)
        if key == "enter" and self.selection == self.removed:
            return Step(self.back)
        if self._takes(key) and self.reason == "unlikely":
            return Step(self, CHOOSE)
        if key in ("enter", "space"):
            message = self._take()
            return Step(self.back if key == "enter" else self, message)
        if key in ("tab", "shift+tab"):
            # What a key chose and nothing holds is still to be given; all else was the slot's own.
            chosen = self.reason == "chosen" and self.editing is None
            self.target = (self.target + (1 if key == "tab" else -1)) % len(self.targets)
            if not chosen or self.selection == self.removed:
                self._start()
            return Step(self)
        if is_digit(key) and self._takes(key):
            self.target = int(key) - 1
            return Step(self.back, self._take())
        if key == "backspace":
            return Step(self, self._take_away())
        if key in ("pagedown", "pageup"):
            return Step(self, self._walk_held(1 if key == "pagedown" else -1))
        if key == ";":
            self._turn()
        elif len(key) == 1 and key.lower() in HOP_KEYS:
            return Step(self, self._hop(key))
        elif key in SHAPES:
            self._shape(key)
        else:
            return Step(self, unused=True)
        return Step(self)

    def _takes(self, key: str) -> bool:
        """Tell whether a key gives the stretch to a slot."""
        return key in ("enter", "space") or (is_digit(key) and 0 < int(key) <= len(self.targets))

    def _turn(self) -> None:
        """Give the letters to the next 26 words, behind the last to the first again."""
        behind = self.block + BLOCK
        self.block = behind if behind < len(self.hops.words) else 0
        self.turned = True

    def _capitals(self) -> int:
        """Return the first of the words that CAPITALS are for."""
        if self.fresh:
            return self.block + BLOCK
        if self.turned:
            return self.block
        return self.hops.place_of(self.selection[0]) or 0

    def _hop(self, key: str) -> str:
        """Begin a stretch where a letter stands, or end it there; say what is not as asked."""
        small = self.hops.at(key.lower(), self.block)
        if key.islower():
            self._begin(small)
            return ""
        place = self.hops.at(key.lower(), self._capitals())
        if self.fresh and place is not None:
            self._begin(place)
            return ""
        return self._end(small if place is None else place)

    def _begin(self, place: int | None) -> None:
        if place is None:
            return
        stretches = self.hops.stretches(place)
        self.reason = "chosen"
        self.selection = stretches[self._times("begin", place) % len(stretches)]
        self.block = self.hops.around(place)
        self.fresh = self.turned = False
        self.editing = None

    def _end(self, place: int | None) -> str:
        """Let the stretch go through to a word, or, where that stands before it, begin there."""
        if place is None:
            return ""
        self.reason = "chosen"
        (begin, end), (start, _) = self.selection, self.hops.words[place]
        ends = self.hops.ends(place)
        self.fresh = False
        if start < begin and ends[0] <= begin:
            self.selection = start, end
            return BEGINS_THERE
        self.selection = begin, ends[self._times("end", place) % len(ends)]
        return ""

    def _times(self, act: str, place: int) -> int:
        """Return how often in a row the same letter was pressed before."""
        again = (act, place)
        self._pressed = self._pressed + 1 if again == self._again else 0
        self._again = again
        return self._pressed

    def _shape(self, key: str) -> None:
        text, bounds, now = self.desk.text, self.desk.bounds, self.selection
        self._again = ("", 0)
        if key in ("left", "right"):
            self.draw(words.step(text, bounds, now, 1 if key == "right" else -1))
        elif key in EDGES:
            edge, by = EDGES[key]
            self.selection = words.move_edge(text, bounds, now, edge=edge, by=by)
        elif key in NUDGES:
            edge, by = NUDGES[key]
            self.selection = words.nudge(text, bounds, now, edge=edge, by=by)
        elif key == "up":
            self.selection = words.widen(text, bounds, now, self.desk.language)
        elif key == "down":
            self.selection = words.narrow(text, now, self.desk.language)
        self.fresh = self.fresh and self.selection == now
        self.reason = "chosen"

    def _walk_held(self, by: int) -> str:
        """Light the next of the spans that the slot holds."""
        held = self.held()
        if not held:
            return "This slot holds no words."
        ahead = held.index(self.editing) + by if self.editing in held else min(0, by)
        self._edit(held[ahead % len(held)])
        return ""

    def _take_away(self) -> str:
        """Take away the lit span of the slot, its only one, or the one that is touched."""
        target, held = self.targets[self.target], self.held()
        mark = self.desk.mark(target.mark)
        if mark is None or not held:
            return "There are no words to take away."
        start, end = self.selection
        touched = [span for span in held if span.start < end and start < span.end]
        chosen = self.editing if self.editing in held else next(iter(touched), None)
        chosen = held[0] if len(held) == 1 else chosen
        if chosen is None:
            return "PgDn lights what can be taken away."
        values = [
            value.model_copy(update={"mention": None}) if _mention_of(value, target) else value
            for value in mark.values(target.slot)
            if not (isinstance(value, SpanValue) and value.span == chosen)
        ]
        self.desk.fill(target.mark, target.slot, tuple(values))
        self.editing, self.removed = None, self.selection
        return f"{target.name}: {_both_ends(chosen.exact, SAID)} taken away"

    def _take(self) -> str:
        target = self.targets[self.target]
        mark = self.desk.mark(target.mark)
        if mark is None:
            return "That mark is no longer there."
        span = Span.of(self.desk.text, *self.selection)
        held = mark.values(target.slot)
        slot = self.desk.layer(mark.layer).slot(target.slot)
        values: list[SlotValue]
        if target.entity:
            named = {"mention": span, "inferred": False}
            values = [v.model_copy(update=named) if _mention_of(v, target) else v for v in held]
        elif slot is not None and slot.repeatable:
            values = [*acts.with_words(held, span, self.editing)]
        else:
            values = [SpanValue(span=span)]
        self.desk.fill(target.mark, target.slot, tuple(values))
        self.editing, self.removed = span, None
        said = _both_ends(span.exact, SAID)
        return f"{target.name}: {said}{offer(self.desk, target.mark, target.slot)}"

    def view(self) -> View:
        """Show the letters at the words, the targets, and what the lit one holds."""
        said = _both_ends(self.desk.text[slice(*self.selection)])
        return View(
            title="Span",
            mark=self.targets[self.target].mark,
            hint=SLOTS + HINT if len(self.targets) > 1 else HINT,
            groups=self._holding(),
            fields=self._fields(),
            about=(f"{said}: a start, not chosen yet" if self.reason == "unlikely" else said,),
            selection=self.selection,
            hops=self.hops.shown(self.block, self._capitals()),
            likely=frozenset(self.hops.words[place][0] for place in self.hops.candidates),
            turns=False,
        )

    def _holding(self) -> tuple[Group, ...]:
        """Return what the lit slot holds where that is more than a line can say."""
        held = self.held()
        items = (Item("", quoted(s.exact), state="on", lit=s == self.editing) for s in held)
        return (Group("holds", tuple(items)),) if len(held) > 1 else ()

    def _fields(self) -> tuple[Field, ...]:
        """Return a line for each slot that can have the words: whose it is, and what it holds."""
        fields = []
        for place, target in enumerate(self.targets):
            mark = self.desk.mark(target.mark)
            layer = self.desk.session.codebook.layer(mark.layer) if mark else None
            slot = layer.slot(target.slot) if layer else None
            name = slot.name.lower() if slot else target.slot
            who = self.desk.session.cast.name(target.entity) if target.entity else ""
            of = who or (self.desk.describe(mark) if mark else "")
            value = " ".join([of, *(quoted(span.exact) for span in self.held(target))])
            key = str(place + 1) if place < len(DIGITS) else ""
            fields.append(Field(key, name, value, "filled", focused=place == self.target))
        return tuple(fields)


def _likely(desk: Desk, target: Target, found: Sequence[Candidate]) -> Range | None:
    """Return the words that a target is likely to have, None where none are."""
    mark = desk.mark(target.mark)
    layer = desk.session.codebook.layer(mark.layer) if mark else None
    label = layer.label(mark.label) if mark and layer else None
    if target.entity:
        return evidence.of_entity(desk.session.cast, desk.text, desk.sentence, target.entity)
    if layer is None or label is None:
        return None
    return evidence.of_slot(layer, label, target.slot, desk.text, found)


def _both_ends(words: str, most: int = SHOWN) -> str:
    """Quote words; of many only the first and the last, which are what is being shaped."""
    if len(words) <= most:
        return quoted(words)
    return quoted(f"{words[: most // 2]} … {words[-most // 2 :]}")


def _mention_of(value: SlotValue, target: Target) -> bool:
    return isinstance(value, EntityValue) and value.entity == target.entity
