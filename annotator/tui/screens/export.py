"""A dataset is made: what goes into it and how, how it begins, and what was written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.worker import get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline import exporting, previewing
from annotator.pipeline.export import ExportReport, default_name
from annotator.pipeline.exporting import Choice, People, Stopped
from annotator.pipeline.previewing import Preview
from annotator.tui import bars, exportview, paint, spoken
from annotator.tui.exportdesk import ExportDesk, Row
from annotator.tui.footer import BETWEEN
from annotator.tui.keys import Scope
from annotator.tui.paint import Line, Run
from annotator.tui.screens.asking import MOST_SAID, AskingScreen
from annotator.tui.screens.keyed import WIDE, stands
from annotator.tui.task import Task
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView

_PAGES: Final = {"page.down": 1, "page.up": -1}
_CALL = 3
"""Rows that the command line has at most."""


class ExportScreen(AskingScreen):
    """The choices of an export beside its preview; what takes long is done in a thread."""

    scope: ClassVar[Scope] = "export"
    CSS_PATH = "export.tcss"
    desk: ExportDesk | None

    def __init__(self) -> None:
        super().__init__()
        self.desk = None
        self._looked: Choice | None = None
        self.report: ExportReport | None = None
        self._place = ""
        self._writing = False
        self._preview: Preview | str = "Reading …"
        self._elsewhere: Path | None = None
        self._making: Task[ExportReport] = Task(self, self._advance, self._end)
        self._far = ""

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield LinesView(id="head", ground="$panel")
        with Container(id="form"):
            yield RowsView(self._row, speaker=lambda item, *_: exportview.said(item[0]), id="rows")
            yield LinesView(id="side", ground="$surface")
        yield LinesView(id="call", rows=_CALL)
        yield LinesView(id="question", ground="$choice", rows=bars.QUESTION)
        yield LinesView(id="ask", ground="$choice")
        yield LinesView(id="status", rows=MOST_SAID)
        yield LinesView(id="foot", ground="$panel", rows=spoken.FOOT)

    def on_mount(self) -> None:
        """Begin with what the verb does without any option."""
        title = (Run(" "), Run("Export", paint.STRONG), Run("  a dataset", paint.MUTED))
        self.query_one("#head", LinesView).show(lambda width: [title])
        project = self.annotator.project
        try:
            people, name = People.of(project), partial(default_name, project)
            before = self.annotator.to_export
            self.desk = ExportDesk(project.codebook.layers, people, name, before)
        except AnnotatorError as error:
            self._preview = ""
            self.say(str(error))
            return
        self.begin_asking(self.desk)
        self._elsewhere = exporting.folder_to_name(project)
        self.show()

    def show(self) -> None:
        """Show the choice as it is now, and begin to preview it where it is another one."""
        if self.desk is None:
            return
        # That an older export may go changes nothing of what is written.
        choice = self.annotator.to_export = replace(self.desk.choice, force=False)
        if choice == self._looked:
            self._show()
            return
        self._looked, self.report = choice, None
        self._show(anew=True)
        self._look(choice)

    @work(thread=True, exclusive=True, group="preview")
    def _look(self, choice: Choice) -> None:
        worker = get_current_worker()
        found: Preview | str
        try:
            found = previewing.preview(self.annotator.project, choice, lambda: worker.is_cancelled)
        except Stopped:
            return
        except AnnotatorError as error:
            found = str(error)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, found)

    def _row(self, item: tuple[Row, bool], place: int, width: int) -> Line:
        one, first = item
        return exportview.row(one, self.desk, width, first=first) if self.desk else ()

    def _take(self, found: Preview | str) -> None:
        if stands(self):
            self._preview = found
            self._show(anew=True)

    def _show(self, *, anew: bool = False) -> None:
        """Show everything; what stands beside the choices from its top where it is `anew`."""
        desk = self.desk
        if desk is None:
            return
        self.rows.give(exportview.listed(desk.rows))
        if desk.at != self.rows.lit:
            self.rows.light(desk.at)
        brief = self.size.width < WIDE and desk.row.kind != "form"
        manner = self.annotator.manner
        seen = exportview.Seen(self._preview, self.report, self._place)
        self.query_one("#side", LinesView).show(
            lambda w: exportview.side(desk, seen, w, brief=brief, spoken=manner.reader),
            keep_place=not anew,
        )
        call, most = self.query_one("#call", LinesView), _CALL if self.size.height >= 20 else 2
        where = self._elsewhere
        call.show(lambda width: exportview.call(desk.choice, where, width, most))
        self.tell(desk.message, far=self._far)
        self.rows.refresh()
        self.show_asking()

    def say(self, message: str) -> None:
        """Say something beneath the command line."""
        if self.desk is not None:
            self.desk.message = message
        self.tell(message, far=self._far)

    def _advance(self, far: str) -> None:
        """Say how far what is under way is, and still what was said meanwhile."""
        self._far = far
        self.tell(self.desk.message if self.desk else "", far=far)

    def lit_changed(self) -> None:
        """Show what belongs to the lit row."""
        if self.desk is not None:
            self.desk.light(self.rows.lit)
            self.desk.message = ""
            self._show()

    def scroll_by_command(self, command: str) -> None:
        """Move the light; the page keys move the preview, as the choices are few."""
        if command not in _PAGES:
            super().scroll_by_command(command)
            return
        side = self.query_one("#side", LinesView)
        by = max(1, side.size.height - 2) * _PAGES[command]
        side.scroll_to(0, max(0, side.scroll_offset.y + by), animate=False)

    async def run_command(self, command: str) -> None:
        """Change the choice, export, or do what the table says."""
        desk = self.desk
        if desk is None or not command.startswith("export."):
            await super().run_command(command)
        elif command == "export.copy":
            self._copy(desk.choice)
        elif self._making.is_under_way:
            doing = "An export" if self._writing else "A check"
            self.say(f"{doing} is under way; escape stops it.")
        elif command in ("export.change", "export.other"):
            desk.change(1 if command == "export.change" else -1)
            self.show()
        elif command == "export.form":
            desk.ask_form()
            self.rows.light(desk.at)
            self.show()
        else:
            self._export(desk, command)

    def _copy(self, choice: Choice) -> None:
        try:
            self.app.copy_to_clipboard(choice.command(self._elsewhere))
            self.say("The command line was sent to the clipboard, if this terminal allows that.")
        except AnnotatorError as error:
            self.say(str(error))

    def _export(self, desk: ExportDesk, command: str) -> None:
        """Check or write; what stands in the place of the export goes by a key of its own only."""
        project, work = self.annotator.project, exporting.check
        if any(session.pending for session in self.annotator.sessions):
            self.say("Not all edits are on disk yet, and they would be missing. Try again then.")
            return
        try:
            desk.choice.plan()
            if command != "export.check":
                work = exporting.write
                older = exporting.older(project, desk.choice)
                if not desk.may_write(self.keymap, older, anew=command == "export.replace"):
                    self._show()
                    return
        except AnnotatorError as error:
            self.say(str(error))
            return
        self.report, self._writing, desk.message = None, work is exporting.write, ""
        self._show()
        doing = "Writing" if self._writing else "Checking"
        self._making.begin(partial(work, project, desk.choice), doing)
        copy, every = map(self.keymap.sign, ("export.copy", "help"))
        self.busy_keys = BETWEEN.join(("esc stop", f"{copy} copy", f"{every} all keys"))
        self.show_foot()

    def _end(self, report: ExportReport | None, said: str) -> None:
        self._far = self.busy_keys = ""
        if self.desk is None or not stands(self):
            return
        if report is not None:
            # What was replaced once is not replaced again without being asked.
            self.desk.choice = replace(self.desk.choice, force=False)
            paths = self.annotator.project.paths
            self._place = paths.shown(report.folder) if self._writing else ""
        self.report, self.desk.message = report, said
        self._show(anew=True)

    async def may_leave(self) -> bool:
        """Give up what is under way, and wait until nothing of it is left."""
        await self._making.stopped()
        return True

    async def go_back(self) -> None:
        """Stop what is under way; else leave."""
        if not self._making.is_under_way:
            self.dismiss()
        else:
            self._making.stop()
            self._advance("Stopping …")
