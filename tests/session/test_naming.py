"""Names that the cast does not know, and words that stand for several."""

from __future__ import annotations

import pytest

from annotator.model.entity import Cast, Entity
from annotator.model.sentence import Sentence
from annotator.session import naming
from tests.session.making import ADA, BO, PEOPLE

CAST = Cast(entities=PEOPLE)
TWO = Cast(
    entities=(
        ADA,
        BO,
        Entity(id="xa", type="state", name="Norlund"),
        Entity(id="xb", type="state", name="Sorlund"),
    )
)


def sentence(text: str) -> Sentence:
    return Sentence(start=0, end=len(text), role="body", text=text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Arda met President Anna Kova.", ["Anna Kova, President"]),
        ("Foreign Minister Cato Lund spoke.", ["Cato Lund, Foreign Minister"]),
        ("The Prime Minister spoke.", ["Prime Minister, office"]),
        ("He thanked the United Nations.", ["United Nations, organisation"]),
        ("In the Republic of Kest it rained.", ["Republic of Kest, state"]),
        ("They flew to Kestria.", ["Kestria, state"]),
        ("Then, Kova went to Kestria with Anna Lund.", ["Anna Lund", "Kova", "Kestria, state"]),
        ("Ada Arda and Belmont met in May on Monday.", []),
        ("The talk was long.", []),
        ("They spoke of American and Chinese trade.", []),
        ("Сергей Ветров прибыл.", ["Сергей Ветров"]),
        (
            "Prime Minister Lukáš Nový met Štefan Čapek.",
            ["Lukáš Nový, Prime Minister", "Štefan Čapek"],
        ),
        ("", []),
    ],
)
def test_names_are_proposed_with_title_and_type(text: str, lines: list[str]) -> None:
    if text:
        found = naming.newcomers(CAST, text, sentence(text))
        assert [one.line for one in found] == lines


def test_the_full_form_has_the_title_before_the_name() -> None:
    text = "Arda met President Anna Kova."
    (one,) = naming.newcomers(CAST, text, sentence(text))
    assert (one.full, one.type) == ("President Anna Kova", "person")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The parties agreed.", "the parties"),
        ("Both  sides agreed.", "both sides"),
        ("It was said by the two leaders.", "the two leaders"),
        ("Стороны условились.", "стороны"),
        ("双方同意。", "双方"),
        ("Les deux dirigeants ont salué.", "les deux dirigeants"),
        ("اتفق الجانبان على ذلك.", "الجانبان"),
        ("Beide Seiten stimmten zu.", "beide Seiten"),
        ("Ambas partes acordaron.", "ambas partes"),
    ],
)
def test_words_for_several_are_found_in_many_languages(text: str, words: str) -> None:
    assert naming.several(CAST, text, sentence(text)) == naming.Several(words, ("ada", "bo"))


def test_words_for_countries_mean_states() -> None:
    text = "Both countries agreed."
    found = naming.several(TWO, text, sentence(text), ("ada", "bo"))
    assert found == naming.Several("both countries", ("xa", "xb"))
    assert naming.several(CAST, text, sentence(text)) is None


def test_participants_are_meant_rather_than_the_first_of_the_cast() -> None:
    third = Entity(id="eve", type="person", name="Eve")
    text = "The leaders met."
    found = naming.several(
        Cast(entities=(*TWO.entities, third)), text, sentence(text), ("bo", "eve")
    )
    assert found == naming.Several("the leaders", ("bo", "eve"))


def test_words_that_somebody_has_already_are_not_proposed_again() -> None:
    text = "The leaders met."
    assert naming.several(CAST, text, sentence(text)) is None


def test_without_two_there_is_nobody_together() -> None:
    text = "The parties agreed."
    assert naming.several(Cast(entities=(ADA,)), text, sentence(text)) is None
    assert naming.several(Cast(), text, sentence(text)) is None
