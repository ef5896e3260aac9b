"""The journals of one coder, as the index keeps them: what was read, and its rows."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson

from annotator.errors import AnnotatorError
from annotator.pipeline import ledger
from annotator.pipeline.gist import (
    AGAIN,
    FLAGGED,
    NOT_UNDERSTOOD,
    NOTED,
    Gist,
    Term,
    gist,
    packed_places,
    packed_spots,
)
from annotator.pipeline.ledger import Course, Ledger
from annotator.pipeline.tables import Tables
from annotator.store.glance import Glance, glance
from annotator.store.rules import is_name
from annotator.store.stamps import SUFFIX, Listing, Stamp, scan

# The sum over all journals stays a whole number of SQLite's; nobody presses so many keys.
_MOST_KEYS: Final = 1 << 40


@dataclass(frozen=True)
class Coded:
    """What a journal says; `problem` why it cannot be read, and then the rest is missing."""

    problem: str = ""
    text: str = ""
    gist: Gist | None = None
    ledger: Ledger = field(default_factory=Counter)
    origin: Sequence[str] = ()
    checksums: Sequence[str] = ()
    last: str = ""


class Journals:
    """The folder of one coder's journals."""

    def __init__(self, folder: Path, coder: str, *, sample: bool) -> None:
        self._folder = folder
        self._coder = coder
        self._sample = sample

    @property
    def key(self) -> str:
        """What its seal is kept under."""
        return f"{'samples' if self._sample else 'tags'}/{self._coder}"

    def scan(self, now: int) -> Listing:
        """List its files, at a time in nanoseconds; raises StorageError."""
        return scan(self._folder, SUFFIX, now=now)

    def stamps(self, listing: Listing) -> dict[str, Stamp]:
        """Return the stamps of its files by readout."""
        named = ((name.removesuffix(SUFFIX), name) for name in listing.stamps)
        return {readout: listing.stamp(name) for readout, name in named if is_name(readout)}

    def known(self, tables: Tables) -> dict[str, Stamp]:
        """Return the stamps that its rows were made with, by readout."""
        sql = "SELECT readout, stamp, recent FROM journal WHERE sample = ? AND coder = ?"
        found = tables.rows(sql, (self._sample, self._coder))
        return {readout: (stamp, bool(recent)) for readout, stamp, recent in found}

    def read(self, readout: str) -> Coded | None:
        """Return what the journal of a readout says, or what is wrong with it; None for none."""
        try:
            try:
                return self._read(readout, strict=False)
            except NOT_UNDERSTOOD:
                # It is for the models to say what is wrong, or that the glance was too narrow.
                return self._read(readout, strict=True)
        except (AnnotatorError, *NOT_UNDERSTOOD) as error:
            return Coded(problem=str(error))

    def _read(self, readout: str, *, strict: bool) -> Coded | None:
        path = self._folder / f"{readout}{SUFFIX}"
        course = Course()
        seen = glance(
            path, self._coder, readout, sample=self._sample, strict=strict, told=course.act
        )
        return None if seen is None else _coded(seen, course)

    def write(
        self,
        db: sqlite3.Connection,
        found: Mapping[str, Coded | None],
        stamps: Mapping[str, Stamp],
    ) -> None:
        """Put rows in place of those there are, and none where nothing was found."""
        terms = _numbered(db, found.values())
        marks: Counter[tuple[str, str]] = Counter()
        effort: Ledger = Counter()
        postings: list[tuple[int, int, bytes]] = []
        for readout, coded in found.items():
            journal = self._removed(db, readout, marks)
            if journal is not None:
                effort.subtract(ledger.take(db, journal))
            if coded is None:
                db.execute("DELETE FROM journal WHERE id = ?", (journal,))
            else:
                journal = self._put(db, journal, readout, coded, stamps[readout])
                if coded.gist is not None:
                    marks.update(_flat(coded.gist.labels))
                    postings += _put_coding(db, journal, coded.gist, terms)
                    ledger.put(db, journal, coded.ledger)
                    effort.update(coded.ledger)
        # In the order of the table, neighbours are written together.
        db.executemany("INSERT INTO posting VALUES(?, ?, ?)", sorted(postings))
        self._count(db, marks)
        ledger.add(db, self._sample, self._coder, effort)

    def _removed(
        self, db: sqlite3.Connection, readout: str, marks: Counter[tuple[str, str]]
    ) -> int | None:
        """Remove what is kept of the coding of a readout; return the number of its journal."""
        found = db.execute(
            "SELECT id, labels, terms FROM journal LEFT JOIN coding ON journal = id"
            " WHERE sample = ? AND coder = ? AND readout = ?",
            (self._sample, self._coder, readout),
        ).fetchone()
        if found is None:
            return None
        journal, labels, terms = found
        if labels is not None:
            marks.subtract(_flat(orjson.loads(labels)))
            db.execute("DELETE FROM coding WHERE journal = ?", (journal,))
            db.executemany(
                "DELETE FROM posting WHERE term = ? AND journal = ?",
                [(term, journal) for term in orjson.loads(terms)],
            )
        return int(journal)

    def _put(
        self, db: sqlite3.Connection, journal: int | None, readout: str, coded: Coded, stamp: Stamp
    ) -> int:
        before = db.execute("SELECT origin, lines, crc FROM journal WHERE id = ?", (journal,))
        longest = _longest(before.fetchone() or ("", 0, ""), coded)
        return int(
            db.execute(
                "REPLACE INTO journal VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    *(journal, self._sample, self._coder, readout, *stamp),
                    *(coded.problem, coded.text, *_counts(coded.gist), *longest, coded.last),
                ),
            ).lastrowid
            or 0
        )

    def _count(self, db: sqlite3.Connection, marks: Counter[tuple[str, str]]) -> None:
        db.executemany(
            "INSERT INTO given VALUES(?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET marks = marks + excluded.marks",
            [(self._sample, self._coder, *term, count) for term, count in marks.items() if count],
        )
        db.execute(
            "DELETE FROM given WHERE sample = ? AND coder = ? AND marks = 0",
            (self._sample, self._coder),
        )


def _coded(seen: Glance, course: Course) -> Coded:
    return Coded(
        text=seen.header.text,
        gist=gist(seen.docs),
        ledger=course.ledger(seen.docs),
        last=course.last,
        origin=seen.origin,
        checksums=seen.checksums,
    )


def _counts(known: Gist | None) -> tuple[float, ...]:
    if known is None:
        return (0,) * 10
    progress = known.progress
    return (
        progress.total,
        progress.done,
        progress.unsure,
        progress.skipped,
        min(progress.keys, _MOST_KEYS),
        progress.seconds,
        progress.keyed,
        known.count(FLAGGED),
        known.count(NOTED),
        known.count(AGAIN),
    )


def _longest(before: tuple[str, int, str], coded: Coded) -> tuple[str, int, str]:
    """Return where a journal began, and the number and the last checksum of its lines.

    While it begins as it did, and what was its last line is gone, that is what it was before.
    """
    origin, lines, crc = before
    began = origin.split()
    same = bool(began) and all(a == b for a, b in zip(began, coded.origin, strict=False))
    cut = len(coded.checksums) < lines or crc not in coded.checksums
    if coded.gist is None or (same and cut):
        return before
    return " ".join(coded.origin), len(coded.checksums), "".join(coded.checksums[-1:])


def _numbered(db: sqlite3.Connection, found: Iterable[Coded | None]) -> dict[Term, int]:
    """Return the numbers of terms, which new ones are given."""
    gists = (coded.gist for coded in found if coded and coded.gist)
    wanted = sorted({term for known in gists for term in known.terms})
    db.executemany("INSERT OR IGNORE INTO term(field, value) VALUES(?, ?)", wanted)
    rows = db.execute("SELECT field, value, id FROM term")
    return {(field, value): number for field, value, number in rows}


def _put_coding(
    db: sqlite3.Connection, journal: int, known: Gist, terms: Mapping[Term, int]
) -> list[tuple[int, int, bytes]]:
    """Write what is kept of a coding, but for its postings, which are returned."""
    numbers = [terms[term] for term in known.terms]
    packed = orjson.dumps(known.labels), packed_spots(known.spots), orjson.dumps(numbers)
    db.execute("INSERT INTO coding VALUES(?, ?, ?, ?)", (journal, *packed))
    return [(terms[term], journal, packed_places(at)) for term, at in known.terms.items()]


def _flat(labels: Mapping[str, Mapping[str, int]]) -> dict[tuple[str, str], int]:
    return {(layer, label): n for layer, given in labels.items() for label, n in given.items()}
