"""Forms of tokens come home: what they can hold is at its place again, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.formats import respaced
from annotator.formats.dialects import dialect
from annotator.formats.jsonl_out import SENTENCE_FILE
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.told import Tag, Told
from annotator.pipeline import taking
from annotator.pipeline.export import export
from annotator.pipeline.homes import HomesOf, proposed
from annotator.pipeline.init import init
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.pipeline.taker import Taker

from .test_spans_only import SPAN_LOST

GOLD = Selection(coders=("sample",))
Place = tuple[str, str, str, str, int, int]
"""A readout, a layer, a label, a slot (none for the sentence), and where the words are."""


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project as the program makes one, with its coded samples."""
    root = tmp_path_factory.mktemp("made") / "project"
    init(root)
    return Project.open(root)


def coded_in(project: Project) -> Iterator[tuple[str, Place]]:
    """Yield the id of each mark of the samples with its places, in the terms of an export."""
    folder = export(project, selection=GOLD, name="rows", force=True).folder
    for line in (folder / "sentences.jsonl").read_bytes().splitlines():
        row = json.loads(line)
        for mark in row["marks"]:
            if mark["rejected"]:
                continue
            what = (row["readout"], mark["layer"], mark["label"])
            yield mark["id"], (*what, "", row["start"], row["end"])
            for slot in mark["slots"]:
                if slot["type"] == "span" and slot["start"] is not None:
                    yield mark["id"], (*what, slot["slot"], slot["start"], slot["end"])


def taken_by(project: Project, coder: str) -> set[Place]:
    found: set[Place] = set()
    for readout in project.readout_ids():
        snapshot = project.store().read(coder, readout)
        for _, sentence in snapshot.coding.sentences() if snapshot else ():
            for mark in sentence.marks:
                what = (readout, mark.layer, mark.label)
                spans = [
                    (*what, slot, value.span.start, value.span.end)
                    for slot, values in mark.slots.items()
                    for value in values
                    if value.type == "span"
                ]
                found |= {*spans} if mark.slots else {(*what, "", sentence.start, sentence.end)}
    return found


@pytest.mark.parametrize("name", ["conll", "slate", "slate-character"])
def test_our_own_forms_of_tokens_come_back_to_their_places_without_our_rows(
    name: str, samples: Project
) -> None:
    form = dialect(name)
    folder = export(samples, format_name=name, name=name, selection=GOLD).folder
    (folder / SENTENCE_FILE).unlink()
    reading = taking.read(samples, form, folder)
    assert reading.problems == []
    homes = HomesOf(proposed(reading.tags, samples.codebook, sure=True), samples.codebook)
    assert [home.label for home in homes.homes.home if not home.layer] == []
    coder = f"eve-{name}"
    who = Taker(coder, "2026-02-03T04:05:06Z", samples.codebook, homes)
    plan = taking.preview(samples, reading, who)
    said = [one for part in plan.values() for one in part.problems]
    # A pronoun names nobody of the cast; it is a mention, and no words of a slot for words.
    assert [one for one in said if "nobody in the cast" not in one] == []
    outcomes = list(taking.take(samples, reading, who, list(plan)))
    assert [one.problem for one in outcomes if one.problem] == []
    losses = [json.loads(line) for line in (folder / LOSSES).read_bytes().splitlines()]
    lost = {loss["where"] for loss in losses if loss["what"] in SPAN_LOST}
    whole = name != "conll"
    places = [(mark, place) for mark, place in coded_in(samples) if whole or place[3]]
    found = {place for place in taken_by(samples, coder) if whole or place[3]}
    assert {place for mark, place in places if mark not in lost} <= found
    assert found <= {place for _, place in places}
    assert len(found) > 50
    again = taking.preview(samples, taking.read(samples, form, folder), who)
    assert [one.edit for one in again.values() if one.edit] == []


TEXTS = {
    "a": "He said:\n  “trade,\u00a0ties”.\nThe end. Fine. And Fine.",
    "b": "Another text, of other words.",
}


def told(text: str, *words: str) -> Told:
    tags = tuple(Tag("ner", "X", text.index(word), text.index(word) + len(word)) for word in words)
    return Told("f.conll, document 1", "none", text, tags=tags, spaced=True)


def test_words_are_found_with_any_white_space_between_them() -> None:
    placed = respaced.placed(told("He said :\n“ trade , ties ” .", "trade , ties", "“"), TEXTS)
    assert not isinstance(placed, Exception)
    name, one = placed
    assert name == "a"
    words = [one.text[tag.start : tag.end] for tag in one.tags]
    assert words == ["trade,\u00a0ties", "“"]


def test_sentences_that_a_form_leaves_out_are_passed_over() -> None:
    placed = respaced.placed(told("He said :\nThe end .", "end"), TEXTS)
    assert not isinstance(placed, Exception)
    (tag,) = placed[1].tags
    assert placed[1].text[tag.start : tag.end] == "end"


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("He said :\nFine .", ["Fine"], "more than once"),
        ("Fine .", [], "more than once"),
        ("ine .", ["ine"], "no readout"),
        ("nowhere", [], "no readout"),
        ("The end .\nHe said :", [], "no readout"),
    ],
)
def test_what_has_no_place_or_several_is_not_guessed(text: str, words: list[str], why: str) -> None:
    placed = respaced.placed(told(text, *words), TEXTS)
    assert isinstance(placed, Exception)
    assert why in str(placed)


def test_columns_of_others_find_their_readout(samples: Project, tmp_path: Path) -> None:
    readout = samples.readout(samples.readout_ids()[0])
    words = readout.text.split()[:40]
    rows = [f"{word} {'B-PER' if at == 3 else 'O'}" for at, word in enumerate(words)]
    file = tmp_path / "theirs.conll"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    reading = taking.read(samples, dialect("conll"), file)
    assert reading.problems == []
    (one,) = reading.told[readout.id]
    (tag,) = one.tags
    assert one.text[tag.start : tag.end] == words[3]
