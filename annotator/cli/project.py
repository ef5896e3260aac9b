"""Opening the project that a verb is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


def open_project(folder: Path | None) -> Project:
    """Open the project in a folder, or around the current one; raises InputError."""
    from annotator.pipeline.project import Project

    return Project.open(folder)
