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
        self._styles: dict[str, RichStyle] = {}

    def style(self, expression: str) -> RichStyle:
        """Return the style of an expression such as "bold $muted on $lit"."""
        found = self._styles.get(expression)
        if found is None:
            found = Style.parse(expression, self._variables).rich_style
            self._styles[expression] = found
        return found

    def strip(self, line: Line, width: int, ground: str = "") -> Strip:
        """Draw a line `width` cells wide; `ground` names the colour behind it."""
        behind = f"on {ground}" if ground else ""
        base = self.style(f"$foreground {behind}" if ground else "$foreground")
        segments = []
        for run in line:
            own = run.style if " on " in f" {run.style}" else f"{run.style} {behind}".strip()
            style = base + self.style(own) if own else base
            meta = RichStyle(meta={"key": run.key}) if run.key else None
            segments.append(Segment(run.text, style + meta if meta else style))
        return Strip(segments).adjust_cell_length(width, base)
