"""What a dataset holds, counted while it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from annotator.formats.output import Batch
from annotator.formats.work import Work
from annotator.model.agreement import Agreement
from annotator.model.mark import Certainty, Origin
from annotator.model.record import SentenceRow

NAMED: Final = 5
"""Readouts of each licence that are named; their rows tell of all."""


_Key = tuple[str, str, str]
"""A layer, a label of it and a coder."""


@dataclass
class Counts:
    """Counts of the sentences, the marks and the readouts of a dataset.

    `given` and `rejected` count marks, and `bearing` sentences with a given mark, by layer, label
    and coder. `sentences` and `marks` count by coder, `bare` those sentences without any given
    mark. `kinds` counts given marks by origin, certainty and whether they are doubtful, `origins`
    by origin alone, as None where a file of another program gave them and nobody knows it. `shared`
    counts sentences that several coders decided, once each, and `agreement` what those who did not
    skip them gave, the adjudicated coding left out, whose sentences `adjudicated` counts; `settled`
    are those of them that others decided, too. `languages`, `licences`, `issuers` and `documents`
    count readouts by what their metadata say, None where they say nothing; `licensed` names the
    first readouts of each licence. `foreign` counts given marks that were taken in from files of
    other programs, `unseen` the sentences that such a file alone decided, `partial` those that a
    coder decided who is not known to have been asked of all layers, and `unasked` by layer and
    coder the sentences whose layer nobody is known to have looked at. `coded`, `taken` (of foreign
    marks), `events` and `published` are the first and last dates, as far as they are known.
    """

    given: Counter[_Key] = field(default_factory=Counter)
    rejected: Counter[_Key] = field(default_factory=Counter)
    bearing: Counter[_Key] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[Origin, Certainty, bool]] = field(default_factory=Counter)
    origins: Counter[str | None] = field(default_factory=Counter)
    languages: Counter[str | None] = field(default_factory=Counter)
    licences: Counter[str | None] = field(default_factory=Counter)
    licensed: dict[str | None, list[str]] = field(default_factory=dict)
    issuers: Counter[str | None] = field(default_factory=Counter)
    documents: Counter[str | None] = field(default_factory=Counter)
    readouts: int = 0
    translations: int = 0
    without_event: int = 0
    bare: int = 0
    samples: int = 0
    duplicates: int = 0
    shared: int = 0
    adjudicated: int = 0
    settled: int = 0
    agreement: Agreement = field(default_factory=Agreement)
    unplaced: int = 0
    foreign: int = 0
    unseen: int = 0
    partial: int = 0
    unasked: Counter[tuple[str, str]] = field(default_factory=Counter)
    coded: tuple[str, str] | None = None
    taken: tuple[str, str] | None = None
    events: tuple[str, str] | None = None
    published: tuple[str, str] | None = None

    def asked(self, layer: str, coder: str) -> int:
        """Return how many sentences of a coder have a decision on a layer."""
        return self.sentences[coder] - self.unasked[layer, coder]

    @property
    def all_seen(self) -> bool:
        """Whether a coder decided each sentence, and was asked of every layer."""
        return not (self.unseen or self.partial)

    @property
    def total(self) -> int:
        """The number of sentences, one for each coder."""
        return self.sentences.total()

    def add(self, batch: Batch) -> None:
        """Count a readout."""
        self._add_readout(batch.works[0])
        for work in batch.works:
            waiting = [mark for _, sentence in work.sentences for mark in sentence.unplaced]
            self.unplaced += sum(work.includes(mark.layer) for mark in waiting)
        alike: dict[tuple[int, int], list[SentenceRow]] = {}
        rows = [one.sentence for one in batch.sentences]
        self._add_rows(rows)
        self._add_marks(rows)
        for one in batch.sentences:
            alike.setdefault((one.start, one.sentence.end), []).append(one.sentence)
        for rows in alike.values():
            if len(rows) > 1:
                self.shared += 1
                told = [row for row in rows if row.state != "skipped" and not row.adjudicated]
                missing = [layer for row in told for layer in row.unasked]
                self.agreement.add({row.coder: _given(row) for row in told}, missing)
                self.settled += any(row.adjudicated for row in rows)

    def merge(self, later: Counts) -> None:
        """Count what was counted of the readouts that come after these."""
        for name in (one.name for one in fields(self)):
            own, more = getattr(self, name), getattr(later, name)
            if isinstance(own, Counter):
                own.update(more)
            elif isinstance(own, int):
                setattr(self, name, own + more)
            elif isinstance(own, Agreement):
                own.merge(more)
            elif isinstance(own, dict):
                for licence, readouts in more.items():
                    own[licence] = [*own.get(licence, ()), *readouts][:NAMED]
            else:
                for date in more or ():
                    setattr(self, name, _spanned(getattr(self, name), date))

    def _add_readout(self, work: Work) -> None:
        metadata = work.readout.metadata
        self.readouts += 1
        self.translations += bool(metadata.is_translation)
        self.without_event += metadata.event.id is None
        self.languages[metadata.language] += 1
        self.licences[metadata.licence] += 1
        if self.licences[metadata.licence] <= NAMED:
            self.licensed.setdefault(metadata.licence, []).append(work.readout.id)
        self.issuers[metadata.issuer] += 1
        self.documents[metadata.doc_kind] += 1
        self.events = _spanned(self.events, metadata.event.date)
        self.published = _spanned(self.published, metadata.publication_date)

    def _add_rows(self, rows: Sequence[SentenceRow]) -> None:
        self.sentences.update([row.coder for row in rows])
        self.samples += sum([row.sample for row in rows])
        self.adjudicated += sum([row.adjudicated is True for row in rows])
        self.duplicates += sum([row.duplicate_of is not None for row in rows])
        for row in rows:
            self.unseen += row.imported
            if row.unasked:
                self.partial += not row.imported
                self.unasked.update((layer, row.coder) for layer in row.unasked)

    def _add_marks(self, rows: Sequence[SentenceRow]) -> None:
        given: list[_Key] = []
        bearing: list[_Key] = []
        rejected: list[_Key] = []
        kinds: list[tuple[Origin, Certainty, bool]] = []
        origins: list[str | None] = []
        coded: set[str] = set()
        taken: set[str] = set()
        for row in rows:
            coder = row.coder
            own: list[_Key] = []
            for mark in row.marks:
                key = (mark.layer, mark.label, coder)
                (taken if mark.imported else coded).add(mark.at)
                if mark.rejected:
                    rejected.append(key)
                else:
                    own.append(key)
                    kinds.append((mark.origin, mark.certainty, mark.doubtful))
                    origins.append(None if mark.imported else mark.origin)
                    self.foreign += mark.imported
            self.marks[coder] += len(own)
            self.bare += not own
            given += own
            bearing += own if len(own) < 2 else set(own)
        # Many are counted at once in a fraction of the time that each would take.
        self.given.update(given)
        self.bearing.update(bearing)
        self.rejected.update(rejected)
        self.kinds.update(kinds)
        self.origins.update(origins)
        for date in coded:
            self.coded = _spanned(self.coded, date)
        for date in taken:
            self.taken = _spanned(self.taken, date)


def _given(row: SentenceRow) -> list[tuple[str, str]]:
    return [(mark.layer, mark.label) for mark in row.marks if not mark.rejected]


def _spanned(before: tuple[str, str] | None, said: str | None) -> tuple[str, str] | None:
    if not said:
        return before
    if before is None:
        return said, said
    first, last = before
    return (first, last) if first <= said <= last else (min(first, said), max(last, said))
