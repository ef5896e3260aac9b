"""Rows are made without a look at their values: here, each of them is looked at."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from annotator.errors import InputError
from annotator.formats.jsonl_out import dumps
from annotator.formats.output import Batch
from annotator.formats.tables import TABLES, Row
from annotator.formats.work import Work
from annotator.pipeline.export import export
from annotator.pipeline.init import init
from annotator.pipeline.making import batch_of
from annotator.pipeline.project import Project
from annotator.pipeline.schemas import schemas
from annotator.pipeline.selection import Chosen, Selection
from tests.export.generated import works


def rows(batch: Batch) -> Iterator[Row]:
    for table in TABLES:
        yield from table.rows(batch)


def require_conforming(row: Row) -> None:
    model, line = type(row), dumps(row)
    checked = model.model_validate_json(line)
    assert checked == row
    # So also in what stands within it: no key is missing, too many or in another place.
    assert dumps(checked) == line
    assert row.model_dump() == checked.model_dump()
    assert (hash(row), repr(row)) == (hash(checked), repr(checked))
    assert row.replaced(title="another") == checked.replaced(title="another") != row


@given(work=works())
@settings(max_examples=60, deadline=None)
def test_rows_of_what_nobody_would_code_conform(work: Work) -> None:
    for row in rows(batch_of([work])):
        require_conforming(row)


def test_rows_of_the_samples_conform_and_obey_the_schemas_that_are_given_away(
    tmp_path: Path,
) -> None:
    init(tmp_path / "project")
    chosen = Chosen(Project.open(tmp_path / "project"), Selection(samples=True))
    obeys = {
        table.model: Draft202012Validator(json.loads(schemas()[f"{table.name}.schema.json"]))
        for table in TABLES
    }
    found = [row for _, made in chosen.works() for row in rows(batch_of(made))]
    assert {type(row) for row in found} == obeys.keys()
    for row in found:
        require_conforming(row)
        obeys[type(row)].validate(orjson.loads(dumps(row)))


@pytest.mark.parametrize("strict", [False, True])
def test_the_garbage_collector_is_left_as_it_was(
    coded: Project, monkeypatch: pytest.MonkeyPatch, strict: bool
) -> None:
    before = gc.get_threshold()
    during: list[Any] = []

    def progress(done: int, of: int, readout: str) -> None:
        during.append(gc.get_threshold())

    export(coded, strict=strict, progress=progress)
    assert during != [before] * len(during)
    assert gc.get_threshold() == before
    monkeypatch.setattr("annotator.formats.jsonl_out.orjson.dumps", _fails)
    with pytest.raises(InputError):
        export(coded)
    assert gc.get_threshold() == before


def _fails(*_: object, **__: object) -> bytes:
    raise InputError("No.")
