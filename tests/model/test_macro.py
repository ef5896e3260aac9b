"""A marking that is kept: what it holds, and what a codebook says of it."""

from __future__ import annotations

import pytest

from annotator.model import revision
from annotator.model.codebook import Codebook
from annotator.model.keeping import current, kept, problem, slots_of
from annotator.model.macro import Macro, MacroMark
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    RefValue,
    Slots,
    SpanValue,
    TextValue,
)
from annotator.model.text import Span
from tests.session.making import book, coding_of, pen_of

WORDS = Span(start=0, end=4, exact="They")


def mark(layer: str, label: str, slots: Slots | None = None) -> Mark:
    pen = pen_of()
    made = pen.mark(coding_of("They met.", "They met.").sentence(1), layer, label)
    return made.model_copy(update={"slots": slots or {}})


def test_what_does_not_belong_to_the_words_is_kept_as_words() -> None:
    slots: Slots = {
        "a": (EntityValue(entity="ada", mention=WORDS), EntityValue(entity="bo", inferred=True)),
        "b": (ChoiceValue(choice="yes"),),
        "c": (LabelValue(label="eco.trade"),),
        "d": (DateValue(date="2027"),),
        "e": (TextValue(text="as said"),),
        "f": (SpanValue(span=WORDS),),
        "g": (RefValue(mark="m1"),),
        "h": NONE_STATED,
    }
    assert kept(mark("topics", "eco.trade", slots)).slots == {
        "a": ("ada", "~bo"),
        "b": ("yes",),
        "c": ("eco.trade",),
        "d": ("2027",),
        "e": ("as said",),
    }


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    frame: Slots = {
        "committers": (EntityValue(entity="ada"), EntityValue(entity="bo", inferred=True)),
        "strength": (ChoiceValue(choice="2"),),
        "topics": (LabelValue(label="eco.trade"),),
        "date": (DateValue(date="2027-05"),),
    }
    names = {slot.id for layer in book().layers for slot in layer.slots}
    frame = {slot: values for slot, values in frame.items() if slot in names}
    assert len(frame) >= 3
    one = kept(mark("commitments", "agreement", frame))
    assert slots_of(one, book()) == frame
    assert problem(one, book()) is None


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (MacroMark(layer="tone", label="x"), "has no layer “tone”"),
        (MacroMark(layer="topics", label="x"), "The layer “topics” has no label “x”."),
        (
            MacroMark(layer="topics", label="eco.trade", slots={"x": ("y",)}),
            "The layer “topics” has no slot “x”.",
        ),
        (
            MacroMark(layer="topics", label="eco.trade", slots={"evidence": ("y",)}),
            "The slot “evidence” belongs to the words of a sentence.",
        ),
        (
            MacroMark(layer="commitments", label="agreement", slots={"mutual": ("perhaps",)}),
            "The slot “mutual” has no choice “perhaps”; it has yes, no.",
        ),
        (
            MacroMark(layer="commitments", label="agreement", slots={"committers": ("A B",)}),
            "The slot “committers” cannot hold “A B”.",
        ),
    ],
)
def test_what_a_codebook_does_not_allow_is_said_in_one_sentence(one: MacroMark, said: str) -> None:
    assert said in (problem(one, book()) or "")


def test_a_macro_has_a_name_and_a_mark() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Macro(name="", marks=(MacroMark(layer="topics", label="x"),))
    with pytest.raises(ValueError, match="at least 1"):
        Macro(name="x", marks=())


TOLD = MacroMark(
    layer="commitments", label="agreement", slots={"topics": ("rel.contacts", "eco.trade")}
)


def changed() -> Codebook:
    """Return the codebook after one label was renamed, one merged, one split and one retired."""
    made = revision.rename(book(), "topics", "rel.contacts", "rel.meetings")
    made = revision.merge(made, "topics", "eco.energy", "eco.trade")
    made = revision.retire(made, "topics", "sec.terror")
    parts = [{"id": f"conf.iran{part}", "name": f"Iran {part}"} for part in "ab"]
    return revision.split(made, "topics", "conf.iran", parts)


def test_labels_of_marks_and_of_slots_are_what_they_are_now() -> None:
    marks = (
        TOLD,
        MacroMark(layer="topics", label="rel.contacts"),
        MacroMark(layer="topics", label="eco.energy"),
    )
    now = current(Macro(name="x", marks=marks), changed())
    assert now.marks[0].slots == {"topics": ("rel.meetings", "eco.trade")}
    assert [mark.label for mark in now.marks[1:]] == ["rel.meetings", "eco.trade"]
    assert [problem(mark, changed()) for mark in marks] == [None] * 3


def test_what_is_the_same_now_stands_once() -> None:
    doubled = TOLD.model_copy(update={"slots": {"topics": ("eco.energy", "eco.trade")}})
    twice = (MacroMark(layer="topics", label="eco.trade"),) * 2
    now = current(Macro(name="x", marks=(*twice, doubled)), changed())
    assert now.marks == (twice[0], MacroMark.model_validate({**TOLD.model_dump(), **SLOT}))


SLOT = {"slots": {"topics": ("eco.trade",)}}


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("sec.terror", "was retired in 3.0.0 and is not given any more."),
        (
            "conf.iran",
            "was retired in 4.0.0 and is not given any more; it became conf.irana or conf.iranb.",
        ),
    ],
)
def test_a_label_that_is_not_given_any_more_is_named_in_a_mark_and_in_a_slot(
    label: str, said: str
) -> None:
    in_slot = TOLD.model_copy(update={"slots": {"topics": (label,)}})
    for mark in (MacroMark(layer="topics", label=label), in_slot):
        assert problem(mark, changed()) == f"“{label}” {said}"
        assert problem(mark, book()) is None
