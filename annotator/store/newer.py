"""What this version of the program understands of a journal that a newer one wrote."""

from __future__ import annotations

from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from annotator.errors import NewerFormat
from annotator.model.base import Value
from annotator.model.edit import Coding, Document
from annotator.store import format as form
from annotator.store import rules
from annotator.store.base import Header, Snapshot

_Known = TypeVar("_Known", bound=Value)


def understood(raw: bytes, problem: NewerFormat) -> Snapshot:
    """Return the state of a journal without the fields that this version does not know.

    Its history is left out, for it may hold acts of unknown kinds. Raises `problem` where what is
    left has no meaning here.
    """
    head, *pieces = raw.split(b"\n")
    try:
        header = _lenient(Header, form.read_head(head))
        latest: dict[int, Any] = {}
        for piece in pieces:
            if form.is_body(piece[1:]):
                latest |= {int(name): m for name, m in orjson.loads(b"{%b}" % piece[1:]).items()}
        docs = {key: _document(key, member) for key, member in latest.items()}
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise problem from error
    return Snapshot(header, Coding({k: doc for k, doc in docs.items() if doc is not None}), ())


def _document(key: int, member: form.Fields) -> Document | None:
    about = member.pop("_")
    return None if about.get("gone") else _lenient(rules.model(key), member)


def _lenient(model: type[_Known], fields: form.Fields) -> _Known:
    """Validate fields, and leave out those that the model does not have."""
    while True:
        try:
            return model.model_validate_json(form.canonical(fields))
        except ValidationError as error:
            unknown = [e["loc"] for e in error.errors() if e["type"] == "extra_forbidden"]
            if not unknown:
                raise
            for place in unknown:
                _remove(fields, place)


def _remove(node: Any, place: tuple[int | str, ...]) -> None:
    steps: list[Any] = list(place)
    last = steps.pop()
    for step in steps:
        # The place of a value in a union names its variant too, which is no step into it.
        if isinstance(node, list) or step in node:
            node = node[step]
    del node[last]
