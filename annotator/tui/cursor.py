"""The terminal's own cursor, which Textual hides, for whoever follows it with ear or hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.driver import Driver

_SHOW: Final = "\x1b[?25h"


def shown_cursor(driver: type[Driver], wanted: Callable[[], bool]) -> type[Driver]:
    """Return a driver that shows the cursor whenever it takes the screen, where that is wanted."""

    class ShownCursor(driver):  # type: ignore[valid-type, misc]
        def start_application_mode(self) -> None:
            super().start_application_mode()
            if wanted():
                self.write(_SHOW)

    return ShownCursor
