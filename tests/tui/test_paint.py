"""The only door to the screen: what comes through it, and that lines keep their width."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.files import MARKS_PER_LETTER
from annotator.tui import paint
from annotator.tui.paint import Line, Run, ink, show
from annotator.tui.reflow import cells

ANY = st.text(
    st.one_of(st.sampled_from("ab  \n界👩\u0301\u202e\x1b\u200b\ufe0f[/]"), st.characters()),
    max_size=40,
)
LINES = st.lists(st.builds(ink, ANY), max_size=4).map(tuple)
WIDTHS = st.integers(0, 50)

EVERY = range(0x110000)
# Formats that have a shape of their own: signs around numbers in Arabic, Syriac and Kaithi.
DRAWN_FORMATS = frozenset(
    (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)
)
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# These two choose between the sign as text and as emoji.
SELECTORS = frozenset("\ufe0e\ufe0f")


def words(line: Line) -> str:
    return "".join(run.text for run in line)


def test_lines_that_do_not_all_have_room_end_with_an_ellipsis() -> None:
    lines = [(Run("one"),), (Run("two"),), (Run("three"),)]
    assert [words(line) for line in paint.within(lines, 2, 20)] == ["one", "two …"]
    assert [words(line) for line in paint.within(lines, 2, 3)] == ["one", "tw…"]
    assert paint.within(lines, 3, 20) == lines
    assert [words(line) for line in paint.within(lines, 0, 20)] == ["one …"]


def drawn() -> list[str]:
    """Return what every code point is shown as, one by one: no run is long enough to be piled."""
    apart = "".join(chr(code) + "a" * (code % 8 == 7) for code in EVERY)
    shown = show(apart)
    assert len(shown) == len(apart)
    return [char for place, char in enumerate(shown) if place % 9 != 8]


def test_of_all_code_points_no_control_bidi_or_unseen_sign_comes_through() -> None:
    category, shown = unicodedata.category, drawn()
    assert len(shown) == len(EVERY)
    forbidden = {"Cc", "Cs", "Zl", "Zp"}
    through = [
        f"U+{code:04X}"
        for code, char in zip(EVERY, shown, strict=True)
        if char in BIDI
        or category(char) in forbidden
        or (category(char) == "Cf" and ord(char) not in DRAWN_FORMATS)
    ]
    assert through == []


def test_a_code_point_that_is_harmless_is_shown_as_itself() -> None:
    kept = [char for code, char in zip(EVERY, drawn(), strict=True) if char == chr(code)]
    letters = [chr(code) for code in EVERY if unicodedata.category(chr(code))[0] in "LNPS"]
    assert len(set(letters) - set(kept)) < 200
    assert {*"aéд界ع🤝", *SELECTORS} <= set(kept)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
def test_one_code_point_becomes_one_code_point(text: str) -> None:
    assert len(show(text)) == len(text)
    assert show(show(text)) == show(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc", "a b c"),
        ("\x1b]52;c;x\x07", "␛]52;c;x␇"),
        ("\x00\x7f\x9b", "␀␡\ufffd"),
        ("\u202eabc\u2069", "\ufffdabc\ufffd"),
        ("a\u200bb\ufeff", "a·b·"),
        ("\u2028\u2029\x85", "\ufffd\ufffd\ufffd"),
        ("\ud800", "\ufffd"),
        ("[bold]x[/] [@click=a]", "[bold]x[/] [@click=a]"),
        ("e\u0301te\u0301 界 ☎\ufe0f", "e\u0301te\u0301 界 ☎\ufe0f"),
    ],
)
def test_what_a_terminal_obeys_or_hides_is_made_visible_and_all_else_stays(
    text: str, shown: str
) -> None:
    assert show(text) == shown


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd", "\u0483", "\u0e31", "\u06d6", "\ufe0f"])
@pytest.mark.parametrize("many", [MARKS_PER_LETTER, MARKS_PER_LETTER + 1, 500])
def test_marks_beyond_a_few_on_one_letter_become_dots(mark: str, many: int) -> None:
    shown = show(f"a{mark * many}b")
    assert shown == "a" + mark * MARKS_PER_LETTER + "·" * (many - MARKS_PER_LETTER) + "b"


def test_mixed_marks_are_counted_together_and_each_letter_anew() -> None:
    assert show("a" + "\u0301\u0483" * 5).count("·") == 2
    text = "".join(letter + "\u0301" * 8 for letter in "aб界!")
    assert show(text) == text


@pytest.mark.parametrize(
    "unseen",
    ["\u093e", "\u1161", "\u11a8", "\U0001f3fb", "\ud7b0"],
    ids=["spacing mark", "jamo vowel", "jamo final", "skin tone", "old jamo vowel"],
)
def test_a_long_run_of_signs_that_fill_no_cell_of_their_own_does_not_come_through(
    unseen: str,
) -> None:
    assert cells(unseen) == 0
    shown = show("a" + unseen * 500)
    assert shown.count(unseen) <= MARKS_PER_LETTER


def test_a_million_marks_are_shown_in_a_moment() -> None:
    assert show("\u0301" * 1_000_000).count("·") == 1_000_000 - MARKS_PER_LETTER


# Lines


@settings(deadline=None, max_examples=200)
@given(ANY, WIDTHS)
def test_what_is_cut_fits_and_says_so(text: str, most: int) -> None:
    short = paint.cut(text, most)
    assert cells(short) <= most
    if short != show(text) and most > 0:
        assert short.endswith("…")


def test_what_fits_is_not_cut() -> None:
    assert paint.cut("abc", 3) == "abc"
    assert paint.cut("abcd", 3) == "ab…"
    assert paint.cut("双方同意", 4) == "双…"
    assert paint.cut("ab cd", 4) == "ab…"
    assert paint.cut("abc", 0) == paint.cut("abc", -4) == ""


@settings(deadline=None, max_examples=200)
@given(LINES, st.builds(ink, st.text("ab", max_size=8)), WIDTHS)
def test_two_ends_fill_the_width_exactly_and_the_right_one_is_whole(
    left: Line, right: Run, most: int
) -> None:
    line = paint.ends(left, (right,), most)
    assert line[-1] == right
    assert paint.width(line) == max(most, paint.width((right,)))


@settings(deadline=None, max_examples=150)
@given(st.lists(LINES, max_size=12), st.integers(8, 60))
def test_columns_keep_the_width_and_show_every_item_once(items: list[Line], most: int) -> None:
    short: list[Line] = [(Run(paint.cut(words(item), most)),) for item in items]
    lines = paint.columns(short, most)
    assert all(paint.width(line) <= max(most, 12) for line in lines)
    shown = [run.text for line in lines for run in line if run.text.strip()]
    assert sorted(shown) == sorted(words(item) for item in short if words(item).strip())


def test_columns_are_read_downwards_and_stand_under_each_other() -> None:
    items = [(Run(f"item {letter}"),) for letter in "abcde"]
    assert [words(line).rstrip() for line in paint.columns(items, 30)] == [
        "item a        item d",
        "item b        item e",
        "item c",
    ]
    assert paint.columns([], 30) == []


@settings(deadline=None, max_examples=150)
@given(st.lists(LINES, max_size=12), st.integers(8, 60))
def test_what_flows_keeps_the_width_and_the_order(items: list[Line], most: int) -> None:
    short: list[Line] = [(Run(paint.cut(words(item), most)),) for item in items]
    lines = paint.flow(short, most)
    assert all(paint.width(line) <= most for line in lines)
    kept = [run.text for line in lines for run in line if run.text != "  "]
    assert kept == [words(item) for item in short if words(item) != "  "]


def test_an_item_that_is_too_long_is_cut_and_stands_alone() -> None:
    items: list[Line] = [(Run("a"),), (Run("b" * 9),), (Run("c"),), (Run("d"),)]
    assert [words(line) for line in paint.flow(items, 5)] == ["a", "bbbb…", "c  d"]


@settings(deadline=None, max_examples=200)
@given(ANY, st.integers(10, 50), st.sampled_from(["", "  ", "      "]))
def test_prose_keeps_the_width_and_every_word(text: str, most: int, indent: str) -> None:
    lines = paint.prose(text, most, indent=indent)
    assert all(paint.width(line) <= max(most, 8 + len(indent)) for line in lines)
    assert "".join("".join(words(line) for line in lines).split()) == "".join(show(text).split())
    assert all(words(line).startswith(indent) for line in lines[1:])


def test_ink_shows_what_it_is_given_and_keeps_style_and_key() -> None:
    assert ink("\x1b[0m", "bold", "x") == Run("␛[0m", "bold", "x")
