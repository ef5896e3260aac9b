"""Finding sentences in the whole project: by their words, their coding, and their readout."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final

from annotator import files
from annotator.config import SAMPLE_CODER
from annotator.errors import AnnotatorError
from annotator.formats.registry import TEXT_ENDINGS
from annotator.model.edit import Coding
from annotator.model.sentence import Sentence
from annotator.pipeline.answering import answers, describes, terms_of
from annotator.pipeline.gist import Facts, Spot
from annotator.pipeline.looking import Looking
from annotator.pipeline.project import Project
from annotator.pipeline.query import ANY, Query, require_one_of
from annotator.pipeline.refresh import never

if TYPE_CHECKING:
    from annotator.pipeline.index import Index
    from annotator.store import Store

CONTEXT: Final = 120
"""Code points kept on either side of what was found."""
FEW: Final = 500
"""How many changed journals are waited for; of more, each place is found as its file is read."""


@dataclass(frozen=True)
class Found:
    """A place that answers: `[start, end)` of the readout's text, with the text around it.

    `sentence` is the range of the sentence it stands in, as `coder` has it, and `said` its text;
    `labels` stand on it.
    """

    readout: str
    start: int
    end: int
    before: str
    exact: str
    after: str
    labels: tuple[str, ...] = field(default=())
    coder: str = ""
    sentence: tuple[int, int] = (0, 0)
    said: str = ""


def find(
    project: Project,
    coder: str,
    query: Query,
    index: Index | None = None,
    stopped: Callable[[], bool] = never,
) -> Generator[Found, None, None]:
    """Yield what answers a query, readout by readout.

    What cannot be read is passed over, and so is the coding of another text than a readout has now.
    With `index`, no journals are read but those that changed, or that it does not say enough about.
    Raises InputError for a coder whom nobody knows, and for an expression that is none or takes too
    long.
    """
    if not query.clauses:
        return
    with Looking(query.of("text")) as looking:
        search = _Search(project, coder, query, index, stopped, looking)
        for name, readout_id, text, spots in search.candidates():
            for spot, places in looking.hits(text, spots):
                said = text[spot.start : spot.end]
                for start, end in places:
                    yield Found(
                        readout_id,
                        start,
                        end,
                        text[max(0, start - CONTEXT) : start],
                        text[start:end],
                        text[end : end + CONTEXT],
                        spot.labels,
                        name,
                        (spot.start, spot.end),
                        said,
                    )


def coded(project: Project, found: Found) -> tuple[Coding, Sentence] | None:
    """Return the coding of a place that was found and its sentence; None where it has changed."""
    store = project.samples() if found.coder == SAMPLE_CODER else project.store()
    try:
        snapshot = store.read(found.coder, found.readout)
    except AnnotatorError:
        return None
    if snapshot is None:
        return None
    for _, sentence in snapshot.coding.sentences():
        if (sentence.start, sentence.end, sentence.text) == (*found.sentence, found.said):
            return snapshot.coding, sentence
    return None


def relabelled(
    project: Project,
    coder: str,
    query: Query,
    places: Sequence[Found],
    index: Index | None = None,
    stopped: Callable[[], bool] = never,
) -> list[Found]:
    """Return places that answered a query before, each as it is found now.

    One that does not answer any more stays, with the labels of its sentence where that still is
    one. Raises as `find` does.
    """
    now: dict[tuple[str, str, int, int], Found] = {}
    with closing(find(project, coder, query, index, stopped)) as answers_now:
        for one in islice(answers_now, len(places)):
            now[one.coder, one.readout, one.start, one.end] = one
    found = []
    for old in places:
        new = now.get((old.coder, old.readout, old.start, old.end))
        known = coded(project, old) if new is None and not stopped() else None
        found.append(new or (replace(old, labels=_labels(known[1])) if known else old))
    return found


Candidates = Iterator[tuple[str, str, str, Sequence[Spot]]]
"""A coder, a readout, its text, and the sentences whose coding answers."""


@dataclass(frozen=True)
class _Search:
    """One search: where the sentences come from whose words are then looked at."""

    project: Project
    coder: str
    query: Query
    index: Index | None
    stopped: Callable[[], bool]
    looking: Looking

    def candidates(self) -> Candidates:
        """Yield the sentences that answer to everything but the words."""
        wanted = self._described()
        for coder in self._coders():
            source = self._coded if self.query.needs_coding else self._all
            yield from source(coder, wanted)

    def _coders(self) -> list[str]:
        clauses = self.query.of("coder")
        if not clauses:
            return [self.coder]
        every = list(dict.fromkeys((self.coder, *self.project.store().coders(), SAMPLE_CODER)))
        for value in self.query.coders:
            if value != ANY:
                require_one_of(every, "coder", value)
        return [
            name
            for name in every
            if all(c.negative != (name in c.values or ANY in c.values) for c in clauses)
        ]

    def _described(self) -> frozenset[str] | None:
        """Return the readouts that answer to what is asked about them, None for all."""
        clauses = self.query.of("readout")
        if not clauses:
            return None
        return frozenset(one.readout for one in self._facts() if describes(one, clauses))

    def _facts(self) -> Iterator[Facts]:
        if self.index is not None and self.index.refresh(coder=self.coder).complete:
            yield from self.index.postings.facts()
            return
        for readout_id in self.project.readout_ids():
            if self.stopped():
                return
            try:
                yield Facts.of(readout_id, self.project.metadata(readout_id))
            except AnnotatorError:
                continue

    def _fresh(self, coder: str) -> Index | None:
        """Return the index where it knows what a coder has done."""
        index = self.index
        fresh = index is not None and index.refresh(coder=coder, metadata=False, most=FEW).complete
        return index if fresh else None

    def _all(self, coder: str, wanted: frozenset[str] | None) -> Candidates:
        """Yield all sentences, as the coder has them or, where they have none, as they are cut."""
        index = self._fresh(coder)
        for readout_id, text in self._texts(self.project.readout_ids(), wanted):
            if self.looking.may_hold(text):
                spots = self._spots(coder, readout_id, text, index)
                yield coder, readout_id, text, self._cut(text) if spots is None else spots

    def _coded(self, coder: str, wanted: frozenset[str] | None) -> Candidates:
        """Yield the sentences that the coder coded as is asked."""
        index = self._fresh(coder)
        if index is not None:
            yield from self._indexed(coder, wanted, index)
            return
        coded = set(self._store(coder).coded(coder))
        ids = [readout_id for readout_id in self.project.readout_ids() if readout_id in coded]
        for readout_id, text in self._texts(ids, wanted):
            if self.looking.may_hold(text):
                yield coder, readout_id, text, self._answering(coder, readout_id, text) or ()

    def _indexed(self, coder: str, wanted: frozenset[str] | None, index: Index) -> Candidates:
        from annotator.pipeline.postings import Wanted

        asked, enough = [], True
        for clause in self.query.of("sentence", "mark"):
            terms, exact = terms_of(clause, self.project.codebook)
            enough = enough and exact
            if exact or not clause.negative:
                asked.append(Wanted(terms, clause.negative))
        for hits in index.postings.places(coder, asked, readouts=wanted):
            for readout_id, text in self._texts([hits.readout], None):
                if not self.looking.may_hold(text):
                    continue
                if not enough:
                    yield coder, readout_id, text, self._answering(coder, readout_id, text) or ()
                elif hits.text == files.sha256(text.encode()):
                    yield coder, readout_id, text, hits.spots
            if self.stopped():
                return

    def _spots(
        self, coder: str, readout_id: str, text: str, index: Index | None
    ) -> Sequence[Spot] | None:
        """Return all sentences as a coder has them, None where they have none of this text."""
        if index is None:
            return self._answering(coder, readout_id, text)
        hits = index.postings.sentences(coder, readout_id)
        same = hits is not None and hits.text == files.sha256(text.encode())
        return hits.spots if hits is not None and same else None

    def _answering(self, coder: str, readout_id: str, text: str) -> list[Spot] | None:
        """Return the sentences of a journal whose coding answers, None where there is none."""
        try:
            snapshot = self._store(coder).read(coder, readout_id)
        except AnnotatorError:
            return None
        if snapshot is None or snapshot.header.text != files.sha256(text.encode()):
            return None
        clauses, book = self.query.of("sentence", "mark"), self.project.codebook
        return [
            Spot(sentence.start, sentence.end, _labels(sentence))
            for _, sentence in snapshot.coding.sentences()
            if all(answers(sentence, clause, book) for clause in clauses)
        ]

    def _cut(self, text: str) -> list[Spot]:
        from annotator.segment import segment

        more = self.project.settings.extra_abbreviations
        return [Spot(start, end, ()) for start, end, _ in segment(text, extra_abbreviations=more)]

    def _store(self, coder: str) -> Store:
        return self._samples if coder == SAMPLE_CODER else self._work

    @cached_property
    def _work(self) -> Store:
        return self.project.store()

    @cached_property
    def _samples(self) -> Store:
        return self.project.samples()

    def _texts(
        self, readout_ids: Sequence[str], wanted: frozenset[str] | None
    ) -> Iterator[tuple[str, str]]:
        """Yield the texts of those readouts that are wanted and can be read."""
        for readout_id in readout_ids:
            if self.stopped():
                return
            if wanted is None or readout_id in wanted:
                text = _text(self.project, readout_id, self.index)
                if text is not None:
                    yield readout_id, text


def _text(project: Project, readout_id: str, index: Index | None) -> str | None:
    """Return the text of a readout, None where it cannot be read."""
    known = index.metadata(readout_id) if index else None
    try:
        if known is None:
            return project.readout(readout_id).text
        return _decoded(project, readout_id, known.encoding)
    except AnnotatorError:
        return None


def _decoded(project: Project, readout_id: str, encoding: str | None) -> str:
    """Return the text of a readout whose metadata need not be read for it."""
    paths = (project.paths.seeds / f"{readout_id}{ending}" for ending in TEXT_ENDINGS)
    found = [path for path in paths if os.path.lexists(path)]
    if len(found) != 1:
        return project.readout(readout_id).text
    raw = files.read_bytes(found[0])
    return files.decode(raw, encoding=encoding, name=project.paths.shown(found[0])).text


def _labels(sentence: Sentence) -> tuple[str, ...]:
    return tuple(mark.label for mark in sentence.marks if not mark.rejected)
