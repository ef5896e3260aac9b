"""The rows of several coders beside each other: which are of one sentence, and which of none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotator.model.record import SentenceRow

Beside = Mapping[tuple[int, int], Sequence[SentenceRow]]


def beside_each(rows: Iterable[SentenceRow]) -> Beside:
    """Return the rows by the boundaries of their sentences."""
    found: dict[tuple[int, int], list[SentenceRow]] = {}
    for row in rows:
        found.setdefault((row.start, row.end), []).append(row)
    return found


def overlapping(rows: Iterable[SentenceRow]) -> dict[str, list[SentenceRow]]:
    """Return the sentences of other coders that overlap one and are cut otherwise, by its id.

    They are in the order of the text. A sentence without any is not in it.
    """
    found: dict[str, list[SentenceRow]] = {}
    begun: list[SentenceRow] = []
    for row in sorted(rows, key=lambda row: (row.start, row.end, row.coder)):
        begun = [one for one in begun if row.start < one.end]
        for one in begun:
            if one.coder != row.coder and (one.start, one.end) != (row.start, row.end):
                found.setdefault(one.id, []).append(row)
                found.setdefault(row.id, []).append(one)
        begun.append(row)
    return found


def cut_apart(rows: Sequence[SentenceRow]) -> Iterator[SentenceRow]:
    """Yield the sentences that overlap some of other coders, none of which is cut alike."""
    alike = Counter((row.start, row.end) for row in rows)
    apart = overlapping(rows)
    return (row for row in rows if alike[row.start, row.end] == 1 and row.id in apart)
