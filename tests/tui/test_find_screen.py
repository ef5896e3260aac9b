"""Find on the screen: each of its keys, the walk through what it found, and the second pass."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.edit import Change, Edit
from annotator.pipeline.project import Project
from annotator.tui import paint
from annotator.tui.app import AnnotatorApp
from annotator.tui.naming import tag
from annotator.tui.screens import find as find_screen
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.find import FindScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.screens.listing import TypingScreen
from annotator.tui.second import NOTHING
from annotator.tui.widgets.lines import LinesView
from tests.rendering import RENDER, painted

SIZE = (120, 40)
GOLD = "2017-01-28-putin-trump-kremlin-retold"
TRUCE = "2026-01-15-laurens-temir-xr"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@pytest.fixture
def app(project: Project) -> Iterator[AnnotatorApp]:
    app = AnnotatorApp(project, "ada")
    yield app
    app.close_all()
    app.catalogue.close()


def shown(app: AnnotatorApp) -> str:
    return " ".join(" ".join(painted(app)).split())


async def until(pilot: Pilot[None], *words: str) -> None:
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    for _ in range(600):
        if all(one in shown(app) for one in words):
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(app))


async def type_in(pilot: Pilot[None], typed: str) -> None:
    await pilot.press(*("space" if char == " " else char for char in typed))


async def looked(pilot: Pilot[None], typed: str, *words: str) -> FindScreen:
    await pilot.press("slash")
    await type_in(pilot, typed)
    await until(pilot, *words)
    assert isinstance(pilot.app.screen, FindScreen)
    return pilot.app.screen


def line(app: AnnotatorApp) -> str:
    assert isinstance(app.screen, TypingScreen)
    return app.screen.line.value


def is_typing(app: AnnotatorApp) -> bool:
    assert isinstance(app.screen, TypingScreen)
    return app.screen.typing


def coding(app: AnnotatorApp) -> tuple[str, int]:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen.session.readout.id, app.screen.bench.place


def labels(app: AnnotatorApp) -> set[str]:
    assert isinstance(app.screen, AnnotateScreen)
    return {mark.label for mark in app.screen.bench.sentence.marks}


def message(app: AnnotatorApp) -> str:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen.bench.message


def mark_again(project: Project, readout_id: str, **changes: Mapping[str, object]) -> None:
    """Change sentences of ada's by their keys, as if the coder had."""
    journal = project.journal("ada", readout_id, "2026-03-05T12:00:00Z")
    try:
        for key, values in changes.items():
            before = journal.coding.sentence(int(key[1:]))
            change = Change(key=int(key[1:]), before=before, after=before.changed(**values))
            at = "2026-03-05T12:00:00Z"
            journal.put(Edit(act="edit", at=at, what="edit", changes=(change,)))
    finally:
        journal.close()


async def test_words_are_listed_in_their_context_and_the_lit_sentence_with_its_marks(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await looked(pilot, "agreed", "23 places")
        assert is_typing(app) is True
        await pilot.press("enter", "j")
        assert is_typing(app) is False
        await until(pilot, "agreement 3/1", "✓ done")


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (30, 8)])
async def test_a_small_screen_shows_the_list_at_least(
    app: AnnotatorApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await looked(pilot, "agreed", "23 places")
        await pilot.press("enter")
        await until(pilot, "agreed to")
        await pilot.resize_terminal(1, 1)
        await pilot.resize_terminal(*size)
        await until(pilot, "agreed to")


async def test_tab_completes_the_line_and_the_list_follows(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "labe")
        await until(pilot, "⇥ label:")
        await pilot.press("tab")
        await type_in(pilot, "terr")
        await until(pilot, "⇥ sec.terror")
        await pilot.press("tab")
        await until(pilot, "4 places")
        assert line(app) == "label:sec.terror"
        await type_in(pilot, " slot.s")
        await pilot.press("tab", "tab", "shift+tab")
        assert line(app) == "label:sec.terror slot.source:"
        await pilot.press("ctrl+u")
        await type_in(pilot, "entity:")
        await until(pilot, "⇥", "putin")
        await pilot.press("ctrl+u")
        await type_in(pilot, "nowhere")
        await pilot.press("tab")
        await until(pilot, "Nothing found.")
        assert is_typing(app) is True


async def test_the_filter_of_the_library_is_completed_too(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f")
        await type_in(pilot, "prog")
        await pilot.press("tab")
        await type_in(pilot, "d")
        await pilot.press("tab")
        assert line(app) == "progress:done"
        await pilot.press("tab")
        assert is_typing(app) is False


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("labl:x", "There is no field “labl”. Did you mean “label:”?"),
        ("re:/(/", "is not one: missing )"),
        ("coder:bop", "There is no coder “bop”."),
        ("nowhere", "Nothing found."),
        ("date:2026-02-30", "“2026-02-30” is not in the calendar."),
        ('"no where', "Nothing found. The last quote is not closed: it goes to the end of the"),
    ],
)
async def test_why_nothing_is_listed_is_said(app: AnnotatorApp, typed: str, said: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await looked(pilot, typed, said)
        await pilot.press("enter")
        assert is_typing(app) is True
        await pilot.press("escape")
        assert app.screen.__class__ is LibraryScreen


async def test_an_expression_that_never_ends_is_stopped_and_the_screen_lives_on(
    project: Project, app: AnnotatorApp
) -> None:
    (project.paths.seeds / "a-trap.txt").write_text("a" * 60 + "! He agreed.")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "re:/(a+)+$/")
        assert "re:/(a+)+$/" in shown(app)
        await until(pilot, "takes more than 2 seconds or too much memory, and was stopped.")
        await pilot.press("ctrl+u")
        await type_in(pilot, "agreed")
        await until(pilot, "24 places")


async def test_s_sorts_by_what_stands_around(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await looked(pilot, "agreed", "23 places")
        await pilot.press("enter", "s")
        await until(pilot, "sorted by what stands before")
        before = [found.before.split()[-1].casefold() for found in screen._shown]
        assert before == sorted(before)
        await pilot.press("s")
        await until(pilot, "sorted by what follows")
        assert screen._shown[0].after.startswith(" in principle")
        await pilot.press("s")
        assert "sorted" not in shown(app)


async def test_y_copies_a_place_and_capital_y_all(
    app: AnnotatorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await looked(pilot, "agreed", "23 places")
        await pilot.press("enter", "j", "y")
        await until(pilot, "1 place sent to the clipboard, if this terminal allows that.")
        assert app.clipboard.split("\t")[:3:2] == [GOLD, "agreed"]
        await pilot.press("Y")
        await until(pilot, "23 places sent to the clipboard")
        assert len(app.clipboard.splitlines()) == 23
        monkeypatch.setattr(find_screen, "CLIPBOARD", 1_000)
        await pilot.press("Y")
        await until(pilot, "places of 23; a clipboard takes no more sent to the clipboard")
        assert len(app.clipboard.encode()) <= 1_000


async def test_capital_e_writes_a_spreadsheet(project: Project, app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await looked(pilot, "agreed", "23 places")
        await pilot.press("enter", "E")
        await until(pilot, "23 places written to exports/find-")
        (path,) = project.paths.exports.glob("find-*.csv")
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 23
        assert {row["found"].casefold() for row in rows} == {"agreed"}


async def test_what_needs_a_place_says_that_there_is_none(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await looked(pilot, "nowhere", "Nothing found.")
        screen.typing = False
        for key in ("y", "Y", "E"):
            await pilot.press(key)
            await until(pilot, "There is nothing to take along yet.")
        await pilot.press("enter", "s")
        assert app.screen is screen


async def test_what_was_found_is_walked_and_the_list_is_as_it_was(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await looked(pilot, "slot.strength:3", "12 places")
        await pilot.press("enter", "j", "enter")
        await until(pilot, "“slot.strength:3”: 2 of 12")
        first = coding(app)
        assert first[0] == TRUCE
        await pilot.press("}")
        assert (coding(app)[0], message(app)) == (
            TRUCE,
            "“slot.strength:3”: 3 of 12  } next place",
        )
        await pilot.press("{", "{")
        await until(pilot, "“slot.strength:3”: 1 of 12")
        assert coding(app)[0] == GOLD
        await pilot.press("q")
        assert app.screen is screen
        assert (screen.rows.lit, len(screen._shown), screen.line.value) == (
            *(1, 12),
            "slot.strength:3",
        )


async def test_what_was_marked_meanwhile_stands_in_the_list_and_beneath_it(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        screen = await looked(pilot, "slot.strength:3", "12 places")
        await pilot.press("enter", "j", "enter")
        await until(pilot, "“slot.strength:3”: 2 of 12")
        had = labels(app)
        await pilot.press("t", "right", "right", "space", "escape")
        (new,) = labels(app) - had
        await pilot.press("q")
        for _ in range(600):
            if new in screen._shown[1].labels:
                break
            await pilot.pause(0.02)
        assert (new in screen._shown[1].labels, screen.rows.lit) == (True, 1)
        await until(pilot, tag(new, app.project.codebook))
        leaf = screen.query_one("#leaf", LinesView)
        await app.workers.wait_for_complete()
        await pilot.pause()
        said = " ".join(run.text for line in leaf._lines for run in line)
        assert tag(new, app.project.codebook) in said


async def test_a_decision_on_the_walk_leads_on_and_elsewhere_it_does_not(
    project: Project, app: AnnotatorApp
) -> None:
    mark_again(project, TRUCE, k5={"state": "new"}, k12={"state": "new"})
    async with app.run_test(size=SIZE) as pilot:
        await looked(pilot, "slot.strength:3", "12 places")
        await pilot.press("enter", "enter")
        await until(pilot, "1 of 12")
        assert coding(app)[0] == GOLD
        await pilot.press("enter")
        await until(pilot, "2 of 12")
        here = coding(app)
        assert here[0] == TRUCE
        await pilot.press("w")
        await until(pilot, "3 of 12")
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.session.coding.sentences()[here[1]][1].state == "unsure"
        await pilot.press("g", "enter")
        assert app.screen.bench.sentence.state == "new"
        assert "of 12" not in message(app)


# The second pass


async def test_the_second_pass_walks_what_is_unsure_flagged_or_doubtful(
    project: Project, app: AnnotatorApp
) -> None:
    mark_again(project, GOLD, k5={"state": "unsure"}, k7={"flagged": True})
    mark_again(project, TRUCE, k4={"state": "unsure"})
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "3 for a second pass")
        await pilot.press("Q")
        await until(pilot, "second pass: 1 of 3")
        assert coding(app) == (GOLD, 4)
        await pilot.press("enter")
        assert coding(app) == (GOLD, 6)
        assert message(app) == "second pass: 2 of 3  } next place"
        await pilot.press("f", "enter")
        await until(pilot, "second pass: 3 of 3")
        assert coding(app) == (TRUCE, 3)
        await pilot.press("enter")
        await until(pilot, "second pass: done, this was the last of 3.")
        await pilot.press("{")
        await until(pilot, "second pass: 2 of 3")
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.bench.sentence.state == "done"
        assert not app.screen.bench.sentence.flagged
        await pilot.press("Q")
        await until(pilot, NOTHING)
        await pilot.press("q")
        await until(pilot, "30 of 30 sentences decided")
        await pilot.press("Q")
        await until(pilot, NOTHING)


async def test_a_doubt_that_was_confirmed_waits_for_no_second_pass(
    project: Project, app: AnnotatorApp
) -> None:
    mark_again(project, GOLD, k5={"state": "new"})
    async with app.run_test(size=SIZE) as pilot:
        app.code(GOLD)
        await until(pilot, "● saved")
        await pilot.press("S", "enter")
        await until(pilot, "split; doubtful: ")
        await pilot.press("enter", "enter", "enter", "enter")
        await until(pilot, "Every sentence of this readout is decided.")
        await pilot.press("Q")
        await until(pilot, NOTHING)


async def test_the_second_pass_begins_from_a_readout_too(
    project: Project, app: AnnotatorApp
) -> None:
    mark_again(project, TRUCE, k4={"flagged": True})
    async with app.run_test(size=SIZE) as pilot:
        app.code(GOLD)
        await until(pilot, "● saved")
        await pilot.press("Q")
        await until(pilot, "second pass: 1 of 1")
        assert coding(app) == (TRUCE, 3)
        assert len(app.screen_stack) == 2
        await pilot.press("Q")
        await until(pilot, "second pass: 1 of 1")
        assert coding(app) == (TRUCE, 3)


async def test_a_frame_that_lacks_something_is_named_before_the_walk_goes_on(
    project: Project, app: AnnotatorApp
) -> None:
    sentences = project.store().read("ada", TRUCE)
    assert sentences is not None
    place = next(k for k, s in sentences.coding.sentences() if s.of_layer("commitments"))
    mark = sentences.coding.sentence(place).of_layer("commitments")[0]
    bare = mark.model_copy(update={"slots": {}})
    mark_again(project, TRUCE, **{f"k{place}": {"state": "unsure", "marks": (bare,)}})
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("Q")
        await until(pilot, "second pass: 1 of 1")
        await pilot.press("enter")
        await until(pilot, "Enter once more confirms it so.")
        await pilot.press("enter")
        await until(pilot, "done, this was the last of 1.")


async def test_what_is_wrong_with_a_query_stands_in_the_colour_of_warnings(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await looked(pilot, "date:2026-13")
        status = app.screen.query_one("#status", LinesView)
        assert any(run.style == paint.WARN for line in status._lines for run in line)
