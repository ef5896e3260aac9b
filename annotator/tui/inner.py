"""The one table of the keys within panels, which no settings move; help and docs read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from annotator.tui.keys import shown


@dataclass(frozen=True)
class Inner:
    """What some keys do in a panel; `sign` is how they are written, if not one by one."""

    keys: tuple[str, ...]
    help: str
    sign: str = ""

    @property
    def signs(self) -> str:
        """How the keys are written."""
        return self.sign or "  ".join(shown(key) for key in self.keys)


TURN: Final = Inner(("pagedown", "pageup"), "Turn what has no room.")
INNER: Final[dict[str, tuple[Inner, ...]]] = {
    "In a panel of labels": (
        Inner(("g",), "Give that label; again: take it back. One that has to be filled opens its form. One with a ○ is taken as it is suggested.", "its key"),
        Inner(("/",), "Type a part of a label's name; ⏎ takes the first that fits."),
        Inner(("left", "right", "up", "down"), "Look at the labels, without giving one."),
        Inner(("space",), "Give the label that is looked at."),
        Inner(("backspace",), "Undo, and leave the panel open."),
        Inner(("tab",), "Choose words for a mark. In “reject”: the next layer."),
        Inner(("shift+tab",), "Be asked the layer's questions, where it has some.", "⇧⇥"),
        TURN,
        Inner(("enter",), "Confirm the sentence and go on."),
        Inner(("escape",), "Close the panel; the sentence stays undecided."),
    ),
    "Among the speakers": (
        Inner(("1",), "Attribute the sentence to them; the form opens.", "1 … 9  a … z"),
        Inner(("/",), "Type a part of a name, an alias or a role; ⏎ takes the first that fits."),
        Inner(("0",), "Nobody is named."),
        Inner((".",), "Whom you chose last."),
        Inner(("=",), "Who spoke before."),
        Inner(("+",), "Somebody new, or known from other readouts: one key tells, where they look alike."),
        Inner(("&",), "Several together: their keys or / take them in or out, + adds somebody, ⏎ makes the collective."),
        Inner((">",), "The next one stands inside the last attribution of this sentence."),
        TURN,
        Inner(("enter",), "Confirm the sentence and go on."),
        Inner(("escape",), "Close the panel; the sentence stays undecided."),
    ),
    "In a form": (
        Inner(("tab", "down"), "The next row."),
        Inner(("shift+tab", "up"), "The row before.", "⇧⇥  ↑"),
        Inner(("K",), "To the row that has it, from a row of text too.", "a CAPITAL"),
        Inner(("2",), "Choose that; where several may stand: in or out.", "its key"),
        Inner(("left", "right"), "Look at what the keys choose."),
        Inner(("space",), "Take what is looked at; in a row of words: choose them, or type."),
        Inner(("a",), "In a row of text: type, behind what stands there; ␣ opens the line as it is.", "a small letter"),
        Inner(("/",), "In a row of people or labels: type a part of a name; ⏎ takes the first that fits."),
        Inner(("~",), "In a row of people: named by context only."),
        Inner(("=",), "In a row of labels: also those of the nearest sentence before that has some."),
        Inner(("+",), "In a row of people: keep the chosen words as a name of theirs; without any, add somebody."),
        Inner(("-",), "None stated."),
        Inner(("backspace",), "Not looked at: empty."),
        Inner(("v",), "Choose words for the row, or for any slot of the mark."),
        Inner(("t",), "From a form at rest: open that panel; the key of the questions asks them.", "a panel's key"),
        TURN,
        Inner(("enter",), "Close the form; what must be filled is asked for once."),
        Inner(("escape",), "Close the form."),
    ),
    "In questions": (
        Inner(("y",), "Give that answer; the last one makes the mark and opens its form.", "its key"),
        Inner(("up", "down"), "Look at the answers."),
        Inner(("enter", "space"), "Give the answer that is lit."),
        Inner(("backspace",), "Go back to the question before."),
        Inner(("tab",), "The questions of the next layer."),
        TURN,
        Inner(("escape",), "Leave everything as it was."),
    ),
    "In a span": (
        Inner(("c",), "Begin at the word above it; again: the other stretches that may begin there.", "a letter"),
        Inner(("C",), "End at the word above that letter; again: the stretches that may end there.", "a CAPITAL"),
        Inner((";",), "Letters for the words behind those that have one."),
        Inner(("left", "right"), "The word before or after."),
        Inner(("shift+left", "shift+right"), "Move the right edge by a word.", "⇧←  ⇧→"),
        Inner(("ctrl+left", "ctrl+right"), "Move the left edge by a word.", "⌃←  ⌃→"),
        Inner(("up", "down"), "Grow to the phrase, the clause, the sentence; shrink again."),
        Inner((",", "."), "Move the right edge by one character."),
        Inner(("<", ">"), "Move the left edge by one character."),
        Inner(("pagedown", "pageup"), "Light one of the spans that the slot holds; what shapes it changes it."),
        Inner(("ctrl+d", "ctrl+u"), "Turn what has no room."),
        Inner(("backspace",), "Take the lit one of them away."),
        Inner(("tab", "shift+tab"), "The next slot, or the one before.", "⇥  ⇧⇥"),
        Inner(("1",), "Give the stretch to that slot, and close.", "1 … 9"),
        Inner(("space",), "Give it, and stay for another. A hop begins a new stretch."),
        Inner(("enter",), "Give the stretch to the slot, and close."),
        Inner(("escape",), "Close, and give nothing."),
    ),
    "In a split": (
        Inner(("a",), "To the place that has it.", "a letter"),
        Inner(("tab", "shift+tab"), "The next likely place, or the one before.", "⇥  ⇧⇥"),
        Inner(("left", "right"), "One word back or on."),
        Inner(("up", "down"), "Five words back or on."),
        Inner(("enter",), "Split there."),
        Inner(("escape",), "Leave the sentence whole."),
    ),
}  # fmt: skip
"""What panels take before any command, by where."""
