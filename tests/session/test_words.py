"""Words, phrases and clauses, in the scripts that readouts are written in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.session import words
from annotator.session.words import Range

TEXT = "The two agreed to meet, and Arda said that trade must grow."
BOUNDS = (0, len(TEXT))


def cut(text: str, found: Range) -> str:
    return text[found[0] : found[1]]


def at(piece: str, text: str = TEXT) -> Range:
    start = text.index(piece)
    return start, start + len(piece)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arda's well-known plan", ["Arda's", "well-known", "plan"]),
        ("Arda’s plan, 3.5 million", ["Arda’s", "plan", "3.5", "million"]),
        ("in 2,000 days.", ["in", "2,000", "days"]),
        ("l’accord d'été", ["l’accord", "d'été"]),
        ("e\u0301te\u0301 a\u0300 Nice", ["e\u0301te\u0301", "a\u0300", "Nice"]),
        ("Президент Арда сказал: «да»", ["Президент", "Арда", "сказал", "да"]),
        ("по-прежнему до\u0301ма", ["по-прежнему", "до\u0301ма"]),
        ("قال الرئيس إنّ التجارة", ["قال", "الرئيس", "إنّ", "التجارة"]),
        ("دعا إلى الحوار،وقال", ["دعا", "إلى", "الحوار", "وقال"]),
        ("双方同意。", ["双", "方", "同", "意"]),
        ("习近平said你好2024年", ["习", "近", "平", "said", "你", "好", "2024", "年"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("снова — 10%", ["снова", "10"]),
        ("snake_case", ["snake", "case"]),
        ("… — “”", []),
        ("", []),
    ],
)
def test_words_are_what_a_reader_of_the_script_calls_words(text: str, expected: list[str]) -> None:
    assert [cut(text, found) for found in words.words(text, 0, len(text))] == expected


@pytest.mark.parametrize("text", ["هٰذا", "שָׁלוֹם", "বাংলা", "สวัสดี", "தமிழ்"])
def test_a_mark_on_a_letter_belongs_to_the_word_in_every_script(text: str) -> None:
    assert any(unicodedata.category(char)[0] == "M" for char in text)
    assert words.words(text, 0, len(text)) == [(0, len(text))]


def test_words_outside_the_bounds_are_not_looked_at() -> None:
    assert [cut(TEXT, w) for w in words.words(TEXT, 4, 17)] == ["two", "agreed", "to"]


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("So be it.", "So be it"),
        ("So be it…  ", "So be it"),
        ("同意。", "同意"),
        ("قال ذلك؟", "قال ذلك"),
        ("In 3.5 days", "In 3.5 days"),
        ("...", "..."),
    ],
)
def test_the_final_stop_is_left_out_unless_nothing_else_is_there(text: str, without: str) -> None:
    assert cut(text, words.without_stop(text, 0, len(text))) == without


@pytest.mark.parametrize(
    ("text", "left"), [("  a b\n", (2, 5)), ("\u00a0\u3000", None), ("", None), ("a", (0, 1))]
)
def test_blanks_are_taken_off_both_ends(text: str, left: Range | None) -> None:
    assert words.trim(text, 0, len(text)) == left


def test_a_selection_grows_by_phrase_clause_and_sentence_and_then_stays() -> None:
    grown = [at("trade")]
    for _ in range(4):
        grown.append(words.widen(TEXT, BOUNDS, grown[-1]))
    assert [cut(TEXT, found) for found in grown] == [
        "trade",
        "trade must grow",
        "and Arda said that trade must grow",
        TEXT[:-1],
        TEXT[:-1],
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("trade", ["trade must grow", "trade must grow", "trade must grow"]),
        (
            "agreed",
            ["agreed", "agreed to meet", "agreed to meet, and Arda said that trade must grow"],
        ),
        ("to", ["to meet", "to meet", "to meet, and Arda said that trade must grow"]),
        ("grow", ["grow", "grow", "grow"]),
    ],
)
def test_a_word_runs_on_to_the_end_of_its_phrase_clause_and_sentence(
    word: str, expected: list[str]
) -> None:
    assert [cut(TEXT, found) for found in words.run_on(TEXT, BOUNDS, at(word))] == expected


def test_phrases_end_at_the_small_words_of_the_language() -> None:
    text = "la situation dans la région"
    assert (
        cut(text, words.widen(text, (0, len(text)), at("situation", text), "fr")) == "la situation"
    )
    assert cut(text, words.widen(text, (0, len(text)), at("situation", text), "en")) == text


def test_a_selection_across_clauses_grows_over_both() -> None:
    grown = words.widen(TEXT, BOUNDS, at("meet, and Arda"))
    assert cut(TEXT, grown) == "meet, and Arda said"


def test_a_selection_shrinks_to_its_last_clause_phrase_and_word_and_then_stays() -> None:
    shrunk = [words.without_stop(TEXT, *BOUNDS)]
    for _ in range(4):
        shrunk.append(words.narrow(TEXT, shrunk[-1]))
    assert [cut(TEXT, found) for found in shrunk] == [
        TEXT[:-1],
        "and Arda said that trade must grow",
        "trade must grow",
        "grow",
        "grow",
    ]


@pytest.mark.parametrize(
    "text", ["They met (in May)", "He spoke of “a bridge”", "双方同意（会面）", "to meet, and"]
)
def test_shrinking_ends_at_a_word_never_at_a_bracket_or_quotation_mark(text: str) -> None:
    shrunk = (0, len(text))
    for _ in range(5):
        shrunk = words.narrow(text, shrunk)
        assert any(char.isalpha() for char in cut(text, shrunk))


@pytest.mark.parametrize(
    ("text", "start", "clause"),
    [
        ("双方同意会面，并继续对话。", "会", "双方同意会面"),
        ("Стороны договорились встретиться, а затем поговорить.", "затем", "а затем поговорить"),
        ("أكد الرئيس ذلك، ودعا إلى الحوار.", "الحوار", "ودعا إلى الحوار"),
        ("«Так», — сказал он.", "сказал", "сказал он"),
    ],
)
def test_clauses_end_at_the_marks_of_the_script(text: str, start: str, clause: str) -> None:
    grown = words.widen(text, (0, len(text)), at(start, text))
    assert cut(text, grown) == clause


@pytest.mark.parametrize(
    ("by", "word"), [(1, "to"), (2, "meet"), (-1, "two"), (-5, "The"), (50, "grow"), (0, "agreed")]
)
def test_a_step_goes_so_many_words_and_stops_at_the_ends(by: int, word: str) -> None:
    assert cut(TEXT, words.step(TEXT, BOUNDS, at("agreed to meet"), by)) == word


def test_a_step_from_between_two_words_starts_at_the_one_behind() -> None:
    assert cut(TEXT, words.step(TEXT, BOUNDS, at(", and"), 0)) == "and"


@pytest.mark.parametrize(
    ("edge", "by", "expected"),
    [
        ("right", 1, "agreed to meet"),
        ("right", -1, "agreed"),
        ("left", -1, "two agreed to"),
        ("left", 1, "to"),
    ],
)
def test_an_edge_moves_over_one_word(edge: str, by: int, expected: str) -> None:
    moved = words.move_edge(TEXT, BOUNDS, at("agreed to"), edge=edge, by=by)
    assert cut(TEXT, moved) == expected


@pytest.mark.parametrize(
    ("piece", "edge", "by"),
    [("grow", "right", 1), ("The", "left", -1), ("meet", "right", -1), ("meet", "left", 1)],
)
def test_an_edge_that_has_no_word_to_move_over_stays(piece: str, edge: str, by: int) -> None:
    assert words.move_edge(TEXT, BOUNDS, at(piece), edge=edge, by=by) == at(piece)


@pytest.mark.parametrize(
    ("edge", "by", "expected"),
    [
        ("right", 1, (4, 8)),
        ("right", -1, (4, 6)),
        ("left", 1, (5, 7)),
        ("left", -1, (3, 7)),
        ("left", 99, (6, 7)),
        ("right", -99, (4, 5)),
        ("left", -99, (0, 7)),
        ("right", 99, (4, len(TEXT))),
    ],
)
def test_a_nudge_moves_an_edge_by_signs_within_the_bounds(
    edge: str, by: int, expected: Range
) -> None:
    assert words.nudge(TEXT, BOUNDS, (4, 7), edge=edge, by=by) == expected


SOME_TEXT = st.text(
    st.one_of(st.sampled_from("ab ,.。双д́عand to"), st.characters(codec="utf-8")), min_size=1
).filter(str.strip)


@settings(deadline=None, max_examples=150)
@given(SOME_TEXT, st.data())
def test_every_selection_stays_within_the_sentence_and_holds_something(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    bounds = (0, len(text))
    for by in (-1, 1):
        for found in (
            words.step(text, bounds, (start, end), by),
            words.widen(text, bounds, (start, end)),
            words.narrow(text, (start, end)),
            *(
                move
                for edge in ("left", "right")
                for move in (
                    words.move_edge(text, bounds, (start, end), edge=edge, by=by),
                    words.nudge(text, bounds, (start, end), edge=edge, by=by),
                )
            ),
        ):
            assert 0 <= found[0] < found[1] <= len(text)


@settings(deadline=None, max_examples=150)
@given(SOME_TEXT, st.data())
def test_growing_never_leaves_a_word_out_and_shrinking_never_takes_one_in(
    text: str, data: st.DataObject
) -> None:
    found = words.words(text, 0, len(text))
    if not found:
        return
    first = data.draw(st.integers(0, len(found) - 1))
    last = data.draw(st.integers(first, len(found) - 1))
    chosen = (found[first][0], found[last][1])
    wide = words.widen(text, (0, len(text)), chosen)
    small = words.narrow(text, chosen)
    assert wide[0] <= chosen[0] < chosen[1] <= wide[1]
    assert chosen[0] <= small[0] < small[1] <= chosen[1]
