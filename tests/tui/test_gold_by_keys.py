"""The sample gold, coded in the app by keys alone from the written scripts of the benchmark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.coding import (
    SCRIPTS,
    code,
    differences,
    gold,
    project_in,
    report,
)


@pytest.mark.parametrize("name", SCRIPTS)
async def test_a_script_codes_what_the_gold_says(tmp_path: Path, name: str) -> None:
    project = project_in(tmp_path)
    coded = await code(project, SCRIPTS[name])
    assert differences(coded, gold(project)) == []

    sentences = [sentence for _, sentence in coded.sentences()]
    for keys, sentence in zip(SCRIPTS[name], sentences, strict=True):
        moves = keys.split()[0] in ("g", "k")
        assert sentence.keys == len(keys.split()) - moves
        assert sum(mark.provenance.keys or 0 for mark in sentence.marks) < sentence.keys
        assert all(mark.provenance.keys for mark in sentence.marks)
    told = report(name, SCRIPTS[name], coded)
    pressed = sum(len(keys.split()) for keys in SCRIPTS[name])
    assert told[0].startswith(f"{name}: {pressed} keys for 15 sentences")
