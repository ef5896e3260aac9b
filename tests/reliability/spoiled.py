"""What happens to a journal's file while nobody has it open."""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tinydb import TinyDB

from annotator.store import format as form
from annotator.store.lines import CLOSING

CHANGED: Final = 1_770_000_000
"""When files changed that were laid out by hand, in seconds since 1970."""


def replaced(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    """Put a changed file in a file's place, whole or not at all, and return its bytes."""
    raw = change(path.read_bytes())
    other = path.with_name(".other")
    other.write_bytes(raw)
    other.replace(path)
    return raw


def torn(raw: bytes) -> bytes:
    """Return a file whose last write was cut short in its second page."""
    return raw.removesuffix(CLOSING) + b',"1":{"start":0,"end":6' + b"3" * 9000


def aged(raw: bytes) -> bytes:
    """Return a file as format 1 wrote it, which knew of no earlier texts."""
    head, _, rest = raw.partition(b"\n")
    fields = form.read_head(head) | {"format": 1}
    fields.pop("earlier", None)
    start = b'{"about":{"1":' + form.canonical(fields)[:-1]
    return b'%b,"crc":"%08x"}},"_default":{\n%b' % (start, zlib.crc32(start), rest)


def spoiled(raw: bytes, seed: int) -> bytes:
    """Return a file with a flipped bit, other line ends or no end: all can be put right."""
    rng = random.Random(seed)  # noqa: S311 - a test that repeats
    ways: Final = (_with_flipped_bit, _with_other_line_ends, _without_end)
    return rng.choice(ways)(raw, rng)


def _with_flipped_bit(raw: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(raw) - len(CLOSING))
    return raw[:place] + bytes([raw[place] ^ 1 << rng.randrange(8)]) + raw[place + 1 :]


def _with_other_line_ends(raw: bytes, rng: random.Random) -> bytes:
    return raw.replace(b"\n", b"\r\n")


def _without_end(raw: bytes, rng: random.Random) -> bytes:
    return raw.removesuffix(CLOSING)


def rewritten(path: Path) -> None:
    """Let plain TinyDB write a file anew, at `CHANGED`."""
    with TinyDB(path) as database:
        [first, *_] = database.all()
        database.update({}, doc_ids=[first.doc_id])
    os.utime(path, (CHANGED, CHANGED))
