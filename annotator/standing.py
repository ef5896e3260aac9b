"""The settings that hold now, and where each of them comes from.

From the weakest to the strongest: the default, the project's `annotator.toml`, the person's own
file, NO_COLOR in the environment, and what the call says. What all who work in a project must have
in common, such as its codebook, its abbreviations and whether they see suggestions, stands in the
project's file alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from annotator.config import SETTINGS_FILE, Paths, Personal, Settings
from annotator.files import read_bytes
from annotator.model.macro import said
from annotator.tomlfile import KeyLines, key_lines, parse_toml

DEFAULT: Final = "default"
NO_COLOR: Final = "NO_COLOR"
MONO: Final = "annotator-mono"
"""The palette without colours."""
_TABLES: Final = ("keys", "labels", "macros", "card")


@dataclass(frozen=True)
class Standing:
    """The settings, and by the name of each that somebody set, where that was.

    A key of a command is named as in the file: `keys.undo`.
    """

    settings: Settings = field(default_factory=Settings)
    origins: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Standing:
        """Return the settings of a project alone, as nobody's in particular."""
        names = map(".".join, _paths(settings))
        return cls(settings, dict.fromkeys(names, SETTINGS_FILE))

    def origin(self, name: str) -> str:
        """Return where a setting comes from: a file and its line, an option, or "default"."""
        return self.origins.get(name, DEFAULT)

    def place_of_key(self, command: str) -> str:
        """Return where the key of a command was set."""
        return self.origin(f"keys.{command}")

    def rows(self) -> list[tuple[str, str, str]]:
        """Return every setting with its value as TOML writes it and its origin.

        A table has a row for each of its names, a macro one for each of its marks too, the origin
        at the first.
        """
        shown = []
        for name, value in self.settings.model_dump(exclude={*_TABLES}).items():
            shown.append((name, _as_toml(value), self.origin(name)))
        for table in _TABLES:
            named = sorted(getattr(self.settings, table).items())
            shown += [] if named else [(table, _as_toml(None), DEFAULT)]
            for name, value in named:
                path = f"{table}.{name}"
                shown.append((path, _as_toml(getattr(value, "name", value)), self.origin(path)))
                shown += [("", said(mark), "") for mark in getattr(value, "marks", ())]
        return shown


def user_file() -> Path:
    """Return where a person's own settings lie, which need not be there."""
    from platformdirs import user_config_path  # Only who sits at the screen has a home.

    return user_config_path("annotator") / "config.toml"


def standing(
    root: Path,
    *,
    person: Path | None = None,
    environ: Mapping[str, str] | None = None,
    said: Mapping[str, object] | None = None,
) -> Standing:
    """Return the settings that hold for a person in the project at `root`.

    `person` is the person's file, `environ` the environment, `said` what the options of the call
    say by the names of the settings; a value of None says nothing. Raises InputError, which names
    the file and the line, where a file says what nobody understands.
    """
    merged = Settings()
    origins: dict[str, str] = {}
    path = Paths(root).settings
    for file, name, model in (
        (path, SETTINGS_FILE, Settings),
        (person, str(person), Personal),
    ):
        if file is not None and os.path.lexists(file):
            found, lines = _read(file, model)
            merged = _over(merged, found)
            origins |= _places(found, lines, name)
    for name, value in (said or {}).items():
        if value is not None:
            merged = merged.model_copy(update={name: value})
            origins[name] = f"--{name}"
    # Files say which colours; whether there are any, the environment of the session says.
    if (environ or {}).get(NO_COLOR) and origins.get("theme") != "--theme":
        merged = merged.model_copy(update={"theme": MONO})
        origins["theme"] = NO_COLOR
    return Standing(merged, origins)


def _read(path: Path, model: type[Personal]) -> tuple[Personal, KeyLines]:
    raw = read_bytes(path)
    return parse_toml(raw, model, name=str(path)), key_lines(raw.decode("utf-8-sig"))


def _over(under: Settings, over: Personal) -> Settings:
    set_there = {name: getattr(over, name) for name in over.model_fields_set}
    keys = {**under.keys, **over.keys}
    return under.model_copy(update={**set_there, "keys": keys})


def _paths(found: Personal) -> list[tuple[str, ...]]:
    """Return what a file sets: its names, and the names within its tables."""
    tables = found.model_fields_set & {*_TABLES}
    names: list[tuple[str, ...]] = [(name,) for name in found.model_fields_set - tables]
    return names + [(table, name) for table in tables for name in getattr(found, table)]


def _places(found: Personal, lines: KeyLines, file: str) -> dict[str, str]:
    return {".".join(path): f"{file}, line {lines.line(path)}" for path in _paths(found)}


def _as_toml(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_as_toml, value))}]"
    return f'"{value}"'
