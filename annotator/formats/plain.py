"""Plain text and Markdown: the bytes are the readout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from annotator.files import SELF_EVIDENT, decode, read_bytes
from annotator.formats.incoming import Incoming, require_words


def read(path: Path, encoding: str | None) -> Iterator[Incoming]:
    """Yield the one readout of a file; raises InputError where it is not text."""
    raw = read_bytes(path)
    decoded = decode(raw, encoding=encoding, name=str(path))
    require_words(decoded.text, str(path))
    named = None if decoded.encoding in SELF_EVIDENT else decoded.encoding
    yield Incoming(path.stem, decoded.text, raw=raw, encoding=named)
