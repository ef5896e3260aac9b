"""The metadata beside a readout: `<id>.toml`."""

from __future__ import annotations

from pathlib import Path

import tomlkit

from annotator.files import write_atomic
from annotator.model.readout import Metadata
from annotator.tomlfile import read_toml


def read_metadata(path: Path) -> Metadata:
    """Read a metadata file; raises InputError that names the file, the line and the key."""
    return read_toml(path, Metadata)


def write_metadata(path: Path, metadata: Metadata) -> None:
    """Write a metadata file in place of an older one; raises StorageError."""
    write_atomic(path, metadata_toml(metadata))


def metadata_toml(metadata: Metadata) -> bytes:
    """Return metadata as TOML, in the order of the fields and without what is not known."""
    return tomlkit.dumps(metadata.model_dump(mode="json", exclude_defaults=True)).encode()


def merged(metadata: Metadata, stronger: Metadata) -> Metadata:
    """Return metadata with everything that `stronger` says in place of what it said."""
    said = {name: getattr(stronger, name) for name in stronger.model_fields_set}
    return Metadata.model_validate({**dict(metadata), **said})
