"""A topic that was given beside our rows, and the words that were marked for it, are one mark."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotator.model.mark import Mark, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import Call, Code, mark

Give = Callable[[Path, Sequence[str], Sequence[tuple[str, str]]], None]
"""Gives topics, and marks words for a topic each, in the file of a sentence."""


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    raw = path.read_text("utf-8")
    one = json.loads(raw)
    change(one[0] if isinstance(one, list) else one)
    path.write_text(json.dumps(one) + "\n", "utf-8")


def place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def prodigy(folder: Path, topics: Sequence[str], words: Sequence[tuple[str, str]]) -> None:
    def change(task: dict[str, Any]) -> None:
        task["accept"] += [f"topics:{topic}" for topic in topics]
        for topic, said in words:
            start, end = place(task["text"], said)
            task["spans"].append({"start": start, "end": end, "label": f"topics:{topic}"})

    changed(folder / "prodigy.jsonl", change)


def labelstudio(folder: Path, topics: Sequence[str], words: Sequence[tuple[str, str]]) -> None:
    def change(task: dict[str, Any]) -> None:
        result = task["annotations"][0]["result"]
        whole = {"to_name": "text", "from_name": "topics", "type": "choices", "id": "w"}
        result += [{**whole, "value": {"choices": [topic]}} for topic in topics]
        spans = {"to_name": "text", "from_name": "topics--words", "type": "labels"}
        for topic, said in words:
            start, end = place(task["data"]["text"], said)
            value = {"start": start, "end": end, "text": said, "labels": [topic]}
            result.append({**spans, "id": said, "value": value})

    changed(folder / "tasks.json", change)


def doccano(folder: Path, topics: Sequence[str], words: Sequence[tuple[str, str]]) -> None:
    def change(row: dict[str, Any]) -> None:
        row["cats"] += [f"topics:{topic}" for topic in topics]
        for topic, said in words:
            row["entities"].append([*place(row["text"], said), f"topics:{topic}"])

    changed(folder / "doccano" / "ada.jsonl", change)


FORMS: dict[str, Give] = {
    "prodigy": prodigy,
    "labelstudio": labelstudio,
    "doccano-combined": doccano,
}


@pytest.fixture
def terror(project: Project, code: Code) -> Project:
    """The project with one sentence that has one topic, for which no words speak."""
    code("ada", "call-a", {2: ("done", (mark("t1", "topics", "sec.terror"),))})
    return project


def taken(call: Call, folder: Path, form: str) -> tuple[int, str]:
    code, said = call("import", str(folder), "--format", form, "--as", "eve", "--yes")
    return code, " ".join(said.split())


def marks_of(project: Project) -> list[Mark]:
    found = project.store().read("eve", "call-a")
    assert found is not None
    return list(found.coding.sentence(2).marks)


def words_of(one: Mark) -> list[str]:
    values = one.slots.get("evidence", ())
    return [value.span.exact for value in values if isinstance(value, SpanValue)]


@pytest.mark.parametrize("form", FORMS)
def test_a_topic_that_was_given_has_the_words_that_were_marked_for_it(
    terror: Project, call: Call, form: str
) -> None:
    folder = export(terror, format_name=form).folder
    FORMS[form](folder, ["eco.trade"], [("eco.trade", "in Syria"), ("eco.trade", "parties")])
    code, said = taken(call, folder, form)
    assert code == 0, said
    assert "join" not in said
    given = [(one.label, words_of(one)) for one in marks_of(terror)]
    assert given == [("sec.terror", []), ("eco.trade", ["parties", "in Syria"])]
    assert "Nothing new" in taken(call, folder, form)[1]


@pytest.mark.parametrize("form", FORMS)
def test_words_for_a_topic_that_a_mark_gives_are_words_of_this_mark(
    terror: Project, call: Call, form: str
) -> None:
    folder = export(terror, format_name=form).folder
    FORMS[form](folder, [], [("sec.terror", "fight terrorism")])
    code, said = taken(call, folder, form)
    assert code == 0, said
    assert "1 value of slots of our own rows is new in the file" in said
    given = [(one.id, one.label, words_of(one)) for one in marks_of(terror)]
    assert given == [("t1", "sec.terror", ["fight terrorism"])]


def test_an_annotation_that_is_new_beside_ours_is_read_as_the_controls_of_ours_mean(
    terror: Project, call: Call
) -> None:
    """What is refused there is no topic of the sentence."""
    folder = export(terror, format_name="labelstudio").folder
    whole = {"to_name": "text", "from_name": "topics--rejected", "type": "choices", "id": "n"}
    refused = {**whole, "value": {"choices": ["sec.terror"]}}

    def annotate(task: dict[str, Any]) -> None:
        new = {"id": 71, "completed_by": {"email": "zed"}, "result": [refused]}
        task["annotations"] = [new, {**task["annotations"][0], "id": 70, "import_id": 1}]

    changed(folder / "tasks.json", annotate)
    labelstudio(folder, ["eco.trade"], [("eco.trade", "in Syria"), ("eco.trade", "parties")])
    args = ("import", str(folder), "--format", "labelstudio", "--as", "eve", "--from", "zed")
    assert call(*args, "--yes")[0] == 0
    given = [(one.label, one.rejected, words_of(one)) for one in marks_of(terror)]
    assert given == [
        ("sec.terror", True, []),
        ("eco.trade", False, ["parties", "in Syria"]),
    ]


def test_where_a_topic_keeps_no_words_it_is_without_and_that_is_said(
    terror: Project, call: Call
) -> None:
    folder = export(terror, format_name="prodigy").folder
    words = [("sec.terror", "fight"), ("eco.trade", "June")]
    prodigy(folder, ["eco.trade"], words)
    path = terror.root / "schemas" / "readouts.toml"
    raw = path.read_text("utf-8")
    slot = '  { id = "evidence", name = "evidence", type = "span", repeatable = true },\n'
    assert slot in raw
    path.write_text(raw.replace(slot, ""), "utf-8")
    code, said = taken(call, folder, "prodigy")
    assert code == 2
    assert "sentence 2, “fight” for words of topics sec.terror (call-a#t1@ada): The label" in said
    assert "has no slot for words. Its mark is without it." in said
    assert "1 label on words that have no place" in said
    assert [(one.label, one.slots) for one in marks_of(terror)] == [
        ("sec.terror", {}),
        ("eco.trade", {}),
    ]
