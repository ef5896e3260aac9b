"""A sentence that is higher than the screen, and lines that are longer than anybody types."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from annotator.pipeline.project import Project
from annotator.tui import paint
from annotator.tui.app import AnnotatorApp
from annotator.tui.line import TypedLine
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.widgets.document import DocumentView
from tests.rendering import painted

WORDS = 16_000
LONG = f"The sides {'spoke of grain ' * (WORDS // 3)}at length."
SLOW = 1.0
"""Seconds that no key may take, on any machine; the aim is an eighth of it."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "schemas").mkdir()
    text = f"A short one.\n\n{LONG}\n\nThe last one.\n"
    (tmp_path / "seeds" / "long.txt").write_text(text)
    return Project.open(tmp_path)


@pytest.fixture
def app(project: Project) -> Iterator[AnnotatorApp]:
    app = AnnotatorApp(project, "ada", "long")
    yield app
    app.close_all()


@asynccontextmanager
async def opened(app: AnnotatorApp) -> AsyncIterator[tuple[Pilot[None], AnnotateScreen]]:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, AnnotateScreen)
        yield pilot, screen


def document(screen: AnnotateScreen) -> DocumentView:
    return screen.query_one("#document", DocumentView)


async def test_page_keys_scroll_within_the_sentence_before_they_leave_it(
    app: AnnotatorApp,
) -> None:
    async with opened(app) as (pilot, screen):
        await pilot.press("j")
        view, key = document(screen), screen.bench.key
        assert view.page is not None
        first, end = view.page.rows_of(key)
        assert end - first > 500
        tops = [view.scroll_offset.y]
        while screen.bench.key == key:
            await pilot.press("pagedown")
            tops.append(view.scroll_offset.y)
            assert len(tops) < 100
        # Two rows are seen again on each page, and no row is passed over.
        within = [top for top in tops if first <= top < end]
        assert all(0 < b - a <= view.size.height - 2 for a, b in pairwise(within))
        assert within[0] == first
        assert within[-1] + view.size.height >= end
        await pilot.press("k")
        assert (screen.bench.key, view.scroll_offset.y) == (key, first)
        await pilot.press("pagedown", "pagedown", "pageup")
        assert (screen.bench.key, view.scroll_offset.y) == (key, first + view.size.height - 2)


async def test_who_reads_in_the_midst_of_a_sentence_stays_there_when_it_is_marked(
    app: AnnotatorApp,
) -> None:
    async with opened(app) as (pilot, screen):
        await pilot.press("j", "pagedown", "pagedown")
        top = document(screen).scroll_offset.y
        await pilot.press("t", "e", "escape", "f")
        assert screen.bench.sentence.flagged
        assert document(screen).scroll_offset.y == top


@pytest.mark.parametrize("reader", [False, True])
async def test_no_key_waits_for_the_length_of_the_sentence(app: AnnotatorApp, reader: bool) -> None:
    keys = (
        "j",
        "k",
        "j",
        "t",
        "g",
        "escape",
        "pagedown",
        "tab",
        "v",
        "right",
        "shift+right",
        "down",
    )
    async with opened(app) as (pilot, screen):
        if reader:
            await pilot.press("f2")
        # What is looked up in the text once is looked up before.
        for key in ("j", "t", "g", "g", "escape", "t", "e", "escape", "v", "escape", "k"):
            await screen.press(key)
        took: dict[str, float] = {}
        for key in keys:
            begun = time.process_time()
            await screen.press(key)
            took[key] = time.process_time() - begun
            await pilot.pause()
    assert {key: seconds for key, seconds in took.items() if seconds > SLOW} == {}


async def test_a_megabyte_that_is_pasted_into_a_question_is_taken_whole(app: AnnotatorApp) -> None:
    text = "pasted words " * 80_000
    async with opened(app) as (pilot, screen):
        await pilot.press("z")
        begun = time.process_time()
        screen.post_message(events.Paste(text))
        await pilot.pause()
        assert time.process_time() - begun < 5
        assert "pasted words" in "\n".join(painted(app))
        begun = time.process_time()
        await screen.press("x")
        assert time.process_time() - begun < SLOW
        await pilot.press("enter")
        assert screen.bench.sentence.note == f"{text}x".strip()


async def test_what_is_pasted_where_no_line_is_open_is_no_key(app: AnnotatorApp) -> None:
    async with opened(app) as (pilot, screen):
        before = screen.session.coding
        screen.post_message(events.Paste("tg\rwpxJ" * 1000))
        await pilot.pause()
        assert screen.session.coding is before
        assert screen.bench.mode is None
        assert screen.bench.message == ""


async def test_a_megabyte_that_is_pasted_into_a_search_does_no_harm(project: Project) -> None:
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f")
        assert isinstance(app.screen, LibraryScreen)
        app.screen.post_message(events.Paste("grain " * 170_000))
        await pilot.pause()
        await pilot.press("escape")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "long" in "\n".join(painted(app))
    app.close_all()


def test_a_line_shows_what_is_around_its_cursor_however_long_it_is() -> None:
    line = TypedLine.of("a" * 500_000 + "b" * 500_000)
    for _ in range(3):
        line.press("left")
    assert paint.width(line.line(40)) <= 40
    assert "".join(run.text for run in line.line(40)).strip().endswith("bbb")
    line.press("home")
    assert "".join(run.text for run in line.line(40)).strip().startswith("aaa")


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "双方" * 50_000, "e\u0301" * 50_000, "👩🏽" * 50_000]
)
@pytest.mark.parametrize("most", [1, 7, 40])
def test_cutting_a_long_text_is_cutting_its_beginning(text: str, most: int) -> None:
    made = paint.cut(text, most)
    assert made == paint.cut(text[: 40 * most + 40], most)
    assert paint.width((paint.Run(made),)) <= most
    assert made.endswith("…")


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_prose_of_so_many_rows_tells_of_what_is_left_out(rows: int) -> None:
    for text in ("word " * 10_000, "双方" * 10_000, "x" * 10_000):
        made = paint.prose(text, 30, rows=rows)
        assert len(made) == rows
        assert made[-1][0].text.endswith("…")
        assert all(paint.width(line) <= 30 for line in made)
    assert paint.prose("word " * 3, 30, rows=rows) == paint.prose("word " * 3, 30)
