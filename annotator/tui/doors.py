"""Which command opens which screen; a screen is imported when it is opened, and not before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

from textual.screen import Screen

from annotator.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.tui.screens.keyed import KeyedScreen

Door = Callable[["KeyedScreen"], Screen[Any] | None]
"""Makes the screen that a command opens from the one it was given on, None where it cannot be."""


def _help(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.screens.help import HelpScreen

    return HelpScreen(here.scope)


def _codebook(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.screens.codebook import CodebookScreen

    with suppress(AnnotatorError):  # Where it is not understood any more, the old one is shown.
        here.annotator.keyring.look()
    return CodebookScreen(here.subject())


def _find(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.screens.find import FindScreen

    return FindScreen()


def _about(here: KeyedScreen) -> Screen[Any] | None:
    from annotator.tui.screens.about import AboutScreen

    readout = here.subject().readout
    return AboutScreen(readout) if readout else None


def _figures(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.screens.annotate import AnnotateScreen
    from annotator.tui.screens.figures import FiguresScreen

    return FiguresScreen(here.session if isinstance(here, AnnotateScreen) else None)


def _palette(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.commands import Palette

    return Palette()


def _export(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.screens.export import ExportScreen

    return ExportScreen()


def _formula(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.screens.formula import FormulaScreen

    return FormulaScreen(cast("AnnotateScreen", here))


def _applying(here: KeyedScreen) -> Screen[Any] | None:
    from annotator.tui.screens.applying import ApplyingScreen

    work = cast("AnnotateScreen", here)
    if work.bench.sentence.marks:
        return ApplyingScreen(work)
    work.say("This sentence has no marks that others could have.")
    return None


def _cast(here: KeyedScreen) -> Screen[Any]:
    from annotator.tui.screens.annotate import AnnotateScreen

    if isinstance(here, AnnotateScreen):
        from annotator.tui.screens.cast import CastScreen

        return CastScreen(here.session, here.save, here.go_to)
    from annotator.tui.screens.register import RegisterScreen

    return RegisterScreen()


DOORS: Final[dict[str, Door]] = {
    "palette": _palette,
    "help": _help,
    "cast": _cast,
    "codebook": _codebook,
    "find": _find,
    "about": _about,
    "formula": _formula,
    "formula.apply": _applying,
    "figures": _figures,
    "export": _export,
}
"""The screens by the ids of the table; what only one kind of screen can open is its own affair."""
