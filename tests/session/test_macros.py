"""A kept marking on another sentence."""

from __future__ import annotations

from annotator.model.macro import Macro, MacroMark
from annotator.model.mark import ChoiceValue, EntityValue
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
