from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.edit import Change, Edit
from annotator.model.entity import Entity
from annotator.model.mark import Mark, Provenance
from annotator.model.sentence import Sentence
from annotator.model.text import State
from annotator.pipeline.check import check
from annotator.pipeline.index import Index
from annotator.pipeline.project import Project
from annotator.pipeline.stats import stats, total
from annotator.session.acts import Pen, add_entity
from annotator.store import Header, TinyStore

TEXT = "One. Two. Three."
SENTENCES = {1: (0, 4), 2: (5, 9), 3: (10, 16)}
CODEBOOK = """
name = "b"
version = "1.0.0"
[[layers]]
id = "topics"
name = "Topics"
key = "t"
labels = [{ id = "a", name = "A" }, { id = "b", name = "B" }]
"""


def mark(name: str, label: str, *, rejected: bool = False) -> Mark:
    return Mark(
        id=name,
        layer="topics",
        label=label,
        start=0,
        end=1,
        rejected=rejected,
        provenance=Provenance(coder="ada", at="", codebook="b 1.0.0"),
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "readouts.toml").write_text(CODEBOOK)
    for name in ("r1", "r2"):
        (tmp_path / "seeds" / f"{name}.txt").write_text(TEXT)
    return Project.open(tmp_path)


Code = Callable[[str, str, dict[int, tuple[State, list[Mark]]]], None]


@pytest.fixture
def code(project: Project) -> Code:
    def code(coder: str, readout_id: str, states: dict[int, tuple[State, list[Mark]]]) -> None:
        digest = hashlib.sha256(TEXT.encode()).hexdigest()
        header = Header(
            readout=readout_id,
            by=coder,
            source=digest,
            text=digest,
            segmenter="by hand",
            codebook="b 1.0.0",
        )
        changes = []
        for key, (start, end) in SENTENCES.items():
            state, marks = states.get(key, ("new", []))
            effort = 0 if state == "new" else key
            sentence = Sentence(
                start=start,
                end=end,
                role="body",
                text=TEXT[start:end],
                state=state,
                marks=tuple(marks),
                keys=effort,
                seconds=2.5 * effort,
            )
            changes.append(Change(key=key, before=None, after=sentence))
        edit = Edit(act="import", at="", what="import", changes=tuple(changes))
        readout = project.readout(readout_id)
        TinyStore(project.paths.tags).open(header, readout, lambda: edit).close()

    return code


def test_stats_count_states_labels_and_effort_for_each_readout_and_coder(
    project: Project, code: Code
) -> None:
    code("bob", "r1", {1: ("done", [mark("m", "b")])})
    code(
        "ada",
        "r1",
        {
            1: ("done", [mark("m", "a"), mark("n", "b", rejected=True)]),
            2: ("unsure", [mark("o", "a")]),
        },
    )
    code("ada", "r2", {3: ("skipped", [])})
    found = [row.as_dict() for row in stats(project)]
    assert [(row["readout"], row["coder"]) for row in found] == [
        ("r1", "ada"),
        ("r1", "bob"),
        ("r2", "ada"),
    ]
    assert found[0] == {
        "readout": "r1",
        "coder": "ada",
        "sentences": 3,
        "done": 1,
        "unsure": 1,
        "skipped": 0,
        "keys": 3,
        "seconds": 7.5,
        "keyed": 2,
        "keys_per_sentence": 1.5,
        "seconds_per_sentence": 3.75,
        "labels": {"topics": {"a": 2}},
    }
    assert [row.readout for row in stats(project, coder="bob")] == ["r1"]
    json.dumps(found, allow_nan=False)


def test_the_total_is_the_sum_of_its_rows(project: Project, code: Code) -> None:
    code("bob", "r1", {1: ("done", [mark("m", "b")])})
    code("ada", "r2", {1: ("done", [mark("m", "b"), mark("n", "a")]), 3: ("skipped", [])})
    every = total(list(stats(project)))
    assert (every.progress.total, every.progress.done, every.progress.skipped) == (6, 2, 1)
    assert every.labels == {"topics": {"a": 1, "b": 2}}
    assert every.progress.keys_per_sentence == (1 + 1 + 3) / 3


def test_a_journal_in_which_nothing_is_decided_has_no_pace(project: Project, code: Code) -> None:
    code("ada", "r1", {})
    (row,) = stats(project)
    assert (row.progress.keys_per_sentence, row.progress.seconds_per_sentence, row.labels) == (
        None,
        None,
        {},
    )


def test_a_sound_project_has_no_findings(project: Project, code: Code) -> None:
    code("ada", "r1", {1: ("done", [mark("m", "a")])})
    assert list(check(project)) == []


def test_check_names_what_cannot_be_read_and_goes_on(project: Project, code: Code) -> None:
    code("ada", "r1", {1: ("done", [mark("m", "gone")])})
    code("ada", "r2", {})
    (project.paths.seeds / "r3.txt").write_bytes(b"\xff\xfe\xfd")
    journal = project.paths.tags / "ada" / "r2.json"
    journal.write_bytes(journal.read_bytes().replace(b"Two.", b"Owt."))
    found = list(check(project))
    damage = [finding for finding in found if finding.severity == "damage"]
    assert {(finding.coder, finding.readout) for finding in damage} == {("", "r3"), ("ada", "r2")}
    (warning,) = (finding for finding in found if finding.severity == "warning")
    assert (warning.coder, warning.readout) == ("ada", "r1")
    assert "no label “gone”" in warning.what


def test_check_finds_a_collective_of_one_in_metadata_and_codings(
    project: Project, code: Code
) -> None:
    code("ada", "r1", {})
    journal = project.journal("ada", "r1", "2026-01-02T03:04:05Z")
    alone = Entity(id="both", type="collective", name="both sides", members=("ada",))
    pen = Pen("ada", project.codebook, lambda: "", lambda: "0123456789ab")
    edit = add_entity(pen, journal.coding, alone)
    assert edit is not None
    journal.put(edit)
    journal.close()
    (project.paths.seeds / "r2.toml").write_text(
        '[[entities]]\nid = "both"\ntype = "collective"\nname = "the two"\n'
    )
    found = [(one.severity, one.coder, one.readout, one.what) for one in check(project)]
    alone_is = "is a collective of fewer than two of the cast."
    assert found == [
        ("warning", "", "r2", f"seeds/r2.toml: the two {alone_is}"),
        ("warning", "ada", "r1", f"both sides {alone_is}"),
    ]


def test_check_finds_a_readout_that_changed_under_its_coding(project: Project, code: Code) -> None:
    code("ada", "r1", {})
    (project.paths.seeds / "r1.txt").write_text("Other words altogether.")
    assert {finding.readout for finding in check(project)} == {"r1"}


def test_an_index_counts_as_the_journals_do_and_tells_what_it_reads(
    project: Project, code: Code
) -> None:
    code("bob", "r1", {1: ("done", [mark("m", "b")])})
    code("ada", "r2", {1: ("unsure", [mark("m", "b"), mark("n", "a", rejected=True)])})
    told: list[tuple[int, int, str]] = []
    with Index.of(project) as index:
        found = list(stats(project, index=index, progress=lambda *said: told.append(said)))
        assert list(stats(project, coder="ada", index=index)) == found[1:]
    assert found == list(stats(project))
    assert told == [(1, 2, "tags/ada/r2"), (2, 2, "tags/bob/r1")]


def test_an_index_that_was_not_brought_up_is_not_believed(project: Project, code: Code) -> None:
    with Index.of(project) as index:
        assert list(stats(project, index=index)) == []
        index.close()
        code("ada", "r1", {1: ("done", [])})
        assert [row.progress.done for row in stats(project, index=index)] == [1]
