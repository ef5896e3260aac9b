"""How far the coding of a project is: sentences, states, labels and effort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotator.store.base import Snapshot

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


@dataclass(frozen=True)
class Progress:
    """How far one coder is with one readout.

    `labels` counts the marks that stand, by layer and label; `keys` and `seconds` are the effort on
    the sentences that were decided.
    """

    readout: str
    coder: str
    sentences: int
    done: int
    unsure: int
    skipped: int
    keys: int
    seconds: float
    labels: dict[str, dict[str, int]]

    @property
    def decided(self) -> int:
        """How many sentences have a state that the coder gave."""
        return self.done + self.unsure + self.skipped

    @property
    def keys_per_sentence(self) -> float | None:
        """Keys for each decided sentence, None where there is none."""
        return round(self.keys / self.decided, 2) if self.decided else None

    @property
    def seconds_per_sentence(self) -> float | None:
        """Seconds for each decided sentence, None where there is none."""
        return round(self.seconds / self.decided, 2) if self.decided else None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as `annotator stats --json` prints them."""
        return {
            "readout": self.readout,
            "coder": self.coder,
            "sentences": self.sentences,
            "done": self.done,
            "unsure": self.unsure,
            "skipped": self.skipped,
            "keys": self.keys,
            "seconds": round(self.seconds, 2),
            "keys_per_sentence": self.keys_per_sentence,
            "seconds_per_sentence": self.seconds_per_sentence,
            "labels": self.labels,
        }


def stats(
    project: Project, *, coder: str | None = None, samples: bool = False
) -> Iterator[Progress]:
    """Yield the progress of every coder on every readout they have opened, by readout and coder.

    `coder` limits it to one; `samples` adds the samples that came with the program. Raises
    DamagedFile where a stored file cannot be read.
    """
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
            yield progress(snapshot)


def progress(snapshot: Snapshot) -> Progress:
    """Return how far a journal's coder is."""
    sentences = [sentence for _, sentence in snapshot.coding.sentences()]
    states = Counter(sentence.state for sentence in sentences)
    decided = [sentence for sentence in sentences if sentence.state != "new"]
    given = Counter(
        (mark.layer, mark.label)
        for sentence in sentences
        for mark in sentence.marks
        if not mark.rejected
    )
    return Progress(
        readout=snapshot.header.readout,
        coder=snapshot.header.by,
        sentences=len(sentences),
        done=states["done"],
        unsure=states["unsure"],
        skipped=states["skipped"],
        keys=sum(sentence.keys for sentence in decided),
        seconds=sum(sentence.seconds for sentence in decided),
        labels=by_layer(given),
    )


def by_layer(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return counts of labels as a dictionary for each layer, both sorted."""
    nested: dict[str, dict[str, int]] = {}
    for (layer, label), count in sorted(counts.items()):
        nested.setdefault(layer, {})[label] = count
    return nested


def total(rows: list[Progress]) -> Progress:
    """Return the sum of several; its readout and coder are empty."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for layer, labels in row.labels.items():
            counts.update({(layer, label): count for label, count in labels.items()})
    return Progress(
        readout="",
        coder="",
        sentences=sum(row.sentences for row in rows),
        done=sum(row.done for row in rows),
        unsure=sum(row.unsure for row in rows),
        skipped=sum(row.skipped for row in rows),
        keys=sum(row.keys for row in rows),
        seconds=sum(row.seconds for row in rows),
        labels=by_layer(counts),
    )
