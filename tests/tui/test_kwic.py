"""What was found stands one under the other, at every width and in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.edit import Coding
from annotator.model.mark import Mark, Provenance
from annotator.model.sentence import Sentence
from annotator.pipeline.find import Found
from annotator.tui import kwic, paint
from annotator.tui.paint import Line
from annotator.tui.reflow import cells
from tests.session.making import book

SAMPLE = "They spoke at length about trade and, after a break, about the northern border."


def found(
    exact: str = "trade", text: str = SAMPLE, readout: str = "call-1", labels: tuple[str, ...] = ()
) -> Found:
    start = text.index(exact)
    end = start + len(exact)
    around = (text[:start], exact, text[end:])
    return Found(readout, start, end, *around, labels, "ada", (0, len(text)), text)


def words(line: Line) -> str:
    return "".join(run.text for run in line)


def column(line: Line) -> int:
    """Return the cell in which what was found begins."""
    place = next(n for n, run in enumerate(line) if run.style == kwic.HIT)
    return paint.width(line[:place])


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_the_words_stand_in_one_column_whatever_is_around_them(width: int) -> None:
    texts = (
        (SAMPLE, "trade"),
        ("trade is first", "trade"),
        ("会谈中，双方讨论了贸易问题。" * 5, "贸易"),
        ("Шла речь о торговле.", "торговле"),
        ("👩🏽\u200d⚕️ We also spoke of trade", "trade"),
        ("e\u0301" * 60 + " trade", "trade"),
    )
    rows = [kwic.row(found(exact, text), width, coder="ada") for text, exact in texts]
    assert len({column(row) for row in rows}) == 1
    assert all(paint.width(row) <= width for row in rows)


def test_a_row_names_the_readout_the_words_and_the_labels() -> None:
    row = kwic.row(found(labels=("eco.trade", "promise")), 120, coder="ada")
    said = " ".join(words(row).split())
    assert said == (
        "call-1 …y spoke at length about trade and, after a break, about the no… eco.trade, promise"
    )
    assert "eco.trade" not in words(kwic.row(found(labels=("eco.trade",)), 80, coder="ada"))
    tagged = words(kwic.row(found(labels=("eco.trade", "gone")), 120, coder="ada", book=book()))
    assert "trade, gone" in tagged
    assert "eco.trade" not in tagged
    assert words(kwic.row(found(), 120, coder="bob")).startswith("ada: call-1")


def test_a_sentence_that_is_found_as_a_whole_is_shown_from_its_start() -> None:
    row = kwic.row(found(SAMPLE), 80, coder="ada")
    assert words(row).startswith("call-1            They spoke at length")
    assert kwic.HIT not in {run.style for run in row}


HOSTILE = st.text(
    st.sampled_from("ab \n\t\x1b\x07\u202e\u200b\u0301会🤝\u200d\ufe0f[]/") | st.characters(),
    min_size=1,
    max_size=60,
)


@given(HOSTILE, HOSTILE, HOSTILE, st.integers(20, 160))
def test_a_row_keeps_to_its_width_and_shows_nothing_that_is_obeyed(
    before: str, exact: str, after: str, width: int
) -> None:
    text = before + exact + after
    start = len(before)
    one = Found(
        *("r", start, start + len(exact), before, exact, after),
        *(("\x1b[2J",), "ada", (0, len(text)), text),
    )
    lines = [kwic.row(one, width, coder="ada"), *kwic.preview(one, None, book(), width)]
    for line in lines:
        assert all(run.text == paint.show(run.text) for run in line)
    assert paint.width(lines[0]) <= width


@given(st.text(max_size=60), st.integers(0, 40))
def test_a_tail_is_the_end_of_a_text(text: str, most: int) -> None:
    shown = paint.show(text)
    kept = kwic.tail(shown, most)
    assert cells(kept) <= most
    assert shown.endswith(kept.removeprefix("…")) or kept == shown


def test_places_are_sorted_by_the_words_nearest_to_them() -> None:
    texts = ("We want trade now", "They seek trade at last", "Some want trade also")
    places = [found("trade", text, f"r{n}") for n, text in enumerate(texts)]
    orders = {order: [p.readout for p in kwic.arranged(places, order)] for order in kwic.ORDERS}
    assert orders == {
        "place": ["r0", "r1", "r2"],
        "before": ["r1", "r2", "r0"],
        "after": ["r2", "r1", "r0"],
    }


def test_a_sentence_is_walked_to_once() -> None:
    twice = "trade or trading"
    places = [found("trade", twice), found("trading", twice), found("trade", SAMPLE, "call-2")]
    walked, at = kwic.places_of(places, 1)
    assert [(place.readout, place.start) for place in walked] == [("call-1", 0), ("call-2", 27)]
    assert at == 0
    assert kwic.places_of(places, 2)[1] == 1


def test_the_preview_shows_the_sentence_what_was_found_and_the_marks() -> None:
    mark = Mark(
        id="m",
        layer="topics",
        label="eco.trade",
        start=0,
        end=len(SAMPLE),
        provenance=Provenance(coder="ada", at="", codebook="x"),
    )
    sentence = Sentence(
        start=0, end=len(SAMPLE), role="body", text=SAMPLE, state="unsure", marks=(mark,)
    )
    lines = kwic.preview(found(), (Coding({1: sentence}), sentence), book(), 50)
    said = [words(line) for line in lines]
    assert said[0] == "call-1   ada"
    assert "".join(said[1:3]).replace("  ", " ").startswith("They spoke at length about trade and")
    assert [run.text for line in lines for run in line if run.style == kwic.HIT and run.text] == [
        "trade"
    ]
    assert "unsure" in said[-1]
    assert "trade" in said[-1]


@pytest.mark.parametrize("width", [30, 58, 118])
def test_an_empty_line_is_answered_by_examples_that_can_be_asked(width: int) -> None:
    lines = kwic.guide(book(), width)
    said = "\n".join(words(line) for line in lines)
    assert all(example in said for example, _ in kwic.EXAMPLES)
    assert all(paint.width(line) <= max(width, 40) for line in lines)
    bare = book().model_copy(update={"layers": ()})
    assert "label:agreement" not in "\n".join(words(line) for line in kwic.guide(bare, width))
