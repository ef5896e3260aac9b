"""Keys that are typed ahead of a search: they go to what it opens, or are named as not obeyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from annotator.model.edit import Change, Edit
from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.find import FindScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.widgets.rows import RowsView
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
    for _ in range(150):
        if all(one in shown(app) for one in words):
            return
        await pilot.pause(0.05)
    raise AssertionError(shown(app))


def write(app: AnnotatorApp, *keys: str) -> None:
    """Send keys as a terminal does that is pasted into: all of them before any is obeyed."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


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


def labels(project: Project, readout_id: str) -> list[tuple[str, ...]]:
    snapshot = project.store().read("ada", readout_id)
    assert snapshot is not None
    return [
        tuple(mark.label for mark in sentence.marks if mark.layer == "topics")
        for _, sentence in snapshot.coding.sentences()
    ]


def here(app: AnnotatorApp) -> tuple[str, int]:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen.session.readout.id, app.screen.bench.place


async def until_marked(pilot: Pilot[None], label: str) -> None:
    for _ in range(150):
        screen = pilot.app.screen
        if (
            isinstance(screen, AnnotateScreen)
            and screen.is_mounted
            and any(mark.label == label for mark in screen.bench.sentence.marks)
        ):
            return
        await pilot.pause(0.05)
    raise AssertionError(shown(pilot.app))  # type: ignore[arg-type]


async def until_coding(pilot: Pilot[None]) -> None:
    for _ in range(150):
        if isinstance(pilot.app.screen, AnnotateScreen) and pilot.app.screen.is_mounted:
            return
        await pilot.pause(0.05)
    raise AssertionError(shown(pilot.app))  # type: ignore[arg-type]


# The second pass


@pytest.mark.parametrize("where", [None, GOLD])
async def test_keys_behind_the_second_pass_mark_the_sentence_that_it_opens(
    project: Project, app: AnnotatorApp, where: str | None
) -> None:
    mark_again(project, TRUCE, k4={"state": "unsure", "marks": ()})
    before = labels(project, GOLD), labels(project, TRUCE)
    async with app.run_test(size=SIZE) as pilot:
        if where is not None:
            app.code(where)
            await until(pilot, "● saved")
        else:
            await until(pilot, "for a second pass")
        write(app, "Q", "t", "t")
        await until_marked(pilot, "sec.terror")
        assert here(app) == (TRUCE, 3)
        await pilot.press("escape")
        await until(pilot, "● saved")
    after = before[1].copy()
    after[3] = ("sec.terror",)
    assert (labels(project, GOLD), labels(project, TRUCE)) == (before[0], after)


async def test_keys_behind_the_second_pass_in_the_same_readout_do_not_mark_where_one_was(
    project: Project, app: AnnotatorApp
) -> None:
    mark_again(project, GOLD, k7={"state": "unsure", "marks": ()})
    before = labels(project, GOLD)
    async with app.run_test(size=SIZE) as pilot:
        app.code(GOLD)
        await until(pilot, "● saved")
        write(app, "2", "g", "Q", "t", "t")
        await until_marked(pilot, "sec.terror")
        assert here(app) == (GOLD, 6)
        await pilot.press("escape")
    assert labels(project, GOLD) == [*before[:6], ("sec.terror",), *before[7:]]


@pytest.mark.parametrize("where", [None, GOLD])
async def test_keys_behind_a_second_pass_of_nothing_are_named(
    project: Project, app: AnnotatorApp, where: str | None
) -> None:
    before = labels(project, GOLD)
    async with app.run_test(size=SIZE) as pilot:
        if where is not None:
            app.code(where)
            await until(pilot, "● saved")
        write(app, "Q", "t", "x", "enter")
        await until(pilot, "Nothing waits for a second pass", "Not obeyed: t x ⏎")
    assert labels(project, GOLD) == before


@pytest.mark.parametrize(
    ("keys", "left"), [(("t", "escape"), "  Not obeyed: t"), (("escape",), ""), (("q",), "")]
)
async def test_what_leads_back_gives_the_search_for_a_second_pass_up(
    project: Project, app: AnnotatorApp, keys: tuple[str, ...], left: str
) -> None:
    mark_again(project, TRUCE, k4={"flagged": True})
    async with app.run_test(size=SIZE) as pilot:
        app.code(GOLD)
        await until(pilot, "● saved")
        write(app, "Q", *keys)
        await until(pilot, " ".join(f"The search was given up.{left}".split()))
        write(app, "2", "g")
        await pilot.pause(0.1)
        assert here(app) == (GOLD, 1)


async def test_a_q_behind_keys_that_wait_waits_with_them(
    project: Project, app: AnnotatorApp
) -> None:
    mark_again(project, TRUCE, k4={"state": "unsure", "marks": ()})
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "for a second pass")
        write(app, "Q", "t", "t", "enter", "q")
        for _ in range(150):
            if labels(project, TRUCE)[3] and not app.sessions:
                break
            await pilot.pause(0.05)
        assert labels(project, TRUCE)[3] == ("sec.terror",)
        assert isinstance(app.screen, LibraryScreen)


# Find, the history, the codebook


async def test_enter_leaves_the_line_of_find_and_the_keys_behind_it_wait_for_the_list(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        write(app, "/", *"truce", "enter", "j", "enter")
        await until_coding(pilot)
        assert app.queue is not None
        assert (app.queue.title, app.queue.at) == ("“truce”", 1)


async def test_where_find_finds_nothing_the_line_is_back_and_the_keys_are_named(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        write(app, "/", *"zzz", "enter", "j", "t")
        await until(pilot, "Nothing found. Not obeyed: j t")
        await pilot.press("y")
        assert isinstance(app.screen, FindScreen)
        assert (app.screen.line.value, app.screen.typing) == ("zzzy", True)


async def test_keys_behind_the_history_wait_until_it_is_read(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.code(GOLD)
        await until(pilot, "● saved")
        await pilot.press("H")
        await until(pilot, "go there")
        await pilot.press("G", "enter")
        slow = here(app)[1]
        write(app, "1", "4", "g", "H", "G", "enter", "j")
        for _ in range(100):
            if isinstance(app.screen, AnnotateScreen) and app.screen.bench.place == slow + 1:
                return
            await pilot.pause(0.05)
        raise AssertionError(shown(app))


async def test_keys_behind_a_walk_from_the_codebook_wait_for_its_first_sentence(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.code(GOLD)
        await until(pilot, "● saved")
        write(app, "?", "/", *"sec.terror", "enter", "G", "enter", "f")
        await until(pilot, "✱ flagged")
        assert app.queue is not None
        assert (app.queue.title, app.queue.at) == ("terror", 0)
        assert here(app)[0] == app.queue.here.readout


async def test_find_that_was_left_for_the_readout_beneath_is_come_back_to(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.code(TRUCE)
        await until(pilot, "● saved")
        write(app, "/", *"truce", "space", *"readout:laurens", "enter", "j", "enter")
        await until(pilot, "“truce readout:laurens”: 2 of", "goes back to the list.")
        assert len(app.screen_stack) == 2
        walked = here(app)
        await pilot.press("f", "q")
        await until(pilot, "truce readout:laurens", "places")
        assert app.screen.query_one("#rows", RowsView).lit == 1
        await pilot.press("k", "enter")
        await until(pilot, "“truce readout:laurens”: 1 of")
        await pilot.press("q", "q")
        await until(pilot, "● saved")
        assert len(app.screen_stack) == 2
        assert here(app)[0] == TRUCE
        assert here(app) != walked
        await pilot.press("q")
        await until(pilot, "sentences decided")
        assert isinstance(app.screen, LibraryScreen)


# The library


async def test_back_in_the_library_the_readout_that_was_left_is_lit_and_stays_so(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada", TRUCE)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        write(app, "q", "enter")
        await until_coding(pilot)
        assert here(app)[0] == TRUCE
        await pilot.press("q")
        await until(pilot, "sentences decided")
        assert isinstance(app.screen, LibraryScreen)
        assert app.screen.subject().readout == TRUCE
    app.close_all()
    app.catalogue.close()


async def test_a_filter_typed_before_the_index_is_up_lists_what_it_finds_then(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada", TRUCE)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "● saved")
        write(app, "q", "f", *"temir")
        await until(pilot, "sentences decided", "temir", "1 readout found")
    app.close_all()
    app.catalogue.close()
