"""A small project on disk, coded by hand: what an export is made from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from annotator.cli import main
from annotator.model.edit import CAST, Change, Document, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    ChoiceValue,
    EntityValue,
    Mark,
    NoneStated,
    Provenance,
    RefValue,
    Slots,
    SpanValue,
    TextValue,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Role, Span, State
from annotator.pipeline.project import Project
from annotator.store import Header, TinyStore
from annotator.store import format as form
from annotator.store.lines import render

AT = "2026-01-02T03:04:05Z"
Call = Callable[..., tuple[int, str]]
PIECES: dict[str, list[tuple[Role, str]]] = {
    "call-a": [
        ("heading", "Readout of a call 🤝"),
        ("body", "The parties agreed to fight terrorism in Syria by June."),
        ("body", "The minister\u2028said that “trade\x85ties” matter, his\x0boffice\x1creports."),
        ("body", "They discussed:"),
        ("list_item", "trade;"),
        ("list_item", "visas."),
        ("body", "They discussed:"),
    ],
    "call-b": [
        ("body", "We will never attack, he said."),
        ("body", "They  discussed\u00a0trade."),
        ("body", "They discussed trade."),
    ],
}
METADATA = {
    "call-a": """title = "A call"
issuing_side = "xa"
language = "en"
licence = "CC0"
[event]
id = "call"
participants = ["xa", "xb"]
[[entities]]
id = "xa"
type = "state"
name = "Xa"
""",
}
CODEBOOK = """
name = "readouts"
version = "9.8.7"
title = "A book"
licence = "CC0"

[[layers]]
id = "topics"
name = "Topics"
key = "t"
labels = [
  { id = "sec.terror", name = "Terrorism", include = ["\u202ehidden"] },
  { id = "eco.trade", name = "Trade" },
]
slots = [
  { id = "evidence", name = "evidence", type = "span", repeatable = true },
]

[[layers]]
id = "speakers"
name = "Speakers"
key = "s"
labels = [{ id = "indirect", name = "Indirect" }, { id = "direct", name = "Direct" }]
slots = [
  { id = "source", name = "source", type = "entity", repeatable = true },
  { id = "cue", name = "cue", type = "span" },
  { id = "content", name = "content", type = "span" },
  { id = "parent", name = "parent", type = "ref", layer = "speakers" },
]

[[layers]]
id = "commitments"
name = "Commitments"
key = "c"
families = [
  { id = "commitment", name = "Commitments" },
  { id = "near_miss", name = "Near misses", key = "m", negative = true },
]
labels = [
  { id = "agreement", name = "Agreement", family = "commitment", plover = ["AGREE"] },
  { id = "assertion", name = "Assertion", family = "near_miss" },
]
slots = [
  { id = "action", name = "action", type = "span" },
  { id = "committers", name = "by", type = "entity", repeatable = true },
  { id = "strength", name = "strength", type = "scale", choices = [
    { id = "1", name = "weak" }, { id = "2", name = "firm" } ] },
  { id = "timeframe", name = "when", type = "span" },
  { id = "attribution", name = "said", type = "ref", layer = "speakers" },
]

[[layers]]
id = "tone"
name = "Tone"
key = "o"
labels = [{ id = "warm", name = "Warm" }]
slots = [{ id = "why", name = "why", type = "text" }]
"""


@pytest.fixture
def call(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Call the program; return its exit code, and all that it said."""

    def call(*args: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["annotator", "-p", str(project.root), *args])
        code = main()
        return code, "".join(capsys.readouterr())

    return call


def text_of(readout_id: str) -> str:
    return "\n".join(text for _, text in PIECES[readout_id])


def sentences_of(readout_id: str) -> dict[int, Sentence]:
    found: dict[int, Sentence] = {}
    start = 0
    for key, (role, text) in enumerate(PIECES[readout_id], start=1):
        found[key] = Sentence(start=start, end=start + len(text), role=role, text=text)
        start += len(text) + 1
    return found


def quote(readout_id: str, words: str) -> Span:
    start = text_of(readout_id).index(words)
    return Span(start=start, end=start + len(words), exact=words)


def mark(
    name: str, layer: str, label: str, slots: Slots | None = None, *, rejected: bool = False
) -> Mark:
    """Return a mark; the store asks nothing of its range, so it has none of its own."""
    return Mark(
        id=name,
        layer=layer,
        label=label,
        start=0,
        end=1,
        slots=slots or {},
        rejected=rejected,
        provenance=Provenance(coder="ada", at=AT, codebook="readouts 9.8.7"),
    )


def example() -> Mapping[int, tuple[State, tuple[Mark, ...]]]:
    """Return a coding of `call-a` that fills every file of an export."""
    agreement: Slots = {
        "action": (SpanValue(span=quote("call-a", "fight terrorism")),),
        "committers": (EntityValue(entity="xa"), EntityValue(entity="xb", inferred=True)),
        "strength": (ChoiceValue(choice="2"),),
        "timeframe": (NoneStated(),),
        "attribution": (RefValue(mark="s1"),),
    }
    said: Slots = {
        "source": (EntityValue(entity="xb", mention=quote("call-a", "The minister")),),
        "cue": (SpanValue(span=quote("call-a", "said")),),
        "parent": (RefValue(mark="s2"),),
    }
    reported: Slots = {"cue": (SpanValue(span=quote("call-a", "reports")),)}
    return {
        2: (
            "done",
            (
                mark("t1", "topics", "sec.terror"),
                mark("s1", "speakers", "indirect", {"source": (EntityValue(entity="xa"),)}),
                mark("c1", "commitments", "agreement", agreement),
                mark("x1", "topics", "eco.trade", rejected=True),
            ),
        ),
        3: (
            "done",
            (
                mark(
                    "t2",
                    "topics",
                    "eco.trade",
                    {"evidence": (SpanValue(span=quote("call-a", "trade\x85ties")),)},
                ),
                mark("s2", "speakers", "indirect", reported),
                mark("s3", "speakers", "direct", said),
                mark("c2", "commitments", "assertion"),
                mark("w1", "tone", "warm", {"why": (TextValue(text="“matter”"),)}),
            ),
        ),
        4: ("done", ()),
        5: ("done", (mark("t3", "topics", "eco.trade"),)),
        6: ("unsure", (mark("t4", "topics", "eco.trade"),)),
        7: ("done", ()),
    }


def coding_edit(readout_id: str, states: Mapping[int, tuple[State, tuple[Mark, ...]]]) -> Edit:
    sentences = sentences_of(readout_id)
    for key, (state, marks) in states.items():
        fields = {**vars(sentences[key]), "state": state, "marks": marks, "keys": 3, "seconds": 1.5}
        sentences[key] = Sentence.model_validate(fields)
    cast = Cast(entities=(Entity(id="xb", type="state", name="Xb"),))
    documents: dict[int, Document] = {CAST: cast, **sentences}
    changes = (Change(key=key, before=None, after=document) for key, document in documents.items())
    return Edit(act="import", at=AT, what="import", changes=tuple(changes))


def header_of(coder: str, readout_id: str, *, sample: bool = False) -> Header:
    digest = hashlib.sha256(text_of(readout_id).encode()).hexdigest()
    return Header(
        readout=readout_id,
        by=coder,
        source=digest,
        text=digest,
        segmenter="by hand",
        codebook="readouts 9.8.7",
        sample=sample,
    )


Code = Callable[[str, str, Mapping[int, tuple[State, tuple[Mark, ...]]]], None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two readouts that nobody coded."""
    root = tmp_path / "project"
    (root / "seeds").mkdir(parents=True)
    (root / "schemas").mkdir()
    for readout_id in PIECES:
        (root / "seeds" / f"{readout_id}.txt").write_bytes(text_of(readout_id).encode())
    for readout_id, metadata in METADATA.items():
        (root / "seeds" / f"{readout_id}.toml").write_text(metadata, encoding="utf-8")
    (root / "schemas" / "readouts.toml").write_text(CODEBOOK, encoding="utf-8")
    return Project.open(root)


@pytest.fixture
def code(project: Project) -> Code:
    """Code a readout as a coder: for each sentence its state and its marks."""

    def code(
        coder: str, readout_id: str, states: Mapping[int, tuple[State, tuple[Mark, ...]]]
    ) -> None:
        journal = TinyStore(project.paths.tags).open(
            header_of(coder, readout_id),
            project.readout(readout_id),
            lambda: coding_edit(readout_id, states),
        )
        journal.close()

    return code


@pytest.fixture
def coded(project: Project, code: Code) -> Project:
    """The project with `call-a` coded by ada."""
    code("ada", "call-a", example())
    return project


@pytest.fixture
def sample(project: Project) -> Project:
    """The project with a coding of `call-b` that came with the program."""
    edit = coding_edit("call-b", {1: ("done", ())})
    raw = render(form.head(header_of("sample", "call-b", sample=True)), [form.body(edit, {})])
    place = project.paths.samples / "sample"
    place.mkdir(parents=True)
    (place / "call-b.json").write_bytes(raw)
    return project
