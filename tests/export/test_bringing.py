"""What is taken in fits the codebook and the keys, and never goes over what somebody coded."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.dialects import dialect
from annotator.model.edit import CAST, Change, Edit, Timeline
from annotator.model.entity import Cast, Entity
from annotator.model.mark import Mark
from annotator.model.renewal import renewed
from annotator.model.sentence import Sentence
from annotator.pipeline import taking
from annotator.pipeline.export import export
from annotator.pipeline.homes import HomesOf, proposed
from annotator.pipeline.project import Project
from annotator.pipeline.taken import Taken
from annotator.pipeline.taker import Taker

from .conftest import Call, Code, mark, text_of

AT = "2026-02-03T04:05:06Z"
FIGHT = "The parties agreed to fight terrorism in Syria by June."


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "sentences.jsonl").read_bytes().splitlines()]


def put(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_bytes(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    return path


def take(project: Project, path: Path, form: str = "jsonl", *, decided: bool = False) -> Taken:
    """Take a file in as eve, and return what was said of the only readout."""
    reading = taking.read(project, dialect(form), path)
    homes = HomesOf(proposed(reading.tags, project.codebook), project.codebook)
    who = Taker("eve", AT, project.codebook, homes, decided)
    (plan,) = taking.preview(project, reading, who).values()
    outcomes = list(taking.take(project, reading, who, [*reading.told] if plan.edit else []))
    assert [one.problem for one in outcomes if one.problem] == []
    return plan


def sentence(project: Project, key: int = 2, coder: str = "eve") -> Sentence:
    snapshot = project.store().read(coder, "call-a")
    assert snapshot is not None
    return snapshot.coding.sentence(key)


def change(project: Project, *changes: Change) -> None:
    """Let eve change something herself."""
    journal = project.journal("eve", "call-a", AT)
    journal.put(Edit(act="edit", at=AT, what="by hand", changes=changes))
    journal.close()


def changed(project: Project, **fields: object) -> None:
    """Let eve change her second sentence."""
    before = sentence(project)
    change(project, Change(key=2, before=before, after=before.changed(**fields)))


LABEL = {"label": "eco.unknown"}
SLOT = {"slots": [{"slot": "tune", "type": "text", "value": "a"}]}
EMPTY = dict.fromkeys(("value", "start", "end", "exact")) | {"inferred": False}
WHO = {"slots": [{"slot": "source", "type": "entity", "value": "nobody"}]}


@pytest.mark.parametrize(
    ("place", "bad", "why"),
    [
        (0, LABEL, "has no label “eco.unknown”"),
        (0, {"layer": "nowhere"}, "has no layer “nowhere”"),
        (0, SLOT, "has no slot “tune”"),
        (1, WHO, "names “nobody”, who is not in the cast"),
    ],
)
def test_what_the_codebook_or_the_cast_does_not_have_is_left_out_by_name(
    coded: Project, call: Call, place: int, bad: dict[str, Any], why: str
) -> None:
    folder = export(coded).folder
    rows = rows_of(folder)
    bad = {**bad, "slots": [{**EMPTY, **slot} for slot in bad.get("slots", [])]}
    gone = rows[0]["marks"][place]["id"]
    rows[0]["marks"][place] |= bad
    put(folder / "sentences.jsonl", rows)
    code, said = call("import", str(folder), "--as", "eve", "--yes")
    assert code == 2
    (line,) = [line for line in said.splitlines() if why in line]
    assert "sentences.jsonl, line 1:" in line
    assert "it was left out, and the sentence is unsure." in line
    now = sentence(coded)
    assert (len(now.marks), now.state) == (len(rows[0]["marks"]) - 1, "unsure")
    assert now.mark(gone.partition("#")[2].rpartition("@")[0]) is None
    assert sentence(coded, 3).state == "done"
    assert call("export", "--coder", "eve", "--force")[0] == 0
    # The reference to a mark that is left out went with it.
    held = {one.id for key in (2, 3) for one in sentence(coded, key).marks}
    refs = [v for one in now.marks for vs in one.slots.values() for v in vs if v.type == "ref"]
    assert {one.mark for one in refs} <= held
    code, said = call("import", str(folder), "--as", "eve", "--yes")
    assert code == 0
    assert "other than" not in said


def voiced(project: Project) -> Project:
    """Give the codebook a layer in which one label stands."""
    path = project.paths.schemas / "readouts.toml"
    layer = """
[[layers]]
id = "voice"
name = "Voice"
key = "v"
multiple = false
labels = [{ id = "attributed", name = "Attributed" }, { id = "narrator", name = "Narrator" }]
"""
    path.write_text(path.read_text("utf-8") + layer, "utf-8")
    return Project.open(project.root)


def test_two_labels_of_a_layer_that_has_one_do_not_both_come_in(
    project: Project, tmp_path: Path
) -> None:
    project = voiced(project)
    task = {"text": FIGHT, "label": ["Attributed", "Narrator", "Terrorism"]}
    path = put(tmp_path / "tasks.jsonl", [task])
    plan = take(project, path, "doccano", decided=True)
    assert [one.label for one in sentence(project).marks] == ["attributed", "sec.terror"]
    (problem,) = plan.problems
    assert "line 1: “narrator” cannot stand beside “attributed”" in problem
    assert sentence(project).state == "new"  # Somebody has to say which it is.
    assert take(project, path, "doccano").edit is None


@pytest.mark.parametrize("answers", [("accept", "reject"), ("reject", "accept")])
def test_a_label_that_is_both_given_and_rejected_is_given(
    project: Project, tmp_path: Path, answers: tuple[str, str]
) -> None:
    tasks = [{"text": FIGHT, "label": "Terrorism", "answer": answer} for answer in answers]
    path = put(tmp_path / "tasks.jsonl", [dict(task) for task in tasks])
    plan = take(project, path, "prodigy")
    (mark,) = sentence(project).marks
    assert not mark.rejected
    assert plan.marks == 1
    (problem,) = plan.problems
    assert "line 2: “sec.terror” is both given and rejected" in problem


def test_what_the_coder_has_rejected_is_not_given_by_a_file(
    project: Project, tmp_path: Path
) -> None:
    path = put(tmp_path / "tasks.jsonl", [{"text": FIGHT, "label": "Terrorism"}])
    take(project, path, "prodigy")
    (mark,) = sentence(project).marks
    changed(project, marks=(mark.replaced(id="hers", rejected=True),))
    plan = take(project, path, "prodigy")
    assert plan.edit is None
    assert len(plan.problems) == 1
    assert [one.id for one in sentence(project).marks] == ["hers"]


def without(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return marks[1:]


def noted(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return (marks[0].replaced(note="look"), *marks[1:])


def turned(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return (marks[0].replaced(rejected=True, certainty="low"), *marks[1:])


def emptied(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark.replaced(slots={}) for mark in marks)


@pytest.mark.parametrize("act", [without, noted, turned, emptied])
def test_a_file_that_says_other_than_what_stands_is_told_and_changes_nothing(
    coded: Project, call: Call, act: Callable[[tuple[Mark, ...]], tuple[Mark, ...]]
) -> None:
    folder = export(coded).folder
    take(coded, folder)
    changed(coded, marks=act(sentence(coded).marks))
    before = sentence(coded)
    code, said = call("import", str(folder), "--as", "eve", "--yes")
    assert code == 0
    assert "1 sentence of the file says other than what eve has" in said
    assert "sentences.jsonl, line 1: sentence 2 of call-a" in said
    assert sentence(coded) == before


def test_another_role_or_note_is_told_too(coded: Project) -> None:
    folder = export(coded).folder
    take(coded, folder)
    for fields in ({"role": "heading"}, {"role": "body", "note": "mine"}):
        changed(coded, **fields)
        assert len(take(coded, folder).others) == 1


def test_labels_that_were_added_to_rows_say_nothing_else_the_second_time(coded: Project) -> None:
    folder = export(coded, format_name="doccano").folder
    (path,) = (one for one in folder.rglob("*.jsonl") if one.stem == "ada")
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    place = next(i for i, row in enumerate(rows) if row["text"] == FIGHT)
    rows[place].setdefault("cats", []).append("Warm")
    put(path, rows)
    first = take(coded, folder, "doccano")
    assert "warm" in [one.label for one in sentence(coded).marks]
    again = take(coded, folder, "doccano")
    assert (first.others, again.others, again.edit) == ((), (), None)


def test_a_cast_comes_back_as_it_is_and_is_kept_where_somebody_coded(
    coded: Project, code: Any, call: Call
) -> None:
    folder = export(coded).folder
    documents = folder / "documents.jsonl"
    row = json.loads(documents.read_bytes())
    own = Entity(id="xa", type="state", name="Xaland", aliases=("the Xa side",))
    others = [one for one in row["entities"] if one["id"] != "xa"]
    row["entities"] = [*others, own.model_dump(mode="json")]
    put(documents, [row])
    assert take(coded, folder).notices == ()
    snapshot = coded.store().read("eve", "call-a")
    assert snapshot is not None
    cast = snapshot.coding.cast
    assert [one.model_dump(mode="json") for one in cast.entities] == row["entities"]
    mine = Cast(entities=(cast.entities[0].replaced(role="host"), cast.entities[1]))
    change(coded, Change(key=CAST, before=cast, after=mine))
    row["entities"][1]["name"], row["entities"][1]["aliases"] = "Somebody", []
    put(documents, [row])
    plan = take(coded, folder)
    assert plan.edit is None
    assert ["another role in the file" in one for one in plan.notices] == [True, False]
    assert "“xa” of the cast is Somebody in the file, and Xaland here" in plan.notices[1]


def test_marks_on_decided_sentences_are_counted_and_decided_can_follow(
    project: Project, code: Any, tmp_path: Path, call: Call
) -> None:
    assert FIGHT in text_of("call-a")
    code("eve", "call-a", {2: ("done", ())})
    other = text_of("call-a").split("\n")[2]
    tasks = [{"text": FIGHT, "label": "Terrorism"}, {"text": other, "label": "Trade"}]
    path = put(tmp_path / "tasks.jsonl", [dict(task) for task in tasks])
    args = ("import", str(path), "--format", "prodigy", "--as", "eve")
    code_, said = call(*args)
    assert code_ == 0
    assert "1 mark would be added to sentences that eve has decided." in said
    code_, said = call(*args, "--yes")
    assert "2 marks in 1 readout will be taken in as eve." in said
    assert sentence(project, 3).state == "new"
    code_, said = call(*args, "--yes", "--decided")
    assert (code_, "0 marks" in said) == (0, False)
    assert "1 sentence will be decided by labels of the file." in said
    assert sentence(project, 3).state == "done"
    assert call(*args, "--yes", "--decided")[0] == 0


def test_sentences_that_the_same_file_decides_were_decided_by_nobody_before(
    coded: Project, call: Call
) -> None:
    folder = export(coded, format_name="doccano").folder
    file = folder / "doccano" / "ada.jsonl"
    rows = [json.loads(line) for line in file.read_bytes().splitlines()]
    (row,) = (row for row in rows if row["text"] == FIGHT)
    assert "tone:warm" not in row["label"]
    row["label"].append("tone:warm")
    put(file, rows)
    args = ("import", str(folder), "--format", "doccano", "--as", "eve", "--yes")
    code, said = call(*args)
    assert (code, "that eve has decided" in said) == (0, False), said
    assert "warm" in [one.label for one in sentence(coded).marks]
    row["label"].append("commitments:assertion")
    put(file, rows)
    assert "1 mark will be added to sentences that eve has decided." in call(*args)[1]


def test_a_mark_that_the_coder_took_away_stays_so_and_one_that_was_undone_comes_again(
    project: Project, tmp_path: Path, call: Call
) -> None:
    path = put(tmp_path / "tasks.jsonl", [{"text": FIGHT, "label": ["Terrorism", "Trade"]}])
    args = ("import", str(path), "--format", "doccano", "--as", "eve", "--yes")
    assert call(*args)[0] == 0
    both = sentence(project).marks
    changed(project, marks=both[:1], state="done")
    for _ in range(2):
        code, said = call(*args)
        assert code == 0
        assert "1 mark was taken away by eve before, and stays so." in said
        assert "Nothing new is taken in." in said
        assert sentence(project).marks == both[:1]
    # Of what came in beside it, nothing is held back.
    put(path, [{"text": FIGHT, "label": ["Terrorism", "Trade", "Warm"]}])
    path.with_name("tasks.jsonl.homes.toml").unlink(missing_ok=True)
    assert call(*args)[0] == 0
    assert [one.label for one in sentence(project).marks] == [both[0].label, "warm"]
    journal = project.journal("eve", "call-a", AT)
    for _ in range(3):
        undo = Timeline.of(journal.history).undo(AT)
        assert undo is not None
        journal.put(undo.upon(journal.coding))
    journal.close()
    assert sentence(project).marks == ()
    code, said = call(*args)
    assert "taken away" not in said
    assert {one.label for one in sentence(project).marks} == {"sec.terror", "eco.trade", "warm"}


def test_the_coders_own_mark_keeps_a_sentence_undecided(project: Project, tmp_path: Path) -> None:
    path = put(tmp_path / "tasks.jsonl", [{"text": FIGHT, "label": "Terrorism"}])
    take(project, path, "prodigy")
    (mark,) = sentence(project).marks
    changed(project, marks=(mark, mark.replaced(id="hers", layer="tone", label="warm")))
    assert take(project, path, "prodigy", decided=True).edit is None


def test_the_work_of_several_is_listed_and_does_not_become_one_coders(
    project: Project, tmp_path: Path, call: Call
) -> None:
    def done(by: str, label: str, *, cancelled: bool = False) -> dict[str, Any]:
        value = {"choices": [label]}
        choice = {"type": "choices", "from_name": "topic", "to_name": "text", "value": value}
        email = {"id": 1, "email": by}
        return {"completed_by": email, "result": [choice], "was_cancelled": cancelled}

    work = [done("kim", "Trade"), done("lee", "Terrorism"), done("lee", "Trade", cancelled=True)]
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([{"data": {"text": FIGHT}, "annotations": work}]), "utf-8")
    args = ("import", str(path), "--format", "labelstudio", "--as", "eve")
    code, said = call(*args)
    assert code == 0
    assert "In the file is the work of kim (1 text), lee (1 text)." in said
    assert "1 text of the file was put aside, cancelled or ignored" in said
    assert "The work of kim, lee would become that of one coder. Take each in by a call" in said
    code, said = call(*args, "--yes")
    assert code == 2
    assert "The work of kim, lee would become that of one coder." in said
    assert "--from" in said
    assert not project.paths.tags.exists()
    code, said = call(*args, "--from", "mia")
    assert code == 2
    assert "has no work of mia. It has that of kim, lee." in said
    assert call(*args, "--from", "lee", "--yes")[0] == 0
    assert [one.label for one in sentence(project).marks] == ["sec.terror"]


def test_what_prodigy_was_told_to_ignore_is_counted(
    project: Project, tmp_path: Path, call: Call
) -> None:
    tasks = [{"text": FIGHT, "label": "Trade", "answer": answer} for answer in ("accept", "ignore")]
    path = put(tmp_path / "tasks.jsonl", [dict(task) for task in tasks])
    _, said = call("import", str(path), "--format", "prodigy", "--as", "eve")
    assert "1 text of the file was put aside" in said
    assert "1 mark in 1 readout would be taken in as eve." in said


def test_rows_of_two_coders_do_not_become_one_coders(coded: Project, code: Any, call: Call) -> None:
    """The ids of their marks are the same, and what they say is not."""
    mark = sentence(coded, coder="ada").marks[0]
    code("lee", "call-a", {2: ("done", (mark.replaced(label="eco.trade"),))})
    folder = export(coded).folder
    args = ("import", str(folder), "--as", "eve", "--yes")
    code_, said = call(*args)
    assert code_ == 2
    assert "ada (5 texts), lee (1 text)" in said
    assert call(*args, "--from", "ada")[0] == 0
    code_, said = call(*args, "--from", "lee")
    assert code_ == 0
    assert "1 sentence of the file says other than what eve has" in said


def test_every_bad_line_is_named_to_a_file(project: Project, tmp_path: Path, call: Call) -> None:
    path = put(tmp_path / "tasks.jsonl", [{"text": FIGHT, "label": ["Trade"]}])
    path.write_bytes(path.read_bytes() + b"none\n" * 50)
    code, said = call("import", str(path), "--format", "doccano", "--as", "eve", "--yes")
    assert code == 2
    assert [f"line {number} " in said for number in range(2, 52)] == [True] * 50
    assert len(sentence(project).marks) == 1


def test_an_export_of_what_was_only_taken_in_says_how_it_is_decided(
    project: Project, tmp_path: Path, call: Call
) -> None:
    path = put(tmp_path / "tasks.jsonl", [{"text": FIGHT, "label": ["Trade"]}])
    args = ("import", str(path), "--format", "doccano", "--as", "eve", "--yes")
    assert call(*args)[0] == 0
    code, said = call("export")
    assert code == 1
    assert "call “annotator import” again with --decided" in said
    assert call(*args, "--decided")[0] == 0
    assert call("export")[0] == 0


def test_after_a_break_each_readout_is_whole_and_a_second_call_takes_the_rest(
    project: Project, tmp_path: Path, call: Call
) -> None:
    texts = (FIGHT, "trade;", text_of("call-b").split("\n")[0])
    path = put(tmp_path / "tasks.jsonl", [{"text": one, "label": ["Trade"]} for one in texts])
    reading = taking.read(project, dialect("doccano"), path)
    homes = HomesOf(proposed(reading.tags, project.codebook), project.codebook)
    who = Taker("eve", AT, project.codebook, homes)
    stopped = taking.take(project, reading, who, ["call-a", "call-b"])
    assert next(stopped).readout == "call-a"
    del stopped
    snapshot = project.store().read("eve", "call-a")
    assert snapshot is not None
    assert sum(len(one.marks) for _, one in snapshot.coding.sentences()) == 2
    assert project.store().read("eve", "call-b") is None
    code, said = call("import", str(path), "--format", "doccano", "--as", "eve", "--yes")
    assert code == 0
    assert "1 mark in 1 readout will be taken in as eve." in said
    assert project.store().read("eve", "call-b") is not None


def test_a_disk_that_refuses_ends_with_its_own_code(
    project: Project, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = put(tmp_path / "tasks.jsonl", [{"text": "trade;", "label": ["Trade"]}])
    monkeypatch.setattr(os, "fsync", refuse)
    for way in (("--as", "eve"), ("--suggest",)):
        code, said = call("import", str(path), "--format", "doccano", "--yes", *way)
        assert code == 3, said
        assert "Done in 0 of 1 readout; nothing in the others." in said
        assert "1 readout was left as it is" in said


def test_a_dry_run_says_what_renamed_labels_of_our_rows_become(coded: Project, call: Call) -> None:
    folder = export(coded).folder
    book = coded.codebook_file
    text = book.read_text("utf-8")
    old = '{ id = "eco.trade", name = "Trade" }'
    assert old in text
    new = '{ id = "eco.goods", name = "Trade", was = ["eco.trade"] }'
    book.write_text(text.replace(old, new), "utf-8")
    code, said = call("import", str(folder), "--as", "eve")
    assert code == 0
    assert "topics eco.trade → eco.goods (renamed): 3 marks." in said
    assert "sec.terror" not in said
    gone = 'name = "Terrorism", retired = "9.8.8", into = ["eco.goods"], '
    merged = text.replace(old, new).replace('name = "Terrorism", ', gone)
    book.write_text(merged, "utf-8")
    assert (
        "topics sec.terror → eco.goods (merged): 1 mark."
        in call("import", str(folder), "--as", "eve")[1]
    )
    book.write_text(text.replace(old, new), "utf-8")
    call("import", str(folder), "--as", "eve", "--yes")
    snapshot = Project.open(coded.root).store().read("eve", "call-a")
    assert snapshot is not None
    found = renewed(Project.open(coded.root).codebook, snapshot.coding)
    labels = {m.label for _, one in snapshot.coding.sentences() for m in one.marks}
    labels |= {m.label for one in found.values() for m in one.marks}
    assert "eco.goods" in labels
    assert "renamed" not in call("import", str(folder), "--as", "eve")[1]


def test_the_look_at_several_coders_takes_the_work_of_each_by_itself(
    coded: Project, code: Code, call: Call
) -> None:
    code("bob", "call-a", {2: ("done", (mark("b1", "topics", "eco.trade"),)), 4: ("unsure", ())})
    folder = export(coded).folder
    file = folder / "documents.jsonl"
    documents = [json.loads(line) for line in file.read_bytes().splitlines()]
    (bob,) = (row for row in documents if row["coder"] == "bob")
    bob["entities"].append({**bob["entities"][0], "id": "xc", "name": "Xc"})
    file.write_text("".join(json.dumps(row) + "\n" for row in documents), "utf-8")
    exit_code, said = call("import", str(folder), "--as", "eve")
    assert exit_code == 0
    # Xb is new for the work of each of the two, Xc for that of bob.
    assert "3 of the cast would be new or changed." in said
    assert "other than what eve has" not in said
    exit_code, said = call("import", str(folder), "--from", "bob", "--as", "eve", "--yes")
    assert (exit_code, "2 of the cast will be new or changed." in said) == (0, True)
    exit_code, said = call("import", str(folder), "--from", "bob", "--as", "eve", "--yes")
    assert (exit_code, "of the cast" in said) == (0, False)


def test_labels_of_whole_texts_with_several_sentences_are_counted_and_named(
    project: Project, tmp_path: Path, call: Call
) -> None:
    file = tmp_path / "documents.jsonl"
    rows = [{"text": text_of(one), "label": ["Trade", "Terrorism"]} for one in ("call-a", "call-b")]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    exit_code, said = call("import", str(file), "--format", "doccano", "--as", "eve", "--yes")
    assert exit_code == 2
    assert "line 2: “Terrorism” is given to a whole text of 3 sentences; it was left out" in said
    assert "4 labels of whole texts that have several sentences were left out: a mark is" in said
