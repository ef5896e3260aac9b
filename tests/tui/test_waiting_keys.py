"""Keys that are typed while a screen still looks for what it is to show: they wait behind it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.applying import ApplyingScreen
from annotator.tui.screens.formula import FormulaScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.screens.register import RegisterScreen
from tests.formulas import CODER, FORMULA, LIKE, code, key_of, labels, project_of
from tests.rendering import RENDER, painted


class Slow(Project):
    """A project whose readouts are only listed for a thread once that is allowed."""

    allowed: threading.Event

    def readout_ids(self) -> list[str]:
        if threading.current_thread() is not threading.main_thread():
            assert self.allowed.wait(20)
        return super().readout_ids()


def slow(project: Project) -> Slow:
    made = Slow(project.paths, project.settings)
    made.allowed = threading.Event()
    made.allowed.set()
    return made


def shown(app: AnnotatorApp) -> str:
    return " ".join(" ".join(painted(app)).split())


@asynccontextmanager
async def looking(
    project: Slow, readout: str | None, *keys: str
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None], Callable[[], Awaitable[None]]]]:
    """Press keys while nothing is found; what is yielded last lets it be found."""
    app = AnnotatorApp(project, CODER, readout)
    async with app.run_test(size=(120, 40)) as pilot:
        await RENDER.settled(pilot)
        if isinstance(app.screen, AnnotateScreen):
            work = app.screen.bench
            work.goto(key_of(work.session.coding, FORMULA))
        project.allowed.clear()
        for key in keys:
            await pilot.press(key)

        async def let() -> None:
            project.allowed.set()
            await RENDER.settled(pilot)
            await RENDER.settled(pilot)

        try:
            yield app, pilot, let
        finally:
            project.allowed.set()
    app.close_all()
    assert (app.failure, app.last_words) == (0, "")


async def test_a_digit_takes_the_row_that_is_best_once_all_are_found(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p")
    code(project, "b", LIKE, "rel.contacts")
    code(project, "c", FORMULA, "eco.trade")
    async with looking(slow(project), "a", "r", "1", "f") as (app, _, let):
        assert isinstance(app.screen, FormulaScreen)
        assert "Looking for near-identical sentences … 2 keys wait, esc leaves it" in shown(app)
        await let()
        assert isinstance(app.screen, AnnotateScreen)
        # The key behind it is meant for the sentence to which it led back.
        assert app.screen.bench.sentence.flagged
        assert [m.label for m in app.screen.bench.sentence.marks] == ["eco.trade"]
    assert labels(project, "a", FORMULA) == ["eco.trade"]


async def test_escape_cancels_the_search_with_what_waits_for_it(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p")
    code(project, "c", FORMULA, "eco.trade")
    async with looking(slow(project), "a", "r", "1", "escape", "f") as (app, _, let):
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.bench.sentence.flagged
        await let()
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.bench.sentence.marks == ()


@pytest.mark.parametrize("keys", ["rq", "r1\x1b", "rrq", "Hq", "Cq", "Dq"])
async def test_a_screen_can_be_left_before_it_was_painted(tmp_path: Path, keys: str) -> None:
    project = project_of(tmp_path / "p")
    code(project, "c", FORMULA, "eco.trade")
    app = AnnotatorApp(project, CODER, "a")
    async with app.run_test(size=(120, 40)) as pilot:
        await RENDER.settled(pilot)
        for key in keys:
            named = "escape" if key == "\x1b" else key
            app.post_message(events.Key(named, key))
        await RENDER.settled(pilot)
        await RENDER.settled(pilot)
        assert isinstance(app.screen, AnnotateScreen)
    app.close_all()
    assert (app.failure, app.last_words) == (0, "")


async def test_where_nothing_is_found_a_key_for_the_list_decides_no_sentence(
    tmp_path: Path,
) -> None:
    project = slow(project_of(tmp_path / "p"))
    async with looking(project, "a", "r", "enter", "w") as (app, _, let):
        await let()
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.bench.sentence.state == "new"
        words = "No sentence that you coded is nearly this one. Not obeyed: ⏎ w"
        assert words in shown(app)


async def test_where_nothing_is_found_keys_for_the_sentence_reach_it(tmp_path: Path) -> None:
    project = slow(project_of(tmp_path / "p"))
    async with looking(project, "a", "r", "t", "e") as (app, _, let):
        await let()
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.bench.sentence.marks
        assert app.screen.bench.mode is not None


async def test_a_key_that_means_nothing_takes_those_behind_it_along(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p")
    code(project, "c", FORMULA, "eco.trade")
    async with looking(slow(project), "a", "r", "t", "1") as (app, _, let):
        await let()
        assert isinstance(app.screen, FormulaScreen)
        assert "t means nothing here; nor were those behind it: 1" in shown(app)
    assert labels(project, "a", FORMULA) == []


async def test_nothing_is_marked_elsewhere_by_a_key_from_before_the_list(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p")
    code(project, "a", FORMULA, "eco.trade")
    async with looking(slow(project), "a", "A", "a", "enter") as (app, pilot, let):
        await let()
        assert isinstance(app.screen, ApplyingScreen)
        words = shown(app)
        assert "⏎ marks 3 sentences in 3 readouts" in words
        assert "⏎ was typed before this stood here; once more does it" in words
        assert labels(project, "c", FORMULA) is None
        await pilot.press("enter")
        await RENDER.settled(pilot)
    assert labels(project, "c", FORMULA) == ["eco.trade"]


async def test_keys_wait_for_the_register_and_none_agrees_to_what_it_did_not_see(
    tmp_path: Path,
) -> None:
    project = slow(RENDER.worked_project(tmp_path))
    keys = ("2", "j", "r", "end", "X", "enter", "enter")
    async with looking(project, None, "C", *keys) as (app, pilot, let):
        assert isinstance(app.screen, RegisterScreen)
        assert "Reading who is in the project … 7 keys wait, esc leaves it" in shown(app)
        await let()
        await let()
        assert isinstance(app.screen, RegisterScreen)
        desk = app.screen.desk
        assert desk.lit == 2
        assert desk.plan is not None
        assert desk.plan.turn.what.endswith("X")
        assert "⏎ was typed before this stood here; once more does it" in shown(app)
        assert desk.done is None
        await pilot.press("enter")
        await let()
        assert desk.done is not None


async def test_escape_leaves_a_register_that_is_still_read_and_a_change_that_is_looked_up(
    tmp_path: Path,
) -> None:
    project = slow(RENDER.worked_project(tmp_path))
    async with looking(project, None, "C", "r", "escape") as (app, pilot, let):
        assert [type(one) for one in app.screen_stack] == [LibraryScreen]
        project.allowed.set()
        await RENDER.settled(pilot)
        await pilot.press("C")
        await RENDER.settled(pilot)
        project.allowed.clear()
        for key in ("r", "X", "enter"):
            await pilot.press(key)
        assert "Looking through the readouts …" in shown(app)
        await pilot.press("escape")
        await let()
        assert isinstance(app.screen, RegisterScreen)
        assert app.screen.desk.plan is None
        assert "Nothing was changed." in shown(app)
