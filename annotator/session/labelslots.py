"""Slots that name the labels which another layer has on the same sentence, as topics of an act.

What is proposed for such a slot is what stands on the sentence. It follows that until a coder
chooses by hand.
"""

from __future__ import annotations

from annotator.model.codebook import Codebook, Slot
from annotator.model.edit import Coding
from annotator.model.mark import LabelValue, Mark, SlotValue
from annotator.model.sentence import Sentence
from annotator.session.speakers import FAR


def standing(slot: Slot, sentence: Sentence) -> tuple[SlotValue, ...]:
    """Return what a sentence's marks propose for a slot; nothing where it names no labels."""
    if slot.type != "label" or not slot.repeatable:
        return ()
    return tuple(LabelValue(label=mark.label) for mark in sentence.of_layer(slot.layer or ""))


def earlier(slot: Slot, coding: Coding, key: int) -> tuple[SlotValue, ...]:
    """Return what the nearest of the `FAR` sentences before one has for such a slot, if any has.

    It is what a pointer such as “these issues” most likely means.
    """
    place = coding.position[key]
    before = (coding.sentence(k) for k in reversed(coding.order[max(0, place - FAR) : place]))
    return next((values for one in before if (values := standing(slot, one))), ())


def followed(book: Codebook, before: Sentence, after: Sentence) -> Sentence:
    """Return a changed sentence whose proposals for such slots follow its labels.

    A slot follows that held what its sentence proposed before the change, also where that was
    nothing, and that the change itself left alone.
    """
    marks = tuple(_followed(book, before, after, mark) for mark in after.marks)
    return after if marks == after.marks else after.changed(marks=marks)


def _followed(book: Codebook, before: Sentence, after: Sentence, mark: Mark) -> Mark:
    was, layer = before.mark(mark.id), book.layer(mark.layer)
    # Whoever speaks is not begun with a proposal of labels.
    if was is None or layer is None or layer.entry != "label" or mark.rejected:
        return mark
    for slot in layer.slots_of(mark.label):
        had, has = standing(slot, before), standing(slot, after)
        held = was.slots.get(slot.id, ())
        proposed = slot.id in was.provenance.proposed or not held
        if had != has and proposed and held == had and mark.slots.get(slot.id, ()) == held:
            mark = _with(mark, slot.id, has)
    return mark


def _with(mark: Mark, slot: str, values: tuple[SlotValue, ...]) -> Mark:
    slots = {name: kept for name, kept in mark.slots.items() if name != slot}
    named = set(mark.provenance.proposed) - {slot}
    if values:
        slots[slot] = values
        named.add(slot)
    provenance = mark.provenance.model_copy(update={"proposed": tuple(sorted(named))})
    return mark.model_copy(update={"slots": slots, "provenance": provenance})
