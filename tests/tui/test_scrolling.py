"""Where the lit sentence stands on the page: with what is around it, and it moves in steps."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.document import DocumentView
from tests.rendering import RENDER


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    text = "\n\n".join(f"The parties spoke about item {number}." for number in range(60))
    (made.paths.seeds / "zz-many.txt").write_text(text, "utf-8")
    return made


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@pytest.mark.parametrize(("begin", "key"), [("g", "j"), ("G", "k")])
async def test_rows_around_the_lit_sentence_are_in_sight_and_the_page_moves_in_steps(
    project: Project, size: tuple[int, int], begin: str, key: str
) -> None:
    app = AnnotatorApp(project, "ada", "zz-many")
    async with app.run_test(size=size) as pilot:
        await RENDER.settled(pilot)
        screen = app.screen
        assert isinstance(screen, AnnotateScreen)
        view = screen.query_one("#document", DocumentView)
        await pilot.press(begin)
        tops = [view.scroll_offset.y]
        for _ in range(30):
            await pilot.press(key)
            assert view.page is not None
            first, end = view.page.rows_of(screen.bench.key)
            top, bottom = view.scroll_offset.y, view.scroll_offset.y + view.size.height
            assert first - top >= min(4, first)
            assert bottom - end >= min(4, view.page.rows.total - end)
            tops.append(top)
        moved = [a != b for a, b in pairwise(tops)]
        # Nearly all of these keys paint two sentences and no more.
        assert 0 < sum(moved) <= len(moved) // 3
        assert not any(a and b for a, b in pairwise(moved))
    app.close_all()


async def test_a_sentence_that_is_clicked_or_marked_stays_where_it_is_seen(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada", "zz-many")
    async with app.run_test(size=(120, 40)) as pilot:
        await RENDER.settled(pilot)
        screen = app.screen
        assert isinstance(screen, AnnotateScreen)
        view = screen.query_one("#document", DocumentView)
        await pilot.click("#document", offset=(20, 30))
        assert screen.bench.place == 15
        assert view.scroll_offset.y == 0
        await pilot.press("t", "e", "escape", "f")
        assert view.scroll_offset.y == 0
    app.close_all()
