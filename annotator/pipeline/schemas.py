"""JSON Schemas of what a project's files hold, generated from the models.

They are for other programs; this one reads and writes with the models themselves.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field
from pydantic.json_schema import GenerateJsonSchema

from annotator.files import refusals, write_atomic
from annotator.model.base import Value
from annotator.model.codebook import Codebook
from annotator.model.edit import CAST, Act
from annotator.model.entity import Cast
from annotator.model.readout import Metadata
from annotator.model.record import AttributionRow, CommitmentRow, DocumentRow, SentenceRow
from annotator.model.sentence import Sentence
from annotator.model.suggestion import Suggestion
from annotator.store.base import Header

REFRESH: Final = "annotator codebook schemas"
"""The command that writes the schemas anew."""

Schema = dict[str, Any]
_Mode = Literal["validation", "serialization"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_MODELS: Final[dict[str, tuple[str, type[Value], _Mode]]] = {
    "codebook": ("A codebook", Codebook, "validation"),
    "metadata": ("The metadata of a readout", Metadata, "validation"),
    "sentences": ("A row of sentences.jsonl", SentenceRow, "serialization"),
    "attributions": ("A row of attributions.jsonl", AttributionRow, "serialization"),
    "commitments": ("A row of commitments.jsonl", CommitmentRow, "serialization"),
    "documents": ("A row of documents.jsonl", DocumentRow, "serialization"),
    "suggestions": ("A line of a file in suggestions", Suggestion, "validation"),
}


class _Written(Value):
    """How often a document was written (`rev`), and whether it is `gone`.

    The last document of a line also says which act wrote the line, when (UTC in ISO 8601) and in a
    few words what it did.
    """

    rev: Annotated[int, Field(ge=1)]
    gone: bool = False
    act: Act | None = None
    at: str | None = None
    what: str | None = None
    crc: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")] | None = None


def schemas() -> dict[str, bytes]:
    """Return the JSON Schemas (2020-12) by the names of their files."""
    found = {name: (title, _schema(model, mode)) for name, (title, model, mode) in _MODELS.items()}
    found["journal"] = ("The work of one coder on one readout", _journal())
    return {f"{name}.schema.json": _file(name, *parts) for name, parts in found.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write the JSON Schemas into a folder and return their paths; raises StorageError."""
    with refusals(folder, "made"):
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in schemas().items():
        write_atomic(folder / name, data)
        written.append(folder / name)
    return written


class _Generator(GenerateJsonSchema):
    """Says that what is written is always complete, and leaves out what only repeats a name."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _schema(model: type[Value], mode: _Mode) -> Schema:
    found: Schema = _tidied(model.model_json_schema(mode=mode, schema_generator=_Generator))
    return found


def _tidied(node: Any) -> Any:
    """Return a schema without what is not JSON Schema, its descriptions on one line each."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {
        key: _tidied(value)
        for key, value in node.items()
        if not (key == "discriminator" and "mapping" in value)
    }
    if isinstance(found.get("description"), str):
        found["description"] = " ".join(found["description"].split())
    return found


def _journal() -> Schema:
    """Return the schema of a journal as any reader of JSON sees it.

    A line of the journal holds some members of `_default` as they stood after one act.
    """
    definitions: Schema = {"Written": _schema(_Written, "validation")}
    for model in (Header, Sentence, Cast):
        schema = _schema(model, "serialization")
        definitions.update(schema.pop("$defs", {}))
        definitions[model.__name__] = schema
    _require(definitions["Header"], "crc", {"type": "string", "pattern": "^[0-9a-f]{8}$"})
    for document in ("Sentence", "Cast"):
        _require(definitions[document], "_", {"$ref": "#/$defs/Written"})
    gone = _closed({"_": {"$ref": "#/$defs/Written"}})
    return {
        **_closed(
            {
                "about": _closed({"1": {"$ref": "#/$defs/Header"}}),
                "_default": {
                    "type": "object",
                    "properties": {str(CAST): {"anyOf": [{"$ref": "#/$defs/Cast"}, gone]}},
                    "patternProperties": {
                        "^[1-9][0-9]*$": {"anyOf": [{"$ref": "#/$defs/Sentence"}, gone]}
                    },
                    "additionalProperties": False,
                },
            }
        ),
        "description": (
            "A TinyDB file. The documents of _default are the cast (0) and the sentences, each as"
            " it stands. Names that come again are the history: the last one counts."
        ),
        "$defs": definitions,
    }


def _require(schema: Schema, name: str, what: Schema) -> None:
    schema["properties"][name] = what
    schema["required"].append(name)


def _closed(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _file(name: str, title: str, schema: Schema) -> bytes:
    head = {"$schema": _DIALECT, "$id": f"urn:annotator:schema:{name}", "title": title}
    rest = {key: value for key, value in schema.items() if key != "title"}
    return (json.dumps({**head, **rest}, ensure_ascii=False, indent=2) + "\n").encode()
