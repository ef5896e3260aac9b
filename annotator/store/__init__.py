"""Where coding is kept: the promises in `base`, in files by `TinyStore`, and in memory."""

from __future__ import annotations

from annotator.store.base import FORMAT, Finding, Header, Journal, Snapshot, Store
from annotator.store.memory import MemoryStore
from annotator.store.tiny import TinyStore

__all__ = [
    "FORMAT",
    "Finding",
    "Header",
    "Journal",
    "MemoryStore",
    "Snapshot",
    "Store",
    "TinyStore",
]
