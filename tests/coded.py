"""A project to count and to search in: readouts of four sentences, coded as a test wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotator.files import sha256
from annotator.model.edit import Change, Edit
from annotator.model.mark import Certainty, Mark, Provenance, Slots
from annotator.model.sentence import Sentence
from annotator.model.text import Role, State
from annotator.pipeline.project import Project
from annotator.store import Header, TinyStore
from annotator.store import format as form

TEXT: Final = "A heading\nThey spoke of trade. Trade was good. “Peace”, said both."
PLACES: Final = {1: (0, 9), 2: (10, 30), 3: (31, 46), 4: (47, 66)}
CODEBOOK: Final = """
name = "b"
version = "1.0.0"
[[layers]]
id = "topics"
name = "Topics"
key = "t"
labels = [{ id = "a", name = "A" }, { id = "b", name = "B" }, { id = "c", name = "C" }]
[[layers]]
id = "tone"
name = "Tone"
key = "o"
families = [{ id = "kind", name = "Kind" }]
labels = [{ id = "warm", name = "Warm", family = "kind" }, { id = "cold", name = "Cold" }]
[[layers.slots]]
id = "degree"
name = "Degree"
type = "scale"
choices = [{ id = "1", name = "Low" }, { id = "2", name = "High" }]
[[layers.slots]]
id = "who"
name = "Who"
type = "entity"
repeatable = true
[[layers.slots]]
id = "why"
name = "Why"
type = "text"
families = ["kind"]
"""


@dataclass(frozen=True)
class Said:
    """What a coder says of a sentence; each mark is a layer, a label, and what else is true."""

    state: State = "done"
    marks: tuple[tuple[str, str], ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    note: str = ""
    note_on_mark: str = ""
    flagged: bool = False
    doubtful: bool = False
    certainty: Certainty = "high"
    slots: Slots = field(default_factory=dict)
    keys: int = 3
    seconds: float = 2.5
    role: Role = "body"
    asked: tuple[str, ...] | None = None
    not_asked: tuple[str, ...] = ()


Coding = Mapping[int, Said]
NOTHING: Final = Said(state="new", keys=0, seconds=0.0)


@dataclass
class Made:
    """A project, and a pen to write to it with."""

    root: Path
    project: Project = field(init=False)

    def __post_init__(self) -> None:
        for name in ("seeds", "schemas"):
            (self.root / name).mkdir(parents=True)
        (self.root / "schemas" / "readouts.toml").write_text(CODEBOOK, "utf-8")
        self.project = Project.open(self.root)

    def readout(self, name: str, about: str = "", text: str = TEXT) -> Path:
        """Add a readout, with metadata where there are any."""
        path = self.root / "seeds" / f"{name}.txt"
        path.write_text(text, "utf-8")
        if about:
            self.about(name).write_text(about, "utf-8")
        return path

    def about(self, name: str) -> Path:
        return self.root / "seeds" / f"{name}.toml"

    def journal(self, coder: str, name: str) -> Path:
        return self.root / "tags" / coder / f"{name}.json"

    def code(self, coder: str, name: str, coding: Coding) -> Path:
        """Begin a journal if there is none, and write what is said as one act more."""
        digest = sha256(TEXT.encode())
        header = Header(
            readout=name, by=coder, source=digest, text=digest, segmenter="s", codebook="b 1.0.0"
        )
        first = _edit("import", {key: (None, _sentence(key, NOTHING)) for key in PLACES})
        store = TinyStore(self.project.paths.tags)
        journal = store.open(header, self.project.readout(name), lambda: first)
        try:
            docs = {
                key: (journal.coding.sentence(key), _sentence(key, said))
                for key, said in coding.items()
            }
            if docs:
                journal.put(_edit("edit", docs))
        finally:
            journal.close()
        return self.journal(coder, name)

    def copy(self, coder: str, name: str, amount: int) -> None:
        """Add readouts m000, m001, … with the same coding."""
        snapshot = TinyStore(self.project.paths.tags).read(coder, name)
        assert snapshot is not None
        rest = self.journal(coder, name).read_bytes().partition(b"\n")[2]
        for number in range(amount):
            other = f"m{number:03}"
            self.readout(other)
            head = form.head(snapshot.header.model_copy(update={"readout": other}))
            self.journal(coder, other).write_bytes(b"%b\n%b" % (head, rest))


def _edit(act: str, docs: Mapping[int, tuple[Sentence | None, Sentence]]) -> Edit:
    changes = tuple(
        Change(key=key, before=before, after=after) for key, (before, after) in docs.items()
    )
    assert act in ("import", "edit")
    return Edit(
        act="import" if act == "import" else "edit",
        at="2026-01-02T03:04:05Z",
        what=act,
        changes=changes,
    )


def _sentence(key: int, said: Said) -> Sentence:
    start, end = PLACES[key]
    given = [(*mark, False) for mark in said.marks] + [(*mark, True) for mark in said.rejected]
    return Sentence(
        start=start,
        end=end,
        role=said.role,
        text=TEXT[start:end],
        state=said.state,
        marks=tuple(
            _mark(f"{key}.{number}", layer, label, key, rejected, said)
            for number, (layer, label, rejected) in enumerate(given)
        ),
        note=said.note,
        flagged=said.flagged,
        keys=said.keys,
        seconds=said.seconds,
        asked=said.asked,
        not_asked=said.not_asked,
    )


def _mark(name: str, layer: str, label: str, key: int, rejected: bool, said: Said) -> Mark:
    start, end = PLACES[key]
    return Mark(
        id=name,
        layer=layer,
        label=label,
        start=start,
        end=end,
        rejected=rejected,
        note=said.note_on_mark,
        doubtful=said.doubtful,
        certainty=said.certainty,
        slots=said.slots if layer == "tone" else {},
        provenance=Provenance(coder="ada", at="", codebook="b 1.0.0"),
    )
