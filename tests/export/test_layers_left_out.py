"""A dataset tells of the layers that are in it, and of no other when it comes back."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.dialect import Dialect
from annotator.formats.training import Extras
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from .conftest import CODEBOOK, Call, Code, mark
from .forms import forms

FIGHT = "The parties agreed to fight terrorism in Syria by June."
VISAS = "visas."
OTHERS = ["speakers", "commitments", "tone"]


def rows(folder: Path, file: str = "sentences.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / file).read_bytes().splitlines()]


def readme(folder: Path) -> str:
    return " ".join((folder / "README.md").read_text("utf-8").split())


def of(project: Project, coder: str, **more: Any) -> Path:
    """Export what a coder has, in all layers."""
    out = project.root.parent / f"of-{coder}"
    return export(project, Selection(coders=(coder,)), output=out, force=True, **more).folder


def brought(
    project: Project,
    call: Call,
    layers: tuple[str, ...] | None,
    form: str = "jsonl",
    coder: str = "ada",
) -> str:
    """Bring what a coder has of some layers in as kim; return what is said."""
    chosen = Selection(layers=layers, coders=(coder,))
    out = project.root.parent / "-".join(("of", form, coder, *(layers or ())))
    folder = export(project, chosen, output=out, format_name=form).folder
    code, said = call("import", str(folder), "--format", form, "--as", "kim", "--yes")
    assert code == 0, said
    return said


def said_by(row: dict[str, Any]) -> list[str]:
    return sorted(f"{one['layer']} {one['label']} {one['slots']}" for one in row["marks"])


@pytest.mark.parametrize("form", forms(lambda form: bool(form.reader)))
def test_the_layers_that_were_not_exported_come_back_as_not_asked(
    form: Dialect, coded: Project, call: Call
) -> None:
    said = brought(coded, call, ("topics",), form.name)
    assert "says nothing of the layers speakers, commitments, tone: what comes from it" in said
    folder = of(coded, "kim", extras=Extras(tokens=True, multi_hot=True))
    found = rows(folder)
    assert [row["topics"] for row in found] == [
        ["sec.terror"],
        ["eco.trade"],
        [],
        ["eco.trade"],
        [],
    ]
    for row in found:
        assert (row["state"], row["unasked"], row["voice"]) == ("done", OTHERS, None)
        assert (row["imported"], row["keys"]) == (False, 3)
    for row in rows(folder, "training.jsonl"):
        assert (row["attribution_tags"], row["commitment_spans"]) == (None, None)
        assert row["topics_multi_hot"] is not None
    said = readme(folder)
    assert "(see Known limits)" in said
    assert "or was not in the dataset that they were taken from: 5 of 5." in said
    assert "a file of another program alone decided" not in said


def test_a_row_says_which_layers_are_in_it(coded: Project) -> None:
    every = rows(export(coded).folder)
    assert {tuple(row["layers"]) for row in every} == {("topics", *OTHERS)}
    part = rows(export(coded, Selection(layers=("tone", "topics")), name="part").folder)
    assert {tuple(row["layers"]) for row in part} == {("topics", "tone")}
    assert {row["voice"] for row in part} == {row["voice"] for row in every}


def test_a_coder_who_was_not_asked_is_in_no_agreement_and_no_vote(
    coded: Project, call: Call
) -> None:
    brought(coded, call, ("topics",))
    folder = export(coded, Selection(adjudicator="ada")).folder
    (told, *_) = (row for row in rows(folder, "training.jsonl") if row["id"] == "call-a#2@ada")
    assert [(one["coder"], one["unasked"]) for one in told["by_coder"]] == [("kim", OTHERS)]


def test_the_other_layers_join_those_that_are_there(coded: Project, call: Call) -> None:
    brought(coded, call, ("topics",))
    said = brought(coded, call, ("speakers", "commitments"))
    assert "says other" not in said
    found = rows(of(coded, "kim"))
    assert {tuple(row["unasked"]) for row in found} == {("tone",)}
    said = brought(coded, call, ("tone",))
    assert "says nothing of the layers topics, speakers, commitments" in said
    whole, mine = rows(of(coded, "ada")), rows(of(coded, "kim"))
    assert [said_by(row) for row in mine] == [
        [one.replace("@ada", "@kim") for one in said_by(row)] for row in whole
    ]
    for row, other in zip(mine, whole, strict=True):
        assert (row["unasked"], row["voice"], row["keys"]) == ([], other["voice"], 3)
    said = brought(coded, call, None)
    assert "Nothing new is taken in." in said
    assert "says nothing of" not in said


def test_what_stands_is_not_overwritten_by_the_layers_of_a_file(
    coded: Project, code: Code, call: Call
) -> None:
    brought(coded, call, ("topics", "tone"))
    code("bob", "call-a", {2: ("done", (mark("t9", "topics", "eco.trade"),))})
    said = brought(coded, call, ("topics", "speakers"), coder="bob")
    assert "sentence 2 of call-a" in said
    row = rows(of(coded, "kim"))[0]
    assert (row["topics"], row["voice"], row["unasked"]) == (
        ["sec.terror"],
        "narrator",
        ["commitments"],
    )


def test_a_layer_that_the_codebook_of_the_dataset_did_not_have_was_not_asked(
    coded: Project, call: Call
) -> None:
    folder = export(coded).folder
    book = coded.root / "schemas" / "readouts.toml"
    mood = (
        '[[layers]]\nid = "mood"\nname = "Mood"\nkey = "y"\nlabels = [{ id = "a", name = "A" }]\n'
    )
    book.write_text(CODEBOOK + mood, "utf-8")
    coded.forget_codebook()
    assert call("import", str(folder), "--as", "kim", "--yes")[0] == 0
    assert {tuple(row["unasked"]) for row in rows(of(coded, "kim"))} == {("mood",)}


def test_a_dataset_from_before_its_rows_named_layers_is_read_as_before(
    coded: Project, call: Call
) -> None:
    folder = export(coded, Selection(layers=("topics",))).folder
    found = rows(folder)
    for row in found:
        del row["layers"], row["imported"]
    found[0]["unasked"] = ["speakers"]
    (folder / "sentences.jsonl").write_bytes(
        b"".join(json.dumps(row).encode() + b"\n" for row in found)
    )
    assert call("import", str(folder), "--as", "kim", "--yes")[0] == 0
    mine = rows(of(coded, "kim"))
    assert [(row["unasked"], row["imported"]) for row in mine] == [
        (["speakers"], True),
        *[([], False)] * 4,
    ]


def without_columns_of_csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        first, *lines = csv.reader(file)
    kept = [at for at, name in enumerate(first) if name not in LATER]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[line[at] for at in kept] for line in (first, *lines)])


def without_columns_of_parquet(path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pq.read_table(path).drop_columns([*LATER]), path)


LATER = ("layers", "imported", "adjudicated", "unasked")
OLDER: dict[str, tuple[str, Callable[[Path], None]]] = {
    "csv": ("annotations_long.csv", without_columns_of_csv),
    "parquet": ("sentences.parquet", without_columns_of_parquet),
}


@pytest.mark.parametrize("form", OLDER)
def test_a_table_without_the_columns_that_came_later_is_read(
    coded: Project, call: Call, form: str
) -> None:
    folder = export(coded, Selection(coders=("ada",)), format_name=form).folder
    name, strip = OLDER[form]
    strip(folder / name)
    code, said = call("import", str(folder), "--format", form, "--as", "kim", "--yes")
    assert code == 0, said
    whole, mine = rows(of(coded, "ada")), rows(of(coded, "kim"))
    assert [row["unasked"] for row in mine] == [[]] * 5
    assert [len(row["marks"]) for row in mine] == [len(row["marks"]) for row in whole]


@pytest.mark.parametrize("form", forms(lambda form: bool(form.reader)))
def test_what_a_file_alone_decided_stays_so(
    form: Dialect, project: Project, call: Call, tmp_path: Path
) -> None:
    tasks = [(FIGHT, ["Terrorism", "Indirect", "Agreement", "Warm"]), (VISAS, [])]
    made = ({"text": text, "accept": given, "answer": "accept"} for text, given in tasks)
    path = tmp_path / "tasks.jsonl"
    path.write_text("".join(json.dumps(task) + "\n" for task in made), "utf-8")
    args = ("--format", "prodigy", "--as", "ada", "--yes", "--decided")
    assert call("import", str(path), *args)[0] == 0
    brought(project, call, None, form.name)
    for coder in ("ada", "kim"):
        folder = of(project, coder)
        assert [(row["imported"], row["unasked"]) for row in rows(folder)] == [(True, [])] * 2
        said = readme(folder)
        assert "file of another program alone decided, and no coder since: 2 of 2." in said
        assert "without any mark: 1 (see Known limits)" in said
