"""How a coder takes what is suggested: it becomes a mark that says where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.edit import Coding, Edit
from annotator.model.mark import Mark
from annotator.model.suggestion import Suggestion
from annotator.session import framing
from annotator.session.acts import Pen, add_mark
from annotator.session.macros import of_cast
from annotator.session.scene import Scene
from annotator.session.suggested import Suggested


def take(
    pen: Pen,
    coding: Coding,
    scene: Scene,
    key: int,
    suggested: Suggested,
    offered: Sequence[Suggestion],
    seconds: float | None = None,
) -> Edit | None:
    """Put what is offered on a sentence in one act, each unless it is answered by then or stands.

    Raises MarkError where the codebook does not allow a mark.
    """
    after, labels = coding, []
    for one in offered:
        sentence = after.sentence(key)
        if suggested.answered(one, sentence):
            continue
        there = Scene(scene.codebook, scene.readout, sentence, coding.cast)
        mark = mark_of(pen, there, one, seconds)
        if sentence.saying(mark) is not None:
            continue
        step = add_mark(pen, after, key, mark)
        after = step.apply(after) if step else after
        labels.append(mark.label)
    return pen.edit(coding, f"take {', '.join(labels)}", {key: after.sentence(key)})


def mark_of(pen: Pen, scene: Scene, one: Suggestion, seconds: float | None = None) -> Mark:
    """Return the mark that a suggestion becomes when a coder takes it.

    Whom the cast does not know is left out. A frame that its codebook wants filled gets what the
    text proposes for the slots of which the suggestion says nothing: what it says, be it of nobody
    whom the cast knows, no rule says otherwise.
    """
    layer = scene.codebook.layer(one.layer)
    slots = of_cast(one.slots, scene.cast, {})
    if layer is not None and any(slot.required for slot in layer.slots_of(one.label)):
        said = {name: slots.get(name, ()) for name in (*one.slots, *(one.unnamed or ()))}
        slots = framing.proposed(scene, layer, one.label, said=said)
    mark = pen.mark(
        scene.sentence, one.layer, one.label, slots=slots, seconds=seconds, suggestion=one
    )
    return mark.replaced(certainty=one.certainty or mark.certainty, note=one.note or mark.note)
