"""Names that may be of one: the same, shorter, or much alike."""

from __future__ import annotations

import pytest

from annotator.model.namesakes import is_short_for, nearest, shared


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


def test_a_name_is_shared_whatever_its_case_and_accents() -> None:
    assert shared(["Lukáš Nový", "Nový"], ["the minister", "LUKAS  NOVY"]) == "LUKAS  NOVY"
    assert shared(["Lukáš"], ["Nový"]) == ""


def test_the_two_that_are_most_alike_are_found() -> None:
    score, pair = nearest(["Norlund", "Kingdom of Norlund"], ["the Kingdom of Norlund", "it"])
    assert pair == ("Kingdom of Norlund", "the Kingdom of Norlund")
    assert 0.5 < score < 1
