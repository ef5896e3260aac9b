"""Where coding is kept: the promises in `base`, in files by `TinyStore`, and in memory.

The stores are loaded when they are asked for, so that what only knows the promises knows no disk.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from annotator.store.base import FORMAT, Finding, Header, Journal, Snapshot, Store

if TYPE_CHECKING:
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
_STORES = {"MemoryStore": "annotator.store.memory", "TinyStore": "annotator.store.tiny"}


def __getattr__(name: str) -> Any:
    if name in _STORES:
        return getattr(import_module(_STORES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
