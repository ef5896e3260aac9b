"""What a dataset could not hold: counted, and listed beside the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import orjson

FILE: Final = "losses.jsonl"
"""The file that lists what was lost: one object with `what` and `where`, an id, to a line."""


class Losses:
    """Takes what a dialect reports; `known` are the losses that it may report.

    Each is handed to `write` at once, as a line of the report, so that memory does not grow.
    """

    def __init__(self, known: tuple[str, ...], write: Callable[[bytes], None]) -> None:
        self._known = frozenset(known)
        self._write = write
        self.counts: Counter[str] = Counter()

    def add(self, what: str, where: str) -> None:
        """Report one loss; raises ValueError where the table does not say that it may happen."""
        if what not in self._known:
            raise ValueError(f"the table of formats does not know the loss “{what}”")
        self.counts[what] += 1
        self._write(orjson.dumps({"what": what, "where": where}, option=orjson.OPT_APPEND_NEWLINE))

    def said(self) -> list[str]:
        """Return what was lost, the most frequent first, each as a count and words."""
        return [f"{count:,} × {what}" for what, count in self.counts.most_common()]
