"""A journal's bytes piece by piece, and single flipped bits found in them by the checksums.

The CRC-32 of a line is linear: what a flipped bit changes in it depends on the bit's distance from
the end alone, and no two bits of a line change it alike. So a checksum that does not hold says
which bit, turned back, would make it hold, if any does.

How far that is proof: the CRC-32 of IEEE 802.3 keeps a Hamming distance of 4 while it covers at
most 91607 bits (P. Koopman, “32-Bit Cyclic Redundancy Codes for Internet Applications”, DSN 2002;
a test computes it again). Up to there two flipped bits of what it covers never look like a third
one, and look like one of its own digits in 64 pairs of four thousand million, in no line that is
shorter than 2801 bytes. In a line beyond, one pair in 2**32 / bits looks like a third one, so there
the bit has to be proved once more: by a line that without it could not have been written, or quotes
words that the readout lacks.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson

from annotator.model.edit import Edit
from annotator.model.readout import Readout
from annotator.store import format as form
from annotator.store import rules
from annotator.store.lines import appended
from annotator.store.migrations import line_of

SURE_BYTES: Final = 91_607 // 8
"""How many bytes a checksum may cover so that two flipped bits are never taken for another one."""

_SEAL = re.compile(rb',"crc":"([0-9a-f]{8})"\}\}(?:,"_default":\{)?')
_SEAL_LENGTH: Final = len(b',"crc":"01234567"}},"_default":{')
_BITS: Final = tuple(1 << bit for bit in range(8))
_ALMOST_LINE_FEEDS: Final = tuple(bytes([ord("\n") ^ bit]) for bit in _BITS)

# What a last byte changes in a checksum, and how to take a byte of zeros after it back.
_CHANGE: Final = tuple(zlib.crc32(bytes([byte])) ^ zlib.crc32(b"\0") for byte in range(256))
_UNDO: Final = {
    change >> 24: (change << 8 & 0xFFFFFFFF) | byte for byte, change in enumerate(_CHANGE)
}
_BIT_OF: Final = {_CHANGE[bit]: bit for bit in _BITS}

_IsLine = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in a file at one place; the next piece begins at `stop`.

    `number` is that of its first line in the file, counted from 1, and `found` its bytes. `line` is
    what was written there, without its line feed; None where neither the bytes nor a single bit of
    them prove it. `flipped` tells whether that bit was turned back.
    """

    number: int
    stop: int
    found: bytes
    line: bytes | None
    flipped: bool


class _Way(NamedTuple):
    """How a piece can be read: it ends at `end`, and the checksum alone proves a `sure` bit."""

    end: int
    line: bytes | None
    flipped: bool = True
    sure: bool = True


def pieces(raw: bytes, readout: Readout | None = None) -> Iterator[Piece]:
    """Yield a journal's head, its lines and what stands after them.

    The readout, where it is at hand, proves bits of the words that long lines quote.
    """
    start, number, place, version = 0, 1, 0, 0
    while start < len(raw):
        way = _way(raw, start, _KINDS[min(place, 2)], covered=min(place, 1))
        found, line = raw[start : way.end], way.line
        if line is not None and way.flipped and not _is_proved(way, found, version, readout):
            line = None
        if place == 0 and line is not None:
            version = _version(line)
        yield Piece(number, way.end + 1, found, line, way.flipped and line is not None)
        number += raw.count(b"\n", start, way.end + 1)
        start, place = way.end + 1, place + 1


@dataclass(frozen=True)
class Sound:
    """The lines that are proved from the start of a file on, and the bytes after them.

    `turned` holds the numbers of those in which a bit was turned back.
    """

    start: bytes
    rest: bytes
    turned: tuple[int, ...]


def sound(raw: bytes, readout: Readout | None) -> Sound:
    """Return what stands before the first piece that is not proved."""
    lines: list[bytes] = []
    turned = []
    stop = 0
    for piece in pieces(raw, readout):
        if piece.line is None:
            break
        lines.append(piece.line)
        stop = piece.stop
        if piece.flipped:
            turned.append(piece.number)
    start = b"".join(b"%b\n" % line for line in lines)
    return Sound(start, raw[stop:], tuple(turned))


def read(body: bytes, version: int) -> Edit | None:
    """Return the edit of members of a file in a format, made against nothing; None for no edit."""
    try:
        change = line_of(version)
        current = body if change is None else form.migrated(body, change)
        return form.edit(form.read_body(current), {})
    except ValueError:
        return None


def _is_ours(body: bytes, version: int, text: str | None) -> bool:
    """Tell whether members could have been written by this program, whatever their checksum."""
    edit = read(body, version)
    members = b"{%b}" % body
    if edit is None or form.canonical(orjson.loads(members)) != members:
        return False
    return text is None or rules.misquoted(rules.written(edit), text) is None


def _is_proved(way: _Way, found: bytes, version: int, readout: Readout | None) -> bool:
    """Tell whether a bit that was turned back was flipped; `version` is 0 for the head."""
    if version == 0 or way.line is None:
        return way.sure
    text = None if way.sure or readout is None else readout.text
    if not _is_ours(way.line[1:], version, text):
        return False
    return way.sure or not _is_ours(found[1:], version, text)


def _version(head: bytes) -> int:
    try:
        version: int = form.read_head(head)["format"]
    except ValueError:
        return 0
    return version


def _is_first(line: bytes) -> bool:
    return line[:1] == appended(b"", 0)[:1] and form.is_body(line[1:])


def _is_later(line: bytes) -> bool:
    return line[:1] == appended(b"", 1)[:1] and form.is_body(line[1:])


_KINDS: Final[tuple[_IsLine, ...]] = (form.is_head, _is_first, _is_later)


def _way(raw: bytes, start: int, is_line: _IsLine, *, covered: int) -> _Way:
    """Return the only way in which one bit at most makes a line of what begins at `start`.

    The checksum covers the line from its byte `covered` on.
    """
    end = _line_end(raw, start)
    found = raw[start:end]
    if is_line(found):
        return _Way(end, found, flipped=False)
    ways = [
        *(_Way(end, line, sure=sure) for line, sure in _turned_back(found, is_line, covered)),
        *_glued(raw, start, end, is_line),
        *_cut(raw, start, end, is_line),
    ]
    return ways[0] if len(ways) == 1 else _Way(end, None)


def _line_end(raw: bytes, start: int) -> int:
    end = raw.find(b"\n", start)
    return len(raw) if end < 0 else end


def _turned_back(line: bytes, is_line: _IsLine, covered: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines that one bit of this one makes, and whether the checksum alone proves it."""
    # What the checksum does not cover is little, and each bit of it is tried.
    tail = range(max(covered, len(line) - _SEAL_LENGTH), len(line))
    for place in (*range(min(covered, len(line))), *tail):
        for bit in _BITS:
            turned = _with_bit(line, place, bit)
            seal = _seal_at_end(turned)
            is_outside = seal is not None and not covered <= place < seal.start()
            if is_outside and is_line(turned):
                yield turned, True
    seal = _seal_at_end(line)
    if seal is not None:
        length = seal.start() - covered
        change = zlib.crc32(line[covered : seal.start()]) ^ int(seal[1], 16)
        for place, bit in _located(change, length):
            turned = _with_bit(line, covered + place, bit)
            if is_line(turned):
                yield turned, length <= SURE_BYTES


def _seal_at_end(line: bytes) -> re.Match[bytes] | None:
    # The quotes in what a coder wrote are escaped, so that nothing there looks like this.
    seal = _SEAL.search(line, max(0, len(line) - _SEAL_LENGTH))
    return seal if seal is not None and seal.end() == len(line) else None


def _located(change: int, length: int) -> Iterator[tuple[int, int]]:
    """Yield the bit of `length` bytes that changes their checksum like this, if there is one."""
    if change == 0:
        return
    for place in range(length - 1, -1, -1):
        if change in _BIT_OF:
            yield place, _BIT_OF[change]
            return
        change = (change << 8 & 0xFFFFFFFF) ^ _UNDO[change >> 24]


def _glued(raw: bytes, start: int, end: int, is_line: _IsLine) -> Iterator[_Way]:
    """Yield a line whose line feed became another byte."""
    seal = _SEAL.search(raw, start, end)
    if seal is not None and raw[seal.end() : seal.end() + 1] in _ALMOST_LINE_FEEDS:
        line = raw[start : seal.end()]
        if is_line(line):
            yield _Way(seal.end(), line)


def _cut(raw: bytes, start: int, end: int, is_line: _IsLine) -> Iterator[_Way]:
    """Yield a line of which a byte became a line feed."""
    if end == len(raw) or _seal_at_end(raw[start:end]) is not None:
        return
    stop = _line_end(raw, end + 1)
    for byte in _ALMOST_LINE_FEEDS:
        line = raw[start:end] + byte + raw[end + 1 : stop]
        if is_line(line):
            yield _Way(stop, line)


def _with_bit(line: bytes, place: int, bit: int) -> bytes:
    turned = bytearray(line)
    turned[place] ^= bit
    return bytes(turned)
