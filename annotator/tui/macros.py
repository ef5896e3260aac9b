"""The commands that open the panels of macros, which lie in a file of the project."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError
from annotator.pipeline.macros import keep, macros, unplayable
from annotator.session.repeat import last_marking
from annotator.tui.modes.macro import KeepMode, PlayMode

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen


def open_panel(here: AnnotateScreen, command: str) -> None:
    """Open the panel of a command, or say why there is none."""
    here.bench.open(None)
    here.bench.take_count()
    try:
        OPENERS[command](here)
    except AnnotatorError as error:
        here.bench.message = str(error)


def _play(here: AnnotateScreen) -> None:
    project = here.annotator.project
    found = macros(project)
    if found:
        here.bench.open(PlayMode(here.bench.desk(), found, unplayable(project, found)))
    else:
        sign = here.keymap.sign("macro.keep")
        here.bench.message = f"There is no macro yet; {sign} keeps the last marking as one."


def _keep(here: AnnotateScreen) -> None:
    marks = last_marking(here.session.timeline, here.session.coding, here.session.codebook)
    if not marks:
        here.bench.message = "There is no marking to keep."
        return
    project = here.annotator.project
    panel = KeepMode(here.bench.desk(), marks, macros(project), partial(keep, project))
    here.bench.open(panel)


OPENERS: Final[dict[str, Callable[[AnnotateScreen], None]]] = {
    "macro.play": _play,
    "macro.keep": _keep,
}
"""The panels of macros by the ids of the table."""
