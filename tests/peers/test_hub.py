"""What the library “datasets” loads of the folders that are written for the hub."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.training import Extras
from annotator.model.mark import Mark
from annotator.model.splitting import Plan, Split, Splits
from annotator.model.text import State
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from ..export.conftest import AT, PIECES, Code, example, mark

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


Coding = Mapping[int, tuple[State, tuple[Mark, ...]]]
SPLITS = {"call-a": "train", "call-b": "validation", "call-c": "test"}


@pytest.fixture
def three(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a readout for each split, that nobody coded."""
    monkeypatch.setitem(PIECES, "call-c", [("body", "They met."), ("body", "They discussed it.")])
    monkeypatch.setattr("annotator.formats.tables.split_of", lambda row: SPLITS[row.readout])
    project: Project = request.getfixturevalue("project")
    return project


def code_all_but(bare: str, code: Code) -> None:
    """Code every readout, one of them with nothing found."""
    marks = tuple(mark for _, marks in example().values() for mark in marks if not mark.slots)
    nothing: Coding = {1: ("done", ()), 2: ("done", ())}
    found: Coding = {**nothing, 1: ("done", marks)}
    for readout in SPLITS:
        labelled = example() if readout == "call-a" else found
        code("ada", readout, nothing if readout == bare else labelled)


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
@pytest.mark.parametrize("bare", SPLITS)
def test_all_splits_are_loaded_whichever_has_no_label(
    three: Project, code: Code, load: Any, tmp_path: Path, form: str, bare: str
) -> None:
    code_all_but(bare, code)
    folder = export(three, output=tmp_path / "out", format_name=form).folder
    for table in ("sentences", "documents"):
        loaded = load(folder, table)
        assert set(loaded) == set(SPLITS.values())
        assert len({str(one.features) for one in loaded.values()}) == 1
    loaded = load(folder)
    empty = loaded[SPLITS[bare]]
    assert [row["topics"] for row in empty] == [[], []]
    assert "string" in str(empty.features["topics"])
    assert "exact" in str(empty.features["marks"])
    assert [any(row["topics"] for row in one) for split, one in loaded.items()] == [
        split != SPLITS[bare] for split in loaded
    ]


def test_without_the_types_in_the_card_the_empty_split_is_no_table_of_labels(
    three: Project, code: Code, load: Any
) -> None:
    code_all_but("call-a", code)
    folder = export(three, format_name="hf").folder
    card = folder / "README.md"
    lines = card.read_text(encoding="utf-8").split("\n")
    start = lines.index("dataset_info:")
    rest = (place for place in range(start + 1, len(lines)) if not lines[place].startswith(" -"))
    end = next(place for place in rest if lines[place][:1] not in (" ", "-"))
    card.write_text("\n".join(lines[:start] + lines[end:]), encoding="utf-8")
    with pytest.raises(Exception, match=r"null|generating the dataset"):
        load(folder)


@pytest.mark.parametrize("form", ["hf", "hf-parquet"])
def test_a_file_that_was_cut_is_not_loaded(coded: Project, load: Any, form: str) -> None:
    folder = export(coded, format_name=form).folder
    (file,) = folder.rglob("sentences/train*")
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(Exception, match=r"generating the dataset|Parquet"):
        load(folder)


def lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


WANTED = Extras(multi_hot=True, tokens=True, soft=True)


@pytest.mark.parametrize("form", ["jsonl", "hf", "hf-parquet"])
def test_the_forms_for_training_are_tables_of_their_own(
    coded: Project, code: Code, load: Any, tmp_path: Path, form: str
) -> None:
    code("bob", "call-a", {2: ("done", ())})
    reference = export(coded, output=tmp_path / "reference", extras=WANTED).folder
    folder = export(coded, format_name=form, extras=WANTED).folder
    for table in ("training", "soft"):
        loaded = load(folder, table)
        found = {name: rows.to_list() for name, rows in loaded.items()}
        assert found == {"train": lines(reference / f"{table}.jsonl")}


PLACES: dict[str, Split | None] = {
    "call-a": "train",
    "call-b": "test",
    "call-c": "validation",
    "call-d": None,
}


@pytest.fixture
def split(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[Project, Splits]:
    """A project with a readout for each split and one for none, coded by three, and its splits."""
    for name in ("call-c", "call-d"):
        monkeypatch.setitem(PIECES, name, [("body", f"They met in {name}."), ("body", "So said.")])
    project: Project = request.getfixturevalue("project")
    code: Code = request.getfixturevalue("code")
    code("ada", "call-a", example())
    for name in PLACES:
        for coder in ("bob", "eve"):
            code(coder, name, {2: ("done", ())})
        if name != "call-a":
            code("ada", name, {1: ("done", ()), 2: ("done", (mark("t", "topics", "eco.trade"),))})
    return project, Splits(Plan(), 0, {name: name for name in PLACES}, PLACES)


@pytest.mark.parametrize("form", ["hf", "hf-parquet"])
def test_every_split_of_a_form_for_training_has_its_own_rows(
    split: tuple[Project, Splits],
    load: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    form: str,
) -> None:
    project, placed = split
    monkeypatch.setattr("annotator.pipeline.survey.split", lambda *given: placed)
    chosen = Selection(adjudicator="ada")
    reference, folder = (
        export(
            project, chosen, output=tmp_path / one, format_name=one, extras=WANTED, plan=Plan()
        ).folder
        for one in ("jsonl", form)
    )
    for table in ("training", "soft"):
        expected: dict[str, list[Any]] = {}
        for row in lines(reference / f"{table}.jsonl"):
            expected.setdefault(row["split"] or "left_out", []).append(row)
        assert set(expected) == {"train", "validation", "test", "left_out"}
        loaded = load(folder, table)
        assert {name: rows.to_list() for name, rows in loaded.items()} == expected
        assert len({str(one.features) for one in loaded.values()}) == 1
    card = (folder / "README.md").read_text("utf-8")
    assert "hold the rows of all splits" not in card
    assert "stand in no configuration" not in card


def test_what_was_not_asked_is_loaded_as_null(
    project: Project, load: Any, take: Any, tmp_path: Path
) -> None:
    tasks = tmp_path / "tasks.jsonl"
    task = {"text": "The parties agreed to fight terrorism in Syria by June.", "accept": []}
    given = {**task, "text": "We will never attack, he said.", "accept": ["Agreement"]}
    both = (json.dumps({**one, "answer": "accept"}) for one in (task, given))
    tasks.write_text("\n".join(both), "utf-8")
    take(project, tasks, "prodigy", "--as", "eve", "--decided", "--yes")
    extras = Extras(multi_hot=True, tokens=True)
    folder = export(project, extras=extras).folder
    loaded = load(folder, "training")["train"].to_list()
    assert loaded == lines(folder / "training.jsonl")
    assert (loaded[0]["attribution_spans"], loaded[0]["commitment_spans"]) == (None, [])


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_forms_for_training_beside_another_form_are_loaded_as_the_card_says(
    coded: Project, code: Code, load: Any, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    code("bob", "call-a", {2: ("done", ())})
    folder = export(coded, format_name=form, extras=WANTED).folder
    assert len(load(folder)["train"])
    card = (folder / "README.md").read_text("utf-8")
    monkeypatch.chdir(folder)
    import datasets

    for file in ("training.jsonl", "soft.jsonl"):
        assert f"`{file}`" in card.partition("in one form alone: ")[2].partition(" stand")[0]
        rows = datasets.load_dataset("json", data_files=file, cache_dir=str(folder.parent / "c"))
        assert rows["train"].to_list() == lines(folder / file)
    assert 'load_dataset("json", data_files="training.jsonl")' in card


@pytest.mark.parametrize("form", ["hf", "hf-parquet"])
def test_what_is_held_back_is_never_loaded_as_train(
    coded: Project, code: Code, load: Any, form: str
) -> None:
    code("ada", "call-b", {1: ("done", ())})
    plan = Plan(by="side", held="xa", validation=0)
    loaded = load(export(coded, format_name=form, plan=plan).folder)
    assert {name: len(loaded[name]) for name in loaded} == {"train": 1, "test": 5}
