"""What a terminal makes of the bytes that it is sent.

A model of our own, for it keeps every sequence that went by, so that a test can say which ones may.
It obeys what the program has cause to send; a control that it does not know is kept in `unknown`.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from rich.cells import cell_len

SHOWN, WRAP, ALTERNATE, MOUSE, PASTE = (
    "?25",
    "?7",
    "?1049",
    ("?1000", "?1003", "?1015", "?1006"),
    "?2004",
)

_STRINGS = {"]": "OSC", "P": "DCS", "X": "SOS", "^": "PM", "_": "APC"}
_CSI = re.compile(r"\x1b\[([<=>?]?)([0-9:;]*)([ !-/]*)([@-~])")
_SILENT = frozenset({"m", "u", "$p", "n", "c", "t", "r"})


class Screen:
    """A grid of cells, the modes that are set, and the sequences that set them."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.modes: dict[str, bool] = {}
        self.sequences: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.other = self._blank()
        self.cells = self._blank()
        self.row = self.column = 0
        self._left = (0, 0)
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._rest = ""

    def _blank(self) -> list[list[str]]:
        return [[" "] * self.columns for _ in range(self.rows)]

    def resize(self, columns: int, rows: int) -> None:
        """Become another size; what was shown is gone, as it is on the screen of a program."""
        self.columns, self.rows = columns, rows
        self.cells, self.other = self._blank(), self._blank()
        self.row, self.column = self._clamp(self.row, rows), self._clamp(self.column, columns)

    @property
    def lines(self) -> list[str]:
        """The rows as text, blanks at their ends left out."""
        return ["".join(row).rstrip() for row in self.cells]

    @property
    def text(self) -> str:
        """The whole screen as text."""
        return "\n".join(self.lines)

    def has(self, mode: str) -> bool:
        """Return whether a mode is set; lines wrap and the cursor shows until told otherwise."""
        return self.modes.get(mode, mode in (SHOWN, WRAP))

    def feed(self, raw: bytes) -> None:
        """Take what the program wrote."""
        text = self._rest + self._decoder.decode(raw)
        self._rest = ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                end = self._sequence(text, at)
                if end is None:
                    self._rest = text[at:]
                    return
                at = end
                continue
            end = text.find("\x1b", at)
            end = len(text) if end < 0 else end
            for char in text[at:end]:
                self._write(char)
            at = end

    def _sequence(self, text: str, at: int) -> int | None:
        """Obey the sequence at a place and return where it ends; None where more must come."""
        if at + 1 >= len(text):
            return None
        kind = text[at + 1]
        if kind in _STRINGS:
            ends = [
                found for found in (text.find("\x07", at), text.find("\x1b\\", at + 2)) if found > 0
            ]
            if not ends:
                return None
            end = min(ends) + (1 if text[min(ends)] == "\x07" else 2)
            self.sequences[text[at:end]] += 1
            return end
        if kind != "[":
            self.sequences[text[at : at + 2]] += 1
            return at + 2
        found = _CSI.match(text, at)
        if found is None:
            if re.fullmatch(r"\x1b\[[0-?]*[ -/]*", text[at : at + 64]):
                return None
            self.sequences[text[at : at + 3]] += 1
            return at + 2
        self.sequences[found.group()] += 1
        self._obey(found)
        return found.end()

    def _obey(self, found: re.Match[str]) -> None:
        prefix, numbers, between, final = found.groups()
        code = between + final
        values = [int(n) if n.isdigit() else 0 for n in numbers.split(";")] if numbers else []
        first = values[0] if values else 0
        if code in ("h", "l") and prefix == "?":
            for value in values:
                self._set(f"?{value}", code == "h")
        elif code in ("H", "f"):
            self.row = self._clamp((first or 1) - 1, self.rows)
            self.column = self._clamp(([*values, 0, 0][1] or 1) - 1, self.columns)
        elif code in "ABCD":
            by = max(1, first)
            self.row = self._clamp(self.row + {"A": -by, "B": by}.get(code, 0), self.rows)
            self.column = self._clamp(self.column + {"C": by, "D": -by}.get(code, 0), self.columns)
        elif code == "J" and first == 2:
            self.cells = self._blank()
        elif code == "J" and first == 0:
            self.cells[self.row][self.column :] = [" "] * (self.columns - self.column)
            self.cells[self.row + 1 :] = self._blank()[self.row + 1 :]
        elif code == "K" and first == 0:
            self.cells[self.row][self.column :] = [" "] * (self.columns - self.column)
        elif code not in _SILENT:
            self.unknown[found.group()] += 1

    def _set(self, mode: str, on: bool) -> None:
        if mode == ALTERNATE and on != self.has(ALTERNATE):
            self.cells, self.other = self.other, self.cells
            place = self.row, self.column
            self.row, self.column = self._left
            self._left = place
            if on:
                self.cells = self._blank()
        self.modes[mode] = on

    @staticmethod
    def _clamp(value: int, size: int) -> int:
        return max(0, min(size - 1, value))

    def _write(self, char: str) -> None:
        if char == "\r":
            self.column = 0
        elif char == "\n":
            if self.row == self.rows - 1:
                self.cells = [*self.cells[1:], [" "] * self.columns]
            else:
                self.row += 1
        elif ord(char) < 32 or 0x7F <= ord(char) < 0xA0:
            self.unknown[char] += 1
        else:
            self._put(char)

    def _put(self, char: str) -> None:
        wide = cell_len(char)
        if wide == 0:
            before = max(0, self.column - 1)
            self.cells[self.row][before] += char
            return
        if self.column + wide > self.columns:
            if self.has(WRAP):
                self._write("\r")
                self._write("\n")
            else:
                self.column = self.columns - wide
        self.cells[self.row][self.column] = char
        for place in range(self.column + 1, self.column + wide):
            self.cells[self.row][place] = ""
        self.column += wide
