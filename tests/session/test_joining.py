"""Who joins a cast: what a typed line says, and under which id they are known from then on."""

from __future__ import annotations

import pytest

from annotator.model.acquaintances import Acquaintance, Acquaintances
from annotator.model.entity import Cast, Entity, EntityType
from annotator.model.mark import EntityValue
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


def meeting(name: str, kind: EntityType = "person", role: str = "") -> joining.Meeting:
    return joining.meeting(CAST, KNOWN, Newcomer(name, kind, role))


@pytest.mark.parametrize(
    ("name", "kind", "alike"),
    [
        ("Orsk", "person", ["orsk"]),
        ("Pavel Orsk", "person", ["orsk"]),
        ("PÁVEL ORSK", "state", ["orsk"]),
        ("P. Orsk", "person", ["orsk"]),
        ("Pavel Ivanovich Orsk", "person", ["orsk"]),
        ("Pavel", "person", ["orsk"]),
        ("Mr Orsk", "person", ["orsk"]),
        ("Premier Orsk", "person", ["orsk"]),
        ("Premier Anna Orsk", "person", []),
        ("Mr Orsk", "state", []),
        ("Anna Orsk", "person", []),
        ("V. Orsk", "person", []),
        ("Orsk", "state", []),
        ("the parties", "group", []),
        ("Orsk", "collective", []),
        ("Belmont", "person", ["bo"]),
        ("Orskaya", "person", []),
    ],
)
def test_whoever_is_like_somebody_known_is_met(
    name: str, kind: EntityType, alike: list[str]
) -> None:
    met = meeting(name, kind)
    assert [one.entity.id for one in met.alike] == alike
    assert met.newcomer.id not in {*alike, *(entity.id for entity in PEOPLE)}


def test_the_same_name_stands_before_one_that_is_like_it() -> None:
    other = Entity(id="mayor", type="person", name="Orsk")
    known = Acquaintances((*KNOWN.people, Acquaintance(other, 1)))
    met = joining.meeting(CAST, known, Newcomer("Orsk", "person"))
    assert [one.entity.id for one in met.alike] == ["mayor", "orsk"]


def test_whoever_is_of_the_cast_is_met_there_and_not_once_more() -> None:
    here = Cast(entities=(*PEOPLE, ORSK))
    (one,) = joining.meeting(here, KNOWN, Newcomer("Orsk", "person")).alike
    assert one == Acquaintance(ORSK)


def test_the_known_one_comes_with_all_that_is_known_and_the_new_names() -> None:
    met = joining.meeting(CAST, KNOWN, Newcomer("Orsk", "person", "President"), ["President Orsk"])
    taken = met.as_known(met.alike[0])
    assert taken.aliases == ("Minister Orsk", "Orsk", "President Orsk")
    assert taken.model_copy(update={"aliases": ORSK.aliases}) == ORSK


def test_where_somebody_is_like_a_new_one_a_key_tells_who_it_is() -> None:
    coder = Coder.at("President Orsk said that all is well.")
    coder.session.acquaintances = KNOWN
    coder.press("s", "+").answer("Orsk, President")
    assert [(item.key, item.text) for group in coder.view.groups for item in group.items] == [
        ("1", "the Pavel Orsk of 3 readouts (Foreign Minister of Orlenia)"),
        ("+", "somebody else"),
    ]
    coder.press("escape", "s", "+").answer("Orsk, President").press("2")
    assert coder.session.cast == CAST
    coder.press("1")
    assert coder.session.cast.entities[-1].role == "Foreign Minister of Orlenia"
    assert "President Orsk" in coder.session.cast.entities[-1].aliases
    (source,) = coder.marks[0].values("source")
    assert isinstance(source, EntityValue)
    assert source.entity == "orsk"
    coder.press("escape", "u", "u")
    assert coder.session.cast == CAST
    coder.press("s", "+").answer("Orsk, President").press("+")
    assert coder.session.cast.entities[-1].id == "orsk_2"


def test_where_nobody_is_like_a_new_one_nothing_is_asked() -> None:
    coder = Coder.at("President Lund said that all is well.")
    coder.session.acquaintances = KNOWN
    coder.press("s", "+").answer("Lund, President")
    assert coder.view.title.startswith("Speakers: ")
    assert coder.session.cast.entities[-1].id == "lund"
