"""From a model's file to the screen and into an export: what a coder took, and says so."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import main
from annotator.model.mark import Mark
from annotator.model.suggestion import Suggestion
from annotator.model.text import Span
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.pipeline.suggestions import add
from annotator.tui.app import AnnotatorApp
from tests.rendering import RENDER, painted

READOUT = "2025-01-23-reyes-ibarra-xv"
NEXT = "2025-04-28-tavares-osei-xq"


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    """A project into which the tasks of a model were taken by the verb."""
    made: Project = RENDER.worked_project(tmp_path)
    sentences = [one.text for one in made.segment(made.readout(READOUT))][:3]
    tasks = [
        {"text": sentences[0], "label": "eco.trade", "score": 0.875},
        {"text": sentences[0], "label": "conf.syria", "score": 0.5},
        {"text": sentences[1], "label": "glob.health", "score": 0.25},
        {"text": sentences[2], "label": "narrator"},
    ]
    file = tmp_path / "m1.jsonl"
    file.write_text("".join(f"{json.dumps(task)}\n" for task in tasks), "utf-8")
    call = ["annotator", "-p", str(made.root), "import", str(file), "--format", "prodigy"]
    monkeypatch.setattr(sys, "argv", [*call, "--suggest", "--yes"])
    assert main() == 0
    assert "4 suggestions in 1 readout" in capsys.readouterr().out
    return made


async def coded(project: Project, *keys: str) -> tuple[AnnotatorApp, str, str]:
    """Press keys in the readout; return the app, what it showed last, and what it said."""
    app = AnnotatorApp(project, "eve", READOUT)
    async with app.run_test(size=(120, 36)) as pilot:
        await RENDER.settled(pilot)
        for key in keys:
            await pilot.press(key)
        await RENDER.settled(pilot)
        screen: Any = app.screen
        shown = "\n".join(painted(app))
        said = screen.bench.message
    app.close_all()
    app.catalogue.close()
    return app, shown, said


def marks(project: Project) -> list[Mark]:
    snapshot = project.store().read("eve", READOUT)
    assert snapshot is not None
    return [mark for _, one in snapshot.coding.sentences() for mark in one.marks]


async def test_what_is_suggested_stands_beside_the_sentence(project: Project) -> None:
    _, shown, _ = await coded(project, "g")
    for words in ("Suggested", "1 ○ trade", "m1 0.88", "2 ○ syria", ", take"):
        assert words in shown
    assert marks(project) == []


async def test_a_slot_whose_words_name_nobody_is_told_and_stays_empty(project: Project) -> None:
    suggest(project, "m2")
    _, shown, _ = await coded(project, "1", "g")
    assert "source nobody of the cast" in shown
    assert "user" not in shown


async def test_a_source_that_is_a_bare_number_is_called_a_user(project: Project) -> None:
    suggest(project, "7")
    _, shown, _ = await coded(project, "g")
    assert "user 7" in shown


def suggest(project: Project, source: str) -> None:
    """Let somebody suggest a speaker who is nobody of the cast for the first sentence."""
    readout = project.readout(READOUT)
    sentence = project.segment(readout)[0]
    add(
        project,
        readout,
        [
            Suggestion(
                layer="speakers",
                label="direct",
                span=Span.of(readout.text, sentence.start, sentence.end),
                unnamed=("source",),
                source=source,
                codebook="readouts 1.0.0",
                text_sha256=readout.text_sha256,
            )
        ],
    )


async def test_what_was_taken_is_exported_with_its_source_and_nothing_else_is(
    project: Project,
) -> None:
    # All of the first; none of the second, which is confirmed; the third is taken, taken back,
    # given by hand while hidden, and so the coder's own.
    keys = ("g", "1", ",", "enter", "enter", ",", "u", "O", "o", "n", "enter")
    _, _, said = await coded(project, *keys)
    assert "hidden" not in said
    report = export(project, Selection(coders=("eve",)))
    rows = [json.loads(x) for x in (report.folder / "sentences.jsonl").read_bytes().splitlines()]
    found = [
        [(m["label"], m["origin"], m["suggester"], m["score"]) for m in row["marks"]]
        for row in rows
    ]
    assert found == [
        [("eco.trade", "accepted", "m1", 0.875)],
        [],
        [("narrator", "human", None, None)],
    ]
    card = (report.folder / "README.md").read_text("utf-8")
    assert 'By origin of the marks: `"accepted"` 1 (50' in card
    only = export(project, Selection(coders=("eve",), origins=("accepted",)), name="taken")
    (row,) = (only.folder / "sentences.jsonl").read_bytes().splitlines()[:1]
    assert [m["label"] for m in json.loads(row)["marks"]] == ["eco.trade"]
    assert "glob.health" not in (report.folder / "sentences.jsonl").read_text("utf-8")


async def library(project: Project, size: tuple[int, int]) -> str:
    """Show the library with the readout of the suggestions lit."""
    app = AnnotatorApp(project, "eve")
    async with app.run_test(size=size) as pilot:
        await RENDER.settled(pilot)
        screen: Any = app.screen
        screen.rows.light(screen.ids.index(READOUT))
        screen.lit_changed()
        await RENDER.settled(pilot)
        shown = "\n".join(painted(app))
    app.close_all()
    app.catalogue.close()
    return shown


async def test_the_library_shows_where_suggestions_wait(project: Project) -> None:
    wide = await library(project, (120, 36))
    assert "○ 4 suggestions wait" in wide
    assert wide.count("○") == 2  # In the row, and in the look at it.
    assert (await library(project, (80, 24))).count("○") == 1
    await coded(project, "1", "g", "comma", "enter")
    assert "○ 2 suggestions wait" in await library(project, (120, 36))
    with (project.root / "annotator.toml").open("a") as settings:
        settings.write('suggestions = "hidden"\n')
    assert "○" not in await library(Project.open(project.root), (120, 36))


async def test_hidden_ones_stay_hidden_in_the_next_readout(project: Project) -> None:
    app, shown, _ = await coded(project, "O", "]", "[")
    assert "○" not in shown
    assert not app.manner.suggesting


async def test_a_project_may_begin_blind(project: Project) -> None:
    settings = project.root / "annotator.toml"
    settings.write_text('suggestions = "hidden"\n', "utf-8")
    _, shown, said = await coded(Project.open(project.root), ",")
    assert "○" not in shown
    assert said == "Suggestions are hidden; O shows them."
    _, shown, _ = await coded(Project.open(project.root), "g", "O")
    assert "○ trade" in shown


async def test_a_spoiled_file_is_told_and_keeps_nobody_from_coding(project: Project) -> None:
    file = project.root / "suggestions" / f"{READOUT}.jsonl"
    file.write_bytes(b"\x1b[2J\n" + file.read_bytes() + b"{}\n")
    _, shown, said = await coded(project, ",")
    assert said.startswith("taken:")
    _, shown, said = await coded(project)
    assert f"suggestions/{READOUT}.jsonl, line 1 is not JSON" in said
    assert "And 1 more of its lines" in said
    file.write_bytes(b"\0" * 5_000_001)
    _, shown, said = await coded(project)
    assert "is larger than 5 MB. Move the file away" in said
    assert "Suggested" not in shown
