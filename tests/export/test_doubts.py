"""What a file may mean otherwise is said, and taken as it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.pipeline.project import Project

from .conftest import PIECES, Call, text_of

NEVER, SPACED, TRADE = (text for _, text in PIECES["call-b"])
TEXT = text_of("call-a")  # An emoji stands at the end of its first line.
ASIAN = "🤝 私たちは貿易について話した。"
CUT = "begin or end inside a word"


def imported(call: Call, path: Path, form: str, rows: list[dict[str, Any]], *args: str) -> str:
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    _, said = call("import", str(path), "--format", form, "--as", "eve", *args)
    return said


def spans(text: str, *words: str, by: int) -> dict[str, Any]:
    starts = {word: text.index(word) + by for word in words}
    return {"text": text, "label": [[at, at + len(one), "Trade"] for one, at in starts.items()]}


@pytest.mark.parametrize("args", [(), ("--yes",), ("--suggest",)], ids=str)
def test_offsets_that_look_like_code_points_are_said(
    project: Project, tmp_path: Path, call: Call, args: tuple[str, ...]
) -> None:
    path = tmp_path / "theirs.jsonl"
    rows = [
        {"text": NEVER, "label": []},
        spans(TEXT, "terrorism", "Syria", by=0),
        {"text": TRADE, "label": []},
    ]
    said = imported(call, path, "doccano", rows, *args)
    assert f"2 spans in 1 text {CUT}, first in {path}, line 2: offsets of this form" in said


def test_offsets_in_code_units_and_scripts_without_blanks_are_no_doubt(
    project: Project, tmp_path: Path, call: Call
) -> None:
    (project.paths.seeds / "call-c.txt").write_text(ASIAN, "utf-8")
    rows = [spans(TEXT, "terrorism", by=1), spans(ASIAN, "貿易", by=1), spans(ASIAN, "貿易", by=0)]
    said = imported(call, tmp_path / "theirs.jsonl", "doccano", rows)
    assert "inside a word" not in said
    # Whoever marks a part of a word without an emoji before it means that.
    said = imported(call, tmp_path / "theirs.jsonl", "doccano", [spans(TRADE, "trad", by=0)])
    assert "inside a word" not in said


def task(text: str, chosen: list[str], **more: str) -> dict[str, Any]:
    return {"text": text, "accept": chosen, "answer": "accept", "_annotator_id": "mia", **more}


def test_answers_of_one_coder_that_differ_are_said_and_taken_together(
    project: Project, tmp_path: Path, call: Call
) -> None:
    path = tmp_path / "theirs.jsonl"
    rows = [task(NEVER, ["Trade"]), task(TRADE, []), task(NEVER, []), task(TRADE, [])]
    said = imported(call, path, "prodigy", rows, "--yes", "--decided")
    assert "1 text of the file has answers that differ, by one coder" in said
    assert f"such as in {path}, line 1 and {path}, line 3: all that was said" in said
    snapshot = project.store().read("eve", "call-b")
    assert snapshot
    found = [one for _, one in snapshot.coding.sentences()]
    assert [(len(one.marks), one.state) for one in found] == [(1, "done"), (0, "new"), (0, "done")]


@pytest.mark.parametrize(
    "rows",
    [
        [task(NEVER, ["Trade"]), task(NEVER, [], _annotator_id="lee")],
        [{"text": NEVER, "label": one, "answer": "accept"} for one in ("Trade", "Terrorism")],
        [task(NEVER, ["Trade"]), task(NEVER, ["Trade"])],
        [task(NEVER, ["Trade"]), task(NEVER, [], answer="ignore")],
    ],
    ids=["two coders", "questions of one label", "alike", "ignored"],
)
def test_other_answers_to_a_text_are_no_doubt(
    project: Project, tmp_path: Path, call: Call, rows: list[dict[str, Any]]
) -> None:
    assert "answers that differ" not in imported(call, tmp_path / "a.jsonl", "prodigy", rows)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("theirs.jsonl", "theirs.jsonl"), ("x" * 90, "x" * 60 + "…"), ("\x1b[2J", "␛[2J")],
    ids=["short", "long", "hostile"],
)
def test_the_history_names_the_file_that_work_came_from(
    tmp_path: Path, call: Call, name: str, shown: str
) -> None:
    imported(call, tmp_path / name, "prodigy", [task(NEVER, ["Trade"])], "--yes")
    _, said = call("history", "call-b", "--coder", "eve", "--json")
    assert json.loads(said.splitlines()[-1])["what"] == f"take work in from {shown}"
