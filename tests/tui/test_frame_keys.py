"""The keys of questions, forms and copies on the real screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from annotator.tui.modes.tree import TreeMode
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.keyed import key_name
from tests.rendering import RENDER, painted

READOUT = "2026-01-15-laurens-temir-xr"
SIZES = ((120, 40), (80, 24), (60, 16))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


def screen(app: AnnotatorApp) -> AnnotateScreen:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen


def labels(app: AnnotatorApp) -> list[str]:
    return [mark.label for mark in screen(app).bench.sentence.marks]


@pytest.mark.parametrize("size", SIZES)
async def test_the_questions_lead_to_a_mark_and_its_form_at_every_size(
    project: Project, size: tuple[int, int]
) -> None:
    app = AnnotatorApp(project, "bob", READOUT)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("4", "G", "d")
        assert isinstance(screen(app).bench.mode, TreeMode)
        await pilot.press("y", "y", "n", "backspace", "y", "y", "p")
        assert isinstance(screen(app).bench.mode, FrameMode)
        assert labels(app) == ["promise"]
        shown = "\n".join(painted(app))
        assert "Action" in shown
        await pilot.press("enter", "enter")
        assert screen(app).session.sentence(4).state == "done"
    app.close_all()


async def test_a_panel_asks_by_shift_and_tab(project: Project) -> None:
    app = AnnotatorApp(project, "bob", READOUT)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("m", "shift+tab")
        assert isinstance(screen(app).bench.mode, TreeMode)
        await pilot.press("escape")
        assert isinstance(screen(app).bench.mode, PickMode)
        await pilot.press("shift+tab", "n", "x")
        assert screen(app).bench.mode is None
        assert labels(app) == []
    app.close_all()


async def test_a_mark_is_copied_and_the_copy_is_on_disk(project: Project) -> None:
    app = AnnotatorApp(project, "bob", READOUT)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "1", "G", "c", "p", "N", "right", "space", "escape", "y", "escape")
        assert labels(app) == ["promise", "promise"]
        assert screen(app).session.pending == 0
    app.close_all()
    again = AnnotatorApp(project, "bob", READOUT)
    async with again.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "1", "G")
        assert labels(again) == ["promise", "promise"]
        await pilot.press("u")
        assert labels(again) == ["promise"]
    again.close_all()


async def test_nothing_is_asked_or_copied_where_it_is_only_read(project: Project) -> None:
    writing = AnnotatorApp(project, "bob", READOUT)
    async with writing.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("4", "G", "c", "p", "escape")
        reading = AnnotatorApp(project, "bob", READOUT)
        async with reading.run_test(size=(120, 40)) as other:
            await other.pause()
            assert screen(reading).session.read_only
            await other.press("4", "G", "y", "d")
            assert screen(reading).bench.mode is None
            assert labels(reading) == ["promise"]
        reading.close_all()
    writing.close_all()


@pytest.mark.parametrize(
    ("key", "character", "name"),
    [
        ("s", "s", "s"),
        ("S", "S", "S"),
        ("question_mark", "?", "?"),
        ("circumflex_accent", "^", "^"),
        ("escape", "\x1b", "escape"),
        ("space", " ", "space"),
        ("alt+left", None, "alt+left"),
    ],
)
def test_a_key_has_the_name_of_the_table(key: str, character: str | None, name: str) -> None:
    assert key_name(events.Key(key, character)) == name
