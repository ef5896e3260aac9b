"""A list shows what it was given, whatever became of it meanwhile; a left screen shows nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.screen import Screen

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.about import AboutScreen
from annotator.tui.screens.cast import CastScreen
from annotator.tui.screens.export import ExportScreen
from annotator.tui.screens.find import FindScreen
from annotator.tui.screens.keyed import KeyedScreen
from annotator.tui.screens.register import RegisterScreen
from tests.rendering import RENDER

READOUT = "2017-01-28-putin-trump-kremlin-retold"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


def painted(app: AnnotatorApp) -> str:
    """Paint every row of the screen anew, as after a change of the window's size."""
    screen = app.screen
    assert isinstance(screen, KeyedScreen)
    for view in screen.query("#rows"):
        view.refresh()
    return " ".join(RENDER.words(app.export_screenshot()))


async def test_a_list_is_painted_as_it_was_while_what_shortened_it_is_not_on_disk(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("C", "a", *"Zz", "enter", "a", *"Yy", "enter")
        await pilot.pause()
        cast = app.screen
        assert isinstance(cast, CastScreen)
        seen: list[tuple[int, bool]] = []

        def painting(save: Callable[[], Awaitable[bool]]) -> Callable[[], Awaitable[bool]]:
            async def painted_meanwhile() -> bool:
                seen.append((len(cast.desk.people), "Yy" in painted(app)))
                return await save()

            return painted_meanwhile

        cast._save = painting(cast._save)
        before = len(cast.desk.people)
        await pilot.press("u")
        await pilot.pause()
        assert seen == [(before - 1, True)]
        assert "Zz" in painted(app)
        assert cast.rows.line_count == before - 1
    app.close_all()


@pytest.mark.parametrize(
    "screen",
    [FindScreen, ExportScreen, lambda: AboutScreen(READOUT), lambda: RegisterScreen(None)],
)
async def test_a_screen_that_is_left_before_it_is_mounted_harms_nothing(
    project: Project, screen: Callable[[], Screen[None]]
) -> None:
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        app.push_screen(screen())
        app.pop_screen()
        await pilot.pause()
        assert "readouts" in painted(app)
    app.close_all()
