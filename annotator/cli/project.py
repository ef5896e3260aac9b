"""Opening the project that a verb is about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.pipeline.project import Project
    from annotator.standing import Standing


def open_project(folder: Path | None) -> Project:
    """Open the project in a folder, or around the current one; raises InputError."""
    from annotator.pipeline.project import Project

    return Project.open(folder)


def standing_of(project: Project, **said: object) -> Standing:
    """Return the settings that hold for whoever calls; raises InputError.

    `said` is what the options of the call say, by the names of the settings.
    """
    from annotator.standing import standing, user_file

    return standing(project.root, person=user_file(), environ=os.environ, said=said)


def coder_of(project: Project, option: str | None) -> str:
    """Return who codes: `option`, else the person's or the project's settings, else the login."""
    from annotator.config import coder_name

    if option is not None:
        return coder_name(option, project.settings)
    now = standing_of(project)
    return coder_name(None, now.settings, now.origin("coder"))
