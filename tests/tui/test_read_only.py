"""A coding that is only read: what the screen says, shows and refuses, and how it is taken over."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.edit import Edit
from annotator.pipeline.project import Project
from annotator.session.following import FREE
from annotator.store import FORMAT, Journal, Store, TinyStore
from annotator.store.disk import Disk
from annotator.tui.app import AnnotatorApp
from annotator.tui.messages import Dragged
from annotator.tui.screens import annotate
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.document import DocumentView
from annotator.tui.workbench import REFUSED, Workbench
from tests.rendering import RENDER, painted
from tests.store.conftest import Work
from tests.store.test_migrations import Fields, file_of, members_of

READOUT = "2021-04-13-biden-putin-us"
AT = "2026-01-02T03:04:05Z"
SIZE = (120, 36)
MINE = f"Process {os.getpid()} (this one) writes this readout under your name"


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotate, "EVERY", 0.02)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@pytest.fixture
def work(project: Project) -> Work:
    """What makes edits of the readout, as another process might."""
    return Work(project.paths.tags, project.readout(READOUT))


@pytest.fixture
def other(project: Project) -> Journal:
    """The readout as somebody else has it open for writing."""
    return project.journal("ada", READOUT, AT)


def marked(work: Work, journal: Journal, place: int) -> None:
    """Let the other put a mark on a sentence that shows itself on the screen."""
    key = journal.coding.order[place]
    sentence = work.mark(journal.coding, key).apply(journal.coding).sentence(key)
    mark = sentence.marks[0].model_copy(
        update={"layer": "topics", "label": "eco.trade", "slots": {}, "id": f"m{place}"}
    )
    journal.put(work.edit(journal.coding, {key: sentence.model_copy(update={"marks": (mark,)})}))


def shown(app: AnnotatorApp) -> str:
    """Return what is on the screen, with line breaks as spaces."""
    return " ".join(" ".join(painted(app)).split())


async def until(pilot: Pilot[None], met: str | Callable[[], bool]) -> None:
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    for _ in range(150):
        if met in shown(app) if isinstance(met, str) else met():
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(app))


def screen_of(app: AnnotatorApp) -> AnnotateScreen:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen


def bench_of(app: AnnotatorApp) -> Workbench:
    return screen_of(app).bench


@asynccontextmanager
async def reading(project: Project) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    """The readout as it is shown to whoever can only read it."""
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "◌ read only")
        yield app, pilot
    app.close_all()
    assert (app.failure, app.last_words) == (0, "")


async def test_every_key_that_would_change_something_is_refused(
    project: Project, work: Work, other: Journal
) -> None:
    marked(work, other, 1)
    before = work.path.read_bytes()
    async with reading(project) as (app, pilot):
        bench = bench_of(app)
        assert MINE in shown(app)
        assert "● saved" not in shown(app)
        keymap = app.keyring.whole()
        keys = [key for c in keymap.of("annotate") if keymap.changes(c.id) for key in c.keys]
        keys += [panel.key for panel in keymap.panels]
        assert {"enter", "w", "f", "J", "S", "z", "u", "ctrl+r", "x", ".", "t", "c"} <= {*keys}
        await pilot.press("2", "g")
        for key in keys:
            await pilot.press(key)
            assert bench.message == REFUSED, key
            assert (bench.mode, bench.ask, bench.place) == (None, None, 1), key
            bench.message = ""
        assert screen_of(app).bench is bench
        await pilot.press("f")
        await until(pilot, REFUSED)
        assert bench.session.pending == 0
    assert work.path.read_bytes() == before
    assert other.coding == bench.session.coding


async def test_the_palette_changes_nothing_either_and_leaves_the_place(
    project: Project, other: Journal
) -> None:
    """A label is chosen by two keys there, and the second means something else by itself."""
    async with reading(project) as (app, pilot):
        old, bench = screen_of(app), bench_of(app)
        panel = next(p for p in app.keyring.whole().panels if "g" in p.keys.values())
        label = next(one for one in panel.labels if panel.keys[one.id] == "g")
        assert app.keyring.whole().command("annotate", "g") is not None
        await pilot.press("3", "j")
        place = bench.place
        assert place > 0
        words = f"{panel.name} {label.name}".lower()[:12]
        await pilot.press("ctrl+p", *("space" if letter == " " else letter for letter in words))
        await until(pilot, label.definition[:20])
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is old)
        await pilot.pause()
        assert bench.message == REFUSED
        assert (bench.mode, bench.place) == (None, place)
        assert bench.session.pending == 0


async def test_words_that_are_drawn_with_the_mouse_open_nothing(
    project: Project, work: Work, other: Journal
) -> None:
    marked(work, other, 1)
    async with reading(project) as (app, pilot):
        bench = bench_of(app)
        await pilot.press("2", "g")
        page = app.screen.query_one("#document", DocumentView).page
        assert page is not None
        start = bench.sentence.start
        cells = {
            page.offset_at(row, column): (row, column) for row in range(12) for column in range(80)
        }
        app.screen.post_message(Dragged(cells[start + 2], cells[start + 8]))
        await pilot.pause()
        assert bench.mode is None
        assert bench.session.pending == 0


async def test_one_can_move_and_look_around_in_what_is_only_read(
    project: Project, other: Journal
) -> None:
    async with reading(project) as (app, pilot):
        bench = bench_of(app)
        places = []
        for key in ("G", "g", "j", "n", "k", "ctrl+d", "home"):
            await pilot.press(key)
            places.append(bench.place)
        assert places[0] == len(bench.session.coding.order) - 1
        assert places[1:5] == [0, 1, places[4] + 1, places[4]]
        for key in ("f1", "question_mark", "slash", "H"):
            await pilot.press(key)
            assert not isinstance(app.screen, AnnotateScreen), key
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, AnnotateScreen))
        assert MINE in shown(app)


async def test_what_the_other_does_is_on_the_screen_at_once(
    project: Project, work: Work, other: Journal
) -> None:
    async with reading(project) as (app, pilot):
        bench = bench_of(app)
        await pilot.press("3", "g")
        assert "★ trade" not in shown(app)
        marked(work, other, 2)
        await until(pilot, "★ trade")
        assert bench.place == 2
        other.put(work.note(other.coding, bench.key, "by the other"))
        await until(pilot, "✎ by the other")
        state = other.coding.sentence(bench.key).changed(state="done")
        other.put(work.edit(other.coding, {bench.key: state}))
        total = len(other.coding.order)
        assert f" 0/{total - 1}" not in shown(app)
        await until(pilot, lambda: bench.sentence.state == "done")
        assert MINE in shown(app)


async def test_a_sentence_that_the_other_takes_away_is_left(
    project: Project, work: Work, other: Journal
) -> None:
    async with reading(project) as (app, pilot):
        bench = bench_of(app)
        await pilot.press("4", "g")
        gone = bench.key
        other.put(work.join(other.coding, other.coding.order[2]))
        await until(pilot, lambda: gone not in bench.session.coding.position)
        assert bench.key in bench.session.coding.position
        await pilot.press("j", "k", "G")
        assert bench.place == len(other.coding.order) - 1
        assert MINE in shown(app)


async def test_once_the_other_has_left_one_key_takes_over(
    project: Project, work: Work, other: Journal
) -> None:
    async with reading(project) as (app, pilot):
        old = screen_of(app)
        await pilot.press("3", "g", "W")
        await until(pilot, lambda: app.screen is not old)
        # As long as the other writes, the same is said again.
        await until(pilot, MINE)
        await until(pilot, "◌ read only")
        assert bench_of(app).place == 2
        marked(work, other, 2)
        other.close()
        await until(pilot, f"{FREE} W takes it over.")
        await pilot.press("f")
        await until(pilot, REFUSED)
        await pilot.press("W")
        await until(pilot, "● saved")
        bench = bench_of(app)
        assert (bench.place, bench.session.read_only) == (2, "")
        assert len(app.sessions) == 1
        await pilot.press("f")
        await until(pilot, "✱ flag")
        # Nothing follows any more what is written here.
        await pilot.pause(0.2)
        assert "● saved" in shown(app)
    snapshot = work.tiny().read("ada", READOUT)
    assert snapshot is not None
    assert snapshot.coding.sentence(bench.key).flagged
    assert [mark.label for mark in snapshot.coding.sentence(bench.key).marks] == ["eco.trade"]


async def test_leaving_what_is_only_read_writes_nothing_and_keeps_nobody_waiting(
    project: Project, work: Work, other: Journal
) -> None:
    before = work.path.read_bytes()
    async with reading(project) as (app, pilot):
        await pilot.press("q")
        await until(pilot, lambda: not app.sessions)
        other.put(work.note(other.coding, other.coding.order[0], "on"))
        await pilot.press("ctrl+q")
    assert work.path.read_bytes().startswith(before[:-3])
    other.close()


class Leaving(Disk):
    """A disk on which whoever writes leaves before it is asked for them once more."""

    def __init__(self, other: Journal, asked: int) -> None:
        self._other = other
        self._left = asked

    def holder(self, descriptor: int) -> int | None:
        self._left -= 1
        if self._left == 0:
            self._other.close()
        return super().holder(descriptor)


class OnDisk(Project):
    """A project whose coding lies on a disk of the test's own."""

    disk: Disk

    def store(self) -> Store:
        return TinyStore(self.paths.tags, disk=self.disk)


@pytest.mark.parametrize("asked", [1, 2, 3])
async def test_a_writer_who_leaves_at_any_moment_is_not_said_to_write(
    project: Project, other: Journal, asked: int
) -> None:
    """While the readout is opened, before it is on the screen, or behind that."""
    spoiled = OnDisk(project.paths, project.settings)
    spoiled.disk = Leaving(other, asked)
    async with reading(spoiled) as (app, pilot):
        await until(pilot, f"{FREE} W takes it over.")
        again = project.journal("ada", READOUT, AT)
        await until(pilot, MINE)
        again.close()
        await until(pilot, FREE)
        assert "writes this readout under" not in shown(app)


# A newer version of the program wrote it


def newer(work: Work, history: Sequence[Edit], spoil: Callable[[Fields], object]) -> bytes:
    """Put a coding of the next format there, in whose last line something is otherwise."""
    head = {**work.header.model_dump(mode="json"), "format": FORMAT + 1, "mood": "calm"}
    written = members_of(history)
    spoil(next(iter(written[-1].values())))
    raw = file_of(head, written)
    other = work.path.with_name("other")
    other.write_bytes(raw)
    other.replace(work.path)
    return raw


async def test_a_newer_coding_is_shown_followed_and_refused_and_never_written(
    project: Project, work: Work, other: Journal
) -> None:
    marked(work, other, 1)
    other.close()
    raw = newer(work, other.history, lambda member: member.update(mood="calm"))
    said = f"is a coding of format {FORMAT + 1}; this version of Annotator knows format {FORMAT}."
    async with reading(project) as (app, pilot):
        for _ in range(2):
            bench, old = bench_of(app), screen_of(app)
            assert said in shown(app)
            assert "Use a version of Annotator that is as new as the file." in shown(app)
            assert "★ trade" in shown(app)
            for key in ("f", "t", "enter", "u"):
                await pilot.press(key)
                assert (bench.message, bench.mode) == (REFUSED, None), key
            await pilot.press("W")
            await until(pilot, lambda: app.screen is not old)  # noqa: B023 - at once
            await until(pilot, "◌ read only")
        assert work.path.read_bytes() == raw
        noted = work.note(other.coding, other.coding.order[2], "by a newer version")
        raw = newer(work, [*other.history, noted], lambda member: member.update(mood="calm"))
        await pilot.press("3", "g")
        await until(pilot, "✎ by a newer version")
        assert said in shown(app)
    assert work.path.read_bytes() == raw


async def test_a_newer_coding_that_cannot_be_understood_is_refused_with_a_sentence(
    project: Project, work: Work, other: Journal
) -> None:
    marked(work, other, 1)
    other.close()
    raw = newer(work, other.history, lambda member: member.update(state="dreamt"))
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(*str(project.readout_ids().index(READOUT) + 1), "g", "enter")
        await until(pilot, f"is a coding of format {FORMAT + 1}")
        assert not app.sessions
    app.close_all()
    assert work.path.read_bytes() == raw
