"""Datasets of ours of which a part is spoilt: it is named, and takes nothing else along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.told import Told
from annotator.pipeline.export import export
from annotator.pipeline.project import Project


def told(form: str, path: Path) -> tuple[list[Told], list[str]]:
    found = list(dialect(form).read(path))
    return (
        [item for item in found if isinstance(item, Told)],
        [str(item) for item in found if isinstance(item, InputError)],
    )


def marks(found: list[Told]) -> set[str]:
    return {mark.id for item in found for row in item.rows for mark in row.marks}


def changed(path: Path, before: str, after: str) -> None:
    raw = path.read_text("utf-8")
    assert before in raw
    path.write_text(raw.replace(before, after, 1), "utf-8")


def in_the_archive(folder: Path) -> None:
    with ZipFile(folder / "project.qdpx") as made:
        members = {name: made.read(name).decode() for name in made.namelist()}
    place = members["project.qde"].index('name="fight terrorism"')
    head, rest = members["project.qde"][:place], members["project.qde"][place:]
    members["project.qde"] = head + rest.replace('endPosition="', 'endPosition="x', 1)
    with ZipFile(folder / "project.qdpx", "w") as made:
        for name, raw in members.items():
            made.writestr(name, raw)


def in_the_file(name: str, before: str, after: str) -> Callable[[Path], None]:
    return lambda folder: changed(folder / name, before, after)


NOTES = "coders/ada/call-a.txt.annotations"
COLUMNS = "coders/ada/commitments.conll"
SPOILT = [
    ("brat", in_the_file("coders/ada/call-a.ann", "commitments-action ", "commitments-action x")),
    ("slate", in_the_file(NOTES, " - commitments:action", " = commitments:action")),
    ("slate-character", in_the_file(NOTES, " - commitments:action", " = commitments:action")),
    (
        "conll",
        in_the_file(COLUMNS, " B-action:agreement", " X-action:agreement"),
    ),
    ("refi", in_the_archive),
]


@pytest.mark.parametrize(("form", "spoil"), SPOILT, ids=[form for form, _ in SPOILT])
def test_what_cannot_be_read_takes_no_mark_away(
    form: str, spoil: Callable[[Path], None], coded: Project
) -> None:
    folder = export(coded, format_name=form).folder
    before = marks(told(form, folder)[0])
    assert "call-a#c1@ada" in before
    spoil(folder)
    (found,), wrong = told(form, folder)
    assert wrong
    assert marks([found]) == before
    assert [tag for tag in found.tags if "action" not in tag.label] == []


@pytest.mark.parametrize(
    ("form", "name", "before"),
    [
        ("brat", "coders/ada/call-a.ann", '{"annotator":{"readout"'),
        ("slate", "sentences.jsonl", '{"readout"'),
        ("conll", "sentences.jsonl", '{"readout"'),
        ("conllu", "sentences.conllu", '# annotator = {"readout"'),
    ],
)
def test_a_sentence_whose_row_cannot_be_read_does_not_come_in_pieces(
    form: str, name: str, before: str, coded: Project
) -> None:
    folder = export(coded, format_name=form).folder
    whole = marks(told(form, folder)[0])
    changed(folder / name, before, before + "{")
    found, (wrong, *_) = told(form, folder)
    assert "is not JSON" in wrong
    gone = {f"call-a#{one}@ada" for one in ("t1", "s1", "c1", "x1")}
    assert marks(found) == whole - gone
    assert [one.tags for one in found if one.tags] == []
