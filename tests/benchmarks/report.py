"""Paired figures, and the table that they are shown in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

HEAD = ("what", "runs", "min", "median", "against", "min", "median", "ratio", "target", "")
MARGINS = "lrrrlrrrll"


@dataclass(frozen=True)
class Row:
    """Ours against a floor, in runs that took turns.

    The ratio is the median of the ratios of the pairs. Without `floor`, or where `absolute` says
    so, the target is for our own median. A target without a bound is for information.
    """

    what: str
    ours: Sequence[float]
    against: str = ""
    floor: Sequence[float] = ()
    most: float | None = None
    least: float | None = None
    unit: str = "ms"
    absolute: bool = False

    @property
    def value(self) -> float:
        """What is held against the target."""
        if self.absolute or not self.floor:
            return median(self.ours)
        return median(a / b for a, b in zip(self.ours, self.floor, strict=True))

    @property
    def verdict(self) -> str:
        """Whether the target is met; empty where there is none."""
        if self.most is None and self.least is None:
            return ""
        met = self.value <= (self.most or self.value) and self.value >= (self.least or self.value)
        return "meets" if met else "misses"

    def cells(self) -> tuple[str, ...]:
        """Return the row as text."""
        ratio = "" if not self.floor else f"{_ratio(self):.3g} ×"
        bound = self.most if self.most is not None else self.least
        sign = "≤" if self.most is not None else "≥"
        unit = f" {self.unit}" if self.absolute or not self.floor else " ×"
        return (
            self.what,
            str(len(self.ours)),
            f"{min(self.ours):.4g}",
            f"{median(self.ours):.4g} {self.unit}",
            self.against,
            f"{min(self.floor):.4g}" if self.floor else "",
            f"{median(self.floor):.4g}" if self.floor else "",
            ratio,
            f"{sign} {bound:g}{unit}" if bound is not None else "",
            self.verdict,
        )


def _ratio(row: Row) -> float:
    return median(a / b for a, b in zip(row.ours, row.floor, strict=True))


def milliseconds(act: Callable[[], object]) -> float:
    """Run something once, and return how long it took."""
    begun = perf_counter()
    act()
    return (perf_counter() - begun) * 1000


def interleaved(runs: int, acts: Sequence[Callable[[], float]]) -> list[list[float]]:
    """Run all acts in turn, so often; return the figures of each."""
    figures: list[list[float]] = [[] for _ in acts]
    for _ in range(runs):
        for figure, act in zip(figures, acts, strict=True):
            figure.append(act())
    return figures


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEAD))]
    print(f"\n{title}")
    for line in cells:
        padded = (
            cell.ljust(width) if side == "l" else cell.rjust(width)
            for cell, width, side in zip(line, widths, MARGINS, strict=True)
        )
        print("  " + "  ".join(padded).rstrip(), flush=True)
