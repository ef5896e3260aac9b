"""The verb that shows which settings hold, and where each comes from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator import console
from annotator.cli.project import coder_of, open_project, standing_of
from annotator.errors import InputError

if TYPE_CHECKING:
    from annotator.pipeline.project import Project
    from annotator.standing import Standing


@click.command()
@click.option("--check", is_flag=True, help="Only say whether all of them can be obeyed.")
@console.option_of_project
def settings(check: bool, folder: Path | None) -> None:
    """Show every setting with its value, and where that comes from.

    Your own file stands over the project's; NO_COLOR stands over the theme of both. With --check,
    the theme, the keys, the macros and the coder are tried as the screens would, and the exit code
    is 2 where one cannot be obeyed.
    """
    from annotator.standing import user_file

    project = open_project(folder)
    now = standing_of(project)
    if check:
        _try(project, now)
        console.say("Every setting can be obeyed.")
        return
    console.table(("setting", "value", "from"), now.rows(), "lll")
    state = "your own file" if user_file().exists() else "your own file, which is not there yet"
    console.say("")
    console.say(f"{user_file()} is {state}.")


def _try(project: Project, now: Standing) -> None:
    """Do with the settings what the screens do with them; raises InputError."""
    from annotator.pipeline.labelkeys import place_of_panel
    from annotator.pipeline.macros import unplayable
    from annotator.tui.keys import keymap
    from annotator.tui.themes import require

    require(now.settings.theme, now.origin("theme"))
    of_panel = partial(place_of_panel, project.codebook_file)
    keymap(now.settings.keys, project.codebook.panels, now.place_of_key, of_panel)
    for trouble in unplayable(project, now.settings.macros).values():
        raise InputError(trouble)
    coder_of(project, None)
