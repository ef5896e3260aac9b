"""What a file of another program does not speak of was not looked at, and no row says it was."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import main
from annotator.formats.dialect import Dialect
from annotator.formats.training import Extras
from annotator.model.edit import Change, Edit, Timeline
from annotator.model.mark import EntityValue, NoneStated, SlotValue
from annotator.pipeline.export import export
from annotator.pipeline.exporting import Choice
from annotator.pipeline.init import init
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.session import acts
from annotator.session.acts import Pen

from .conftest import AT, Call, Code, mark
from .forms import forms

FIGHT = "The parties agreed to fight terrorism in Syria by June."
VISAS = "visas."
TRADE = "trade;"
EVERY = ("topics", "speakers", "commitments", "tone")
Bring = Callable[[str], None]


def rows(folder: Path, file: str = "sentences.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / file).read_bytes().splitlines()]


def readme(folder: Path) -> str:
    return " ".join((folder / "README.md").read_text("utf-8").split())


@pytest.fixture
def bring(project: Project, tmp_path: Path, call: Call) -> Bring:
    """Take a label of the second sentence of `call-a` in as eve, from a file of doccano."""

    def bring(label: str) -> None:
        path = tmp_path / "tasks.jsonl"
        path.write_text(json.dumps({"text": FIGHT, "label": [label]}), "utf-8")
        code, said = call(
            "import", str(path), "--format", "doccano", "--as", "eve", "--yes", "--decided"
        )
        assert code == 0, said

    return bring


def confirm(project: Project, key: int = 2) -> None:
    """Let eve confirm a sentence."""
    journal = project.journal("eve", "call-a", AT)
    pen = Pen("eve", project.codebook, lambda: AT, lambda: "m1")
    edit = acts.decide(pen, journal.coding, key, "done")
    assert edit is not None
    journal.put(edit)
    journal.close()


def test_a_row_names_the_layers_that_the_file_says_nothing_of(
    project: Project, bring: Bring
) -> None:
    bring("Terrorism")
    (row,) = rows(export(project).folder)
    assert (row["state"], row["keys"], row["topics"]) == ("done", 0, ["sec.terror"])
    assert row["unasked"] == ["speakers", "commitments", "tone"]
    assert row["voice"] is None
    assert [one["imported"] for one in row["marks"]] == [True]
    confirm(project)
    (row,) = rows(export(project).folder)
    assert (row["unasked"], row["voice"]) == ([], "narrator")
    assert [one["imported"] for one in row["marks"]] == [True]


def test_what_a_coder_decided_by_keys_has_nothing_unasked(coded: Project) -> None:
    found = rows(export(coded).folder)
    assert all(row["unasked"] == [] and row["voice"] for row in found)
    assert not any(one["imported"] for row in found for one in row["marks"])


Decide = Callable[..., str]


@pytest.fixture
def decide(tmp_path: Path, call: Call) -> Decide:
    """Take tasks of Prodigy in as eve, and decide their sentences; return what is said."""

    def decide(*tasks: tuple[str, list[str]], code: int = 0) -> str:
        path = tmp_path / "tasks.jsonl"
        made = ({"text": text, "accept": given, "answer": "accept"} for text, given in tasks)
        path.write_text("".join(json.dumps(task) + "\n" for task in made), "utf-8")
        args = ("--format", "prodigy", "--as", "eve", "--yes", "--decided")
        found, said = call("import", str(path), *args)
        assert found == code, said
        return said

    return decide


def by_text(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["text"]: row for row in rows(folder)}


def test_a_sentence_decided_without_a_mark_was_asked_of_the_layers_that_the_file_speaks_of(
    project: Project, decide: Decide
) -> None:
    said = decide((FIGHT, ["Terrorism"]), (VISAS, []))
    assert "1 sentence will be decided without a mark, for the layers that the labels of" in said
    assert "go to: topics." in said
    found = by_text(export(project).folder)
    bare = found[VISAS]
    assert (bare["state"], bare["marks"], bare["voice"]) == ("done", [], None)
    assert bare["unasked"] == found[FIGHT]["unasked"] == ["speakers", "commitments", "tone"]
    confirm(project, bare["sentence"])
    row = by_text(export(project).folder)[VISAS]
    assert (row["unasked"], row["voice"], row["marks"]) == ([], "narrator", [])


def test_where_no_label_of_the_file_has_a_home_all_layers_of_what_it_decides_are_unasked(
    project: Project, decide: Decide
) -> None:
    assert "is not known, and all are unasked" in decide((VISAS, []))
    row = by_text(export(project).folder)[VISAS]
    assert (row["unasked"], row["voice"]) == (list(EVERY), None)


def test_another_file_may_speak_of_more_layers(project: Project, decide: Decide) -> None:
    decide((FIGHT, ["Terrorism"]), (VISAS, []))
    told = decide((FIGHT, ["Agreement"]), (VISAS, []))
    assert "1 sentence will be decided without a mark" in told
    found = by_text(export(project).folder)
    assert found[FIGHT]["unasked"] == found[VISAS]["unasked"] == ["speakers", "tone"]
    assert "decided without" not in decide((FIGHT, ["Agreement"]), (VISAS, []))


def test_what_a_coder_decided_stays_asked_whatever_a_file_says(
    project: Project, code: Code, decide: Decide
) -> None:
    code("eve", "call-a", {2: ("done", ()), 6: ("done", ())})
    decide((FIGHT, ["Terrorism"]), (VISAS, []))
    found = by_text(export(project).folder)
    assert found[FIGHT]["topics"] == ["sec.terror"]
    assert found[FIGHT]["unasked"] == found[VISAS]["unasked"] == []


def test_a_decision_that_is_taken_back_leaves_asked_what_the_file_asked(
    project: Project, bring: Bring
) -> None:
    bring("Terrorism")
    confirm(project)
    journal = project.journal("eve", "call-a", AT)
    undo = Timeline.of(journal.history).undo(AT)
    assert undo is not None
    journal.put(undo)
    journal.close()
    (row,) = rows(export(project).folder)
    assert row["unasked"] == ["speakers", "commitments", "tone"]


def test_a_coder_who_did_not_look_is_in_no_agreement_without_a_mark(
    project: Project, code: Code, decide: Decide
) -> None:
    code("ada", "call-a", {6: ("done", (mark("t1", "topics", "sec.terror"),))})
    code("bob", "call-a", {6: ("done", (mark("t1", "topics", "sec.terror"),))})
    decide((FIGHT, ["Agreement"]), (VISAS, []))
    folder = export(project, extras=Extras(soft=True, multi_hot=True)).folder
    assert "| `topics` | `sec.terror` | 2 | 2 | 100.0% | 100.0% |" in readme(folder)
    (row,) = (one for one in rows(folder, "soft.jsonl") if one["start"] > 100)
    assert row["topics"] == [{"label": "sec.terror", "index": 0, "coders": 2, "share": 1.0}]
    made = {row["id"]: row["topics_multi_hot"] for row in rows(folder, "training.jsonl")}
    assert (made["call-a#6@ada"], made["call-a#6@eve"]) == ([1, 0], None)


def test_a_mark_that_waits_for_its_place_says_that_the_file_spoke(
    project: Project, bring: Bring
) -> None:
    bring("Terrorism")
    journal = project.journal("eve", "call-a", AT)
    before = journal.coding.sentence(2)
    after = before.changed(marks=(), unplaced=before.marks)
    change = Change(key=2, before=before, after=after)
    journal.put(Edit(act="edit", at=AT, what="moved", changes=(change,)))
    journal.close()
    (row,) = rows(export(project).folder)
    assert (row["marks"], row["unasked"], row["voice"]) == ([], list(EVERY), None)


def test_the_voice_is_open_where_what_overrides_it_was_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for root in (first, second):
        init(root)
    part = Selection(samples=True, layers=("speakers",))
    folder = export(Project.open(first), part, output=tmp_path / "part").folder
    assert {row["voice"] for row in rows(folder)} == {"narrator", "attributed", "mixed"}
    args = ["annotator", "-p", str(second), "import", str(folder), "--as", "zoe", "--yes"]
    monkeypatch.setattr(sys, "argv", args)
    assert main() == 0
    brought = rows(export(Project.open(second)).folder)
    assert {row["voice"] for row in brought} == {None}
    assert {*map(tuple, (row["unasked"] for row in brought))} == {
        ("topics", "commitments", "voice")
    }


def test_a_file_that_tells_of_speakers_tells_the_voice(project: Project, bring: Bring) -> None:
    bring("Indirect")
    folder = export(project).folder
    (row,) = rows(folder)
    assert (row["voice"], row["unasked"]) == ("attributed", ["topics", "commitments", "tone"])
    (said,) = rows(folder, "attributions.jsonl")
    assert (said["imported"], said["source_implicit"]) == (True, None)


def test_who_is_bound_is_not_inferred_where_nobody_coded_it(project: Project, bring: Bring) -> None:
    bring("Agreement")
    (row,) = rows(export(project).folder, "commitments.jsonl")
    assert (row["imported"], row["committers_inferred"]) == (True, None)


@pytest.mark.parametrize(
    ("slot", "implicit"),
    [
        ((NoneStated(),), True),
        ((EntityValue(entity="xa"),), False),
        ((EntityValue(entity="xa", inferred=True),), True),
        ((), None),
    ],
)
def test_a_source_is_implicit_or_not_once_it_was_coded(
    project: Project, code: Code, slot: tuple[SlotValue, ...], implicit: bool | None
) -> None:
    slots = {"source": slot} if slot else {}
    code("ada", "call-a", {2: ("done", (mark("s1", "speakers", "indirect", slots),))})
    (row,) = rows(export(project).folder, "attributions.jsonl")
    assert row["source_implicit"] is implicit


def test_only_layers_that_are_exported_are_unasked(project: Project, bring: Bring) -> None:
    bring("Terrorism")
    report = export(project, Selection(layers=("topics", "tone")))
    assert [row["unasked"] for row in rows(report.folder)] == [["tone"]]


def test_a_task_of_prodigy_offers_only_what_was_asked(project: Project, bring: Bring) -> None:
    bring("Terrorism")
    (task,) = rows(export(project, format_name="prodigy").folder, "prodigy.jsonl")
    assert [one["id"] for one in task["options"]] == ["topics:sec.terror", "topics:eco.trade"]
    confirm(project)
    (task,) = rows(export(project, format_name="prodigy").folder, "prodigy.jsonl")
    assert {one["id"].split(":")[0] for one in task["options"]} == set(EVERY)


def test_training_has_no_zeros_where_nobody_looked(project: Project, bring: Bring) -> None:
    bring("Agreement")
    extras = Extras(multi_hot=True, tokens=True)
    folder = export(project, extras=extras).folder
    (row,) = rows(folder, "training.jsonl")
    assert (row["topics_ids"], row["topics_multi_hot"]) == (None, None)
    assert (row["attribution_tags"], row["attribution_spans"]) == (None, None)
    assert (set(row["commitment_tags"]), row["commitment_spans"]) == ({"O"}, [])
    confirm(project)
    (row,) = rows(export(project, extras=extras).folder, "training.jsonl")
    assert (row["topics_ids"], row["topics_multi_hot"]) == ([], [0, 0])
    assert (set(row["attribution_tags"]), row["attribution_spans"]) == ({"O"}, [])


def test_a_row_for_training_tells_unasked_from_none(
    project: Project, code: Code, bring: Bring
) -> None:
    code("ada", "call-a", {2: ("done", ())})
    bring("Agreement")
    folder = export(project, Selection(adjudicator="ada")).folder
    silent = ["topics", "speakers", "tone"]
    found = {row["id"]: row for row in rows(folder, "training.jsonl")}
    ada, eve = found["call-a#2@ada"], found["call-a#2@eve"]
    assert (ada["labels"], ada["unasked"], eve["unasked"]) == ([], [], silent)
    assert [one["unasked"] for one in (*ada["by_coder"], *eve["by_coder"])] == [silent, []]
    said = (
        "`unasked` of a row of `training.jsonl`, and of each entry of `by_coder` and `overlapping`,"
    )
    assert said in readme(folder)


def test_a_coder_who_did_not_look_is_in_no_share(
    project: Project, code: Code, bring: Bring
) -> None:
    topic = mark("t1", "topics", "sec.terror")
    code("ada", "call-a", {2: ("done", (topic,))})
    code("bob", "call-a", {2: ("done", (topic,))})
    bring("Agreement")
    folder = export(project, extras=Extras(soft=True)).folder
    (row,) = rows(folder, "soft.jsonl")
    assert row["coders"] == 2
    assert row["topics"] == [{"label": "sec.terror", "index": 0, "coders": 2, "share": 1.0}]
    assert [one["coder"] for one in row["by_coder"]] == ["ada", "bob"]
    said = readme(folder)
    # Ada and bob decided on the topic, all three on the commitment.
    assert "| `topics` | `sec.terror` | 2 | 2 | 100.0% | 100.0% |" in said
    assert "| `commitments` | `agreement` | 3 | 1 | 33.3% |" in said
    assert "is left out of their n" in said


def test_prevalence_counts_the_sentences_that_were_looked_at(
    project: Project, code: Code, bring: Bring
) -> None:
    trade = mark("t1", "topics", "eco.trade")
    code("eve", "call-a", {3: ("done", (trade,)), 4: ("done", ())})
    bring("Agreement")
    said = readme(export(project).folder)
    assert "| `topics` | `eco.trade` | eve | 1 | 0 | 50.0% |" in said
    assert "| `commitments` | `agreement` | eve | 1 | 0 | 33.3% |" in said
    assert "those left out whose row has the layer in `unasked`" in said


def test_such_sentences_are_left_out_on_demand_and_counted(
    project: Project, code: Code, bring: Bring, call: Call
) -> None:
    code("eve", "call-a", {4: ("done", ())})
    bring("Terrorism")
    assert len(rows(export(project).folder)) == 2
    exit_code, said = call("export", "--asked")
    assert exit_code == 0
    assert "nobody is known to have looked at each of their layers: 1 sentence." in said
    folder = project.root / "exports" / "readouts-9.8.7"
    assert [row["sentence"] for row in rows(folder)] == [4]
    assert "left out unless they have some of each layer" in readme(folder)
    assert call("export", "--asked", "--layer", "topics")[0] == 0
    assert [row["sentence"] for row in rows(folder)] == [2, 4]
    assert Choice(selection=Selection(asked=True)).command() == "annotator export --asked"


@pytest.mark.parametrize("form", forms(lambda form: bool(form.reader)))
def test_a_row_that_comes_back_says_the_same(
    form: Dialect, project: Project, bring: Bring, decide: Decide, call: Call, tmp_path: Path
) -> None:
    bring("Terrorism")
    decide((FIGHT, ["Terrorism"]), (VISAS, []))
    folder = export(project, output=tmp_path / "form", format_name=form.name).folder
    args = ("import", str(folder), "--format", form.name, "--as", "kim", "--yes")
    exit_code, said = call(*args)
    assert exit_code == 0, said
    ours = {}
    for coder in ("eve", "kim"):
        again = export(project, Selection(coders=(coder,)), output=tmp_path / coder).folder
        ours[coder] = rows(again)
    for mine, theirs in zip(ours["kim"], ours["eve"], strict=True):
        assert mine["unasked"] == theirs["unasked"] != []
    labelled, bare = ours["kim"]
    assert [one["imported"] for one in labelled["marks"]] == [True]
    assert bare["marks"] == []


def test_what_somebody_said_was_not_asked_stays_so_when_a_file_comes_again(
    coded: Project, call: Call, tmp_path: Path
) -> None:
    folder = str(export(coded, output=tmp_path / "whole").folder)
    args = ("import", folder, "--as", "kim", "--yes")
    assert call(*args)[0] == 0
    assert call("codebook", "unask", "tone", "--coder", "kim", "--yes")[0] == 0
    kims = Selection(coders=("kim",))
    before = rows(export(coded, kims, output=tmp_path / "before").folder)
    assert [row["unasked"] for row in before if not _has(row, "tone")] != []
    assert all(row["unasked"] == ["tone"] for row in before if not _has(row, "tone"))
    code, said = call(*args)
    assert (code, "Nothing new is taken in." in said) == (0, True), said
    assert rows(export(coded, kims, output=tmp_path / "after").folder) == before


def _has(row: dict[str, Any], layer: str) -> bool:
    return any(mark["layer"] == layer for mark in row["marks"])


def test_a_row_from_before_there_was_such_a_column_is_read(coded: Project, call: Call) -> None:
    folder = export(coded).folder
    found = rows(folder)
    for row in found:
        del row["unasked"]
        for one in row["marks"]:
            del one["imported"]
    lines = (json.dumps(row).encode() + b"\n" for row in found)
    (folder / "sentences.jsonl").write_bytes(b"".join(lines))
    assert call("import", str(folder), "--as", "kim", "--yes")[0] == 0


@pytest.mark.parametrize(
    ("options", "unasked"),
    [
        (["Terrorism", "Trade"], ["commitments", "tone"]),
        ([], ["topics", "commitments", "tone"]),
        (["Never heard of"], ["topics", "commitments", "tone"]),
    ],
    ids=str,
)
def test_options_that_were_offered_beside_spans_were_asked(
    project: Project, tmp_path: Path, call: Call, options: list[str], unasked: list[str]
) -> None:
    start = FIGHT.index("agreed")
    task = {
        "text": FIGHT,
        "spans": [{"start": start, "end": start + 6, "label": "Indirect"}],
        "options": [{"id": one, "text": one} for one in options],
        "accept": [],
        "answer": "accept",
    }
    path = tmp_path / "tasks.jsonl"
    args = ("import", str(path), "--format", "prodigy", "--as", "eve", "--yes", "--decided")
    path.write_text(json.dumps(task), "utf-8")
    assert call(*args)[0] == 0
    (row,) = rows(export(project).folder)
    assert (row["voice"], row["topics"], row["unasked"]) == ("attributed", [], unasked)


def test_a_file_in_which_no_option_was_chosen_asked_for_them(
    project: Project, tmp_path: Path, call: Call
) -> None:
    options = [{"id": "Trade", "text": "Trade"}]
    task = {"text": VISAS, "options": options, "accept": [], "answer": "accept"}
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps(task), "utf-8")
    args = ("--format", "prodigy", "--as", "eve", "--yes", "--decided")
    code, said = call("import", str(path), *args)
    assert (code, "go to: topics." in said) == (0, True)
    (row,) = rows(export(project).folder)
    assert row["unasked"] == ["speakers", "commitments", "tone"]


def test_a_file_with_tasks_of_two_kinds_asked_in_each_for_its_own_kind_alone(
    project: Project, tmp_path: Path, call: Call
) -> None:
    choice = {"options": [{"id": "Trade", "text": "Trade"}], "answer": "accept"}
    start = FIGHT.index("agreed")
    words = [{"start": start, "end": start + 6, "label": "Indirect"}]
    tasks = [
        {"text": FIGHT, "spans": words, "answer": "accept"},
        {"text": VISAS, "accept": [], **choice},
        {"text": TRADE, "spans": [], "answer": "accept"},
    ]
    path = tmp_path / "tasks.jsonl"
    path.write_text("\n".join(map(json.dumps, tasks)), "utf-8")
    args = ("--format", "prodigy", "--as", "eve", "--yes", "--decided")
    assert call("import", str(path), *args)[0] == 0
    found = by_text(export(project).folder)
    assert found[VISAS]["unasked"] == ["speakers", "commitments", "tone"]
    assert found[TRADE]["unasked"] == ["topics", "commitments", "tone"]
