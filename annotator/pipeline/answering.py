"""Whether a sentence, or a readout, answers to a clause of a query; and how the index is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.model.base import plain_digits
from annotator.model.codebook import Codebook
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.sentence import Sentence
from annotator.model.spelling import folded
from annotator.pipeline.gist import (
    AGAIN,
    DOUBTFUL,
    NONE_STATED,
    NOTED,
    PARTIAL,
    STATED,
    Facts,
    Term,
)
from annotator.pipeline.query import ANY, EMPTY, LAST_DAY, NONE, SLOT, Clause


def answers(sentence: Sentence, clause: Clause, codebook: Codebook) -> bool:
    """Tell whether a sentence and its marks answer to a clause about such."""
    return clause.negative != any(
        _answers(sentence, clause.field, value, codebook) for value in clause.values
    )


def _answers(sentence: Sentence, name: str, value: str, codebook: Codebook) -> bool:
    match name:
        case "state":
            return sentence.state == value
        case "role":
            return sentence.role == value
        case "flag":
            return sentence.flagged
        case "again":
            return sentence.state == "unsure" or sentence.flagged or _doubtful(sentence)
        case "doubtful":
            return _doubtful(sentence)
        case "unasked":
            layers = [layer.id for layer in codebook.layers] if value == ANY else [value]
            return bool(sentence.unasked(layers))
        case "note":
            notes = (sentence.note, *(mark.note for mark in sentence.marks))
            return any(_holds(note, value) for note in notes if note)
        case "rejected":
            return any(mark.rejected and value in (ANY, mark.label) for mark in sentence.marks)
    standing = [mark for mark in sentence.marks if not mark.rejected]
    return any(_marked(mark, name, value, codebook) for mark in standing)


def _doubtful(sentence: Sentence) -> bool:
    return bool(sentence.unplaced) or any(mark.doubtful for mark in sentence.marks)


def _holds(text: str, words: str) -> bool:
    return words == ANY or folded(words) in folded(" ".join(text.split()))


def _marked(mark: Mark, name: str, value: str, codebook: Codebook) -> bool:
    match name:
        case "label":
            return value in (ANY, mark.label)
        case "layer":
            return value in (ANY, mark.layer)
        case "family":
            return mark.label in labels_of(value, codebook)
        case "certainty":
            return mark.certainty == value
        case "entity":
            given = (one for values in mark.slots.values() for one in values)
            return any(isinstance(v, EntityValue) and value in (ANY, v.entity) for v in given)
    return _filled(mark, name.removeprefix(SLOT), value, codebook)


def _filled(mark: Mark, slot: str, value: str, codebook: Codebook) -> bool:
    if value == EMPTY:
        layer = codebook.layer(mark.layer)
        has = layer is not None and any(one.id == slot for one in layer.slots_of(mark.label))
        return has and not mark.slots.get(slot)
    if value == NONE and mark.none_stated(slot):
        return True
    values = mark.values(slot)
    return bool(values) if value == ANY else any(_says(one, value) for one in values)


def _says(given: SlotValue, value: str) -> bool:
    match given:
        case ChoiceValue():
            return given.choice == value
        case LabelValue():
            return given.label == value
        case EntityValue():
            return given.entity == value
        case DateValue():
            wanted = plain_digits(value)
            return any(part.startswith(wanted) for part in given.date.split("/"))
        case TextValue():
            return value != NONE and _holds(given.text, value)
        case SpanValue():
            return value != NONE and _holds(given.span.exact, value)
    return False


def labels_of(family: str, codebook: Codebook) -> frozenset[str]:
    """Return the labels of a family; of any, those that have one."""
    return frozenset(
        label.id
        for layer in codebook.layers
        for label in layer.labels
        if label.family is not None and family in (ANY, label.family)
    )


def terms_of(clause: Clause, codebook: Codebook) -> tuple[tuple[Term, ...], bool]:
    """Return terms of which every sentence that has a clause's values answers to one.

    Beside it stands whether only such sentences do; else the coding itself must be looked at.
    """
    terms: list[Term] = []
    exact = True
    for value in clause.values:
        found, sure = _terms(clause.field, value, codebook)
        terms += found
        exact = exact and sure
    return tuple(dict.fromkeys(terms)), exact


def _terms(name: str, value: str, codebook: Codebook) -> tuple[Iterable[Term], bool]:
    match name:
        case "note":
            return [NOTED], value == ANY
        case "again":
            return [AGAIN], True
        case "unasked":
            return [PARTIAL], False
        case "doubtful":
            return [DOUBTFUL], True
        case "family":
            return [("label", label) for label in labels_of(value, codebook)], True
    if not name.startswith(SLOT):
        return [(name, value)], True
    if value == EMPTY:
        slot = name.removeprefix(SLOT)
        return [("layer", one.id) for one in codebook.layers if one.slot(slot)], False
    if value == ANY:
        return [(name, STATED)], True
    if value == NONE:
        return [(name, NONE_STATED)], True
    named = _is_named(name.removeprefix(SLOT), codebook)
    return ([(name, value)], True) if named else ([(name, STATED)], False)


def _is_named(slot: str, codebook: Codebook) -> bool:
    """Tell whether every value of a slot is a name that the index holds."""
    types = {one.type for layer in codebook.layers for one in layer.slots if one.id == slot}
    return types <= {"choice", "scale", "label", "entity"}


def describes(facts: Facts, clauses: Sequence[Clause]) -> bool:
    """Tell whether a readout answers to clauses about readouts."""
    return all(
        clause.negative != any(_describes(facts, clause.field, value) for value in clause.values)
        for clause in clauses
    )


def _describes(facts: Facts, name: str, value: str) -> bool:
    wanted = folded(value)
    match name:
        case "readout":
            return value == ANY or wanted in folded(facts.words)
        case "event":
            return _is(facts.event, wanted)
        case "side":
            return _is(facts.side, wanted)
        case "kind":
            return facts.kind == value
        case "lang":
            return _is(facts.language, wanted) or facts.language.startswith(f"{wanted}-")
    return _dated(facts.date, value)


def _is(known: str, wanted: str) -> bool:
    return bool(known) if wanted == ANY else folded(known) == wanted


_FIRST = "-01-01"
"""What makes of a year or month a text that sorts with its first day."""


def _dated(known: str, wanted: str) -> bool:
    """Tell whether a date, of which only the year or month may be known, can be within a range."""
    if not known:
        return False
    sign = wanted[: len(wanted) - len(wanted.lstrip("<>="))]
    date = wanted[len(sign) :]
    first, last = known + _FIRST[len(known) - 4 :], _end(known)
    match sign:
        case ">=":
            return last >= date
        case ">":
            return last > _end(date)
        case "<=":
            return first <= _end(date)
        case "<":
            return first < date
    start, between, end = date.partition("..")
    after = last >= start
    return after and (not (end or not between) or first <= _end(end or start))


def _end(date: str) -> str:
    return date + LAST_DAY[len(date) - 4 :]
