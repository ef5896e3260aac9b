"""What this version of the program understands of a journal that a newer one wrote."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from annotator.errors import NewerFormat
from annotator.model.base import Value
from annotator.model.edit import Coding, Document
from annotator.store import format as form
from annotator.store import rules
from annotator.store.base import Header, Snapshot
from annotator.store.lines import is_end, taken_apart

_Known = TypeVar("_Known", bound=Value)


def understood(raw: bytes, problem: NewerFormat) -> Snapshot:
    """Return the state of a journal without the fields that this version does not know.

    Its history is left out, for it may hold acts of unknown kinds. Raises `problem` where what is
    left has no meaning here.
    """
    head, bodies, rest = taken_apart(raw)
    if not is_end(rest, bodies):
        raise problem
    try:
        header = _lenient(Header, form.read_head(head))
        latest: dict[int, Any] = {}
        for body in bodies:
            latest |= {int(name): member for name, member in orjson.loads(b"{%b}" % body).items()}
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
    for before, step in pairwise([None, *steps]):
        # The place of a value in a list of variants names its variant too, which is no step.
        if not (isinstance(before, int) and node.get("type") == step):
            node = node[step]
    del node[last]
