"""What the library “datasets” loads of the folders that are written for the hub."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.training import Extras
from annotator.model.record import About
from annotator.model.splitting import Plan
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
        card = " ".join((folder / "README.md").read_text("utf-8").split())
        assert ("writes it anew" in card) == (form in ("hf", "jsonl"))
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


@pytest.mark.parametrize("form", ["jsonl", "hf"])
def test_the_forms_for_training_are_tables_of_their_own(
    coded: Project, code: Code, load: Any, form: str
) -> None:
    code("bob", "call-a", {2: ("done", ())})
    wanted = Extras(multi_hot=True, tokens=True, soft=True)
    folder = export(coded, format_name=form, extras=wanted).folder
    for table in ("training", "soft"):
        lines = (folder / f"{table}.jsonl").read_bytes().splitlines()
        assert load(folder, table)["train"].to_list() == [json.loads(line) for line in lines]


def test_forms_for_training_leave_the_tables_of_another_form_alone(
    coded: Project, load: Any
) -> None:
    folder = export(coded, format_name="hf-parquet", extras=Extras(multi_hot=True)).folder
    assert len(load(folder, "sentences")["train"]) == 5


@pytest.mark.parametrize("form", ["hf", "hf-parquet"])
def test_what_is_held_back_is_never_loaded_as_train(
    coded: Project, code: Code, load: Any, form: str
) -> None:
    code("ada", "call-b", {1: ("done", ())})
    plan = Plan(by="side", held="xa", validation=0)
    loaded = load(export(coded, format_name=form, plan=plan).folder)
    assert {name: len(loaded[name]) for name in loaded} == {"train": 1, "test": 5}
