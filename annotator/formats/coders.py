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


def cut_apart(rows: Sequence[SentenceRow]) -> Iterator[SentenceRow]:
    """Yield the sentences that overlap some of other coders, none of which is cut alike."""
    alike = Counter((row.start, row.end) for row in rows)
    for row in rows:
        if alike[row.start, row.end] == 1 and any(
            other.coder != row.coder and other.start < row.end and row.start < other.end
            for other in rows
        ):
            yield row
