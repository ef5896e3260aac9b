"""How far coders agree on a label: observed agreement, and Krippendorff's alpha for nominal data.

Alpha is that of Krippendorff, “Content Analysis” (2018), the chapter on reliability, computed from
the coincidences of values within units; a coder who has no value for a unit is missing there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

_Said = TypeVar("_Said", bound=Hashable)


@dataclass(frozen=True)
class Measure:
    """What was measured of `values`: those of units that have at least two.

    `observed` is the share of pairs of values within units that are equal, each unit weighing as
    much as it has values. `alpha` is None where it is undefined, as all values are the same.
    """

    values: int
    observed: float
    alpha: float | None


def nominal(units: Iterable[tuple[Mapping[_Said, int], int]]) -> Measure | None:
    """Measure units, each with how often it has which value, and how many units are like it.

    A unit of fewer than two values tells nothing. None where no unit has two.
    """
    totals: Counter[_Said] = Counter()
    differing = 0.0
    for counts, times in units:
        size = sum(counts.values())
        if size < 2:
            continue
        for value, count in counts.items():
            totals[value] += count * times
        equal = sum(count * count for count in counts.values())
        differing += times * (size * size - equal) / (size - 1)
    values = totals.total()
    if not values:
        return None
    expected = values * values - sum(count * count for count in totals.values())
    alpha = 1 - (values - 1) * differing / expected if expected else None
    return Measure(values, 1 - differing / values, alpha)


@dataclass
class Agreement:
    """Which labels the coders of the same sentences gave.

    `units` counts sentences of at least two coders by how many these are, `given` those with a
    label by how many the coders are and how many of them gave it. `lacking` corrects `units` for
    layers that not all of the coders looked at. Memory grows with labels and
    coders, and not with sentences.
    """

    units: Counter[int] = field(default_factory=Counter)
    given: dict[tuple[str, str], Counter[tuple[int, int]]] = field(default_factory=dict)
    lacking: dict[str, Counter[int]] = field(default_factory=dict)
    coders: set[str] = field(default_factory=set)

    def add(
        self,
        labels: Mapping[str, Collection[tuple[str, str]]],
        unasked: Iterable[str] = (),
    ) -> None:
        """Count a sentence: the layers and labels of each coder who decided it.

        `unasked` has a layer once for each coder who did not look at it, and gave none of its
        labels: they are missing there. A sentence of one coder is not counted.
        """
        if len(labels) < 2:
            return
        self.units[len(labels)] += 1
        self.coders.update(labels)
        missing = Counter(unasked)
        for layer, count in missing.items():
            corrected = self.lacking.setdefault(layer, Counter())
            corrected[len(labels)] -= 1
            corrected[len(labels) - count] += 1
        times = Counter(label for own in labels.values() for label in set(own))
        for label, count in times.items():
            size = len(labels) - missing[label[0]]
            if size > 1:
                self.given.setdefault(label, Counter())[size, count] += 1

    def merge(self, other: Agreement) -> None:
        """Count the sentences that another one counted."""
        self.units.update(other.units)
        self.coders |= other.coders
        for label, times in other.given.items():
            self.given.setdefault(label, Counter()).update(times)

    def givers(self, label: tuple[str, str]) -> int:
        """Return how many values say that the label was given."""
        return sum(count * times for (_, count), times in self.given.get(label, {}).items())

    def of(self, label: tuple[str, str]) -> Measure | None:
        """Measure whether coders gave a label; None where no sentence has two of them."""
        found = self.given.get(label, Counter[tuple[int, int]]())
        none = self.units.copy()
        none.update(self.lacking.get(label[0], {}))
        for (size, _), times in found.items():
            none[size] -= times
        given = [({True: count, False: size - count}, n) for (size, count), n in found.items()]
        return nominal([*given, *(({False: size}, times) for size, times in none.items())])
