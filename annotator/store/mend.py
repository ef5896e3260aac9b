"""Placeholder until the engine lands."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from annotator.store.lines import parse, render


@dataclass(frozen=True)
class Mended:
    """What a file becomes."""

    data: bytes
    how: str
    kind: str
    lost: str = ""


def mend(raw: bytes, name: str, at: str) -> Mended | None:
    """Mend."""
    lines = parse(raw, name)
    if lines.torn:
        return Mended(
            render(lines.head, lines.bodies), "a write that was cut short was taken back", "torn"
        )
    return None


def name_aside(name: str, raw: bytes) -> str:
    """Name."""
    return f".{name.removesuffix('.json')}.damaged-{zlib.crc32(raw):08x}.json"
