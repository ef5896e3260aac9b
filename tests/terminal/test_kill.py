from __future__ import annotations

import random
import signal
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.project import Project

from .harness import Place, Terminal

pytestmark = pytest.mark.terminal

READOUT: Final = "2021-04-13-biden-putin-us"
SENTENCE: Final = 3
CODEBOOK: Final = Project.open(Path(__file__).parents[2]).codebook
TOPICS: Final = next(panel for panel in CODEBOOK.panels if panel.layer == "topics")
GLYPH: Final = next(one for one in CODEBOOK.layers if one.id == TOPICS.layer).glyph_of
KEYS: Final = {TOPICS.keys[label.id]: label for label in TOPICS.labels}


def stored(place: Place) -> list[str]:
    """Read the sentence's topics as another program would, without a lock."""
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    sentence = snapshot.coding.sentence(snapshot.coding.order[SENTENCE - 1])
    return [mark.label for mark in sentence.of_layer("topics")]


def shown(terminal: Terminal) -> set[str]:
    """Return the topics that stand under the sentence on the screen."""
    block = terminal.block(SENTENCE)
    return {one.id for one in TOPICS.labels if f"{GLYPH(one.id)} {one.tag}" in block}


def is_saved(terminal: Terminal, topic: str, text: str) -> bool:
    return topic in shown(terminal) and "● saved" in text


def open_panel(terminal: Terminal) -> None:
    terminal.steps((f"{SENTENCE} g", f"Sentence {SENTENCE} of"), ("t", "key toggles"))


def test_each_mark_that_was_shown_as_saved_outlives_a_kill(tmp_path: Path) -> None:
    place = Place(tmp_path, READOUT)
    for count, (key, label) in enumerate([*KEYS.items()][:4], 1):
        with place.coding(READOUT) as terminal:
            open_panel(terminal)
            terminal.press(key)
            terminal.wait_for(partial(is_saved, terminal, label.id))
            terminal.kill(signal.SIGKILL)
            assert terminal.wait_exit() == -signal.SIGKILL
        assert stored(place) == [label.id for label in [*KEYS.values()][:count]]


def test_the_effort_of_what_was_shown_as_saved_outlives_a_kill(tmp_path: Path) -> None:
    place = Place(tmp_path, READOUT)
    (first, label), (second, other), *_ = KEYS.items()
    with place.coding(READOUT) as terminal:
        open_panel(terminal)
        for key, topic in ((first, label.id), (second, other.id)):
            terminal.press(key)
            terminal.wait_for(partial(is_saved, terminal, topic))
        terminal.kill(signal.SIGKILL)
        terminal.wait_exit()
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    sentence = snapshot.coding.sentence(snapshot.coding.order[SENTENCE - 1])
    assert (sentence.state, sentence.keys) == ("new", 3)
    assert [mark.provenance.keys for mark in sentence.marks] == [2, 1]
    assert sentence.seconds >= sum(mark.provenance.spent or 0 for mark in sentence.marks)


@pytest.mark.parametrize("seed", range(5))
def test_a_kill_amid_fast_typing_takes_nothing_that_was_shown(tmp_path: Path, seed: int) -> None:
    place = Place(tmp_path, READOUT)
    chance = random.Random(seed)  # noqa: S311 - any moment is as good as another
    keys = [*KEYS]
    chance.shuffle(keys)
    with place.coding(READOUT) as terminal:
        open_panel(terminal)
        terminal.press(*keys)
        enough = chance.randint(1, len(keys) - 1)
        terminal.wait_for(lambda _: len(shown(terminal)) >= enough)
        terminal.kill(signal.SIGKILL)
        terminal.wait_exit()
        acknowledged = shown(terminal)

    kept = stored(place)
    assert acknowledged <= set(kept)
    assert kept == [KEYS[key].id for key in keys][: len(kept)]
    with place.coding(READOUT) as terminal:
        terminal.press(str(SENTENCE), "g")
        terminal.wait_for(lambda _: shown(terminal) == set(kept))
        open_panel(terminal)
        rest = keys[len(kept) :]
        terminal.press(*rest)
        terminal.wait_for(lambda _: len(shown(terminal)) == len(keys))
