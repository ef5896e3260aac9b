"""Which sentences a file decides of which somebody says that they are done in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from annotator.formats.told import Told
from annotator.model.sentence import Sentence
from annotator.pipeline import asked
from annotator.pipeline.units import Units, coded


class Deciding:
    """The sentences of a readout, by their keys, as a file that is taken in speaks of them.

    A sentence of which not all could be taken that the file says is never decided: what was left
    out would be told as not there.
    """

    def __init__(self, units: Units) -> None:
        self._units = units
        self._same: dict[int, set[str]] = {}
        self._settled: set[int] = set()
        self._new: set[int] = set()
        self._bare: dict[int, set[str]] = {}
        self._refused: set[int] = set()

    def settle(self, key: int) -> None:
        """Note a sentence that has a label whose answer says what is right."""
        self._settled.add(key)

    def same(self, key: int, mark: str) -> None:
        """Note a mark that says what the file does."""
        self._same.setdefault(key, set()).add(mark)

    def new(self, key: int, mark: str) -> None:
        """Note a mark that the file brings."""
        self._new.add(key)
        self.same(key, mark)

    def refuse(self, keys: Iterable[int]) -> None:
        """Note sentences of which something that the file says is left out."""
        self._refused.update(keys)

    def take(self, told: Told, layers: Collection[str]) -> None:
        """Note the sentences of a text that has no label, or of one not all of which was read.

        Of a text without a label, they were asked of these layers.
        """
        start = told.start or 0
        end = start + len(told.text)
        within = self._units.within(start, end) if told.spoilt or asked.unlabelled(told) else []
        if told.spoilt:
            self.refuse(within)
            return
        for key in within:
            now = self._units.now(key)
            if start <= now.start and now.end <= end:
                self._bare.setdefault(key, set()).update(layers)

    def labelled(self) -> Iterator[tuple[int, Sentence]]:
        """Yield the sentences that are done by their labels, as far as only the file speaks."""
        for key in sorted((self._settled & self._same.keys()) - self._refused):
            now = self._units.now(key)
            only = {mark.id for mark in now.marks} <= self._same[key]
            silent = not now.note and not now.flagged
            if now.state == "new" and (key in self._new or (only and silent)):
                yield key, now.changed(state="done")

    def bare(self) -> Iterator[tuple[int, Sentence]]:
        """Yield the sentences that are done without a label."""
        for key in sorted(self._bare.keys() - self._refused):
            layers, now = self._bare[key], self._units.now(key)
            if not coded(now) or (now.is_partial and now.state == "done"):
                yield key, asked.of(now, layers).replaced(state="done")
