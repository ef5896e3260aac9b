"""Prodigy: the native fields say what was coded, and a file of others is read as what it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.labelled import Words
from annotator.formats.prodigy_out import tokens
from annotator.formats.told import Tag, Told
from annotator.model.mark import Slots, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from .conftest import Call, Code, mark, quote

FORM = dialect("prodigy")
TEXT = "Он said 🤝 yes."


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def rewrite(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    found = lines(file)
    for one in found:
        change(one)
    file.write_text("".join(f"{json.dumps(one)}\n" for one in found), encoding="utf-8")


def read(path: Path) -> tuple[list[Told], list[str]]:
    found = list(FORM.read(path))
    told = [one for one in found if isinstance(one, Told)]
    return told, [str(one) for one in found if isinstance(one, InputError)]


def foreign(tmp_path: Path, *tasks: dict[str, Any] | str) -> tuple[list[Told], list[str]]:
    file = tmp_path / "theirs.jsonl"
    shown = (task if isinstance(task, str) else json.dumps(task) for task in tasks)
    file.write_text("".join(f"{line}\n" for line in shown), encoding="utf-8")
    return read(file)


def test_a_task_shows_labels_words_and_relations(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder
    task = next(one for one in lines(folder / "prodigy.jsonl") if "his" in one["text"])
    assert task["accept"] == [
        "topics:eco.trade",
        "speakers:indirect",
        "speakers:direct",
        "commitments:near_miss:assertion",
        "tone:warm",
    ]
    options = {one["id"]: one["text"] for one in task["options"]}
    assert set(task["accept"]) <= options.keys()
    assert options["commitments:near_miss:assertion"] == "Near misses: Assertion"
    words = {one["label"]: task["text"][one["start"] : one["end"]] for one in task["spans"]}
    assert words["topics:eco.trade"] == "trade\x85ties"
    assert words["speakers:source"] == "The minister"
    by_label = {one["label"]: one for one in task["relations"]}
    said, source = by_label["source"]["head_span"], by_label["source"]["child_span"]
    assert task["text"][said["start"] : said["end"]] == "said"
    assert task["text"][source["start"] : source["end"]] == "The minister"
    assert by_label["source"]["head"] == said["token_end"]
    reports = by_label["parent"]["child_span"]
    assert task["text"][reports["start"] : reports["end"]] == "reports"
    assert (task["_view_id"], task["answer"]) == ("blocks", "accept")
    assert not {"_input_hash", "_task_hash"} & task.keys()


def test_tokens_make_up_the_text_and_spans_end_with_them(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder
    for task in lines(folder / "prodigy.jsonl"):
        cut = task["tokens"]
        assert "".join(one["text"] + " " * one["ws"] for one in cut) == task["text"]
        assert [one["id"] for one in cut] == list(range(len(cut)))
        for span in task["spans"]:
            assert cut[span["token_start"]]["start"] == span["start"]
            assert cut[span["token_end"]]["end"] == span["end"]


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("He said.", (3, 5), ["He", "sa", "id", "."]),
        ("He  said", (2, 4), ["He", "  ", "said"]),
        ("He  said", None, ["He", " ", "said"]),
        ("He said", (0, 3), ["He", " ", "said"]),
        (" हिन्दी e\u0301te\u0301", None, [" ", "हिन्दी", "e\u0301te\u0301"]),
        ("€2, 🤝🏽!", None, ["€", "2", ",", "🤝", "🏽", "!"]),
        ("", None, []),
    ],
)
def test_tokens(text: str, span: tuple[int, int] | None, expected: list[str]) -> None:
    spans = [Words("layer", "slot", "slot", *span, "m1")] if span else []
    cut = tokens(text, spans)
    assert [one["text"] for one in cut] == expected
    assert "".join(one["text"] + " " * one["ws"] for one in cut) == text
    assert all(text[one["start"] : one["end"]] == one["text"] for one in cut)


def test_a_refused_label_is_a_task_of_its_own(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder
    (task,) = lines(folder / "rejected.jsonl")
    assert (task["label"], task["answer"]) == ("topics:eco.trade", "reject")
    assert task["_view_id"] == "classification"
    (alone,), _ = read(folder / "rejected.jsonl")
    assert alone.tags == (Tag("label", "topics:eco.trade", rejected=True),)


def test_what_is_undecided_is_to_be_ignored(coded: Project) -> None:
    folder = export(coded, Selection(states=("unsure",)), format_name="prodigy").folder
    assert [one["answer"] for one in lines(folder / "prodigy.jsonl")] == ["ignore"]
    told, wrong = read(folder)
    assert not wrong
    assert [len(row.marks) for one in told for row in one.rows] == [1]


def test_what_was_changed_in_prodigy_is_told(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder

    def change(task: dict[str, Any]) -> None:
        if "topics:sec.terror" in task["accept"]:
            task["accept"] = ["speakers:indirect", "topics:eco.trade"]
            del task["spans"][0]

    rewrite(folder / "prodigy.jsonl", change)
    (folder / "rejected.jsonl").write_bytes(b"")
    told, wrong = read(folder)
    assert not wrong
    changed = next(one for one in told if one.tags)
    assert changed.tags == (Tag("accept", "topics:eco.trade"),)
    # The topic, the frame with its words, and the refused label whose task is gone.
    assert [mark.label for mark in changed.rows[0].marks] == ["indirect"]


def test_a_label_of_two_marks_stands_for_both(project: Project, code: Code) -> None:
    """One of them has words besides; without these, the label still stands for both."""
    words: Slots = {"evidence": (SpanValue(span=quote("call-a", "in Syria")),)}
    two = mark("t1", "topics", "sec.terror"), mark("t2", "topics", "sec.terror", words)
    code("ada", "call-a", {2: ("done", two)})
    folder = export(project, format_name="prodigy").folder
    (before,) = (row for one in read(folder)[0] for row in one.rows)
    assert len(before.marks) == 2
    rewrite(folder / "prodigy.jsonl", lambda task: task.update(spans=[]))
    told, wrong = read(folder)
    assert not wrong
    assert not [one for one in told if one.tags]
    now = [m for one in told for row in one.rows for m in row.marks]
    assert [(m.id, m.slots) for m in now] == [("call-a#t1@ada", ()), ("call-a#t2@ada", ())]


def test_a_task_alone_says_nothing_of_refused_labels(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder
    told, _ = read(folder / "prodigy.jsonl")
    assert [m.label for one in told for row in one.rows for m in row.marks if m.rejected]


def of(told: list[Told], words: str) -> Told:
    (one,) = (one for one in told if words in one.text and not one.document and not one.single)
    return one


def test_of_a_task_of_ours_with_several_labels_that_was_rejected_nothing_is_taken(
    coded: Project,
) -> None:
    """Its refused label is a task of its own, and stays one; the other tasks are as they were."""
    folder = export(coded, format_name="prodigy").folder

    def reject(task: dict[str, Any]) -> None:
        if "Syria" in task["text"] or "office" in task["text"]:
            task["answer"] = "reject"

    rewrite(folder / "prodigy.jsonl", reject)
    told, wrong = read(folder)
    assert not wrong
    for words in ("Syria", "office"):
        one = of(told, words)
        assert (one.rows, one.tags, one.unsettled, one.undecided) == ((), (), True, False)
        assert (
            one.text == coded.readout("call-a").text[one.start : (one.start or 0) + len(one.text)]
        )
    (refused,) = (one for one in told if one.single)
    assert refused.tags == (Tag("label", "topics:eco.trade", rejected=True),)
    assert (refused.start, refused.unsettled) == (of(told, "Syria").start, True)
    assert [row.topics for one in told for row in one.rows] == [(), ("eco.trade",), ()]


def test_a_task_of_ours_with_one_label_that_was_rejected_is_one_rejected_mark(
    project: Project, code: Code, call: Call
) -> None:
    """Its words say the same once more, and are no second one."""
    words: Slots = {"evidence": (SpanValue(span=quote("call-a", "in Syria")),)}
    code("ada", "call-a", {2: ("done", (mark("t1", "topics", "sec.terror", words),))})
    folder = export(project, format_name="prodigy").folder
    rewrite(folder / "prodigy.jsonl", lambda task: task.update(answer="reject"))
    args = ("import", str(folder), "--format", "prodigy", "--as", "eve", "--yes", "--decided")
    code_, said = call(*args)
    assert code_ == 0, said
    found = project.store().read("eve", "call-a")
    assert found is not None
    now = found.coding.sentence(2)
    assert [(one.label, one.rejected, one.slots) for one in now.marks] == [("sec.terror", True, {})]
    assert now.state == "new"


def test_of_a_task_of_ours_that_was_ignored_nothing_is_taken(coded: Project, call: Call) -> None:
    folder = export(coded, format_name="prodigy").folder
    rewrite(
        folder / "prodigy.jsonl",
        lambda task: task.update(answer="ignore") if "Syria" in task["text"] else None,
    )
    args = ("import", str(folder), "--format", "prodigy", "--as", "eve", "--yes")
    code, said = call(*args)
    assert code == 0, said
    assert "1 text of the file was put aside, cancelled or ignored" in " ".join(said.split())
    found = coded.store().read("eve", "call-a")
    assert found is not None
    states = {key: one.state for key, one in found.coding.sentences() if one.state != "new"}
    assert states == {3: "done", 4: "done", 5: "done", 7: "done"}


def test_a_label_whose_refusal_was_ignored_is_refused_as_before(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder
    before = of(read(folder)[0], "Syria")
    rewrite(folder / "rejected.jsonl", lambda task: task.update(answer="ignore"))
    told, wrong = read(folder)
    assert not wrong
    assert of(told, "Syria").rows == before.rows
    assert [(one.tags, one.undecided) for one in told if one.single] == [((), True)]
    # Alone it says nothing, as nobody decided it.
    (folder / "prodigy.jsonl").write_bytes(b"")
    assert [one.undecided for one in read(folder)[0] if not one.document] == [True]


def test_refused_labels_whose_sentence_is_gone_are_told(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder
    (folder / "prodigy.jsonl").write_bytes(b"")
    told, _ = read(folder)
    assert [one.tags for one in told if one.tags] == [
        (Tag("label", "topics:eco.trade", rejected=True),)
    ]


def test_tasks_of_others(tmp_path: Path) -> None:
    options = [{"id": "A", "text": "a"}, {"id": 2, "text": "b"}]
    span = {"start": 8, "end": 9, "label": "HANDS", "token_start": 2, "token_end": 2}
    told, wrong = foreign(
        tmp_path,
        {"text": TEXT, "options": options, "accept": ["A", 2], "answer": "accept"},
        {"text": TEXT, "label": "POLITE", "answer": "reject", "_annotator_id": "set-ada"},
        {"text": TEXT, "label": "POLITE", "answer": "ignore"},
        {"text": TEXT, "spans": [span], "meta": {"id": "n1"}},
        {"text": TEXT, "spans": [span], "label": "HANDS", "answer": "reject"},
    )
    assert not wrong
    assert [one.tags for one in told] == [
        (Tag("accept", "A"), Tag("accept", "2")),
        (Tag("label", "POLITE", rejected=True),),
        (),
        (Tag("spans", "HANDS", 8, 9),),
        (Tag("spans", "HANDS", 8, 9, rejected=True),),
    ]
    assert [one.coder for one in told] == [None, "set-ada", None, None, None]
    assert [one.name for one in told[2:4]] == ["theirs-00003", "n1"]


@pytest.mark.parametrize(
    ("task", "complaint"),
    [
        ({"image": "a.png"}, "“text” is no string"),
        ({"text": 5}, "“text” is no string"),
        ({"text": "a", "answer": "maybe"}, 'the answer is "maybe"'),
        ({"text": "a", "answer": []}, "the answer is []"),
        ({"text": "a", "accept": "A"}, "“accept” is no list"),
        ({"text": "a", "accept": [None]}, "an item of “accept” is no string"),
        ({"text": "a", "accept": [True]}, "an item of “accept” is no string"),
        ({"text": "a", "accept": [""]}, "an item of “accept” is empty"),
        ({"text": "a", "spans": [7]}, "a span is no object"),
        ({"text": "a", "spans": [{"start": 0, "end": 2, "label": "X"}]}, "no stretch"),
        ({"text": "a", "spans": [{"start": 1, "end": 0, "label": "X"}]}, "no stretch"),
        ({"text": "a", "spans": [{"start": -1, "end": 1, "label": "X"}]}, "no stretch"),
        ({"text": "a", "spans": [{"start": False, "end": 1, "label": "X"}]}, "no stretch"),
        ({"text": "a", "spans": [{"start": 0, "end": 1e9, "label": "X"}]}, "no stretch"),
        ({"text": "ab", "spans": [{"start": 0, "end": 1, "label": "X", "text": "b"}]}, "elsewhere"),
        ({"text": "a", "spans": [{"start": 0, "end": 1}]}, "the label of a span is no string"),
        ({"text": "a", "annotator": {"text": "a"}}, "no row of ours"),
        ({"text": "\ud800"}, "half a surrogate pair"),
        ('{"text": "a", "text": "b"}', "stands twice"),
        ('{"text": NaN}', "NaN is no number"),
        ("[]", "is no object"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_task_is_named_and_the_next_is_read(
    tmp_path: Path, task: dict[str, Any] | str, complaint: str
) -> None:
    told, wrong = foreign(tmp_path, task, {"text": "next", "label": "L"})
    assert told[-1].text == "next"
    # A text without the label that is wrong, or none.
    assert [(one.text, one.tags) for one in told[:-1]] in ([], [(told[0].text, ())])
    assert len(wrong) == 1
    assert "theirs.jsonl, line 1" in wrong[0]
    assert complaint in wrong[0]


def test_a_text_that_another_program_changed_is_refused(coded: Project) -> None:
    folder = export(coded, format_name="prodigy").folder
    rewrite(folder / "prodigy.jsonl", lambda task: task.update(text=task["text"].upper()))
    told, wrong = read(folder / "prodigy.jsonl")
    assert not told
    assert all("not the one" in one or "no stretch" in one for one in wrong)
