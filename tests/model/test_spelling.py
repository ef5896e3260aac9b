"""Words are the same however their accents are written."""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.spelling import folded, pattern

Form = Literal["NFC", "NFD"]
WORDS = [
    "caf\u00e9",
    "\u1ebf",
    "\u0439\u043e\u0434",
    "\ud55c\uad6d",
    "\u304c",
    "\u00c5",
    "a.b*",
    "na\u00efve",
]


def found(words: str, text: str) -> list[tuple[int, int]]:
    return [one.span() for one in re.finditer(pattern(words), text, re.IGNORECASE)]


@pytest.mark.parametrize("words", WORDS, ids=ascii)
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_words_are_found_however_they_are_asked_for_and_written(
    words: str, asked: Form, written: Form
) -> None:
    text = normalize(written, f"x {words.upper()} x")
    ends = len(text) - 2
    assert found(normalize(asked, words), text) == [(2, ends)]


def test_a_letter_that_is_partly_composed_is_the_same() -> None:
    assert found("\u1ebf", "\u00ea\u0301 e\u0302\u0301 \u1ebf") == [(0, 2), (3, 6), (7, 8)]


@pytest.mark.parametrize(
    ("words", "text"), [("cafe", "cafe\u0301"), ("\ud558", normalize("NFD", "\ud55c"))], ids=ascii
)
def test_a_letter_is_not_found_without_its_accent(words: str, text: str) -> None:
    assert found(words, text) == found(words, normalize("NFC", text)) == []


def test_a_sign_that_makes_no_other_letter_hides_no_word() -> None:
    assert found("\u0434\u043e", "\u0434\u043e\u0301\u043c") == [(0, 2)]


@given(st.text("ae\u00e9\u0301\u0302\u1ebfK ", max_size=12))
def test_equivalent_texts_fold_to_the_same(text: str) -> None:
    assert folded(normalize("NFC", text)) == folded(normalize("NFD", text)) == folded(text)
    assert folded(text) == folded(folded(text))
