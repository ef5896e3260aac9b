"""The metadata beside a readout: `<id>.toml`."""

from __future__ import annotations

from pathlib import Path

from annotator.model.readout import Metadata
from annotator.tomlfile import read_toml


def read_metadata(path: Path) -> Metadata:
    """Read a metadata file; raises InputError that names the file, the line and the key."""
    return read_toml(path, Metadata)


def metadata_toml(metadata: Metadata) -> bytes:
    """Return metadata as TOML, in the order of the fields and without what is not known."""
    import tomlkit  # Reading does without it, and a start is faster.

    return tomlkit.dumps(metadata.model_dump(mode="json", exclude_defaults=True)).encode()


def merged(*said: Metadata) -> Metadata:
    """Return one metadata of several; where two say something of a field, the later counts."""
    fields = {name: getattr(one, name) for one in said for name in one.model_fields_set}
    return Metadata.model_validate(fields)
