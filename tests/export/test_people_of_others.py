"""Whom the words of a foreign label name: the same person as a mark and as a suggestion taken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from annotator.model.edit import Change, Coding, Edit, Timeline
from annotator.model.mark import EntityValue, Mark
from annotator.pipeline import suggestions
from annotator.pipeline.project import Project
from annotator.session import accepting
from annotator.session.acts import Pen
from annotator.session.scene import Scene
from annotator.session.suggested import Suggested

from .conftest import Call

ROOT = Path(__file__).parents[2]
AT = "2026-02-03T04:05:06Z"
TEXT = "President Orsk said that, according to Premier Vale, talks will go on."
PEOPLE = """
[[entities]]
id = "orsk"
type = "person"
name = "Ana Orsk"
aliases = ["President Orsk"]

[[entities]]
id = "vale"
type = "person"
name = "Bo Vale"
aliases = ["Premier Vale"]
"""
HOMES = """
[[home]]
field = "spans"
label = "SOURCE"
layer = "speakers"
to = "indirect"
slot = "source"

[[home]]
field = "spans"
label = "WHO"
layer = "commitments"
to = "promise"
slot = "committers"
"""
Import = Callable[..., tuple[int, str]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the codebook of the program and a readout that names two people."""
    root = tmp_path / "project"
    (root / "seeds").mkdir(parents=True)
    (root / "schemas").mkdir()
    shutil.copy(ROOT / "schemas" / "readouts.toml", root / "schemas")
    (root / "seeds" / "7.txt").write_text(TEXT, "utf-8")
    (root / "seeds" / "7.toml").write_text(f'title = "A call"\nlanguage = "en"\n{PEOPLE}', "utf-8")
    return Project.open(root)


@pytest.fixture
def imported(project: Project, call: Call) -> Import:
    """Import words of the text as what a label says."""

    def imported(words: str, label: str, *args: str) -> tuple[int, str]:
        start = TEXT.index(words)
        span = {"start": start, "end": start + len(words), "label": label}
        file = project.root / "theirs.jsonl"
        file.write_text(json.dumps({"text": TEXT, "spans": [span]}), "utf-8")
        file.with_name("theirs.jsonl.homes.toml").write_text(HOMES, "utf-8")
        return call("import", str(file), "--format", "prodigy", "--yes", *args)

    return imported


def marks(project: Project) -> list[Mark]:
    snapshot = project.store().read("eve", "7")
    assert snapshot is not None
    return [mark for _, one in snapshot.coding.sentences() for mark in one.marks]


def took(project: Project, times: int = 1, *, gone: str = "") -> list[Mark]:
    """Return the marks after taking what is suggested; the coder's cast has lost who is `gone`."""
    readout, ids = project.readout("7"), count()
    kept = suggestions.kept(project, readout)
    suggested = Suggested(project.codebook, kept.fitting)
    coding = project.first_edit(readout, AT).apply(Coding())
    if gone:
        cast = coding.cast.model_copy(
            update={"entities": tuple(one for one in coding.cast.entities if one.id != gone)}
        )
        coding = Coding({**coding.docs, 0: cast})
    pen = Pen("eve", project.codebook, lambda: AT, lambda: f"n{next(ids)}")
    for _ in range(times):
        sentence = coding.sentence(1)
        scene = Scene(project.codebook, readout, sentence, coding.cast)
        offered = suggested.of(sentence)
        edit = accepting.take(pen, coding, scene, 1, suggested, offered) if offered else None
        coding = edit.apply(coding) if edit else coding
    return list(coding.sentence(1).marks)


def named(mark: Mark, slot: str) -> list[tuple[str, str]]:
    return [
        (value.entity, value.mention.exact if value.mention else "")
        for value in mark.values(slot)
        if isinstance(value, EntityValue)
    ]


@pytest.mark.parametrize(("label", "slot"), [("SOURCE", "source"), ("WHO", "committers")], ids=str)
@pytest.mark.parametrize(
    ("words", "who"), [("President Orsk", "orsk"), ("Premier Vale", "vale")], ids=str
)
def test_words_name_the_same_person_as_a_mark_and_as_a_suggestion_that_is_taken(
    project: Project, imported: Import, words: str, who: str, label: str, slot: str
) -> None:
    assert imported(words, label, "--as", "eve")[0] == 0
    assert imported(words, label, "--suggest", "--as", "m9")[0] == 0
    (given,), (taken,) = marks(project), took(project)
    assert named(given, slot) == named(taken, slot) == [(who, words)]


@pytest.mark.parametrize("args", [("--as", "eve"), ("--suggest", "--as", "m9")], ids=str)
def test_words_that_name_nobody_are_told_each_time_and_the_slot_stays_empty(
    project: Project, imported: Import, args: tuple[str, ...]
) -> None:
    for _ in range(2):
        _, said = imported("talks", "SOURCE", *args)
        assert "nobody in the cast is called “talks”, as “SOURCE” would need" in said
        assert "; its mark is without it." in said
    (mark,) = marks(project) if args[0] == "--as" else took(project)
    assert (mark.label, mark.values("source")) == ("indirect", ())


def test_words_that_name_several_are_told_so(project: Project, imported: Import) -> None:
    path = project.paths.seeds / "7.toml"
    path.write_text(path.read_text("utf-8").replace("Premier Vale", "President Orsk"), "utf-8")
    _, said = imported("President Orsk", "SOURCE", "--as", "eve")
    assert "more than one in the cast is called “President Orsk”" in said


def test_whoever_is_not_in_the_cast_of_a_coder_is_no_other_by_rule_and_taken_once(
    project: Project, imported: Import
) -> None:
    assert imported("President Orsk", "SOURCE", "--suggest", "--as", "m9")[0] == 0
    (mark,) = took(project, times=3, gone="orsk")
    assert mark.values("source") == ()


def test_what_rules_read_from_the_parties_is_read_from_those_that_are_suggested(
    project: Project, imported: Import
) -> None:
    assert imported("President Orsk", "WHO", "--suggest", "--as", "m9")[0] == 0
    (mark,) = took(project)
    assert mark.values("action")  # What the suggestion says nothing of is proposed.
    assert mark.values("mutual")


def test_people_who_came_into_the_file_later_are_said_used_and_undone_with_the_import(
    project: Project, imported: Import
) -> None:
    path = project.paths.seeds / "7.toml"
    whole = path.read_text("utf-8")
    path.write_text('title = "A call"\n', "utf-8")
    _, said = imported("President Orsk", "SOURCE", "--as", "eve")
    assert "nobody in the cast is called “President Orsk”" in said
    path.write_text(whole, "utf-8")
    code, said = imported("President Orsk", "SOURCE", "--as", "eve")
    assert code == 0
    assert "7: its file names Ana Orsk, Bo Vale, whom the cast of eve does not have" in said
    assert "Slots of 1 mark that eve has will be filled." in said
    assert "1 of the cast will be new or changed." in said
    assert "0 marks" not in said
    (mark,) = marks(project)
    assert named(mark, "source") == [("orsk", "President Orsk")]
    snapshot = project.store().read("eve", "7")
    assert snapshot is not None
    assert [one.id for one in snapshot.coding.cast.entities] == ["orsk"]
    assert len(Timeline.of(snapshot.history).done) == 2
    code, said = imported("President Orsk", "SOURCE", "--as", "eve")
    assert (code, "0 marks in 0 readouts will be taken in" in said) == (0, True)
    assert "will be filled" not in said


def test_a_slot_that_its_coder_emptied_stays_empty(project: Project, imported: Import) -> None:
    imported("President Orsk", "SOURCE", "--as", "eve")
    journal = project.journal("eve", "7", AT)
    coding = journal.coding
    (mark,) = coding.sentence(1).marks
    after = coding.sentence(1).changed(marks=(mark.replaced(slots={}),))
    change = Change(key=1, before=coding.sentence(1), after=after)
    journal.put(Edit(act="edit", at=AT, what="by hand", changes=(change,)))
    journal.close()
    assert imported("President Orsk", "SOURCE", "--as", "eve")[0] == 0
    assert [one.slots for one in marks(project)] == [{}]
