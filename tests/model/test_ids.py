"""Ids that are made of names: the same everywhere, and never those of somebody else."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from annotator.model.entity import EntityId
from annotator.model.ids import entity_id, plain

NAMES = ["Lukáš Nový", "习近平", "محمد", "Xi 习近平", "!!!", "x" * 500, "Ада", "\x1b[31mRed", "٣"]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Ada Arda", "ada_arda"),
        ("Lukáš Nový", "lukas_novy"),
        ("Łukasz Groß", "lukasz_gross"),
        ("Søren Ærø", "soren_aero"),
        ("İsmet Işık", "ismet_isik"),
        ("Đỗ Mười", "do_muoi"),
        ("Élysée Palace", "elysee_palace"),
        ("O’Brien", "o_brien"),
        ("\x1b[31mRed", "31mred"),
    ],
)
def test_latin_letters_lose_their_accents(name: str, made: str) -> None:
    assert entity_id(name, "person") == made


def test_names_of_other_scripts_have_ids_of_their_own_that_stay() -> None:
    # Two coders who work apart have nothing but the name in common.
    assert entity_id("习近平", "person") == "person_5873ab94ba9d"
    assert entity_id(" 习近平 ", "person") == "person_5873ab94ba9d"
    assert entity_id("محمد", "person") == "person_0a7883cf2a41"
    assert entity_id("习近平", "office").startswith("office_")
    assert entity_id("Xi 习近平", "person").startswith("xi_")


def test_different_names_have_different_ids() -> None:
    names = [*NAMES, "李克强", "Xi 李克强", "???", "x" * 499, "Адам", "أحمد"]
    assert len({entity_id(name, "person") for name in names}) == len(names)


@pytest.mark.parametrize("name", NAMES)
def test_every_id_is_one_and_none_that_is_taken(name: str) -> None:
    taken: set[str] = set()
    for _ in range(12):
        made = TypeAdapter(EntityId).validate_python(entity_id(name, "collective", taken))
        assert made not in taken
        taken.add(made)


def test_a_name_is_plain_without_case_accents_and_more_blanks_than_one() -> None:
    assert plain("  LUKÁŠ\u00a0 Nový ") == "lukas novy"
    assert plain("Йод") == "йод"
