"""No style is parsed twice, and a theme's values reach all of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from textual.css.errors import UnresolvedVariableError
from textual.css.parse import parse
from textual.css.stylesheet import Stylesheet

from annotator.tui.app import AnnotatorApp
from annotator.tui.sheet import Sheet
from tests.rendering import RENDER

READ_FROM = ("a.tcss", "")
Source = tuple[str, int]
INK = "Screen { color: $ink; }"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[Source]:
    """Count how often each source was parsed, by its file and its rank among others."""
    counted: Counter[Source] = Counter()

    def counting(scope: str, css: str, read_from: tuple[str, str], **others: Any) -> Any:
        counted["".join(read_from), others["tie_breaker"]] += 1
        return parse(scope, css, read_from, **others)

    monkeypatch.setattr("textual.css.stylesheet.parse", counting)
    return counted


async def test_neither_the_start_nor_a_screen_that_opens_parses_a_style_again(
    tmp_path: Path, parsed: Counter[Source]
) -> None:
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada")
    async with app.run_test(size=(120, 36)) as pilot:
        await RENDER.settled(pilot)
        await pilot.press("enter", "question_mark")
        await RENDER.settled(pilot)
        assert any("codebook.tcss" in path for path, _ in parsed)
        assert set(parsed.values()) == {1}
    app.close_all()
    app.catalogue.close()


async def test_another_theme_gives_its_colours_to_what_was_parsed_before(tmp_path: Path) -> None:
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada")
    async with app.run_test(size=(120, 36)) as pilot:
        await RENDER.settled(pilot)
        before = app.screen.styles.background
        await pilot.press("ctrl+t")
        await RENDER.settled(pilot)
        changed = app.screen.styles.background
        assert changed != before
        await pilot.press("ctrl+t")
        await RENDER.settled(pilot)
        assert app.screen.styles.background == before
    app.close_all()
    app.catalogue.close()


def colours(sheet: Stylesheet) -> list[str]:
    return [rule.styles.color.hex for rule in sheet.rules]


def test_what_is_no_style_leaves_what_was_there() -> None:
    sheet = Sheet(variables={"ink": "#112233"})
    sheet.add_source(INK, read_from=READ_FROM)
    assert colours(sheet) == ["#112233"]
    sheet.set_variables({"ink": "#445566"})
    sheet.reparse()
    assert colours(sheet) == ["#445566"]
    sheet.add_source("Screen { color: $nothing; }", read_from=("b.tcss", ""))
    with pytest.raises(UnresolvedVariableError):
        sheet.reparse()
    assert sheet._rules is not None
    assert [rule.styles.color.hex for rule in sheet._rules] == ["#445566"]
