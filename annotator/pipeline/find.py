"""Finding sentences in the whole project: by words, label, state, flag or note."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, get_args

from annotator import files
from annotator.errors import AnnotatorError, InputError
from annotator.formats.registry import TEXT_ENDINGS
from annotator.model.codebook import Codebook
from annotator.model.sentence import Sentence
from annotator.model.text import State
from annotator.pipeline.gist import NOTED, Spot
from annotator.pipeline.project import Project

if TYPE_CHECKING:
    from annotator.pipeline.index import Index

FIELDS: Final = ("label", "layer", "state", "flag", "note")
_TERM = re.compile(r"(\w+):(\S+)")
CONTEXT: Final = 60
"""Code points shown on either side of what was found."""
FEW: Final = 500
"""How many changed journals are waited for; of more, each place is found as its file is read."""


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
            require_known(name, value, codebook)
    phrase = _TERM.sub(lambda m: "" if m.group(1) in FIELDS else m.group(), typed)
    return Query(" ".join(phrase.split()), tuple(terms))


def require_known(name: str, value: str, codebook: Codebook) -> None:
    """Raise InputError where a field of sentences cannot have a value."""
    known: dict[str, Sequence[str]] = {
        "state": get_args(State),
        "layer": [layer.id for layer in codebook.layers],
        "label": [label.id for layer in codebook.layers for label in layer.labels],
        "flag": ["yes"],
    }
    require_one_of(known.get(name), name, value)


def require_one_of(known: Sequence[str] | None, name: str, value: str) -> None:
    """Raise InputError where a field has none of its values; None says that it takes any."""
    if known is not None and value not in known:
        near = get_close_matches(value, known, 1, 0.4)
        remedy = f"Did you mean {name}:{near[0]}?" if near else f"There is {', '.join(known)}."
        raise InputError(f"There is no {name} “{files.printable(value)}”.", remedy)


def find(project: Project, coder: str, query: Query, index: Index | None = None) -> Iterator[Found]:
    """Yield what answers a query, readout by readout.

    What cannot be read is passed over, and so is the coding of another text than a readout has now.
    With `index`, no journals are read but those that changed, or hold a note to be searched.
    """
    if not query.phrase and not query.terms:
        return
    pattern = _pattern(query.phrase)
    for readout_id, text, spots in _candidates(project, coder, query, index):
        for spot in spots:
            if pattern is None:
                yield _found(readout_id, text, spot.start, spot.end, spot.labels)
                continue
            for match in pattern.finditer(text, spot.start, spot.end):
                yield _found(readout_id, text, match.start(), match.end(), spot.labels)


def _candidates(
    project: Project, coder: str, query: Query, index: Index | None
) -> Iterator[tuple[str, str, Sequence[Spot]]]:
    """Yield readouts with their texts, and where in them a query's phrase is to be looked for."""
    if not query.needs_coding:
        for readout_id in project.readout_ids():
            if (text := _text(project, readout_id, index)) is not None:
                yield readout_id, text, [Spot(0, len(text), ())]
    elif index is not None and index.refresh(coder=coder, metadata=False, most=FEW).complete:
        yield from _indexed(project, coder, query, index)
    else:
        coded = set(project.store().coded(coder))
        for readout_id in project.readout_ids():
            if readout_id in coded and (text := _text(project, readout_id, index)) is not None:
                yield readout_id, text, _answering(project, coder, readout_id, text, query)


def _indexed(
    project: Project, coder: str, query: Query, index: Index
) -> Iterator[tuple[str, str, Sequence[Spot]]]:
    noted = any(name == "note" for name, _ in query.terms)
    terms = [NOTED if name == "note" else (name, value) for name, value in query.terms]
    for hits in index.places(coder, terms):
        text = _text(project, hits.readout, index)
        if text is None:
            continue
        if noted:  # The index knows that there is a note, and not what it says.
            yield hits.readout, text, _answering(project, coder, hits.readout, text, query)
        elif hits.text == files.sha256(text.encode()):
            yield hits.readout, text, hits.spots


def _text(project: Project, readout_id: str, index: Index | None) -> str | None:
    """Return the text of a readout, None where it cannot be read."""
    known = index.metadata(readout_id) if index else None
    try:
        if known is None:
            return project.readout(readout_id).text
        return _decoded(project, readout_id, known.encoding)
    except AnnotatorError:
        return None


def _decoded(project: Project, readout_id: str, encoding: str | None) -> str:
    """Return the text of a readout whose metadata need not be read for it."""
    paths = (project.paths.seeds / f"{readout_id}{ending}" for ending in TEXT_ENDINGS)
    found = [path for path in paths if os.path.lexists(path)]
    if len(found) != 1:
        return project.readout(readout_id).text
    raw = files.read_bytes(found[0])
    return files.decode(raw, encoding=encoding, name=project.paths.shown(found[0])).text


def _answering(
    project: Project, coder: str, readout_id: str, text: str, query: Query
) -> list[Spot]:
    """Return the sentences of a journal that answer to all terms of a query."""
    try:
        snapshot = project.store().read(coder, readout_id)
    except AnnotatorError:
        return []
    if snapshot is None or snapshot.header.text != files.sha256(text.encode()):
        return []
    return [
        Spot(sentence.start, sentence.end, _labels(sentence))
        for _, sentence in snapshot.coding.sentences()
        if all(_answers(sentence, *term) for term in query.terms)
    ]


def _labels(sentence: Sentence) -> tuple[str, ...]:
    return tuple(mark.label for mark in sentence.marks if not mark.rejected)


def _pattern(phrase: str) -> re.Pattern[str] | None:
    if not phrase:
        return None
    words = (re.escape(word) for word in phrase.split())
    return re.compile(r"\s+".join(words), re.IGNORECASE)


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
