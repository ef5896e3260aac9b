"""What programs in a browser count behind characters outside the basic plane, each its own way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.dialects import dialect
from annotator.formats.foreign import Utf16
from annotator.formats.told import Told
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import HANDSHAKE


def regions(tasks: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (task["data"]["text"], region["value"])
        for task in tasks
        for annotation in task["annotations"]
        for region in annotation["result"]
        if region["type"] == "labels"
    ]


def told(file: Path) -> list[tuple[Any, Any]]:
    """Return what each annotation of a file says, and what of it is new."""
    found = dialect("labelstudio").read(file)
    return [(one.rows, one.tags) for one in found if isinstance(one, Told)]


def test_label_studio_counts_code_points(worldly: Project) -> None:
    folder = export(worldly, format_name="labelstudio").folder
    found = regions(json.loads((folder / "tasks.json").read_bytes()))
    assert len(found) > 10
    assert [text[value["start"] : value["end"]] for text, value in found] == [
        value["text"] for _, value in found
    ]


@pytest.mark.parametrize("said", [True, False])
def test_regions_that_count_utf_16_are_read_where_they_say_their_words(
    worldly: Project, said: bool
) -> None:
    file = export(worldly, format_name="labelstudio").folder / "tasks.json"
    before = told(file)
    tasks = json.loads(file.read_bytes())
    for text, value in regions(tasks):
        units = Utf16(text)
        value |= {key: units.outward(value[key]) for key in ("start", "end")}
        if not said:
            del value["text"]
    file.write_text(json.dumps(tasks), encoding="utf-8")
    assert (told(file) == before) == said


def test_doccano_counts_utf_16(worldly: Project) -> None:
    folder = export(worldly, format_name="doccano-spans").folder
    raw = (folder / "doccano" / "ada.jsonl").read_bytes().splitlines()[0]
    units = HANDSHAKE.encode("utf-16-le")
    words = {
        units[2 * one["start_offset"] : 2 * one["end_offset"]].decode("utf-16-le")
        for one in json.loads(raw)["entities"]
    }
    assert {"The parties", "fight terrorism 🕊️ in Syria by June", "by June", "Syria"} <= words
