"""Everybody of a project, for whoever adds somebody to one cast of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from annotator.model import casting
from annotator.model.acquaintances import Acquaintance, Acquaintances
from annotator.model.entity import Entity
from annotator.model.readout import Metadata
from annotator.pipeline.project import Project
from annotator.pipeline.register import each_readout, unknown
from annotator.pipeline.roll import Entry, Roll
from annotator.store.base import Snapshot


@dataclass(frozen=True)
class _Seen:
    metadata: tuple[Entity, ...] = ()
    cast: tuple[Entity, ...] = ()
    uses: Mapping[str, int] = field(default_factory=dict)


class Everybody:
    """Reads the casts of one coder's project once, and again only those that are forgotten.

    Threads may share it. A readout that cannot be read knows nobody.
    """

    def __init__(
        self,
        project: Project,
        coder: str,
        metadata: Callable[[str], Metadata | None] = unknown,
    ) -> None:
        self._project = project
        self._coder = coder
        self._metadata = metadata
        self._seen: dict[str, _Seen] = {}
        self._made: tuple[str, Acquaintances] | None = None
        self._turn = Lock()

    def at_hand(self, readout: str) -> Acquaintances | None:
        """Return what `beside` returned for a readout, None where something has to be read."""
        made = self._made
        return made[1] if made and made[0] == readout else None

    def forget(self, readout: str) -> None:
        """Read a readout again the next time."""
        self._seen.pop(readout, None)
        self._made = None

    def beside(
        self, readout: str, stopped: Callable[[], bool] = lambda: False
    ) -> Acquaintances | None:
        """Return whom the project knows apart from the coding of one readout, None if stopped.

        What the metadata of that readout say counts. Raises StorageError where the project's
        folders cannot be listed.
        """
        with self._turn:
            before = frozenset(self._seen)
            for one, about, snapshot, why in each_readout(
                self._project, self._coder, known=self._metadata, but=before
            ):
                if stopped():
                    return None
                if not why:
                    self._seen[one] = _seen(about, snapshot)
            roll = Roll()
            for one in self._project.readout_ids():
                said = self._seen.get(one, _Seen())
                roll.take(one, said.metadata)
                if one != readout:
                    roll.take(one, said.cast, said.uses)
            found = Acquaintances(tuple(map(_acquaintance, roll.entries()))).ready()
            self._made = readout, found
        return found


def _seen(about: Metadata | None, snapshot: Snapshot | None) -> _Seen:
    coding = snapshot.coding if snapshot else None
    return _Seen(
        about.entities if about else (),
        coding.cast.entities if coding else (),
        casting.uses(coding) if coding else {},
    )


def _acquaintance(one: Entry) -> Acquaintance:
    entity = Entity(
        id=one.id,
        type=one.type,
        name=one.name,
        role=one.role or None,
        affiliation=one.affiliation or None,
        aliases=one.names[1:],
        members=one.members,
        wikidata=one.wikidata or None,
    )
    return Acquaintance(entity, len(one.readouts))
