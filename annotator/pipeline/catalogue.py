"""The readouts of a project as one coder finds them: counted, filtered, and read from an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

from annotator.pipeline.project import Project
from annotator.pipeline.shelf import Shelf

if TYPE_CHECKING:
    from annotator.pipeline.everybody import Everybody
    from annotator.pipeline.index import Index, Totals
    from annotator.pipeline.refresh import Advance
    from annotator.pipeline.vocabulary import Vocabulary

_MOMENT: Final = 0.05
"""Seconds that may go by before anything is shown; on a slow disk, the rest is read after."""


class Catalogue:
    """Threads may share it; nothing is read before it is asked for."""

    def __init__(self, project: Project, coder: str) -> None:
        self._project = project
        self._coder = coder
        self._opening = Lock()

    @property
    def index(self) -> Index:
        """The project's index, opened when it is first asked for."""
        with self._opening:
            return self._index

    @cached_property
    def _index(self) -> Index:
        from annotator.pipeline.index import Index

        return Index.of(self._project)

    @cached_property
    def find_words(self) -> Vocabulary:
        """What may be typed to find sentences."""
        from annotator.pipeline.vocabulary import Vocabulary

        return Vocabulary(self._project, lambda: self.index)

    @cached_property
    def filter_words(self) -> Vocabulary:
        """What may be typed to list only some readouts."""
        from annotator.pipeline.filter import CHOICES, FIELDS
        from annotator.pipeline.vocabulary import Vocabulary

        return Vocabulary(self._project, lambda: self.index, FIELDS, CHOICES)

    @cached_property
    def shelf(self) -> Shelf:
        """What the library says of each readout."""
        return Shelf(self._project, self._coder, lambda: self.index)

    @cached_property
    def everybody(self) -> Everybody:
        """Who is in the casts of the project."""
        from annotator.pipeline.everybody import Everybody

        return Everybody(self._project, self._coder, self.index.metadata)

    def forget(self, readout_id: str) -> None:
        """Read a readout again the next time, as it was changed."""
        self.shelf.forget(readout_id)
        if "everybody" in self.__dict__:
            self.everybody.forget(readout_id)

    def recall(self, readout_ids: Iterable[str]) -> None:
        """Put readouts on the shelf that an index from before knows, as many as a moment allows."""
        from annotator.pipeline.index import FILE

        if not (self._project.paths.cache / FILE).is_file():
            return  # To make one takes longer than a moment.
        until = monotonic() + _MOMENT
        for readout_id in readout_ids:
            if monotonic() > until:
                return
            self.shelf.recall(readout_id)

    def refresh(self, progress: Advance, stopped: Callable[[], bool]) -> bool:
        """Bring the index up to the files; return whether it is now, or was stopped before.

        Raises StorageError where a folder cannot be listed.
        """
        return self.index.refresh(progress=progress, stopped=stopped).complete

    def where_to_begin(self) -> str | None:
        """Return the readout that the coder worked on last, else the first that is not finished.

        It is what the index knows, and None where that knows of none.
        """
        waiting = "progress:new progress:begun"
        return self.index.last(self._coder) or next(iter(self.ids(waiting)), None)

    def totals(self) -> Totals:
        """Return how far the coder is with the whole project."""
        return self.index.totals(coder=self._coder)

    def folder_stamp(self) -> int:
        """Return what is another number once a readout's file came or went; 0 without a folder.

        It costs one look at the folder, however many files are in it.
        """
        try:
            return self._project.paths.seeds.stat().st_mtime_ns
        except OSError:
            return 0

    def ids(self, typed: str) -> list[str]:
        """Return the ids of the readouts that a filter lets through, sorted; all for an empty one.

        Raises InputError for a filter that cannot be, or where the readouts cannot be listed.
        """
        if not typed.strip():
            return self._project.readout_ids()
        from annotator.pipeline.filter import parse_filter

        wanted = parse_filter(typed, self._project.codebook)
        return self.index.readouts(wanted, self._coder)

    def close(self) -> None:
        """Let go of the index's file."""
        with self._opening:
            if "_index" in self.__dict__:
                self._index.close()
