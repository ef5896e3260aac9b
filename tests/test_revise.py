"""Changing a project's codebook: the file, the coder's marks, and what is left to others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from annotator.errors import Conflict, InputError, StorageError
from annotator.model import revision
from annotator.model.codebook import Codebook
from annotator.model.edit import Timeline
from annotator.pipeline.check import check
from annotator.pipeline.export import export
from annotator.pipeline.index import Index
from annotator.pipeline.precedents import places, precedents
from annotator.pipeline.project import Project
from annotator.pipeline.revise import Done, Make, Plan, carry_out, plan, renew, review
from annotator.pipeline.revise_words import described
from annotator.pipeline.selection import Selection
from annotator.store import TinyStore
from tests.coded import CODEBOOK, Made, Said

AT = "2026-11-27T00:00:00Z"
STAMPED = {1: Said(marks=(("topics", "a"),)), 2: Said(marks=(("topics", "a"), ("topics", "b")))}


def rename(book: Codebook) -> Codebook:
    return revision.rename(book, "topics", "a", "z")


def merge(book: Codebook) -> Codebook:
    return revision.merge(book, "topics", "a", "b")


def retire(book: Codebook) -> Codebook:
    return revision.retire(book, "topics", "a")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    project = Made(tmp_path / "p")
    for name in ("one", "two", "three"):
        project.readout(name)
    project.code("ada", "one", STAMPED)
    project.code("ada", "two", {3: Said(rejected=(("topics", "a"),)), 4: Said()})
    project.code("ada", "three", {3: Said(marks=(("tone", "warm"),))})
    project.code("bo", "one", STAMPED)
    return project


def labels(project: Project, coder: str, readout: str) -> list[str]:
    snapshot = project.store().read(coder, readout)
    assert snapshot is not None
    marks = [m for _, sentence in snapshot.coding.sentences() for m in sentence.marks]
    return [f"{'!' * m.rejected}{m.label}" for m in marks]


def touched(planned: Plan) -> Mapping[tuple[str, str], int]:
    return {(one.coder, one.readout): one.marks for one in planned.touched}


def do(project: Project, make: Make) -> Done:
    return carry_out(project, plan(project, make), "ada", AT)


def undo(project: Project, readout: str) -> None:
    """Take the last act of ada on a readout back, and write that."""
    journal = project.reopened("ada", readout)
    try:
        edit = Timeline.of(journal.history).undo(AT)
        assert edit is not None
        journal.put(edit)
    finally:
        journal.close()


def bytes_below(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_plan_counts_the_marks_of_every_coder_and_writes_nothing(made: Made) -> None:
    before = bytes_below(made.root)
    planned = plan(made.project, retire)
    assert touched(planned) == {("ada", "one"): 2, ("ada", "two"): 1, ("bo", "one"): 2}
    assert (planned.marks, planned.after.version, planned.revision.review) == (5, "2.0.0", True)
    assert bytes_below(made.root) == before


def test_a_new_label_touches_nothing(made: Made) -> None:
    planned = plan(made.project, lambda b: revision.add(b, "tone", {"id": "x", "name": "X"}))
    assert planned.touched == ()


def test_a_renaming_changes_the_file_and_the_coders_own_marks_and_nobody_elses(made: Made) -> None:
    others = made.journal("bo", "one").read_bytes()
    assert do(made.project, rename) == Done(2, ())
    assert labels(made.project, "ada", "one") == ["z", "z", "b"]
    assert labels(made.project, "ada", "two") == ["!z"]
    assert made.journal("bo", "one").read_bytes() == others
    assert made.project.codebook.version == "1.1.0"
    assert Project.open(made.root).codebook == made.project.codebook


def test_marks_of_others_mean_the_label_under_its_new_id(made: Made) -> None:
    do(made.project, rename)
    assert [f for f in check(made.project) if "label" in f.what] == []
    target = made.root / "out"
    export(made.project, Selection(coders=("bo",)), output=target)
    rows = (target / "sentences.jsonl").read_text("utf-8")
    assert '"topics":["z"]' in rows.replace(" ", "")
    assert '"a"' not in rows


def test_each_readouts_marks_can_be_had_back_by_undo(made: Made) -> None:
    before = labels(made.project, "ada", "one")
    do(made.project, merge)
    assert labels(made.project, "ada", "one") == ["b", "b"]
    undo(made.project, "one")
    assert labels(made.project, "ada", "one") == before
    assert renew(made.project, "ada", ["one"], AT) == Done(1, ())
    assert labels(made.project, "ada", "one") == ["b", "b"]


def test_a_merge_counts_the_rejections_that_fall_away_and_exports_none(made: Made) -> None:
    planned = plan(made.project, merge)
    assert planned.rejections == 1
    said = " ".join(described(planned, "ada"))
    assert "1 rejection would fall away: nobody considered b there." in said
    assert plan(made.project, rename).rejections == 0
    before = labels(made.project, "ada", "two")
    assert "!a" in before
    do(made.project, merge)
    assert not any(label.startswith("!") for label in labels(made.project, "ada", "two"))
    undo(made.project, "two")
    assert labels(made.project, "ada", "two") == before


def test_a_merge_tells_what_is_given_where_the_other_label_was_rejected(made: Made) -> None:
    both = Said(marks=(("topics", "a"),), rejected=(("topics", "b"),))
    made.code("ada", "three", {3: both})
    planned = plan(made.project, merge)
    assert (planned.opposed, planned.rejections) == (1, 1)
    assert "1 mark stands where b was rejected" in " ".join(described(planned, "ada"))
    assert plan(made.project, rename).opposed == 0
    do(made.project, merge)
    snapshot = made.project.store().read("ada", "three")
    assert snapshot is not None
    marks = [m for _, sentence in snapshot.coding.sentences() for m in sentence.marks]
    assert [(m.label, m.rejected, m.doubtful) for m in marks] == [("b", False, True)]


def test_a_change_names_the_macros_that_it_makes_void(made: Made) -> None:
    (made.root / "annotator.toml").write_text(
        'coder = "ada"\n[macros.1]\nname = "A thing"\nmarks = [{layer = "topics", label = "a"}]\n'
        '[macros.2]\nname = "Another"\nmarks = [{layer = "topics", label = "b"}]\n',
        "utf-8",
    )
    parts = [{"id": i, "name": i.upper(), "definition": i} for i in ("p", "q")]
    planned = plan(made.project, lambda book: revision.split(book, "topics", "a", parts))
    assert planned.macros == ("1 (A thing)",)
    said = " ".join(described(planned.looked_at(again=False), "ada"))
    assert "A macro could not be played any more: 1 (A thing)." in said
    assert plan(made.project, rename).macros == ()


def test_what_another_process_writes_is_left_and_named(made: Made) -> None:
    planned = plan(made.project, rename)
    journal = made.project.reopened("ada", "one")
    try:
        done = carry_out(made.project, planned, "ada", AT)
    finally:
        journal.close()
    assert done.readouts == 1
    assert [one.readout for one in done.left] == ["one"]
    assert done.left[0].problem
    assert labels(made.project, "ada", "one") == ["a", "a", "b"]
    assert labels(made.project, "ada", "two") == ["!z"]


def test_what_is_damaged_is_left_and_named(made: Made) -> None:
    path = made.journal("ada", "one")
    path.write_bytes(path.read_bytes().replace(b'"state":"done"', b'"state":"dome"', 1))
    planned = plan(made.project, rename)
    problems = {(one.coder, one.readout): one.problem for one in planned.touched}
    assert problems["ada", "one"]
    assert problems["ada", "two"] == ""
    done = carry_out(made.project, planned, "ada", AT)
    assert [one.readout for one in done.left] == ["one"]


def test_a_readout_whose_text_changed_is_left_until_it_is_moved(made: Made) -> None:
    (made.root / "seeds" / "one.txt").write_text("Another text.", "utf-8")
    done = do(made.project, rename)
    assert [one.readout for one in done.left] == ["one"]
    assert "changed" in done.left[0].problem


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(made: Made) -> None:
    planned = plan(made.project, rename)
    path = made.project.paths.codebook
    path.write_text(CODEBOOK + "# by hand\n", "utf-8")
    with pytest.raises(Conflict, match="changed meanwhile"):
        carry_out(made.project, planned, "ada", AT)
    assert path.read_text("utf-8") == CODEBOOK + "# by hand\n"
    assert labels(made.project, "ada", "one") == ["a", "a", "b"]


def test_a_file_that_cannot_be_written_changes_no_mark(made: Made) -> None:
    planned = plan(made.project, rename)
    folder = made.project.paths.schemas
    path = made.project.paths.codebook
    raw = path.read_bytes()
    elsewhere = made.root / "gone" / "readouts.toml"
    path.unlink()
    path.symlink_to(elsewhere)
    with pytest.raises((StorageError, InputError)):
        carry_out(made.project, planned, "ada", AT)
    path.unlink()
    path.write_bytes(raw)
    assert sorted(p.name for p in folder.iterdir()) == ["readouts.toml"]
    assert labels(made.project, "ada", "one") == ["a", "a", "b"]


def test_what_would_contradict_itself_is_refused_before_anything_is_written(made: Made) -> None:
    before = bytes_below(made.root)
    for make in (
        lambda b: revision.rename(b, "topics", "a", "b"),
        lambda b: revision.add(b, "topics", {"id": "No!", "name": "N"}),
        lambda b: revision.merge(b, "topics", "a", "nothing"),
    ):
        with pytest.raises(InputError):
            plan(made.project, make)
    assert bytes_below(made.root) == before


def test_a_label_with_a_key_in_the_settings_keeps_its_id_until_that_line_is_changed(
    made: Made,
) -> None:
    (made.root / "annotator.toml").write_text('[labels]\n"topics.a" = "q"\n', "utf-8")
    project = Project.open(made.root)
    for make in (rename, merge, retire):
        with pytest.raises(InputError, match=r"annotator.toml, labels: topics.a has a key"):
            plan(project, make)
    assert plan(project, lambda b: revision.retire(b, "topics", "b")).after.version == "2.0.0"


def test_a_project_without_a_codebook_gets_the_changed_one_as_its_own(tmp_path: Path) -> None:
    root = tmp_path / "bare"
    (root / "seeds").mkdir(parents=True)
    (root / "annotator.toml").write_text("", "utf-8")
    project = Project.open(root)
    do(project, lambda b: revision.retire(b, "topics", "eco.tech"))
    assert (root / "schemas" / "readouts.toml").is_file()
    assert Project.open(root).codebook.version == "2.0.0"


def test_marks_older_than_a_change_are_a_queue_that_a_look_shortens(made: Made) -> None:
    do(made.project, retire)
    found = [(look.readout, look.start, look.why) for look in review(made.project, "ada")]
    why = "a was retired in 2.0.0"
    assert found == [("one", 0, why), ("one", 10, why), ("two", 31, why)]
    assert [look.readout for look in review(made.project, "bo")] == ["one", "one"]
    assert list(review(made.project, "cy")) == []


def test_a_change_that_asks_for_no_look_makes_no_queue(made: Made) -> None:
    planned = plan(made.project, retire).looked_at(again=False)
    carry_out(made.project, planned, "ada", AT)
    assert list(review(made.project, "ada")) == []


def test_the_queue_of_a_rename_after_a_retirement_knows_both_ids(made: Made) -> None:
    do(
        made.project,
        lambda b: revision.reword(b, "topics", "a", {"definition": "D"}, redefine=True),
    )
    do(made.project, rename)
    assert [look.readout for look in review(made.project, "ada")] == ["one", "one", "two"]
    assert [look.readout for look in review(made.project, "bo")] == ["one", "one"]


# Precedents


def test_precedents_are_the_sentences_most_alike_first_and_say_which_rejected(made: Made) -> None:
    with Index(made.project, None) as index:
        index.refresh()
        for known in (index, None):
            found = precedents(
                made.project, "ada", "topics", "a", "They spoke of peace.", index=known
            )
            told = [(one.readout, one.start, one.rejected) for one in found]
            assert told == [("one", 10, False), ("one", 0, False), ("two", 31, True)]
            assert found[0].text == "They spoke of trade."
            assert 1 > found[0].likeness > found[1].likeness == 0


def test_the_sentence_in_work_is_no_precedent_of_itself(made: Made) -> None:
    found = precedents(made.project, "ada", "topics", "a", "x", here=("one", 10))
    assert ("one", 10) not in [(one.readout, one.start) for one in found]


def test_what_is_undecided_or_of_another_layer_or_coder_is_no_precedent(made: Made) -> None:
    made.code("ada", "three", {4: Said(state="new", marks=(("topics", "a"),))})
    found = precedents(made.project, "ada", "topics", "a")
    assert {one.readout for one in found} == {"one", "two"}
    assert precedents(made.project, "ada", "tone", "a") == []
    assert precedents(made.project, "cy", "topics", "a") == []


def test_precedents_are_limited_and_can_be_stopped(made: Made) -> None:
    assert len(precedents(made.project, "ada", "topics", "a", most=2)) == 2
    assert precedents(made.project, "ada", "topics", "a", stopped=lambda: True) == []


def test_precedents_are_known_under_former_ids(made: Made) -> None:
    do(made.project, rename)
    mine = precedents(made.project, "ada", "topics", "z")
    others = precedents(made.project, "bo", "topics", "z")
    assert (len(mine), len(others)) == (3, 2)


def test_what_cannot_be_read_is_no_precedent(made: Made) -> None:
    path = made.journal("ada", "one")
    path.write_bytes(b"nothing")
    assert {one.readout for one in precedents(made.project, "ada", "topics", "a")} == {"two"}
    (made.root / "seeds" / "one.txt").unlink()
    with Index(made.project, None) as index:
        index.refresh()
        found = precedents(made.project, "ada", "topics", "a", index=index)
        assert {one.readout for one in found} == {"two"}


def test_the_places_of_a_label_are_those_that_bear_it(made: Made) -> None:
    layer = made.project.codebook.layers[0]
    with Index(made.project, None) as index:
        assert list(places("ada", layer, layer.labels[0], index)) == [
            ("one", 0, ""),
            ("one", 10, ""),
        ]
    assert TinyStore(made.project.paths.tags).coders()
