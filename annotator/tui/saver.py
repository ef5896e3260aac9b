"""Bringing a session's edits to disk without holding up the screen."""

from __future__ import annotations

import asyncio

from annotator.errors import AnnotatorError
from annotator.session.session import Session


class Saver:
    """Writes what is pending, in order, one writer at a time."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lock = asyncio.Lock()

    async def save(self) -> bool:
        """Write every pending edit; return whether all of them are on disk.

        Where one could not be written, `session.problem` says why.
        """
        async with self._lock:
            if not self.session.pending:
                return True
            try:
                await asyncio.to_thread(self.session.save_all)
            except AnnotatorError:
                return False
            return True
