"""The head of a dataset's card: what the hub of Hugging Face and the library “datasets” read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from annotator.formats.columns import Column
from annotator.formats.jsonl_out import shown
from annotator.formats.output import Written
from annotator.formats.work import TOPICS
from annotator.model.answers import given

if TYPE_CHECKING:
    from annotator.formats.card import Contents

_SUFFIXES: Final = (".jsonl", ".csv", ".parquet")
_LICENCES: Final = frozenset({
    "apache-2.0", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0",
    "cc-by-sa-4.0", "cc0-1.0", "etalab-2.0", "mit", "odbl", "odc-by", "pddl", "unlicense",
})  # fmt: skip
"""Licences that datasets have, as the hub names them."""


def head(contents: Contents, title: str) -> str:
    """Return the head, as YAML between its lines."""
    lines = ["---", f"pretty_name: {shown(title)}", *_about(contents)]
    lines += _configs([one for one in loadable(contents.files) if one.rows])
    return "\n".join([*lines, "---"])


def _about(contents: Contents) -> Iterator[str]:
    """Say what the data say, and under which licence a person gives the whole, where one does."""
    counts = contents.counts
    yield from _licence(given(contents.answers, "licence"))
    languages = sorted(language for language in counts.languages if language)
    yield from _listed("language", map(shown, languages))
    if len(languages) > 1:
        yield from _listed("multilinguality", ["multilingual"])
    elif None not in counts.languages:
        yield from _listed("multilinguality", ["monolingual"])
    yield from _listed("size_categories", [size_class(counts.total)])
    yield from _listed("task_categories", ["text-classification", "token-classification"])
    topics = ["multi-label-classification", "topic-classification"]
    yield from _listed("task_ids", topics if TOPICS in contents.layers else [])
    yield from _listed("tags", ["diplomacy", "readouts", *contents.layers])


def _licence(said: str) -> Iterator[str]:
    """Say a licence by the hub's own name, or as another one with its name."""
    if said.casefold() in _LICENCES:
        yield f"license: {said.casefold()}"
    elif said:
        yield "license: other"
        yield f"license_name: {shown(said)}"


def _listed(key: str, values: Iterable[str]) -> Iterator[str]:
    lines = [f"- {value}" for value in values]
    if lines:
        yield from (f"{key}:", *lines)


def size_class(rows: int) -> str:
    """Return the class of size as the hub names it."""
    steps = ("1K", "10K", "100K", "1M", "10M", "100M", "1B")
    place = next((i for i, _ in enumerate(steps) if rows < 1000 * 10**i), len(steps) - 1)
    return f"n<{steps[0]}" if place == 0 else f"{steps[place - 1]}<n<{steps[place]}"


def loadable(files: Sequence[Written]) -> list[Written]:
    """Return the files that “datasets” loads: tables, all in the form of the first one."""
    ends = [end for one in files for end in _SUFFIXES if one.file.endswith(end)]
    return [one for one in files if one.file.endswith(tuple(ends[:1]))]


def _configs(files: Sequence[Written]) -> Iterator[str]:
    """Say which files are a table, and where they do not tell, of which types its columns are."""
    typed: list[str] = []
    for place, (config, found) in enumerate(groupby(files, lambda one: one.table)):
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
        if parts[0].typed:
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
