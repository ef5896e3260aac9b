"""What a project remembers of its splits, where several were made in different ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotator.model.grouping import Unit
from annotator.model.splitting import Plan, Splits, split
from annotator.pipeline.placements import as_before, remember
from annotator.pipeline.project import Project

from .conftest import Call

OLD = [Unit(readout=f"r{at}", event=f"zz{at}") for at in range(40)]
NEW = [Unit(readout=f"n{at}", event=f"aa{at}", related=(f"r{at}",)) for at in range(40)]


def exported(
    project: Project, name: str, units: list[Unit], seed: int | None = None, **how: Any
) -> Splits:
    """Split as an export of that name does, and keep it in the project."""
    plan = as_before(Plan(seed=seed, **how), project.paths.exports / name, project)
    found = split(units, plan)
    remember(project, found, name)
    return found


def test_a_trial_with_another_seed_moves_nothing_and_is_no_seed_of_later_exports(
    coded: Project,
) -> None:
    first = exported(coded, "v1", OLD, seed=30)
    # Of each group the name is another one now: by the seed alone, many would go elsewhere.
    second = exported(coded, "v2", [*OLD, *NEW])
    assert {name: second.of[name] for name in first.of} == first.of
    exported(coded, "try", [*OLD, *NEW], seed=7)
    exported(coded, "wide", [*OLD, *NEW], seed=7, test=0.3)
    exported(coded, "late", [*OLD, *NEW], by="time")
    again, said = exported(coded, "v3", [*OLD, *NEW], seed=30), exported(coded, "v4", OLD)
    for one in (again, said):
        assert one.seed == 30
        assert {name: one.of[name] for name in first.of} == first.of
        assert not one.moved
    kept = json.loads(coded.paths.splits.read_bytes())["splits"]
    assert [(one["seed"], one["test"], one["exports"]) for one in kept] == [
        (30, 0.1, ["v1", "v2", "v3", "v4"]),
        (7, 0.1, ["try"]),
        (7, 0.3, ["wide"]),
        (0, 0.1, ["late"]),
    ]


def test_what_another_seed_puts_elsewhere_is_told_against_each_earlier_split(
    coded: Project,
) -> None:
    first = exported(coded, "v1", OLD, seed=30)
    other = exported(coded, "try", OLD, seed=7)
    ((before, names),) = other.elsewhere
    assert names == sorted(name for name in first.of if first.of[name] != other.of[name])
    assert (before.exports, before.how) == (("v1",), "event, 0.1 and 0.1, seed 30")
    third = exported(coded, "v2", OLD)
    assert [one.exports for one, _ in third.elsewhere] == [("try",)]


def test_a_pair_is_the_same_whichever_side_is_named_first(coded: Project) -> None:
    pair = Unit(readout="p", event="e", sides=("ru", "us"))
    exported(coded, "v1", [pair, *OLD], seed=9, by="dyad", held="ru-us")
    assert as_before(Plan(by="dyad", held="US-ru"), Path("nowhere"), coded).seed == 9


def test_an_older_file_is_read_as_before(coded: Project) -> None:
    first = exported(coded, "v1", OLD, seed=30)
    kept = json.loads(coded.paths.splits.read_bytes())
    for one in kept["splits"]:
        del one["exports"]
    coded.paths.splits.write_text(json.dumps(kept), "utf-8")
    again = exported(coded, "v2", OLD)
    assert (again.seed, again.of) == (30, first.of)
    (before, _), *_ = exported(coded, "try", OLD, seed=7).elsewhere
    assert before.exports == ("v2",)


def test_the_terminal_and_the_card_tell_what_was_in_the_test(coded: Project, call: Call) -> None:
    assert call("export", "--split", "event", "--seed", "34", "v_1")[0] == 0
    code, said = call("export", "--split", "event", "--seed", "1", "try")
    assert code == 0
    told = "(event, 0.1 and 0.1, seed 34): 1 readout (call-a); in test there and in train here: 1"
    assert f"Elsewhere than in v_1 {told} readout (call-a)." in " ".join(said.split())
    splits = json.loads((coded.paths.exports / "try" / "splits.json").read_bytes())
    assert splits["moved"] == ["call-a"]
    assert splits["elsewhere"][0]["readouts"] == {"call-a": "test"}
    assert "Elsewhere than in v\\_1" in (coded.paths.exports / "try/README.md").read_text("utf-8")
