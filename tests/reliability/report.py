"""Tables of exact figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args

from tests.reliability.kills import Tally
from tests.reliability.medium import Kind
from tests.reliability.replay import OUTCOMES, Figures

_EXAMPLES = 10


def show_tally(tally: Tally) -> None:
    """Print what became of the processes that were killed, and of what they acknowledged."""
    right = tally.put_right.total()
    _table(
        "Processes killed with SIGKILL",
        [
            ("kills", f"{tally.kills:,}", _told(tally.work)),
            ("they fell in", "", _told(tally.fell)),
            ("acts acknowledged", f"{tally.acknowledged:,}", ""),
            ("acknowledged acts lost", f"{tally.lost:,}", ""),
            ("files unreadable", f"{tally.unreadable:,}", ""),
            ("silent changes", f"{tally.silent:,}", ""),
            ("processes that ended by themselves", f"{tally.ended:,}", ""),
            ("last acts kept, though not yet acknowledged", f"{tally.kept:,}", ""),
            ("files put right by opening them", f"{right:,}", _told(tally.put_right)),
            ("spoiled files repaired", f"{tally.repaired:,}", ""),
        ],
        "lrl",
    )
    for failure in tally.failures[:_EXAMPLES]:
        print(f"  {failure}")


def show_figures(figures: Figures) -> None:
    """Print what came of the states that losses of power may leave, by kind."""
    rows = [("", "states", *OUTCOMES)]
    for kind in get_args(Kind):
        counts = [figures.counts[kind, outcome] for outcome in OUTCOMES]
        rows.append((kind, *(f"{count:,}" for count in (sum(counts), *counts))))
    total = [figures.of(outcome) for outcome in OUTCOMES]
    rows.append(("all that a loss of power leaves", *(f"{n:,}" for n in (sum(total), *total))))
    total = [figures.of(outcome, misplaced=True) for outcome in OUTCOMES]
    rows.append(("all with a misplaced block", *(f"{n:,}" for n in (sum(total), *total))))
    _table("States replayed", rows, "l" + "r" * (len(OUTCOMES) + 1))
    print(f"  {figures.went_on:,} of them were coded on.")
    for failure in figures.failures:
        print(f"  {failure}")


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common() if count)


def _table(title: str, rows: Sequence[Iterable[str]], sides: str) -> None:
    cells = [[*row] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(sides))]
    print(f"\n{title}")
    for row in cells:
        padded = (
            cell.ljust(width) if side == "l" else cell.rjust(width)
            for cell, width, side in zip(row, widths, sides, strict=True)
        )
        print("  " + "  ".join(padded).rstrip(), flush=True)
