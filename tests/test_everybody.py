"""Everybody of a project, as it is known beside one of its readouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.acquaintances import Acquaintances
from annotator.model.entity import Entity
from annotator.pipeline.everybody import Everybody
from tests.test_register import Made


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def names(found: Acquaintances | None) -> dict[str, tuple[str, int]]:
    assert found is not None
    return {one.entity.id: (one.entity.name, one.readouts) for one in found.people}


def test_metadata_and_codings_of_the_other_readouts_are_known(made: Made) -> None:
    everybody = Everybody(made.project, "ada")
    assert names(everybody.beside("three")) == {
        "ada": ("Ada Arda", 1),
        "ada_2": ("Ada Ford Arda", 1),
        "bo": ("Bo Belmont", 2),
        "both": ("the parties", 1),
    }


def test_the_coding_of_the_readout_itself_does_not_count(made: Made) -> None:
    new = Entity(id="cato", type="person", name="Cato Lund", role="envoy", affiliation="FR")
    made.code("three", {}, new)
    everybody = Everybody(made.project, "ada")
    assert "cato" not in names(everybody.beside("three"))
    found = everybody.beside("one")
    assert found is not None
    assert new in [one.entity for one in found.people]


def test_what_is_forgotten_is_read_again(made: Made) -> None:
    everybody = Everybody(made.project, "ada")
    assert everybody.at_hand("one") is None
    found = everybody.beside("one")
    assert everybody.at_hand("one") is found
    assert everybody.at_hand("two") is None
    made.code("three", {}, Entity(id="cato", type="person", name="Cato Lund"))
    assert "cato" not in names(everybody.beside("one"))
    everybody.forget("three")
    assert everybody.at_hand("one") is None
    assert names(everybody.beside("one"))["cato"] == ("Cato Lund", 1)


def test_a_readout_that_cannot_be_read_keeps_nobody_from_the_others(made: Made) -> None:
    made.file("two").write_text("title = ", encoding="utf-8")
    everybody = Everybody(made.project, "ada")
    assert "ada_2" not in names(everybody.beside("three"))
    made.file("two").write_text('[[entities]]\nid = "cy"\ntype = "state"\nname = "Cy"\n')
    assert names(everybody.beside("three"))["cy"] == ("Cy", 1)


def test_nothing_comes_of_it_when_it_is_stopped(made: Made) -> None:
    everybody = Everybody(made.project, "ada")
    assert everybody.beside("one", lambda: True) is None
    assert everybody.at_hand("one") is None
