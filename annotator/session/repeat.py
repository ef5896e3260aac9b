"""The last marking again, on another sentence."""

from __future__ import annotations

from annotator.model.codebook import Codebook
from annotator.model.edit import CAST, Coding, Edit, Timeline
from annotator.model.mark import EntityValue, Mark, NoneStated, RefValue, Slots, SpanValue
from annotator.model.sentence import Sentence
from annotator.session import framing
from annotator.session.acts import Pen, add_mark


def last_marking(timeline: Timeline, coding: Coding, book: Codebook) -> tuple[Mark, ...]:
    """Return the marks that the latest acts put on one sentence and that still stand there.

    Acts count as one marking as long as they touch the same sentence. What belongs to the words of
    that sentence is left out: spans, mentions, references, and the classes read from words.
    """
    found: list[Mark] = []
    place: int | None = None
    for edit in reversed(timeline.done):
        added = _added(edit)
        if added is None:
            continue
        key, ids = added
        if place is None and ids:
            place = key
        if place is not None and key != place:
            break
        if place is not None and place in coding.docs:
            standing = coding.sentence(place)
            found = [m for i in ids if (m := standing.mark(i)) and m not in found] + found
    return tuple(mark.model_copy(update={"slots": _portable(mark, book)}) for mark in found)


def _added(edit: Edit) -> tuple[int, list[str]] | None:
    for change in edit.changes:
        before, after = change.before, change.after
        if change.key != CAST and isinstance(before, Sentence) and isinstance(after, Sentence):
            had = {mark.id for mark in before.marks}
            return change.key, [mark.id for mark in after.marks if mark.id not in had]
    return None


def repeat(
    pen: Pen, coding: Coding, key: int, marks: tuple[Mark, ...], what: str = "repeat"
) -> Edit | None:
    """Put marks like these on a sentence in one act; a label that stands already stays as it is.

    Of two that say the same, one is put. Their slots hold nothing that belongs to the words of
    another sentence.
    """
    sentence = coding.sentence(key)
    after, done = coding, False
    for mark in marks:
        if any(m.layer == mark.layer and m.label == mark.label for m in sentence.marks):
            continue
        fresh = pen.mark(
            sentence, mark.layer, mark.label, slots=dict(mark.slots), rejected=mark.rejected
        )
        twin = after.sentence(key).saying(fresh)
        if twin is not None and twin.rejected == fresh.rejected:
            continue
        step = add_mark(pen, after, key, fresh)
        if step is not None:
            after, done = step.apply(after), True
    if not done:
        return None
    return pen.edit(coding, what, {key: after.sentence(key)})


def _portable(mark: Mark, book: Codebook) -> Slots:
    layer = book.layer(mark.layer)
    # No words are taken along, so that no class may say what they mean, even that there are none.
    read = (
        {name for one in layer.slots for name in framing.read_from(layer, one.id)} if layer else ()
    )
    slots: Slots = {}
    for name, values in mark.slots.items():
        if name in read:
            continue
        kept = tuple(
            value.model_copy(update={"mention": None}) if isinstance(value, EntityValue) else value
            for value in values
            if not isinstance(value, SpanValue | RefValue | NoneStated)
        )
        if kept:
            slots[name] = kept
    return slots
