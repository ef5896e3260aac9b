"""What a codebook must not say: two things under one name or key, names of what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from annotator.model.codebook import Codebook, Layer, Slot
from annotator.model.questions import Answer, deepest_first, reached

Path = tuple[str | int, ...]


class Inconsistent(ValueError):  # noqa: N818 - reads as what it says
    """A codebook contradicts itself.

    `path` leads to the key that is wrong, `wrong` is what it says, `known` what it could say.
    """

    def __init__(
        self, sentence: str, path: Path, wrong: str | None = None, known: Iterable[str] = ()
    ) -> None:
        super().__init__(sentence)
        self.path = path
        self.wrong = wrong
        self.known = tuple(known)


RESERVED: Final = frozenset("/?")
"""Keys that every panel needs itself: to filter, and to explain."""


def _repeated(values: Iterable[tuple[str | None, Path]]) -> tuple[str, Path] | None:
    """Return the first value that stands twice, and where it stands again."""
    seen: set[str] = set()
    for value, path in values:
        if value is None:
            continue
        if value in seen:
            return value, path
        seen.add(value)
    return None


def inconsistencies(book: Codebook) -> Iterator[Inconsistent]:
    """Yield what is wrong with a codebook whose parts are each sound."""
    layers = [(layer, ("layers", place)) for place, layer in enumerate(book.layers)]
    if again := _repeated((layer.id, (*path, "id")) for layer, path in layers):
        yield Inconsistent(f"two layers have the id “{again[0]}”", again[1])
    if again := _repeated(_panel_keys(book)):
        yield Inconsistent(f"two panels have the key “{again[0]}”", again[1])
    for layer, path in layers:
        yield from _layer_inconsistencies(book, layer, path)
    for panel in book.panels:
        if len(panel.keys) < len(panel.labels):
            place = next(i for i, layer in enumerate(book.layers) if layer.id == panel.layer)
            yield Inconsistent(
                f"the panel “{panel.name}” has {len(panel.labels)} labels, and keys for"
                f" {len(panel.keys)}: give a family a “key”, and it has a panel of its own, or give"
                " labels signs of ASCII as their “key”",
                ("layers", place),
            )


def _panel_keys(book: Codebook) -> Iterator[tuple[str | None, Path]]:
    for place, layer in enumerate(book.layers):
        yield layer.key, ("layers", place, "key")
        for number, family in enumerate(layer.families):
            yield family.key, ("layers", place, "families", number, "key")


def _layer_inconsistencies(book: Codebook, layer: Layer, path: Path) -> Iterator[Inconsistent]:
    where = f"in layer “{layer.id}”"
    ids_of = {
        "labels": [x.id for x in layer.labels],
        "slots": [x.id for x in layer.slots],
        "questions": [x.id for x in layer.questions],
    }
    for name, named in ids_of.items():
        ids = ((part, (*path, name, i, "id")) for i, part in enumerate(named))
        if again := _repeated(ids):
            yield Inconsistent(f"{where} two {name} have the id “{again[0]}”", again[1])
    if again := _repeated((s.key, (*path, "slots", i, "key")) for i, s in enumerate(layer.slots)):
        yield Inconsistent(f"{where} two slots have the key “{again[0]}”", again[1])
    yield from _label_inconsistencies(layer, where, path)
    yield from _former_inconsistencies(layer, where, path)
    if layer.entry != "label":
        slot = layer.slot(layer.entry)
        if slot is None or slot.type != "entity":
            known = ["label", *(s.id for s in layer.slots if s.type == "entity")]
            yield Inconsistent(
                f"{where} entry “{layer.entry}” is neither “label” nor an entity slot",
                (*path, "entry"),
                layer.entry,
                known,
            )
    for place, slot in enumerate(layer.slots):
        yield from _slot_inconsistencies(book, layer, slot, (*path, "slots", place))
    yield from _question_inconsistencies(layer, where, path)


def _label_inconsistencies(layer: Layer, where: str, path: Path) -> Iterator[Inconsistent]:
    own = {family.id: family.name for family in layer.families if family.key is not None}
    families = [family.id for family in layer.families]
    keys: dict[str, list[tuple[str | None, Path]]] = {}
    for place, label in enumerate(layer.labels):
        at = (*path, "labels", place)
        if label.family is not None and label.family not in families:
            yield Inconsistent(
                f"{where} label “{label.id}” names a family “{label.family}” that is not there",
                (*at, "family"),
                label.family,
                families,
            )
        if label.key in RESERVED:
            yield Inconsistent(
                f"{where} label “{label.id}” has the key “{label.key}”, which every panel needs"
                " itself",
                (*at, "key"),
            )
        if label.retired is None:
            panel = own.get(label.family or "", layer.name)
            keys.setdefault(panel, []).append((label.key, (*at, "key")))
    for panel, given in keys.items():
        if again := _repeated(given):
            owners = [layer.labels[int(path[-2])].id for key, path in given if key == again[0]]
            yield Inconsistent(
                f"two labels of the panel “{panel}” have the key “{again[0]}”:"
                f" {owners[0]} and {owners[1]}",
                again[1],
            )


def _former_inconsistencies(layer: Layer, where: str, path: Path) -> Iterator[Inconsistent]:
    """Yield former ids that another label has or had, and labels that went where nothing is."""
    ids = {label.id for label in layer.labels}
    owner: dict[str, str] = {}
    for place, label in enumerate(layer.labels):
        at = (*path, "labels", place)
        for number, old in enumerate(label.was):
            if old in ids or old in owner:
                yield Inconsistent(
                    f"{where} label “{label.id}” was “{old}”, which is another one's id",
                    (*at, "was", number),
                )
            owner[old] = label.id
        for number, new in enumerate(label.into):
            if new not in ids or label.retired is None:
                yield Inconsistent(
                    f"{where} label “{label.id}” went into “{new}”, "
                    + ("but is not retired" if new in ids else "which is not there"),
                    (*at, "into", number),
                )
        if not label.into or label.retired is None:
            continue
        end = layer.label(layer.current(label.id))
        if end is not None and len(end.into) == 1:
            yield Inconsistent(f"{where} label “{label.id}” went into itself", (*at, "into"))


def _slot_inconsistencies(
    book: Codebook, layer: Layer, slot: Slot, path: Path
) -> Iterator[Inconsistent]:
    place = f"in layer “{layer.id}” slot “{slot.id}”"
    if slot.type in ("choice", "scale") and not slot.choices:
        yield Inconsistent(f"{place} has no choices", path)
    choices = [(choice, (*path, "choices", i)) for i, choice in enumerate(slot.choices)]
    if again := _repeated((choice.id, (*at, "id")) for choice, at in choices):
        yield Inconsistent(f"{place} has two choices “{again[0]}”", again[1])
    if again := _repeated((choice.key, (*at, "key")) for choice, at in choices):
        yield Inconsistent(f"{place} has two choices with the key “{again[0]}”", again[1])
    layers = [other.id for other in book.layers]
    if slot.type in ("ref", "label") and slot.layer not in layers:
        yield Inconsistent(
            f"{place} points to a layer “{slot.layer}” that is not there",
            (*path, "layer"),
            slot.layer,
            layers,
        )
    if slot.default is not None and slot.choice(slot.default) is None:
        yield Inconsistent(
            f"{place} has a default “{slot.default}” that is no choice of it",
            (*path, "default"),
            slot.default,
            (choice.id for choice in slot.choices),
        )
    families = [family.id for family in layer.families]
    for family in slot.families:
        if family not in families:
            yield Inconsistent(
                f"{place} names a family “{family}” that is not there",
                (*path, "families"),
                family,
                families,
            )


def _question_inconsistencies(layer: Layer, where: str, path: Path) -> Iterator[Inconsistent]:
    for place, question in enumerate(layer.questions):
        at = (*path, "questions", place)
        asked = f"{where} question “{question.id}”"
        answers = [(answer, (*at, "answers", i)) for i, answer in enumerate(question.answers)]
        if again := _repeated((answer.key, (*on, "key")) for answer, on in answers):
            yield Inconsistent(f"{asked} has two answers with the key “{again[0]}”", again[1])
        for answer, on in answers:
            yield from _answer_inconsistencies(layer, answer, asked, on)
    yield from _lost_questions(layer, where, (*path, "questions"))


def _answer_inconsistencies(
    layer: Layer, answer: Answer, asked: str, path: Path
) -> Iterator[Inconsistent]:
    said = f"{asked}, answer “{answer.key}”,"
    if answer.key in RESERVED:
        yield Inconsistent(f"{said} has a key that every panel needs itself", (*path, "key"))
    if answer.question is not None and answer.label is not None:
        yield Inconsistent(f"{said} leads both to a question and to a label", (*path, "question"))
    if answer.question is not None and layer.question(answer.question) is None:
        yield Inconsistent(
            f"{said} leads to a question “{answer.question}” that is not there",
            (*path, "question"),
            answer.question,
            (question.id for question in layer.questions),
        )
    if answer.label is not None and layer.label(answer.label) is None:
        yield Inconsistent(
            f"{said} leads to a label “{answer.label}” that is not there",
            (*path, "label"),
            answer.label,
            (label.id for label in layer.labels),
        )
    slots = {slot.id: slot for slot in layer.slots_of(answer.label or "")} if answer.label else {}
    for name, choice in answer.slots.items():
        slot = slots.get(name)
        if slot is None:
            yield Inconsistent(
                f"{said} fills a slot “{name}” that its label does not have",
                (*path, "slots", name),
                name,
                slots,
            )
        elif slot.choice(choice) is None:
            yield Inconsistent(
                f"{said} fills the slot “{name}” with “{choice}”, which is no choice of it",
                (*path, "slots", name),
                choice,
                (known.id for known in slot.choices),
            )


def _lost_questions(layer: Layer, where: str, path: Path) -> Iterator[Inconsistent]:
    """Find questions that nothing leads to, and such as lead round in a circle."""
    asked = reached(layer.questions)
    ending = {question.id for question in deepest_first(layer.questions)}
    for place, question in enumerate(layer.questions):
        if question.id not in asked:
            yield Inconsistent(
                f"{where} nothing leads to the question “{question.id}”", (*path, place, "id")
            )
        elif question.id not in ending:
            yield Inconsistent(
                f"{where} the question “{question.id}” leads round in a circle and to no end",
                (*path, place, "id"),
            )
