"""Values that another program put into slots of our marks: each is of that slot of that mark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cassis
import pytest

from annotator.formats.cas_out import FOLDER
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    LabelValue,
    Mark,
    NoneStated,
    Slots,
    SpanValue,
)
from annotator.model.text import Span
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import Call, Code, mark, quote

WHEN = '{ id = "timeframe", name = "when", type = "span" },'
MORE = f"""{WHEN}
  {{ id = "about", name = "about", type = "label", layer = "topics", repeatable = true }},
  {{ id = "due.by", name = "due", type = "date" }},
  {{ id = "side", name = "side", type = "choice", choices = [
    {{ id = "own", name = "own" }}, {{ id = "other", name = "other" }} ] }},"""
Change = Callable[[Path, dict[str, str]], None]
"""Gives values other ones in the file of `call-a`, each written `slot=value`."""


def slots_of(words: Span, strength: str, about: str) -> Slots:
    return {
        "about": (LabelValue(label=about),),
        "action": (SpanValue(span=words),),
        "due.by": (DateValue(date="2026-06"),),
        "side": (NoneStated(),),
        "strength": (ChoiceValue(choice=strength),),
    }


@pytest.fixture
def framed(project: Project, code: Code) -> Project:
    """The project with two undertakings of one kind in one sentence, which no label tells apart."""
    path = project.root / "schemas" / "readouts.toml"
    path.write_text(path.read_text("utf-8").replace(WHEN, MORE), "utf-8")
    marks = (
        mark(
            "c1", "commitments", "agreement", slots_of(quote("call-a", "fight"), "1", "eco.trade")
        ),
        mark(
            "c2", "commitments", "agreement", slots_of(quote("call-a", "June"), "2", "sec.terror")
        ),
    )
    code("ada", "call-a", {2: ("done", marks)})
    return Project.open(project.root)


def brat(folder: Path, changes: dict[str, str]) -> None:
    path = folder / "coders" / "ada" / "call-a.ann"
    lines = path.read_text("utf-8").split("\n")
    found = []
    for line in lines:
        own, _, said = line.partition("\t")
        name, _, rest = said.partition(" ")
        event, _, value = rest.partition(" ")
        new = changes.get(f"{name.removeprefix('commitments-')}={value}")
        found.append(f"{own}\t{name} {event} {new}" if new else line)
    assert sum(map(str.__ne__, lines, found)) == len(changes)
    path.write_text("\n".join(found), "utf-8")


def cas(folder: Path, changes: dict[str, str]) -> None:
    (path,) = (path for path in (folder / FOLDER).rglob("call-a.*"))
    if path.suffix == ".json":
        loaded = cassis.load_cas_from_json(path.read_text("utf-8"))
    else:
        types = cassis.load_typesystem(folder / "TypeSystem.xml")
        loaded = cassis.load_cas_from_xmi(path, typesystem=types)
    values = {
        f"{one.slot}={one.value}": one for one in loaded.select("webanno.custom.CommitmentsSlot")
    }
    for old, new in changes.items():
        values[old].value = new
    (loaded.to_json if path.suffix == ".json" else loaded.to_xmi)(path)


FORMS: dict[str, Change] = {"brat": brat, "cas-json": cas, "cas-xmi": cas}


@pytest.fixture
def taken(call: Call) -> Callable[[Path, str], tuple[int, str]]:
    """Take a dataset in as eve; return the exit code, and all that is said in one line."""

    def taken(folder: Path, form: str) -> tuple[int, str]:
        code, said = call("import", str(folder), "--format", form, "--as", "eve", "--yes")
        return code, " ".join(said.split())

    return taken


Taken = Callable[[Path, str], tuple[int, str]]


def marks_of(project: Project, coder: str = "eve") -> dict[str, Mark]:
    found = project.store().read(coder, "call-a")
    assert found is not None
    return {one.id: one for one in found.coding.sentence(2).marks}


@pytest.mark.parametrize("form", FORMS)
def test_a_value_that_was_changed_is_the_value_of_its_slot_and_of_its_mark(
    framed: Project, taken: Taken, form: str
) -> None:
    folder = export(framed, format_name=form).folder
    # Each gets a value that the other one has, or had.
    changes = {"about=sec.terror": "eco.trade", "strength=1": "2", "strength=2": "1"}
    FORMS[form](folder, changes)
    code, said = taken(folder, form)
    assert code == 0, said
    assert "3 values of slots of our own rows are new in the file, and are read so." in said
    assert "no home" not in said
    before, now = marks_of(framed, "ada"), marks_of(framed)
    assert now["c1"].slots == before["c1"].slots | {"strength": (ChoiceValue(choice="2"),)}
    assert now["c2"].slots == before["c2"].slots | {
        "about": (LabelValue(label="eco.trade"),),
        "strength": (ChoiceValue(choice="1"),),
    }
    assert list(now) == ["c1", "c2"]
    assert "Nothing new" in taken(folder, form)[1]


@pytest.mark.parametrize("form", FORMS)
def test_a_value_that_no_slot_takes_is_named_and_its_slot_is_empty(
    framed: Project, taken: Taken, form: str
) -> None:
    folder = export(framed, format_name=form).folder
    changes = {"about=sec.terror": "\x9bno", "strength=2": "9"}
    FORMS[form](folder, changes)
    code, said = taken(folder, form)
    assert code == 2
    assert "call-a." in said
    for words in (
        "sentence 2, “9” for strength of commitments agreement (call-a#c2@ada):",
        "has no choice “9”; it has 1, 2. Its mark is without it.",
        "no label of topics. Its mark is without it.",
    ):
        assert words in said
    assert "\x9b" not in said
    before, now = marks_of(framed, "ada"), marks_of(framed)
    kept = {"action", "due.by", "side"}
    assert now["c1"].slots == before["c1"].slots
    assert now["c2"].slots == {name: before["c2"].slots[name] for name in kept}


@pytest.mark.parametrize("form", ["cas-json", "cas-xmi"])
@pytest.mark.parametrize("due", ["2027-01-01", "soon"])
def test_a_date_in_a_cas_is_one_or_named_and_a_value_beats_none_stated(
    framed: Project, taken: Taken, form: str, due: str
) -> None:
    folder = export(framed, format_name=form).folder
    cas(folder, {"due.by=2026-06": due, "side=None": "own"})
    code, said = taken(folder, form)
    now = marks_of(framed)["c2"].slots
    assert now["side"] == (ChoiceValue(choice="own"),)
    if due == "soon":
        assert code == 2
        assert "“soon” for due.by of commitments agreement (call-a#c2@ada): “soon” is no" in said
        assert "due.by" not in now
    else:
        assert code == 0, said
        assert now["due.by"] == (DateValue(date=due),)


def added(folder: Path, *lines: str) -> None:
    path = folder / "coders" / "ada" / "call-a.ann"
    path.write_text(path.read_text("utf-8") + "".join(f"{line}\n" for line in lines), "utf-8")


def event_of(folder: Path, words: str) -> str:
    """Return the id of the event in whose roles these words are."""
    lines = (folder / "coders" / "ada" / "call-a.ann").read_text("utf-8").split("\n")
    (own,) = (line.split("\t")[0] for line in lines if line.endswith(f"\t{words}"))
    (event,) = (line for line in lines if line.endswith(f":{own}"))
    return event.split("\t")[0]


def test_a_value_that_was_added_in_brat_is_one_of_its_slot(framed: Project, taken: Taken) -> None:
    folder = export(framed, format_name="brat").folder
    own = event_of(folder, "June")
    added(
        folder,
        f"A91\tcommitments-side {own} own",
        f"A92\tcommitments-about {own} eco.trade",
        f"A93\tcommitments-strength {own} 1",
    )
    code, said = taken(folder, "brat")
    assert code == 2
    assert "“1” for strength of commitments agreement (call-a#c2@ada): The slot “strength”" in said
    assert "takes one value, not 2." in said
    before, now = marks_of(framed, "ada"), marks_of(framed)
    both = (LabelValue(label="sec.terror"), LabelValue(label="eco.trade"))
    assert now["c1"] == before["c1"].replaced(provenance=now["c1"].provenance)
    assert now["c2"].slots == before["c2"].slots | {
        "about": both,
        "side": (ChoiceValue(choice="own"),),
    }


def test_a_value_of_what_is_no_mark_of_ours_is_no_label_of_another_layer(
    framed: Project, taken: Taken
) -> None:
    """Neither of an event that became one of another type, nor of one that is new in brat."""
    folder = export(framed, format_name="brat").folder
    path = folder / "coders" / "ada" / "call-a.ann"
    own = event_of(folder, "June")
    raw = path.read_text("utf-8").split("\n")
    (line,) = (one for one in raw if one.startswith(f"{own}\t"))
    trigger = line.split("\t")[1].split(" ")[0].rpartition(":")[2]
    raw = [
        one.replace("--agreement", "--assertion") if one.startswith((own, f"{trigger}\t")) else one
        for one in raw
    ]
    path.write_text("\n".join(raw), "utf-8")
    text = path.with_suffix(".txt").read_text("utf-8")
    start = text.index("trade;")
    added(
        folder,
        f"T91\tcommitments--agreement {start} {start + 6}\ttrade;",
        "E91\tcommitments--agreement:T91",
        "A91\tcommitments-about E91 eco.trade",
    )
    _, said = taken(folder, "brat")
    assert "commitments-about sec.terror 1 nothing: no home" in said
    assert "commitments-about eco.trade 1 nothing: no home" in said
    found = framed.store().read("eve", "call-a")
    assert found is not None
    given = {(one.layer, one.label) for _, each in found.coding.sentences() for one in each.marks}
    assert given == {("commitments", "agreement"), ("commitments", "assertion")}


def test_of_two_marks_that_are_alike_the_one_goes_of_which_least_is_left(
    framed: Project, taken: Taken
) -> None:
    folder = export(framed, format_name="brat").folder
    first, second = event_of(folder, "fight"), event_of(folder, "June")
    path = folder / "coders" / "ada" / "call-a.ann"
    lines = path.read_text("utf-8").split("\n")
    (event,) = (line for line in lines if line.startswith(f"{first}\t"))
    gone = {first, *(one.rpartition(":")[2] for one in event.split("\t")[1].split(" "))}
    kept = [
        line.replace(f"strength {second} 2", f"strength {second} 1")
        for line in lines
        if line.split("\t")[0] not in gone
        and f" {first} " not in line
        and f"about {second}" not in line
    ]
    path.write_text("\n".join(kept), "utf-8")
    code, said = taken(folder, "brat")
    assert code == 0, said
    assert "sentence 2, commitments agreement (call-a#c1@ada)" in said
    assert "sentence 2, about of commitments agreement (call-a#c2@ada)" in said
    before, now = marks_of(framed, "ada"), marks_of(framed)
    kept_slots = {name: before["c2"].slots[name] for name in ("action", "due.by", "side")}
    assert {one: now[one].slots for one in now} == {
        "c2": kept_slots | {"strength": (ChoiceValue(choice="1"),)}
    }
