"""Labels by one key each: the which-key panel of a layer or family."""

from __future__ import annotations

from annotator.errors import MarkError
from annotator.model.codebook import Label, Layer, Panel
from annotator.model.mark import Mark
from annotator.session import acts
from annotator.tui.modes.base import Ask, Group, Item, ItemState, Step, View
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.labels import none_holds, ranked
from annotator.tui.modes.span import SpanMode, targets_of
from annotator.tui.modes.starting import begin
from annotator.tui.modes.tree import TreeMode

BACK = "backspace"
"""The key that takes the last act back and leaves the panel open: no label can have it."""
IN_RULES = "only in their rules"
"""The heading of labels whose names do not hold what a filter asks for."""
_STEPS = {"up": -1, "left": -1, "down": 1, "right": 1}


class PickMode:
    """Toggle the labels of a panel; a label that has required slots opens its form.

    With `reject` the keys say "considered, and it is not".
    """

    def __init__(self, desk: Desk, panel: Panel, *, reject: bool = False) -> None:
        self.desk = desk
        self.panel = panel
        self.reject = reject
        self.filter = ""
        self.lit = 0
        self.layer = desk.layer(panel.layer)
        self.by_key = {key: label for label, key in panel.keys.items()}
        self.entries = tuple(label_entry(self.layer, label) for label in panel.labels)
        self._items: dict[tuple[str, ItemState, bool], Item] = {}

    def press(self, key: str) -> Step:
        """Toggle the label under the key, move the light, filter, or leave."""
        if key == "escape":
            if self.filter:
                self._narrow("")
                return Step(self)
            return Step(None)
        if key == "enter":
            return self._take_lit() if self.filter else Step(None, confirm=True)
        if key == "space":
            return self._take_lit()
        if key == BACK and not self.reject:
            return Step(self, back=True)
        if key in _STEPS:
            by = _STEPS[key]
            self.lit = (self.lit + by) % max(1, len(self._shown()))
            return Step(self)
        if key == "/":
            return Step(self, ask=Ask(f"Filter {self.panel.name}", "", self._found, self._narrow))
        if key == "tab":
            return self._next_panel() if self.reject else self._spans()
        if key == "shift+tab" and self.layer.questions and not self.reject:
            return Step(TreeMode(self.desk, self.layer, back=self))
        label = self.layer.label(self.by_key.get(key, ""))
        if label is None:
            return Step(self, f"No label of {self.panel.name} has the key {key}.", unused=True)
        return self._choose(label)

    def _choose(self, label: Label) -> Step:
        ids = [one.id for one in self._shown()]
        self.lit = ids.index(label.id) if label.id in ids else 0
        desk, coding = self.desk, self.desk.session.coding
        if self.reject:
            given = any(mark.label == label.id for mark in desk.sentence.of_layer(self.layer.id))
            edit = acts.toggle_rejected(
                desk.pen, coding, desk.key, self.layer.id, label.id, desk.seconds()
            )
            desk.do(edit)
            states = self._states()
            said = "considered and rejected" if label.id in states else "not rejected any more"
            said = f"{said}; it was given here, and that is taken away" if given else said
            return Step(None, f"{label.name}: {said}")
        if any(slot.required for slot in self.layer.slots_of(label.id)):
            return begin(desk, self.layer, label)
        suggestion = desk.suggestion(self.layer.id, label.id)
        if suggestion is not None:
            edit = desk.taking([suggestion])
        else:
            edit = acts.toggle(desk.pen, coding, desk.key, self.layer.id, label.id, desk.seconds())
        desk.do(edit)
        sign = (
            "+"
            if label.id in {mark.label for mark in desk.sentence.of_layer(self.layer.id)}
            else "−"
        )
        return Step(self, f"{sign} {label.name}")

    def _what_keys_do(self) -> str:
        """Say what a label's key does; one that has a form may stand more than once."""
        if self.reject:
            return "key rejects, closes"
        forms = {
            any(slot.required for slot in self.layer.slots_of(label.id))
            for label in self.panel.labels
        }
        if not self.layer.multiple or True not in forms:
            return "key toggles"
        return "key toggles, or gives one more" if False in forms else "key gives one more"

    def _take_lit(self) -> Step:
        shown = self._shown()
        return self._choose(shown[self.lit]) if shown else Step(self, self._none())

    def _none(self) -> str:
        return none_holds(self.panel.name, self.filter)

    def _spans(self) -> Step:
        marks: tuple[Mark, ...] = self.desk.sentence.of_layer(self.layer.id)
        targets = targets_of(self.desk, marks)
        if not targets:
            return Step(self, "A span belongs to a mark: choose a label first.")
        return Step(SpanMode(self.desk, targets, back=None))

    def _next_panel(self) -> Step:
        panels = self.desk.session.codebook.panels
        places = [p.key for p in panels]
        following = panels[(places.index(self.panel.key) + 1) % len(panels)]
        return Step(PickMode(self.desk, following, reject=True))

    def _narrow(self, typed: str) -> None:
        self.filter, self.lit = typed, 0

    def _found(self, typed: str) -> Step:
        """Take the first label of the filter; raises MarkError where it has none."""
        self._narrow(typed)
        shown = self._shown() if typed.strip() else []
        if typed.strip() and not shown:
            raise MarkError(self._none(), "Type other words, or esc.")
        self._narrow("")
        return self._choose(shown[0]) if shown else Step(self)

    def _shown(self) -> list[Label]:
        called, rules = self._ranked()
        return [*called, *rules]

    def _ranked(self) -> tuple[list[Label], list[Label]]:
        return ranked(self.panel.labels, self.filter)

    def _states(self) -> dict[str, ItemState]:
        """Return the state of each label that has a mark here, or is suggested.

        Of several marks, the first one tells.
        """
        desk, layer = self.desk, self.layer.id
        found: dict[str, ItemState] = {}
        for one in desk.session.suggested.of(desk.sentence):
            if one.layer == layer:
                found[one.label] = "suggested"
        for mark in reversed(desk.sentence.marks):
            if mark.layer == layer:
                found[mark.label] = "rejected" if mark.rejected else "on"
        return found

    def _entry(self, label: Label, state: ItemState, *, lit: bool) -> Item:
        # With a key one or two of them change.
        found = self._items.get((label.id, state, lit))
        if found is None:
            family = self.layer.family(label.id)
            found = self._items[label.id, state, lit] = Item(
                key=self.panel.keys.get(label.id, ""),
                text=label.tag,
                glyph=self.layer.glyph_of(label.id),
                colour=family.colour if family else "grey",
                state=state,
                lit=lit,
            )
        return found

    def view(self) -> View:
        """Show the labels by family, and the entry of the one under the light."""
        called, rules = self._ranked()
        shown = [*called, *rules]
        under = shown[self.lit] if self.lit < len(shown) else None
        states = self._states()
        items = {
            label.id: self._entry(label, states.get(label.id, "off"), lit=label is under)
            for label in shown
        }
        groups: dict[str, list[Item]] = {}
        for label in called:
            family = self.layer.family(label.id)
            # What is filtered stands in the order in which Enter takes it.
            heading = family.name if family and not self.filter else ""
            groups.setdefault(heading, []).append(items[label.id])
        if rules:
            groups[IN_RULES] = [items[label.id] for label in rules]
        title = f"{self.panel.name}: considered and rejected" if self.reject else self.panel.name
        asks = " · ⇧⇥ questions" if self.layer.questions else ""
        ends = "⇥ next layer" if self.reject else f"⇥ span{asks}"
        does = self._what_keys_do()
        # A narrow line cuts what stands last.
        out = f"{'' if self.reject else '⌫ undo · '}⏎ done, next · esc close"
        return View(
            title=f"{title} /{self.filter}" if self.filter else title,
            hint=f"{does} · {out} · / filter · ←→ look · ? rules · {ends}",
            layer=self.layer.id,
            label=under.id if under else "",
            lead=() if shown else (self._none(),),
            groups=tuple(Group(name, tuple(items)) for name, items in groups.items()),
            about=label_entry(self.layer, under) if under else (),
            entries=self.entries,
        )


def label_entry(layer: Layer, label: Label) -> tuple[str, ...]:
    """Return the codebook's entry of a label in lines: name, definition, rules."""
    same = label.name.casefold() == label.id
    lines = [label.name if same else f"{label.name}  {label.id}", label.definition]
    if label.include:
        lines.append("+ " + "; ".join(label.include))
    if label.exclude:
        lines.append("− " + "; ".join(label.exclude))
    return tuple(line for line in lines if line)
