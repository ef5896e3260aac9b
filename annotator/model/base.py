"""The common base of every stored or exported value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Self, TypeVar, cast
from unicodedata import decimal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.]{0,63}$")]
"""The name of a part of the codebook."""

Key = Annotated[str, Field(pattern=r"^[!-~]$")]
"""A key that a codebook gives away: one printable ASCII character."""


def plain_digits(value: str) -> str:
    """Return a text with the decimal digits of any script as 0 to 9, such as ٢٠٢٦ as 2026."""
    if value.isascii():
        return value
    return "".join(str(decimal(sign, sign)) for sign in value)


PlainDigits = BeforeValidator(lambda said: plain_digits(said) if isinstance(said, str) else said)
"""For a text that is compared sign by sign: whoever types other digits is found all the same."""


def in_the_calendar(value: str) -> str:
    """Return a year, month or day in ISO 8601 as it is; raises ValueError for none."""
    year, month, day = (*(int(number) for number in value.split("-")), 1, 1)[:3]
    date(year, month, day)
    return value


def is_in_calendar(value: str) -> bool:
    """Tell whether a year, month or day in ISO 8601 is one."""
    try:
        in_the_calendar(value)
    except ValueError:
        return False
    return True


def first_day(date: str) -> str:
    """Return the first day of a year or month in ISO 8601, a day as it is."""
    return date + "-01-01"[3 * date.count("-") :]


def last_day(date: str) -> str:
    """Return what no day of a year or month in ISO 8601 is behind, a day as it is.

    Days are compared as texts; that February has no 31st is no matter.
    """
    return date + "-12-31"[3 * date.count("-") :]


class Value(BaseModel):
    """A frozen value that refuses unknown keys, silent conversions and numbers that are none.

    Values from outside are read with `model_validate_json`: in pydantic's strict mode JSON lists
    become tuples, and nothing else is converted.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
        defer_build=True,
    )

    def replaced(self, **values: object) -> Self:
        """Return a copy with some fields replaced, which are not checked.

        Unlike `model_copy` it takes nothing along that was worked out from the old fields.
        """
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        fields = self.model_fields_set | values.keys()
        made = type(self).model_construct(_fields_set=fields, **{**kept, **values})
        return cast("Self", made)


Made = TypeVar("Made", bound=Value)


def unchecked(model: type[Made]) -> Callable[[dict[str, Any]], Made]:
    """Return what makes values of a model without looking at them, in a tenth of the time.

    It is for fields that come from values that were looked at. All of them have to be given, in the
    order of the model; the value keeps the very dictionary.
    """
    new, named = object.__new__, set(model.model_fields)
    # `object.__setattr__` would look each of these up anew, for every value.
    put_fields, put_named, put_extra, put_private = (
        vars(BaseModel)[name].__set__
        for name in (
            "__dict__",
            "__pydantic_fields_set__",
            "__pydantic_extra__",
            "__pydantic_private__",
        )
    )

    def made(fields: dict[str, Any]) -> Made:
        value = new(model)
        put_fields(value, fields)
        put_named(value, named)
        put_extra(value, None)
        put_private(value, None)
        return value

    return made
