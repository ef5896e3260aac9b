"""Spans on the real screen: letters and brackets come and go, keys and mouse do what they say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.mark import SpanValue
from annotator.pipeline.project import Project
from annotator.store import TinyStore
from annotator.tui.app import AnnotatorApp
from annotator.tui.messages import Dragged
from annotator.tui.modes.span import SpanMode
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.document import DocumentView
from tests.rendering import RENDER, painted

READOUT = "2021-04-13-biden-putin-us"
PLACE = 3
"""The sentence that is worked on, counted from 1."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@asynccontextmanager
async def opened(
    project: Project, *keys: str, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Pilot[None], AnnotateScreen]]:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(str(PLACE), "G", *keys)
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, AnnotateScreen)
        yield pilot, screen
    app.close_all()


def document(screen: AnnotateScreen) -> DocumentView:
    return screen.query_one("#document", DocumentView)


def height(screen: AnnotateScreen) -> int:
    page = document(screen).page
    assert page is not None
    view = document(screen)
    assert view.virtual_size.height == max(page.rows.total, view.size.height)
    first, end = page.rows_of(screen.bench.key)
    return end - first


def mode(screen: AnnotateScreen) -> SpanMode:
    assert isinstance(screen.bench.mode, SpanMode)
    return screen.bench.mode


def letter(screen: AnnotateScreen, place: int) -> str:
    return mode(screen).hops.letter(place)


def words(screen: AnnotateScreen, first: int, count: int) -> str:
    spans = mode(screen).hops.words
    return screen.session.readout.text[spans[first][0] : spans[first + count - 1][1]]


def saved(project: Project) -> list[str]:
    snapshot = TinyStore(project.paths.tags).read("ada", READOUT)
    assert snapshot is not None
    return [
        value.span.exact
        for _, sentence in snapshot.coding.sentences()
        for mark in sentence.marks
        for values in mark.slots.values()
        for value in values
        if isinstance(value, SpanValue)
    ]


async def test_a_letter_a_capital_and_enter_put_the_words_on_disk(project: Project) -> None:
    async with opened(project, "t", "g", "tab") as (pilot, screen):
        expected = words(screen, 2, 3)
        await pilot.press(letter(screen, 2), letter(screen, 4).upper(), "enter")
        assert saved(project) == [expected]
        assert screen.bench.mode is None


async def test_space_keeps_the_mode_open_and_the_held_spans_are_walked_and_taken_away(
    project: Project,
) -> None:
    async with opened(project, "t", "g", "tab") as (pilot, screen):
        expected = [words(screen, place, 1) for place in (1, 4, 7)]
        for place in (1, 4, 7):
            await pilot.press(letter(screen, place), letter(screen, place).upper(), "space")
        assert saved(project) == expected
        await pilot.press("pageup", "backspace")
        assert saved(project) == [expected[0], expected[2]]
        await pilot.press("pagedown", "shift+right", "space")
        assert len(saved(project)) == 2
        assert saved(project)[0].startswith(f"{expected[0]} ")
        await pilot.press("escape", "u", "u")
        assert saved(project) == expected


async def test_letters_take_rows_beneath_the_text_and_give_them_back(project: Project) -> None:
    async with opened(project, "t", "g") as (pilot, screen):
        low = height(screen)
        await pilot.press("tab")
        page = document(screen).page
        assert page is not None
        rows = len(page.blocks[PLACE - 1].rows)
        assert height(screen) == low + rows
        await pilot.press("space", "escape")
        assert height(screen) == low


async def test_semicolon_turns_to_the_letters_of_what_follows(project: Project) -> None:
    async with opened(project, "t", "g", "tab", "semicolon") as (_, screen):
        many = len(mode(screen).hops.words)
        assert mode(screen).block == (26 if many > 26 else 0)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 16)])
async def test_v_draws_the_spans_of_every_mark_until_it_is_pressed_again(
    project: Project, size: tuple[int, int]
) -> None:
    async with opened(project, "t", "g", "tab", "enter", size=size) as (pilot, screen):
        low = height(screen)
        await pilot.press("V")
        assert height(screen) > low
        assert "are drawn" in screen.bench.message
        await pilot.press("j", "k")
        assert height(screen) > low
        await pilot.press("V")
        assert height(screen) == low


async def test_moving_does_not_make_the_text_jump(project: Project) -> None:
    async with opened(project, "t", "g", "tab", "enter") as (pilot, screen):
        page = document(screen).page
        assert page is not None
        total = page.rows.total
        for key in ("tab", "j", "j", "k", "t", "escape"):
            await pilot.press(key)
            assert page.rows.total == total


@pytest.mark.parametrize(("size", "more"), [((120, 40), 1), ((60, 16), 0)])
async def test_a_form_beside_the_text_draws_what_its_mark_holds(
    project: Project, size: tuple[int, int], more: int
) -> None:
    async with opened(project, "t", "g", "tab", "enter", size=size) as (pilot, screen):
        low = height(screen)
        await pilot.press("e")
        assert height(screen) == low + more


async def test_a_letter_is_clicked_and_words_are_drawn_with_the_mouse_between_the_letters(
    project: Project,
) -> None:
    async with opened(project, "t", "g", "tab") as (pilot, screen):
        view, page = document(screen), document(screen).page
        assert page is not None
        start = mode(screen).hops.words[3][0]
        first, _ = page.rows_of(screen.bench.key)
        at = page.gutter + start - page.blocks[PLACE - 1].rows[0][0]
        row = first + 1 - view.scroll_offset.y
        await pilot.click("#document", offset=(at + view.gutter.left, row + view.gutter.top))
        await pilot.pause()
        assert mode(screen).selection[0] == start
        view.post_message(Dragged((first, page.gutter), (first, page.gutter + 6)))
        await pilot.pause()
        begin = page.blocks[PLACE - 1].rows[0][0]
        assert mode(screen).selection == (begin, begin + 7)


async def test_on_the_smallest_screen_the_letters_have_half_of_it(project: Project) -> None:
    async with opened(project, "t", "g", "tab", size=(60, 16)) as (_, screen):
        assert document(screen).size.height >= 7
        view = screen.bench.mode.view() if screen.bench.mode else None
        assert view is not None
        said = " ".join(painted(screen.app))
        assert "evidence" in said
