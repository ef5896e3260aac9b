"""What the library says of a readout, read when it is asked for and kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.errors import AnnotatorError
from annotator.files import hidden_characters
from annotator.model.entity import Cast
from annotator.model.progress import Progress
from annotator.model.readout import Metadata
from annotator.pipeline.project import Project


@dataclass(frozen=True)
class Entry:
    """One readout on the shelf.

    `decided` and `sentences` are None where the coder has not begun. `problem` says in one
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
    """The readouts of a project with one coder's progress."""

    def __init__(self, project: Project, coder: str) -> None:
        self._project = project
        self._coder = coder
        self._entries: dict[str, Entry] = {}

    def known(self, readout_id: str) -> Entry | None:
        """Return an entry that was read already."""
        return self._entries.get(readout_id)

    def forget(self, readout_id: str) -> None:
        """Read a readout again the next time."""
        self._entries.pop(readout_id, None)

    def read(self, readout_id: str) -> Entry:
        """Read a readout's metadata and progress; what is wrong with it becomes its `problem`."""
        metadata, problem = Metadata(), ""
        decided = sentences = None
        try:
            metadata = self._project.metadata(readout_id)
            snapshot = self._project.store().read(self._coder, readout_id)
            if snapshot is not None:
                progress = Progress.of(snapshot.coding)
                decided, sentences = progress.decided, progress.total
        except AnnotatorError as error:
            problem = str(error)
        entry = Entry(readout_id, metadata, decided, sentences, problem)
        self._entries[readout_id] = entry
        return entry

    def leaf(self, readout_id: str) -> Leaf:
        """Read a readout's text; raises AnnotatorError."""
        readout = self._project.readout(readout_id)
        cast = Cast(entities=readout.metadata.entities)
        people = tuple(cast.name(entity) for entity in readout.metadata.event.participants)
        return Leaf(readout.text, hidden_characters(readout.text), people)
