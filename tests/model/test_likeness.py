"""The likeness of two texts in their words."""

from __future__ import annotations

from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.likeness import bag, folded, likeness

SAID = "The leaders agreed to remain in close contact."


def alike(one: str, other: str) -> float:
    return likeness(bag(one), bag(other))


def test_the_same_words_in_the_same_order_are_wholly_alike_whatever_their_case() -> None:
    assert alike(SAID, SAID.upper()) == 1.0


def test_texts_that_share_no_word_are_not_alike_and_neither_are_empty_ones() -> None:
    assert alike(SAID, "Wheat prices rose") == 0.0
    assert alike("", "…") == 0.0


def test_order_and_a_changed_word_both_count() -> None:
    reworded = alike(SAID, "The presidents agreed to remain in close contact.")
    shuffled = alike(SAID, "close contact in remain to agreed leaders The.")
    assert shuffled < reworded < 1.0


def test_chinese_is_compared_by_character() -> None:
    assert 0.5 < alike("双方同意保持密切联系", "双方同意保持联系") < 1.0


def test_the_index_is_what_both_have_of_what_either_has() -> None:
    assert alike("a b", "a c") == pytest.approx(1 / 5)


@given(st.text(), st.text())
def test_likeness_is_the_same_both_ways_and_between_none_and_all(one: str, other: str) -> None:
    assert 0.0 <= alike(one, other) == alike(other, one) <= 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (normalize("NFC", said), normalize("NFD", said).upper())
        for said in (
            "Les présidents se sont félicités à Genève.",
            "Hai bên nhất trí tăng cường hợp tác.",
            "Ο πρωθυπουργός μίλησε για την ειρήνη.",
            "양측은 긴밀히 협력하기로 했다.",
            "ガス供給について協議した。",
        )
    ]
    + [
        ("Trade rose by 25 percent", "Trade rose by ２５ percent"),
        ("five official offices", "ﬁve oﬃcial oﬃces"),
        ("Le 5 mai 2024", "Le\u00a05\u202fmai 2024"),
        ("die Zusammenarbeit fördern", "die Zusammen\u00adarbeit för\u00addern"),
        ("السلام", "ﺍﻟﺴﻼﻡ"),
        ("السلام", "الســـلام"),
        ("peace talks in Geneva", "pe\u200bace talks\u200e in Gene\u2060va\ufeff"),
    ],
)
def test_words_are_the_same_however_unicode_writes_them(one: str, other: str) -> None:
    assert one != other
    assert folded(one) == folded(other) != []


@given(st.text(), st.sampled_from(("NFC", "NFD", "NFKC", "NFKD")))
def test_every_form_of_a_text_has_its_words(
    text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    assert folded(normalize(form, text)) == folded(text)
