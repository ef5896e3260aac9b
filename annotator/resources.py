"""What comes with the program: the sample readouts and the codebook."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import StorageError

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return the shipped folder `name`, "seeds" or "schemas".

    In an installed wheel it lies inside the package; in a checkout, beside it. Raises StorageError
    where the installation lacks it.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise StorageError(
        f"The installation of Annotator lacks its folder “{name}”.", "Install it again."
    )
