"""The dashboard: how far, how fast, and what it takes, for a readout, a project and everybody."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline import figures
from annotator.pipeline.figures import Figures
from annotator.session.session import Session
from annotator.tui import dashboard, paint, shelves, spoken
from annotator.tui.dashboard import Whose
from annotator.tui.keys import Scope
from annotator.tui.paint import Line, Run, ink
from annotator.tui.screens.keyed import KeyedScreen, stands
from annotator.tui.widgets.lines import LinesView

_NAMES: Final[dict[Whose, str]] = {
    "readout": "this readout",
    "project": "the project",
    "everybody": "everybody",
}


class FiguresScreen(KeyedScreen):
    """Counts in a thread, and shows what it found; Tab turns to other work."""

    scope: ClassVar[Scope] = "figures"
    CSS_PATH = "figures.tcss"

    def __init__(self, here: Session | None = None) -> None:
        super().__init__()
        self._here = here
        self._all: tuple[Whose, ...] = (
            ("readout", "project", "everybody") if here else ("project", "everybody")
        )
        self.whose: Whose = self._all[0]
        self._found: dict[Whose, Figures] = {}
        self._said = ""

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        yield LinesView(id="body")
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Begin to count."""
        self._show()
        self._count(self.whose)

    async def run_command(self, command: str) -> None:
        """Turn to other work, or do what the table says."""
        if command == "figures.whose":
            self.whose = self._all[(self._all.index(self.whose) + 1) % len(self._all)]
            self._show()
            if self.whose not in self._found:
                self._count(self.whose)
        else:
            await super().run_command(command)

    @work(thread=True, exclusive=True, group="figures")
    def _count(self, whose: Whose) -> None:
        worker = get_current_worker()
        try:
            found = self._of_readout() if whose == "readout" else self._of_index(whose)
        except AnnotatorError as error:
            self.app.call_from_thread(self._say, str(error))
            return
        if found is not None and not worker.is_cancelled:
            self.app.call_from_thread(self._take, whose, found)

    def _of_readout(self) -> Figures | None:
        if self._here is None:
            return None
        book = self.annotator.project.codebook
        return figures.of_coding(self._here.history, self._here.coding, book)

    def _of_index(self, whose: Whose) -> Figures | None:
        worker, catalogue = get_current_worker(), self.annotator.catalogue
        pace = shelves.Pace()

        def progress(done: int, of: int, name: str) -> None:
            if pace.is_time():
                self.app.call_from_thread(self._say, shelves.reading(done, of))

        if not catalogue.refresh(progress, lambda: worker.is_cancelled):
            return None
        if whose == "everybody":
            return figures.of_everybody(catalogue.index)
        book = self.annotator.project.codebook
        return figures.of_project(catalogue.index, self.annotator.coder, book)

    def _take(self, whose: Whose, found: Figures) -> None:
        if stands(self):
            self._found[whose] = found
            self._say("")

    def _say(self, words: str) -> None:
        if stands(self):
            self._said = words
            self._show()

    def _show(self) -> None:
        self.query_one("#head", LinesView).show(lambda width: [self._head(width)])
        self.query_one("#body", LinesView).show(self._body)

    def _head(self, width: int) -> Line:
        left = [Run(" "), Run("Figures", paint.STRONG), Run("   ")]
        for whose in self._all:
            lit = whose == self.whose
            left += [
                Run(f"{'▸' if lit else ' '}{_NAMES[whose]}", "bold" if lit else paint.MUTED),
                Run("  "),
            ]
        return paint.ends(tuple(left), (ink(f"{self.annotator.coder} ", paint.MUTED),), width)

    def _body(self, width: int) -> list[Line]:
        found = self._found.get(self.whose)
        if found is None or self._said:
            return paint.prose(self._said or "Counting …", width, paint.MUTED)
        return dashboard.lines(found, self.annotator.project.codebook, self.whose, width)
