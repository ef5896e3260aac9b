"""Completion of a typed line: what a word that is begun may become, and what Tab makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from annotator.pipeline.nearest import nearest, nearest_fields
from annotator.tui import paint
from annotator.tui.line import TypedLine
from annotator.tui.paint import Line, Run, ink

MOST: Final = 200
"""How many candidates are looked through by Tab."""


class Words(Protocol):
    """The fields that a line has, and the values of each."""

    @property
    def fields(self) -> Sequence[str]:
        """The names of the fields."""

    def values(self, field: str) -> Sequence[str]:
        """Return the values that a field is known to have."""


class NoWords:
    """A line without fields."""

    fields: Sequence[str] = ()

    def values(self, field: str) -> Sequence[str]:
        """Return nothing."""
        return ()


@dataclass(frozen=True)
class Values:
    """A line that is one of some values, as it stands."""

    whole: Sequence[str]
    fields: Sequence[str] = ()

    def values(self, field: str) -> Sequence[str]:
        """Return nothing."""
        return ()


@dataclass(frozen=True)
class Offer:
    """What may stand in place of `[start, end)` of the line, the nearest first."""

    start: int
    end: int
    candidates: tuple[str, ...]


def offer(typed: str, cursor: int, words: Words) -> Offer:
    """Return what the word before the cursor may become: a field or, behind one, a value."""
    before = typed[:cursor]
    if isinstance(words, Values):
        return Offer(0, cursor, tuple(nearest(before, words.whole)[:MOST]))
    start = max(before.rfind(" "), before.rfind("\t")) + 1
    start += before[start:].startswith("-")
    field, colon, _ = before[start:].partition(":")
    if not colon:
        fields = (f"{name}:" for name in words.fields)
        return Offer(start, cursor, tuple(name for name in fields if name.startswith(field)))
    if field not in words.fields:
        meant = nearest_fields(field, words.fields)
        rest = before[start + len(field) :]
        return Offer(start, cursor, tuple(f"{name}{rest}" for name in meant))
    start = max(start + len(field) + 1, before.rfind("|") + 1)
    found = nearest(before[start:], words.values(field))[:MOST]
    return Offer(start, cursor, tuple(map(_quoted, found)))


def _quoted(value: str) -> str:
    plain = " ".join(value.replace('"', " ").split())
    return plain if plain == value and not set(value) & set(" |") else f'"{plain}"'


class Completer:
    """What Tab does to a line: the first candidate, then the next, until another key is pressed."""

    def __init__(self, words: Callable[[], Words]) -> None:
        self._words = words
        self._offer: Offer | None = None
        self._at = 0

    def press(self, line: TypedLine, by: int = 1) -> bool:
        """Put a candidate into the line; return whether there is one."""
        if self._offer is None:
            found = offer(line.value, line.cursor, self._words())
            begun = line.value[found.start : found.end]
            if not found.candidates or found.candidates == (begun,):
                return False
            self._offer, self._at = found, 0 if by > 0 else len(found.candidates) - 1
        else:
            self._at = (self._at + by) % len(self._offer.candidates)
        candidate = self._offer.candidates[self._at]
        start = self._offer.start
        line.value = line.value[:start] + candidate + line.value[line.cursor :]
        line.cursor = start + len(candidate)
        if len(self._offer.candidates) == 1:
            self.forget()
        return True

    def forget(self) -> None:
        """Begin anew with the next Tab."""
        self._offer = None

    def line(self, line: TypedLine, width: int) -> Line:
        """Show what Tab would put there, the one that it did put lit."""
        found = self._offer or offer(line.value, line.cursor, self._words())
        lit = self._at if self._offer else -1
        first = max(0, lit - 2)
        shown: list[Run] = [Run(" ⇥ ", paint.FAINT)] if found.candidates else []
        for place, candidate in enumerate(found.candidates[first : first + width], first):
            style = "bold $accent" if place == lit else paint.MUTED
            shown += [ink(candidate, style), Run("  ")]
        return paint.fit(tuple(shown), width)
