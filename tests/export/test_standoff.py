"""The dataset without text: no word of a readout is in it, and all come back with the readouts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.standoff_in import joined
from annotator.formats.told import Told
from annotator.pipeline.export import export
from annotator.pipeline.project import Project


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def told(path: Path) -> list[Told | InputError]:
    return list(dialect("standoff").read(path))


def test_no_words_of_the_readout_are_written(coded: Project) -> None:
    folder = export(coded, format_name="standoff").folder
    sentences, documents = rows(folder / "sentences.jsonl"), rows(folder / "documents.jsonl")
    readout = coded.readout("call-a")
    for row in (*sentences, *documents):
        assert not {"text", "before", "after"} & row.keys()
        assert (row["sha256"], row["text_sha256"]) == (readout.sha256, readout.text_sha256)
    raw = (folder / "sentences.jsonl").read_text("utf-8")
    assert '"exact"' not in raw
    # “matter” is what the coder wrote into a slot of free text; it is theirs.
    assert not [w for w in ("minister", "terrorism ", "trade\\u0085ties", "Syria") if w in raw]


def test_what_is_told_has_no_words_until_it_is_joined(coded: Project) -> None:
    readout = coded.readout("call-a")
    (found,) = told(export(coded, format_name="standoff").folder)
    assert isinstance(found, Told)
    assert (found.text, found.lacks) == ("", readout.text_sha256)
    back = joined(found, readout.text)
    assert isinstance(back, Told)
    assert (back.text, back.lacks) == (readout.text, "")
    assert back.document
    assert back.document.text == readout.text
    for row in back.rows:
        assert readout.text[row.start : row.end] == row.text
        for one in row.topic_evidence:
            assert readout.text[one.start : one.end] == one.exact


def test_another_text_is_refused(coded: Project) -> None:
    (found,) = told(export(coded, format_name="standoff").folder)
    assert isinstance(found, Told)
    wrong = joined(found, coded.readout("call-a").text + " ")
    assert isinstance(wrong, InputError)
    assert "is not the one that was coded" in str(wrong)


def test_rows_are_read_without_the_file_of_the_documents(coded: Project) -> None:
    folder = export(coded, format_name="standoff").folder
    (folder / "documents.jsonl").unlink()
    (found,) = told(folder / "sentences.jsonl")
    assert isinstance(found, Told)
    back = joined(found, coded.readout("call-a").text)
    assert isinstance(back, Told)
    assert (len(back.rows), back.document) == (5, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [("start", 10_000), ("end", 0), ("end", -1), ("marks", [{"slots": 3}]), ("topic_evidence", 7)],
)
def test_a_place_outside_of_the_text_and_a_row_that_is_none_are_named(
    field: str, value: object, coded: Project
) -> None:
    folder = export(coded, format_name="standoff").folder
    file = folder / "sentences.jsonl"
    found = rows(file)
    found[1][field] = value
    file.write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
    text = coded.readout("call-a").text
    items = [joined(i, text) if isinstance(i, Told) else i for i in told(folder)]
    (wrong,) = [str(item) for item in items if isinstance(item, InputError)]
    assert "sentences.jsonl, line 2" in wrong or "lies outside of the text" in wrong


def test_a_place_of_a_slot_is_checked_too(coded: Project) -> None:
    (found,) = told(export(coded, format_name="standoff").folder)
    assert isinstance(found, Told)
    row = next(row for row in found.rows for mark in row.marks for s in mark.slots if s.start)
    marks = tuple(
        mark.replaced(slots=tuple(s.replaced(start=5, end=3) for s in mark.slots))
        for mark in row.marks
    )
    wrong = joined(replace(found, rows=(row.replaced(marks=marks),)), coded.readout("call-a").text)
    assert isinstance(wrong, InputError)
