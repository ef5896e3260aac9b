"""The history on the screen: every act, and the readout as it was after the lit one."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import NoReturn

import pytest
from textual.pilot import Pilot

from annotator.errors import DamagedFile
from annotator.model.edit import CAST, RENEWAL, Change, Coding, Edit
from annotator.model.entity import Entity
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.pipeline.past import Past, Step
from annotator.pipeline.project import Project
from annotator.session import acts
from annotator.store import Store, TinyStore
from annotator.tui import paint, pastview
from annotator.tui.app import AnnotatorApp
from annotator.tui.keys import COMMANDS
from annotator.tui.page import Page
from annotator.tui.screens import history
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.history import HistoryScreen, ThenView
from tests.rendering import RENDER, painted
from tests.session.making import AT, book, placed, readout_of, session_of, session_on
from tests.store.test_faults import Faulty

READOUT = "2017-01-28-putin-trump-kremlin-retold"
WIDE, SMALL = (120, 36), (60, 16)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made: Project = RENDER.worked_project(tmp_path_factory.mktemp("project"))
    return made


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


def shown(app: AnnotatorApp) -> str:
    return "\n".join(painted(app))


async def settled(pilot: Pilot[None]) -> None:
    """Wait until the history is read; what the library reads beneath it does not matter."""
    await pilot.pause()
    reading = [worker for worker in pilot.app.workers if worker.group == "history"]
    if reading:
        await pilot.app.workers.wait_for_complete(reading)
    await pilot.pause()


@asynccontextmanager
async def at_work(
    project: Project, *pressed: str, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    """Open the readout, press keys, and end when the test does."""
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press(*pressed)
        await settled(pilot)
        yield app, pilot
    app.close_all()


def now_and_then(app: AnnotatorApp) -> tuple[Coding, Coding]:
    """Return the coding in work, and the one that the history shows."""
    work = next(s for s in app.screen_stack if isinstance(s, AnnotateScreen))
    return work.session.coding, page(app).coding


def is_open(app: AnnotatorApp) -> bool:
    return isinstance(app.screen, HistoryScreen)


def page(app: AnnotatorApp) -> Page:
    found = app.screen.query_one(ThenView).page
    assert found is not None
    return found


def listed(app: AnnotatorApp) -> list[str]:
    assert isinstance(app.screen, HistoryScreen)
    rows = app.screen.rows
    lines = (rows.row_at(place)[0] for place in rows.seen())
    return ["".join(run.text for run in line).strip() for line in lines]


async def test_the_history_lists_every_act_with_the_newest_first_and_lit(project: Project) -> None:
    async with at_work(project, "1", "G", "t", "e", "escape", "f", "u", "H") as (app, _):
        rows = listed(app)
        assert [row.split()[0] for row in rows] == ["4", "3", "2", "1"]
        # What is about many sentences is known by none of them.
        assert "Kremlin" not in rows[-1]
        for row, words in zip(rows, ("undone: flag", "flag", "remove event", "begun"), strict=True):
            assert words in row
        assert "As it is now" in shown(app)
        now, then = now_and_then(app)
        assert then.docs == now.docs


async def test_the_readout_is_shown_as_it_was_after_the_lit_act(project: Project) -> None:
    keys = ("2", "G", "f", "4", "G", "t", "e", "escape", "z", *"why", "enter", "H")
    async with at_work(project, *keys) as (app, pilot):
        now, then = now_and_then(app)
        fourth, second = now.order[3], now.order[1]
        assert then.sentence(fourth).note == "why"
        await pilot.press("j")
        then = page(app).coding
        assert (then.sentence(fourth).note, then.sentence(second).flagged) == ("", True)
        assert then.sentence(fourth).marks == now.sentence(fourth).marks
        assert page(app).light.key == fourth
        assert "After act 3 of 4" in shown(app)
        await pilot.press("j", "j")
        then = page(app).coding
        assert not then.sentence(second).flagged
        assert "After act 1 of 4" in shown(app)
        await pilot.press("g")
        assert page(app).coding.docs == now.docs


async def test_every_step_shows_the_same_rows_as_a_page_made_anew(project: Project) -> None:
    keys = ("2", "G", "J", "u", "3", "G", "S", "b", "enter", "f", "J", "t", "e", "escape", "H")
    async with at_work(project, *keys) as (app, pilot):
        for key in (*"jjjjjjj", *"kkkk", *"jjG"):
            await pilot.press(key)
            seen = page(app)
            anew = Page(seen.text, seen.codebook, seen.coding, seen.width, seen.light)
            assert seen.rows.total == anew.rows.total
            assert [seen.line(row) for row in range(seen.rows.total)] == [
                anew.line(row) for row in range(anew.rows.total)
            ]


async def test_what_an_act_touched_is_lit_and_brought_into_sight(project: Project) -> None:
    async with at_work(project, "f", "G", "k", "S", "b", "enter", "H", size=SMALL) as (app, pilot):
        view = app.screen.query_one(ThenView)
        first, other = sorted(view.touched, key=page(app).coding.position.__getitem__)
        assert page(app).light.key == first
        for key in (first, other):
            row = page(app).rows_of(key)[0]
            assert view.row_at(row)[1] == "$lit"
        assert view.row_at(page(app).rows_of(first)[0] - 1)[1] != "$lit"
        top = page(app).rows_of(first)[0] - view.scroll_offset.y
        assert 0 <= top < view.size.height
        await pilot.press("j")
        assert view.touched == {page(app).coding.order[0]} == {page(app).light.key}
        assert view.scroll_offset.y == 0


async def test_the_words_of_the_mark_that_an_act_gave_are_underlined(project: Project) -> None:
    async with at_work(project, "4", "G", "t", "e", "escape", "H") as (app, pilot):
        sentence = page(app).coding.sentence(page(app).light.key or 0)
        assert page(app).light.mark == sentence.marks[-1].id
        await pilot.press("j")
        assert page(app).light.mark is None


async def test_a_number_before_the_key_goes_to_that_act(project: Project) -> None:
    async with at_work(project, "f", "f", "f", "f", "H", "2", "G") as (app, pilot):
        assert "After act 2 of 5" in shown(app)
        await pilot.press("4", "g")
        assert "After act 4 of 5" in shown(app)
        await pilot.press("9", "9", "G")
        assert "As it is now" in shown(app)
        await pilot.press("G")
        assert "After act 1 of 5" in shown(app)


async def test_going_back_leaves_the_readout_as_it_is_and_undo_goes_on(project: Project) -> None:
    async with at_work(project, "3", "G", "f", "H", "j", "escape", "u") as (app, pilot):
        assert isinstance(app.screen, AnnotateScreen)
        session = app.screen.session
        assert not session.sentence(session.coding.order[2]).flagged
        await pilot.press("H")
        await settled(pilot)
        assert "undone: flag" in listed(app)[0]


async def test_enter_goes_to_the_sentence_in_the_readout_as_it_is_now(project: Project) -> None:
    async with at_work(project, "7", "G", "f", "1", "G", "H", "enter") as (app, _):
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.bench.place == 6


async def test_enter_stays_where_the_sentence_is_no_longer_there(seeds: Project) -> None:
    readout, edits = reanchored()
    gone = Edit(
        act="edit",
        at=AT,
        what="join",
        changes=(Change(key=2, before=docs_after(edits)[2], after=None),),
    )
    went: list[int] = []
    async with on_show(seeds, readout, [*edits, gone], went.append) as (app, pilot):
        await pilot.press("enter")
        assert is_open(app)
        await pilot.press("j", "enter")
        await pilot.pause()
        assert not is_open(app)
        assert went == [docs_after(edits)[1].start]


async def test_tab_gives_the_keys_to_the_text_and_back(project: Project) -> None:
    async with at_work(project, "f", "H", "tab", "j", "j", size=SMALL) as (app, pilot):
        view = app.screen.query_one(ThenView)
        assert view.scroll_offset.y == 2
        assert "back to the acts" in shown(app)
        await pilot.press("G")
        assert view.scroll_offset.y == view.max_scroll_y > 2
        await pilot.press("k", "g")
        assert view.scroll_offset.y == 0
        assert "As it is now" in shown(app)
        await pilot.press("tab", "j")
        assert "After act 1 of 2" in shown(app)


async def test_a_click_on_a_row_lights_its_act(project: Project) -> None:
    async with at_work(project, "f", "f", "H") as (app, pilot):
        await pilot.click("#rows", offset=(8, 2))
        await pilot.pause()
        assert "After act 2 of 3" in shown(app)
        await pilot.click("#rows", offset=(8, 20))
        assert "After act 2 of 3" in shown(app)


@pytest.mark.parametrize("size", [WIDE, (80, 24), SMALL])
async def test_the_list_and_the_text_have_room_at_every_size(
    project: Project, size: tuple[int, int]
) -> None:
    async with at_work(project, "3", "G", "f", "H", "j", "k", size=size) as (app, pilot):
        assert len(listed(app)) == 2
        text = shown(app)
        assert "As it is now" in text
        assert "✱ flag" in text
        for other in (SMALL, WIDE, size):
            await pilot.resize_terminal(*other)
            await settled(pilot)
            view = app.screen.query_one(ThenView)
            assert page(app).width == view.inner_width
            assert "✱ flag" in shown(app)


async def test_what_is_not_on_disk_yet_is_part_of_the_history(project: Project) -> None:
    class OnDisk(Project):
        disk = Faulty()

        def store(self) -> Store:
            return TinyStore(self.paths.tags, disk=self.disk)

    broken = OnDisk(project.paths, project.settings)
    async with at_work(broken) as (app, pilot):
        broken.disk.arm(range(10_000), errno.ENOSPC)
        await pilot.press("f", "H")
        await settled(pilot)
        assert [row.split()[0] for row in listed(app)] == ["2", "1"]
        assert now_and_then(app)[0].docs == page(app).coding.docs
        broken.disk.heal()


async def test_the_history_is_also_shown_where_another_process_writes(project: Project) -> None:
    journal = project.journal("ada", READOUT, AT)
    try:
        async with at_work(project, "H") as (app, _):
            assert listed(app)[0].split()[0] == "1"
    finally:
        journal.close()


# ── Histories that no key makes ─────────────────────────────────────────────────────────────────


@asynccontextmanager
async def on_show(
    project: Project,
    readout: Readout,
    edits: Sequence[Edit] | Callable[[], Sequence[Edit]],
    go_to: Callable[[int], None] = lambda offset: None,
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    """Show a history from above the library."""
    app = AnnotatorApp(project, "ada")
    read = edits if callable(edits) else lambda: edits
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await app.push_screen(HistoryScreen(readout, book(), "ada", read, go_to))
        if not callable(edits):
            await settled(pilot)
        yield app, pilot


def docs_after(edits: Sequence[Edit]) -> dict[int, Sentence]:
    coding = Coding()
    for edit in edits:
        coding = edit.apply(coding)
    return dict(coding.sentences())


def reanchored() -> tuple[Readout, list[Edit]]:
    """Return a readout whose text changed after a sentence was flagged, and its history."""
    old, new = "They met.\n\nThey spoke long.", "On Monday they met at last.\n\nThey spoke long."
    session = session_of(readout_of(old), placed(old, ("They met.", "They spoke long."), {}))
    session.do(acts.toggle_flag(session.pen, session.coding, 2))
    places = placed(new, ("On Monday they met at last.", "They spoke long."), {})
    before = session.coding
    changes = (
        Change(key=1, before=before.sentence(1), after=places[0]),
        Change(key=2, before=before.sentence(2), after=places[1].changed(flagged=True)),
    )
    move = Edit(act="reanchor", at=AT, what="reanchor", changes=changes)
    return readout_of(new), [*session.history, move]


async def test_an_act_on_an_earlier_text_is_shown_by_the_sentences_own_words(
    seeds: Project,
) -> None:
    readout, edits = reanchored()
    async with on_show(seeds, readout, edits) as (app, pilot):
        assert "On Monday they met at last." in shown(app)
        assert "an earlier text" not in shown(app)
        await pilot.press("j")
        text = shown(app)
        assert "On Monday" not in text
        assert "They met." in text
        assert "They spoke long." in text
        assert "✱ flag" in text
        assert "an earlier text" in text
        await pilot.press("k")
        assert "On Monday they met at last." in shown(app)


def test_an_earlier_text_keeps_its_paragraphs_and_every_sentence_its_place() -> None:
    text = "Now all is new."
    parts = ("One.", "Two.", "Three.")
    old = "  One. Two.\n\n  Three."
    session = session_of(readout_of(old), placed(old, parts, {}))
    made = pastview.text_of(session.coding, text)
    assert made == "  One. Two.\n\n\n\nThree."
    for _, sentence in session.coding.sentences():
        assert made[sentence.start : sentence.end] == sentence.text
    assert pastview.text_of(session.coding, old) is old
    assert pastview.text_of(Coding(), old) is old


async def test_a_history_that_cannot_be_read_says_so(seeds: Project) -> None:
    def damaged() -> NoReturn:
        raise DamagedFile("Line 3 of [b]visit.json cannot be understood.", "Restore it.")

    async with on_show(seeds, readout_of("They met."), damaged) as (app, pilot):
        await settled(pilot)
        assert "Line 3 of [b]visit.json cannot be understood." in shown(app)
        await pilot.press("j", "G", "enter", "tab", "escape")
        await pilot.pause()
        assert not is_open(app)


async def test_nobody_leaves_while_the_history_is_read(seeds: Project) -> None:
    read = Event()

    def slow() -> list[Edit]:
        assert read.wait(60)
        return session_on("They met.").history  # type: ignore[return-value]

    async with on_show(seeds, readout_of("They met."), slow) as (app, pilot):
        await pilot.pause()
        assert "Reading the history …" in shown(app)
        leaving = asyncio.create_task(pilot.press("escape"))
        left, _ = await asyncio.wait({leaving}, timeout=0.3)
        assert not left
        assert is_open(app)
        read.set()
        await leaving
        await settled(pilot)
        assert not is_open(app)


async def test_words_from_outside_are_shown_and_not_obeyed(seeds: Project) -> None:
    session = session_on("They met [sic] \x1b[2J.")
    sentence = session.sentence(1)
    change = Change(key=1, before=sentence, after=sentence.changed(note="[/b] \x1b]0;x\x07"))
    edit = Edit(act="edit", at=AT, what="note [red] \x1b[31m", changes=(change,))
    async with on_show(seeds, session.readout, [*session.history, edit]) as (app, _):
        text = shown(app)
        for words in ("note [red] ␛[31m", "They met [sic] ␛[2J.", "note “[/b] ␛]0;x␇”"):
            assert words in text


async def test_only_the_rows_that_are_seen_are_made(
    seeds: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_on("They met.", "They spoke.")
    for _ in range(1500):
        for key in (1, 2):
            session.do(acts.toggle_flag(session.pen, session.coding, key))
    made: set[int] = set()

    class Counted(Past):
        def step(self, number: int) -> Step:
            made.add(number)
            return super().step(number)

    monkeypatch.setattr(history, "Past", Counted)
    async with on_show(seeds, session.readout, session.history) as (app, pilot):
        assert "3,001 acts" in shown(app)
        await pilot.press("G")
        assert "After act 1 of 3,001" in shown(app)
        await pilot.press("1", "5", "0", "0", "G")
        assert "After act 1,500 of 3,001" in shown(app)
        assert len(made) < 200


def test_an_act_on_the_cast_mends_every_sentence_and_lights_none() -> None:
    session = session_on("They met.", "They spoke.")
    before = session.coding
    edit = acts.add_entity(session.pen, before, KAI)
    session.do(edit)
    assert pastview.to_mend(before, session.coding) == frozenset({1, 2})
    step = Past("ada", session.history).step(2)
    assert pastview.where(step, session.coding) == "cast"
    assert pastview.light(step, session.history[1], session.coding).key is None
    assert [change.key for change in session.history[1].changes] == [CAST]


def test_acts_in_a_row_that_only_follow_the_codebook_are_one_line() -> None:
    session = session_on("They met.", "They spoke.")
    for key in (1, 2, 1):
        edit = acts.toggle_flag(session.pen, session.coding, key)
        session.do(edit.model_copy(update={"what": RENEWAL}) if edit else None)
    session.do(acts.toggle_flag(session.pen, session.coding, 2))
    listed = pastview.Acts(Past("ada", session.history), session.codebook)
    assert [listed.number(place) for place in range(len(listed))] == [5, 4, 1]
    row = "".join(run.text for run in listed.row(1, 100))
    assert "labels as the codebook has t" in row
    assert row.rstrip().endswith("1, 2")
    assert listed.step(4).words == f"{RENEWAL} ×3"
    assert len(listed.step(4).changes) == 3
    assert [listed.place(number) for number in (1, 2, 3, 4, 5)] == [2, 1, 1, 1, 0]


KAI = Entity(id="kai", type="person", name="Kai")


def test_what_is_said_of_an_act_fits_into_its_lines() -> None:
    session = session_on("They met and met and met. They spoke of it for very long.")
    session.do(acts.write_note(session.pen, session.coding, 1, "a long note " * 9))
    step = Past("ada", session.history).step(2)
    for height in (2, 3, 4):
        for width in (30, 60, 90):
            lines = pastview.told(step, 2, width, height, earlier=True)
            assert len(lines) <= height
            assert all(paint.width(line) <= width for line in lines)
            said = "".join(run.text for line in lines for run in line)
            assert "As it is now" in said
            assert "“a long" in said


def test_the_history_has_a_key_of_its_own_that_changes_nothing() -> None:
    command = next(c for c in COMMANDS if c.id == "history")
    assert (command.keys, command.part, command.scopes) == (("H",), "Look", ("annotate",))
