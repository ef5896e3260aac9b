"""The index of a project: what its files say, kept so that they need not be read to be counted.

It is a cache beside the files: it can be deleted at any time and is built again from them. What it
answers is what the files said at the last refresh, which looks at the stamps of all of them and
reads those that changed. The library waits for this module: what only some calls need is imported
by them.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import orjson

from annotator.formats.registry import METADATA_ENDING
from annotator.model.progress import Progress
from annotator.model.readout import Metadata
from annotator.pipeline.shelf import Entry
from annotator.pipeline.tables import MOMENT, Parameters, Row, Tables
from annotator.store.stamps import SUFFIX, stamp

if TYPE_CHECKING:
    from annotator.pipeline.filter import Filter
    from annotator.pipeline.gist import Term
    from annotator.pipeline.postings import Postings
    from annotator.pipeline.project import Project
    from annotator.pipeline.refresh import Advance, Freshness
    from annotator.pipeline.stats import Tally

FILE: Final = "index.sqlite"
_PAGE: Final = 256

_TALLIES: Final = """
SELECT sample, coder, readout, problem, total, done, unsure, skipped, keys, seconds, keyed, labels
FROM json_each(?) AS page CROSS JOIN journal ON journal.id = page.value
LEFT JOIN coding ON coding.journal = journal.id ORDER BY page.key
"""
_WORKED_ON: Final = "(j.last != '' OR j.done + j.unsure + j.skipped > 0)"
"""What holds of a journal `j` in which its coder did anything; others were only looked at."""
_SUMS: Final = f"""
SELECT count(*), sum(problem != ''), sum({_WORKED_ON}), sum({_WORKED_ON} * total),
    sum(flagged), sum(noted), sum(again),
    sum(total), sum(done), sum(unsure), sum(skipped), sum(keys), sum(seconds), sum(keyed)
FROM journal AS j WHERE (?1 IS NULL OR coder = ?1) AND sample <= ?2
"""  # noqa: S608 - our own words
_GIVEN: Final = """
SELECT layer, label, sum(marks) FROM given
WHERE (?1 IS NULL OR coder = ?1) AND sample <= ?2 GROUP BY layer, label
"""
_ENTRY: Final = f"""
SELECT r.stamp, r.recent, r.metadata, j.stamp, j.recent,
    CASE WHEN {_WORKED_ON} THEN j.total END,
    CASE WHEN {_WORKED_ON} THEN j.done + j.unsure + j.skipped END
FROM readout AS r LEFT JOIN journal AS j ON j.readout = r.id AND j.coder = ? AND NOT j.sample
WHERE r.id = ? AND r.problem = '' AND coalesce(j.problem, '') = ''
"""  # noqa: S608
_FILTERED: Final = f"""
SELECT r.id FROM readout AS r
LEFT JOIN journal AS j ON j.readout = r.id AND j.coder = :coder AND NOT j.sample
WHERE NOT EXISTS (SELECT 1 FROM json_each(:words) WHERE instr(r.words, value) = 0)
AND (:lang = '[]' OR EXISTS (SELECT 1 FROM json_each(:lang)
    WHERE r.language = value OR substr(r.language, 1, length(value) + 1) = value || '-'))
AND (:side = '[]' OR r.side IN (SELECT value FROM json_each(:side)))
AND (:event = '[]' OR r.event IN (SELECT value FROM json_each(:event)))
AND (:kind = '[]' OR r.kind IN (SELECT value FROM json_each(:kind)))
AND (:progress = '[]' OR CASE
    WHEN r.problem != '' OR coalesce(j.problem, '') != '' THEN ''
    WHEN j.id IS NULL THEN 'new'
    WHEN j.done + j.unsure + j.skipped = j.total THEN 'done'
    WHEN NOT {_WORKED_ON} THEN 'new'
    ELSE 'begun' END IN (SELECT value FROM json_each(:progress)))
AND (:terms = '[]' OR json_array_length(:terms) = (SELECT count(*) FROM posting
    WHERE posting.journal = j.id AND posting.term IN (SELECT value FROM json_each(:terms))))
ORDER BY r.id
"""  # noqa: S608

_LAST: Final = """
SELECT readout FROM journal WHERE NOT sample AND coder = ? AND problem = '' AND last != ''
ORDER BY last DESC, readout LIMIT 1
"""


@dataclass(frozen=True)
class Totals:
    """The sums over the journals that can be read; `problems` counts those that cannot.

    `begun` are those that their coder did anything in, with so many sentences `in_begun`; the
    others were only looked at.
    """

    journals: int = 0
    problems: int = 0
    begun: int = 0
    in_begun: int = 0
    flagged: int = 0
    noted: int = 0
    again: int = 0
    progress: Progress = field(default_factory=Progress)
    labels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Index:
    """The index of a project in the file at `path` or, without one, in memory.

    Threads may share it. A query waits for no more than the writing of one batch; of two refreshes
    the second waits for a moment, and then gives up without having looked at anything. `clock`
    tells the time in nanoseconds since 1970.
    """

    def __init__(
        self, project: Project, path: Path | None, *, clock: Callable[[], int] = time.time_ns
    ) -> None:
        self._project = project
        self._tables = Tables(path)
        self._clock = clock
        self._refreshing = Lock()

    @classmethod
    def of(cls, project: Project) -> Self:
        """Open the index of a project where it lies; what it cannot be opened from is no error."""
        return cls(project, project.paths.cache / FILE)

    @cached_property
    def postings(self) -> Postings:
        """The sentences that the index knows."""
        from annotator.pipeline.postings import Postings

        return Postings(self.query)

    @property
    def in_memory(self) -> bool:
        """Tell whether the index lasts no longer than this."""
        return self._tables.in_memory

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; closing twice is harmless, and a closed index knows nothing."""
        self._tables.close()

    def refresh(
        self,
        *,
        coder: str | None = None,
        metadata: bool = True,
        most: int | None = None,
        progress: Advance | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> Freshness:
        """Read what changed in the journals, of one coder or of all, and in the metadata.

        Where more than `most` files changed, none is read. What was read stays when this is
        `stopped`, or interrupted. Raises StorageError where a folder cannot be listed.
        """
        from annotator.pipeline.refresh import Freshness, Refresh, never

        if not self._refreshing.acquire(timeout=MOMENT):
            return Freshness()
        try:
            work = Refresh(
                self._project,
                self._tables,
                self._clock,
                coder=coder,
                metadata=metadata,
                most=most,
                progress=progress,
                stopped=stopped or never,
            )
            try:
                return work.run()
            except ValueError as error:  # A row says what nobody wrote: none of them is believed.
                self._tables.recover(sqlite3.DatabaseError(str(error)))
                return work.run()
        finally:
            self._refreshing.release()

    def tallies(self, *, coder: str | None = None, samples: bool = False) -> Iterator[Tally]:
        """Yield how far coders are with readouts, by readout and coder, as `stats` does.

        Raises what the store raises where a journal cannot be read.
        """
        from annotator.pipeline.stats import Tally, tally

        sql = (
            "SELECT id FROM journal WHERE (?1 IS NULL OR coder = ?1) AND sample <= ?2"
            " ORDER BY readout, coder, sample"
        )
        for page in self._pages(sql, (coder, samples)):
            for sample, by, readout, problem, *counts, labels in self.query(_TALLIES, (page,)):
                given = None if problem or labels is None else _labels(labels)
                if given is not None:
                    yield Tally(readout, by, Progress(*counts), given)
                    continue
                store = self._project.samples() if sample else self._project.store()
                snapshot = store.read(by, readout)
                if snapshot is not None:
                    yield tally(snapshot)

    def totals(self, *, coder: str | None = None, samples: bool = False) -> Totals:
        """Return the sums over all journals, or over those of one coder."""
        from annotator.pipeline.stats import by_layer

        sums = next(iter(self.query(_SUMS, (coder, samples))), (0,) * 14)
        journals, problems, begun, inside, flagged, noted, again, *counts = (
            figure or 0 for figure in sums
        )
        given = self.query(_GIVEN, (coder, samples))
        labels = by_layer(Counter({(layer, label): marks for layer, label, marks in given}))
        found = Progress(*counts)
        return Totals(journals, problems, begun, inside, flagged, noted, again, found, labels)

    def last(self, coder: str) -> str | None:
        """Return the readout that a coder worked on last, None where there is none yet."""
        return next((readout for (readout,) in self.query(_LAST, (coder,))), None)

    def entry(self, coder: str, readout: str) -> Entry | None:
        """Return what the library says of a readout, None where only its files can tell.

        The stamps of the files are looked at: it is as if they were read now.
        """
        rows = self._try(_ENTRY, (coder, readout))
        if not rows:
            return None
        about, about_recent, metadata, coded, coded_recent, total, decided = rows[0]
        paths = self._project.paths
        fresh = (
            not (about_recent or coded_recent)
            and stamp(paths.seeds / f"{readout}{METADATA_ENDING}") == about
            and stamp(paths.tags / coder / f"{readout}{SUFFIX}") == (coded or b"")
        )
        known = _metadata(metadata) if fresh else None
        return None if known is None else Entry(readout, known, decided, total)

    def metadata(self, readout: str) -> Metadata | None:
        """Return what is known about a readout, None where only its file can tell."""
        sql = "SELECT stamp, metadata FROM readout WHERE id = ? AND problem = '' AND NOT recent"
        rows = self._try(sql, (readout,))
        path = self._project.paths.seeds / f"{readout}{METADATA_ENDING}"
        return _metadata(rows[0][1]) if rows and stamp(path) == rows[0][0] else None

    def values(self, path: Sequence[str], most: int) -> list[str]:
        """Return the values that a field of the metadata has, the most frequent first."""
        sql = (
            "SELECT value FROM (SELECT json_extract(CAST(metadata AS TEXT), ?) AS value"
            " FROM readout WHERE problem = '') WHERE typeof(value) = 'text'"
            " GROUP BY value ORDER BY count(*) DESC, value LIMIT ?"
        )
        return [value for (value,) in self._try(sql, (f"$.{'.'.join(path)}", most))]

    def readouts(self, wanted: Filter, coder: str) -> list[str]:
        """Return the ids of the readouts that a filter lets through, sorted."""
        terms = self._numbers(wanted.coded)
        if len(terms) < len(wanted.coded):
            return []
        parameters = {name: _json(wanted.values(name)) for name, _ in wanted.known}
        every = dict.fromkeys(("lang", "side", "event", "kind", "progress"), "[]")
        fixed = {"coder": coder, "words": _json(wanted.words), "terms": _json(terms)}
        return [readout for (readout,) in self.query(_FILTERED, {**every, **parameters, **fixed})]

    def seen(self, coder: str, readout: str) -> tuple[int, str] | None:
        """Return how many lines a journal had when it was longest, and the last one's checksum.

        A journal that began anew since, as by compaction, is another one. None where it was never
        read.
        """
        sql = "SELECT lines, crc FROM journal WHERE coder = ? AND readout = ? AND NOT sample"
        rows = self._try(sql, (coder, readout))
        return (rows[0][0], rows[0][1]) if rows and rows[0][0] else None

    def _numbers(self, terms: Sequence[Term]) -> list[int]:
        """Return the numbers of different terms, none where there is one that nothing answers."""
        wanted = dict.fromkeys(terms)
        sql = "SELECT id FROM term WHERE field = ? AND value = ?"
        rows = [row for term in wanted for row in self.query(sql, term)]
        return [number for (number,) in rows] if len(rows) == len(wanted) else []

    def _pages(self, sql: str, parameters: Parameters) -> Iterator[str]:
        """Yield the numbers that a query finds, some at a time, as JSON."""
        numbers = [number for (number,) in self.query(sql, parameters)]
        for start in range(0, len(numbers), _PAGE):
            yield _json(numbers[start : start + _PAGE])

    def query(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return the rows of a query of the tables that `tables` describes.

        The index is built again where that is what it takes.
        """
        for _ in range(2):
            try:
                return self._tables.rows(sql, parameters)
            except sqlite3.Error as error:
                from annotator.pipeline.refresh import Refresh

                self._tables.recover(error)
                with self._refreshing:
                    Refresh(self._project, self._tables, self._clock).run()
        return self._tables.rows(sql, parameters)

    def _try(self, sql: str, parameters: Parameters) -> list[Row]:
        """Return rows, none where that fails: the files are there to be read."""
        try:
            return self._tables.rows(sql, parameters)
        except sqlite3.Error as error:
            self._tables.recover(error)
            return []


def _metadata(raw: bytes) -> Metadata | None:
    """Return the metadata of a row, None where the index was damaged: the file tells."""
    try:
        return Metadata.model_validate_json(raw)
    except ValueError:
        return None


def _labels(raw: bytes) -> dict[str, dict[str, int]] | None:
    """Return the counts of a row, None where the index was damaged: the journal tells."""
    try:
        found: dict[str, dict[str, int]] = orjson.loads(raw)
    except ValueError:
        return None
    return found


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode()
