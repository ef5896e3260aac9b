"""A mark that rules or a model propose; no mark until a coder takes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from annotator.model.base import Value
from annotator.model.mark import Slots


class Suggestion(Value):
    """A proposed label with its slots, a score between 0 and 1, and who proposes it why.

    `source` is the suggester's id, `evidence` the words or rule that speak for it.
    """

    layer: str
    label: str
    slots: Slots = Field(default_factory=dict)
    score: Annotated[float, Field(ge=0, le=1)]
    source: str
    evidence: str = ""
