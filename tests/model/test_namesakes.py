"""Names that may be of one: the same, shorter, or much alike."""

from __future__ import annotations

import pytest

from annotator.model.namesakes import is_short_for, nearest, shared, short


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("Orsk", "Pavel Orsk"),
        ("p. orsk", "Pavel Orsk"),
        ("Pavel Orsk", "Pavel Ivanovich Orsk"),
        ("P. I. Orsk", "Pavel Ivanovich Orsk"),
        ("Novy", "Lukáš Nový"),
        ("Xi", "Xi Jinping"),
    ],
)
def test_fewer_words_are_short_for_a_name(short: str, whole: str) -> None:
    assert is_short_for(short, whole)
    assert not is_short_for(whole, short)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("Orsk", "Orsk"),
        ("Anna Orsk", "Pavel Orsk"),
        ("V. Orsk", "Pavel Ivanovich Orsk"),
        ("Ivanovich Pavel Orsk", "Pavel Ivanovich Orsk"),
        ("O", "Pavel O"),
        ("Ivanovich", "Pavel Ivanovich Orsk"),
        ("", "Pavel Orsk"),
        ("Orsk", ""),
    ],
)
def test_others_are_not(short: str, whole: str) -> None:
    assert not is_short_for(short, whole)


@pytest.mark.parametrize(
    ("names", "others", "pair"),
    [
        (["Mr Sung"], ["Sung Wei"], ("Mr Sung", "Sung Wei")),
        (["Premier Sung"], ["Sung Wei", "宋伟"], ("Premier Sung", "Sung Wei")),
        (["Mr. Sung"], ["Premier Sung"], ("Mr. Sung", "Premier Sung")),
        (["Mr Orsk"], ["Павел Орск", "Orsk"], ("Mr Orsk", "Orsk")),
        (["Mr Orsk"], ["President Pavel Orsk"], ("Mr Orsk", "President Pavel Orsk")),
        (["President Pavel Orsk"], ["Pavel Orsk"], ("President Pavel Orsk", "Pavel Orsk")),
        (["Anna Orsk"], ["Pavel Orsk", "Minister Orsk"], None),
        (["President Anna Orsk"], ["Pavel Orsk"], None),
        (["Mr Sung"], ["Song Wei"], None),
        (["President"], ["Pavel Orsk", "the President"], None),
        (["Mr"], ["Ms"], None),
    ],
)
def test_a_title_and_the_surname_may_be_whoever_has_it(
    names: list[str], others: list[str], pair: tuple[str, str] | None
) -> None:
    assert short(names, others) == pair
    assert short(others, names) == (pair and (pair[1], pair[0]))


def test_a_name_is_shared_whatever_its_case_and_accents() -> None:
    assert shared(["Lukáš Nový", "Nový"], ["the minister", "LUKAS  NOVY"]) == "LUKAS  NOVY"
    assert shared(["Lukáš"], ["Nový"]) == ""


def test_the_two_that_are_most_alike_are_found() -> None:
    score, pair = nearest(["Norlund", "Kingdom of Norlund"], ["the Kingdom of Norlund", "it"])
    assert pair == ("Kingdom of Norlund", "the Kingdom of Norlund")
    assert 0.5 < score < 1
