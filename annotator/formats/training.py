"""Forms of a dataset for training, written on demand beside its rows, which stay as they are.

`training` has a row for each row of a sentence, by its id: topics as numbers, and tokens with
the words of attributions and commitments as tags. Where one coding is the adjudicated one, each row
has the labels of every other coder beside its own, the adjudicated ones marked as such, and apart
from them those of coders who cut the text otherwise.
`soft` has a row for each sentence that several coders decided, with how many of them gave
each topic, the adjudicated coding left out. What says that a layer has nothing is null, or left out
of the shares, where nobody looked at it. Numbers of topics are those of `labels.json`. Offsets are
code points of the whole text of the readout, half-open. The rows are tables like those of a dataset
whose form has a folder for each, and otherwise JSON Lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from itertools import groupby
from typing import Any, Final

from pydantic import create_model

from annotator.errors import InputError
from annotator.formats.coders import beside_each, cut_apart, overlapping
from annotator.formats.dialect import Dialect
from annotator.formats.labelset import LABELS, indices
from annotator.formats.output import OVERLAPPING, About, Batch, Output, Written
from annotator.formats.stretches import CUT, in_slots, standing
from annotator.formats.tables import Table
from annotator.formats.tokens import Token, covered, tokens
from annotator.formats.training_rows import (
    Adjudicated,
    Attributions,
    CoderTopics,
    Commitments,
    Key,
    MultiHot,
    SoftRow,
    SoftTopic,
    Tokens,
    TokenSpan,
    Unasked,
)
from annotator.formats.work import COMMITMENTS, SPEAKERS, TOPICS
from annotator.model.base import Value
from annotator.model.codebook import Layer
from annotator.model.record import SentenceRow

TRAINING: Final = "training"
SOFT: Final = "soft"
OUTSIDE: Final = "O"

_TAGS: Final = "in the tags for training"
_TAGLESS: Final = {True: f"{CUT}, {_TAGS}", False: f"{OVERLAPPING}, {_TAGS}"}
"""What is lost of words that no tag has, by whether they cut a token."""

_APART: Final = "sentence that coders cut differently"
UNSHARED: Final = f"{_APART}, in the shares of the coders"
UNJUDGED: Final = f"{_APART}, in by_coder"
LOSSES: Final = (*_TAGLESS.values(), UNSHARED, UNJUDGED)
"""What the forms for training cannot hold, whatever form is beside them."""

_TAGGED: Final = {SPEAKERS: "attribution", COMMITMENTS: "commitment"}
"""What the columns of a layer's words begin with."""


@dataclass(frozen=True)
class Extras:
    """Which forms for training are wanted."""

    multi_hot: bool = False
    tokens: bool = False
    soft: bool = False


EXTRAS: Final = tuple(one.name for one in fields(Extras))
"""The names of the forms for training."""


def blocked(included: Collection[str], *, words: bool) -> dict[str, str]:
    """Return why a form for training cannot be had, by its name.

    `included` are the layers that are taken, `words` says whether the rows hold those of readouts.
    """
    said: dict[str, str] = {}
    if TOPICS not in included:
        said["multi_hot"] = said["soft"] = f"it needs the layer “{TOPICS}”, which is left out"
    if not words:
        said["tokens"] = "the format holds no words of the readouts, and tokens would"
    elif not any(name in included for name in _TAGGED):
        layers = " or ".join(f"“{name}”" for name in _TAGGED)
        said["tokens"] = f"it needs the layer {layers}, and both are left out"
    return said


def require(wanted: Extras, included: Collection[str], *, words: bool) -> None:
    """Raise InputError where a form is wanted that is `blocked`."""
    for name, why in blocked(included, words=words).items():
        if getattr(wanted, name):
            raise InputError(
                f"{option(name)} cannot be written: {why}.",
                "Leave it out, or choose other layers or another format.",
            )


def option(extra: str) -> str:
    """Return how a form is asked for on a command line."""
    return f"--{extra.replace('_', '-')}"


class Training:
    """Writes the forms that are wanted.

    It reports as lost the words of attributions and commitments that the tags cannot have, by their
    mark, and the sentences that other coders cut otherwise: those that no share can be told of, and
    those beside which the labels of one are missing.
    What is `blocked` must not be wanted. `form` is that of the dataset.
    """

    def __init__(self, output: Output, about: About, wanted: Extras, form: Dialect) -> None:
        self._wanted = wanted
        self._adjudicated = about.adjudicated
        rows = _Rows(output, about, wanted)
        self._spanned = rows.spanned
        row_of = "sentence and coder, for training"
        self._training = Table(TRAINING, rows.model, row_of, rows.trained)
        row_of = "sentence that several coders decided"
        self._soft = Table(SOFT, SoftRow, row_of, rows.shared)
        made = [self._training] if self._has_rows else []
        made += [self._soft] if wanted.soft else []
        self._tables = form.tables(output, about, made)

    def add(self, batch: Batch) -> None:
        """Write the rows of a readout."""
        self._tables.put(batch)

    @property
    def _has_rows(self) -> bool:
        return self._wanted.multi_hot or self._wanted.tokens or self._adjudicated

    def finish(self) -> Sequence[Written]:
        """Return what was written; each table has a file also without rows."""
        return self._tables.finish(always=True)

    @property
    def reading(self) -> str:
        """What the card says of how to read the forms; empty where none is wanted."""
        said = []
        training = f"`{self._tables.place(self._training)}`"
        if self._adjudicated:
            said.append(
                f"{training} says of each row whether it is of the adjudicated coding;"
                " `by_coder` has the labels of every other coder of the same sentence, and says"
                " which are the adjudicated ones: no vote, but what holds. It is without coders who"
                " cut the text otherwise there: `overlapping` has what they gave, and where their"
                " sentences begin and end. Agreement and shares of the coders leave the adjudicated"
                " coding out."
            )
        if self._has_rows:
            said.append(
                f"`unasked` of a row of {training}"
                + (
                    ", and of each entry of `by_coder` and `overlapping`,"
                    if self._adjudicated
                    else ""
                )
                + " names the layers that nobody is known to have looked at: that it has none of"
                " their labels says nothing."
            )
        if self._wanted.multi_hot:
            said.append(
                "`topics_ids` are the topics of a sentence by their `index` in"
                f" `{LABELS}`, `topics_multi_hot` has a 1 or 0 for each, in that order;"
                " `topics_rejected_ids` were considered and refused. The first two are null where"
                " `unasked` of the sentence has the topics."
            )
        if self._spanned:
            said.append(
                "Tags are `B-slot`, `I-slot` and `O`. Of words that overlap, the tags have those"
                " that begin first, and of these the longest; near misses have none. The spans have"
                " all, those that tags cannot have too (`tagged` is false). Both are null where"
                " `unasked` of the sentence has their layer."
            )
        if self._wanted.soft:
            said.append(
                f"`{self._tables.place(self._soft)}` says what share of the coders gave a topic,"
                " and who did, of those whose row has no topics in `unasked`. It is without"
                " sentences where others cut the text otherwise."
            )
        return " ".join(said)


class _Rows:
    """Makes the rows of what is wanted, and reports what is lost of them.

    It knows nothing of who writes them: two that knew each other would stay, with all that was
    written, until somebody looks for such pairs.
    """

    def __init__(self, output: Output, about: About, wanted: Extras) -> None:
        self._output = output
        self._wanted = wanted
        self._layers = {layer.id: layer for layer in about.layers}
        self.spanned = [name for name in _TAGGED if name in self._layers] if wanted.tokens else []
        topics = self._layers.get(TOPICS)
        self._numbers = indices(about.book, topics) if topics else {}
        self._adjudicated = about.adjudicated

    def trained(self, batch: Batch) -> Iterator[dict[str, Any]]:
        """Yield the row for each row of a sentence."""
        rows = [one.sentence for one in batch.sentences]
        told = self._by_coder(rows) if self._adjudicated else {}
        return (self._row(row, told) for row in rows)

    def shared(self, batch: Batch) -> Iterator[SoftRow]:
        """Yield the row for each sentence that several coders decided."""
        rows = [one.sentence for one in batch.sentences]
        for row in cut_apart([row for row in rows if not row.adjudicated]):
            self._output.lost(UNSHARED, row.id)
        return self._shared(rows)

    def _by_coder(self, rows: Sequence[SentenceRow]) -> dict[str, dict[str, Any]]:
        """Return what each row has of its own labels and those of the other coders, by its id."""
        beside, apart = beside_each(rows), overlapping(rows)
        made = {}
        for row in rows:
            others = apart.get(row.id, ())
            if others:
                self._output.lost(UNJUDGED, row.id)
            alike = (one for one in beside[row.start, row.end] if one.coder != row.coder)
            made[row.id] = {
                "adjudicated": bool(row.adjudicated),
                "labels": _labels(row),
                "by_coder": [_given(one) for one in alike],
                "overlapping": [
                    {**_given(one), "start": one.start, "end": one.end} for one in others
                ],
            }
        return made

    def _row(self, row: SentenceRow, by_coder: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {"id": row.id, "readout": row.readout, "split": row.split}
        made |= by_coder.get(row.id, {})
        if self._wanted.multi_hot:
            given = {self._numbers[label] for label in row.topics}
            refused = {self._numbers[one.label] for one in row.rejected if one.layer == TOPICS}
            hot = [int(place in given) for place in range(len(self._numbers))]
            unasked = TOPICS in row.unasked
            made["topics_ids"] = None if unasked else sorted(given)
            made["topics_multi_hot"] = None if unasked else hot
            made["topics_rejected_ids"] = sorted(refused)
        if self.spanned:
            found = tokens(row.text)
            made["tokens"] = [row.text[start:end] for start, end in found]
            made["token_starts"] = [row.start + start for start, _ in found]
            made["token_ends"] = [row.start + end for _, end in found]
        for name in self.spanned:
            spans = list(_spans(row, self._layers[name], found))
            tags, tagged = _tags(len(found), spans)
            for one in spans:
                if not (one in tagged or one.negative):
                    self._output.lost(_TAGLESS[one.first is None], one.mark)
            told = [{**vars(one), "tagged": one in tagged} for one in spans]
            unasked = name in row.unasked
            made[f"{_TAGGED[name]}_tags"] = None if unasked else tags
            made[f"{_TAGGED[name]}_spans"] = None if unasked else told
        made["unasked"] = row.unasked
        return made

    def _shared(self, rows: Iterable[SentenceRow]) -> Iterator[SoftRow]:
        """Yield the sentences that several coders decided, in the order of the text."""
        own_rows = (row for row in rows if not row.adjudicated and TOPICS not in row.unasked)
        order = sorted(own_rows, key=lambda row: (row.start, row.end, row.coder))
        for (start, end), group in groupby(order, key=lambda row: (row.start, row.end)):
            own = list(group)
            if len(own) < 2:
                continue
            times = Counter(label for row in own for label in row.topics)
            yield SoftRow(
                readout=own[0].readout,
                split=own[0].split,
                start=start,
                end=end,
                coders=len(own),
                topics=tuple(
                    SoftTopic(
                        label=one, index=number, coders=times[one], share=times[one] / len(own)
                    )
                    for one, number in self._numbers.items()
                    if one in times
                ),
                by_coder=tuple(
                    CoderTopics(coder=row.coder, id=row.id, topics=row.topics) for row in own
                ),
            )

    @property
    def model(self) -> type[Value]:
        """The model of the rows, made of those of their parts."""
        parts: list[type[Value]] = [Key]
        parts += [Adjudicated] if self._adjudicated else []
        parts += [MultiHot] if self._wanted.multi_hot else []
        parts += [Tokens] if self.spanned else []
        parts += [Attributions] if SPEAKERS in self.spanned else []
        parts += [Commitments] if COMMITMENTS in self.spanned else []
        parts += [Unasked]
        return _joined(tuple(parts))


@cache
def _joined(parts: tuple[type[Value], ...]) -> type[Value]:
    """Return a model with the fields of others, in their order."""
    # The fields of the last base come first.
    return create_model("TrainingRow", __base__=(*reversed(parts),))


def _given(row: SentenceRow) -> dict[str, Any]:
    """Return what a coder gave to a sentence, for the rows of others."""
    return {
        "coder": row.coder,
        "id": row.id,
        "adjudicated": bool(row.adjudicated),
        "unasked": row.unasked,
        "labels": _labels(row),
    }


def _labels(row: SentenceRow) -> list[dict[str, str]]:
    given = ((mark.layer, mark.label) for mark in standing(row))
    return [{"layer": layer, "label": label} for layer, label in dict.fromkeys(given)]


def _spans(row: SentenceRow, layer: Layer, found: Sequence[Token]) -> Iterator[TokenSpan]:
    """Yield the words in a layer's given marks, in the order of the text."""
    spans = [one for mark in standing(row) if mark.layer == layer.id for one in in_slots(mark)]
    for one in sorted(spans, key=lambda one: (one.start, -one.end, one.slot, one.mark)):
        inside = row.start <= one.start and one.end <= row.end
        place = covered(found, one.start - row.start, one.end - row.start) if inside else None
        yield TokenSpan(
            slot=one.slot,
            label=one.label,
            mark=one.mark,
            start=one.start,
            end=one.end,
            first=place[0] if place else None,
            last=place[1] if place else None,
            negative=layer.negative(one.label),
            tagged=False,
        )


def _tags(amount: int, spans: Iterable[TokenSpan]) -> tuple[list[str], list[TokenSpan]]:
    """Return a tag for each token, and the words that have them."""
    tags = [OUTSIDE] * amount
    tagged: list[TokenSpan] = []
    free = 0
    for one in spans:
        if one.first is None or one.last is None or one.negative or one.first < free:
            continue
        free = one.last + 1
        tags[one.first : free] = [f"I-{one.slot}"] * (free - one.first)
        tags[one.first] = f"B-{one.slot}"
        tagged.append(one)
    return tags, tagged
