"""What the library “bioc” reads of brat's standoff, and what its validator says of it."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


def loaded(folder: Path, annotations: str | None = None) -> Any:
    """Return the document of ada's coding, with other annotations where they are given."""
    file = folder / "coders" / "ada" / "call-a.ann"
    text = file.with_suffix(".txt").read_bytes().decode()
    said = file.read_bytes().decode() if annotations is None else annotations
    return import_module("bioc.brat").loads(text, said, "call-a")


def complaints(document: Any) -> list[str]:
    """Return what the validator says; words in pieces it joins without the space brat asks for."""
    found: list[str] = []
    for one in document.entities:
        pieces = [document.text[part.begin : part.end] for part in sorted(one.locations)]
        if one.text == " ".join(pieces):
            one.text = "".join(pieces)
    import_module("bioc.brat.validator").validate(document, found.append)
    return found


def test_words_lie_where_they_are_said_to_and_every_id_is_there(worldly: Project) -> None:
    document = loaded(export(worldly, format_name="brat").folder)
    assert complaints(document) == []
    words = {(one.type, one.text) for one in document.entities}
    assert {
        ("commitments-action", "fight terrorism 🕊️ in Syria by June"),
        ("commitments-timeframe", "by June"),
        ("commitments-action", "مكافحة الإرهاب"),
        ("speakers-source", "𝔗he minister"),
    } <= words
    by_id = {one.id: one for one in [*document.entities, *document.events]}
    (agreement, _) = (one for one in document.events if one.type == "commitments--agreement")
    assert by_id[agreement.arguments["timeframe"]].text == "by June"


def test_a_word_that_was_moved_and_an_id_that_is_gone_are_seen(worldly: Project) -> None:
    folder = export(worldly, format_name="brat").folder
    said = (folder / "coders" / "ada" / "call-a.ann").read_bytes().decode()
    start, end = re.findall(r"^T\d+\tcommitments-timeframe (\d+) (\d+)\t", said, re.MULTILINE)[0]
    moved = said.replace(f" {start} {end}\t", f" {int(start) + 1} {int(end) + 1}\t")
    assert len(complaints(loaded(folder, moved))) == 1
    event = re.findall(r"^E\d+\t\S+:(T\d+)", said, re.MULTILINE)[0]
    gone = re.sub(rf"^{event}\t.*\n", "", said, flags=re.MULTILINE)
    with pytest.raises(ValueError, match="Cannot find id"):
        complaints(loaded(folder, gone))
