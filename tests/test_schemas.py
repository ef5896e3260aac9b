from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError  # type: ignore[import-untyped]

from annotator.formats import jsonl_out
from annotator.formats.metadata import metadata_toml
from annotator.formats.rows import decided, document_row
from annotator.formats.work import Work
from annotator.model.edit import CAST, Change, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    ChoiceValue,
    EntityValue,
    Mark,
    NoneStated,
    Provenance,
    Slots,
    SpanValue,
)
from annotator.model.readout import Event, Metadata
from annotator.model.text import Span
from annotator.pipeline.project import Project
from annotator.pipeline.schemas import REFRESH, schemas, write_schemas
from annotator.store import Journal

COMMITTED = Path(__file__).parent.parent / "schemas"
AT = "2026-01-02T03:04:05Z"
TEXT = "The parties agreed to meet in June. They spoke 🤝.\n"
METADATA = Metadata(
    title="A call",
    counterpart_of=("other",),
    event=Event(id="the-call", date="2017-01", duration_minutes=5, participants=("ada",)),
    entities=(Entity(id="ada", type="person", name="Ada", aliases=("A.",)),),
)


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schemas()[f"{name}.schema.json"]))


def test_the_committed_schemas_are_those_of_the_models() -> None:
    committed = {path.name: path.read_bytes() for path in COMMITTED.glob("*.schema.json")}
    assert committed == schemas(), f"The schemas are stale: run “{REFRESH}”."


def test_they_are_written_as_they_are_committed(tmp_path: Path) -> None:
    written = write_schemas(tmp_path / "new")
    assert {path.name: path.read_bytes() for path in written} == schemas()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(schemas())
    assert write_schemas(tmp_path / "new") == written


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_is_a_closed_schema_with_a_name_of_its_own(name: str) -> None:
    schema = json.loads(schemas()[name])
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:annotator:schema:{name.removesuffix('.schema.json')}"
    assert schema["title"]
    assert schema["description"]
    for node in nodes(schema):
        if node.get("type") == "object" and "properties" in node:
            assert node["additionalProperties"] is False


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for item in value for node in nodes(item)]
    if not isinstance(value, dict):
        return []
    return [value, *(node for item in value.values() for node in nodes(item))]


def test_the_shipped_codebook_is_one() -> None:
    book = tomllib.loads((COMMITTED / "readouts.toml").read_text())
    validator("codebook").validate(book)
    book["layers"][0]["colour"] = "red"
    with pytest.raises(ValidationError, match="'colour' was unexpected"):
        validator("codebook").validate(book)


def test_metadata_that_are_written_are_metadata() -> None:
    written = tomllib.loads(metadata_toml(METADATA).decode())
    validator("metadata").validate(written)
    for wrong in ({"titel": "A"}, {"event": {"date": "soon"}}, {"entities": [{"id": "ada"}]}):
        with pytest.raises(ValidationError):
            validator("metadata").validate({**written, **wrong})


@pytest.fixture
def coded(tmp_path: Path) -> tuple[Project, Journal]:
    """A readout with a mark of each layer, a sentence that was joined away, and its journal."""
    for name, content in {"annotator.toml": "", "seeds/call.txt": TEXT}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    (tmp_path / "seeds/call.toml").write_bytes(metadata_toml(METADATA))
    project = Project.open(tmp_path)
    journal = project.journal("ada", "call", AT)
    first = journal.coding.sentence(1)
    span = SpanValue(span=Span.of(TEXT, 19, 26))
    slots: dict[str, Slots] = {
        "topics": {"evidence": (span,)},
        "speakers": {"source": (EntityValue(entity="ada"),), "addressee": (NoneStated(),)},
        "commitments": {"action": (span,), "strength": (ChoiceValue(choice="1"),)},
    }
    marks = tuple(
        Mark(
            id=layer,
            layer=layer,
            label=project.codebook.layer(layer).labels[0].id,  # type: ignore[union-attr]
            start=first.start,
            end=first.end,
            slots=slots[layer],
            provenance=Provenance(coder="ada", at=AT, codebook=project.codebook.stamp),
        )
        for layer in slots
    )
    joined = journal.coding.sentence(2)
    for change in (
        Change(key=1, before=first, after=first.changed(marks=marks, state="done", keys=3)),
        Change(key=2, before=joined, after=None),
        Change(key=CAST, before=journal.coding.cast, after=Cast()),
    ):
        journal.put(Edit(act="edit", at=AT, what="a change", changes=(change,)))
    return project, journal


def test_a_journal_on_disk_is_one(coded: tuple[Project, Journal]) -> None:
    project, journal = coded
    journal.close()
    raw = (project.paths.tags / "ada" / "call.json").read_text()
    found = json.loads(raw)
    validator("journal").validate(found)
    assert "gone" in found["_default"]["2"]["_"]
    # The lines that a reader of JSON skips over, the history, have the same form.
    head, *lines, _ = raw.splitlines()
    for line in lines:
        members = json.loads("{" + line[1:] + "}")
        validator("journal").validate({**json.loads(head + "}}"), "_default": members})
    found["_default"]["1"]["surprise"] = 1
    with pytest.raises(ValidationError):
        validator("journal").validate(found)


def test_every_row_of_an_export_is_one(coded: tuple[Project, Journal]) -> None:
    project, journal = coded
    work = Work(project.readout("call"), journal.header, journal.coding, project.codebook)
    (row,) = decided(work)
    rows = {
        "sentences": row.sentence,
        "attributions": row.attributions[0],
        "commitments": row.commitments[0],
        "documents": document_row(work),
    }
    for name, value in rows.items():
        written = json.loads(jsonl_out.dumps(value))
        validator(name).validate(written)
        for key in written:
            with pytest.raises(ValidationError, match="is a required property"):
                validator(name).validate({k: v for k, v in written.items() if k != key})
        with pytest.raises(ValidationError, match="unexpected"):
            validator(name).validate({**written, "surprise": 1})
    journal.close()
