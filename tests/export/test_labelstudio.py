"""Label Studio: the native fields say what was coded, and a file of others is read so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from annotator.errors import InputError
from annotator.files import MAX_BYTES
from annotator.formats.dialects import dialect
from annotator.formats.told import Tag, Told
from annotator.model.mark import Slots, TextValue
from annotator.model.text import State
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from .conftest import Call, Code, example, mark

FORM = dialect("labelstudio")
TEXT = "🤝🏽 会谈 e\u0301té in Genf"


def tasks(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "tasks.json").read_bytes())
    return found


def task_of(project: Project, words: str) -> dict[str, Any]:
    found = tasks(export(project, format_name="labelstudio").folder)
    return next(one for one in found if words in one["data"]["text"])


def read(path: Path) -> tuple[list[Told], list[str]]:
    found = list(FORM.read(path))
    told = [one for one in found if isinstance(one, Told) and one.document is None]
    return told, [str(one) for one in found if isinstance(one, InputError)]


def theirs(tmp_path: Path, *found: object) -> tuple[list[Told], list[str]]:
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return read(file)


def region(control: str, kind: str, **value: object) -> dict[str, Any]:
    return {"id": "r", "from_name": control, "to_name": "t", "type": kind, "value": value}


def annotated(*result: object, **fields: object) -> dict[str, Any]:
    return {"data": {"text": TEXT}, "annotations": [{"result": list(result), **fields}]}


def test_choices_words_and_relations(coded: Project) -> None:
    task = task_of(coded, "office")
    (annotation,) = task["annotations"]
    found = annotation["result"]
    choices = {one["from_name"]: one["value"]["choices"] for one in found if "choices" in str(one)}
    assert choices == {
        "topics": ["eco.trade"],
        "speakers": ["indirect", "direct"],
        "commitments-near_miss": ["assertion"],
        "tone": ["warm"],
    }
    words = {
        one["id"]: (one["from_name"], one["value"]["labels"][0], one["value"]["text"])
        for one in found
        if one["type"] == "labels"
    }
    assert ("topics--words", "eco.trade", "trade\x85ties") in words.values()
    related = [
        (words[one["from_id"]][2], one["labels"][0], words[one["to_id"]][2])
        for one in found
        if one["type"] == "relation"
    ]
    assert ("said", "source", "The minister") in related
    assert ("said", "parent", "reports") in related


def test_a_refused_label_is_a_choice_among_the_rejected(coded: Project) -> None:
    result = task_of(coded, "Syria")["annotations"][0]["result"]
    refused = [one["value"] for one in result if one["from_name"] == "topics--rejected"]
    assert refused == [{"choices": ["eco.trade"]}]


def test_the_configuration_has_all_that_a_task_names(coded: Project) -> None:
    folder = export(coded, format_name="labelstudio").folder
    view = ElementTree.fromstring((folder / "config.xml").read_bytes())  # noqa: S314
    controls = {
        one.get("name"): {part.get("value") for part in one}
        for one in view
        if one.tag in ("Choices", "Labels")
    }
    known_relations = {one.get("value") for one in view.iter("Relation")}
    fields = {one.get("value") for one in view if one.tag in ("Text", "Header")}
    for task in tasks(folder):
        assert {"$text", "$before", "$after"} <= fields
        assert {"text", "before", "after"} <= task["data"].keys()
        for one in task["annotations"][0]["result"]:
            if one["type"] == "relation":
                assert set(one["labels"]) <= known_relations
            else:
                assert set(one["value"][one["type"]]) <= controls[one["from_name"]]
                assert one["to_name"] == "text"


def test_a_layer_that_is_called_like_the_text_has_a_name_of_its_own_and_comes_back(
    project: Project, code: Code, call: Call, tmp_path: Path
) -> None:
    book = project.root / "schemas" / "readouts.toml"
    renamed = book.read_text("utf-8").replace('id = "tone"', 'id = "text"\nmultiple = false')
    book.write_text(renamed, "utf-8")
    why: Slots = {"why": (TextValue(text="so"),)}
    given = (mark("w1", "text", "warm", why), mark("t1", "topics", "eco.trade"))
    code("ada", "call-a", {2: ("done", given)})
    folder = export(Project.open(project.root), format_name="labelstudio").folder
    view = ElementTree.fromstring((folder / "config.xml").read_bytes())  # noqa: S314
    names = [one.get("name") for one in view.iter() if one.get("name") is not None]
    assert len(names) == len(set(names))
    assert names[0] == "text"
    assert "text--choices" in names
    (box,) = (one for one in view.iter("Choices") if one.get("name") == "text--choices")
    assert (box.get("choice"), [one.get("value") for one in box]) == ("single", ["warm"])
    assert [one.get("value") for one in view.iter("Header") if "Tone" in str(one.get("value"))] == [
        "Tone", "Tone: rejected"
    ]  # fmt: skip
    raw = (folder / "tasks.json").read_text("utf-8")
    assert '"from_name":"text--choices"' in raw
    # What an older export wrote is known too.
    for said in (raw, raw.replace("text--choices", "text")):
        (folder / "tasks.json").write_text(said, "utf-8")
        (told,), wrong = read(folder)
        assert not wrong
        assert [(one.layer, one.label) for one in told.rows[0].marks] == [
            ("text", "warm"), ("topics", "eco.trade")
        ]  # fmt: skip
        assert told.tags == ()
    # So is what somebody chose who has no row of ours.
    (task,) = json.loads(raw)
    del task["meta"], task["annotations"][0]["id"]
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps([task]), "utf-8")
    assert ("text", "warm") in {(one.field, one.label) for one in read(file)[0][0].tags}
    words = ("--format", "labelstudio", "--as", "bo", "--decided", "--yes")
    assert call("import", str(file), *words)[0] == 0
    again = export(Project.open(project.root), Selection(coders=("bo",)), name="bo").folder
    (row,) = map(json.loads, (again / "sentences.jsonl").read_bytes().splitlines())
    assert ("text", "warm") in {(one["layer"], one["label"]) for one in row["marks"]}


def test_markup_in_a_codebook_stays_text(project: Project, code: Code) -> None:
    book = project.root / "schemas" / "readouts.toml"
    hostile = 'name = "\\"><Choice value=\\"x\\"/>&$text \\u202e"'
    book.write_text(book.read_text().replace('name = "Trade"', hostile), encoding="utf-8")
    project = Project.open(project.root)
    code("ada", "call-a", example())
    raw = (export(project, format_name="labelstudio").folder / "config.xml").read_bytes()
    view = ElementTree.fromstring(raw)  # noqa: S314
    hints = {one.get("value"): one.get("hint") for one in view.iter("Choice")}
    assert "x" not in hints
    assert hints["eco.trade"] == '"><Choice value="x"/>&$text \N{REPLACEMENT CHARACTER}'


def test_coders_of_a_sentence_are_annotations_of_one_task(project: Project, code: Code) -> None:
    code("ada", "call-a", example())
    code("bob", "call-a", {2: ("done", (mark("t1", "topics", "eco.trade"),))})
    folder = export(project, format_name="labelstudio").folder
    found = tasks(folder)
    assert [len(one["annotations"]) for one in found] == [2, 1, 1, 1, 1]
    told, wrong = read(folder)
    assert not wrong
    assert [one.coder for one in told] == ["ada", "bob", "ada", "ada", "ada", "ada"]
    # Whom Label Studio does not know as a user, it refuses.
    assert not [a for one in found for a in one["annotations"] if "completed_by" in a]


def exported_by_label_studio(folder: Path, change: Callable[[list[Any]], None]) -> None:
    """Do to the tasks what an import and an export do to them, and a change."""
    found = tasks(folder)
    for number, task in enumerate(found, start=500):
        task["id"] = number
        for annotation in task["annotations"]:
            annotation["import_id"] = annotation["id"]
            annotation |= {"id": number + 1000, "completed_by": 1, "parent_prediction": None}
            for one in annotation["result"]:
                one["origin"] = "manual"
        task["annotations"].reverse()
    change(found)
    (folder / "tasks.json").write_text(json.dumps(found), encoding="utf-8")


def test_what_label_studio_exports_again_is_what_it_was(project: Project, code: Code) -> None:
    code("ada", "call-a", example())
    code("bob", "call-a", {2: ("done", (mark("t1", "topics", "eco.trade"),))})
    folder = export(project, format_name="labelstudio").folder
    before = {row.id: row for one in read(folder)[0] for row in one.rows}
    exported_by_label_studio(folder, lambda found: None)
    told, wrong = read(folder)
    assert not wrong
    assert not [one for one in told if one.tags]
    assert {row.id: row for one in told for row in one.rows} == before


def test_what_was_changed_in_label_studio_is_told(coded: Project) -> None:
    folder = export(coded, format_name="labelstudio").folder

    def change(found: list[Any]) -> None:
        task = next(one for one in found if "Syria" in one["data"]["text"])
        for one in task["annotations"][0]["result"]:
            if one.get("from_name") == "topics":
                one["value"]["choices"] = ["eco.trade"]
        new = {"id": 2, "import_id": None, "completed_by": {"id": 9, "email": "eve@x.org"}}
        words = region("speakers--words", "labels", start=0, end=3, text="The", labels=["cue"])
        task["annotations"].append({**new, "result": [words]})

    exported_by_label_studio(folder, change)
    told, wrong = read(folder)
    assert not wrong
    changed, new = (one for one in told if one.tags)
    assert changed.tags == (Tag("topics", "eco.trade"),)
    labels = [(one.label, one.rejected) for one in changed.rows[0].marks]
    assert labels == [("indirect", False), ("agreement", False), ("eco.trade", True)]
    assert (new.coder, new.rows, new.start) == ("eve@x.org", (), changed.start)
    assert new.tags == (Tag("speakers--words", "cue", 0, 3),)


def test_a_skipped_sentence_is_cancelled_and_read_back(project: Project, code: Code) -> None:
    code("ada", "call-a", {2: ("skipped", (mark("t1", "topics", "eco.trade"),))})
    folder = export(project, Selection(states=("skipped",)), format_name="labelstudio").folder
    assert tasks(folder)[0]["annotations"][0]["was_cancelled"] is True
    (told,), _ = read(folder)
    assert [one.label for one in told.rows[0].marks] == ["eco.trade"]


@pytest.mark.parametrize("state", ["done", "skipped"])
def test_of_an_annotation_of_ours_that_was_cancelled_nothing_is_taken(
    project: Project, code: Code, state: State
) -> None:
    """What its coder skipped is cancelled as our export writes it, and comes back."""
    code("ada", "call-a", {2: (state, (mark("t1", "topics", "sec.terror"),))})
    folder = export(project, Selection(states=(state,)), format_name="labelstudio").folder
    (task,) = tasks(folder)
    assert task["annotations"][0]["was_cancelled"] is (state == "skipped")
    task["annotations"][0] |= {"import_id": 1, "id": 77, "was_cancelled": True}
    (folder / "tasks.json").write_text(json.dumps([task]), encoding="utf-8")
    ((one,), wrong) = read(folder)
    assert not wrong
    assert (len(one.rows), one.tags, one.undecided) == (state == "skipped", (), state == "done")


def test_tasks_of_others_have_a_voice_for_each_annotator(tmp_path: Path) -> None:
    city = TEXT.index("Genf")
    unit = len(TEXT[:city].encode("utf-16-le")) // 2
    span = region("ner", "labels", start=unit, end=unit + 4, text="Genf", labels=["City"])
    choice = region("kind", "choices", choices=["call", "letter"])
    tree = region("tree", "taxonomy", taxonomy=[["a", "b"], ["c"]])
    told, wrong = theirs(
        tmp_path,
        {
            "id": 3,
            "data": {"text": TEXT, "url": "x"},
            "annotations": [
                {"id": 1, "completed_by": 7, "result": [span, choice]},
                {"id": 2, "completed_by": {"id": 8, "email": "b@x.org"}, "result": []},
                {"id": 3, "completed_by": 9, "result": [choice], "was_cancelled": True},
            ],
            "predictions": [{"model_version": "m1", "score": 0.5, "result": [tree]}],
        },
        {"data": {"body": "only text"}},
    )
    assert not wrong
    assert [(one.name, one.coder, one.tags) for one in told] == [
        (
            "3",
            "7",
            (Tag("ner", "City", city, city + 4), Tag("kind", "call"), Tag("kind", "letter")),
        ),
        ("3", "b@x.org", ()),
        ("3", None, ()),
        ("3", "model:m1", (Tag("tree", "a / b"), Tag("tree", "c"))),
        ("theirs-00002", None, ()),
    ]
    of_tasks = [one.place.partition(", task ")[2] for one in told]
    assert of_tasks == ["3, annotation 1", "3, annotation 2", "3, annotation 3", "3", "2"]


def test_choices_of_a_region_belong_to_its_words(tmp_path: Path) -> None:
    (one,), wrong = theirs(
        tmp_path, annotated(region("how", "choices", start=5, end=7, text="会谈", choices=["so"]))
    )
    assert not wrong
    assert one.tags == (Tag("how", "so", 3, 5),)


def test_what_is_not_read_is_said_once(tmp_path: Path) -> None:
    task = annotated(region("why", "textarea", text=["x"]))
    told, wrong = theirs(tmp_path, task, task)
    assert len(told) == 2
    assert [one.partition("“")[2].partition("”")[0] for one in wrong] == ["textarea"]


@pytest.mark.parametrize(
    ("task", "complaint"),
    [
        ({"data": {"a": "x", "b": "y"}}, "“data” has no text"),
        ({"data": {"text": 7}}, "“text” is no string"),
        ({"data": []}, "“data” is no object"),
        ({"data": {"text": "x"}, "annotations": {}}, "“annotations” is no list"),
        ({"data": {"text": "x"}, "annotations": [1]}, "the annotation is no object"),
        (annotated(3), "a region is no object"),
        (annotated({"type": []}), "the type of a region is no string"),
        (annotated(region("c", "choices", choices="a")), "“choices” is no list"),
        (annotated(region("c", "choices", choices=[{}])), "an item of “choices” is no string"),
        (annotated(region("l", "labels", labels=["a"])), "“l” has no start and end"),
        (annotated(region("l", "labels", start=2, end=1, labels=["a"])), "2 to 1 is no stretch"),
        (annotated(region("l", "labels", start=0, end=99, labels=["a"])), "no stretch"),
        (annotated(region("l", "labels", start="0", end=2, labels=["a"])), "no stretch"),
        (annotated(region("l", "labels", start=5, end=7, text="Genf", labels=["a"])), "elsewhere"),
        ({"data": {"text": "x"}, "meta": {"annotator": [{}]}}, "no row of ours"),
        ({"data": {"text": "\ud800"}}, "half a surrogate pair"),
        ({"data": {"text": "x"}, "predictions": [{"model_version": {"a": 1}}]}, "no string"),
    ],
)
def test_a_wrong_task_is_named_and_the_next_is_read(
    tmp_path: Path, task: dict[str, Any], complaint: str
) -> None:
    told, wrong = theirs(tmp_path, task, {"data": {"text": "next"}})
    assert [one.text for one in told if one.tags or one.text == "next"] == ["next"]
    assert len(wrong) == 1
    assert "theirs.json, line 2" in wrong[0]
    assert complaint in wrong[0]


@pytest.mark.parametrize(
    ("raw", "complaint", "before"),
    [
        (b"", "lacks a “[”", 0),
        (b'{"data": {}}', "lacks a “[”", 0),
        (b"[1]", "has no object here", 0),
        (b'[{"data": {"text": "x"}}', "lacks a “,”", 1),
        (b'[{"data": {"text": "x"}},]', "has no object here", 1),
        (b'[{"data": {"text": "x"}}]\n]', "line 2 goes on after its end", 1),
        (b'[{"data": {"text": "x"}},\n{"data"', "line 2 is not JSON", 1),
        (b'[{"a":' + b"[" * 100_000, "nested too deeply", 0),
        (b'[{"data": {"text": "x"}},\n\n{"data": \xfe, "text": "', "line 3 has the byte 0xFE", 1),
        (b'[{"data": {"text": "x"}},\n\xff', "line 2 has the byte 0xFF, which is not UTF-8", 1),
        (b"\xff\xfe[\0", "line 1 has the byte 0xFF", 0),
        (b'[{"a": "' + b"x" * (MAX_BYTES + 100_000) + b'"', "is not JSON", 0),
        (b'[{"a": "' + b"x" * (3 * MAX_BYTES) + b'"', "larger than 5 MB", 0),
    ],
    ids=range(13),
)
def test_what_is_no_array_is_refused_where_it_ends(
    tmp_path: Path, raw: bytes, complaint: str, before: int
) -> None:
    file = tmp_path / "theirs.json"
    file.write_bytes(raw)
    reading = FORM.read(file)
    assert [type(next(reading)) for _ in range(before)] == [Told] * before
    if before:
        said = str(next(reading))
        assert complaint in said
        assert "Nothing after it was read." in said
        assert not list(reading)
    else:
        with pytest.raises(InputError, match=re.escape(complaint)):
            next(reading)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ('{"data": {"text": NaN}}', "is not JSON: NaN is no number"),
        ('{"a": 1, "a": [-Infinity, 5]}', "line 2"),
        ('{"a": ' + "9" * 5000 + "}", "is not JSON"),
    ],
    ids=["constant", "twice", "digits"],
)
def test_an_object_that_is_refused_does_not_hide_the_next(
    tmp_path: Path, raw: str, complaint: str
) -> None:
    file = tmp_path / "theirs.json"
    file.write_text(f'[\n{raw},\n{{"data": {{"text": "next"}}}}]', encoding="utf-8")
    told, wrong = read(file)
    assert [(one.text, one.place[-14:]) for one in told] == [("next", "line 3, task 2")]
    assert len(wrong) == 1
    assert complaint in wrong[0]


def test_a_byte_that_is_no_text_takes_its_task_alone(tmp_path: Path) -> None:
    """Nor does it matter where the pieces end in which a file is read."""
    tasks = [{"data": {"text": f"{'é' * 70_000}x{number}"}} for number in range(3)]
    raw = json.dumps(tasks, indent=1, ensure_ascii=False).encode()
    place = raw.index(b"x1")
    line = raw.count(b"\n", 0, place) + 1
    file = tmp_path / "theirs.json"
    for byte in (0xFF, 0xC3):
        file.write_bytes(raw[:place] + bytes([byte]) + raw[place + 1 :])
        told, wrong = read(file)
        assert [one.place[-6:] for one in told] == ["task 1", "task 3"]
        assert wrong == [
            f"{file}, line {line} has the byte 0x{byte:X}, which is not UTF-8. The object that has"
            " it is left out. The file holds one JSON array of objects, in UTF-8."
        ]


def test_an_array_is_read_in_pieces(tmp_path: Path) -> None:
    """Objects lie over the edges of what is read at once, with characters of several bytes."""
    texts = [f"{number} " + "🤝会é" * (number % 40_000) for number in (1, 30_000, 2, 39_999, 3)]
    for indent in (None, 2):
        raw = json.dumps([{"data": {"text": one}} for one in texts], ensure_ascii=False)
        raw = json.dumps(json.loads(raw), indent=indent, ensure_ascii=False)
        file = tmp_path / "theirs.json"
        file.write_text(f"\ufeff{raw}", encoding="utf-8")
        told, wrong = read(file)
        assert not wrong
        assert [one.text for one in told] == texts
    assert [one.place[-15:] for one in told[:2]] == [" line 2, task 1", " line 7, task 2"]


def test_tasks_of_one_line_are_told_apart_by_their_id_or_place(tmp_path: Path) -> None:
    file = tmp_path / "theirs.json"
    tasks = [{"id": 17, "data": {}}, {"data": {"text": "x"}}, {"data": {}}]
    file.write_text(json.dumps(tasks), encoding="utf-8")
    _, wrong = read(file)
    assert ["theirs.json, line 1, task 17:" in one for one in wrong] == [True, False]
    assert "theirs.json, line 1, task 3:" in wrong[1]


def test_an_empty_array_is_empty(tmp_path: Path) -> None:
    assert theirs(tmp_path) == ([], [])
