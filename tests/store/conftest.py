from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.files import sha256
from annotator.model.edit import CAST, Change, Coding, Document, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import EntityValue, Mark, NoneStated, Provenance, SpanValue
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.store import Header, TinyStore

PARTS = (
    "The presidents spoke of “peace”.",
    "Стороны договорились о встрече.",
    "双方同意\u2028继续\u0085对话 \U0001f1fa\U0001f1f3.",
    'Nothing \\ else was "said".',
)


@dataclass(frozen=True)
class Work:
    """A readout, and edits of it as a session makes them."""

    root: Path
    readout: Readout
    by: str = "ada"

    @property
    def header(self) -> Header:
        return Header(
            readout=self.readout.id,
            by=self.by,
            source=self.readout.sha256,
            text=self.readout.text_sha256,
            segmenter="sentences 1",
            codebook="readouts 1.0.0",
        )

    @property
    def path(self) -> Path:
        return self.root / self.by / f"{self.readout.id}.json"

    def tiny(self) -> TinyStore:
        return TinyStore(self.root)

    def first(self) -> Edit:
        """The import: a sentence for every line of the text."""
        changes = []
        start = 0
        for key, line in enumerate(self.readout.text.split("\n"), start=1):
            end = start + len(line)
            sentence = Sentence(start=start, end=end, role="body", text=line)
            changes.append(Change(key=key, before=None, after=sentence))
            start = end + 1
        return Edit(act="import", at="2024-01-01T00:00:00Z", what="import", changes=tuple(changes))

    def edit(self, coding: Coding, documents: Mapping[int, Document | None]) -> Edit:
        changes = tuple(
            Change(key=key, before=coding.docs.get(key), after=after)
            for key, after in documents.items()
        )
        return Edit(act="edit", at="2024-01-02T03:04:05Z", what="mark “ü”", changes=changes)

    def note(self, coding: Coding, key: int, note: str) -> Edit:
        after = coding.sentence(key).model_copy(update={"note": note})
        return self.edit(coding, {key: after})

    def mark(self, coding: Coding, key: int) -> Edit:
        """A mark with slots on a sentence, and its speaker in the cast."""
        sentence = coding.sentence(key)
        span = Span.of(self.readout.text, sentence.start, sentence.start + 3)
        mark = Mark(
            id="m1",
            layer="speakers",
            label="indirect",
            start=sentence.start,
            end=sentence.end,
            slots={
                "cue": (SpanValue(span=span),),
                "source": (EntityValue(entity="un", mention=span),),
                "holder": (NoneStated(),),
            },
            provenance=Provenance(coder=self.by, at="2024-01-02", codebook="c 1", seconds=1.5),
        )
        cast = Cast(entities=(Entity(id="un", type="organisation", name="ООН"),))
        marked = sentence.model_copy(update={"marks": (mark,), "state": "done", "seconds": 2.25})
        return self.edit(coding, {key: marked, CAST: cast})

    def split(self, coding: Coding, key: int) -> Edit:
        whole = coding.sentence(key)
        middle = (whole.start + whole.end) // 2
        halves = [
            Sentence(start=start, end=end, role="body", text=self.readout.text[start:end])
            for start, end in ((whole.start, middle), (middle, whole.end))
        ]
        return self.edit(coding, {key: halves[0], max(coding.docs) + 1: halves[1]})

    def join(self, coding: Coding, key: int) -> Edit:
        other = coding.order[coding.position[key] + 1]
        start, end = coding.sentence(key).start, coding.sentence(other).end
        both = Sentence(start=start, end=end, role="body", text=self.readout.text[start:end])
        return self.edit(coding, {key: both, other: None})


def readout_of(text: str, name: str = "call-1") -> Readout:
    digest = sha256(text.encode())
    return Readout(id=name, text=text, sha256=digest, text_sha256=digest)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "tags", readout_of("\n".join(PARTS)))
