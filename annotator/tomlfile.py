"""TOML files as values of the model, and what is wrong with them in one sentence.

`tomllib` knows no places, so the line of a key is looked up in the source once there is something
to say about it.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from annotator.errors import InputError
from annotator.files import MAX_BYTES, printable, read_bytes, too_large

Model = TypeVar("Model", bound=BaseModel)
KeyPath = tuple[str | int, ...]
"""Keys and, for elements of arrays, their indices from 0."""


def read_toml(path: Path, model: type[Model]) -> Model:
    """Read a TOML file as a value of `model`; dates without quotation marks become text.

    Raises InputError that names the file, the line and the key, StorageError where the file
    system refuses.
    """
    return parse_toml(read_bytes(path), model, name=str(path))


def parse_toml(raw: bytes, model: type[Model], *, name: str) -> Model:
    """Read the bytes of a TOML file as `read_toml` does; `name` is what messages call it."""
    shown = printable(name)
    if len(raw) > MAX_BYTES:
        raise too_large(shown, MAX_BYTES)
    try:
        source = raw.decode("utf-8-sig")
        return model.model_validate_json(json.dumps(_plain(tomllib.loads(source), ())))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{shown}, line {line}: the byte at offset {error.start} is not UTF-8.",
            "Save the file as UTF-8.",
        ) from error
    except RecursionError as error:
        raise InputError(f"{shown} is nested too deeply.") from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(shown, source, str(error)) from error
    except ValidationError as error:
        trouble = explain(error, model)
        line = key_lines(source).line(trouble.path)
        raise InputError(f"{shown}, line {line}: {trouble}", trouble.remedy) from error
    except _BadNumber as error:
        line = key_lines(source).line(error.path)
        raise InputError(f"{shown}, line {line}: {key_text(error.path)} is no number.") from error
    except ValueError as error:  # A number of thousands of digits, for one.
        raise InputError(f"{shown}: {printable(str(error))}.") from error


class _BadNumber(Exception):  # noqa: N818 - carries a place, is never shown
    def __init__(self, path: KeyPath) -> None:
        self.path = path


def _plain(value: Any, path: KeyPath) -> Any:
    """Return what TOML can say as JSON can say it."""
    if isinstance(value, dict):
        return {key: _plain(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        raise _BadNumber(path)
    return value


_PLACE = re.compile(
    r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.S
)


def _syntax_error(shown: str, source: str, message: str) -> InputError:
    found = _PLACE.match(message)
    what = found["what"] if found else message
    line = int(found["line"]) if found and found["line"] else source.count("\n") + 1
    return InputError(
        f"{shown}, line {line}: this is not TOML: {printable(what)}.",
        "Text stands in quotation marks, and each key stands once.",
    )


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one key, as a sentence, and what to do about it."""

    path: KeyPath
    sentence: str
    remedy: str = ""

    def __str__(self) -> str:
        return self.sentence


_IS_KEY: Final = "[key]"
"""What pydantic puts behind the key of a mapping where the key itself is what is wrong."""


def explain(error: ValidationError, model: type[BaseModel]) -> Trouble:
    """Say in one sentence what is wrong with a value, and at which key.

    A key that nobody knows comes first: it is often the reason why another is missing.
    """
    found = error.errors(include_url=False)
    first = next((item for item in found if item["type"] == "extra_forbidden"), found[0])
    path: KeyPath = tuple(first["loc"])
    is_key = path[-1:] == (_IS_KEY,)
    path = path[:-1] if is_key else path
    more = f" (And {len(found) - 1} more.)" if len(found) > 1 else ""
    if first["type"] == "extra_forbidden":
        sentence, remedy = _unknown_key(path, model)
    elif first["type"] == "missing":
        sentence, remedy = f"{key_text(path)} is missing.", ""
    elif first["type"] == "value_error":
        cause = first["ctx"]["error"]
        path = (*path, *getattr(cause, "path", ()))
        sentence, remedy = f"{printable(str(cause))}.", _nearest(cause)
    else:
        what = f"the key “{key_text(path)}”" if is_key else key_text(path)
        sentence, remedy = f"{what} {_expectation(first)}.", ""
    return Trouble(path, sentence + more, remedy)


_QUOTED = re.compile(r"'([^']*)'")


def _nearest(cause: object) -> str:
    """Say which value was meant, where what is wrong says which there are."""
    wrong, known = getattr(cause, "wrong", None), getattr(cause, "known", ())
    if not known:
        return ""
    near = get_close_matches(str(wrong), known, n=1)
    listed = printable(", ".join(known))
    return f"Did you mean “{printable(near[0])}”?" if near else f"There are: {listed}."


def _expectation(item: Any) -> str:
    context = item.get("ctx", {})
    if item["type"] == "literal_error":
        near = get_close_matches(
            str(item.get("input", "")), _QUOTED.findall(context["expected"]), 1
        )
        meant = f" (did you mean “{near[0]}”?)" if near else ""
        return f"must be one of {context['expected']}{meant}"
    if item["type"] == "string_pattern_mismatch":
        return f"does not fit the pattern {context['pattern']}"
    if item["type"] == "json_invalid":
        return f"cannot be read: {context['error']}"
    return str(item["msg"]).replace("Input should", "should")


def _unknown_key(path: KeyPath, model: type[BaseModel]) -> tuple[str, str]:
    key = str(path[-1])
    known = _known_keys(model.model_json_schema(), path[:-1])
    near = get_close_matches(key, known, n=1)
    remedy = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(known)}."
    return f"there is no key “{key_text(path)}”.", remedy if known else ""


def _known_keys(schema: dict[str, Any], path: Sequence[str | int]) -> list[str]:
    node = schema
    for step in path:
        node = _resolved(schema, node)
        if isinstance(step, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(step) or node.get("additionalProperties") or {}
    return list(_resolved(schema, node).get("properties", {}))


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    for choice in node.get("anyOf", []):
        if choice.get("type") != "null":
            node = choice
            break
    if "$ref" in node:
        return dict(schema["$defs"][node["$ref"].rpartition("/")[2]])
    return node


def key_text(path: KeyPath) -> str:
    """Return a key path as people write it: `layers[0].labels[3].key`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return printable(text.removeprefix(".")) or "the file"


@dataclass
class KeyLines:
    """The lines, from 1, on which the keys of a TOML source stand, and those of its pairs end.

    `values` holds the half-open stretch of each value, in code points, and `headers` where the
    header of each table begins. All are in the order of the source.
    """

    places: dict[KeyPath, int] = field(default_factory=dict)
    ends: dict[KeyPath, int] = field(default_factory=dict)
    values: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    headers: dict[KeyPath, int] = field(default_factory=dict)

    def line(self, path: KeyPath) -> int:
        """Return the line of a key, or of the nearest table around it."""
        known = (path[:size] for size in range(len(path), 0, -1))
        return next((self.places[part] for part in known if part in self.places), 1)


def key_lines(source: str) -> KeyLines:
    """Find the keys of a source that `tomllib` has read without complaint."""
    scanner = _Scanner(source)
    scanner.scan()
    return KeyLines(scanner.places, scanner.ends, scanner.values, scanner.headers)


_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*(?P<part>"(?:[^"\\]|\\.)*+"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\]++|\\.)*+"'
    r"|'[^']*'",
    re.S,
)
_BARE = re.compile(r"[^,\]}#\n]+")


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.places: dict[KeyPath, int] = {}
        self.ends: dict[KeyPath, int] = {}
        self.values: dict[KeyPath, tuple[int, int]] = {}
        self.headers: dict[KeyPath, int] = {}
        self._feeds = [found.start() for found in re.finditer("\n", source)]
        self._sizes: dict[KeyPath, int] = {}

    def scan(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.source):
            start = self.at
            if self._take("[["):
                table = self._next_element(self._header())
                self._take("]]")
                self.headers[table] = start
            elif self._take("["):
                table = self._header()
                self._take("]")
                self.headers[table] = start
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        *tables, last = self._key()
        path: KeyPath = ()
        for name in tables:
            path = self._latest((*path, name))
        return self._note((*path, last))

    def _next_element(self, path: KeyPath) -> KeyPath:
        index = self._sizes.get(path, 0)
        self._sizes[path] = index + 1
        return self._note((*path, index))

    def _latest(self, path: KeyPath) -> KeyPath:
        return (*path, self._sizes[path] - 1) if path in self._sizes else path

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        path = (*table, *self._key())
        self._note(path, start)
        self._take("=")
        self._value(path)
        self.ends[path] = bisect_left(self._feeds, self.at) + 1

    def _value(self, path: KeyPath) -> None:
        self._skip(_BLANK)
        start = self.at
        self._pass_value(path)
        self.values[path] = (start, start + len(self.source[start : self.at].rstrip()))

    def _pass_value(self, path: KeyPath) -> None:
        if self._take("["):
            index = 0
            while not self._end_of("]"):
                self._note((*path, index))
                self._value((*path, index))
                index += 1
        elif self._take("{"):
            while not self._end_of("}"):
                self._pair(path)
        elif not self._skip(_STRING) and not self._skip(_BARE):
            self.at += 1  # No valid source comes here; a scanner must not stand still.

    def _end_of(self, bracket: str) -> bool:
        self._skip(_BLANK)
        if self._take(","):
            self._skip(_BLANK)
        return self._take(bracket) or self.at >= len(self.source)

    def _key(self) -> list[str]:
        parts = []
        while found := _KEY_PART.match(self.source, self.at):
            self.at = found.end()
            part = found["part"]
            parts.append(_unquoted(part))
            if not self._take("."):
                break
        return parts

    def _note(self, path: KeyPath, at: int | None = None) -> KeyPath:
        line = bisect_left(self._feeds, self.at if at is None else at) + 1
        self.places.setdefault(path, line)
        return path

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.source, self.at)
        if found:
            self.at = found.end()
        return bool(found)

    def _take(self, text: str) -> bool:
        taken = self.source.startswith(text, self.at)
        self.at += len(text) if taken else 0
        return taken


def _unquoted(part: str) -> str:
    return str(tomllib.loads(f"k = {part}")["k"]) if part[0] in "\"'" else part
