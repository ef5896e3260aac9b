"""A line that is typed: what is in it, where the cursor stands, and what a key does to it.

The keys come through the screen like all others, so that what is typed ahead of the screen arrives
in its order, and the line is painted like all other text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from annotator.files import MARKS_PER_LETTER
from annotator.tui import paint
from annotator.tui.paint import Line, Run, ink
from annotator.tui.reflow import cells

_LAST_WORD = re.compile(r"\S*\s*$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

HINT: Final = "⏎ take · esc leave · ^u empty"
"""What ends a line that answers a question, as the foot says it."""
EDITING: Final = frozenset({"ctrl+w", "ctrl+u", "ctrl+k", "ctrl+a", "ctrl+e"})
"""Control keys that a line takes for itself."""


@dataclass
class TypedLine:
    """`cursor` is the code point of `value` before which the next one is put.

    Text that was `proposed` is selected: what is typed takes its place, and a key that moves the
    cursor or deletes leaves it to be changed. Of what is typed or pasted so many signs stay that it
    has `most`, where that is not 0; then it is `full` until the next key.
    """

    value: str = ""
    cursor: int = 0
    proposed: bool = False
    most: int = 0
    full: bool = False

    @classmethod
    def of(cls, value: str, *, proposed: bool = False, most: int = 0) -> TypedLine:
        """Begin with some text, the cursor behind it."""
        return cls(value, len(value), proposed=proposed and bool(value), most=most)

    def insert(self, text: str) -> None:
        """Put text at the cursor, or in the place of what is proposed.

        Line ends and tabs become blanks, and control characters go.
        """
        if self.proposed:
            self._become("", "")
        text = _CONTROL.sub("", " ".join(text.splitlines()).replace("\t", " "))
        room = max(0, self.most - len(self.value)) if self.most else len(text)
        self.full, text = len(text) > room, text[:room]
        self.value = self.value[: self.cursor] + text + self.value[self.cursor :]
        self.cursor += len(text)
        self.proposed = False

    def press(self, key: str) -> bool:
        """Take a key; return whether it meant something."""
        before, after = self.value[: self.cursor], self.value[self.cursor :]
        self.full = False
        match key:
            case "space":
                self.insert(" ")
            case "backspace":
                self._become(before[:-1], after)
            case "delete":
                self._become(before, after[1:])
            case "ctrl+w":
                self._become(_LAST_WORD.sub("", before), after)
            case "ctrl+u":
                self._become("", after)
            case "ctrl+k":
                self._become(before, "")
            case "left":
                self.cursor = max(0, self.cursor - 1)
            case "right":
                self.cursor = min(len(self.value), self.cursor + 1)
            case "home" | "ctrl+a":
                self.cursor = 0
            case "end" | "ctrl+e":
                self.cursor = len(self.value)
            case _ if len(key) == 1:
                self.insert(key)
            case _:
                return False
        self.proposed = False
        return True

    def _become(self, before: str, after: str) -> None:
        self.value, self.cursor = before + after, len(before)

    def line(self, width: int, *, hint: str = "") -> Line:
        """Show the line with its cursor, which stays in sight; `hint` stands in an empty one."""
        room = max(1, width - 3)
        # However long the line, only so much of it can be seen on either side of the cursor.
        enough = room * (MARKS_PER_LETTER + 1)
        before = paint.show(self.value[max(0, self.cursor - enough) : self.cursor])
        under = self.value[self.cursor : self.cursor + 1]
        while cells(before) > room:
            before = before[max(1, len(before) - room) :]
        after = self.value[self.cursor + 1 : self.cursor + 1 + 2 * enough]
        rest = paint.cut(after, max(0, room - cells(before)))
        tail = ink(rest) if self.value else ink(paint.cut(hint, room), paint.MUTED)
        style = "reverse" if self.proposed else ""
        return (Run(" "), ink(before, style), ink(under or " ", "reverse"), tail)


def at_rest(value: str, width: int, *, hint: str) -> Line:
    """Show what was typed once nobody types any more."""
    return (Run(" "), ink(paint.cut(value or hint, width - 2), paint.MUTED))
