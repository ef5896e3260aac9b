"""A kept marking, put on a sentence."""

from __future__ import annotations

from annotator.errors import MarkError
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding, Edit
from annotator.model.entity import Cast
from annotator.model.keeping import current, problem, slots_of
from annotator.model.macro import Macro
from annotator.model.mark import EntityValue, Slots
from annotator.session.acts import Pen
from annotator.session.repeat import repeat


def play(pen: Pen, coding: Coding, key: int, macro: Macro) -> tuple[Edit | None, tuple[str, ...]]:
    """Put a macro's marks on a sentence in one act; return it and whom the cast does not know.

    A label that stands already stays as it is, and a renamed or merged one is what it is now.
    Raises MarkError where the codebook does not allow a mark or its slots.
    """
    sentence = coding.sentence(key)
    unknown: dict[str, None] = {}
    marks = []
    for kept in macro.marks:
        if wrong := problem(kept, pen.codebook):
            raise MarkError(wrong)
    for kept in current(macro, pen.codebook).marks:
        slots = of_cast(slots_of(kept, pen.codebook), coding.cast, unknown)
        mark = pen.mark(sentence, kept.layer, kept.label, slots=slots, rejected=kept.rejected)
        marks.append(mark)
    edit = repeat(pen, coding, key, tuple(marks), what=f"macro {macro.name}")
    return edit, tuple(unknown)


def of_cast(slots: Slots, cast: Cast, unknown: dict[str, None]) -> Slots:
    """Return slots without those whom a cast does not know, who are added to `unknown`."""
    found: Slots = {}
    for slot, values in slots.items():
        known = tuple(v for v in values if not isinstance(v, EntityValue) or cast.get(v.entity))
        unknown.update(
            (v.entity, None) for v in values if isinstance(v, EntityValue) and v not in known
        )
        if known:
            found[slot] = known
    return found


def said(macro: Macro, book: Codebook, cast: Cast) -> tuple[str, ...]:
    """Say a macro's marks, one in a line, with what fills their slots."""
    lines = []
    for mark in current(macro, book).marks:
        layer = book.layer(mark.layer)
        label = layer.label(mark.label) if layer else None
        words = [
            f"{slot.name.lower()} {', '.join(_named(word, cast) for word in mark.slots[slot.id])}"
            for slot in (layer.slots_of(mark.label) if layer else ())
            if slot.id in mark.slots
        ]
        name = ("not " if mark.rejected else "") + (label.tag if label else mark.label)
        lines.append(f"{name}: {'; '.join(words)}" if words else name)
    return tuple(lines)


def _named(word: str, cast: Cast) -> str:
    entity = word.removeprefix("~")
    return (
        cast.name(entity) + (" (inferred)" if word != entity else "") if cast.get(entity) else word
    )
