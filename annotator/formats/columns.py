"""The types of the columns of a table of rows, taken from the models of the rows.

A table never guesses its types from what happens to stand in it: a list that is empty everywhere
has a type all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from annotator.model.base import Value

Kind = Literal["text", "whole", "number", "truth", "list", "struct"]

_KINDS: Final[dict[Any, Kind]] = {str: "text", int: "whole", float: "number", bool: "truth"}


@dataclass(frozen=True)
class Column:
    """One column of a table, or a part of one.

    `optional` says that null may stand in it. `parts` are the fields of a struct, or the one
    element of a list, which has no name.
    """

    name: str
    kind: Kind
    optional: bool = False
    parts: tuple[Column, ...] = ()


@cache
def columns(model: type[Value]) -> tuple[Column, ...]:
    """Return the columns of a model's rows, in the order of its fields."""
    hints = get_type_hints(model)
    return tuple(_column(name, hints[name]) for name in model.model_fields)


def defaults(model: type[Value]) -> dict[str, Any]:
    """Return the values of the columns that came later: older tables are without them."""
    fields = model.model_fields.items()
    return {name: field.default for name, field in fields if not field.is_required()}


def _column(name: str, hint: Any) -> Column:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _column(name, inner[0])
    if origin in (Union, UnionType):
        (said,) = (one for one in inner if one is not NoneType)
        found = _column(name, said)
        return Column(name, found.kind, True, found.parts)
    if origin is Literal:
        return Column(name, _KINDS[type(inner[0])])
    if origin is tuple:
        return Column(name, "list", parts=(_column("", inner[0]),))
    if isinstance(hint, type) and issubclass(hint, Value):
        return Column(name, "struct", parts=columns(hint))
    return Column(name, _KINDS[hint])
