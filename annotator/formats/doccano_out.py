"""A dataset for doccano, for a project of one of three kinds, which is the variant.

Offsets are UTF-16 code units of the sentence, as its page in the browser counts them. Each coder
has a file, as in doccano's own exports: two lines of one text would be two texts. Our row is a
string, for what doccano does not know becomes metadata and leaves it through a table whose numbers
are rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, cast

from annotator.files import safe_name
from annotator.formats.carried import KEY
from annotator.formats.companions import Companions
from annotator.formats.foreign import Utf16
from annotator.formats.jsonl_out import dumps, json_line
from annotator.formats.labelled import Words, label_of, links, once, standing, unshown, words
from annotator.formats.output import About, Batch, Output, Written
from annotator.model.record import SentenceRow

FOLDER: Final = "doccano"

Kind = Literal["classification", "spans", "combined"]
"""The kinds of projects: text classification, sequence labelling with relations, and intent
detection with slot filling."""


def writer(output: Output, about: About) -> Doccano:
    """Return what writes a dataset for a project of the kind `about.variant`."""
    return Doccano(output, about, cast("Kind", about.variant))


class Doccano:
    """Writes a text for each sentence, into the file of its coder."""

    def __init__(self, output: Output, about: About, kind: Kind) -> None:
        self._output = output
        self._layers = {layer.id: layer for layer in about.layers}
        self._kind = kind
        self._companions = Companions(output)
        self._rows: dict[str, int] = {}
        self._numbers: dict[str, int] = {}

    def add(self, batch: Batch) -> None:
        """Write the texts of a readout."""
        self._companions.add(batch)
        by_coder: dict[str, list[SentenceRow]] = {work.coder: [] for work in batch.works}
        for one in batch.sentences:
            by_coder[one.sentence.coder].append(one.sentence)
        for coder, rows in sorted(by_coder.items()):
            lines = [json_line(self._text(row)) for row in rows]
            self._output.write(_file(coder), b"".join(lines))
            self._rows[coder] = self._rows.get(coder, 0) + len(rows)

    def finish(self) -> Sequence[Written]:
        """Return what was written."""
        files = (
            Written(_file(coder), rows, "sentence") for coder, rows in sorted(self._rows.items())
        )
        return [*files, *self._companions.finish()]

    def _text(self, row: SentenceRow) -> dict[str, Any]:
        labels: dict[str, Any] = {}
        if self._kind == "classification":
            labels["label"] = self._whole(row)
        if self._kind == "combined":
            labels["cats"] = self._whole(row)
            units, shown = Utf16(row.text), apart(once(words(row)))
            labels["entities"] = [
                [units.outward(one.start), units.outward(one.end), one.label] for one in shown
            ]
            self._report(unshown(row, {one.place for one in shown}))
        if self._kind == "spans":
            labels |= self._related(row)
            self._report(unshown(row))
        # “id” is doccano's own.
        return {"text": row.text, **labels, "row": row.id, KEY: dumps(row)[:-1].decode()}

    def _whole(self, row: SentenceRow) -> list[str]:
        """Return each label once, in order, for a text of doccano has it once."""
        return sorted({label_of(self._layers[m.layer], m.label) for m in standing(row)})

    def _related(self, row: SentenceRow) -> dict[str, Any]:
        units = Utf16(row.text)
        ids: dict[tuple[int, int, str], int] = {}
        entities = []
        for one in once(words(row)):
            number = ids[one.place] = self._number("entity", row.coder)
            start, end = units.outward(one.start), units.outward(one.end)
            entity = {"id": number, "label": one.label, "start_offset": start, "end_offset": end}
            entities.append(entity)
        relations = [
            {
                "id": self._number("relation", row.coder),
                "from_id": ids[link.head.place],
                "to_id": ids[link.child.place],
                "type": link.label,
            }
            for link in links(row, self._layers.values())
        ]
        return {"entities": entities, "relations": relations}

    def _report(self, found: Iterable[tuple[str, str]]) -> None:
        for what, mark in found:
            self._output.lost(what, mark)

    def _number(self, of: str, coder: str) -> int:
        """Return the next id in a file: some versions of doccano look one up in all of it."""
        key = f"{of} {coder}"
        self._numbers[key] = self._numbers.get(key, -1) + 1
        return self._numbers[key]


def apart(found: Sequence[Words]) -> list[Words]:
    """Return those words that overlap none before them.

    A project with intents takes no overlapping spans: doccano drops just the others on import.
    """
    kept: list[Words] = []
    for one in found:
        if not kept or kept[-1].end <= one.start:
            kept.append(one)
    return kept


def _file(coder: str) -> str:
    return f"{FOLDER}/{safe_name(coder)}.jsonl"
