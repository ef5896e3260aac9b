"""Every key of the table does what the table says, and nobody has to know it by heart.

`CASES` says for each command of each screen what a coder sees once its key was pressed. A command
that has no case fails here, and so does a case without a command.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.worker import WorkerCancelled

from annotator.model.suggestion import Suggestion
from annotator.model.text import Span
from annotator.pipeline import suggestions
from annotator.pipeline.project import Project
from annotator.tui import guide
from annotator.tui.app import AnnotatorApp
from annotator.tui.commands import TableCommands
from annotator.tui.keys import COMMANDS, SCOPES, Scope, keymap, shown
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.keyed import KeyedScreen
from tests.rendering import RENDER, ROOT, painted

READOUT = "2017-01-28-putin-trump-kremlin-retold"
NEXT = "2021-04-13-biden-putin-ru"
Look = Callable[["Seen"], bool]


@dataclass(frozen=True)
class Seen:
    """The app after a key, and what it was before: where it stood and what its rows said."""

    app: AnnotatorApp
    before: AnnotatorState
    rows: list[str]

    @property
    def screen(self) -> Any:
        return self.app.screen

    def shows(self, *words: str) -> bool:
        """Tell whether the picture holds all of these."""
        whole = "\n".join(self.rows)
        return all(each in whole for each in words)

    def on(self, name: str) -> bool:
        """Tell whether a screen of that class is on top."""
        return type(self.screen).__name__ == name

    def at(self, place: int) -> bool:
        """Tell whether a sentence, counted from 0, is in work."""
        return isinstance(self.screen, AnnotateScreen) and self.screen.bench.place == place

    def says(self, words: str) -> bool:
        """Tell whether the annotate screen said this last."""
        return isinstance(self.screen, AnnotateScreen) and words in self.screen.bench.message

    @property
    def sentence(self) -> Any:
        return self.screen.bench.sentence


@dataclass(frozen=True)
class AnnotatorState:
    """What a check may compare with: the lit row or sentence, marks, the scroll and the theme."""

    lit: int
    marks: int
    scroll: int
    theme: str


@dataclass(frozen=True)
class Case:
    """Keys that are pressed before, and what is to be seen after the command's own key."""

    look: Look
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (120, 40)


def lit(seen: Seen) -> int:
    return _lit(seen.app)


def _lit(app: AnnotatorApp) -> int:
    screen: Any = app.screen
    if isinstance(screen, AnnotateScreen):
        return screen.bench.place
    rows = screen.query("#rows")
    return int(rows.first().lit) if rows else -1


def _state(app: AnnotatorApp) -> AnnotatorState:
    screen: Any = app.screen
    marks = len(screen.bench.sentence.marks) if isinstance(screen, AnnotateScreen) else 0
    body = screen.query("#body")
    scroll = int(body.first().scroll_offset.y) if body else 0
    return AnnotatorState(_lit(app), marks, scroll, app.theme)


def moved(by: int) -> Look:
    return lambda seen: lit(seen) == seen.before.lit + by


def first_of_cast(seen: Seen) -> str:
    return seen.app.sessions[0].cast.entities[0].id


def side(seen: Seen) -> int:
    return int(seen.screen.query_one("#side").scroll_offset.y)


def scrolled(seen: Seen) -> int:
    return _state(seen.app).scroll - seen.before.scroll


WAIT = "wait"
"""Stands among the keys where the next one comes after what the last one began."""
# Sentence 10 of the sample gold has an attribution, two topics and a commitment.
TENTH = ("1", "0", "G")
UNDECIDED = ("]", "j", "j")
# Sentence 12 has two acts, so that a copy of one commitment may have the other's.
SECOND_ACT = ("1", "2", "G", *["tab"] * 3)
REPEATING = ("2", "g", "t", "c", "escape", "1", "g")
EVERYWHERE: dict[str, Case] = {
    "help": Case(lambda seen: seen.on("HelpScreen")),
    "theme": Case(lambda seen: seen.app.theme != seen.before.theme),
    "palette": Case(lambda seen: seen.on("Palette")),
    "reader": Case(lambda seen: seen.app.manner.reader),
    "quit": Case(lambda seen: not seen.app.is_running or seen.app._exit),
}
LISTED: dict[str, Case] = {
    "down": Case(moved(1)),
    "up": Case(moved(-1), ("j", "j")),
    "page.down": Case(lambda seen: lit(seen) > seen.before.lit + 1),
    "page.up": Case(lambda seen: lit(seen) < seen.before.lit - 1, ("G",)),
    "first": Case(lambda seen: lit(seen) == 0, ("j", "j")),
    "last": Case(lambda seen: lit(seen) == seen.screen.rows.line_count - 1),
}
SHORT_LIST: dict[str, Case] = {
    **LISTED,
    "page.down": Case(moved(1)),
    "page.up": Case(moved(-1), ("G",)),
    "up": Case(moved(-1), ("G",)),
}
"""In a list of two rows."""
ASKING = ("add", "rename", "id", "aliases", "role", "country", "type")
TO_EVENT = ("/", *"event", "enter")
ANNOTATE: dict[str, Case] = {
    "sentence.confirm": Case(moved(1), UNDECIDED),
    "sentence.unsure": Case(moved(1), UNDECIDED),
    "sentence.skip": Case(moved(1), UNDECIDED),
    "down": Case(moved(1), TENTH),
    "up": Case(moved(-1), TENTH),
    "page.down": Case(lambda seen: lit(seen) > seen.before.lit, ("g",), (60, 16)),
    "page.up": Case(lambda seen: lit(seen) < seen.before.lit, ("G",), (60, 16)),
    "first": Case(lambda seen: seen.at(0), TENTH),
    "last": Case(lambda seen: seen.at(14), TENTH),
    "waiting.next": Case(lambda seen: seen.says("Every sentence of this readout is decided")),
    "waiting.previous": Case(lambda seen: seen.says("No sentence before this one waits")),
    "readout.next": Case(lambda seen: seen.screen.session.readout.id == NEXT),
    "readout.previous": Case(lambda seen: seen.says("no readout beyond")),
    "queue.next": Case(lambda seen: seen.says("There is no queue")),
    "queue.previous": Case(lambda seen: seen.says("There is no queue")),
    "span": Case(lambda seen: seen.shows("Span"), TENTH),
    "mark.next": Case(lambda seen: seen.screen.bench.lit_mark == 1, TENTH),
    "mark.edit": Case(lambda seen: seen.shows("Certainty"), TENTH),
    "mark.remove": Case(lambda seen: len(seen.sentence.marks) == seen.before.marks - 1, TENTH),
    "repeat": Case(lambda seen: len(seen.sentence.marks) > seen.before.marks, REPEATING),
    "reject": Case(lambda seen: seen.shows("considered and rejected"), TENTH),
    "suggestions.take": Case(lambda seen: seen.says("taken: trade"), ("1", "g")),
    "suggestions.show": Case(lambda seen: not seen.shows("○ trade"), ("1", "g")),
    "undo": Case(lambda seen: not seen.sentence.flagged, (*TENTH, "f")),
    "redo": Case(lambda seen: seen.sentence.flagged, (*TENTH, "f", "u")),
    "unplaced.away": Case(lambda seen: seen.says("No mark of this sentence waits"), TENTH),
    "note": Case(lambda seen: seen.shows("Note on this sentence"), TENTH),
    "flag": Case(lambda seen: seen.shows("✱ flag"), TENTH),
    "role": Case(lambda seen: seen.shows("list item"), TENTH),
    "split": Case(lambda seen: seen.shows("Split"), TENTH),
    "join": Case(lambda seen: len(seen.screen.session.coding.order) == 14, TENTH),
    "spans.all": Case(lambda seen: seen.shows("cue ─"), TENTH),
    "speaker.inside": Case(lambda seen: seen.shows("Speakers inside"), ("3", "G")),
    "mark.copy": Case(lambda seen: len(seen.sentence.marks) == seen.before.marks + 1, SECOND_ACT),
    "decide": Case(lambda seen: seen.shows("after the event?"), TENTH),
    "formula": Case(lambda seen: seen.on("FormulaScreen")),
    "formula.apply": Case(lambda seen: seen.on("ApplyingScreen"), TENTH),
    "macro.play": Case(lambda seen: seen.says("macro") or seen.shows("macro"), TENTH),
    "macro.keep": Case(lambda seen: seen.shows("keep it under this key"), REPEATING),
    "second.pass": Case(lambda seen: seen.says("second pass"), ("]", "w", "Q", "[")),
    "figures": Case(lambda seen: seen.on("FiguresScreen")),
    "cast": Case(lambda seen: seen.on("CastScreen")),
    "export": Case(lambda seen: seen.on("ExportScreen")),
    "density": Case(lambda seen: seen.app.manner.compact),
    "suspend": Case(lambda seen: seen.says("There is no shell here")),
    "find": Case(lambda seen: seen.on("FindScreen")),
    "codebook": Case(lambda seen: seen.on("CodebookScreen")),
    "about": Case(lambda seen: seen.on("AboutScreen")),
    "history": Case(lambda seen: seen.on("HistoryScreen")),
    "write": Case(lambda seen: seen.on("AnnotateScreen") and seen.shows("saved")),
    "back": Case(lambda seen: seen.on("LibraryScreen") or seen.shows("q leaves the readout.")),
}  # fmt: skip
CASES: dict[Scope, dict[str, Case]] = {
    "annotate": {**EVERYWHERE, **ANNOTATE},
    "library": {
        **EVERYWHERE,
        **LISTED,
        "open": Case(lambda seen: seen.on("AnnotateScreen")),
        "waiting.next": Case(lambda seen: lit(seen) == 1),
        "find": Case(lambda seen: seen.on("FindScreen")),
        "codebook": Case(lambda seen: seen.on("CodebookScreen")),
        "filter": Case(lambda seen: seen.shows("progress:new")),
        "about": Case(lambda seen: seen.on("AboutScreen")),
        "second.pass": Case(lambda seen: seen.shows("Nothing waits for a second pass")),
        "figures": Case(lambda seen: seen.on("FiguresScreen")),
        "cast": Case(lambda seen: seen.on("RegisterScreen")),
        "export": Case(lambda seen: seen.on("ExportScreen")),
        "suspend": Case(lambda seen: seen.shows("There is no shell here")),
        "back": Case(lambda seen: seen.app._exit or seen.shows("q leaves the program.")),
    },
    "find": {
        **EVERYWHERE,
        **LISTED,
        "open": Case(lambda seen: seen.on("AnnotateScreen")),
        "find": Case(lambda seen: seen.screen.typing),
        "codebook": Case(lambda seen: seen.on("CodebookScreen")),
        "find.sort": Case(lambda seen: seen.shows("by what stands before")),
        "find.copy": Case(lambda seen: "trade" in seen.app.clipboard.casefold()),
        "find.copy.all": Case(lambda seen: seen.app.clipboard.casefold().count("trade") > 1),
        "find.save": Case(lambda seen: seen.shows("exports/find-")),
        "back": Case(lambda seen: seen.on("LibraryScreen")),
    },
    "read": {
        **EVERYWHERE,
        "down": Case(lambda seen: scrolled(seen) == 1, size=(60, 16)),
        "up": Case(lambda seen: scrolled(seen) == -1, ("j", "j"), (60, 16)),
        "page.down": Case(lambda seen: scrolled(seen) > 1, size=(60, 16)),
        "page.up": Case(lambda seen: scrolled(seen) < -1, ("G",), (60, 16)),
        "first": Case(lambda seen: seen.before.scroll > 0 > scrolled(seen), ("j", "j"), (60, 16)),
        "last": Case(lambda seen: scrolled(seen) > 5, size=(60, 16)),
        "back": Case(lambda seen: seen.on("AnnotateScreen")),
    },
    "about": {
        **EVERYWHERE,
        **LISTED,
        "about.fill": Case(lambda seen: seen.shows("esc leave")),
        "about.next": Case(lambda seen: seen.shows("All that matters is known.")),
        "about.again": Case(lambda seen: seen.shows("was not given here before")),
        "about.empty": Case(lambda seen: seen.screen.desk.about.metadata.title is None),
        "about.undo": Case(lambda seen: seen.shows("all that matters is known"), ("x",)),
        "readout.next": Case(lambda seen: seen.screen.desk.about.readout == NEXT),
        "readout.previous": Case(lambda seen: seen.shows("no readout beyond")),
        "back": Case(lambda seen: seen.on("LibraryScreen")),
    },
    "codebook": {
        **EVERYWHERE,
        **LISTED,
        "codebook.marks": Case(lambda seen: seen.on("AnnotateScreen"), TO_EVENT),
        "codebook.inside": Case(
            lambda seen: seen.rows != [] and seen.on("CodebookScreen"), TO_EVENT
        ),
        "codebook.filter": Case(lambda seen: seen.screen.typing),
        "codebook.add": Case(lambda seen: seen.shows("Add", "esc leave"), TO_EVENT),
        "codebook.edit": Case(lambda seen: seen.shows("Edit prot.event", "esc leave"), TO_EVENT),
        "codebook.rename": Case(lambda seen: seen.shows("Rename prot.event"), TO_EVENT),
        "codebook.merge": Case(lambda seen: seen.shows("Merge prot.event", "esc leave"), TO_EVENT),
        "codebook.split": Case(lambda seen: seen.shows("Split prot.event", "esc leave"), TO_EVENT),
        "codebook.retire": Case(lambda seen: seen.shows("Retire prot.event"), TO_EVENT),
        "codebook.review": Case(lambda seen: seen.shows("No sentence of yours is in this queue")),
        "back": Case(lambda seen: seen.on("LibraryScreen")),
    },
    "cast": {
        **EVERYWHERE,
        **LISTED,
        "cast.other": Case(lambda seen: seen.on("RegisterScreen")),
        **{f"cast.{name}": Case(lambda seen: seen.shows("esc leave")) for name in ASKING},
        "cast.merge": Case(lambda seen: seen.shows("becomes which one?")),
        "cast.members": Case(lambda seen: seen.shows("Who belongs to")),
        "cast.represents": Case(lambda seen: seen.shows("stand for?")),
        "cast.words": Case(lambda seen: seen.shows("by no new words")),
        "cast.remove": Case(lambda seen: seen.shows("stands in 10 marks")),
        "cast.up": Case(moved(-1), ("j", "j")),
        "cast.down": Case(moved(1)),
        "cast.sort": Case(lambda seen: seen.shows("sort the cast by use")),
        "cast.undo": Case(lambda seen: first_of_cast(seen) == "putin", ("J",)),
        "cast.redo": Case(lambda seen: first_of_cast(seen) == "trump", ("J", "u")),
        "cast.go": Case(lambda seen: seen.on("AnnotateScreen")),
        "cast.alike": Case(lambda seen: seen.shows("the same is shown in the register")),
        "cast.filter": Case(lambda seen: seen.shows("Only the register is filtered")),
        "back": Case(lambda seen: seen.on("AnnotateScreen")),
    },
    "figures": {
        **EVERYWHERE,
        "down": Case(lambda seen: scrolled(seen) == 1, size=(60, 16)),
        "up": Case(lambda seen: scrolled(seen) == -1, ("j", "j"), (60, 16)),
        "page.down": Case(lambda seen: scrolled(seen) > 1, size=(60, 16)),
        "page.up": Case(lambda seen: scrolled(seen) < -1, (WAIT, "G"), (60, 16)),
        "first": Case(lambda seen: seen.before.scroll > 0 > scrolled(seen), ("j", "j"), (60, 16)),
        "last": Case(lambda seen: scrolled(seen) > 5, size=(60, 16)),
        "figures.whose": Case(lambda seen: seen.shows("project")),
        "back": Case(lambda seen: seen.on("LibraryScreen")),
    },
    "formula": {
        **EVERYWHERE,
        **SHORT_LIST,
        "formula.take": Case(lambda seen: seen.on("AnnotateScreen") and bool(seen.sentence.marks)),
        "back": Case(lambda seen: seen.on("AnnotateScreen")),
    },
    "applying": {
        **EVERYWHERE,
        **SHORT_LIST,
        "apply.toggle": Case(lambda seen: seen.shows("marks 1 sentence in 1 readout")),
        "apply.all": Case(lambda seen: seen.shows("marks 0 sentences")),
        "apply.confirm": Case(lambda seen: seen.shows("confirms them as done")),
        "apply.now": Case(lambda seen: seen.on("AnnotateScreen")),
        "back": Case(lambda seen: seen.on("AnnotateScreen")),
    },
    "export": {
        **EVERYWHERE,
        **LISTED,
        "page.down": Case(lambda seen: side(seen) > 1),
        "page.up": Case(lambda seen: side(seen) == 0, ("pagedown",)),
        "export.change": Case(lambda seen: seen.shows("annotations_long.csv", "--format csv")),
        "export.other": Case(lambda seen: seen.shows("--format cas-xmi")),
        "export.form": Case(lambda seen: seen.shows("The beginning of a format's name")),
        "export.write": Case(lambda seen: seen.shows("Written to exports/readouts-1.0.0")),
        "export.replace": Case(
            lambda seen: seen.shows("Written to exports/readouts-1.0.0"), ("w", WAIT, "w")
        ),
        "export.check": Case(lambda seen: seen.shows("All was read, and nothing was written.")),
        "export.copy": Case(lambda seen: seen.app.clipboard.startswith("annotator export")),
        "back": Case(lambda seen: seen.on("LibraryScreen")),
    },
}
"""By screen and command."""
WAYS: dict[Scope, tuple[str | None, tuple[str, ...]]] = {
    "annotate": (READOUT, ()),
    "library": (None, ("g",)),
    "find": (None, ("slash", *"trade", "enter")),
    "read": (READOUT, ("f1",)),
    "about": (None, ("g", "M")),
    "codebook": (None, ("?",)),
    "cast": (READOUT, ("C",)),
    "figures": (None, ("D",)),
    "formula": ("zz-first", ("1", "g", "r")),
    "applying": (READOUT, ("8", "G", "A")),
    "export": (None, ("E",)),
}
"""The readout that is opened, and the keys that lead to a screen."""


IN_A_TERMINAL = {(scope, "suspend") for scope in SCOPES if scope not in ("annotate", "library")}
"""What no headless screen can show: tests/terminal/test_suspend.py does."""


def pressings() -> list[Any]:
    table = keymap({}, ())
    return [
        pytest.param(scope, command.id, key, id=f"{scope}-{command.id}-{key}")
        for scope in SCOPES
        for command in table.of(scope)
        # What two keys share is the table's lookup, which needs no proof on every screen.
        for key in (command.keys if scope in ("annotate", "library") else command.keys[:1])
        if (scope, command.id) not in IN_A_TERMINAL
    ]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    # The same text told twice more, so that its formulas stand elsewhere too.
    text = (made.paths.seeds / f"{READOUT}.txt").read_bytes()
    for name in ("zz-first", "zz-second"):
        (made.paths.seeds / f"{name}.txt").write_bytes(text)
    suggest(made)
    return made


def suggest(project: Project) -> None:
    """Let a model propose trade for the first sentence of the readout."""
    readout = project.readout(READOUT)
    words = Span.of(readout.text, 0, 10)
    one = Suggestion(
        layer="topics",
        label="eco.trade",
        span=words,
        source="model",
        codebook=project.codebook.stamp,
        text_sha256=readout.text_sha256,
    )
    suggestions.add(project, readout, [one])


def test_every_command_of_every_screen_has_a_case_and_every_case_a_command() -> None:
    table = keymap({}, ())
    for scope in SCOPES:
        ids = {c.id for c in table.of(scope) if (scope, c.id) not in IN_A_TERMINAL}
        assert set(CASES[scope]) == ids, scope


@pytest.mark.parametrize(("scope", "command", "key"), pressings())
async def test_a_key_does_what_the_table_says(
    project: Project, scope: Scope, command: str, key: str
) -> None:
    case, (readout, way) = CASES[scope][command], WAYS[scope]
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=case.size) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        for step in (*way, *case.keys):
            if step == WAIT:
                await app.workers.wait_for_complete()
            else:
                await pilot.press(step)
            await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, KeyedScreen)
        assert app.screen.scope == scope
        before = _state(app)
        await pilot.press(key)
        await pilot.pause()
        with suppress(WorkerCancelled):  # A program that is left ends what it was doing.
            await app.workers.wait_for_complete()
        await pilot.pause()
        rows = painted(app) if app.is_running else []
        assert case.look(Seen(app, before, rows))
    app.close_all()
    app.catalogue.close()


@pytest.mark.parametrize("scope", SCOPES)
async def test_every_command_stands_in_the_palette_of_its_screen(
    project: Project, scope: Scope
) -> None:
    readout, way = WAYS[scope]
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for step in way:
            await pilot.press(step)
            await pilot.pause()
        provider = TableCommands(app.screen)
        offered = {title.partition("  ")[0] for title, _, _ in provider._entries()}
        wanted = {c.title for c in app.keyring.whole().of(scope) if c.id != "palette"}
        assert wanted <= offered
    app.close_all()
    app.catalogue.close()


@pytest.mark.parametrize("scope", SCOPES)
def test_every_key_stands_in_the_help_of_its_screen(project: Project, scope: Scope) -> None:
    table = keymap({}, project.codebook.panels)
    lines = ["".join(run.text for run in line) for line in guide.commands(table, scope, 90)]
    for command in table.of(scope):
        signs = "  ".join(shown(key) for key in command.keys)
        assert any(line.strip().startswith(signs) and command.title in line for line in lines)


def test_every_key_has_a_row_in_the_docs() -> None:
    page = (ROOT / "docs" / "keys.md").read_text("utf-8")
    for command in COMMANDS:
        signs = " ".join(f"`{shown(key)}`" for key in command.keys)
        assert f"| {signs} | {command.title}. {command.help} |" in page
