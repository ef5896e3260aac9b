"""What may be typed into a line that finds: the fields, and the values they are known to have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from annotator.config import SAMPLE_CODER
from annotator.errors import AnnotatorError
from annotator.pipeline.gist import STATED
from annotator.pipeline.project import Project
from annotator.pipeline.query import EMPTY, NONE, SLOT, field_names, known_values

if TYPE_CHECKING:
    from annotator.pipeline.index import Index

_OF_READOUTS: Final[dict[str, Literal["side", "language", "event"]]] = {
    "side": "side",
    "lang": "language",
    "event": "event",
}


class Vocabulary:
    """The words of one project, each kind looked up when it is first asked for and then kept.

    Without `fields`, they are those of a query.
    """

    def __init__(
        self,
        project: Project,
        index: Callable[[], Index],
        fields: Sequence[str] | None = None,
        more: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._project = project
        self._index = index
        self._fields = fields
        self._known: dict[str, Sequence[str]] = dict(more or {})

    @property
    def fields(self) -> Sequence[str]:
        """The names of the fields, slots among them."""
        if self._fields is not None:
            return self._fields
        return field_names(self._project.codebook)

    def values(self, field: str) -> Sequence[str]:
        """Return the values that a field is known to have; none where it takes any words."""
        if field not in self._known:
            try:
                self._known[field] = self._values(field)
            except AnnotatorError:  # To look for it says why it cannot be read.
                self._known[field] = ()
        return self._known[field]

    def _values(self, field: str) -> Sequence[str]:
        known = known_values(field, self._project.codebook)
        if known is not None:
            return known
        if field == "readout":
            return self._project.readout_ids()
        if field == "coder":
            return (*self._project.store().coders(), SAMPLE_CODER)
        if field in _OF_READOUTS:
            return self._index().postings.known(_OF_READOUTS[field])
        if field == "entity":
            return self._index().postings.values(field)
        if field.startswith(SLOT):
            found = self._index().postings.values(field)
            return [*(v for v in found if v not in (STATED, NONE)), NONE, EMPTY]
        return ()
