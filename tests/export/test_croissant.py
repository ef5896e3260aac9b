"""`croissant.json`: what a dataset says of itself to programs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from annotator.formats.columns import columns
from annotator.formats.dialects import DIALECTS
from annotator.model.record import SentenceRow
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import Code

BESIDE = {"croissant.json", "checksums.txt"}
FORMS = [one.name for one in DIALECTS if one.extra != "spacy"]


def described(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "croissant.json").read_bytes())
    return found


def fields(within: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for field in (*within.get("field", ()), *within.get("subField", ())):
        yield field
        yield from fields(field)


@pytest.mark.parametrize("form", FORMS)
def test_every_file_is_named_with_its_sha256(coded: Project, form: str) -> None:
    folder = export(coded, format_name=form).folder
    found = described(folder)
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {one["contentUrl"] for one in found["distribution"]} == there - BESIDE
    for one in found["distribution"]:
        assert (
            one["sha256"] == hashlib.sha256((folder / one["contentUrl"]).read_bytes()).hexdigest()
        )
        assert one["encodingFormat"]


@pytest.mark.parametrize("form", ["jsonl", "parquet", "csv", "hf", "hf-parquet"])
def test_every_table_is_a_record_set_with_its_columns(coded: Project, form: str) -> None:
    report = export(coded, format_name=form)
    found = described(report.folder)
    files = {one["@id"] for one in found["distribution"]}
    assert len(found["recordSet"]) == len([rows for rows in report.rows.values() if rows])
    ids: list[str] = []
    for records in found["recordSet"]:
        ids.append(records["@id"])
        every = list(fields(records))
        ids += [one["@id"] for one in every]
        leaves = [one for one in every if "subField" not in one]
        (file,) = {one["source"]["fileObject"]["@id"] for one in leaves}
        assert file in files
        assert all(one["dataType"].startswith("sc:") for one in leaves)
        named = {one["name"].rpartition("/")[2] for one in records["field"]}
        assert named == set(names(report.folder / file))
    assert len(ids) == len(set(ids))


def names(file: Path) -> list[str]:
    if file.suffix == ".parquet":
        return list(pq.read_schema(file).names)
    first = file.read_text("utf-8").split("\n", 1)[0]
    return first.rstrip("\r").split(",") if file.suffix == ".csv" else list(json.loads(first))


def test_the_types_are_those_of_the_columns(coded: Project) -> None:
    (sentences, *_) = described(export(coded).folder)["recordSet"]
    by_name = {one["@id"].removeprefix("records/sentences/"): one for one in fields(sentences)}
    assert by_name["start"]["dataType"] == "sc:Integer"
    assert by_name["seconds"]["dataType"] == "sc:Float"
    assert by_name["flagged"]["dataType"] == "sc:Boolean"
    assert (by_name["topics"]["dataType"], by_name["topics"]["repeated"]) == ("sc:Text", True)
    assert by_name["marks/start"]["source"] == {
        "fileObject": {"@id": "sentences.jsonl"},
        "extract": {"column": "marks"},
        "transform": {"jsonPath": "start"},
    }
    assert "slots (slot, type, value" in by_name["marks"]["description"]
    assert len(sentences["field"]) == len(columns(SentenceRow))


def test_it_says_the_licence_that_all_readouts_have_and_the_version_of_the_codebook(
    coded: Project, code: Code
) -> None:
    found = described(export(coded).folder)
    assert (found["license"], found["version"]) == ("CC0", "9.8.7")
    assert "The licence is that of the readouts, not of the codings." in found["description"]
    code("ada", "call-b", {1: ("done", ())})
    (coded.paths.seeds / "call-b.toml").write_text('licence = "CC-BY-4.0"\n', "utf-8")
    found = described(export(Project.open(coded.root)).folder)
    assert "license" not in found
    assert "The licence is" not in found["description"]


def test_it_says_the_languages_that_are_known_and_no_licence_where_one_misses(
    coded: Project, code: Code
) -> None:
    code("ada", "call-b", {1: ("done", ())})
    found = described(export(coded).folder)
    assert found["inLanguage"] == ["en"]
    assert "license" not in found
    assert "6 sentences of 2 diplomatic readouts" in found["description"]
    (coded.paths.seeds / "call-a.toml").unlink()
    found = described(export(Project.open(coded.root)).folder)
    assert "inLanguage" not in found
