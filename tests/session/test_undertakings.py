"""Which acts a sentence tells of, and the words that say when and on what terms."""

from __future__ import annotations

import pytest

from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.session.undertakings import LONGEST, Told, action, acts_told
from tests.session.making import book

Act = tuple[str, str | None, str | None]


def sentence(text: str) -> Sentence:
    return Sentence(start=0, end=len(text), role="body", text=text)


def acts(text: str, language: str = "en") -> list[Act]:
    """Return each act with the words for its time and its condition."""

    def words(found: tuple[int, int] | None) -> str | None:
        return text[slice(*found)] if found else None

    told = acts_told(book(), text, sentence(text), language)
    return [(text[t.start : t.end], words(t.time), words(t.condition)) for t in told]


def near(text: str, label: str) -> str:
    told = action(book(), text, sentence(text), "en", label)
    return text[told.start : told.end]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("They agreed to meet in May.", [("meet", "in May", None)]),
        ("They agreed that trade grows.", [("trade grows", None, None)]),
        ("Arda noted that they agreed to meet.", [("meet", None, None)]),
        ("They agreed that their ministers will meet.", [("meet", None, None)]),
        ("Arda noted the time.", [("the time", None, None)]),
        ("The bridge will stay open.", [("stay open", None, None)]),
        ("The leaders met.", [("The leaders met", None, None)]),
        ("Arda said “we will send ten trucks”.", [("send ten trucks", None, None)]),
        ('Arda said "we will send ten trucks by May".', [("send ten trucks", "by May", None)]),
        ("“We will send ten trucks by May,” Arda said.", [("send ten trucks", "by May", None)]),
        (
            "They agreed to meet in May, and to keep the bridge open.",
            [("meet", "in May", None), ("keep the bridge open", None, None)],
        ),
        (
            "They agreed to intensify the patrols and agreed to keep talking.",
            [("intensify the patrols", None, None), ("keep talking", None, None)],
        ),
        (
            "Bo is willing to buy more fruit, to open a line to the port and to train pilots.",
            [
                ("buy more fruit", None, None),
                ("open a line to the port", None, None),
                ("train pilots", None, None),
            ],
        ),
        (
            "They are to step up patrols and continue the talks.",
            [("step up patrols", None, None), ("continue the talks", None, None)],
        ),
        (
            "Arda will host the talks in Oren and Bo is to reply by Saturday.",
            [("host the talks in Oren", None, None), ("reply", "by Saturday", None)],
        ),
        (
            "They agreed to bring food to the city and to the villages.",
            [("bring food to the city and to the villages", None, None)],
        ),
        (
            "He declined, however, to come.",
            [("come", None, None)],
        ),
        (
            "They agreed to stay in touch at all times.",
            [("stay in touch at all times", "at all times", None)],
        ),
        (
            "If it rains, Bo will close the bridge by 25 January.",
            [("close the bridge", "by 25 January", "If it rains")],
        ),
        (
            "Bo will close the bridge, unless it rains.",
            [("close the bridge", None, "unless it rains")],
        ),
        (
            "He offered to reopen the main within two days, should Bo let them cross.",
            [("reopen the main", "within two days", "should Bo let them cross")],
        ),
        ("They should meet.", [("They should meet", None, None)]),
        ("He proposed that they hold a summit.", [("they hold a summit", None, None)]),
        (
            "They will once more stand firm as long as it takes.",
            [("once more stand firm as long as it takes", "as long as it takes", None)],
        ),
    ],
)
def test_the_acts_of_a_sentence_with_their_times_and_conditions(text: str, told: list[Act]) -> None:
    assert acts(text) == told


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        (
            "fr",
            "Les ministres ont décidé de se revoir le 14 juin et de rouvrir la ligne.",
            [("se revoir", "le 14 juin", None), ("rouvrir la ligne", None, None)],
        ),
        (
            "fr",
            "Les présidents resteront en contact étroit.",
            [("resteront en contact étroit", None, None)],
        ),
        (
            "de",
            "Sie vereinbarten, am 14. Juni zusammenzukommen und eine Gruppe einzurichten.",
            [("zusammenzukommen", "am 14. Juni", None), ("eine Gruppe einzurichten", None, None)],
        ),
        (
            "es",
            "Acordaron reunirse en junio y fortalecer y ampliar el comercio; seguirán hablando.",
            [
                ("reunirse", "en junio", None),
                ("fortalecer y ampliar el comercio", None, None),
                ("seguirán hablando", None, None),
            ],
        ),
        (
            "ru",
            "Президенты договорились провести встречу до конца года и продолжить диалог.",
            [("провести встречу", "до конца года", None), ("продолжить диалог", None, None)],
        ),
        (
            "zh",
            "双方同意加强合作，并于6月14日在京会晤。",
            [("加强合作", None, None), ("在京会晤", "于6月14日", None)],
        ),
        ("fi", "He sopivat tapaamisesta.", [("He sopivat tapaamisesta", None, None)]),
    ],
)
def test_acts_are_found_in_other_languages(language: str, text: str, told: list[Act]) -> None:
    assert acts(text, language) == told


def test_an_act_that_another_mark_has_is_not_proposed_again() -> None:
    text = "They agreed to meet in May, and to keep the bridge open."

    def next_to(*taken: str) -> str:
        spans = [Span.of(text, text.index(t), text.index(t) + len(t)) for t in taken]
        told = action(book(), text, sentence(text), "en", taken=spans)
        return text[told.start : told.end]

    assert next_to() == "meet"
    assert next_to("meet in May") == "keep the bridge open"
    assert next_to("keep the bridge open") == "meet"
    # Where all are taken, another stretch than theirs is still better than the same.
    assert next_to("meet", "keep the bridge") == "keep the bridge open"
    assert next_to("meet", "keep the bridge open") == "meet"


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("They agreed to meet in May.", "stance", "agreed to meet in May"),
        ("He thanked them and asked her to come.", "courtesy", "thanked them"),
        (
            "He asked her to pass on his wishes of health, and added that all are fond of tea.",
            "courtesy",
            "asked her to pass on his wishes of health",
        ),
        ("He thanked them and asked her to come.", "request", "asked her to come"),
        ("He hoped for peace and agreed to meet.", "stance", "agreed to meet"),
        ("The bridge will stay open.", "stance", "The bridge will stay open"),
        (
            "He asked for grain and rice for the town, adding that it is late.",
            "request",
            "asked for grain and rice for the town",
        ),
        (
            "He voiced a wish for trade in the field of grain.",
            "expressed_desire",
            "voiced a wish for trade",
        ),
        (
            "He spoke of the need for calm between the towns.",
            "discussion_or_need",
            "spoke of the need for calm",
        ),
        ("He considers her a friend, which pleased the hall.", "stance", "considers her a friend"),
        ("They discussed a dam that feeds the mills.", "discussion_or_need", "discussed a dam"),
        ("He praised the guard, and the town is to pay it.", "courtesy", "praised the guard"),
        (
            "They agreed that a dam that leaks is no dam between friends.",
            "shared_assessment",
            "agreed that a dam that leaks is no dam between friends",
        ),
    ],
)
def test_a_near_miss_is_the_cue_that_is_called_so_or_the_last_with_what_follows(
    text: str, label: str, expected: str
) -> None:
    assert near(text, label) == expected


@pytest.mark.parametrize("near_miss", [None, "stance"])
@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "ru", "zh", "fi"])
@pytest.mark.parametrize(
    "text",
    [
        "They agreed",
        "agreed.",
        "agreed to.",
        "...",
        "。",
        "They agreed:",
        "a",
        "will",
        "if",
        "to to",
    ],
)
def test_an_act_is_proposed_for_any_sentence_and_lies_in_it(
    text: str, language: str, near_miss: str | None
) -> None:
    found: Told = action(book(), text, sentence(text), language, near_miss)
    assert 0 <= found.start < found.end <= len(text)


def test_a_sentence_without_end_is_read_only_so_far() -> None:
    text = "They agreed to meet and to talk, if it rains, " * 2000
    found = acts_told(book(), text, sentence(text), "en")
    assert found
    assert all(told.end <= LONGEST for told in found)


@pytest.mark.parametrize(
    ("taken", "proposed"),
    [
        (["open a railway"], "close the bridge and pay"),
        (["close the bridge and pay"], "open a railway"),
        (["open a railway", "pay"], "close the bridge"),
        # What nothing joins to it is no act of its own.
        (["open"], "open a railway and close the bridge and pay"),
    ],
)
def test_the_words_of_an_act_are_those_that_an_and_joins_to_the_marked_ones(
    taken: list[str], proposed: str
) -> None:
    text = "Arda will open a railway and close the bridge and pay."
    spans = [Span.of(text, text.index(t), text.index(t) + len(t)) for t in taken]
    told = action(book(), text, sentence(text), "en", taken=spans)
    assert text[told.start : told.end] == proposed
