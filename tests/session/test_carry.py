"""Marks of a near-identical sentence taken over: what comes along, what is left out and said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.edit import CAST, Coding
from annotator.model.entity import Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    Mark,
    RefValue,
    Slots,
    SpanValue,
    TextValue,
)
from annotator.model.text import Span
from annotator.session import acts
from annotator.session.acts import Pen
from annotator.session.carry import Carried, Original, carried, carry
from tests.session.making import ADA, BO, BOTH, PEOPLE, coding_of, pen_of

THERE = "Arda said that they agreed to meet in May 2027."
UNNAMED = ADA.model_copy(update={"aliases": ()})
HERE = "Later Arda said that both agreed to meet again in May 2027, in Oslo."


@pytest.fixture
def pen() -> Pen:
    return pen_of()


def at(text: str, exact: str) -> Span:
    start = text.index(exact)
    return Span.of(text, start, start + len(exact))


def marked(
    pen: Pen, *marks: tuple[str, str, Slots], text: str = THERE, people: Sequence[Entity] = PEOPLE
) -> Original:
    """Return a sentence with marks, by layer, label and slots, of another readout."""
    coding = coding_of(text, text, entities=people)
    for layer, label, slots in marks:
        mark = pen.mark(coding.sentence(1), layer, label, slots=slots)
        edit = acts.add_mark(pen, coding, 1, mark)
        assert edit is not None
        coding = edit.apply(coding)
    return Original("there", coding.sentence(1), coding.cast)


def taken(
    pen: Pen,
    original: Original,
    text: str = HERE,
    *,
    people: Sequence[Entity] = PEOPLE,
    readout: str = "here",
    standing: Sequence[tuple[str, str]] = (),
) -> Carried:
    coding = coding_of(text, text, entities=people)
    for layer, label in standing:
        edit = acts.toggle(pen, coding, 1, layer, label.removeprefix("!"))
        if label[0] == "!":
            edit = acts.toggle_rejected(pen, coding, 1, layer, label[1:])
        assert edit is not None
        coding = edit.apply(coding)
    return carried(pen, coding.sentence(1), coding.cast, original, readout=readout)


def labels(marks: Sequence[Mark]) -> list[str]:
    return ["!" * mark.rejected + mark.label for mark in marks]


def test_labels_come_along_with_ids_ranges_and_a_time_of_their_own(pen: Pen) -> None:
    original = marked(pen, ("topics", "eco.trade", {}), ("topics", "rel.general", {}))
    made = taken(pen, original)
    assert labels(made.marks) == ["eco.trade", "rel.general"]
    assert {(m.start, m.end) for m in made.marks} == {(0, len(HERE))}
    assert not {m.id for m in made.marks} & {m.id for m in original.sentence.marks}
    assert (made.left, made.cast) == ((), coding_of(HERE, HERE).cast)


def test_what_was_rejected_comes_along_as_rejected(pen: Pen) -> None:
    original = marked(pen)
    mark = pen.mark(original.sentence, "topics", "eco.trade", rejected=True)
    rejected = Original("there", original.sentence.changed(marks=(mark,)), original.cast)
    assert labels(taken(pen, rejected).marks) == ["!eco.trade"]


def test_slots_are_a_humans_but_proposed_until_somebody_looks_at_them(pen: Pen) -> None:
    slots: Slots = {"action": (SpanValue(span=at(THERE, "meet")),), "novelty": NONE_STATED}
    (mark,) = taken(pen, marked(pen, ("commitments", "agreement", slots))).marks
    assert mark.provenance.origin == "human"
    assert mark.provenance.proposed == ("action", "novelty")
    assert mark.slots["novelty"] == NONE_STATED


@pytest.mark.parametrize(
    ("exact", "here"),
    [
        ("meet in May 2027", "meet again in May 2027"),
        ("agreed to meet", "agreed to meet"),
        ("May 2027", "May 2027"),
        ("said that they agreed", "said that both agreed"),
    ],
)
def test_a_span_is_found_by_its_words_and_else_by_the_words_around(
    pen: Pen, exact: str, here: str
) -> None:
    slots: Slots = {"action": (SpanValue(span=at(THERE, exact)),)}
    (mark,) = taken(pen, marked(pen, ("commitments", "agreement", slots))).marks
    (found,) = mark.spans()
    assert (found.exact, found.holds(HERE)) == (here, True)


def test_a_span_whose_words_are_not_here_is_left_out_and_said(pen: Pen) -> None:
    slots: Slots = {"evidence": (SpanValue(span=at(THERE, "they")),)}
    made = taken(pen, marked(pen, ("topics", "eco.trade", slots)))
    assert made.marks[0].slots == {}
    assert made.left == ("trade: “they”, which is not here",)


def test_somebody_is_named_where_the_same_words_name_them(pen: Pen) -> None:
    value = EntityValue(entity="ada", mention=at(THERE, "Arda"))
    (mark,) = taken(pen, marked(pen, ("speakers", "indirect", {"source": (value,)}))).marks
    assert mark.slots["source"] == (EntityValue(entity="ada", mention=at(HERE, "Arda")),)


def test_somebody_whose_words_are_not_here_is_somebody_else(pen: Pen) -> None:
    value = EntityValue(entity="both", mention=at(THERE, "they"))
    made = taken(pen, marked(pen, ("speakers", "indirect", {"source": (value,)})))
    assert made.marks[0].slots == {}
    assert made.left == ("indirect: “they”, who is not named here",)


def test_who_is_named_joins_a_cast_that_does_not_know_them(pen: Pen) -> None:
    value = EntityValue(entity="ada", mention=at(THERE, "Arda"))
    made = taken(pen, marked(pen, ("speakers", "indirect", {"source": (value,)})), people=(BO,))
    assert made.cast.entities == (BO, ADA)
    assert made.marks[0].slots["source"] == (EntityValue(entity="ada", mention=at(HERE, "Arda")),)


def test_an_id_that_means_somebody_else_here_is_not_taken_for_the_same(pen: Pen) -> None:
    value = EntityValue(entity="ada", mention=at(THERE, "Arda"))
    original = marked(pen, ("speakers", "indirect", {"source": (value,)}))
    other = Entity(id="ada", type="person", name="Ada Lovelace")
    made = taken(pen, original, people=(other,))
    assert made.marks[0].slots["source"] == (EntityValue(entity="ada_2", mention=at(HERE, "Arda")),)
    assert [e.name for e in made.cast.entities] == ["Ada Lovelace", "Ada Arda"]


def test_one_who_has_another_id_here_is_found_by_the_name(pen: Pen) -> None:
    value = EntityValue(entity="ada", inferred=True)
    original = marked(pen, ("speakers", "indirect", {"source": (value,)}))
    known = Entity(id="president", type="person", name="The President", aliases=("ada arda",))
    made = taken(pen, original, people=(known,))
    assert made.marks[0].slots["source"] == (EntityValue(entity="president", inferred=True),)
    assert made.cast.entities == (known,)


def test_nobody_comes_along_unnamed_into_a_cast_that_does_not_know_them(pen: Pen) -> None:
    value = EntityValue(entity="ada")
    slots: Slots = {"source": (value,)}
    original = marked(pen, ("speakers", "indirect", slots), people=(UNNAMED, BO))
    made = taken(pen, original, people=(BO,))
    assert made.left == ("indirect: Ada Arda, whom the cast does not know",)
    assert made.cast.entities == (BO,)


def test_whom_the_sentence_names_joins_also_where_the_slot_holds_no_words(pen: Pen) -> None:
    source: Slots = {"source": (EntityValue(entity="ada"),)}
    original = marked(pen, ("speakers", "indirect", source), people=(_called("Arda"), BO))
    made = taken(pen, original, people=())
    assert [e.id for e in made.cast.entities] == ["ada"]
    assert made.marks[0].slots["source"] == (EntityValue(entity="ada"),)


def test_several_come_along_together_or_not_at_all(pen: Pen) -> None:
    parties = (EntityValue(entity="ada"), EntityValue(entity="bo"))
    slots: Slots = {"committers": parties, "counterparties": parties}
    original = marked(pen, ("commitments", "agreement", slots), people=(_called("Arda"), BO))
    assert taken(pen, original).marks[0].slots == slots
    # One of them alone would agree with herself.
    for people in ((ADA,), ()):
        made = taken(pen, original, people=people)
        assert (made.marks[0].slots, made.cast.entities) == ({}, people)
        assert made.left == (
            f"agreement: {BO.name}, whom the cast does not know",
            f"agreement: {ADA.name}, named there together with others",
        )


@pytest.mark.parametrize(
    ("here", "known"),
    [((), ()), ((UNNAMED,), ()), ((BO,), ("bo", "ada")), ((BO, ADA), ("bo", "ada"))],
)
def test_a_collective_joins_with_all_members_whom_cast_or_words_tell_or_not_at_all(
    pen: Pen, here: tuple[Entity, ...], known: tuple[str, ...]
) -> None:
    both = BOTH.model_copy(update={"aliases": ("they",)})
    value = EntityValue(entity="both", mention=at(THERE, "they"))
    people = (_called("Arda"), BO, both)
    original = marked(pen, ("speakers", "indirect", {"source": (value,)}), people=people)
    made = taken(pen, original, text=THERE, people=here)
    if known:
        assert made.cast.entities[-1] == both
        assert tuple(e.id for e in made.cast.entities[:-1]) == known
        assert (made.marks[0].slots["source"], made.left) == ((value,), ())
    else:
        assert (made.cast.entities, made.marks[0].slots) == (here, {})
        assert made.left == (f"indirect: {both.name}, somebody of whom the cast does not know",)


def test_a_collective_without_members_is_told_by_all_whom_it_represents(pen: Pen) -> None:
    states = [Entity(id=name, type="state", name=name.upper()) for name in ("xa", "xb")]
    armies = BOTH.model_copy(
        update={"aliases": ("they",), "members": (), "represents": ("xa", "xb")}
    )
    value = EntityValue(entity="both", mention=at(THERE, "they"))
    original = marked(pen, ("speakers", "indirect", {"source": (value,)}), people=(*states, armies))
    made = taken(pen, original, text=THERE, people=states)
    assert made.cast.entities == (*states, armies)
    assert taken(pen, original, text=THERE, people=states[:1]).cast.entities == (states[0],)


def test_collectives_that_are_in_each_other_join_no_cast(pen: Pen) -> None:
    both = BOTH.model_copy(update={"aliases": ("they",), "members": ("round", "bo")})
    ring = BOTH.model_copy(update={"id": "round", "aliases": ("they",), "members": ("both", "bo")})
    value = EntityValue(entity="both", mention=at(THERE, "they"))
    original = marked(pen, ("speakers", "indirect", {"source": (value,)}), people=(BO, both, ring))
    assert taken(pen, original, text=THERE, people=(BO,)).cast.entities == (BO,)


def _called(name: str) -> Entity:
    return ADA.model_copy(update={"aliases": (name,)})


def test_references_within_the_sentence_lead_to_the_new_marks_and_others_are_left_out(
    pen: Pen,
) -> None:
    first = marked(pen, ("speakers", "indirect", {}))
    (source,) = first.sentence.marks
    ref: Slots = {"attribution": (RefValue(mark=source.id),)}
    frame = pen.mark(first.sentence, "commitments", "agreement", slots=ref)
    lost = pen.mark(
        first.sentence, "commitments", "promise", slots={"attribution": (RefValue(mark="else"),)}
    )
    sentence = first.sentence.changed(marks=(frame, source, lost))
    made = taken(pen, Original("there", sentence, first.cast))
    agreement, voice, promise = made.marks
    assert agreement.slots["attribution"] == (RefValue(mark=voice.id),)
    assert promise.slots == {}
    assert [why.partition(": ")[2] for why in made.left] == [
        "attribution, a mark of another sentence"
    ]


def test_a_reference_leads_to_the_mark_that_stands_here_already(pen: Pen) -> None:
    first = marked(pen, ("speakers", "indirect", {}))
    (source,) = first.sentence.marks
    ref: Slots = {"attribution": (RefValue(mark=source.id),)}
    frame = pen.mark(first.sentence, "commitments", "agreement", slots=ref)
    original = Original("there", first.sentence.changed(marks=(source, frame)), first.cast)
    made = taken(pen, original, standing=[("speakers", "indirect")])
    standing, agreement = made.sentence.marks
    assert labels(made.marks) == ["agreement"]
    assert agreement.slots["attribution"] == (RefValue(mark=standing.id),)


def test_a_date_comes_along_where_the_words_say_its_year_or_in_the_same_readout(pen: Pen) -> None:
    frames = pen.codebook.layer("commitments")
    assert frames is not None
    (slot,) = [slot.id for slot in frames.slots if slot.type == "date"]
    dated: Slots = {slot: (DateValue(date="2027-05"),)}
    original = marked(pen, ("commitments", "agreement", dated))
    assert taken(pen, original).marks[0].slots == dated
    without = taken(pen, original, "Arda said that they agreed to meet in May.")
    assert without.marks[0].slots == {}
    assert without.left == ("agreement: 2027-05, which these words do not say",)
    same = taken(pen, original, "Arda said that they agreed to meet in May.", readout="there")
    assert same.marks[0].slots == {}
    assert taken(pen, original, readout="there").marks[0].slots == dated


def test_a_date_of_other_figures_does_not_come_along(pen: Pen) -> None:
    there = "Arda and Belmont agreed to hold 3 talks on 5 May 2027."
    here = "Arda and Belmont agreed to hold 3 talks on 5 June 2027."
    when = Span.of(there, there.index("on 5"), there.index("."))
    slots: Slots = {
        "timeframe": (SpanValue(span=when),),
        "timeframe_date": (DateValue(date="2027-05-05"),),
    }
    original = marked(pen, ("commitments", "agreement", slots), text=there)
    made = taken(pen, original, here, readout="there")
    assert "timeframe_date" not in made.marks[0].slots
    assert any("2027-05-05" in each for each in made.left)


@pytest.mark.parametrize(
    ("standing", "new", "left"),
    [
        ([("topics", "eco.trade")], ["attributed"], ()),
        ([("topics", "!eco.trade")], ["attributed"], ("trade: rejected here",)),
        ([("voice", "narrator")], ["eco.trade"], ("attributed: “narrator” stands here",)),
        ([("voice", "!narrator")], ["eco.trade", "attributed"], ()),
    ],
)
def test_what_stands_here_stays_as_it_is(
    pen: Pen, standing: list[tuple[str, str]], new: list[str], left: tuple[str, ...]
) -> None:
    original = marked(pen, ("topics", "eco.trade", {}), ("voice", "attributed", {}))
    made = taken(pen, original, standing=standing)
    assert (labels(made.marks), made.left) == (new, left)
    assert labels(made.sentence.marks) == [label for _, label in standing] + new


def test_two_marks_of_one_label_both_come_along(pen: Pen) -> None:
    original = marked(
        pen,
        ("commitments", "agreement", {"action": (SpanValue(span=at(THERE, "meet")),)}),
        ("commitments", "agreement", {"action": (SpanValue(span=at(THERE, "agreed")),)}),
    )
    assert labels(taken(pen, original).marks) == ["agreement", "agreement"]


def test_a_label_or_a_slot_that_the_codebook_lost_is_left_out_and_said(pen: Pen) -> None:
    original = marked(pen, ("topics", "eco.trade", {}))
    (mark,) = original.sentence.marks
    gone = mark.model_copy(update={"label": "eco.gone"})
    other = mark.model_copy(update={"layer": "gone"})
    sentence = original.sentence.changed(marks=(gone, other))
    made = taken(pen, Original("there", sentence, original.cast))
    assert made.marks == ()
    assert made.left == ("eco.gone: not in the codebook", "eco.trade: not in the codebook")
    wrong = {"mutual": (ChoiceValue(choice="perhaps"),), "action": (TextValue(text="x"),)}
    frame = marked(pen, ("commitments", "agreement", {})).sentence
    spoiled = frame.marks[0].model_copy(update={"slots": wrong})
    made = taken(pen, Original("there", frame.changed(marks=(spoiled,)), original.cast))
    assert made.marks[0].slots == {}
    assert len(made.left) == 2


def test_certainty_and_doubt_come_along(pen: Pen) -> None:
    original = marked(pen, ("topics", "eco.trade", {}))
    unsure = original.sentence.marks[0].model_copy(update={"certainty": "low", "doubtful": True})
    sentence = original.sentence.changed(marks=(unsure,))
    (mark,) = taken(pen, Original("there", sentence, original.cast)).marks
    assert (mark.certainty, mark.doubtful) == ("low", True)


def test_many_sentences_get_the_marks_in_one_edit_that_undo_takes_back(pen: Pen) -> None:
    value = EntityValue(entity="ada", mention=at(THERE, "Arda"))
    original = marked(
        pen, ("speakers", "indirect", {"source": (value,)}), ("topics", "eco.trade", {})
    )
    text = f"{HERE} {THERE}"
    coding = coding_of(text, HERE, THERE, entities=(BO,))
    edit = carry(pen, coding, [1, 2], original, readout="here", what="bulk 3fa9c1: trade")
    assert edit is not None
    assert edit.what == "bulk 3fa9c1: trade"
    assert sorted(change.key for change in edit.changes) == [CAST, 1, 2]
    after = edit.apply(coding)
    assert [labels(s.marks) for _, s in after.sentences()] == [["indirect", "eco.trade"]] * 2
    assert {s.state for _, s in after.sentences()} == {"new"}
    assert edit.invert("undo", "now").apply(after).docs == coding.docs


def test_with_confirm_the_sentences_are_done(pen: Pen) -> None:
    coding = coding_of(HERE, HERE)
    original = marked(pen, ("topics", "eco.trade", {}))
    edit = carry(pen, coding, [1], original, readout="here", confirm=True)
    assert edit is not None
    assert edit.apply(coding).sentence(1).state == "done"


def test_what_lacks_something_is_not_confirmed(pen: Pen) -> None:
    lost: Slots = {"evidence": (SpanValue(span=at(THERE, "they")),)}
    marks: list[tuple[str, str, Slots]]
    marks = [("commitments", "agreement", {}), ("topics", "eco.trade", lost)]
    for mark in marks:
        coding = coding_of(HERE, HERE)
        edit = carry(pen, coding, [1], marked(pen, mark), readout="here", confirm=True)
        assert edit is not None
        assert edit.apply(coding).sentence(1).state == "new"


def test_where_there_is_nothing_to_take_over_nothing_changes(pen: Pen) -> None:
    coding = coding_of(HERE, HERE)
    assert carry(pen, coding, [1], marked(pen), readout="here") is None


WORDS = st.sampled_from(["Arda", "said", "they", "agreed", "to", "meet", "May", "2027.", "—", "да"])


@settings(deadline=None, max_examples=150)
@given(
    st.lists(WORDS, min_size=2, max_size=12).map(" ".join),
    st.lists(WORDS, min_size=2, max_size=12).map(" ".join),
    st.data(),
)
def test_every_span_that_comes_along_quotes_what_stands_here(
    there: str, here: str, data: st.DataObject
) -> None:
    pen = pen_of()
    marks: list[tuple[str, str, Slots]] = []
    for label in ("eco.trade", "rel.general", "conf.iran"):
        start = data.draw(st.integers(0, len(there) - 1))
        end = data.draw(st.integers(start + 1, len(there)))
        marks.append(("topics", label, {"evidence": (SpanValue(span=Span.of(there, start, end)),)}))
    start = data.draw(st.integers(0, len(there) - 1))
    end = data.draw(st.integers(start + 1, len(there)))
    mention = Span.of(there, start, end)
    marks.append(
        ("speakers", "indirect", {"source": (EntityValue(entity="ada", mention=mention),)})
    )
    text = f"Before. {here} After."
    original = marked(pen, *marks, text=there)
    coding: Coding = coding_of(text, "Before.", here, "After.", entities=(BO,))
    edit = carry(pen, coding, [2], original, readout="here")
    assert edit is not None
    after = edit.apply(coding)
    sentence = after.sentence(2)
    assert [m.label for m in sentence.marks] == [
        "eco.trade",
        "rel.general",
        "conf.iran",
        "indirect",
    ]
    for mark in sentence.marks:
        assert pen.codebook.check(mark) is None
        assert all(sentence.start <= s.start and s.end <= sentence.end for s in mark.spans())
        assert all(span.holds(text) for span in mark.spans())
    assert edit.invert("undo", "now").apply(after).docs == coding.docs
