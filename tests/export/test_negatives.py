"""What was looked at and has no label is decided; what was only refused is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.model.sentence import Sentence
from annotator.pipeline.project import Project

from .conftest import PIECES, Call

NEVER, SPACED, TRADE = (text for _, text in PIECES["call-b"])


def prodigy(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "accept": [], "answer": "accept", **more}


def studio(text: str, **more: Any) -> dict[str, Any]:
    return {"data": {"text": text}, "annotations": [{"completed_by": 7, "result": [], **more}]}


def doccano(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "label": [], **more}


def imported(call: Call, folder: Path, form: str, rows: list[Any], *args: str) -> tuple[int, str]:
    file = folder / f"theirs.{form}"
    said = json.dumps(rows) if form == "labelstudio" else "\n".join(map(json.dumps, rows))
    file.write_text(said, "utf-8")
    return call("import", str(file), "--format", form, "--as", "eve", *args)


def sentences(project: Project) -> list[Sentence]:
    snapshot = project.store().read("eve", "call-b")
    return [one for _, one in snapshot.coding.sentences()] if snapshot else []


@pytest.mark.parametrize(
    ("form", "row"),
    [("prodigy", prodigy), ("labelstudio", studio), ("doccano", doccano)],
    ids=["prodigy", "labelstudio", "doccano"],
)
def test_texts_that_were_looked_at_and_have_no_label_are_decided_once(
    project: Project, tmp_path: Path, call: Call, form: str, row: Any
) -> None:
    rows = [row(text) for text in (NEVER, SPACED, TRADE)]
    assert (
        "3 texts of the file have no label: with --decided"
        in imported(call, tmp_path, form, rows)[1]
    )
    args = (call, tmp_path, form, rows, "--decided")
    assert "3 sentences would be decided without a mark." in imported(*args)[1]
    assert sentences(project) == []
    code, said = imported(*args, "--yes")
    assert (code, "3 sentences will be decided without a mark." in said) == (0, True)
    assert [(one.state, one.marks) for one in sentences(project)] == [("done", ())] * 3
    code, said = imported(*args, "--yes")
    assert (code, "without a mark" in said) == (0, False)


def test_a_text_of_several_sentences_without_a_label_decides_all_and_one_with_a_label_its_own(
    project: Project, tmp_path: Path, call: Call
) -> None:
    whole = "\n".join((NEVER, SPACED, TRADE))
    span = [whole.index("attack"), whole.index("attack") + 6, "Terrorism"]
    some = [doccano(whole, label=[span])]
    imported(call, tmp_path, "doccano", some, "--decided", "--yes")
    assert [one.state for one in sentences(project)] == ["done", "new", "new"]
    _, said = imported(call, tmp_path, "doccano", [doccano(whole)], "--decided", "--yes")
    assert "2 sentences will be decided without a mark." in said
    assert [len(one.marks) for one in sentences(project)] == [1, 0, 0]


def test_what_stands_and_part_of_a_sentence_are_not_decided(
    project: Project, tmp_path: Path, call: Call
) -> None:
    imported(call, tmp_path, "doccano", [doccano(NEVER, label=["Trade"])], "--yes")
    rows = [doccano(NEVER), doccano("discussed\u00a0trade.")]
    assert imported(call, tmp_path, "doccano", rows, "--decided", "--yes")[0] == 0
    assert [one.state for one in sentences(project)] == ["new"] * 3


@pytest.mark.parametrize(
    ("form", "row"),
    [
        ("prodigy", {"text": NEVER}),
        ("prodigy", {"text": NEVER, "accept": []}),
        ("prodigy", prodigy(NEVER, answer="ignore")),
        ("labelstudio", {"data": {"text": NEVER}, "annotations": []}),
        ("labelstudio", studio(NEVER, was_cancelled=True)),
        ("labelstudio", studio(NEVER, result=[{"type": "rating", "from_name": "r"}])),
        ("doccano", {"text": NEVER}),
    ],
    ids=str,
)
def test_what_nobody_says_was_looked_at_is_not_decided(
    project: Project, tmp_path: Path, call: Call, form: str, row: Any
) -> None:
    imported(call, tmp_path, form, [row], "--decided", "--yes")
    assert sentences(project) == []


OPTIONS = [{"id": "Trade", "text": "Trade"}, {"id": "Terrorism", "text": "Terrorism"}]


@pytest.mark.parametrize(
    ("chosen", "rejected"),
    [([], []), (["Trade"], ["eco.trade"]), (["Trade", "Terrorism"], [])],
    ids=str,
)
def test_a_choice_that_was_rejected_decides_nothing(
    project: Project, tmp_path: Path, call: Call, chosen: list[str], rejected: list[str]
) -> None:
    row = prodigy(NEVER, accept=chosen, options=OPTIONS, answer="reject")
    _, said = imported(call, tmp_path, "prodigy", [row], "--decided", "--yes")
    assert "1 text of the file has an answer that was rejected" in said
    found = sentences(project)[:1]
    assert [one.state for one in found] == ["new"] * len(rejected)
    assert [mark.label for one in found for mark in one.marks if mark.rejected] == rejected


def test_a_question_of_one_label_that_was_rejected_is_answered(
    project: Project, tmp_path: Path, call: Call
) -> None:
    row = {"text": NEVER, "label": "Trade", "answer": "reject"}
    imported(call, tmp_path, "prodigy", [row], "--decided", "--yes")
    (mark,) = sentences(project)[0].marks
    assert (mark.rejected, sentences(project)[0].state) == (True, "done")


BAD_SPANS = (
    {"start": 19, "end": 999, "label": "Trade"},
    {"start": 3, "end": 7},
    {"start": "3", "end": 7, "label": "Trade"},
    {"start": 7, "end": 3, "label": "Trade"},
)


@pytest.mark.parametrize(
    ("form", "row"),
    [
        *(("prodigy", prodigy(NEVER, spans=[span])) for span in BAD_SPANS),
        ("prodigy", {"text": NEVER, "accept": "Trade", "answer": "accept"}),
        ("prodigy", {"text": NEVER, "relations": [{"label": 7.5}], "answer": "accept"}),
        ("doccano-combined", {"text": NEVER, "entities": [[19, 999, "Trade"]], "cats": []}),
        ("doccano-combined", {"text": NEVER, "entities": [], "cats": "Trade", "relations": [7]}),
        ("labelstudio", studio(NEVER, result=[{"type": "labels", "from_name": "l", "value": {}}])),
    ],
    ids=str,
)
def test_a_text_of_which_a_label_cannot_be_read_is_not_decided(
    project: Project, tmp_path: Path, call: Call, form: str, row: Any
) -> None:
    rows = [row, {"text": SPACED, **{k: v for k, v in row.items() if k != "text"}}]
    rows = [row] if form == "labelstudio" else rows
    code, said = imported(call, tmp_path, form, rows, "--decided", "--yes")
    assert "could not be read: none of the sentences there is decided." in said
    assert {one.state for one in sentences(project)} <= {"new"}
    assert code == 2


def test_a_good_label_decides_no_text_of_which_another_cannot_be_read(
    project: Project, tmp_path: Path, call: Call
) -> None:
    rows = [
        doccano(NEVER, label=["Trade", [19, 999, "Terrorism"]]),
        doccano(TRADE, label=["Trade"]),
    ]
    imported(call, tmp_path, "doccano", rows, "--decided", "--yes")
    found = sentences(project)
    assert [len(one.marks) for one in found] == [1, 0, 1]
    assert [one.state for one in found] == ["new", "new", "done"]


def test_a_bad_line_beside_a_text_of_brat_decides_none_of_it(
    project: Project, tmp_path: Path, call: Call
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "call-b.txt").write_text("\n".join((NEVER, SPACED, TRADE)), "utf-8")
    (folder / "call-b.ann").write_text("T1\tTrade 0 2\tWe\nT2\tTrade 3 999\twill\n", "utf-8")
    args = ("--format", "brat", "--as", "eve", "--decided", "--yes")
    call("import", str(folder), *args)
    first = sentences(project)[0]
    assert (len(first.marks), first.state) == (1, "new")
    (folder / "call-b.ann").write_text("T1\tTrade 0 2\tWe\n", "utf-8")
    call("import", str(folder), *args)
    assert sentences(project)[0].state == "done"
