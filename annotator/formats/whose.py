"""Whose work a file of a folder is, where the file itself does not say it.

Several files that hold one text are the work of several people. Other programs name the file or a
folder above it after each: `doc.txt/alice.json` and `doc.txt/bob.json`, `alice/doc.conll` and
`bob/doc.conll`. A file that is named after its coder does not name its document: the folder above
it does, and INCEpTION, which lays out so, the title within the file too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.told import Told

Group = frozenset[Path]
"""Files that hold one text."""

_DOCUMENTS: Final = re.compile(
    r".+\.(conllu?|csv|docx?|html?|json|md|odt|pdf|rtf|tei|tsv|txt|xhtml|xmi|xml)", re.IGNORECASE
)
"""How the names of documents end, and hardly those of people, folders or titles."""
_ABOVE: Final = 2
"""So many folders above a file may be its document's: one, or two where each has its own in it."""


def document_of(file: Path, said: str | None, title: str | None) -> tuple[str, str | None]:
    """Return the name of the document in a file, and its coder where the file is named after one.

    `said` and `title` are the id and the title that stand in the file. A title counts as the name
    of a document where it looks like that of a file, or is that of a folder above; the id is then
    whose work it is, where the file is called like it.
    """
    above = [folder.name for folder in file.parents[:_ABOVE]]
    folder = next(filter(_is_document, above), None)
    if title and (_is_document(title) or title in above):
        name, is_owned = _stem(title), said == file.stem or folder is not None
    elif folder is not None:
        name, is_owned = _stem(folder), True
    else:
        return said or file.stem, None
    return name, printable(file.stem) if is_owned and file.stem != name else None


def _is_document(name: str) -> bool:
    return _DOCUMENTS.fullmatch(name) is not None


def _stem(name: str) -> str:
    return name.rpartition(".")[0] if _is_document(name) else name


def with_coders(
    folder: Path, found: Iterable[tuple[Path, Told | InputError]], *, by_folder: bool = False
) -> Iterator[Told | InputError]:
    """Yield what the files of a folder tell, with a coder where several hold one text.

    A coder that is told stays. With `by_folder`, a folder in the folder is a coder's in any case.
    What is called like a file that is named after its coder is called like the folder above it,
    where all that is in that is of one text.
    """
    every = list(found)
    texts: dict[Path, set[str]] = {}
    for file, one in every:
        if isinstance(one, Told) and _is_unsaid(one):
            texts.setdefault(file, set()).add(one.text)
    coders = {file: file.parent.name for file in texts if by_folder and file.parent != folder}
    coders |= _coders(folder, texts)
    beside: dict[Path, set[str]] = {}
    for file, own in texts.items():
        beside.setdefault(file.parent, set()).update(own)
    for file, one in every:
        if isinstance(one, Told) and file in coders and _is_unsaid(one):
            is_alone = file.parent != folder and len(beside[file.parent]) == 1
            is_of_coder = coders[file].rpartition("/")[2] == printable(file.stem)
            is_unnamed = is_alone and is_of_coder and one.name == file.stem
            name = file.parent.name if is_unnamed else one.name
            yield replace(one, coder=coders[file], name=name)
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
