"""doccano: the native fields say what was coded, and a file of others is read as what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.doccano_out import FOLDER
from annotator.formats.told import Tag, Told
from annotator.model.mark import Slots, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import Code, example, mark, quote

TEXT = "🤝🏽 会谈 e\u0301té in Genf"
FORMS = ("doccano", "doccano-spans", "doccano-combined")


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def write(file: Path, *texts: dict[str, Any] | str) -> Path:
    shown = (text if isinstance(text, str) else json.dumps(text) for text in texts)
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in shown), encoding="utf-8")
    return file


def read(path: Path, form: str = "doccano") -> tuple[list[Told], list[str]]:
    found = list(dialect(form).read(path))
    told = [one for one in found if isinstance(one, Told) and one.document is None]
    return told, [str(one) for one in found if isinstance(one, InputError)]


def text_of(project: Project, form: str, words: str) -> dict[str, Any]:
    folder = export(project, format_name=form).folder
    return next(one for one in lines(folder / FOLDER / "ada.jsonl") if words in one["text"])


def test_labels_of_a_text_stand_once_and_near_misses_are_named_so(coded: Project) -> None:
    assert text_of(coded, "doccano", "office")["label"] == [
        "commitments:near_miss:assertion",
        "speakers:direct",
        "speakers:indirect",
        "tone:warm",
        "topics:eco.trade",
    ]
    # A label that was refused is none of the text.
    assert "topics:eco.trade" not in text_of(coded, "doccano", "Syria")["label"]


def test_spans_have_relations(coded: Project) -> None:
    row = text_of(coded, "doccano-spans", "office")
    said = {
        one["id"]: (one["label"], row["text"][one["start_offset"] : one["end_offset"]])
        for one in row["entities"]
    }
    related = {(said[one["from_id"]], one["type"], said[one["to_id"]]) for one in row["relations"]}
    cue = ("speakers:cue", "said")
    assert (cue, "source", ("speakers:source", "The minister")) in related
    assert (cue, "parent", ("speakers:cue", "reports")) in related
    assert ("topics:eco.trade", "trade\x85ties") in said.values()


def test_labels_and_spans_stand_together(coded: Project) -> None:
    row = text_of(coded, "doccano-combined", "Syria")
    assert row["cats"] == ["commitments:agreement", "speakers:indirect", "topics:sec.terror"]
    assert [row["text"][start:end] for start, end, _ in row["entities"]] == ["fight terrorism"]


def test_spans_that_doccano_does_not_show_are_counted_and_no_loss(
    project: Project, code: Code
) -> None:
    inner: Slots = {"evidence": (SpanValue(span=quote("call-a", "terrorism")),)}
    action: Slots = {"action": (SpanValue(span=quote("call-a", "fight terrorism")),)}
    waiting = (
        mark("c1", "commitments", "agreement", action),
        mark("t1", "topics", "sec.terror", inner),
    )
    code("ada", "call-a", {2: ("done", waiting)})
    report = export(project, format_name="doccano-combined", strict=True)
    assert report.losses == {}
    assert report.unseen == {"span that overlaps another": 1}
    (line,) = lines(report.folder / "losses.jsonl")
    assert line == {
        "kind": "unseen",
        "what": "span that overlaps another",
        "where": "call-a#t1@ada",
    }
    card = (report.folder / "README.md").read_text("utf-8")
    assert "does not show, but keeps in our rows" in card
    assert export(project, format_name="doccano-spans").unseen == {}


def test_each_coder_has_a_file(project: Project, code: Code) -> None:
    for coder in ("ada", "bob"):
        code(coder, "call-a", example())
    report = export(project, format_name="doccano")
    assert list(report.rows) == ["doccano/ada.jsonl", "doccano/bob.jsonl", "documents.jsonl"]
    told, wrong = read(report.folder)
    assert not wrong
    assert {one.coder for one in told} == {"ada", "bob"}


@pytest.mark.parametrize("form", FORMS)
def test_what_doccano_exports_again_is_what_it_was(coded: Project, form: str) -> None:
    """Its ids, its comments and its name for spans without relations come in between."""
    folder = export(coded, format_name=form).folder
    file = folder / FOLDER / "ada.jsonl"
    changed = []
    for number, one in enumerate(lines(file), start=70):
        if form == "doccano-combined":
            one["entities"].reverse()
        changed.append({**one, "id": number, "Comments": []})
    write(file, *changed)
    told, wrong = read(file, form)
    assert not wrong
    assert not [one for one in told if one.tags]
    assert sum(len(row.marks) for one in told for row in one.rows) == 10


def test_what_was_changed_in_doccano_is_told(coded: Project) -> None:
    folder = export(coded, format_name="doccano").folder
    file = folder / FOLDER / "ada.jsonl"
    rows = lines(file)
    for row in rows:
        if "topics:sec.terror" in row["label"]:
            row["label"].remove("topics:sec.terror")
            row["label"].append("commitments:near_miss:assertion")
    write(file, *rows)
    told, _ = read(file)
    changed = next(one for one in told if one.tags)
    assert changed.tags == (Tag("label", "commitments:assertion"),)
    labels = [(mark.label, mark.rejected) for mark in changed.rows[0].marks]
    assert labels == [("indirect", False), ("agreement", False), ("eco.trade", True)]


def test_texts_of_others_count_as_a_browser_does(tmp_path: Path) -> None:
    place, city = TEXT.index("会谈"), TEXT.index("Genf")
    unit = len(TEXT[:city].encode("utf-16-le")) // 2
    assert unit == city + 2
    span = [unit, unit + 4, "City"]
    file = write(
        tmp_path / "admin.jsonl",
        {"id": 5, "text": TEXT, "label": ["a", "b"], "Comments": []},
        {"text": TEXT, "label": [span]},
        {"text": TEXT, "label": "one"},
        {"text": TEXT, "entities": [{"id": 1, "label": "L", "start_offset": 5, "end_offset": 7}]},
        {"text": TEXT, "entities": [span], "cats": ["flight"]},
        {"text": TEXT, "label": []},
    )
    told, wrong = read(file)
    assert not wrong
    city_tag = Tag("entities", "City", city, city + 4)
    assert [one.tags for one in told] == [
        (Tag("label", "a"), Tag("label", "b")),
        (city_tag,),
        (Tag("label", "one"),),
        (Tag("entities", "L", place, place + 2),),
        (Tag("label", "flight"), city_tag),
        (),
    ]
    assert [one.name for one in told[:2]] == ["5", "admin-00002"]
    assert told[0].coder is None


def test_a_folder_of_others_has_a_file_for_each_coder(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    for name in ("admin", "all"):
        write(folder / f"{name}.jsonl", {"text": "x", "label": ["a"]})
    told, wrong = read(folder)
    assert not wrong
    assert [one.coder for one in told] == ["admin", None]
    (folder / "admin.jsonl").unlink()
    (folder / "all.jsonl").unlink()
    with pytest.raises(InputError, match="no file"):
        read(folder)


def test_what_is_not_read_is_said_once(tmp_path: Path) -> None:
    row = {"text": "x", "relations": [], "Comments": ["why?"]}
    _, wrong = read(write(tmp_path / "theirs.jsonl", row, row))
    assert [one.partition("“")[2].partition("”")[0] for one in wrong] == ["Comments"]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"label": []}, "“text” is no string"),
        ({"text": "a", "label": 5}, "“label” is no list"),
        ({"text": "a", "label": [None]}, "an item of “label” is no string"),
        ({"text": "a", "label": [[0, 1]]}, "no list of start, end and label"),
        ({"text": "a", "label": [[0, 1, []]]}, "the label of a span is no string"),
        ({"text": "a", "label": [[1, 0, "X"]]}, "no stretch"),
        ({"text": "a", "label": [[0, 2, "X"]]}, "no stretch"),
        ({"text": "🤝", "label": [[0, 1, "X"]]}, "no stretch"),
        ({"text": "a", "entities": [{"start_offset": 0, "label": "X"}]}, "no stretch"),
        ({"text": "a", "annotator": "{"}, "“annotator” is not JSON"),
        ({"text": "a", "annotator": '{"a":' * 100_000}, "“annotator” is not JSON"),
        ({"text": "a", "annotator": "{}"}, "no row of ours"),
    ],
)
def test_a_wrong_text_is_named_and_the_next_is_read(
    tmp_path: Path, row: dict[str, Any], complaint: str
) -> None:
    told, wrong = read(write(tmp_path / "theirs.jsonl", row, {"text": "next"}))
    assert told[-1].text == "next"
    # A text without the label that is wrong, or none.
    assert [(one.text, one.tags) for one in told[:-1]] in ([], [(told[0].text, ())])
    assert len(wrong) == 1
    assert "theirs.jsonl, line 1" in wrong[0]
    assert complaint in wrong[0]
