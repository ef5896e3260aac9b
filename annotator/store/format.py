"""The written form: an edit as one line of a TinyDB file, and back.

A journal is one JSON object. Its first line, the head, says whose it is and opens TinyDB's default
table; every further line is one edit, a run of that table's members; `}}` closes the object:

    {"about":{"1":{"format":5,…,"crc":"0f3a…"}},"_default":{
     "1":{"start":0,…,"_":{"rev":1}},"2":{…,"_":{"rev":1,"act":"import",…,"crc":"91c2…"}}
    ,"2":{"start":40,…,"_":{"rev":2,"act":"edit",…,"crc":"7d10…"}}
    }}

A member is a document as it stands after the edit. JSON readers keep the last of equal names, so
they see the current state; the lines that they skip over are the history. `_` holds what is no
field of the document: how often it was written (`rev`), whether it is `gone`, and, in the last
member of a line, the edit's act, time and words, and the line's checksum. All of it is ASCII, so
that no reader splits a line and no reader's encoding matters.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from typing import Annotated, Any, Final, cast

import orjson
from pydantic import Field

from annotator.model.base import Value
from annotator.model.edit import Act, Change, Document, Edit
from annotator.store import rules
from annotator.store.base import Header

_HEAD_START: Final = b'{"about":{"1":'
_HEAD_END: Final = b'}},"_default":{'
_LINE_END: Final = b"}}"
_BEFORE_CRC: Final = b',"crc":"'
_CRC_LENGTH: Final = len(_BEFORE_CRC) + 8 + 1
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Within a string every quote is escaped, and no document holds an object under a number, so these
# bytes stand where a member or what is said of it begins, and nowhere else.
_MEMBER: Final = b'"%d":{'
_NEXT_MEMBER: Final = re.compile(rb',"\d+":\{')
_SAID: Final = b'"_":{'


Fields = dict[str, Any]
"""A JSON object."""


class _About(Value):
    rev: Annotated[int, Field(ge=1)]
    gone: bool = False
    act: Act | None = None
    at: str | None = None
    what: str | None = None
    crc: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One edit as it was read: for each key its revision and its fields, None where it is gone."""

    act: Act
    at: str
    what: str
    revisions: dict[int, int]
    fields: dict[int, dict[str, Any] | None]


def canonical(value: object) -> bytes:
    """Return a value as JSON in ASCII, without spaces; raises TypeError where it has no JSON.

    Integers of more than 64 bits have none here: readers would take them for fractions.
    """
    raw = orjson.dumps(value)
    if raw.isascii():
        return raw
    return _NOT_ASCII.sub(lambda run: encode_basestring_ascii(run[0])[1:-1], raw.decode()).encode()


def head(header: Header) -> bytes:
    """Return the first line of a journal, without its line feed."""
    return _sealed(_HEAD_START + canonical(header.model_dump())[:-1], _HEAD_END)


def is_head(line: bytes) -> bool:
    """Tell whether a first line is, bit for bit, one that `head` wrote."""
    return line.startswith(_HEAD_START) and _is_sealed(line, _HEAD_END)


def read_head(line: bytes) -> Fields:
    """Return the fields of a first line that `is_head`, of whatever format.

    Raises ValueError where it says nothing that can be understood.
    """
    fields = orjson.loads(line[len(_HEAD_START) : -len(_HEAD_END)] + b"}")
    if not isinstance(fields.get("format"), int):
        raise ValueError("a head says its format")
    fields.pop("crc", None)
    return cast(Fields, fields)


def header(fields: Fields) -> Header:
    """Return the header that the fields of a first line of the current format make.

    Raises ValueError where they make none.
    """
    return Header.model_validate_json(orjson.dumps(fields))


def migrated(body: bytes, line: Callable[[Fields], Fields]) -> bytes:
    """Return the members of a line of an older format in the form that `line` gives them.

    Raises ValueError where they are none.
    """
    members = orjson.loads(b"{%b}" % body)
    said = [isinstance(one, dict) and isinstance(one.get("_"), dict) for one in members.values()]
    if not said or not all(said):
        raise ValueError("a member is a document, and the last one says what was done")
    next(reversed(members.values()))["_"].pop("crc", None)
    changed = {
        name: {
            **{field: value for field, value in member.items() if field != "_"},
            "_": member["_"],
        }
        for name, member in line(members).items()
    }
    return _sealed(canonical(changed)[1 : -len(_LINE_END) - 1], _LINE_END)


def body(edit: Edit, revisions: Mapping[int, int]) -> bytes:
    """Return the members that an edit writes; `revisions` says how often each was written before.

    Raises ValueError where the edit has no written form: it changes nothing, touches a document
    twice, or puts another thing than a cast at the cast's key.
    """
    rules.require_form(edit)
    last = edit.changes[-1]
    act = {"act": edit.act, "at": edit.at, "what": edit.what}
    members = []
    for change in edit.changes:
        about: dict[str, object] = {"rev": revisions.get(change.key, 0) + 1}
        if change.after is None:
            about["gone"] = True
        if change is last:
            about |= act
        fields = {} if change.after is None else change.after.model_dump()
        members.append(b'"%d":%b' % (change.key, canonical({**fields, "_": about})))
    return _sealed(b",".join(members)[: -len(_LINE_END)], _LINE_END)


def is_body(line: bytes) -> bool:
    """Tell whether members are, bit for bit, some that `body` wrote."""
    return _is_sealed(line, _LINE_END)


def read_body(line: bytes) -> Line:
    """Return what members say; raises ValueError where they cannot be understood."""
    members = orjson.loads(b"{%b}" % line)
    revisions: dict[int, int] = {}
    fields: dict[int, dict[str, Any] | None] = {}
    about = None
    for name, member in members.items():
        if not isinstance(member, dict):
            raise ValueError(f"member {name} is no document")
        about = _About.model_validate(member.pop("_", None))
        key = int(name)
        if key < 0 or str(key) != name:
            raise ValueError(f"{name} is no key")
        revisions[key] = about.rev
        fields[key] = None if about.gone else member
    if about is None or about.act is None or about.at is None or about.what is None:
        raise ValueError("a line says who did what when")
    return Line(about.act, about.at, about.what, revisions, fields)


def said(line: bytes) -> tuple[Act, str, str]:
    """Return the act, the time and the words of members, without reading their documents.

    Raises ValueError where they cannot be understood.
    """
    start = line.rfind(_SAID) + len(_SAID) - 1
    about = _About.model_validate(orjson.loads(line[start:-1]))
    if about.act is None or about.at is None or about.what is None:
        raise ValueError("a line says who did what when")
    return about.act, about.at, about.what


def last_to_write(lines: Sequence[bytes], before: int, key: int) -> int | None:
    """Return the place of the last line before a place whose members write a key, or None."""
    member = _MEMBER % key
    return next((place for place in range(before - 1, -1, -1) if member in lines[place]), None)


def written(line: bytes, key: int) -> tuple[int, Document | None]:
    """Return a key's revision and document from members that write it, without reading the others.

    Raises ValueError where it cannot be understood.
    """
    start = line.index(_MEMBER % key)
    end = _NEXT_MEMBER.search(line, start)
    fields = orjson.loads(b"{%b}" % line[start : end.start() if end else None])[str(key)]
    about = _About.model_validate(fields.pop("_", None))
    return about.rev, document(key, None if about.gone else fields)


def document(key: int, fields: dict[str, Any] | None) -> Document | None:
    """Return the document of a key from its fields; raises ValueError where they are none."""
    if fields is None:
        return None
    try:
        raw = orjson.dumps(fields)
    except TypeError as error:
        raise ValueError("nested deeper than any document") from error
    return rules.model(key).model_validate_json(raw)


def changes(
    line: Line, docs: Mapping[int, Document | None], made: Mapping[int, Document]
) -> tuple[Change, ...]:
    """Return what a line changed that was written when `docs` was the state.

    What it wrote and is `made` already is not made again.
    Raises ValueError where a document cannot be understood.
    """
    return tuple(
        Change(
            key=key, before=docs.get(key), after=made[key] if key in made else document(key, fields)
        )
        for key, fields in line.fields.items()
    )


def edit(line: Line, docs: Mapping[int, Document | None]) -> Edit:
    """Return the edit of a line that was written when `docs` was the state.

    Raises ValueError where a document cannot be understood.
    """
    return Edit(act=line.act, at=line.at, what=line.what, changes=changes(line, docs, {}))


def _sealed(start: bytes, end: bytes) -> bytes:
    return b'%b%b%08x"%b' % (start, _BEFORE_CRC, zlib.crc32(start), end)


def _is_sealed(line: bytes, end: bytes) -> bool:
    return line == _sealed(line[: -len(end) - _CRC_LENGTH], end)
