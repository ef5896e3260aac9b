"""A label over several sentences goes to each of them where the homes file says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from annotator.formats.foreign import Utf16
from annotator.formats.told import Relation, Tag, Told
from annotator.model.edit import Coding
from annotator.model.mark import Mark, spans_of
from annotator.pipeline import suggestions
from annotator.pipeline.homes import Home, Homes, HomesOf
from annotator.pipeline.passages import on_each
from annotator.pipeline.project import Project
from annotator.pipeline.units import Units

from .conftest import AT, Call, text_of

TEXT = text_of("call-a")
PASSAGE = "fight terrorism in Syria by June.\nThe minister"
WITHIN = ["The minister", "fight terrorism in Syria by June."]
START = TEXT.index(PASSAGE)
END = START + len(PASSAGE)
LEFT_OUT = "“Trade” is given to 2 sentences; it was left out. “each = true” at the head of the"


def doccano(folder: Path) -> Path:
    units = Utf16(TEXT)
    row = {"text": TEXT, "label": [[units.outward(START), units.outward(END), "Trade"]]}
    return written(folder / "theirs.jsonl", json.dumps(row))


def prodigy(folder: Path) -> Path:
    row = {"text": TEXT, "spans": [{"start": START, "end": END, "label": "Trade"}]}
    return written(folder / "theirs.jsonl", json.dumps(row))


def labelstudio(folder: Path) -> Path:
    value = {"start": START, "end": END, "labels": ["Trade"]}
    made = {"from_name": "ner", "to_name": "text", "type": "labels", "value": value}
    task = {"data": {"text": TEXT}, "annotations": [{"result": [made]}]}
    return written(folder / "theirs.json", json.dumps([task]))


def brat(folder: Path) -> Path:
    middle = START + PASSAGE.index("\n")
    written(folder / "call-a.txt", TEXT)
    # It cuts words where a line ends.
    words = PASSAGE.replace("\n", " ")
    return written(
        folder / "call-a.ann", f"T1\tTrade {START} {middle};{middle + 1} {END}\t{words}\n"
    )


def refi(folder: Path) -> Path:
    one, two = (f"{n}0000000-0000-4000-8000-000000000000" for n in "ab")
    project = (
        '<?xml version="1.0"?><Project xmlns="urn:QDA-XML:project:1.0" name="p">'
        f'<CodeBook><Codes><Code guid="{one}" name="Trade" isCodable="true"/></Codes></CodeBook>'
        f'<Sources><TextSource guid="{two}" name="doc" plainTextPath="internal://a.txt">'
        f'<PlainTextSelection guid="{two}" startPosition="{START}" endPosition="{END}">'
        f'<Coding guid="{two}"><CodeRef targetGUID="{one}"/></Coding></PlainTextSelection>'
        "</TextSource></Sources></Project>"
    )
    with ZipFile(folder / "p.qdpx", "w") as made:
        made.writestr("project.qde", project)
        made.writestr("sources/a.txt", TEXT)
    return folder / "p.qdpx"


def written(path: Path, words: str) -> Path:
    path.write_text(words, "utf-8")
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    "doccano": doccano,
    "prodigy": prodigy,
    "labelstudio": labelstudio,
    "brat": brat,
    "refi": refi,
}


def switched(path: Path, slot: str = "evidence") -> None:
    """Complete the homes file that the look wrote: each sentence, and a slot for the words."""
    homes = path.with_name(f"{path.name}.homes.toml")
    words = homes.read_text("utf-8")
    assert "\neach = false\n" in words
    words = words.replace("each = false", "each = true").replace('slot = ""', f'slot = "{slot}"')
    homes.write_text(words, "utf-8")


def marks(project: Project) -> list[tuple[int, Mark]]:
    snapshot = project.store().read("eve", "call-a")
    assert snapshot
    return [(key, mark) for key, one in snapshot.coding.sentences() for mark in one.marks]


@pytest.mark.parametrize("form", MAKERS)
def test_a_passage_is_left_out_with_the_remedy_or_a_mark_on_each_sentence(
    project: Project, tmp_path: Path, call: Call, form: str
) -> None:
    path = MAKERS[form](tmp_path)
    args = ("import", str(path), "--format", form, "--as", "eve")
    code, said = call(*args)
    assert (code, LEFT_OUT in said) == (2, True)
    assert "1 label that stands over several sentences was left out" in said
    assert "“each = true” at the head of the homes file makes 2 of it, one for each" in said
    assert call(*args, "--yes")[0] == 2
    assert not (project.paths.tags / "eve").exists()

    switched(path)
    code, said = call(*args)
    assert (code, LEFT_OUT in said) == (0, False)
    assert "2 marks in 1 readout would be taken in as eve." in said
    assert "1 label that stands over several sentences is 2, one for each sentence" in said
    assert call(*args, "--yes")[0] == 0
    found = marks(project)
    assert [(key, mark.label) for key, mark in found] == [(2, "eco.trade"), (3, "eco.trade")]
    spans = [[one.exact for one in spans_of(mark.slots)] for _, mark in found]
    assert spans == [[WITHIN[1]], [WITHIN[0]]]

    code, said = call(*args, "--yes")
    assert (code, "0 marks in 0 readouts" in said) == (0, True)
    assert marks(project) == found


def test_without_a_slot_each_sentence_gets_the_label_and_is_decided(
    project: Project, tmp_path: Path, call: Call
) -> None:
    path = prodigy(tmp_path)
    args = ("import", str(path), "--format", "prodigy", "--as", "eve", "--decided")
    call(*args)
    switched(path, slot="")
    code, said = call(*args, "--yes")
    assert (code, "1 label on words that have no place" in said) == (0, True)
    assert [(key, mark.label, mark.slots) for key, mark in marks(project)] == [
        (2, "eco.trade", {}),
        (3, "eco.trade", {}),
    ]
    snapshot = project.store().read("eve", "call-a")
    assert snapshot
    assert [key for key, one in snapshot.coding.sentences() if one.state == "done"] == [2, 3]


def test_as_suggestions_too(project: Project, tmp_path: Path, call: Call) -> None:
    path = prodigy(tmp_path)
    args = ("import", str(path), "--format", "prodigy", "--as", "model", "--suggest")
    code, said = call(*args)
    assert (code, LEFT_OUT in said, "makes 2 of it" in said) == (2, True, True)
    switched(path)
    for _ in range(2):
        assert call(*args, "--yes")[0] == 0
        found = suggestions.kept(project, project.readout("call-a")).fitting
        assert sorted(one.span.exact for one in found) == WITHIN


def test_a_label_of_a_whole_text_is_given_to_no_sentence(
    project: Project, tmp_path: Path, call: Call
) -> None:
    path = written(tmp_path / "theirs.jsonl", json.dumps({"text": TEXT, "label": ["Trade"]}))
    args = ("import", str(path), "--format", "doccano", "--as", "eve")
    call(*args)
    switched(path, slot="")
    code, said = call(*args)
    assert (code, "0 marks" in said) == (2, True)
    assert "“Trade” is given to a whole text of" in said
    assert "each = true" not in said


def tag(label: str, words: str, **more: Any) -> Tag:
    start = TEXT.index(words)
    return Tag("spans", label, start, start + len(words), **more)


def split(project: Project, told: Told, *, each: bool = True) -> tuple[Told, tuple[int, ...]]:
    readout = project.readout("call-a")
    units = Units(readout, project.first_edit(readout, AT).apply(Coding()))
    home = Home(field="spans", label="Trade", layer="topics", to="eco.trade", slot="evidence")
    homes = Homes(each=each, home=(home, home.replaced(label="Other")))
    return on_each(told, HomesOf(homes, project.codebook), units)


def exact(one: Tag) -> str:
    return TEXT[one.start : one.end]


def test_stretches_that_leave_a_sentence_out_say_nothing_of_it(project: Project) -> None:
    first, last = tag("Trade", "agreed to"), tag("Trade", "visas.")
    parts = ((first.start or 0, first.end or 0), (last.start or 0, last.end or 0))
    told = Told(
        "p", "call-a", TEXT, 0, tags=(Tag("spans", "Trade", first.start, last.end, parts=parts),)
    )
    found, lengths = split(project, told)
    assert ([*map(exact, found.tags)], lengths) == (["agreed to", "visas."], (2,))
    assert not any(one.parts for one in found.tags)
    assert split(project, told, each=False) == (told, ())


def test_what_has_no_home_or_stands_in_one_sentence_stays(project: Project) -> None:
    tags = (tag("Trade", "agreed to"), tag("Homeless", PASSAGE))
    told = Told("p", "call-a", TEXT, 0, tags=tags)
    assert split(project, told)[0] is told


def test_a_relation_stands_where_both_ends_do_else_between_the_first_of_each(
    project: Project,
) -> None:
    over, within = tag("Trade", PASSAGE), tag("Other", "minister")
    far = tag("Other", "trade;\nvisas.")
    told = Told(
        "p",
        "call-a",
        TEXT,
        0,
        tags=(over, within, far),
        relations=(Relation("r", over, within), Relation("r", over, far)),
    )
    found, lengths = split(project, told)
    assert lengths == (2, 2)
    ends = [(exact(one.head), exact(one.child)) for one in found.relations]
    assert ends == [(WITHIN[0], "minister"), (WITHIN[1], "trade;")]
    assert {end for one in found.relations for end in (one.head, one.child)} <= set(found.tags)
