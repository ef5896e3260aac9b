"""One coder at work on one readout.

The session holds the state that the screen shows, walks the history for undo and redo, and hands
edits to the journal in their order. An edit is `pending` from the moment it is made until the
journal has it on disk; a save that fails leaves it pending, and the session says why.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import chain
from threading import Lock

from annotator.errors import AnnotatorError, Conflict, MarkError, TextChanged
from annotator.files import printable
from annotator.model.acquaintances import Acquaintances
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding, Edit, Timeline
from annotator.model.entity import Cast
from annotator.model.readout import Readout
from annotator.model.renewal import held, is_renewal, unknown_labels
from annotator.model.sentence import Sentence
from annotator.session.acts import Pen, renew
from annotator.session.suggested import Suggested
from annotator.store.base import Header, Journal, Snapshot

NAMED = 5
"""Labels that are named where the codebook lacks more."""


def utc_now() -> str:
    """Return the time as UTC in ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id() -> str:
    """Return a random id of twelve hexadecimal digits."""
    return secrets.token_hex(6)


def _without_entry(book: Codebook, coding: Coding) -> str:
    """Say which labels of marks the codebook lacks, and what helps; empty where it has all."""
    found = unknown_labels(book, coding)
    if not found:
        return ""
    named = [f"{printable(label)} ×{count}" for label, count in found.most_common(NAMED)]
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    # A narrow screen cuts what stands last.
    remedy = "put back, or under another's “was”"
    return f"Not in the codebook ({remedy}): {', '.join(named)}{more}"


class Session:
    """The state of the work: what is coded, what can be undone, what is not on disk yet.

    `notice` says in one sentence what the coder is to know of how the coding was found, if
    anything. `read_only` says why nothing can be changed, and is empty where it can;
    `written_elsewhere` tells that it is because another process writes the coding.

    After a save that failed, the next one opens the journal anew by `reopen`, where that is given.
    `suggested` is what others propose for the readout, which no coding holds; `acquaintances` are
    those whom the other readouts of the project know.
    `weigh` puts into an edit the effort that it took, before it is made; `on_change` is called
    after every edit with the edit. `save` may run in another thread than everything else.
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
        read_only: str = "",
        written_elsewhere: bool = False,
    ) -> None:
        self.readout = readout
        self.codebook = codebook
        self.pen = Pen(journal.header.by, codebook, now, ids)
        self.coding: Coding = journal.coding
        self._history = journal.history
        self._since: list[Edit] = []
        self._timeline: Timeline | None = None
        self.weigh: Callable[[Edit], Edit] = lambda edit: edit
        self.on_change: Callable[[Edit], None] = lambda edit: None
        self.problem: AnnotatorError | None = None
        self.notice = f"{journal.notice} {_without_entry(codebook, self.coding)}".strip()
        self.read_only = read_only
        self.written_elsewhere = written_elsewhere
        self.suggested = Suggested(codebook)
        self.acquaintances = Acquaintances()
        self._journal = journal
        self._reopen = reopen
        self._pending: deque[Edit] = deque()
        self._turn = Lock()

    @property
    def coder(self) -> str:
        """Who codes."""
        return self.pen.coder

    @property
    def timeline(self) -> Timeline:
        """What can be undone and redone; the history is only read once somebody asks."""
        if self._timeline is None:
            self._timeline = Timeline.of(chain(self._history, self._since))
        return self._timeline

    @property
    def history(self) -> Sequence[Edit]:
        """Every act from the first, also those that are not on disk yet."""
        return [*self._history, *self._since]

    @property
    def since(self) -> Sequence[Edit]:
        """The acts made since the journal was opened, or last followed."""
        return self._since

    @property
    def header(self) -> Header:
        """What the journal says of itself."""
        return self._journal.header

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
        """Make an edit part of the state, and queue it for the disk; None changes nothing.

        Raises MarkError where the coding is only read.
        """
        if edit is None:
            return None
        if self.read_only:
            raise MarkError(f"Nothing was changed: {self.read_only}")
        edit = self.weigh(edit)
        coding = edit.apply(self.coding)
        self._since.append(edit)
        if self._timeline is not None:
            self._timeline = self._timeline.then(edit)
        with self._turn:
            self.coding = coding
            self._pending.append(edit)
        self.on_change(edit)
        return edit

    def follow(self, snapshot: Snapshot) -> frozenset[int]:
        """Show the state that another process wrote; return the keys of what changed.

        Raises TextChanged where that is about another text than the one that is shown.
        """
        if snapshot.header.text != self.readout.text_sha256:
            raise TextChanged(
                f"The text of {self.readout.id} is not the one that is coded.",
                "Open the readout again.",
            )
        before, after = self.coding.docs, snapshot.coding.docs
        self.coding = snapshot.coding
        self._history, self._since, self._timeline = snapshot.history, [], None
        keys = before.keys() | after.keys()
        return frozenset(key for key in keys if before.get(key) != after.get(key))

    def undo(self) -> Edit | None:
        """Take back the last act, also one of an earlier session; None where there is none.

        What only followed the codebook is passed over, and no mark gets a label back that the
        codebook has no more: it gets the one that stands in its place now.
        """
        passed = held(self.pen.codebook, self.timeline, self.coding)
        if passed and passed == len(self.timeline.done):
            return None
        for _ in range(passed):
            self._step(back=True)
        return self._renewed(self._step(back=True))

    def redo(self) -> Edit | None:
        """Make the last undone act again; None where there is none.

        It is made on the marks as undo left them, and what they are called now is given them then.
        """
        if not self.timeline.undone:
            return None
        for _ in range(self.timeline.afloat):
            self._step(back=True)
        edit = self._step(back=False)
        while self.timeline.undone and is_renewal(self.timeline.undone[-1]):
            self._step(back=False)
        return self._renewed(edit)

    def _step(self, *, back: bool) -> Edit | None:
        """Go one step through the history."""
        at = self.pen.now()
        edit = self.timeline.undo(at) if back else self.timeline.redo(at)
        return self.do(edit.upon(self.coding) if edit else None)

    def _renewed(self, edit: Edit | None) -> Edit | None:
        """Follow the codebook where a step through the history brought older labels back."""
        if edit is not None:
            self.do(renew(self.pen, self.coding))
        return edit

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
            # More may become pending meanwhile, and only what was written ceases to be.
            if self._pending:
                self._journal.put(self._pending[0])
                self._pending.popleft()
        except AnnotatorError as problem:
            self.problem = problem
            raise
        self.problem = None
        return bool(self._pending)

    def _open_again(self, reopen: Callable[[], Journal]) -> None:
        """Take a fresh hold of the journal, for a failed write may have left the old one useless.

        What reached the disk though its write failed is not pending any more. Raises Conflict where
        the journal does not hold what was written to it before.
        """
        self._journal.close()
        self._journal = reopen()
        with self._turn:
            edits, shown = list(self._pending), self.coding
        places = range(len(edits) + 1)
        written = next((at for at in places if self._lead(edits[at:], shown)), None)
        if written is None:
            self._journal.close()
            raise Conflict(
                "The file of this readout's coding is no longer the one that was opened.",
                "Put the file back as it was; what is not saved waits here.",
            )
        for _ in range(written):
            self._pending.popleft()

    def _lead(self, edits: Sequence[Edit], shown: Coding) -> bool:
        """Tell whether edits make the state that is shown out of the one in the journal."""
        coding = self._journal.coding
        try:
            for edit in edits:
                coding = edit.apply(coding)
        except Conflict:
            return False
        return coding.docs == shown.docs

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
