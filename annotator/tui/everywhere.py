"""Undo and redo of an act on many readouts: it is taken back wherever it is still the last one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError
from annotator.model.bulk import bulk_of
from annotator.model.edit import Timeline
from annotator.model.renewal import is_renewal
from annotator.pipeline import bulk
from annotator.pipeline.bulk import Outcome
from annotator.plural import many
from annotator.session.session import utc_now

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.tui.screens.keyed import KeyedScreen

STEPS: Final = {"undo": True, "redo": False}
"""Commands that walk the history, and whether they go back."""
_FEW: Final = 3


def told(verb: str, outcomes: Sequence[Outcome], undo: str, more: str = "") -> str:
    """Say how much was marked or taken back, and what was not; `more` is said of what was."""
    done = [outcome for outcome in outcomes if not outcome.problem]
    sentences = sum(outcome.sentences for outcome in done)
    said = f"{verb}: {many(sentences, 'sentence')} in {many(len(done), 'readout')}"
    said += f"; {more}" if more else ""
    if undo and done:
        said += f"  {undo} takes it back everywhere"
    return "; ".join((said, *_left(outcomes)))


def _left(outcomes: Sequence[Outcome]) -> list[str]:
    left = [outcome for outcome in outcomes if outcome.problem]
    if not left:
        return []
    named = ", ".join(f"{one.readout} ({one.problem.rstrip('.')})" for one in left[:_FEW])
    more = f" and {len(left) - _FEW:,} more" if len(left) > _FEW else ""
    return [f"not in {named}{more}"]


def remember(here: AnnotateScreen, of: str, outcomes: Sequence[Outcome]) -> None:
    """Let undo and redo here walk over a bulk act, also where it touched other readouts only."""
    if any(not outcome.problem for outcome in outcomes):
        here.bench.bulk = of, here.session.timeline, True


async def stepped(here: AnnotateScreen, command: str) -> bool:
    """Walk the history by a command, in other readouts too where the act was one on many.

    Returns False where the command does not walk the history.
    """
    if command not in STEPS:
        return False
    bench, session, back = here.bench, here.session, STEPS[command]
    bench.take_count()
    before = session.timeline
    of = _only_elsewhere(before, bench.bulk, back=back)
    if of is not None:
        bench.bulk = of, before, not back
    if of is None:
        bench.step_through_history(back=back)
        of = _walked(before, session.timeline, back=back)
    else:
        bench.open(None)
    if await here.save() and of is not None:
        said = bench.message
        here.say(f"{said} … and in the other readouts".lstrip())
        bench.message = await asyncio.to_thread(_elsewhere, here, of, said, back)
    if back and before is not session.timeline:
        left = left_of_register(here, session.readout.id, session.timeline)
        bench.message = f"{bench.message}{left}"
    here.say(bench.message)
    return True


def left_of_register(here: KeyedScreen, readout: str, now: Timeline) -> str:
    """Say what takes the rest of a change back, of which only the coding here was taken back."""
    turned = here.annotator.registered
    if turned is None or not now.undone or (readout, now.undone[-1].at) not in turned.codings:
        return ""
    if not turned.metadata and len(turned.codings) == 1:
        return ""
    register, undo = here.keymap.sign("cast"), here.keymap.sign("cast.undo")
    return f"  {undo} in the register ({register} in the library) takes it back there too."


def _only_elsewhere(
    now: Timeline, made: tuple[str, Timeline, bool] | None, *, back: bool
) -> str | None:
    """Return the bulk act that is the next to be walked over, and touched other readouts only.

    What was done here since it was made or taken back has its turn before.
    """
    if made is None:
        return None
    of, then, stands = made
    if stands != back or then.done != now.done or not (back or then.undone == now.undone):
        return None
    return of if not now.done or bulk_of(now.done[-1]) != of else None


def _walked(before: Timeline, after: Timeline, *, back: bool) -> str | None:
    """Return the bulk act that a step took back or made again, if it was one."""
    if before is after:
        return None
    edits = after.undone if back else after.done
    last = next((edit for edit in reversed(edits) if not is_renewal(edit)), None)
    return bulk_of(last) if last else None


def _elsewhere(here: AnnotateScreen, of: str, said: str, back: bool) -> str:
    project, coder = here.annotator.project, here.annotator.coder
    own = frozenset({here.session.readout.id})
    outcomes: list[Outcome] = []
    try:
        for outcome in bulk.step(project, coder, of, utc_now(), back=back, but=own):
            outcomes.append(outcome)
            here.annotator.catalogue.forget(outcome.readout)
    except AnnotatorError as error:
        outcomes.append(Outcome("the other readouts", problem=str(error)))
    if not outcomes:
        return said
    verb = "taken back elsewhere" if back else "done again elsewhere"
    return "  ".join(part for part in (said, told(verb, outcomes, "")) if part)
