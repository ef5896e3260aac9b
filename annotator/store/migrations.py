"""How a journal of an older format becomes one of the current format, a step for each.

A step is pure: it takes the fields of a head, and where lines change, the members of a line, and
returns new ones. Nothing on disk changes until somebody writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from annotator.store.base import FORMAT
from annotator.store.format import Fields


@dataclass(frozen=True)
class Step:
    """From one format to the next; `line` is None where lines stay as they are."""

    head: Callable[[Fields], Fields]
    line: Callable[[Fields], Fields] | None = None


def _with_earlier_texts(head: Fields) -> Fields:
    """Format 2 knows the acts adopt, reanchor and compact, and which texts were coded before."""
    return {**head, "earlier": []}


def _as_it_was(head: Fields) -> Fields:
    """Nothing of a head is otherwise.

    Format 3 counts the effort of each mark; of older marks nobody counted it. Format 5 says of
    which layers a coder was not asked; before, a coder who decided was asked of all.
    """
    return dict(head)


_MARKS: Final = ("marks", "unplaced")
_IMPORTED: Final = re.compile(r"i[0-9a-f]{16}")


def _told_by_files(members: Fields) -> Fields:
    """Format 4 says what a file of another program gave and asked; before, only ids of marks did.

    No key of a coder went into a sentence that such a file alone decided.
    """
    return {name: _told_by_file(member) for name, member in members.items()}


def _told_by_file(member: Fields) -> Fields:
    try:
        marks: Fields = {field: _marked(member[field]) for field in _MARKS if field in member}
        if marks == {field: member[field] for field in marks}:
            return member
        told = {**member, **marks}
        if member["keys"]:
            return told
        return {**told, "asked": sorted({mark["layer"] for mark in member["marks"]})}
    except (LookupError, TypeError, AttributeError):
        return member  # Whoever makes a sentence of it says what is wrong.


def _marked(marks: list[Fields]) -> list[Fields]:
    return [
        {**mark, "provenance": {**mark["provenance"], "imported": True}}
        if _IMPORTED.fullmatch(mark["id"])
        else mark
        for mark in marks
    ]


STEPS: Final[dict[int, Step]] = {
    1: Step(head=_with_earlier_texts),
    2: Step(head=_as_it_was),
    3: Step(head=_as_it_was, line=_told_by_files),
    4: Step(head=_as_it_was),
}
"""The step that leads on from each format before `FORMAT`."""


def path_from(version: int) -> list[Step]:
    """Return the steps from a format to `FORMAT`; raises ValueError where there is no way."""
    versions = range(version, FORMAT)
    if any(each not in STEPS for each in versions):
        raise ValueError(f"nobody knows a format {version}")
    return [STEPS[each] for each in versions]


def migrated_head(fields: Fields) -> Fields:
    """Return the fields of a head in the current format; raises ValueError as `path_from` does."""
    for step in path_from(fields["format"]):
        fields = {**step.head(fields), "format": fields["format"] + 1}
    return fields


def line_of(version: int) -> Callable[[Fields], Fields] | None:
    """Return what brings a line of a format into the current one, None where it stays as it is."""
    steps = [step.line for step in path_from(version) if step.line is not None]
    if not steps:
        return None

    def line(members: Fields) -> Fields:
        for step in steps:
            members = step(members)
        return members

    return line
