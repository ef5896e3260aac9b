"""Which format reads which file: by the ending of its name, loaded when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from annotator.errors import InputError
    from annotator.formats.incoming import Incoming

TEXT_ENDINGS: Final = (".txt", ".md")
"""The endings of readouts inside a project."""

METADATA_ENDING: Final = ".toml"
"""The ending of the file beside a readout that holds what is known about it."""

_MODULES: Final = {
    **dict.fromkeys(TEXT_ENDINGS, "plain"),
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
}
ENDINGS: Final = tuple(_MODULES)
"""The endings of files that readouts can be taken from."""

Reader = Callable[[Path, str | None], "Iterator[Incoming | InputError]"]
"""Reads a file in the encoding that was named, if any.

Yields its readouts, and an InputError for each part that is none; raises one where the file as a
whole is none.
"""


def reader(path: Path) -> Reader | None:
    """Return what reads a file of that ending, or None."""
    module = _MODULES.get(path.suffix.lower())
    if module is None:
        return None
    found: Reader = import_module(f"annotator.formats.{module}").read
    return found
