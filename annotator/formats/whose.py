"""Whose work a file of a folder is, where the file itself does not say it.

Several files that hold one text are the work of several people. Other programs name the file or a
folder above it after each: `doc.txt/alice.json` and `doc.txt/bob.json`, `alice/doc.conll` and
`bob/doc.conll`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.told import Told

Group = frozenset[Path]
"""Files that hold one text."""


def with_coders(
    folder: Path, found: Iterable[tuple[Path, Told | InputError]], *, by_folder: bool = False
) -> Iterator[Told | InputError]:
    """Yield what the files of a folder tell, with a coder where several hold one text.

    A coder that is told stays. With `by_folder`, a folder in the folder is a coder's in any case.
    """
    every = list(found)
    texts: dict[Path, set[str]] = {}
    for file, one in every:
        if isinstance(one, Told) and _is_unsaid(one):
            texts.setdefault(file, set()).add(one.text)
    coders = {file: file.parent.name for file in texts if by_folder and file.parent != folder}
    coders |= _coders(folder, texts)
    for file, one in every:
        if isinstance(one, Told) and file in coders and _is_unsaid(one):
            yield replace(one, coder=coders[file])
        else:
            yield one


def _is_unsaid(one: Told) -> bool:
    return not (one.rows or one.document or one.coder)


def _coders(folder: Path, texts: Mapping[Path, set[str]]) -> dict[Path, str]:
    """Return the coder of each file, of none where no two are the work of two people on a text."""
    groups = _groups(texts)
    if not groups:
        return {}
    parts = {file: _parts(file, folder) for file in texts}
    depth = max(map(len, parts.values()))
    ways: list[tuple[int, ...]] = [(level,) for level in range(depth)]
    ways.append(tuple(level for level in reversed(range(depth)) if _differ(groups, parts, level)))
    way = next(way for way in ways if all(_is_apart(group, parts, way) for group in groups))
    above = folder.resolve().name
    coders = {file: printable(_called(parts[file], way) or above) for file in texts}
    shared = frozenset[Path]().union(*groups)
    if len({*coders.values()}) == len(coders) and 2 * len(shared) < len(coders):
        # Most files hold a text of their own and each has another name: so do documents.
        return {file: coders[file] for file in shared}
    return coders


def _groups(texts: Mapping[Path, set[str]]) -> list[Group]:
    """Return the files that hold one text, as far as one of them shares half of all its texts.

    Parts of a data set have some short sentences in common, and are no work of two people.
    """
    held: dict[str, set[Path]] = {}
    for file, own in texts.items():
        for text in own:
            held.setdefault(text, set()).add(file)
    much = {
        file
        for file, own in texts.items()
        if 2 * sum(len(held[text]) > 1 for text in own) >= len(own)
    }
    return [frozenset(files) for files in held.values() if len(files) > 1 and files & much]


def _parts(file: Path, folder: Path) -> Sequence[str]:
    """Return the name of a file and the folders above it, up to the one asked for."""
    *above, own = ("", *file.relative_to(folder).parts)
    return (own.removesuffix(file.suffix) if file.is_file() else own, *reversed(above[1:]))


def _called(parts: Sequence[str], way: Iterable[int]) -> str:
    return "/".join(parts[level] if level < len(parts) else "" for level in way)


def _is_apart(group: Group, parts: Mapping[Path, Sequence[str]], way: Sequence[int]) -> bool:
    return len({_called(parts[file], way) for file in group}) == len(group)


def _differ(groups: Iterable[Group], parts: Mapping[Path, Sequence[str]], level: int) -> bool:
    return any(len({_called(parts[file], (level,)) for file in group}) > 1 for group in groups)
