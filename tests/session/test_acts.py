"""What each act changes, and what it leaves alone."""

from __future__ import annotations

import pytest

from annotator.errors import MarkError
from annotator.model.edit import CAST, Coding, Edit
from annotator.model.entity import Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    EntityValue,
    Mark,
    RefValue,
    Slots,
    SlotValue,
    SpanValue,
)
from annotator.model.text import Role, Span, State
from annotator.session import acts
from annotator.session.acts import Pen
from tests.session.making import ADA, AT, Coder, book, coding_of, pen_of

TEXT = "Arda said that trade would grow. They agreed to meet. The talk was short."
ONE, TWO, THREE = 1, 2, 3


@pytest.fixture
def pen() -> Pen:
    return pen_of()


@pytest.fixture
def coding() -> Coding:
    parts = ("Arda said that trade would grow.", "They agreed to meet.", "The talk was short.")
    return coding_of(TEXT, *parts)


def done(edit: Edit | None, coding: Coding) -> Coding:
    assert edit is not None
    return edit.apply(coding)


def labels(coding: Coding, key: int) -> list[str]:
    return ["!" * mark.rejected + mark.label for mark in coding.sentence(key).marks]


def marked(pen: Pen, coding: Coding, key: int, layer: str, label: str) -> tuple[Coding, Mark]:
    mark = pen.mark(coding.sentence(key), layer, label)
    return done(acts.add_mark(pen, coding, key, mark), coding), mark


def test_a_mark_says_who_made_it_when_by_which_codebook_and_on_which_range(
    pen: Pen, coding: Coding
) -> None:
    values = (ChoiceValue(choice="yes"),)
    mark = pen.mark(
        coding.sentence(TWO), "topics", "eco.trade", slots={"primary": values}, seconds=2.5
    )
    assert (mark.start, mark.end) == (33, 53)
    made = mark.provenance
    assert (made.coder, made.at, made.codebook) == ("ada", AT, book().stamp)
    assert (made.origin, made.seconds, made.proposed) == ("human", 2.5, ("primary",))


def test_a_pen_makes_no_mark_that_the_codebook_does_not_know(pen: Pen, coding: Coding) -> None:
    with pytest.raises(MarkError, match="no label “trade”"):
        pen.mark(coding.sentence(ONE), "topics", "trade")


def test_an_act_returns_an_edit_and_changes_nothing_itself(pen: Pen, coding: Coding) -> None:
    before = dict(coding.docs)
    edit = acts.toggle(pen, coding, ONE, "topics", "eco.trade")
    assert edit is not None
    assert coding.docs == before
    assert (edit.act, edit.at, edit.what) == ("edit", AT, "mark eco.trade")
    assert [change.key for change in edit.changes] == [ONE]


def test_toggling_a_label_puts_it_there_and_takes_it_away(pen: Pen, coding: Coding) -> None:
    once = done(acts.toggle(pen, coding, ONE, "topics", "eco.trade"), coding)
    assert labels(once, ONE) == ["eco.trade"]
    assert done(acts.toggle(pen, once, ONE, "topics", "eco.trade"), once) == coding


def test_several_topics_stand_on_one_sentence_in_the_order_they_were_given(
    pen: Pen, coding: Coding
) -> None:
    for label in ("eco.trade", "rel.general", "conf.syria"):
        coding = done(acts.toggle(pen, coding, ONE, "topics", label), coding)
    assert labels(coding, ONE) == ["eco.trade", "rel.general", "conf.syria"]


def test_in_a_layer_for_one_label_the_new_one_takes_the_place_of_the_old(
    pen: Pen, coding: Coding
) -> None:
    coding = done(acts.toggle_rejected(pen, coding, ONE, "voice", "mixed"), coding)
    coding = done(acts.toggle(pen, coding, ONE, "voice", "narrator"), coding)
    coding = done(acts.toggle(pen, coding, ONE, "voice", "attributed"), coding)
    assert labels(coding, ONE) == ["!mixed", "attributed"]


def test_rejecting_a_label_takes_the_place_of_giving_it_and_the_other_way_round(
    pen: Pen, coding: Coding
) -> None:
    given = done(acts.toggle(pen, coding, ONE, "topics", "eco.trade"), coding)
    rejected = done(acts.toggle_rejected(pen, given, ONE, "topics", "eco.trade"), given)
    assert labels(rejected, ONE) == ["!eco.trade"]
    again = done(acts.toggle(pen, rejected, ONE, "topics", "eco.trade"), rejected)
    assert labels(again, ONE) == ["eco.trade"]
    undone = done(acts.toggle_rejected(pen, rejected, ONE, "topics", "eco.trade"), rejected)
    assert labels(undone, ONE) == []


def test_a_rejected_label_does_not_stand_in_its_layer(pen: Pen, coding: Coding) -> None:
    coding = done(acts.toggle_rejected(pen, coding, ONE, "topics", "eco.trade"), coding)
    assert coding.sentence(ONE).of_layer("topics") == ()


@pytest.mark.parametrize("values", [(ChoiceValue(choice="2"),), NONE_STATED, ()])
def test_a_slot_is_set_said_to_be_stated_nowhere_or_emptied_and_others_stay(
    pen: Pen, coding: Coding, values: tuple[SlotValue, ...]
) -> None:
    coding, mark = marked(pen, coding, TWO, "commitments", "agreement")
    action = (SpanValue(span=Span.of(TEXT, 48, 52)),)
    coding = done(acts.fill_slot(pen, coding, TWO, mark.id, "action", action), coding)
    three = (ChoiceValue(choice="3"),)
    coding = done(acts.fill_slot(pen, coding, TWO, mark.id, "strength", three), coding)
    coding = done(acts.fill_slot(pen, coding, TWO, mark.id, "strength", values), coding)
    held = coding.sentence(TWO).mark(mark.id)
    assert held is not None
    assert held.slots == {"action": action, **({"strength": values} if values else {})}


def test_a_slot_that_the_coder_set_is_no_longer_a_proposal(pen: Pen, coding: Coding) -> None:
    span = (SpanValue(span=Span.of(TEXT, 48, 52)),)
    sentence = coding.sentence(TWO)
    slots: Slots = {"action": span, "strength": (ChoiceValue(choice="3"),)}
    mark = pen.mark(sentence, "commitments", "agreement", slots=slots)
    coding = done(acts.add_mark(pen, coding, TWO, mark), coding)
    coding = done(acts.fill_slot(pen, coding, TWO, mark.id, "strength", NONE_STATED), coding)
    held = coding.sentence(TWO).mark(mark.id)
    assert held is not None
    assert held.provenance.proposed == ("action",)


def test_a_value_that_the_codebook_does_not_allow_is_refused_by_name(
    pen: Pen, coding: Coding
) -> None:
    coding, mark = marked(pen, coding, TWO, "commitments", "agreement")
    with pytest.raises(MarkError, match="no choice “9”; it has 1, 2, 3, 4"):
        acts.fill_slot(pen, coding, TWO, mark.id, "strength", (ChoiceValue(choice="9"),))
    two = (ChoiceValue(choice="1"), ChoiceValue(choice="2"))
    with pytest.raises(MarkError, match="takes one value, not 2"):
        acts.fill_slot(pen, coding, TWO, mark.id, "strength", two)


def test_filling_or_changing_a_mark_that_is_gone_is_refused(pen: Pen, coding: Coding) -> None:
    with pytest.raises(MarkError, match="no longer there"):
        acts.fill_slot(pen, coding, ONE, "gone", "evidence", ())
    gone = pen.mark(coding.sentence(ONE), "topics", "eco.trade")
    with pytest.raises(MarkError, match="has no mark m1"):
        acts.replace_mark(pen, coding, ONE, gone)


def test_a_changed_mark_keeps_its_place_among_the_others(pen: Pen, coding: Coding) -> None:
    coding, first = marked(pen, coding, ONE, "topics", "eco.trade")
    coding, _ = marked(pen, coding, ONE, "topics", "rel.general")
    other = first.model_copy(update={"label": "eco.energy"})
    coding = done(acts.replace_mark(pen, coding, ONE, other), coding)
    assert labels(coding, ONE) == ["eco.energy", "rel.general"]


def test_removing_a_mark_takes_every_reference_to_it_away_in_one_edit(
    pen: Pen, coding: Coding
) -> None:
    coding, outer = marked(pen, coding, ONE, "speakers", "indirect")
    coding, inner = marked(pen, coding, ONE, "speakers", "indirect")
    coding, vow = marked(pen, coding, TWO, "commitments", "agreement")
    here = (RefValue(mark=outer.id),)
    coding = done(acts.fill_slot(pen, coding, ONE, inner.id, "parent", here), coding)
    coding = done(acts.fill_slot(pen, coding, TWO, vow.id, "attribution", here), coding)
    edit = acts.remove_mark(pen, coding, ONE, outer.id)
    after = done(edit, coding)
    left = [mark for _, sentence in after.sentences() for mark in sentence.marks]
    assert [mark.id for mark in left] == [inner.id, vow.id]
    assert all(not mark.slots for mark in left)
    assert edit is not None
    assert edit.invert("undo", AT).apply(after) == coding


def test_removing_a_mark_keeps_the_references_to_others(pen: Pen, coding: Coding) -> None:
    coding, one = marked(pen, coding, ONE, "speakers", "indirect")
    coding, two = marked(pen, coding, ONE, "speakers", "direct")
    coding, vow = marked(pen, coding, TWO, "commitments", "agreement")
    here = (RefValue(mark=two.id),)
    coding = done(acts.fill_slot(pen, coding, TWO, vow.id, "attribution", here), coding)
    coding = done(acts.remove_mark(pen, coding, ONE, one.id), coding)
    held = coding.sentence(TWO).mark(vow.id)
    assert held is not None
    assert held.slots["attribution"] == here


def unplaced(coding: Coding, key: int, *marks: Mark) -> Coding:
    """Let marks of a sentence wait for a place."""
    return Coding({**coding.docs, key: coding.sentence(key).changed(unplaced=marks)})


def test_a_mark_without_a_place_is_put_away_the_first_first_and_comes_back(
    pen: Pen, coding: Coding
) -> None:
    first, second = (
        pen.mark(coding.sentence(TWO), "topics", label) for label in ("eco.trade", "rel.general")
    )
    waiting = unplaced(marked(pen, coding, TWO, "topics", "conf.syria")[0], TWO, first, second)
    edit = acts.put_away(pen, waiting, TWO)
    after = done(edit, waiting)
    assert after.sentence(TWO).unplaced == (second,)
    assert after.sentence(TWO).marks == waiting.sentence(TWO).marks
    assert edit is not None
    assert (edit.act, edit.what) == ("edit", "put away eco.trade")
    assert edit.invert("undo", AT).apply(after) == waiting
    again = done(acts.put_away(pen, after, TWO), after)
    assert again.sentence(TWO).unplaced == ()
    assert acts.put_away(pen, again, TWO) is None
    assert acts.put_away(pen, waiting, ONE) is None


def test_with_a_mark_that_is_put_away_goes_every_reference_to_it(pen: Pen, coding: Coding) -> None:
    lost = pen.mark(coding.sentence(ONE), "speakers", "indirect")
    coding, vow = marked(pen, coding, TWO, "commitments", "agreement")
    here = (RefValue(mark=lost.id),)
    coding = done(acts.fill_slot(pen, coding, TWO, vow.id, "attribution", here), coding)
    waiting = unplaced(coding, ONE, lost)
    edit = acts.put_away(pen, waiting, ONE)
    after = done(edit, waiting)
    assert after.sentence(ONE).unplaced == ()
    assert [mark.slots for mark in after.sentence(TWO).marks] == [{}]
    assert edit is not None
    assert edit.invert("undo", AT).apply(after) == waiting


def test_a_mark_that_stands_without_the_words_it_lost_is_still_referred_to(
    pen: Pen, coding: Coding
) -> None:
    coding, standing = marked(pen, coding, ONE, "speakers", "indirect")
    coding, vow = marked(pen, coding, TWO, "commitments", "agreement")
    here = (RefValue(mark=standing.id),)
    coding = done(acts.fill_slot(pen, coding, TWO, vow.id, "attribution", here), coding)
    waiting = unplaced(coding, ONE, standing)
    after = done(acts.put_away(pen, waiting, ONE), waiting)
    assert after == coding


@pytest.mark.parametrize("state", ["done", "unsure", "skipped", "new"])
def test_deciding_sets_the_state_and_adds_the_effort(
    pen: Pen, coding: Coding, state: State
) -> None:
    coding = done(acts.decide(pen, coding, ONE, "done", 3, 1.23), coding)
    coding = done(acts.decide(pen, coding, ONE, state, 2, 2.0), coding)
    sentence = coding.sentence(ONE)
    assert (sentence.state, sentence.keys, sentence.seconds) == (state, 5, 3.2)


def test_a_note_loses_the_blanks_around_it_and_an_empty_one_takes_it_away(
    pen: Pen, coding: Coding
) -> None:
    noted = done(acts.write_note(pen, coding, ONE, "  why? "), coding)
    assert noted.sentence(ONE).note == "why?"
    assert done(acts.write_note(pen, noted, ONE, "   "), noted) == coding


def test_a_flag_is_set_and_taken_away(pen: Pen, coding: Coding) -> None:
    flagged = done(acts.toggle_flag(pen, coding, ONE), coding)
    assert flagged.sentence(ONE).flagged
    assert done(acts.toggle_flag(pen, flagged, ONE), flagged) == coding


@pytest.mark.parametrize(
    "role", ["heading", "list_item", "dateline", "boilerplate", "quotation", "body"]
)
def test_a_role_is_set_and_nothing_else(pen: Pen, coding: Coding, role: Role) -> None:
    heading = done(acts.set_role(pen, coding, TWO, "heading"), coding)
    edit = acts.set_role(pen, heading, TWO, role)
    after = edit.apply(heading) if edit else heading
    assert after.sentence(TWO) == coding.sentence(TWO).changed(role=role)


def test_somebody_new_comes_last_in_the_cast_and_an_old_one_keeps_the_place(
    pen: Pen, coding: Coding
) -> None:
    new = Entity(id="envoy", type="person", name="The envoy")
    coding = done(acts.add_entity(pen, coding, new), coding)
    older = ADA.model_copy(update={"name": "Queen Ada"})
    coding = done(acts.add_entity(pen, coding, older), coding)
    assert [e.name for e in coding.cast.entities] == [
        "Queen Ada",
        "Bo Belmont",
        "the leaders",
        "the press service",
        "The envoy",
    ]
    assert CAST in coding.docs


def test_an_act_that_changes_nothing_is_no_edit(pen: Pen, coding: Coding) -> None:
    coding, mark = marked(pen, coding, ONE, "topics", "eco.trade")
    assert acts.decide(pen, coding, ONE, "new") is None
    assert acts.write_note(pen, coding, ONE, " ") is None
    assert acts.set_role(pen, coding, ONE, "body") is None
    assert acts.add_entity(pen, coding, ADA) is None
    assert acts.remove_mark(pen, coding, ONE, "gone") is None
    assert acts.replace_mark(pen, coding, ONE, mark) is None
    assert acts.fill_slot(pen, coding, ONE, mark.id, "evidence", ()) is None


def test_a_person_is_kept_with_the_words_that_name_them(pen: Pen, coding: Coding) -> None:
    coding, mark = marked(pen, coding, ONE, "speakers", "indirect")
    value = EntityValue(entity="ada", mention=Span.of(TEXT, 0, 4))
    coding = done(acts.fill_slot(pen, coding, ONE, mark.id, "source", (value,)), coding)
    held = coding.sentence(ONE).mark(mark.id)
    assert held is not None
    assert [span.exact for span in held.spans()] == ["Arda"]


def test_a_label_that_stands_with_its_slots_filled_is_not_rejected_over_it() -> None:
    coder = Coder.at().press("s", "1", "escape")
    mark = coder.bench.sentence.marks[0]
    session = coder.session
    with pytest.raises(MarkError, match="Remove it first"):
        acts.toggle_rejected(session.pen, session.coding, coder.bench.key, mark.layer, mark.label)
    assert coder.bench.sentence.marks == (mark,)


def doubting(pen: Pen, coding: Coding) -> tuple[Coding, Mark]:
    coding, mark = marked(pen, coding, ONE, "topics", "eco.trade")
    mark = mark.model_copy(update={"doubtful": True})
    after = coding.sentence(ONE).changed(marks=(mark,))
    return done(pen.edit(coding, "doubt", {ONE: after}), coding), mark


def test_changing_a_mark_settles_its_doubt_and_inverting_brings_it_back(
    pen: Pen, coding: Coding
) -> None:
    coding, mark = doubting(pen, coding)
    edit = acts.fill_slot(pen, coding, ONE, mark.id, "primary", (ChoiceValue(choice="yes"),))
    after = done(edit, coding)
    assert not after.sentence(ONE).marks[0].doubtful
    assert edit is not None
    assert edit.invert("undo", AT).apply(after).docs == coding.docs


def test_a_mark_given_anew_is_in_no_doubt(pen: Pen, coding: Coding) -> None:
    coding, _ = doubting(pen, coding)
    for _ in range(2):
        coding = done(acts.toggle(pen, coding, ONE, "topics", "eco.trade"), coding)
    assert [mark.doubtful for mark in coding.sentence(ONE).marks] == [False]


@pytest.mark.parametrize(("state", "doubtful"), [("done", False), ("unsure", True)])
def test_a_sentence_that_is_done_has_no_mark_in_doubt(
    pen: Pen, coding: Coding, state: State, doubtful: bool
) -> None:
    coding, _ = doubting(pen, coding)
    coding = done(acts.decide(pen, coding, ONE, state), coding)
    assert coding.sentence(ONE).marks[0].doubtful is doubtful
