"""The sample gold: what is committed, what it says, and that it stays apart from people's work."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from annotator.config import SAMPLE_CODER
from annotator.errors import InputError, MarkError, NothingToDo
from annotator.formats.dialects import dialect
from annotator.model.edit import CAST, Coding
from annotator.model.mark import EntityValue, Mark, RefValue
from annotator.model.sentence import Sentence
from annotator.pipeline import suggesting, taking
from annotator.pipeline.check import check
from annotator.pipeline.export import export
from annotator.pipeline.homes import Homes, HomesOf
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.session import accepting, acts
from annotator.session.acts import Pen
from annotator.session.scene import Scene
from annotator.session.suggested import Suggested
from annotator.store import Snapshot
from tests.samples import coding
from tests.samples.coding import CODINGS, ROOT
from tests.samples.given import Coded, coded, topic

RETOLD, TRUCE = sorted(CODINGS)
LATER = "2026-03-01T00:00:00Z"
REFRESH = "The journal is not what is described; write it anew: python -m tests.samples.coding"

each_sample = pytest.mark.parametrize("readout", sorted(CODINGS))

Row = dict[str, Any]


def repository() -> Project:
    return Project.open(ROOT)


def snapshot_of(readout: str) -> Snapshot:
    snapshot = repository().samples().read(SAMPLE_CODER, readout)
    assert snapshot is not None
    return snapshot


def marks_of(snapshot: Snapshot) -> list[tuple[Sentence, Mark]]:
    return [(one, mark) for _, one in snapshot.coding.sentences() for mark in one.marks]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The repository's readouts, codebook and samples, where nobody has coded."""
    for folder in ("seeds", "schemas"):
        shutil.copytree(ROOT / folder, tmp_path / "project" / folder)
    return Project.open(tmp_path / "project")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """The rows of an export with the samples, by file."""
    folder = tmp_path_factory.mktemp("dataset") / "all"
    export(repository(), Selection(coders=(SAMPLE_CODER,)), output=folder)
    return {
        path.name: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in folder.glob("*.jsonl")
    }


def of(rows: list[Row], readout: str) -> list[Row]:
    return [row for row in rows if row["readout"] == readout]


def sentence(rows: list[Row], readout: str, number: int) -> list[Row]:
    return [row for row in rows if row["sentence_id"] == f"{readout}#{number}@{SAMPLE_CODER}"]


def words(spans: list[Row]) -> list[str]:
    return [span["exact"] for span in spans]


# ── What is committed ───────────────────────────────────────────────────────────────────────────


@each_sample
def test_the_committed_journal_is_what_the_description_makes(readout: str) -> None:
    project = repository()
    assert coding.journal_path(project, readout).read_bytes() == coding.journal_bytes(
        project, readout
    ), REFRESH


def test_the_command_writes_the_committed_bytes_where_there_are_none(project: Project) -> None:
    shutil.rmtree(project.paths.samples)
    coding.main(project.root)
    for readout in CODINGS:
        written = coding.journal_path(project, readout).read_bytes()
        assert written == coding.journal_path(repository(), readout).read_bytes(), REFRESH


def test_the_samples_are_the_readouts_that_are_described_and_no_others() -> None:
    samples = repository().samples()
    assert list(samples.coders()) == [SAMPLE_CODER]
    assert list(samples.coded(SAMPLE_CODER)) == sorted(CODINGS)


@each_sample
def test_a_journal_says_that_it_is_a_sample_of_these_bytes_and_this_codebook(readout: str) -> None:
    project, header = repository(), snapshot_of(readout).header
    assert header.sample
    assert (header.by, header.readout) == (SAMPLE_CODER, readout)
    assert header.source == project.readout(readout).sha256
    assert header.codebook == project.codebook.stamp


@each_sample
def test_plain_tinydb_reads_the_coding(readout: str) -> None:
    path = coding.journal_path(repository(), readout)
    with TinyDB(path, access_mode="r") as database:
        documents = {document.doc_id: document for document in database}
    docs = snapshot_of(readout).coding.docs
    assert documents.keys() == docs.keys()
    for key, document in documents.items():
        fields = {name: value for name, value in document.items() if name != "_"}
        assert type(docs[key]).model_validate_json(json.dumps(fields)) == docs[key]


def test_the_check_of_the_repository_finds_nothing() -> None:
    of_samples = [one for one in check(repository()) if one.coder in ("", SAMPLE_CODER)]
    assert of_samples == []


# ── What it says ────────────────────────────────────────────────────────────────────────────────


@each_sample
def test_every_sentence_is_decided(readout: str) -> None:
    snapshot = snapshot_of(readout)
    project = repository()
    decided = [(one.start, one.end, one.role) for _, one in snapshot.coding.sentences()]
    cut = project.segment(project.readout(readout))
    assert decided == [(one.start, one.end, one.role) for one in cut]
    assert {one.state for _, one in snapshot.coding.sentences()} == {"done"}


@each_sample
def test_every_mark_is_complete_by_the_codebook(readout: str) -> None:
    book, marks = repository().codebook, marks_of(snapshot_of(readout))
    assert len(marks) > 40
    assert [book.check(mark, complete=True) for _, mark in marks] == [None] * len(marks)


@each_sample
def test_every_span_holds_and_lies_in_its_sentence(readout: str) -> None:
    text = repository().readout(readout).text
    spans = [(one, span) for one, mark in marks_of(snapshot_of(readout)) for span in mark.spans()]
    assert len(spans) > 60
    assert all(span.holds(text) for _, span in spans)
    assert all(one.start <= span.start and span.end <= one.end for one, span in spans)


@each_sample
def test_every_slot_of_a_commitment_is_filled_or_said_to_be_stated_nowhere(readout: str) -> None:
    book = repository().codebook
    layer = book.layer("commitments")
    assert layer is not None
    frames = [m for _, m in marks_of(snapshot_of(readout)) if m.layer == layer.id]
    for mark in (mark for mark in frames if not mark.rejected):
        assert mark.slots.keys() == {slot.id for slot in layer.slots_of(mark.label)}


@each_sample
def test_whoever_is_named_is_in_the_cast_and_whatever_is_referred_to_is_there(
    readout: str,
) -> None:
    snapshot = snapshot_of(readout)
    cast, marks = snapshot.coding.cast, [mark for _, mark in marks_of(snapshot)]
    assert len({mark.id for mark in marks}) == len(marks)
    standing = {mark.id for mark in marks if not mark.rejected and mark.layer == "speakers"}
    values = [value for mark in marks for held in mark.slots.values() for value in held]
    named = {value.entity for value in values if isinstance(value, EntityValue)}
    assert {entity for entity in named if cast.get(entity) is None} == set()
    assert {value.mark for value in values if isinstance(value, RefValue)} <= standing
    metadata = repository().readout(readout).cast
    assert snapshot.coding.docs[CAST] == cast
    assert {entity.id for entity in metadata.entities} <= {entity.id for entity in cast.entities}


@each_sample
def test_a_sentence_has_one_primary_topic_at_most_and_each_topic_once(readout: str) -> None:
    for _, one in snapshot_of(readout).coding.sentences():
        labels = [mark.label for mark in one.marks if mark.layer == "topics"]
        assert len(labels) == len(set(labels))
        assert sum("primary" in mark.slots for mark in one.marks) <= 1


@each_sample
def test_a_voice_is_given_only_where_another_one_follows_from_the_attributions(
    readout: str,
) -> None:
    for _, one in snapshot_of(readout).coding.sentences():
        derived = "attributed" if one.of_layer("speakers") else "narrator"
        assert derived not in {mark.label for mark in one.of_layer("voice")}


@each_sample
def test_an_inner_attribution_lies_in_the_content_of_the_outer_one(readout: str) -> None:
    marks = {mark.id: mark for _, mark in marks_of(snapshot_of(readout))}
    for mark in marks.values():
        for value in mark.values("parent"):
            assert isinstance(value, RefValue)
            content = [v.span for v in marks[value.mark].values("content") if v.type == "span"]
            inner = mark.spans()
            assert inner
            assert all(any(o.start <= s.start and s.end <= o.end for o in content) for s in inner)


# ── That it stays apart ─────────────────────────────────────────────────────────────────────────


def test_the_samples_are_nobodys_work_and_in_no_export_that_does_not_ask_for_them(
    project: Project,
) -> None:
    assert list(project.store().coders()) == []
    with pytest.raises(NothingToDo):
        export(project)
    own = project.journal("ada", RETOLD, LATER)
    pen = Pen("ada", project.codebook, now=lambda: LATER, new_id=lambda: "m1")
    done = acts.decide(pen, own.coding, 3, "done")
    assert done is not None
    own.put(done)
    own.close()
    assert list(project.store().coders()) == ["ada"]
    assert export(project).coders == ("ada",)
    assert export(project, Selection(samples=True)).coders == ("ada", SAMPLE_CODER)


def test_whoever_codes_a_sample_begins_with_its_sentences_and_without_its_marks(
    project: Project,
) -> None:
    for readout in CODINGS:
        own = project.journal("ada", readout, LATER)
        own.close()
        sample = snapshot_of(readout)
        begun = [(key, one.start, one.end) for key, one in own.coding.sentences()]
        assert begun == [(key, one.start, one.end) for key, one in sample.coding.sentences()]
        assert {one.state for _, one in own.coding.sentences()} == {"new"}
        assert not any(one.marks for _, one in own.coding.sentences())


def test_nobody_can_go_on_writing_a_sample(project: Project) -> None:
    sample = snapshot_of(RETOLD)
    with pytest.raises(InputError, match="cannot be coded"):
        project.samples().open(sample.header, project.readout(RETOLD), lambda: sample.history[0])


# ── What becomes of it ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("readout", "commitments", "near_misses", "depths"),
    [(RETOLD, 4, 5, {1: 15, 2: 4}), (TRUCE, 13, 1, {1: 8})],
)
def test_the_export_has_as_many_rows_as_were_counted_by_hand(
    dataset: dict[str, list[Row]],
    readout: str,
    commitments: int,
    near_misses: int,
    depths: dict[int, int],
) -> None:
    frames = Counter(row["label"] for row in of(dataset["commitments.jsonl"], readout))
    assert frames == {"commitment": commitments, "near_miss": near_misses}
    attributions = of(dataset["attributions.jsonl"], readout)
    assert Counter(row["depth"] for row in attributions) == depths
    assert len(of(dataset["sentences.jsonl"], readout)) == 15
    assert all(row["sample"] for rows in dataset.values() for row in rows)


def test_a_leader_inside_the_press_office_is_exported_with_what_was_wished(
    dataset: dict[str, list[Row]],
) -> None:
    outer, inner = sentence(dataset["attributions.jsonl"], RETOLD, 5)
    assert (outer["source"], outer["holder"], outer["depth"]) == (["kremlin_press"], "issuer", 1)
    assert (inner["source"], inner["holder"], inner["depth"]) == (["two_leaders"], "joint", 2)
    assert inner["parent"] == outer["id"]
    assert words(inner["cue"]) == ["voiced a wish"]
    (miss,) = sentence(dataset["commitments.jsonl"], RETOLD, 5)
    assert (miss["reason"], miss["attribution"]) == ("expressed_desire", inner["id"])


def test_a_passive_is_exported_with_nobody_as_source_and_a_guess_beside_it(
    dataset: dict[str, list[Row]],
) -> None:
    (said,) = sentence(dataset["attributions.jsonl"], RETOLD, 10)
    assert (said["source"], said["source_implicit"]) == ([], True)
    assert said["source_inferred"] == ["two_leaders"]
    (frame,) = sentence(dataset["commitments.jsonl"], RETOLD, 10)
    assert (frame["kind"], frame["certainty"]) == ("intention", "low")
    assert (frame["committers"], frame["committers_inferred"]) == (["ru", "us"], True)


def test_a_list_has_seven_topics_and_no_primary_and_a_pointer_to_it_carries_them_on(
    dataset: dict[str, list[Row]],
) -> None:
    rows = {row["sentence"]: row for row in of(dataset["sentences.jsonl"], RETOLD)}
    assert (len(rows[7]["topics"]), rows[7]["primary_topic"]) == (7, None)
    assert (rows[7]["voice"], rows[7]["speakers"]) == ("narrator", [])
    assert len(rows[7]["topic_evidence"]) == 7
    assert rows[8]["topics"] == ["rel.general"]
    (frame,) = sentence(dataset["commitments.jsonl"], RETOLD, 8)
    assert set(frame["topics"]) == set(rows[7]["topics"])
    assert rows[2]["duplicate_of"] == rows[1]["id"]


def test_one_cue_with_two_undertakings_is_two_commitments_of_one_attribution(
    dataset: dict[str, list[Row]],
) -> None:
    (said,) = sentence(dataset["attributions.jsonl"], RETOLD, 12)
    meeting, contacts = sentence(dataset["commitments.jsonl"], RETOLD, 12)
    assert meeting["attribution"] == contacts["attribution"] == said["id"]
    assert (meeting["strength"], contacts["strength"]) == (3, 2)
    assert (words(meeting["timeframe"]), meeting["timeframe_class"]) == (
        ["before long"],
        "near_term",
    )
    assert (words(contacts["timeframe"]), contacts["timeframe_class"]) == (
        ["at all times"],
        "ongoing",
    )


def test_conditions_and_dates_are_exported_with_their_words(
    dataset: dict[str, list[Row]],
) -> None:
    frames = of(dataset["commitments.jsonl"], TRUCE)
    hanging = [row for row in frames if row["conditional"]]
    assert len(hanging) == 9
    assert all(len(row["condition"]) == 1 for row in hanging)
    (fire,) = sentence(frames, TRUCE, 3)
    assert (fire["kind"], fire["polarity"], fire["side"]) == ("promise", "negative", "other")
    assert words(fire["condition"]) == ["provided that Marenne does the same"]
    assert (words(fire["timeframe"]), fire["timeframe_date"]) == (
        ["as of midnight on 18 January"],
        "2026-01-18",
    )
    (go_on,) = sentence(frames, TRUCE, 14)
    assert (go_on["conditional"], go_on["condition"]) == (False, [])
    assert {"condition", "timeframe_date", "attribution"} <= set(go_on["none_stated"])
    assert (go_on["strength"], go_on["novelty"]) == (4, "continuing")
    assert all(row["not_coded"] == [] for row in frames)


def test_the_kinds_of_the_truce_are_those_that_were_read(dataset: dict[str, list[Row]]) -> None:
    rows = {row["sentence"]: row for row in of(dataset["sentences.jsonl"], TRUCE)}
    assert {n: row["commitment_kinds"] for n, row in rows.items() if row["commitment_kinds"]} == {
        3: ["promise"],
        4: ["promise"],
        5: ["agreement"],
        6: ["offer"],
        7: ["promise"],
        8: ["refusal"],
        9: ["promise"],
        10: ["offer"],
        11: ["promise"],
        12: ["warning"],
        13: ["agreement"],
        14: ["agreement"],
        15: ["intention"],
    }
    assert [n for n, row in rows.items() if row["voice"] == "mixed"] == [11]
    assert [n for n, row in rows.items() if not row["topics"]] == [7, 10, 11]


# ── The description itself ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (coded("Moscow tells"), "does not begin with"),
        (coded("Kremlin tells", topic("prot.event", "never said")), "stands 0 times"),
        (coded("Kremlin tells", topic("prot.event", "Putin", "n")), "stands 9 times"),
        (coded("Kremlin tells", topic("prot.nothing")), "has no label"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(
    monkeypatch: pytest.MonkeyPatch, changed: Coded, problem: str
) -> None:
    described = CODINGS[RETOLD]
    other = replace(described, sentences=(changed, *described.sentences[1:]))
    monkeypatch.setitem(CODINGS, RETOLD, other)
    with pytest.raises((ValueError, MarkError), match=problem):
        coding.build(repository(), RETOLD)


@each_sample
def test_what_is_suggested_of_a_coding_is_taken_whole_by_one_key_a_sentence(
    project: Project, tmp_path: Path, readout: str
) -> None:
    folder = export(project, Selection(samples=True), output=tmp_path / "ours").folder
    homes = HomesOf(Homes(), project.codebook)
    reading = taking.read(project, dialect("jsonl"), folder, predictions=True)
    given = suggesting.preview(project, reading, suggesting.Suggester(homes, LATER, "ours"))
    found = given[readout].suggestions
    suggested, ids = Suggested(project.codebook, found), count()
    pen = Pen("eve", project.codebook, lambda: LATER, lambda: f"n{next(ids)}")
    text = project.readout(readout)
    codings = [project.first_edit(text, LATER).apply(Coding())]
    offered = 0
    for key, one in codings[0].sentences():
        here = suggested.of(one)
        offered += len(here)
        scene = Scene(project.codebook, text, one, codings[-1].cast)
        edit = accepting.take(pen, codings[-1], scene, key, suggested, here) if here else None
        codings.append(edit.apply(codings[-1]) if edit else codings[-1])
        assert len(codings[-1].sentence(key).marks) == len(here)
        assert not suggested.of(codings[-1].sentence(key))
    assert offered == len(found) > 30
