"""The form of what is known about a readout, by its keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.readout import Metadata
from annotator.pipeline.about import FIELDS
from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.about import AboutScreen
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.library import LibraryScreen
from tests.rendering import RENDER, painted

READOUT = "2017-01-28-putin-trump-kremlin-retold"
BARE = "2025-12-01-tiro-brandis-xn"
PLACES = {field.id: place for place, field in enumerate(FIELDS)}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


def to(field: str) -> tuple[str, ...]:
    return ("g", *["j"] * PLACES[field])


async def keyed(
    project: Project, *keys: str, readout: str | None = READOUT, size: tuple[int, int] = (120, 36)
) -> tuple[Metadata, str, str]:
    """Press keys after `M`; return the metadata, what was said last, and the picture's words."""
    app = AnnotatorApp(project, "ada", readout)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("M")
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await app.workers.wait_for_complete()
        await pilot.pause()
        screen = app.screen
        said = screen.desk.message if isinstance(screen, AboutScreen) and screen.desk else ""
        shown = "\n".join(painted(app))
    app.close_all()
    return project.metadata(readout or BARE), said, shown


async def test_a_line_is_typed_into_a_field_and_the_light_goes_on(project: Project) -> None:
    keys = (*to("event.tone"), "enter", *["ctrl+u"], *"frank", "enter")
    metadata, said, shown = await keyed(project, *keys)
    assert metadata.event.tone == "frank"
    assert said == ""
    assert "frank" in shown


async def test_digits_choose_backspace_empties_and_u_takes_back(
    project: Project,
) -> None:
    known, *_ = await keyed(project, *to("doc_kind"), "4")
    assert known.doc_kind == "letter"
    known, *_ = await keyed(project, *to("doc_kind"), "backspace")
    assert known.doc_kind is None
    known, *_ = await keyed(project, *to("doc_kind"), "1", "k", "x", "u")
    assert known.doc_kind == "official_readout"


async def test_a_digit_under_which_nothing_stands_says_so(project: Project) -> None:
    _, said, _ = await keyed(project, *to("is_translation"), "3")
    assert said == "Nothing stands under 3 here."


async def test_a_refused_line_stays_open_with_what_was_typed_and_says_what_is_wanted(
    project: Project,
) -> None:
    keys = (*to("event.date"), "enter", "ctrl+u", *"31.02.2026", "enter")
    metadata, said, shown = await keyed(project, *keys)
    assert metadata.event.date == "2017-01-28"
    wanted = "Type a day, month or year, such as 2026-03-05, 2026-03 or 2026."
    assert said == f"Nothing was changed. “31.02.2026” is no date. {wanted}"
    assert "31.02.2026" in shown
    mended = (*keys, "ctrl+u", *"2026-03-05", "enter")
    metadata, said, _ = await keyed(project, *mended)
    assert (metadata.event.date, said) == ("2026-03-05", "")


async def test_a_side_that_is_no_code_and_no_id_is_refused_with_a_hint(project: Project) -> None:
    keys = (*to("issuing_side"), "enter", "ctrl+u", *"Orlenia", "enter")
    metadata, said, _ = await keyed(project, *keys)
    assert metadata.issuing_side == "RU"
    assert "“Orlenia” is no code of a state and no id. Type the code of its state in two" in said


async def test_what_cannot_be_is_said_and_changes_nothing(project: Project) -> None:
    keys = (*to("event.date"), "enter", "ctrl+u", *"soon", "enter")
    metadata, said, shown = await keyed(project, *keys)
    assert metadata.event.date == "2017-01-28"
    assert said.startswith("Nothing was changed.")
    assert "Nothing was changed." in shown


async def test_escape_leaves_the_line_and_keeps_the_value(project: Project) -> None:
    metadata, *_ = await keyed(project, *to("licence"), "enter", *"xyz", "escape")
    assert metadata.licence == "Apache-2.0"


async def test_n_goes_to_what_is_not_known_and_the_head_counts_it(project: Project) -> None:
    keys = (*to("licence"), "x", "g", "n", "enter", *"CC0", "enter", "n")
    metadata, said, shown = await keyed(project, *keys)
    assert metadata.licence == "CC0"
    assert said == "All that matters is known."
    assert "all that matters is known" in shown


async def test_n_skips_nothing_after_a_digit_or_a_line(project: Project) -> None:
    gone = [key for field in ("doc_kind", "issuing_side", "issuer") for key in (*to(field), "x")]
    keys = ("g", "n", "1", "n", "enter", *"XQ", "enter", "n", "enter", *"Bureau", "enter", "n")
    metadata, said, _ = await keyed(project, *gone, *keys)
    assert metadata.doc_kind == "official_readout"
    assert (metadata.issuing_side, metadata.issuer) == ("XQ", "Bureau")
    assert said == "All that matters is known."


async def test_n_leaves_a_field_that_was_looked_at(project: Project) -> None:
    gone = [key for field in ("doc_kind", "issuing_side", "issuer") for key in (*to(field), "x")]
    keys = ("g", "n", "1", "n", "n", "enter", *"Bureau", "enter")
    metadata, *_ = await keyed(project, *gone, *keys)
    assert (metadata.issuing_side, metadata.issuer) == (None, "Bureau")


@pytest.mark.parametrize(
    ("start", "counted"), [("doc_kind", "10j"), ("title", "11j"), ("original_language", "7k")]
)
async def test_a_count_moves_and_sets_no_value(project: Project, start: str, counted: str) -> None:
    before = project.metadata(READOUT)
    metadata, said, _ = await keyed(project, *to(start), *counted, "2")
    assert metadata.event.date_precision == "month"
    precise = before.event.model_copy(update={"date_precision": "month"})
    assert metadata == before.model_copy(update={"event": precise})
    assert said == ""


async def test_a_count_behind_a_choice_that_changed_nothing_takes_nothing_else_back(
    project: Project,
) -> None:
    keys = (*to("doc_kind"), "4", *to("event.type"), *"10j", "1")
    metadata, *_ = await keyed(project, *keys)
    assert metadata.doc_kind == "letter"
    assert (metadata.event.type, metadata.is_translation) == ("call", True)


async def test_u_takes_back_what_was_given_before_the_form_was_closed(project: Project) -> None:
    before = project.metadata_file(READOUT).read_bytes()
    await keyed(project, *to("doc_kind"), "4", "q", "M", "u")
    assert project.metadata_file(READOUT).read_bytes() == before


async def test_the_value_last_given_is_given_again_to_the_next_readout(project: Project) -> None:
    other = "2021-04-13-biden-putin-ru"
    keys = (*to("licence"), "enter", "ctrl+u", *"CC0", "enter", "]", *to("licence"), ".")
    await keyed(project, *keys)
    assert project.metadata(other).licence == "CC0"


async def test_brackets_go_to_the_neighbours_and_stop_at_the_ends(project: Project) -> None:
    _, said, shown = await keyed(project, "[")
    assert said == "There is no readout beyond this one."
    _, _, shown = await keyed(project, "]", "[")
    assert "Kremlin tells" in shown


async def test_the_library_shows_what_is_unfinished_and_m_opens_the_lit_one(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        place = project.readout_ids().index(BARE)
        await pilot.press("g", *["j"] * place)
        await app.workers.wait_for_complete()
        await pilot.pause()
        shown = painted(app)
        assert any("◌" in line and BARE in line[:60] for line in shown)
        await pilot.press("M")
        await pilot.pause()
        await pilot.press("n", "enter", *"Headline", "enter", "q")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, LibraryScreen)
        shown = painted(app)
        assert any("Headline" in line and "◌" not in line for line in shown)
    app.close_all()
    assert project.metadata(BARE).title == "Headline"


async def test_an_open_readout_is_told(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("M", *to("issuing_side"), "enter", "ctrl+u", *"XQ", "enter", "q")
        await pilot.pause()
        assert isinstance(app.screen, AnnotateScreen)
        assert app.screen.session.readout.metadata.issuing_side == "XQ"
    app.close_all()


async def test_a_file_that_is_not_understood_is_named_and_nothing_can_be_filled_in(
    project: Project,
) -> None:
    project.metadata_file(BARE).write_text("titel = 1", "utf-8")
    app = AnnotatorApp(project, "ada")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.press("g", *["j"] * project.readout_ids().index(BARE), "M", "enter", "1")
        await pilot.pause()
        shown = "\n".join(painted(app))
        assert "line 1" in shown
        assert "titel" in shown
    app.close_all()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 16)])
async def test_the_form_fits_every_size(project: Project, size: tuple[int, int]) -> None:
    _, _, shown = await keyed(project, *to("event.type"), size=size)
    assert "Kind of event" in shown
    assert "multilateral meeting" in shown or size[1] == 16


async def test_hostile_values_are_shown_harmless(project: Project) -> None:
    form = '\ntitle = "[red]x[/annex] \\u001b]52;c;x\\u0007"\n'
    project.metadata_file(BARE).write_text(form, "utf-8")
    app = AnnotatorApp(project, "ada", BARE)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("M")
        await pilot.pause()
        shown = "\n".join(painted(app))
        assert "[red]x[/annex]" in shown
        assert "\x1b" not in shown
    app.close_all()


async def test_what_is_pasted_goes_into_the_line_alone(project: Project) -> None:
    from textual import events

    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("M", *to("licence"))
        app.screen.post_message(events.Paste("lost"))
        await pilot.pause()
        await pilot.press("enter", "ctrl+u")
        app.screen.post_message(events.Paste("CC-BY-4.0"))
        await pilot.pause()
        await pilot.press("enter")
    app.close_all()
    assert project.metadata(READOUT).licence == "CC-BY-4.0"


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
async def test_an_empty_cast_says_how_somebody_comes_into_it(
    project: Project, size: tuple[int, int]
) -> None:
    (project.paths.seeds / "new.txt").write_text("They talked.", "utf-8")
    app = AnnotatorApp(project, "ada", "new")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("C")
        await pilot.pause()
        said = " ".join(" ".join(painted(app)).split())
        assert "Nobody is in the cast of this readout yet. a adds somebody." in said
        await pilot.press("q", "M", *to("event.participants"))
        await pilot.pause()
        said = " ".join(" ".join(painted(app)).split())
        assert "The cast is empty" in said
        await pilot.press("g")
        await pilot.pause()
        assert size[1] < 24 or "Precision of that date" in " ".join(painted(app))
    app.close_all()


@pytest.mark.parametrize(
    ("start", "named"),
    [
        ("is_translation", "1 Translation, 2 is a count"),
        ("event.date_precision", "1 Precision of that date, 2 Participants"),
    ],
)
async def test_two_digits_before_a_move_are_two_values_and_are_named(
    project: Project, start: str, named: str
) -> None:
    _, said, shown = await keyed(project, *to(start), "1", "2", "k")
    assert said == f"Digits choose here: {named}. u takes a choice back."
    assert "Digits choose here" in shown


async def test_a_move_behind_one_choice_says_nothing(project: Project) -> None:
    metadata, said, _ = await keyed(project, *to("doc_kind"), "1", "k", "j", "4", "j")
    assert (metadata.doc_kind, said) == ("official_readout", "")


async def test_the_head_of_a_readout_shows_what_is_known_now(project: Project) -> None:
    side = (*to("issuing_side"), "enter", "ctrl+u", *"tiro", "enter")
    _, _, shown = await keyed(project, *side, "escape")
    assert "tiro side" in shown.splitlines()[0]
