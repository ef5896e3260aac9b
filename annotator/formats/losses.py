"""What a dataset could not hold: counted, and listed beside the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import orjson

FILE: Final = "losses.jsonl"
"""The file that lists what was lost: a line has `kind`, `what` and `where`, which is an id."""

UNPLACED: Final = "mark that waits for a place since the text changed"
"""The loss of every form: what has no place in the text can be in none."""


class Losses:
    """Takes what a dialect reports: the losses `known`, and what only stays `unseen`.

    What is unseen comes back with the rows of ours, but the programs of the form do not show it.
    `counts` counts what is lost, `unseen` the rest.

    Each is handed to `write` at once, as a line of the report, so that memory does not grow.
    """

    def __init__(
        self, known: tuple[str, ...], write: Callable[[bytes], None], unseen: tuple[str, ...] = ()
    ) -> None:
        self._known = frozenset((UNPLACED, *known))
        self._unseen = frozenset(unseen)
        self._write = write
        self.counts: Counter[str] = Counter()
        self.unseen: Counter[str] = Counter()

    def add(self, what: str, where: str) -> None:
        """Report one loss; raises ValueError where the table does not say that it may happen."""
        if what not in self._known | self._unseen:
            raise ValueError(f"the table of formats does not know the loss “{what}”")
        is_lost = what in self._known
        (self.counts if is_lost else self.unseen)[what] += 1
        line = {"kind": "lost" if is_lost else "unseen", "what": what, "where": where}
        self._write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def said(self) -> list[str]:
        """Return what was lost, the most frequent first, each as a count and words."""
        return [f"{count:,} × {what}" for what, count in self.counts.most_common()]
