"""Which stretches of a sentence are proposed as the words for a label."""

from __future__ import annotations

import pytest

from annotator.session import evidence
from annotator.session.candidates import candidates
from tests.session.making import ADA, BO, session_on


def proposed(text: str, label_id: str, slot: str = "evidence", layer_id: str = "topics") -> str:
    """Return the words that are proposed, empty for none."""
    session = session_on(text)
    layer = session.codebook.layer(layer_id)
    label = layer.label(label_id) if layer else None
    assert layer is not None
    assert label is not None
    found = candidates(session.codebook, session.cast, text, session.sentence(1), "en")
    words = evidence.of_slot(layer, label, slot, text, found)
    return text[slice(*words)] if words else ""


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("The two discussed the situation in Syria and a port.", "conf.syria", "Syria"),
        ("They want to fight terrorism.", "sec.terror", "fight terrorism"),
        ("The press office of the Kremlin thanked them.", "prot.event", ""),
        ("Then Arda and many others left when it rained.", "prot.event", ""),
        ("The two discussed the situation in Syria and a port.", "eco.trade", ""),
        ("双方同意会面，并继续对话。", "eco.trade", ""),
    ],
)
def test_words_are_proposed_where_they_are_the_labels(text: str, label: str, words: str) -> None:
    assert proposed(text, label) == words


def test_a_time_is_proposed_for_the_time_and_nothing_for_what_is_told_by_its_slots() -> None:
    text = "They agreed to meet in May, and to keep the bridge open."
    assert proposed(text, "agreement", "timeframe", "commitments") == "in May"
    assert proposed(text, "agreement", "condition", "commitments") == ""
    assert proposed(text, "indirect", "cue", "speakers") == "agreed"


def test_the_words_for_somebody_are_those_that_name_them() -> None:
    text = "The press service said that Belmont left."
    session = session_on(text)
    sentence = session.sentence(1)
    found = evidence.of_entity(session.cast, text, sentence, BO.id)
    assert found is not None
    assert text[slice(*found)] == "Belmont"
    assert evidence.of_entity(session.cast, text, sentence, ADA.id) is None
