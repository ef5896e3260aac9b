"""A readout whose text changed: what the coder is shown, asks for, and finds afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.anchoring import reanchor
from annotator.model.codebook import Codebook
from annotator.model.differing import changed
from annotator.model.edit import Coding
from annotator.model.mark import Mark, Provenance, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline.moving import Moving, move, moving
from annotator.pipeline.project import Project
from annotator.store import Header, Snapshot
from annotator.tui import moveview, paint
from annotator.tui.app import AnnotatorApp
from annotator.tui.moveview import MoveView
from annotator.tui.page import Page
from annotator.tui.paint import Line
from annotator.tui.pairs import in_a_row
from annotator.tui.panel import lines
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.find import FindScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.screens.moving import MovingScreen
from annotator.tui.widgets.lines import LinesView
from tests.rendering import painted
from tests.session.making import Coder, book, coding_of, readout_of
from tests.test_moving import AT, CODEBOOK, REWORDED, TEXT, code, cue, done, stored, topic, write

CHANGED = REWORDED.replace("open the border", "close the border")
SIZES = ((120, 36), (80, 24), (60, 16))
WIDE, SMALL = SIZES[0], SIZES[-1]
TWO, THREE = 2, 3


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a readout that ada coded before its text was changed, and one nobody coded."""
    for name in ("seeds", "schemas"):
        (tmp_path / name).mkdir()
    (tmp_path / "schemas/readouts.toml").write_text(CODEBOOK)
    write(tmp_path, TEXT)
    write(tmp_path, "A visit was paid.\nIt was short.\n", "before")
    project = Project.open(tmp_path)
    code(project, "ada", cue(TWO, "open"), done(TWO), topic(THREE), done(THREE))
    write(tmp_path, CHANGED)
    return project


@asynccontextmanager
async def at_work(
    project: Project, readout: str | None = "call", size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[AnnotatorApp, Pilot[None]]]:
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield app, pilot
    app.close_all()
    app.catalogue.close()


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def until(pilot: Pilot[None], met: Callable[[], bool]) -> None:
    for _ in range(400):
        if met():
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(pilot.app))  # type: ignore[arg-type]


def shown(app: AnnotatorApp) -> str:
    return "\n".join(painted(app))


def journal(project: Project) -> bytes:
    return (project.paths.tags / "ada/call.json").read_bytes()


def top(app: AnnotatorApp) -> type:
    return type(app.screen)


def listed(app: AnnotatorApp) -> list[str]:
    assert isinstance(app.screen, MovingScreen)
    rows = app.screen.rows
    return [words(rows.row_at(place)[0]) for place in rows.seen()]


def words(line: Line) -> str:
    return "".join(run.text for run in line)


def is_moved(project: Project) -> bool:
    return stored(project).header.text == project.readout("call").text_sha256


# What is shown


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_changed_readout_says_so_counts_and_asks_before_anything_is_written(
    project: Project, size: tuple[int, int]
) -> None:
    before = journal(project)
    async with at_work(project, size=size) as (app, _):
        assert top(app) is MovingScreen
        seen = shown(app)
        assert "changed since you began to code it" in seen
        for count in ("✓ 1 kept", "± 2 reworded", "⚠ 1 mark waits for a place"):
            assert count in seen
        assert "⏎" in seen
        assert "Move" in seen
        assert "Leave" in seen
    assert journal(project) == before


async def test_the_lit_one_is_shown_in_full_before_and_now(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        assert [row.split()[1] for row in listed(app)] == ["reworded", "reworded", "words"]
        seen = shown(app)
        assert "The ministers met in May." in seen
        assert "The ministers met in June." in seen
        await pilot.press("j", "j")
        seen = shown(app)
        assert "Words that the mark quotes are gone" in seen
        assert "before  sentence 2" in seen
        assert "waits with  sentence 2" in seen


async def test_what_befell_a_mark_is_said_whole_on_a_small_screen(project: Project) -> None:
    async with at_work(project, size=SMALL) as (app, _):
        assert [row for row in listed(app) if "⚠ words lost" in row]


async def test_the_next_that_lost_its_place_is_lit_round_and_round(project: Project) -> None:
    write(project.root, CHANGED.replace("Trade was", "Later, trade was"))
    async with at_work(project) as (app, pilot):
        assert isinstance(app.screen, MovingScreen)
        rows = app.screen.rows
        assert rows.lit == 0
        await pilot.press("n")
        lost = rows.lit
        assert "words lost" in listed(app)[lost]
        assert lost < rows.line_count - 1
        await pilot.press("G", "n")
        assert rows.lit == lost


async def test_what_does_not_fit_beneath_the_list_is_scrolled_to(project: Project) -> None:
    long = " ".join(f"word{number}" for number in range(200))
    write(project.root, CHANGED.replace("June", f"June {long}"))
    async with at_work(project, size=SMALL) as (app, pilot):
        body = app.screen.query_one("#body", LinesView)
        assert "word199" not in shown(app)
        await pilot.press("tab", "G")
        assert body.scroll_offset.y > 0
        assert "word199" in shown(app)
        assert isinstance(app.screen, MovingScreen)
        assert app.screen.rows.lit == 0
        await pilot.press("tab", "j")
        assert app.screen.rows.lit == 1


async def test_a_click_lights_a_row_and_the_button_moves_the_coding(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        assert isinstance(app.screen, MovingScreen)
        await pilot.click("#rows", offset=(5, 2))
        assert app.screen.rows.lit == 1
        assert not is_moved(project)
        await pilot.click("#ask", offset=(6, 1))
        await settled(pilot)
        assert top(app) is AnnotateScreen
    assert is_moved(project)


# Yes and no


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_leaving_leaves_everything_as_it_is(project: Project, key: str) -> None:
    before = journal(project)
    async with at_work(project, None) as (app, pilot):
        await pilot.press("j", "enter")
        await settled(pilot)
        assert top(app) is MovingScreen
        await pilot.press(key)
        await settled(pilot)
        assert top(app) is LibraryScreen
        assert app.sessions == []
    assert journal(project) == before
    assert moving(project, "ada", "call") is not None


async def test_enter_does_what_was_shown_and_opens_the_readout_with_what_became_of_it(
    project: Project,
) -> None:
    expected = moving(project, "ada", "call")
    assert expected is not None
    async with at_work(project, None) as (app, pilot):
        await pilot.press("j", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is AnnotateScreen
        assert stored(project).coding == expected.anchoring.coding
        seen = shown(app)
        assert "1 sentence kept, 2 reworded, 1 mark waits for a place" in seen
        assert "They agreed to close the border." in seen
        assert "● saved" in seen
        await pilot.press("f")
        await settled(pilot)
        assert any(sentence.flagged for _, sentence in stored(project).coding.sentences())
        await pilot.press("q")
        assert top(app) is LibraryScreen


async def test_the_next_readout_is_asked_about_and_the_one_before_stays_until_then(
    project: Project,
) -> None:
    async with at_work(project, "before") as (app, pilot):
        first = app.screen
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert top(app) is MovingScreen
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is first
        assert [session.readout.id for session in app.sessions] == ["before"]
        await pilot.press("right_square_bracket")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is AnnotateScreen
        assert [session.readout.id for session in app.sessions] == ["call"]
        assert len(app.screen_stack) == 2
    assert is_moved(project)


async def test_a_place_that_was_found_is_lit_once_the_coding_is_moved(project: Project) -> None:
    async with at_work(project, None) as (app, pilot):
        await pilot.press("slash", *"discussed", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is MovingScreen
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.bench.sentence.text == "Trade was discussed."
        await pilot.press("q")
        assert top(app) is FindScreen


async def test_other_bytes_of_the_same_text_are_taken_over_and_told(project: Project) -> None:
    (project.root / "seeds/call.txt").write_bytes(TEXT.encode("utf-16"))
    async with at_work(project) as (app, _):
        assert top(app) is AnnotateScreen
        assert "its text did not: every mark stands as it was" in shown(app)
    assert is_moved(project)


async def test_a_text_in_which_all_stands_is_still_asked_about(project: Project) -> None:
    write(project.root, "\n" + TEXT)
    async with at_work(project) as (app, pilot):
        assert top(app) is MovingScreen
        assert "Every sentence and every mark stands as it was" in shown(app)
        assert not is_moved(project)
        await pilot.press("enter")
        await settled(pilot)
        assert "3 sentences kept" in shown(app)
    assert is_moved(project)


# Where it cannot be done, or is not what was shown


async def test_a_coding_that_another_process_writes_is_not_moved_until_it_is_free(
    project: Project,
) -> None:
    write(project.root, TEXT)
    held = project.journal("ada", "call", AT)
    write(project.root, CHANGED)
    before = journal(project)
    async with at_work(project) as (app, pilot):
        assert top(app) is MovingScreen
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is MovingScreen
        assert "call.json" in shown(app)
        assert journal(project) == before
        held.close()
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is AnnotateScreen
    assert is_moved(project)


async def test_a_text_without_words_is_told_and_can_only_be_left(project: Project) -> None:
    write(project.root, "\n")
    before = journal(project)
    async with at_work(project) as (app, pilot):
        assert top(app) is MovingScreen
        assert "no words any more" in shown(app)
        assert "⏎" not in shown(app)
        await pilot.press("enter", "n", "j", "tab")
        await settled(pilot)
        assert top(app) is MovingScreen
        await pilot.press("escape")
        await settled(pilot)
        assert top(app) is LibraryScreen
    assert journal(project) == before


async def test_what_changed_meanwhile_is_shown_anew_and_asked_again(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        before = journal(project)
        write(project.root, CHANGED.replace("June", "July"))
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is MovingScreen
        assert "has changed once more" in shown(app)
        assert "The ministers met in July." in shown(app)
        assert journal(project) == before
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is AnnotateScreen
    assert stored(project).coding.sentence(1).text == "The ministers met in July."


async def test_what_was_moved_or_put_back_meanwhile_is_simply_opened(project: Project) -> None:
    async with at_work(project) as (app, pilot):
        found = moving(project, "ada", "call")
        assert found is not None
        move(project, found, AT)
        before = journal(project)
        await pilot.press("enter")
        await settled(pilot)
        assert top(app) is AnnotateScreen
        assert journal(project) == before


# However much it is


async def test_only_the_rows_that_are_seen_are_made(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: set[int] = set()
    row = MoveView.row

    def counted(view: MoveView, place: int, width: int) -> Line:
        made.add(place)
        return row(view, place, width)

    monkeypatch.setattr(MoveView, "row", counted)
    added = "".join(f"Item number {number} was raised.\n" for number in range(20_000))
    write(project.root, CHANGED + added)
    async with at_work(project) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, MovingScreen) and len(made) > 0)
        assert isinstance(app.screen, MovingScreen)
        assert app.screen.rows.line_count > 20_000
        await pilot.press("G")
        assert "Item number 19999 was raised." in shown(app)
        await pilot.press("pageup", "k", "g")
        assert len(made) < 200


def view_of(old: Coding, text: str, *parts: str, codebook: Codebook | None = None) -> MoveView:
    sentences = [sentence for _, sentence in coding_of(text, *parts).sentences()]
    return MoveView(codebook or book(), moving_of(old, text, sentences))


def moving_of(old: Coding, text: str, sentences: list[Sentence]) -> Moving:
    anchoring = reanchor(old, text, sentences, free_key=100)
    header = Header(
        readout="call-1", by="ada", source="", text="", segmenter="", codebook="readouts 1"
    )
    return Moving(readout_of(text), Snapshot(header, old, ()), anchoring)


def quoting(sentence: Sentence, text: str, quoted: str, layer: str = "topics") -> Sentence:
    start = text.index(quoted)
    span = Span.of(text, start, start + len(quoted))
    mark = Mark(
        id=quoted,
        layer=layer,
        label="eco.trade",
        start=sentence.start,
        end=sentence.end,
        slots={"evidence": (SpanValue(span=span),)},
        provenance=Provenance(coder="ada", at=AT, codebook="readouts 1"),
    )
    return sentence.changed(marks=(*sentence.marks, mark), state="done")


HARD = "Zwei\u202e \x1b[31mMinister 双方同意会面，并继续对话。 👩 [bold]x[/] " + "lang " * 60 + "."
OLD = (
    "They met in May.",
    HARD,
    "Trade was good.",
    "Both left.",
    "A treaty on grain was signed by both of them at noon.",
)
NEW = (
    "Trade was good.",
    "They met in June.",
    HARD.replace("Minister", "Ministers"),
    "Nothing else.",
    "A treaty on grain was signed by both of them at noon.",
)


@pytest.fixture
def view() -> MoveView:
    text = "\n".join(OLD)
    coding = coding_of(text, *OLD)
    docs = dict(coding.docs)
    docs[1] = quoting(quoting(coding.sentence(1), text, "May"), text, "grain", "gone")
    docs[2] = quoting(coding.sentence(2), text, "\x1b[31mMinister")
    docs[4] = quoting(coding.sentence(4), text, "Both left")
    return view_of(Coding(docs), "\n".join(NEW), *NEW)


@pytest.mark.parametrize("width", [30, 46, 58, 76, 100, 118, 200])
def test_no_line_is_wider_than_there_is_room_for_and_none_is_obeyed_by_a_terminal(
    view: MoveView, width: int
) -> None:
    made = [*view.told(width, roomy=True), *view.counts(width)]
    for place in range(len(view)):
        made += [view.row(place, width), *view.lit(place, width)]
    assert len(view) > 6
    assert [words(line) for line in made if paint.width(line) > width] == []
    assert not any("\x1b" in words(line) or "\u202e" in words(line) for line in made)


@pytest.mark.parametrize("width", [46, 118])
def test_a_row_says_what_happened_and_beneath_it_stands_in_full(view: MoveView, width: int) -> None:
    kinds = {}
    for place in range(len(view)):
        row = words(view.row(place, width))
        told = "\n".join(words(line) for line in view.lit(place, width))
        kinds[row.split()[0] + row.split()[1]] = told
    assert {kind[0] for kind in kinds} >= set("⇅±−+⚠")
    everything = " ".join(" ".join(told.split()) for told in kinds.values())
    for said in ("The sentence is gone", "Nothing else.", "Both left", "the same words"):
        assert said in everything


def test_every_mark_that_lost_its_place_is_come_to_in_turn(view: MoveView) -> None:
    lost = [place for place in range(len(view)) if words(view.row(place, 118))[0] == "⚠"]
    assert len(lost) > 2
    assert list(view.lost) == lost
    assert [view.next_lost(place) for place in lost] == [*lost[1:], lost[0]]


def test_a_sentence_of_which_nothing_was_said_is_kept_nowhere() -> None:
    text = "They met.\nBoth left.\nAll was well."
    old = coding_of(text, *text.split("\n"))
    view = view_of(old, "They met.\nAll was well.", "They met.", "All was well.")
    assert "nothing said" in words(view.row(0, 100))
    assert "nothing was said of it" in words(view.lit(0, 100)[0])


def test_a_row_shows_the_words_that_differ_however_far_they_are_from_the_start() -> None:
    same = "The parties to the talks held at the palace of the president agreed to "
    row = words(in_a_row(f"{same}open the border.", f"{same}close the border.", 60))
    assert "open the" in row
    assert "close the" in row
    assert words(in_a_row("May.", "June.", 60)).split() == ["May.", "→", "June."]


def test_words_that_changed_are_joined_with_what_is_between_them() -> None:
    old, new = (
        "They agreed to meet in May, and left.",
        "They agreed to dine in late June, and left.",
    )
    less, more = changed(old, new)
    assert [old[start:end] for start, end in less] == ["meet", "May"]
    assert [new[start:end] for start, end in more] == ["dine", "late June"]
    assert changed("same", "same") == ([], [])


@pytest.mark.parametrize("state", ["looking", "asking", "writing", "stuck"])
@pytest.mark.parametrize("width", [30, 60, 120])
def test_enter_is_only_offered_where_it_does_something(state: moveview.State, width: int) -> None:
    line = next(line for line in moveview.ask(state, width, roomy=False))
    assert ("enter" in {run.key for run in line}) is (state == "asking")
    assert ("escape" in {run.key for run in line}) is (state != "writing")
    assert paint.width(line) <= width


def test_without_a_move_there_is_nothing_to_go_to() -> None:
    text = "They met."
    coding = coding_of(text, text)
    shown = MoveView(book(), moving_of(coding, text, [coding.sentence(1)]))
    assert (len(shown), shown.next_lost(0)) == (0, None)
    assert "Every sentence and every mark stands" in words(shown.told(100, roomy=True)[-2])


# What waits for a place


@pytest.fixture
def coder() -> Coder:
    """Somebody at a sentence with a mark that stands and two that wait for a place."""
    coder = Coder.at().press("t", "g", "escape")
    session, key = coder.session, coder.bench.key
    sentence = session.coding.sentence(key)
    waiting: tuple[Mark, ...] = tuple(
        Mark(
            id=name,
            layer="topics" if known else "gone",
            label="eco.trade" if known else name,
            start=0,
            end=4,
            slots={"evidence": (SpanValue(span=Span(start=0, end=4, exact="Wort")),)},
            note="why" if known else "",
            provenance=Provenance(coder="ada", at=AT, codebook="readouts 1"),
        )
        for name, known in (("old", True), ("older", False))
    )
    docs = {**session.coding.docs, key: sentence.changed(unplaced=waiting)}
    session.coding = Coding(docs)
    return coder


@pytest.mark.parametrize("width", [40, 60])
@pytest.mark.parametrize("height", [8, 14, 400])
def test_the_panel_shows_what_waits_for_a_place_with_its_words_and_the_key(
    coder: Coder, width: int, height: int
) -> None:
    found = lines(coder.bench, width, height)
    assert all(paint.width(line) <= width for line in found)
    said = "\n".join(map(words, found))
    assert "⚠ lost its place" in said
    assert "X put away" in said
    if height > 14:
        for shown in ("“Wort”", "✎ why", "gone: older (not in the codebook)"):
            assert shown in said
    assert any(run.key == "X" for line in found for run in line)


def test_the_page_shows_what_waits_for_a_place_under_its_sentence(coder: Coder) -> None:
    session = coder.session
    page = Page(session.readout.text, session.codebook, session.coding, 100)
    top, bottom = page.rows_of(coder.bench.key)
    said = " ".join(words(page.line(row)[0]) for row in range(top, bottom))
    assert "⚠ lost its place: " in said
    assert "⚠ gone: older" in said


def waiting(coder: Coder) -> list[str]:
    return [mark.id for mark in coder.bench.sentence.unplaced]


def test_what_waits_is_put_away_one_after_the_other_and_comes_back(coder: Coder) -> None:
    marks = coder.marks
    coder.press("X")
    assert waiting(coder) == ["older"]
    assert "put away: eco.trade" in coder.bench.message
    coder.press("X", "X")
    assert waiting(coder) == []
    assert coder.bench.message == "No mark of this sentence waits for a place."
    coder.press("u", "u")
    assert waiting(coder) == ["old", "older"]
    assert coder.marks == marks
