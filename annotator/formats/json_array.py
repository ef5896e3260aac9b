"""A JSON array of objects of any length, read one object at a time."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.files import MAX_BYTES, opened, printable, too_large
from annotator.formats.jsonl import no_number, strict_decoder
from annotator.formats.reading import left_out

_CHUNK = 1 << 16
_SPACE = " \t\r\n"
_NO_TEXT = re.compile("[\udc80-\udcff]")
"""What stands for a byte that is not UTF-8; no text in UTF-8 holds one."""
# Finds where an object ends that a strict decoder refuses.
_LENIENT = json.JSONDecoder(parse_int=len, parse_constant=len)
_AN_ARRAY = "The file holds one JSON array of objects, in UTF-8."


def json_array(path: Path) -> Iterator[tuple[str, dict[str, Any] | InputError]]:
    """Yield the place of each object of an array, ready to be shown, and it or what is wrong.

    An object with a byte that is not UTF-8 is wrong. Raises InputError where the file is no such
    array, which may show after some objects, and where one is longer than `MAX_BYTES` characters:
    nothing after that can be read. Raises StorageError where the file is refused.
    """
    yield from _Reading(path).objects()


class _Reading:
    """A file that is read in pieces; `_at` is where reading stands in what is there of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text = ""
        self._at = 0
        self._line = 1
        self._ended = False

    def objects(self) -> Iterator[tuple[str, dict[str, Any] | InputError]]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="surrogateescape")
        with opened(self._path) as file:

            def more(size: int) -> None:
                raw = file.read(size)
                self._ended = len(raw) < size
                self._text = self._text[self._at :] + decoder.decode(raw, self._ended)
                self._at = 0

            self._more = more
            self._expect("[")
            if self._next() == "]":
                self._at += 1
            else:
                yield from self._rest()
            if self._next():
                raise self._wrong("goes on after its end", self._at)

    def _rest(self) -> Iterator[tuple[str, dict[str, Any] | InputError]]:
        while True:
            if self._next() != "{":
                raise self._wrong("has no object here", self._at)
            yield self._shown(), self._object()
            if self._next() == "]":
                self._at += 1
                return
            self._expect(",")

    def _next(self) -> str:
        """Return the next character that is no white space, empty at the end."""
        while True:
            while self._at < len(self._text) and (char := self._text[self._at]) in _SPACE:
                self._line += char == "\n"
                self._at += 1
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more(_CHUNK)

    def _expect(self, char: str) -> None:
        if self._next() != char:
            raise self._wrong(f"lacks a “{char}”", self._at)
        self._at += 1

    def _object(self) -> dict[str, Any] | InputError:
        decoder, wrong = strict_decoder(self._shown()), None
        while True:
            try:
                item, end = decoder.raw_decode(self._text, self._at)
                break
            except json.JSONDecodeError as error:
                length = len(self._text) - self._at
                if self._ended or _NO_TEXT.match(self._text, error.pos):
                    raise self._wrong(f"is not JSON: {error.msg}", error.pos) from error
                if length > MAX_BYTES:
                    raise too_large(f"An object of {self._shown()}", MAX_BYTES) from error
                self._more(max(_CHUNK, length))  # So a long one is not read again and again.
            except RecursionError as error:
                raise self._wrong("is nested too deeply") from error
            except InputError as error:
                decoder, wrong = _LENIENT, error
            except ValueError as error:  # A number that is none, or has thousands of digits.
                decoder, wrong = _LENIENT, self._wrong(f"is not JSON: {no_number(error)}")
        # A string may hold such a byte, and the object still has an end.
        if bad := _NO_TEXT.search(self._text, self._at, end):
            wrong = left_out(self._wrong("", bad.start()), "The object that has it")
        self._line += self._text.count("\n", self._at, end)
        self._at = end
        found: dict[str, Any] = item
        return wrong or found

    def _shown(self, at: int = 0) -> str:
        """Return the line of a place, if not of where reading stands."""
        line = self._line + self._text.count("\n", self._at, at)
        return printable(f"{self._path}, line {line}")

    def _wrong(self, what: str, at: int = 0) -> InputError:
        """Return what is wrong at a place: before all else, that it is not UTF-8."""
        if _NO_TEXT.match(self._text, at):
            what = f"has the byte 0x{ord(self._text[at]) - 0xDC00:02X}, which is not UTF-8"
        return InputError(f"{self._shown(at)} {what}.", _AN_ARRAY)
