"""What the library “conllu” makes of our sentences."""

from __future__ import annotations

import json
from importlib import import_module

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]


def test_tokens_and_their_white_space_make_the_text(coded: Project) -> None:
    file = export(coded, format_name="conllu").folder / "sentences.conllu"
    sentences = import_module("conllu").parse(file.read_text(encoding="utf-8"))
    assert len(sentences) == 5
    for sentence in sentences:
        misc = [token["misc"] or {} for token in sentence]
        parts = [
            token["form"] + ("" if said.get("SpaceAfter") == "No" else " ")
            for token, said in zip(sentence, misc, strict=True)
        ]
        assert "".join(parts).strip() == sentence.metadata["text"]
        row = json.loads(sentence.metadata["annotator"])
        assert row["id"] == sentence.metadata["sent_id"]
        given = sentence.metadata.get("topics", "")
        assert sorted(row["topics"]) == sorted(given.split("|") if given else [])
