"""The sample gold, coded in the app by keys alone from the written scripts of the benchmark."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.edit import Coding
from annotator.model.mark import ChoiceValue
from tests.benchmarks.coding import (
    SCRIPTS,
    code,
    differences,
    gold,
    keys_of,
    project_in,
    report,
)


def test_one_slot_that_is_not_as_in_the_gold_is_told(tmp_path: Path) -> None:
    wanted = gold(project_in(tmp_path))
    key = wanted.order[7]
    sentence = wanted.sentence(key)
    marks = tuple(
        mark.model_copy(
            update={"slots": {**mark.slots, "novelty": (ChoiceValue(choice="reaffirmed"),)}}
        )
        if mark.layer == "commitments"
        else mark
        for mark in sentence.marks
    )
    told = differences(Coding({**wanted.docs, key: sentence.changed(marks=marks)}), wanted)
    assert len(told) == 2
    assert all("sentence 8" in line and "novelty" in line for line in told)


@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_script_codes_what_the_gold_says(tmp_path: Path, name: str) -> None:
    project = project_in(tmp_path)
    coded = await code(project, SCRIPTS[name])
    assert differences(coded, gold(project)) == []

    sentences = [sentence for _, sentence in coded.sentences()]
    for keys, sentence in zip(SCRIPTS[name], sentences, strict=True):
        moves = keys.split()[0] in ("g", "k")
        assert sentence.keys == len(keys_of(keys)) - moves
        assert sum(mark.provenance.keys or 0 for mark in sentence.marks) < sentence.keys
        assert all(mark.provenance.keys for mark in sentence.marks)
    told = report(name, SCRIPTS[name], coded, project.codebook)
    pressed = sum(len(keys_of(keys)) for keys in SCRIPTS[name])
    assert told[0].startswith(f"{name}: {pressed} keys for 15 sentences")
