"""What the index keeps of a journal: counts, and where each thing that is looked for stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, get_args

import orjson

from annotator.model.edit import CAST
from annotator.model.progress import AROUND_THE_TEXT, Progress
from annotator.model.text import Role, State
from annotator.pipeline.stats import by_layer

Term = tuple[str, str]
"""What a sentence answers to: a field, such as `label`, and its value."""

FLAGGED: Final[Term] = ("flag", "yes")
NOTED: Final[Term] = ("note", "yes")

NOT_UNDERSTOOD: Final = (ValueError, TypeError, LookupError, AttributeError)
"""What reading fields raises that are not as this version of the program writes them."""

_STATES = frozenset(get_args(State))
_ROLES = frozenset(get_args(Role))


class Spot(NamedTuple):
    """A sentence: `[start, end)` of its readout's text, and the labels that stand on it."""

    start: int
    end: int
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Gist:
    """The counts of a journal, its sentences in reading order, and their places by term."""

    progress: Progress
    labels: Mapping[str, Mapping[str, int]]
    spots: Sequence[Spot]
    terms: Mapping[Term, Sequence[int]]

    def count(self, term: Term) -> int:
        """Return how many sentences answer to a term."""
        return len(self.terms.get(term, ()))


def gist(docs: Mapping[int, Mapping[str, Any]]) -> Gist:
    """Return what the index keeps of a journal's documents.

    Raises one of `NOT_UNDERSTOOD` where they are not as this version of the program writes them.
    """
    order = sorted((doc["start"], key) for key, doc in docs.items() if key != CAST)
    given: Counter[tuple[str, str]] = Counter()
    spots: list[Spot] = []
    terms: dict[Term, list[int]] = {}
    counted: list[Mapping[str, Any]] = []
    for place, (_, key) in enumerate(order):
        doc = docs[key]
        marks = [(mark["layer"], mark["label"]) for mark in doc["marks"] if not mark["rejected"]]
        given.update(marks)
        spots.append(Spot(doc["start"], doc["end"], tuple(label for _, label in marks)))
        for term in _terms(doc, marks):
            terms.setdefault(term, []).append(place)
        if doc["state"] != "new" or doc["role"] not in AROUND_THE_TEXT:
            counted.append(doc)
    _require_plain(docs[key] for _, key in order)
    return Gist(_progress(counted), by_layer(given), spots, terms)


def _terms(doc: Mapping[str, Any], marks: Iterable[tuple[str, str]]) -> set[Term]:
    terms = {("state", doc["state"])}
    for layer, label in marks:
        terms.add(("layer", layer))
        terms.add(("label", label))
    if doc["flagged"]:
        terms.add(FLAGGED)
    if doc["note"] or any(mark["note"] for mark in doc["marks"]):
        terms.add(NOTED)
    return terms


def _progress(docs: Sequence[Mapping[str, Any]]) -> Progress:
    states = Counter(doc["state"] for doc in docs)
    decided = [doc for doc in docs if doc["state"] != "new"]
    seconds = 0.0
    for doc in decided:  # One after the other, as the model adds them: `sum` may round otherwise.
        seconds += doc["seconds"]
    return Progress(
        total=len(docs),
        done=states["done"],
        unsure=states["unsure"],
        skipped=states["skipped"],
        keys=sum(doc["keys"] for doc in decided),
        seconds=seconds,
    )


def _require_plain(docs: Iterable[Mapping[str, Any]]) -> None:
    """Raise ValueError where fields that are counted are not what a sentence's can be."""
    for doc in docs:
        start, end, keys, seconds = doc["start"], doc["end"], doc["keys"], doc["seconds"]
        numbers = type(start) is type(end) is type(keys) is int and type(seconds) in (int, float)
        words = all(
            type(mark["layer"]) is type(mark["label"]) is type(mark["note"]) is str
            and type(mark["rejected"]) is bool
            for mark in doc["marks"]
        )
        if not (
            numbers
            and words
            and 0 <= start < end
            and keys >= 0
            and 0 <= seconds < float("inf")
            and doc["state"] in _STATES
            and doc["role"] in _ROLES
            and type(doc["note"]) is str
            and type(doc["flagged"]) is bool
        ):
            raise ValueError("a sentence of other fields")


def packed_spots(spots: Sequence[Spot]) -> bytes:
    """Return sentences as bytes, each label once."""
    labels = {label: None for spot in spots for label in spot.labels}
    numbers = {label: number for number, label in enumerate(labels)}
    rows = [[start, end, *(numbers[one] for one in given)] for start, end, given in spots]
    return orjson.dumps([list(labels), rows])


def unpacked_spots(packed: bytes, places: Iterable[int]) -> list[Spot]:
    """Return the sentences at some places."""
    labels, rows = orjson.loads(packed)
    found = (rows[place] for place in places)
    return [
        Spot(start, end, tuple(labels[number] for number in numbers))
        for start, end, *numbers in found
    ]


def packed_places(places: Sequence[int]) -> bytes:
    """Return ascending places as bytes, a bit for each place up to the last."""
    bits = bytearray(places[-1] // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def common_places(packed: Sequence[bytes]) -> Iterator[int]:
    """Yield the places that are in all of some packed ones, ascending."""
    bits = -1
    for one in packed:
        bits &= int.from_bytes(one, "little")
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
