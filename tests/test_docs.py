"""What the documentation shows is what the program shows and writes."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from annotator.config import Settings
from annotator.model.answers import QUESTIONS
from annotator.model.codebook import Codebook
from annotator.model.macro import Macro
from annotator.model.readout import Metadata
from annotator.tomlfile import parse_toml
from annotator.tui.keys import COMMANDS
from tests.rendering import RENDER, ROOT
from tests.session.making import book

REFRESH = "Run “python docs/render.py”."


@pytest.mark.parametrize("name", sorted(RENDER.PICTURES))
def test_a_picture_shows_what_the_app_shows(name: str, tmp_path: Path) -> None:
    fresh = asyncio.run(RENDER.render(tmp_path, name))
    committed = (ROOT / "docs" / f"{name}.svg").read_text("utf-8")
    assert RENDER.words(committed) == RENDER.words(fresh), REFRESH


def test_the_page_of_keys_is_the_table() -> None:
    assert (ROOT / "docs" / "keys.md").read_text("utf-8") == RENDER.keys_page(), REFRESH


def test_the_page_of_formats_is_the_table() -> None:
    assert (ROOT / "docs" / "formats.md").read_text("utf-8") == RENDER.formats_page(), REFRESH


def test_the_rows_in_the_documentation_are_what_an_export_writes() -> None:
    row = RENDER.sample_row()
    blocks = [
        json.loads((ROOT / page).read_text("utf-8").split("```json\n", 1)[1].split("```", 1)[0])
        for page in ("README.md", "docs/data.md")
    ]
    assert blocks[0] == {name: row[name] for name in RENDER.IN_README}, REFRESH
    assert blocks[1] == row, REFRESH


def test_every_link_inside_the_documentation_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_failure_in_the_documentation_is_tried_by_a_test_that_is_there() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| ") and "tests/" in row]
    assert len(rows) > 20
    for row in rows:
        (named,) = re.findall(r"`(tests/[\w/]+\.py)`", row)
        assert "def test_" in (ROOT / named).read_text("utf-8"), row


def test_the_settings_that_are_written_for_a_new_project_name_real_keys() -> None:
    from annotator.pipeline.init import SETTINGS

    named = re.findall(r'^# "?([\w.]+)"? = ', SETTINGS, re.MULTILINE)
    known = {*Settings.model_fields, *Macro.model_fields, *(command.id for command in COMMANDS)}
    labels = {f"{layer.id}.{label.id}" for layer in book().layers for label in layer.labels}
    known |= labels | {*QUESTIONS}
    assert set(named) <= known


def test_the_page_of_the_dataset_names_each_question_of_the_card() -> None:
    page = (ROOT / "docs" / "data.md").read_text("utf-8").partition("| name | what it answers |")[2]
    rows = page.partition("\n\n")[0].splitlines()[2:]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert named == list(QUESTIONS)


def test_the_metadata_and_the_layer_that_are_shown_as_examples_are_accepted() -> None:
    blocks = {
        page: (ROOT / "docs" / page).read_text("utf-8").split("```toml\n", 1)[1].split("```", 1)[0]
        for page in ("metadata.md", "codebook.md")
    }
    shown = parse_toml(blocks["metadata.md"].encode(), Metadata, name="metadata.md")
    assert shown.entities[0].aliases
    book = f'name = "b"\nversion = "1.0.0"\n{blocks["codebook.md"]}'
    assert parse_toml(book.encode(), Codebook, name="codebook.md").layers[0].id == "tone"
