"""Agreement is what the literature computes, and none where nothing can be told."""

from __future__ import annotations

from collections import Counter

import pytest

from annotator.model.agreement import Agreement, nominal

OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
"""Four observers, twelve units: the example of Krippendorff, where a dot is a missing value."""
LABEL = ("topics", "eco.trade")


def test_alpha_is_that_of_the_example_of_its_author() -> None:
    units = [
        Counter(value for value in unit if value != ".") for unit in zip(*OBSERVERS, strict=True)
    ]
    found = nominal((unit, 1) for unit in units)
    assert found is not None
    assert found.alpha is not None
    assert (found.values, round(found.alpha, 3)) == (40, 0.743)


def sentences(*both: tuple[bool, bool]) -> Agreement:
    """Return the agreement of two coders on sentences to which each gave the label or not."""
    made = Agreement()
    for ada, bob in both:
        made.add({"ada": [LABEL] * ada, "bob": [LABEL] * bob})
    return made


def test_two_coders_agree_as_one_computes_by_hand() -> None:
    # Both gave it three times, each once alone, neither five times: of 20 values 8 give it.
    both = [(True, True)] * 3 + [(True, False), (False, True)] + [(False, False)] * 5
    made = sentences(*both)
    found = made.of(LABEL)
    assert found is not None
    assert (found.values, made.givers(LABEL)) == (20, 8)
    assert found.observed == pytest.approx(0.8)
    # The coincidences that differ are 4 of 20; 2 · 8 · 12 of 20 · 19 are expected to.
    assert found.alpha == pytest.approx(1 - 4 / 20 / (2 * 8 * 12 / (20 * 19)))


def test_without_variation_alpha_is_undefined_and_not_perfect() -> None:
    for said in (True, False):
        found = sentences(*[(said, said)] * 9).of(LABEL)
        assert found is not None
        assert (found.observed, found.alpha) == (1.0, None)


def test_a_sentence_of_one_coder_tells_nothing() -> None:
    made = Agreement()
    made.add({"ada": [LABEL]})
    assert made == Agreement()
    assert made.of(LABEL) is None


def test_a_label_given_twice_is_given_once_and_coders_may_miss() -> None:
    made = Agreement()
    made.add({"ada": [LABEL, LABEL], "bob": [], "eve": [LABEL]})
    made.add({"ada": [], "bob": []})
    found = made.of(LABEL)
    assert found is not None
    assert (found.values, made.givers(LABEL), made.coders) == (5, 2, {"ada", "bob", "eve"})
    # Of the first sentence 4 of 6 ordered pairs differ, over its 2 others: 2 of 5 values.
    assert found.observed == pytest.approx(1 - 2 / 5)


def test_a_coder_who_did_not_look_at_a_layer_is_missing_there() -> None:
    made, other = Agreement(), ("tone", "warm")
    made.add({"ada": [LABEL], "bob": [LABEL], "eve": [other]}, ["topics"])
    made.add({"ada": [LABEL, other], "bob": [], "eve": [other]}, ["tone"])
    made.add({"ada": [LABEL], "bob": [other]}, ["topics"])
    topics, tone = made.of(LABEL), made.of(other)
    assert topics is not None
    assert tone is not None
    # Five decisions on the topic, of which three gave it: the last sentence has one of them only.
    assert (topics.values, made.givers(LABEL)) == (5, 3)
    assert (tone.values, made.givers(other)) == (7, 4)
