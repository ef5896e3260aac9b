"""What another program corrected in a file of ours: words that were moved, marks taken away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import cassis
import pytest

from annotator.formats.cas_out import FOLDER
from annotator.formats.labelstudio_out import WORDS as REGIONS
from annotator.model.mark import Mark, Slots, SpanValue
from annotator.model.sentence import Sentence
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from tests.export.conftest import Call, Code, mark, quote

WORDS, MOVED = "fight terrorism", "fight terroris"
LABEL = "commitments:action"


def json_of(path: Path, change: Callable[[Any], None]) -> None:
    raw = json.loads(path.read_text("utf-8"))
    change(raw)
    path.write_text(json.dumps(raw), "utf-8")


def lines_of(path: Path, change: Callable[[Any], None]) -> None:
    found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for one in found:
        change(one)
    path.write_text("".join(f"{json.dumps(one)}\n" for one in found), "utf-8")


def doccano(folder: Path) -> None:
    def change(row: dict[str, Any]) -> None:
        for key in ("entities", "label"):
            for one in row.get(key, ()):
                if isinstance(one, list) and one[2] == LABEL:
                    one[1] -= 1
                elif isinstance(one, dict) and one["label"] == LABEL:
                    one["end_offset"] -= 1

    lines_of(folder / "doccano" / "ada.jsonl", change)


def prodigy(folder: Path) -> None:
    def change(task: dict[str, Any]) -> None:
        task.pop("tokens", None)
        for one in task["spans"]:
            if one["label"] == LABEL:
                one["end"] -= 1
                one.pop("text", None)

    lines_of(folder / "prodigy.jsonl", change)


def labelstudio(folder: Path) -> None:
    def change(tasks: list[dict[str, Any]]) -> None:
        for task in tasks:
            for work in task["annotations"]:
                for one in work["result"]:
                    if one.get("from_name") == f"commitments{REGIONS}":
                        value = one["value"]
                        if value["labels"] == ["action"]:
                            value["end"] -= 1
                            text = task["data"]["text"]
                            value["text"] = text[value["start"] : value["end"]]

    json_of(folder / "tasks.json", change)


def brat(folder: Path) -> None:
    path = folder / "coders" / "ada" / "call-a.ann"
    text = path.with_suffix(".txt").read_text("utf-8")

    def moved(found: re.Match[str]) -> str:
        start, end = int(found[2]), int(found[3]) - 1
        return f"{found[1]}commitments-action {start} {end}\t{text[start:end]}"

    raw = path.read_text("utf-8")
    now, count = re.subn(r"(?m)(^T\d+\t)commitments-action (\d+) (\d+)\t.*$", moved, raw)
    assert count == 1
    path.write_text(now, "utf-8")


def cas(folder: Path) -> None:
    (path,) = (path for path in (folder / FOLDER).rglob("call-a.*"))
    if path.suffix == ".json":
        loaded = cassis.load_cas_from_json(path.read_text("utf-8"))
    else:
        types = cassis.load_typesystem((folder / "TypeSystem.xml").read_text("utf-8"))
        loaded = cassis.load_cas_from_xmi(path.read_text("utf-8"), typesystem=types)
    (one,) = [
        one for one in loaded.select("webanno.custom.CommitmentsSlot") if one.slot == "action"
    ]
    loaded.remove(one)
    one.end -= 1
    loaded.add(one)
    (loaded.to_json if path.suffix == ".json" else loaded.to_xmi)(path)


def refi(folder: Path) -> None:
    path = folder / "project.qdpx"
    with ZipFile(path) as made:
        members = {name: made.read(name) for name in made.namelist()}
    project = members["project.qde"].decode()
    own = re.search(rf'<PlainTextSelection [^>]*name="{WORDS}"[^>]*>', project)
    assert own
    end = re.search(r'endPosition="(\d+)"', own[0])
    assert end
    now = own[0].replace(end[0], f'endPosition="{int(end[1]) - 1}"')
    now = now.replace(f'name="{WORDS}"', f'name="{MOVED}"')
    members["project.qde"] = project.replace(own[0], now).encode()
    with ZipFile(path, "w") as made:
        for name, raw in members.items():
            made.writestr(name, raw)


def slate(folder: Path) -> None:
    path = folder / "coders" / "ada" / "call-a.txt.annotations"

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) - 1}{found[3]}"

    raw = path.read_text("utf-8")
    now, count = re.subn(r"(?m)^(.*, )(\d+)(\)\) - commitments:action:.*)$", moved, raw)
    assert count == 1
    path.write_text(now, "utf-8")


def conll(folder: Path) -> None:
    path = folder / "coders" / "ada" / "commitments.conll"
    raw = path.read_text("utf-8")
    now = raw.replace("in -X- _ O", "in -X- _ I-action:agreement", 1)
    assert now != raw
    path.write_text(now, "utf-8")


FORMS: dict[str, Callable[[Path], None]] = {
    "doccano-combined": doccano,
    "doccano-spans": doccano,
    "prodigy": prodigy,
    "labelstudio": labelstudio,
    "brat": brat,
    "cas-json": cas,
    "cas-xmi": cas,
    "refi": refi,
    "slate-character": slate,
    "conll": conll,
}


def sentence(project: Project, coder: str) -> Sentence:
    found = project.store().read(coder, "call-a")
    assert found is not None
    return found.coding.sentence(2)


def slots(mark: Mark) -> Slots:
    return {name: values for name, values in mark.slots.items() if name != "action"}


@pytest.mark.parametrize("form", FORMS)
def test_words_that_were_moved_are_those_of_the_same_mark(
    coded: Project, call: Call, form: str
) -> None:
    folder = export(coded, format_name=form).folder
    FORMS[form](folder)
    code, said = call("import", str(folder), "--format", form, "--as", "eve", "--yes")
    assert code == 0, said
    assert "1 slot of our own rows was moved to other words in the file, and is read with" in said
    assert "gone" not in said
    before, now = sentence(coded, "ada"), sentence(coded, "eve")
    assert [one.id for one in now.marks] == [one.id for one in before.marks]
    old, new = (next(one for one in each.marks if one.id == "c1") for each in (before, now))
    assert slots(new) == slots(old)
    (action,) = new.slots["action"]
    assert isinstance(action, SpanValue)
    start = quote("call-a", WORDS).start
    exact = "fight terrorism in" if form == "conll" else MOVED
    assert (action.span.start, action.span.exact) == (start, exact)
    # Whoever made it has it once, and is told.
    code, said = call("import", str(folder), "--format", form, "--as", "ada", "--yes")
    assert code == 0
    assert "1 sentence of the file says other than what ada has" in said
    assert "sentence 2 of call-a" in said
    assert sentence(coded, "ada") == before


def without_label(label: str) -> Callable[[dict[str, Any]], None]:
    def change(task: dict[str, Any]) -> None:
        task["accept"] = [one for one in task["accept"] if one != label]
        task["spans"] = [one for one in task["spans"] if one["label"] != LABEL]

    return change


def test_a_mark_whose_labels_were_taken_away_is_gone_and_named(coded: Project, call: Call) -> None:
    folder = export(coded, format_name="prodigy").folder
    lines_of(folder / "prodigy.jsonl", without_label("commitments:agreement"))
    ways = ("--as", "eve"), ("--as", "eve", "--yes"), ("--suggest",)
    for way in ways:
        code, said = call("import", str(folder), "--format", "prodigy", *way)
        assert code == 0
        assert "1 mark of our own rows is gone: its labels were taken away in the file." in said
        assert "line 1: sentence 2, commitments agreement (call-a#c1@ada)" in said
    now = sentence(coded, "eve")
    assert now.state == "done"
    assert [one.id for one in now.marks] == ["t1", "s1", "x1"]


def test_a_slot_whose_words_were_taken_away_is_empty_and_its_mark_stands(
    coded: Project, call: Call
) -> None:
    folder = export(coded, format_name="prodigy").folder
    lines_of(folder / "prodigy.jsonl", without_label(""))
    code, said = call("import", str(folder), "--format", "prodigy", "--as", "eve", "--yes")
    assert code == 0
    assert "1 value of slots of our own rows was taken away in the file" in said
    assert "sentence 2, action of commitments agreement (call-a#c1@ada)" in said
    (c1,) = [one for one in sentence(coded, "eve").marks if one.id == "c1"]
    assert "action" not in c1.slots
    assert "strength" in c1.slots


def test_words_of_two_marks_are_moved_together_and_no_other_stretch_is_taken(
    project: Project, code: Code, call: Call
) -> None:
    """In Prodigy equal stretches stand once; one far away is no stretch that was moved."""
    words: Slots = {"action": (SpanValue(span=quote("call-a", WORDS)),)}
    june: Slots = {"action": (SpanValue(span=quote("call-a", "by June")),)}
    marks = (
        mark("c1", "commitments", "agreement", words),
        mark("c2", "commitments", "assertion", words),
        mark("c3", "commitments", "agreement", june),
    )
    code("ada", "call-a", {2: ("done", marks)})
    folder = export(project, format_name="prodigy").folder

    def change(task: dict[str, Any]) -> None:
        for one in task["spans"]:
            at = task["text"].index(MOVED if task["text"][one["start"]] == "f" else "The")
            one["start"], one["end"] = at, at + len(MOVED)

    lines_of(folder / "prodigy.jsonl", change)
    assert call("import", str(folder), "--format", "prodigy", "--as", "eve", "--yes")[0] == 0
    found = {one.id: one.slots.get("action") for one in sentence(project, "eve").marks}
    for name in ("c1", "c2"):
        values = found[name]
        assert values
        assert isinstance(values[0], SpanValue)
        assert values[0].span.exact == MOVED
    assert not found["c3"]
