"""A layer's questions, one after the other, until a label or nothing is left to say."""

from __future__ import annotations

from annotator.model.codebook import Layer
from annotator.model.outdated import led_to, noted
from annotator.model.questions import Answer, Question
from annotator.tui.modes.base import Group, Item, Mode, Step, View
from annotator.tui.modes.desk import Desk
from annotator.tui.modes.starting import begin

_STEPS = {"up": -1, "down": 1}
HINT = "key answers · ↑↓ ⏎ choose · ⌫ one back · ? rules · esc leave"


def asking(desk: Desk) -> list[Layer]:
    """Return the layers of the codebook that have questions."""
    return [layer for layer in desk.session.codebook.layers if layer.questions]


class TreeMode:
    """Ask a layer's questions until one leads to a label; the mark is made and its form opens."""

    def __init__(self, desk: Desk, layer: Layer, back: Mode | None) -> None:
        self.desk = desk
        self.layer = layer
        self.back = back
        self.path: list[tuple[Question, Answer]] = []
        self.question = layer.questions[0]
        self.lit = 0

    def press(self, key: str) -> Step:
        """Take an answer, go one question back, or leave."""
        if key == "escape":
            return Step(self.back)
        if key == "backspace":
            return self._back()
        if key in _STEPS:
            self.lit = (self.lit + _STEPS[key]) % len(self.question.answers)
            return Step(self)
        if key in ("enter", "space"):
            return self._take(self.question.answers[self.lit])
        if key == "tab":
            return self._next_layer()
        answer = self.question.answer(key)
        if answer is None:
            return Step(self, f"No answer has the key {key}.", unused=True)
        return self._take(answer)

    def _back(self) -> Step:
        if not self.path:
            return Step(self, "This is the first question; esc leaves.")
        self.question, answer = self.path.pop()
        self.lit = self.question.answers.index(answer)
        return Step(self)

    def _take(self, answer: Answer) -> Step:
        following = self.layer.question(answer.question or "")
        if following is not None:
            self.path.append((self.question, answer))
            self.question, self.lit = following, 0
            return Step(self)
        label = self.layer.label(self.layer.current(answer.label or ""))
        if label is None:
            return Step(None, f"{self.layer.name}: nothing is coded here. ⏎ confirms the sentence.")
        return begin(self.desk, self.layer, label, answer.slots)

    def _next_layer(self) -> Step:
        layers = asking(self.desk)
        places = [layer.id for layer in layers]
        following = layers[(places.index(self.layer.id) + 1) % len(layers)]
        if following is self.layer:
            return Step(self, "No other layer has questions.")
        return Step(TreeMode(self.desk, following, self.back))

    def view(self) -> View:
        """Show the question, what each answer means and leads to, and the answers so far."""
        items = tuple(
            self._item(answer, lit=place == self.lit)
            for place, answer in enumerate(self.question.answers)
        )
        so_far = [f"− {asked.ask} {answer.name}" for asked, answer in self.path]
        several = " · ⇥ next layer" if len(asking(self.desk)) > 1 else ""
        return View(
            title=f"{self.layer.name}: question {len(self.path) + 1}",
            hint=f"{HINT}{several}",
            lead=tuple(
                noted(self.layer, line) for line in (self.question.ask, self.question.hint) if line
            ),
            groups=(Group("", items),),
            about=("So far", *so_far) if so_far else (),
            layer=self.layer.id,
        )

    def _item(self, answer: Answer, *, lit: bool) -> Item:
        label = self.layer.label(self.layer.current(answer.label or ""))
        following = self.layer.question(answer.question or "")
        if label is not None:
            family = self.layer.family(label.id)
            return Item(
                answer.key,
                noted(self.layer, f"{answer.name} → {led_to(self.layer, label.id)}"),
                noted(self.layer, answer.hint),
                glyph=self.layer.glyph_of(label.id),
                colour=family.colour if family else "grey",
                lit=lit,
            )
        leads = following.ask if following else "nothing is coded"
        said = noted(self.layer, f"{answer.name} → {leads}")
        return Item(answer.key, said, noted(self.layer, answer.hint), lit=lit)
