"""Finding sentences in the whole project: by words, label, state, flag or note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, get_args

from annotator.errors import AnnotatorError, InputError
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding
from annotator.model.sentence import Sentence
from annotator.model.text import State
from annotator.pipeline.project import Project

FIELDS: Final = ("label", "layer", "state", "flag", "note")
_TERM = re.compile(r"(\w+):(\S+)")
CONTEXT: Final = 60
"""Code points shown on either side of what was found."""


@dataclass(frozen=True)
class Query:
    """What is looked for: a phrase, and what must be true of its sentence."""

    phrase: str = ""
    terms: tuple[tuple[str, str], ...] = ()

    @property
    def needs_coding(self) -> bool:
        """Tell whether only coded sentences can answer."""
        return bool(self.terms)


@dataclass(frozen=True)
class Found:
    """A place that answers: `[start, end)` of the readout's text, with the text around it."""

    readout: str
    start: int
    end: int
    before: str
    exact: str
    after: str
    labels: tuple[str, ...] = field(default=())


def parse(typed: str, codebook: Codebook) -> Query:
    """Read a line such as `trade state:unsure label:sec.terror`.

    Raises InputError for a field or value that cannot be.
    """
    terms = []
    for name, value in _TERM.findall(typed):
        if name in FIELDS:
            terms.append((name, value))
            _require(name, value, codebook)
    phrase = _TERM.sub(lambda m: "" if m.group(1) in FIELDS else m.group(), typed)
    return Query(" ".join(phrase.split()), tuple(terms))


def _require(name: str, value: str, codebook: Codebook) -> None:
    known = {
        "state": get_args(State),
        "layer": [layer.id for layer in codebook.layers],
        "label": [label.id for layer in codebook.layers for label in layer.labels],
        "flag": ["yes"],
    }.get(name)
    if known is not None and value not in known:
        near = get_close_matches(value, known, 1, 0.4)
        remedy = f"Did you mean {name}:{near[0]}?" if near else f"There is {', '.join(known)}."
        raise InputError(f"There is no {name} “{value}”.", remedy)


def find(project: Project, coder: str, query: Query) -> Iterator[Found]:
    """Yield what answers a query, readout by readout; what cannot be read is passed over."""
    if not query.phrase and not query.terms:
        return
    store = project.store()
    coded = set(store.coded(coder)) if query.needs_coding else set()
    pattern = _pattern(query.phrase)
    for readout_id in project.readout_ids():
        if query.needs_coding and readout_id not in coded:
            continue
        try:
            text = project.readout(readout_id).text
            snapshot = store.read(coder, readout_id) if query.needs_coding else None
        except AnnotatorError:
            continue
        if snapshot is not None:
            yield from _in_coding(readout_id, text, snapshot.coding, query, pattern)
        elif pattern is not None:
            for match in pattern.finditer(text):
                yield _found(readout_id, text, match.start(), match.end())


def _pattern(phrase: str) -> re.Pattern[str] | None:
    if not phrase:
        return None
    words = (re.escape(word) for word in phrase.split())
    return re.compile(r"\s+".join(words), re.IGNORECASE)


def _in_coding(
    readout: str, text: str, coding: Coding, query: Query, pattern: re.Pattern[str] | None
) -> Iterator[Found]:
    for _, sentence in coding.sentences():
        if not all(_answers(sentence, *term) for term in query.terms):
            continue
        labels = tuple(mark.label for mark in sentence.marks if not mark.rejected)
        if pattern is None:
            yield _found(readout, text, sentence.start, sentence.end, labels)
        else:
            for match in pattern.finditer(text, sentence.start, sentence.end):
                yield _found(readout, text, match.start(), match.end(), labels)


def _answers(sentence: Sentence, name: str, value: str) -> bool:
    match name:
        case "state":
            return sentence.state == value
        case "flag":
            return sentence.flagged
        case "note":
            notes = (sentence.note, *(mark.note for mark in sentence.marks))
            return any(value.casefold() in note.casefold() for note in notes)
        case _:
            standing = [mark for mark in sentence.marks if not mark.rejected]
            return any(value == (m.label if name == "label" else m.layer) for m in standing)


def _found(readout: str, text: str, start: int, end: int, labels: tuple[str, ...] = ()) -> Found:
    return Found(
        readout,
        start,
        end,
        text[max(0, start - CONTEXT) : start],
        text[start:end],
        text[end : end + CONTEXT],
        labels,
    )
