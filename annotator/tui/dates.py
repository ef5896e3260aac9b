"""Dates in words: a table of month names, so that nothing depends on what a machine has installed.

A library of all the world's locales weighs more than this program; the names of twelve months do
not change.
"""

from __future__ import annotations

from typing import Final

from annotator.config import Dates
from annotator.tui.reflow import cells

_MONTHS: Final[dict[Dates, str]] = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
    " dezembro",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "zh": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}
# A month without its day stands in another case in the Slavic languages.
_ALONE: Final[dict[Dates, str]] = {
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uk": "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад"
    " грудень",
}
_DAYS: Final[dict[Dates, str]] = {
    "de": "{day}. {month} {year}",
    "es": "{day} de {month} de {year}",
    "pt": "{day} de {month} de {year}",
    "ru": "{day} {month} {year} г.",
    "uk": "{day} {month} {year} р.",
    "zh": "{year}年{month}{day}日",
}
_PARTS: Final[dict[Dates, str]] = {
    "es": "{month} de {year}",
    "pt": "{month} de {year}",
    "ru": "{month} {year} г.",
    "uk": "{month} {year} р.",
    "zh": "{year}年{month}",
}
_FIRSTS: Final[dict[Dates, str]] = {"fr": "1er", "it": "1º", "pt": "1º"}
_YEARS: Final[dict[Dates, str]] = {"zh": "{year}年"}


def said(date: str, language: Dates) -> str:
    """Return a date `YYYY-MM-DD`, `YYYY-MM` or `YYYY` as a language writes it.

    What is no such date comes back as it is: a screen must not refuse what a file says.
    """
    if language == "iso":
        return date
    parts = date.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > len("ymd"):
        return date
    year, month, day = (*map(int, parts), 0, 0)[:3]
    if len(parts) == 1:
        return _YEARS.get(language, "{year}").format(year=year)
    if not 1 <= month <= len(_MONTHS["en"].split()):
        return date
    if not day:
        names = _ALONE.get(language, _MONTHS[language]).split()
        return _PARTS.get(language, "{month} {year}").format(month=names[month - 1], year=year)
    first = _FIRSTS.get(language, "1") if day == 1 else str(day)
    pattern = _DAYS.get(language, "{day} {month} {year}")
    return pattern.format(day=first, month=_MONTHS[language].split()[month - 1], year=year)


def widest(language: Dates) -> int:
    """Return how many cells the longest date of a language fills."""
    return max(cells(said(f"2000-{month:02}-28", language)) for month in range(1, 13))
