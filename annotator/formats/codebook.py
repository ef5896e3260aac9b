"""The codebook's file."""

from __future__ import annotations

from pathlib import Path

from annotator.model.codebook import Codebook
from annotator.tomlfile import read_toml


def read_codebook(path: Path) -> Codebook:
    """Read a codebook; raises InputError that names the file, the line and the key."""
    return read_toml(path, Codebook)
