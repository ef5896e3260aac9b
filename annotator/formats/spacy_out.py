"""A dataset as spaCy's `DocBin`s, of which its command `train` takes a folder.

A sentence of a coder is a `Doc`, cut into tokens by the blank pipeline of its language; see
`spacy_tags` for what stands where. Offsets of a span count code points of the sentence. Our row is
in `doc.user_data`. A file has at most as many sentences as are held in memory. The readouts stand
beside them in JSON Lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from annotator.formats.carried import KEY, packed
from annotator.formats.jsonl_out import DOCUMENT_FILE, Lines
from annotator.formats.output import OUTSIDE, REFERENCE, About, Batch, Output, Written, split_of
from annotator.formats.spacy_tags import BROKEN, SPANS, cats, spans
from annotator.formats.tables import DOCUMENTS, SENTENCES
from annotator.formats.work import TOPICS
from annotator.model.record import SentenceRow

SUFFIX: Final = ".spacy"
_MOST_DOCS: Final = 2000
_ANY_LANGUAGE: Final = "xx"
_CODE: Final = re.compile(r"[a-z]{2,3}(?![a-z])")


def writer(output: Output, about: About) -> Bins:
    """Return what writes a dataset for spaCy."""
    return Bins(output, about)


class Bins:
    """Writes files of documents, numbered in a folder for each split, and the readouts."""

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._rest = about.rest
        # Whoever trains needs all labels in each document, those that it has not got as 0. Where
        # nobody looked for topics there are none: spaCy takes a label that is missing as not known.
        self._topics = [
            label.id
            for layer in about.layers
            if layer.id == TOPICS
            for label in layer.labels
            if layer.current(label.id) == label.id
        ]
        self._pipelines: dict[str, Language] = {}
        self._bins: dict[str, DocBin] = {}
        self._files: Counter[str] = Counter()
        self._written: list[Written] = []
        self._documents = Lines(output, DOCUMENT_FILE, DOCUMENTS)
        self._readouts = 0

    def add(self, batch: Batch) -> None:
        """Write the sentences of a readout."""
        for one in batch.sentences:
            split = split_of(one.sentence) or self._rest
            docs = self._bins.setdefault(split, DocBin(attrs=["ORTH"], store_user_data=True))
            docs.add(self._doc(one.sentence))
            if len(docs) >= _MOST_DOCS:
                self._close(split)
        self._readouts += self._documents.add(batch.documents)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def _close(self, split: str) -> None:
        docs = self._bins.pop(split)
        file = f"{split}/{self._files[split]:05}{SUFFIX}"
        self._files[split] += 1
        self._output.write(file, docs.to_bytes())
        self._written.append(Written(file, len(docs), SENTENCES.row_of, split=split))

    def finish(self) -> Sequence[Written]:
        """Write what is left."""
        for split in sorted(self._bins):
            self._close(split)
        documents = Written(DOCUMENT_FILE, self._readouts, DOCUMENTS.row_of)
        return [*sorted(self._written, key=lambda one: one.file), documents]

    def _doc(self, row: SentenceRow) -> Doc:
        doc = self._pipeline(row.language)(row.text)
        none = {} if TOPICS in row.unasked else dict.fromkeys(self._topics, 0.0)
        doc.cats = none | {tag.label: 1.0 for tag in cats(row)}
        found = []
        for tag in spans(row):
            start, end = (tag.start or 0) - row.start, (tag.end or 0) - row.start
            if not 0 <= start < end <= len(row.text):
                self._output.lost(OUTSIDE, tag.mark)
                continue
            span = doc.char_span(start, end, tag.field, kb_id=tag.label, span_id=tag.mark)
            if span is None:
                self._output.lost(BROKEN, tag.mark)
            else:
                found.append(span)
        doc.spans[SPANS] = found
        doc.user_data[KEY] = packed(row)
        return doc

    def _pipeline(self, language: str | None) -> Language:
        """Return what cuts texts of a language; languages that need more libraries share one."""
        code = _CODE.match((language or "").lower())
        name = code.group() if code else _ANY_LANGUAGE
        if name not in self._pipelines:
            try:
                self._pipelines[name] = spacy.blank(name)
            except (ImportError, ValueError):
                self._pipelines[name] = spacy.blank(_ANY_LANGUAGE)
        return self._pipelines[name]
