"""How many suggestions wait in the readouts of the library: counted when one is seen, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotator.model.sentence import Sentence
    from annotator.pipeline.project import Project
    from annotator.session.suggested import Suggested
    from annotator.tui.manner import Manner


class Offering:
    """Threads may share it; a count is good until it is forgotten. Who codes blind sees none."""

    def __init__(self, project: Project, coder: str, manner: Manner) -> None:
        self._project = project
        self._coder = coder
        self._manner = manner
        self._counts: dict[str, int] = {}

    def known(self, readout_id: str) -> int:
        """Return how many wait in a readout, as far as they are counted."""
        return self._counts.get(readout_id, 0) if self._manner.suggesting else 0

    def count(self, readout_id: str) -> bool:
        """Count those of a readout unless they are; return whether any is new to the screen."""
        if readout_id in self._counts or not self._manner.suggesting:
            return False
        found = self._counts[readout_id] = self._waiting(readout_id)
        return found > 0

    def forget(self) -> None:
        """Count all of them again the next time."""
        self._counts.clear()

    def _waiting(self, readout_id: str) -> int:
        from annotator.pipeline.suggestions import file_of, kept  # Most projects have none.

        if not file_of(self._project, readout_id).exists():
            return 0
        from annotator.session.suggested import Suggested

        try:
            found = kept(self._project, self._project.readout(readout_id)).fitting
            snapshot = self._project.store().read(self._coder, readout_id)
        except AnnotatorError:
            return 0  # It is told where the readout is opened.
        if snapshot is None:
            return len(found)
        open_ = (one for _, one in snapshot.coding.sentences() if one.state == "new")
        return waiting(Suggested(self._project.codebook, found), open_)


def waiting(suggested: Suggested, sentences: Iterable[Sentence]) -> int:
    """Count what is suggested for sentences and not answered there; for two of them, once."""
    return len({one.id for sentence in sentences for one in suggested.of(sentence)})
