"""What an export of very many rows takes: `python -m tests.benchmarks --rows 100000 1000000`.

Every export runs in a process of its own, so that its peak of memory is its own. Nobody else's work
stands beside it: the figures are rows a second, and megabytes at most.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from annotator.model.edit import CAST, Change, Document, Edit
from annotator.model.sentence import Sentence
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.session.acts import Pen
from tests.benchmarks import corpus, scale
from tests.benchmarks.report import Row


def measure(folder: Path, amounts: Sequence[int]) -> list[Row]:
    """Export projects of so many sentences, one after the other, as JSON Lines."""
    rows = []
    for amount in amounts:
        root = folder / f"rows-{amount}"
        scale.project(root, -(-amount // scale.SENTENCES), edits=_every_sentence)
        os.sync()
        found = _in_a_new_process(root)
        of = f"export of {found['rows']:,.0f} sentences, jsonl"
        rows += [
            Row(f"{of}: sentences a second", [found["rows"] / found["seconds"]], unit="rows/s"),
            Row(
                f"{of}: lines of all files a second", [found["lines"] / found["seconds"]], unit="/s"
            ),
            Row(f"{of}: in all", [found["seconds"]], unit="s"),
            Row(f"{of}: size", [found["size"]], unit="MB"),
            Row(f"{of}: peak of memory", [found["peak"]], unit="MB"),
            Row(f"{of}: peak of memory of a helper", [found["helper"]], unit="MB"),
            Row(f"{of}: memory before it", [found["before"]], unit="MB"),
        ]
    return rows


def _every_sentence(project: Project, first: Edit, seed: int) -> Iterator[Edit]:
    """Yield edits that give every sentence a mark of each layer."""
    rng = random.Random(seed)  # noqa: S311 - labels, not secrets
    ids = (f"{seed:05}{place:07}" for place in range(1_000_000))
    pen = Pen(corpus.CODER, project.codebook, lambda: corpus.AT, lambda: next(ids))
    for change in first.changes:
        one: Document | None = change.after
        if change.key != CAST and isinstance(one, Sentence):
            marks = tuple(corpus.mark(pen, rng, one, layer.id) for layer in project.codebook.layers)
            after = one.changed(state="done", marks=marks, keys=4, seconds=6.25)
            done = Change(key=change.key, before=one, after=after)
            yield Edit(act="edit", at=corpus.AT, what="mark", changes=(done,))


def _in_a_new_process(root: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.large", str(root)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def exported(root: Path) -> dict[str, float]:
    """Export a project, and say how long it took, how much was written and what it held."""
    project = Project.open(root)
    before = scale.megabytes("VmHWM")
    begun = perf_counter()
    report = export(project)
    seconds = perf_counter() - begun
    return {
        "seconds": seconds,
        "rows": next(iter(report.rows.values())),
        "lines": sum(report.rows.values()),
        "size": sum(path.stat().st_size for path in report.folder.iterdir()) / 1_000_000,
        "before": before,
        "peak": scale.megabytes("VmHWM"),
        "helper": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000,
    }


if __name__ == "__main__":
    print(json.dumps(exported(Path(sys.argv[1]))))
