"""A readout as a page: its rows, its marks beneath them, what is lit, and what is where."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.codebook import Codebook
from annotator.model.edit import Edit
from annotator.model.entity import Entity
from annotator.model.mark import EntityValue, RefValue, Slots
from annotator.session import acts, boundaries
from annotator.session.session import Session
from annotator.tui import paint
from annotator.tui.page import LIT, WIDEST, Light, Page
from annotator.tui.paint import Line
from annotator.tui.reflow import cells
from tests.session.making import CALL, Coder, book, readout_of, session_of, session_on
from tests.session.making import placed as placed_in
from tests.session.test_history import PLAN, SEEDS, Act, Plan, begun, join, run, split

WIDTHS = [20, 40, 60, 100, 200]
HARD = "A\u202eb\x1b[0m 双方同意会面，并继续对话。 e\u0301" + "\u0301" * 30 + " 👩 [bold]x[/] end."


def page_of(session: Session, width: int, light: Light | None = None) -> Page:
    text, coding = session.readout.text, session.coding
    return Page(text, session.codebook, coding, width, light or Light())


def words(line: Line) -> str:
    return "".join(run.text for run in line)


def shown(page: Page) -> list[str]:
    return [words(page.line(row)[0]) for row in range(page.rows.total)]


def marked() -> Session:
    coder = Coder.at().press("t", "g", "r", "escape", "f", "s", "1", "escape", "z").answer("odd")
    coder.press("j", "c", "a", "C", "backspace", "escape", "x", "r", "enter", "enter")
    return coder.session


@pytest.mark.parametrize("width", WIDTHS)
def test_every_word_of_the_readout_is_on_the_page_once(width: int) -> None:
    session = session_on(*CALL, HARD)
    page = page_of(session, width)
    text = "".join(row[page.gutter :] for row in shown(page))
    assert "".join(text.split()) == "".join(paint.show(session.readout.text).split())


@pytest.mark.parametrize("width", WIDTHS)
def test_no_row_of_text_is_wider_than_the_page_or_than_can_be_read(width: int) -> None:
    page = page_of(session_on(*CALL, HARD * 5), width)
    for row in shown(page):
        assert cells(row.rstrip()) <= min(width, WIDEST + page.gutter)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_no_row_of_marks_is_wider_than_the_page(width: int) -> None:
    page = page_of(marked(), width)
    assert all(cells(row.rstrip()) <= width for row in shown(page))


@pytest.mark.parametrize("width", [40, 60, 100])
def test_a_mark_with_a_long_name_is_not_wider_than_the_page(width: int) -> None:
    long = Entity(id="ada", type="person", name="Ada " + "of the Long Name " * 8)
    coder = Coder.at(session=session_on(*CALL, entities=(long,))).press("s", "1", "escape")
    page = page_of(coder.session, width)
    assert [row for row in shown(page) if cells(row.rstrip()) > width] == []


def test_each_sentence_has_its_number_and_state_on_its_first_row() -> None:
    page = page_of(marked(), 60)
    heads = [shown(page)[page.rows_of(key)[0]][: page.gutter] for key in page.coding.order]
    assert [head.split() for head in heads] == [["1"], ["2"], ["3", "✓"], ["4"], ["5"]]


def test_a_paragraph_is_set_off_and_sentences_within_one_are_not() -> None:
    text = "One. Two.\nThree.\n\n\nFour."
    parts = ["One.", "Two.", "Three.", "Four."]
    session = session_of(readout_of(text), placed_in(text, parts, {}))
    page = page_of(session, 60)
    assert [block.above for block in page.blocks] == [0, 0, 1, 1]
    blank = page.rows_of(3)[0] - 1
    assert page.line(blank) == ((), "")


def test_marks_are_said_by_glyph_and_word_beneath_their_sentence() -> None:
    page = page_of(marked(), 100)
    first, end = page.rows_of(2)
    beneath = " ".join(shown(page)[first + len(page.blocks[1].rows) : end])
    for said in ("✱ flag", "trade", "relations", "Ada Arda, indirect", "✎ odd"):
        assert said in beneath
    vow = " ".join(shown(page)[slice(*page.rows_of(3))])
    assert "⚑ agreement" in vow
    assert "✗ relations" in vow


def test_a_mark_in_doubt_has_a_question_mark_and_a_lost_layer_is_named() -> None:
    coder = Coder.at().press("t", "g", "escape", "S", "enter")
    page = page_of(coder.session, 60)
    assert "trade ?" in " ".join(shown(page)[slice(*page.rows_of(2))])
    left = tuple(layer for layer in book().layers if layer.id in ("speakers", "voice"))
    cut = Codebook(name="cut", version="1.0.0", layers=left)
    page = Page(coder.session.readout.text, cut, coder.session.coding, 60)
    assert "topics: eco.trade (not in the codebook)" in " ".join(shown(page))


def test_the_words_of_the_lit_mark_are_underlined_where_they_stand() -> None:
    session = marked()
    mark = session.sentence(2).of_layer("speakers")[0]
    for light, seen in ((Light(2, mark=mark.id), True), (Light(2), False), (Light(1), False)):
        page = page_of(session, 200, light)
        line, _ = page.line(page.rows_of(2)[0])
        under = [run.text for run in line if "underline" in run.style]
        assert ("Arda" in under and "said" in under) == seen


def test_the_lit_sentence_has_a_ground_and_a_bar_and_the_others_have_none() -> None:
    session = session_on(*CALL)
    page = page_of(session, 40, Light(key=3))
    for row in range(page.rows.total):
        line, ground = page.line(row)
        lit = page.key_at(row) == 3 and bool(line)
        assert ground == (LIT if lit else "")
        assert words(line).startswith("▌") is lit


def test_a_selection_and_a_caret_are_lit_in_the_sentence_in_work_only() -> None:
    session = session_on(*CALL)
    start = session.sentence(3).start
    for light in (Light(3, selection=(start, start + 4)), Light(3, caret=start + 5)):
        page = page_of(session, 200, light)
        styles = [
            run.text
            for run in page.line(page.rows_of(3)[0])[0]
            if "chosen" in run.style or "reverse" in run.style
        ]
        assert styles == (["They"] if light.selection else ["a"])
    page = page_of(session, 200, Light(4, selection=(start, start + 4)))
    assert not any("chosen" in run.style for run in page.line(page.rows_of(3)[0])[0])


def test_a_hop_stands_beneath_its_word_and_is_a_key_to_click() -> None:
    session = session_on(*CALL)
    start = session.sentence(3).start
    page = page_of(session, 200, Light(3, hops=((start, "a"), (start + 5, "s"))))
    row = page.rows_of(3)[0]
    assert words(page.line(row)[0])[page.gutter :].startswith("They agreed")
    line, _ = page.line(row + 1)
    assert words(line)[page.gutter :] == "a    s"
    assert [run.key for run in line if run.key] == ["a", "s"]


@pytest.mark.parametrize(
    "text", [CALL[1], "Belmont said Arda would come.", "They hope to meet and agreed to talk."]
)
def test_every_hop_that_is_offered_can_be_seen_in_the_text(text: str) -> None:
    coder = Coder.at(text).press("t", "g", "escape", "v")
    view = coder.view
    page = page_of(coder.session, 60, Light(1, view.selection, view.hops, view.caret))
    seen = {run.key for row in range(*page.rows_of(1)) for run in page.line(row)[0] if run.key}
    assert seen == {key for _, key in view.hops}


def test_rows_beyond_the_page_are_empty() -> None:
    page = page_of(session_on(*CALL), 60)
    for row in (-1, page.rows.total, 10_000):
        assert page.line(row) == ((), "")
        assert page.key_at(row) is None
        assert page.offset_at(row, 20) is None


def test_a_readout_without_sentences_is_an_empty_page() -> None:
    assert page_of(session_on(), 60).rows.total == 0


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80), st.integers(16, 70))
def test_every_cell_of_the_text_leads_back_to_the_character_drawn_there(
    text: str, width: int
) -> None:
    body = text.strip()
    if not body:
        return
    session = session_of(readout_of(text), placed_in(text, [body], {}))
    page, start, drawn = page_of(session, width), session.sentence(1).start, paint.show(body)
    for row in range(page.rows.total):
        under = [char for char in shown(page)[row][page.gutter :] for _ in range(cells(char))]
        for column, char in enumerate(under):
            offset = page.offset_at(row, page.gutter + column)
            assert offset is not None
            assert drawn[offset - start] == char
        assert page.offset_at(row, page.gutter + len(under)) is None


def test_cells_of_the_gutter_and_behind_the_text_are_no_text() -> None:
    session = session_on(*CALL)
    page = page_of(session, 60)
    row = page.rows_of(2)[0]
    start = session.sentence(2).start
    assert page.offset_at(row, page.gutter - 1) is None
    assert page.offset_at(row, page.gutter) == start
    assert page.offset_at(row, page.gutter + 5) == start + 5
    assert page.offset_at(row, 59) is None


def test_a_wide_sign_is_found_under_both_of_its_cells() -> None:
    session = session_on("双方同意")
    page = page_of(session, 60)
    offsets = [page.offset_at(0, page.gutter + n) for n in range(9)]
    assert offsets == [0, 0, 1, 1, 2, 2, 3, 3, None]


@pytest.mark.parametrize("pressed", ["tgr", "f", "s1", "x", "S", "J", "p"])
def test_a_mended_page_is_the_page_laid_anew(pressed: str) -> None:
    coder = Coder.at()
    page = page_of(coder.session, 50, Light(2))
    changed: set[int] = set()
    follow = coder.session.on_change

    def note(edit: object) -> None:
        changed.update(change.key for change in edit.changes)  # type: ignore[attr-defined]
        follow(edit)  # type: ignore[arg-type]

    coder.session.on_change = note
    coder.press(*pressed, *(["enter"] if pressed == "S" else []))
    mended = page.mended(coder.session.coding, changed)
    assert shown(mended) == shown(page_of(coder.session, 50, Light(2)))
    assert mended.light == Light(2)


@settings(deadline=None, max_examples=60)
@given(begun(), PLAN, st.lists(st.tuples(st.sampled_from([split, join]), SEEDS), max_size=8))
def test_where_boundaries_move_a_mended_page_is_the_page_laid_anew(
    session: Session, plan: Plan, moves: list[tuple[Act, int]]
) -> None:
    run(session, plan)
    pages = [page_of(session, 40, Light(1))]

    def mend(edit: Edit) -> None:
        pages.append(pages[-1].mended(session.coding, [change.key for change in edit.changes]))
        assert shown(pages[-1]) == shown(page_of(session, 40, Light(1)))

    session.on_change = mend
    made = len(run(session, [*moves])) - 1
    for _ in range(made):
        session.undo()
    for _ in range(made):
        session.redo()


def test_a_mark_inside_one_of_another_sentence_is_called_by_whom_that_names_now() -> None:
    session = session_on(*(f"Arda said {n}." for n in range(9)))
    pen, page = session.pen, page_of(session, 60)

    def mend(edit: Edit) -> None:
        before = page.coding
        assert page.mended(session.coding, [change.key for change in edit.changes]) is page
        assert before is not page.coding
        assert shown(page) == shown(page_of(session, 60))

    session.on_change = mend
    said: Slots = {"source": (EntityValue(entity="press"),)}
    outer = pen.mark(session.sentence(2), "speakers", "indirect", slots=said)
    session.do(acts.add_mark(pen, session.coding, 2, outer))
    slots: Slots = {"source": (EntityValue(entity="ada"),), "parent": (RefValue(mark=outer.id),)}
    inner = pen.mark(session.sentence(6), "speakers", "indirect", slots=slots)
    session.do(acts.add_mark(pen, session.coding, 6, inner))
    bo = (EntityValue(entity="bo"),)
    session.do(acts.fill_slot(pen, session.coding, 2, outer.id, "source", bo))
    assert any("☉ Bo Belmont › Ada Arda" in row for row in shown(page))
    session.undo()
    assert any("☉ the press service › Ada Arda" in row for row in shown(page))


def test_a_page_whose_numbers_take_more_room_than_before_is_laid_anew() -> None:
    session = session_on(*("They met." for _ in range(100)))
    page = page_of(session, 40)
    for back in (False, True):
        joined = boundaries.join(session.pen, session.coding, 9, session.readout.text)
        edit = session.undo() if back else session.do(joined)
        assert edit is not None
        page = page.mended(session.coding, [change.key for change in edit.changes])
        assert shown(page) == shown(page_of(session, 40))


def test_a_long_readout_has_room_for_its_numbers_and_each_row_has_its_sentence() -> None:
    session = session_on(*("Arda said that trade would grow." for _ in range(3000)))
    page = page_of(session, 60)
    assert page.gutter == 9
    assert page.key_at(0) == 1
    assert page.key_at(page.rows.total - 1) == 3000
    assert page.rows_of(3000)[1] == page.rows.total
