"""Topics of a commitment that follow the topics of its sentence until a coder chooses."""

from __future__ import annotations

import pytest

from annotator.model.mark import NONE_STATED, LabelValue
from annotator.session.acts import fill_slot
from tests.session.making import Coder

PROMISE = ("c", "p", "escape")


@pytest.fixture
def coder() -> Coder:
    """Somebody at “They agreed to meet in May, and to keep the bridge open.”."""
    return Coder.at().press("j")


def toggle(coder: Coder, *labels: str) -> Coder:
    """Press the keys of topics in their panel, and close it."""
    layer = next(panel for panel in coder.bench.keymap.panels if panel.key == "t")
    return coder.press("t", *(layer.keys[label] for label in labels), "escape")


def topics(coder: Coder) -> list[str]:
    (mark,) = [mark for mark in coder.marks if mark.layer == "commitments"]
    return [v.label for v in mark.slots.get("topics", ()) if isinstance(v, LabelValue)]


def proposed(coder: Coder) -> bool:
    (mark,) = [mark for mark in coder.marks if mark.layer == "commitments"]
    return "topics" in mark.provenance.proposed


def choose(coder: Coder, *labels: str) -> None:
    (mark,) = [mark for mark in coder.marks if mark.layer == "commitments"]
    values = tuple(LabelValue(label=label) for label in labels)
    session, key = coder.session, coder.bench.key
    session.do(fill_slot(session.pen, session.coding, key, mark.id, "topics", values))


def test_a_topic_that_is_taken_away_leaves_the_commitment_it_was_proposed_to(
    coder: Coder,
) -> None:
    toggle(coder, "sec.cyber").press(*PROMISE)
    assert (topics(coder), proposed(coder)) == (["sec.cyber"], True)
    toggle(coder, "sec.cyber", "law.humanitarian")
    assert (topics(coder), proposed(coder)) == (["law.humanitarian"], True)


def test_a_topic_that_is_marked_after_the_commitment_is_proposed_to_it(coder: Coder) -> None:
    coder.press(*PROMISE)
    assert topics(coder) == []
    toggle(coder, "eco.trade", "sec.cyber")
    assert (topics(coder), proposed(coder)) == (["eco.trade", "sec.cyber"], True)


def test_topic_and_proposal_are_one_act(coder: Coder) -> None:
    toggle(coder, "sec.cyber").press(*PROMISE)
    acts = len(coder.session.timeline.done)
    toggle(coder, "sec.cyber")
    assert (topics(coder), proposed(coder)) == ([], False)
    assert len(coder.session.timeline.done) == acts + 1
    coder.press("u")
    assert (topics(coder), proposed(coder)) == (["sec.cyber"], True)
    assert "sec.cyber" in coder.labels


def test_a_rejected_topic_is_none(coder: Coder) -> None:
    toggle(coder, "sec.cyber").press(*PROMISE, "x")
    key = next(p.keys["sec.cyber"] for p in coder.bench.keymap.panels if p.key == "t")
    coder.press(key)
    assert topics(coder) == []


@pytest.mark.parametrize("chosen", [("eco.trade",), ("sec.cyber",), ()])
def test_what_was_chosen_by_hand_stays(coder: Coder, chosen: tuple[str, ...]) -> None:
    toggle(coder, "sec.cyber").press(*PROMISE)
    choose(coder, *chosen)
    toggle(coder, "law.humanitarian")
    assert topics(coder) == list(chosen)
    toggle(coder, "sec.cyber")
    assert topics(coder) == list(chosen)


def test_where_none_is_stated_none_is_proposed(coder: Coder) -> None:
    coder.press(*PROMISE)
    (mark,) = coder.marks
    session, key = coder.session, coder.bench.key
    session.do(fill_slot(session.pen, session.coding, key, mark.id, "topics", NONE_STATED))
    toggle(coder, "sec.cyber")
    assert next(m for m in coder.marks if m.id == mark.id).slots["topics"] == NONE_STATED


def test_the_keys_that_take_a_topic_away_are_not_those_of_the_commitment(coder: Coder) -> None:
    toggle(coder, "sec.cyber").press(*PROMISE)
    toggle(coder, "sec.cyber")
    (after,) = [mark for mark in coder.marks if mark.layer == "commitments"]
    assert after.provenance.keys == len(PROMISE)


def test_those_of_the_sentence_before_are_taken_by_one_key_which_ends_the_row(
    coder: Coder,
) -> None:
    coder.press("k")
    toggle(coder, "sec.cyber", "eco.trade").press("j", *PROMISE[:2], "W", "=", "t")
    assert coder.view.title.startswith("Topics")
    assert (topics(coder), proposed(coder)) == (["sec.cyber", "eco.trade"], False)


def test_those_of_the_nearest_sentence_that_has_some_stand_beside_what_was_chosen(
    coder: Coder,
) -> None:
    coder.press("g")
    toggle(coder, "law.humanitarian").press("j")
    toggle(coder, "sec.cyber", "eco.trade").press("j", "j")
    toggle(coder, "eco.trade").press(*PROMISE[:2], "W", "=")
    assert topics(coder) == ["eco.trade", "sec.cyber"]
    coder.press("u")
    assert topics(coder) == ["eco.trade"]


def test_where_no_sentence_before_has_topics_that_is_said(coder: Coder) -> None:
    coder.press(*PROMISE[:2], "W", "=")
    assert coder.bench.message == "No sentence before has topics."
    assert topics(coder) == []


def test_topics_that_were_rejected_before_are_not_taken(coder: Coder) -> None:
    coder.press("k", "x", "t", "escape")
    assert [mark.rejected for mark in coder.marks] == [True]
    coder.press("j", *PROMISE[:2], "W", "=")
    assert topics(coder) == []
