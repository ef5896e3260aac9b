"""The codebook on the screen: looked at, walked through by its marks, and changed in place."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model import revision
from annotator.model.mark import Mark
from annotator.pipeline.project import Project
from annotator.pipeline.revise import carry_out, plan
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.codebook import CodebookScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.screens.revision import RevisionScreen
from annotator.tui.widgets.entry import EntryView
from annotator.tui.widgets.lines import LinesView
from tests.rendering import RENDER, painted

READOUT = "2017-01-28-putin-trump-kremlin-retold"
WIDE, SMALL = (120, 40), (60, 16)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


@asynccontextmanager
async def opened(
    project: Project, *, readout: str | None = None, size: tuple[int, int] = WIDE
) -> AsyncIterator[Pilot[None]]:
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot
    app.close_all()
    app.catalogue.close()


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def type_in(pilot: Pilot[None], text: str, *, clear: bool = True) -> None:
    """Answer a question."""
    keys = ["space" if char == " " else char for char in text]
    await pilot.press(*(["ctrl+u"] if clear else []), *keys, "enter")
    await settled(pilot)


async def light(pilot: Pilot[None], label: str) -> None:
    """Filter until a label is lit."""
    await press(pilot, "/", *label, "enter", "j", "j")
    assert book(pilot).lit_row is not None
    assert book(pilot).lit_row.label.id == label  # type: ignore[union-attr]


def book(pilot: Pilot[None]) -> CodebookScreen:
    screen = pilot.app.screen
    assert isinstance(screen, CodebookScreen)
    return screen


def lit(pilot: Pilot[None]) -> str:
    row = book(pilot).lit_row
    assert row is not None
    return row.label.id if row.label else row.family.name if row.family else row.layer.name


def shown(pilot: Pilot[None]) -> str:
    app = pilot.app
    assert isinstance(app, AnnotatorApp)
    return "\n".join(painted(app))


def flat(text: str) -> str:
    return " ".join(text.split())


def annotate(pilot: Pilot[None]) -> AnnotateScreen:
    screen = pilot.app.screen
    assert isinstance(screen, AnnotateScreen)
    return screen


def marks(project: Project, label: str, coder: str = "ada") -> list[Mark]:
    found = []
    for readout in project.store().coded(coder):
        snapshot = project.store().read(coder, readout)
        assert snapshot is not None
        for _, sentence in snapshot.coding.sentences():
            found += [mark for mark in sentence.marks if mark.label == label]
    return found


# Looking


async def test_the_library_opens_it_at_its_first_layer_with_counts(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        assert lit(pilot) == "Topics"
        said = shown(pilot)
        assert "Relations between the two sides" in said
        assert "6 / 6" in flat(said)
        assert "What the sentence is about." in flat(said)


async def test_the_entry_of_the_lit_row_is_shown_with_its_precedents(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        said = flat(shown(pilot))
        assert "services that trade warnings about plots" in said
        assert "Edge cases" in said
        assert "Decided before" in said
        assert READOUT in said


async def test_a_family_shows_the_definitions_of_its_labels(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark", "j")
        assert lit(pilot) == "Relations between the two sides"
        assert "How the two sides stand to one another overall" in flat(shown(pilot))


@pytest.mark.parametrize("key", ["enter", "l", "right"])
async def test_a_key_walks_through_the_marks_of_the_lit_label(project: Project, key: str) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, key)
        assert annotate(pilot).bench.message == "terror: 1 of 4  } next place"
        assert any(mark.label == "sec.terror" for mark in annotate(pilot).bench.sentence.marks)
        await press(pilot, "}")
        assert annotate(pilot).bench.message == "terror: 2 of 4  } next place"
        await press(pilot, "q")
        assert lit(pilot) == "sec.terror"


async def test_a_label_without_marks_says_so(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "eco.tech")
        await press(pilot, "enter")
        assert "No sentence of yours is in this queue: tech." in shown(pilot)
        await press(pilot, "g", "enter")
        assert "Light a label first." in shown(pilot)


async def test_a_filter_is_typed_kept_and_taken_away(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark", "/", *"iran")
        await press(pilot, "enter")
        assert lit(pilot) == "conf.iran"
        assert book(pilot).rows.line_count == 3
        await press(pilot, "/", "escape")
        assert book(pilot).rows.line_count > 40
        await press(pilot, "/", *"zzz")
        assert "No label holds that." in shown(pilot)


# From the sentence in work


async def test_from_a_lit_mark_its_entry_opens_with_what_was_decided_alike(
    project: Project,
) -> None:
    async with opened(project, readout=READOUT) as pilot:
        await press(pilot, "9", "G", "question_mark")
        assert lit(pilot) == "sec.terror"
        said = flat(shown(pilot))
        assert "most like this sentence first" in said
        likeness = [int(number) for number in re.findall(r"(\d+)% alike", said)]
        assert all(number >= 25 for number in likeness)
        assert "Others, hardly like it" in said


async def test_from_an_open_panel_the_label_under_the_light_is_explained(
    project: Project,
) -> None:
    async with opened(project, readout=READOUT) as pilot:
        await press(pilot, "9", "G", "t", "right", "right", "question_mark")
        assert lit(pilot) == "rel.people"
        await press(pilot, "q")
        assert annotate(pilot).bench.mode is not None


async def test_near_misses_have_precedents_too(project: Project) -> None:
    async with opened(project, readout=READOUT) as pilot:
        await press(pilot, "9", "G", "m", "question_mark")
        assert lit(pilot) == "courtesy"
        assert READOUT in shown(pilot)


@pytest.mark.parametrize("size", [WIDE, (80, 24), SMALL])
async def test_a_precedent_is_lit_and_opened(project: Project, size: tuple[int, int]) -> None:
    async with opened(project, readout=READOUT, size=size) as pilot:
        await press(pilot, "9", "G", "question_mark", "tab", "j")
        entry = book(pilot).query_one(EntryView)
        assert entry.lit == 1
        wanted = entry.precedents[1]
        assert wanted.readout in shown(pilot)
        await press(pilot, "enter")
        assert annotate(pilot).bench.sentence.start == wanted.start


async def test_the_keys_go_inside_and_out_again(project: Project) -> None:
    async with opened(project, size=SMALL) as pilot:
        await press(pilot, "question_mark", "tab", "j", "j")
        entry = book(pilot).query_one(EntryView)
        assert (entry.scroll_offset.y, lit(pilot)) == (2, "Topics")
        await press(pilot, "k", "G")
        assert entry.scroll_offset.y == entry.max_scroll_y
        await press(pilot, "g", "tab", "j")
        assert lit(pilot) == "Relations between the two sides"


# Changing


async def test_a_label_is_added_and_given_at_once(project: Project) -> None:
    path = project.paths.codebook
    before = path.read_text("utf-8")
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "a")
        assert "Add a label to Security" in shown(pilot)
        await type_in(pilot, "drones", clear=False)
        await type_in(pilot, "Unmanned", clear=False)
        await press(pilot, "enter", "enter")
        await type_in(pilot, "Machines that fly on their own.")
        await press(pilot, "enter", "enter", "enter")
        assert isinstance(pilot.app.screen, RevisionScreen)
        said = flat(shown(pilot))
        for fact in (
            "id sec.drones",
            "name Unmanned",
            "family Security",
            "key D",
            "from 1.0.0 to 1.1.0",
        ):
            assert fact in said
        assert "definition Machines that fly on their own." in said
        assert path.read_text("utf-8") == before
        await press(pilot, "y")
        assert "The codebook is readouts 1.1.0 now." in shown(pilot)
        assert lit(pilot) == "sec.drones"
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, LibraryScreen)
        app = pilot.app
        assert isinstance(app, AnnotatorApp)
        app.code(READOUT)
        await settled(pilot)
        await press(pilot, "9", "G", "t", "D")
        assert "sec.drones" in [m.label for m in annotate(pilot).bench.sentence.marks]
    after = path.read_text("utf-8")
    assert [line for line in before.split("\n") if line not in after.split("\n")] == [
        'version = "1.0.0"'
    ]


async def test_a_label_is_added_within_a_readout_and_given_at_once(project: Project) -> None:
    async with opened(project, readout=READOUT) as pilot:
        await press(pilot, "9", "G", "t", "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "e")
        assert "A label can be added" in flat(shown(pilot))
        await press(pilot, "a")
        await type_in(pilot, "drones", clear=False)
        await type_in(pilot, "Unmanned", clear=False)
        await press(pilot, "enter", "enter")
        await type_in(pilot, "Machines that fly on their own.")
        await press(pilot, "enter", "enter", "enter", "y", "q")
        assert "1.1.0" in annotate(pilot).session.codebook.stamp
        await press(pilot, "t", "D")
        (mark,) = [m for m in annotate(pilot).bench.sentence.marks if m.label == "sec.drones"]
        assert mark.provenance.codebook == "readouts 1.1.0"
        assert "Unmanned" in shown(pilot) or "drones" in shown(pilot)
        await press(pilot, "escape", "u")
        assert "sec.drones" not in [m.label for m in annotate(pilot).bench.sentence.marks]


async def test_a_change_that_is_refused_comes_back_to_the_question_with_every_answer(
    project: Project,
) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "a")
        for answer in ("towns", "Towns", "towns", "Z", "Of towns.", "In", "Out"):
            if answer == "Out":  # Meanwhile somebody gives that key in the file.
                path = project.paths.codebook
                text = path.read_text("utf-8")
                path.write_text(text.replace('    key = "t"', '    key = "Z"', 1), "utf-8")
            await type_in(pilot, answer)
        assert isinstance(pilot.app.screen, CodebookScreen)
        said = flat(shown(pilot))
        assert "have the key “Z”: " in said
        assert "4 of 7" in said
        await type_in(pilot, "Y")
        await press(pilot, "enter", "enter", "enter")
        assert isinstance(pilot.app.screen, RevisionScreen)
        said = flat(shown(pilot))
        for fact in ("id sec.towns", "name Towns", "key Y", "definition Of towns.", "takes in In"):
            assert fact in said


async def test_a_label_is_edited_in_place(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "eco.tech")
        await press(pilot, "e")
        await type_in(pilot, "Science")
        await press(pilot, *["enter"] * 5)
        assert "from 1.0.0 to 1.0.1" in shown(pilot)
        await press(pilot, "y")
        assert "Science" in shown(pilot)
    assert project.codebook.version == "1.0.1"


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_label_is_renamed_and_its_marks_follow(
    project: Project, size: tuple[int, int]
) -> None:
    many = len(marks(project, "sec.terror"))
    async with opened(project, size=size) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "r")
        await type_in(pilot, "sec.terrorism")
        said = flat(shown(pilot))
        assert "sec.terror would be called sec.terrorism from then on." in said
        assert READOUT in said
        assert "6 marks" in said
        assert "id sec.terror → sec.terrorism" in said
        assert "name Terrorism" in said
        await press(pilot, "y")
        assert lit(pilot) == "sec.terrorism"
        assert book(pilot).rows.lit in book(pilot).rows.seen()
        assert "Your marks were changed in 1 readout." in flat(shown(pilot))
    assert (len(marks(project, "sec.terrorism")), marks(project, "sec.terror")) == (many, [])


async def test_a_label_goes_into_another(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "m")
        await type_in(pilot, "sec.defense")
        assert "sec.defence?" in shown(pilot)
        await type_in(pilot, "sec.defence")
        await press(pilot, "enter")
        assert "need no other look" in shown(pilot)
        await press(pilot, "y")
        assert "The codebook is readouts 2.0.0 now." in shown(pilot)
    assert marks(project, "sec.terror") == []
    assert len(marks(project, "sec.defence")) >= 4


async def test_a_label_is_split_and_its_marks_wait_for_a_choice(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "s")
        for answers in (("sec.groups", "Groups"), ("sec.deeds", "Deeds")):
            await type_in(pilot, answers[0])
            await type_in(pilot, answers[1])
            await press(pilot, "enter")
            await type_in(pilot, "Defined.")
        await press(pilot, "enter")
        assert "They are to be looked at again" in shown(pilot)
        await press(pilot, "y")
        await press(pilot, "Q")
        bench = annotate(pilot).bench
        assert "look again: 1 of 5" in bench.message
        assert "choose sec.groups or sec.deeds" in flat(shown(pilot))
        await press(pilot, "enter", "q", "Q")
        assert "look again: 1 of 5" in annotate(pilot).bench.message
        key = project.codebook.panels[0].keys["sec.groups"]
        assert annotate(pilot).bench.mark is not None
        await press(pilot, "backspace", "t", key, "enter", "q", "Q")
        assert "look again: 1 of 4" in annotate(pilot).bench.message


async def test_a_retired_label_is_looked_at_again_and_the_queue_grows_shorter(
    project: Project,
) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "x")
        await type_in(pilot, "too broad")
        await press(pilot, "y")
        await press(pilot, "Q")
        assert annotate(pilot).bench.message.startswith("look again: 1 of 5")
        sentence = annotate(pilot).bench.sentence
        await press(pilot, "enter", "q")
        stamps = {m.start: m.provenance.codebook for m in marks(project, "sec.terror")}
        assert stamps.pop(sentence.start) == "readouts 2.0.0"
        assert set(stamps.values()) == {"readouts 1.0.0"}
        await press(pilot, "Q")
        assert annotate(pilot).bench.message.startswith("look again: 1 of 4")
        await press(pilot, "t")
        assert "sec.terror" not in annotate(pilot).keymap.panels[0].keys
        await press(pilot, "escape", "q", "e")
        assert "“sec.terror” was retired in 2.0.0." in shown(pilot)


async def test_no_look_is_asked_for_where_the_coder_says_so(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "x", "enter", "v")
        assert "need no other look" in shown(pilot)
        await press(pilot, "y")
        await press(pilot, "Q")
        assert "No sentence of yours is in this queue: look again." in shown(pilot)


async def test_leaving_the_preview_or_the_questions_changes_nothing(project: Project) -> None:
    before = project.paths.codebook.read_bytes()
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "x", "enter", "q")
        assert lit(pilot) == "sec.terror"
        await press(pilot, "a", "b", "escape")
        assert not book(pilot).has_class("-asking")
        await press(pilot, "e", *["enter"] * 6)
        assert "Nothing was changed." in shown(pilot)
    assert project.paths.codebook.read_bytes() == before


async def test_marks_that_were_left_follow_when_their_readout_is_opened(project: Project) -> None:
    made = plan(project, lambda b: revision.rename(b, "topics", "sec.terror", "sec.attacks"))
    assert carry_out(project, made, "somebody", "2026-11-27T00:00:00Z").readouts == 0
    assert len(marks(project, "sec.terror")) == 4
    async with opened(project, readout=READOUT) as pilot:
        assert annotate(pilot).session.pending == 0
        assert marks(project, "sec.terror") == []
        assert len(marks(project, "sec.attacks")) == 4
        await press(pilot, "u")
        assert marks(project, "sec.terror") == []
        assert "The codebook was changed, and u takes" in shown(pilot)


@pytest.mark.parametrize("key", ["e", "r", "m", "s", "x"])
async def test_no_label_is_changed_while_a_readout_is_open(project: Project, key: str) -> None:
    async with opened(project, readout=READOUT) as pilot:
        await press(pilot, "9", "G", "question_mark", key)
        assert "A readout is open" in shown(pilot)
        assert isinstance(pilot.app.screen, CodebookScreen)


@pytest.mark.parametrize("reader", [False, True])
async def test_changes_are_offered_from_the_library_and_not_while_a_readout_is_open(
    project: Project, *, reader: bool
) -> None:
    for readout, offered in ((READOUT, False), (None, True)):
        async with opened(project, readout=readout) as pilot:
            await press(pilot, *(["f2"] if reader else []), "question_mark")
            foot = pilot.app.screen.query_one("#foot", LinesView).render_line(0).text
            assert "a add" in foot
            assert ("e edit" in foot) is offered
            assert "its marks" in foot
            assert "write here" not in foot


async def test_a_file_that_was_changed_meanwhile_is_looked_at_once_more(project: Project) -> None:
    path = project.paths.codebook
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "sec.terror")
        await press(pilot, "x", "enter")
        path.write_bytes(path.read_bytes() + b"# by hand\n")
        await press(pilot, "y")
        assert "was changed meanwhile" in flat(shown(pilot))
        assert isinstance(pilot.app.screen, RevisionScreen)
        await press(pilot, "y")
        assert isinstance(pilot.app.screen, CodebookScreen)
    assert b"# by hand\n" in path.read_bytes()


async def test_a_pasted_answer_is_one_line(project: Project) -> None:
    from textual import events

    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await light(pilot, "eco.tech")
        await press(pilot, "x")
        pilot.app.screen.post_message(events.Paste("too\nrare \x1b]52;c;x\x07"))
        await settled(pilot)
        await press(pilot, "enter")
        assert "\x1b" not in shown(pilot)
        await press(pilot, "y")
    assert project.codebook.changes[-1].note.startswith("too rare")


HOSTILE = """
name = "b"
version = "1.0.0"
title = "\\u001b]52;c;x\\u0007 [bold]"
[[layers]]
id = "topics"
name = "[@click=app.quit]T[/]"
key = "t"
labels = [
    { id = "a", name = "A\\u001bc", definition = "[/] \\u202e x", include = ["\\u009b 1m"] },
]
"""


@pytest.mark.parametrize("size", [WIDE, (80, 24), SMALL, (20, 6), (1, 1)])
async def test_a_hostile_codebook_is_shown_harmless_at_any_size(
    project: Project, size: tuple[int, int]
) -> None:
    project.paths.codebook.write_text(HOSTILE, "utf-8")
    project.forget_codebook()
    async with opened(project, size=size) as pilot:
        await press(pilot, "question_mark", "j", "x", "enter")
        said = shown(pilot)
        assert not {*"\x1b\x07\u202e\x9b"} & set(said)
        await press(pilot, "y")
        assert isinstance(pilot.app.screen, CodebookScreen)
    assert project.codebook.version == "2.0.0"


async def test_the_mouse_lights_a_row(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark")
        await pilot.click("#rows", offset=(10, 3))
        await settled(pilot)
        assert lit(pilot) == "rel.general"


async def test_a_codebook_that_another_process_changed_is_read_before_a_readout_opens(
    tmp_path: Path,
) -> None:
    project = RENDER.worked_project(tmp_path)
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        path = project.codebook_file
        text = path.read_text("utf-8")
        path.write_text(text.replace('version = "1.0.0"', 'version = "1.0.1"', 1), "utf-8")
        await pilot.press("enter")
        await pilot.pause()
        assert [session.codebook.version for session in app.sessions] == ["1.0.1"]
        path.write_text("name = ", "utf-8")
        await pilot.press("q")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert not app.sessions
    app.close_all()
    app.catalogue.close()


async def test_a_codebook_that_became_unreadable_leaves_the_library_as_it_was(
    tmp_path: Path,
) -> None:
    project = RENDER.worked_project(tmp_path)
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        project.codebook_file.write_text("name = ", "utf-8")
        await pilot.press("enter", "j", "k", "j")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.is_running
        assert not app.sessions
    assert (app.last_words, app.failure) == ("", 0)
    app.catalogue.close()


async def test_u_says_what_takes_a_change_of_the_codebook_back(project: Project) -> None:
    async with opened(project) as pilot:
        await press(pilot, "question_mark", "u")
        said = flat(shown(pilot))
        assert "u takes no change of the codebook back" in said
        assert "put the codebook's file and tags back together" in said
        await press(pilot, "/", "u")
        assert book(pilot).line.value == "u"
