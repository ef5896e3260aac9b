"""Other people's work is taken in: previewed, exact, once, and never over what is there."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.dialect import Dialect
from annotator.formats.dialects import dialect
from annotator.model.edit import CAST, Change, Document, Edit, Timeline
from annotator.model.sentence import Sentence
from annotator.pipeline import taking
from annotator.pipeline.add import add
from annotator.pipeline.export import export
from annotator.pipeline.homes import HomesOf, proposed
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.pipeline.taker import Taker
from annotator.store import TinyStore

from .conftest import Call, header_of, sentences_of
from .forms import forms

AT = "2026-02-03T04:05:06Z"
READ = forms(lambda form: bool(form.reader))


def taker(project: Project) -> Taker:
    return Taker("eve", AT, project.codebook, HomesOf(proposed([], project.codebook)))


def take(project: Project, form: Dialect, path: Path, who: Taker) -> list[str]:
    reading = taking.read(project, form, path)
    assert reading.problems == []
    plan = taking.preview(project, reading, who)
    for one in plan.values():
        assert (one.problems, one.others, one.notices) == ((), (), ())
    wanted = [readout for readout, one in plan.items() if one.edit is not None]
    outcomes = list(taking.take(project, reading, who, wanted))
    assert [one.problem for one in outcomes if one.problem] == []
    return wanted


def done(project: Project, coder: str, readout: str = "call-a") -> dict[int, Sentence]:
    snapshot = project.store().read(coder, readout)
    assert snapshot is not None
    return {key: one for key, one in snapshot.coding.sentences() if one.state == "done"}


@pytest.mark.parametrize("form", READ)
def test_a_dataset_of_ours_comes_back_as_it_was_and_only_once(
    form: Dialect, coded: Project
) -> None:
    folder = export(coded, format_name=form.name).folder
    who = taker(coded)
    assert take(coded, form, folder, who) == ["call-a"]
    assert done(coded, "eve") == done(coded, "ada")
    assert take(coded, form, folder, who) == []
    snapshot = coded.store().read("eve", "call-a")
    assert snapshot is not None
    assert snapshot.coding.cast.get("xb") is not None
    assert len(Timeline.of(snapshot.history).done) == 1


@pytest.mark.parametrize("form", READ)
def test_sentences_that_were_split_and_joined_come_back_by_their_numbers(
    form: Dialect, coded: Project
) -> None:
    header, readout = header_of("bo", "call-b"), coded.readout("call-b")
    text, (first, second, third) = readout.text, sentences_of("call-b").values()
    # The third was split, its rest then joined; then the first was split.
    places = {
        1: (first.start, text.index(", he")),
        5: (text.index("he said"), first.end),
        2: (second.start, text.index("trade.", second.start)),
        7: (text.index("trade.", second.start), third.end),
    }
    docs: dict[int, Document] = {CAST: readout.cast}
    for key, (start, end) in places.items():
        piece = text[start:end].rstrip()
        docs[key] = Sentence(
            start=start, end=start + len(piece), role="body", text=piece, state="done"
        )
    changes = tuple(Change(key=key, before=None, after=after) for key, after in docs.items())
    act = Edit(act="import", at=AT, what="import", changes=changes)
    TinyStore(coded.paths.tags).open(header, readout, lambda: act).close()
    folder = export(coded, Selection(coders=("bo",)), format_name=form.name).folder
    assert take(coded, form, folder, taker(coded)) == ["call-b"]
    assert done(coded, "eve", "call-b") == done(coded, "bo", "call-b")


def test_what_is_coded_otherwise_is_left_alone_and_said(coded: Project, code: Any) -> None:
    folder = export(coded).folder
    code("eve", "call-a", {2: ("done", ())})
    before = done(coded, "eve")
    reading = taking.read(coded, dialect("jsonl"), folder)
    plan = taking.preview(coded, reading, taker(coded))
    (other,) = plan["call-a"].others
    assert other.endswith("sentences.jsonl, line 1: sentence 2 of call-a")
    list(taking.take(coded, reading, taker(coded), ["call-a"]))
    assert done(coded, "eve")[2] == before[2]


def test_boundaries_of_others_hold_where_nobody_has_coded(coded: Project) -> None:
    text = coded.readout("call-b").text
    folder = export(coded).folder
    sentences = folder / "sentences.jsonl"
    row = json.loads(sentences.read_bytes().splitlines()[0])
    begin, end = text.index("never"), text.index("They  discussed") + len("They")
    row |= {
        "readout": "call-b",
        "text": text[begin:end],
        "start": begin,
        "end": end,
        "marks": [],
        "sentence": 7,
    }
    sentences.write_bytes(json.dumps(row).encode() + b"\n")
    (folder / "documents.jsonl").unlink()
    assert take(coded, dialect("jsonl"), folder, taker(coded)) == ["call-b"]
    snapshot = coded.store().read("eve", "call-b")
    assert snapshot is not None
    pieces = [one.text for _, one in snapshot.coding.sentences()]
    assert text[begin:end] in pieces
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert snapshot.coding.sentence(7).text == text[begin:end]


@pytest.mark.parametrize("before", ["New. ", "It begins anew, and at some length.\n"])
def test_rows_go_into_the_text_that_was_coded_and_into_no_other(
    coded: Project, before: str
) -> None:
    """Their offsets would be wrong in it, though the words stand there."""
    folder = export(coded, format_name="prodigy").folder
    (folder / "documents.jsonl").unlink()
    path = coded.paths.seeds / "call-a.txt"
    path.write_bytes(before.encode() + path.read_bytes())
    reading = taking.read(coded, dialect("prodigy"), folder)
    assert reading.told == {}
    assert "the text of the readout call-a is another than was coded." in reading.problems[0]


def test_a_text_that_stands_more_than_once_is_not_guessed_at(
    project: Project, tmp_path: Path
) -> None:
    path = tmp_path / "tasks.jsonl"
    lines: list[dict[str, str]] = [
        {"text": "They discussed", "label": "Trade"},
        {"text": "They discussed trade.", "id": "call-b", "label": "Trade"},
        {"text": "They discussed", "id": "call-b", "label": "Trade"},
        {"text": "They discussed:", "label": "Trade"},
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    reading = taking.read(project, dialect("prodigy"), path)
    told = {name: [one.text for one in parts] for name, parts in reading.told.items()}
    assert told == {"call-b": ["They discussed trade.", "They discussed"]}
    assert ["line 1: " in one or "line 4: " in one for one in reading.problems] == [True, True]
    assert all("stands in the project more than once" in one for one in reading.problems)
    # The first stands in two readouts, where a name helps; the other twice in one.
    assert ["as its “id”" in one for one in reading.problems] == [True, False]
    assert "such as in call-a and call-b." in reading.problems[0]
    assert "in call-a. Import it with the words around it." in reading.problems[1]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A file of another tool: a text, its labels, and lines that are none."""
    path = tmp_path / "tasks.jsonl"
    lines = [
        {
            "text": "The parties agreed to fight terrorism in Syria by June.",
            "label": ["Terrorism", "odd"],
        },
        {"text": "This stands nowhere.", "label": ["Trade"]},
    ]
    path.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines) + b"no JSON\n")
    return path


@pytest.fixture
def call(call: Call) -> Call:
    """Call the verb; return its exit code, and all that it said."""
    return partial(call, "import")


def test_foreign_labels_go_where_the_user_says(project: Project, foreign: Path, call: Call) -> None:
    args = (str(foreign), "--format", "doccano", "--as", "eve")
    code, said = call(*args)
    assert code == 2  # A line is bad, and the look before says so too.
    homes = foreign.with_name("tasks.jsonl.homes.toml")
    assert "sec.terror" in homes.read_text("utf-8")
    for words in ("nothing: no home", "line 3", "annotator add", "1 mark in 1 readout would"):
        assert words in said
    assert not (project.paths.tags / "eve").exists()
    assert call(*args, "--yes", "--decided")[0] == 2  # A line is bad.
    (sentence,) = done(project, "eve").values()
    assert [mark.label for mark in sentence.marks] == ["sec.terror"]
    code, said = call(*args, "--yes")
    assert code == 2
    assert "Nothing new is taken in." in said
    homes.write_text(homes.read_text("utf-8").replace("sec.terror", "sec.nothing"), "utf-8")
    code, said = call(*args)
    assert code == 2
    assert "no label “sec.nothing”" in said


def test_the_card_claims_nothing_of_what_a_file_brought(
    project: Project, foreign: Path, call: Call
) -> None:
    args = (str(foreign), "--format", "doccano", "--as", "eve")
    call(*args)
    assert call(*args, "--yes", "--decided")[0] == 2  # A line is bad.
    said = (export(project).folder / "README.md").read_text("utf-8")
    for words in (
        "By origin of the marks: not known 1 (100.0%). Taken in from files of other programs: 1,",
        "When was it coded? When the files were coded whose marks were taken in is not known",
        "or, from a file, under which it was taken in",
        "a file of another program alone decided, and no coder since: 1 of 1.",
        "without any mark: 0\n",
    ):
        assert words in said, words
    assert "A person gave or took each one" not in said
    without = (export(project, Selection(layers=("tone",))).folder / "README.md").read_text("utf-8")
    assert "a file of another program alone decided, and no coder since: 1 of 1." in without
    assert "nothing found" not in without


@pytest.mark.parametrize("form", forms(lambda form: bool(form.reader) and form.name != "standoff"))
def test_a_dataset_goes_into_an_empty_project_with_its_texts_and_comes_back(
    form: Dialect, coded: Project, tmp_path: Path
) -> None:
    folder = export(coded, format_name=form.name).folder
    root = tmp_path / "other"
    (root / "seeds").mkdir(parents=True)
    shutil.copytree(coded.paths.schemas, root / "schemas")
    other = Project.open(root)
    report = add(other, [folder], form=form)
    assert [one.id for one in report.added] == ["call-a"]
    assert other.readout("call-a").text == coded.readout("call-a").text
    assert other.metadata("call-a").event == coded.metadata("call-a").event
    assert take(other, form, folder, taker(other)) == ["call-a"]
    assert list(done(other, "eve").values()) == list(done(coded, "ada").values())
    assert add(other, [folder], form=form).added == ()


def test_the_texts_of_tasks_are_added_and_bad_lines_are_named(
    project: Project, foreign: Path
) -> None:
    report = add(project, [foreign], form=dialect("doccano"))
    assert [one.id for one in report.added] == ["tasks-00002"]
    assert report.standing == (("tasks-00001", "call-a"),)
    assert [("line 3" in reason) for _, reason in report.refused] == [True]
    reading = taking.read(project, dialect("doccano"), foreign)
    assert len(reading.told) >= 1


def test_a_file_that_tells_of_nothing_is_nothing_to_do(
    project: Project, tmp_path: Path, call: Call
) -> None:
    (tmp_path / "none.jsonl").write_text("\n", "utf-8")
    code, said = call(str(tmp_path / "none.jsonl"), "--format", "doccano", "--as", "eve")
    assert code == 1
    assert "none.jsonl tells of nothing that could be taken in." in said
