"""Who spoke last: in the coder's own order, and in that of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.model.codebook import Layer
from annotator.model.edit import Coding, Edit
from annotator.model.entity import Entity
from annotator.model.mark import EntityValue, Mark
from annotator.model.sentence import Sentence
from annotator.session.chains import parent_id

FAR: Final = 100
"""How many sentences back somebody is still the one who spoke before."""


def carried(layer: Layer, coding: Coding, key: int, issuers: tuple[str, ...] = ()) -> Entity | None:
    """Return who spoke last in the `FAR` sentences before one, None where nobody is named there.

    Of a chain that is whoever the issuers tell of, and not somebody whom that one tells of.
    """
    place = coding.position[key]
    for before in reversed(coding.order[max(0, place - FAR) : place]):
        if not coding.sentence(before).marks:
            continue
        spoke = [
            (entity, mark)
            for mark in coding.sentence(before).of_layer(layer.id)
            if (entity := _speaker(layer, coding, mark)) is not None
        ]
        issued = {mark.id for entity, mark in spoke if entity.id in issuers}
        told = [(e, m) for e, m in spoke if e.id not in issuers]
        outer = [(e, m) for e, m in told if parent_id(layer, m) in (None, *issued)]
        for found in (outer, told, spoke):
            if found:
                return found[-1][0]
    return None


def latest(layer: Layer, coding: Coding, since: Sequence[Edit]) -> Entity | None:
    """Return whom the last attribution anywhere in the readout was made to, None for nobody.

    `since` are the latest acts; where none of them made one that still stands, the times tell that
    the marks carry.
    """
    for edit in reversed(since):
        for mark in reversed(_made(edit, layer) if edit.act == "edit" else []):
            standing = _standing(coding, edit, mark)
            found = _speaker(layer, coding, standing) if standing else None
            if found is not None:
                return found
    marked = [s for s in coding.docs.values() if isinstance(s, Sentence) and s.marks]
    marked.sort(key=lambda sentence: sentence.start)
    every = (mark for sentence in marked for mark in sentence.of_layer(layer.id))
    # Of the marks of one second, the one that stands last in the text counts.
    numbered = ((mark.provenance.at, place, mark) for place, mark in enumerate(every))
    for _, _, mark in sorted(numbered, key=lambda one: one[:2], reverse=True):
        found = _speaker(layer, coding, mark)
        if found is not None:
            return found
    return None


def _speaker(layer: Layer, coding: Coding, mark: Mark) -> Entity | None:
    values = (v for v in mark.values(layer.entry) if isinstance(v, EntityValue))
    return next((e for v in values if (e := coding.cast.get(v.entity)) is not None), None)


def _made(edit: Edit, layer: Layer) -> list[Mark]:
    found: list[Mark] = []
    for change in edit.changes:
        if isinstance(change.after, Sentence):
            before = change.before.marks if isinstance(change.before, Sentence) else ()
            had = {mark.id for mark in before}
            found += [m for m in change.after.of_layer(layer.id) if m.id not in had]
    return found


def _standing(coding: Coding, edit: Edit, mark: Mark) -> Mark | None:
    for change in edit.changes:
        document = coding.docs.get(change.key)
        if isinstance(document, Sentence) and (found := document.mark(mark.id)) is not None:
            return found
    return None
