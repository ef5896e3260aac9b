"""Terminals of any size, and back: nothing breaks, and nothing of where one was is lost."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from annotator.config import Settings
from annotator.pipeline.project import Project
from annotator.standing import Standing
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.annotate import AnnotateScreen
from tests.rendering import RENDER, painted

READOUT: str = RENDER.READOUT
START = (120, 40)
STORM = ((60, 16), (1, 1), (3, 200), (200, 3), (80, 24))
SHRINKING = ((41, 24), (30, 8), (20, 5), (2, 2))
LIT = ("1", "0", "G")
SCREENS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "library": (None, ()),
    "library, filtering": (None, ("f", *"trade")),
    "find": (None, ("slash", *"trade", "enter")),
    "annotate": (READOUT, LIT),
    "a panel": (READOUT, (*LIT, "t", "right")),
    "a form": (READOUT, (*LIT, "tab", "tab", "tab", "e", "tab")),
    "a span": (READOUT, (*LIT, "v")),
    "a split": (READOUT, (*LIT, "S")),
    "a question": (READOUT, (*LIT, "z", *"half")),
    "help": (READOUT, (*LIT, "f1")),
    "codebook": (READOUT, (*LIT, "question_mark")),
    "history": (READOUT, (*LIT, "H")),
    "palette": (READOUT, (*LIT, "ctrl+p")),
    "export": (None, ("E", "j", "j")),
}
MANNERS = {
    "roomy": Settings(),
    "compact": Settings(density="compact"),
    "in words": Settings(reader=True),
    "without colours": Settings(theme="annotator-mono"),
}
ENTRY = "Terrorism and the fight against it"
SCROLLED = {"codebook": ENTRY, "a question": "In view of this", "a span": "In view of this"}
"""What is lit where the place on the page depends on the way there, as pages move in steps."""
COURSE = "j k 1 0 G t right escape v right escape f3 f2 j f2 pagedown pageup ctrl+t f1 q z x escape"
IN_EVERY_MANNER = ("library", "annotate", "a span")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made: Project = RENDER.worked_project(tmp_path_factory.mktemp("project"))
    return made


async def still(app: AnnotatorApp, pilot: Pilot[None]) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


def shown(app: AnnotatorApp) -> list[str]:
    return [line.rstrip() for line in painted(app)]


@pytest.mark.parametrize(
    ("name", "manner"),
    [
        *((name, "roomy") for name in SCREENS),
        *((name, other) for name in IN_EVERY_MANNER for other in MANNERS if other != "roomy"),
    ],
)
async def test_after_a_storm_of_sizes_everything_is_as_a_new_start_shows_it(
    project: Project, name: str, manner: str
) -> None:
    readout, keys = SCREENS[name]
    app = AnnotatorApp(project, "ada", readout, Standing.of(MANNERS[manner]))
    try:
        async with app.run_test(size=START) as pilot:
            await still(app, pilot)
            for key in keys:
                await pilot.press(key)
            await still(app, pilot)
            fresh, lit = shown(app), lit_sentence(app)
            for size in (*SHRINKING, START, *STORM, START):
                await pilot.resize_terminal(*size)
                await pilot.pause()
            await still(app, pilot)
            # A list may have scrolled meanwhile; what is lit in it is in sight as before.
            after = shown(app)
            same = SCROLLED[name] in "".join(after) if name in SCROLLED else after == fresh
            assert (same, lit_sentence(app)) == (True, lit)
    finally:
        app.close_all()
    assert app.failure == 0, app.last_words


def lit_sentence(app: AnnotatorApp) -> int | None:
    screens = [screen for screen in app.screen_stack if isinstance(screen, AnnotateScreen)]
    return screens[-1].bench.key if screens else None


@pytest.mark.parametrize("size", [(60, 16), (1, 1), (3, 200), (200, 3)])
async def test_the_keys_work_at_any_size(project: Project, size: tuple[int, int]) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    try:
        async with app.run_test(size=size) as pilot:
            await still(app, pilot)
            for key in (
                "j",
                "k",
                "1",
                "0",
                "G",
                "t",
                "right",
                "escape",
                "v",
                "right",
                "escape",
                "f3",
            ):
                await pilot.press(key)
            for key in (
                "f2",
                "j",
                "f2",
                "pagedown",
                "pageup",
                "ctrl+t",
                "f1",
                "q",
                "z",
                "x",
                "escape",
            ):
                await pilot.press(key)
            screen = app.screen
            assert isinstance(screen, AnnotateScreen)
            assert screen.bench.place > 0
            await pilot.resize_terminal(*START)
            await still(app, pilot)
            assert f"Sentence {screen.bench.place + 1} of 15" in "\n".join(shown(app))
    finally:
        app.close_all()
    assert app.failure == 0, app.last_words


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 16)])
@pytest.mark.parametrize(("key", "hint"), [("d", "key answers"), ("t", "key toggles")])
async def test_the_keys_of_a_panel_stand_once(
    project: Project, size: tuple[int, int], key: str, hint: str
) -> None:
    app = AnnotatorApp(project, "ada", READOUT)
    async with app.run_test(size=size) as pilot:
        await still(app, pilot)
        await pilot.press(*LIT, key)
        await still(app, pilot)
        assert sum(hint in line for line in shown(app)) == 1
    app.close_all()
