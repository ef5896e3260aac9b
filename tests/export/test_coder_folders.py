"""Coders who are called like a file or folder of a dataset, and where each one's files lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.dialect import Dialect
from annotator.formats.dialects import dialect
from annotator.formats.told import Told
from annotator.formats.training import Extras
from annotator.model.splitting import Plan
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import Code, mark
from .forms import forms

NAMES = (
    "README.md", "TypeSystem.xml", "annotation.conf", "annotations_long.csv", "attributions.csv",
    "attributions.jsonl", "attributions.parquet", "call-a.ann", "call-a.json", "call-a.txt",
    "call-a.txt.annotations", "call-a.xmi", "checksums.txt", "codebook.qdc", "coders",
    "commitments.csv", "commitments.jsonl", "commitments.parquet", "config.xml", "croissant.json",
    "data", "doccano", "documents", "documents.csv", "documents.jsonl", "documents.parquet",
    "labels.json", "leaks.jsonl", "losses.jsonl", "marks.csv", "prodigy.jsonl", "project.qdpx",
    "rejected.jsonl", "sentences.conllu", "sentences.csv", "sentences.jsonl", "sentences.parquet",
    "sentences.txt", "soft.jsonl", "spans.csv", "splits.json", "tasks.json", "test",
    "topics.conll", "train", "training.jsonl", "validation",
)  # fmt: skip
"""What the files and folders of a dataset are called, whatever its form."""

BY_FOLDER = ("brat", "conll", "slate", "slate-character")


def told(form: str, folder: Path) -> list[Told]:
    found = list(dialect(form).read(folder))
    assert not [str(one) for one in found if isinstance(one, InputError)]
    return [one for one in found if isinstance(one, Told)]


@pytest.mark.parametrize("form", forms())
def test_a_coder_can_be_called_like_any_file_of_a_dataset(
    project: Project, code: Code, form: Dialect
) -> None:
    marks = (mark("t1", "topics", "eco.trade"), mark("x1", "topics", "sec.terror", rejected=True))
    for name in NAMES:
        code(name, "call-a", {2: ("done", marks)})
    plan = Plan(by="side", held="xa", validation=0)
    extras = Extras(multi_hot=True, soft=True)
    folder = export(project, format_name=form.name, plan=plan, extras=extras).folder
    assert {one.name for one in folder.iterdir()} <= {*NAMES}
    found = {one.coder: [row.coder for row in one.rows] for one in told(form.name, folder)}
    assert found == {name: [name] for name in NAMES}


@pytest.mark.parametrize("form", BY_FOLDER)
def test_a_dataset_whose_coders_lie_at_its_top_is_read_like_one_of_now(
    coded: Project, code: Code, form: str
) -> None:
    code("bob", "call-a", {2: ("done", (mark("t1", "topics", "eco.trade"),)), 3: ("done", ())})
    folder = export(coded, format_name=form).folder
    now = {one.coder: one.rows for one in told(form, folder)}
    assert {coder: len(rows) for coder, rows in now.items()} == {"ada": 5, "bob": 2}
    for one in sorted((folder / "coders").iterdir()):
        one.rename(folder / one.name)
    (folder / "coders").rmdir()
    assert {one.coder: one.rows for one in told(form, folder)} == now


@pytest.mark.parametrize("form", ["brat", "slate", "slate-character"])
def test_files_without_our_rows_are_of_the_coder_whose_folder_they_are_in(
    project: Project, code: Code, form: str
) -> None:
    for name in ("labels.json", "ada"):
        code(name, "call-a", {2: ("done", (mark("t1", "topics", "eco.trade"),))})
    folder = export(project, format_name=form).folder
    (folder / "sentences.jsonl").unlink(missing_ok=True)
    for file in folder.rglob("*.ann"):
        lines = file.read_text("utf-8").split("\n")
        kept = [line for line in lines if not line.startswith("#")]
        file.write_text("\n".join(kept), "utf-8")
    assert {one.coder for one in told(form, folder)} == {"ada", "labels.json"}
