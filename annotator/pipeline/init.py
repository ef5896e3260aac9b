"""A new project: a folder with a codebook, settings, and sample readouts to try it on.

What is there already stays as it is; only what is missing is made. The settings come last, for
they are what makes a folder a project.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from annotator.config import CODEBOOK_FILE, SETTINGS_FILE
from annotator.errors import InputError, NothingToDo
from annotator.files import printable, refusals, sync, sync_folder
from annotator.formats.metadata import read_metadata
from annotator.formats.registry import TEXT_ENDINGS
from annotator.resources import shipped

SETTINGS: Final = """\
# The settings of this project. Each line that is commented out shows what it could say.
# What each person likes, from the theme on, stands better in that person's own file:
# “annotator settings” shows where it is, and which settings hold.

# Who codes here, where --coder does not say it. Without either it is your login name.
# coder = "ada"

# The codebook, a path below this folder.
# codebook = "schemas/readouts.toml"

# Abbreviations of your texts, after which no sentence ends.
# extra_abbreviations = ["Adm.", "H.E."]

# Whether readouts open with what is suggested for them, or hide it, to be coded blind.
# suggestions = "hidden"

# The theme of the screens: annotator-dark, annotator-light, either with -cb for eyes that tell few
# hues apart, annotator-mono without colours, or one of Textual's, such as nord.
# theme = "annotator-light"

# Whether more of the text is to be seen at once: roomy or compact.
# density = "compact"

# Whether everything is shown in words, one thing per line, for a screen reader.
# reader = true

# The language that dates are shown in: iso, en, fr, de, es, it, pt, ru, uk, zh.
# dates = "en"

# Your own keys: the name of a command (docs/keys.md lists them) and the key that shall call it.
# [keys]
# "sentence.unsure" = "h"

# Your own keys of labels in their panels: a layer and a label, with a dot between, and the key.
# [labels]
# "topics.sec.terror" = "E"

# What only a person can say of the datasets, for the card of every export: docs/data.md has the
# questions.
# [card]
# purpose = "To learn how both sides of a call tell of it."
# creators = "The desk for readouts of our institute."
# licence = "CC-BY-4.0"

# Markings under a key, for @ to play; K keeps the last marking here.
# [macros.b]
# name = "both sides, on trade"
# marks = [{ layer = "topics", label = "eco.trade" }]
"""

_IGNORED: Final = """\
# Datasets can be written again, and the caches too. The coding in tags/ is your work: keep it.
/exports/
/.annotator/
"""

_ATTRIBUTES: Final = """\
# The bytes of readouts and tags are data: no conversion of line ends. When two people's work on
# one file is merged, all lines of both are kept.
seeds/* -text
tags/**/*.json -text merge=union
"""

_PARTS: Final = frozenset({SETTINGS_FILE, "seeds", "schemas", "suggestions", "exports", "tags"})
_CACHE: Final = ".annotator"


@dataclass(frozen=True)
class InitReport:
    """What was made in the folder `root`, and what was there; names are relative to it."""

    root: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]

    def summary(self) -> list[str]:
        """Return as lines what was made, and what was there already and stays as it was."""
        shown = printable(str(self.root))
        lines = [f"{shown} is a project: made {', '.join(self.made)}."]
        if self.kept:
            lines.append(f"What was there stays as it was: {', '.join(self.kept)}.")
        return lines


def init(folder: Path, *, samples: bool = True) -> InitReport:
    """Make a project of a new or empty folder, or what is missing in one that is a part of one.

    Hidden files, such as those of git, make no folder less empty. Without `samples` there are no
    readouts in it. Raises InputError where the folder holds anything else, NothingToDo where
    nothing is missing, StorageError where the file system refuses; nothing is left then.
    """
    folder = folder.absolute()
    shown = printable(str(folder))
    with refusals(folder, "read"):
        kept = _names(folder, shown)
    contents = _contents(samples=samples)
    missing = {name: data for name, data in contents.items() if _is_missing(folder, name)}
    if not missing:
        raise NothingToDo(f"{shown} is a project already, and nothing is missing.")
    with refusals(folder, "made a project"), ExitStack() as undo:
        for place in (*reversed(folder.parents), folder, folder / _CACHE):
            if not place.exists():
                place.mkdir()
                undo.callback(_remove, place)
        draft = Path(tempfile.mkdtemp(prefix="init-", dir=folder / _CACHE))
        undo.callback(_remove, draft)
        _write(draft, missing)
        made = tuple(dict.fromkeys(_unit(folder, name) for name in missing))
        for unit in made:
            (draft / unit).rename(folder / unit)
            undo.callback(_remove, folder / unit)
        sync_folder(folder)
        undo.pop_all()
    _remove(draft)
    with suppress(OSError):
        (folder / _CACHE).rmdir()  # It stays where it holds anything.
    return InitReport(folder, made, kept)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _names(folder: Path, shown: str) -> tuple[str, ...]:
    """Return which parts of a project a folder has; raises InputError for anything else."""
    if not os.path.lexists(folder):
        return ()
    if not folder.is_dir():
        raise InputError(f"{shown} is there already, and is no folder.", "Choose another name.")
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    foreign = [printable(name) for name in names if name not in _PARTS]
    if foreign:
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        raise InputError(
            f"The folder {shown} is not empty: it holds {', '.join(foreign[:3])}{more}.",
            f"Make the project in a new folder, for example {shown}/readouts.",
        )
    return tuple(names)


def _contents(*, samples: bool) -> dict[str, bytes | None]:
    """Return the files of a new project by their names, None for an empty folder."""
    seeds, codebooks = shipped("seeds"), shipped("schemas")
    contents: dict[str, bytes | None] = {"seeds": None, "schemas": None, "exports": None}
    for path in sorted(codebooks.glob("*.schema.json")):
        contents[f"schemas/{path.name}"] = path.read_bytes()
    contents[CODEBOOK_FILE] = (codebooks / Path(CODEBOOK_FILE).name).read_bytes()
    if samples:
        for path in _samples(seeds):
            contents[f"seeds/{path.relative_to(seeds).as_posix()}"] = path.read_bytes()
    contents[".gitignore"] = _IGNORED.encode()
    contents[".gitattributes"] = _ATTRIBUTES.encode()
    contents[SETTINGS_FILE] = SETTINGS.encode()
    return contents


def _samples(seeds: Path) -> Iterator[Path]:
    """Yield the files of the sample readouts, and of their coding."""
    for described in sorted(seeds.glob("*.toml")):
        if read_metadata(described).sample:
            yield described
            texts = (described.with_suffix(ending) for ending in TEXT_ENDINGS)
            yield from (text for text in texts if text.is_file())
    yield from sorted(path for path in seeds.glob("samples/**/*") if path.is_file())


def _is_missing(folder: Path, name: str) -> bool:
    # Samples that somebody removed from their readouts do not come back.
    part = "seeds" if name.startswith("seeds/") else name
    return not os.path.lexists(folder / part)


def _unit(folder: Path, name: str) -> str:
    """Return what is moved into place for a file: the whole part where there is none yet."""
    part = PurePosixPath(name).parts[0]
    return name if os.path.lexists(folder / part) else part


def _write(draft: Path, contents: Mapping[str, bytes | None]) -> None:
    written = []
    for name, data in contents.items():
        path = draft / name
        if data is None:
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    sync(written)
    for path in {path.parent for path in written}:
        sync_folder(path)
