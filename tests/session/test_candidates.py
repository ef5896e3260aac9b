"""The stretches of a sentence that a span is likely to be, in the languages of readouts."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.entity import Cast
from annotator.model.sentence import Sentence
from annotator.session import candidates as found_in
from annotator.session.candidates import Candidate
from annotator.session.periods import money, periods
from annotator.session.quotes import half_quoted, quoted
from tests.session.making import PEOPLE, book

LANGUAGES = ["en", "fr", "de", "es", "pt", "it", "ru", "uk", "zh", "ar", "hi", "xx"]


def found(text: str, language: str = "en", cast: Cast | None = None) -> list[Candidate]:
    sentence = Sentence(start=0, end=len(text), role="body", text=text)
    cast = cast or Cast(entities=PEOPLE)
    made = found_in.candidates(book(), cast, text, sentence, language)
    assert len({(one.start, one.end) for one in made}) == len(made)
    assert all(0 <= one.start < one.end <= len(text) for one in made)
    assert [one.start for one in made] == sorted(one.start for one in made)
    return made


def said(text: str, language: str = "en", kind: str = "") -> list[str]:
    return [text[c.start : c.end] for c in found(text, language) if kind in ("", c.kind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arda said that trade grows.", {"Arda", "said", "that trade grows", "trade grows"}),
        ("It starts on 3 May 2027, or soon.", {"on 3 May 2027", "3 May 2027", "soon"}),
        ("The fair of 17-18 May 2027.", {"17-18 May 2027"}),
        ("It is on 17–18 May, at 5.", {"17–18 May"}),
        ("On May 3, 2027 and 03.05.2027.", {"On May 3, 2027", "03.05.2027"}),
        ("Give €2.5 million or 30,000 euros.", {"€2.5 million", "30,000 euros"}),
        ("He called it “a bridge” and «un pont».", {"“a bridge”", "a bridge", "«un pont»"}),
        ("‘’It was positive,’’ they say.", {"‘’It was positive,’’", "It was positive"}),
        ("They agreed to meet, once both confirm.", {"to meet", "meet", "once both confirm"}),
    ],
)
def test_names_cues_dates_money_quotations_and_clauses_are_candidates(
    text: str, expected: set[str]
) -> None:
    assert expected <= set(said(text))


def test_a_sentence_with_nothing_in_it_has_no_candidate() -> None:
    assert said("Nothing here.") == []


@pytest.mark.parametrize("text", ["said", "said:", "said, ", "He said: “", "«said»", "said.", "“"])
def test_a_cue_at_the_very_end_gives_no_stretch_outside_the_sentence(text: str) -> None:
    assert "" not in said(text)


def test_only_the_sentence_is_looked_at() -> None:
    text = "Paris. They met in Geneva. Rome."
    sentence = Sentence(start=7, end=26, role="body", text=text[7:26])
    made = found_in.candidates(book(), Cast(), text, sentence, "en")
    assert [text[c.start : c.end] for c in made if c.kind == "place"] == ["Geneva"]


def test_of_those_that_begin_together_clauses_come_last_and_the_longer_first() -> None:
    text = "The President of Marenne, Ada Noor, met."
    assert said(text)[:3] == [
        "The President of Marenne, Ada Noor",
        "The President of Marenne",
        "The President",
    ]
    kinds = [c.kind for c in found("Arda said tomorrow they meet.") if c.start == 10]
    assert kinds == ["date", "clause"]


@pytest.mark.parametrize(
    ("language", "text", "offices"),
    [
        ("en", "Foreign Minister Lavrov met the Prime Minister.", ["Foreign Minister Lavrov"]),
        ("en", "the Minister of Foreign Affairs spoke", ["the Minister of Foreign Affairs"]),
        ("en", "He met the prime minister’s envoy.", ["the prime minister"]),
        ("fr", "Le président de la République salue.", ["Le président de la République"]),
        ("fr", "avec l’ambassadeur de Chine", ["l’ambassadeur de Chine"]),
        ("de", "Bundeskanzler Scholz kam.", ["Bundeskanzler Scholz"]),
        ("es", "El presidente del Gobierno acordó.", ["El presidente del Gobierno"]),
        ("pt", "o Primeiro-Ministro de Portugal", ["o Primeiro-Ministro de Portugal"]),
        ("it", "il ministro degli Esteri", ["il ministro"]),
        ("ru", "Министр иностранных дел С.В.Лавров", ["Министр иностранных дел С.В.Лавров"]),
        ("ru", "заявил президент России", ["президент России"]),
        ("uk", "Міністр закордонних справ України", ["Міністр закордонних справ України"]),
        ("ar", "وأكد رئيس الوزراء التونسي ذلك", ["رئيس الوزراء التونسي"]),
    ],
)
def test_an_office_is_found_with_what_belongs_to_it(
    language: str, text: str, offices: list[str]
) -> None:
    assert set(offices) <= set(said(text, language, "office"))


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("en", "France agreed.", "France"),
        ("en", "with the United States", "the United States"),
        ("en", "in France’s view", "France"),
        ("fr", "Genève et Kiev", "Genève"),
        ("de", "Moskau und Berlin", "Moskau"),
        ("es", "Estados Unidos", "Estados Unidos"),
        ("ru", "России", "России"),
        ("ru", "Соединёнными Штатами", "Соединёнными Штатами"),
        ("uk", "Україною", "Україною"),
        ("ar", "مع الجزائر", "الجزائر"),
        ("ar", "الولايات المتحدة", "الولايات المتحدة"),
        ("zh", "双方在北京会面", "北京"),
        ("zh", "国家主席习近平", "国家主席"),
    ],
)
def test_a_place_is_found_in_its_language(language: str, text: str, place: str) -> None:
    assert place in said(text, language)


def test_a_run_of_capitals_is_a_name_and_the_first_word_alone_is_none() -> None:
    assert said("Today the Sava Line Group met.", kind="name") == ["Sava Line Group"]
    assert "The" not in said("The end.")
    assert "June" not in said("on 14 June", kind="name")
    assert said("und das Treffen", "de", kind="name") == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "in the near future", "in the near future"),
        ("en", "within two weeks", "within two weeks"),
        ("en", "by the end of the year", "by the end of the year"),
        ("en", "On 14 June", "14 June"),
        ("fr", "le 3 mars", "le 3 mars"),
        ("fr", "d’ici la fin de l’année", "d’ici la fin de l’année"),
        ("de", "bis Ende des Jahres", "bis Ende des Jahres"),
        ("de", "am 3. März 2025", "3. März 2025"),
        ("es", "en un futuro próximo", "en un futuro próximo"),
        ("es", "el 3 de marzo de 2025", "3 de marzo de 2025"),
        ("pt", "até ao final do ano", "até ao final do ano"),
        ("it", "entro la fine dell’anno", "entro la fine dell’anno"),
        ("ru", "в ближайшее время", "в ближайшее время"),
        ("ru", "3 марта 2025 года", "3 марта 2025 года"),
        ("uk", "до кінця року", "до кінця року"),
        ("zh", "双方于3月4日会面", "3月4日"),
        ("zh", "两年内", "两年内"),
        ("ar", "خلال الأسابيع المقبلة", "خلال الأسابيع المقبلة"),
        ("xx", "on 2025-03-04", "2025-03-04"),
    ],
)
def test_dates_and_periods_are_found_in_their_language(
    language: str, text: str, expected: str
) -> None:
    assert expected in [text[a:b] for a, b in periods(text, 0, len(text), language)]


@pytest.mark.parametrize(
    "text", ["they may meet", "May I?", "a monthly report", "12345", "3.5", "versmarzo"]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert periods(text, 0, len(text), "en") == []


@pytest.mark.parametrize(
    "sum_",
    [
        "€2.5 million", "30,000 euros", "$3 bn", "3 millions d’euros", "5 млн рублей", "20亿美元",
        "USD 300 million", "1,000,000 dollars", "2 Milliarden Euro",
    ],
)  # fmt: skip
def test_sums_of_money_are_found_whole(sum_: str) -> None:
    text = f"x {sum_}."
    assert [text[a:b] for a, b in money(text, 0, len(text))] == [sum_]


@pytest.mark.parametrize(
    ("text", "pairs", "halves"),
    [
        ("‘’It went well,’’ he says.", ["‘’It went well,’’"], []),
        ("He said “a ‘b c’ d”.", ["“a ‘b c’ d”", "‘b c’"], []),
        ("“It opens here.", [], ["“It opens here."]),
        ("‘’It opens here.", [], ["‘’It opens here."]),
        ("and closes here.” He left.", [], ["and closes here.”"]),
        ("the leaders’ plan and ‘so’ on", ["‘so’"], []),
        ("»Ja«, sagt er, „so ist es“.", ["»Ja«", "„so ist es“"], []),
        ('"x y" and "z w"', ['"x y"', '"z w"'], []),
        ("«a “b c” d»", ["«a “b c” d»", "“b c”"], []),
        ("「双方」《公报》", ["「双方」", "《公报》"], []),
        ("``c d'' it’s", ["``c d''"], []),
        ("no marks; it’s the leaders’", [], []),
    ],
)
def test_quotations_are_found_by_their_marks(
    text: str, pairs: list[str], halves: list[str]
) -> None:
    assert [text[a:b] for a, b in quoted(text, 0, len(text))] == pairs
    assert [text[a:b] for a, b in half_quoted(text, 0, len(text))] == halves


@pytest.mark.parametrize(
    ("language", "text", "clause"),
    [
        ("fr", "Il a dit que la France paie.", "que la France paie"),
        ("fr", "Il s’engage à verser 3 euros.", "verser 3 euros"),
        ("de", "Er sagt, dass er zahlt, und geht.", "dass er zahlt"),
        ("es", "Acordó reunirse, para hablar.", "para hablar"),
        ("ru", "Он заявил, что Москва готова.", "что Москва готова"),
        ("ru", "Они намерены провести встречу.", "провести встречу"),
        ("uk", "Він сказав, що прийде.", "що прийде"),
        ("ar", "وأكد أن الجزائر ستواصل الدعم.", "أن الجزائر ستواصل الدعم"),
        ("zh", "习近平表示，中方愿加强合作。", "中方愿加强合作"),
    ],
)
def test_what_is_told_is_a_clause_in_every_language(language: str, text: str, clause: str) -> None:
    assert clause in said(text, language)


HOSTILE = [
    "a ", "A ", "Aa ", "President of ", "‘’", "“", "”", "to go ", "12.", "1", "12,", "said, ",
    "in the next 3 ", "said that ", "3 May ", ", ", "的", "中国", "e\u0301", "France ", "\u00a0",
    "x", "US $", "the president of the ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_a_sentence_of_100_000_characters_takes_no_longer_than_a_blink(
    piece: str, language: str
) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    took = []
    for _ in range(3):
        started = process_time()
        found_in.candidates(
            book(),
            Cast(entities=PEOPLE),
            text,
            Sentence(start=0, end=len(text), role="body", text=text),
            language,
        )
        took.append(process_time() - started)
        if took[-1] < 1:
            break
    assert min(took) < 1  # What goes back over a text of this length takes minutes.


@settings(deadline=None, max_examples=80)
@given(
    st.text(
        st.one_of(st.sampled_from("aA1 .,“”‘’«»双的вР€$"), st.characters(codec="utf-8")),
        max_size=60,
    ),
    st.sampled_from(LANGUAGES),
)
def test_every_candidate_of_any_text_lies_in_its_sentence(text: str, language: str) -> None:
    for one in found(text or "x", language):
        assert text[one.start : one.end].strip()
