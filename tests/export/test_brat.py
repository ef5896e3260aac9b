"""Brat standoff: what brat asks of it, what it changes, and what others wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.told import Tag, Told
from annotator.model.mark import Slots, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import CODEBOOK, mark, quote

BRAT = dialect("brat")
ADAS = "coders/ada/call-a.ann"
FOREIGN = (
    "T1\tPerson 17 19\tHe\n"
    "T2\tAction 20 27\tpledged\n"
    "T3\tAmount 28 38;46 49\t€2 billion aid\n"
    "E1\tAction:T2 Actor:T1 Amount:T3\n"
    "R1\tDue Arg1:E1 Arg2:T3\n"
    "A1\tConditional E1\n"
    "A2\tModality E1 firm\n"
    "A3\tRejected T1\n"
    "N1\tReference T1 Wikidata:Q6279\tJoe Biden\n"
    "#1\tAnnotatorNotes E1\tfirm pledge\n"
)
TEXT = "🤝 They\r\nagreed.\r\nHe pledged €2 billion in new aid.\r\n"


def told(path: Path) -> tuple[list[Told], list[str]]:
    found = list(BRAT.read(path))
    return (
        [item for item in found if isinstance(item, Told)],
        [str(item) for item in found if isinstance(item, InputError)],
    )


def put(folder: Path, annotations: str, text: str = TEXT) -> Path:
    (folder / "doc.txt").write_bytes(text.encode())
    (folder / "doc.ann").write_bytes(annotations.encode())
    return folder


@pytest.fixture
def lines(coded: Project) -> list[list[str]]:
    raw = (export(coded, format_name="brat").folder / ADAS).read_text("utf-8")
    return [line.split("\t") for line in raw.split("\n")[:-1]]


def test_a_trigger_has_the_type_of_its_event_and_is_no_target(lines: list[list[str]]) -> None:
    types = {own: data.split(" ")[0] for own, data, *_ in lines if own[0] == "T"}
    triggers = set()
    for own, data, *_ in lines:
        if own[0] == "E":
            kind, trigger = data.split(" ")[0].split(":")
            assert types[trigger] == kind
            triggers.add(trigger)
    assert triggers
    targets = {data.split(" ")[1] for own, data, *_ in lines if own[0] in "A#"}
    targets |= {part.split(":")[1] for own, data, *_ in lines if own[0] == "R"
                for part in data.split(" ")[1:]}  # fmt: skip
    assert not targets & triggers
    assert {target[0] for target in targets} == {"E", "T"}


def test_words_are_cut_where_any_reader_ends_a_line(coded: Project, lines: list[list[str]]) -> None:
    text = coded.readout("call-a").text
    for own, data, *rest in lines:
        if own[0] == "T":
            ranges = [map(int, one.split()) for one in data.partition(" ")[2].split(";")]
            assert rest == [" ".join(text[start:end] for start, end in ranges)]
            assert len(rest[0].splitlines()) == 1
    raw = (export(coded, format_name="brat").folder / ADAS).read_text("utf-8")
    assert len(raw.splitlines()) == raw.count("\n") == len(lines)


def test_every_type_that_is_written_stands_in_the_configuration(
    coded: Project, lines: list[list[str]]
) -> None:
    raw = (export(coded, format_name="brat").folder / "annotation.conf").read_text("utf-8")
    known = {line.split(" ")[0] for line in raw.split("\n")}
    assert {"[entities]", "[relations]", "[events]", "[attributes]"} <= known
    assert {data.split(" ")[0].split(":")[0] for own, data, *_ in lines if own[0] != "#"} <= known
    assert "commitments-strength Arg:<EVENT>, Value:1|2" in raw
    assert "commitments--agreement action?:commitments-action" in raw


def test_what_was_deleted_and_added_in_brat_is_so_here(coded: Project) -> None:
    folder = export(coded, format_name="brat").folder
    file = folder / ADAS
    kept = [
        line for line in file.read_text("utf-8").split("\n")[:-1]
        if "eco-trade" not in line and not line.startswith(("A", "R1"))
    ]  # fmt: skip
    file.write_text("\n".join([*kept, "T99\tNew 0 7\tReadout", ""]), encoding="utf-8")
    (back,), wrong = told(folder)
    assert not wrong
    marks = {mark.id for row in back.rows for mark in row.marks}
    assert marks == {f"call-a#{name}@ada" for name in ("t1", "c1", "s1", "s2", "s3", "c2", "w1")}
    assert Tag("type", "New", 0, 7) in back.tags
    # The strength of c1 was taken away, and all else of it stands.
    (c1,) = (mark for row in back.rows for mark in row.marks if mark.id == "call-a#c1@ada")
    assert "strength" not in {slot.slot for slot in c1.slots}
    assert "action" in {slot.slot for slot in c1.slots}
    assert [tag for tag in back.tags if tag.label.startswith("commitments")] == []
    assert back.document is not None
    assert back.document.text == back.text


def test_a_text_that_was_changed_is_told_and_no_row_is_misplaced(coded: Project) -> None:
    folder = export(coded, format_name="brat").folder
    file = folder / "coders" / "ada" / "call-a.txt"
    file.write_text("X" + file.read_text("utf-8"), encoding="utf-8")
    (back,), wrong = told(folder)
    assert not back.rows
    assert any("does not lie where it says" in one for one in wrong)


def test_what_others_wrote_is_read_in_code_points_of_our_lines(tmp_path: Path) -> None:
    (back,), wrong = told(put(tmp_path, FOREIGN))
    assert back.text == TEXT.replace("\r\n", "\n")
    assert (back.name, back.coder, back.rows) == ("doc", None, ())
    said = [(t.field, t.label, back.text[t.start : t.end], t.rejected) for t in back.tags]
    assert said == [
        ("type", "Person", "He", True),
        ("type", "Amount", "€2 billion in new aid", False),
        ("type", "Action", "pledged", False),
        ("Conditional", "Conditional", "pledged", False),
        ("Modality", "firm", "pledged", False),
        ("Reference", "Wikidata:Q6279", "He", False),
    ]
    parts = [back.text[start:end] for tag in back.tags for start, end in tag.parts]
    assert parts == ["€2 billion", "aid"]
    assert [one.split(": ")[-1] for one in wrong] == ["1 note is not read; labels are."]
    related = [(one.label, one.head.label, one.child.label) for one in back.relations]
    assert ("Due", "Action", "Amount") in related


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("T1\tPerson 17 99\tHe", "no stretch"),
        ("T1\tPerson 19 17\tHe", "no stretch"),
        ("T1\tPerson 16 18\tHe", "do not stand"),
        ("T1\tPerson -1 18\tHe", "no annotation"),
        ("T1\tPerson 1١ 19\tHe", "no annotation"),
        ("T1 Person 17 19 He", "no annotation"),
        ("E1\tAction:T7", "no annotation “T7”"),
        ("A1\tModality E9 firm", "no annotation “E9”"),
        ('#1\tAnnotatorNotes T1\t{"annotator":' + "[" * 100_000, "nested too deeply"),
        ('#1\tAnnotatorNotes T1\t{"annotator":{"id":NaN}}', "NaN"),
        ('#1\tAnnotatorNotes T1\t{"annotator":{}}', "no row of ours"),
        ("\x1b[31m", "no annotation"),
    ],
)
def test_what_is_no_annotation_is_named_and_the_rest_is_read(
    line: str, said: str, tmp_path: Path
) -> None:
    (back,), (wrong,) = told(put(tmp_path, f"{line}\nT2\tAction 20 27\tpledged\n"))
    assert said in wrong
    assert "doc.ann" in wrong
    assert "\x1b" not in wrong
    assert [tag.label for tag in back.tags] == ["Action"]


def test_a_file_that_is_no_text_and_one_without_its_text_stop_no_other(tmp_path: Path) -> None:
    put(tmp_path, FOREIGN)
    (tmp_path / "bad.ann").write_bytes(b"T1\t\xff\n")
    (tmp_path / "bad.txt").write_bytes(b"")
    (tmp_path / "alone.ann").write_bytes(b"")
    found, wrong = told(tmp_path)
    assert [item.name for item in found] == ["doc"]
    assert any("alone.txt" in one for one in wrong)
    assert any("bad.ann, line 1" in one for one in wrong)
    with pytest.raises(InputError):
        told(tmp_path / "doc.ann" / "nothing")


def test_a_slot_whose_name_ends_in_a_digit_is_no_number_of_another(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    slots = ("evidence", "evidence2", "evidence2_", "evidence2.", "2")
    own = '  { id = "evidence", name = "evidence", type = "span", repeatable = true },\n'
    every = "".join(own.replace('"evidence"', f'"{slot}"') for slot in slots)
    monkeypatch.setattr("tests.export.conftest.CODEBOOK", CODEBOOK.replace(own, every))
    project: Project = request.getfixturevalue("project")
    words = ("The parties", "agreed", "fight", "terrorism", "Syria", "June")
    both: Slots = {
        one: tuple(SpanValue(span=quote("call-a", word)) for word in words) for one in slots
    }
    request.getfixturevalue("code")(
        "ada", "call-a", {2: ("done", (mark("t1", "topics", "sec.terror", both),))}
    )
    folder = export(project, format_name="brat").folder
    (event,) = re.findall(r"^E1\t(.*)$", (folder / ADAS).read_text("utf-8"), re.MULTILINE)
    roles = [one.partition(":")[0] for one in event.split(" ")[1:]]
    assert len({*roles}) == len(roles) == len(slots) * len(words)
    # A role is that of one slot alone, also without the number that brat takes off.
    bare = dict.fromkeys(one.rstrip("0123456789") for one in roles)
    assert list(bare) == ["2_", "evidence", "evidence2_", "evidence2-", "evidence2__"]
    config = (folder / "annotation.conf").read_text("utf-8")
    assert all(f"{one}*:topics-" in config for one in bare)
    (back,), wrong = told(folder)
    assert (back.tags, back.relations, wrong) == ((), (), [])
    (row,) = back.rows
    found = [(one.slot, one.exact) for one in row.marks[0].slots]
    assert found == [(slot, word) for slot in sorted(slots) for word in words]
