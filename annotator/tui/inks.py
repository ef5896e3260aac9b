"""From runs to what Textual draws: style expressions are read once per theme."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip
from textual.style import Style

from annotator.tui.paint import Line


class Inks:
    """The styles of one theme."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = dict(variables)
        self._styles: dict[tuple[str, str, str], RichStyle] = {}

    def style(self, expression: str, ground: str = "", key: str = "") -> RichStyle:
        """Return the style of an expression such as "bold $muted" on a ground such as "$lit".

        A `key` is found again under the mouse.
        """
        found = self._styles.get((expression, ground, key))
        if found is None:
            behind = f"on {ground}" if ground and " on " not in f" {expression}" else ""
            parsed = Style.parse(f"$foreground {behind}", self._variables)
            if expression:
                parsed += Style.parse(f"{expression} {behind}", self._variables)
            found = parsed.rich_style
            if key:
                found += RichStyle(meta={"key": key})
            self._styles[expression, ground, key] = found
        return found

    def strip(self, line: Line, width: int, ground: str = "", pad: int = 0) -> Strip:
        """Draw a line `width` cells wide with `pad` blanks at either end, on a ground."""
        base = self.style("", ground)
        segments = [Segment(" " * pad, base)] if pad else []
        segments += [Segment(run.text, self.style(run.style, ground, run.key)) for run in line]
        if not pad:
            return Strip(segments).adjust_cell_length(width, base)
        return Strip(segments).adjust_cell_length(width - pad, base).extend_cell_length(width, base)
