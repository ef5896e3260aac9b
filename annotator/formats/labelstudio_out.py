"""A dataset for Label Studio: tasks with their annotations, and the labelling configuration.

A task is a sentence, an annotation what one coder says of it. In Label Studio choices belong to a
task, and so do agreement, filters and reviews; with a readout to a task, each choice would need a
region over its sentence. Sentences around it are shown beside it. Offsets are code points of the
sentence, as its page counts them. The form is that of the JSON which labelstud.io documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final
from xml.etree import ElementTree

from annotator.files import printable
from annotator.formats.carried import KEY, packed
from annotator.formats.companions import Companions
from annotator.formats.jsonl_out import json_line
from annotator.formats.labelled import links, once, unshown, words
from annotator.formats.output import About, Batch, Output, Written
from annotator.formats.work import TOPICS
from annotator.model.codebook import Layer
from annotator.model.record import SentenceRow

TASKS: Final = "tasks.json"
CONFIG: Final = "config.xml"
TEXT: Final = "text"

# Ids of the codebook have no hyphen, so that these are nobody's names.
REJECTED: Final = "--rejected"
WORDS: Final = "--words"
_CHOICES: Final = "--choices"
_TAKEN: Final = frozenset((TEXT,))
"""The names in a configuration that are no control's: no two of them may be the same."""


def writer(output: Output, about: About) -> LabelStudio:
    """Return what writes a dataset as tasks of Label Studio."""
    return LabelStudio(output, about)


class LabelStudio:
    """Writes a task for each sentence, with an annotation for each coder who cut it so."""

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._layers = {layer.id: layer for layer in about.layers}
        self._companions = Companions(output)
        self._tasks = 0

    def add(self, batch: Batch) -> None:
        """Write the tasks of a readout."""
        self._companions.add(batch)
        rows = sorted((one.sentence for one in batch.sentences), key=_order)
        written: list[bytes] = []
        for _, same in groupby(rows, lambda row: (row.start, row.end)):
            written.append(b",\n" if self._tasks else b"[\n")
            written.append(json_line(self._task(list(same)))[:-1])
            self._tasks += 1
        self._output.write(TASKS, b"".join(written))
        for row in rows:
            for what, mark in unshown(row):
                self._output.lost(what, mark)

    def finish(self) -> Sequence[Written]:
        """Close the array, and write the configuration."""
        self._output.write(TASKS, b"\n]\n" if self._tasks else b"[]\n")
        self._output.write(CONFIG, configuration(tuple(self._layers.values())))
        return [Written(TASKS, self._tasks, "sentence"), *self._companions.finish()]

    def _task(self, rows: Sequence[SentenceRow]) -> dict[str, Any]:
        first = rows[0]
        return {
            "data": {
                TEXT: first.text,
                "before": first.before,
                "after": first.after,
                "readout": first.readout,
                "title": first.title,
            },
            "meta": {KEY: [packed(row) for row in rows]},
            "annotations": [
                # Label Studio keeps this id as “import_id”, and tells by it which row is meant. It
                # refuses whom it does not know as “completed_by”, so the coder stands in the row.
                {
                    "id": number,
                    "result": list(self._result(row, number)),
                    "was_cancelled": row.state == "skipped",
                    "ground_truth": False,
                    "lead_time": row.seconds,
                }
                for number, row in enumerate(rows, start=1)
            ],
        }

    def _result(self, row: SentenceRow, number: int) -> Iterator[dict[str, Any]]:
        chosen: dict[str, list[str]] = {}
        for mark in row.marks:
            control = choices_of(self._layers[mark.layer], mark.label, rejected=mark.rejected)
            if mark.label not in chosen.setdefault(control, []):
                chosen[control].append(mark.label)
        regions = 0
        for control, labels in chosen.items():
            regions += 1
            value: dict[str, Any] = {"choices": labels}
            yield _region(f"{number}-{regions}", control, "choices", value)
        ids: dict[tuple[int, int, str], str] = {}
        for one in once(words(row)):
            regions += 1
            region = ids[one.place] = f"{number}-{regions}"
            value = {
                "start": one.start,
                "end": one.end,
                "text": row.text[one.start : one.end],
                "labels": [one.name],
            }
            yield _region(region, f"{one.layer}{WORDS}", "labels", value)
        for link in links(row, self._layers.values()):
            yield {
                "type": "relation",
                "from_id": ids[link.head.place],
                "to_id": ids[link.child.place],
                "direction": "right",
                "labels": [link.label],
            }


def _order(row: SentenceRow) -> tuple[int, int, str]:
    return row.start, row.end, row.coder


def _region(region: str, control: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": region, "from_name": control, "to_name": TEXT, "type": kind, "value": value}


def choices_of(layer: Layer, label: str, *, rejected: bool) -> str:
    """Return the name of the control that a label is chosen in: near misses have their own."""
    if rejected:
        return f"{layer.id}{REJECTED}"
    family = layer.family(label)
    return f"{layer.id}-{family.id}" if family and family.negative else _control(layer)


def _control(layer: Layer) -> str:
    """Return the name of the control that is called like a layer, where it may be."""
    return f"{layer.id}{_CHOICES}" if layer.id in _TAKEN else layer.id


def layer_of(control: str) -> tuple[str, bool]:
    """Return the layer of such a control, and whether its labels are rejected."""
    return control.partition("-")[0], control.endswith(REJECTED)


def field_of(control: str) -> str:
    """Return a control as it would be called if no other name were like it."""
    own = control.removesuffix(_CHOICES)
    return own if own in _TAKEN else control


def configuration(layers: Sequence[Layer]) -> bytes:
    """Return the labelling configuration: what is chosen, marked and related in a sentence."""
    view = ElementTree.Element("View")
    _add(view, "Header", value="$before", size="6")
    _add(view, "Text", name=TEXT, value=f"${TEXT}", valueType="text")
    _add(view, "Header", value="$after", size="6")
    for layer in layers:
        controls: dict[str, list[tuple[str, str]]] = {}
        for label in layer.labels:
            chosen = label.id, printable(label.name)
            controls.setdefault(choices_of(layer, label.id, rejected=False), []).append(chosen)
        controls[choices_of(layer, layer.labels[0].id, rejected=True)] = [
            (label.id, printable(label.name)) for label in layer.labels
        ]
        for control, choices in controls.items():
            _add(view, "Header", value=_heading(layer, control), size="5")
            several = "multiple" if layer.multiple or control != _control(layer) else "single"
            layout = "select" if control.endswith(REJECTED) else "vertical"
            box = _add(view, "Choices", name=control, toName=TEXT, choice=several, layout=layout)
            for value, hint in choices:
                _add(box, "Choice", value=value, hint=hint)
        _words(view, layer)
    relations = _add(view, "Relations")
    linked = ("span", "entity", "ref")
    for slot in dict.fromkeys(
        slot.id for layer in layers if layer.id != TOPICS for slot in layer.slots
        if slot.type in linked
    ):  # fmt: skip
        _add(relations, "Relation", value=slot)
    ElementTree.indent(view)
    return f"{ElementTree.tostring(view, encoding='unicode')}\n".encode()


def _words(view: ElementTree.Element, layer: Layer) -> None:
    slots = [slot.id for slot in layer.slots if slot.type in ("span", "entity")]
    if slots:
        names = [label.id for label in layer.labels] if layer.id == TOPICS else slots
        control = f"{layer.id}{WORDS}"
        _add(view, "Header", value=_heading(layer, control), size="5")
        box = _add(view, "Labels", name=control, toName=TEXT)
        for name in names:
            _add(box, "Label", value=name)


def _heading(layer: Layer, control: str) -> str:
    said = field_of(control).removeprefix(layer.id).lstrip("-")
    family = next((one.name for one in layer.families if one.id == said), said)
    return printable(f"{layer.name}: {family}" if family else layer.name)


def _add(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, attributes)
