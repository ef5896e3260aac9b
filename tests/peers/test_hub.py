"""What the library “datasets” loads of the folders that are written for the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.model.record import About
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from ..export.conftest import AT, Code, example

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]

TABLES = ("sentences", "attributions", "commitments", "documents")


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Load a folder as a user would, from a place that was never loaded, without the network."""
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_DATASETS_DISABLE_PROGRESS_BARS"):
        monkeypatch.setenv(name, "1")
    import datasets

    def load(folder: Path, *names: str) -> Any:
        return datasets.load_dataset(str(folder), *names, cache_dir=str(tmp_path / "cache"))

    return load


def by_readout(row: About) -> str:
    return "train" if row.readout == "call-a" else "validation"


@pytest.mark.parametrize("form", ["hf", "hf-parquet", "jsonl", "parquet"])
def test_every_table_is_loaded_with_its_rows(
    coded: Project, load: Any, tmp_path: Path, form: str
) -> None:
    reference = export(coded, output=tmp_path / "reference").folder
    folder = export(coded, output=tmp_path / "out", format_name=form).folder
    for table in TABLES:
        lines = (reference / f"{table}.jsonl").read_bytes().splitlines()
        loaded = load(folder, table)["train"].to_list()
        expected = [json.loads(line) for line in lines]
        if form in ("hf", "jsonl"):
            assert '"at": "2026-01-02 03:04:05"' in json.dumps(loaded) or table != "sentences"
            expected = json.loads(json.dumps(expected).replace(AT, "2026-01-02 03:04:05"))
        assert loaded == expected


@pytest.mark.parametrize("form", ["hf", "hf-parquet"])
@pytest.mark.parametrize("bare", ["call-a", "call-b"])
def test_a_split_in_which_nothing_was_found_is_loaded_first_or_last(
    project: Project,
    code: Code,
    load: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    bare: str,
) -> None:
    monkeypatch.setattr("annotator.formats.tables.split_of", by_readout)
    if bare == "call-b":
        code("ada", "call-a", example())
        code("ada", "call-b", {1: ("done", ()), 2: ("done", ())})
    else:
        code("ada", "call-a", {1: ("done", ()), 2: ("done", ())})
        marks = [mark for _, marks in example().values() for mark in marks if not mark.slots]
        code("ada", "call-b", {1: ("done", tuple(marks))})
    loaded = load(export(project, output=tmp_path / "out", format_name=form).folder)
    assert set(loaded) == {"train", "validation"}
    assert loaded["train"].features == loaded["validation"].features
    empty = loaded["train" if bare == "call-a" else "validation"]
    assert [row["topics"] for row in empty] == [[], []]
    assert "string" in str(empty.features["topics"])
    assert "exact" in str(empty.features["marks"])
