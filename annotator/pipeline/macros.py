"""The macros of a project: read from its settings, and written there without losing a comment."""

from __future__ import annotations

import os

from annotator import files
from annotator.config import SETTINGS_FILE, Settings, read_settings
from annotator.errors import InputError
from annotator.files import printable
from annotator.model.macro import Macro, problem
from annotator.pipeline.project import Project
from annotator.tomlfile import key_lines, parse_toml


def macros(project: Project) -> dict[str, Macro]:
    """Read the macros by their keys, in the order of the file.

    Raises InputError, with the line, for what the codebook does not allow.
    """
    found = read_settings(project.root).macros
    for key, macro in found.items():
        for place, mark in enumerate(macro.marks):
            wrong = problem(mark, project.codebook)
            if wrong is not None:
                path = ("macros", key, "marks", place)
                source = files.read_bytes(project.paths.settings).decode("utf-8-sig")
                line = key_lines(source).line(path)
                raise InputError(
                    f"{SETTINGS_FILE}, line {line}: the macro {key} cannot be played:"
                    f" {printable(wrong)}",
                    "Mend it there, or take it out.",
                )
    return found


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
