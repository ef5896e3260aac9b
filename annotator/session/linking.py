"""Marks that refer to one which is made after them: a commitment before its speaker."""

from __future__ import annotations

from annotator.model.edit import Coding, Edit
from annotator.model.mark import Mark, RefValue
from annotator.session import acts, framing
from annotator.session.acts import Pen
from annotator.session.scene import Scene


def add_linked(
    pen: Pen, coding: Coding, scene: Scene, key: int, mark: Mark
) -> tuple[Edit | None, tuple[Mark, ...]]:
    """Put a mark on a sentence, and in the same act propose it to the marks whose words it holds.

    Only slots that are not looked at are filled. Returns the act, and the marks that refer to it.
    """
    edit = acts.add_mark(pen, coding, key, mark)
    if edit is None:
        return None, ()
    sentence = edit.apply(coding).sentence(key)
    linked: dict[str, Mark] = {}
    for one in sentence.marks:
        slot = framing.refers_to(scene, one, mark)
        if slot is not None:
            proposed = tuple(sorted({*one.provenance.proposed, slot}))
            provenance = one.provenance.model_copy(update={"proposed": proposed})
            slots = {**one.slots, slot: (RefValue(mark=mark.id),)}
            linked[one.id] = one.model_copy(update={"slots": slots, "provenance": provenance})
    marks = tuple(linked.get(one.id, one) for one in sentence.marks)
    whole = pen.edit(coding, edit.what, {key: sentence.changed(marks=marks)})
    return whole, tuple(linked.values())
