"""The people in a metadata file, changed in place: comments, order and everything else stay."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date
from typing import TYPE_CHECKING, Any

from annotator.errors import InputError
from annotator.files import printable
from annotator.model.readout import Metadata
from annotator.tomlfile import parse_toml

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_BOM = b"\xef\xbb\xbf"


def with_people(raw: bytes, after: Metadata, ids: Mapping[str, str], *, name: str) -> bytes:
    """Return the bytes of a metadata file that name the people as `after` does.

    `ids` says which entity's table becomes whose; where both have one, that of the entity that
    stays is kept. Raises InputError, with `name` for the file, where its form does not allow it.
    """
    import tomlkit  # Reading does without it, and a start is faster.

    document = tomlkit.parse(raw.decode("utf-8-sig"))
    _put_entities(document, after, ids)
    _put(document, "source_chain", list(after.source_chain))
    event = document.get("event")
    if event is not None:
        _put(event, "participants", list(after.event.participants))
        _put(event, "initiator", after.event.initiator)
    made = tomlkit.dumps(document).encode()
    made = _BOM + made if raw.startswith(_BOM) else made
    if parse_toml(made, Metadata, name=name) != after:
        raise InputError(
            f"{printable(name)} is written in a way that cannot be changed in place.",
            "Change it by hand.",
        )
    return made


def _put_entities(document: TOMLDocument, after: Metadata, ids: Mapping[str, str]) -> None:
    tables = document.get("entities")
    if tables is None:
        return
    wanted = {entity.id: entity for entity in after.entities}
    had = [str(table["id"]) for table in tables]
    kept: set[str] = set()
    gone: list[int] = []
    for place, entity_id in enumerate(had):
        now = ids.get(entity_id, entity_id)
        # The table of whoever stays is the one to keep, also where it stands further down.
        if now in kept or (now != entity_id and now in had):
            gone.append(place)
            continue
        kept.add(now)
        known = wanted[now].model_dump(mode="json", exclude_defaults=True)
        for field in [*tables[place], *known]:
            _put(tables[place], str(field), known.get(str(field)))
    for place in reversed(gone):
        behind = _comments_behind(tables[place])
        del tables[place]
        if behind and len(tables):
            body = tables[max(0, place - 1)].value
            for item in behind:
                body.add(item)


def _comments_behind(table: Any) -> list[Any]:
    """Return the comments behind the last key of a table, which mostly are about what follows."""
    body = getattr(table.value, "body", [])
    last = max((place for place, (key, _) in enumerate(body) if key is not None), default=-1)
    items = [item for _, item in body[last + 1 :]]
    lines = [item.as_string().strip() for item in items]
    first = next((place for place, line in enumerate(lines) if line.startswith("#")), None)
    return [] if first is None else items[first:]


def _put(table: MutableMapping[str, Any], key: str, value: object) -> None:
    """Set a key where it says something else, and take it out where there is nothing to say."""
    if key in table:
        now = table[key]
        plain = now.unwrap() if hasattr(now, "unwrap") else now
        # A date without quotation marks says the same as one with them.
        if value in (plain, plain.isoformat() if isinstance(plain, date) else plain):
            return
        if value is None or value == []:
            del table[key]
        else:
            table[key] = value
    elif value is not None and value != []:
        table[key] = value
