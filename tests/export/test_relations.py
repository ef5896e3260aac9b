"""Relations in files of other tools fill slots where they have a home, else they are named."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.cli import main
from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.foreign import Utf16
from annotator.formats.told import Told
from annotator.model.edit import Change, Edit
from annotator.model.mark import EntityValue, Mark, RefValue, SpanValue
from annotator.pipeline import taking
from annotator.pipeline.add import add
from annotator.pipeline.export import export
from annotator.pipeline.homes import HomesOf, proposed
from annotator.pipeline.project import Project
from annotator.pipeline.taker import Taker

from .conftest import text_of

AT = "2026-02-03T04:05:06Z"
# A character beyond the first plane stands before everything, so that the unit of offsets matters.
TEXT = text_of("call-a").split("\n")[0] + "\n" + text_of("call-a").split("\n")[1]
SPANS = {
    "a": ("agreement", "agreed"),
    "b": ("WHAT", "fight terrorism in Syria"),
    "c": ("UNTIL", "by June"),
    "d": ("WHO", "The parties"),
    "e": ("indirect", "The parties agreed"),
    "f": ("PLACE", "Syria"),
}
RELATIONS = [
    ("action", "a", "b"),
    ("when", "a", "c"),
    ("by", "a", "d"),
    ("said", "a", "e"),
    ("near", "f", "b"),
    ("near", "f", "b"),
]


def span(key: str) -> tuple[int, int, str]:
    label, words = SPANS[key]
    start = TEXT.index(words)
    return start, start + len(words), label


def doccano(folder: Path) -> Path:
    units = Utf16(TEXT)
    entities = [
        {
            "id": number,
            "label": label,
            "start_offset": units.outward(a),
            "end_offset": units.outward(b),
        }
        for number, (a, b, label) in enumerate(map(span, SPANS))
    ]
    ids = {key: number for number, key in enumerate(SPANS)}
    relations = [
        {"id": n, "from_id": ids[head], "to_id": ids[child], "type": label}
        for n, (label, head, child) in enumerate(RELATIONS)
    ]
    return written(folder, {"text": TEXT, "entities": entities, "relations": relations})


def prodigy(folder: Path) -> Path:
    made = {key: dict(zip(("start", "end", "label"), span(key), strict=True)) for key in SPANS}
    for number, key in enumerate(SPANS):
        made[key] |= {"token_start": number, "token_end": number}
    relations: list[dict[str, Any]] = [
        {"label": label, "head": made[head]["token_end"], "child": made[child]["token_end"]}
        for label, head, child in RELATIONS
    ]
    # What Prodigy writes has the spans of both ends; a token alone says as much.
    relations[0] |= {"head_span": made["a"], "child_span": made["b"], "head": 99}
    return written(folder, {"text": TEXT, "spans": [*made.values()], "relations": relations})


def written(folder: Path, row: dict[str, Any]) -> Path:
    path = folder / "theirs.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    return path


def labelstudio(folder: Path) -> Path:
    result: list[dict[str, Any]] = [
        {
            "id": key,
            "from_name": "ner",
            "to_name": "text",
            "type": "labels",
            "value": {"start": a, "end": b, "labels": [label]},
        }
        for key, (a, b, label) in ((key, span(key)) for key in SPANS)
    ]
    for label, head, child in RELATIONS:
        # Turned to the left, an arrow leads from its second end to its first.
        ends = {"from_id": child, "to_id": head, "direction": "left", "labels": [label]}
        result.append({"type": "relation", **ends})
    path = folder / "theirs.json"
    path.write_text(json.dumps([{"data": {"text": TEXT}, "annotations": [{"result": result}]}]))
    return path


def brat(folder: Path) -> Path:
    lines = [
        f"T{n}\t{label} {a} {b}\t{TEXT[a:b]}"
        for n, (a, b, label) in enumerate(map(span, SPANS), start=1)
    ]
    ids = {key: f"T{n}" for n, key in enumerate(SPANS, start=1)}
    lines.append("E1\tagreement:T1 action:T2 when:T3 by1:T4")
    ids["a"] = "E1"
    for number, (label, head, child) in enumerate(RELATIONS[3:], start=1):
        lines.append(f"R{number}\t{label} Arg1:{ids[head]} Arg2:{ids[child]}")
    (folder / "call-a.txt").write_text(TEXT, "utf-8")
    path = folder / "call-a.ann"
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    "doccano": doccano,
    "prodigy": prodigy,
    "labelstudio": labelstudio,
    "brat": brat,
}


@pytest.fixture
def named(project: Project) -> Project:
    """A project in whose cast somebody is called by the words of a relation."""
    path = project.paths.seeds / "call-a.toml"
    path.write_text(path.read_text("utf-8") + 'aliases = ["the  Parties"]\n', "utf-8")
    return project


Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the verb; return its exit code, and all that it said in one line."""

    def call(project: Project, *args: str) -> tuple[int, str]:
        argv = ["annotator", "-p", str(project.root), "import", *args, "--as", "eve"]
        monkeypatch.setattr(sys, "argv", argv)
        code = main()
        return code, " ".join("".join(capsys.readouterr()).split())

    return call


def marks(project: Project, readout: str = "call-a") -> dict[str, Mark]:
    snapshot = project.store().read("eve", readout)
    assert snapshot is not None
    found = [mark for _, one in snapshot.coding.sentences() for mark in one.marks]
    assert len({mark.label for mark in found}) == len(found)
    return {mark.label: mark for mark in found}


@pytest.mark.parametrize("form", MAKERS)
def test_relations_fill_the_slots_that_they_are_called_like(
    form: str, named: Project, tmp_path: Path, call: Call
) -> None:
    path = MAKERS[form](tmp_path)
    args = (str(path), "--format", form)
    code, said = call(named, *args)
    assert code == 0
    for words in (
        "action agreement WHAT 1 action of agreement",
        "when agreement UNTIL 1 timeframe of agreement",
        "by agreement WHO 1 committers of agreement",
        "said agreement indirect 1 attribution of agreement",
        "near PLACE WHAT 2 nothing: no home",
    ):
        assert words in said
    assert not (named.paths.tags / "eve").exists()
    assert call(named, *args, "--yes")[0] == 0
    found = marks(named)
    assert set(found) == {"agreement", "indirect"}
    slots = found["agreement"].slots
    assert set(slots) == {"action", "timeframe", "committers", "attribution"}
    (action,), (when,), (by,), (told,) = (
        slots[one] for one in ("action", "timeframe", "committers", "attribution")
    )
    assert isinstance(action, SpanValue)
    assert isinstance(when, SpanValue)
    assert (action.span.exact, when.span.exact) == ("fight terrorism in Syria", "by June")
    assert isinstance(by, EntityValue)
    assert by.mention is not None
    assert (by.entity, by.mention.exact) == ("xa", "The parties")
    assert told == RefValue(mark=found["indirect"].id)
    # The same file once more changes nothing.
    assert call(named, *args, "--yes")[0] == 0
    assert marks(named) == found


OWN_SLOTS = {"WHAT": "action", "UNTIL": "timeframe", "WHO": "committers"}


def homed(path: Path, slots: dict[str, str], layer: str = "commitments") -> None:
    """Give labels a home of their own in the file that the look before wrote."""
    homes = path.with_name(f"{path.name}.homes.toml")
    said = homes.read_text("utf-8")
    for label, slot in slots.items():
        nowhere = f'label = "{label}"\ntimes = 1\nlayer = ""\nto = ""\nslot = ""'
        to = "agreement" if layer == "commitments" else "direct"
        assert nowhere in said
        here = f'label = "{label}"\ntimes = 1\nlayer = "{layer}"\nto = "{to}"\nslot = "{slot}"'
        said = said.replace(nowhere, here)
    homes.write_text(said, "utf-8")


@pytest.mark.parametrize("form", MAKERS)
def test_words_that_a_relation_puts_into_a_mark_are_none_of_their_own(
    form: str, named: Project, tmp_path: Path, call: Call
) -> None:
    path = MAKERS[form](tmp_path)
    args = (str(path), "--format", form)
    call(named, *args)
    homed(path, OWN_SLOTS)
    code, said = call(named, *args, "--yes")
    assert (code, "2 marks in 1 readout will be taken in" in said) == (0, True)
    # No two of `marks` have one label.
    assert set(marks(named)["agreement"].slots) == {
        "action",
        "timeframe",
        "committers",
        "attribution",
    }
    code, said = call(named, *args, "--yes")
    assert (code, "Nothing new is taken in." in said) == (0, True)


def test_words_of_another_layer_and_words_that_nothing_ties_are_marks(
    named: Project, tmp_path: Path, call: Call
) -> None:
    path = doccano(tmp_path)
    call(named, str(path), "--format", "doccano")
    homed(path, {"WHAT": "content"}, "speakers")
    call(named, str(path), "--format", "doccano", "--yes")
    found = marks(named)
    assert set(found) == {"agreement", "indirect", "direct"}
    assert (set(found["direct"].slots), "action" in found["agreement"].slots) == ({"content"}, True)


def test_words_that_tie_each_other_are_marks_and_so_are_suggestions(
    named: Project, tmp_path: Path, call: Call
) -> None:
    units = Utf16(TEXT)
    entities = [
        {"id": n, "label": label, "start_offset": units.outward(a), "end_offset": units.outward(b)}
        for n, (a, b, label) in enumerate(map(span, ("b", "c")))
    ]
    between = [
        {"id": n, "from_id": n, "to_id": 1 - n, "type": label}
        for n, label in enumerate(("when", "action"))
    ]
    path = written(tmp_path, {"text": TEXT, "entities": entities, "relations": between[:1]})
    args = (str(path), "--format", "doccano")
    call(named, *args)
    homed(path, {"WHAT": "action", "UNTIL": "timeframe"})
    call(named, *args)
    homes = path.with_name("theirs.jsonl.homes.toml")
    told = homes.read_text("utf-8")
    at = told.index("[[relation]]")
    told = told[:at] + told[at:].replace('slot = ""', 'slot = "timeframe"')
    homes.write_text(told, "utf-8")
    assert "1 mark in 1 readout would be taken in" in call(named, *args)[1]
    code, said = call(named, *args, "--suggest")
    assert (code, "2 suggestions in 1 readout would be" in said) == (0, True)
    written(tmp_path, {"text": TEXT, "entities": entities, "relations": between})
    back = '[[relation]]\nlabel = "action"\nhead = "UNTIL"\nchild = "WHAT"\n'
    homes.write_text(f'{told}\n{back}of = "head"\nslot = "action"\n', "utf-8")
    # None is a part of the other; both say the same, and a mark is not given twice.
    assert "1 mark in 1 readout would be taken in" in call(named, *args)[1]


def test_whom_nobody_knows_is_named_and_the_rest_is_taken(
    project: Project, tmp_path: Path, call: Call
) -> None:
    path = doccano(tmp_path)
    code, said = call(project, str(path), "--format", "doccano", "--yes")
    assert code == 2
    assert "nobody in the cast is called “The parties”, as “by” would need" in said
    assert set(marks(project)["agreement"].slots) == {"action", "timeframe", "attribution"}


def test_a_person_says_which_slot_a_relation_fills_and_of_which_end(
    project: Project, tmp_path: Path, call: Call
) -> None:
    path = doccano(tmp_path)
    args = (str(path), "--format", "doccano")
    call(project, *args)
    homes = path.with_name("theirs.jsonl.homes.toml")
    told = homes.read_text("utf-8")
    # “near” leads from the place to what is done: the mark is that of its second end.
    at = told.index('label = "near"')
    homes.write_text(told[:at] + told[at:].replace('slot = ""', 'slot = "timeframe"', 1), "utf-8")
    code, said = call(project, *args)
    assert code == 2
    assert "“PLACE” has no home whose slot it could fill" in said
    near = (
        told[at:].replace('of = "head"', 'of = "child"', 1).replace('slot = ""', 'slot = "cue"', 1)
    )
    what = 'label = "WHAT"\ntimes = 1\nlayer = ""\nto = ""\nslot = ""'
    assert what in told
    direct = 'label = "WHAT"\ntimes = 1\nlayer = "speakers"\nto = "direct"\nslot = "content"'
    homes.write_text(told[:at].replace(what, direct) + near, "utf-8")
    assert call(project, *args, "--yes")[0] == 2  # Nobody in the cast is called so.
    slots = marks(project)["direct"].slots
    assert [one.span.exact for one in slots["content"] if isinstance(one, SpanValue)] == [
        "fight terrorism in Syria"
    ]
    # Twice the same relation is one value.
    assert [one.span.exact for one in slots["cue"] if isinstance(one, SpanValue)] == ["Syria"]
    homes.write_text((told[:at].replace(what, direct) + near).replace('"cue"', '"tune"'), "utf-8")
    code, said = call(project, *args)
    assert code == 2
    assert "marks of “WHAT” have no slot “tune” for words. Those that they have: source" in said


def test_words_added_to_a_task_of_ours_go_to_the_mark_that_they_are_related_to(
    coded: Project,
) -> None:
    folder = export(coded, format_name="prodigy").folder
    file = folder / "prodigy.jsonl"
    rows = [json.loads(line) for line in file.read_bytes().splitlines()]
    task, head = next(
        (row, one) for row in rows for one in row["spans"] if one["label"] == "speakers:cue"
    )
    free = next(one for one in task["tokens"] if len(one["text"]) > 3)
    fresh = {"start": free["start"], "end": free["end"], "label": "speakers:content"}
    task["spans"].append(fresh)
    before = [one for one in task["relations"] if one["label"] != "content"]
    one = {"label": "content", "head_span": head, "child_span": fresh, "head": 0, "child": 0}
    task["relations"] = [*before, one]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    reading = taking.read(coded, dialect("prodigy"), folder)
    homes = proposed(reading.tags, coded.codebook, reading.relations)
    assert [(one.label, one.slot) for one in homes.relation] == [("content", "content")]
    who = Taker("eve", AT, coded.codebook, HomesOf(homes, coded.codebook))
    plan = taking.preview(coded, reading, who)
    list(taking.take(coded, reading, who, [*plan]))
    snapshot = coded.store().read("eve", "call-a")
    assert snapshot is not None
    contents = [
        value.span.exact
        for _, sentence in snapshot.coding.sentences()
        for mark in sentence.of_layer("speakers")
        for value in mark.slots.get("content", ())
        if isinstance(value, SpanValue)
    ]
    assert free["text"] in contents
    again = taking.preview(coded, reading, who)
    assert [part.edit for part in again.values()] == [None] * len(again)
    # Nor do words come back that the coder took out of the slot.
    journal = coded.journal("eve", "call-a", AT)
    key, full = next(
        (key, each)
        for key, each in journal.coding.sentences()
        if any("content" in mark.slots for mark in each.marks)
    )
    marks = tuple(
        mark.replaced(slots={slot: held for slot, held in mark.slots.items() if slot != "content"})
        for mark in full.marks
    )
    change = Change(key=key, before=full, after=full.changed(marks=marks))
    journal.put(Edit(act="edit", at=AT, what="empty", changes=(change,)))
    journal.close()
    again = taking.preview(coded, reading, who)
    assert [part.edit for part in again.values()] == [None] * len(again)


@pytest.mark.parametrize("form", ["prodigy", "doccano-spans", "labelstudio", "brat"])
def test_relations_of_our_own_rows_are_no_news(form: str, coded: Project) -> None:
    folder = export(coded, format_name=form).folder
    found = [*dialect(form).read(folder)]
    told = [one for one in found if isinstance(one, Told)]
    assert any(one.rows for one in told)
    assert [one.relations for one in told if one.relations] == []
    assert [str(one) for one in found if isinstance(one, InputError)] == []


@pytest.mark.parametrize("ends", [{}, {"from_id": 7, "to_id": 8}, {"from_id": [], "to_id": 7}])
def test_a_relation_that_leads_nowhere_is_named_and_takes_nothing_along(
    ends: dict[str, Any], tmp_path: Path
) -> None:
    entity = {"id": 7, "label": "X", "start_offset": 0, "end_offset": 2}
    relation = {"id": 1, "type": "x", **ends}
    path = written(tmp_path, {"text": TEXT, "entities": [entity], "relations": [relation]})
    told, said = dialect("doccano").read(path)
    assert isinstance(told, Told)
    assert [tag.label for tag in told.tags] == ["X"]
    assert "theirs.jsonl, line 1: " in str(said)
    assert "of a relation is no string" in str(said) or "“to_id” 8, which no span" in str(said)


def test_a_relation_between_tokens_that_are_not_there_is_named(tmp_path: Path) -> None:
    relation = {"label": "x", "head": 3, "child": 4}
    path = written(tmp_path, {"text": TEXT, "accept": ["A"], "relations": [relation]})
    told, said = dialect("prodigy").read(path)
    assert isinstance(told, Told)
    assert [tag.label for tag in told.tags] == ["A"]
    assert "“head” 3, where no span or token ends" in str(said)


def test_a_relation_to_a_region_without_words_is_named(tmp_path: Path) -> None:
    ends = {"type": "relation", "from_id": "u", "to_id": "v"}
    choice = {"id": "u", "from_name": "c", "type": "choices", "value": {"choices": ["A"]}}
    task = {"data": {"text": TEXT}, "annotations": [{"result": [choice, ends]}]}
    (tmp_path / "t.json").write_text(json.dumps([task]), "utf-8")
    told, said = dialect("labelstudio").read(tmp_path / "t.json")
    assert isinstance(told, Told)
    assert [tag.label for tag in told.tags] == ["A"]
    assert "leads to a region without words" in str(said)


@pytest.mark.parametrize("form", ["doccano", "prodigy", "labelstudio", "brat"])
def test_what_is_wrong_beside_a_text_keeps_no_text_out(
    form: str, project: Project, tmp_path: Path
) -> None:
    path = MAKERS[form](tmp_path)
    raw = path.read_text("utf-8")
    broken = raw.replace('"from_id": 5', '"from_id": 55').replace("Arg1:T6", "Arg1:T66")
    broken = broken.replace('"to_id": "f"', '"to_id": "u"').replace('"head": 5', '"head": 55')
    assert broken != raw
    path.write_text(broken.replace("call-a", "call-z"), "utf-8")
    reading = taking.read(project, dialect(form), path)
    assert reading.problems
    # What the project holds already would not be added.
    (project.paths.seeds / "call-a.txt").unlink()
    report = add(project, [path], form=dialect(form))
    assert len(report.added) == 1
    assert report.refused == ()
