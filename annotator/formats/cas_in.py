"""CAS of UIMA, read: a text for each file, JSON CAS or XMI with its type system beside it.

Each feature that is a text is a label; relations with `Governor` and `Dependent` lead between the
first labels of both. What else an annotation has is counted and named as not read.

The library cassis reads them. It makes code of the names of types and features, so these are looked
at before it sees them; it passes over offsets that are none, which is noticed here.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from cassis import load_cas_from_json, load_cas_from_xmi, load_typesystem

from annotator.errors import InputError, PartUnread, PassedOver
from annotator.files import printable, read_bytes
from annotator.formats import cas_tags
from annotator.formats.carried import KEY, document_row, sentence_row, whole
from annotator.formats.cas_out import FOLDER, METADATA, SUFFIXES, TOKEN, TYPES, UNIT, XMI
from annotator.formats.cas_tags import CUSTOM, READOUT, SENTENCE, SLOT, Clean
from annotator.formats.jsonl import json_object
from annotator.formats.reading import files_below
from annotator.formats.reconciling import all_reconciled
from annotator.formats.revalued import VALUES, with_values
from annotator.formats.told import Relation, Tag, Told
from annotator.formats.whose import document_of, with_coders
from annotator.formats.xml_in import elements
from annotator.model.record import MarkRecord, SentenceRow

_LARGEST: Final = 100_000_000
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}(\.[A-Za-z][A-Za-z0-9_]{0,99}){0,20}")
_FEATURE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_NO_TAGS: Final = (METADATA, UNIT, TOKEN, READOUT, SENTENCE, "uima.tcas.DocumentAnnotation")
_PLACE: Final = frozenset(("begin", "end", "sofa"))
_OWN: Final = _PLACE | {"mark", "note", "certainty"}
_ENDS: Final = frozenset(("Governor", "Dependent"))
_SILENT: Final = _PLACE | _ENDS | {"rejected", "mark"}
_MOST: Final = 12
_AGAIN: Final = "Export it again as UIMA CAS in JSON."


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield the text of each file; `path` is a file, or a folder with files at any depth.

    Raises InputError where there is none.
    """
    suffix = SUFFIXES[variant]
    files = [path]
    if path.is_dir():
        folder = path / FOLDER if (path / FOLDER).is_dir() else path
        files = files_below(folder, suffix)
        if not files:
            raise InputError(f"{printable(str(path))} has no file “…{suffix}”.")
    told = ((file, one) for file in files for one in _file(file, variant))
    yield from with_coders(path, told) if path.is_dir() else (one for _, one in told)


def _file(file: Path, variant: str) -> Iterator[Told | InputError]:
    place = printable(str(file))
    try:
        cas = _loaded(place, partial(_opened, file, variant))
        found = _Found(place)
        yield _told(cas, found, file, cas_tags.allowed if variant == XMI else str)
        yield from found.passed()
    except InputError as error:
        yield error


def _object(raw: bytes, place: str) -> dict[str, Any]:
    try:
        raw.decode()
        return json_object(raw, place)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        why = f"{place}, line {line}: the byte at offset {error.start} of the file is not UTF-8."
        raise InputError(f"{why} Nothing of it was read.", _AGAIN) from error
    except InputError as error:
        raise InputError(error.message, _AGAIN) from error


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
            raise InputError(
                f"{place} is no CAS: the library cassis cannot make sense of it.",
                "Export it again as UIMA CAS.",
            ) from error
    for warning in told:
        if "offset" in str(warning.message):
            raise InputError(f"{place}: {printable(str(warning.message)[:200])}.")
    return cas


@dataclass
class _Found:
    """What annotations say beyond the rows of ours, by the identity of each of them.

    `unread` counts the values that become no label, by their type and feature, `loose` the
    relations that lack an end. `values` has slots and their values by the mark, the type and the
    place of their annotations.
    """

    place: str
    tags: dict[int, tuple[Tag, ...]] = field(default_factory=dict)
    between: list[Any] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    loose: int = 0
    values: dict[tuple[object, ...], list[tuple[str, str]]] = field(default_factory=dict)

    def take(self, one: Any, kind: str) -> None:
        """Take an annotation: a relation once all are there, any other as its labels."""
        if {feature.name for feature in one.type.all_features} >= _ENDS:
            self.between.append(one)
            for feature, _ in [*_labels(one)][1:]:
                self.unread[f"“{feature}” of {one.type.short_name}"] += 1
        else:
            self.tags[id(one)] = tuple(_tags(one, kind))
        features = dict(_texts(one))
        if kind.endswith(SLOT) and {"slot", "value"} <= features.keys():
            own = one.get("mark"), kind, one.begin, one.end
            self.values.setdefault(own, []).append((features["slot"], features["value"]))
        self._count(one)

    def said(self, row: SentenceRow, mark: MarkRecord) -> dict[str, list[str]]:
        """Return the values of a mark that stand on its sentence, by their slots."""
        own = mark.id, f"{cas_tags.type_of(mark.layer)}{SLOT}", row.start, row.end
        found: dict[str, list[str]] = {}
        for slot, value in self.values.get(own, ()):
            found.setdefault(slot, []).append(value)
        return found

    def _count(self, one: Any) -> None:
        own = one.type.name.startswith(CUSTOM) and one.get("mark") is not None
        for feature in () if own else one.type.all_features:
            value = one.get(feature.name)
            silent = feature.name in _SILENT or value is None or value is False
            if not silent and not (isinstance(value, str) and feature.name not in _OWN):
                self.unread[f"“{feature.name}” of {one.type.short_name}"] += 1

    def relations(self) -> tuple[Relation, ...]:
        """Return the relations between annotations with a label; any other is counted."""
        found = []
        for one in self.between:
            between = [one.get(key) for key in ("Governor", "Dependent")]
            ends = [self.tags.get(id(end)) for end in between]
            if all(ends):
                head, child = (end[0] for end in ends if end)
                found.append(Relation(next(_labels(one))[1], head, child))
            else:
                self.unread[f"relations {one.type.short_name}"] += 1
                self.loose += None in between
        return tuple(found)

    def passed(self) -> Iterator[PartUnread]:
        """Yield what was not read and how often, in one sentence, where there is anything."""
        if self.unread:
            named = sorted(self.unread.items())
            said = ", ".join(f"{what} ({times:,})" for what, times in named[:_MOST])
            more = f" and {len(named) - _MOST:,} more" if len(named) > _MOST else ""
            kind = PartUnread if self.loose else PassedOver
            yield kind(f"{self.place}: {printable(said)}{more} are not read.")


def _told(cas: Any, beyond: _Found, file: Path, clean: Clean) -> Told | InputError:
    place, text = beyond.place, cas.sofa_string
    if not isinstance(text, str):
        raise InputError(f"{place} has no text.")
    rows: list[SentenceRow] = []
    documents: list[object] = []
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
            beyond.take(one, kind)
    rows.sort(key=lambda row: row.start)
    rows = [with_values(row, partial(beyond.said, row), VALUES, clean) for row in rows]
    found = [tag for tags in beyond.tags.values() for tag in tags]
    kept, new = all_reconciled(rows, lambda row: cas_tags.tags(row, clean), found)
    related = beyond.relations()
    if not documents:
        if any(clean(row.text) != text[row.start : row.end] for row in rows):
            raise InputError(f"{place} has another text than its rows.", "Export it again.")
        name, owner = document_of(file, *_called(cas))
        coder = rows[0].coder if rows else owner
        return Told(place, name, text, 0, coder, new, kept, relations=related)
    document = document_row(documents[0], place)
    if clean(document.text) != text:
        raise InputError(f"{place} has another text than its readout.", "Export it again.")
    told = whole(place, document, kept, new)
    return replace(told, relations=related) if isinstance(told, Told) else told


def _called(cas: Any) -> Iterator[str | None]:
    """Yield the id and the title of a document; INCEpTION has its coder and its name there."""
    about = next((one for one in cas.select_all_annotations() if one.type.name == METADATA), None)
    for feature in ("documentId", "documentTitle"):
        said = about.get(feature) if about is not None else None
        yield said if isinstance(said, str) else None


def _tags(one: Any, kind: str) -> Iterator[Tag]:
    """Yield a tag for each feature that is a text: of the first, the type is the field."""
    features = dict(_texts(one))
    if kind.endswith(SLOT) and "slot" in features:
        label = cas_tags.slot_label(features["slot"], features.get("value"))
        yield Tag(kind, label, one.begin, one.end)
        return
    rejected = getattr(one, "rejected", None) is True
    for number, (feature, label) in enumerate(_labels(one)):
        named = f"{kind}:{feature}" if number else kind
        yield Tag(named, label, one.begin, one.end, rejected)


def _texts(one: Any) -> Iterator[tuple[str, str]]:
    for feature in one.type.all_features:
        value = one.get(feature.name)
        if feature.name not in _OWN and isinstance(value, str):
            yield feature.name, value


def _labels(one: Any) -> Iterator[tuple[str, str]]:
    """Yield each feature that is a text, what is called a label first; the type where none is."""
    features = dict(_texts(one))
    first = [name for name in ("label", "value") if name in features]
    names = list(dict.fromkeys((*first, *sorted(features))))
    yield from ((name, features[name]) for name in names)
    if not names:
        yield "", one.type.short_name
