"""Words of time become a class and a date, worked out from the day of the event."""

from __future__ import annotations

from datetime import date

import pytest

from annotator.model.mark import DateValue
from annotator.session.calendars import CALENDARS
from annotator.session.timeframe import When, day_of, time_words, when

DAY = date(2021, 4, 13)
"""A Tuesday."""

READ: tuple[tuple[str, str, str, str | None], ...] = (
    ("en", "on 14 June", "dated", "2021-06-14"),
    ("en", "June 14", "dated", "2021-06-14"),
    ("en", "on 14 June 2023", "dated", "2023-06-14"),
    ("en", "on 12 April", "dated", "2022-04-12"),
    ("en", "on 13 April", "dated", "2021-04-13"),
    ("en", "2021-06-14", "dated", "2021-06-14"),
    ("en", "on 9 and 10 March", "dated", "2022-03-09/2022-03-10"),
    ("en", "May 3-4", "dated", "2021-05-03/2021-05-04"),
    ("en", "in the week of 9 June", "dated", "2021-06-07/2021-06-13"),
    ("en", "as of midnight on 18 January", "dated", "2022-01-18"),
    ("en", "not later than 1 February", "dated", "2022-02-01"),
    ("en", "on 31 June", "dated", None),
    ("en", "in May", "dated", "2021-05"),
    ("en", "in April", "dated", "2021-04"),
    ("en", "in March", "dated", "2022-03"),
    ("en", "mid-June", "dated", "2021-06"),
    ("en", "in June 2025", "dated", "2025-06"),
    ("en", "by 2027", "dated", "2027"),
    ("en", "next week", "dated", "2021-04-19/2021-04-25"),
    ("en", "this week", "dated", "2021-04-13/2021-04-18"),
    ("en", "next month", "dated", "2021-05"),
    ("en", "early next year", "dated", "2022"),
    ("en", "this year", "dated", "2021"),
    ("en", "by the end of the year", "dated", "2021-12-31"),
    ("en", "by the end of next year", "dated", "2022-12-31"),
    ("en", "by the end of the month", "dated", "2021-04-30"),
    ("en", "by the end of the week", "dated", "2021-04-18"),
    ("en", "until the end of February", "dated", "2022-02-28"),
    ("en", "before the end of 2028", "dated", "2028-12-31"),
    ("en", "before the New Year", "dated", "2021-12-31"),
    ("en", "by the end of June 2025", "dated", "2025-06-30"),
    ("en", "by Saturday", "dated", "2021-04-17"),
    ("en", "on Tuesday", "dated", "2021-04-20"),
    ("en", "tomorrow", "dated", "2021-04-14"),
    ("en", "within two days", "dated", "2021-04-13/2021-04-15"),
    ("en", "in the next 30 days", "dated", "2021-04-13/2021-05-13"),
    ("en", "in 9999 years", "dated", None),
    ("en", "today", "immediate", "2021-04-13"),
    ("en", "without delay", "immediate", None),
    ("en", "within the hour", "immediate", None),
    ("en", "before long", "near_term", None),
    ("en", "in the near future", "near_term", None),
    ("en", "in the coming weeks", "near_term", None),
    ("en", "in the summer", "near_term", None),
    ("en", "at all times", "ongoing", None),
    ("en", "on a regular basis", "ongoing", None),
    ("en", "as long as it takes", "open_ended", None),
    ("en", "in due course", "open_ended", None),
    ("fr", "le 14 juin", "dated", "2021-06-14"),
    ("fr", "le 1er mai", "dated", "2021-05-01"),
    ("fr", "d’ici à la fin de l’année", "dated", "2021-12-31"),
    ("fr", "la semaine prochaine", "dated", "2021-04-19/2021-04-25"),
    ("fr", "avant fin juin 2025", "dated", "2025-06-30"),
    ("fr", "demain", "dated", "2021-04-14"),
    ("fr", "dans les prochaines semaines", "near_term", None),
    ("fr", "en permanence", "ongoing", None),
    ("de", "am 14. Juni", "dated", "2021-06-14"),
    ("de", "am 14.06.2021", "dated", "2021-06-14"),
    ("de", "in der nächsten Woche", "dated", "2021-04-19/2021-04-25"),
    ("de", "bis Ende des Jahres", "dated", "2021-12-31"),
    ("de", "bis zum Jahresende", "dated", "2021-12-31"),
    ("de", "bis Ende Juni", "dated", "2021-06-30"),
    ("de", "im kommenden Jahr", "dated", "2022"),
    ("de", "morgen", "dated", "2021-04-14"),
    ("de", "unverzüglich", "immediate", None),
    ("de", "in den nächsten Wochen", "near_term", None),
    ("es", "el 14 de junio de 2021", "dated", "2021-06-14"),
    ("es", "la próxima semana", "dated", "2021-04-19/2021-04-25"),
    ("es", "antes de fin de año", "dated", "2021-12-31"),
    ("es", "a finales de junio", "dated", "2021-06-30"),
    ("es", "mañana", "dated", "2021-04-14"),
    ("es", "en los próximos días", "near_term", None),
    ("ru", "14 июня", "dated", "2021-06-14"),
    ("ru", "14.06.2021", "dated", "2021-06-14"),
    ("ru", "до конца года", "dated", "2021-12-31"),
    ("ru", "к концу июня", "dated", "2021-06-30"),
    ("ru", "на следующей неделе", "dated", "2021-04-19/2021-04-25"),
    ("ru", "в июне 2021 года", "dated", "2021-06"),
    ("ru", "завтра", "dated", "2021-04-14"),
    ("ru", "в ближайшее время", "near_term", None),
    ("zh", "6月14日", "dated", "2021-06-14"),
    ("zh", "2021年6月14日", "dated", "2021-06-14"),
    ("zh", "下周", "dated", "2021-04-19/2021-04-25"),
    ("zh", "今年年底前", "dated", "2021-12-31"),
    ("zh", "明年", "dated", "2022"),
    ("zh", "下个月", "dated", "2021-05"),
    ("zh", "两周内", "dated", "2021-04-13/2021-04-27"),
    ("zh", "明天", "dated", "2021-04-14"),
    ("zh", "尽快", "near_term", None),
)


@pytest.mark.parametrize(("language", "words", "kind", "written"), READ)
def test_words_of_time_have_a_class_and_a_date(
    language: str, words: str, kind: str, written: str | None
) -> None:
    found = when(words, DAY, language)
    assert found is not None
    assert (found.kind, found.date) == (kind, written)
    if written is not None:
        assert DateValue(date=written)


@pytest.mark.parametrize(("language", "words", "kind", "written"), READ)
def test_words_of_time_are_found_whole_in_a_sentence(
    language: str, words: str, kind: str, written: str | None
) -> None:
    blank = "" if language == "zh" else " "
    text = f"会{blank}{words}{blank}会" if language == "zh" else f"xx {words} xx."
    start = text.index(words)
    assert time_words(text, 0, len(text), language) == [(start, start + len(words))]


@pytest.mark.parametrize(("language", "words", "kind", "written"), READ)
def test_without_a_day_only_what_needs_none_is_dated(
    language: str, words: str, kind: str, written: str | None
) -> None:
    found = when(words, None, language)
    assert found is not None
    assert found.date in (None, written)
    assert found.kind in (kind, "near_term")


@pytest.mark.parametrize("language", sorted(CALENDARS))
def test_every_language_has_twelve_months_seven_days_and_all_units(language: str) -> None:
    calendar = CALENDARS[language]
    assert set(calendar.months.values()) == set(range(1, 13))
    assert set(calendar.weekdays.values()) == set(range(7))
    assert set(calendar.units.values()) == {"day", "week", "month", "year"}
    for name, month in calendar.months.items():
        shown = name.capitalize() if language in ("en", "de") else name
        found = when(shown, DAY, language)
        assert found is not None, name
        assert found.date == f"{2021 + (month < 4)}-{month:02d}"


def test_a_term_on_a_condition_runs_from_a_day_that_nobody_knows() -> None:
    assert when("within two days", DAY, "en", from_event=False) == When("near_term")
    assert when("within two years", DAY, "en", from_event=False) == When("dated")


def test_a_year_alone_is_understood_and_not_looked_for() -> None:
    text = "They will carry out the 2015 accord."
    assert time_words(text, 0, len(text), "en") == []
    assert when("2015", DAY, "en") == When("dated", "2015")


@pytest.mark.parametrize("words", ["", "the bridge", "may", "march on", "0 June", "x" * 5000])
def test_what_is_no_time_is_not_understood(words: str) -> None:
    found = when(words, DAY, "en")
    assert found is None or found.date is None


def test_a_language_without_a_calendar_proposes_nothing() -> None:
    assert when("1月", DAY, "ja") is None
    assert time_words("huomenna", 0, 8, "fi") == []


def test_only_a_whole_day_is_the_day_of_an_event() -> None:
    assert day_of("2021-04-13") == DAY
    assert [day_of(x) for x in (None, "2021", "2021-04", "2021-13-40")] == [None] * 4


def test_the_last_day_of_the_calendar_does_no_harm() -> None:
    last = date(9999, 12, 31)
    for words in ("tomorrow", "next week", "next year", "within two years", "by Saturday"):
        found = when(words, last, "en")
        assert found is not None
        assert found.date is None or found.date.startswith("9999")
