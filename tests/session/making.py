"""Readouts, sessions and workbenches for tests: no screen, no disk, no real clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from itertools import count
from pathlib import Path

from annotator.formats.codebook import read_codebook
from annotator.model.codebook import Codebook
from annotator.model.edit import CAST, Change, Coding, Document, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import Mark
from annotator.model.readout import Metadata, Readout
from annotator.model.sentence import Sentence
from annotator.model.text import Role
from annotator.session.acts import Pen
from annotator.session.session import Session
from annotator.store.base import Header, Journal
from annotator.store.memory import MemoryStore
from annotator.tui import keys
from annotator.tui.deeds import DEEDS
from annotator.tui.modes.base import View
from annotator.tui.workbench import Workbench

ROOT = Path(__file__).parents[2]
AT = "2026-01-02T03:04:05Z"

ADA = Entity(id="ada", type="person", name="Ada Arda", role="President", aliases=("Arda",))
BO = Entity(id="bo", type="person", name="Bo Belmont", aliases=("Belmont",))
BOTH = Entity(
    id="both", type="collective", name="the leaders", aliases=("They",), members=("ada", "bo")
)
PRESS = Entity(id="press", type="organisation", name="the press service")
PEOPLE = (ADA, BO, BOTH, PRESS)

CALL = (
    "# Call between Ada Arda and Bo Belmont",
    "Arda said that trade between the two states would grow by 2027.",
    "They agreed to meet in May, and to keep the bridge open.",
    "Belmont thanked her for the 3 million euros.",
    "The talk lasted an hour.",
)
"""A readout of five sentences; `#` begins a heading."""


@lru_cache(maxsize=1)
def book() -> Codebook:
    """Return the codebook that comes with the program."""
    return read_codebook(ROOT / "schemas" / "readouts.toml")


def readout_of(
    text: str,
    *,
    name: str = "call-1",
    language: str | None = "en",
    entities: Sequence[Entity] = PEOPLE,
    source_chain: tuple[str, ...] = ("press",),
    title: str | None = "A call",
) -> Readout:
    """Make a readout of a text."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    metadata = Metadata(
        title=title, language=language, entities=tuple(entities), source_chain=source_chain
    )
    return Readout(id=name, text=text, sha256=digest, text_sha256=digest, metadata=metadata)


def begun(readout: Readout, sentences: Sequence[Sentence]) -> Edit:
    """Return the act that a coding begins with."""
    documents: dict[int, Document] = {CAST: readout.cast, **dict(enumerate(sentences, 1))}
    changes = tuple(Change(key=key, before=None, after=d) for key, d in documents.items())
    return Edit(act="import", at=AT, what="import", changes=changes)


def placed(text: str, parts: Sequence[str], roles: Mapping[int, Role]) -> list[Sentence]:
    """Find the parts one after the other in a text, and make sentences of them."""
    found: list[Sentence] = []
    at = 0
    for number, part in enumerate(parts):
        start = text.index(part, at)
        at = start + len(part)
        role = roles.get(number, "body")
        found.append(Sentence(start=start, end=at, role=role, text=part))
    return found


@dataclass
class Ids:
    """Ids one after the other, the same in every run."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self) -> str:
        return f"m{next(self.numbers)}"


def journal_of(
    store: MemoryStore, readout: Readout, sentences: Sequence[Sentence], *, coder: str = "ada"
) -> Journal:
    """Open a coding in a store, begun with these sentences where it is new."""
    header = Header(
        readout=readout.id,
        by=coder,
        source=readout.sha256,
        text=readout.text_sha256,
        segmenter="by hand 1",
        codebook=book().stamp,
    )
    return store.open(header, readout, lambda: begun(readout, sentences))


def session_of(
    readout: Readout,
    sentences: Sequence[Sentence],
    *,
    codebook: Codebook | None = None,
    store: MemoryStore | None = None,
) -> Session:
    """Open a session on a readout with these sentences."""
    journal = journal_of(store or MemoryStore(), readout, sentences)
    return Session(readout, codebook or book(), journal, now=lambda: AT, ids=Ids())


def session_on(
    *parts: str,
    language: str | None = "en",
    entities: Sequence[Entity] = PEOPLE,
    codebook: Codebook | None = None,
    store: MemoryStore | None = None,
) -> Session:
    """Open a session on sentences, each on a line of its own; `# ` begins a heading."""
    roles: dict[int, Role] = {n: "heading" for n, part in enumerate(parts) if part[:2] == "# "}
    bodies = [part.removeprefix("# ") for part in parts]
    text = "\n".join(bodies)
    readout = readout_of(text, language=language, entities=entities)
    sentences = placed(text, bodies, roles)
    return session_of(readout, sentences, codebook=codebook, store=store)


def pen_of(codebook: Codebook | None = None) -> Pen:
    """Return a pen whose ids and times are the same in every run."""
    return Pen("ada", codebook or book(), lambda: AT, Ids())


def coding_of(text: str, *parts: str, entities: Sequence[Entity] = PEOPLE) -> Coding:
    """Return a coding of the parts of a text; its keys count from 1."""
    docs: dict[int, Document] = {
        CAST: Cast(entities=tuple(entities)),
        **dict(enumerate(placed(text, parts, {}), 1)),
    }
    return Coding(docs)


@dataclass
class Clock:
    """A clock that only goes on when it is told."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Coder:
    """Somebody at a workbench: keys go the way they go on the annotate screen."""

    bench: Workbench
    clock: Clock

    @classmethod
    def at(
        cls, *parts: str, session: Session | None = None, wishes: Mapping[str, str] | None = None
    ) -> Coder:
        """Sit down at some sentences, or at those of the call."""
        session = session or session_on(*(parts or CALL))
        clock = Clock()
        keymap = keys.keymap(wishes or {}, session.codebook.panels)
        bench = Workbench(session, keymap, clock=clock)
        session.on_change = bench.edited
        return cls(bench, clock)

    @property
    def session(self) -> Session:
        """The session of the workbench."""
        return self.bench.session

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the sentence in work."""
        return self.bench.sentence.marks

    @property
    def labels(self) -> list[str]:
        """What stands on the sentence in work; a rejected label behind an exclamation mark."""
        return ["!" * mark.rejected + mark.label for mark in self.marks]

    @property
    def view(self) -> View:
        """What the open panel shows."""
        assert self.bench.mode is not None
        return self.bench.mode.view()

    def press(self, *pressed: str, seconds: float = 0.0) -> Coder:
        """Press keys one after the other, so many seconds apart."""
        for key in pressed:
            assert self.bench.ask is None, f"a question is open before {key}"
            self.clock.now += seconds
            self.bench.tick()
            if not self.bench.press(key):
                command = self.bench.keymap.command("annotate", key)
                assert command is not None, f"{key} is no command"
                self.bench.message = ""
                # What is no deed opens another screen.
                if command.id in DEEDS:
                    DEEDS[command.id](self.bench, self.bench.take_count())
        return self

    def answer(self, typed: str) -> Coder:
        """Answer the open question."""
        assert self.bench.ask is not None
        self.bench.tick()
        self.bench.answer(typed)
        return self
