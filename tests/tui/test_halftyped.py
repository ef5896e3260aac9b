"""A line that a signal cuts short is offered again where it was typed, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.asking import AGAIN
from annotator.tui.halftyped import KEPT
from annotator.tui.screens.find import FindScreen
from tests.rendering import RENDER, painted

READOUT = "2021-04-13-biden-putin-us"
FORM = ("c", "a", "G", "space")
"""A commitment, its form, and the last row of that, which is a note on the mark."""
AGAIN_THERE = ("e", "G", "space")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "annotator" / "half-typed"


@asynccontextmanager
async def started(
    project: Project, coder: str = "ada", readout: str | None = READOUT
) -> AsyncIterator[Pilot[None]]:
    app = AnnotatorApp(project, coder, readout)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        yield pilot
    app.close_all()
    app.catalogue.close()


async def ended(pilot: Pilot[None]) -> str:
    """End the app as a signal does, and return its last words."""
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    app.end_from_outside(143)
    for _ in range(400):
        if not app.is_running:
            return app.last_words
        await pilot.pause(0.02)
    raise AssertionError("it does not end")


def kept_in(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def shown(pilot: Pilot[None]) -> str:
    return " ".join(" ".join(painted(pilot.app)).split())


async def test_a_text_of_a_form_comes_back_for_the_same_mark_slot_and_coder(
    project: Project, folder: Path
) -> None:
    async with started(project) as pilot:
        await pilot.press("1", "g", *FORM, *"half")
        assert "half" in shown(pilot)
        assert await ended(pilot) == KEPT
    async with started(project, "bob") as pilot:
        await pilot.press("1", "g", *FORM)
        assert AGAIN.strip() not in shown(pilot)
    async with started(project) as pilot:
        await pilot.press("1", "g", "z")
        assert AGAIN.strip() not in shown(pilot)
        await pilot.press("escape", *AGAIN_THERE)
        assert AGAIN.strip() in shown(pilot)
        assert kept_in(folder) == []
        # What was offered again is kept again, and with what was typed since.
        await pilot.press(*"way")
        assert await ended(pilot) == KEPT
    async with started(project) as pilot:
        await pilot.press("1", "g", *AGAIN_THERE)
        assert "halfway" in shown(pilot)
        await pilot.press("enter", "G", "space")
        assert AGAIN.strip() not in shown(pilot)


async def test_a_query_is_looked_for_again_and_typed_over(project: Project, folder: Path) -> None:
    async with started(project, readout=None) as pilot:
        await pilot.press("slash", *"agreed")
        assert await ended(pilot) == KEPT
    async with started(project, readout=None) as pilot:
        await pilot.press("slash")
        assert isinstance(pilot.app.screen, FindScreen)
        assert pilot.app.screen.line.value == "agreed"
        for _ in range(400):
            if pilot.app.screen.found:
                break
            await pilot.pause(0.02)
        assert "23 places" in shown(pilot)
        await pilot.press("p")
        assert pilot.app.screen.line.value == "p"
        await pilot.press("escape", "escape")


async def test_what_is_known_of_a_readout_is_asked_with_what_was_half_typed(
    project: Project, folder: Path
) -> None:
    async with started(project, readout=None) as pilot:
        await pilot.press("G", "M", "enter", "ctrl+u", *"half a tit")
        assert await ended(pilot) == KEPT
    async with started(project, readout=None) as pilot:
        await pilot.press("G", "M", "[", "enter")
        assert AGAIN.strip() not in shown(pilot)
        await pilot.press("escape", "]", "enter")
        assert "half a tit" in shown(pilot)


async def test_a_line_that_says_nothing_new_is_not_kept(project: Project, folder: Path) -> None:
    async with started(project) as pilot:
        await pilot.press("t", "slash", *"ter")  # It only narrows the panel.
        assert await ended(pilot) == ""
    async with started(project) as pilot:
        await pilot.press("z")
        assert await ended(pilot) == ""
    assert kept_in(folder) == []


async def test_what_stands_in_the_folder_by_mistake_or_malice_is_shown_as_text_or_not_at_all(
    project: Project, folder: Path
) -> None:
    async with started(project) as pilot:
        await pilot.press("z", "x")
        await ended(pilot)
    (kept,) = kept_in(folder)
    whole = json.loads(kept.read_text())
    for content in (
        b"{",
        b"[" * 100_000,
        json.dumps(whole | {"where": ["elsewhere"]}).encode(),
        json.dumps(whole | {"typed": ["x"]}).encode(),
        json.dumps(whole | {"typed": "a\x1b]0;b[red]\nc"}).encode(),
    ):
        kept.write_bytes(content)
        async with started(project) as pilot:
            await pilot.press("z")
            assert (AGAIN.strip() in shown(pilot)) is (b"red" in content)
            assert "\x1b" not in shown(pilot)
            assert b"red" not in content or "a]0;b[red] c" in shown(pilot)


async def test_a_line_that_cannot_be_kept_is_told(project: Project, folder: Path) -> None:
    folder.parent.parent.write_text("in the way")
    async with started(project) as pilot:
        await pilot.press("z", "x")
        assert "could not be kept" in await ended(pilot)


async def test_an_answer_about_the_codebook_comes_back_in_its_question(
    project: Project, folder: Path
) -> None:
    async with started(project, readout=None) as pilot:
        await pilot.press("question_mark", "j", "j", "e", "ctrl+u", *"half")
        assert await ended(pilot) == KEPT
    async with started(project, readout=None) as pilot:
        await pilot.press("question_mark", "j", "j", "j", "e")
        assert "as you typed it" not in shown(pilot)
        await pilot.press("escape", "k", "e")
        assert "half" in shown(pilot)
        assert "as you typed it" in shown(pilot)
