"""What the labels of a dataset mean, and the number that each has in training forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from annotator.formats.jsonl_out import shown
from annotator.model.codebook import Codebook, Layer

LABELS: Final = "labels.json"


def labels(book: Codebook, layers: Iterable[Layer]) -> bytes:
    """Return the layers of the codebook as JSON; each label has its `index`."""
    about = book.model_dump(mode="json", exclude={"layers"})
    described = [_described(book, layer) for layer in layers]
    return f"{shown({**about, 'layers': described}, indent=True)}\n".encode()


def _described(book: Codebook, layer: Layer) -> dict[str, Any]:
    made: dict[str, Any] = layer.model_dump(mode="json")
    numbers = indices(book, layer)
    made["labels"] = [{"index": numbers[label["id"]], **label} for label in made["labels"]]
    return made


def indices(book: Codebook, layer: Layer) -> dict[str, int]:
    """Return the number of each label of a layer, from 0; in the order of the numbers.

    A later version of the codebook leaves them as they are: labels that were added since come last,
    and those that are retired keep theirs.
    """
    added = {label: place for place, label in enumerate(_added(book, layer.id))}

    def arrived(names: Iterable[str]) -> int:
        return max((added.get(name, -1) for name in names), default=-1)

    order = sorted(layer.labels, key=lambda label: arrived((label.id, *label.was)))
    return {label.id: number for number, label in enumerate(order)}


def _added(book: Codebook, layer: str) -> Iterator[str]:
    """Yield the ids of labels that changes of the codebook added, the first one first."""
    for change in book.changes:
        if change.layer == layer and change.kind == "add":
            yield change.label
        elif change.layer == layer and change.kind == "split":
            yield from change.into
