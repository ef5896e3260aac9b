"""Something that takes long and can be given up: done in a thread of a screen, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Generic, TypeVar

from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.exporting import Far, Stop, Stopped
from annotator.tui import shelves

Made = TypeVar("Made")


class Task(Generic[Made]):
    """Calls `tell` with a bar while it is under way, and `end` with what was made.

    Where nothing was made, `end` gets None and what is to be said of it.
    """

    def __init__(
        self,
        screen: Screen[None],
        tell: Callable[[str], None],
        end: Callable[[Made | None, str], None],
    ) -> None:
        self._screen = screen
        self._tell = tell
        self._end = end
        self._worker: Worker[None] | None = None
        self._stop = Event()

    @property
    def is_under_way(self) -> bool:
        """Whether the last one that was begun is not over yet."""
        return self._worker is not None

    def begin(self, deed: Callable[[Far, Stop], Made], doing: str) -> None:
        """Begin; `doing` says what is done."""
        self._stop = Event()
        run = partial(self._run, deed, doing, self._stop)
        self._worker = self._screen.run_worker(run, thread=True, group="task")

    def stop(self) -> None:
        """Ask for the end of what is under way; it comes when nothing of it is left."""
        self._stop.set()

    async def stopped(self) -> None:
        """Ask for the end of what is under way, and wait for it."""
        if self._worker is not None:
            self._stop.set()
            await self._worker.wait()

    def _run(self, deed: Callable[[Far, Stop], Made], doing: str, stop: Event) -> None:
        pace, app, worker = shelves.Pace(), self._screen.app, get_current_worker()

        def far(done: int, of: int) -> None:
            if pace.is_time():
                app.call_from_thread(self._tell, shelves.reading(done, of, doing))

        made, said = None, ""
        try:
            # Where the program ends, nobody asks for the end of this, but the worker is cancelled.
            made = deed(far, lambda: stop.is_set() or worker.is_cancelled)
        except Stopped:
            said = "Stopped; nothing was written."
        except AnnotatorError as error:
            said = str(error)
        app.call_from_thread(self._over, made, said)

    def _over(self, made: Made | None, said: str) -> None:
        self._worker = None
        self._end(made, said)
