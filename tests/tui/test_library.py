"""The library counts and filters from an index, and never depends on it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.edit import Change, Edit
from annotator.pipeline.index import FILE, Index
from annotator.pipeline.init import init
from annotator.pipeline.project import Project
from annotator.pipeline.refresh import Advance
from annotator.tui import shelves
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens import library
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.widgets.rows import RowsView
from tests.rendering import RENDER, painted

SIZE = (120, 36)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@pytest.fixture
def app(project: Project) -> Iterator[AnnotatorApp]:
    app = AnnotatorApp(project, "ada")
    yield app
    app.catalogue.close()


def shown(app: AnnotatorApp) -> str:
    return " ".join(" ".join(painted(app)).split())


async def until(pilot: Pilot[None], met: Callable[[str], bool]) -> None:
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    for _ in range(400):
        if met(shown(app)):
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(app))


async def test_the_head_tells_how_far_the_whole_project_is(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30 sentences decided in 2 readouts begun" in said)
        assert "22 readouts" in shown(app)


@pytest.mark.parametrize("size", [SIZE, (80, 24), (60, 16)])
async def test_a_project_without_readouts_greets_and_lists_what_comes_in(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    init(tmp_path / "new", samples=False)
    app = AnnotatorApp(Project.open(tmp_path / "new"), "ada")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda said: "Welcome. This project has no readout yet." in said)
        said = shown(app)
        assert "What comes in is listed here by itself." in said
        assert said.endswith("back")
        (tmp_path / "new/seeds/call.txt").write_text("A call was held.\n", "utf-8")
        await until(pilot, lambda said: "Welcome" not in said and "1 readout " in said)
    app.catalogue.close()


async def test_where_a_filter_finds_nothing_no_readout_is_shown_beside_it(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "issuer" in said)
        await pilot.press("f", *"zzzz", "enter")
        await until(pilot, lambda said: "Nothing found." in said)
        await until(pilot, lambda said: "issuer" not in said)


class Watched(AnnotatorApp):
    """Notes what there was when the first frame had been painted."""

    CSS_PATH = str(Path(library.__file__).with_suffix(".tcss"))
    first = ""
    read_by_then = True

    def on_ready(self) -> None:
        self.first = shown(self)
        self.read_by_then = "codebook" in vars(self.project)
        super().on_ready()


async def test_the_first_frame_has_the_titles_that_an_index_knows_and_waits_for_no_codebook(
    project: Project,
) -> None:
    in_a_minute = lambda: time.time_ns() + 60 * 10**9  # noqa: E731 - when no file is recent any more
    with Index(project, project.paths.cache / FILE, clock=in_a_minute) as index:
        index.refresh()
        entries = [index.entry("ada", one) for one in project.readout_ids()[:9]]
    titles = [entry.title[:20] for entry in entries if entry is not None]
    assert len(titles) == 9
    app = Watched(Project.open(project.root), "ada")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        assert [title for title in titles if title not in app.first] == []
        assert "30 of 30" not in app.first
        assert not app.read_by_then
    app.catalogue.close()


async def test_rows_that_a_larger_terminal_shows_are_read(app: AnnotatorApp) -> None:
    async with app.run_test(size=(120, 9)) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        unseen = app.project.readout_ids()[-1]
        assert app.shelf.known(unseen) is None
        await pilot.resize_terminal(*SIZE)
        await until(pilot, lambda said: app.shelf.known(unseen) is not None)


async def test_an_unreadable_codebook_ends_the_program_with_its_line(project: Project) -> None:
    project.codebook_file.write_text('name = "x"\nversion = ', "utf-8")
    app = AnnotatorApp(Project.open(project.root), "ada")
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(100):
            await pilot.pause(0.02)
            if app.failure:
                break
    assert app.failure == 2
    assert "readouts.toml, line 2: this is not TOML" in app.last_words


async def test_what_was_decided_meanwhile_is_counted_when_the_library_comes_back(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        await pilot.press("3", "g", "enter")
        await until(pilot, lambda said: "● saved" in said)
        await pilot.press("enter", "enter", "q")
        await until(pilot, lambda said: "32 of 38 sentences decided in 3 readouts begun" in said)
    app.close_all()


def lit(app: AnnotatorApp) -> str:
    screen = app.screen
    assert isinstance(screen, LibraryScreen)
    return screen.subject().readout or ""


async def test_the_light_begins_where_nothing_was_coded_yet_on_what_is_not_finished(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        await app.workers.wait_for_complete()
        before = [one for one in app.project.readout_ids() if one < lit(app)]
        assert before
        assert all(app.shelf.read(one).finished for one in before)
        assert not app.shelf.read(lit(app)).finished


async def test_the_light_begins_on_the_readout_that_was_coded_last_and_a_key_takes_it_away(
    project: Project,
) -> None:
    for number, readout in ((1, "2025-09-17-five-leaders"), (2, "2023-11-15-biden-xi-us")):
        name = next(one for one in project.readout_ids() if one.startswith(readout[:12]))
        journal = project.journal("ada", name, f"2026-03-0{number}T10:00:00Z")
        key = journal.coding.order[0]
        before = journal.coding.sentence(key)
        change = Change(key=key, before=before, after=before.changed(flagged=True))
        at = f"2026-03-0{number}T10:00:00Z"
        journal.put(Edit(act="edit", at=at, what="flag", changes=(change,)))
        journal.close()
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "decided in 4 readouts begun" in said)
        await app.workers.wait_for_complete()
        assert lit(app).startswith("2023-11-15")
        assert (
            app.screen.query_one("#rows", RowsView).lit
            in app.screen.query_one("#rows", RowsView).seen()
        )
        await pilot.press("enter", "q")
        await pilot.press("g")
        await app.workers.wait_for_complete()
        assert lit(app) == project.readout_ids()[0]
    app.close_all()
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j")
        moved = lit(app)
        await until(pilot, lambda said: "decided in 4 readouts begun" in said)
        await app.workers.wait_for_complete()
        assert lit(app) == moved
    app.catalogue.close()


async def test_a_filter_lists_what_answers_while_it_is_typed_and_escape_lists_all(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        await pilot.press("f", *"lang:ru")
        await until(pilot, lambda said: "1 readout found" in said)
        await pilot.press("enter", "j", "k")
        assert "lang:ru" in shown(app)
        await pilot.press("escape")
        await until(pilot, lambda said: "22 readouts ada" in said)
        assert app.is_running
        await pilot.press("f", *"progress:done")
        await until(pilot, lambda said: "2 readouts found" in said)
        await pilot.press("escape")
        await until(pilot, lambda said: "22 readouts ada" in said)


async def test_a_filter_that_cannot_be_is_explained(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f", *"stat:done")
        await until(
            pilot, lambda said: "There is no field “stat”. Did you mean state:done?" in said
        )
        await pilot.press("ctrl+u", *"zzz")
        await until(pilot, lambda said: "Nothing found." in said)
        await pilot.press("enter", "n", "j", "enter")
        assert app.is_running


async def test_the_index_may_be_deleted_or_be_no_index_at_all(
    app: AnnotatorApp, project: Project
) -> None:
    project.paths.cache.mkdir()
    (project.paths.cache / "index.sqlite").write_text("no index")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        shutil.rmtree(project.paths.cache)
        await pilot.press("f", *"lang:zh")
        await until(pilot, lambda said: "1 readout found" in said)


async def test_reading_many_files_shows_how_far_it_is_and_stops_when_a_readout_is_opened(
    app: AnnotatorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []

    def slow(progress: Advance, stopped: Callable[[], bool]) -> bool:
        for done in range(10_000):
            if stopped():
                ended.append("stopped")
                return False
            progress(done, 10_000, "x")
            pause(0.01)
        return True

    from time import sleep as pause

    monkeypatch.setattr(app.catalogue, "refresh", slow)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "Reading what is coded" in said and "of 10,000" in said)
        await pilot.press("3", "g", "enter")
        await until(pilot, lambda said: "● saved" in said)
        await until(pilot, lambda said: bool(ended))
    app.close_all()


async def test_how_far_reading_is_never_takes_the_place_of_what_was_said(
    app: AnnotatorApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await RENDER.settled(pilot)
        screen = app.screen
        assert isinstance(screen, LibraryScreen)

        async def after(*said: str) -> str:
            for one in said:
                screen.reading.tell(one)
            await pilot.pause()
            return shown(app)

        assert "reading 1 of 3" in await after("reading 1 of 3")
        assert "reading 2 of 3" in await after("reading 2 of 3")
        screen.say("This cannot be opened.")
        said = await after("reading 3 of 3", "")
        assert "This cannot be opened." in said
        assert "reading" not in said
        screen.say("")
        assert "reading 1 of 2" in await after("reading 1 of 2")
        assert "reading" not in await after("")


def test_how_far_reading_is_is_told_as_a_bar_and_in_figures() -> None:
    assert shelves.reading(5_000, 20_000).endswith("━━━━━━──────────────────  5,000 of 20,000")


def test_what_changes_often_is_shown_a_few_times_a_second() -> None:
    now = iter([0.0, 0.05, 0.11, 0.15, 0.3])
    pace = shelves.Pace(lambda: next(now))
    assert [pace.is_time() for _ in range(4)] == [False, True, False, True]


@pytest.mark.parametrize("typed", ["", "zzq"])
async def test_files_that_come_are_listed_and_the_light_stays_on_its_readout(
    app: AnnotatorApp, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("annotator.tui.arrivals.Arrivals.EVERY", 0.05)
    seeds = app.project.paths.seeds
    (seeds / "m-zzq.txt").write_text("They talked.", "utf-8")
    (seeds / "n-zzq.txt").write_text("They talked.", "utf-8")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        await app.workers.wait_for_complete()
        if typed:
            await pilot.press("f", *typed, "enter")
        await pilot.press("G")
        assert lit(app) == "n-zzq"
        (seeds / "a-zzq.txt").write_text("They talked.", "utf-8")
        await until(pilot, lambda said: "a-zzq" in said or " 25 readouts" in said)
        assert lit(app) == "n-zzq"
        await app.workers.wait_for_complete()
        assert app.screen.query_one(RowsView).line_count == (3 if typed else 25)


async def test_a_readout_that_was_only_looked_at_stays_new(app: AnnotatorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda said: "30 of 30" in said)
        await pilot.press("3", "g")
        readout = lit(app)
        await pilot.press("enter")
        await until(pilot, lambda said: "● saved" in said)
        await pilot.press("q")
        await app.workers.wait_for_complete()
        assert app.project.store().coded("ada").count(readout) == 1
        app.catalogue.refresh(lambda done, of, name: None, lambda: False)
        await until(pilot, lambda said: "30 of 30 sentences decided in 2 readouts begun" in said)
        for read in (app.shelf.read, app.shelf._from_files):
            assert (read(readout).decided, read(readout).sentences) == (None, None)
        assert readout in app.catalogue.ids("progress:new")
    app.close_all()
