"""What a dataset is, for programs: `croissant.json`, in the format Croissant 1.0 of MLCommons.

The format is defined at http://mlcommons.org/croissant/1.0. Every file of the dataset is named with
its sha256, and every table whose columns are known is a record set with their types.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from annotator.formats.card import Contents
from annotator.formats.columns import Column
from annotator.formats.jsonl_out import shown
from annotator.formats.output import Written
from annotator.model.answers import given
from annotator.plural import many

CROISSANT: Final = "croissant.json"

_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty",
            "fileObject", "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key",
            "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace",
            "samplingRate", "separator", "source", "subField", "transform",
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}  # fmt: skip

_ENCODINGS: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonl": "application/jsonlines",
    ".md": "text/markdown",
    ".parquet": "application/x-parquet",
    ".qdc": "application/xml",
    ".qdpx": "application/zip",
    ".spacy": "application/octet-stream",
    ".xmi": "application/xml",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
"""The media type of a file by how its name ends; any other is plain text."""

_DATA_TYPES: Final = {
    "text": "sc:Text",
    "whole": "sc:Integer",
    "number": "sc:Float",
    "truth": "sc:Boolean",
}


def croissant(contents: Contents, digests: Mapping[str, str]) -> bytes:
    """Return the description of a dataset as JSON-LD; `digests` are the sha256 of all its files.

    Its licence is the one that a person gave the whole; until then that of the readouts, where all
    have the same one. Its version is that of the codebook.
    """
    about: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": contents.title,
        "description": _description(contents),
        "keywords": ["diplomacy", "readouts", *contents.layers],
    }
    licence = given(contents.answers, "licence") or _of_readouts(contents)
    if licence:
        about["license"] = licence
    about["version"] = contents.book.version
    languages = sorted(language for language in contents.counts.languages if language)
    if languages:
        about["inLanguage"] = languages
    about["distribution"] = [_file(name, digest) for name, digest in sorted(digests.items())]
    about["recordSet"] = [_records(one) for one in contents.files if one.rows and one.columns]
    return f"{shown(about, indent=True)}\n".encode()


def _of_readouts(contents: Contents) -> str:
    """Return the licence that all readouts have, empty where one has another one or none."""
    licences = {one for one, count in contents.counts.licences.items() if count}
    return (licences.pop() or "") if len(licences) == 1 else ""


def _description(contents: Contents) -> str:
    alone = not given(contents.answers, "licence") and _of_readouts(contents)
    ours = " The licence is that of the readouts, not of the codings." if alone else ""
    return (
        f"{many(contents.counts.total, 'sentence')} of"
        f" {many(contents.counts.readouts, 'diplomatic readout')}, a row for each of"
        f" {many(len(contents.coders), 'coder')}, with the codebook {contents.book.stamp}; layers:"
        f" {', '.join(contents.layers)}. Form: {contents.dialect.title}. The README.md beside this"
        f" tells how to read it, and its limits.{ours}"
    )


def _file(name: str, digest: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": _ENCODINGS.get(PurePosixPath(name).suffix, "text/plain"),
        "sha256": digest,
    }


def _records(one: Written) -> dict[str, Any]:
    name = f"{one.table}/{one.split}" if one.split else one.table
    # The id of a record set must not be that of a file, which may have no suffix.
    place = f"records/{name}"
    return {
        "@type": "cr:RecordSet",
        "@id": place,
        "name": name,
        "description": f"A row for each {one.row_of}.",
        "field": [_field(column, place, one.file) for column in one.columns],
    }


def _field(column: Column, parent: str, file: str, top: str = "") -> dict[str, Any]:
    """Describe a column, or a part of the column `top`.

    Objects within objects are described in words: mlcroissant refuses whatever else can be said.
    """
    place = f"{parent}/{column.name}"
    inner = _inner(column)
    field: dict[str, Any] = {"@type": "cr:Field", "@id": place, "name": place.partition("/")[2]}
    if column.kind == "list":
        field["repeated"] = True
    if inner.kind == "struct":
        deeper = [part for part in inner.parts if _inner(part).kind == "struct"]
        if deeper:
            told = (f"{one.name} ({', '.join(_keys(one))})" for one in deeper)
            field["description"] = f"Each has objects of its own, too: {'; '.join(told)}."
        field["subField"] = [
            _field(part, place, file, column.name) for part in inner.parts if part not in deeper
        ]
        return field
    field["dataType"] = _DATA_TYPES[inner.kind]
    field["source"] = {"fileObject": {"@id": file}, "extract": {"column": top or column.name}}
    if top:
        field["source"]["transform"] = {"jsonPath": column.name}
    return field


def _inner(column: Column) -> Column:
    """Return what a list holds, and anything else as it is."""
    return column.parts[0] if column.kind == "list" else column


def _keys(column: Column) -> list[str]:
    return [part.name for part in _inner(column).parts]
