"""Changing values of a TOML file so that everything else of it stays, to the byte.

What is written is spliced into the source at the places of the values: comments, blank lines, the
order of keys and the way in which strings are quoted are those of the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.errors import InputError
from annotator.tomlfile import KeyLines, KeyPath, key_lines, key_text

Splice = tuple[int, int, str]
"""A half-open stretch of the source, in code points, and what stands there from now on."""


def edited(source: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return a source that says `after` where it said `before`.

    Both are what the source says, as JSON has it. Raises InputError where something would have to
    be taken out, which is for a person to do.
    """
    editor = _Editor(source)
    editor.compare((), before, after)
    # From the last to the first; of two at one place, what was noted first stands first.
    numbered = [(start, end, n, text) for n, (start, end, text) in enumerate(editor.splices)]
    for start, end, _, text in sorted(numbered, reverse=True):
        source = source[:start] + text + source[end:]
    return source


class _Editor:
    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: KeyLines = key_lines(source)
        self.newline = "\r\n" if "\r\n" in source else "\n"
        self.splices: list[Splice] = []

    def compare(self, path: KeyPath, before: Any, after: Any) -> None:
        """Note what has to be written at a path."""
        if before == after:
            return
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            self._tables(path, before, after)
        elif _are_tables(before) and _are_tables(after) and before:
            self._elements(path, before, after)
        elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            for place, (one, other) in enumerate(zip(before, after, strict=True)):
                self.compare((*path, place), one, other)
        else:
            start, end = self._place(path)
            indent = self._indent(start)
            self.splices.append(
                (start, end, self._rendered(after, indent, "\n" in self.source[start:end]))
            )

    def _tables(self, path: KeyPath, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        if any(key not in after for key in before):
            raise _not_without_a_person(path)
        for key, value in after.items():
            if key in before:
                self.compare((*path, key), before[key], value)
        fresh = {key: value for key, value in after.items() if key not in before}
        if not path:
            for key, value in fresh.items():
                self._append_tables(key, value)
        elif fresh:
            self._add_keys(path, fresh)

    def _add_keys(self, path: KeyPath, fresh: Mapping[str, Any]) -> None:
        """Put keys behind the last one of a table."""
        last = max(self.lines.values[own] for own in self._own(path))
        if path in self.lines.values:
            text = "".join(f", {key} = {self._inline(value)}" for key, value in fresh.items())
            self.splices.append((last[1], last[1], text))
            return
        indent, end = self._indent(last[0]), self._end_of_line(last[1])
        rows = [f"{indent}{key} = {self._rendered(v, indent)}" for key, v in fresh.items()]
        self.splices.append((end, end, self.newline + self.newline.join(rows)))

    def _own(self, path: KeyPath) -> list[KeyPath]:
        size = len(path) + 1
        own = [one for one in self.lines.values if len(one) == size and one[: size - 1] == path]
        if not own:
            raise _not_without_a_person(path)
        return own

    def _elements(self, path: KeyPath, before: Sequence[Any], after: Sequence[Any]) -> None:
        """Compare tables of an array, whose new ones stand together."""
        added = len(after) - len(before)
        if added < 0:
            raise _not_without_a_person(path)
        # A label is known by its id, which only a renaming changes, and that adds none.
        at = len(before)
        if added:
            same = (_same(one, other) for one, other in zip(before, after, strict=False))
            at = next((i for i, is_same in enumerate(same) if not is_same), len(before))
        rest = [*after[:at], *after[at + added :]]
        for place, (one, other) in enumerate(zip(before, rest, strict=True)):
            self.compare((*path, place), one, other)
        if added and at:
            self._insert((*path, at - 1), after[at : at + added])
        elif added:
            raise _not_without_a_person(path)

    def _insert(self, behind: KeyPath, tables: Sequence[Mapping[str, Any]]) -> None:
        """Put tables behind an element of an array, written as that is."""
        if behind in self.lines.values:
            end = self.lines.values[behind][1]
            gap = ", "
            start = self.lines.values[behind][0]
            if not self.source[self.source.rfind("\n", 0, start) + 1 : start].strip():
                gap = f",{self.newline}{self._indent(start)}"
            self.splices.append((end, end, "".join(gap + self._inline(table) for table in tables)))
            return
        start = self.lines.headers[behind]
        header = self.source[start : self.source.index("]]", start) + 2]
        indent = self._indent(start)
        last = max(self.lines.values[own] for own in self._own(behind))
        end = self._end_of_line(last[1])
        blocks = [self._block(header, indent, table) for table in tables]
        self.splices.append((end, end, "".join(f"{self.newline}{block}" for block in blocks)))

    def _append_tables(self, key: str, tables: Sequence[Mapping[str, Any]]) -> None:
        """Put an array of tables at the end of the file."""
        if not _are_tables(tables):
            raise _not_without_a_person((key,))
        text = "" if self.source.endswith("\n") else self.newline
        text += "".join(self._block(f"[[{key}]]", "", table) + self.newline for table in tables)
        self.splices.append((len(self.source), len(self.source), text))

    def _block(self, header: str, indent: str, table: Mapping[str, Any]) -> str:
        rows = [f"{indent}{key} = {self._rendered(v, indent)}" for key, v in table.items()]
        return self.newline.join(["", f"{indent}{header}", *rows])

    def _rendered(self, value: Any, indent: str, many_lines: bool = True) -> str:
        """Write a value; long lists of texts stand one text a line."""
        if not (many_lines and isinstance(value, list) and value and _are_long(value)):
            return self._inline(value)
        rows = [f"{indent}    {self._inline(item)}," for item in value]
        return self.newline.join(["[", *rows, f"{indent}]"])

    def _inline(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return _quoted(value)
        if isinstance(value, Mapping):
            return f"{{ {', '.join(f'{key} = {self._inline(v)}' for key, v in value.items())} }}"
        if isinstance(value, list | tuple):
            return f"[{', '.join(self._inline(item) for item in value)}]"
        return str(value)

    def _place(self, path: KeyPath) -> tuple[int, int]:
        found = self.lines.values.get(path)
        if found is None:
            raise _not_without_a_person(path)
        return found

    def _indent(self, at: int) -> str:
        line = self.source[self.source.rfind("\n", 0, at) + 1 : at]
        return line[: len(line) - len(line.lstrip())]

    def _end_of_line(self, at: int) -> int:
        feed = self.source.find("\n", at)
        end = len(self.source) if feed < 0 else feed
        return end - 1 if self.source[at:end].endswith("\r") else end


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (one.get("id") is not None and one.get("id") == other.get("id")))


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


_WIDE = 60


def _are_long(values: Sequence[Any]) -> bool:
    texts = all(isinstance(value, str) for value in values)
    return texts and sum(len(value) for value in values) > _WIDE


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _quoted(text: str) -> str:
    """Write a basic string; whatever is not printed is escaped."""
    return (
        '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _code(c)) for c in text) + '"'
    )


def _code(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def _not_without_a_person(path: KeyPath) -> InputError:
    return InputError(
        f"The codebook's file is laid out so that {key_text(path)} cannot be changed in place.",
        "Change it in an editor; “annotator codebook check” says whether it is sound.",
    )
