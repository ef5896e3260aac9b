"""Markings that are kept under a key: playing one, and keeping the last one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from annotator.errors import AnnotatorError, MarkError
from annotator.model.keeping import current, kept
from annotator.model.macro import LONGEST_NAME, Macro
from annotator.model.mark import Mark
from annotator.session import macros
from annotator.tui import paint
from annotator.tui.modes.base import Ask, Group, Item, Step, View
from annotator.tui.modes.desk import Desk

NAME = 24
"""Cells of a macro's name in the line that says it was played, beside how far one has come."""

Keep = Callable[[str, Macro], None]
"""Writes a macro under a key; may raise AnnotatorError."""


class PlayMode:
    """Choose a macro by its key; `wrong` says of some why they cannot be played."""

    def __init__(
        self, desk: Desk, kept_ones: Mapping[str, Macro], wrong: Mapping[str, str]
    ) -> None:
        self.desk = desk
        self.macros = kept_ones
        self.wrong = wrong

    def press(self, key: str) -> Step:
        """Put the macro under the key on the sentence, or leave."""
        if key in ("escape", "enter"):
            return Step(None)
        macro = self.macros.get(key)
        if macro is None:
            return Step(self, f"No macro has the key {key}.", unused=True)
        if key in self.wrong:
            return Step(self, self.wrong[key])
        desk = self.desk
        had = {mark.id for mark in desk.sentence.marks}
        edit, unknown = macros.play(desk.pen, desk.session.coding, desk.key, macro)
        desk.do(edit)
        new = [desk.describe(mark) for mark in desk.sentence.marks if mark.id not in had]
        # A macro that came whole is told by its name, which mostly says what it holds.
        whole = len(new) == len(current(macro, desk.session.codebook).marks)
        came = paint.cut(macro.name, NAME) if whole else "; ".join(new)
        said = f"macro {key}: {came or 'it stands here already'}"
        left = f"; not in this cast: {', '.join(unknown)}" if unknown else ""
        return Step(None, f"{said}{left}")

    def view(self) -> View:
        """Show the macros and what they hold."""
        items = tuple(self._item(key, macro) for key, macro in self.macros.items())
        return View(title="Macros", hint="key plays · esc back", groups=(Group("", items),))

    def _item(self, key: str, macro: Macro) -> Item:
        if key in self.wrong:
            return Item(key, f"{macro.name} (not playable)", self.wrong[key], state="rejected")
        book, cast = self.desk.session.codebook, self.desk.session.cast
        return Item(key, macro.name, "; ".join(macros.said(macro, book, cast)))


class KeepMode:
    """Choose the key under which marks are kept; a key that is taken is asked for twice."""

    def __init__(
        self, desk: Desk, marks: tuple[Mark, ...], kept_ones: Mapping[str, Macro], keep: Keep
    ) -> None:
        self.desk = desk
        self.macros = kept_ones
        self.keep = keep
        name = ", ".join(desk.describe(mark) for mark in marks)
        self.macro = Macro(name=name[:LONGEST_NAME], marks=tuple(kept(mark) for mark in marks))
        self.asked = ""

    def press(self, key: str) -> Step:
        """Take the key and ask for a name, or leave."""
        if key in ("escape", "enter"):
            return Step(None, "nothing kept")
        if len(key) != 1 or not (key.isascii() and key.isalnum()):
            return Step(self, "A macro has a letter or a digit for its key.", unused=True)
        there = self.macros.get(key)
        if there is not None and self.asked != key:
            self.asked = key
            return Step(self, f"{key} holds “{there.name}”; {key} once more replaces it.")
        name = there.name if there else self.macro.name
        ask = Ask(
            f"Name of the macro {key}",
            name,
            lambda typed: self._do(key, typed),
            proposed=True,
            most=LONGEST_NAME,
        )
        return Step(None, ask=ask)

    def _do(self, key: str, typed: str) -> Step:
        name = " ".join(typed.split())[:LONGEST_NAME] or self.macro.name
        macro = self.macro.model_copy(update={"name": name})
        try:
            self.keep(key, macro)
        except AnnotatorError as error:
            raise MarkError(f"Not kept: {error}") from error
        return Step(None, f"kept under {key}: {name}")

    def view(self) -> View:
        """Show what would be kept, and the keys that are taken."""
        book, cast = self.desk.session.codebook, self.desk.session.cast
        taken = tuple(Item(key, macro.name, state="on") for key, macro in self.macros.items())
        return View(
            title="Keep the last marking",
            hint="a letter or digit: keep it under this key · esc back",
            groups=(Group("taken", taken),) if taken else (),
            about=("It holds", *macros.said(self.macro, book, cast)),
        )
