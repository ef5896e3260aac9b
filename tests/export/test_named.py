"""What a reader does not take is named, and takes nothing along that it could read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.told import Told
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

TEXT = "He pledged €2 billion."


def read(form: str, path: Path) -> tuple[list[Told], list[str]]:
    found = list(dialect(form).read(path))
    return (
        [one for one in found if isinstance(one, Told)],
        [str(one) for one in found if isinstance(one, InputError)],
    )


def region(start: int, end: int, label: str) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    return {"from_name": "ner", "to_name": "text", "type": "labels", "value": value}


def test_a_region_that_is_none_leaves_the_others(tmp_path: Path) -> None:
    result = [region(0, 2, "WHO"), region(0, 9000, "FAR"), region(3, 10, "WHAT")]
    path = tmp_path / "tasks.json"
    path.write_text(
        json.dumps([{"data": {"text": TEXT}, "annotations": [{"result": result}]}]), "utf-8"
    )
    (one,), (said,) = read("labelstudio", path)
    assert [tag.label for tag in one.tags] == ["WHO", "WHAT"]
    assert "0 to 9000 is no stretch of the text. That region is left out." in said


def test_a_row_of_ours_loses_no_mark_by_a_region_that_is_none(coded: Project) -> None:
    file = export(coded, format_name="labelstudio").folder / "tasks.json"
    tasks = json.loads(file.read_text("utf-8"))
    before = len(read("labelstudio", file)[0])
    spans = (
        one["value"]
        for task in tasks
        for work in task["annotations"]
        for one in work["result"]
        if one["type"] == "labels"
    )
    next(spans)["end"] = 9000
    file.write_text(json.dumps(tasks), "utf-8")
    found, said = read("labelstudio", file)
    assert len(found) == before - 1
    assert len(said) == 1


def test_json_min_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "min.json"
    path.write_text(
        json.dumps([{"text": TEXT, "id": 1, "topic": "Aid", "annotation_id": 7, "lead_time": 1.5}])
    )
    found, (said,) = read("labelstudio", path)
    assert found == []
    assert "this is JSON-MIN" in said
    assert "Export it from Label Studio as JSON." in said


def test_columns_of_conllu_that_hold_no_label_of_ours_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ud.conllu"
    path.write_text(
        "# sent_id = 1\n# topics = aid\n"
        "1\tHe\the\tPRON\t_\t_\t2\tnsubj\t_\tNER=B-PER|SpaceAfter=No\n\n",
        "utf-8",
    )
    (one,), (said,) = read("conllu", path)
    assert [(tag.field, tag.label) for tag in one.tags] == [("topics", "aid")]
    assert "ud.conllu: DEPREL, LEMMA, UPOS, “NER” of MISC are not read." in said
    assert "# key = label|label" in said


def test_our_own_conllu_has_nothing_that_is_not_read(coded: Project) -> None:
    assert read("conllu", export(coded, format_name="conllu").folder)[1] == []


def test_a_csv_of_others_is_told_the_way_in(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("text,label\nHe pledged.,aid\n", "utf-8")
    with pytest.raises(InputError, match="--format doccano"):
        read("csv", path)


def test_a_key_that_is_not_ours_is_not_called_missing(tmp_path: Path) -> None:
    path = tmp_path / "theirs.jsonl"
    path.write_text(json.dumps({"text": TEXT, "label": "aid"}) + "\n", "utf-8")
    _, (said,) = read("jsonl", path)
    assert "line 1: “label” is no key of a row of ours. Name the format" in said


def test_what_is_not_utf_8_is_told_a_way_that_there_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n')
    _, (said,) = read("doccano", path)
    assert "Save it as UTF-8, or tell “annotator add” its encoding" in said


@pytest.mark.parametrize(("text", "is_blamed"), [(TEXT, False), (f"A\r\n{TEXT}", True)])
def test_line_ends_are_blamed_only_where_there_are_such(
    tmp_path: Path, text: str, is_blamed: bool
) -> None:
    one = region(0, 2, "A")
    one["value"]["text"] = "no such words"
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps([{"data": {"text": text}, "annotations": [{"result": [one]}]}]))
    _, (said,) = read("labelstudio", path)
    assert "the words of the region 0 to 2 stand elsewhere" in said
    assert ("moves them" in said) == is_blamed
