"""What lies beside the rows of a dataset in any dialect: labels, card and checksums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from annotator.files import printable
from annotator.formats.columns import Column
from annotator.formats.dialects import Dialect
from annotator.formats.jsonl_out import shown
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.output import Written
from annotator.formats.tables import SENTENCES
from annotator.model.codebook import Codebook, Layer
from annotator.model.splitting import SPLITS

LABELS: Final = "labels.json"
CARD: Final = "README.md"
CHECKSUMS: Final = "checksums.txt"

_SAFE = "[A-Za-z0-9][A-Za-z0-9._-]*"
_CHECKSUM = re.compile(rf"([0-9a-f]{{64}})  ((?:{_SAFE}/)*{_SAFE})")


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
class Split:
    """How a dataset is split: in words, and counted.

    `sentences` counts by split, `labels` by layer and label and then by split; what is left out of
    all splits is counted under the empty string. `leaks` counts sentences held back that have a
    near-twin in train, `file` and `leaks_file` say where each is named.
    """

    how: str
    sentences: Mapping[str, int]
    labels: Mapping[tuple[str, str], Mapping[str, int]]
    leaks: int
    file: str
    leaks_file: str


@dataclass(frozen=True)
class Contents:
    """What the card of a dataset says of it.

    `files` are the files of rows, the main one first. `sentences` are those that were coded, `bare`
    those of them without any mark. `given` and `rejected` count marks by layer, label and coder,
    `losses` what the dialect could not hold.
    """

    book: Codebook
    version: str
    layers: Sequence[str]
    states: Sequence[str]
    coders: Sequence[str]
    languages: Sequence[str]
    licences: Sequence[str]
    dialect: Dialect
    files: Sequence[Written]
    sentences: int
    readouts: int
    bare: int
    samples: int
    given: Mapping[tuple[str, str, str], int]
    rejected: Mapping[tuple[str, str, str], int]
    losses: Mapping[str, int]
    split: Split | None = None


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
        *_reading(contents),
        *_lost(contents),
        "## Labels",
        _table(("layer", "label", "coder", "given", "rejected"), _counts(contents)),
        *(_split(contents.split) if contents.split else []),
        _licence(contents),
    ]
    return ("\n\n".join(parts) + "\n").encode()


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


def _reading(contents: Contents) -> Iterator[str]:
    """Say how the files are to be read: those with the rows of the reference, and any others."""
    main = contents.files[0].config
    yield _READING if main == SENTENCES.name else _ELSEWHERE.format(contents.dialect.unit)
    if contents.dialect.reading:
        yield contents.dialect.reading


_ELSEWHERE = f"""\
`{LABELS}` says what every label and slot means. `{CHECKSUMS}` is read by `sha256sum -c`. Offsets
count: {{}}."""


def _split(split: Split) -> list[str]:
    """Say which split holds what, and what the others tell of it."""
    names = [*SPLITS, *([""] if split.sentences.get("") else [])]
    titles = [name or "left out" for name in names]
    rows = [
        ("sentences", "", *(split.sentences.get(name, 0) for name in names)),
        *(
            (f"`{layer}`", f"`{label}`", *(counts.get(name, 0) for name in names))
            for (layer, label), counts in sorted(split.labels.items())
        ),
    ]
    held = sum(split.sentences.get(name, 0) for name in SPLITS[1:])
    leaks = (
        f"{split.leaks} of the {held} sentences of validation and test have a near-twin in train;"
        f" `{split.leaks_file}` names each, so that they can be left out."
    )
    told = f"{split.how} `{split.file}` names the group and the split of each readout."
    return ["## Splits", told, _table(("layer", "label", *titles), rows), leaks]


def _lost(contents: Contents) -> list[str]:
    """Say what the dialect could not hold."""
    if not contents.losses:
        return []
    rows = [(what, f"{count:,}") for what, count in sorted(contents.losses.items())]
    told = f"`{LOSSES}` names the mark or sentence of each."
    return ["## What this form cannot hold", _table(("lost", "times"), rows), told]


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
    ]
    lines += _configs([one for one in contents.files if one.rows and _loadable(one)])
    return "\n".join([*lines, "---"])


def _loadable(one: Written) -> bool:
    return one.file.endswith((".jsonl", ".csv", ".parquet"))


def _config(one: Written) -> str:
    return one.config or one.file.rpartition(".")[0]


def _configs(files: Sequence[Written]) -> Iterator[str]:
    """Say which files are a table, and where they do not tell, of which types its columns are."""
    typed: list[str] = []
    for place, (config, found) in enumerate(groupby(files, _config)):
        parts = list(found)
        yield from ("configs:",) if place == 0 else ()
        yield f"- config_name: {config}"
        yield from ("  default: true",) if place == 0 else ()
        if parts[0].split:
            yield "  data_files:"
            for one in parts:
                yield f"  - split: {one.split}"
                yield f"    path: {one.file}"
        else:
            yield f"  data_files: {parts[0].file}"
        if parts[0].columns:
            features = _features(parts[0].columns, "  ")
            typed += [f"- config_name: {config}", "  features:", *features]
    yield from ("dataset_info:", *typed) if typed else ()


_DTYPES: Final = {"text": "string", "whole": "int64", "number": "float64", "truth": "bool"}


def _features(columns: Sequence[Column], indent: str) -> Iterator[str]:
    """Say the types of columns as the library “datasets” reads them from a card."""
    for column in columns:
        yield f"{indent}- name: {column.name}"
        yield from _feature(column, f"{indent}  ")


def _feature(column: Column, indent: str) -> Iterator[str]:
    if column.kind == "struct":
        yield f"{indent}struct:"
        yield from _features(column.parts, indent)
    elif column.kind != "list":
        yield f"{indent}dtype: {_DTYPES[column.kind]}"
    elif column.parts[0].kind == "struct":
        yield f"{indent}list:"
        yield from _features(column.parts[0].parts, indent)
    else:
        yield f"{indent}list: {_DTYPES[column.parts[0].kind]}"


def _quoted(text: str) -> str:
    return shown(text)


def _origin(contents: Contents) -> str:
    facts = [
        f"sentences: {contents.sentences}, of them without any mark: {contents.bare}"
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
    return "\n".join(f"- {fact}" for fact in facts)


def _files(contents: Contents) -> list[tuple[Any, ...]]:
    return [(f"`{one.file}`", one.rows, one.row_of) for one in contents.files]


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
