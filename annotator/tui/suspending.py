"""The program as a job of the shell: it stops once everything is saved, and paints itself anew.

Textual's own way stops only the program itself, and for good where no shell could continue it. Here
the whole job is stopped as the terminal's own key would, and the kernel lets a program that nobody
could continue go on at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Final

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp

UNSAVED: Final = "Not suspended: what is not saved would be lost if the shell ends."
NO_JOB: Final = "There is no shell here to go back to."


async def suspend(app: AnnotatorApp, say: Callable[[str], None]) -> None:
    """Save everything and stop the job; return once it goes on, with the screen painted anew.

    Where something cannot be saved, or the terminal knows no jobs, it is said, and nothing stops.
    """
    if app.ending:
        return
    if not await app.save_all():
        say(UNSAVED)
        return
    try:
        with app.suspend():
            stopped = stop_the_job()
    except SuspendNotSupported:
        stopped = False
    if not stopped:
        say(NO_JOB)


def stop_the_job() -> bool:
    """Stop this process and those of its job; return, once they go on, whether they had stopped."""
    continued: list[int] = []
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    gone_on = signal.signal(signal.SIGCONT, lambda number, frame: continued.append(number))
    try:
        os.kill(0, signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)
        signal.signal(signal.SIGCONT, gone_on)
    return bool(continued)


def obey(app: AnnotatorApp, loop: asyncio.AbstractEventLoop) -> None:
    """Take the signals to stop and to go on from Textual, once it has set its own."""

    def told_to_stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(lambda: loop.create_task(suspend(app, _silent)))

    def told_to_go_on(number: int, frame: FrameType | None) -> None:
        # After a stop that cannot be caught, the terminal is as the shell has set it.
        loop.call_soon_threadsafe(take_the_screen_anew, app)

    signal.signal(signal.SIGTSTP, told_to_stop)
    signal.signal(signal.SIGCONT, told_to_go_on)


def release() -> None:
    """Leave both signals to the system again, once there is no screen."""
    for number in (signal.SIGTSTP, signal.SIGCONT):
        signal.signal(number, signal.SIG_DFL)


def take_the_screen_anew(app: AnnotatorApp) -> None:
    """Set the terminal up again, and paint everything, unless the program is about to leave it."""
    if not app.ending:
        with app.suspend():
            pass


def _silent(message: str) -> None:
    pass
