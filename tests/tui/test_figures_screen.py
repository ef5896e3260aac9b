"""The dashboard: what its keys do, what it shows, and that it fits."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.progress import Progress
from annotator.pipeline.figures import Cost, Figures, Pace, Part
from annotator.pipeline.project import Project
from annotator.tui import dashboard, paint
from annotator.tui.app import AnnotatorApp
from annotator.tui.paint import Line
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.figures import FiguresScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.widgets.lines import LinesView
from tests.rendering import RENDER, painted
from tests.session.making import book

READOUT = "2017-01-28-putin-trump-kremlin-retold"
OTHER = "2023-11-15-biden-xi-us"
SIZE = (120, 40)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


def shown(app: AnnotatorApp) -> str:
    return " ".join(" ".join(painted(app)).split())


async def until(pilot: Pilot[None], met: Callable[[str], bool]) -> str:
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    for _ in range(400):
        said = shown(app)
        if met(said):
            return said
        await pilot.pause(0.02)
    raise AssertionError(shown(app))


async def test_d_in_a_readout_shows_its_figures_and_tab_turns_to_the_project_and_everybody(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada", OTHER)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("t", "g", "enter", "D")
        said = await until(pilot, lambda said: "Progress" in said)
        assert isinstance(app.screen, FiguresScreen)
        assert "▸this readout" in said
        assert "1 of" in said
        assert "trade" in said
        assert "Your most expensive label" in said
        await pilot.press("tab")
        said = await until(pilot, lambda said: "by language" in said)
        assert "▸the project" in said
        assert "31 of" in said
        await pilot.press("tab")
        said = await until(pilot, lambda said: "by coder" in said)
        assert "Of other coders only counts are shown" in said
        assert "trade" not in said
        await pilot.press("tab")
        await until(pilot, lambda said: "▸this readout" in said and "1 of" in said)
        await pilot.press("q")
        assert isinstance(app.screen, AnnotateScreen)
    app.close_all()


async def test_d_in_the_library_begins_with_the_project(project: Project) -> None:
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("D")
        said = await until(pilot, lambda said: "30 of 30 sentences" in said)
        assert "this readout" not in said
        await pilot.press("tab", "tab")
        await until(pilot, lambda said: "▸the project" in said)
        await pilot.press("escape")
        assert isinstance(app.screen, LibraryScreen)
    app.catalogue.close()


async def test_what_others_code_is_counted_and_never_shown(project: Project) -> None:
    app = AnnotatorApp(project, "eve", OTHER)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("D", "tab")
        said = await until(pilot, lambda said: "by language" in said)
        assert "terror" not in said
        await pilot.press("tab")
        said = await until(pilot, lambda said: "by coder" in said)
        assert "ada" in said
        assert "terror" not in said
    app.close_all()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 16)])
async def test_everything_can_be_scrolled_to(project: Project, size: tuple[int, int]) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("D")
        await until(pilot, lambda said: "Progress" in said)
        body = app.screen.query_one("#body", LinesView)
        for key in ("j", "j", "k", "ctrl+d"):
            await pilot.press(key)
        assert body.scroll_offset.y == min(1 + body.size.height - 2, body.max_scroll_y)
        await pilot.press("G")
        assert body.scroll_offset.y == body.max_scroll_y
        await pilot.press("g")
        assert body.scroll_offset.y == 0
    app.close_all()


async def test_a_folder_that_cannot_be_read_is_told_of(project: Project) -> None:
    if os.geteuid() == 0:
        project.paths.tags.rename(project.paths.tags.with_name("away"))
        project.paths.tags.write_text("no folder")
    else:
        project.paths.tags.chmod(0)
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("D")
        await until(pilot, lambda said: "tags" in said or "Nothing is decided" in said)
        await pilot.press("q")
    app.catalogue.close()


# What is shown, without a screen


def words(lines: Sequence[Line]) -> str:
    return "\n".join("".join(run.text for run in line) for line in lines)


def cost(layer: str, label: str, marks: int, seconds: float) -> Cost:
    return Cost(
        layer, label, marks, marks / 20, marks, 3 * marks, seconds * marks, 3.0, 5.0, seconds,
        2 * seconds, 1,
    )  # fmt: skip


FULL = Figures(
    Progress(total=40, done=18, unsure=1, skipped=1, keys=90, seconds=300.0, keyed=18),
    sentence=Cost("", "", 20, 1.0, 18, 90, 300.0, 4.0, 9.0, 15.0, 40.0),
    labels=(
        cost("topics", "eco.trade", 12, 2.0),
        cost("topics", "sec.terror", 8, 1.0),
        cost("speakers", "indirect", 6, 9.0),
        cost("gone", "label\x1b[2J", 1, 1.0),
    ),
    layers=(
        cost("topics", "", 20, 1.5),
        cost("speakers", "", 6, 9.0),
        cost("gone", "", 1, 1.0),
    ),
    days=(Pace("2026-03-01", 8, 40, 120.0), Pace("2026-03-04", 12, 50, 180.0, 7)),
    hours=(Pace("09", 8, 40, 120.0), Pace("23", 12, 50, 180.0)),
    parts={
        "language": (Part("en", 5, 3, 1, 30, 20), Part("", 1, 0, 0, 0, 0)),
        "side": tuple(Part(f"S{n}", 1, 1, 0, 10, n) for n in range(9)),
        "readout": (Part("双方通话" * 20, 1, 1, 0, 10, 5),),
    },
)


@pytest.mark.parametrize("width", [20, 40, 56, 76, 95, 96, 115, 200])
@pytest.mark.parametrize("found", [FULL, Figures()])
@pytest.mark.parametrize("whose", ["readout", "project", "everybody"])
def test_no_line_is_wider_than_the_screen_and_nothing_can_be_obeyed(
    width: int, found: Figures, whose: dashboard.Whose
) -> None:
    lines = dashboard.lines(found, book(), whose, width)
    assert lines
    assert max(paint.width(line) for line in lines) <= width
    assert "\x1b" not in words(lines)


def test_the_dashboard_says_how_far_how_fast_what_it_takes_and_what_is_dear() -> None:
    said = words(dashboard.lines(FULL, book(), "project", 76))
    for shown_ in (
        "20 of 40 sentences  50%",
        "18 done   1 unsure   1 skipped",
        "en",
        "20/30  1/5 readouts",
        "not said",
        "and 5 more",
        "240 sentences an hour: 20 decided by keys in 5.0 min of active time",
        "Not in it: 7 decided in bulk, without a key.",
        "03-01",
        "03-04",
        "a sentence         18   4.0   9.0   15.0   40.0",
        "☉ speakers          6   3.0   5.0    9.0   18.0      1",
        "Not in n: 2 sentences whose keys nobody counted",
        "most time in all, and longest a mark",
        "54 s on 6 marks",
        "☉ Indirect",
        "Its key is s; a mark takes 3 keys and 9 s (medians of 6)",
        "★ trade",
    ):
        assert shown_ in said, shown_


def test_where_nobody_counted_keys_that_is_said_and_no_table_of_dashes() -> None:
    bare = Cost("topics", "", 9, 1.0, 0, 0, 0.0, None, None, None, None)
    sentence = Cost("", "", 1, 1.0, 0, 0, 0.0, None, None, None, None)
    found = Figures(Progress(total=1, done=1), sentence=sentence, layers=(bare,))
    said = words(dashboard.lines(found, book(), "project", 90))
    assert "1 of 1 sentence  100%" in said
    assert "Nobody counted the keys of 1 sentence and 9 marks (in bulk" in said
    assert "9/10" not in said


def test_a_day_without_work_between_two_is_a_gap() -> None:
    days = dashboard._calendar(FULL.days, 60)
    assert [day.when for day in days] == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]
    assert [day.decided for day in days] == [8, 0, 0, 12]
    assert [day.when for day in dashboard._calendar(FULL.days, 2)] == ["2026-03-03", "2026-03-04"]


def test_where_nothing_is_decided_that_is_said() -> None:
    assert "Nothing is decided yet" in words(dashboard.lines(Figures(), book(), "project", 80))
