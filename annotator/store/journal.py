"""One journal, open for writing: a line, a write and an fsync for every edit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from annotator.errors import AnnotatorError, Conflict, StorageError
from annotator.files import printable, refusals
from annotator.model.edit import Coding, Document, Edit
from annotator.store import durable, rules
from annotator.store import format as form
from annotator.store.base import Dropped, Header
from annotator.store.disk import Disk
from annotator.store.history import Folded, History, Replay, fold
from annotator.store.lines import CLOSING, Lines, appended, journal, parse, render
from annotator.store.rewriting import compacted

_AGAIN = "Open the readout again."
_BACK = "Put it back as it was; what is not saved waits here."


class TinyJournal:
    """A coder's journal of a readout with the text `text`.

    `descriptor` is the file at `path`, locked, `size` bytes long and not torn. A file of an older
    format is replaced by one of the current format when something is put. `put` and `close` may be
    called in another thread than the rest.
    """

    def __init__(
        self,
        disk: Disk,
        path: Path,
        descriptor: int,
        lines: Lines,
        folded: Folded,
        text: str,
        notice: str = "",
    ) -> None:
        self._disk = disk
        self._path = path
        self._shown = printable(str(path))
        self._descriptor = descriptor
        self._text = text
        self._notice = notice
        self._problem: AnnotatorError | None = None
        self._closed = False
        self._turn = Lock()
        self._hold(descriptor, outdated=lines.outdated)
        self._take(lines, folded)

    def _hold(self, descriptor: int, *, outdated: bool = False) -> None:
        status = self._disk.fstat(descriptor)
        self._descriptor = descriptor
        self._file = (status.st_dev, status.st_ino)
        self._size = status.st_size
        self._changed_at = status.st_mtime_ns
        self._outdated = outdated

    def _take(self, lines: Lines, folded: Folded) -> None:
        self._header = lines.header
        self._head = lines.head
        self._bodies = lines.bodies
        self._docs = folded.docs
        self._revisions = folded.revisions
        self._replay = Replay(self._bodies, self._shown, folded)
        self._coding: Coding | None = None

    @property
    def header(self) -> Header:
        """What the journal says of itself."""
        return self._header

    @property
    def coding(self) -> Coding:
        """The state on disk; waits for an edit that is just being written."""
        with self._turn:
            if self._coding is None:
                self._coding = Coding(dict(self._docs))
            return self._coding

    @property
    def history(self) -> History:
        """Every act from the first, in the order of the file."""
        return History(self._replay, len(self._bodies))

    @property
    def notice(self) -> str:
        """What the coder is to be told of how the journal was found, in one sentence; else empty.

        A write that was cut short was taken back, or the file of another program taken over.
        """
        return self._notice

    def put(self, edit: Edit) -> None:
        """Make one act durable: when this returns, it is on disk.

        An edit without changes leaves no line. Raises Conflict where the edit was made against
        another state or another file took this one's place, MarkError where it quotes words that
        the readout does not have there, StorageError where the file system refuses. After an error
        the journal is as it was before, in memory and on disk; where even that could not be
        brought about, every later call raises StorageError until the readout is opened again.
        """
        with self._turn:
            self._require_writable()
            if not edit.changes:
                return
            touched = self._touched(edit)
            after = edit.apply(Coding(touched)).docs
            rules.require_quotes(edit, self._text)
            body = form.body(edit, self._revisions)
            with refusals(self._path, "written"):
                if self._outdated:
                    self._replace(self._head, [*self._bodies, body])
                else:
                    self._append(body)
            self._bodies.append(body)
            for key in (change.key for change in edit.changes):
                self._revisions[key] = self._revisions.get(key, 0) + 1
                self._docs.pop(key, None)
            self._docs.update(after)
            self._coding = None

    def compact(self, at: str) -> Dropped | None:
        """Drop the history between how the coding began and its state; None where there is none.

        The state stays, and so do the units that the coding began with. Raises as `put` does.
        """
        with self._turn:
            self._require_writable()
            short = compacted(self.history, Coding(dict(self._docs)), at)
            if short is None:
                return None
            edits, dropped = short
            lines = parse(journal(self._header, edits), self._shown)
            with refusals(self._path, "written"):
                self._replace(lines.head, lines.bodies)
            self._take(lines, fold(lines.bodies, self._shown))
            return dropped

    def close(self) -> None:
        """Let another process write; closing twice is harmless."""
        with self._turn:
            if not self._closed:
                self._closed = True
                self._disk.close(self._descriptor)

    def _require_writable(self) -> None:
        if self._closed:
            raise StorageError(f"{self._shown} is closed.", _AGAIN)
        if self._problem is not None:
            raise self._problem

    def _touched(self, edit: Edit) -> dict[int, Document]:
        keys = (change.key for change in edit.changes)
        return {key: self._docs[key] for key in keys if key in self._docs}

    def _append(self, body: bytes) -> None:
        data = appended(body, len(self._bodies))
        self._require_untouched()
        end = self._size - len(CLOSING)
        syncing = False
        try:
            durable.write_all(self._disk, self._descriptor, data, end)
            syncing = True
            self._disk.fsync(self._descriptor)
        except BaseException:
            self._take_back(trusted=not syncing)
            raise
        self._require_in_place(end + len(data))
        self._size = end + len(data)

    def _replace(self, head: bytes, bodies: Sequence[bytes]) -> None:
        """Put a whole new file in this one's place, which stays until the new one is on disk."""
        self._require_untouched()
        try:
            new = durable.place(
                self._disk, self._path, render(head, bodies), instead_of=self._descriptor
            )
        except OSError:
            if self._found() != (*self._file, self._size):
                self._problem = StorageError(
                    f"{self._shown} was written anew, and nobody knows whether it would outlast a"
                    " loss of power.",
                    _AGAIN,
                )
            raise
        self._disk.close(self._descriptor)
        self._hold(new)

    def _require_untouched(self) -> None:
        """Refuse to write over what another program wrote into the file since it was last seen."""
        self._require_in_place(self._size, self._changed_at)

    def _require_in_place(self, size: int, changed_at: int | None = None) -> None:
        """Refuse to write to a file that another program replaced, removed or changed."""
        there = self._status()
        if there is None:
            self._problem = Conflict(f"{self._shown} is gone: another program removed it.", _BACK)
        elif (there.st_dev, there.st_ino, there.st_size) != (*self._file, size) or (
            changed_at is not None and there.st_mtime_ns != changed_at
        ):
            self._problem = Conflict(f"{self._shown} was changed by another program.", _AGAIN)
        else:
            self._changed_at = there.st_mtime_ns
        if self._problem is not None:
            raise self._problem

    def _found(self) -> tuple[int, int, int] | None:
        there = self._status()
        return None if there is None else (there.st_dev, there.st_ino, there.st_size)

    def _status(self) -> os.stat_result | None:
        try:
            return self._disk.stat(self._path)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _take_back(self, *, trusted: bool) -> None:
        """Bring back the file as it was before a write that failed.

        Where its fsync failed, the system may count as written what is not, and another fsync of
        the same file would prove nothing: then a new file takes its place.
        """
        try:
            # In this order, whatever fails leaves a whole line or a torn one, and never damage.
            self._disk.truncate(self._descriptor, self._size)
            durable.write_all(self._disk, self._descriptor, CLOSING, self._size - len(CLOSING))
            if trusted:
                self._disk.fsync(self._descriptor)
                self._changed_at = self._disk.fstat(self._descriptor).st_mtime_ns
                return
        except OSError:
            pass  # The new file is what remains.
        try:
            data = render(self._head, self._bodies)
            new = durable.place(self._disk, self._path, data, instead_of=self._descriptor)
        except (OSError, AnnotatorError):
            self._problem = StorageError(
                f"{self._shown} can no longer be written: a write failed, and could not be taken"
                " back.",
                _AGAIN,
            )
            return
        self._disk.close(self._descriptor)
        self._hold(new)
