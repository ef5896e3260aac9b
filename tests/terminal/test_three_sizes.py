"""A sentence is coded in a real terminal of each size that the program is made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.mark import SpanValue
from annotator.pipeline.project import Project

from .harness import Place

pytestmark = pytest.mark.terminal

READOUT = "2021-04-13-biden-putin-us"


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24), (60, 16)])
def test_two_topics_and_words_of_the_text_are_eight_keys_at_any_size(
    tmp_path: Path, columns: int, rows: int
) -> None:
    place = Place(tmp_path, READOUT)
    with place.coding(READOUT, columns, rows) as terminal:
        terminal.steps(("2 g", "Sentence 2 of 9"))
        for key in ("t", "c", "t", "\t", "a", "D", "\r"):
            terminal.type(key)
            terminal.settle()
        terminal.type("\r")
        terminal.wait_for("Sentence 3 of 9")
    snapshot = Project.open(place.root).store().read("ada", READOUT)
    assert snapshot is not None
    text = (place.root / "seeds" / f"{READOUT}.txt").read_text("utf-8")
    _, sentence = snapshot.coding.sentences()[1]
    assert sentence.state == "done"
    assert {mark.label for mark in sentence.of_layer("topics")} == {"prot.courtesy", "sec.terror"}
    held = [v for mark in sentence.marks for v in mark.values("evidence")]
    spans = [value.span for value in held if isinstance(value, SpanValue)]
    assert len(spans) == 1
    assert text[spans[0].start : spans[0].end] == spans[0].exact
