"""What views keep of what they painted is what they would paint, and no row is painted twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from annotator.model.mark import EntityValue, RefValue, Slots
from annotator.pipeline.project import Project
from annotator.session import acts
from annotator.tui import themes
from annotator.tui.app import AnnotatorApp
from annotator.tui.page import Page
from annotator.tui.paint import Line, Run
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.document import DocumentView
from annotator.tui.widgets.lines import LinesView
from tests.session.making import session_on

TEXT = "\n\n".join(
    f"The sides spoke of matter {n}. They agreed, at some length, to speak of it 日本 again."
    for n in range(30)
)
WORK = (
    *("j", "j", "t", "r", "v", "r", "escape", "k", "G", "k", "g", "pagedown", "n", "enter"),
    *(
        "ctrl+t",
        "j",
        "f3",
        "j",
        "f3",
        "f2",
        "j",
        "ctrl+t",
        "f2",
        "3",
        "j",
        "t",
        "pagedown",
        "pageup",
        "up",
        "down",
        "/",
        "w",
        "escape",
        "escape",
    ),
    *(
        "s",
        "1",
        "escape",
        "escape",
        "u",
        "u",
        "ctrl+r",
        "x",
        "escape",
        "V",
        "V",
        "f",
        "?",
        "escape",
    ),
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AnnotatorApp]:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "seeds" / "talk.txt").write_text(TEXT, encoding="utf-8")
    app = AnnotatorApp(Project.open(tmp_path), "ada", "talk")
    yield app
    app.close_all()


def shown(strip: Strip) -> list[tuple[str, object]]:
    """Return what is seen of a row, however it is cut into pieces, and what a click meets."""
    return [
        (char, piece.style)
        for piece in Segment.simplify(strip)
        if piece.text
        for char in piece.text
    ]


def rows_of(app: App[None]) -> list[list[tuple[str, object]]]:
    size = app.screen.size
    return [shown(strip) for strip in app.screen._compositor.render_strips(size)]


def painted_anew(app: App[None]) -> list[list[tuple[str, object]]]:
    for view in app.screen.query(LinesView):
        view.refresh()
    return rows_of(app)


async def test_after_every_key_what_was_kept_is_what_would_be_painted(app: AnnotatorApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        for at, key in enumerate(WORK):
            await pilot.press(key)
            await pilot.pause()
            assert rows_of(app) == painted_anew(app), f"{key}, key {at} of {WORK}"


@pytest.mark.parametrize("sizes", [[(90, 30), (120, 30)], [(120, 20), (60, 16), (140, 45)]])
async def test_at_another_size_nothing_of_the_old_one_is_left(
    app: AnnotatorApp, sizes: list[tuple[int, int]]
) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.press("j", "t", "r")
        for size in sizes:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert rows_of(app) == painted_anew(app)
            await pilot.press("v")
            await pilot.pause()
            assert rows_of(app) == painted_anew(app)


async def test_the_scroll_bar_is_the_one_that_textual_would_draw(app: AnnotatorApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        bar = app.screen.query_one("#document", LinesView).vertical_scrollbar
        assert isinstance(bar, Bar)
        assert bar.display
        for keys in ([], ["j"] * 9, ["G"], ["t", "r"], ["g"]):
            await pilot.press(*keys)
            await pilot.pause()
            region = bar.size.region
            own = ScrollBar.render_lines(bar, region)
            assert [shown(cell) for cell in bar.render_lines(region)] == [shown(c) for c in own]


async def test_the_scroll_bar_is_drawn_and_clicked(app: AnnotatorApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        view = app.screen.query_one("#document", LinesView)
        bar = view.vertical_scrollbar
        await pilot.click(bar, offset=(0, bar.size.height - 2))
        await pilot.wait_for_scheduled_animations()
        below = view.scroll_offset.y
        assert below > 0
        await pilot.mouse_down(bar, offset=(0, bar.size.height // 2 + 2))
        await pilot.hover(bar, offset=(0, 1))
        await pilot.mouse_up(bar, offset=(0, 1))
        await pilot.pause()
        assert view.scroll_offset.y != below


class Counted(LinesView):
    """Counts which rows it paints."""

    painted: list[str]

    def row_at(self, row: int) -> tuple[Line, str]:
        return super().row_at(row)

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        self.painted.append(strip.text.strip())
        return strip


class Lines(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.defaults(dark=True)

    def compose(self) -> ComposeResult:
        view = Counted()
        view.painted = []
        yield view


async def test_a_row_is_painted_where_it_changed_and_not_where_it_moved() -> None:
    app = Lines()
    async with app.run_test(size=(20, 5)) as pilot:
        view = app.query_one(Counted)

        async def show(words: list[str]) -> list[str]:
            view.painted.clear()
            view.show(lambda width: [(Run(word),) for word in words], keep_place=True)
            await pilot.pause()
            assert [strip.text.strip() for strip in view.render_lines(view.size.region)] == words[
                :5
            ]
            return view.painted[:]

        assert sorted(await show(["a", "b", "c", "d", "e", "f"])) == ["a", "b", "c", "d", "e"]
        assert await show(["a", "b", "C", "d", "e", "f"]) == ["C"]
        assert await show(["a", "new", "b", "C", "d", "e"]) == ["new"]
        assert await show(["a", "b", "C", "d", "e", "f"]) == []
        view.scroll_to(0, 1, animate=False, immediate=True, force=True)
        await pilot.pause()
        assert view.painted == ["f"]


async def test_lines_are_made_anew_of_something_new_and_after_they_were_laid_out_anew() -> None:
    app = Lines()
    async with app.run_test(size=(20, 5)) as pilot:
        view = app.query_one(Counted)
        words = iter("abcdefgh")

        async def shown_of(what: str) -> str:
            view.show(lambda width: [(Run(next(words)),)], of=what)
            await pilot.pause()
            return view.render_lines(view.size.region)[0].text.strip()

        assert [await shown_of("one"), await shown_of("one"), await shown_of("two")] == [*"aab"]
        view.relay()
        assert [await shown_of("two"), await shown_of("two")] == [*"dd"]


class Reading(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return themes.defaults(dark=True)

    def compose(self) -> ComposeResult:
        yield DocumentView()


async def test_a_mark_that_names_one_of_another_sentence_is_painted_with_it() -> None:
    session = session_on(*(f"Arda said {n}." for n in range(9)))
    pen = session.pen
    outer = pen.mark(session.sentence(2), "speakers", "indirect", slots=source("press"))
    session.do(acts.add_mark(pen, session.coding, 2, outer))
    slots = {**source("ada"), "parent": (RefValue(mark=outer.id),)}
    inner = pen.mark(session.sentence(6), "speakers", "indirect", slots=slots)
    session.do(acts.add_mark(pen, session.coding, 6, inner))
    app = Reading()
    async with app.run_test(size=(60, 30)) as pilot:
        view = app.query_one(DocumentView)
        book, text = session.codebook, session.readout.text
        view.set_page(Page(text, book, session.coding, view.inner_width))
        await pilot.pause()
        assert rows_of(app) == painted_anew(app)
        bo = source("bo")["source"]
        session.do(acts.fill_slot(pen, session.coding, 2, outer.id, "source", bo))
        view.mend(session.coding, [2])
        await pilot.pause()
        kept = rows_of(app)
        assert kept == painted_anew(app)
        assert any("Bo Belmont › Ada Arda" in "".join(c for c, _ in row) for row in kept)


def source(entity: str) -> Slots:
    return {"source": (EntityValue(entity=entity),)}
