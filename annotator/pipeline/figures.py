"""The figures of the coding: pace, what each label takes, and how far a project has come.

They come from an open coding or, for a project, from its index, and leave samples out. Effort is
known of what was coded by keys since format 3; what nobody counted is in no median.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from annotator.model.codebook import Codebook
from annotator.model.edit import Coding, Edit
from annotator.model.progress import Progress
from annotator.pipeline import ledger
from annotator.pipeline.ledger import Ledger

if TYPE_CHECKING:
    from annotator.pipeline.index import Index

LEAST_MARKS: Final = 5
"""Marks that a label needs to be compared by its median."""
UNFINISHED: Final = 50
"""Readouts that are begun and not finished which are listed at most, the fullest first."""
_OF_LABELS: Final = frozenset({"keys", "spent", "fixed"})
"""Kinds of sums that are of a layer and a label."""
_CODE: Final = 2
"""Letters of the code of a state."""

_PROGRESS = (
    "count(*), count(j.id), coalesce(sum(j.done + j.unsure + j.skipped = j.total), 0),"
    " coalesce(sum(j.total), 0), coalesce(sum(j.done + j.unsure + j.skipped), 0)"
)
_OF_MINE = "j.coder = ? AND NOT j.sample AND j.problem = ''"
_BY: Final = {
    name: f"SELECT r.{name}, {_PROGRESS} FROM readout AS r"  # noqa: S608 - our own words
    f" LEFT JOIN journal AS j ON j.readout = r.id AND {_OF_MINE} GROUP BY 1 ORDER BY 2 DESC, 1"
    for name in ("language", "side")
}
_BEGUN: Final = (
    f"SELECT j.readout, {_PROGRESS} FROM journal AS j WHERE {_OF_MINE} GROUP BY 1"  # noqa: S608
    " HAVING sum(j.done + j.unsure + j.skipped) < sum(j.total)"
    " ORDER BY sum(j.done + j.unsure + j.skipped) * 1.0 / sum(j.total) DESC, 1 LIMIT ?"
)
_CODERS: Final = (
    f"SELECT j.coder, {_PROGRESS} FROM journal AS j WHERE NOT j.sample AND j.problem = ''"  # noqa: S608
    " GROUP BY 1 ORDER BY 1"
)
_LEDGER: Final = (
    "SELECT kind, one, two, value, amount FROM effort"
    " WHERE (?1 IS NULL OR coder = ?1) AND NOT sample"
)


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {k: round(value, 3) if type(value) is float else value for k, value in values.items()}


@dataclass(frozen=True)
class Cost:
    """What the marks of a label took, or those of a whole layer where `label` is empty.

    Where the layer is empty too, what sentences took: then `marks` are those that are decided, and
    nothing is `fixed`. `marks` stand, and `share` is their part of their layer's; `counted` are
    those whose effort is known, and `keys` and `seconds` the sums of theirs. Medians and ninetieth
    percentiles are None where none is counted. `fixed` counts corrections: marks taken away,
    undone, or changed after their sentence was decided.
    """

    layer: str
    label: str
    marks: int = 0
    share: float = 0.0
    counted: int = 0
    keys: int = 0
    seconds: float = 0.0
    keys_median: float | None = None
    keys_p90: float | None = None
    seconds_median: float | None = None
    seconds_p90: float | None = None
    fixed: int = 0

    @property
    def fixed_per_mark(self) -> float | None:
        """Corrections for each mark that stands, None where none does."""
        return self.fixed / self.marks if self.marks else None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as `annotator stats --json` prints them."""
        return _rounded({**vars(self), "fixed_per_mark": self.fixed_per_mark})


@dataclass(frozen=True)
class Pace:
    """What was done in a day, as "2026-03-01", or in an hour of all days, as "14".

    `decided` were decided by keys, and `bulk` without one, as by an act on many: those are in no
    mean. `seconds` are active ones. A sentence that was decided, taken back and decided again
    counts once; keys and seconds count for good.
    """

    when: str
    decided: int = 0
    keys: int = 0
    seconds: float = 0.0
    bulk: int = 0

    @property
    def keys_per_sentence(self) -> float | None:
        """Keys for each decision, None where there is none."""
        return self.keys / self.decided if self.decided else None

    @property
    def seconds_per_sentence(self) -> float | None:
        """Active seconds for each decision, None where there is none."""
        return self.seconds / self.decided if self.decided else None

    @property
    def per_hour(self) -> float | None:
        """Decisions in an hour of active time, None where no time is known."""
        return self.decided * 3600 / self.seconds if self.seconds else None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as `annotator stats --json` prints them."""
        names = ("keys_per_sentence", "seconds_per_sentence", "per_hour")
        return _rounded({**vars(self), **{name: getattr(self, name) for name in names}})


@dataclass(frozen=True)
class Part:
    """How far a part of a project is: its readouts, and the sentences of those that are begun."""

    name: str
    readouts: int
    begun: int
    finished: int
    total: int
    decided: int


@dataclass(frozen=True)
class Figures:
    """The figures of one coder, or counts of all.

    `sentence` is what a sentence took. `labels` and `layers` are in the codebook's order, then what
    it does not know; `days` and `hours` ascend. `parts` holds progress by "language",
    "side" and "readout" (begun and not finished), or by "coder".
    """

    progress: Progress = field(default_factory=Progress)
    sentence: Cost = Cost("", "")
    labels: Sequence[Cost] = ()
    layers: Sequence[Cost] = ()
    days: Sequence[Pace] = ()
    hours: Sequence[Pace] = ()
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)


def of_coding(
    history: Iterable[Edit], coding: Coding, book: Codebook, zone: tzinfo | None = None
) -> Figures:
    """Return the figures of one readout; days and hours are those of `zone`, else local ones."""
    given = Counter(
        (mark.layer, mark.label)
        for _, sentence in coding.sentences()
        for mark in sentence.marks
        if not mark.rejected
    )
    return _figures(ledger.of_history(history, coding), Progress.of(coding), given, book, zone)


def of_work(index: Index, coder: str | None, book: Codebook, zone: tzinfo | None = None) -> Figures:
    """Return the figures of a coder or of all, without parts, as the index was last refreshed."""
    totals = index.totals(coder=coder)
    given = Counter(
        {(layer, label): n for layer, found in totals.labels.items() for label, n in found.items()}
    )
    rows = index.query(_LEDGER, (coder,))
    sums: Ledger = Counter()
    for kind, one, two, value, amount in rows:
        sums[kind, one, two, value] += amount
    return _figures(sums, totals.progress, given, book, zone)


def of_project(index: Index, coder: str, book: Codebook, zone: tzinfo | None = None) -> Figures:
    """Return a coder's figures of a whole project, as its index was last refreshed."""
    found = of_work(index, coder, book, zone)
    parts = {name: _parts(index.query(sql, (coder,))) for name, sql in _BY.items()}
    # The index folds the codes of states, which everything else writes in capitals.
    parts["side"] = tuple(
        replace(one, name=one.name.upper()) if len(one.name) == _CODE else one
        for one in parts["side"]
    )
    parts["readout"] = _parts(index.query(_BEGUN, (coder, UNFINISHED)))
    return replace(found, parts=parts)


def of_everybody(index: Index) -> Figures:
    """Return how far all coders are together and each of them: counts, and nothing they said."""
    return Figures(index.totals().progress, parts={"coder": _parts(index.query(_CODERS))})


def _parts(rows: Iterable[tuple[Any, ...]]) -> tuple[Part, ...]:
    return tuple(Part(*row) for row in rows)


def _figures(
    sums: Ledger,
    progress: Progress,
    given: Counter[tuple[str, str]],
    book: Codebook,
    zone: tzinfo | None,
) -> Figures:
    sums, given = _now(sums, book), _named_now(given, book)
    labels = _costs(sums, given, book)
    days, hours = _paces(sums, zone)
    decided = progress.decided
    sentence = _cost("", "", decided, decided, _spread(sums), Counter())
    return Figures(progress, sentence, labels, _layers(sums, labels), days, hours)


def _now(sums: Ledger, book: Codebook) -> Ledger:
    """Return sums by the labels of now, with what was counted under their former ids."""
    found: Ledger = Counter()
    for (kind, one, two, value), amount in sums.items():
        label = _current(book, one, two) if kind in _OF_LABELS else two
        found[kind, one, label, value] += amount
    return found


def _named_now(given: Counter[tuple[str, str]], book: Codebook) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for (layer, label), count in given.items():
        found[layer, _current(book, layer, label)] += count
    return found


def _current(book: Codebook, layer_id: str, label: str) -> str:
    layer = book.layer(layer_id)
    return layer.current(label) if layer else label


def _costs(sums: Ledger, given: Counter[tuple[str, str]], book: Codebook) -> tuple[Cost, ...]:
    known = [(layer.id, label.id) for layer in book.layers for label in layer.labels]
    place = {name: number for number, name in enumerate(known)}
    fixed = {(one, two) for kind, one, two, _ in sums if kind == "fixed"}
    named = sorted({*given, *fixed}, key=lambda name: (place.get(name, len(place)), name))
    of_layer = Counter[str]()
    for (layer, _), marks in given.items():
        of_layer[layer] += marks
    spread = _spread(sums)
    return tuple(
        _cost(layer, label, given[layer, label], of_layer[layer], spread, sums)
        for layer, label in named
    )


def _layers(sums: Ledger, labels: Sequence[Cost]) -> tuple[Cost, ...]:
    merged: Ledger = Counter()
    for (kind, layer, _, value), amount in sums.items():
        if kind in ("keys", "spent"):
            merged[kind, layer, "", value] += amount
    spread = _spread(merged)
    every = sum(cost.marks for cost in labels)
    found = []
    for layer in dict.fromkeys(cost.layer for cost in labels):
        own = [cost for cost in labels if cost.layer == layer]
        cost = _cost(layer, "", sum(one.marks for one in own), every, spread, Counter())
        found.append(replace(cost, fixed=sum(one.fixed for one in own)))
    return tuple(found)


Spread = Mapping[tuple[str, str, str], Mapping[int, int]]
"""How many marks had which number, by kind, layer and label."""


def _spread(sums: Ledger) -> Spread:
    spread: dict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    for (kind, one, two, value), amount in sums.items():
        spread[kind, one, two][value] = amount
    return spread


def _cost(layer: str, label: str, marks: int, every: int, spread: Spread, sums: Ledger) -> Cost:
    keys = spread.get(("keys", layer, label), {})
    tenths = spread.get(("spent", layer, label), {})
    return Cost(
        layer,
        label,
        marks=marks,
        share=marks / every if every else 0.0,
        counted=sum(keys.values()),
        keys=sum(value * amount for value, amount in keys.items()),
        seconds=sum(value * amount for value, amount in tenths.items()) / 10,
        keys_median=median(keys),
        keys_p90=percentile(keys, 90),
        seconds_median=_tenth(median(tenths)),
        seconds_p90=_tenth(percentile(tenths, 90)),
        fixed=sums["fixed", layer, label, 0],
    )


def _tenth(tenths: float | None) -> float | None:
    return None if tenths is None else tenths / 10


def median(amounts: Mapping[int, int]) -> float | None:
    """Return the middle of numbers that stand so often each, or the mean of the middle two."""
    count = sum(amounts.values())
    if not count:
        return None
    return (_at(amounts, (count - 1) // 2) + _at(amounts, count // 2)) / 2


def percentile(amounts: Mapping[int, int], percent: int) -> float | None:
    """Return the least number that so many in a hundred do not exceed."""
    count = sum(amounts.values())
    return _at(amounts, -(-count * percent // 100) - 1) if count else None


def _at(amounts: Mapping[int, int], place: int) -> int:
    for value in sorted(amounts):
        place -= amounts[value]
        if place < 0:
            return value
    raise IndexError(place)


def _paces(sums: Ledger, zone: tzinfo | None) -> tuple[tuple[Pace, ...], tuple[Pace, ...]]:
    days: dict[str, Counter[str]] = defaultdict(Counter)
    hours: dict[str, Counter[str]] = defaultdict(Counter)
    for (kind, one, _, _), amount in sums.items():
        if kind in ("decided", "bulk", "pressed", "active"):
            try:
                at = datetime.fromisoformat(f"{one}:00").replace(tzinfo=UTC).astimezone(zone)
            except (ValueError, OverflowError):  # A time that no calendar has.
                continue
            days[at.date().isoformat()][kind] += amount
            hours[f"{at.hour:02}"][kind] += amount
    return _pace(days), _pace(hours)


def _pace(found: Mapping[str, Counter[str]]) -> tuple[Pace, ...]:
    return tuple(
        Pace(when, sums["decided"], sums["pressed"], sums["active"] / 10, sums["bulk"])
        for when, sums in sorted(found.items())
    )


@dataclass(frozen=True)
class Expensive:
    """The label that took most time in all, and the one whose mark typically takes longest."""

    in_all: Cost
    typical: Cost | None


def most_expensive(labels: Iterable[Cost]) -> Expensive | None:
    """Return the label of the largest sum of active seconds, and that of the largest median.

    The median is compared among labels of at least `LEAST_MARKS` counted marks. None where no
    effort is known.
    """
    counted = [cost for cost in labels if cost.counted]
    if not counted:
        return None
    often = [cost for cost in counted if cost.counted >= LEAST_MARKS]
    return Expensive(
        max(counted, key=lambda cost: (cost.seconds, cost.keys)),
        max(often, key=lambda cost: (cost.seconds_median or 0, cost.keys), default=None),
    )


def path_to(book: Codebook, layer: str, label: str) -> tuple[str, ...]:
    """Return the keys that make a mark: its panel's and its own; empty where the codebook has none.

    In a layer that is entered by somebody of the cast, only the panel's key is known.
    """
    known = book.layer(layer)
    for panel in book.panels:
        if known is None or panel.layer != layer:
            continue
        if known.entry != "label":
            return (panel.key,)
        if own := panel.keys.get(label):
            return panel.key, own
    return ()


def advice(book: Codebook, cost: Cost) -> str:
    """Say in a sentence what makes a label's mark expensive, and what may help."""
    path = path_to(book, cost.layer, cost.label)
    keys, seconds = cost.keys_median or 0, cost.seconds_median or 0
    way = f"Its {'key is' if len(path) == 1 else 'keys are'} {' '.join(path)}; a" if path else "A"
    if path and len(path) < keys:
        helps = "Repeat a marking like it, or look which slots could stay as proposed."
    else:
        helps = "Read its definition again, or ask for a clearer one."
    return (
        f"{way} mark takes {keys:g} keys and {seconds:g} s (medians of {cost.counted:,}). {helps}"
    )
