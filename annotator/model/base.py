"""The common base of every stored or exported value."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.]{0,63}$")]
"""The name of a part of the codebook."""

Key = Annotated[str, Field(pattern=r"^[!-~]$")]
"""A key that a codebook gives away: one printable ASCII character."""


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
    )
