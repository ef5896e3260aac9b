"""Many journals at a glance: where their lines lead, at little cost.

What is read here is for counting and finding. Whoever writes, shows or exports a coding reads it
with the store, which looks at every value.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from annotator.files import printable
from annotator.model.edit import Act
from annotator.store import rules
from annotator.store.base import Header
from annotator.store.disk import Disk
from annotator.store.history import fold
from annotator.store.reading import settled

Fields = dict[str, Any]
"""A document as it stands in the file."""

_ORIGIN: Final = 2
_CRC: Final = slice(-11, -3)


@dataclass(frozen=True)
class Glance:
    """A journal's documents by key as they stand in its file, and the checksum of each line.

    `origin` holds the checksums of the head and the first lines: a file that was only written on
    keeps them.
    """

    header: Header
    docs: Mapping[int, Fields]
    checksums: Sequence[str]
    origin: Sequence[str]


Told = Callable[[Act, str, str, Sequence[tuple[int, Fields | None, Fields | None]]], None]
"""Told of each act: its kind, its time, what it says of itself, and each key with its document
before and after."""


def _nobody(act: Act, at: str, what: str, changes: object) -> None:
    """Pass over what was done."""


def glance(
    path: Path,
    coder: str,
    readout: str,
    *,
    sample: bool = False,
    strict: bool = False,
    told: Told = _nobody,
) -> Glance | None:
    """Read a coder's journal of a readout, None where there is none.

    Checksums and the order of revisions are verified, the values of documents only if `strict`;
    then nobody is `told` of the acts.
    Raises DamagedFile, NewerFormat, InputError and StorageError as the store's `read` does; without
    `strict`, also ValueError, TypeError, LookupError or AttributeError where lines are not as this
    version of the program writes them.
    """
    found = settled(Disk(), path)
    if found is None:
        return None
    lines, shown = found.lines, printable(str(path))
    rules.require_place(lines.header, coder, readout, sample=sample, name=shown)
    if strict:
        models = fold(lines.bodies, shown).docs
        docs = {key: document.model_dump() for key, document in models.items()}
    else:
        docs = _folded(lines.bodies, told)
    checksums = [body[_CRC].decode("ascii") for body in lines.bodies]
    origin = (f"{zlib.crc32(lines.head):08x}", *checksums[:_ORIGIN])
    return Glance(lines.header, docs, checksums, origin)


def _folded(bodies: Sequence[bytes], told: Told) -> dict[int, Fields]:
    docs: dict[int, Fields] = {}
    revisions: dict[int, int] = {}
    for body in bodies:
        about: Fields = {}
        changes = []
        for name, document in orjson.loads(b"{%b}" % body).items():
            about = document.pop("_")
            key, revision = int(name), about["rev"]
            known = revisions.get(key, 0)
            if not 0 < revision <= known + 1 or str(key) != name or key < 0:
                raise ValueError(f"item {name} is out of order")
            revisions[key] = max(known, revision)
            before = docs.pop(key, None)
            if not about.get("gone"):
                docs[key] = document
            changes.append((key, before, docs.get(key)))
        if not (about["act"] and about["at"] is not None and about["what"] is not None):
            raise ValueError("a line says who did what when")
        told(about["act"], about["at"], about["what"], changes)
    return docs
