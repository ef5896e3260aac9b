"""A look through what is to be exported: its splits, and what one of them tells of another."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Self, TypedDict

import orjson

from annotator.errors import InputError, NothingToDo
from annotator.files import printable, sha256
from annotator.formats.card import Split as Facts
from annotator.formats.markdown import plain
from annotator.formats.work import Work
from annotator.model.grouping import Unit
from annotator.model.leaks import Bagged, Leak, bagged, leaks, numbered
from annotator.model.likeness import folded
from annotator.model.readout import Metadata
from annotator.model.splitting import HOLDING, SPLITS, Placed, Plan, Split, Splits, split
from annotator.pipeline import survey_words as words
from annotator.pipeline.placements import SPLITS_FILE, readouts
from annotator.pipeline.selection import Chosen, Progress
from annotator.pipeline.survey_words import SHORT
from annotator.plural import many
from annotator.segment import segment

LEAKS_FILE: Final = "leaks.jsonl"
_TOLD: Final = 3
"""How many earlier splits the terminal and the screen compare with; the card has all."""
_OTHERWISE: Final = "Choose other shares, another seed or way."
_LARGE: Final = 1 / 3
"""A group with more of the sentences than this is told, with what ties it."""
_FAR: Final = 0.1
"""From here on, what came out of a split is far from the share that was asked."""


class _Ties(TypedDict):
    event: str | None
    related: tuple[str, ...]
    text: str
    sentences: list[array[int]]


@dataclass(frozen=True)
class Survey:
    """How a dataset is split.

    `leaks` are the rows held back whose sentence has a near-twin in train, those of each coder, and
    `leaking` counts these sentences. `sentences` counts sentences by split, `labels` marks by label
    and split; a split that is left out is the empty string. `sizes` counts sentences by readout.
    """

    splits: Splits
    leaks: tuple[Leak, ...]
    leaking: int
    sentences: Mapping[str, int]
    labels: Mapping[tuple[str, str], Mapping[str, int]]
    sizes: Mapping[str, int]

    @classmethod
    def of(cls, chosen: Chosen, plan: Plan, progress: Progress | None = None) -> Self:
        """Read everything once, and split it; memory grows with the number of words.

        Raises NothingToDo where there is nothing, InputError where nobody tells what is held back.
        """
        units: list[Unit] = []
        bags: dict[str, list[Bagged]] = {}
        rows: dict[str, list[str]] = {}
        counts: dict[str, Counter[tuple[str, str]]] = {}
        for done, (readout, works) in enumerate(chosen.works(), start=1):
            if works:
                unit, bags[readout], counts[readout] = _unit(works, rows)
                units.append(unit)
            if progress:
                progress(done, len(chosen), readout)
        if not units:
            raise chosen.nothing()
        others = [Unit(name, **_ties(data, text)) for name, data, text in chosen.others(bags)]
        plan = replace(plan, held=_as_named(units, plan))
        splits = split(units, plan, others)
        if plan.held and "test" not in splits.of.values():
            known = ", ".join(sorted(_held(units, plan)))
            raise NothingToDo(
                f"No readout is of the {plan.by} “{printable(plan.held)}”.",
                f"There are {printable(known)}." if known else words.of_nobody(plan.by),
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
        found = list(leaks(held, train))
        named = tuple(
            Leak(row, one.twin, one.likeness)
            for one in found
            for row in rows.get(one.sentence, [one.sentence])
        )
        sizes = {readout: len(given) for readout, given in bags.items()}
        return cls(splits, named, len(found), sentences, labels, sizes)

    @property
    def facts(self) -> Facts:
        """What the card of the dataset says of the splits."""
        return Facts(
            how=words.how(self.splits),
            sentences=self.sentences,
            labels=self.labels,
            leaks=self.leaking,
            leaking_rows=len(self.leaks),
            file=SPLITS_FILE,
            leaks_file=LEAKS_FILE,
            shares=self.shares,
            warnings=[
                *(plain(fact) for fact, _ in self._news),
                *words.lacking(self.lacking, most=None),
            ],
        )

    @property
    def shares(self) -> str:
        """How many sentences came into each split, and of what share was asked; half a sentence.

        Where the readouts of somebody are the test, the share of the validation is one of the rest.
        """
        said = [self._share(name) for name in SPLITS]
        left = self.sentences.get("", 0)
        return ", ".join([*said, *([f"left out {left:,}"] if left else [])])

    def _share(self, name: Split) -> str:
        count = f"{name} {self.sentences.get(name, 0):,}"
        if name not in self._asked:
            return count
        return f"{count} ({self._came(name):.0%}, asked {self._asked[name]:.0%})"

    @property
    def _asked(self) -> dict[Split, float]:
        """The share of each split that is drawn."""
        plan = self.splits.plan
        test: dict[Split, float] = {} if plan.held else {"test": plan.test}
        rest = 1 - plan.validation - sum(test.values())
        return {"train": rest, "validation": plan.validation, **test}

    def _came(self, name: Split) -> float:
        whole = sum(self.sentences.get(one, 0) for one in self._asked)
        return self.sentences.get(name, 0) / whole if whole else 0.0

    @property
    def twins(self) -> str:
        """How many sentences held back have a near-twin in train, and how many rows these are."""
        have = "has" if self.leaking == 1 else "have"
        own = f" ({many(len(self.leaks), 'row')})" if self.leaking else ""
        return f"{many(self.leaking, 'sentence')}{own} held back {have} a near-twin in train."

    @property
    def warnings(self) -> list[str]:
        """What is to be known of the splits at once, and what can be done, in sentences.

        That is which are empty or far from the share that was asked, which labels they lack, what
        moved, what is elsewhere than in an earlier split, and what nobody knows the place of, or
        not the day.
        """
        said = [f"{fact} {way}" for fact, way in self._news]
        lacking = words.lacking(self.lacking)
        said += [f"{fact} {self._way}" for fact in lacking[:1]] + lacking[1:]
        moved = self.splits.moved
        if moved:
            said.append(f"Moved to another split than before: {words.first(moved)}.")
        told = words.elsewhere(self.splits)
        said += told[:_TOLD]
        if len(told) > _TOLD:
            more = many(len(told) - _TOLD, "more earlier split")
            said.append(f"{SPLITS_FILE} compares with {more}.")
        return said + words.unknown(self.splits) + words.vague(self.splits)

    @property
    def lacking(self) -> dict[Split, list[str]]:
        """The labels of the dataset that a split with sentences has none of, sorted."""
        return {
            name: sorted(
                f"{layer}:{label}" for (layer, label), c in self.labels.items() if not c.get(name)
            )
            for name in SPLITS
            if self.sentences.get(name)
        }

    @property
    def _way(self) -> str:
        """What can be done; where the latest are the test, no lot is drawn."""
        by_time = self.splits.plan.by == "time"
        return "Choose other shares or another way." if by_time else _OTHERWISE

    @property
    def _news(self) -> list[tuple[str, str]]:
        """Which splits are empty or far from the share that was asked, and what can be done."""
        plan, said = self.splits.plan, []
        way = self._way
        wanted = [name for name in SPLITS if name != "validation" or plan.validation]
        empty = [name for name in wanted if not self.sentences.get(name)]
        if empty:
            names = " and ".join(empty)
            said.append((f"Nothing is in {names}.", way))
        asked = self._asked
        far = [one for one in asked if abs(self._came(one) - asked[one]) > _FAR + 1e-9]
        if far:
            groups = len({self.splits.groups[name] for name in self.splits.of})
            fact = (
                f"Far from the share that was asked: {', '.join(far)}. A group is never divided,"
                f" and there {'is 1' if groups == 1 else f'are {groups:,}'}."
            )
            said.append((fact, way))
        return [*said, *((fact, f"{SPLITS_FILE} has the tie of each.") for fact in self._large)]

    @property
    def _large(self) -> list[str]:
        """What ties each group of several readouts with much of the sentences."""
        splits, whole = self.splits, sum(self.sizes.values())
        sizes: Counter[str] = Counter()
        for readout, size in self.sizes.items():
            sizes[splits.groups[readout]] += size
        several = {splits.groups[name] for name in splits.of if name in splits.ties}
        return [
            words.large(splits, group, size / whole)
            for group, size in sizes.most_common(3)
            if group in several and size > _LARGE * whole
        ]

    def as_json(self) -> bytes:
        """Return how the split was made, so that the next one can be made like it."""
        plan, elsewhere = self.splits.plan, self.splits.elsewhere
        about = {
            "by": plan.by,
            "held": plan.held or None,
            "seed": self.splits.seed,
            "validation": plan.validation,
            "test": plan.test,
            "sentences": {name: self.sentences.get(name, 0) for name in SPLITS},
            "near_twins_in_train": self.leaking,
            "rows_with_near_twins": len(self.leaks),
            "moved": sorted({*self.splits.moved, *chain(*(names for _, names in elsewhere))}),
            "elsewhere": [
                {
                    "exports": list(one.exports),
                    "how": one.how,
                    "readouts": {name: one.parts[name] for name in names},
                }
                for one, names in elsewhere
            ],
            "unknown": list(self.splits.unknown),
            "lacking": self.lacking,
            **self._readouts,
        }
        return orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    @property
    def _readouts(self) -> dict[str, dict[str, dict[str, str | None]]]:
        """Where each readout is and what ties it there, also through others that are not split."""
        of, groups, ties = self.splits.of, self.splits.groups, self.splits.ties
        found = readouts({name: Placed(where, groups[name]) for name, where in of.items()})
        said = {
            name: {**one, "tie": words.tie(ties[name]) if name in ties else None}
            for name, one in found.items()
        }
        beyond: dict[str, dict[str, str | None]] = {}
        for name in of:
            tie = ties.get(name)
            while tie and tie.to not in of and tie.to not in beyond:
                to, tie = tie.to, ties.get(tie.to)
                beyond[to] = {"tie": words.tie(tie) if tie else None}
        return {"readouts": said, "beyond": dict(sorted(beyond.items()))}

    def leaks_as_lines(self) -> bytes:
        """Return each row held back that has a near-twin in train, as a line of JSON."""
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


def _unit(
    works: list[Work], rows: dict[str, list[str]]
) -> tuple[Unit, list[Bagged], Counter[tuple[str, str]]]:
    """Return what a split needs of a readout, its sentences' words, and its marks by label.

    A sentence is named by its first row; `rows` is given all rows of those that have several.
    """
    readout = works[0].readout
    metadata, event = readout.metadata, readout.metadata.event
    texts: dict[tuple[int, int], tuple[str, str]] = {}
    given: Counter[tuple[str, str]] = Counter()
    for work in works:
        for key, sentence in work.chosen:
            name, place = work.sentence_id(key), (sentence.start, sentence.end)
            first, _ = texts.setdefault(place, (name, sentence.text))
            if first != name:
                rows.setdefault(first, [first]).append(name)
            for mark in sentence.marks:
                if work.includes(mark.layer) and not mark.rejected:
                    given[mark.layer, mark.label] += 1
    bags = [(name, bagged(text)) for name, text in texts.values()]
    unit = Unit(
        readout=readout.id,
        **_ties(metadata, readout.text),
        date=event.sure_date or metadata.publication_date,
        side=metadata.issuing_side,
        issuer=metadata.issuer,
        dyad=tuple(sorted(event.participants)),
        sides=_sides(metadata),
        labels={f"{layer}\0{label}": count for (layer, label), count in given.items()},
        size=len(bags),
    )
    return unit, bags, given


def _ties(metadata: Metadata, text: str) -> _Ties:
    """Return what ties a readout to others, whatever of it is exported.

    Our rules cut the text anew, without the settings of the project: coders cut it differently, and
    whose work is exported, and how much of it is coded, must not change what is alike.
    """
    translated = [metadata.translation_of] if metadata.translation_of else []
    said = [folded(text[start:end]) for start, end, _ in segment(text)]
    return {
        "event": metadata.event.id,
        "related": (*metadata.counterpart_of, *translated),
        "text": _told([*chain.from_iterable(said)]),
        "sentences": [numbered(words) for words in said if len(words) >= SHORT],
    }


def _told(words: list[str]) -> str:
    """Return what stands for the words of a text; empty where it has none."""
    return sha256(" ".join(words).encode()) if words else ""


def _sides(metadata: Metadata) -> tuple[str, ...]:
    """Return the countries of the participants, sorted; empty where one's is not known."""
    known = {one.id: one.affiliation or one.id for one in metadata.entities}
    found = {known.get(one, "").casefold() for one in metadata.event.participants}
    return () if "" in found else tuple(sorted(found))


def _as_named(units: Sequence[Unit], plan: Plan) -> str:
    """Return who is held back as the metadata name them, where they do."""
    wanted = plan.held.casefold()
    named = sorted(_held(units, plan)) if wanted else []
    if plan.by == "dyad":
        pair = set(wanted.split("-"))
        return next((one for one in named if {*one.casefold().split("-")} == pair), plan.held)
    return next((one for one in named if one.casefold() == wanted), plan.held)


def _held(units: Iterable[Unit], plan: Plan) -> set[str]:
    if plan.by in ("side", "issuer"):
        return {said for unit in units if (said := getattr(unit, plan.by))}
    return {"-".join(ends) for unit in units for ends in (unit.dyad, unit.sides) if ends}


def plan_of(said: str, *, validation: float, test: float, seed: int | None) -> Plan:
    """Return the plan that a person means by `event`, `time`, `side=ru` or the like.

    Raises InputError for anything else, and for shares that are no parts of one.
    """
    by, _, held = said.partition("=")
    if by not in ("event", "time", *HOLDING) or (by in HOLDING) != bool(held):
        raise InputError(
            f"“{printable(said)}” is no way to split.",
            "Choose event, time, side=ID (a country, such as side=ru), issuer=ID (as the metadata"
            " name it) or dyad=ID-ID (such as dyad=ru-us).",
        )
    if wrong := _wrong_share(validation, test):
        raise InputError(wrong, "Give shares of all sentences, such as 0.1 and 0.1.")
    return Plan(by, validation, test, seed, held)


def _wrong_share(validation: float, test: float) -> str:
    """Return what is wrong with the shares of validation and test, empty for nothing."""
    if not 0 <= validation < 1:
        return (
            f"The share of the validation is 0 or more and below 1, and {validation:g} was asked."
        )
    if not 0 < test < 1:
        return f"The share of the test is above 0 and below 1, and {test:g} was asked."
    if validation + test >= 1:
        return "The shares of validation and test leave nothing to train on."
    return ""
