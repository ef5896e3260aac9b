"""A dataset as JSON Lines: its rows as bytes, its labels, its card and its checksums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from annotator.files import HIDDEN, printable
from annotator.model.base import Value
from annotator.model.codebook import Codebook, Layer

SENTENCES: Final = "sentences.jsonl"
ATTRIBUTIONS: Final = "attributions.jsonl"
COMMITMENTS: Final = "commitments.jsonl"
DOCUMENTS: Final = "documents.jsonl"
LABELS: Final = "labels.json"
CARD: Final = "README.md"
CHECKSUMS: Final = "checksums.txt"
ROW_FILES: Final = (SENTENCES, ATTRIBUTIONS, COMMITMENTS, DOCUMENTS)

_LINE_ENDS = {char.encode(): f"\\u{ord(char):04x}".encode() for char in "\x85\u2028\u2029"}
_CHECKSUM = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._-]*)")


def dumps(row: Value) -> bytes:
    """Return a row as one line of UTF-8 with its line feed, its keys in the order of its fields.

    Characters at which some readers split lines are escaped: JSON itself escapes those below the
    space (U+000B, U+000C, U+001C to U+001E among them), this function U+0085, U+2028 and U+2029.
    """
    # The fields of a frozen value are what its own serialiser would give, at a third of the cost.
    raw = orjson.dumps(vars(row), default=vars, option=orjson.OPT_APPEND_NEWLINE)
    for char, escape in _LINE_ENDS.items():
        if char in raw:
            raw = raw.replace(char, escape)
    return raw


def shown(value: object, *, indent: bool = False) -> str:
    """Return plain values as JSON that may be shown: what `printable` would replace is escaped."""
    raw = orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    if printable(raw) == raw:
        return raw
    escaped = raw.translate(_ESCAPES)
    if printable(escaped) == escaped:
        return escaped
    # Marks that pile up are harmless one by one: only without any does the pile go.
    return "".join(char if char.isascii() else _escape(ord(char)) for char in escaped)


def _escape(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


# Below the space, JSON has escaped what stands in strings; what is left lays the text out.
_ESCAPES = {code: _escape(code) for code in HIDDEN if code >= ord(" ")}


def labels(book: Codebook, layers: Iterable[Layer]) -> bytes:
    """Return what the labels of a dataset mean: the layers of the codebook as JSON."""
    about = book.model_dump(mode="json", exclude={"layers"})
    described = [layer.model_dump(mode="json") for layer in layers]
    return f"{shown({**about, 'layers': described}, indent=True)}\n".encode()


def checksums(digests: Mapping[str, str]) -> bytes:
    """Return sha256 digests by file name in the form that `sha256sum -c` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def read_checksums(raw: bytes) -> dict[str, str] | None:
    """Return digests by file name as `checksums` wrote them, or None where it did not."""
    found = [_CHECKSUM.fullmatch(entry) for entry in raw.decode(errors="replace").splitlines()]
    matches = [match for match in found if match]
    if not matches or len(matches) < len(found):
        return None
    return {match[2]: match[1] for match in matches}


@dataclass(frozen=True)
class Contents:
    """What the card of a dataset says of it.

    `rows` counts rows by file, `given` and `rejected` marks by layer, label and coder. `emptied`
    counts references to marks without a row.
    """

    book: Codebook
    version: str
    layers: Sequence[str]
    states: Sequence[str]
    coders: Sequence[str]
    languages: Sequence[str]
    licences: Sequence[str]
    rows: Mapping[str, int]
    readouts: int
    bare: int
    samples: int
    given: Mapping[tuple[str, str, str], int]
    rejected: Mapping[tuple[str, str, str], int]
    emptied: int


def card(contents: Contents) -> bytes:
    """Return the dataset card: Markdown, with a head that dataset hubs read."""
    book = contents.book
    title = f"{printable(book.title or book.name)}, coded sentence by sentence"
    parts = [
        _head(contents, title),
        f"# {title}",
        _origin(contents),
        "## Files",
        _table(("file", "rows", "one row per"), _files(contents)),
        _READING,
        "## Labels",
        _table(("layer", "label", "coder", "given", "rejected"), _counts(contents)),
        _licence(contents),
    ]
    return ("\n\n".join(parts) + "\n").encode()


_ROW_OF = {
    SENTENCES: "sentence and coder",
    ATTRIBUTIONS: "statement or thought that a sentence gives to somebody",
    COMMITMENTS: "commitment, or near miss that looks like one",
    DOCUMENTS: "readout and coder, with the whole text",
}
_READING = f"""\
`{LABELS}` says what every label and slot means. `{CHECKSUMS}` is read by `sha256sum -c`.

- Every row of a file has the same keys. A list is empty and never null; null says: not known, not
  stated or not coded.
- `start` and `end` count Unicode code points of the whole text of the readout, from 0, the end not
  included: in Python, `text[start:end]`. Every such range was compared with its words when this was
  written.
- `id` of a sentence is `readout#sentence@coder`. The number is a name, not a place: it stays when
  sentences are split or joined. Rows are in the order of the text.
- `told_by` is the side whose account the readout is. A row says what that side says was said.
- `topics` is empty where the coder looked and found none of the labels. `rejected` holds labels
  that the coder considered and refused, `near_misses` why what looks like a commitment is none.
- `marks` says of every mark where it comes from. `origin` is `human`, or `accepted` or `edited`
  where a person took a suggestion, or took and changed it. No label is a program's alone.
- `duplicate_of` names an earlier row of the same readout and coder with the same words: split by it
  before training and testing."""


def _head(contents: Contents, title: str) -> str:
    lines = ["---", f"pretty_name: {_quoted(title)}"]
    if contents.languages:
        lines += ["language:", *(f"- {_quoted(language)}" for language in contents.languages)]
    lines += [
        "annotations_creators:",
        "- expert-generated",
        "task_categories:",
        "- text-classification",
        "- token-classification",
        "configs:",
    ]
    for place, file in enumerate(file for file in ROW_FILES if contents.rows.get(file)):
        lines.append(f"- config_name: {file.removesuffix('.jsonl')}")
        lines += ["  default: true"] if place == 0 else []
        lines.append(f"  data_files: {file}")
    return "\n".join([*lines, "---"])


def _quoted(text: str) -> str:
    return shown(text)


def _origin(contents: Contents) -> str:
    facts = [
        f"sentences: {contents.rows[SENTENCES]}, of them without any mark: {contents.bare}"
        " (seen, and nothing found)",
        f"readouts: {contents.readouts}",
        f"coders: {', '.join(contents.coders)}",
        f"states of the sentences: {', '.join(contents.states)}",
        f"layers: {', '.join(contents.layers)}",
        f"codebook: {contents.book.stamp}",
        f"written by: Annotator {contents.version}",
    ]
    if contents.samples:
        facts.append(f"sentences that are samples (`sample` is true): {contents.samples}")
    if contents.emptied:
        facts.append(f"references left out, to marks that are not part of it: {contents.emptied}")
    return "\n".join(f"- {fact}" for fact in facts)


def _files(contents: Contents) -> list[tuple[Any, ...]]:
    return [(f"`{file}`", contents.rows.get(file, 0), _ROW_OF[file]) for file in ROW_FILES]


def _counts(contents: Contents) -> list[tuple[Any, ...]]:
    keys = sorted({*contents.given, *contents.rejected})
    return [
        (f"`{layer}`", f"`{label}`", coder, contents.given.get(key, 0), rejected)
        for key in keys
        for layer, label, coder in (key,)
        for rejected in (contents.rejected.get(key, 0),)
    ]


def _table(head: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> str:
    if not rows:
        return "None."
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)


def _licence(contents: Contents) -> str:
    codebook = contents.book.licence
    lines = ["## Licence", ""]
    lines += [f"- codebook: {_quoted(codebook)}"] if codebook else []
    lines += [f"- readouts: {_quoted(licence)}" for licence in contents.licences]
    lines.append("- Where a readout's row has no `licence`, ask who issued it.")
    return "\n".join(lines)
