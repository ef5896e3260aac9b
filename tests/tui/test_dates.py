"""Dates as people write them."""

from __future__ import annotations

from typing import get_args

import pytest

from annotator.config import Dates
from annotator.tui.dates import said, widest
from annotator.tui.reflow import cells

LANGUAGES: tuple[Dates, ...] = get_args(Dates)


@pytest.mark.parametrize(
    ("language", "day", "month", "year"),
    [
        ("iso", "2021-04-13", "2021-04", "2021"),
        ("en", "13 April 2021", "April 2021", "2021"),
        ("fr", "13 avril 2021", "avril 2021", "2021"),
        ("de", "13. April 2021", "April 2021", "2021"),
        ("es", "13 de abril de 2021", "abril de 2021", "2021"),
        ("it", "13 aprile 2021", "aprile 2021", "2021"),
        ("pt", "13 de abril de 2021", "abril de 2021", "2021"),
        ("ru", "13 апреля 2021 г.", "апрель 2021 г.", "2021"),
        ("uk", "13 квітня 2021 р.", "квітень 2021 р.", "2021"),
        ("zh", "2021年4月13日", "2021年4月", "2021年"),
    ],
)
def test_a_date_is_said_as_far_as_it_is_known(
    language: Dates, day: str, month: str, year: str
) -> None:
    assert said("2021-04-13", language) == day
    assert said("2021-04", language) == month
    assert said("2021", language) == year


@pytest.mark.parametrize(
    ("language", "first"),
    [("fr", "1er juin 2025"), ("it", "1º giugno 2025"), ("en", "1 June 2025")],
)
def test_the_first_of_a_month_is_said_its_own_way(language: Dates, first: str) -> None:
    assert said("2025-06-01", language) == first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "date", ["", "soon", "2021-13", "2021-00-01", "2021-4-x", "1-2-3-4", "٢٠٢١"]
)
def test_what_is_no_date_is_shown_as_it_is(language: Dates, date: str) -> None:
    assert said(date, language) == date


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_a_name_of_its_own_and_fits_its_column(language: Dates) -> None:
    days = [said(f"2021-{month:02}-28", language) for month in range(1, 13)]
    assert len(set(days)) == 12
    assert max(map(cells, days)) == widest(language)
