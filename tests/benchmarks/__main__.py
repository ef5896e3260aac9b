"""Prints how fast the program is, beside what it was designed to be: see README.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

# Given as a folder, this file is run without the packages around it.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks import corpus, edits, keys, starts, streams
from tests.benchmarks.report import Row, show

PARTS = ("start", "key", "edit", "export", "segment", "add")


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    starts: int = 12
    keys: int = 100
    edits: int = 400
    plain: int = 10
    export: int = 5
    exported: int = 300
    segment: int = 5
    megabytes: float = 3.0
    add: int = 3
    added: int = 2_000


QUICK = Scale(
    starts=3, keys=12, edits=100, plain=3, export=3, exported=60, segment=3, megabytes=1.0,
    add=2, added=500,
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for; the exit code says whether every target is met."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="fewer runs, in 90 seconds at most")
    parser.add_argument("--folder", type=Path, help="a folder on the disk that is measured")
    asked = parser.parse_args(argv)
    unknown = [part for part in asked.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; choose of {', '.join(PARTS)}")
    begun = perf_counter()
    _say_load("before")
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=asked.folder) as temporary:
        scale = QUICK if asked.quick else Scale()
        missed = _measure(Path(temporary), asked.parts or PARTS, scale)
    _say_load("after")
    print(f"{perf_counter() - begun:.0f} s in all; {missed} targets missed.")
    return 1 if missed else 0


def _say_load(when: str) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"Load {when}: {load} on {os.cpu_count()} processors.", flush=True)


def _measure(folder: Path, parts: Sequence[str], scale: Scale) -> int:
    found: list[Row] = []

    def tell(title: str, rows: list[Row]) -> None:
        show(title, rows)
        found.extend(rows)

    small = corpus.project(folder / "small", 50, coded=10)
    long = corpus.project(folder / "long", 1, sentences=20_000)
    for made in (small, long):  # so that no run pays for the first opening
        made.journal(corpus.CODER, corpus.name(1), corpus.AT).close()
    os.sync()
    if "start" in parts:
        large = corpus.project(folder / "large", 20_000, sentences=4)
        tell(
            "Start to usable screen", starts.measure(folder, small, large, long, runs=scale.starts)
        )
    if "key" in parts:
        tell("Key to painted", keys.measure(folder, small, long, runs=scale.keys))
    if "edit" in parts:
        rows = edits.measure(folder, small, long, runs=scale.edits, plain_runs=scale.plain)
        tell("Edit on disk", rows)
    if "export" in parts:
        coded = corpus.project(folder / "coded", scale.exported + 1, coded=scale.exported)
        tell("Export", streams.exporting(folder, coded, runs=scale.export))
    if "segment" in parts:
        rows = streams.segmenting(runs=scale.segment, megabytes=scale.megabytes)
        tell("Segmentation", rows)
    if "add" in parts:
        tell("Adding", streams.adding(folder, runs=scale.add, amount=scale.added))
    return sum(row.verdict == "misses" for row in found)


if __name__ == "__main__":
    sys.exit(main())
