"""Before somebody joins a cast, it is read whom the other readouts of the project know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from annotator.errors import InputError
from annotator.model.acquaintances import Acquaintances
from annotator.session.session import Session
from annotator.tui.modes.base import Ask
from annotator.tui.screens.waiting import SeekingScreen

_READING: Final = "Reading who is in the project …"


def reads_first(here: SeekingScreen, session: Session, ask: Ask | None, key: str) -> bool:
    """Tell whether a key waits until it is read who else is in the project; then it is obeyed.

    That is Enter in a line by which somebody joins the cast, where not all of them are at hand.
    """
    if ask is None or not ask.joins or key != "enter":
        return False
    everybody, readout = here.annotator.catalogue.everybody, session.readout.id
    known = everybody.at_hand(readout)
    if known is not None:
        session.acquaintances = known
        return False

    def search(stopped: Callable[[], bool]) -> Acquaintances:
        found = everybody.beside(readout, stopped)
        if found is None:
            raise InputError("Nobody was added.")
        return found

    async def go(found: Acquaintances) -> str | None:
        session.acquaintances = found
        await here.press(key)
        return None

    here.seek(_READING, search, go)
    return True
