"""Words from outside as Markdown that shows them, and never takes them for markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from annotator.files import printable
from annotator.formats.jsonl_out import shown

_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$])")


def plain(text: str) -> str:
    """Return words as they are, on one line."""
    return _SIGNS.sub(r"\\\1", printable(" ".join(text.split())))


def quoted(text: str) -> str:
    """Return a text as a string of JSON, in code."""
    said = shown(text)
    fence = "`" * (max(map(len, re.findall("`+", said)), default=0) + 1)
    return f"{fence}{said}{fence}"


def listed(facts: Sequence[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {fact}" for fact in facts)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table, of cells without outside words."""
    if not rows:
        return "None."
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)


def share(part: int, whole: int) -> str:
    """Return a share in per cent."""
    return f"{part / whole:.1%}" if whole else ""
