"""The styles of the app, each of which is parsed once."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class Sheet(Stylesheet):
    """Keeps what it parsed until a theme gives its variables other values.

    Textual's own parses everything again at the start, and whenever a screen brings styles along.
    """

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._values = variables

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take the values of a theme."""
        if variables != self._values:
            self._values = dict(variables)
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is new; what there was before stays where that is no style."""
        self.parse()
