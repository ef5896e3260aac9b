"""Projects made of invented readouts; the same seed makes the same texts."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from annotator.model.edit import Document
from annotator.model.mark import ChoiceValue, EntityValue, Mark, Slots, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline.init import init
from annotator.pipeline.project import Project
from annotator.session.acts import Pen

CODER: Final = "bench"
AT: Final = "2026-03-05T12:00:00Z"
_WHO = (
    "President Orsk", "The Prime Minister", "The Minister of Foreign Affairs", "The two leaders",
    "Both sides", "The President of Orlenia, Pavel Orsk,", "Ms. Marchetti", "The delegations",
)  # fmt: skip
_DID = (
    "discussed", "agreed to continue work on", "exchanged views on", "stressed the weight of",
    "confirmed that they would return to", "spoke about", "noted progress in",
)  # fmt: skip
_WHAT = (
    "trade in goods worth 3.5 per cent of the total", "the situation along the northern border",
    "a prisoner exchange through the U.N. office", "direct flights between the two capitals",
    "joint action against armed groups", "the delivery of grain and fertiliser",
    "climate measures before 7 April 2026", "visa rules for students and scholars",
)  # fmt: skip
_HOW = (
    "in a frank and constructive spirit", "and agreed to stay in contact", "at some length",
    "without setting a date", "as part of a wider settlement", "and instructed their ministers to",
)  # fmt: skip


def sentence(rng: random.Random) -> str:
    """Return one sentence of some hundred characters."""
    return " ".join(rng.choice(words) for words in (_WHO, _DID, _WHAT, _HOW)) + "."


def text(seed: int, sentences: int) -> str:
    """Return a readout of so many sentences, in paragraphs of four."""
    rng = random.Random(seed)  # noqa: S311 - texts, not secrets
    written = [sentence(rng) for _ in range(sentences)]
    return "\n\n".join(" ".join(written[i : i + 4]) for i in range(0, sentences, 4)) + "\n"


def name(number: int) -> str:
    """Return the id of a readout."""
    return f"call-{number:05}"


def title(number: int) -> str:
    """Return what the library shows of a readout; it is not a part of the id."""
    return f"Talk {number:05} of Orlenia and Brevonia"


def metadata(number: int) -> str:
    """Return the metadata file of a readout."""
    return f"""title = "{title(number)}"
doc_kind = "official_readout"
issuing_side = "XA"
language = "en"
publication_date = "2026-03-05"

[event]
id = "event-{number:05}"
type = "call"
date = "2026-03-05"
participants = ["xa", "xb"]

[[entities]]
id = "xa"
type = "state"
name = "Orlenia"

[[entities]]
id = "xb"
type = "state"
name = "Brevonia"
"""


def project(root: Path, readouts: int, *, sentences: int = 20, coded: int = 0) -> Project:
    """Make a project of so many readouts, of which `coded`, from the second on, are coded."""
    init(root, samples=False)
    for number in range(1, readouts + 1):
        (root / "seeds" / f"{name(number)}.txt").write_text(text(number, sentences), "utf-8")
        (root / "seeds" / f"{name(number)}.toml").write_text(metadata(number), "utf-8")
    made = Project.open(root)
    for number in range(2, coded + 2):
        code(made, number)
    return made


def code(project: Project, number: int) -> None:
    """Give every sentence of a readout a mark of each layer, and confirm it."""
    rng = random.Random(number)  # noqa: S311 - labels, not secrets
    journal = project.journal(CODER, name(number), AT)
    ids = (f"{number:05}{place:07}" for place in range(1_000_000))
    pen = Pen(CODER, project.codebook, lambda: AT, lambda: next(ids))
    documents: dict[int, Document | None] = {}
    for key, one in journal.coding.sentences():
        marks = tuple(mark(pen, rng, one, layer.id) for layer in project.codebook.layers)
        documents[key] = one.changed(state="done", marks=marks, keys=4, seconds=6.2)
    edit = pen.edit(journal.coding, "code", documents)
    if edit is not None:
        journal.put(edit)
    journal.close()


def mark(pen: Pen, rng: random.Random, one: Sentence, layer_id: str) -> Mark:
    """Return a mark of a layer with a label drawn by lot, and something in each slot."""
    layer = next(layer for layer in pen.codebook.layers if layer.id == layer_id)
    label = rng.choice(layer.labels).id
    words = Span(start=one.start, end=one.start + 8, exact=one.text[:8])
    slots: Slots = {}
    for slot in layer.slots_of(label):
        if slot.type == "span":
            slots[slot.id] = (SpanValue(span=words),)
        elif slot.type == "entity":
            slots[slot.id] = (EntityValue(entity="xa", mention=words),)
        elif slot.choices:
            slots[slot.id] = (ChoiceValue(choice=slot.choices[0].id),)
    return pen.mark(one, layer_id, label, slots=slots)
