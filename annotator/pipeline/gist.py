"""What the index keeps: of a journal, counts and where each thing stands; of a readout, facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, get_args

import orjson

from annotator.model.edit import CAST
from annotator.model.mark import Certainty
from annotator.model.progress import AROUND_THE_TEXT, Progress, exactly
from annotator.model.readout import Metadata
from annotator.model.text import Role, State
from annotator.pipeline.stats import by_layer

Term = tuple[str, str]
"""What a sentence answers to: a field, such as `label`, and its value."""

FLAGGED: Final[Term] = ("flag", "yes")
NOTED: Final[Term] = ("note", "yes")
DOUBTFUL: Final[Term] = ("doubtful", "yes")
AGAIN: Final[Term] = ("again", "yes")
"""What waits for a second pass: it is unsure, flagged, or has a doubtful mark."""

PARTIAL: Final[Term] = ("partial", "yes")
"""What is decided, and of which a layer may be that nobody is known to have looked at."""

STATED: Final = ""
"""The value of a slot's field that says: the mark gives some value, whichever."""
NONE_STATED: Final = "none"
_NAMED: Final = frozenset({"choice", "label", "entity"})
"""Kinds of values that are names, of which there are not many."""

NOT_UNDERSTOOD: Final = (ValueError, TypeError, LookupError, AttributeError)
"""What reading fields raises that are not as this version of the program writes them."""

_STATES = frozenset(get_args(State))
_ROLES = frozenset(get_args(Role))
_CERTAINTIES = frozenset(get_args(Certainty))


class Spot(NamedTuple):
    """A sentence: `[start, end)` of its readout's text, and the labels that stand on it."""

    start: int
    end: int
    labels: tuple[str, ...]


class Facts(NamedTuple):
    """What is asked about a readout, casefolded; `words` are its title and its id.

    `date` is that of its event or, where that is not known, of its publication.
    """

    readout: str
    words: str
    language: str
    side: str
    event: str
    kind: str
    date: str

    @classmethod
    def of(cls, readout: str, metadata: Metadata) -> Facts:
        """Take them from what is known about a readout."""
        return cls(
            readout,
            f"{metadata.title or ''}\n{readout}".casefold(),
            (metadata.language or "").casefold(),
            (metadata.issuing_side or "").casefold(),
            (metadata.event.id or "").casefold(),
            metadata.doc_kind or "",
            metadata.event.date or metadata.publication_date or "",
        )


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
    terms = {("state", doc["state"]), ("role", doc["role"])}
    for layer, label in marks:
        terms.add(("layer", layer))
        terms.add(("label", label))
    for mark in doc["marks"]:
        if mark["rejected"]:
            terms.add(("rejected", mark["label"]))
        else:
            terms.add(("certainty", mark["certainty"]))
            terms.update(_of_slots(mark["slots"]))
    if doc["flagged"]:
        terms.add(FLAGGED)
    if doc["note"] or any(mark["note"] for mark in doc["marks"]):
        terms.add(NOTED)
    if doc.get("unplaced") or any(mark["doubtful"] for mark in doc["marks"]):
        terms.add(DOUBTFUL)
    if doc["state"] == "unsure" or FLAGGED in terms or DOUBTFUL in terms:
        terms.add(AGAIN)
    if (doc.get("asked") is not None or doc.get("not_asked")) and doc["state"] != "new":
        terms.add(PARTIAL)
    return terms


def _of_slots(slots: Mapping[str, Iterable[Mapping[str, Any]]]) -> Iterator[Term]:
    for name, values in slots.items():
        for value in values:
            kind = value["type"]
            yield f"slot.{name}", NONE_STATED if kind == "none" else STATED
            if kind in _NAMED:
                named = value[kind]
                if type(named) is not str:
                    raise ValueError("a slot that holds no name")
                yield f"slot.{name}", named
                if kind == "entity":
                    yield "entity", named


def _progress(docs: Sequence[Mapping[str, Any]]) -> Progress:
    states = Counter(doc["state"] for doc in docs)
    decided = [doc for doc in docs if doc["state"] != "new"]
    seconds = 0.0
    for doc in decided:  # One after the other, as the model adds them: `sum` may round otherwise.
        seconds = exactly(seconds + doc["seconds"])
    return Progress(
        total=len(docs),
        done=states["done"],
        unsure=states["unsure"],
        skipped=states["skipped"],
        keys=sum(doc["keys"] for doc in decided),
        seconds=seconds,
        keyed=sum(doc["keys"] > 0 for doc in decided),
    )


def _require_plain(docs: Iterable[Mapping[str, Any]]) -> None:
    """Raise ValueError where fields that are counted are not what a sentence's can be."""
    for doc in docs:
        start, end, keys, seconds = doc["start"], doc["end"], doc["keys"], doc["seconds"]
        numbers = type(start) is type(end) is type(keys) is int and type(seconds) in (int, float)
        words = all(
            type(mark["layer"]) is type(mark["label"]) is type(mark["note"]) is str
            and type(mark["rejected"]) is type(mark["doubtful"]) is bool
            and mark["certainty"] in _CERTAINTIES
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


ALL: Final = -1
"""The bits that stand for every place there is."""


def unpacked_spots(packed: bytes, bits: int) -> list[Spot]:
    """Return the sentences at the places whose bits are set."""
    labels, rows = orjson.loads(packed)
    found = (rows[place] for place in _set(bits & ((1 << len(rows)) - 1)))
    return [
        Spot(start, end, tuple(labels[number] for number in numbers))
        for start, end, *numbers in found
    ]


def _set(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def packed_places(places: Sequence[int]) -> bytes:
    """Return ascending places as bytes, a bit for each place up to the last."""
    bits = bytearray(places[-1] // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)
