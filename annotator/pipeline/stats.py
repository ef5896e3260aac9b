"""How far the coding of a project is: sentences, states, labels and effort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from annotator.model.progress import Progress
from annotator.store.base import Snapshot

if TYPE_CHECKING:
    from annotator.pipeline.index import Index
    from annotator.pipeline.project import Project
    from annotator.pipeline.refresh import Advance


@dataclass(frozen=True)
class Tally:
    """How far one coder is with one readout; `labels` counts standing marks by layer and label."""

    readout: str
    coder: str
    progress: Progress
    labels: dict[str, dict[str, int]]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as `annotator stats --json` prints them."""
        progress = self.progress
        return {
            "readout": self.readout,
            "coder": self.coder,
            "sentences": progress.total,
            "done": progress.done,
            "unsure": progress.unsure,
            "skipped": progress.skipped,
            "keys": progress.keys,
            "seconds": round(progress.seconds, 2),
            "keyed": progress.keyed,
            "keys_per_sentence": _rounded(progress.keys_per_sentence),
            "seconds_per_sentence": _rounded(progress.seconds_per_sentence),
            "labels": self.labels,
        }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 2)


def stats(
    project: Project,
    *,
    coder: str | None = None,
    samples: bool = False,
    index: Index | None = None,
    progress: Advance | None = None,
) -> Iterator[Tally]:
    """Yield the progress of every coder on every readout they have opened, by readout and coder.

    `coder` limits it to one; `samples` adds the samples that came with the program. With `index`,
    only journals that changed are read, and `progress` is told of them. Raises DamagedFile where a
    stored file cannot be read.
    """
    if index is not None:
        fresh = index.refresh(coder=coder, metadata=False, progress=progress)
        if fresh.complete:
            yield from index.tallies(coder=coder, samples=samples)
            return
    stores = [project.store(), *([project.samples()] if samples else [])]
    work = sorted(
        (readout, name, place)
        for place, store in enumerate(stores)
        for name in store.coders()
        if coder in (None, name)
        for readout in store.coded(name)
    )
    for readout, name, place in work:
        snapshot = stores[place].read(name, readout)
        if snapshot is not None:
            yield tally(snapshot)


def tally(snapshot: Snapshot) -> Tally:
    """Return how far a journal's coder is."""
    given = Counter(
        (mark.layer, mark.label)
        for _, sentence in snapshot.coding.sentences()
        for mark in sentence.marks
        if not mark.rejected
    )
    header = snapshot.header
    return Tally(header.readout, header.by, Progress.of(snapshot.coding), by_layer(given))


def by_layer(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return counts of labels as a dictionary for each layer, both sorted."""
    nested: dict[str, dict[str, int]] = {}
    for (layer, label), count in sorted(counts.items()):
        nested.setdefault(layer, {})[label] = count
    return nested


def total(rows: Sequence[Tally]) -> Tally:
    """Return the sum of several; its readout and coder are empty."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for layer, labels in row.labels.items():
            for label, count in labels.items():
                counts[layer, label] += count
    progress = reduce(Progress.plus, (row.progress for row in rows), Progress())
    return Tally("", "", progress, by_layer(counts))
