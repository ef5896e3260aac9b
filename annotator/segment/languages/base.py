"""What the splitter has to know of a language, as plain data."""

from __future__ import annotations

from typing import NamedTuple


def words(listing: str) -> tuple[str, ...]:
    """Return the words of a listing that white space parts."""
    return tuple(listing.split())


def lines(listing: str) -> tuple[str, ...]:
    """Return the lines of a listing, trimmed, empty ones left out."""
    return tuple(line.strip() for line in listing.splitlines() if line.strip())


class Language(NamedTuple):
    """The words of one language that decide about sentence ends; all languages hold at once.

    Abbreviations are written without their last full stop. One in small letters is known in any
    case; one with capitals only as written, and in capitals throughout.
    """

    titles: tuple[str, ...] = ()
    """Never end a sentence: “Mr”, “e.g”."""
    before_number: tuple[str, ...] = ()
    """Do not end a sentence before a number: “No”, “Art”, “Jan”."""
    names: tuple[str, ...] = ()
    """End a sentence only before a word that starts one: “Inc”, “Jr”, “Calif”."""
    units: tuple[str, ...] = ()
    """May end a sentence after a number, else stand before a name: “г”."""
    clock: tuple[str, ...] = ()
    """End a sentence unless a zone, a day or a month comes next: “p.m”."""
    zones: tuple[str, ...] = ()
    """What may follow a time of day."""
    starters: tuple[str, ...] = ()
    """Small words that start a sentence and seldom belong to a name; in small letters."""
    name_words: tuple[str, ...] = ()
    """Starters that are parts of names too: after an initial they start nothing."""
    months: tuple[str, ...] = ()
    """The names of the months and their short forms, in small letters."""
    weekdays: tuple[str, ...] = ()
    """The names of the days of the week and their short forms, in small letters."""
    date_leads: tuple[str, ...] = ()
    """What may stand between a place and a date, or before a date on its own line."""
    year_words: tuple[str, ...] = ()
    """What may follow the year of a date."""
    ordinal_leads: tuple[str, ...] = ()
    """Before a number with a full stop these make it an ordinal: “am 3. Oktober”."""
    reporting: tuple[str, ...] = ()
    """Verbs after a name that carry on a sentence whose quotation ended in ? or !."""
    formulas: tuple[str, ...] = ()
    """Whole lines of press-office boilerplate, in small letters."""
    formula_openings: tuple[str, ...] = ()
    """How lines of press-office boilerplate begin, in small letters."""
