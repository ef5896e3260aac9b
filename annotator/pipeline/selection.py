"""What of a project becomes a dataset, and the work that this is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from annotator.errors import InputError, NothingToDo
from annotator.files import printable
from annotator.formats.work import Work
from annotator.model.codebook import Layer
from annotator.model.splitting import Split
from annotator.model.text import State
from annotator.store.base import Snapshot, Store
from annotator.store.rules import require_bytes

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

STATES: Final[tuple[State, ...]] = ("done", "unsure", "skipped")
"""The states of a sentence that a coder has given, in the order of the datasets' cards."""


@dataclass(frozen=True)
class Selection:
    """What of a project becomes a dataset.

    None takes every coder or every layer. The samples that came with the program are left out
    unless `samples` says otherwise or their coder is named.
    """

    coders: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None
    states: tuple[State, ...] = ("done",)
    samples: bool = False


class Chosen:
    """The work that a selection takes of a project.

    Raises NothingToDo for a coder who coded nothing, InputError for a layer that is not there.
    """

    def __init__(self, project: Project, selection: Selection) -> None:
        self._project = project
        self._selection = selection
        self._included = _known_layers(project, selection.layers)
        self.states = tuple(state for state in STATES if state in selection.states)
        self._journals = sorted(_journals(project, selection).items())

    def __len__(self) -> int:
        return len(self._journals)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers whose marks are taken, in the order of the codebook."""
        every = self._project.codebook.layers
        return tuple(one for one in every if self._included is None or one.id in self._included)

    def works(
        self, splits: Mapping[str, Split | None] | None = None
    ) -> Iterator[tuple[str, list[Work]]]:
        """Yield each readout that was coded, with the work of its coders, which may be none.

        `splits` names the split of each readout. Raises what the store raises.
        """
        for readout_id, sources in self._journals:
            split = (splits or {}).get(readout_id)
            yield readout_id, list(self._of(readout_id, sources, split))

    def _of(self, readout_id: str, sources: _Sources, split: Split | None) -> Iterator[Work]:
        snapshots = [
            snapshot
            for store, coder in sources
            if (snapshot := store.read(coder, readout_id)) and _has_any(snapshot, self.states)
        ]
        if not snapshots:
            return
        readout = self._project.readout(readout_id)
        for snapshot in snapshots:
            require_bytes(snapshot.header, readout)
            yield Work(
                readout,
                snapshot.header,
                snapshot.coding,
                self._project.codebook,
                frozenset(self.states),
                self._included,
                split,
            )

    def nothing(self) -> NothingToDo:
        """Return what to say where no sentence is taken."""
        coders = self._selection.coders
        whose = f" of {printable(', '.join(coders))}" if coders else ""
        return NothingToDo(
            f"There is nothing to export: no sentence{whose} is {' or '.join(self.states)}.",
            "Open a readout with “annotator” and press Enter on a sentence that is coded.",
        )


def _known_layers(project: Project, layers: tuple[str, ...] | None) -> frozenset[str] | None:
    for layer in layers or ():
        if project.codebook.layer(layer) is None:
            known = ", ".join(layer.id for layer in project.codebook.layers)
            raise InputError(
                f"The codebook {project.codebook.stamp} has no layer “{printable(layer)}”.",
                f"Its layers are {known}.",
            )
    return frozenset(layers) if layers else None


_Sources = list[tuple[Store, str]]


def _journals(project: Project, chosen: Selection) -> dict[str, _Sources]:
    """Return the coders of every readout, each with the store that holds their work."""
    own, samples = project.store(), project.samples()
    coders = dict.fromkeys(own.coders(), own)
    known_samples = dict.fromkeys(samples.coders(), samples)
    known = {**coders, **known_samples}
    for coder in chosen.coders or ():
        if coder not in known:
            raise NothingToDo(
                f"“{printable(coder)}” has coded nothing in this project.",
                f"Those who have: {', '.join(sorted(known))}." if known else "",
            )
    wanted = {
        coder: store
        for coder, store in known.items()
        if (chosen.coders is None and coder in coders)
        or coder in (chosen.coders or ())
        or (chosen.samples and coder in known_samples)
    }
    journals: dict[str, _Sources] = {}
    for coder, store in sorted(wanted.items()):
        for readout_id in store.coded(coder):
            journals.setdefault(readout_id, []).append((store, coder))
    return journals


def _has_any(snapshot: Snapshot, states: tuple[State, ...]) -> bool:
    return any(sentence.state in states for _, sentence in snapshot.coding.sentences())
