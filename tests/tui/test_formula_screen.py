"""The same formula elsewhere, and one act on all of it: by keys, on real files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.pipeline.bulk import Outcome
from annotator.pipeline.macros import macros
from annotator.pipeline.project import Project
from annotator.tui import everywhere
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens import twins
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.applying import ApplyingScreen
from annotator.tui.screens.formula import FormulaScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.workbench import Workbench
from tests.formulas import (
    AT,
    CODER,
    FORMULA,
    LIKE,
    OTHER,
    TEXTS,
    Failing,
    OnDisk,
    code,
    key_of,
    labels,
    project_of,
)
from tests.rendering import painted

WIDE = (120, 40)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_of(tmp_path / "p")


def shown(app: AnnotatorApp) -> str:
    return " ".join(" ".join(painted(app)).split())


def bench(app: AnnotatorApp) -> Workbench:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen.bench


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait after each until what it began is done."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@asynccontextmanager
async def at_work(
    project: Project, readout: str, text: str, *keys: str, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    """Open a readout at the sentence of a text, and press keys."""
    app = AnnotatorApp(project, CODER, readout)
    async with app.run_test(size=size) as pilot:
        await pressed(pilot)
        work = bench(app)
        work.goto(key_of(work.session.coding, text))
        await pressed(pilot, *keys)
        yield app, pilot
    app.close_all()
    assert (app.failure, app.last_words) == (0, "")


def on_disk(project: Project) -> dict[str, list[str] | None]:
    texts = {"a": FORMULA, "b": LIKE, "c": FORMULA, "e": FORMULA}
    return {name: labels(project, name, text) for name, text in texts.items()}


# The same formula, taken over here


async def test_r_lists_what_was_coded_elsewhere_and_what_differs(project: Project) -> None:
    code(project, "b", LIKE, "eco.trade", "rel.contacts")
    async with at_work(project, "a", FORMULA, "r") as (app, _):
        assert isinstance(app.screen, FormulaScreen)
        words = shown(app)
        assert "★ trade" in words
        assert "[−very−]" in words
        assert "1 that you coded" in words
        assert [twin.readout for twin in app.screen.found] == ["b"]


@pytest.mark.parametrize("key", ["r", "A"])
async def test_on_a_small_screen_the_title_and_what_is_said_stand_whole(
    tmp_path: Path, key: str
) -> None:
    long = "2026-05-14-the-president-of-the-republic-receives-the-secretary-general"
    project = project_of(tmp_path / "long", {**TEXTS, long: TEXTS["a"]})
    code(project, "b", LIKE, "eco.trade")
    async with at_work(project, long, FORMULA, "t", "g", "escape", key, size=(60, 16)) as (app, _):
        words = shown(app)
        title = "The same formula elsewhere" if key == "r" else "These marks elsewhere"
        assert f"{title}2026-05" in words
        said = "takes over what it would mark" if key == "r" else "1 decided, left as they are"
        assert said in words


@pytest.mark.parametrize("key", ["enter", "1"])
async def test_enter_or_a_digit_takes_the_marks_over_in_one_edit_that_u_takes_back(
    project: Project, key: str
) -> None:
    code(project, "b", LIKE, "eco.trade", "rel.contacts")
    async with at_work(project, "a", FORMULA, "r", key) as (app, pilot):
        assert [m.label for m in bench(app).sentence.marks] == ["eco.trade", "rel.contacts"]
        assert bench(app).message == "taken over: trade, contacts"
        assert bench(app).sentence.state == "new"
        assert labels(project, "a", FORMULA) == ["eco.trade", "rel.contacts"]
        await pressed(pilot, "u")
        assert bench(app).sentence.marks == ()
        assert labels(project, "a", FORMULA) == []
        assert labels(project, "b", LIKE) == ["eco.trade", "rel.contacts"]


async def test_a_digit_takes_its_row_and_one_without_a_row_nothing(project: Project) -> None:
    code(project, "b", LIKE, "eco.trade")
    code(project, "c", FORMULA, "rel.contacts")
    async with at_work(project, "a", FORMULA, "r", "9", "0") as (app, pilot):
        assert isinstance(app.screen, FormulaScreen)
        await pressed(pilot, "2")
        assert [m.label for m in bench(app).sentence.marks] == ["eco.trade"]


async def test_what_would_take_nothing_over_says_so_and_stays(project: Project) -> None:
    code(project, "c", FORMULA)
    async with at_work(project, "a", FORMULA, "r", "enter") as (app, pilot):
        assert isinstance(app.screen, FormulaScreen)
        assert "Nothing to take over." in shown(app)
        await pressed(pilot, "escape")
        assert bench(app).sentence.marks == ()


async def test_tab_scrolls_what_would_be_marked_and_goes_back_to_the_list(project: Project) -> None:
    code(project, "b", LIKE, "eco.trade", "rel.contacts", "rel.general", "sec.terror", "conf.iran")
    code(project, "c", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "r", "j", "tab", size=(60, 12)) as (app, pilot):
        assert isinstance(app.screen, FormulaScreen)
        view = app.screen.query_one("#body", LinesView)
        assert "⇥ back to the list" in shown(app)
        await pressed(pilot, "j")
        assert (view.scroll_offset.y, app.screen.rows.lit) == (1, 1)
        await pressed(pilot, "G")
        assert view.scroll_offset.y == view.max_scroll_y > 1
        await pressed(pilot, "tab", "k")
        assert "⇥ scroll the marks" in shown(app)
        assert app.screen.rows.lit == 0


async def test_where_nothing_is_like_it_no_screen_stays_open(project: Project) -> None:
    async with at_work(project, "a", FORMULA, "r") as (app, pilot):
        assert isinstance(app.screen, AnnotateScreen)
        assert "No sentence that you coded is nearly this one." in shown(app)
        await pressed(pilot, "t", "e", "escape")
        assert app.screen.bench.sentence.marks


# One act on all of them


async def test_a_lists_the_undecided_ones_and_chooses_those_with_the_same_words(
    project: Project,
) -> None:
    code(project, "a", FORMULA, "eco.trade")
    code(project, "e", FORMULA, "rel.contacts")
    async with at_work(project, "a", FORMULA, "A") as (app, _):
        assert isinstance(app.screen, ApplyingScreen)
        assert [twin.readout for twin in app.screen.found] == ["c", "b"]
        words = shown(app)
        assert "⏎ marks 1 sentence in 1 readout: trade; they stay undecided" in words
        assert "1 decided, left as they are" in words
        assert "● 100%" in words
        assert "[+very+]" in words


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ((Outcome("a", 1),), "marked: 1 sentence in 1 readout  u takes it back everywhere"),
        (
            (Outcome("a", 1200), Outcome("b", 34)),
            "marked: 1,234 sentences in 2 readouts  u takes it back everywhere",
        ),
    ],
)
def test_what_was_marked_is_counted_in_words_that_fit_the_count(
    outcomes: tuple[Outcome, ...], said: str
) -> None:
    assert everywhere.told("marked", outcomes, "u") == said


async def test_enter_marks_all_that_are_chosen_and_u_takes_it_back_everywhere(
    project: Project,
) -> None:
    code(project, "a", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "A", "a", "enter") as (app, pilot):
        assert bench(app).message == "marked: 3 sentences in 3 readouts  u takes it back everywhere"
        assert on_disk(project) == {name: ["eco.trade"] for name in "abce"}
        snapshot = project.store().read(CODER, "b")
        assert snapshot is not None
        assert {s.state for _, s in snapshot.coding.sentences()} == {"new"}
        assert snapshot.history[-1].what.startswith("bulk ")
        await pressed(pilot, "u")
        assert bench(app).message == "taken back elsewhere: 3 sentences in 3 readouts"
        assert on_disk(project) == {"a": ["eco.trade"], "b": [], "c": [], "e": []}
        await pressed(pilot, "u")
        assert bench(app).message == "undone: done"


async def test_what_was_taken_back_elsewhere_is_made_again_from_where_it_was_in_its_turn(
    project: Project,
) -> None:
    code(project, "a", FORMULA, "eco.trade")
    marked = {name: ["eco.trade"] for name in "abce"}
    taken_back = {"a": ["eco.trade"], "b": [], "c": [], "e": []}
    async with at_work(project, "a", FORMULA, "A", "a", "enter", "u") as (app, pilot):
        assert on_disk(project) == taken_back
        for _ in range(2):
            await pressed(pilot, "ctrl+r")
            assert bench(app).message == "done again elsewhere: 3 sentences in 3 readouts"
            assert on_disk(project) == marked
            await pressed(pilot, "u")
            assert on_disk(project) == taken_back
        await pressed(pilot, "u")
        assert bench(app).message == "undone: done"
        await pressed(pilot, "ctrl+r")
        assert bench(app).message == "done again: done"
        assert on_disk(project) == taken_back
        await pressed(pilot, "ctrl+r")
        assert on_disk(project) == marked
        await pressed(pilot, "f", "u")
        assert bench(app).message == "undone: flag"
        await pressed(pilot, "u")
        assert on_disk(project) == taken_back
        await pressed(pilot, "f", "ctrl+r")
        assert bench(app).message == "There is nothing to redo."
        assert on_disk(project) == taken_back


async def test_space_chooses_the_lit_one_and_c_confirms_as_well(project: Project) -> None:
    code(project, "a", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "A", "G", "space", "g", "space", "c") as (app, pilot):
        assert "⏎ marks 2 sentences in 2 readouts: trade; confirms them as done" in shown(app)
        await pressed(pilot, "enter")
        assert on_disk(project) == {
            "a": ["eco.trade"], "b": ["eco.trade"], "c": None, "e": ["eco.trade"],
        }  # fmt: skip
        snapshot = project.store().read(CODER, "b")
        assert snapshot is not None
        key = key_of(snapshot.coding, LIKE)
        assert snapshot.coding.sentence(key).state == "done"


async def test_what_lacks_a_required_slot_is_shown_and_not_confirmed(project: Project) -> None:
    code(project, "a", FORMULA, "agreement", layer="commitments")
    async with at_work(project, "a", FORMULA, "A", "c") as (app, pilot):
        words = " ".join(shown(app).split())
        assert "confirms them as done where nothing is left out or lacking" in words
        assert "lacks: " in words
        assert "Strength, Verifiability" in words
        await pressed(pilot, "enter")
        assert "; 0 confirmed: 2 lacking " in bench(app).message


async def test_all_and_none_are_chosen_by_turns_and_none_marks_nothing(project: Project) -> None:
    code(project, "a", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "A", "a") as (app, pilot):
        assert "⏎ marks 3 sentences in 3 readouts" in shown(app)
        await pressed(pilot, "a", "enter")
        assert isinstance(app.screen, ApplyingScreen)
        assert "Nothing is chosen" in shown(app)
        await pressed(pilot, "escape")
        assert on_disk(project)["b"] is None


async def test_the_same_readout_gets_one_edit_and_u_takes_it_back_here_and_there(
    tmp_path: Path,
) -> None:
    texts = {"a": f"{FORMULA} {LIKE} So it went. {FORMULA}\n", "c": TEXTS["c"]}
    project = project_of(tmp_path / "p", texts)
    code(project, "a", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "A", "a", "enter") as (app, pilot):
        marked = [s.marks[0].label for _, s in bench(app).session.coding.sentences() if s.marks]
        assert marked == ["eco.trade"] * 3
        assert "3 sentences in 2 readouts" in bench(app).message
        await pressed(pilot, "u")
        assert bench(app).message.startswith("undone: bulk ")
        assert "taken back elsewhere: 1 sentence in 1 readout" in bench(app).message
        assert labels(project, "c", FORMULA) == []
        await pressed(pilot, "ctrl+r")
        assert "done again elsewhere: 1 sentence in 1 readout" in bench(app).message
        assert labels(project, "c", FORMULA) == ["eco.trade"]


async def test_u_in_another_readout_and_after_a_restart_takes_it_back_everywhere(
    project: Project,
) -> None:
    code(project, "a", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "A", "a", "enter"):
        pass
    code(project, "e", FORMULA, "rel.contacts")
    async with at_work(project, "c", FORMULA, "u") as (app, _):
        message = bench(app).message
        assert message.startswith("undone: bulk ")
        assert "not in e (Other acts came since)" in message
    assert on_disk(project) == {
        "a": ["eco.trade"], "b": [], "c": [], "e": ["eco.trade", "rel.contacts"],
    }  # fmt: skip


async def test_after_another_act_u_takes_that_one_back_and_leaves_the_rest(
    project: Project,
) -> None:
    code(project, "a", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "A", "a", "enter", "f", "u") as (app, _):
        assert bench(app).message == "undone: flag"
    assert on_disk(project)["b"] == ["eco.trade"]


async def test_a_readout_that_is_busy_is_left_out_and_named(project: Project) -> None:
    code(project, "a", FORMULA, "eco.trade")
    held = project.journal(CODER, "c", AT)
    try:
        async with at_work(project, "a", FORMULA, "A", "a", "enter") as (app, pilot):
            assert isinstance(app.screen, ApplyingScreen)
            words = shown(app)
            assert "marked: 2 sentences in 2 readouts" in words
            assert "Not marked" in words
            assert "c: " in words
            await pressed(pilot, "a", "space", "enter")
            assert "2 sentences in 2 readouts" in bench(app).message
            await pressed(pilot, "u")
    finally:
        held.close()
    assert on_disk(project) == {"a": ["eco.trade"], "b": [], "c": [], "e": []}


async def test_what_cannot_be_saved_here_is_marked_nowhere_else(tmp_path: Path) -> None:
    texts = {"a": f"{FORMULA} {LIKE}\n", "c": TEXTS["c"]}
    made = project_of(tmp_path / "p", texts)
    code(made, "a", FORMULA, "eco.trade")
    project = OnDisk(made.paths, made.settings)
    project.disk = disk = Failing(1)
    async with at_work(project, "a", FORMULA, "A", "a") as (app, pilot):
        disk.count = 0
        await pressed(pilot, "enter")
        assert isinstance(app.screen, ApplyingScreen)
        assert "Not saved here, and nothing was marked elsewhere" in shown(app)
        assert labels(made, "c", FORMULA) is None
    assert labels(made, "a", LIKE) == ["eco.trade"]


async def test_a_changed_text_is_left_out_and_named(project: Project) -> None:
    code(project, "a", FORMULA, "eco.trade")
    code(project, "c", FORMULA, decided=False)
    (project.paths.seeds / "c.txt").write_text(f"Changed. {TEXTS['c']}", "utf-8")
    async with at_work(project, "a", FORMULA, "A") as (app, _):
        assert isinstance(app.screen, ApplyingScreen)
        assert [twin.readout for twin in app.screen.found] == ["e", "b"]
        assert "left out, as their text changed: c" in shown(app)


async def test_a_sentence_without_marks_has_nothing_for_others(project: Project) -> None:
    async with at_work(project, "a", FORMULA, "A") as (app, _):
        assert bench(app).message == "This sentence has no marks that others could have."


async def test_neither_screen_opens_where_nothing_can_be_changed(project: Project) -> None:
    code(project, "a", FORMULA, "eco.trade")
    held = project.journal(CODER, "a", AT)
    try:
        async with at_work(project, "a", FORMULA, "r", "A", "K", "at") as (app, _):
            assert isinstance(app.screen, AnnotateScreen)
    finally:
        held.close()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 16), (30, 8), (1, 1)])
async def test_both_screens_stand_at_every_size(project: Project, size: tuple[int, int]) -> None:
    code(project, "b", LIKE, "eco.trade")
    async with at_work(project, "a", FORMULA, "r", "j", size=size) as (app, pilot):
        await pressed(pilot, "1")
        assert labels(project, "a", FORMULA) == ["eco.trade"]
        await pressed(pilot, "A")
        assert isinstance(app.screen, ApplyingScreen)
        await pressed(pilot, "enter")
    assert on_disk(project)["c"] == ["eco.trade"]


# Macros


async def test_the_last_marking_is_kept_under_a_key_and_played_by_it(project: Project) -> None:
    async with at_work(project, "a", FORMULA, "t", "g", "escape", "K") as (app, pilot):
        mode = bench(app).mode
        assert mode is not None
        assert mode.view().about == ("It holds", "trade")
        await pressed(pilot, "b", "ctrl+u", *"money", "enter")
        assert bench(app).message == "kept under b: money"
        await pressed(pilot, "j", "at")
        mode = bench(app).mode
        assert mode is not None
        (item,) = mode.view().groups[0].items
        assert (item.key, item.text, item.detail) == ("b", "money", "trade")
        await pressed(pilot, "b")
        assert bench(app).message == "macro b: money"
        assert labels(project, "a", OTHER) == ["eco.trade"]
        await pressed(pilot, "u")
        assert labels(project, "a", OTHER) == []
    async with at_work(project, "d", OTHER, "at", "b") as (app, _):
        assert labels(project, "d", OTHER) == ["eco.trade"]


async def test_replacing_a_macro_asks_and_escape_keeps_nothing(project: Project) -> None:
    async with at_work(project, "a", FORMULA, "t", "g", "escape", "K", "b", "enter") as (
        app,
        pilot,
    ):
        await pressed(pilot, "t", "r", "escape", "K", "b")
        assert bench(app).message == "b holds “trade”; b once more replaces it."
        await pressed(pilot, "escape")
        assert bench(app).message == "nothing kept"
        await pressed(pilot, "K", "b", "b", "ctrl+u", "enter")
        assert bench(app).message == "kept under b: trade, relations"
        assert len(macros(project)["b"].marks) == 2


async def test_without_a_macro_or_a_marking_the_keys_say_so(project: Project) -> None:
    async with at_work(project, "a", FORMULA, "at") as (app, pilot):
        assert bench(app).message == "There is no macro yet; K keeps the last marking as one."
        await pressed(pilot, "K")
        assert bench(app).message == "There is no marking to keep."
        assert bench(app).mode is None


async def test_a_macro_that_the_codebook_does_not_allow_is_refused_and_the_others_play(
    project: Project,
) -> None:
    project.paths.settings.write_text(
        '[macros.b]\nname = "x"\nmarks = [{ layer = "topics", label = "gone" }]\n'
        '[macros.c]\nname = "money"\nmarks = [{ layer = "topics", label = "eco.trade" }]\n',
        "utf-8",
    )
    why = (
        "annotator.toml, line 3: the macro b cannot be played: The layer “topics” has no label"
        " “gone”. Mend it there, or take it out."
    )
    async with at_work(project, "a", FORMULA, "at") as (app, pilot):
        mode = bench(app).mode
        assert mode is not None
        wrong, right = mode.view().groups[0].items
        assert (wrong.state, wrong.text, wrong.detail) == ("rejected", "x (not playable)", why)
        assert (right.state, right.text, right.detail) == ("off", "money", "trade")
        await pressed(pilot, "b")
        assert bench(app).message == why
        assert labels(project, "a", FORMULA) == []
        await pressed(pilot, "c")
        assert labels(project, "a", FORMULA) == ["eco.trade"]


async def test_a_macro_is_kept_while_another_one_cannot_be_played(project: Project) -> None:
    project.paths.settings.write_text(
        '[macros.b]\nname = "x"\nmarks = [{ layer = "topics", label = "gone" }]\n', "utf-8"
    )
    async with at_work(project, "a", FORMULA, "t", "g", "escape", "K") as (app, pilot):
        await pressed(pilot, "c", "enter")
        assert bench(app).message == "kept under c: trade"
        assert list(macros(project)) == ["b", "c"]


# Boundaries


async def test_a_split_shows_which_marks_go_where_and_says_which_are_in_doubt(
    project: Project,
) -> None:
    async with at_work(project, "a", FORMULA, "t", "g", "escape", "S") as (app, pilot):
        words = shown(app)
        assert all(found in words for found in ("first half", "second half", "★ trade ?"))
        assert "trade, in both halves" in words
        await pressed(pilot, "enter")
        assert bench(app).message == "split; doubtful: trade, in both halves"
        await pressed(pilot, "J")
        assert bench(app).message == "joined with the next sentence  u takes it back"
        await pressed(pilot, "u", "u")
        assert bench(app).sentence.text == FORMULA


async def test_what_becomes_of_those_beyond_the_most_that_are_listed_is_said(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twins, "MOST", 1)
    code(project, "a", FORMULA, "eco.trade")
    async with at_work(project, "a", FORMULA, "A") as (app, _):
        assert "the first 1 of 3 undecided; once they are decided, A lists the next" in shown(app)


async def test_typing_replaces_the_proposed_name_of_a_macro_and_a_full_line_says_so(
    project: Project,
) -> None:
    async with at_work(project, "a", FORMULA, "t", "g", "escape", "K", "b") as (app, pilot):
        await pressed(pilot, *["space" if c == " " else c for c in "stay in touch"], "enter")
        assert bench(app).message == "kept under b: stay in touch"
        await pressed(pilot, "K", "b", "b", *"x" * 61)
        assert bench(app).message == "The line is full: 60 signs are the most."
        assert "The line is full" in "\n".join(painted(app))
        await pressed(pilot, "backspace")
        assert bench(app).message == ""
