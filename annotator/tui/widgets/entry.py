"""The entry of a row of the codebook, with the precedents of its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from textual import work
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.precedents import Precedent, precedents
from annotator.tui import bookview
from annotator.tui.bookview import Beside, Row
from annotator.tui.paint import Line, Run
from annotator.tui.widgets.lines import LinesView

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.screens.keyed import Subject

MEASURE: Final = 92
"""Cells beyond which prose is hard to read."""
FEW: Final = 500
"""How many changed journals are waited for before precedents are told."""
NONE: Final[list[Line]] = [(Run("No label holds that.", "$muted"),)]


class EntryView(LinesView):
    """Shows the entry at once, and precedents as soon as they are found.

    Once the keys are `inside`, they move the light among precedents, and scroll where there are
    none; `lit` is the place of the lit one.
    """

    def __init__(self, subject: Subject, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, ground="$surface")
        self.inside = False
        self._at = 0
        start, self._text = subject.sentence or (0, "")
        self._here = (subject.readout, start) if subject.readout and subject.sentence else None
        self._row: Row | None = None
        self._found: dict[tuple[str, str], list[Precedent]] = {}

    @property
    def _annotator(self) -> AnnotatorApp:
        return cast("AnnotatorApp", self.app)

    @property
    def precedents(self) -> list[Precedent]:
        """The precedents of the label that is shown, as far as they are known."""
        return self._found.get(self._key, [])

    @property
    def _key(self) -> tuple[str, str]:
        row = self._row
        return (row.layer.id, row.label.id) if row and row.label else ("", "")

    def light(self, row: Row | None) -> None:
        """Show the entry of a row."""
        self._row, self.inside, self._at = row, False, 0
        if row is not None and row.label is not None and self._key not in self._found:
            self._look(row.layer.id, row.label.id)
        self.lay_out()

    def forget(self) -> None:
        """Look again for precedents: sentences may have been decided meanwhile."""
        self._found.clear()
        self.light(self._row)

    @property
    def lit(self) -> int | None:
        """The place of the lit precedent, None where none is."""
        return self._at if self.inside and self.precedents else None

    def turn(self) -> None:
        """Let the keys go inside, or out again."""
        self.inside = not self.inside
        self.lay_out()

    def step(self, command: str) -> None:
        """Move the light among precedents, or scroll."""
        last = len(self.precedents) - 1
        at = {"down": self._at + 1, "up": self._at - 1, "first": 0, "last": last}.get(command)
        if self.lit is not None and at is not None and 0 <= at <= last:
            self._at = at
            self.lay_out()
            return
        page, top = max(1, self.size.height - 2), self.scroll_offset.y
        to = {
            "down": top + 1,
            "up": top - 1,
            "page.down": top + page,
            "page.up": top - page,
            "first": 0,
            "last": self.line_count,
        }.get(command)
        if to is not None:
            self.scroll_to(0, max(0, to), animate=False, immediate=True)

    def _beside(self, width: int) -> Beside:
        row = self._row
        if row is None:
            return Beside(NONE)
        book = self._annotator.project.codebook
        found = self._found.get(self._key)
        return bookview.beside(book, row, found, self._text, min(width, MEASURE), self.lit)

    def lay_out(self) -> None:
        """Show what there is now, and keep the lit precedent in sight."""
        self.show(lambda width: self._beside(width).lines, keep_place=self.inside)
        if self.lit is None or self.inner_width <= 0:
            return
        made = self._beside(self.inner_width)
        ends = [*made.places[1:], len(made.lines)]
        at, end = made.places[self.lit], ends[self.lit]
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if at < top or end > top + height:
            to = at if at < top or end - at > height else end - height
            self.scroll_to(0, max(0, to), animate=False, immediate=True)

    @work(thread=True, exclusive=True, group="precedents")
    def _look(self, layer: str, label: str) -> None:
        worker, app = get_current_worker(), self._annotator
        index = app.catalogue.index
        try:
            fresh = index.refresh(coder=app.coder, metadata=False, most=FEW).complete
            found = precedents(
                app.project,
                app.coder,
                layer,
                label,
                self._text,
                index=index if fresh else None,
                here=self._here,
                stopped=lambda: worker.is_cancelled,
            )
        except AnnotatorError:  # Whoever opens the readouts is told what is wrong with them.
            found = []
        if not worker.is_cancelled:
            app.call_from_thread(self._take, (layer, label), found)

    def _take(self, key: tuple[str, str], found: list[Precedent]) -> None:
        if self.is_attached:
            self._found[key] = found
            if key == self._key:
                self.lay_out()
