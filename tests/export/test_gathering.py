"""Words of one statement are one mark where the homes file says so, and counted where not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.model.mark import Mark, Slots, spans_of
from annotator.pipeline import suggestions
from annotator.pipeline.project import Project

from .conftest import PIECES, Call

FIGHT = PIECES["call-a"][1][1]
SLOTS = {"WHAT": "action", "WHEN": "timeframe", "WHO": "committers"}
LOOSE = "nothing in the file ties their words together"


def span(text: str, words: str, label: str) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "label": label}


SPANS = [span(FIGHT, "fight terrorism", "WHAT"), span(FIGHT, "by June", "WHEN")]
TWICE = [*SPANS, span(FIGHT, "agreed", "WHAT")]


def imported(
    call: Call,
    folder: Path,
    spans: list[dict[str, Any]],
    *args: str,
    join: bool,
    apart: bool = False,
) -> tuple[int, str]:
    file = folder / "theirs.jsonl"
    tasks = [
        {"text": FIGHT, "spans": one} for one in ([[one] for one in spans] if apart else [spans])
    ]
    file.write_text("".join(f"{json.dumps(task)}\n" for task in tasks), "utf-8")
    homes = "".join(
        f'[[home]]\nfield = "spans"\nlabel = "{label}"\n'
        f'layer = "commitments"\nto = "agreement"\nslot = "{slot}"\n'
        for label, slot in SLOTS.items()
    )
    file.with_name("theirs.jsonl.homes.toml").write_text("join = true\n" * join + homes, "utf-8")
    return call("import", str(file), "--format", "prodigy", "--as", "eve", *args)


def taken(project: Project) -> list[list[str]]:
    """Return the words of eve's marks, or of what is suggested, mark by mark."""
    snapshot = project.store().read("eve", "call-a")
    slots: list[Slots]
    if snapshot is None:
        slots = [x.slots for x in suggestions.kept(project, project.readout("call-a")).fitting]
    else:
        marks: list[Mark] = [mark for _, one in snapshot.coding.sentences() for mark in one.marks]
        slots = [one.slots for one in marks]
    return sorted(sorted(one.exact for one in spans_of(each)) for each in slots)


@pytest.mark.parametrize("args", [(), ("--suggest",)], ids=str)
def test_words_for_slots_of_their_own_are_a_mark_each_and_counted_or_one_where_joined(
    project: Project, tmp_path: Path, call: Call, args: tuple[str, ...]
) -> None:
    _, said = imported(call, tmp_path, SPANS, *args, join=False)
    what = "suggestions" if args else "marks"
    assert f"2 {what} in 1 sentence: {LOOSE}" in said
    assert "“join = true” in the homes file" in said
    for _ in range(2):
        _, said = imported(call, tmp_path, SPANS, *args, "--yes", join=True)
        assert LOOSE not in said
        assert taken(project) == [["by June", "fight terrorism"]]
    assert f"0 {what} in 0 readouts" in said


def test_without_join_they_are_marks_of_their_own(
    project: Project, tmp_path: Path, call: Call
) -> None:
    imported(call, tmp_path, SPANS, "--yes", join=False)
    assert taken(project) == [["by June"], ["fight terrorism"]]


def test_words_that_two_tasks_of_one_sentence_tell_are_not_joined(
    project: Project, tmp_path: Path, call: Call
) -> None:
    imported(call, tmp_path, SPANS, "--yes", join=True, apart=True)
    assert taken(project) == [["by June"], ["fight terrorism"]]


@pytest.mark.parametrize("join", [True, False])
def test_a_slot_that_has_words_twice_joins_nothing(
    project: Project, tmp_path: Path, call: Call, join: bool
) -> None:
    _, said = imported(call, tmp_path, TWICE, "--yes", join=join)
    assert f"3 marks in 1 sentence: {LOOSE}" in said
    assert "“join” cannot tell" in said
    assert "join = true" not in said
    assert taken(project) == [["agreed"], ["by June"], ["fight terrorism"]]


def test_words_for_one_slot_are_statements_of_their_own_and_no_warning(
    project: Project, tmp_path: Path, call: Call
) -> None:
    spans = [one for one in TWICE if one["label"] == "WHAT"]
    _, said = imported(call, tmp_path, spans, "--yes", join=True)
    assert LOOSE not in said
    assert taken(project) == [["agreed"], ["fight terrorism"]]


def test_the_homes_file_has_join_off_and_stays_as_it_is_when_more_labels_come(
    project: Project, tmp_path: Path, call: Call
) -> None:
    file = tmp_path / "theirs.jsonl"
    file.write_text(json.dumps({"text": FIGHT, "spans": SPANS[:1]}), "utf-8")
    args = ("import", str(file), "--format", "prodigy", "--as", "eve")
    assert call(*args)[0] == 0
    homes = file.with_name("theirs.jsonl.homes.toml")
    assert "\njoin = false\n" in homes.read_text("utf-8")
    homes.write_text(homes.read_text("utf-8").replace("join = false", "join = true"), "utf-8")
    file.write_text(json.dumps({"text": FIGHT, "spans": SPANS}), "utf-8")
    assert call(*args)[0] == 0
    assert "\njoin = true\n" in homes.read_text("utf-8")
    assert "WHEN" in homes.read_text("utf-8")
