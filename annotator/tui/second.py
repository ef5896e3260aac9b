"""The second pass: a queue of all sentences that are unsure, flagged or doubtful."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Final, cast

from annotator.pipeline.query import Clause, Query
from annotator.tui import turning
from annotator.tui.queue import Place, Queue

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.tui.screens.library import LibraryScreen

AGAIN: Final = Query((Clause("again", ("yes",)),))
TITLE: Final = "second pass"
LOOKING: Final = "Looking for what waits for a second pass …"
NOTHING: Final = "Nothing waits for a second pass: no sentence is unsure, flagged or doubtful."


def start(here: AnnotateScreen | LibraryScreen) -> None:
    """Look for what waits, and open the first of it; keys wait until it is open."""

    async def go(places: tuple[Place, ...]) -> str | None:
        if not places:
            return NOTHING
        queue = Queue(TITLE, places)
        if here.scope == "library":
            here.annotator.walk(queue)
            return None
        coding = cast("AnnotateScreen", here)
        return None if await turning.begin(coding, queue) else coding.bench.message

    here.seek(LOOKING, lambda stopped: waiting(here.annotator, stopped), go)


def waiting(app: AnnotatorApp, stopped: Callable[[], bool]) -> tuple[Place, ...]:
    """Return the sentences that the coder is to look at again, by readout; takes its time.

    Raises AnnotatorError where the project cannot be read.
    """
    from annotator.pipeline.find import find  # The library begins sooner without it.

    index = app.catalogue.index
    with closing(find(app.project, app.coder, AGAIN, index, stopped)) as found:
        return tuple(Place(one.readout, one.start) for one in found)
