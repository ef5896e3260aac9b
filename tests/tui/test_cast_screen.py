"""The cast on the screen: every key of it, and what is on disk when it is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from annotator.model.entity import Cast, Entity
from annotator.model.mark import EntityValue
from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.castdesk import COMMANDS
from annotator.tui.keys import COMMANDS as TABLE
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.cast import CastScreen
from annotator.tui.screens.register import RegisterScreen
from tests.rendering import RENDER, painted

READOUT = "2017-01-28-putin-trump-kremlin-retold"
WIDE, SMALL = (120, 36), (60, 16)
ORDER = [
    *("putin", "trump", "two_leaders", "kremlin_press", "ru", "us"),
    *("russian_people", "american_people"),
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@asynccontextmanager
async def at_work(
    project: Project, *pressed: str, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    """Open the readout and its cast, press keys, and end when the test does."""
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("C", *pressed)
        await pilot.pause()
        yield app, pilot
    app.close_all()


def screen(app: AnnotatorApp) -> CastScreen:
    assert isinstance(app.screen, CastScreen)
    return app.screen


def is_open(app: AnnotatorApp, kind: type[Screen[None]]) -> bool:
    return isinstance(app.screen, kind)


def cast(app: AnnotatorApp) -> Cast:
    return app.sessions[0].cast


def ids(app: AnnotatorApp) -> list[str]:
    return [entity.id for entity in cast(app).entities]


def lit(app: AnnotatorApp) -> Entity:
    entity = screen(app).desk.entity
    assert entity is not None
    return entity


def shown(app: AnnotatorApp) -> str:
    return "\n".join(painted(app))


def on_disk(project: Project) -> Cast:
    snapshot = project.store().read("ada", READOUT)
    assert snapshot is not None
    return snapshot.coding.cast


async def typed(pilot: Pilot[None], words: str) -> None:
    """Take the place of what stands in the line."""
    await pilot.press("end", "ctrl+u", *("space" if c == " " else c for c in words), "enter")
    await pilot.pause()


def test_every_command_of_the_cast_is_in_the_table() -> None:
    of_the_cast = {c.id for c in TABLE if c.scopes == ("cast",)}
    assert of_the_cast - set(COMMANDS) == {"cast.other", "cast.go", "cast.alike", "cast.filter"}
    assert set(COMMANDS) <= of_the_cast


@pytest.mark.parametrize("size", [WIDE, (80, 24), SMALL])
async def test_the_cast_is_shown_with_what_is_known_of_the_lit_one(
    project: Project, size: tuple[int, int]
) -> None:
    async with at_work(project, size=size) as (app, _):
        words = shown(app)
        assert "Vladimir Putin" in words
        assert "Donald Trump" in words
        assert "Cast" in words
        if size == WIDE:
            assert "President of the Russian" in words
            assert "the head of the Russian state" in words
            assert "Member of" in words


async def test_a_digit_lights_whoever_has_it_and_arrows_move(project: Project) -> None:
    async with at_work(project, "3") as (app, pilot):
        assert lit(app).id == "two_leaders"
        await pilot.press("down", "j", "k")
        assert lit(app).id == "kremlin_press"
        await pilot.press("G")
        assert lit(app).id == "meridian_courier"
        await pilot.press("g")
        assert lit(app).id == "putin"


async def test_r_renames_and_it_is_on_disk_and_u_takes_it_back(project: Project) -> None:
    async with at_work(project, "r") as (app, pilot):
        await typed(pilot, "V. Putin")
        assert lit(app).name == "V. Putin"
        assert on_disk(project) == cast(app)
        assert "rename Vladimir Putin to V. Putin" in shown(app)
        await pilot.press("u")
        assert on_disk(project).entities[0].name == "Vladimir Putin"
        assert "undone: rename" in shown(app)
        await pilot.press("ctrl+r")
        assert on_disk(project).entities[0].name == "V. Putin"


async def test_a_name_that_cannot_be_is_refused_and_nothing_changes(project: Project) -> None:
    async with at_work(project, "r") as (app, pilot):
        before = cast(app)
        await typed(pilot, "Donald Trump")
        assert "Merge the two." in shown(app)
        assert cast(app) == before


async def test_a_question_that_is_left_changes_nothing(project: Project) -> None:
    async with at_work(project, "r", "x", "escape") as (app, pilot):
        assert screen(app).desk.ask is None
        assert lit(app).name == "Vladimir Putin"
        await pilot.press("escape")
        assert isinstance(app.screen, AnnotateScreen)


async def test_a_adds_somebody_with_role_and_type(project: Project) -> None:
    async with at_work(project, "a") as (app, pilot):
        await typed(pilot, "Fleet Staff, staff, organisation")
        assert lit(app) == Entity(
            id="fleet_staff", type="organisation", name="Fleet Staff", role="staff"
        )
        await pilot.press("a", "enter")
        assert len(ids(app)) == 11


async def test_n_o_c_t_change_names_role_country_and_type(project: Project) -> None:
    async with at_work(project, "n") as (app, pilot):
        await typed(pilot, "Putin |  the  host | Putin")
        assert lit(app).aliases == ("Putin", "the host")
        await pilot.press("o")
        await typed(pilot, "President")
        assert lit(app).role == "President"
        await pilot.press("o")
        await typed(pilot, "")
        assert lit(app).role is None
        await pilot.press("c")
        await typed(pilot, "fr")
        assert lit(app).affiliation == "FR"
        await pilot.press("c")
        await typed(pilot, "kremlin_press")
        assert lit(app).affiliation == "kremlin_press"
        await pilot.press("c")
        await typed(pilot, "Atlantis")
        assert "no country of two letters" in shown(app)
        assert "Atlantis" in shown(app)
        assert lit(app).affiliation == "kremlin_press"
        await pilot.press("escape", "t")
        await typed(pilot, "off")
        assert lit(app).type == "office"
        await pilot.press("t")
        await typed(pilot, "robot")
        assert "A type is one of: person" in shown(app)
        assert on_disk(project) == cast(app)


async def test_m_merges_the_lit_one_into_another_by_its_key(project: Project) -> None:
    async with at_work(project, "5", "m") as (app, pilot):
        assert "Russian Federation becomes which one?" in shown(app)
        await pilot.press("6")
        assert "ru" not in ids(app)
        assert lit(app).id == "us"
        assert "Russian Federation" in lit(app).aliases
        coding = app.sessions[0].coding
        named = {
            value.entity
            for _, sentence in coding.sentences()
            for mark in sentence.marks
            for values in mark.slots.values()
            for value in values
            if isinstance(value, EntityValue)
        }
        assert "ru" not in named
        assert on_disk(project) == cast(app)
        await pilot.press("u")
        assert ids(app)[:8] == ORDER


async def test_m_merges_by_the_light_too_and_escape_leaves_it(project: Project) -> None:
    async with at_work(project, "7", "m", "enter") as (app, pilot):
        assert "choose another" in shown(app)
        await pilot.press("down", "enter")
        assert "russian_people" not in ids(app)
        await pilot.press("m", "escape", "enter")
        # Enter means what it means again: to go where they are named.
        assert isinstance(app.screen, AnnotateScreen)


async def test_a_collective_is_not_merged_with_its_member(project: Project) -> None:
    async with at_work(project, "1", "m", "3") as (app, _):
        assert "is a member of Putin and Trump" in shown(app)
        assert ids(app)[:8] == ORDER


async def test_a_collective_is_made_of_members_chosen_by_keys(project: Project) -> None:
    async with at_work(project, "ampersand", "5", "6", "7", "7") as (app, pilot):
        assert screen(app).desk.chosen == ["ru", "us"]
        await pilot.press("enter")
        await typed(pilot, "the powers")
        made = lit(app)
        assert (made.name, made.type, made.members) == ("the powers", "collective", ("ru", "us"))
        await pilot.press("ampersand", "5", "enter")
        assert "two members at least" in shown(app)
        assert lit(app).members == ("ru", "us")
        await pilot.press("7", "enter")
        assert lit(app).members == ("us", "russian_people")
        await pilot.press("ampersand", "space")
        assert "the powers cannot be part of itself" in shown(app)
        await pilot.press("enter")
        assert lit(app).members == ("us", "russian_people")
        assert on_disk(project) == cast(app)


async def test_a_collective_of_one_is_not_made(project: Project) -> None:
    async with at_work(project, "ampersand", "1", "enter") as (app, _):
        assert "two members at least" in shown(app)
        assert len(ids(app)) == 10


async def test_p_says_whom_somebody_stands_for(project: Project) -> None:
    async with at_work(project, "4", "p", "5", "enter") as (app, _):
        assert lit(app).represents == ("ru",)
        assert "Stands for" in shown(app)


@pytest.mark.parametrize("key", ["x", "backspace", "delete"])
async def test_whoever_no_mark_names_is_removed_and_others_are_not(
    project: Project, key: str
) -> None:
    async with at_work(project, "9", key) as (app, pilot):
        assert "syria_terror_groups" not in ids(app)
        await pilot.press("1", key)
        assert "Vladimir Putin stands in 10 marks." in shown(app)
        assert "putin" in ids(app)


async def test_people_move_up_and_down_and_are_sorted_by_use(project: Project) -> None:
    async with at_work(project, "4", "K", "K") as (app, pilot):
        assert ids(app)[:3] == ["putin", "kremlin_press", "trump"]
        assert lit(app).id == "kremlin_press"
        await pilot.press("J")
        assert ids(app)[:3] == ["putin", "trump", "kremlin_press"]
        await pilot.press("7", "s")
        assert ids(app)[:6] == ["putin", "trump", "two_leaders", "kremlin_press", "ru", "us"]
        assert lit(app).id == "russian_people"
        assert on_disk(project) == cast(app)


async def test_w_keeps_the_words_of_marks_as_names(project: Project) -> None:
    async with at_work(project, "2", "n") as (app, pilot):
        await typed(pilot, "")
        assert lit(app).aliases == ()
        assert "Words of marks" in shown(app)
        await pilot.press("w")
        assert "his American colleague" in lit(app).aliases
        assert "Words of marks" not in shown(app)
        await pilot.press("w")
        assert "by no new words" in shown(app)


async def test_enter_goes_to_the_first_sentence_that_names_the_lit_one(project: Project) -> None:
    async with at_work(project, "6", "enter") as (app, pilot):
        assert isinstance(app.screen, AnnotateScreen)
        assert any("us" in str(mark.slots) for mark in app.screen.bench.sentence.marks)
        await pilot.press("C", "9", "enter")
        assert isinstance(app.screen, CastScreen)
        assert "No mark names them." in shown(app)


async def test_tab_goes_to_the_register_and_back(project: Project) -> None:
    async with at_work(project, "tab") as (app, pilot):
        assert is_open(app, RegisterScreen)
        await pilot.press("tab")
        assert is_open(app, CastScreen)
        await pilot.press("q")
        assert is_open(app, AnnotateScreen)


async def test_alike_is_a_matter_of_the_register(project: Project) -> None:
    async with at_work(project, "equals_sign") as (app, _):
        assert "shown in the register" in shown(app)


async def test_what_is_changed_here_is_seen_under_the_sentences(project: Project) -> None:
    async with at_work(project, "1", "r") as (app, pilot):
        await typed(pilot, "Vladimir P.")
        await pilot.press("escape", "4", "G")
        assert "Vladimir P." in shown(app)


async def test_what_is_pasted_goes_into_the_line(project: Project) -> None:
    from textual import events

    async with at_work(project, "r", "end", "ctrl+u") as (app, pilot):
        app.screen.post_message(events.Paste("Some\nbody"))
        await pilot.pause()
        await pilot.press("enter")
        assert lit(app).name == "Some body"


async def test_a_readout_that_is_only_read_keeps_its_cast(project: Project) -> None:
    journal = project.journal("ada", READOUT, "2026-01-01T00:00:00Z")
    try:
        async with at_work(project, "9", "x") as (app, pilot):
            assert "syria_terror_groups" in ids(app)
            assert "Nothing was changed" in shown(app)
            await pilot.press("r")
            await typed(pilot, "Somebody")
            assert "Nothing was changed" in shown(app)
    finally:
        journal.close()


async def test_hostile_names_are_shown_harmless(project: Project) -> None:
    async with at_work(project, "1", "r", "end", "ctrl+u") as (app, pilot):
        from textual import events

        app.screen.post_message(events.Paste("[red]x[/] \x1b]52;c;eA==\x07 \u202eabc"))
        await pilot.pause()
        await pilot.press("enter")
        words = shown(app)
        assert "[red]x[/]" in words
        assert "\x1b" not in words
        assert "\u202e" not in words


async def test_people_who_came_into_the_file_later_are_named_and_those_taken_out_are_not(
    project: Project,
) -> None:
    async with at_work(project, "9", "x") as (app, _):
        assert "syria_terror_groups" not in ids(app)
    path = project.paths.seeds / f"{READOUT}.toml"
    late = '\n[[entities]]\nid = "late"\ntype = "person"\nname = "Lea Late"\n'
    path.write_text(path.read_text("utf-8") + late, "utf-8")
    async with at_work(Project.open(project.root)) as (app, _):
        shown = "\n".join(painted(app))
        assert "The readout's file names, since this coding began: Lea Late." in shown
