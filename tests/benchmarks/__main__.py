"""Prints how fast the program is, beside what it was designed to be: see README.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter

# Given as a folder, this file is run without the packages around it.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from annotator.pipeline.project import Project
from tests.benchmarks import corpus, edits, keys, large, scale, starts, streams
from tests.benchmarks.report import Row, show


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    starts: int = 12
    keys: int = 100
    edits: int = 2_000
    plain: int = 20
    open: int = 100
    history: int = 10_000
    draws: int = 200
    readouts: int = 20_000
    indexed: int = 20_000
    index: int = 5
    export: int = 5
    exported: int = 300
    segment: int = 5
    megabytes: float = 3.0
    add: int = 3
    added: int = 2_000


QUICK = Extent(
    starts=3, keys=12, edits=300, plain=3, open=20, history=1_000, draws=40, readouts=1_000,
    indexed=1_000, index=3, export=3, exported=60, segment=3, megabytes=1.0, add=2, added=500,
)  # fmt: skip


class Ground:
    """The projects that more than one part is measured in, each made when one asks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def small(self) -> Project:
        """Fifty readouts of 20 sentences."""
        return _opened(corpus.project(self.folder / "small", 50, coded=10))

    @cached_property
    def long(self) -> Project:
        """One readout of 20,000 sentences."""
        return _opened(corpus.project(self.folder / "long", 1, sentences=20_000))


def _opened(project: Project) -> Project:
    """Open a readout once, so that no run pays for the first time."""
    project.journal(corpus.CODER, corpus.name(1), corpus.AT).close()
    os.sync()
    return project


def _start(ground: Ground, extent: Extent) -> list[Row]:
    large = corpus.project(ground.folder / "large", 20_000, sentences=4)
    return starts.measure(ground.folder, ground.small, large, ground.long, runs=extent.starts)


def _key(ground: Ground, extent: Extent) -> list[Row]:
    return keys.measure(ground.folder, ground.small, ground.long, runs=extent.keys)


def _edit(ground: Ground, extent: Extent) -> list[Row]:
    return edits.measure(ground.folder, runs=extent.edits, plain_runs=extent.plain)


def _open(ground: Ground, extent: Extent) -> list[Row]:
    return edits.opening(ground.folder, runs=extent.open, history=extent.history)


def _project(ground: Ground, extent: Extent) -> list[Row]:
    return edits.in_project(ground.folder, runs=extent.draws, amount=extent.readouts)


def _scale(ground: Ground, extent: Extent) -> list[Row]:
    made = scale.project(ground.folder / "indexed", extent.indexed)
    os.sync()
    return scale.measure(made, runs=extent.index)


def _export(ground: Ground, extent: Extent) -> list[Row]:
    coded = corpus.project(ground.folder / "coded", extent.exported + 1, coded=extent.exported)
    return streams.exporting(ground.folder, coded, runs=extent.export)


def _segment(ground: Ground, extent: Extent) -> list[Row]:
    return streams.segmenting(runs=extent.segment, megabytes=extent.megabytes)


def _add(ground: Ground, extent: Extent) -> list[Row]:
    return streams.adding(ground.folder, runs=extent.add, amount=extent.added)


PARTS: Mapping[str, tuple[str, Callable[[Ground, Extent], list[Row]]]] = {
    "start": ("Start to usable screen", _start),
    "key": ("Key to painted", _key),
    "edit": ("Edit on disk", _edit),
    "open": ("Opening a readout", _open),
    "project": ("Edit in a large project", _project),
    "scale": ("The index of a large project", _scale),
    "export": ("Export", _export),
    "segment": ("Segmentation", _segment),
    "add": ("Adding", _add),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what was asked for; the exit code says whether every target is met."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="fewer runs and smaller projects")
    parser.add_argument("--folder", type=Path, help="a folder on the disk that is measured")
    parser.add_argument(
        "--rows",
        type=int,
        nargs="+",
        metavar="N",
        help="export so many sentences, such as 1000000; nothing else but the parts that are named",
    )
    asked = parser.parse_args(argv)
    unknown = [part for part in asked.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; choose of {', '.join(PARTS)}")
    begun = perf_counter()
    _say_load("before")
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=asked.folder) as temporary:
        extent = QUICK if asked.quick else Extent()
        parts = asked.parts or ([] if asked.rows else list(PARTS))
        missed = _measure(Path(temporary), parts, extent)
        if asked.rows:
            show("Export of many rows", large.measure(Path(temporary), asked.rows))
    _say_load("after")
    print(f"{perf_counter() - begun:.0f} s in all; {missed} targets missed.")
    return 1 if missed else 0


def _say_load(when: str) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"Load {when}: {load} on {os.cpu_count()} processors.", flush=True)


def _measure(folder: Path, parts: Sequence[str], extent: Extent) -> int:
    ground = Ground(folder)
    missed = 0
    for part, (title, measure) in PARTS.items():
        if part in parts:
            rows = measure(ground, extent)
            show(title, rows)
            missed += sum(row.verdict == "misses" for row in rows)
    return missed


if __name__ == "__main__":
    sys.exit(main())
