"""A dataset for Prodigy: one task to a line, with options, spans and relations in one interface.

Offsets are code points of the sentence; `token_start` and `token_end` name the first and the last
token. The form is that of the tasks which prodi.gy documents for `choice`, `spans_manual` and
`relations`, shown together by `blocks`. Hashes are left out, as Prodigy works them out itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final
from unicodedata import category

import orjson

from annotator.formats.carried import KEY, packed
from annotator.formats.companions import Companions
from annotator.formats.jsonl_out import json_line
from annotator.formats.labelled import Words, label_of, links, once, standing, unshown, words
from annotator.formats.output import About, Batch, Output, Written
from annotator.model.codebook import Label, Layer
from annotator.model.record import MarkRecord, SentenceRow

TASKS: Final = "prodigy.jsonl"
REJECTED: Final = "rejected.jsonl"


def writer(output: Output, about: About) -> Prodigy:
    """Return what writes a dataset as tasks of Prodigy."""
    return Prodigy(output, about)


class Prodigy:
    """Writes a task for each sentence and coder, and one for each label that a coder refused.

    Prodigy reads a refused label as a task of its own, shown by `classification`. A dataset has one
    interface, so these stand in a file for a second dataset, and train beside the first.
    """

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._layers = {layer.id: layer for layer in about.layers}
        self._companions = Companions(output)
        self._tasks = self._rejected = 0
        self._options: dict[tuple[str, ...], orjson.Fragment] = {}

    def add(self, batch: Batch) -> None:
        """Write the tasks of a readout."""
        self._companions.add(batch)
        rows = [one.sentence for one in batch.sentences]
        self._output.write(TASKS, b"".join(json_line(self._task(row)) for row in rows))
        self._tasks += len(rows)
        for row in rows:
            for what, mark in unshown(row):
                self._output.lost(what, mark)
        refused = [(row, one) for row in rows for one in row.marks if one.rejected]
        if refused:
            lines = (json_line(self._refusal(row, one)) for row, one in refused)
            self._output.write(REJECTED, b"".join(lines))
            self._rejected += len(refused)

    def finish(self) -> Sequence[Written]:
        """Make also the file of refused labels, where there are none."""
        self._output.write(REJECTED, b"")
        return [
            Written(TASKS, self._tasks, "sentence and coder"),
            Written(REJECTED, self._rejected, "label that a coder considered and refused"),
            *self._companions.finish(),
        ]

    def _task(self, row: SentenceRow) -> dict[str, Any]:
        accepted = (self._label(mark) for mark in standing(row))
        spans = once(words(row))
        cut = tokens(row.text, spans)
        placed = {one.place: _span(one, cut) for one in spans}
        return {
            "text": row.text,
            "meta": _meta(row),
            "options": self._offered(row.unasked),
            "accept": list(dict.fromkeys(accepted)),
            "tokens": cut,
            "spans": list(placed.values()),
            "relations": [
                _relation(placed[link.head.place], placed[link.child.place], link.label)
                for link in links(row, self._layers.values())
            ],
            "_view_id": "blocks",
            "_annotator_id": row.coder,
            "_session_id": row.coder,
            "answer": "accept" if row.state == "done" else "ignore",
            KEY: packed(row),
        }

    def _offered(self, unasked: tuple[str, ...]) -> orjson.Fragment:
        """Return the options of the layers that somebody looked at: one not chosen says no."""
        if unasked not in self._options:
            options = [
                {"id": label_of(layer, label.id), "text": _option(layer, label)}
                for layer in self._layers.values()
                if layer.id not in unasked
                for label in layer.labels
            ]
            self._options[unasked] = orjson.Fragment(orjson.dumps(options))
        return self._options[unasked]

    def _refusal(self, row: SentenceRow, mark: MarkRecord) -> dict[str, Any]:
        return {
            "text": row.text,
            "meta": _meta(row),
            "label": self._label(mark),
            "_view_id": "classification",
            "_annotator_id": row.coder,
            "_session_id": row.coder,
            "answer": "reject",
            KEY: {"id": row.id, "mark": mark.id},
        }

    def _label(self, mark: MarkRecord) -> str:
        return label_of(self._layers[mark.layer], mark.label)


def _option(layer: Layer, label: Label) -> str:
    family = layer.family(label.id)
    return f"{family.name if family and family.negative else layer.name}: {label.name}"


def _meta(row: SentenceRow) -> dict[str, Any]:
    """Return what Prodigy shows in the corner of a card."""
    return {"readout": row.readout, "sentence": row.sentence, "told by": row.told_by}


def _span(one: Words, cut: Sequence[dict[str, Any]]) -> dict[str, Any]:
    inside = [token["id"] for token in cut if one.start <= token["start"] < one.end]
    return {
        "start": one.start,
        "end": one.end,
        "token_start": inside[0],
        "token_end": inside[-1],
        "label": one.label,
    }


def _relation(head: dict[str, Any], child: dict[str, Any], label: str) -> dict[str, Any]:
    return {
        "head": head["token_end"],
        "child": child["token_end"],
        "label": label,
        "head_span": head,
        "child_span": child,
    }


def tokens(text: str, spans: Sequence[Words]) -> list[dict[str, Any]]:
    """Return the tokens of a text, of which one begins or ends wherever one of the spans does.

    `ws` says that a space follows which is no token; any other white space is one.
    """
    starts, ends = {one.start for one in spans}, {one.end for one in spans}
    found: list[dict[str, Any]] = []
    for start, end in _pieces(text, starts | ends):
        first = start
        after_token = found and not found[-1]["ws"] and not found[-1]["text"].isspace()
        if after_token and text[start] == " " and start not in starts and start + 1 not in ends:
            found[-1]["ws"] = True
            first = start + 1
        if first < end:
            piece = text[first:end]
            token = {"text": piece, "start": first, "end": end, "id": len(found), "ws": False}
            found.append(token)
    return found


def _pieces(text: str, edges: set[int]) -> Iterator[tuple[int, int]]:
    """Yield words, single signs and white space, cut also at the edges."""
    start = 0
    for kind, run in groupby(text, _kind):
        end = start + len(list(run))
        cuts = [at for at in range(start + 1, end) if kind == "sign" or at in edges]
        yield from zip([start, *cuts], [*cuts, end], strict=True)
        start = end


def _kind(char: str) -> str:
    if char.isspace():
        return "space"
    # Marks and joiners are drawn with the letter before them.
    return "word" if char.isalnum() or category(char) in _JOINED else "sign"


_JOINED = frozenset({"Mn", "Mc", "Me", "Cf", "Pc"})
