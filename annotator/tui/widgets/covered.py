"""A container that is never seen itself."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Container


class Covered(Container):
    """Lays out what it holds, which covers it: nothing is painted of it."""

    BLANK: ClassVar[bool] = True
