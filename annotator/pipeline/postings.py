"""What sentences answer to, by the index: postings are the places of each term in each journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import orjson

from annotator.config import SAMPLE_CODER
from annotator.pipeline.gist import ALL, Facts, Spot, Term, unpacked_spots
from annotator.pipeline.tables import Parameters, Row

_PAGE: Final = 256

_POSTINGS: Final = """
SELECT page.value, posting.term, posting.places
FROM json_each(?) AS page CROSS JOIN posting ON posting.journal = page.value
    AND posting.term IN (SELECT value FROM json_each(?))
"""
_SPOTS: Final = """
SELECT journal.id, readout, text, spots
FROM json_each(?) AS page CROSS JOIN journal ON journal.id = page.value
CROSS JOIN coding ON coding.journal = journal.id ORDER BY page.key
"""
_VALUES: Final = """
SELECT value FROM term WHERE field = ?
    AND EXISTS (SELECT 1 FROM posting WHERE posting.term = term.id) ORDER BY value
"""


@dataclass(frozen=True)
class Hits:
    """The sentences of a readout that were found; `text` is the sha256 of the text they are of."""

    readout: str
    text: str
    spots: Sequence[Spot]


@dataclass(frozen=True)
class Wanted:
    """What sentences must answer to: one of some terms or, `negative`, none of them."""

    terms: tuple[Term, ...]
    negative: bool = False


class Postings:
    """The sentences that the index knows, asked through `ask`, which gives the rows of a query."""

    def __init__(self, ask: Callable[[str, Parameters], list[Row]]) -> None:
        self._ask = ask

    def places(
        self, coder: str, wanted: Sequence[Wanted], *, readouts: frozenset[str] | None = None
    ) -> Iterator[Hits]:
        """Yield the sentences of a coder that answer, by readout, in reading order.

        Those of `readouts` are looked at, or of all; where nothing is wanted, all answer.
        """
        numbered = [(self._any_of(one.terms), one.negative) for one in wanted]
        if any(not numbers and not negative for numbers, negative in numbered):
            return
        every = _json(sorted({number for numbers, _ in numbered for number in numbers}))
        sql = "SELECT id, readout FROM journal WHERE sample = ? AND coder = ? ORDER BY readout"
        found = self._ask(sql, (coder == SAMPLE_CODER, coder))
        journals = [number for number, name in found if readouts is None or name in readouts]
        for start in range(0, len(journals), _PAGE):
            page = journals[start : start + _PAGE]
            bits: dict[int, dict[int, bytes]] = {number: {} for number in page}
            for journal, term, places in self._ask(_POSTINGS, (_json(page), every)):
                bits[journal][term] = places
            answers = {one: _answering(numbered, known) for one, known in bits.items()}
            rows = self._ask(_SPOTS, (_json([one for one in page if answers[one]]),))
            for journal, readout, text, packed in rows:
                spots = unpacked_spots(packed, answers[journal])
                if spots:
                    yield Hits(readout, text, spots)

    def sentences(self, coder: str, readout: str) -> Hits | None:
        """Return all sentences of a readout as a coder has them, None where only files can tell."""
        sql = "SELECT id FROM journal WHERE sample = ? AND coder = ? AND readout = ?"
        rows = self._ask(sql, (coder == SAMPLE_CODER, coder, readout))
        found = self._ask(_SPOTS, (_json([number for (number,) in rows]),))
        return next(
            (Hits(name, text, unpacked_spots(spots, ALL)) for _, name, text, spots in found), None
        )

    def facts(self) -> Iterator[Facts]:
        """Yield what is asked about each readout, sorted by their ids."""
        sql = "SELECT id, words, language, side, event, kind, date FROM readout ORDER BY id"
        yield from (Facts(*row) for row in self._ask(sql, ()))

    def values(self, field: str) -> list[str]:
        """Return the values of a field that some sentence answers to, sorted."""
        return [value for (value,) in self._ask(_VALUES, (field,))]

    def known(self, column: Literal["side", "language", "event"]) -> list[str]:
        """Return what the readouts are known to have there, casefolded and sorted."""
        sql = f"SELECT DISTINCT {column} FROM readout WHERE {column} != '' ORDER BY {column}"  # noqa: S608
        return [value for (value,) in self._ask(sql, ())]

    def _any_of(self, terms: Sequence[Term]) -> frozenset[int]:
        """Return the numbers of those terms that something answers to; `*` is any of its field."""
        sql = "SELECT id FROM term WHERE field = ?1 AND (value = ?2 OR ?2 = '*')"
        return frozenset(number for term in terms for (number,) in self._ask(sql, term))


def _answering(wanted: Sequence[tuple[frozenset[int], bool]], known: Mapping[int, bytes]) -> int:
    """Return the places of a journal that answer, as bits: -1 stands for all of them."""
    bits = ALL
    for numbers, negative in wanted:
        either = 0
        for number in numbers & known.keys():
            either |= int.from_bytes(known[number], "little")
        bits &= ~either if negative else either
    return bits


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()
