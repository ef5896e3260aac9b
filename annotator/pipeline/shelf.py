"""What the library says of a readout, read when it is asked for and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError
from annotator.files import hidden_characters
from annotator.model.entity import Cast
from annotator.model.readout import Metadata

if TYPE_CHECKING:
    from annotator.pipeline.index import Index
    from annotator.pipeline.project import Project


@dataclass(frozen=True)
class Entry:
    """One readout on the shelf.

    `decided` and `sentences` are None where the coder has done nothing yet. `problem` says in one
    sentence why the readout cannot be opened, if it cannot.
    """

    readout: str
    metadata: Metadata = field(default_factory=Metadata)
    decided: int | None = None
    sentences: int | None = None
    problem: str = ""

    @property
    def title(self) -> str:
        """The title, or the id where there is none."""
        return self.metadata.title or self.readout

    @property
    def finished(self) -> bool:
        """Tell whether every sentence is decided."""
        return self.decided is not None and self.decided == self.sentences


@dataclass(frozen=True)
class Leaf:
    """A readout looked at before it is opened: its text, and what a reader should know."""

    text: str
    hidden: int
    participants: tuple[str, ...]


class Shelf:
    """The readouts of a project with one coder's progress, from an index where that knows it."""

    def __init__(
        self, project: Project, coder: str, index: Callable[[], Index] | None = None
    ) -> None:
        self._project = project
        self._coder = coder
        self._index = index
        self._entries: dict[str, Entry] = {}

    def known(self, readout_id: str) -> Entry | None:
        """Return an entry that was read already."""
        return self._entries.get(readout_id)

    def at_hand(self, readout_id: str) -> Entry:
        """Return an entry that was read already, else one that says nothing but the id."""
        return self._entries.get(readout_id) or Entry(readout_id)

    def forget(self, readout_id: str) -> None:
        """Read a readout again the next time."""
        self._entries.pop(readout_id, None)

    def read(self, readout_id: str) -> Entry:
        """Read a readout's metadata and progress; what is wrong with it becomes its `problem`."""
        entry = self.recall(readout_id)
        if entry is None:
            entry = self._entries[readout_id] = self._from_files(readout_id)
        return entry

    def recall(self, readout_id: str) -> Entry | None:
        """Read a readout from the index alone; None where only its files can tell."""
        entry = self._index().entry(self._coder, readout_id) if self._index else None
        if entry is not None:
            self._entries[readout_id] = entry
        return entry

    def _from_files(self, readout_id: str) -> Entry:
        # The rows that are seen first are those that an index knows.
        from annotator.model.progress import Progress
        from annotator.pipeline.ledger import ACTS

        metadata, problem = Metadata(), ""
        decided = sentences = None
        try:
            metadata = self._project.metadata(readout_id)
            snapshot = self._project.store().read(self._coder, readout_id)
            if snapshot is not None:
                progress = Progress.of(snapshot.coding)
                acted = any(edit.act in ACTS and edit.at for edit in snapshot.history)
            if snapshot is not None and (acted or progress.decided):
                decided, sentences = progress.decided, progress.total
        except AnnotatorError as error:
            problem = str(error)
        return Entry(readout_id, metadata, decided, sentences, problem)

    def next_waiting(self, readout_ids: Sequence[str], place: int) -> int | None:
        """Return the place after another one, and around, of a readout that is not decided."""
        count = len(readout_ids)
        for following in ((place + step) % count for step in range(1, count + 1)):
            readout_id = readout_ids[following]
            entry = self.known(readout_id) or self.read(readout_id)
            if not entry.finished and not entry.problem:
                return following
        return None

    def leaf(self, readout_id: str) -> Leaf:
        """Read a readout's text; raises AnnotatorError."""
        readout = self._project.readout(readout_id)
        cast = Cast(entities=readout.metadata.entities)
        people = tuple(cast.name(entity) for entity in readout.metadata.event.participants)
        return Leaf(readout.text, hidden_characters(readout.text), people)
