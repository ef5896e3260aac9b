"""A file in another form than was named is told once, with the form that it looks like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from annotator.pipeline.project import Project

from .conftest import Call

PRODIGY = {"text": "The parties met.", "spans": [], "answer": "accept", "_view_id": "spans_manual"}
DOCCANO = {"text": "The parties met.", "label": ["A"], "Comments": []}
STUDIO = {"data": {"text": "The parties met."}, "annotations": []}
OURS = {"readout": "call-a", "coder": "ada", "marks": [], "text": "The parties met."}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "named", "looks"),
    [
        (PRODIGY, "doccano", "prodigy"),
        (PRODIGY, "jsonl", "prodigy"),
        (DOCCANO, "prodigy", "doccano"),
        (DOCCANO, "conll", "doccano"),
        (STUDIO, "doccano", "labelstudio"),
        (OURS, "doccano-spans", "jsonl"),
    ],
)
def test_rows_of_another_form_are_one_error(
    project: Project, call: Call, tmp_path: Path, row: dict[str, Any], named: str, looks: str
) -> None:
    file = str(lines(tmp_path / "theirs.jsonl", *[row] * 30))
    for verb in (("import", file, "--as", "eve"), ("add", file)):
        code, said = call(*verb, "--format", named)
        assert code == 2
        assert said.count("theirs.jsonl") == 1
        assert f"Name its form: --format {looks}." in said


def test_an_array_on_many_lines_is_known_too(project: Project, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "ls.json"
    file.write_text(json.dumps([STUDIO] * 30, indent=2), "utf-8")
    code, said = call("import", str(file), "--as", "eve", "--format", "prodigy")
    assert (code, said.count("\n")) == (2, 1)
    assert "looks like Label Studio JSON. Name its form: --format labelstudio." in said
    for plain in ("ls.json", "bare.json"):
        (tmp_path / "bare.json").write_text(json.dumps([{"text": "a"}] * 30, indent=2), "utf-8")
        code, said = call("import", str(tmp_path / plain), "--as", "eve", "--format", "doccano")
        assert (code, said.count("\n")) == (2, 1)


def test_one_row_of_another_form_stops_no_other(
    project: Project, call: Call, tmp_path: Path
) -> None:
    file = lines(tmp_path / "mixed.jsonl", DOCCANO, PRODIGY, {"text": "The parties met."})
    _, said = call("import", str(file), "--as", "eve", "--format", "doccano")
    assert "mixed.jsonl, line 2 looks like Prodigy JSON Lines." in said
    assert "line 1 looks" not in said
    assert "line 3 looks" not in said


@pytest.mark.parametrize(
    ("name", "content", "looks"),
    [
        ("pc.jsonl", f"{json.dumps(PRODIGY)}\n" * 9, "prodigy"),
        ("ls.json", json.dumps([STUDIO], indent=1), "labelstudio"),
        ("cas.json", json.dumps({"%TYPES": {}, "%VIEWS": {}}, indent=1), "cas-json"),
        ("project.qdpx", "PK", "refi"),
        ("a.ann", "T1\tPerson 0 2\tHe\n", "brat"),
    ],
)
def test_adding_without_a_form_names_the_one_it_looks_like(
    project: Project, call: Call, tmp_path: Path, name: str, content: str, looks: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    code, said = call("add", str(tmp_path / name))
    assert code == 2
    assert said.count(name) == 1
    assert f"--format {looks}." in said
    assert "plain text" not in said


UNKNOWN = {"body": "The parties met.", "tags": ["A"]}


@pytest.mark.parametrize("named", ["jsonl", "hf", "standoff", "prodigy", "doccano", "conllu"])
@pytest.mark.parametrize("plain", [False, True])
def test_a_file_of_no_known_form_is_one_sentence_that_names_those_there_are(
    project: Project, call: Call, tmp_path: Path, named: str, plain: bool
) -> None:
    file = lines(tmp_path / "theirs.txt", *[UNKNOWN] * 30)
    if plain:
        file.write_text("The parties met.\nThey parted.\n", "utf-8")
    code, said = call("import", str(file), "--format", named, "--as", "eve")
    assert code == 2
    assert said.count("theirs.txt") == said.count("\n") == 1
    assert f"If its form is not {named}, name it: --format takes jsonl, csv, " in said


@pytest.mark.parametrize("named", ["jsonl", "csv", "prodigy", "labelstudio", "brat", "slate"])
def test_a_folder_that_lacks_the_files_of_a_form_is_one_sentence_too(
    project: Project, call: Call, tmp_path: Path, named: str
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "notes.txt").write_text("The parties met.\n", "utf-8")
    code, said = call("import", str(folder), "--format", named, "--as", "eve")
    assert (code, said.count("\n")) == (2, 1)
    assert f"If its form is not {named}, name it: --format takes jsonl, csv, " in said


def test_rows_of_the_form_that_are_all_bad_are_each_named(
    project: Project, call: Call, tmp_path: Path
) -> None:
    bad = {"text": "The parties met.", "spans": [{"start": 90, "end": 99, "label": "A"}]}
    file = lines(tmp_path / "theirs.jsonl", *[{**bad, "annotator": 7}] * 3)
    code, said = call("import", str(file), "--format", "prodigy", "--as", "eve")
    assert code == 2
    assert all(f"theirs.jsonl, line {number}" in said for number in (1, 2, 3))


@pytest.mark.parametrize("named", ["cas-json", "doccano", "labelstudio", "jsonl", "conll"])
def test_a_zip_is_to_be_unpacked_first(
    project: Project, call: Call, tmp_path: Path, named: str
) -> None:
    path = tmp_path / "theirs.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("admin.jsonl", json.dumps(DOCCANO))
    said = "theirs.zip is a ZIP archive: unpack it first, and name what is in it."
    for verb in (("import", "--as", "eve"), ("add",)):
        code, heard = call(*verb, str(path), "--format", named)
        assert (code, heard.count(said), heard.count("ZIP")) == (2, 1, 1)
    code, heard = call("add", str(path))
    assert (code, heard.count(said)) == (2, 1)


@pytest.mark.parametrize("named", ["labelstudio", "doccano", "prodigy"])
def test_json_min_is_told_once_whatever_its_labels_look_like(
    project: Project, call: Call, tmp_path: Path, named: str
) -> None:
    row = {"text": "The parties met.", "label": [{"start": 0, "end": 3, "labels": ["A"]}]}
    more = {"id": 1, "annotator": 1, "annotation_id": 7, "lead_time": 1.5}
    path = tmp_path / "min.json"
    path.write_text(json.dumps([{**row, **more}, {**more, "text": "x", "topic": "A"}]), "utf-8")
    code, said = call("import", str(path), "--format", named, "--as", "eve")
    assert code == 2
    assert "looks like doccano" not in said
    assert said.count("JSON-MIN") == (named == "labelstudio")
    assert said.count("looks like Label Studio JSON") == (named != "labelstudio")
