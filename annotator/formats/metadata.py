"""The metadata beside a readout: `<id>.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.errors import InputError
from annotator.model.entity import Entity
from annotator.model.readout import Metadata
from annotator.tomlfile import key_lines, parse_toml, read_toml

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def read_metadata(path: Path) -> Metadata:
    """Read a metadata file; raises InputError that names the file, the line and the key."""
    return read_toml(path, Metadata)


def metadata_toml(metadata: Metadata) -> bytes:
    """Return metadata as TOML, in the order of the fields and without what is not known."""
    import tomlkit  # Reading does without it, and a start is faster.

    return tomlkit.dumps(metadata.model_dump(mode="json", exclude_defaults=True)).encode()


def merged(*said: Metadata) -> Metadata:
    """Return one metadata of several; where two say something of a field, the later counts."""
    fields = {name: getattr(one, name) for one in said for name in one.model_fields_set}
    return Metadata.model_validate(fields)


def with_value(
    raw: bytes, path: tuple[str, ...], value: object, entities: Iterable[Entity], *, name: str
) -> bytes:
    """Return the bytes of a metadata file with one field changed, and all else as it was.

    `path` leads to the field, as `("event", "date")` does; None as its value takes it out, and so
    it is not known any more. `entities` are put behind those of the file. Comments, order and
    layout stay. Raises InputError where the file, called `name`, is not understood, or the value
    is none that the field can have.
    """
    import tomlkit

    parse_toml(raw, Metadata, name=name)
    source = raw.decode("utf-8-sig")
    document = tomlkit.parse(_with_new_key(source, path, value))
    _put(document, path, value)
    added = [entity.model_dump(mode="json", exclude_defaults=True) for entity in entities]
    if added:
        standing = document.get("entities")
        if standing is None:
            document["entities"] = standing = tomlkit.aot()
        for one in added:
            standing.append(one)
    written = tomlkit.dumps(document).encode()
    if _value(parse_toml(written, Metadata, name=name), path) != _plain(value):
        raise InputError(f"{name}: this field could not be changed.", "Change it in the file.")
    return written


def _with_new_key(source: str, path: tuple[str, ...], value: object) -> str:
    """Return a source in which a key that is not there yet follows its table's last one.

    A key that stands somewhere, or whose table is written in another way, is left to `_put`.
    """
    import tomlkit

    places, ends = (lines := key_lines(source)).places, lines.ends
    *tables, last = path
    headed = not tables or (tuple(tables) in places and tuple(tables) not in ends)
    if value is None or path in places or not headed:
        return source
    siblings = [end for key, end in ends.items() if key[:-1] == tuple(tables)]
    if not tables and not siblings:
        return source
    after = max(siblings, default=places.get(tuple(tables), 0))
    lines_of_source = source.split("\n")
    made = list(value) if isinstance(value, tuple) else value
    lines_of_source.insert(after, f"{last} = {tomlkit.item(made).as_string()}")
    return "\n".join(lines_of_source)


def _put(document: TOMLDocument, path: tuple[str, ...], value: object) -> None:
    import tomlkit

    *tables, last = path
    table: Any = document
    for step in tables:
        if step not in table:
            table[step] = tomlkit.table()
        table = table[step]
    if value is None:
        table.pop(last, None)
    else:
        table[last] = list(value) if isinstance(value, tuple) else value


def _value(metadata: Metadata, path: tuple[str, ...]) -> object:
    found: Any = metadata
    for step in path:
        found = getattr(found, step)
    return found or None if isinstance(found, tuple) else found


def _plain(value: object) -> object:
    return value or None if isinstance(value, tuple) else value
