"""Spans by keyboard: hop to a likely stretch, shape it, and give it to a slot."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.model.mark import EntityValue, Mark, SlotValue, SpanValue
from annotator.model.text import Span
from annotator.session import words
from annotator.session.boundaries import split
from annotator.session.words import Range
from annotator.tui.keys import is_digit
from annotator.tui.modes.base import Group, Item, Mode, Step, View
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.names import offer

# The home row first: what is hopped to most often is under the fingers.
HOP_KEYS = "asdfghjklqwertyuiopzxcvbnm"
HINT = (
    "letter: hop · CAPITAL: through · ←→ word · ⇧←→ right edge · ⌃←→ left edge · "
    "↑↓ phrase, clause · , . nudge · ⏎ take · esc back"
)


@dataclass(frozen=True)
class Target:
    """A slot of a mark that takes a span; of an entity slot it is the mention."""

    mark: str
    slot: str
    name: str


def targets_of(desk: Desk, marks: tuple[Mark, ...]) -> list[Target]:
    """Return the slots of these marks that take spans, empty ones first."""
    found: list[tuple[bool, Target]] = []
    for mark in reversed(marks):
        layer = desk.session.codebook.layer(mark.layer)
        if mark.rejected or layer is None:
            continue
        for slot in layer.slots_of(mark.label):
            filled = bool(mark.values(slot.id))
            if slot.type == "span" or (slot.type == "entity" and filled):
                name = f"{slot.name.lower()} of {desk.describe(mark)}"
                empty = slot.type == "span" and not filled
                found.append((not empty, Target(mark.id, slot.id, name)))
    return [target for _, target in sorted(found, key=lambda pair: pair[0])]


class SpanMode:
    """Choose a stretch of the sentence for one of the targets."""

    def __init__(self, desk: Desk, targets: list[Target], back: Mode | None) -> None:
        self.desk = desk
        self.targets = targets
        self.back = back
        self.target = 0
        found = desk.candidates()
        self.hops: dict[str, Range] = dict(zip(HOP_KEYS, found, strict=False))
        self.selection = self._start(found)

    def _start(self, found: list[Range]) -> Range:
        span = self._held()
        if span is not None:
            return span.start, span.end
        first = words.words(self.desk.text, *self.desk.bounds)
        return found[0] if found else (first[0] if first else self.desk.bounds)

    def _held(self) -> Span | None:
        target = self.targets[self.target]
        mark = self.desk.mark(target.mark)
        for value in mark.slots.get(target.slot, ()) if mark else ():
            if isinstance(value, SpanValue):
                return value.span
            if isinstance(value, EntityValue) and value.mention:
                return value.mention
        return None

    def press(self, key: str) -> Step:
        """Move, shape or take the selection."""
        if key == "escape":
            return Step(self.back)
        if key in ("enter", "space"):
            message = self._take()
            return Step(self.back if key == "enter" else self, message)
        if key in ("tab", "shift+tab"):
            self.target = (self.target + (1 if key == "tab" else -1)) % len(self.targets)
            return Step(self)
        if is_digit(key) and 0 < int(key) <= len(self.targets):
            self.target = int(key) - 1
            return Step(self.back, self._take())
        if key == "backspace":
            return Step(self, self._take_away())
        self._shape(key)
        return Step(self)

    def _shape(self, key: str) -> None:
        text, bounds, now = self.desk.text, self.desk.bounds, self.selection
        if key in self.hops:
            self.selection = self.hops[key]
        elif key.lower() in self.hops and key.isupper():
            other = self.hops[key.lower()]
            self.selection = min(now[0], other[0]), max(now[1], other[1])
        elif key in ("left", "right"):
            self.selection = words.step(text, bounds, now, 1 if key == "right" else -1)
        elif key in ("shift+left", "shift+right"):
            by = 1 if key == "shift+right" else -1
            self.selection = words.move_edge(text, bounds, now, edge="right", by=by)
        elif key in ("ctrl+left", "ctrl+right"):
            by = 1 if key == "ctrl+right" else -1
            self.selection = words.move_edge(text, bounds, now, edge="left", by=by)
        elif key == "up":
            self.selection = words.widen(text, bounds, now)
        elif key == "down":
            self.selection = words.narrow(text, now)
        elif key in (",", "."):
            by = 1 if key == "." else -1
            self.selection = words.nudge(bounds, now, edge="right", by=by)
        elif key in ("<", ">"):
            by = 1 if key == ">" else -1
            self.selection = words.nudge(bounds, now, edge="left", by=by)

    def _take_away(self) -> str:
        target = self.targets[self.target]
        mark = self.desk.mark(target.mark)
        if mark is None or self._held() is None:
            return "There are no words to take away."
        kept = tuple(
            value.model_copy(update={"mention": None})
            for value in mark.values(target.slot)
            if isinstance(value, EntityValue)
        )
        self.desk.fill(target.mark, target.slot, kept)
        return f"{target.name}: words taken away"

    def _take(self) -> str:
        target = self.targets[self.target]
        mark = self.desk.mark(target.mark)
        if mark is None:
            return "That mark is no longer there."
        span = Span.of(self.desk.text, *self.selection)
        slot = self.desk.layer(mark.layer).slot(target.slot)
        values: tuple[SlotValue, ...]
        if slot is not None and slot.type == "entity":
            *others, last = (v for v in mark.values(slot.id) if isinstance(v, EntityValue))
            named = last.model_copy(update={"mention": span, "inferred": False})
            values = (*others, named)
        elif slot is not None and slot.repeatable:
            kept = tuple(v for v in mark.values(slot.id) if v != SpanValue(span=span))
            values = (*kept, SpanValue(span=span))
        else:
            values = (SpanValue(span=span),)
        self.desk.fill(target.mark, target.slot, values)
        return f"{target.name}: “{span.exact}”{offer(self.desk, target.mark, target.slot)}"

    def view(self) -> View:
        """Show the hops in the text and the targets in the panel."""
        items = tuple(
            Item(str(place + 1) if place < 9 else "", target.name, lit=place == self.target)
            for place, target in enumerate(self.targets)
        )
        exact = self.desk.text[self.selection[0] : self.selection[1]]
        return View(
            title="Span",
            mark=self.targets[self.target].mark,
            hint=HINT,
            groups=(Group("for", items),),
            about=(f"“{exact}”",),
            selection=self.selection,
            hops=tuple((start, key) for key, (start, _) in self.hops.items()),
        )


class SplitMode:
    """Choose the word before which the sentence is split."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        found = words.words(desk.text, *desk.bounds)
        self.places = [start for start, _ in found[1:]]
        self.place = len(self.places) // 2

    def press(self, key: str) -> Step:
        """Move the place, or split there."""
        if key == "escape" or not self.places:
            return Step(None, "" if self.places else "One word cannot be split.")
        if key == "enter":
            at = self.places[self.place]
            self.desk.do(split(self.desk.pen, self.desk.session.coding, self.desk.key, at))
            return Step(None, "split; marks without a span stand in both halves and are doubtful")
        steps = {"left": -1, "right": 1, "up": -5, "down": 5}
        self.place = max(0, min(len(self.places) - 1, self.place + steps.get(key, 0)))
        return Step(self)

    def view(self) -> View:
        """Show where the sentence would be split."""
        hint = "←→ word · ↑↓ five words · ⏎ split here · esc back"
        caret = self.places[self.place] if self.places else None
        return View(title="Split", hint=hint, caret=caret)
