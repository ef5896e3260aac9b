"""What a journal says of the effort that went into it, as counts that can be added and taken away.

Journals are read as they stand in their files, and what is not as this version of the program
writes it raises one of `gist.NOT_UNDERSTOOD`.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from annotator.model.edit import CAST, RENEWAL, Act, Coding, Edit
from annotator.model.sentence import Sentence
from annotator.pipeline.past import taken_back

Entry = tuple[str, str, str, int]
"""What is counted, of what, and which number it is that so many had.

- `keys` and `spent`: marks of a layer and label that took so many keys, tenths of a second; of
  sentences that were decided by keys, where both are empty;
- `fixed`: corrections of marks of a layer and label;
- `decided`, `pressed`, `active`: decisions, keys and tenths of a second in an hour of UTC;
- `bulk`: decisions in it of sentences on which no key was spent, as by an act on many.
"""
Ledger = Counter[Entry]

Fields = Mapping[str, Any]
Changed = tuple[int, Fields | None, Fields | None]
"""A document's key, and its fields before and after an act; None where it is not there."""

_PACE: Final = frozenset({"decided", "bulk", "pressed", "active"})
_HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d\Z", re.ASCII)
_MOST: Final = 1 << 40
# The effort of a mark is no part of what it says.
_OF_THE_MARK: Final = ("label", "slots", "rejected", "certainty", "note")


ACTS: Final = frozenset({"edit", "undo", "redo"})
"""The acts of a coder; where there is none, a readout was only looked at."""


class Course:
    """Watches the acts of a journal go by, in their order.

    Keys and seconds count in the hour of the act that first brought a sentence to so many: they
    count once, and for good. A decision counts where an edit that was not taken back turned a new
    sentence into a decided one. A correction is a mark that was taken away, by a key or by undo, or
    changed by undo, or changed after its sentence was decided; acts in a row on one mark are one
    correction, and where a boundary moves there is none.
    """

    def __init__(self) -> None:
        self.last = ""
        """When the last act of the coder was; empty where there was none."""
        self._acts: list[tuple[Act, str]] = []
        self._spent: Ledger = Counter()
        self._most: dict[int, tuple[int, int]] = {}
        self._decided: dict[int, tuple[str, int, int]] = {}
        self._correcting = ""

    def act(self, act: Act, at: str, what: str, changes: Iterable[Changed]) -> None:
        """Take note of the next act."""
        self._acts.append((act, what))
        if act in ACTS:
            self.last = max(self.last, at)
        if act not in ACTS:
            self._most.clear()  # The sentences are others from here on.
            return
        changes = list(changes)
        self._spend(at[:13], changes)
        if act == "redo" or what == RENEWAL:
            return  # To follow the codebook is no correction of the coder's.
        sentences = [(before, after) for key, before, after in changes if key != CAST]
        last, self._correcting = self._correcting, ""
        if any(before and before["marks"] for before, _ in sentences):
            self._correct(act, sentences, last)
        if act == "edit":
            self._work(at[:13], sentences)

    def _spend(self, hour: str, changes: Sequence[Changed]) -> None:
        """Count what sentences took beyond the most that they had, or that they had together."""
        sentences = [change for change in changes if change[0] != CAST]
        moved = any(_range(before) != _range(after) for _, before, after in sentences)
        had = [self._had(key, before) for key, before, _ in sentences]
        has = [_effort(after) for _, _, after in sentences]
        groups = [range(len(has))] if moved else [(place,) for place in range(len(has))]
        for group in groups:
            keys, tenths = (
                sum(has[place][kind] for place in group) - sum(had[place][kind] for place in group)
                for kind in (0, 1)
            )
            self._spent["pressed", hour, "", 0] += max(0, keys)
            self._spent["active", hour, "", 0] += max(0, tenths)
        for (key, _, after), one, other in zip(sentences, had, has, strict=True):
            # Where a boundary moved, what one sentence had may be another's now.
            most = (
                other if moved or after is None else (max(one[0], other[0]), max(one[1], other[1]))
            )
            self._most[key] = most

    def _had(self, key: int, before: Fields | None) -> tuple[int, int]:
        return self._most.get(key) or _effort(before)

    def _work(self, hour: str, sentences: Sequence[tuple[Fields | None, Fields | None]]) -> None:
        decided = bulk = 0
        for before, after in sentences:
            if before and after and before["state"] == "new" != after["state"]:
                decided += _whole(after["keys"]) > 0
                bulk += not _whole(after["keys"])
        if decided or bulk:
            self._decided[len(self._acts)] = hour, decided, bulk

    def _correct(
        self, act: str, sentences: Sequence[tuple[Fields | None, Fields | None]], last: str
    ) -> None:
        if any(_range(before) != _range(after) for before, after in sentences):
            return  # Marks move where sentences are split and joined, and copies come and go.
        had = {mark["id"]: (mark, doc) for doc, _ in sentences if doc for mark in doc["marks"]}
        has = {mark["id"]: mark for _, doc in sentences if doc for mark in doc["marks"]}
        for name, (mark, sentence) in had.items():
            now = has.get(name)
            changed = now is not None and any(mark[f] != now[f] for f in _OF_THE_MARK)
            if now is None or (changed and (act == "undo" or sentence["state"] != "new")):
                self._correcting = name
                if name != last:
                    self._spent["fixed", mark["layer"], mark["label"], 0] += 1

    def ledger(self, docs: Mapping[int, Fields]) -> Ledger:
        """Return what the acts came to, and what the marks that stand now took."""
        counted = Counter(self._spent)
        away = frozenset(taken_back(self._acts))
        for number, (hour, decided, bulk) in self._decided.items():
            if number not in away:
                counted["decided", hour, "", 0] += decided
                counted["bulk", hour, "", 0] += bulk
        for entry in [
            entry for entry in counted if entry[0] in _PACE and not _HOUR.match(entry[1])
        ]:
            del counted[entry]
        sentences = [doc for key, doc in docs.items() if key != CAST]
        counted.update(_of_sentences(sentences))
        counted.update(_of_marks(mark for doc in sentences for mark in doc["marks"]))
        return +counted


def _range(document: Fields | None) -> object:
    return document and (document["start"], document["end"])


def _of_sentences(sentences: Iterable[Fields]) -> Iterable[Entry]:
    for sentence in sentences:
        keys = _whole(sentence["keys"])
        if sentence["state"] != "new" and keys:
            yield "keys", "", "", keys
            yield "spent", "", "", _tenths(sentence["seconds"])


def _of_marks(marks: Iterable[Fields]) -> Iterable[Entry]:
    for mark in marks:
        source = mark["provenance"]
        keys, spent = source.get("keys"), source.get("spent")
        if not mark["rejected"] and keys is not None and spent is not None:
            yield "keys", mark["layer"], mark["label"], _whole(keys)
            yield "spent", mark["layer"], mark["label"], _tenths(spent)


def _effort(document: Fields | None) -> tuple[int, int]:
    return (_whole(document["keys"]), _tenths(document["seconds"])) if document else (0, 0)


def _whole(number: object) -> int:
    if type(number) is not int:
        raise TypeError("a number of keys is whole")
    return min(number, _MOST)


def _tenths(seconds: float) -> int:
    return round(10 * min(seconds, _MOST))


def of_history(history: Iterable[Edit], coding: Coding) -> Ledger:
    """Return the ledger of a coding that is open."""
    course = Course()
    for edit in history:
        # Only these are looked into, and a first act may hold thousands of sentences.
        looked = edit.changes if edit.act in ACTS else ()
        changes = [(c.key, _fields(c.before), _fields(c.after)) for c in looked]
        course.act(edit.act, edit.at, edit.what, changes)
    docs = {key: sentence.model_dump() for key, sentence in coding.sentences()}
    return course.ledger(docs)


def _fields(document: object) -> Fields | None:
    return document.model_dump() if isinstance(document, Sentence) else None


def put(db: sqlite3.Connection, journal: int, ledger: Ledger) -> None:
    """Keep a journal's ledger, so that it can be taken away again."""
    rows = [[*entry, count] for entry, count in ledger.items()]
    # Most of it are the names of labels, over and over.
    packed = zlib.compress(orjson.dumps(rows), 1)
    db.execute("REPLACE INTO ledger VALUES(?, ?)", (journal, packed))


def take(db: sqlite3.Connection, journal: int) -> Ledger:
    """Return the ledger that is kept of a journal, and keep it no more.

    Raises ValueError where the index was damaged.
    """
    found = db.execute("SELECT entries FROM ledger WHERE journal = ?", (journal,)).fetchone()
    db.execute("DELETE FROM ledger WHERE journal = ?", (journal,))
    try:
        rows = orjson.loads(zlib.decompress(found[0])) if found else ()
        return Counter({(kind, one, two, value): count for kind, one, two, value, count in rows})
    except (zlib.error, TypeError) as error:
        raise ValueError("a ledger that nobody wrote") from error


def add(db: sqlite3.Connection, sample: bool, coder: str, change: Ledger) -> None:
    """Add to the sums of a coder what ledgers that came and went make a difference of."""
    db.executemany(
        "INSERT INTO effort VALUES(?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
        [(sample, coder, *entry, amount) for entry, amount in change.items() if amount],
    )
    db.executemany(
        "DELETE FROM effort WHERE sample = ? AND coder = ? AND kind = ? AND one = ? AND two = ?"
        " AND value = ? AND amount = 0",
        [(sample, coder, *entry) for entry in change],
    )
