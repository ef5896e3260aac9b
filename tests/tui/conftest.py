"""What tests of the screens leave behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual._styles_cache import StylesCache


@pytest.fixture(autouse=True)
def _nothing_painted_is_kept() -> Iterator[None]:
    """Let go of what an app painted: a cache of Textual's holds the rows of a hundred apps."""
    yield
    StylesCache.get_inner_outer.cache_clear()
