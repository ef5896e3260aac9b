"""From one readout to another: the one beside it, or the next place of a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError
from annotator.session.walk import sentence_at
from annotator.tui.queue import Queue

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen

TURNS: Final = {"readout.next": 1, "readout.previous": -1, "write": 0}
"""Commands that open a readout in place of this one, and how far from it that stands."""
STEPS: Final = {"queue.next": 1, "queue.previous": -1}
"""Commands that walk through the queue, and by how many places."""


async def turn(here: AnnotateScreen, by: int) -> None:
    """Open the readout `by` further on; 0 opens this one again."""
    ids = here.annotator.project.readout_ids()
    readout_id = here.session.readout.id
    place = (ids.index(readout_id) if readout_id in ids else 0) + by
    if 0 <= place < len(ids):
        await _exchange(here, ids[place], None if by else here.bench.sentence.start)
    else:
        here.say("There is no readout beyond this one.")


async def step_in_queue(here: AnnotateScreen, by: int, notice: str = "") -> None:
    """Go to the place `by` further on in the queue, in this readout or in another.

    In this one a notice stands behind where in the queue one is.
    """
    queue = here.annotator.queue
    place = queue.step(by) if queue else None
    if queue is None or place is None:
        here.say("The queue ends here." if queue else "There is no queue to walk.")
    elif place.readout == here.session.readout.id:
        here.go_to(place.start)
        arrive(here, notice)
    elif not await _exchange(here, place.readout, place.start):
        queue.step(-by)


def arrive(here: AnnotateScreen, notice: str = "") -> None:
    """Say where in the queue one is, before a notice, if its place is the sentence in work."""
    queue, bench = here.annotator.queue, here.bench
    if queue is None or queue.here.readout != here.session.readout.id:
        return
    if sentence_at(here.session.coding, queue.here.start) == bench.key:
        bench.visiting = True
        further = queue.at + 1 < len(queue.places)
        on = f"  {here.keymap.sign('queue.next')} next place" if further else ""
        here.say(f"{queue.said()}{on}  {notice}".rstrip())


async def go_on(here: AnnotateScreen) -> None:
    """Save; from a sentence of the queue that was decided, go to the queue's next place."""
    saved = await here.save()
    queue, leads_on = here.annotator.queue, here.bench.leads_on
    here.bench.leads_on = False
    if not (saved and leads_on and queue):
        return
    if queue.at + 1 < len(queue.places):
        await step_in_queue(here, 1, here.bench.message)
    else:
        last = f"{queue.title}: done, this was the last of {len(queue.places):,}."
        here.say(f"{here.bench.message}  {last}".lstrip())


async def begin(here: AnnotateScreen, queue: Queue) -> bool:
    """Begin to walk through a queue, here or in another readout; return whether one is there."""
    here.annotator.queue = queue
    if queue.here.readout == here.session.readout.id:
        here.go_to(queue.here.start)
        arrive(here)
        return True
    return await _exchange(here, queue.here.readout, queue.here.start)


def back_to_list(here: AnnotateScreen) -> bool:
    """Open the list again that was left for the queue, once; return whether there was one."""
    queue = here.annotator.queue
    if queue is None or queue.back is None:
        return False
    back, queue.back = queue.back, None
    back()
    return True


async def _exchange(here: AnnotateScreen, readout_id: str, offset: int | None) -> bool:
    """Open a readout in the place of this one; return whether it is open."""
    if not await here.save():
        return False
    try:
        here.annotator.code(readout_id, offset, instead_of=here.session)
    except AnnotatorError as error:
        here.say(str(error))
        return False
    return True
