"""How things are shown, changed by keys: densely or not, in words or in signs, dark or light."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator.config import Settings
from annotator.pipeline.project import Project
from annotator.standing import Standing
from annotator.tui import suspending
from annotator.tui.app import AnnotatorApp
from annotator.tui.page import Page
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.document import DocumentView
from tests.rendering import RENDER, painted
from tests.session.making import Coder

READOUT: str = RENDER.READOUT


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made: Project = RENDER.worked_project(tmp_path_factory.mktemp("project"))
    return made


def shown(app: AnnotatorApp) -> str:
    return "\n".join(line.rstrip() for line in painted(app))


def page_of(app: AnnotatorApp) -> Page:
    page = app.screen.query_one("#document", DocumentView).page
    assert page is not None
    return page


def marked(*, compact: bool, width: int = 70) -> Page:
    coder = Coder.at().press("t", "g", "r", "escape", "f", "s", "1", "escape", "z").answer("odd")
    session = coder.session
    text, coding = session.readout.text, session.coding
    return Page(text, session.codebook, coding, width, compact=compact)


def rows(page: Page) -> list[str]:
    lines = (page.line(row)[0] for row in range(page.rows.total))
    return ["".join(run.text for run in line) for line in lines]


def test_a_compact_page_has_no_blank_row_and_at_most_one_of_marks_for_a_sentence() -> None:
    page = marked(compact=True)
    assert page.rows.total < marked(compact=False).rows.total
    assert all(row.strip() for row in rows(page))
    assert all(len(block.tags) + bool(block.beside) <= 1 for block in page.blocks)
    assert all(block.above == 0 for block in page.blocks)


@pytest.mark.parametrize("width", [24, 40, 70, 120])
@pytest.mark.parametrize("compact", [False, True])
def test_a_page_of_either_density_is_as_high_as_what_it_shows(width: int, compact: bool) -> None:
    page = marked(compact=compact, width=width)
    assert page.rows.total == sum(block.height for block in page.blocks)
    text = "".join(row[page.gutter :] for row in rows(page))
    for sentence in (page.coding.sentence(key) for key in page.coding.order):
        assert "".join(sentence.text.split()) in "".join(text.split())


def test_marks_stand_behind_the_text_where_there_is_room_and_are_no_part_of_it() -> None:
    session = Coder.at("They met.", "They parted.").press("t", "g", "escape").session
    page = Page(session.readout.text, session.codebook, session.coding, 70, compact=True)
    block = next(block for block in page.blocks if block.beside)
    first, end = page.rows_of(block.key)
    row = rows(page)[end - 1]
    assert "★ trade" in row
    assert page.offset_at(end - 1, row.index("★")) is None
    assert page.offset_at(first, page.gutter) == block.rows[0][0]


def test_a_mark_that_comes_or_goes_changes_a_compact_page_as_a_new_one_would() -> None:
    coder = Coder.at()
    session = coder.session
    page = Page(session.readout.text, session.codebook, session.coding, 50, compact=True)
    for key in ("t", "g", "r", "m", "escape", "backspace", "backspace"):
        coder.press(key)
        page = page.mended(session.coding, [coder.bench.key])
        anew = Page(page.text, page.codebook, session.coding, 50, page.light, compact=True)
        assert (page.blocks, page.rows.tops) == (anew.blocks, anew.rows.tops)


async def test_a_key_changes_the_density_and_back(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("1", "0", "G", "f3")
        assert page_of(app).compact
        compact = page_of(app).rows.total
        lit = shown(app)
        assert "Sentence 10 of 15" in lit
        await pilot.press("f3")
        assert not page_of(app).compact
        assert page_of(app).rows.total > compact
    app.close_all()


async def test_the_density_of_the_settings_is_there_from_the_start(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT, Standing.of(Settings(density="compact")))
    async with app.run_test(size=(100, 30)):
        assert page_of(app).compact
    app.close_all()


async def test_a_key_shows_everything_in_words_and_back(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "0", "G")
        before = shown(app)
        await pilot.press("f2")
        await pilot.pause()
        said = shown(app)
        assert said.startswith("Sentence 10 of 15, body, done.")
        assert not re.search("[\u2500-\u259f]", said)
        await pilot.press("j")
        assert "Sentence 11 of 15" in shown(app)
        await pilot.press("k", "f2")
        await pilot.pause()
        assert shown(app) == before
    app.close_all()


async def test_what_is_marked_in_words_stands_on_the_page(project: Project) -> None:
    app = AnnotatorApp(project, "bob", READOUT, Standing.of(Settings(reader=True)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "e", "escape", "z", *"odd", "enter")
        assert "Topics: event" in shown(app)
        assert "Note: odd" in shown(app)
        await pilot.press("f2")
        assert "◇ event" in shown(app)
    app.close_all()


@pytest.mark.parametrize("keys", [(), ("slash", *"trade", "enter"), ("f1",), ("question_mark",)])
async def test_no_screen_draws_a_line_in_words(project: Project, keys: tuple[str, ...]) -> None:
    app = AnnotatorApp(project, "ada", None, Standing.of(Settings(reader=True)))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert not re.search("[\u2500-\u259f]", shown(app))
    app.close_all()


async def test_the_library_says_readouts_and_dates_in_words(project: Project) -> None:
    now = Standing.of(Settings(reader=True, dates="en"))
    app = AnnotatorApp(project, "ada", None, now)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("g")
        assert "Here: 1 of 22: Kremlin tells" in shown(app)
        assert "15 of 15 decided, 28 January 2017, RU side, en" in shown(app)
    app.close_all()


@pytest.mark.parametrize(
    ("theme", "other"),
    [("annotator-dark-cb", "annotator-light-cb"), ("annotator-mono", "annotator-mono")],
)
async def test_the_key_for_dark_or_light_keeps_the_kind(
    project: Project, theme: str, other: str
) -> None:
    app = AnnotatorApp(project, "ada", None, Standing.of(Settings(theme=theme)))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+t")
        assert app.theme == other
        await pilot.press("ctrl+t")
        assert app.theme == theme
    app.close_all()


async def test_what_is_lit_and_chosen_is_seen_without_colours(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT, Standing.of(Settings(theme="annotator-mono")))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("1", "0", "G", "t")
        await pilot.pause()
        strips = [strip for line in app.screen._compositor.render_strips() for strip in line]
        styles = [segment.style for segment in strips if segment.style]
        assert any(style.reverse for style in styles)
        assert {style.color for style in styles} == {style.bgcolor for style in styles} == {None}
    app.close_all()


async def test_where_nothing_can_be_suspended_it_is_said(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+z")
        screen = app.screen
        assert isinstance(screen, AnnotateScreen)
        assert screen.bench.message == suspending.NO_JOB
    app.close_all()


async def test_a_program_whose_edits_are_not_on_disk_is_not_suspended(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused() -> bool:
        return False

    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(100, 30)):
        monkeypatch.setattr(app, "save_all", refused)
        said: list[str] = []
        await suspending.suspend(app, said.append)
        assert said == [suspending.UNSAVED]
    app.close_all()


async def test_a_key_of_the_settings_is_obeyed(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT, Standing.of(Settings(keys={"density": "ctrl+e"})))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+e")
        assert page_of(app).compact
    app.close_all()


def test_no_file_of_the_person_is_read_by_the_app_alone(tmp_path: Path) -> None:
    assert Standing.of(Settings(theme="nord")).origin("theme") == "annotator.toml"
