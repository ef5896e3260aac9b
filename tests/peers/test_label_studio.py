"""What Label Studio's own library accepts: the configuration, and every annotation under it."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from ..export.conftest import Code, mark

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


def interface(folder: Path) -> Any:
    config = (folder / "config.xml").read_text(encoding="utf-8")
    found = import_module("label_studio_sdk.label_interface").LabelInterface(config)
    found.validate()
    return found


def tasks(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "tasks.json").read_bytes())
    return found


def test_every_task_fits_the_configuration(coded: Project) -> None:
    folder = export(coded, format_name="labelstudio").folder
    known = interface(folder)
    for task in tasks(folder):
        assert known.validate_task({"data": task["data"]})
        for annotation in task["annotations"]:
            assert known.validate_annotation(annotation)


def test_a_layer_that_is_called_like_the_text_is_no_second_text(
    project: Project, code: Code
) -> None:
    book = project.root / "schemas" / "readouts.toml"
    book.write_text(book.read_text("utf-8").replace('id = "tone"', 'id = "text"'), "utf-8")
    code("ada", "call-a", {2: ("done", (mark("w1", "text", "warm"),))})
    folder = export(Project.open(project.root), format_name="labelstudio").folder
    known = interface(folder)
    (task,) = tasks(folder)
    assert known.validate_annotation(task["annotations"][0])


def test_a_task_that_does_not_fit_is_seen(coded: Project) -> None:
    folder = export(coded, format_name="labelstudio").folder
    known = interface(folder)
    result = next(
        annotation["result"]
        for task in tasks(folder)
        for annotation in task["annotations"]
        if any(one["type"] == "labels" for one in annotation["result"])
    )
    for one in result:
        if one["type"] == "labels":
            one["value"]["labels"] = ["nobody's"]
    assert not known.validate_annotation({"result": result})
