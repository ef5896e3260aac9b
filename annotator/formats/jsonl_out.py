"""Values as lines of JSON that every reader splits at the same places."""

from __future__ import annotations

import re

import orjson

from annotator.model.base import Value

_LINE_ENDS = {char: f"\\u{ord(char):04x}".encode() for char in "\x85\u2028\u2029"}
_LINE_END_BYTES = {char.encode(): escape for char, escape in _LINE_ENDS.items()}
# What a terminal obeys or a reader does not see: DEL, C1, bidirectional and zero-width characters.
_HIDDEN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def dumps(row: Value) -> bytes:
    """Return a row as one line of UTF-8 with its line feed, its keys in the order of its fields.

    Characters at which some readers split lines are escaped: JSON itself escapes those below the
    space (U+000B, U+000C, U+001C to U+001E among them), this function U+0085, U+2028 and U+2029.
    """
    return line(row.model_dump())


def line(value: object) -> bytes:
    """Return plain values as one line of JSON, escaped as `dumps` does."""
    raw = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    for char, escape in _LINE_END_BYTES.items():
        if char in raw:
            raw = raw.replace(char, escape)
    return raw


def shown(value: object, *, indent: bool = False) -> str:
    """Return plain values as JSON that may be shown: hidden characters are escaped as well."""
    raw = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    return _HIDDEN.sub(lambda found: f"\\u{ord(found.group()):04x}", raw)
