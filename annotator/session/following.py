"""Keeping up with a coding that another process writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from annotator.errors import AnnotatorError, TextChanged
from annotator.session.session import Session
from annotator.store.base import Snapshot, Watch

EVERY: Final = 0.5
"""Seconds between two looks at what another process writes."""
FREE: Final = "Nobody writes this readout any more."


def held(holder: str) -> str:
    """Say who writes a readout that is only read here; `holder` is empty for nobody."""
    if not holder:
        return FREE
    who = f"{holder[:1].upper()}{holder[1:]}"
    return f"{who} writes this readout under your name; what it writes is shown here."


class Follower:
    """Looks at the file now and then, and tells `changed` which sentences it shows otherwise.

    With `held`, the session is read-only because another process writes, and is told when none
    does any more. Nothing here stops following: a file that is gone or damaged may come back.
    """

    def __init__(
        self,
        session: Session,
        watch: Watch,
        changed: Callable[[frozenset[int]], None],
        *,
        held: bool,
    ) -> None:
        self._session = session
        self._watch = watch
        self._changed = changed
        self._held = held
        self._reason = session.read_only
        self._problem = ""
        self._looking = False

    async def look(self) -> None:
        """Take in what changed, and whether somebody still writes."""
        if self._looking:
            return
        self._looking = True
        keys, said = frozenset[int](), self._reason
        try:
            snapshot, said = await asyncio.to_thread(self._seen)
            if snapshot is not None:
                keys = self._session.follow(snapshot)
                self._problem = ""
        except TextChanged as error:
            # It stays so until a state comes that can be shown here.
            self._problem = str(error)
        except AnnotatorError as error:
            said = str(error)
        finally:
            self._looking = False
        said = self._problem or said
        if keys or said != self._session.read_only:
            self._session.read_only = said
            self._changed(keys)

    def _seen(self) -> tuple[Snapshot | None, str]:
        snapshot = self._watch.look()
        if not self._held:
            return snapshot, self._reason
        return snapshot, held(self._watch.holder())
