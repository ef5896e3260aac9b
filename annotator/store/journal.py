"""One journal, open for writing: a line, a write and an fsync for every edit."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from annotator.errors import AnnotatorError, Conflict, StorageError
from annotator.files import printable, refusals
from annotator.model.edit import Coding, Document, Edit
from annotator.store import durable, rules
from annotator.store import format as form
from annotator.store.base import Header
from annotator.store.disk import Disk
from annotator.store.history import Folded, History, Replay
from annotator.store.lines import CLOSING, Lines, appended, render

_AGAIN = "Open the readout again."


class TinyJournal:
    """A coder's journal of a readout with the text `text`.

    `descriptor` is the file at `path`, locked, holding the lines and nothing torn. `put` and
    `close` may be called in another thread than the rest.
    """

    def __init__(
        self, disk: Disk, path: Path, descriptor: int, lines: Lines, folded: Folded, text: str
    ) -> None:
        self._disk = disk
        self._path = path
        self._shown = printable(str(path))
        self._descriptor = descriptor
        self._file = _identity(disk, descriptor)
        self._header = lines.header
        self._head = lines.head
        self._bodies = lines.bodies
        self._docs = folded.docs
        self._revisions = folded.revisions
        self._text = text
        self._end = len(render(lines.head, lines.bodies)) - len(CLOSING)
        self._replay = Replay(self._bodies, self._shown)
        self._coding: Coding | None = None
        self._problem: AnnotatorError | None = None
        self._taken_back = lines.torn
        self._closed = False
        self._turn = Lock()

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
    def taken_back(self) -> bool:
        """Whether a write that was cut short was taken back when the journal was opened."""
        return self._taken_back

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
                self._append(body)
            self._bodies.append(body)
            for key in (change.key for change in edit.changes):
                self._revisions[key] = self._revisions.get(key, 0) + 1
                self._docs.pop(key, None)
            self._docs.update(after)
            self._coding = None

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
        self._require_in_place(self._end + len(CLOSING))
        syncing = False
        try:
            durable.write_all(self._disk, self._descriptor, data, self._end)
            syncing = True
            self._disk.fsync(self._descriptor)
        except BaseException:
            self._take_back(trusted=not syncing)
            raise
        self._require_in_place(self._end + len(data))
        self._end += len(data) - len(CLOSING)

    def _require_in_place(self, size: int) -> None:
        """Refuse to write to a file that another program replaced, removed or changed."""
        if self._found() != (*self._file, size):
            self._problem = Conflict(f"{self._shown} was changed by another program.", _AGAIN)
            raise self._problem

    def _found(self) -> tuple[int, int, int] | None:
        try:
            there = self._disk.stat(self._path)
        except FileNotFoundError:
            return None
        return (there.st_dev, there.st_ino, there.st_size)

    def _take_back(self, *, trusted: bool) -> None:
        """Bring back the file as it was before a write that failed.

        Where its fsync failed, the system may count as written what is not, and another fsync of
        the same file would prove nothing: then a new file takes its place.
        """
        try:
            # In this order, whatever fails leaves a whole line or a torn one, and never damage.
            self._disk.truncate(self._descriptor, self._end + len(CLOSING))
            durable.write_all(self._disk, self._descriptor, CLOSING, self._end)
            if trusted:
                self._disk.fsync(self._descriptor)
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
        self._descriptor, self._file = new, _identity(self._disk, new)


def _identity(disk: Disk, descriptor: int) -> tuple[int, int]:
    status = disk.fstat(descriptor)
    return (status.st_dev, status.st_ino)
