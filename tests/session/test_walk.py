"""Where the work goes on."""

from __future__ import annotations

import pytest

from annotator.model.edit import Coding
from annotator.model.text import State
from annotator.session import acts
from annotator.session.session import Session
from annotator.session.walk import first_to_show, next_waiting
from tests.session.making import session_on


def decided(session: Session, *keys: int, state: State = "done") -> Coding:
    for key in keys:
        session.do(acts.decide(session.pen, session.coding, key, state))
    return session.coding


def begin(*parts: str) -> Session:
    return session_on(*(parts or ("# Title", "One.", "Two.", "Three.")))


def test_the_next_is_the_next_in_reading_order() -> None:
    assert next_waiting(begin().coding, 2) == 3


@pytest.mark.parametrize("state", ["done", "unsure", "skipped"])
def test_what_is_decided_does_not_wait(state: State) -> None:
    assert next_waiting(decided(begin(), 3, state=state), 2) == 4


def test_behind_the_last_the_search_goes_on_from_the_start_past_headings() -> None:
    assert next_waiting(begin().coding, 4) == 2


@pytest.mark.parametrize("role", ["heading", "dateline", "boilerplate"])
def test_what_stands_around_the_text_does_not_wait(role: str) -> None:
    session = begin()
    session.do(acts.set_role(session.pen, session.coding, 3, role))  # type: ignore[arg-type]
    assert next_waiting(session.coding, 2) == 4


def test_the_sentence_in_work_is_not_its_own_next() -> None:
    assert next_waiting(decided(begin(), 3, 4), 2) is None


def test_where_all_are_decided_there_is_no_next() -> None:
    assert next_waiting(decided(begin(), 2, 3, 4), 2) is None


def test_from_a_sentence_that_is_gone_the_search_begins_at_the_start() -> None:
    assert next_waiting(begin().coding, 99) == 2


def test_work_begins_at_the_first_that_waits() -> None:
    assert first_to_show(begin().coding) == 2
    assert first_to_show(decided(begin(), 2)) == 3


def test_where_nothing_waits_the_first_of_all_is_shown() -> None:
    assert first_to_show(decided(begin(), 2, 3, 4)) == 1
    assert first_to_show(begin("# Title").coding) == 1


def test_a_readout_without_a_sentence_has_nowhere_to_begin() -> None:
    assert first_to_show(Coding()) is None
