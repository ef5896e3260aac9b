"""Attributions inside attributions: how they are followed, and what is refused."""

from __future__ import annotations

import pytest

from annotator.errors import MarkError
from annotator.model.codebook import Layer
from annotator.model.mark import EntityValue, Mark, RefValue
from annotator.session import acts, chains, speakers
from annotator.session.session import Session
from tests.session.making import CALL, book, session_on


def speakers_layer() -> Layer:
    found = book().layer("speakers")
    assert found is not None
    return found


LAYER = speakers_layer()


def tell(session: Session, key: int, who: str, inside: Mark | None = None) -> Mark:
    slots: dict[str, tuple[EntityValue | RefValue, ...]] = {"source": (EntityValue(entity=who),)}
    if inside is not None:
        slots["parent"] = (RefValue(mark=inside.id),)
    mark = session.pen.mark(session.sentence(key), "speakers", "indirect", slots=dict(slots))
    session.do(acts.add_mark(session.pen, session.coding, key, mark))
    return mark


def put_inside(session: Session, key: int, mark: Mark, outer: Mark, slot: str = "parent") -> None:
    values = (RefValue(mark=outer.id),)
    session.do(acts.fill_slot(session.pen, session.coding, key, mark.id, slot, values))


@pytest.fixture
def session() -> Session:
    return session_on(*CALL)


def test_a_chain_begins_with_the_outermost(session: Session) -> None:
    press = tell(session, 2, "press")
    leader = tell(session, 2, "ada", press)
    state = tell(session, 2, "bo", leader)
    assert chains.chain(LAYER, session.coding, state) == (press, leader, state)
    assert chains.chain(LAYER, session.coding, press) == (press,)


def test_a_chain_goes_through_sentences_and_for_showing_only_through_near_ones() -> None:
    session = session_on(*(f"Arda said {n}." for n in range(9)))
    first = tell(session, 1, "press")
    near, far = tell(session, 6, "ada", first), tell(session, 9, "ada", first)
    for mark in (near, far):
        assert chains.chain(LAYER, session.coding, mark) == (first, mark)
    assert chains.chain(LAYER, session.coding, near, near=True) == (first, near)
    assert chains.chain(LAYER, session.coding, far, near=True) == (far,)


def test_a_reference_to_what_is_gone_ends_the_chain(session: Session) -> None:
    press = tell(session, 2, "press")
    lone = press.model_copy(update={"slots": {"parent": (RefValue(mark="gone"),)}})
    assert chains.chain(LAYER, session.coding, lone) == (lone,)


def test_more_than_three_levels_are_refused(session: Session) -> None:
    press = tell(session, 2, "press")
    leader = tell(session, 2, "ada", press)
    chains.require_room(LAYER, session.coding, leader)
    state = tell(session, 2, "bo", leader)
    with pytest.raises(MarkError, match=r"3 levels are enough.* note"):
        chains.require_room(LAYER, session.coding, state)
    with pytest.raises(MarkError, match="3 levels"):
        tell(session, 3, "both", state)


def test_what_stands_inside_a_mark_goes_with_it_and_counts(session: Session) -> None:
    press, leader = tell(session, 2, "press"), tell(session, 3, "ada")
    state = tell(session, 3, "bo", leader)
    outlet = tell(session, 4, "both")
    put_inside(session, 2, press, outlet)
    with pytest.raises(MarkError, match="here would be more"):
        put_inside(session, 3, leader, press)
    put_inside(session, 3, leader, outlet)
    now = session.sentence(3).mark(state.id)
    assert now is not None
    assert len(chains.chain(LAYER, session.coding, now)) == 3


@pytest.mark.parametrize("slot", ["parent", "continues"])
def test_nothing_stands_inside_itself(session: Session, slot: str) -> None:
    one, other = tell(session, 2, "ada"), tell(session, 3, "bo")
    with pytest.raises(MarkError, match="inside itself"):
        put_inside(session, 2, one, one, slot)
    put_inside(session, 2, one, other, slot)
    before = session.coding
    with pytest.raises(MarkError, match="inside itself"):
        put_inside(session, 3, other, one, slot)
    assert session.coding == before


def test_marks_of_a_sentence_are_shown_with_a_parent_before_what_it_holds(
    session: Session,
) -> None:
    leader, press = tell(session, 2, "ada"), tell(session, 2, "press")
    alone = tell(session, 2, "both")
    put_inside(session, 2, leader, press)
    marks = session.sentence(2).marks
    shown = [(depth, mark.id) for depth, mark in chains.nested(LAYER, marks)]
    assert shown == [(0, press.id), (1, leader.id), (0, alone.id)]


def test_a_ring_of_a_foreign_file_is_shown_all_the_same(session: Session) -> None:
    one, other = tell(session, 2, "ada"), tell(session, 2, "bo")
    ring = [
        mark.model_copy(update={"slots": {"parent": (RefValue(mark=outer.id),)}})
        for mark, outer in ((one, other), (other, one))
    ]
    assert [(depth, mark.id) for depth, mark in chains.nested(LAYER, ring)] == [
        (0, one.id),
        (0, other.id),
    ]
    assert len(chains.chain(LAYER, session.coding, ring[0])) <= 2


def test_who_spoke_before_is_the_leader_and_not_the_press_service_or_the_state(
    session: Session,
) -> None:
    press = tell(session, 2, "press")
    leader = tell(session, 2, "ada", press)
    tell(session, 2, "bo", leader)
    found = speakers.carried(LAYER, session.coding, 4, ("press",))
    assert found is not None
    assert found.id == "ada"


def test_where_only_the_press_service_spoke_it_is_the_one(session: Session) -> None:
    tell(session, 2, "press")
    found = speakers.carried(LAYER, session.coding, 3, ("press",))
    assert found is not None
    assert found.id == "press"
    assert speakers.carried(LAYER, session.coding, 2, ("press",)) is None
