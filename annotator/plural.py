"""Numbers beside the nouns that they count."""

from __future__ import annotations


def many(count: int, noun: str) -> str:
    """Return a count with its noun, to which an s is put but for one: “1 mark”, “1,200 marks”."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
