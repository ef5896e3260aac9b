"""Which files a piece of work opens: what a promise about reading little can be held against."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HEARD: list[Path] | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _HEARD is not None:
        opened = arguments[0]
        if isinstance(opened, str | bytes | os.PathLike):
            _HEARD.append(Path(os.fsdecode(opened)))


# Python keeps a hook for as long as it runs, so there is one for all tests.
sys.addaudithook(_hear)


@contextmanager
def opened_below(*folders: Path) -> Iterator[list[str]]:
    """Yield the names of the files below some folders, filled with those opened in the block."""
    global _HEARD  # noqa: PLW0603 - the hook outlives each block
    heard: list[Path] = []
    names: list[str] = []
    _HEARD = heard
    try:
        yield names
    finally:
        _HEARD = None
        names += [
            path.name
            for path in heard
            if path.suffix and any(folder in path.parents for folder in folders)
        ]
