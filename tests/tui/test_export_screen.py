"""The export screen by its keys: choices, preview, command line, writing, and giving up."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from annotator import cli
from annotator.formats.training import Extras
from annotator.pipeline import exporting
from annotator.pipeline.export import ExportReport
from annotator.pipeline.exporting import Choice, Far, Stop
from annotator.pipeline.project import Project
from annotator.tui import paint
from annotator.tui.app import AnnotatorApp
from annotator.tui.exportdesk import ExportDesk, Kind
from annotator.tui.screens.export import ExportScreen
from annotator.tui.screens.library import LibraryScreen
from annotator.tui.widgets.lines import LinesView
from annotator.tui.widgets.rows import RowsView
from tests.rendering import RENDER, painted

READOUT = "2017-01-28-putin-trump-kremlin-retold"
Keys = Callable[..., Awaitable[str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    monkeypatch.chdir(made.root)
    return made


async def still(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def shown(pilot: Pilot[None]) -> str:
    return " ".join("\n".join(painted(pilot.app)).split())


def beside(pilot: Pilot[None]) -> str:
    """Return what stands beside the choices, as running words."""
    side = pilot.app.screen.query_one("#side", LinesView)
    lines = (side.row_at(row)[0] for row in range(side.line_count))
    return " ".join(" ".join(run.text for line in lines for run in line).split())


def desk(pilot: Pilot[None]) -> ExportDesk:
    screen = pilot.app.screen
    assert isinstance(screen, ExportScreen)
    assert screen.desk is not None
    return screen.desk


async def pressed(pilot: Pilot[None], *keys: str) -> str:
    for key in keys:
        await pilot.press(key)
    await still(pilot)
    return shown(pilot)


async def lit(pilot: Pilot[None], kind: Kind, id: str = "") -> None:  # noqa: A002
    rows = desk(pilot).rows
    place = next(n for n, row in enumerate(rows) if row.kind == kind and row.id in ("", id))
    await pressed(pilot, "g", *["j"] * place)
    assert desk(pilot).row.kind == kind


async def choose(pilot: Pilot[None], form: str) -> str:
    """Go on from format to format until that one is chosen; return what is shown then."""
    for _ in exporting.FORMS:
        if desk(pilot).choice.form == form:
            break
        await pilot.press("l")
    assert desk(pilot).choice.form == form
    return await pressed(pilot)


def exports(project: Project) -> list[str]:
    folder = project.paths.exports
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def test_the_whole_of_a_choice_comes_and_goes_with_the_words(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    whole = "Format: jsonl: Annotator JSON Lines, the reference"
    async with app.run_test(size=(60, 16)) as pilot:
        await still(pilot)
        await pressed(pilot, "E")
        for _ in range(2):
            assert not beside(pilot).startswith(whole)
            await pressed(pilot, "f2")
            assert beside(pilot).startswith(whole)
            await pressed(pilot, "f2")


async def test_a_format_is_chosen_previewed_and_written(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await still(pilot)
        said = await pressed(pilot, "E")
        assert "annotator export" in said
        assert "sentences.jsonl 15" in said
        assert '{"readout":"2017-01-28-putin-trump-kremlin-retold"' in said
        assert exports(project) == []
        said = await choose(pilot, "conll")
        assert "annotator export --format conll" in said
        assert "It cannot hold: reference to a mark" in said
        assert "Lost of this readout" in said
        said = await pressed(pilot, "w")
        assert "Written to exports/readouts-1.0.0-conll" in said
        assert "The dataset could not hold" in said
        card = project.paths.exports / "readouts-1.0.0-conll" / "README.md"
        assert "changed by hand" not in await pressed(pilot, "w")
        card.write_text("Answered.", "utf-8")
        said = await pressed(pilot, "w")
        assert "its README.md was changed by hand. R replaces it, and keeps that file" in said
        assert "beside it, in readouts-1.0.0-conll.edited; or give" in said
        said = " ".join((await pressed(pilot, "R")).split())
        assert "What was changed by hand" in said
        kept = project.paths.exports / "readouts-1.0.0-conll.edited" / "README.md"
        assert kept.read_text("utf-8") == "Answered."
    folder = project.paths.exports / "readouts-1.0.0-conll"
    lost = (folder / "losses.jsonl").read_text().splitlines()
    assert f"{sum('overlaps' in json.loads(row)['what'] for row in lost)} × span that over" in said
    app.close_all()


async def test_what_is_chosen_stands_in_the_command_line_that_is_copied(project: Project) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        await lit(pilot, "coder", "sample")
        await pressed(pilot, "space")
        await lit(pilot, "adjudicator")
        assert "adjudicated ada" in await pressed(pilot, "l")
        await lit(pilot, "layer", "voice")
        await pressed(pilot, "enter")
        await lit(pilot, "state", "unsure")
        await pressed(pilot, "l")
        await lit(pilot, "way")
        await pressed(pilot, "l", "l", "l", "j", "enter", *"RU", "enter")
        await lit(pilot, "validation")
        await pressed(pilot, "enter", *"0.2", "enter")
        await lit(pilot, "strict")
        await pressed(pilot, "enter")
        await lit(pilot, "name")
        said = await pressed(pilot, "enter", *"mine", "enter", "y")
        assert "sent to the clipboard" in said
        choice = desk(pilot).choice
        assert choice == Choice(
            selection=choice.selection,
            way="side",
            held="RU",
            validation=0.2,
            strict=True,
            name="mine",
        )
        assert shlex.split(app.clipboard) == [
            *("annotator", "export", "mine", "--layer", "topics", "--layer", "speakers"),
            *("--layer", "commitments", "--adjudicated", "ada"),
            *("--state", "done", "--state", "unsure"),
            *("--split", "side=RU", "--validation", "0.2", "--strict", "--samples"),
        ]
    app.close_all()


Step = tuple[Kind, str, tuple[str, ...]]
"""A row of the screen, which of its kind, and the keys that are pressed on it."""


def typed(words: str) -> tuple[str, ...]:
    return ("enter", "ctrl+u", *("space" if one == " " else one for one in words), "enter")


SETTINGS: dict[str, list[Step]] = {
    "filters": [
        ("form", "", ("l",)),
        ("filters", "", ("l",)),
        ("origin", "edited", ("space",)),
        ("origin", "accepted", ("enter",)),
        ("certainty", "", ("l",)),
        ("asked", "", ("l",)),
        ("languages", "", typed("en, fr")),
        ("since", "", typed("2017")),
        ("until", "", typed("2021-12")),
    ],
    "training": [
        ("coder", "sample", ("l",)),
        ("training", "", ("l",)),
        ("extra", "multi_hot", ("l",)),
        ("extra", "tokens", ("l",)),
        ("extra", "soft", ("l",)),
        ("way", "", ("l",)),
        ("seed", "", typed("7")),
        ("validation", "", typed("0.2")),
        ("test", "", typed("0.3")),
        ("name", "", typed("for-training")),
    ],
    "people and states": [
        ("form", "", ("h", "h")),
        ("coder", "sample", ("l",)),
        ("coder", "ada", ("l",)),
        ("layer", "voice", ("l",)),
        ("state", "unsure", ("l",)),
        ("state", "skipped", ("l",)),
        ("strict", "", ("l",)),
        ("name", "", typed("out side/it's here")),
    ],
    "a side held back": [
        ("form", "", ("l", "l", "l", "l", "l")),
        ("way", "", ("l", "l", "l")),
        ("held", "", typed("RU")),
        ("validation", "", typed("0")),
    ],
}  # fmt: skip


def written(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", SETTINGS)
async def test_the_command_line_that_is_shown_writes_the_same_files(
    name: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        for kind, which, keys in SETTINGS[name]:
            await lit(pilot, kind, which)
            await pressed(pilot, *keys)
            assert desk(pilot).message == ""
        said = await pressed(pilot, "y", "w")
        assert "Written to" in said
        folder = desk(pilot).choice.target(project)
    app.close_all()
    files = written(folder)
    assert len(files) > 4
    shutil.rmtree(folder)
    program, *arguments = shlex.split(app.clipboard)
    monkeypatch.setattr(sys, "argv", [program, *arguments])
    assert cli.main() == 0
    assert written(folder) == files


async def test_all_filters_and_forms_stand_in_the_command_line(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        said = await pressed(pilot, "E")
        assert "Filters ▸ none" in said
        assert "certainty" not in [row.kind for row in desk(pilot).rows]
        for kind, which, keys in SETTINGS["filters"]:
            await lit(pilot, kind, which)
            await pressed(pilot, *keys)
        await lit(pilot, "filters")
        said = await pressed(pilot, "h")
        assert "▸ human, high certainty," in said
        await pressed(pilot, "y")
        assert app.clipboard == (
            "annotator export --format csv --origin human --language en --language fr"
            " --certainty high --from 2017 --to 2021-12 --asked"
        )
        await lit(pilot, "filters")
        await pressed(pilot, "l")
        await lit(pilot, "since")
        assert "is no date" in await pressed(pilot, *typed("soon"))
        said = await pressed(pilot, "ctrl+u", *"2022", "enter")
        assert "No day lies from 2022 to 2021-12." in said
        await pressed(pilot, "escape")
        await lit(pilot, "languages")
        assert "is no language tag" in await pressed(pilot, *typed("English"))
        await pressed(pilot, "escape")
        await lit(pilot, "origin", "human")
        assert "One origin stays" in await pressed(pilot, "l")
    app.close_all()


async def test_what_a_format_cannot_take_is_shown_and_refused(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        await lit(pilot, "training")
        await pressed(pilot, "l")
        await lit(pilot, "extra", "tokens")
        said = await pressed(pilot, "l")
        assert "training.jsonl 15" in said
        assert '"tokens":["' in said
        await lit(pilot, "form")
        said = await choose(pilot, "standoff")
        assert "⊘ tokens with tags of words" in said
        told = "No tokens with tags of words: the format holds no words of the readouts"
        assert told in beside(pilot)
        said = await pressed(pilot, "w")
        assert "--tokens cannot be written: the format holds no words" in said
        assert exports(project) == []
        await lit(pilot, "extra", "tokens")
        await pressed(pilot, "l")
        assert desk(pilot).choice.extras == Extras()
        said = await pressed(pilot, "l")
        assert "cannot be had: the format holds no words" in said
        await lit(pilot, "layer", "topics")
        await pressed(pilot, "l")
        told = "No topics as numbers and no shares of the coders: it needs the layer"
        assert told in beside(pilot)
        assert "Written" in await pressed(pilot, "w")
    app.close_all()


async def test_what_is_pasted_goes_into_the_line_that_is_typed_alone(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "E")
        app.screen.post_message(events.Paste("wRq"))
        await still(pilot)
        assert desk(pilot).choice == Choice()
        await lit(pilot, "name")
        await pressed(pilot, "enter")
        app.screen.post_message(events.Paste("mine\nyours"))
        await still(pilot)
        assert "mine yours" in shown(pilot)
        await pressed(pilot, "escape")
        assert desk(pilot).choice == Choice()
    app.close_all()


async def test_a_split_is_checked_and_written_with_its_near_twins(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        await lit(pilot, "way")
        said = await pressed(pilot, "l", "c")
        assert "All was read, and nothing was written." in said
        assert "Sentences by split: train" in said
        assert "0 sentences held back have a near-twin in train." in said
        assert "Nothing is in validation and test" in said
        assert exports(project) == []
        await pressed(pilot, "w")
    assert (project.paths.exports / "readouts-1.0.0" / "splits.json").exists()
    app.close_all()


async def test_what_cannot_be_is_said_and_waits_to_be_put_right(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        await lit(pilot, "way")
        said = await pressed(pilot, "l", "l", "l")
        assert "is no way to split" in said
        assert "is no way to split" in await pressed(pilot, "w")
        assert exports(project) == []
        await pressed(pilot, "h")
        await lit(pilot, "test")
        assert "is no number" in await pressed(pilot, "enter", *"half", "enter")
        assert desk(pilot).ask is not None
        assert "nothing to train on" in await pressed(pilot, "ctrl+u", *"0.95", "enter")
        await pressed(pilot, "ctrl+u", *"0.3", "enter")
        assert desk(pilot).choice.test == 0.3
        await lit(pilot, "name")
        said = await pressed(pilot, "enter", *"..out", "enter")
        assert "cannot be the name of an export" in said
        assert "a path with a slash for a folder elsewhere" in said
        assert "with -o" not in said
        await pressed(pilot, "escape")
        assert desk(pilot).choice.name == ""
        await lit(pilot, "layer", "topics")
        await pressed(pilot, "l", "j", "l", "j", "l", "j")
        assert "One layer stays" in await pressed(pilot, "l")
    app.close_all()


async def test_an_older_export_goes_by_a_second_key_only(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    folder = project.paths.exports / "readouts-1.0.0"
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        assert "Nothing waits to be replaced" in await pressed(pilot, "R")
        await pressed(pilot, "w")
        assert "R replaces it" in await pressed(pilot, "w")
        assert "R replaces it" in await pressed(pilot, "w")
        assert (folder / "sentences.jsonl").exists()
        # Another choice is another export, of which nothing was said yet.
        await lit(pilot, "strict")
        await pressed(pilot, "space")
        assert "Nothing waits to be replaced" in await pressed(pilot, "R")
        (folder / "labels.json").unlink()
        await pressed(pilot, "w", "R")
        assert desk(pilot).choice.strict
        assert (folder / "labels.json").exists()
        assert "R replaces it" in await pressed(pilot, "w")
        (folder / "notes.txt").write_text("mine")
        said = await pressed(pilot, "R")
        assert "notes.txt" in said
        assert "a path with a slash for a folder elsewhere" in said
    assert (folder / "notes.txt").read_text() == "mine"
    app.close_all()


def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an export wait after its first readout until it is stopped."""
    write = exporting.write

    def slow(project: Project, choice: Choice, far: Far, stop: Stop) -> ExportReport:
        def patient(done: int, of: int) -> None:
            far(done, of)
            while not stop():
                time.sleep(0.005)

        time.sleep(0.15)  # What is done at once shows no bar.
        return write(project, choice, patient, stop)

    monkeypatch.setattr(exporting, "write", slow)


async def until(pilot: Pilot[None], words: str) -> None:
    for _ in range(600):
        if words in shown(pilot):
            return
        await pilot.pause(0.02)
    raise AssertionError(shown(pilot))


async def test_escape_stops_what_is_written_and_nothing_is_left(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(monkeypatch)
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        await pilot.press("w")
        await until(pilot, "1 of 2")
        # What is said of a key stands beside the bar, and the foot offers what works.
        assert "esc stop" in shown(pilot)
        assert "c check" not in shown(pilot)
        await pilot.press("l")
        assert desk(pilot).choice == Choice()
        await until(pilot, "An export is under way; escape stops it.")
        assert "1 of 2" in shown(pilot)
        await pilot.press("y")
        await until(pilot, "sent to the clipboard")
        assert exports(project) == [".readouts-1.0.0.new"]
        await pilot.press("escape")
        await until(pilot, "Stopped; nothing was written.")
        assert "c check" in shown(pilot)
        assert "1 of 2" not in shown(pilot)
        assert exports(project) == []
        await pressed(pilot, "escape")
        assert isinstance(app.screen, LibraryScreen)
    app.close_all()


async def test_who_leaves_the_program_meanwhile_leaves_nothing_half_written(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(monkeypatch)
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        await pilot.press("w")
        await until(pilot, "1 of 2")
        await pilot.press("ctrl+q")
        for _ in range(600):
            if app._exit:
                break
            await pilot.pause(0.02)
    assert exports(project) == []
    assert app.failure == 0
    app.close_all()


async def test_where_nothing_is_coded_the_screen_says_what_to_do(tmp_path: Path) -> None:
    made: Project = RENDER.worked_project(tmp_path)
    app = AnnotatorApp(made, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        await lit(pilot, "state", "unsure")
        said = await pressed(pilot, "l", "k", "l", "w")
        assert "There is nothing to export: no sentence is unsure." in said
        assert "press w (unsure) on a sentence" in said
        assert exports(made) == []
    app.close_all()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 16)])
async def test_words_from_outside_are_shown_and_not_obeyed(
    project: Project, size: tuple[int, int]
) -> None:
    file = project.paths.seeds / f"{READOUT}.toml"
    lines = [line for line in file.read_text("utf-8").split("\n") if not line.startswith("title")]
    hostile = 'title = "[/annex] [red]hot[/red] \\u001b[31m \\u202e"'
    file.write_text("\n".join([hostile, *lines]), "utf-8")
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=size) as pilot:
        said = await pressed(pilot, "E")
        if size[0] < 100:
            said = await pressed(pilot, "pagedown")
        assert "[/annex] [red]hot[/red]" in said or size == (60, 16)
        assert "\x1b" not in said
        assert "\u202e" not in said
        for row in painted(app):
            assert len(row) <= size[0]
    assert app.failure == 0, app.last_words
    app.close_all()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 16)])
async def test_in_words_each_choice_says_what_it_is_on_a_line_of_its_own(
    project: Project, size: tuple[int, int]
) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=size) as pilot:
        await pressed(pilot, "E", "f2")
        await choose(pilot, "doccano-combined")
        lines = [line.strip() for line in painted(app)]
        title = desk(pilot).choice.dialect.title
        assert f"Format: doccano-combined: {title}" in shown(pilot)
        assert "2 of 15: Coders: ada, chosen" in lines
        await pressed(pilot, "j", "j")
        lines = [line.strip() for line in painted(app)]
        whole = "Coders: sample, with the program, not chosen"
        assert whole in lines or f"Here: 3 of 15: {whole}" in lines
        await lit(pilot, "strict")
        assert "Strict: refuse any loss, off" in shown(pilot)
        await pressed(pilot, "l")
        assert "Strict: refuse any loss, on" in shown(pilot)
        assert "Keys: Enter change; / format; w write" in shown(pilot)
    app.close_all()


async def test_what_was_chosen_stands_again_when_the_screen_is_opened_anew(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E", "w")
        assert "R replaces it" in await pressed(pilot, "w")
        await pressed(pilot, "escape", "E")
        assert "Nothing waits to be replaced" in await pressed(pilot, "R")
        await lit(pilot, "way")
        await pressed(pilot, "l")
        await lit(pilot, "validation")
        await pressed(pilot, *typed("0.2"))
        await pressed(pilot, "slash", *"conllu", "enter")
        said = await pressed(pilot, "escape", "E")
        assert "annotator export --format conllu --split event --validation 0.2" in said
    app.close_all()


async def test_a_format_is_named_by_how_it_begins(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pressed(pilot, "E", "G")
        said = await pressed(pilot, "slash")
        assert "jsonl, csv, parquet" in said
        assert "No format begins with “xml”" in await pressed(pilot, *"xml", "enter")
        said = await pressed(pilot, "ctrl+u", *"br", "enter")
        assert "annotator export --format brat" in said
        assert desk(pilot).at == app.screen.query_one("#rows", RowsView).lit == 0
        await pressed(pilot, "slash", "escape")
        assert desk(pilot).choice.form == "brat"
    app.close_all()


async def test_what_is_no_text_is_shown_by_its_rows_and_what_is_empty_is_called_so(
    project: Project,
) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E", "slash", *"refi", "enter")
        said = beside(pilot)
        assert "project.qdpx This is no text that could be shown. The rows that it holds" in said
        assert '1 {"readout":"2017-01-28-putin-trump-kremlin-retold"' in said
        await lit(pilot, "training")
        await pressed(pilot, "l")
        await lit(pilot, "extra", "soft")
        await pressed(pilot, "l")
        assert "soft.jsonl It has no rows." in beside(pilot)
    app.close_all()


async def test_a_row_of_a_file_breaks_where_the_line_is_full(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E")
        side = app.screen.query_one("#side", LinesView)
        lines = [side.row_at(row)[0] for row in range(side.line_count)]
        first = next(n for n, line in enumerate(lines) if line and line[0].text.strip() == "1")
        widths = {paint.width(line) for line in lines[first : first + 20]}
        assert widths == {side.inner_width}
    app.close_all()


async def test_a_message_is_wrapped_anew_at_another_width(project: Project) -> None:
    app = AnnotatorApp(project, "ada", None)
    async with app.run_test(size=(120, 40)) as pilot:
        await pressed(pilot, "E", "w", "w")
        whole = "There is an export of that name already. R replaces it; or give the folder another"
        assert whole in shown(pilot)
        await pilot.resize_terminal(60, 16)
        await still(pilot)
        assert whole in shown(pilot)
        await pilot.resize_terminal(120, 40)
        await still(pilot)
        assert app.screen.query_one("#status", LinesView).size.height == 1
    app.close_all()
