"""A coding that this process only reads, in the place of a journal."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.errors import MarkError
from annotator.model.edit import Coding, Edit
from annotator.store.base import Dropped, Header, Snapshot


class Reading:
    """A journal as it was read; nothing can be put into it."""

    notice = ""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def header(self) -> Header:
        """What the journal says of itself."""
        return self._snapshot.header

    @property
    def coding(self) -> Coding:
        """The state that was read."""
        return self._snapshot.coding

    @property
    def history(self) -> Sequence[Edit]:
        """Every act that was read, from the first."""
        return self._snapshot.history

    def put(self, edit: Edit) -> None:
        """Refuse: raises MarkError."""
        raise MarkError("This coding is only read.")

    def compact(self, at: str) -> Dropped | None:
        """Refuse: raises MarkError."""
        raise MarkError("This coding is only read.")

    def close(self) -> None:
        """Do nothing, for nothing is held."""
