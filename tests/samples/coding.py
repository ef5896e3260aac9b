"""The coding of the sample readouts, from its description to the committed journals.

`python -m tests.samples.coding` writes the journals of the repository anew, the same bytes each
time. Everything goes through the acts of a coder, so nothing is in them that a coder cannot say.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator.config import SAMPLE_CODER
from annotator.model.codebook import Codebook, Slot
from annotator.model.edit import CAST, Change, Coding, Document, Edit
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    RefValue,
    Slots,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline.project import Project
from annotator.segment import SEGMENTER
from annotator.session import acts
from annotator.session.acts import Pen
from annotator.store import Header
from annotator.store.lines import journal
from tests.samples.given import Described, Given, Said
from tests.samples.retold import RETOLD
from tests.samples.truce import TRUCE_STEPS

ROOT: Final = Path(__file__).parents[2]
AT: Final = "2026-02-01T12:00:00Z"
CODINGS: Final[dict[str, Described]] = {
    "2017-01-28-putin-trump-kremlin-retold": RETOLD,
    "2026-01-15-laurens-temir-xr": TRUCE_STEPS,
}


def build(project: Project, readout_id: str) -> list[Edit]:
    """Return the acts that code a sample as it is described, from the first.

    Raises ValueError where the description does not fit the text, MarkError where it does not fit
    the codebook.
    """
    described = CODINGS[readout_id]
    pen = Pen(SAMPLE_CODER, project.codebook, now=lambda: AT, new_id=_Ids())
    work = _Work(_first(project, readout_id))
    for entity in described.entities:
        work.do(acts.add_entity(pen, work.coding, entity))
    for (key, sentence), coded in zip(work.coding.sentences(), described.sentences, strict=True):
        if not sentence.text.startswith(coded.begins):
            raise ValueError(f"Sentence {key} does not begin with “{coded.begins}”.")
        for given in coded.marks:
            work.do(acts.add_mark(pen, work.coding, key, _mark(pen, sentence, given)))
        if coded.note:
            work.do(acts.write_note(pen, work.coding, key, coded.note))
        work.do(acts.decide(pen, work.coding, key, "done"))
    return work.edits


def journal_bytes(project: Project, readout_id: str) -> bytes:
    """Return the journal of a sample as it is described; raises as `build` does."""
    readout = project.readout(readout_id)
    header = Header(
        readout=readout_id,
        by=SAMPLE_CODER,
        source=readout.sha256,
        text=readout.text_sha256,
        segmenter=SEGMENTER,
        codebook=project.codebook.stamp,
        sample=True,
    )
    return journal(header, build(project, readout_id))


def journal_path(project: Project, readout_id: str) -> Path:
    """Return where the journal of a sample lies."""
    return project.paths.samples / SAMPLE_CODER / f"{readout_id}.json"


class _Ids:
    """Ids of marks that are the same in every run."""

    def __init__(self) -> None:
        self._given = 0

    def __call__(self) -> str:
        self._given += 1
        return f"m{self._given}"


class _Work:
    """Edits as they come, and the coding that they make."""

    def __init__(self, first: Edit) -> None:
        self.edits = [first]
        self.coding = first.apply(Coding())

    def do(self, edit: Edit | None) -> None:
        if edit is None:
            raise ValueError("the description says something twice")
        self.coding = edit.apply(self.coding)
        self.edits.append(edit)


def _first(project: Project, readout_id: str) -> Edit:
    # Not the project's own first act: that would begin with what these journals say already.
    readout = project.readout(readout_id)
    documents: dict[int, Document] = {
        CAST: readout.cast,
        **dict(enumerate(project.segment(readout), start=1)),
    }
    changes = (Change(key=key, before=None, after=after) for key, after in documents.items())
    return Edit(act="import", at=AT, what="import", changes=tuple(changes))


def _mark(pen: Pen, sentence: Sentence, given: Given) -> Mark:
    hand = replace(pen, new_id=lambda: given.name) if given.name else pen
    mark = hand.mark(sentence, given.layer, given.label, rejected=given.rejected)
    slots = _slots(pen.codebook, sentence, given)
    return mark.model_copy(
        update={"slots": slots, "certainty": given.certainty, "note": given.note}
    )


def _slots(book: Codebook, sentence: Sentence, given: Given) -> Slots:
    layer = book.layer(given.layer)
    known = {slot.id: slot for slot in layer.slots} if layer else {}
    return {
        name: _values(known[name], sentence, said)
        for name, said in given.slots.items()
        if said != ()
    }


def _values(slot: Slot, sentence: Sentence, said: Said) -> tuple[SlotValue, ...]:
    if said is None:
        return NONE_STATED
    several = (said,) if isinstance(said, str) else said
    return tuple(_value(slot, sentence, one) for one in several)


def _value(slot: Slot, sentence: Sentence, said: str) -> SlotValue:
    match slot.type:
        case "span":
            return SpanValue(span=_span(sentence, said))
        case "entity":
            return _entity(sentence, said)
        case "choice" | "scale":
            return ChoiceValue(choice=said)
        case "label":
            return LabelValue(label=said)
        case "date":
            return DateValue(date=said)
        case "text":
            return TextValue(text=said)
        case "ref":
            return RefValue(mark=said)


def _entity(sentence: Sentence, said: str) -> EntityValue:
    entity, _, words = said.removeprefix("~").partition(": ")
    mention = _span(sentence, words) if words else None
    return EntityValue(entity=entity, mention=mention, inferred=said.startswith("~"))


def _span(sentence: Sentence, words: str) -> Span:
    times = sentence.text.count(words)
    if times != 1:
        raise ValueError(f"“{words}” stands {times} times in “{sentence.text}”")
    start = sentence.start + sentence.text.index(words)
    return Span(start=start, end=start + len(words), exact=words)


def main(root: Path = ROOT) -> None:
    """Write the journals of a project that has the sample readouts anew."""
    project = Project.open(root)
    for readout_id in CODINGS:
        path = journal_path(project, readout_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(journal_bytes(project, readout_id))
        print(project.paths.shown(path))


if __name__ == "__main__":
    main()
