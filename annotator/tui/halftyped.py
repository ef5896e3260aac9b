"""What is being typed as the program is ended by a signal: kept, and offered where it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError
from annotator.pipeline.halftyped import Where, keep
from annotator.tui.screens.keyed import KeyedScreen

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.screens.annotate import AnnotateScreen

KEPT: Final = "The line that was being typed is kept, and offered when it is opened again."


def where(screen: KeyedScreen, *names: str) -> Where:
    """Return what a line of a screen is typed for: `names` say it to the question."""
    app = screen.annotator
    return (str(app.project.root.resolve()), app.coder, screen.scope, *names)


def of_sentence(screen: AnnotateScreen, question: str) -> Where:
    """Return what a line is typed for where a sentence is in work, and perhaps a mark."""
    bench = screen.bench
    mark = bench.mode.view().mark if bench.mode else None
    place = (screen.session.readout.id, str(bench.sentence.start), mark or "")
    return where(screen, *place, question)


def keep_all(app: AnnotatorApp) -> None:
    """Keep every line that is being typed, and let the last words say so, or why not."""
    for screen in app.screen_stack:
        if isinstance(screen, KeyedScreen) and (found := screen.half_typed()):
            try:
                keep(*found)
                said = KEPT
            except AnnotatorError as error:
                said = f"The line that was being typed could not be kept: {error}"
                app.failure = app.failure or error.exit_code
            app.last_words = f"{app.last_words}  {said}".lstrip()
