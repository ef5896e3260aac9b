"""What pandas loads of the tables, typed as the reference has them."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


def reference(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "sentences.jsonl").read_bytes().splitlines()]


def loaded(folder: Path, form: str) -> Any:
    """Return the rows of the sentences; of CSV, those of the marks."""
    pandas = import_module("pandas")
    match form:
        case "jsonl":
            file = folder / "sentences.jsonl"
            return pandas.read_json(file, lines=True, dtype=False, convert_dates=False)
        case "parquet":
            return pandas.read_parquet(folder / "sentences.parquet")
        case _:
            return pandas.read_csv(folder / "annotations_long.csv", keep_default_na=False)


@pytest.mark.parametrize("form", ["jsonl", "parquet", "csv"])
def test_a_table_has_its_rows_and_its_characters(
    worldly: Project, tmp_path: Path, form: str
) -> None:
    expected = reference(export(worldly, output=tmp_path / "reference").folder)
    frame = loaded(export(worldly, output=tmp_path / "out", format_name=form).folder, form)
    frame = frame.drop_duplicates("id")
    for name in ("id", "text", "start", "end", "state", "before", "after"):
        assert frame[name].tolist() == [row[name] for row in expected], name
    shown = frame["topics"].map(json.loads if form == "csv" else list).tolist()
    assert shown == [row["topics"] for row in expected]
    assert shown[-1] == []


def test_words_are_found_in_their_sentence_by_their_offsets(worldly: Project) -> None:
    frame = loaded(export(worldly, format_name="parquet").folder, "parquet")
    found = [
        (row.text[int(slot["start"]) - row.start : int(slot["end"]) - row.start], slot["exact"])
        for row in frame.itertuples()
        for mark in row.marks
        for slot in mark["slots"]
        if slot["exact"] is not None
    ]
    assert len(found) > 10
    assert [one for one, other in found if one != other] == []


@pytest.mark.parametrize("form", ["jsonl", "parquet", "csv"])
def test_a_table_that_was_cut_is_refused(worldly: Project, form: str) -> None:
    folder = export(worldly, format_name=form).folder
    file = folder / ("annotations_long.csv" if form == "csv" else f"sentences.{form}")
    raw = file.read_bytes()
    file.write_bytes(raw[: raw.rindex(b'"')] if form == "csv" else raw[:-200])
    with pytest.raises((ValueError, OSError)):
        loaded(folder, form)
