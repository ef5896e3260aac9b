"""A queue is walked across readouts by two keys, and says where one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.queue import Place, Queue
from annotator.tui.screens.annotate import AnnotateScreen
from tests.rendering import RENDER

FIRST, SECOND = "2021-04-13-biden-putin-us", "2023-11-15-biden-xi-us"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made: Project = RENDER.worked_project(tmp_path)
    return made


def at(app: AnnotatorApp) -> tuple[str, int]:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen.session.readout.id, app.screen.bench.place


def said(app: AnnotatorApp) -> str:
    assert isinstance(app.screen, AnnotateScreen)
    return app.screen.bench.message


async def test_a_queue_is_walked_across_readouts_and_back(project: Project) -> None:
    app = AnnotatorApp(project, "ada")
    places = []
    for readout_id, place in ((FIRST, 2), (FIRST, 3), (SECOND, 1)):
        sentences = project.segment(project.readout(readout_id))
        places.append(Place(readout_id, sentences[place].start, "a reason"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        app.walk(Queue("unsure", tuple(places)))
        await pilot.pause()
        assert (at(app), said(app)) == ((FIRST, 2), "unsure: 1 of 3  a reason  } next place")
        await pilot.press("}")
        assert (at(app), said(app)) == ((FIRST, 3), "unsure: 2 of 3  a reason  } next place")
        await pilot.press("}")
        await pilot.pause()
        assert (at(app), said(app)) == ((SECOND, 1), "unsure: 3 of 3  a reason")
        await pilot.press("}")
        assert (at(app), said(app)) == ((SECOND, 1), "The queue ends here.")
        await pilot.press("{")
        await pilot.pause()
        assert (at(app), said(app)) == ((FIRST, 3), "unsure: 2 of 3  a reason  } next place")
    app.close_all()


async def test_without_a_queue_its_keys_say_so(project: Project) -> None:
    app = AnnotatorApp(project, "ada", FIRST)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("}")
        assert said(app) == "There is no queue to walk."
    app.close_all()
