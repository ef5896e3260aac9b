"""The last marking again on another sentence."""

from __future__ import annotations

from annotator.model.edit import Edit
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    NoneStated,
    RefValue,
    SlotValue,
    SpanValue,
)
from annotator.model.text import Span
from annotator.session import acts, boundaries
from annotator.session.repeat import last_marking, repeat
from annotator.session.session import Session
from annotator.store.memory import MemoryStore
from tests.session.making import session_on

A, B, C = 1, 2, 3


def begin() -> Session:
    return session_on("Arda said so.", "They agreed to meet.", "It was late.")


def toggle(session: Session, key: int, label: str, layer: str = "topics") -> None:
    session.do(acts.toggle(session.pen, session.coding, key, layer, label))


def repeated(session: Session, key: int) -> Edit | None:
    marks = last_marking(session.timeline, session.coding, session.codebook)
    return session.do(repeat(session.pen, session.coding, key, marks))


def labels(session: Session, key: int) -> list[str]:
    return ["!" * mark.rejected + mark.label for mark in session.sentence(key).marks]


def test_all_labels_of_the_last_marked_sentence_come_in_one_edit() -> None:
    session = begin()
    toggle(session, C, "conf.iran")
    toggle(session, A, "eco.trade")
    toggle(session, A, "rel.general")
    edit = repeated(session, B)
    assert labels(session, B) == ["eco.trade", "rel.general"]
    assert edit is not None
    assert edit.what == "repeat"
    session.undo()
    assert labels(session, B) == []


def test_repeating_what_was_repeated_keeps_the_order_of_the_labels() -> None:
    session = begin()
    toggle(session, A, "eco.trade")
    toggle(session, A, "rel.general")
    repeated(session, B)
    repeated(session, C)
    assert labels(session, C) == ["eco.trade", "rel.general"]


def test_a_mark_made_anew_has_an_id_a_range_and_a_time_of_its_own() -> None:
    session = begin()
    toggle(session, A, "eco.trade")
    repeated(session, B)
    (one,), (two,) = session.sentence(A).marks, session.sentence(B).marks
    assert one.id != two.id
    assert (two.start, two.end) == (session.sentence(B).start, session.sentence(B).end)
    assert two.provenance.seconds is None


def test_what_belongs_to_the_words_of_the_other_sentence_is_left_out() -> None:
    session = begin()
    toggle(session, A, "indirect", "speakers")
    (mark,) = session.sentence(A).marks
    toggle(session, A, "direct", "speakers")
    mention = Span.of(session.readout.text, 0, 4)
    slots: dict[str, tuple[SlotValue, ...]] = {
        "source": (EntityValue(entity="ada", mention=mention),),
        "cue": (SpanValue(span=mention),),
        "cue_class": (ChoiceValue(choice="assert"),),
        "holder": (NoneStated(),),
        "parent": (RefValue(mark=session.sentence(A).marks[1].id),),
    }
    for slot, values in slots.items():
        session.do(acts.fill_slot(session.pen, session.coding, A, mark.id, slot, values))
    repeated(session, B)
    made = session.sentence(B).marks[0]
    assert made.slots == {"source": (EntityValue(entity="ada"),)}


def test_no_class_comes_along_that_says_what_other_words_mean() -> None:
    session = begin()
    toggle(session, B, "promise", "commitments")
    (mark,) = session.sentence(B).marks
    words = SpanValue(span=Span.of(session.readout.text, 0, 4))
    slots: dict[str, tuple[SlotValue, ...]] = {
        "timeframe": (words,),
        "timeframe_class": (ChoiceValue(choice="near_term"),),
        "timeframe_date": (DateValue(date="2027"),),
        "conditional": (ChoiceValue(choice="no"),),
        "strength": (ChoiceValue(choice="2"),),
    }
    for slot, values in slots.items():
        session.do(acts.fill_slot(session.pen, session.coding, B, mark.id, slot, values))
    repeated(session, C)
    (made,) = session.sentence(C).marks
    assert made.slots == {"strength": (ChoiceValue(choice="2"),)}


def test_a_rejected_label_is_repeated_as_rejected() -> None:
    session = begin()
    session.do(acts.toggle_rejected(session.pen, session.coding, A, "topics", "conf.iran"))
    repeated(session, B)
    assert labels(session, B) == ["!conf.iran"]


def test_a_label_that_stands_already_or_was_rejected_stays_as_it_is() -> None:
    session = begin()
    session.do(acts.toggle_rejected(session.pen, session.coding, B, "topics", "conf.iran"))
    toggle(session, B, "eco.trade")
    kept = session.sentence(B).marks
    for label in ("conf.iran", "eco.trade", "rel.general"):
        toggle(session, A, label)
    repeated(session, B)
    assert session.sentence(B).marks[:2] == kept
    assert labels(session, B) == ["!conf.iran", "eco.trade", "rel.general"]


def test_repeating_on_the_same_sentence_or_twice_changes_nothing() -> None:
    session = begin()
    toggle(session, A, "eco.trade")
    assert repeated(session, A) is None
    repeated(session, B)
    before = session.coding
    assert repeated(session, B) is None
    assert session.coding == before


def test_there_is_nothing_to_repeat_before_anything_was_marked() -> None:
    session = begin()
    assert last_marking(session.timeline, session.coding, session.codebook) == ()
    assert repeated(session, A) is None


def test_a_marking_that_was_undone_is_not_repeated() -> None:
    session = begin()
    toggle(session, A, "eco.trade")
    toggle(session, B, "rel.general")
    session.undo()
    assert [m.label for m in last_marking(session.timeline, session.coding, session.codebook)] == [
        "eco.trade"
    ]


def test_a_mark_that_was_removed_again_is_not_repeated() -> None:
    session = begin()
    toggle(session, A, "eco.trade")
    toggle(session, A, "rel.general")
    toggle(session, A, "eco.trade")
    assert [m.label for m in last_marking(session.timeline, session.coding, session.codebook)] == [
        "rel.general"
    ]


def test_notes_flags_and_decisions_between_do_not_hide_the_last_marking() -> None:
    session = begin()
    pen = session.pen
    toggle(session, A, "eco.trade")
    session.do(acts.decide(pen, session.coding, A, "done"))
    session.do(acts.toggle_flag(pen, session.coding, B))
    session.do(acts.write_note(pen, session.coding, C, "hm"))
    repeated(session, C)
    assert labels(session, C) == ["eco.trade"]


def test_after_its_sentence_was_joined_away_the_marking_is_simply_not_there() -> None:
    session = begin()
    toggle(session, B, "eco.trade")
    pen, text = session.pen, session.readout.text
    session.do(boundaries.join(pen, session.coding, A, text))
    assert labels(session, A) == ["eco.trade"]
    assert repeated(session, C) is None or labels(session, C) == ["eco.trade"]


def test_the_last_marking_is_known_after_a_restart() -> None:
    store = MemoryStore()
    parts = ("Arda said so.", "They agreed to meet.", "It was late.")
    first = session_on(*parts, store=store)
    toggle(first, A, "eco.trade")
    first.close()
    session = session_on(*parts, store=store)
    repeated(session, B)
    assert labels(session, B) == ["eco.trade"]
