"""Tab completes what is typed, without a screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import AnnotatorError
from annotator.pipeline.index import Index
from annotator.pipeline.project import Project
from annotator.pipeline.query import parse
from annotator.pipeline.vocabulary import Vocabulary
from annotator.tui import paint
from annotator.tui.completion import Completer, offer
from annotator.tui.line import TypedLine
from tests.rendering import RENDER


class Words:
    """A few fields and values."""

    known = {  # noqa: RUF012
        "label": ("eco.trade", "eco.aid", "sec.trade"),
        "state": ("new", "done"),
        "event": ("the call", 'a "call"', "\x1b[2Jx"),
    }

    @property
    def fields(self) -> Sequence[str]:
        return ("label", "layer", "state", "event", "note")

    def values(self, field: str) -> Sequence[str]:
        return self.known.get(field, ())


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("", ("label:", "layer:", "state:", "event:", "note:")),
        ("la", ("label:", "layer:")),
        ("trade la", ("label:", "layer:")),
        ("-st", ("state:",)),
        ("zz", ()),
        ("label:", ("eco.trade", "eco.aid", "sec.trade")),
        ("label:eco", ("eco.trade", "eco.aid")),
        ("label:tra", ("eco.trade", "sec.trade")),
        ("label:ECO.a", ("eco.aid",)),
        ("label:eco.aid|s", ("sec.trade",)),
        ("note:x", ()),
        ("nofield:x", ()),
        ("event:t", ('"the call"',)),
    ],
)
def test_what_is_offered(typed: str, candidates: tuple[str, ...]) -> None:
    assert offer(typed, len(typed), Words()).candidates[: len(candidates) or None] == candidates


def after(typed: str, *by: int) -> str:
    line, completer = TypedLine.of(typed), Completer(Words)
    for step in by:
        completer.press(line, step)
    return line.value


def test_tab_puts_one_after_the_other_and_shift_goes_back() -> None:
    assert after("x la", 1) == "x label:"
    assert after("x la", 1, 1) == "x layer:"
    assert after("x la", 1, 1, 1) == "x label:"
    assert after("x la", -1) == "x layer:"
    assert after("-state:", 1, 1) == "-state:done"
    assert after("st", 1, 1) == "state:new"


def test_what_stands_behind_the_cursor_stays() -> None:
    line, completer = TypedLine("la trade", 2), Completer(Words)
    assert completer.press(line)
    assert (line.value, line.cursor) == ("label: trade", 6)


def test_another_key_ends_the_round() -> None:
    line, completer = TypedLine.of("la"), Completer(Words)
    completer.press(line)
    completer.forget()
    completer.press(line)
    assert line.value == "label:eco.trade"


@pytest.mark.parametrize("typed", ["zz", "note:x", "state:done"])
def test_where_nothing_fits_tab_is_left_to_others(typed: str) -> None:
    line, completer = TypedLine.of(typed), Completer(Words)
    assert not completer.press(line)
    assert line.value == typed


@given(st.text('la:|-" e\x1b', max_size=20), st.integers(0, 60), st.integers(0, 3))
def test_the_line_beneath_keeps_to_its_width_and_shows_nothing_that_is_obeyed(
    typed: str, width: int, tabs: int
) -> None:
    line, completer = TypedLine.of(typed), Completer(Words)
    for _ in range(tabs):
        completer.press(line)
    shown = completer.line(line, width)
    assert paint.width(shown) <= max(width, 0)
    assert not any("\x1b" in run.text for run in shown)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("label:syria", "label:conf.syria"),
        ("label:eco.trad", "label:eco.trade"),
        ("label:ec.trade", "label:eco.trade"),
        ("state:usnure", "state:unsure"),
        ("slot.strenght:3", "slot.strength"),
        ("slot.stren:3", "slot.strength"),
        ("labl:conf.syria", "label:"),
        ("lay:topics", "layer:"),
    ],
)
def test_what_was_meant_is_what_tab_puts_there_first(
    tmp_path: Path, typed: str, meant: str
) -> None:
    project: Project = RENDER.worked_project(tmp_path)
    with pytest.raises(AnnotatorError, match="Did you mean") as error:
        parse(typed, project.codebook)
    assert re.search(rf"Did you mean “?{re.escape(meant)}[:”?]", f"{error.value}?")
    line = TypedLine.of(typed)
    words = Vocabulary(project, no_index)
    assert Completer(lambda: words).press(line)
    assert line.value.startswith(meant)
    parse(line.value, project.codebook)


def no_index() -> Index:
    raise AssertionError("no value of these is looked up in the index")


def test_a_word_that_is_looked_for_is_never_made_a_field() -> None:
    assert not Completer(Words).press(TypedLine.of("labl"))
