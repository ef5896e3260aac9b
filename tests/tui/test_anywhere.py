"""The keys of the program itself, which are obeyed whatever is open."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from annotator.config import Settings
from annotator.pipeline.project import Project
from annotator.standing import Standing
from annotator.tui import suspending
from annotator.tui.app import AnnotatorApp
from annotator.tui.keys import keymap
from annotator.tui.line import EDITING, TypedLine
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.help import HelpScreen
from tests.rendering import RENDER, painted

READOUT: str = RENDER.READOUT
OPEN = {
    "panel": ("t",),
    "questions": ("d",),
    "form": ("e",),
    "span": ("v",),
    "split": ("S",),
    "line": ("z", *"odd"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made: Project = RENDER.worked_project(tmp_path_factory.mktemp("project"))
    return made


def compact(app: AnnotatorApp) -> bool:
    return app.manner.compact


async def opened(app: AnnotatorApp, pilot: Pilot[None], keys: tuple[str, ...]) -> AnnotateScreen:
    await pilot.press("1", "0", "G", *keys)
    await pilot.pause()
    assert isinstance(app.screen, AnnotateScreen)
    assert app.screen.bench.mode is not None or app.screen.bench.ask is not None
    return app.screen


@pytest.mark.parametrize("keys", OPEN.values(), ids=OPEN)
async def test_what_is_open_stays_open_under_the_keys_of_the_program(
    project: Project, keys: tuple[str, ...]
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, keys)
        bench, theme = screen.bench, app.theme
        was = bench.mode, bench.ask, screen.asking.typed
        await pilot.press("f3", "ctrl+t")
        assert compact(app)
        assert app.theme != theme
        await pilot.press("f2")
        await pilot.pause()
        assert app.manner.reader
        await pilot.press("f2", "ctrl+z")
        assert bench.message == suspending.NO_JOB
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen_stack[-1], HelpScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen
        assert (bench.mode, bench.ask, screen.asking.typed) == was
    app.close_all()


@pytest.mark.parametrize(
    ("readout", "keys"),
    [
        (None, ("f", *"talk")),
        (None, ("slash", *"trade")),
        (None, ("question_mark", "slash", *"trade")),
        (None, ("question_mark", "a", *"trade")),
        (None, ("g", "M", "enter", *"word")),
        (READOUT, ("C", "a", *"somebody")),
    ],
    ids=["library", "find", "codebook", "question", "about", "cast"],
)
async def test_the_line_of_every_screen_leaves_them_alone(
    project: Project, readout: str | None, keys: tuple[str, ...]
) -> None:
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await app.workers.wait_for_complete()
        screen, theme = app.screen, app.theme
        assert screen.has_line()  # type: ignore[attr-defined]
        await pilot.press("ctrl+t")
        assert app.theme != theme
        await pilot.press("f2")
        await pilot.pause()
        assert app.manner.reader
        assert app.screen is screen
        assert screen.has_line()  # type: ignore[attr-defined]
    app.close_all()
    app.catalogue.close()


async def test_a_line_keeps_the_keys_that_it_has_itself(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT, Standing.of(Settings(keys={"density": "ctrl+w"})))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, ("z", *"two", "space", *"words"))
        await pilot.press("ctrl+w")
        assert screen.asking.typed.endswith("two ")
        assert not compact(app)
        await pilot.press("escape", "t", "ctrl+w")
        assert compact(app)
        assert screen.bench.mode is not None
    app.close_all()


async def test_a_letter_of_the_settings_chooses_and_is_typed(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT, Standing.of(Settings(keys={"density": "Z"})))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(app, pilot, ("z", "Z"))
        assert screen.asking.typed.endswith("Z")
        assert not compact(app)
        await pilot.press("escape", "Z")
        assert compact(app)
    app.close_all()


def test_a_line_takes_no_other_control_keys_than_it_says() -> None:
    letters = {f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
    assert {key for key in letters if TypedLine.of("words").press(key)} == EDITING


def test_what_changes_the_work_is_not_obeyed_anywhere() -> None:
    table = keymap({}, ())
    assert table.anywhere("annotate", "ctrl+r") is None
    assert table.anywhere("annotate", "ctrl+d") is None
    assert table.anywhere("library", "f3") is None


@pytest.mark.parametrize(
    ("door", "reader"), [("E", False), ("H", False), ("f1", False), ("C", True)]
)
async def test_what_was_said_before_a_screen_is_not_said_when_one_comes_back(
    project: Project, door: str, reader: bool
) -> None:
    app = AnnotatorApp(project, "ada", READOUT, Standing.of(Settings(reader=reader)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("F")
        await pilot.pause()
        assert "F means nothing here" in "\n".join(painted(app))
        await pilot.press(door)
        await pilot.pause()
        assert not isinstance(app.screen, AnnotateScreen)
        await pilot.press("escape")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, AnnotateScreen)
        assert "means nothing" not in "\n".join(painted(app))
    app.close_all()
