"""What words of time amount to: a class, and a date worked out from the day of the event.

Rules only, for the languages of `calendars`. A day without a year is the first such day from the
event on, a month likewise. “By”, “before” and “until” give the time that they name: by June is
June, and only “the end of” something is its last day. A week runs from Monday to Sunday. Seasons
and words such as “soon” have a class and no date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from annotator.session.calendars import CALENDARS, Calendar, Unit
from annotator.session.words import Range

TimeClass = Literal["none", "immediate", "near_term", "dated", "ongoing", "open_ended"]
_DAYS: Final[dict[Unit, int]] = {"day": 1, "week": 7, "month": 30, "year": 365}
_ISO = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)")
_LONGEST: Final = 400
"""Code points that are read for one time."""
_FARTHEST: Final = 1000
"""Units that are counted on; more of them are no date that anybody means."""


@dataclass(frozen=True)
class When:
    """A class of time, and an ISO date or an interval of two with a slash, if one follows."""

    kind: TimeClass
    date: str | None = None


@dataclass(frozen=True)
class _Found:
    start: int
    end: int
    when: TimeClass | None
    groups: dict[str, str]
    rank: int


def day_of(written: str | None) -> date | None:
    """Return the day that an ISO date names; None where it names a month, a year or nothing."""
    try:
        return date.fromisoformat(written) if written and len(written) == 10 else None
    except ValueError:
        return None


def calendar_of(language: str) -> Calendar | None:
    """Return the calendar of a language by its BCP 47 tag, or None where there is none."""
    return CALENDARS.get(language.partition("-")[0].casefold())


def when(words: str, day: date | None, language: str, *, from_event: bool = True) -> When | None:
    """Say what words of time amount to, told of an event of that day.

    None where the words are not understood. Without a day, only what needs none is dated. Terms
    such as “within two days” run from the day of the event, or else, as where they hang on a
    condition, from a day that nobody knows: then they are near and have no date.
    """
    calendar = calendar_of(language)
    if calendar is None:
        return None
    found = min(_found(words, 0, min(len(words), _LONGEST), language), key=_telling, default=None)
    if found is None:
        return None
    if found.when is not None:
        return _said(found, day)
    if "run" in found.groups and (day is None or not from_event):
        unit = calendar.units[found.groups["unit"].casefold()]
        return When("dated" if unit == "year" else "near_term")
    return _dated(calendar, found.groups, day)


def _telling(found: _Found) -> tuple[int, int, int]:
    return found.rank, found.start, -found.end


def time_words(text: str, start: int, end: int, language: str) -> list[Range]:
    """Return the stretches of `text[start:end]` that say when, in reading order.

    None lies within another. The small words before a time, such as “by the”, belong to it. A year
    alone is left out: it may as well be the name of something, as in “the 2015 accord”.
    """
    if calendar_of(language) is None:
        return []
    taken: list[Range] = []
    every = (f for f in _found(text, start, end, language) if not text[f.start : f.end].isdigit())
    for found in sorted(every, key=lambda f: (f.start, -f.end)):
        if not taken or found.start >= taken[-1][1]:
            taken.append((found.start, found.end))
        elif found.end > taken[-1][1]:
            taken[-1] = (taken[-1][0], found.end)
    return taken


def _found(text: str, start: int, end: int, language: str) -> Iterator[_Found]:
    for rank, (pattern, kind) in enumerate(_patterns(language.partition("-")[0].casefold())):
        for match in pattern.finditer(text, start, end):
            groups = {name: got for name, got in match.groupdict().items() if got is not None}
            yield _Found(match.start(), match.end(), kind, groups, rank)


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], TimeClass | None], ...]:
    calendar = CALENDARS[language]
    names = {
        "month": _group("month", calendar.months, capital=language in ("en", "de")),
        "weekday": _group("weekday", calendar.weekdays, capital=language in ("en", "de")),
        "unit": _group("unit", calendar.units),
        "number": rf"(?P<n>\d{{1,4}}|{_either(calendar.numbers)})",
    }
    shaped = [shape.format(**names) for shape in calendar.shapes]
    said: list[tuple[str, TimeClass | None]] = [
        (words, kind) for kind, words in _classes(calendar).items()
    ]
    alone: list[tuple[str, TimeClass | None]] = [
        (f"(?P<today>{calendar.today})", "immediate"),
        (f"(?P<tomorrow>{calendar.tomorrow})", "dated"),
    ]
    every = [*((shape, None) for shape in shaped), *said, *alone]
    made: list[tuple[re.Pattern[str], TimeClass | None]] = [(_ISO, None)]
    for body, kind in every:
        made.append((re.compile(_whole(calendar, body), re.IGNORECASE), kind))
    return tuple(made)


def _classes(calendar: Calendar) -> dict[TimeClass, str]:
    known: tuple[TimeClass, ...] = ("immediate", "near_term", "ongoing", "open_ended")
    return {kind: calendar.said[kind] for kind in known if kind in calendar.said}


def _whole(calendar: Calendar, body: str) -> str:
    if not calendar.spaced:
        return rf"(?:{calendar.lead})?(?:{body})"
    body = body.replace(" ", r"\s")
    lead = calendar.lead.replace(" ", r"\s")
    return rf"(?<!\w)(?:{lead}\s)?(?:{body})(?!\w)"


def _either(names: dict[str, int] | dict[str, Unit]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _group(name: str, names: dict[str, int] | dict[str, Unit], *, capital: bool = False) -> str:
    # English “may” and “march” are months with a capital only.
    words = [re.escape(word.capitalize() if capital else word) for word in names]
    body = "|".join(sorted(words, key=len, reverse=True))
    return f"(?P<{name}>{f'(?-i:{body})' if capital else body})"


def _said(found: _Found, day: date | None) -> When:
    kind: TimeClass = found.when or "none"
    if "today" in found.groups:
        return When(kind, day.isoformat() if day else None)
    if "tomorrow" in found.groups:
        return When(kind, _moved(day, 1, "day") if day and day < date.max else None)
    return When(kind)


def _moved(day: date, by: int, unit: Unit) -> str:
    return _later(day, by, unit).isoformat()


def _later(day: date, by: int, unit: Unit) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=by * _DAYS[unit])
    months = day.year * 12 + day.month - 1 + by * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _dated(calendar: Calendar, got: dict[str, str], day: date | None) -> When | None:
    try:
        return When("dated", _iso(calendar, got, day))
    except (ValueError, OverflowError):  # The 31st of June, or a year beyond the calendar.
        return When("dated")


def _iso(calendar: Calendar, got: dict[str, str], day: date | None) -> str | None:
    month = calendar.months.get(got.get("month", "").casefold()) or int(got.get("m", 0))
    year = int(got["y"]) if "y" in got else None
    if "d" in got and month:
        return _day(got, month, year, day)
    if month:
        year = year or (None if day is None else day.year + (month < day.month))
        if year is None:
            return None
        last = date(year, month, monthrange(year, month)[1])
        return last.isoformat() if "end" in got else f"{year}-{month:02d}"
    if "weekday" in got:
        wanted = calendar.weekdays[got["weekday"].casefold()]
        return _moved(day, (wanted - day.weekday() - 1) % 7 + 1, "day") if day else None
    if "unit" in got:
        return _unit(calendar, got, day)
    if year is None and day is not None and "end" in got:
        year = day.year
    if year is None:
        return None
    return date(year, 12, 31).isoformat() if "end" in got else str(year)


def _day(got: dict[str, str], month: int, year: int | None, day: date | None) -> str | None:
    if year is None:
        if day is None:
            return None
        first = (month, int(got.get("e", got["d"]))) < (day.month, day.day)
        year = day.year + first
    found = date(year, month, int(got["d"]))
    if "week" in got:
        monday = found - timedelta(days=found.weekday())
        return f"{monday.isoformat()}/{_moved(monday, 6, 'day')}"
    if "e" in got:
        return f"{found.isoformat()}/{date(year, month, int(got['e'])).isoformat()}"
    return found.isoformat()


def _unit(calendar: Calendar, got: dict[str, str], day: date | None) -> str | None:
    unit = calendar.units[got["unit"].casefold()]
    if day is None:
        return None
    if "n" in got:
        count = calendar.numbers.get(got["n"].casefold()) or int(got["n"])
        if count > _FARTHEST:
            return None
        return f"{day.isoformat()}/{_moved(day, count, unit)}"
    here = _later(day, 1, unit) if "next" in got else day
    if unit == "year":
        return date(here.year, 12, 31).isoformat() if "end" in got else str(here.year)
    if unit == "month":
        last = date(here.year, here.month, monthrange(here.year, here.month)[1])
        return last.isoformat() if "end" in got else f"{here.year}-{here.month:02d}"
    if unit == "week":
        monday = here - timedelta(days=here.weekday())
        sunday = _moved(monday, 6, "day")
        first = monday if "next" in got else day
        return sunday if "end" in got else f"{first.isoformat()}/{sunday}"
    return here.isoformat()
