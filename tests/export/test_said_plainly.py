"""What is wrong with a file is said in words of its reader, not in those of Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect

TYPE = {"%SUPER_TYPE": "uima.tcas.Annotation", "f": 3}
CAS = {"%TYPES": {"x.Y": TYPE}, "%FEATURE_STRUCTURES": [], "%VIEWS": {}}
DIGITS = '{"text": "a", "n": ' + "9" * 5000 + "}"
TRUTH = '{"text": "They met.", "label": [[true, 4, "a"]]}'
XML = '<?xml version="1.0" encoding="UTF-NaN"?><xmi/>'


@pytest.mark.parametrize(
    ("form", "name", "content", "said"),
    [
        ("cas-json", "a.json", json.dumps(CAS), "is no CAS: the library cassis cannot"),
        ("cas-xmi", "a.xmi", XML, "the encoding that it names cannot be read"),
        ("doccano", "a.jsonl", DIGITS, "a number has thousands of digits"),
        ("labelstudio", "a.json", f"[{DIGITS}]", "a number has thousands of digits"),
        ("doccano-spans", "a.jsonl", TRUTH, ": true to 4 is no stretch of the text"),
    ],
)
def test_a_broken_file_is_told_in_plain_words(
    tmp_path: Path, form: str, name: str, content: str, said: str
) -> None:
    file = tmp_path / name
    file.write_text(content, "utf-8")
    (tmp_path / "TypeSystem.xml").write_text("<typeSystemDescription/>", "utf-8")
    try:
        found = list(dialect(form).read(file))
    except InputError as error:
        found = [error]
    (told,) = [str(one) for one in found if isinstance(one, InputError)]
    assert said in told
    assert not [word for word in ("Error", "Exceeds", "sys.", "True") if word in told]
