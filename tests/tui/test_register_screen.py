"""The register on the screen: what would change is shown first, done by one key, and taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.cast import CastScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.screens.register import RegisterScreen
from tests.rendering import RENDER, painted

READOUT = "2017-01-28-putin-trump-kremlin-retold"
WIDE, SMALL = (120, 36), (60, 16)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@asynccontextmanager
async def at_work(
    project: Project,
    *pressed: str,
    size: tuple[int, int] = WIDE,
    readout: str | None = None,
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    """Open the register, press keys, and end when the test does."""
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("C")
        if readout:
            await pilot.press("tab")
        await press(pilot, *pressed)
        yield app, pilot
    app.close_all()


async def press(pilot: Pilot[None], *pressed: str) -> None:
    """Press keys, each once what the one before asked for is done."""
    await settled(pilot)
    for key in pressed:
        await pilot.press(key)
        await settled(pilot)


async def typed(pilot: Pilot[None], words: str) -> None:
    await pilot.press("end", "ctrl+u", *("space" if c == " " else c for c in words), "enter")
    await settled(pilot)


def screen(app: AnnotatorApp) -> RegisterScreen:
    assert isinstance(app.screen, RegisterScreen)
    return app.screen


def shown(app: AnnotatorApp) -> str:
    return "\n".join(painted(app))


def lit(app: AnnotatorApp) -> str:
    entry = screen(app).desk.entry
    assert entry is not None
    return entry.id


def light(app: AnnotatorApp, entity_id: str) -> None:
    screen(app).desk.light(screen(app).desk.register.all_of(entity_id)[0].who)
    screen(app).show()


def names(project: Project, entity_id: str) -> set[str]:
    """Return what somebody is called in all metadata and in the coding."""
    store = project.store()
    found = set()
    for readout in project.readout_ids():
        snapshot = store.read("ada", readout)
        for cast in (project.readout(readout).cast, snapshot.coding.cast if snapshot else None):
            entity = cast.get(entity_id) if cast else None
            found |= {entity.name} if entity else set()
    return found


@pytest.mark.parametrize("size", [WIDE, (80, 24), SMALL])
async def test_everybody_of_the_project_is_listed(project: Project, size: tuple[int, int]) -> None:
    async with at_work(project, size=size) as (app, _):
        words = shown(app)
        assert "Register" in words
        assert "Vladimir Putin" in words
        assert "141 in the project" in words
        if size == WIDE:
            assert "2026-01-15-laurens-temir-xr" in words


async def test_a_rename_is_shown_first_and_changes_nothing_when_it_is_left(
    project: Project,
) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "r")
        await typed(pilot, "V. Putin")
        words = shown(app)
        assert "rename Vladimir Putin to V. Putin" in words
        assert "10 marks" in words
        assert "1 readout" in words
        assert "Called otherwise" in words
        await press(pilot, "escape")
        assert "Nothing was changed." in shown(app)
        assert names(project, "putin") == {"Vladimir Putin", "Владимир Путин"}


async def test_a_rename_is_done_by_enter_and_taken_back_by_u(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "r")
        await typed(pilot, "V. Putin")
        await press(pilot, "enter")
        assert names(project, "putin") == {"V. Putin", "Владимир Путин"}
        assert "done: rename Vladimir Putin to V. Putin, in 1 readout coded and" in shown(app)
        assert lit(app) == "putin"
        await press(pilot, "u")
        assert "taken back: rename" in shown(app)
        assert names(project, "putin") == {"Vladimir Putin", "Владимир Путин"}
        await press(pilot, "u")
        assert "no change of the register to take back" in shown(app)


async def test_a_rename_is_taken_back_also_after_the_register_was_left(project: Project) -> None:
    before = names(project, "putin")
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "r")
        await typed(pilot, "V. Putin")
        await press(pilot, "enter", "q", "C", "u")
        assert "taken back: rename" in shown(app)
        assert names(project, "putin") == before
        await press(pilot, "q", "C", "u")
        assert "no change of the register to take back" in shown(app)


async def test_undo_in_a_readout_says_once_that_the_metadata_keeps_a_change_of_the_register(
    project: Project,
) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "r")
        await typed(pilot, "V. Putin")
        await press(pilot, "a", "enter", "q")
        app.code(READOUT)
        await press(pilot, "u")
        assert isinstance(app.screen, AnnotateScreen)
        said = app.screen.bench.message
        assert said == (
            "undone in this coding alone, not in metadata or other readouts:"
            " register: rename Vladimir Putin to V. Putin"
            "  u in the register (C in the library) takes it back there too."
        )
        await press(pilot, "q", "C", "u")
        assert names(project, "putin") == {"Vladimir Putin", "Владимир Путин"}


async def test_a_renames_them_also_where_they_are_called_otherwise(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "r")
        await typed(pilot, "V. Putin")
        await press(pilot, "a", "enter")
        assert names(project, "putin") == {"V. Putin"}


@pytest.mark.parametrize("words", ["", "Vladimir Putin"])
async def test_no_new_name_is_no_change(project: Project, words: str) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "r")
        await typed(pilot, words)
        assert "Nothing changes." in shown(app)
        assert screen(app).desk.plan is None


async def test_a_merge_chooses_by_the_light_and_goes_through_the_project(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "prisoners")
        await press(pilot, "m")
        # Who may be the same is lit at once.
        assert lit(app) == "wounded"
        assert "Prisoners of both sides becomes which one?" in shown(app)
        await press(pilot, "enter")
        assert "merge Prisoners of both sides into Wounded of both sides?" in shown(app)
        await press(pilot, "enter")
        assert names(project, "prisoners") == set()
        assert screen(app).desk.register.all_of("prisoners") == ()
        await press(pilot, "u")
        assert names(project, "prisoners") == {"Prisoners of both sides"}


async def test_undo_in_a_readout_says_that_a_merge_stays_elsewhere(project: Project) -> None:
    store = project.store()
    before, file = store.read("ada", READOUT), project.metadata_file(READOUT)
    assert before is not None
    raw = file.read_bytes()
    async with at_work(project) as (app, pilot):
        light(app, "trump")
        await press(pilot, "m")
        light(app, "putin")
        await press(pilot, "enter", "enter")
        merged = store.read("ada", READOUT)
        assert merged is not None
        assert merged.coding != before.coding
        app.code(READOUT)
        await press(pilot, "u")
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.session.coding.but_effort() == before.coding.but_effort()
        said = app.screen.bench.message
        assert "undone in this coding alone, not in metadata or other readouts: register" in said
        assert file.read_bytes() != raw
        assert "u in the register (C in the library) takes it back there too." in said
        # The same in the cast, which has the readout's undo too.
        await press(pilot, "ctrl+r", "C", "u")
        assert isinstance(app.screen, CastScreen)
        said = app.screen.desk.message
        assert "u in the register (C in the library) takes it back there too." in said
        await press(pilot, "q")
        # What is left of it the register still takes back, after it was left.
        await press(pilot, "q", "C", "u")
        assert "taken back: merge" in screen(app).desk.message
        assert "Left out" not in screen(app).desk.message
    assert file.read_bytes() == raw
    after = store.read("ada", READOUT)
    assert after is not None
    assert after.coding.but_effort() == before.coding.but_effort()


async def test_somebody_is_not_merged_with_themselves(project: Project) -> None:
    async with at_work(project, "m", "enter") as (app, pilot):
        assert "choose another" in shown(app)
        await press(pilot, "escape")
        assert screen(app).desk.subject is None


async def test_collectives_of_one_id_are_told_by_their_members(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        desk = screen(app).desk
        rows = desk.register.all_of("two_leaders")
        assert len({one.who.members for one in rows}) == len(rows) == 6
        light(app, "two_leaders")
        members = desk.register.members(rows[0])
        assert all(name in shown(app) for name in members)
        await press(pilot, "m")
        light(app, "putin")
        await press(pilot, "enter")
        assert "others merge in the cast of a readout" in shown(app)
        assert desk.plan is None


async def test_a_clash_of_types_is_shown(project: Project) -> None:
    seeds = project.paths.seeds
    (seeds / "y1.txt").write_text("They met.", "utf-8")
    (seeds / "y1.toml").write_text(
        '[[entities]]\nid = "putin"\ntype = "office"\nname = "Putin House"\n', "utf-8"
    )
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        words = " ".join(shown(app).split())
        assert "(putin) !" in words
        told = "".join(run.text for line in screen(app).leaf(200) for run in line)
        assert "! Putin House (office) has the id putin as well" in told
        await press(pilot, "m")
        desk = screen(app).desk
        desk.light(desk.register.all_of("putin")[1].who)
        await press(pilot, "enter")
        assert "Both have the id putin" in shown(app)


async def test_the_next_alike_is_one_key(project: Project) -> None:
    async with at_work(project, "equals_sign") as (app, pilot):
        first = lit(app)
        assert "may be" in shown(app)
        await press(pilot, "equals_sign")
        assert {first, lit(app)} == {"prisoners", "wounded"}


async def test_what_a_cast_does_is_not_done_here(project: Project) -> None:
    async with at_work(project, "x") as (app, pilot):
        assert "done in the cast of a readout" in shown(app)
        await press(pilot, "tab")
        assert "opened from the readout" in shown(app)
        await press(pilot, "q")
        assert isinstance(app.screen, LibraryScreen)


async def test_enter_opens_the_first_readout_of_the_lit_one(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "laurens")
        await press(pilot, "enter")
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.session.readout.id == "2026-01-15-laurens-temir-xr"


async def test_a_readout_that_is_open_is_named_and_left_out(project: Project) -> None:
    async with at_work(project, readout=READOUT) as (app, pilot):
        light(app, "trump")
        await press(pilot, "r")
        await typed(pilot, "D. Trump")
        await press(pilot, "enter")
        words = " ".join(shown(app).split())
        assert f"Left out: {READOUT}: it is open." in words
        assert names(project, "trump") == {"Donald Trump"}


async def test_a_project_without_anybody_says_so(tmp_path: Path) -> None:
    root = tmp_path / "empty"
    (root / "seeds").mkdir(parents=True)
    (root / "schemas").mkdir()
    (root / "seeds" / "a.txt").write_text("Somebody spoke.\n", encoding="utf-8")
    async with at_work(Project.open(root), "m", "r", "enter") as (app, _):
        assert "Nobody is in the register" in shown(app)


async def test_rows_say_who_somebody_is_and_no_key_is_offered_that_does_nothing(
    project: Project,
) -> None:
    async with at_work(project, "equals_sign") as (app, _):
        words = shown(app)
        assert "President of Marenne" in words
        assert "≈ may be Wounded of both sides\n" in "\n".join(
            line.rstrip() for line in words.splitlines()
        )
        foot = words.splitlines()[-1]
        assert all(said in foot for said in ("rename", "merge", "next alike", "take back"))
        assert not any(said in foot for said in ("add", "collective", "sort", "register"))


async def test_who_has_the_name_of_another_is_told_by_the_id(project: Project) -> None:
    seeds = project.paths.seeds
    for readout, who in (("y1", "one"), ("y2", "other")):
        (seeds / f"{readout}.txt").write_text("They met.", "utf-8")
        (seeds / f"{readout}.toml").write_text(
            f'[[entities]]\nid = "{who}"\ntype = "person"\nname = "Ann Bee"\n', "utf-8"
        )
    async with at_work(project) as (app, _):
        words = " ".join(painted(app))
        light(app, "one")
        assert screen(app).desk.namesakes == {"Ann Bee"}
        assert "(putin)" not in words


async def test_the_list_is_filtered_as_one_types(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        await pilot.press("slash", *"PUTIN")
        await settled(pilot)
        assert {"putin"} == {one.id for one in screen(app).desk.entries if one.type == "person"}
        assert "of 141 in the project" in shown(app)
        assert "Donald Trump" not in shown(app)
        await press(pilot, "enter")
        assert lit(app) == "putin"
        assert "/PUTIN" in shown(app)
        await press(pilot, "escape")
        assert len(screen(app).desk.entries) == 141
        assert lit(app) == "putin"
        await pilot.press("slash", *"nowhere", "enter")
        await settled(pilot)
        assert "Of nobody all this is told: nowhere." in shown(app)
        await press(pilot, "r")
        assert "Nobody is listed." in shown(app)
        await press(pilot, "q", "q")
        assert isinstance(app.screen, LibraryScreen)


async def test_a_filter_that_is_left_lists_what_was_listed_before(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        await press(pilot, "slash", *"trump", "escape")
        assert len(screen(app).desk.entries) == 141


async def test_who_somebody_is_merged_into_is_found_by_the_filter(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "russian_people")
        await press(pilot, "m", "slash", *"trump", "enter")
        assert lit(app) == "trump"
        await press(pilot, "enter")
        assert "merge " in shown(app)
        assert "The types differ: people into person." in shown(app)
        await press(pilot, "escape")
        assert lit(app) == "russian_people"
        assert len(screen(app).desk.entries) == 141


async def test_the_light_goes_back_when_a_merge_is_left(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "m", "G")
        assert lit(app) != "putin"
        await press(pilot, "escape")
        assert lit(app) == "putin"


async def test_types_that_are_one_are_not_spoken_of(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        light(app, "putin")
        await press(pilot, "m")
        light(app, "trump")
        await press(pilot, "enter")
        assert "merge Vladimir Putin into Donald Trump" in shown(app)
        assert "The types differ" not in shown(app)
