"""Who joins a cast: what a typed line says, and under which id they are known from then on."""

from __future__ import annotations

from annotator.model.acquaintances import Acquaintance, Acquaintances
from annotator.model.entity import Cast, Entity
from annotator.session import joining
from annotator.session.naming import Newcomer
from tests.session.making import PEOPLE, Coder

CAST = Cast(entities=PEOPLE)
ORSK = Entity(
    id="orsk",
    type="person",
    name="Pavel Orsk",
    role="Foreign Minister of Orlenia",
    affiliation="XO",
    aliases=("Minister Orsk",),
)
PARTIES = Entity(id="the_parties", type="collective", name="the parties", members=("xa", "xb"))
KNOWN = Acquaintances((Acquaintance(ORSK, 3), Acquaintance(PARTIES, 2)))


def test_a_line_is_read_as_it_is_said() -> None:
    for one in (Newcomer("Norlund", "state"), Newcomer("Ada Arda", "person", "President")):
        assert joining.newcomer(one.line) == one
    two = joining.newcomer("Ada Lund, envoy, acting, person")
    assert two == Newcomer("Ada Lund", "person", "envoy, acting")
    assert joining.newcomer(" , President") is None


def test_an_id_is_nobody_elses_in_the_cast_or_in_the_project() -> None:
    assert joining.new_id(CAST, KNOWN, "Orsk", "person") == "orsk_2"
    assert joining.new_id(CAST, KNOWN, "Orsk", "state") == "orsk_2"
    assert joining.new_id(CAST, KNOWN, "Ada", "person") == "ada_2"
    assert joining.new_id(CAST, KNOWN, "Lukáš Nový", "person") == "lukas_novy"


def test_a_collective_is_told_by_its_members_and_shares_its_id_with_others() -> None:
    assert joining.new_id(CAST, KNOWN, "the parties", "collective") == "the_parties"
    assert joining.new_id(CAST, KNOWN, "the parties", "group") == "the_parties_2"


def test_a_collective_of_the_panel_takes_no_id_of_somebody_else() -> None:
    coder = Coder.at()
    coder.session.acquaintances = KNOWN
    coder.press("s", "&", "1", "2", "enter").answer("Orsk")
    assert [entity.id for entity in coder.session.cast.entities][-1] == "orsk_2"
