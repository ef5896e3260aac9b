"""A label that a file gives to several stretches together is one mark with all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.mark import Mark, Slots, SpanValue
from annotator.pipeline import suggestions
from annotator.pipeline.project import Project

from .conftest import Call, text_of

TEXT = text_of("call-a")
AGREED, SYRIA = TEXT.index("agreed"), TEXT.index("Syria")
ANN = f"T1\tPromise {AGREED} {AGREED + 6};{SYRIA} {SYRIA + 5}\tagreed Syria\n"
HOMES = """
[[home]]
field = "type"
label = "Promise"
layer = "{}"
to = "{}"
slot = "{}"
"""
KINDS = [(), ("--suggest",)]


@pytest.fixture
def call_in(tmp_path: Path, call: Call) -> Call:
    """Import the annotation of brat with a home."""

    def call_in(home: tuple[str, str, str], *args: str, ann: str = ANN) -> tuple[int, str]:
        (tmp_path / "call-a.txt").write_text(TEXT, "utf-8", newline="")
        file = tmp_path / "call-a.ann"
        file.write_text(ann, "utf-8")
        file.with_name("call-a.ann.homes.toml").write_text(HOMES.format(*home), "utf-8")
        return call("import", str(file), "--format", "brat", "--as", "eve", "--yes", *args)

    return call_in


def taken(project: Project) -> list[Slots]:
    """Return the slots of eve's marks, or of what is suggested."""
    snapshot = project.store().read("eve", "call-a")
    if snapshot is None:
        kept = suggestions.kept(project, project.readout("call-a"))
        return [one.slots for one in kept.fitting]
    marks: list[Mark] = [mark for _, one in snapshot.coding.sentences() for mark in one.marks]
    return [one.slots for one in marks]


def words(slots: Slots, slot: str) -> list[str]:
    return [one.span.exact for one in slots.get(slot, ()) if isinstance(one, SpanValue)]


@pytest.mark.parametrize("args", KINDS, ids=str)
def test_it_fills_a_slot_that_takes_several(
    project: Project, call_in: Call, args: tuple[str, ...]
) -> None:
    home = ("topics", "sec.terror", "evidence")
    assert call_in(home, *args)[0] == 0
    (slots,) = taken(project)
    assert words(slots, "evidence") == ["agreed", "Syria"]
    assert call_in(home, *args)[0] == 0


@pytest.mark.parametrize("args", KINDS, ids=str)
def test_what_a_slot_has_no_room_for_is_named(
    project: Project, call_in: Call, args: tuple[str, ...]
) -> None:
    code, said = call_in(("commitments", "agreement", "action"), *args)
    assert code == 2
    assert "the slot “action” of “agreement” has room for one, not for “Syria” too" in said
    (slots,) = taken(project)
    assert words(slots, "action") == ["agreed"]


def test_stretches_of_several_sentences_are_given_to_none(project: Project, call_in: Call) -> None:
    trade = TEXT.index("“trade")
    ann = f"T1\tPromise {AGREED} {AGREED + 6};{trade} {trade + 6}\tagreed “trade\n"
    code, said = call_in(("topics", "sec.terror", "evidence"), ann=ann)
    assert (code, "“Promise” is given to 3 sentences" in said) == (2, True)
    assert taken(project) == []


def test_a_name_in_two_stretches_names_one_without_a_mention(
    project: Project, call_in: Call
) -> None:
    path = project.paths.seeds / "call-a.toml"
    path.write_text(path.read_text("utf-8") + 'aliases = ["agreed Syria"]\n', "utf-8")
    assert call_in(("speakers", "indirect", "source"))[0] == 0
    (slots,) = taken(project)
    assert [one.model_dump() for one in slots["source"]] == [
        {"type": "entity", "entity": "xa", "mention": None, "inferred": False}
    ]
