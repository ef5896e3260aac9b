"""What differs between two texts, and where the words of one stand in the other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.alignment import words
from annotator.model.differing import Bridge, changed, pieces
from annotator.model.sentence import Sentence
from annotator.model.text import Span

OLD = "Both sides agreed to meet in March 2026, in Geneva."
NEW = "Before: Both leaders agreed to meet again in late April 2026, in Geneva."

WORDS = st.sampled_from(
    ["both", "Both", "sides", "agreed", "to", "meet", ",", "in", "May", "2026."]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


def sentence(text: str, start: int = 0) -> Sentence:
    return Sentence(start=start, end=start + len(text), role="body", text=text)


def span(text: str, exact: str, base: int = 0) -> Span:
    start = base + text.index(exact)
    return Span(start=start, end=start + len(exact), exact=exact)


def across(exact: str, *, loosely: bool, old: str = OLD, new: str = NEW) -> str | None:
    bridge = Bridge(sentence(old, 7), sentence(new, 40))
    found = (bridge.place if loosely else bridge.same)(span(old, exact, 7))
    assert found is None or new[found.start - 40 : found.end - 40] == found.exact
    return found.exact if found else None


def test_the_words_that_only_one_has_stand_between_those_that_both_have() -> None:
    assert pieces("They met in May.", "They spoke in May, twice.") == [
        ("They", "="), ("met", "-"), ("spoke", "+"), ("in May", "="), (", twice", "+"), (".", "="),
    ]  # fmt: skip


def test_texts_that_are_the_same_are_one_piece_and_those_that_share_nothing_are_two() -> None:
    assert pieces(OLD, OLD) == [(OLD, "=")]
    assert pieces("One two", "three") == [("One two", "-"), ("three", "+")]
    assert pieces("", "three") == [("three", "+")]
    assert pieces("three", "") == [("three", "-")]


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_each_text_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    found = pieces(old, new)
    for text, own in ((old, "-"), (new, "+")):
        read = [
            word.folded for piece, sign in found if sign in ("=", own) for word in words(piece, 0)
        ]
        assert read == [word.folded for word in words(text, 0)]


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_what_is_changed_is_what_is_no_piece_of_both(old: str, new: str) -> None:
    less, more = changed(old, new)
    found = pieces(old, new)
    assert [old[a:b] for a, b in less] == [words for words, sign in found if sign == "-"]
    assert [new[a:b] for a, b in more] == [words for words, sign in found if sign == "+"]


@pytest.mark.parametrize(
    ("exact", "same", "place"),
    [
        ("agreed to meet", "agreed to meet", "agreed to meet"),
        ("meet in March 2026", None, "meet again in late April 2026"),
        ("March 2026", None, "late April 2026"),
        ("March", None, None),
        ("Both sides", None, "Both leaders"),
        ("Geneva", "Geneva", "Geneva"),
        ("enev", "enev", "enev"),
        (" to meet in", None, "to meet again in"),
        (OLD, None, NEW[8:]),
    ],
)
def test_words_are_found_again_or_what_stands_in_their_place(
    exact: str, same: str | None, place: str | None
) -> None:
    assert across(exact, loosely=False) == same
    assert across(exact, loosely=True) == place


def test_words_that_moved_are_found_where_they_stand_once() -> None:
    old = "In Geneva they met and agreed to trade."
    assert across("In Geneva", loosely=False, old=old, new="They met. In Geneva.") == "In Geneva"


def test_words_are_not_found_within_other_words() -> None:
    assert across("meet", loosely=False, old="They meet.", new="A meeting was held.") is None


def test_large_letters_and_white_space_do_not_make_words_differ() -> None:
    old, new = "The  parties spoke.", "Today the parties spoke."
    assert across("The  parties", loosely=False, old=old, new=new) == "the parties"


def test_a_span_that_reaches_out_of_its_sentence_has_no_place_in_another() -> None:
    bridge = Bridge(sentence("They met.", 5), sentence("They met."))
    outside = Span(start=0, end=9, exact="was. They")
    assert bridge.place(outside) is None
    assert bridge.same(outside) is None


@settings(deadline=None, max_examples=200)
@given(TEXTS, TEXTS, st.data())
def test_whatever_is_found_is_in_the_other_sentence(
    old: str, new: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    bridge = Bridge(sentence(old, 3), sentence(new, 11))
    one = Span(start=start + 3, end=end + 3, exact=old[start:end])
    for found in (bridge.same(one), bridge.place(one)):
        assert found is None or new[found.start - 11 : found.end - 11] == found.exact
