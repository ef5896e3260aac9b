"""The program ends when it is told to or its terminal is gone, even where the screen hangs.

The loop of events cannot be relied on for that: a terminal that went away leaves Textual waiting to
write to it. So signals are taken as the process gets them, and a thread looks after the terminal.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
PATIENCE: Final = 3.0
"""Seconds that the screen has for leaving in order."""
LOOK: Final = 2.0
"""Seconds between two looks at the terminal."""

# Back from the other screen; line ends, cursor, mouse, pasting and keyboard as a shell has them.
_AS_IT_WAS: Final = b"".join(
    b"\x1b[" + mode
    for mode in (
        *(b"?1049l", b"?7h", b"?25h", b"?1000l", b"?1003l", b"?1015l", b"?1006l"),
        *(b"?2004l", b"?1004l", b"<u"),
    )
)


@contextmanager
def guarded(
    leave: Callable[[int], None], save: Callable[[], None], last_words: Callable[[], str]
) -> Iterator[Callable[[int], None]]:
    """Watch over the program while the screen runs; must be called in the main thread.

    `leave` asks the screen to end with an exit code, and returns at once. Where it does not end in
    time, `save` is called in another thread, the terminal is left clean, `last_words` are written
    to it, and the process ends. What is given is to be called with an exit code where the screen
    is about to end of its own accord: it does so in time, too.
    """
    over, asked = Event(), Event()
    attributes = _attributes()

    def end(code: int) -> None:
        if not asked.is_set():
            in_time(code)
            leave(code)

    def in_time(code: int) -> None:
        asked.set()
        Thread(target=insist, args=(code,), daemon=True).start()

    def insist(code: int) -> None:
        if not over.wait(PATIENCE):
            try:
                save()
            finally:
                # A terminal that takes nothing more must not hold the process.
                restoring = Thread(target=_restore, args=(attributes, last_words()), daemon=True)
                restoring.start()
                restoring.join(PATIENCE)
                os._exit(code)

    def look_after_the_terminal() -> None:
        while attributes is not None and not over.wait(LOOK):
            if _attributes() is None:
                end(128 + signal.SIGHUP)
                return

    def told(number: int, frame: FrameType | None) -> None:
        end(128 + number)

    before = {number: signal.signal(number, told) for number in SIGNALS}
    Thread(target=look_after_the_terminal, daemon=True).start()
    try:
        yield in_time
    finally:
        over.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _attributes() -> list[object] | None:
    """Return how the terminal is set, None where there is none."""
    try:
        return termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ else None
    except (termios.error, OSError, ValueError):
        return None


def _restore(attributes: list[object] | None, words: str) -> None:
    with suppress(termios.error, OSError, ValueError):
        if attributes is not None and sys.__stdin__ is not None:
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, attributes)  # type: ignore[arg-type]
            os.write(sys.__stdin__.fileno(), _AS_IT_WAS + words.encode())
