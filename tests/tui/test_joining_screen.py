"""Who joins the cast of a readout, beside all whom the other readouts of the project know."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from annotator.model.casting import named_by
from annotator.model.entity import Cast
from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from tests.rendering import RENDER

ROOT = Path(__file__).parents[2]
TEXT = "Prime Minister Lukáš Nový met Orsk. They agreed to meet again.\n"
ORSK = """[[entities]]
id = "orsk"
type = "person"
name = "Pavel Orsk"
role = "Foreign Minister of Orlenia"
affiliation = "XO"
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of three readouts, of which the first knows Pavel Orsk and the others nobody."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    for name in ("one", "three", "two"):
        (seeds / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    (seeds / "one.toml").write_text(ORSK, encoding="utf-8")
    return Project.open(tmp_path)


@asynccontextmanager
async def at_work(
    project: Project, readout: str
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        yield app, pilot
    app.close_all()


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def typed(pilot: Pilot[None], words: str) -> None:
    """Take the place of what stands in the line."""
    await pilot.press("end", "ctrl+u")
    pilot.app.screen.post_message(events.Paste(words))
    await pilot.pause()
    await pilot.press("enter")
    await settled(pilot)


def ids(cast: Cast) -> list[str]:
    return [entity.id for entity in cast.entities]


def shown(app: AnnotatorApp) -> str:
    return "\n".join(RENDER.words(app.export_screenshot()))


async def test_names_of_other_scripts_stay_apart_over_the_readouts(project: Project) -> None:
    async with at_work(project, "two") as (app, pilot):
        await pilot.press("s", "+")
        await typed(pilot, "习近平, President")
        assert ids(app.sessions[0].cast) == ["person_5873ab94ba9d"]
        await pilot.press("escape", "]", "]", "[")
    async with at_work(project, "three") as (app, pilot):
        await pilot.press("s", "+")
        await typed(pilot, "محمد, envoy")
        assert ids(app.sessions[0].cast) == ["person_0a7883cf2a41"]


@pytest.mark.parametrize("keys", [("s", "+"), ("C", "a")])
async def test_an_id_is_never_that_of_somebody_else_in_another_readout(
    project: Project, keys: tuple[str, ...]
) -> None:
    async with at_work(project, "two") as (app, pilot):
        await pilot.press(*keys)
        await typed(pilot, "Orsk, state")
        assert ids(app.sessions[0].cast) == ["orsk_2"]


async def test_keys_wait_until_it_is_known_who_else_is_in_the_project(project: Project) -> None:
    async with at_work(project, "two") as (app, pilot):
        await pilot.press("s", "+", "enter", "escape", "enter", *"t", "j", "escape")
        await settled(pilot)
        session = app.sessions[0]
        assert ids(session.cast) == ["lukas_novy"]
        states = [sentence.state for _, sentence in session.coding.sentences()]
        assert states == ["done", "new"]
        assert not session.pending


@pytest.mark.parametrize(("key", "made"), [("1", "orsk"), ("+", "orsk_2")])
async def test_the_cast_screen_asks_who_a_new_one_is(project: Project, key: str, made: str) -> None:
    async with at_work(project, "two") as (app, pilot):
        await pilot.press("C", "a")
        await typed(pilot, "Orsk, President")
        assert "1 the Pavel Orsk of 1 readout (Foreign Minister of Orlenia)" in shown(app)
        assert "+ somebody else" in shown(app)
        await pilot.press("9")
        assert not app.sessions[0].cast.entities
        await pilot.press("a")
        await typed(pilot, "Orsk, President")
        await pilot.press(key)
        assert ids(app.sessions[0].cast) == [made]


async def test_somebody_is_separated_from_who_has_the_id_elsewhere(project: Project) -> None:
    async with at_work(project, "one") as (app, pilot):
        await pilot.press("s", "1", "escape", "C", "i")
        await typed(pilot, "")
        assert "give Pavel Orsk the id pavel_orsk" in shown(app)
        session = app.sessions[0]
        assert ids(session.cast) == ["pavel_orsk"]
        (mark,) = session.sentence(1).marks
        assert named_by(mark) == {"pavel_orsk"}
        await pilot.press("u")
        await settled(pilot)
        assert ids(session.cast) == ["orsk"]
        assert named_by(session.sentence(1).marks[0]) == {"orsk"}


async def test_an_id_that_cannot_be_is_refused_and_waits_to_be_put_right(project: Project) -> None:
    (project.paths.seeds / "three.toml").write_text(
        '[[entities]]\nid = "xo"\ntype = "state"\nname = "Orlenia"\n', encoding="utf-8"
    )
    async with at_work(project, "one") as (app, pilot):
        await pilot.press("C", "i")
        for wrong, why in (
            ("Two words", "is no id"),
            ("xo", "xo is the id of somebody else in the project"),
        ):
            await typed(pilot, wrong)
            assert why in shown(app)
            assert ids(app.sessions[0].cast) == ["orsk"]
        await typed(pilot, "orsk_the_elder")
        assert ids(app.sessions[0].cast) == ["orsk_the_elder"]
