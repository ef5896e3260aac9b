"""The words of a query: looked for in sentences, with the places where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from annotator.model.spelling import pattern
from annotator.pipeline.expression import Expression, Places
from annotator.pipeline.gist import Spot
from annotator.pipeline.query import TEXT, Clause


class _Places(Protocol):
    def places(self, texts: Sequence[str]) -> list[Places]: ...


class _Words:
    """Words and phrases: case, kinds of blanks and how an accent is written do not matter."""

    def __init__(self, phrases: Sequence[str]) -> None:
        ways = (r"\s+".join(map(pattern, phrase.split())) for phrase in phrases)
        self._pattern = re.compile("|".join(ways), re.IGNORECASE)

    def places(self, texts: Sequence[str]) -> list[Places]:
        """Return where they stand in each text."""
        return [[found.span() for found in self._pattern.finditer(text)] for text in texts]

    def stand_in(self, text: str) -> bool:
        """Tell whether they stand anywhere in a text."""
        return self._pattern.search(text) is not None


@dataclass(frozen=True)
class _Part:
    """One clause about the text; the places of the `leading` one are what is shown."""

    looks: _Places
    negative: bool
    leading: bool


class Looking:
    """Looks for what a query says about the text of sentences; a context, for it may use processes.

    Raises InputError where an expression is none, or takes too long.
    """

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._parts: list[_Part] = []
        self._processes = ExitStack()
        leading = next((clause for clause in clauses if not clause.negative), None)
        # Words are looked for before expressions: that is fast, and leaves fewer sentences.
        for clause in sorted(clauses, key=lambda clause: clause.field != TEXT):
            try:
                looks = _Words(clause.values) if clause.field == TEXT else self._expression(clause)
            except BaseException:
                self.close()
                raise
            self._parts.append(_Part(looks, clause.negative, clause is leading))

    def _expression(self, clause: Clause) -> Expression:
        return self._processes.enter_context(Expression(clause.values[0]))

    def may_hold(self, text: str) -> bool:
        """Tell whether a sentence of this text can answer, as far as that is seen at once."""
        words = [part for part in self._parts if isinstance(part.looks, _Words)]
        return all(
            part.negative or (isinstance(part.looks, _Words) and part.looks.stand_in(text))
            for part in words
        )

    def hits(self, text: str, spots: Sequence[Spot]) -> Iterator[tuple[Spot, Places]]:
        """Yield the sentences that answer, and where in the text it is that they do.

        That is where the first words or expression stand or, without any, the sentence itself.
        """
        left, shown = list(spots), dict[Spot, Places]()
        for part in self._parts:
            found = part.looks.places([text[spot.start : spot.end] for spot in left])
            pairs = [(s, p) for s, p in zip(left, found, strict=True) if bool(p) != part.negative]
            left = [spot for spot, _ in pairs]
            if part.leading:
                shown = dict(pairs)
        for spot in left:
            places = shown.get(spot) or [(0, spot.end - spot.start)]
            yield spot, [(spot.start + start, spot.start + end) for start, end in places]

    def close(self) -> None:
        """End the processes."""
        self._processes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
