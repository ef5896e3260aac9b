"""Codings that nobody would make by hand: every layer, every type of slot, hostile text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from annotator.formats.codebook import read_codebook
from annotator.formats.dialect import Dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.losses import Losses
from annotator.formats.output import About, Written
from annotator.formats.work import Work
from annotator.model.codebook import Codebook, Slot
from annotator.model.edit import CAST, Coding, Document
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    NoneStated,
    Provenance,
    RefValue,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.readout import Event, Metadata, Readout
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline.draft import Draft
from annotator.pipeline.making import batch_of
from annotator.store import Header

BOOK: Final = read_codebook(Path(__file__).parents[2] / "schemas" / "readouts.toml")
AT: Final = "2026-01-02T03:04:05Z"
WORDS: Final = (
    "They", "agreed", "a", "€2", "billion", "🤝🏽", "e\u0301te\u0301", "会谈", "قال", "שלום",
    "“quoted”", "a\tb", "<b>", "#x", "x=1", "\\n", '"', "O", "B-X", "\u200b\u202e", "|", "\x85",
    "\u2028", "=cmd", "👨‍👩‍👧", "\U0001f600\U0001f3fd", "it's", "[1]", "{}", "&amp;",
)  # fmt: skip
ASKED: Final[tuple[dict[str, tuple[str, ...]], ...]] = (
    {},
    {},
    {"asked": ()},
    {"asked": ("commitments",)},
    {"asked": tuple(layer.id for layer in BOOK.layers)},
    {"not_asked": ("speakers", "topics")},
)
"""Of what a file alone, or a coder, may have been asked."""
WHO: Final = ("xa", "xb", "press_service")


@st.composite
def works(draw: st.DrawFn) -> Work:
    """Draw one coder's work on one readout."""
    pieces = draw(
        st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), min_size=1, max_size=5)
    )
    gaps = draw(st.lists(st.sampled_from((" ", "\n", "\n\n", "  ")), min_size=5, max_size=5))
    text = ""
    docs: dict[int, Document] = {CAST: _cast()}
    number = 0
    for key, (words, gap) in enumerate(zip(pieces, gaps, strict=False), start=1):
        start = len(text)
        text += " ".join(words)
        drawn = draw(st.lists(_marks(text, start), max_size=4))
        marks = tuple(
            mark.replaced(id=f"m{number + place}") for place, mark in enumerate(drawn, start=1)
        )
        number += len(marks)
        docs[key] = Sentence(
            start=start,
            end=len(text),
            role=draw(st.sampled_from(("body", "heading", "list_item", "quotation"))),
            text=text[start:],
            state=draw(st.sampled_from(("done", "done", "done", "unsure", "new"))),
            marks=marks,
            note=draw(st.sampled_from(("", "why?", 'a "note"\n\twith lines'))),
            flagged=draw(st.booleans()),
            keys=draw(st.integers(0, 99)),
            seconds=draw(st.sampled_from((0.0, 1.25, 3600.5))),
        ).replaced(**draw(st.sampled_from(ASKED)))
        text += gap
    raw = text.encode()
    digest = hashlib.sha256(raw).hexdigest()
    metadata = Metadata(
        title="A call, “retold”", language="en", issuing_side="xa", entities=_cast().entities,
        event=Event(id=draw(st.sampled_from((None, "call"))), participants=("xa", "xb")),
    )  # fmt: skip
    readout = Readout(
        id=draw(st.sampled_from(("call-1", "Call_2.b"))),
        text=text,
        sha256=digest,
        text_sha256=digest,
        metadata=metadata,
    )
    header = Header(
        readout=readout.id,
        by=draw(st.sampled_from(("ada", "bob"))),
        source=digest,
        text=digest,
        segmenter="rules 1",
        codebook=BOOK.stamp,
    )
    return Work(readout, header, Coding(docs), BOOK)


def _cast() -> Cast:
    return Cast(entities=tuple(Entity(id=one, type="state", name=one.upper()) for one in WHO))


@st.composite
def _marks(draw: st.DrawFn, text: str, start: int) -> Mark:
    layer = draw(st.sampled_from(BOOK.layers))
    label = draw(st.sampled_from(layer.in_use))
    slots: dict[str, tuple[SlotValue, ...]] = {}
    for slot in layer.slots_of(label.id):
        if draw(st.booleans()):
            many = 2 if slot.repeatable else 1
            values = draw(st.lists(_values(BOOK, slot, text, start), min_size=1, max_size=many))
            slots[slot.id] = tuple(dict.fromkeys(values))
    return Mark(
        id="m",
        layer=layer.id,
        label=label.id,
        start=start,
        end=len(text),
        slots=slots,
        rejected=draw(st.booleans()) and not slots,
        certainty=draw(st.sampled_from(("high", "low"))),
        note=draw(st.sampled_from(("", "sure?"))),
        provenance=Provenance(
            coder="ada",
            at=AT,
            codebook=BOOK.stamp,
            origin=draw(st.sampled_from(("human", "edited"))),
            seconds=draw(st.sampled_from((None, 1.5))),
            keys=draw(st.sampled_from((None, 3))),
            imported=draw(st.booleans()),
        ),
    )


@st.composite
def _values(draw: st.DrawFn, book: Codebook, slot: Slot, text: str, start: int) -> SlotValue:
    if not slot.repeatable and draw(st.integers(0, 4)) == 0:
        return NoneStated()
    at = draw(st.integers(start, len(text) - 1))
    span = Span.of(text, at, draw(st.integers(at + 1, len(text))))
    match slot.type:
        case "span":
            return SpanValue(span=span)
        case "entity":
            mention = draw(st.sampled_from((None, span)))
            return EntityValue(
                entity=draw(st.sampled_from(WHO)), mention=mention, inferred=mention is None
            )
        case "choice" | "scale":
            return ChoiceValue(choice=draw(st.sampled_from(slot.choices)).id)
        case "label":
            other = book.layer(slot.layer or "")
            assert other is not None
            return LabelValue(label=draw(st.sampled_from(other.in_use)).id)
        case "date":
            return DateValue(date=draw(st.sampled_from(("2026", "2026-03", "2026-01-02/2026-02"))))
        case "text":
            return TextValue(text=draw(st.sampled_from(WORDS)))
        case "ref":
            return RefValue(mark=draw(st.sampled_from(("m1", "m2", "m9"))))


class Folder:
    """A dataset that is being written, and what was lost."""

    def __init__(self, dialect: Dialect, draft: Draft) -> None:
        self._draft = draft
        self.losses = Losses(dialect.cannot, lambda line: draft.write(LOSSES, line), dialect.unseen)

    def write(self, file: str, data: bytes) -> None:
        """Append to a file."""
        self._draft.write(file, data)

    def path(self, file: str) -> Path:
        """Return where a library writes."""
        return self._draft.path(file)

    def lost(self, what: str, where: str) -> None:
        """Take a loss."""
        self.losses.add(what, where)


def written(dialect: Dialect, target: Path, coded: Sequence[Work]) -> Sequence[Written]:
    """Write works as a dataset into a folder that is not there yet."""
    with Draft(target) as draft:
        out = Folder(dialect, draft)
        writer = dialect.writer(out, About(BOOK, BOOK.layers, dialect.variant))
        for work in coded:
            writer.add(batch_of([work]))
        files = writer.finish()
        draft.put_in_place()
    return files
