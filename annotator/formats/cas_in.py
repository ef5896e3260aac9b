"""CAS of UIMA, read: a text for each file, JSON CAS or XMI with its type system beside it.

The library cassis reads them. It makes code of the names of types and features, so these are looked
at before it sees them; it passes over offsets that are none, which is noticed here.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from cassis import load_cas_from_json, load_cas_from_xmi, load_typesystem

from annotator.errors import InputError
from annotator.files import printable, read_bytes, refusals
from annotator.formats import cas_tags
from annotator.formats.carried import KEY, all_reconciled, document_row, sentence_row, whole
from annotator.formats.cas_out import FOLDER, METADATA, SUFFIXES, TOKEN, TYPES, UNIT, XMI
from annotator.formats.cas_tags import READOUT, SENTENCE, SLOT, Clean
from annotator.formats.jsonl import json_object
from annotator.formats.told import Tag, Told
from annotator.formats.xml_in import elements
from annotator.model.record import SentenceRow

_LARGEST: Final = 100_000_000
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}(\.[A-Za-z][A-Za-z0-9_]{0,99}){0,20}")
_FEATURE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_NO_TAGS: Final = (METADATA, UNIT, TOKEN, READOUT, SENTENCE, "uima.tcas.DocumentAnnotation")
_OWN: Final = frozenset(("begin", "end", "sofa", "mark", "note", "certainty"))


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield the text of each file; `path` is a file, or a folder with files at any depth.

    Raises InputError where there is none.
    """
    suffix = SUFFIXES[variant]
    files = [path]
    if path.is_dir():
        folder = path / FOLDER if (path / FOLDER).is_dir() else path
        with refusals(path, "read"):
            files = sorted(folder.rglob(f"*{suffix}"))
        if not files:
            raise InputError(f"{printable(str(path))} has no file “…{suffix}”.")
    for file in files:
        place = printable(str(file))
        try:
            cas = _loaded(place, partial(_opened, file, variant))
            yield _told(cas, place, file.stem, cas_tags.allowed if variant == XMI else str)
        except InputError as error:
            yield error


def _object(raw: bytes, place: str) -> dict[str, Any]:
    try:
        return json_object(raw, place)
    except InputError as error:
        raise InputError(error.message, "Export it again as UIMA CAS in JSON.") from error


def _opened(file: Path, variant: str) -> Any:
    place = printable(str(file))
    raw = read_bytes(file, limit=_LARGEST)
    if variant != XMI:
        found = _object(raw, place)
        for name, about in found.get("%TYPES", {}).items():
            own = [key for key in about if not key.startswith("%")]
            _require_names(place, [name, about["%SUPER_TYPE"]], own)
        return load_cas_from_json(raw.decode())
    beside = next((at / TYPES for at in file.parents[:3] if (at / TYPES).is_file()), None)
    if beside is None:
        raise InputError(f"{place} has no {TYPES} beside it or above.", "Put it there.")
    system, said = read_bytes(beside, limit=_LARGEST), printable(str(beside))
    for one in elements(BytesIO(system), ("typeDescription",), said, limit=_LARGEST):
        names = [one.findtext("name") or "", one.findtext("supertypeName") or ""]
        features = [each.findtext("name") or "" for each in one.iter("featureDescription")]
        _require_names(said, map(str.strip, names), map(str.strip, features))
    # A document type is refused here; the parser of cassis would follow it.
    for _ in elements(BytesIO(raw), (), place, limit=_LARGEST):
        pass
    return load_cas_from_xmi(BytesIO(raw), typesystem=load_typesystem(BytesIO(system)))


def _require_names(place: str, types: Iterable[str], features: Iterable[str]) -> None:
    for names, form in ((types, _NAME), (features, _FEATURE)):
        for name in names:
            if not form.fullmatch(name):
                raise InputError(f"{place}: “{printable(name[:100])}” is no name of UIMA.")


def _loaded(place: str, load: Callable[[], Any]) -> Any:
    """Return a CAS; raises InputError for whatever cassis cannot read, or reads only in part."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            cas = load()
        except InputError:
            raise
        except (Exception, RecursionError) as error:
            said = printable(f"{type(error).__name__}: {error}"[:200])
            raise InputError(f"{place} is no CAS: {said}.") from error
    for warning in told:
        if "offset" in str(warning.message):
            raise InputError(f"{place}: {printable(str(warning.message)[:200])}.")
    return cas


def _told(cas: Any, place: str, name: str, clean: Clean) -> Told | InputError:
    text = cas.sofa_string
    if not isinstance(text, str):
        raise InputError(f"{place} has no text.")
    rows: list[SentenceRow] = []
    documents: list[object] = []
    found: list[Tag] = []
    for one in cas.select_all_annotations():
        kind = one.type.name
        if not (isinstance(one.begin, int) and isinstance(one.end, int)):
            raise InputError(f"{place} has an annotation without a place.")
        if not 0 <= one.begin <= one.end <= len(text):
            raise InputError(f"{place} has an annotation from {one.begin} to {one.end}.")
        if kind == SENTENCE and one.get(KEY):
            rows.append(sentence_row(json_object(str(one.get(KEY)).encode(), place), place))
        elif kind == READOUT and one.get(KEY):
            documents.append(json_object(str(one.get(KEY)).encode(), place))
        elif kind not in _NO_TAGS:
            found.append(_tag(one, kind))
    rows.sort(key=lambda row: row.start)
    kept, new = all_reconciled(rows, lambda row: cas_tags.tags(row, clean), found)
    if not documents:
        if any(clean(row.text) != text[row.start : row.end] for row in rows):
            raise InputError(f"{place} has another text than its rows.", "Export it again.")
        coder = rows[0].coder if rows else None
        return Told(place, _called(cas) or name, text, 0, coder, new, kept)
    document = document_row(documents[0], place)
    if clean(document.text) != text:
        raise InputError(f"{place} has another text than its readout.", "Export it again.")
    return whole(place, document, kept, new)


def _called(cas: Any) -> str | None:
    for one in cas.select_all_annotations():
        if one.type.name == METADATA and isinstance(one.get("documentId"), str):
            return str(one.get("documentId"))
    return None


def _tag(one: Any, kind: str) -> Tag:
    features = {
        feature.name: one.get(feature.name)
        for feature in one.type.all_features
        if feature.name not in _OWN and isinstance(one.get(feature.name), str)
    }
    if kind.endswith(SLOT) and "slot" in features:
        label = cas_tags.slot_label(features["slot"], features.get("value"))
        return Tag(kind, label, one.begin, one.end)
    first = next((name for name in ("label", "value", *sorted(features)) if name in features), "")
    label = features.get(first, one.type.short_name)
    return Tag(kind, label, one.begin, one.end, getattr(one, "rejected", None) is True)
