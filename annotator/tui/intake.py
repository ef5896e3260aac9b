"""What comes in from the terminal: keys as they were pressed, and what is pasted as text.

Textual's own reading looks for keys within a paste, so that a hostile text could press them, and
takes escape and a key typed fast behind it for another key. Here the stream is cut first, into
pastes, sequences and characters; Textual says of one sequence at a time what it means.
"""

from __future__ import annotations

import os
import re
import select
import sys
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterator
from typing import Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.driver import Driver
from textual.message import Message

ESC: Final = "\x1b"
CSI: Final = "\x1b["
BEGIN: Final = "\x1b[200~"
END: Final = "\x1b[201~"
LONGEST_PASTE: Final = 4 * 2**20
"""Code points; of a longer paste nothing is taken, for nobody would see that its end is missing."""
LONGEST_SEQUENCE: Final = 4096
LOOK: Final = 0.1
"""Seconds between two looks whether the program still wants input."""

# As far as it has come, and when it is whole: alt with backspace, a key of the keypad, the keys of
# the Linux console, a mouse of the old kind, and everything that ends by the common rule.
_SEQUENCE: Final = re.compile(
    r"\x1b(?:\x7f|O[!-~]?|\[(?:\[[A-E]?|M[^\x00-\x1f]{0,3}|[ -?]*[@-~]?))?"
)
_WHOLE: Final = re.compile(
    r"\x1b(?:\x7f|O[!-~]|\[(?:\[[A-E]|M[^\x00-\x1f]{3}|(?![\[M])[ -?]*[@-~]))"
)
# Text of an input method; Textual gives up a sequence that is longer than that of any key.
_COMPOSED: Final = re.compile(r"(\x1b\[\d*;\d*;)(\d+(?::\d+)+)u")
_LONGEST_FOR_TEXTUAL: Final = 32
_ESCAPE_ALONE: Final = re.compile(r"\x1b(?:\[27(?:;\d{0,3})?u)?")


class Intake:
    """Cuts what a terminal sends, in whatever pieces it comes, and gives what it means in order.

    A paste ends where the terminal says so, and what stands behind that is typed: it is for the
    terminal to take the sign of the end out of what it pastes, as those in use do. A paste without
    an end, as after a broken line, is thrown away once escape is pressed alone; no time ends it,
    for a line may be slow. What both methods give must be taken to its end.
    """

    def __init__(self, *, debug: bool = False) -> None:
        self._textual = XTermParser(debug)
        self._held = ""
        self._given_up = ""
        self._pasted: list[str] | None = None
        self._length = 0
        self._since_silence = ""

    @property
    def begun(self) -> bool:
        """Whether something waits for its end: silence would tell whether escape was pressed."""
        return bool(self._held)

    def feed(self, text: str) -> Iterator[Message]:
        """Take what came, and give what is complete by it."""
        self._since_silence = (self._since_silence + text)[:16]
        if (self._given_up + text).startswith(BEGIN):
            # Nobody types what begins a paste, even if the line paused within it.
            self._held = self._given_up
        text, self._held, self._given_up = self._held + text, "", ""
        while text:
            if self._pasted is not None:
                text = yield from self._paste(self._pasted, text)
            elif text[0] == ESC:
                text = yield from self._begin(text)
            else:
                typed = text.partition(ESC)[0]
                yield from self._type(typed)
                text = text[len(typed) :]

    def silence(self) -> Iterator[Message]:
        """Learn that nothing came for a while, so that what is begun will not be completed."""
        heard, self._since_silence = self._since_silence, ""
        if self._pasted is not None:
            if _ESCAPE_ALONE.fullmatch(heard):
                self._pasted, self._held = None, ""
        elif self._held:
            self._given_up, self._held = self._held, ""
            yield from self._take(self._given_up)

    def _paste(self, pasted: list[str], text: str) -> Generator[Message, None, str]:
        """Keep what is pasted; return what stands behind it."""
        piece, end, rest = text.partition(END)
        if not end:
            cut = next((n for n in range(len(END) - 1, 0, -1) if text.endswith(END[:n])), 0)
            piece, self._held = text[: len(text) - cut], text[len(text) - cut :]
        self._length += len(piece)
        pasted.append(piece)
        if self._length > LONGEST_PASTE:
            pasted.clear()
        if end:
            self._pasted = None
            if pasted:
                # Without NUL, as Textual gives it.
                yield events.Paste("".join(pasted).replace("\x00", ""))
        return rest

    def _begin(self, text: str) -> Generator[Message, None, str]:
        """Take the sequence that a text begins with; return what stands behind it."""
        found = _SEQUENCE.match(text)
        sequence = found.group() if found else text
        rest = text[len(sequence) :]
        if sequence == BEGIN:
            self._pasted, self._length = [], 0
        elif rest or _WHOLE.fullmatch(sequence):
            yield from self._take(sequence)
        elif len(sequence) <= LONGEST_SEQUENCE:
            self._held = sequence
        return rest

    def _take(self, sequence: str) -> Iterator[Message]:
        """Give what a sequence means, whole or not.

        One that nobody knows is no key. But escape, and what can stand behind it, may be typed.
        """
        composed = _COMPOSED.fullmatch(sequence)
        if composed:
            for code in composed[2].split(":"):
                yield from self._meaning(f"{composed[1]}{code}u") or ()
            return
        meant = self._meaning(sequence)
        if meant is not None:
            yield from meant
        elif len(sequence) <= 2 or not sequence.startswith(CSI):
            yield events.Key("escape", ESC)
            yield from self._type(sequence[1:])

    def _type(self, typed: str) -> Iterator[Message]:
        for character in typed:
            yield from self._meaning(character) or ()

    def _meaning(self, sequence: str) -> list[Message] | None:
        """Ask Textual what a sequence or a character means; None if it would wait for more."""
        if len(sequence) > _LONGEST_FOR_TEXTUAL:
            return None
        meant: list[Message] = []
        reading = self._textual.parse(meant.append)
        next(reading)
        *before, waits = (reading.send(char).timeout is not None for char in sequence)
        return None if waits or not all(before) else meant


def with_intake(driver: type[Driver]) -> type[Driver]:
    """Return a driver that takes in what its terminal sends by an intake, if it has a terminal."""
    if sys.platform == "win32":
        return driver
    from textual.drivers.linux_driver import LinuxDriver

    if not issubclass(driver, LinuxDriver):
        return driver

    class WithIntake(driver):  # type: ignore[valid-type, misc]
        def run_input_thread(self) -> None:
            intake = Intake(debug=self._debug)
            # A byte that is no UTF-8 is pasted easily, and must not end the program.
            decode = getincrementaldecoder("utf-8")("replace").decode
            while not self.exit_event.is_set():
                patience = ESCAPE_DELAY if intake.begun else LOOK
                if select.select([self.fileno], [], [], patience)[0]:
                    read = os.read(self.fileno, 4096)
                    if not read:
                        return  # The terminal is gone.
                    messages = intake.feed(decode(read))
                else:
                    messages = intake.silence()
                for message in messages:
                    self.process_message(message)

    return WithIntake
