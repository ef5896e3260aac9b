"""Colours: two themes of our own, and what every other theme needs besides.

Colour only repeats what a glyph or a word says already. The names beyond Textual's are: `muted` for
what stands back, `faint` for lines, `lit` for the ground of the current sentence, `choice` for
what is under the light, `chosen` for a selection in the text, and `family-…` for the codebook's.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = "annotator-dark"
LIGHT: Final = "annotator-light"

_ON_DARK: Final = {
    "muted": "#929cab",
    "faint": "#4a5462",
    "lit": "#232d3b",
    "choice": "#33445c",
    "chosen": "#6b5310",
    "family-red": "#ff9488",
    "family-orange": "#f5b26e",
    "family-yellow": "#e5d273",
    "family-green": "#98d493",
    "family-teal": "#74d3c8",
    "family-blue": "#8abaff",
    "family-violet": "#c4a8ff",
    "family-pink": "#f4a3cd",
    "family-grey": "#a7b0bd",
}
_ON_LIGHT: Final = {
    "muted": "#5f6875",
    "faint": "#b9b6ac",
    "lit": "#e2ebf8",
    "choice": "#c9dcf5",
    "chosen": "#ffe08a",
    "family-red": "#ad2219",
    "family-orange": "#9a5200",
    "family-yellow": "#756000",
    "family-green": "#276f36",
    "family-teal": "#0a6b67",
    "family-blue": "#1c57b0",
    "family-violet": "#6239b8",
    "family-pink": "#a32570",
    "family-grey": "#565e69",
}

THEMES: Final = (
    Theme(
        name=DARK,
        dark=True,
        primary="#8abaff",
        secondary="#74d3c8",
        accent="#e5d273",
        foreground="#dce1ea",
        background="#12151a",
        surface="#171b21",
        panel="#1d222a",
        success="#98d493",
        warning="#f5b26e",
        error="#ff8078",
        variables=_ON_DARK,
    ),
    Theme(
        name=LIGHT,
        dark=False,
        primary="#1c57b0",
        secondary="#0a6b67",
        accent="#756000",
        foreground="#20242b",
        background="#fcfbf8",
        surface="#f6f4ee",
        panel="#eeebe2",
        success="#276f36",
        warning="#9a5200",
        error="#b3211a",
        variables=_ON_LIGHT,
    ),
)


def defaults(*, dark: bool) -> dict[str, str]:
    """Return our names' colours for a theme that is not ours."""
    return dict(_ON_DARK if dark else _ON_LIGHT)
