"""Near-identical sentences are found over the whole project, and none is lost to being fast."""

from __future__ import annotations

import random
from pathlib import Path
from unicodedata import normalize

import pytest

from annotator.model.likeness import bag, likeness
from annotator.pipeline.formula import LEAST, Twin, _Wanted, best_first, twins
from annotator.pipeline.project import Project
from tests.benchmarks import corpus
from tests.formulas import AT, CODER, FORMULA, LIKE, TEXTS, code, key_of, project_of, work_on


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_of(tmp_path / "p")


def found(project: Project, readout_id: str = "a", text: str = FORMULA) -> list[Twin]:
    work = work_on(project, readout_id)
    return list(twins(project, CODER, work, key_of(work.coding, text), at=AT))


def named(listed: list[Twin]) -> list[tuple[str, str]]:
    return [(twin.readout, twin.sentence.text) for twin in listed]


def test_they_are_found_in_readouts_that_nobody_began(project: Project) -> None:
    listed = found(project)
    assert sorted(named(listed)) == [("b", LIKE), ("c", FORMULA), ("e", FORMULA)]
    assert {twin.begun for twin in listed} == {False}
    assert not (project.paths.tags / CODER / "b.json").exists()


def test_the_names_of_sentences_that_nobody_began_hold_once_they_are_begun(
    project: Project,
) -> None:
    for twin in found(project):
        assert work_on(project, twin.readout).coding.docs[twin.key] == twin.sentence


def test_what_the_coder_said_there_comes_along_and_comes_first(project: Project) -> None:
    code(project, "b", LIKE, "eco.trade", "rel.contacts")
    first, *others = best_first(found(project))
    assert (first.readout, first.begun) == ("b", True)
    assert [mark.label for mark in first.sentence.marks] == ["eco.trade", "rel.contacts"]
    assert first.sentence.state == "done"
    assert first.cast == work_on(project, "b").coding.cast
    assert [twin.readout for twin in others] == ["c", "e"]
    assert [twin.likeness for twin in others] == [1.0, 1.0]
    assert LEAST <= first.likeness < 1.0


def test_only_readouts_that_were_begun_are_looked_at_where_that_is_asked(project: Project) -> None:
    code(project, "b", LIKE, "eco.trade")
    work = work_on(project, "a")
    key = key_of(work.coding, FORMULA)
    told: list[tuple[int, int]] = []
    listed = twins(
        project, CODER, work, key, begun=True, at=AT, advance=lambda *far: told.append(far)
    )
    assert named(list(listed)) == [("b", LIKE)]
    assert told[-1] == (2, 2)


def test_what_another_coder_said_is_not_looked_at(project: Project) -> None:
    journal = project.journal("bo", "b", AT)
    journal.close()
    assert {twin.begun for twin in found(project) if twin.readout == "b"} == {False}


def test_the_same_words_elsewhere_in_the_readout_are_found_as_they_are_now(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p", {"a": f"{FORMULA} {LIKE}\n"})
    assert named(found(project)) == [("a", LIKE)]


def test_a_text_that_changed_since_is_found_as_it_was_coded_and_said_to_have_changed(
    project: Project,
) -> None:
    code(project, "c", FORMULA, "eco.trade")
    (project.paths.seeds / "c.txt").write_text(f"Changed. {TEXTS['c']}", "utf-8")
    twin = next(twin for twin in found(project) if twin.readout == "c")
    assert (twin.changed, twin.sentence.text) == (True, FORMULA)
    assert [mark.label for mark in twin.sentence.marks] == ["eco.trade"]


def test_what_cannot_be_read_is_passed_over_and_named(project: Project) -> None:
    code(project, "c", FORMULA, "eco.trade")
    (project.paths.tags / CODER / "c.json").write_bytes(b"{ spoiled")
    (project.paths.seeds / "b.toml").write_text("title = 1", "utf-8")
    work, unread = work_on(project, "a"), list[str]()
    key = key_of(work.coding, FORMULA)
    listed = list(twins(project, CODER, work, key, at=AT, unread=unread.append))
    assert named(listed) == [("e", FORMULA)]
    assert unread == ["c", "b"]


def test_a_text_in_an_encoding_that_its_metadata_name_is_read(project: Project) -> None:
    (project.paths.seeds / "f.txt").write_bytes(f"Ça va. {FORMULA}\n".encode("cp1252"))
    (project.paths.seeds / "f.toml").write_text('encoding = "cp1252"\n', "utf-8")
    (project.paths.seeds / "g.txt").write_bytes(f"{FORMULA}\n".encode("utf-16"))
    assert {"f", "g"} <= {twin.readout for twin in found(project)}


def test_a_sentence_without_words_is_like_nothing(tmp_path: Path) -> None:
    project = project_of(tmp_path / "p", {"a": "— !\n", "b": "— !\n"})
    work = work_on(project, "a")
    assert list(twins(project, CODER, work, work.coding.order[0], at=AT)) == []


def test_it_tells_how_far_it_is_and_can_be_stopped(project: Project) -> None:
    work = work_on(project, "a")
    key = key_of(work.coding, FORMULA)
    told: list[tuple[int, int]] = []
    list(twins(project, CODER, work, key, at=AT, advance=lambda *far: told.append(far)))
    assert told == [(0, 5), (5, 5)]
    assert list(twins(project, CODER, work, key, at=AT, stopped=lambda: True)) == []


def test_no_readout_that_holds_a_near_identical_sentence_is_passed_over() -> None:
    rng = random.Random(7)  # noqa: S311 - texts, not secrets
    sentences = [corpus.sentence(rng) for _ in range(60)]
    held = 0
    for sought in sentences[:12]:
        wanted = _Wanted(sought, LEAST)
        for other in sentences:
            alike = likeness(bag(sought), bag(other))
            assert wanted.likeness(other) == (alike if alike >= LEAST else 0.0)
            around = " ".join([corpus.sentence(rng), other, corpus.sentence(rng)])
            if alike >= LEAST:
                held += 1
                assert wanted.may_be_in(around)
    assert held > 12


def test_a_text_that_writes_its_accents_otherwise_is_not_passed_over(tmp_path: Path) -> None:
    said = "Les présidents ont réaffirmé leur volonté d’élargir la coopération."
    texts = {"a": said, "b": normalize("NFD", said)}
    project = project_of(tmp_path / "p", {name: f"{text}\n" for name, text in texts.items()})
    (twin,) = found(project, text=said)
    assert (twin.readout, twin.sentence.text, twin.likeness) == ("b", texts["b"], 1.0)


def test_a_text_that_holds_the_words_far_apart_is_passed_over() -> None:
    wanted = _Wanted(FORMULA, LEAST)
    assert wanted.may_be_in(FORMULA)
    assert not wanted.may_be_in(f" {'so it was said and done' * 9} ".join(FORMULA.split()))
    assert not wanted.may_be_in("")
