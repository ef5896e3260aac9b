"""What stands beneath the rows of the lit sentence: letters, and brackets that need no colour."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.mark import Mark, Slots, SpanValue
from annotator.model.text import Span
from annotator.session import acts
from annotator.session.session import Session
from annotator.tui import paint, rulers
from annotator.tui.page import Light, Page
from annotator.tui.paint import Line
from annotator.tui.reflow import cells
from annotator.tui.rulers import Bracket, Row
from tests.session.making import Coder, session_on
from tests.tui.test_page import page_of


def text_of(line: Line) -> str:
    return "".join(run.text for run in line)


def drawn(text: str, *pieces: tuple[str, str], width: int = 60, row: str = "") -> list[str]:
    """Return the lines of brackets beneath a row of a text, for pieces of it with their names."""
    row = row or text
    start = text.index(row)
    spans = [
        Bracket(text.index(piece), text.index(piece) + len(piece), name, "")
        for piece, name in pieces
    ]
    ruler = Row.of((start, start + len(row)), row, width)
    return [text_of(line) for line in rulers.brackets(ruler, spans)]


TEXT = "Arda said that trade between the two states would grow by 2027."


def test_a_bracket_has_its_name_inside_where_there_is_room() -> None:
    assert drawn(TEXT, ("that trade between", "content")) == ["          └─ content ──────┘"]


def test_a_short_one_has_it_beside_it_on_the_right_or_else_on_the_left() -> None:
    assert drawn(TEXT, ("said", "cue")) == ["     └──┘ cue"]
    assert drawn(TEXT, ("2027", "timeframe"), width=63) == [" " * 48 + "timeframe └──┘"]


def test_where_there_is_room_on_neither_side_the_name_is_cut_or_left_out() -> None:
    assert drawn("abcdefghijk", ("abcdefghijk", "a long name"), width=12) == ["└─ a lon… ┘"]
    assert drawn("abc", ("abc", "name"), width=3) == ["└─┘"]


@pytest.mark.parametrize(("piece", "expected"), [("a", "╵ x"), ("ab", "└┘ x"), ("abc", "└─┘ x")])
def test_the_shortest_stretches_are_drawn_whole(piece: str, expected: str) -> None:
    assert drawn("abcd", (piece, "x")) == [expected]


def test_one_within_another_stands_above_it() -> None:
    lines = drawn(TEXT, (TEXT[:-1], "action"), ("that trade between", "content"), ("trade", "cue"))
    assert [line.strip(" ") for line in lines] == [
        "└───┘ cue",
        "└─ content ──────┘",
        "└─ action ───────────────────────────────────────────────────┘",
    ]


def test_those_that_overlap_stand_on_rows_of_their_own_and_both_ends_are_seen() -> None:
    lines = drawn("one two three four", ("one two three", "a"), ("three four", "b"))
    assert lines == ["        └─ b ────┘", "└─ a ───────┘"]


def test_those_that_stand_apart_share_a_row_with_room_for_their_names() -> None:
    assert drawn(TEXT, ("Arda", "who"), ("would grow by 2027", "what happens")) == [
        "└──┘ who" + " " * 36 + "└─ what happens ─┘"
    ]
    assert len(drawn(TEXT, ("Arda", "source"), ("said", "cue"))) == 2


def test_the_same_words_for_two_slots_are_two_brackets() -> None:
    assert drawn("one two", ("one two", "a"), ("one two", "b")) == ["└─ a ─┘", "└─ b ─┘"]


def test_a_stretch_that_runs_over_rows_is_open_where_it_goes_on() -> None:
    pieces = (("said that trade between", "content"),)
    assert drawn(TEXT, *pieces, row="Arda said that ") == ["     └──────── content"]
    assert drawn(TEXT, *pieces, row="trade between the two ") == ["── content ─┘"]
    assert drawn(TEXT, *pieces, row="states would grow") == []


def test_wide_signs_are_bracketed_by_the_cells_they_fill() -> None:
    assert drawn("双方同意会面。", ("同意会面", "act")) == ["    └─ act ┘"]
    assert drawn("双方同意会面。", ("双", "x")) == ["└┘ x"]
    assert drawn("e\u0301te\u0301 ici", ("ici", "x")) == ["    └─┘ x"]


def test_a_wide_name_takes_the_cells_that_it_fills() -> None:
    (line,) = drawn("a" * 20, ("a" * 20, "时间"))
    assert line == "└─ 时间 ───────────┘"
    assert cells(line) == 20


def test_what_nests_too_deep_is_counted() -> None:
    text = "a" * 40
    spans = [Bracket(0, n, f"s{n}", "") for n in range(20, 40)]
    lines = rulers.brackets(Row.of((0, 40), text, 60), spans)
    assert len(lines) == rulers.DEEPEST + 1
    assert text_of(lines[-1]) == f"… {20 - rulers.DEEPEST} more"


def test_names_from_outside_are_shown_and_not_obeyed() -> None:
    (line,) = drawn("a" * 30, ("a" * 30, "x\x1b[31m[bold]\u202e"))
    assert "\x1b" not in line
    assert "\u202e" not in line
    assert "[bold]" in line


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_every_bracket_shows_both_its_ends_and_no_row_is_too_wide(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from("ab 双é👩\u0301"), min_size=1, max_size=40))
    text = "x" + paint.show(text)
    ends = st.integers(0, len(text))
    drawn_ = [sorted(data.draw(st.tuples(ends, ends))) for _ in range(data.draw(st.integers(1, 6)))]
    spans = [Bracket(a, b, "name", "") for a, b in drawn_ if a < b]
    width = max(cells(text), 12)
    lines = rulers.brackets(Row.of((0, len(text)), text, width), spans)
    assert all(cells(text_of(line)) <= width for line in lines)
    body = text.rstrip(" ") or text
    seen = [span for span in spans if span.start < len(body)]
    whole = "".join(text_of(line) for line in lines)
    left, right, both = (whole.count(sign) for sign in "└┘╵")
    closed = [span for span in seen if span.end <= len(body)]
    assert (left + both, right + both) == (len(seen), len(closed))


# On the page


def filled(text: str, **slots: str) -> Session:
    """Return a session whose only sentence has an attribution with these words in its slots."""
    session = session_on(text)
    pen = session.pen
    values: Slots = {
        slot: (SpanValue(span=Span.of(text, text.index(w), text.index(w) + len(w))),)
        for slot, w in slots.items()
    }
    mark: Mark = pen.mark(session.sentence(1), "speakers", "indirect", slots=values)
    session.do(acts.add_mark(pen, session.coding, 1, mark))
    return session


def lit(session: Session, width: int, **light: object) -> Page:
    mark = session.sentence(1).marks[0].id
    return page_of(session, width, Light(1, mark=mark, **light))  # type: ignore[arg-type]


def rows(page: Page) -> list[str]:
    return [text_of(page.line(row)[0])[page.gutter :] for row in range(page.rows.total)]


def test_the_spans_of_the_lit_mark_stand_beneath_each_row_of_the_lit_sentence() -> None:
    session = filled(TEXT, cue="said", content="trade between the two states would grow by 2027")
    page = lit(session, 48, brackets="mark")
    assert rows(page)[:4] == [
        "Arda said that trade between the two ",
        "     └──┘ cue  └─ content ──────────",
        "states would grow by 2027.",
        "── content ─────────────┘",
    ]
    assert page.rows.total == page.blocks[0].height


def test_nothing_stands_beneath_where_nothing_is_asked_for_or_another_sentence_is_lit() -> None:
    session = filled(TEXT, cue="said")
    plain = page_of(session, 60)
    for light in (Light(1), Light(None, brackets="all"), Light(1, brackets="mark")):
        assert page_of(session, 60, light).rows.total == plain.rows.total


def test_the_spans_of_all_marks_have_the_marks_name_too() -> None:
    coder = Coder.at().press("s", "1", "escape", "t", "g", "tab", "space", "escape")
    session = coder.session
    page = page_of(session, 100, Light(2, brackets="all"))
    whole = " ".join(rows(page))
    for name in ("Ada Arda: cue", "Ada Arda: source", "Ada Arda: content", "trade: evidence"):
        assert name in whole


@pytest.mark.parametrize("width", [20, 40, 80])
def test_every_cell_of_the_text_is_found_between_the_brackets(width: int) -> None:
    session = filled(TEXT, cue="said", content="trade between the two states would grow by 2027")
    page = lit(session, width, brackets="mark", hops=((0, "a"), (5, "s")))
    found = []
    for row in range(page.rows.total):
        for column in range(page.gutter, width):
            offset = page.offset_at(row, column)
            found += [] if offset is None else [offset]
    assert found == list(range(len(TEXT)))


def test_a_page_that_is_lit_again_is_the_page_laid_anew() -> None:
    session = filled(TEXT, cue="said")
    mark = session.sentence(1).marks[0].id
    lights = (Light(1), Light(1, mark=mark, brackets="mark"), Light(1, hops=((0, "a"),)), Light())
    page = page_of(session, 40)
    for light in lights:
        page.relight(light)
        assert rows(page) == rows(page_of(session, 40, light))
        assert page.rows.total == sum(block.height for block in page.blocks)


def test_a_mark_that_loses_its_words_loses_its_brackets() -> None:
    session = filled(TEXT, cue="said")
    page = lit(session, 60, brackets="mark")
    high = page.rows.total
    mark = session.sentence(1).marks[0]
    session.do(acts.fill_slot(session.pen, session.coding, 1, mark.id, "cue", ()))
    assert page.mended(session.coding, [1]).rows.total == high - 1


def test_a_sentence_of_100_000_characters_is_lit_in_a_blink() -> None:
    session = session_on("word " * 20_000)
    page = page_of(session, 80)
    took = []
    for n in range(3):
        started = process_time()
        page.relight(Light(1, selection=(n, 50), hops=((n, "a"), (n + 5, "s"))))
        took.append(process_time() - started)
    assert min(took) < 1


def test_a_likely_letter_stands_on_a_ground_as_wide_as_there_is_room_for() -> None:
    hops = ((0, "a"), (5, "s"), (7, "d"), (10, "q"), (13, "f"))
    row = Row.of((0, 14), "Arda is at Xe.", 20)
    (line,) = rulers.letters(row, hops, frozenset({0, 5, 7, 13}))
    assert text_of(line).rstrip() == "a    s d  q  f"
    grounds = [(run.key, run.text) for run in line if run.style == rulers.HOP]
    assert grounds == [("a", "a "), ("s", " s"), ("d", "d "), ("f", " f ")]
    # So are they without any colour: a ground is shown in reverse, and no other letter has one.
    assert "on " in rulers.HOP
    assert "on " not in rulers.HOP_ELSEWHERE
