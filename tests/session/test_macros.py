"""A kept marking on another sentence."""

from __future__ import annotations

import pytest

from annotator.errors import MarkError
from annotator.model import revision
from annotator.model.macro import Macro, MacroMark
from annotator.model.mark import ChoiceValue, EntityValue, LabelValue
from annotator.session import acts
from annotator.session.macros import play, said
from tests.session.making import book, session_on

MACRO = Macro(
    name="leaders",
    marks=(
        MacroMark(layer="topics", label="eco.trade"),
        MacroMark(layer="topics", label="conf.iran", rejected=True),
        MacroMark(
            layer="speakers",
            label="indirect",
            slots={"source": ("both", "cy"), "holder": ("joint",)},
        ),
    ),
)


def test_all_its_marks_come_in_one_edit_without_whom_the_cast_does_not_know() -> None:
    session = session_on("They agreed to meet.")
    edit, unknown = play(session.pen, session.coding, 1, MACRO)
    session.do(edit)
    trade, iran, voice = session.sentence(1).marks
    assert (trade.label, iran.label, iran.rejected) == ("eco.trade", "conf.iran", True)
    assert voice.slots == {
        "source": (EntityValue(entity="both"),),
        "holder": (ChoiceValue(choice="joint"),),
    }
    assert voice.provenance.proposed == ("holder", "source")
    assert unknown == ("cy",)
    assert edit is not None
    assert edit.what == "macro leaders"
    session.undo()
    assert session.sentence(1).marks == ()


def test_what_stands_already_stays_as_it_is() -> None:
    session = session_on("They agreed to meet.")
    session.do(acts.toggle(session.pen, session.coding, 1, "topics", "eco.trade"))
    edit, _ = play(session.pen, session.coding, 1, MACRO)
    session.do(edit)
    assert len(session.sentence(1).of_layer("topics")) == 1
    assert play(session.pen, session.coding, 1, MACRO)[0] is None


def test_it_is_said_with_what_fills_its_slots() -> None:
    session = session_on("They agreed to meet.")
    assert said(MACRO, book(), session.cast) == (
        "trade",
        "not iran",
        "indirect: source the leaders, cy; holder joint",
    )


def test_a_slot_gets_the_label_that_a_renamed_one_is_now_and_equal_marks_come_once() -> None:
    act = MacroMark(layer="commitments", label="agreement", slots={"topics": ("rel.contacts",)})
    trade = MacroMark(layer="topics", label="eco.trade")
    macro = Macro(name="x", marks=(trade, trade, act))
    session = session_on(
        "They agreed to meet.",
        codebook=revision.rename(book(), "topics", "rel.contacts", "rel.meetings"),
    )
    edit, _ = play(session.pen, session.coding, 1, macro)
    session.do(edit)
    topic, made = session.sentence(1).marks
    assert topic.label == "eco.trade"
    assert made.slots == {"topics": (LabelValue(label="rel.meetings"),)}


def test_one_whose_slot_names_a_retired_label_is_not_played() -> None:
    act = MacroMark(layer="commitments", label="agreement", slots={"topics": ("sec.terror",)})
    session = session_on(
        "They agreed to meet.", codebook=revision.retire(book(), "topics", "sec.terror")
    )
    with pytest.raises(MarkError, match=r"“sec\.terror” was retired"):
        play(session.pen, session.coding, 1, Macro(name="x", marks=(act,)))
