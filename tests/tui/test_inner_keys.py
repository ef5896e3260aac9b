"""The table of the keys within panels: each of them does something there."""

from __future__ import annotations

import pytest

from annotator.tui import guide
from annotator.tui.inner import INNER
from annotator.tui.keys import keymap
from tests.session.making import Coder, book, session_on

LONG = (
    "Arda said that trade, which had grown for ten years, would grow again, and that the two"
    " states, both of them, agreed to keep the bridge open; Belmont added that ministers would meet"
    " in May to talk about energy, food and transport."
)
OPENED = {
    "In a panel of labels": ("t",),
    "Among the speakers": ("s",),
    "In a form": ("s", "1"),
    "In questions": ("d",),
    "In a span": ("s", "1", "escape", "v", "d"),
    "In a split": ("S",),
}
BEFORE: dict[tuple[str, str], tuple[str, ...]] = {
    ("In a panel of labels", "tab"): ("g",),
    ("In a panel of labels", "shift+tab"): ("escape", "c"),
    ("Among the speakers", "."): ("1", "escape", "s"),
    ("Among the speakers", "="): ("1", "escape", "enter", "s"),
    ("Among the speakers", ">"): ("1", "escape", "s"),
    ("In a form", "a"): ("O",),
    ("In a form", "="): ("escape", "t", "t", "enter", "c", "p", "W"),
    ("In a span", "pagedown"): ("space", "l"),
    ("In a span", "pageup"): ("space", "l"),
    ("In a span", "down"): ("up",),
    ("In a span", "shift+right"): ("shift+left",),
    ("In a span", "C"): ("a",),
    ("In a span", "backspace"): ("space",),
    ("In a split", "a"): ("left",),
    ("In questions", "backspace"): ("y",),
    ("In questions", "up"): ("down",),
}
"""What is pressed before a key that only then has something to do."""
CASES = [
    (place, key) for place, entries in INNER.items() for inner in entries for key in inner.keys
]


def state(coder: Coder) -> tuple[object, ...]:
    """Return all that a key can change."""
    bench = coder.bench
    asks = bench.ask.title if bench.ask else ""
    view = bench.mode.view() if bench.mode else None
    return bench.key, view, asks, bench.message, bench.pages, coder.session.coding


@pytest.mark.parametrize(("place", "key"), CASES)
def test_every_inner_key_does_something(place: str, key: str) -> None:
    coder = Coder.at(session=session_on(LONG, LONG)).press(*OPENED[place])
    coder.press(*BEFORE.get((place, key), ()))
    before = state(coder)
    coder.press(key)
    assert state(coder) != before
    for refusal in ("says nothing", "has the key", "means nothing", "no words", "Nobody"):
        assert refusal not in coder.bench.message


def test_the_help_lists_every_inner_key_once() -> None:
    lines = guide.commands(keymap({}, book().panels), "annotate", 100)
    said = ["".join(run.text for run in line).strip() for line in lines]
    for place, entries in INNER.items():
        assert place in said
        for inner in entries:
            assert any(row.startswith(inner.signs) and inner.help[:30] in row for row in said)
