"""What is compared of marks and people that are taken in, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.files import printable
from annotator.formats.told import Tag, Told
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding
from annotator.model.entity import Entity
from annotator.model.mark import Mark, RefValue, SlotValue
from annotator.model.renewal import renewed
from annotator.model.sentence import Sentence
from annotator.pipeline.recognising import says


def content(sentence: Sentence, book: Codebook) -> tuple[object, ...]:
    """Return what a sentence says with the labels of now, whoever said it and whatever it took."""
    sentence = renewed(book, Coding({1: sentence})).get(1, sentence)
    marks = (
        (one.layer, one.label, one.rejected, one.certainty, one.doubtful, one.note, _slots(one))
        for one in sentence.marks
    )
    said = sorted(map(repr, marks))
    return sentence.role, sentence.state, sentence.note, sentence.flagged, said


def _slots(mark: Mark) -> list[tuple[str, tuple[SlotValue, ...]]]:
    return sorted(mark.slots.items(), key=lambda item: item[0])


def is_from_file(there: Mark, new: Mark, book: Codebook) -> bool:
    """Tell whether a mark that a file brought says what the file does, and nothing was added."""
    silent = (there.note, there.doubtful, there.certainty) == ("", False, "high")
    return there.provenance.imported and silent and says(book, there, new)


def outweighs(new: Mark, old: Mark) -> bool:
    """Tell whether a mark takes the place of one that cannot stand beside it."""
    return old.rejected and not new.rejected


def beside(new: Mark, old: Mark) -> str:
    """Say why one of two marks cannot be taken."""
    if new.label == old.label:
        return f"“{new.label}” is both given and rejected in one sentence; what is rejected"
    return f"“{new.label}” cannot stand beside “{old.label}”: “{new.layer}” has one label"


def is_spread(tag: Tag, keys: Sequence[int]) -> bool:
    """Tell whether a label is of a whole text that has several sentences."""
    return tag.start is None and len(keys) > 1


def is_narrower(tag: Tag, told: Told, sentence: Sentence) -> bool:
    """Tell whether a tag marks words in a sentence, and not all of it."""
    start, end = (at - sentence.start for at in told.range_of(tag))
    around = sentence.text[: max(0, start)] + sentence.text[max(0, end) :]
    return tag.start is not None and bool(around.strip())


def homeless(tag: Tag, keys: Sequence[int]) -> str:
    """Say why a label that stands in these sentences, none or several, is given to none."""
    where = "no sentence" if not keys else f"{len(keys)} sentences"
    where = f"a whole text of {where}" if is_spread(tag, keys) else where
    return f"“{printable(tag.label)}” is given to {where}"


def differing(here: Entity, there: Entity) -> str:
    """Say how somebody of the cast is told otherwise in a file."""
    if here.name != there.name and not {here.name, there.name} & {*here.aliases, *there.aliases}:
        return f"“{here.id}” of the cast is {there.name} in the file, and {here.name} here"
    fields = ", ".join(
        name for name in Entity.model_fields if getattr(here, name) != getattr(there, name)
    )
    return f"{here.name}, “{here.id}” of the cast, has another {fields} in the file"


def without(mark: Mark, gone: set[str]) -> Mark:
    """Return a mark without references to marks that are gone."""
    slots = {
        slot: kept
        for slot, values in mark.slots.items()
        if (kept := tuple(v for v in values if not isinstance(v, RefValue) or v.mark not in gone))
    }
    return mark if slots == mark.slots else mark.replaced(slots=slots)
