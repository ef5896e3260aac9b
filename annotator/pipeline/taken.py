"""What the work of a file comes to in a readout: the edit that brings it in, and what it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.model.edit import Change, Edit
from annotator.model.sentence import Sentence
from annotator.pipeline.gathering import Loose


@dataclass(frozen=True)
class Taken:
    """What a readout would get, or why a part of it cannot be taken.

    `others` are the places of sentences of which the file says other than what stands, `notices`
    what of the cast stays as it is. `on_decided` counts marks on sentences that were decided,
    `people` entries of the cast that are new or changed, `spread` labels of whole texts that have
    several sentences, `wordless` labels of words that are given to the whole sentence, `unmarked`
    sentences that are decided without a mark, `removed` marks that the coder took away before, and
    that stay so, `filled` marks that were there and get something into their slots, `labelled`
    sentences that are decided by labels. `loose` has the marks of words that nothing ties to others
    of the same label, `passages` for each label of words in several sentences, be it left out or
    given to each, how many these are. `fallen` counts rejections of labels that were merged, and
    `former` marks by their layer, the former label that the file gives and that of now, which they
    get.
    """

    edit: Edit | None
    marks: int
    problems: tuple[str, ...]
    others: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    on_decided: int = 0
    wordless: int = 0
    unmarked: int = 0
    loose: tuple[Loose, ...] = ()
    people: int = 0
    spread: int = 0
    removed: int = 0
    filled: int = 0
    labelled: int = 0
    passages: tuple[int, ...] = ()
    fallen: int = 0
    former: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


def filled_by(change: Change) -> int:
    """Count the marks of a sentence that stay, and have something else in their slots."""
    before, after = change.before, change.after
    if not (isinstance(before, Sentence) and isinstance(after, Sentence)):
        return 0
    slots = {mark.id: mark.slots for mark in before.marks}
    return sum(slots.get(mark.id, mark.slots) != mark.slots for mark in after.marks)
