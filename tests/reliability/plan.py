"""What is coded here: an invented readout, and acts of a coder that a seed decides.

An act depends on the seed, on its number and on the state before it alone. A process that goes on
where a killed one stopped does what that one would have done, and whoever knows the seed knows
every state without a disk. The number of an act is told by its time.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b, sha256
from itertools import count
from pathlib import Path
from typing import Final

from annotator.errors import MarkError
from annotator.formats.codebook import read_codebook
from annotator.model.codebook import Codebook
from annotator.model.edit import CAST, Change, Coding, Document, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.model.text import State
from annotator.session import acts, boundaries
from annotator.session.session import Session
from annotator.store import Header, Journal, MemoryStore, Snapshot

ROOT: Final = Path(__file__).parents[2]
CODER: Final = "ada"
LONGEST_NOTE: Final = 40_000
"""The most bytes that a note takes in a file."""

_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
_FORM = "%Y-%m-%dT%H:%M:%SZ"
_SENTENCES = (
    "The presidents of Orlenia and Brevonia spoke about the bridge.",
    "Стороны договорились продолжить переговоры в мае.",
    "双方同意\u2028继续\u0085对话 \U0001f1fa\U0001f1f3 between the capitals.",
    'Nothing \\ else was "said" about the grain.',
    "They thanked each other for the frank exchange of views.",
    "Prime Minister Marchetti would visit by the end of the year.",
)
_WORDS = ("agreed in principle ", "Стороны ", "see above, ", "对话 ", "\U0001f1fa\U0001f1f3 ")
_ACTS = {
    "note": 7, "topic": 3, "state": 1, "flag": 1, "several": 2, "cast": 1,
    "split": 2, "join": 2, "undo": 4, "redo": 4,
}  # fmt: skip


@lru_cache(maxsize=1)
def book() -> Codebook:
    """Return the codebook that comes with the program."""
    return read_codebook(ROOT / "schemas" / "readouts.toml")


def at(number: int) -> str:
    """Return the time of an act; the import is number 0."""
    return (_BEGUN + timedelta(seconds=number)).strftime(_FORM)


def number_of(history: Sequence[Edit]) -> int:
    """Return the number of the last act of a history."""
    made = datetime.strptime(history[-1].at, _FORM).replace(tzinfo=UTC)
    return round((made - _BEGUN).total_seconds())


def digest(coding: Coding) -> str:
    """Return what two codings share if and only if they are equal."""
    found = blake2b(digest_size=8)
    for key in sorted(coding.docs):
        found.update(f"{key} {coding.docs[key].model_dump_json()}\n".encode())
    return found.hexdigest()


def filler(rng: random.Random, size: int) -> str:
    """Return words that take about so many bytes in a file."""
    words = rng.choice(_WORDS)
    written = len(words.encode("unicode_escape"))
    return words * max(size // written, 1)


@dataclass(frozen=True)
class Course:
    """One coder's way through one readout.

    `longest` is the most bytes that a note takes. Every act whose number `gather` divides gathers
    what was done before, unless it is 0.
    """

    seed: int
    name: str = "call-1"
    longest: int = LONGEST_NOTE
    sentences: int = len(_SENTENCES)
    gather: int = 0

    @cached_property
    def readout(self) -> Readout:
        """The readout, a sentence on each line."""
        text = "\n".join(_SENTENCES[: self.sentences])
        found = sha256(text.encode()).hexdigest()
        return Readout(id=self.name, text=text, sha256=found, text_sha256=found)

    @property
    def header(self) -> Header:
        """What the journal says of itself."""
        return Header(
            readout=self.name,
            by=CODER,
            source=self.readout.sha256,
            text=self.readout.text_sha256,
            segmenter="by hand 1",
            codebook=book().stamp,
        )

    def first(self) -> Edit:
        """Return the act that begins the coding."""
        documents: dict[int, Document] = {CAST: Cast()}
        start = 0
        for key, text in enumerate(_SENTENCES[: self.sentences], 1):
            documents[key] = Sentence(start=start, end=start + len(text), role="body", text=text)
            start += len(text) + 1
        changes = tuple(Change(key=key, before=None, after=d) for key, d in documents.items())
        return Edit(act="import", at=at(0), what="import", changes=changes)

    def path(self, root: Path) -> Path:
        """Return where a store in `root` keeps the journal."""
        return root / CODER / f"{self.name}.json"


class Walker:
    """A coder at a journal, who does the acts of a course where the journal's history ends."""

    def __init__(self, course: Course, journal: Journal) -> None:
        self.course = course
        self.journal = journal
        self.number = number_of(journal.history)
        self._ids: Iterator[int] = count()
        self.session = self._seated()

    def _seated(self) -> Session:
        course = self.course
        return Session(
            course.readout, book(), self.journal, now=lambda: at(self.number), ids=self._id
        )

    def act(self) -> None:
        """Do the next act; `save` brings it to disk."""
        self.number += 1
        self._ids = count()
        if self.course.gather and self.number % self.course.gather == 0:
            return
        seed = f"{self.course.seed} {self.course.name} {self.number}"
        rng = random.Random(seed)  # noqa: S311 - a test that repeats
        kinds = rng.choices([*_ACTS], [*_ACTS.values()], k=3)
        edits = (_DO[kind](self, rng) for kind in (*kinds, "note"))
        next(edit for edit in edits if edit is not None)

    def save(self) -> None:
        """Bring the act to disk; where none waits, it is to gather those before."""
        if self.session.pending:
            self.session.save()
        else:
            self.journal.compact(at(self.number))
            self.session = self._seated()

    def note(self, rng: random.Random) -> Edit | None:
        """Write a note of any length."""
        return self.session.do(
            acts.write_note(self.session.pen, self.session.coding, self._key(rng), self._words(rng))
        )

    def topic(self, rng: random.Random) -> Edit | None:
        """Put a topic on a sentence, or take it away."""
        pen, coding = self.session.pen, self.session.coding
        topics = next(layer for layer in book().layers if layer.id == "topics")
        label = rng.choice(topics.labels[:6]).id
        return self.session.do(acts.toggle(pen, coding, self._key(rng), "topics", label, 1.5))

    def state(self, rng: random.Random) -> Edit | None:
        """Decide a sentence."""
        pen, coding = self.session.pen, self.session.coding
        decided: State = "done" if rng.random() < 0.5 else "unsure"
        return self.session.do(acts.decide(pen, coding, self._key(rng), decided))

    def flag(self, rng: random.Random) -> Edit | None:
        """Flag a sentence, or take the flag away."""
        pen, coding = self.session.pen, self.session.coding
        return self.session.do(acts.toggle_flag(pen, coding, self._key(rng)))

    def several(self, rng: random.Random) -> Edit | None:
        """Change several sentences and the cast in one edit."""
        coding = self.session.coding
        keys = rng.sample(coding.order, rng.randint(1, len(coding.order)))
        documents: dict[int, Document | None] = {
            key: coding.sentence(key).changed(note=f"{self.number} of several") for key in keys
        }
        documents[CAST] = coding.cast.with_entity(_entity(rng))
        return self.session.do(self.session.pen.edit(coding, "several", documents))

    def cast(self, rng: random.Random) -> Edit | None:
        """Put somebody into the cast."""
        return self.session.do(acts.add_entity(self.session.pen, self.session.coding, _entity(rng)))

    def split(self, rng: random.Random) -> Edit | None:
        """Split a sentence at one of its spaces."""
        key = self._key(rng)
        sentence = self.session.coding.sentence(key)
        spaces = [place for place, char in enumerate(sentence.text) if char == " "]
        if not spaces:
            return None
        place = sentence.start + rng.choice(spaces)
        try:
            edit = boundaries.split(self.session.pen, self.session.coding, key, place)
        except MarkError:
            return None
        return self.session.do(edit)

    def join(self, rng: random.Random) -> Edit | None:
        """Join a sentence with the next one."""
        order = self.session.coding.order
        if len(order) < 3:
            return None
        key = rng.choice(order[:-1])
        pen, coding = self.session.pen, self.session.coding
        return self.session.do(boundaries.join(pen, coding, key, self.course.readout.text))

    def undo(self, rng: random.Random) -> Edit | None:
        """Take back the last act."""
        return self.session.undo()

    def redo(self, rng: random.Random) -> Edit | None:
        """Make the last undone act again."""
        return self.session.redo()

    def _key(self, rng: random.Random) -> int:
        return rng.choice(self.session.coding.order)

    def _words(self, rng: random.Random) -> str:
        size = math.exp(rng.uniform(math.log(20), math.log(self.course.longest)))
        return f"{self.number} {filler(rng, round(size))}"

    def _id(self) -> str:
        return f"m{self.number}.{next(self._ids)}"


_DO: Final[dict[str, Callable[[Walker, random.Random], Edit | None]]] = {
    kind: getattr(Walker, kind) for kind in _ACTS
}


def _in_order(edit: Edit) -> Edit:
    if edit.act != "compact":
        return edit
    changes = sorted(edit.changes, key=lambda change: change.key)
    return edit.model_copy(update={"changes": tuple(changes)})


def _entity(rng: random.Random) -> Entity:
    number = rng.randint(1, 5)
    return Entity(id=f"e{number}", type="organisation", name=f"Ведомство {rng.randint(1, 999)}")


@dataclass(frozen=True)
class Stand:
    """A coding, and the acts that led to it."""

    coding: Coding
    history: tuple[Edit, ...]

    @classmethod
    def of(cls, seen: Journal | Snapshot) -> Stand:
        """Return what a journal shows.

        In which order an act gathers the documents depends on when the journal was opened.
        """
        return cls(seen.coding, tuple(map(_in_order, seen.history)))

    @cached_property
    def digest(self) -> str:
        """What an acknowledgement of it says."""
        return digest(self.coding)


@dataclass
class Model:
    """Every stand of a course, worked out without a disk as far as somebody asks."""

    course: Course
    _stands: list[Stand] = field(default_factory=list)

    @cached_property
    def _walker(self) -> Walker:
        course = self.course
        journal = MemoryStore().open(course.header, course.readout, course.first)
        return Walker(course, journal)

    def stand(self, number: int) -> Stand:
        """Return the stand after the act of that number."""
        walker = self._walker
        while len(self._stands) <= number:
            if self._stands:
                walker.act()
                expected = walker.session.coding
                walker.save()
                if walker.journal.coding != expected:
                    raise AssertionError("to save an act changed the coding")
            self._stands.append(Stand.of(walker.journal))
        return self._stands[number]
