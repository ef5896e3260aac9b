"""Labels by one key each: the which-key panel of a layer or family."""

from __future__ import annotations

from annotator.model.codebook import Label, Layer, Panel
from annotator.model.mark import Mark
from annotator.session import acts
from annotator.tui.modes.base import Ask, Group, Item, ItemState, Step, View
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.span import SpanMode, targets_of
from annotator.tui.modes.starting import begin
from annotator.tui.modes.tree import TreeMode

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
            return Step(self, f"No label of {self.panel.name} has the key {key}.")
        return self._choose(label)

    def _choose(self, label: Label) -> Step:
        self.lit = self._shown().index(label) if label in self._shown() else 0
        desk, coding = self.desk, self.desk.session.coding
        if self.reject:
            edit = acts.toggle_rejected(
                desk.pen, coding, desk.key, self.layer.id, label.id, desk.seconds()
            )
            desk.do(edit)
            return Step(None, f"{label.name}: considered and rejected")
        if any(slot.required for slot in self.layer.slots_of(label.id)):
            return begin(desk, self.layer, label)
        edit = acts.toggle(desk.pen, coding, desk.key, self.layer.id, label.id, desk.seconds())
        desk.do(edit)
        return Step(self)

    def _take_lit(self) -> Step:
        shown = self._shown()
        if shown:
            return self._choose(shown[self.lit])
        return Step(self, f"No label of {self.panel.name} holds “{self.filter}”.")

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
        self._narrow(typed)
        shown = self._shown() if typed else []
        self._narrow("")
        if shown:
            return self._choose(shown[0])
        return Step(self, f"No label of {self.panel.name} holds “{typed}”." if typed else "")

    def _shown(self) -> list[Label]:
        wanted = self.filter.casefold()
        return [label for label in self.panel.labels if wanted in _searched(label)]

    def _state(self, label: Label) -> ItemState:
        for mark in self.desk.sentence.marks:
            if mark.layer == self.layer.id and mark.label == label.id:
                return "rejected" if mark.rejected else "on"
        return "off"

    def view(self) -> View:
        """Show the labels by family, and the entry of the one under the light."""
        shown = self._shown()
        under = shown[self.lit] if self.lit < len(shown) else None
        groups: dict[str, list[Item]] = {}
        for label in shown:
            family = self.layer.family(label.id)
            item = Item(
                key=self.panel.keys.get(label.id, ""),
                text=label.tag,
                glyph=self.layer.glyph_of(label.id),
                colour=family.colour if family else "grey",
                state=self._state(label),
                lit=label is under,
            )
            groups.setdefault(family.name if family else "", []).append(item)
        title = f"{self.panel.name}: considered and rejected" if self.reject else self.panel.name
        asks = " · ⇧⇥ questions" if self.layer.questions else ""
        ends = "⇥ next layer" if self.reject else f"⇥ span{asks}"
        return View(
            title=f"{title} /{self.filter}" if self.filter else title,
            hint=f"key toggles · / filter · ←→ look · ? rules · {ends} · ⏎ done, next · esc close",
            layer=self.layer.id,
            label=under.id if under else "",
            groups=tuple(Group(name, tuple(items)) for name, items in groups.items()),
            about=label_entry(self.layer, under) if under else (),
        )


def _searched(label: Label) -> str:
    words = (label.id, label.name, label.short, label.definition, *label.include, *label.examples)
    return " ".join(words).casefold()


def label_entry(layer: Layer, label: Label) -> tuple[str, ...]:
    """Return the codebook's entry of a label in lines: name, definition, rules."""
    same = label.name.casefold() == label.id
    lines = [label.name if same else f"{label.name}  {label.id}", label.definition]
    if label.include:
        lines.append("+ " + "; ".join(label.include))
    if label.exclude:
        lines.append("− " + "; ".join(label.exclude))
    return tuple(line for line in lines if line)
