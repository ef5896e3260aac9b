"""What of a project becomes a dataset, and the work that this is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from annotator.errors import InputError, NothingToDo
from annotator.files import printable
from annotator.formats.work import Work
from annotator.model.base import first_day, is_in_calendar, last_day
from annotator.model.codebook import Layer
from annotator.model.language import within
from annotator.model.mark import Certainty, Origin
from annotator.model.progress import waits
from annotator.model.readout import Metadata
from annotator.model.sentence import Sentence
from annotator.model.splitting import Split
from annotator.model.text import State
from annotator.store.base import Snapshot, Store
from annotator.store.rules import require_bytes

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

Progress = Callable[[int, int, str], None]
"""Called with how many readouts are done, of how many, and the id of the last."""

STATES: Final[tuple[State, ...]] = ("done", "unsure", "skipped")
"""The states of a sentence that a coder has given, in the order of the datasets' cards."""

_Place = State | Literal["around"]
"""The state of a sentence, or that nobody has to decide it, and that nobody did."""
_STATES: Final[Mapping[_Place, str]] = {
    "around": "they stand around the text: headings, datelines and formulas",
    "new": "they are not decided yet",
    "done": "they are done",
    "unsure": "their coder is unsure",
    "skipped": "their coder skipped them",
}
_KEYS: Final[Mapping[State, str]] = {"done": "Enter", "unsure": "w", "skipped": "p"}
"""The key that puts a sentence into a state."""
_READOUT: Final = "their readout is of another language or date"
_MARK: Final = "they have a mark of another origin or certainty, or none"
_UNASKED: Final = "nobody is known to have looked at each of their layers"
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True)
class Selection:
    """What of a project becomes a dataset.

    None takes every coder or every layer, and all else that there is. The coding that came with the
    program is left out unless `samples` says otherwise or its coder is named. A sentence is taken
    where all its marks are of those `origins` and that `certainty`; with `asked`, none is taken of
    which nobody is known to have looked at each of the layers. `adjudicator` is the coder whose
    coding is the adjudicated one. `since` and `until` are years, months or days: the whole date of
    the event lies between them, both included.
    """

    coders: tuple[str, ...] | None = None
    layers: tuple[str, ...] | None = None
    states: tuple[State, ...] = ("done",)
    samples: bool = False
    origins: tuple[Origin, ...] | None = None
    certainty: Certainty | None = None
    languages: tuple[str, ...] | None = None
    since: str | None = None
    until: str | None = None
    adjudicator: str | None = None
    asked: bool = False

    @property
    def bounds(self) -> tuple[str | None, str | None]:
        """The first and the last day of the events that are taken, None where there is none.

        Raises InputError for what is no date, and where no day lies between them.
        """
        first, last = _date(self.since, first_day), _date(self.until, last_day)
        if first is not None and last is not None and first > last:
            raise InputError(
                f"No day lies from {printable(self.since or '')} to {printable(self.until or '')}.",
                "Change one of the two dates.",
            )
        return first, last


class Chosen:
    """The work that a selection takes of a project.

    `passed` counts the sentences that were not taken, by why, once `works` went through everything,
    and `languages` has those of the readouts that were coded.
    Raises NothingToDo for a coder who coded nothing, InputError for a layer that is not there and
    for dates that are none.
    """

    def __init__(self, project: Project, selection: Selection) -> None:
        self._project = project
        self._selection = selection
        self._included = _known_layers(project, selection.layers)
        self.states = tuple(state for state in STATES if state in selection.states)
        self._since, self._until = selection.bounds
        self._journals = sorted(_journals(project, selection).items())
        self.passed: Counter[str] = Counter()
        self.languages: set[str | None] = set()

    def __len__(self) -> int:
        return len(self._journals)

    @property
    def readouts(self) -> list[str]:
        """The ids of the readouts that were coded, sorted."""
        return [readout_id for readout_id, _ in self._journals]

    def sizes(self) -> list[int]:
        """Return how many bytes the journals of each readout take; raises StorageError."""
        return [
            sum(store.size(coder, readout_id) for store, coder in sources)
            for readout_id, sources in self._journals
        ]

    def part(self, first: int, last: int) -> Chosen:
        """Return the same choice of some of the readouts alone, which counts for itself."""
        part = copy(self)
        part._journals = self._journals[first:last]
        part.passed, part.languages = Counter(), set()
        return part

    def count(self, passed: Mapping[str, int], languages: Collection[str | None]) -> None:
        """Count what was not taken of the readouts that come next, and add their languages."""
        self.passed.update(passed)
        self.languages.update(languages)

    @property
    def adjudicator(self) -> str | None:
        """Whose coding is the adjudicated one, None where none is."""
        return self._selection.adjudicator

    @property
    def adjudicates(self) -> bool:
        """Whether one of the codings is the adjudicated one."""
        return self.adjudicator is not None

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
        self.passed.clear()
        for readout_id, sources in self._journals:
            split = (splits or {}).get(readout_id)
            yield readout_id, list(self._of(readout_id, sources, split))

    def others(self, known: Collection[str]) -> Iterator[tuple[str, Metadata, str]]:
        """Yield the other readouts of the project, with metadata and text; raises InputError.

        They are in no row, but may tie those that are: two translations of one that nobody coded.
        A text that cannot be read is empty.
        """
        for readout_id in self._project.readout_ids():
            if readout_id not in known:
                try:
                    readout = self._project.readout(readout_id)
                except InputError:
                    yield readout_id, self._project.metadata(readout_id), ""
                else:
                    yield readout_id, readout.metadata, readout.text

    @property
    def filters(self) -> list[str]:
        """What limits the sentences, besides coders, layers and states: each as a sentence."""
        chosen = self._selection
        said = []
        if chosen.origins is not None:
            said.append(
                f"Sentences whose marks are all of the origin {_either(chosen.origins)} are taken;"
                f" {_bare('human' in chosen.origins, 'human')}."
            )
        if chosen.certainty is not None:
            said.append(
                f"Sentences whose marks are all of {chosen.certainty} certainty are taken;"
                f" {_bare(chosen.certainty == 'high', 'of high certainty')}."
            )
        if chosen.asked:
            said.append(
                "Sentences that have labels from a file of another program, and no key of a coder,"
                " are left out unless they have some of each layer."
            )
        if chosen.languages is not None:
            said.append(f"Readouts are in {_either(chosen.languages)}.")
        if chosen.since or chosen.until:
            bounds = (("from", chosen.since), ("to", chosen.until))
            dates = " ".join(f"{word} {date}" for word, date in bounds if date)
            said.append(f"Events are {dates}; readouts without such a date are left out.")
        return said

    def _of(self, readout_id: str, sources: _Sources, split: Split | None) -> Iterator[Work]:
        found = [one for store, coder in sources if (one := store.read(coder, readout_id))]
        states = [*map(_states, found)]
        snapshots = [
            one
            for one, counts in zip(found, states, strict=True)
            if any(counts[state] for state in self.states)
        ]
        if not snapshots:
            if not self._limits_readouts or self._is_wanted(self._project.metadata(readout_id)):
                self._pass(states)
            return
        readout = self._project.readout(readout_id)
        self.languages.add(readout.metadata.language)
        if not self._is_wanted(readout.metadata):
            for snapshot in snapshots:
                self.passed[_READOUT] += _taken(snapshot, self.states)
            return
        self._pass(states)
        certainty, adjudicator = self._selection.certainty, self._selection.adjudicator
        for snapshot in snapshots:
            require_bytes(snapshot.header, readout)
            work = Work(
                readout,
                snapshot.header,
                snapshot.coding,
                self._project.codebook,
                frozenset(self.states),
                self._included,
                split,
                None if self._selection.origins is None else frozenset(self._selection.origins),
                None if certainty is None else frozenset({certainty}),
                None if adjudicator is None else snapshot.header.by == adjudicator,
                self._selection.asked,
            )
            if self._has_filters:
                self.passed[_MARK] += _taken(snapshot, self.states) - len(work.fitting)
            self.passed[_UNASKED] += len(work.fitting) - len(work.chosen)
            if work.chosen:
                yield work

    @property
    def _has_filters(self) -> bool:
        return self._selection.origins is not None or self._selection.certainty is not None

    @property
    def _limits_readouts(self) -> bool:
        chosen = self._selection
        return bool(chosen.languages is not None or chosen.since or chosen.until)

    def _pass(self, counted: Iterable[Counter[_Place]]) -> None:
        """Count the sentences of a readout that are not taken, by their state."""
        for states in counted:
            for state, count in states.items():
                if state not in self.states:
                    self.passed[_STATES[state]] += count

    def _is_wanted(self, metadata: Metadata) -> bool:
        if not self._is_in_language(metadata.language):
            return False
        date = metadata.event.date
        first, last = _date(date, first_day), _date(date, last_day)
        return (self._since is None or (first is not None and first >= self._since)) and (
            self._until is None or (last is not None and last <= self._until)
        )

    def _is_in_language(self, tag: str | None) -> bool:
        wanted = self._selection.languages
        return wanted is None or any(within(tag, one) for one in wanted)

    def nothing(self) -> NothingToDo:
        """Return what to say where no sentence is taken."""
        wanted = self._selection.languages
        if wanted is not None and not any(map(self._is_in_language, self.languages)):
            known = ", ".join(sorted(printable(tag) for tag in self.languages if tag))
            return NothingToDo(
                f"There is nothing to export: no coded readout is in {_either(wanted)}.",
                f"They are in {known}." if known else "Their metadata name no language.",
            )
        coders = self._selection.coders
        whose = f" of {printable(', '.join(coders))}" if coders else ""
        if self.filters:
            return NothingToDo(
                f"There is nothing to export: no sentence{whose} is {' or '.join(self.states)} and"
                " fits the filters.",
                " ".join(self.filters),
            )
        keys = " or ".join(f"{_KEYS[state]} ({state})" for state in self.states)
        decided = "; for labels of a file, call “annotator import” again with --decided"
        return NothingToDo(
            f"There is nothing to export: no sentence{whose} is {' or '.join(self.states)}.",
            f"Open a readout with “annotator” and press {keys} on a sentence that you have read"
            f"{decided if 'done' in self.states else ''}.",
        )


def has_coded_nothing(coder: str, known: Iterable[str]) -> NothingToDo:
    """Return what says that a coder has no work here, and who has."""
    have = ", ".join(sorted(known))
    return NothingToDo(
        f"“{printable(coder)}” has coded nothing in this project.",
        f"Those who have: {have}." if have else "",
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
            raise has_coded_nothing(coder, known)
    wanted = {
        coder: store
        for coder, store in known.items()
        if (chosen.coders is None and coder in coders)
        or coder in (chosen.coders or ())
        or (chosen.samples and coder in known_samples)
    }
    if chosen.adjudicator is not None and chosen.adjudicator not in wanted:
        raise InputError(
            f"The coding of “{printable(chosen.adjudicator)}” cannot be the adjudicated one: it is"
            " not among those that are exported.",
            f"These are exported: {', '.join(sorted(wanted)) or 'none'}.",
        )
    journals: dict[str, _Sources] = {}
    for coder, store in sorted(wanted.items()):
        for readout_id in store.coded(coder):
            journals.setdefault(readout_id, []).append((store, coder))
    return journals


def _states(snapshot: Snapshot) -> Counter[_Place]:
    documents = snapshot.coding.docs.values()
    return Counter(
        "around" if one.state == "new" and not waits(one) else one.state
        for one in documents
        if isinstance(one, Sentence)
    )


def _taken(snapshot: Snapshot, states: tuple[State, ...]) -> int:
    return sum(sentence.state in states for _, sentence in snapshot.coding.sentences())


def _bare(taken: bool, kind: str) -> str:
    """Say what becomes of sentences without any mark."""
    fate = "taken" if taken else "left out"
    return f"a sentence without marks counts as {kind}, and is {fate}"


def _either(values: tuple[str, ...]) -> str:
    return printable(" or ".join(values))


def _date(said: str | None, day: Callable[[str], str]) -> str | None:
    """Return the first or the last `day` of a date; raises InputError for what is no date."""
    if said is None:
        return None
    if not _DATE.fullmatch(said) or not is_in_calendar(said):
        raise InputError(
            f"“{printable(said)}” is no date.", "Write a year, month or day, such as 2024-05-31."
        )
    return day(said)
