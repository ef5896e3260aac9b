"""The second pass: a queue of all sentences that are unsure, flagged or doubtful."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from threading import Event
from typing import TYPE_CHECKING, Final, cast

from annotator.errors import AnnotatorError
from annotator.pipeline.query import Clause, Query
from annotator.tui import turning
from annotator.tui.queue import Place, Queue

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.tui.screens.library import LibraryScreen

AGAIN: Final = Query((Clause("again", ("yes",)),))
TITLE: Final = "second pass"
NOTHING: Final = "Nothing waits for a second pass: no sentence is unsure, flagged or doubtful."


def start(here: AnnotateScreen | LibraryScreen) -> None:
    """Look for what waits, and open the first of it; the screens go on meanwhile."""
    here.say("Looking for what waits for a second pass …")
    here.run_worker(_walk(here), exclusive=True, group="second")


async def _walk(here: AnnotateScreen | LibraryScreen) -> None:
    stop = Event()
    try:
        places = await asyncio.to_thread(waiting, here.annotator, stop.is_set)
        if here.app.screen is not here:
            return
        if not places:
            here.say(NOTHING)
        elif here.scope == "library":
            here.annotator.walk(Queue(TITLE, places))
        else:
            await turning.begin(cast("AnnotateScreen", here), Queue(TITLE, places))
    except AnnotatorError as error:
        here.say(str(error))
    finally:
        stop.set()  # The program does not end before its threads do.


def waiting(app: AnnotatorApp, stopped: Callable[[], bool]) -> tuple[Place, ...]:
    """Return the sentences that the coder is to look at again, by readout; takes its time.

    Raises AnnotatorError where the project cannot be read.
    """
    from annotator.pipeline.find import find  # The library begins sooner without it.

    index = app.catalogue.index
    with closing(find(app.project, app.coder, AGAIN, index, stopped)) as found:
        return tuple(Place(one.readout, one.start) for one in found)
