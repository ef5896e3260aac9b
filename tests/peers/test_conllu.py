"""What the library “conllu” makes of our sentences."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project


def text_of(sentence: Any) -> str:
    """Return the text that the tokens and what they say of white space make."""
    parts = [
        token["form"] + ("" if (token["misc"] or {}).get("SpaceAfter") == "No" else " ")
        for token in sentence
    ]
    return "".join(parts).strip()


def test_tokens_and_their_white_space_make_the_text(coded: Project) -> None:
    file = export(coded, format_name="conllu").folder / "sentences.conllu"
    sentences = import_module("conllu").parse(file.read_text(encoding="utf-8"))
    assert len(sentences) == 5
    for sentence in sentences:
        assert text_of(sentence) == sentence.metadata["text"]
        row = json.loads(sentence.metadata["annotator"])
        assert row["id"] == sentence.metadata["sent_id"]
        given = sentence.metadata.get("topics", "")
        assert sorted(row["topics"]) == sorted(given.split("|") if given else [])


def test_spoiled_files_are_seen(coded: Project) -> None:
    raw = (export(coded, format_name="conllu").folder / "sentences.conllu").read_text("utf-8")
    library = import_module("conllu")
    sentences = library.parse(raw.replace("SpaceAfter=No", "_"))
    assert any(text_of(sentence) != sentence.metadata["text"] for sentence in sentences)
    with pytest.raises(library.exceptions.ParseException):
        library.parse(raw.replace("1\t", "one\t", 1))
