"""Writing of all kinds on the page: how wide it is, and which code point stands in which cell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from annotator.tui import paint
from annotator.tui.page import Page
from annotator.tui.reflow import cells, widths, wrap
from tests.session.making import session_on

PIECES = (
    *("The parties met. ", "双方就地区安全交换了意见", "ﾊﾝｶｸ", "한국과 ", "ⓐ①"),
    *("👩🏽\u200d💻", "🇺🇸🇷🇺", "❤️", "1️⃣", "👍🏿", "🏴\U000e0067\U000e0062\U000e007f", "☎\ufe0e"),
    *("e\u0301\u0323", "Z\u0351\u036b\u0343\u036a", "العلاقات الثنائية ", "שָׁלוֹם ", "हिन्दी ", "ก็ "),
    *("\u202eevil\u202c", "\u1112\u1161\u11ab", "a\ufe0f", "\t", "ﷺ", "\u00ad", "x" * 70),
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map(
    lambda parts: f"A{''.join(parts)}z."
)


def page_of(text: str, width: int) -> Page:
    session = session_on(text)
    return Page(session.readout.text, session.codebook, session.coding, width)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_what_is_shown_has_one_code_point_for_each_of_the_text(text: str) -> None:
    assert len(paint.show(text)) == len(text)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_text_is_as_wide_as_the_terminals_library_takes_it_to_be(text: str) -> None:
    shown = paint.show(text)
    assert cells(shown) == sum(widths(shown)) == cell_len(shown)


@given(TEXTS, st.integers(2, 60))
@settings(max_examples=150, deadline=None)
def test_rows_tile_the_text_and_none_is_wider_than_it_may_be(text: str, width: int) -> None:
    shown = paint.show(text)
    rows = wrap(shown, width)
    assert [start for start, _ in rows] == [0, *(end for _, end in rows[:-1])]
    assert rows[-1][1] == len(text)
    assert all(cells(shown[a:b].rstrip(" ")) <= width for a, b in rows)


@given(TEXTS, st.integers(20, 110))
@settings(max_examples=60, deadline=None)
def test_under_every_cell_is_the_code_point_that_is_drawn_there(text: str, width: int) -> None:
    page = page_of(text, width)
    found: list[int] = []
    for row in range(page.rows.total):
        line = page.line(row)[0]
        column = 0
        for char, wide in drawn(line):
            for half in range(wide):
                offset = page.offset_at(row, column + half)
                if column < page.gutter:
                    assert offset is None
                elif offset is not None:
                    assert paint.show(page.text)[offset] == char
                    found.append(offset)
            column += wide
        assert page.offset_at(row, column) is None
    # Every code point that fills a cell is found under one, in the order of the text.
    shown = paint.show(page.text)
    sentence = page.coding.sentence(page.coding.order[0])
    place = range(sentence.start, sentence.end)
    seen = [offset for offset in place if get_character_cell_size(shown[offset])]
    assert sorted(set(found) & set(seen)) == seen
    assert found == sorted(found)


def drawn(line: paint.Line) -> list[tuple[str, int]]:
    """Return the code points of a line of a page with the cells that each fills."""
    text = "".join(run.text for run in line)
    return list(zip(text, widths(text), strict=True))


@pytest.mark.parametrize("width", [20, 60, 100])
def test_either_half_of_a_wide_sign_is_that_sign(width: int) -> None:
    page = page_of("双方交换了意见。", width)
    at = page.gutter
    assert [page.offset_at(0, at + half) for half in range(4)] == [0, 0, 1, 1]


def test_marks_belong_to_the_letter_that_they_are_drawn_on() -> None:
    page = page_of("e\u0301a.", 40)
    assert [page.offset_at(0, page.gutter + cell) for cell in range(3)] == [0, 2, 3]


def test_a_sign_that_is_widened_fills_two_cells() -> None:
    page = page_of("❤\ufe0fa.", 40)
    assert [page.offset_at(0, page.gutter + cell) for cell in range(3)] == [0, 1, 2]


def test_text_that_runs_from_right_to_left_keeps_the_order_it_is_written_in() -> None:
    text = "قال الرئيس."
    page = page_of(text, 40)
    places = [page.offset_at(0, page.gutter + cell) for cell in range(len(text))]
    assert places == list(range(len(text)))


def test_an_order_to_turn_text_about_is_shown_and_not_obeyed() -> None:
    shown = paint.show("a\u202eb\u2066c\u061c")
    assert not set(shown) & set("\u202e\u2066\u061c")
    assert len(shown) == 6
