"""One coder at work on one readout.

The session holds the state that the screen shows, walks the history for undo and redo, and hands
edits to the journal in their order. An edit is `pending` from the moment it is made until the
journal has it on disk; a save that fails leaves it pending, and the session says why.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain

from annotator.errors import AnnotatorError, Conflict
from annotator.files import hidden_characters
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding, Edit, Timeline
from annotator.model.entity import Cast
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.session.acts import Pen
from annotator.store.base import Journal


def utc_now() -> str:
    """Return the time as UTC in ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id() -> str:
    """Return a random id of twelve hexadecimal digits."""
    return secrets.token_hex(6)


class Session:
    """The state of the work: what is coded, what can be undone, what is not on disk yet.

    `taken_back` tells that the last write before was cut short and is not part of the state.
    After a save that failed, the next one opens the journal anew by `reopen`, where that is given.
    `on_change` is called after every edit with the edit. `save` may run in another thread than
    everything else.
    """

    def __init__(
        self,
        readout: Readout,
        codebook: Codebook,
        journal: Journal,
        *,
        now: Callable[[], str] = utc_now,
        ids: Callable[[], str] = new_id,
        reopen: Callable[[], Journal] | None = None,
    ) -> None:
        self.readout = readout
        self.codebook = codebook
        self.pen = Pen(journal.header.by, codebook, now, ids)
        self.coding: Coding = journal.coding
        self._history = journal.history
        self._since: list[Edit] = []
        self._timeline: Timeline | None = None
        self.on_change: Callable[[Edit], None] = lambda edit: None
        self.problem: AnnotatorError | None = None
        self.taken_back = journal.taken_back
        self._journal = journal
        self._reopen = reopen
        self._written = len(journal.history)
        self._pending: deque[Edit] = deque()

    @property
    def coder(self) -> str:
        """Who codes."""
        return self.pen.coder

    @cached_property
    def hidden(self) -> int:
        """How many characters of the text a reader does not see, or a terminal would obey."""
        return hidden_characters(self.readout.text)

    @property
    def timeline(self) -> Timeline:
        """What can be undone and redone; the history is only read once somebody asks."""
        if self._timeline is None:
            self._timeline = Timeline.of(chain(self._history, self._since))
            self._since = []
        return self._timeline

    @property
    def pending(self) -> int:
        """How many edits are not on disk yet."""
        return len(self._pending)

    @property
    def cast(self) -> Cast:
        """The cast of the coding."""
        return self.coding.cast

    def sentence(self, key: int) -> Sentence:
        """Return a sentence by its name."""
        return self.coding.sentence(key)

    def do(self, edit: Edit | None) -> Edit | None:
        """Make an edit part of the state, and queue it for the disk; None changes nothing."""
        if edit is None:
            return None
        self.coding = edit.apply(self.coding)
        if self._timeline is None:
            self._since.append(edit)
        else:
            self._timeline = self._timeline.then(edit)
        self._pending.append(edit)
        self.on_change(edit)
        return edit

    def undo(self) -> Edit | None:
        """Take back the last act, also one of an earlier session; None where there is none."""
        return self.do(self.timeline.undo(self.pen.now()))

    def redo(self) -> Edit | None:
        """Make the last undone act again; None where there is none."""
        return self.do(self.timeline.redo(self.pen.now()))

    def save(self) -> bool:
        """Write the oldest pending edit; return whether more are pending.

        Raises AnnotatorError where it could not be written: it stays pending, and `problem` says
        why until a later call has written it.
        """
        if not self._pending:
            return False
        try:
            if self.problem is not None and self._reopen is not None:
                self._open_again(self._reopen)
            self._journal.put(self._pending[0])
        except AnnotatorError as problem:
            self.problem = problem
            raise
        self._pending.popleft()
        self._written += 1
        self.problem = None
        return bool(self._pending)

    def _open_again(self, reopen: Callable[[], Journal]) -> None:
        """Take a fresh hold of the journal, for a failed write may have left the old one useless.

        Raises Conflict where it does not hold what was written to it before.
        """
        self._journal.close()
        self._journal = reopen()
        if len(self._journal.history) != self._written:
            self._journal.close()
            raise Conflict(
                "The file of this readout's coding is no longer the one that was opened.",
                "Put the file back as it was; what is not saved waits here.",
            )

    def save_all(self) -> None:
        """Write every pending edit; raises AnnotatorError as `save` does."""
        while self.save():
            pass

    def close(self) -> None:
        """Write what is pending and let others write the readout."""
        try:
            self.save_all()
        finally:
            self._journal.close()
