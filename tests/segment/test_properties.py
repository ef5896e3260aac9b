from __future__ import annotations

import re
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.likeness import folded
from annotator.model.text import Role
from annotator.segment import SEGMENTER, segment

FRAGMENTS = st.sampled_from(
    [
        *"abzAZ09 \n\t.!?,;:()[]\"'-–—/@#*>•…。！？”“’‘«»„「」、，；：()（）",
        *"\u00a0\u202f\u200b\u200e\u2028\u2029\x85\x0b\x0c\x1c\x1f\r\x00\ufeff\u00ad\u2066\ud800",
        *["Mr. ", "U.S. ", "p.m. ", "J. D. Vale ", "No. 5 ", "The ", "agreed ", " he said. "],
        *["WASHINGTON, January 28 – ", "МОСКВА, 28 января. /ТАСС/. ", "新华社北京1月28日电 "],
        *["For immediate release\n", "\n\n", "1. ", "- ", "(a) ", "[1]", "г. ", "т.е. ", "А.С. "],
        *["https://orm.example/A.B", "p@orm.example", "两国元首", "意。", "اللقاء", "؟ ", "है। "],
        *["The leaders of the two states spoke at length about the road to the lake and\n"],
    ]
)
TEXTS = st.one_of(
    st.lists(FRAGMENTS, max_size=60).map("".join),
    st.text(st.characters(), max_size=200),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_segments_tile_the_text_but_for_white_space(text: str) -> None:
    at = 0
    for start, end, _ in segment(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_segments_are_trimmed_and_have_a_role(text: str) -> None:
    for start, end, role in segment(text):
        assert text[start:end] == text[start:end].strip()
        assert role in get_args(Role)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_the_same_text_is_always_split_the_same_way(text: str) -> None:
    assert segment(text) == segment(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_each_sentence_of_running_text_holds_a_letter_or_a_digit(text: str) -> None:
    for start, end, role in segment(text):
        assert role == "boilerplate" or re.search(r"[^\W_]", text[start:end])


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_blank_lines_part_texts(before: str, after: str) -> None:
    """What follows a blank line neither joins a sentence before it nor is lost."""
    text = f"{before}\n\n\n{after}"
    border = len(before) + 1
    assert all(end <= border or start > border for start, end, _ in segment(text))


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(r"[A-Za-z]{4,10}", fullmatch=True),
    st.sampled_from(["Orsk spoke", "The leaders met", "5 people left", "“Yes”", "两国"]),
    st.booleans(),
)
def test_extra_abbreviations_never_end_a_sentence(word: str, after: str, dotted: bool) -> None:
    text = f"We saw the {word}. {after} today. Then it was over."
    extra = [f"{word}." if dotted else word]
    sentences = [text[start:end] for start, end, _ in segment(text, extra_abbreviations=extra)]
    assert sentences == [f"We saw the {word}. {after} today.", "Then it was over."]


def test_an_extra_abbreviation_holds_for_its_call_only() -> None:
    text = "They met the Chanc. Orsk was there."
    assert len(segment(text, extra_abbreviations=["Chanc."])) == 1
    assert len(segment(text)) == 2


def test_an_extra_abbreviation_of_several_words_holds_for_each() -> None:
    text = "Then Hoch. Verehr. Vale spoke."
    assert len(segment(text, extra_abbreviations=("Hoch. Verehr.",))) == 1
    assert len(segment(text)) == 3


def test_an_extra_abbreviation_in_small_letters_is_known_in_any_case() -> None:
    text = "They met Vizekanz. Orsk and VIZEKANZ. Vale."
    assert len(segment(text, extra_abbreviations=["vizekanz"])) == 1


def test_empty_and_odd_extra_abbreviations_change_nothing() -> None:
    text = "They met. They left."
    assert segment(text, extra_abbreviations=["", ".", " ", "..."]) == segment(text)


def test_a_megabyte_in_one_line_is_split() -> None:
    sentence = "The leaders of the U.S. and Orm met Mr. Orsk. "
    count = 1_000_000 // len(sentence)
    assert len(segment(sentence * count)) == count


def test_the_rules_have_a_name() -> None:
    assert SEGMENTER == "readseg/1"


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_no_word_is_cut(text: str) -> None:
    cut = [word for start, end, _ in segment(text) for word in folded(text[start:end])]
    assert cut == folded(text)
