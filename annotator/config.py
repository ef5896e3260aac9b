"""Where a project's files lie, what its settings say, and who is coding."""

from __future__ import annotations

import getpass
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from annotator.errors import InputError
from annotator.files import printable
from annotator.model.answers import Question
from annotator.model.base import Value
from annotator.model.macro import Macro, MacroKey
from annotator.tomlfile import read_toml

SETTINGS_FILE: Final = "annotator.toml"
CODEBOOK_FILE: Final = "schemas/readouts.toml"
DEFAULT_THEME: Final = "annotator-dark"
SAMPLE_CODER: Final = "sample"
"""The coder of the coding that comes with the program; no person codes under this name."""

Density = Literal["roomy", "compact"]
Suggestions = Literal["shown", "hidden"]
Dates = Literal["iso", "en", "fr", "de", "es", "it", "pt", "ru", "uk", "zh"]

_CODER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_CODER_OPTION = "--coder"


class Personal(Value):
    """What a person's own file may say; every key may be absent.

    `coder` is who codes, where the call does not say it. `theme` is the palette of the screens.
    `density` is "compact" where more text is to be seen at once. `reader` shows one thing per line
    and in words, for a screen reader. `dates` is the language that dates are shown in, or "iso".
    `keys` maps the name of a command to the key that shall call it.
    """

    coder: str | None = None
    theme: str = DEFAULT_THEME
    density: Density = "roomy"
    reader: bool = False
    dates: Dates = "iso"
    keys: dict[str, str] = Field(default_factory=dict)


class Settings(Personal):
    """What a project's `annotator.toml` may say: what a person's file may, and what is common.

    `codebook` is a path below the project's folder, with `/`. `extra_abbreviations` never end a
    sentence. `suggestions` is "hidden" where readouts are coded blind, until a key shows them.
    `macros` holds the markings that are played by a key. `labels` maps a layer and label, with a
    dot between, to the key that the label shall have in its panel. `card` holds what only a person
    can say of the datasets, by question.
    """

    codebook: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]+$")] = CODEBOOK_FILE
    extra_abbreviations: tuple[str, ...] = ()
    suggestions: Suggestions = "shown"
    macros: dict[MacroKey, Macro] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    card: dict[Question, str] = Field(default_factory=dict)

    @field_validator("codebook")
    @classmethod
    def _lies_in_the_project(cls, codebook: str) -> str:
        place = PurePosixPath(codebook)
        if place.is_absolute() or ".." in place.parts or "\\" in codebook:
            raise ValueError("the codebook is named by a path below the project's folder, with “/”")
        return codebook


@dataclass(frozen=True)
class Paths:
    """The places of a project; `codebook_file` is relative to `root`."""

    root: Path
    codebook_file: str = CODEBOOK_FILE

    @property
    def seeds(self) -> Path:
        """The readouts and their metadata."""
        return self.root / "seeds"

    @property
    def samples(self) -> Path:
        """The coding of the sample readouts."""
        return self.seeds / "samples"

    @property
    def schemas(self) -> Path:
        """The codebook and the JSON Schemas."""
        return self.root / "schemas"

    @property
    def codebook(self) -> Path:
        """The codebook."""
        return self.root / self.codebook_file

    @property
    def settings(self) -> Path:
        """The settings, which need not be there."""
        return self.root / SETTINGS_FILE

    @property
    def tags(self) -> Path:
        """The store."""
        return self.root / "tags"

    @property
    def suggestions(self) -> Path:
        """What programs and others propose for the readouts."""
        return self.root / "suggestions"

    @property
    def exports(self) -> Path:
        """The datasets."""
        return self.root / "exports"

    @property
    def splits(self) -> Path:
        """Where the splits of the datasets put each readout."""
        return self.root / "splits.json"

    @property
    def cache(self) -> Path:
        """What can be deleted at any time."""
        return self.root / ".annotator"

    def shown(self, path: Path) -> str:
        """Return how messages name a path of the project: relative to its folder."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )


def find_root(start: Path | None) -> Path:
    """Return the folder of a project: `start`, or the nearest one from the current folder upwards.

    A folder is a project where it has `annotator.toml`, or `seeds` beside `schemas`. Raises
    InputError where there is none.
    """
    if start is not None:
        if _is_project(start):
            return start.absolute()
        shown = printable(str(start))
        raise InputError(
            f"The folder {shown} is not a project."
            if start.is_dir()
            else f"There is no folder {shown}.",
            f"Make a project with “annotator init {shown}”.",
        )
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise InputError("The current folder was deleted.", "Change to another one.") from error
    found = next((folder for folder in (here, *here.parents) if _is_project(folder)), None)
    if found is None:
        raise InputError(
            "Neither this folder nor one around it is a project.",
            "Make one with “annotator init DIR”.",
        )
    return found


def _is_project(folder: Path) -> bool:
    return (folder / SETTINGS_FILE).is_file() or (
        (folder / "seeds").is_dir() and (folder / "schemas").is_dir()
    )


def read_settings(root: Path) -> Settings:
    """Return the settings of a project, the defaults where it has none.

    Raises InputError where the file says what nobody understands.
    """
    path = root / SETTINGS_FILE
    return read_toml(path, Settings) if os.path.lexists(path) else Settings()


def coder_name(
    option: str | None,
    settings: Personal,
    origin: str = SETTINGS_FILE,
    *,
    by: str = _CODER_OPTION,
) -> str:
    """Return who is coding: `option`, else the settings' coder, else the login name.

    `origin` is where the settings say it, `by` what the option is called. Raises InputError where
    the name cannot be one; only a login name is made to fit.
    """
    for name, place in ((option, by), (settings.coder, origin)):
        if name is not None:
            return _checked(name, place, by)
    return _checked(_fitted(_login()), "the login name", by)


def _checked(name: str, origin: str, by: str) -> str:
    shown = printable(name)
    remedy = f"Name the coder with {by}, for example {by} ada."
    if name.casefold() == SAMPLE_CODER:
        raise InputError(f"The coder “{shown}” ({origin}) is kept for the samples.", remedy)
    if not _CODER.fullmatch(name):
        raise InputError(
            f"“{shown}” ({origin}) cannot be a coder's name: it takes up to 64 letters, digits,"
            " dots, underscores and hyphens of ASCII, a letter or digit first.",
            remedy,
        )
    return name


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # Which of them depends on Python and system.
        return ""


def _fitted(login: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", login).lstrip("._-")[:64]
