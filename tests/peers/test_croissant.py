"""What mlcroissant and the parser of the hub's cards say of what stands beside the rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


def opened(folder: Path) -> Any:
    """Validate a dataset's description, and return what loads its rows."""
    import mlcroissant

    return mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))


def loaded(dataset: Any, records: str) -> list[dict[str, Any]]:
    """Return the rows of a record set, by the names of their columns."""
    cut = f"records/{records}/"
    return [
        {name.removeprefix(cut): value for name, value in row.items()}
        for row in dataset.records(f"records/{records}")
    ]


@pytest.mark.parametrize("form", ["jsonl", "parquet", "hf", "hf-parquet"])
def test_the_rows_are_loaded_by_their_description(
    coded: Project, tmp_path: Path, form: str
) -> None:
    reference = export(coded, output=tmp_path / "reference").folder
    dataset = opened(export(coded, output=tmp_path / "out", format_name=form).folder)
    for table in ("sentences", "attributions", "commitments", "documents"):
        lines = (reference / f"{table}.jsonl").read_bytes().splitlines()
        expected = [json.loads(line) for line in lines]
        found = loaded(dataset, f"{table}/train" if form.startswith("hf") else table)
        assert [row["id"].decode() for row in found] == [row["id"] for row in expected]
        for ours, theirs in zip(expected, found, strict=True):
            for name, value in ours.items():
                if isinstance(value, bool | int | float):
                    assert theirs[name] == value, name
                elif isinstance(value, str):
                    assert theirs[name].decode() == value, name
                elif value and isinstance(value[0], str):
                    assert [one.decode() for one in theirs[name]] == value, name
    marks = loaded(dataset, "sentences/train" if form.startswith("hf") else "sentences")[0]["marks"]
    assert len(marks) == 4


@pytest.mark.parametrize("form", ["csv", "brat", "cas-json", "labelstudio", "standoff"])
def test_every_form_has_a_valid_description(coded: Project, form: str) -> None:
    dataset = opened(export(coded, format_name=form).folder)
    assert not dataset.metadata.ctx.issues.errors
    warned = " ".join(dataset.metadata.ctx.issues.warnings)
    assert "license" not in warned
    assert "version" not in warned
    if form == "csv":
        assert loaded(dataset, "annotations_long")[0]["id"] == b"call-a#2@ada"


def test_a_spoiled_description_is_refused(coded: Project) -> None:
    import mlcroissant

    folder = export(coded).folder
    raw = json.loads((folder / "croissant.json").read_bytes())
    raw["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "elsewhere.jsonl"
    (folder / "croissant.json").write_text(json.dumps(raw), "utf-8")
    with pytest.raises(mlcroissant.ValidationError):
        opened(folder)


@pytest.mark.parametrize("form", ["jsonl", "csv", "hf-parquet"])
def test_the_hub_reads_the_head_of_the_card(coded: Project, form: str) -> None:
    from huggingface_hub import DatasetCard

    read = DatasetCard.load(export(coded, format_name=form).folder / "README.md")
    about = read.data.to_dict()
    assert "license" not in about
    assert about["size_categories"] == ["n<1K"]
    assert about["language"] == ["en"]
    assert about["task_ids"] == ["multi-label-classification", "topic-classification"]
    assert about["configs"][0]["default"] is True
    assert ("dataset_info" in about) == (form == "jsonl")
    assert "# A book, coded sentence by sentence" in read.text


def test_a_spoiled_card_is_refused(coded: Project) -> None:
    from huggingface_hub import DatasetCard

    card = export(coded).folder / "README.md"
    said = card.read_text(encoding="utf-8")
    card.write_text(said.replace("language:", "language: [", 1), encoding="utf-8")
    with pytest.raises(Exception, match=r"while parsing a flow (sequence|node)"):
        DatasetCard.load(card)
