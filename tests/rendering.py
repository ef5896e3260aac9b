"""The documentation's own renderer, for tests that look at screens."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from textual._compositor import LayoutUpdate
from textual.app import App

ROOT = Path(__file__).parents[1]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_render", ROOT / "docs" / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_render"] = module
    spec.loader.exec_module(module)
    return module


RENDER = _load()


def painted(app: App[Any]) -> list[str]:
    """Return what an app shows, row by row, as `words` reads it from a picture.

    Runs of one style that are all blank are left out, as pictures leave them out.
    """
    stack = app._background_screens
    update = app.screen._compositor.render_update(full=True, screen_stack=stack)
    assert isinstance(update, LayoutUpdate)
    lines = ((segment.text for strip in line for segment in strip) for line in update.strips)
    found = ("".join(text for text in line if text.strip(" ")) for line in lines)
    return [line.replace("\xa0", " ") for line in found]
