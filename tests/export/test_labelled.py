"""What a row says in the terms of other programs: one flat list of labels, spans, relations."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.formats.dialect import Dialect
from annotator.formats.labelled import label_of, links, once, plain, words
from annotator.formats.work import Work
from annotator.model.mark import EntityValue, RefValue, Slots, SpanValue
from annotator.model.record import SentenceRow
from annotator.pipeline.export import export
from annotator.pipeline.making import batch_of
from annotator.pipeline.project import Project

from .conftest import Code, mark, quote
from .forms import forms
from .generated import BOOK


def row_of(project: Project, code: Code, *marks: tuple[str, str, str, Slots]) -> SentenceRow:
    """Return the row of the second sentence of `call-a` with these marks."""
    code("ada", "call-a", {2: ("done", tuple(mark(*one) for one in marks))})
    snapshot = project.store().read("ada", "call-a")
    assert snapshot is not None
    readout = project.readout("call-a")
    work = Work(readout, snapshot.header, snapshot.coding, project.codebook)
    (one,) = batch_of([work]).sentences
    return one.sentence


def said(words: str) -> SpanValue:
    return SpanValue(span=quote("call-a", words))


def test_a_name_is_taken_apart_again() -> None:
    for layer in BOOK.layers:
        names = {label_of(layer, label.id): label.id for label in layer.labels}
        assert len(names) == len(layer.labels)
        assert {plain(name) for name in names} == {f"{layer.id}:{one}" for one in names.values()}
    commitments = BOOK.layer("commitments")
    assert commitments is not None
    assert label_of(commitments, "request") == "commitments:near_miss:request"
    assert plain("no colon") == "no colon"


def test_a_relation_leads_from_the_first_words_of_a_frame(project: Project, code: Code) -> None:
    terror = SpanValue(span=quote("call-a", "terrorism"))
    parties = EntityValue(entity="xa", mention=quote("call-a", "The parties"))
    row = row_of(
        project,
        code,
        ("s1", "speakers", "indirect", {"source": (parties,), "cue": (said("agreed"),)}),
        (
            "c1",
            "commitments",
            "agreement",
            {
                "action": (said("fight terrorism"),),
                "timeframe": (said("by June"),),
                "attribution": (RefValue(mark="s1"),),
            },
        ),
        ("t1", "topics", "sec.terror", {"evidence": (terror, said("Syria"))}),
    )
    found = [
        (row.text[a.start : a.end], link.label, row.text[b.start : b.end])
        for link in links(row, project.codebook.layers)
        for a, b in ((link.head, link.child),)
    ]
    assert found == [
        ("agreed", "source", "The parties"),
        ("fight terrorism", "attribution", "agreed"),
        ("fight terrorism", "timeframe", "by June"),
    ]
    assert [one.label for one in words(row)][-2:] == ["topics:sec.terror"] * 2


def test_words_elsewhere_stay_in_the_row_alone(project: Project, code: Code) -> None:
    frame: Slots = {"action": (said("fight"),), "timeframe": (said("Readout"),)}
    row = row_of(project, code, ("c1", "commitments", "agreement", frame))
    assert [one.slot for one in words(row)] == ["action"]
    assert links(row, project.codebook.layers) == []


def test_words_of_two_marks_stand_once(project: Project, code: Code) -> None:
    cue: Slots = {"cue": (said("agreed"),)}
    row = row_of(
        project, code, ("s1", "speakers", "indirect", cue), ("s2", "speakers", "direct", cue)
    )
    assert len(words(row)) == 2
    assert len(once(words(row))) == 1


@pytest.mark.parametrize("dialect", forms())
def test_the_same_store_gives_the_same_bytes(
    dialect: Dialect, coded: Project, tmp_path: Path
) -> None:
    def written(name: str) -> dict[str, bytes]:
        folder = export(coded, format_name=dialect.name, output=tmp_path / name).folder
        files = [file for file in folder.rglob("*") if file.is_file()]
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}

    first = written("first")
    assert first
    assert written("second") == first


@pytest.mark.parametrize("dialect", forms(lambda form: bool(form.reading)))
def test_the_card_says_how_to_read_it(dialect: Dialect, coded: Project) -> None:
    card = (export(coded, format_name=dialect.name).folder / "README.md").read_text("utf-8")
    assert dialect.reading in card
