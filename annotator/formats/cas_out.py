"""A dataset as CAS of UIMA, a file for each readout and coder: JSON CAS 0.4, or XMI.

The library cassis writes the files, and turns code points into UTF-16 code units. Sentences, tokens
and the document's metadata have the types of DKPro Core, which INCEpTION asks for; see `cas_tags`
for the rest. Our rows are JSON in the feature `annotator` of annotations of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from cassis import Cas, TypeSystem

from annotator.files import safe_name
from annotator.formats import cas_tags
from annotator.formats.carried import KEY
from annotator.formats.cas_tags import FORBIDDEN, READOUT, SENTENCE, SLOT, allowed, escaped
from annotator.formats.jsonl_out import dumps
from annotator.formats.output import REFERENCE, About, Batch, Output, Written
from annotator.formats.tokens import tokens
from annotator.formats.told import Tag
from annotator.formats.work import Work
from annotator.model.base import Value
from annotator.model.codebook import Layer
from annotator.model.record import DocumentRow, MarkRecord, SentenceRow

XMI: Final = "xmi"
SUFFIXES: Final = {"": ".json", XMI: ".xmi"}
FOLDER: Final = "documents"
TYPES: Final = "TypeSystem.xml"

_DKPRO: Final = "de.tudarmstadt.ukp.dkpro.core.api."
METADATA: Final = f"{_DKPRO}metadata.type.DocumentMetaData"
UNIT: Final = f"{_DKPRO}segmentation.type.Sentence"
TOKEN: Final = f"{_DKPRO}segmentation.type.Token"
_TEXT, _TRUTH = "uima.cas.String", "uima.cas.Boolean"


def writer(output: Output, about: About) -> Cases:
    """Return what writes a dataset as CAS."""
    return Cases(output, about)


class Cases:
    """Writes a CAS for each readout and coder, and for XMI the type system that all share."""

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._xmi = about.variant == XMI
        self._suffix = SUFFIXES[about.variant]
        self._types = type_system(about.layers)
        self._written = 0

    def add(self, batch: Batch) -> None:
        """Write the codings of a readout."""
        for work, document in zip(batch.works, batch.documents, strict=True):
            rows = batch.rows_of(document.coder)
            file = f"{FOLDER}/{safe_name(document.coder)}/{safe_name(document.readout)}"
            cas = self._cas(work, document, rows)
            text = cas.to_xmi() if self._xmi else cas.to_json()
            self._output.write(f"{file}{self._suffix}", f"{text}".encode())
            self._written += 1
            if self._xmi:
                self._report(document, rows)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def finish(self) -> Sequence[Written]:
        """Write the type system, where it is a file of its own."""
        if self._xmi:
            self._output.write(TYPES, f"{self._types.to_xml()}".encode())
        return [Written(FOLDER, self._written, "readout and coder, a file for each")]

    def _clean(self, text: str) -> str:
        return allowed(text) if self._xmi else text

    def _cas(self, work: Work, document: DocumentRow, rows: Iterable[SentenceRow]) -> Any:
        text = self._clean(document.text)
        cas = Cas(self._types, sofa_string=text, sofa_mime="text/plain")

        def put(name: str, start: int, end: int, **features: object) -> None:
            said = {
                key: self._clean(value) if isinstance(value, str) else value
                for key, value in features.items()
            }
            cas.add(self._types.get_type(name)(begin=start, end=end, **said))

        put(
            METADATA,
            0,
            len(text),
            documentId=document.readout,
            documentTitle=document.title,
            language=document.language or "x-unspecified",
        )
        put(READOUT, 0, len(text), coder=document.coder, annotator=_json(document))
        for _, sentence in work.sentences:
            put(UNIT, sentence.start, sentence.end)
            for start, end in tokens(sentence.text):
                put(TOKEN, sentence.start + start, sentence.start + end)
        for row in rows:
            put(
                SENTENCE,
                row.start,
                row.end,
                coder=row.coder,
                state=row.state,
                note=row.note,
                annotator=_json(row),
            )
            for mark in row.marks:
                self._put_mark(put, row, mark)
        return cas

    def _put_mark(self, put: Any, row: SentenceRow, mark: MarkRecord) -> None:
        tag = cas_tags.mark_tag(row, mark, self._clean)
        put(
            *_place(tag),
            label=mark.label,
            rejected=mark.rejected,
            certainty=mark.certainty,
            doubtful=mark.doubtful,
            note=mark.note,
            mark=mark.id,
        )
        for slot in mark.slots:
            tag = cas_tags.slot_tag(row, mark, slot, self._clean)
            put(
                *_place(tag),
                slot=slot.slot,
                value=slot.value,
                kind=slot.type,
                inferred=slot.inferred,
                label=mark.label,
                mark=mark.id,
            )

    def _report(self, document: DocumentRow, rows: Iterable[SentenceRow]) -> None:
        """Report the sentences, marks and readouts whose own fields have other characters."""
        bare = list(document.text)
        for row in rows:
            bare[row.start : row.end] = " " * len(row.text)
            if any(map(_has_forbidden, (row.text, row.note))):
                self._output.lost(FORBIDDEN, row.id)
            for mark in row.marks:
                said = (mark.note, *(slot.value or "" for slot in mark.slots))
                if any(map(_has_forbidden, said)):
                    self._output.lost(FORBIDDEN, mark.id)
        if _has_forbidden("".join(bare)) or _has_forbidden(document.title):
            self._output.lost(FORBIDDEN, document.id)


def _has_forbidden(text: str) -> bool:
    return allowed(text) != text


def _json(row: Value) -> str:
    return escaped(dumps(row).decode().rstrip("\n"))


def _place(tag: Tag) -> tuple[str, int, int]:
    return tag.field, tag.start or 0, tag.end or 0


def type_system(layers: Iterable[Layer]) -> Any:
    """Return the types of the CAS of a codebook."""
    types = TypeSystem()

    def add(name: str, above: str = "uima.tcas.Annotation", **features: str) -> None:
        made = types.create_type(name, above)
        for feature, kind in features.items():
            types.create_feature(made, feature, kind)

    add(
        METADATA,
        "uima.tcas.DocumentAnnotation",
        **dict.fromkeys(
            ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"), _TEXT
        ),
        isLastSegment=_TRUTH,
    )
    add(UNIT, id=_TEXT)
    add(TOKEN, id=_TEXT)
    add(READOUT, coder=_TEXT, **{KEY: _TEXT})
    add(SENTENCE, coder=_TEXT, state=_TEXT, note=_TEXT, **{KEY: _TEXT})
    for layer in layers:
        name = cas_tags.type_of(layer.id)
        flags = {"rejected": _TRUTH, "doubtful": _TRUTH}
        add(name, **dict.fromkeys(("label", "certainty", "note", "mark"), _TEXT), **flags)
        values = dict.fromkeys(("slot", "value", "kind", "label", "mark"), _TEXT)
        add(f"{name}{SLOT}", **values, inferred=_TRUTH)
    return types
