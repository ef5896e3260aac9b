"""Histories as a store writes them: on tape, with every stand that they went through."""

from __future__ import annotations

import errno
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from annotator.errors import StorageError
from annotator.model.edit import CAST, Coding, Document, Edit
from annotator.model.entity import Entity
from annotator.session import acts, boundaries
from annotator.store import TinyStore
from tests.reliability.plan import CODER, Course, Stand, Walker, at
from tests.reliability.spoiled import aged, replaced, rewritten, spoiled, torn
from tests.reliability.tape import Recorder, Tape

LONG: Final = 10_000
"""How long the longest note is."""
NONE: Final = -1
"""The stand of a journal that is not there."""
PAGE: Final = 4096
ODD_ENDS: Final = (-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4)
"""Where a file ends, from the end of a page, when a write begins in the last bytes of a block."""
COURSE: Final = Course(1)
SHORT: Final = Course(1, sentences=3)
TINY: Final = Course(1, sentences=1)


@dataclass(frozen=True)
class Recording:
    """A tape, and the stands that its promises count.

    With `repaired`, the store has to repair what is found before it opens. The bytes `kept` have to
    be in one of the folder's files, whatever happens.
    """

    name: str
    course: Course
    stands: list[Stand]
    tape: Tape
    repaired: bool = False
    kept: bytes | None = None


@dataclass
class Scribe:
    """A coder whose store is recorded."""

    root: Path
    course: Course = COURSE
    stands: list[Stand] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """Where the journal lies."""
        return self.course.path(self.root)

    def load(self) -> None:
        """Put a new tape in."""
        self.recorder = Recorder(self.path.parent)
        self.store = TinyStore(self.root, disk=self.recorder)
        self.recorder.promise(self.last)

    def open(self) -> None:
        """Open the journal, with a new tape."""
        self.load()
        course = self.course
        if not self.stands:
            first = course.first()
            self.stands.append(Stand(first.apply(Coding()), (first,)))
            self.recorder.promise(NONE, 0)
        walker = Walker(course, self.store.open(course.header, course.readout, course.first))
        self.recorder.promise(self.last)
        self.journal, self.session = walker.journal, walker.session

    def compact(self) -> None:
        """Gather what was done."""
        expected = self.journal.coding
        before = self.last
        # What it comes to is known once it was done, and was promised before.
        self.stands.append(self.stands[-1])
        self.recorder.promise(before, self.last)
        self.journal.compact(at(1))
        self.stands[-1] = Stand.of(self.journal)
        assert self.stands[-1].coding == expected
        self.recorder.promise(self.last)
        self.session = Walker(self.course, self.journal).session

    def put(self, edit: Edit | None, *, refuse: str = "", code: int = errno.EIO) -> None:
        """Save an edit that the session has just made; with `refuse`, only at the second try."""
        assert edit is not None
        before = self.last
        self.stands.append(Stand(self.session.coding, (*self.stands[-1].history, edit)))
        self.recorder.promise(before, self.last)
        if refuse:
            self.recorder.refuse(refuse, code)
            try:
                self.session.save()
            except StorageError:
                self.recorder.promise(before)
            else:
                raise AssertionError("the disk did not refuse")
            self.recorder.promise(before, self.last)
        self.session.save()
        self.recorder.promise(self.last)

    def note(self, place: int, words: str) -> Edit | None:
        """Write a note on the sentence at a place."""
        session = self.session
        return session.do(acts.write_note(session.pen, session.coding, self.key(place), words))

    def several(self, words: str) -> Edit | None:
        """Write a note on every sentence, and somebody into the cast."""
        session = self.session
        documents: dict[int, Document | None] = {
            key: sentence.changed(note=words) for key, sentence in session.coding.sentences()
        }
        office = Entity(id="mfa", type="organisation", name="МИД")
        documents[CAST] = session.coding.cast.with_entity(office)
        return session.do(session.pen.edit(session.coding, "several", documents))

    def split(self, place: int) -> Edit | None:
        """Split a sentence at its first space."""
        session, key = self.session, self.key(place)
        sentence = session.coding.sentence(key)
        at = sentence.start + sentence.text.index(" ")
        return session.do(boundaries.split(session.pen, session.coding, key, at))

    def join(self, place: int) -> Edit | None:
        """Join a sentence with the next one."""
        session, text = self.session, self.course.readout.text
        return session.do(boundaries.join(session.pen, session.coding, self.key(place), text))

    def key(self, place: int) -> int:
        """Return the name of the sentence at a place."""
        return self.session.coding.order[place]

    def end_at(self, remainder: int) -> None:
        """Write notes until the file is so many bytes longer than whole pages."""
        path = self.path
        before = path.stat().st_size
        self.put(self.note(0, "x"))
        size = path.stat().st_size
        # The next line is as long as this one but for its note.
        missing = (remainder - size - (size - before)) % PAGE
        self.put(self.note(0, "x" * (1 + (missing or PAGE))))
        if (path.stat().st_size - remainder) % PAGE:
            raise AssertionError(f"no note ends the file {remainder} bytes after a page")

    def recording(
        self, name: str, *, repaired: bool = False, kept: bytes | None = None
    ) -> Recording:
        """Return what was recorded since the tape was put in."""
        tape = self.recorder.tape()
        return Recording(name, self.course, list(self.stands), tape, repaired, kept)

    @property
    def last(self) -> int:
        """The number of the newest stand."""
        return len(self.stands) - 1


def prose(length: int) -> str:
    """Return words of which no block is like another."""
    rng = random.Random(length)  # noqa: S311 - a test that repeats
    return "".join(rng.choices("abcdefghijklmnop ", k=length - 1)) + "."


def brief(root: Path) -> Iterator[Recording]:
    """Record the least that has everything: a first act, a long edit, a disk that fails."""
    scribe = Scribe(root, TINY)
    scribe.open()
    scribe.put(scribe.note(0, prose(600)))
    scribe.put(scribe.note(0, "short"))
    scribe.put(scribe.note(0, "full disk"), refuse="pwrite", code=errno.ENOSPC)
    scribe.put(scribe.note(0, "bad disk"), refuse="fsync")
    scribe.journal.close()
    yield scribe.recording("a brief session")


def session(root: Path, *, course: Course = COURSE, long: int = LONG) -> Iterator[Recording]:
    """Record a journal from its first act, on a disk that fails twice."""
    scribe = Scribe(root, course)
    scribe.open()
    scribe.put(scribe.note(0, "short"))
    scribe.put(scribe.note(0, "full disk " * 30), refuse="pwrite", code=errno.ENOSPC)
    scribe.put(scribe.note(1, "bad disk " * 30), refuse="fsync")
    scribe.put(scribe.note(1, "Стороны"))
    scribe.put(scribe.note(2, prose(long)))
    scribe.put(scribe.split(-1))
    scribe.put(scribe.join(0))
    scribe.put(scribe.session.undo())
    scribe.put(scribe.session.redo())
    scribe.put(scribe.several("all of them"))
    scribe.journal.close()
    yield scribe.recording("a session")


def upkeep(root: Path, *, course: Course = COURSE) -> Iterator[Recording]:
    """Record what replaces whole files: taking back, gathering, migrating, repairing, taking over.

    Each begins with a short journal that nobody has open.
    """
    scribe = _begun(root / "torn", course)
    replaced(scribe.path, torn)
    scribe.open()
    yield _ended(scribe, "a torn write")

    scribe = _begun(root / "gathered", course)
    # What a crash left of the making of a longer file.
    left = scribe.path.with_name(f".{scribe.path.name}.tmp")
    left.write_bytes(scribe.path.read_bytes() + b"x" * 1000)
    scribe.open()
    scribe.compact()
    yield _ended(scribe, "a compaction")

    scribe = _begun(root / "aged", course)
    replaced(scribe.path, aged)
    scribe.open()
    yield _ended(scribe, "a migration")

    scribe = _begun(root / "spoiled", course)
    kept = replaced(scribe.path, partial(spoiled, seed=1))
    scribe.load()
    findings = scribe.store.check(lambda name: course.readout, repair=True)
    assert [finding.severity for finding in findings] == ["repaired"]
    yield scribe.recording("a repair", repaired=True, kept=kept)

    scribe = _begun(root / "rewritten", course)
    rewritten(scribe.path)
    kept = scribe.path.read_bytes()
    taken = scribe.store.read(CODER, course.name)
    assert taken is not None
    assert taken.coding == scribe.stands[-1].coding
    scribe.stands = [Stand.of(taken)]
    scribe.open()
    yield replace(_ended(scribe, "a take-over"), kept=kept)


def _begun(root: Path, course: Course) -> Scribe:
    scribe = Scribe(root, course)
    scribe.open()
    scribe.put(scribe.note(0, "short"))
    scribe.put(scribe.note(1, "before"))
    scribe.journal.close()
    return scribe


def _ended(scribe: Scribe, name: str) -> Recording:
    scribe.put(scribe.note(0, "after"))
    scribe.journal.close()
    return scribe.recording(name)


def odd_ends(root: Path, *, course: Course = COURSE, long: int = LONG) -> Iterator[Recording]:
    """Record short and long writes to files whose ends lie at the bounds of blocks."""
    for remainder in ODD_ENDS:
        for words in ("short", prose(long)):
            name = f"{len(words)} characters after {remainder:+} bytes"
            scribe = Scribe(root / name.replace(" ", "-"), course)
            scribe.open()
            scribe.end_at(remainder)
            scribe.journal.close()
            scribe.open()
            scribe.put(scribe.note(1, words))
            scribe.journal.close()
            yield scribe.recording(name)
