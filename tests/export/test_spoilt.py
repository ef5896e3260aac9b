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

from .conftest import Code, example


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


GONE = {f"call-a#{one}@ada" for one in ("t1", "s1", "c1", "x1")}
BYTES = [
    ("jsonl", "sentences.jsonl", b"Syria by June", GONE),
    ("standoff", "sentences.jsonl", b"call-a#t1@ada", GONE),
    ("csv", "annotations_long.csv", b"fight terrorism,", GONE),
    ("csv", "annotations_long.csv", b"call-a#2@ada", GONE),
    ("csv", "annotations_long.csv", b"action,span", GONE),
    ("csv", "documents.csv", b"Readout of a call", set()),
    ("doccano", "doccano/ada.jsonl", b"Syria by June", GONE),
    ("labelstudio", "tasks.json", b"Syria by June", GONE | {x.replace("ada", "bob") for x in GONE}),
    ("conllu", "sentences.conllu", b"\tSyria", GONE),
    ("conllu", "sentences.conllu", b"# topics = sec.terror", GONE),
    ("conllu", "sentences.conllu", b"# newdoc id = call-a@bob", set()),
    ("conllu", "sentences.conllu", b"# annotator_document = {", set()),
    ("conll", "coders/ada/topics.conll", b"Syria -X-", set()),
    ("conll", "coders/ada/sentences.txt", b"call-a#2@ada", set()),
    ("slate", "coders/ada/call-a.txt.annotations", b" - commitments:action", set()),
    ("brat", "coders/ada/call-a.ann", b"fight terrorism", None),
]


@pytest.mark.parametrize(("form", "name", "place", "gone"), BYTES)
def test_one_byte_that_is_no_text_stops_nothing_else(
    form: str, name: str, place: bytes, gone: set[str] | None, coded: Project, code: Code
) -> None:
    code("bob", "call-a", example())
    folder = export(coded, format_name=form).folder
    before = marks(told(form, folder)[0])
    if gone is None:  # A text stands and falls with its file.
        gone = {mark for mark in before if mark.endswith("@ada")}
    raw = (folder / name).read_bytes()
    at = raw.index(place) + len(place) - 1
    (folder / name).write_bytes(raw[:at] + b"\xff" + raw[at + 1 :])
    found, wrong = told(form, folder)
    line = raw.count(b"\n", 0, at) + 1
    assert all(f"{name}, line {line}" in one and "not UTF-8" in one for one in wrong)
    assert wrong
    assert marks(found) == before - gone
    assert [one for one in found if one.tags or "\ufffd" in one.text] == []


def test_columns_of_others_lose_the_sentence_with_a_bad_byte(tmp_path: Path) -> None:
    file = tmp_path / "ner.conll"
    file.write_bytes(b"Ana B-PER\nspoke O\n\nBern B-LOC\nis\xff O\nbig O\n\nBonn B-LOC\n")
    (found,), (wrong,) = told("conll", file)
    assert found.text == "Ana spoke\nBonn"
    assert [found.text[tag.start : tag.end] for tag in found.tags] == ["Ana", "Bonn"]
    assert f"{file}, line 5: the byte at offset 2 of the line is not UTF-8." in wrong


def test_what_stands_before_a_bad_byte_of_a_project_is_told(coded: Project, code: Code) -> None:
    code("ada", "call-b", {1: ("done", ())})
    folder = export(coded, format_name="refi").folder
    with ZipFile(folder / "project.qdpx") as made:
        members = {name: made.read(name) for name in made.namelist()}
    raw = members["project.qde"]
    at = raw.rindex(b"<TextSource") + 20
    members["project.qde"] = raw[:at] + b"\xff" + raw[at + 1 :]
    with ZipFile(folder / "project.qdpx", "w") as made:
        for name, member in members.items():
            made.writestr(name, member)
    reading = dialect("refi").read(folder / "project.qdpx")
    first = next(reading)
    assert isinstance(first, Told)
    assert first.name == "call-a"
    line = raw.count(b"\n", 0, at) + 1
    with pytest.raises(InputError, match=rf"line {line}: .* Nothing after it was read"):
        list(reading)
