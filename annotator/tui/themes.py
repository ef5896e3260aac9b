"""Colours: themes of our own, and what every other theme needs besides.

Colour only repeats what a glyph or a word says already. The names beyond Textual's are: `muted` for
what stands back, `faint` for lines, `lit` for the ground of the current sentence, `choice` for
what is under the light, `chosen` for a selection in the text, and `family-…` for the codebook's.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

from annotator.config import DEFAULT_THEME
from annotator.errors import InputError
from annotator.files import printable
from annotator.standing import MONO

DARK: Final = DEFAULT_THEME
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

# For eyes that tell few hues apart: the hues are those of Okabe and Ito, as far as nine can be, and
# the lightnesses those of which the two likest, as any such eye sees them, are the least alike.
_CB_ON_DARK: Final = _ON_DARK | {
    "choice": "#2d3a4e",
    "family-red": "#ef946d",
    "family-orange": "#e7b921",
    "family-yellow": "#f8de75",
    "family-green": "#96f8ad",
    "family-teal": "#5ebaa5",
    "family-blue": "#bcddfc",
    "family-violet": "#b595f3",
    "family-pink": "#d48dcb",
    "family-grey": "#eeeef1",
}
_CB_ON_LIGHT: Final = _ON_LIGHT | {
    "lit": "#e9f0fa",
    "choice": "#d5e3f7",
    "family-red": "#a64004",
    "family-orange": "#775633",
    "family-yellow": "#372b01",
    "family-green": "#04271c",
    "family-teal": "#0b687f",
    "family-blue": "#1f46e5",
    "family-violet": "#3a229d",
    "family-pink": "#480842",
    "family-grey": "#515151",
}

# Black and white: what stands on white is shown in reverse, and nothing else is a colour.
_BLACK, _WHITE = "#000000", "#ffffff"
_MONO: Final = dict.fromkeys(_ON_DARK, _WHITE) | {
    "lit": _BLACK,
    "block-cursor-background": _WHITE,
    "block-cursor-foreground": _BLACK,
    "input-selection-background": _WHITE,
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
    Theme(
        name=f"{DARK}-cb",
        dark=True,
        primary="#bcddfc",
        secondary="#5ebaa5",
        accent="#f8de75",
        foreground="#dce1ea",
        background="#12151a",
        surface="#171b21",
        panel="#1d222a",
        success="#8fd0ff",
        warning="#f5b000",
        error="#ff9a6b",
        variables=_CB_ON_DARK,
    ),
    Theme(
        name=f"{LIGHT}-cb",
        dark=False,
        primary="#1f46e5",
        secondary="#0b687f",
        accent="#5c4600",
        foreground="#20242b",
        background="#fcfbf8",
        surface="#f6f4ee",
        panel="#eeebe2",
        success="#0a5a9c",
        warning="#7a5200",
        error="#a33a00",
        variables=_CB_ON_LIGHT,
    ),
    Theme(
        name=MONO,
        dark=True,
        primary=_WHITE,
        secondary=_WHITE,
        accent=_WHITE,
        foreground=_WHITE,
        background=_BLACK,
        surface=_BLACK,
        panel=_BLACK,
        success=_WHITE,
        warning=_WHITE,
        error=_WHITE,
        variables=_MONO,
    ),
)


def require(name: str, origin: str) -> str:
    """Return the name of a theme; raises InputError that says where it comes from.

    `origin` is the file and line, or the option, that names it.
    """
    known = sorted({*BUILTIN_THEMES, *(theme.name for theme in THEMES)})
    if name not in known:
        near = get_close_matches(name, known, 1)
        raise InputError(
            f"{printable(origin)}: there is no theme “{printable(name)}”.",
            f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(known)}.",
        )
    return name


def counterpart(theme: Theme) -> str:
    """Return the name of the theme that is light where this one is dark, of the same kind.

    The palette without colours is its own: the terminal says what is dark there.
    """
    if theme.name == MONO:
        return MONO
    other = ("light", "dark") if theme.dark else ("dark", "light")
    swapped = theme.name.replace(other[1], other[0])
    known = {*BUILTIN_THEMES, *(theme.name for theme in THEMES)}
    return swapped if swapped in known - {theme.name} else LIGHT if theme.dark else DARK


class Plain(LineFilter):
    """Takes every colour out, and shows what stands on a light ground in reverse."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without colours."""
        return [
            segment
            if segment.control or segment.style is None
            else Segment(segment.text, _without_colour(segment.style))
            for segment in segments
        ]


@lru_cache(maxsize=4096)
def _without_colour(style: Style) -> Style:
    behind = style.bgcolor and style.bgcolor.triplet
    light = bool(behind) and sum(behind or ()) > _HALF_LIGHT
    plain = style.without_color + Style(dim=False, meta=style.meta or None)
    # What is reversed on a reversed ground stands out by not being so.
    return plain + Style(reverse=light != bool(style.reverse))


_HALF_LIGHT: Final = 3 * 255 // 2


def defaults(*, dark: bool) -> dict[str, str]:
    """Return our names' colours for a theme that is not ours."""
    return dict(_ON_DARK if dark else _ON_LIGHT)
