"""Palettes: what can be read on what, what any eye tells apart, what is left without colours."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from annotator.errors import InputError
from annotator.standing import MONO
from annotator.tui import themes
from annotator.tui.themes import THEMES, Plain, counterpart, require

# Machado, Oliveira and Fernandes (2009), severity 1: what is left of linear red, green and blue.
EYES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "all three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
OKABE_ITO = ("#d55e00", "#e69f00", "#f0e442", "#009e73", "#56b4e9", "#0072b2", "#cc79a7")
READABLE = 4.5
OURS = {theme.name: theme for theme in THEMES}
COLOURED = [name for name in OURS if name != MONO]
FOR_FEW_HUES = [name for name in OURS if name.endswith("-cb")]
RGB = tuple[float, float, float]


def linear(colour: str) -> RGB:
    def one(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = Color.parse(colour).rgb
    return one(red / 255), one(green / 255), one(blue / 255)


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        red, green, blue = linear(colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def seen(colour: str, eye: str) -> RGB:
    """Return a colour in CIE L*a*b* as an eye sees it."""
    red, green, blue = (
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear(colour), strict=True))))
        for row in EYES[eye]
    )

    def one(share: float) -> float:
        return share ** (1 / 3) if share > 0.008856 else 7.787 * share + 16 / 116

    x = one((0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047)
    y = one(0.2126729 * red + 0.7151522 * green + 0.0721750 * blue)
    z = one((0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def least_apart(colours: tuple[str, ...]) -> float:
    """Return how far the two likest of some colours are apart, for the eye that sees them worst."""
    return min(
        math.dist(seen(one, eye), seen(other, eye))
        for eye in EYES
        for one, other in combinations(colours, 2)
    )


def families(theme: Theme) -> tuple[str, ...]:
    return tuple(c for name, c in theme.variables.items() if name.startswith("family-"))


def grounds(theme: Theme) -> list[str]:
    found = (theme.background, theme.surface, theme.panel, theme.variables["lit"])
    return [str(ground) for ground in found]


@pytest.mark.parametrize("name", COLOURED)
def test_the_text_and_what_stands_back_can_be_read_on_every_ground(name: str) -> None:
    theme = OURS[name]
    for ground in [*grounds(theme), theme.variables["choice"]]:
        assert contrast(str(theme.foreground), ground) >= 7
    for back in (str(theme.background), str(theme.surface)):
        assert contrast(theme.variables["muted"], back) >= READABLE


@pytest.mark.parametrize("name", COLOURED)
def test_the_colours_of_families_can_be_read_where_marks_stand(name: str) -> None:
    theme = OURS[name]
    for colour in families(theme):
        assert all(contrast(colour, ground) >= READABLE for ground in grounds(theme)[:2])


@pytest.mark.parametrize("name", FOR_FEW_HUES)
def test_no_eye_takes_one_family_for_another(name: str) -> None:
    colours = families(OURS[name])
    assert len(set(colours)) == 9
    assert least_apart(colours) >= least_apart(OKABE_ITO)


@pytest.mark.parametrize("name", FOR_FEW_HUES)
def test_palettes_for_few_hues_can_be_read_on_every_ground(name: str) -> None:
    theme = OURS[name]
    told = [str(c) for c in (theme.success, theme.warning, theme.error, theme.accent)]
    for colour in (*families(theme), *told):
        for ground in [*grounds(theme), theme.variables["choice"]]:
            assert contrast(colour, ground) >= READABLE


def test_the_measure_tells_what_few_hues_do_to_the_common_palette() -> None:
    assert least_apart(families(OURS[themes.DARK])) < least_apart(OKABE_ITO) / 4


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("annotator-dark", "annotator-light"),
        ("annotator-light-cb", "annotator-dark-cb"),
        ("solarized-dark", "solarized-light"),
        ("nord", "annotator-light"),
        (MONO, MONO),
    ],
)
def test_dark_and_light_are_changed_within_their_kind(name: str, other: str) -> None:
    theme = OURS.get(name) or BUILTIN_THEMES[name]
    assert counterpart(theme) == other


def test_a_theme_that_nobody_knows_is_refused_where_it_is_named() -> None:
    assert require("nord", "x") == "nord"
    with pytest.raises(InputError, match=r"^a\.toml, line 3: there is no theme “nrd”"):
        require("nrd", "a.toml, line 3")


def plain(style: str) -> Style:
    (segment,) = Plain().apply([Segment("x", Style.parse(style))], Color(0, 0, 0))
    assert segment.style is not None
    return segment.style


def test_without_colours_what_stands_on_a_light_ground_is_reversed() -> None:
    assert plain("#ffffff on #000000").reverse is False
    assert plain("#000000 on #ffffff").reverse is True


def test_what_is_reversed_on_a_light_ground_stands_out_by_not_being_so() -> None:
    assert plain("reverse #ffffff on #ffffff").reverse is False
    assert plain("reverse #ffffff on #000000").reverse is True


def test_no_colour_is_left_and_every_other_trait_is() -> None:
    left = plain("bold underline italic strike #ff0000 on #00ff00")
    assert (left.color, left.bgcolor) == (None, None)
    assert all((left.bold, left.underline, left.italic, left.strike))


def test_what_a_click_means_outlives_the_colours() -> None:
    style = Style.parse("#ffffff on #000000") + Style(meta={"key": "t"})
    (segment,) = Plain().apply([Segment("x", style)], Color(0, 0, 0))
    assert segment.style is not None
    assert segment.style.meta == {"key": "t"}
