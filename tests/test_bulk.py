"""One act on many readouts: what is done is done whole, what is not is named, one undo suffices."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model import bulk as model
from annotator.model.edit import Coding, Edit
from annotator.pipeline.bulk import Maker, Outcome, apply, step
from annotator.pipeline.project import Project
from annotator.session import acts
from tests.formulas import (
    AT,
    CODER,
    FORMULA,
    TEXTS,
    Failing,
    OnDisk,
    code,
    key_of,
    labels,
    pen_of,
    project_of,
)

OF = "3fa9c1"
TARGETS = ("a", "c", "e")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_of(tmp_path / "p")


def maker(project: Project) -> Maker:
    """Return what gives the formula a topic, as one act of a bulk."""

    def make(coding: Coding) -> Edit | None:
        edit = acts.toggle(pen_of(project), coding, key_of(coding, FORMULA), "topics", "eco.trade")
        assert edit is not None
        return edit.model_copy(update={"what": model.named(OF, "trade")})

    return make


def applied(project: Project, *targets: str) -> list[Outcome]:
    makers = {name: maker(project) for name in targets or TARGETS}
    return list(apply(project, CODER, makers, AT))


def stepped(project: Project, *, back: bool, but: tuple[str, ...] = ()) -> list[Outcome]:
    return list(step(project, CODER, OF, AT, back=back, but=frozenset(but)))


def standing(project: Project) -> dict[str, list[str] | None]:
    return {name: labels(project, name, FORMULA) for name in TARGETS}


def test_each_readout_gets_its_edit_and_is_let_go(project: Project) -> None:
    assert applied(project) == [Outcome(name, 1) for name in TARGETS]
    assert standing(project) == {name: ["eco.trade"] for name in TARGETS}
    project.journal(CODER, "a", AT).close()


def test_one_undo_takes_it_back_everywhere_and_one_redo_makes_it_again(project: Project) -> None:
    applied(project)
    assert stepped(project, back=True) == [Outcome(name, 1) for name in TARGETS]
    assert standing(project) == {name: [] for name in TARGETS}
    assert stepped(project, back=True) == []
    assert stepped(project, back=False) == [Outcome(name, 1) for name in TARGETS]
    assert standing(project) == {name: ["eco.trade"] for name in TARGETS}


def test_the_readout_that_is_open_is_left_to_its_session(project: Project) -> None:
    applied(project)
    assert [outcome.readout for outcome in stepped(project, back=True, but=("a",))] == ["c", "e"]


def test_where_other_acts_came_since_it_stays_and_is_named(project: Project) -> None:
    applied(project)
    code(project, "c", FORMULA, "rel.contacts")
    assert stepped(project, back=True) == [
        Outcome("a", 1), Outcome("c", problem="Other acts came since."), Outcome("e", 1),
    ]  # fmt: skip
    assert standing(project) == {"a": [], "c": ["eco.trade", "rel.contacts"], "e": []}


def test_another_bulk_act_is_left_alone(project: Project) -> None:
    applied(project)
    assert list(step(project, CODER, "3fa9c", AT, back=True, but=frozenset())) == []
    assert list(step(project, CODER, "000000", AT, back=True, but=frozenset())) == []


def test_what_is_busy_changed_or_damaged_is_left_as_it_is_and_named(project: Project) -> None:
    for name in TARGETS:
        code(project, name, FORMULA, "rel.contacts")
    paths = [project.paths.tags / CODER / f"{name}.json" for name in TARGETS]
    held = project.journal(CODER, "a", AT)
    (project.paths.seeds / "c.txt").write_text(f"Changed. {TEXTS['c']}", "utf-8")
    paths[2].write_bytes(b"{ spoiled")
    before = [path.read_bytes() for path in paths]
    try:
        outcomes = applied(project)
    finally:
        held.close()
    assert [outcome.readout for outcome in outcomes] == list(TARGETS)
    assert all(outcome.problem and not outcome.sentences for outcome in outcomes)
    assert [path.read_bytes() for path in paths] == before
    assert "changed" in outcomes[1].problem


def test_a_failure_in_the_middle_leaves_the_others_done_and_says_so(project: Project) -> None:
    held = project.journal(CODER, "c", AT)
    try:
        outcomes = applied(project)
    finally:
        held.close()
    assert [bool(outcome.problem) for outcome in outcomes] == [False, True, False]
    assert standing(project) == {"a": ["eco.trade"], "c": [], "e": ["eco.trade"]}
    assert stepped(project, back=True) == [Outcome("a", 1), Outcome("e", 1)]


def test_a_disk_that_fills_up_in_the_middle_leaves_each_readout_whole(project: Project) -> None:
    for name in TARGETS:
        code(project, name, FORMULA, "rel.contacts")
    paths = [project.paths.tags / CODER / f"{name}.json" for name in TARGETS]
    full = OnDisk(project.paths, project.settings)
    full.disk = disk = Failing(2)
    before, disk.count = paths[1].read_bytes(), 0
    outcomes = applied(full)
    assert [bool(outcome.problem) for outcome in outcomes] == [False, True, False]
    assert "No space left" in outcomes[1].problem
    assert paths[1].read_bytes() == before
    assert standing(project)["c"] == ["rel.contacts"]
    assert stepped(project, back=True) == [Outcome("a", 1), Outcome("e", 1)]


def test_a_busy_readout_keeps_the_act_at_an_undo_and_is_named(project: Project) -> None:
    applied(project)
    held = project.journal(CODER, "c", AT)
    try:
        outcomes = stepped(project, back=True)
    finally:
        held.close()
    assert [bool(outcome.problem) for outcome in outcomes] == [False, True, False]
    assert standing(project) == {"a": [], "c": ["eco.trade"], "e": []}
    assert stepped(project, back=True) == [Outcome("c", 1)]


def test_what_was_stopped_before_its_turn_is_told_of_as_not_done(project: Project) -> None:
    done: list[Outcome] = []
    makers = {name: maker(project) for name in TARGETS}
    for outcome in apply(project, CODER, makers, AT, lambda: bool(done)):
        done.append(outcome)
    assert [bool(outcome.problem) for outcome in done] == [False, True, True]
    assert standing(project)["c"] is None


def test_where_there_is_nothing_to_mark_any_more_nothing_is_written(project: Project) -> None:
    code(project, "a", FORMULA, "rel.contacts")
    path = project.paths.tags / CODER / "a.json"
    before = path.read_bytes()
    (outcome,) = apply(project, CODER, {"a": lambda coding: None}, AT)
    assert outcome == Outcome("a", problem="There is nothing to mark any more.")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("what", "of"),
    [
        ("bulk 3fa9c1: trade", "3fa9c1"),
        ("bulk 3fa9c1", None),
        ("mark bulk 3fa9c1: x", None),
        ("bulk xyz: trade", None),
        ("", None),
    ],
)
def test_a_bulk_act_is_known_by_what_it_says(what: str, of: str | None) -> None:
    assert model.bulk_of(Edit(act="edit", at=AT, what=what, changes=())) == of
