"""The macros of a project: read from its settings, and written there without losing a comment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from annotator import files
from annotator.config import SETTINGS_FILE, Settings, read_settings
from annotator.files import printable
from annotator.model.codebook import Codebook
from annotator.model.keeping import problem
from annotator.model.macro import Macro
from annotator.pipeline.project import Project
from annotator.tomlfile import key_lines, parse_toml


def macros(project: Project) -> dict[str, Macro]:
    """Read the macros by their keys, in the order of the file, also those that are `unplayable`."""
    return read_settings(project.root).macros


def unplayable(project: Project, found: Mapping[str, Macro]) -> dict[str, str]:
    """Say of each macro that the codebook does not allow why, with its line and the remedy.

    The others are not named, and nothing keeps them from being played.
    """
    wrong = {key: _first_problem(macro, project.codebook) for key, macro in found.items()}
    troubles = {key: trouble for key, trouble in wrong.items() if trouble is not None}
    if not troubles:
        return {}
    lines = key_lines(files.read_bytes(project.paths.settings).decode("utf-8-sig"))
    return {
        key: f"{SETTINGS_FILE}, line {lines.line(('macros', key, 'marks', place))}: the macro {key}"
        f" cannot be played: {printable(said)} Mend it there, or take it out."
        for key, (place, said) in troubles.items()
    }


def voided(project: Project, before: Codebook, after: Codebook) -> tuple[str, ...]:
    """Return the macros, by key and name, that a changed codebook allows no more."""
    return tuple(
        f"{key} ({printable(macro.name)})"
        for key, macro in macros(project).items()
        if _first_problem(macro, before) is None and _first_problem(macro, after) is not None
    )


def _first_problem(macro: Macro, book: Codebook) -> tuple[int, str] | None:
    """Return the place of the first mark that a codebook does not allow, and why."""
    problems = ((place, problem(mark, book)) for place, mark in enumerate(macro.marks))
    return next(((place, said) for place, said in problems if said is not None), None)


def keep(project: Project, key: str, macro: Macro) -> None:
    """Write a macro under a key into the settings, in the place of an older one.

    Raises InputError where the settings cannot be understood, StorageError where they cannot be
    written; then they are as they were.
    """
    import tomlkit

    path = project.paths.settings
    raw = files.read_bytes(path) if os.path.lexists(path) else b""
    parse_toml(raw, Settings, name=SETTINGS_FILE)
    document = tomlkit.parse(raw.decode("utf-8-sig"))
    marks = tomlkit.array().multiline(True)
    for mark in macro.marks:
        fields = mark.model_dump(mode="json", exclude_defaults=True)
        written = tomlkit.inline_table()
        for name, value in fields.items():
            written[name] = value
        marks.append(written)
    table = tomlkit.table()
    table["name"] = macro.name
    table["marks"] = marks
    if "macros" not in document:
        document["macros"] = tomlkit.table(is_super_table=True)
    document["macros"][key] = table
    made = tomlkit.dumps(document).encode()
    parse_toml(made, Settings, name=SETTINGS_FILE)
    files.write_atomic(path, made)
