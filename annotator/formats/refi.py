"""A dataset as a REFI-QDA project, which programs for qualitative analysis exchange.

Defined by the REFI-QDA standard 1.5, schema of 2019: `project.qdpx` is a ZIP archive of
`project.qde`, which is XML, and the texts; the codebook also stands alone as `codebook.qdc`.
Positions are code points of the text, the end not included. Every sentence is a selection whose
description holds our row; its marks are codings of it, and words in slots selections of their own.
A code is a label or a slot, below its layer and family. The same dataset gives the same bytes: ids
are made from names, and no time is one of writing.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, Final
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from annotator import __version__
from annotator.files import printable, refusals
from annotator.formats.carried import note
from annotator.formats.output import REFERENCE, About, Batch, Output, Written
from annotator.formats.refi_book import RULES
from annotator.model.codebook import Label, Layer
from annotator.model.record import DocumentRow, MarkRecord, SentenceRow, SlotRecord

PROJECT: Final = "project.qdpx"
CODEBOOK: Final = "codebook.qdc"
MEMBER: Final = "project.qde"
SOURCES: Final = "sources/"

_NAMESPACE = UUID("6f0c4a0e-4a0b-5d0e-9b52-3f6f0a7d1c11")
_ORIGIN = f"Annotator {__version__}"
_HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_NAME: Final = 60


def writer(output: Output, about: About) -> Refi:
    """Return what writes a dataset as a REFI-QDA project."""
    return Refi(output, about)


@dataclass(frozen=True)
class Coded:
    """A code on a stretch of the readout; `mark` is the id of the mark that it is from."""

    code: str
    start: int
    end: int
    mark: str


def guid(*names: str) -> str:
    """Return the id of what has these names, always the same."""
    return str(uuid5(_NAMESPACE, "\x1f".join(names)))


def label_code(layer: str, label: str) -> str:
    """Return the id of a label's code."""
    return guid("label", layer, label)


def slot_code(layer: str, slot: str) -> str:
    """Return the id of a slot's code."""
    return guid("slot", layer, slot)


def coded(row: SentenceRow) -> Iterator[Coded]:
    """Yield the codes of a sentence, and those of the words in slots; a rejected mark has none."""
    for mark in row.marks:
        if not mark.rejected:
            yield Coded(label_code(mark.layer, mark.label), row.start, row.end, mark.id)
            yield from (one for _, one in words_of(mark))


def words_of(mark: MarkRecord) -> Iterator[tuple[SlotRecord, Coded]]:
    """Yield each slot of a mark that has words, with their code."""
    for slot in mark.slots:
        if slot.start is not None and slot.end is not None:
            yield slot, Coded(slot_code(mark.layer, slot.slot), slot.start, slot.end, mark.id)


class Refi:
    """Writes a project and its codebook; texts and selections wait in temporary files for it."""

    def __init__(self, output: Output, about: About) -> None:
        self._output = output
        self._book = about.book
        self._layers = about.layers
        self._texts, self._sources = _Spool(), _Spool()
        self._coders: set[str] = set()
        self._selections = 0

    def add(self, batch: Batch) -> None:
        """Take a readout, with the codings of all its coders."""
        readout = batch.works[0].readout
        own = guid("source", readout.id)
        source = Element("TextSource", guid=own, name=readout.id)
        source.set("plainTextPath", f"internal://{own}.txt")
        documents = {document.coder: document for document in batch.documents}
        for one in batch.sentences:
            for selection in _selections(one.sentence, documents.pop(one.sentence.coder, None)):
                # `extend` makes a TypeError of whatever is raised meanwhile, a signal too.
                source.append(selection)
        self._coders.update(work.coder for work in batch.works)
        self._texts.add(f"{SOURCES}{own}.txt", readout.text.encode())
        self._sources.add(readout.id, _xml(source) + b"\n")
        self._selections += len(source)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def finish(self) -> Sequence[Written]:
        """Write the archive and the codebook."""
        codes = _xml(_codes(self._layers))
        book = {"xmlns": "urn:QDA-XML:codebook:1.0", "origin": _ORIGIN}
        self._output.write(CODEBOOK, b"".join((_HEAD, _start("CodeBook", book), codes)))
        self._output.write(CODEBOOK, b"</CodeBook>\n")
        place = self._output.path(PROJECT)
        with refusals(place, "written"), ZipFile(place, "w", ZIP_DEFLATED) as archive:
            with archive.open(_member(MEMBER), "w") as project:
                about = {"xmlns": "urn:QDA-XML:project:1.0", "name": legal(self._book.name)}
                project.write(_HEAD + _start("Project", {**about, "origin": _ORIGIN}))
                project.write(_xml(_users(self._coders)))
                project.write(b"".join((b"<CodeBook>", codes, b"</CodeBook>\n<Sources>\n")))
                for _, xml in self._sources:
                    project.write(xml)
                project.write(b"</Sources>\n</Project>\n")
            for name, text in self._texts:
                archive.writestr(_member(name), text)
        return [
            Written(PROJECT, self._selections, "selection of words"),
            Written(CODEBOOK, codes.count(b"<Code "), "code"),
        ]


class _Spool:
    """Named pieces of bytes in a temporary file."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - it is closed with what owns it
        weakref.finalize(self, _close, self._file)
        self._lengths: list[tuple[str, int]] = []

    def add(self, name: str, data: bytes) -> None:
        """Append a piece; raises StorageError."""
        with refusals(Path(gettempdir()), "written"):
            self._file.write(data)
        self._lengths.append((name, len(data)))

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        self._file.seek(0)
        for name, length in self._lengths:
            yield name, self._file.read(length)


def _close(file: IO[bytes]) -> None:
    # What waits to be written is wanted by nobody, and a full disk was told of when it refused.
    with suppress(OSError):
        file.close()


def legal(text: str) -> str:
    """Return text that XML may hold, with a sign for each character that it may not."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _member(name: str) -> ZipInfo:
    info = ZipInfo(name)  # Its date is the first that there is, on every day.
    info.compress_type = ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _xml(element: Element) -> bytes:
    found: bytes = tostring(element, "utf-8", xml_declaration=False)
    return found


def _start(tag: str, attributes: Mapping[str, str]) -> bytes:
    """Return the start of an element that is too large to be made whole."""
    return _xml(Element(tag, dict(attributes))).removesuffix(b" />") + b">\n"


def _users(coders: Iterable[str]) -> Element:
    users = Element("Users")
    for coder in sorted(coders):
        SubElement(users, "User", guid=guid("coder", coder), name=coder)
    return users


def _codes(layers: Sequence[Layer]) -> Element:
    codes = Element("Codes")
    for layer in layers:
        top = _code(codes, guid("layer", layer.id), layer.name, layer.definition, codable=False)
        families = {
            family.id: _code(top, guid("family", layer.id, family.id), family.name, codable=False)
            for family in layer.families
        }
        for label in layer.labels:
            parent = families.get(label.family or "", top)
            _code(parent, label_code(layer.id, label.id), label.name, _meaning(label))
        for slot in layer.slots:
            if slot.type in ("span", "entity"):
                _code(top, slot_code(layer.id, slot.id), slot.name, slot.definition)
    return codes


def _code(
    parent: Element, own: str, name: str, meaning: str = "", *, codable: bool = True
) -> Element:
    code = SubElement(parent, "Code", guid=own, name=legal(name))
    code.set("isCodable", "true" if codable else "false")
    if meaning:
        SubElement(code, "Description").text = legal(meaning)
    return code


def _meaning(label: Label) -> str:
    parts = [
        label.definition,
        *(f"{begins}{rule}" for field, begins in RULES.items() for rule in getattr(label, field)),
    ]
    return "\n".join(filter(None, parts))


def _selections(row: SentenceRow, document: DocumentRow | None) -> Iterator[Element]:
    whole = _selection(row, guid("sentence", row.id), row.start, row.end, row.text)
    SubElement(whole, "Description").text = _escaped(note(row, document))
    yield whole
    for mark in row.marks:
        if mark.rejected:
            continue
        _coding(whole, row, mark, label_code(mark.layer, mark.label), guid("mark", mark.id))
        for place, (slot, one) in enumerate(words_of(mark)):
            own = guid("words", mark.id, str(place))
            part = _selection(row, own, one.start, one.end, slot.exact or "")
            _coding(part, row, mark, one.code, guid("coding", mark.id, str(place)))
            yield part


def _selection(row: SentenceRow, own: str, start: int, end: int, words: str) -> Element:
    part = Element("PlainTextSelection", guid=own, name=legal(printable(words[:_NAME])))
    part.set("startPosition", str(start))
    part.set("endPosition", str(end))
    part.set("creatingUser", guid("coder", row.coder))
    return part


def _coding(part: Element, row: SentenceRow, mark: MarkRecord, code: str, own: str) -> None:
    coding = SubElement(part, "Coding", guid=own, creatingUser=guid("coder", row.coder))
    if _TIME.fullmatch(mark.at):
        coding.set("creationDateTime", mark.at)
    SubElement(coding, "CodeRef", targetGUID=code)


def _escaped(json: str) -> str:
    """Escape in a line of JSON what XML may not hold."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", json)
