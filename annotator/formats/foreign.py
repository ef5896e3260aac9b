"""Values of JSON from outside, checked: what is of another type is refused in one sentence."""

from __future__ import annotations

import json
from bisect import bisect_left
from itertools import accumulate
from math import nan
from typing import Any

from annotator.errors import InputError
from annotator.files import encoded, printable


def string(value: object, place: str, what: str) -> str:
    """Return a string of whole characters; raises InputError where the value is none."""
    if not isinstance(value, str):
        raise InputError(f"{place}: {what} is no string.")
    encoded(value, place)
    return value


def name(value: object, place: str, what: str) -> str:
    """Return a label or an id, which may be a number; raises InputError for any other type."""
    text = str(value) if type(value) is int else string(value, place, what)
    if not text:
        raise InputError(f"{place}: {what} is empty.")
    return text


def score(value: object) -> float | None:
    """Return a score between 0 and 1, None for null, NaN, which JSON does not have, for any other.

    Whoever does not ask how sure a program was does not lose a label by it.
    """
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    return nan


def items(value: object, place: str, what: str) -> list[Any]:
    """Return a list, empty for null; raises InputError for any other type."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{place}: {what} is no list.")
    return value


def fields(value: object, place: str, what: str) -> dict[str, Any]:
    """Return an object, empty for null; raises InputError for any other type."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{place}: {what} is no object.")
    return value


def as_said(value: object) -> str:
    """Return a value as JSON has it, cut short."""
    return printable(json.dumps(value, ensure_ascii=False, default=str)[:40])


def is_shifted(text: str, said: tuple[object, object], found: tuple[int, int]) -> bool:
    """Tell whether a range cuts words as it was found, and would not as code points.

    That is said, and no more: which way of counting was meant, a file does not say.
    """
    start, end = said
    if not (isinstance(start, int) and isinstance(end, int)) or said == found:
        return False
    return end <= len(text) and _cuts(text, *found) and not _cuts(text, start, end)


def _cuts(text: str, *places: int) -> bool:
    inner = (at for at in places if 0 < at < len(text))
    return any(text[at - 1].isalnum() and text[at].isalnum() for at in inner)


class CodePoints:
    """Checks ranges of a text that count its code points."""

    unit = "code point"

    def __init__(self, text: str) -> None:
        self._text = text

    def outward(self, at: int) -> int:
        """Return a place in code points as the units that are counted here."""
        return at

    def inward(self, at: int) -> int | None:
        """Return a place in such units as code points, None where none begins there."""
        return at if at <= len(self._text) else None

    def span(self, start: object, end: object, place: str) -> tuple[int, int]:
        """Return a range from outside in code points; raises InputError where it is none."""
        found = [self.inward(at) if type(at) is int and at >= 0 else None for at in (start, end)]
        first, last = found
        if first is None or last is None or first >= last:
            said = f"{as_said(start)} to {as_said(end)}"
            raise InputError(
                f"{place}: {said} is no stretch of the text.", f"Count in {self.unit}s, from 0."
            )
        return first, last


class Utf16(CodePoints):
    """Checks ranges of a text that count UTF-16 code units, as programs in JavaScript do."""

    unit = "UTF-16 code unit"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        beyond = bool(text) and max(text) > "\uffff"
        # Where each code point begins, and the end; not needed where one is one unit.
        self._starts = (
            list(accumulate((1 + (char > "\uffff") for char in text), initial=0)) if beyond else []
        )

    def outward(self, at: int) -> int:
        """Return a place in code points as UTF-16 code units."""
        return self._starts[at] if self._starts else at

    def inward(self, at: int) -> int | None:
        """Return a place in UTF-16 code units as code points, None within a surrogate pair."""
        if not self._starts:
            return super().inward(at)
        found = bisect_left(self._starts, at)
        return found if found < len(self._starts) and self._starts[found] == at else None
