"""A look through what is to be exported: its splits, and what one of them tells of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import orjson

from annotator.errors import InputError, NothingToDo
from annotator.files import printable, read_bytes
from annotator.formats.card import Split as Facts
from annotator.formats.work import Work
from annotator.model.leaks import Bagged, Leak, bagged, leaks
from annotator.model.likeness import folded
from annotator.model.splitting import SPLITS, Plan, Splits, Unit, prints, split
from annotator.pipeline.selection import Chosen, Progress

SPLITS_FILE: Final = "splits.json"
LEAKS_FILE: Final = "leaks.jsonl"
_SHORT: Final = 5
"""Sentences of fewer words are formulas: that two readouts share them tells nothing."""

_GROUPED: Final = (
    "Readouts that tell one event, translate or retell each other, or share most of their sentences"
    " are in one split."
)
_BY_LOT: Final = " Where a group goes, a hash of its name and the seed {seed} tells."
_HOW: Final = {
    "event": _GROUPED + _BY_LOT,
    "time": _GROUPED + " The latest groups are the test, those before them the validation.",
    "side": "The test holds the readouts told by {held}; others that tell the same events are left"
    " out. " + _GROUPED + _BY_LOT,
    "dyad": "The test holds the readouts of {held}. " + _GROUPED + _BY_LOT,
}


@dataclass(frozen=True)
class Survey:
    """How a dataset is split.

    `leaks` are sentences held back with a near-twin in train. `sentences` counts sentences by
    split, `labels` marks by label and split; a split that is left out is the empty string.
    """

    splits: Splits
    leaks: tuple[Leak, ...]
    sentences: Mapping[str, int]
    labels: Mapping[tuple[str, str], Mapping[str, int]]

    @classmethod
    def of(cls, chosen: Chosen, plan: Plan, progress: Progress | None = None) -> Self:
        """Read everything once, and split it; memory grows with the number of words.

        Raises NothingToDo where there is nothing, InputError where nobody tells what is held back.
        """
        units: list[Unit] = []
        bags: dict[str, list[Bagged]] = {}
        counts: dict[str, Counter[tuple[str, str]]] = {}
        for done, (readout, works) in enumerate(chosen.works(), start=1):
            if works:
                unit, bags[readout], counts[readout] = _unit(works)
                units.append(unit)
            if progress:
                progress(done, len(chosen), readout)
        if not units:
            raise chosen.nothing()
        splits = split(units, plan)
        if plan.held and "test" not in splits.of.values():
            raise NothingToDo(
                f"No readout is of the {plan.by} “{printable(plan.held)}”.",
                f"There are {', '.join(sorted(_held(units, plan)))}.",
            )
        sentences: Counter[str] = Counter()
        labels: dict[tuple[str, str], Counter[str]] = {}
        for readout, given in counts.items():
            where = splits.of[readout] or ""
            for label, count in given.items():
                labels.setdefault(label, Counter())[where] += count
            sentences[where] += len(bags[readout])
        held = [one for name, given in bags.items() if _is_held(splits, name) for one in given]
        train = (one for name, given in bags.items() if splits.of[name] == "train" for one in given)
        return cls(splits, tuple(leaks(held, train)), sentences, labels)

    @property
    def facts(self) -> Facts:
        """What the card of the dataset says of the splits."""
        return Facts(
            how=_HOW[self.splits.plan.by].format(
                seed=self.splits.seed, held=printable(self.splits.plan.held)
            ),
            sentences=self.sentences,
            labels=self.labels,
            leaks=len(self.leaks),
            file=SPLITS_FILE,
            leaks_file=LEAKS_FILE,
        )

    def as_json(self) -> bytes:
        """Return how the split was made, so that the next one can be made like it."""
        plan = self.splits.plan
        about = {
            "by": plan.by,
            "held": plan.held or None,
            "seed": self.splits.seed,
            "validation": plan.validation,
            "test": plan.test,
            "sentences": {name: self.sentences.get(name, 0) for name in SPLITS},
            "near_twins_in_train": len(self.leaks),
            "readouts": {
                readout: {"split": self.splits.of[readout], "group": self.splits.groups[readout]}
                for readout in sorted(self.splits.of)
            },
        }
        return orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def leaks_as_lines(self) -> bytes:
        """Return each sentence held back that has a near-twin in train, as a line of JSON."""
        return b"".join(
            orjson.dumps(
                {
                    "sentence": leak.sentence,
                    "twin": leak.twin,
                    "likeness": round(leak.likeness, 3),
                },
                option=orjson.OPT_APPEND_NEWLINE,
            )
            for leak in self.leaks
        )


def _is_held(splits: Splits, readout: str) -> bool:
    return splits.of[readout] in ("validation", "test")


def _unit(works: list[Work]) -> tuple[Unit, list[Bagged], Counter[tuple[str, str]]]:
    """Return what a split needs of a readout, its sentences' words, and its marks by label."""
    readout = works[0].readout
    metadata, event = readout.metadata, readout.metadata.event
    texts: dict[tuple[int, int], tuple[str, str]] = {}
    given: Counter[tuple[str, str]] = Counter()
    for work in works:
        for key, sentence in work.chosen:
            texts.setdefault((sentence.start, sentence.end), (work.sentence_id(key), sentence.text))
            for mark in sentence.marks:
                if work.includes(mark.layer) and not mark.rejected:
                    given[mark.layer, mark.label] += 1
    related = (*metadata.counterpart_of, *filter(None, [metadata.translation_of]))
    words = (folded(text) for _, text in texts.values())
    unit = Unit(
        readout=readout.id,
        event=event.id,
        related=related,
        date=event.date or metadata.publication_date,
        side=metadata.issuing_side,
        dyad=tuple(sorted(event.participants)),
        labels={f"{layer}\0{label}": count for (layer, label), count in given.items()},
        prints=prints(one for one in words if len(one) >= _SHORT),
    )
    return unit, [(name, bagged(text)) for name, text in texts.values()], given


def as_before(plan: Plan, folder: Path) -> Plan:
    """Return a plan with the seed of the dataset that is there, so that what it has stays put.

    A plan with a seed of its own, or another kind of split, is left as it is.
    """
    if plan.seed is not None or not (folder / SPLITS_FILE).is_file():
        return plan
    try:
        before = orjson.loads(read_bytes(folder / SPLITS_FILE))
        same = before["by"] == plan.by and isinstance(before["seed"], int)
    except (ValueError, LookupError, TypeError):
        return plan
    return replace(plan, seed=before["seed"]) if same else plan


def _held(units: Iterable[Unit], plan: Plan) -> set[str]:
    if plan.by == "side":
        return {unit.side for unit in units if unit.side}
    return {"-".join(unit.dyad) for unit in units if unit.dyad}


def plan_of(said: str, *, validation: float, test: float, seed: int | None) -> Plan:
    """Return the plan that a person means by `event`, `time`, `side=ru` or `dyad=ru-us`.

    Raises InputError for anything else, and for shares that are no parts of one.
    """
    by, _, held = said.partition("=")
    if by not in ("event", "time", "side", "dyad") or (by in ("side", "dyad")) != bool(held):
        raise InputError(
            f"“{printable(said)}” is no way to split.",
            "Choose event, time, side=ID (such as side=ru) or dyad=ID-ID (such as dyad=ru-us).",
        )
    if not (validation >= 0 and test > 0 and validation + test < 1):
        raise InputError(
            "The shares of validation and test leave nothing to train on.",
            "Give shares such as 0.1 and 0.1.",
        )
    return Plan(by, validation, test, seed, held)  # type: ignore[arg-type]
