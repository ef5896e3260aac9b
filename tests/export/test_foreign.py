"""Files of other programs may say anything: what is no text with labels is named, never more."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.foreign import CodePoints, Utf16
from annotator.formats.told import Told

TEXT = "🤝 a会e\u0301"
WHO = {"id": 5, "email": "a@x.org"}
SPAN = {"start_offset": 0, "end_offset": 2, "label": "X"}
REGION = {"type": "labels", "from_name": "ner", "value": {"start": 0, "end": 2, "labels": ["X"]}}
CHOICE = {"type": "choices", "from_name": "kind", "value": {"choices": ["a", "b"]}}
SAID = {"result": [REGION, CHOICE], "completed_by": WHO}
WHOLE = {"globalOffsets": {"start": 3, "end": 4}, "text": "a", "hypertextlabels": ["X"]}
OFTEN: dict[str, list[dict[str, Any]]] = {
    "prodigy": [
        {"text": TEXT, "label": "L", "answer": "reject", "meta": {"id": "n"}, "annotator": None},
        {"text": TEXT, "accept": ["A"], "spans": [{"start": 0, "end": 1, "label": "X"}], "id": 3},
    ],
    "doccano": [
        {"text": TEXT, "label": [[0, 2, "X"]], "id": 1, "Comments": [], "annotator": None},
        {"text": TEXT, "cats": ["A"], "entities": [SPAN]},
    ],
    "labelstudio": [
        {"data": {"text": TEXT}, "annotations": [SAID]},
        {
            "id": 4,
            "data": {"text": TEXT},
            "meta": {"annotator": []},
            "annotations": [{"import_id": 1, "result": [{**REGION, "value": WHOLE}]}],
            "predictions": [{"model_version": "m", "result": [CHOICE]}],
        },
    ],
}  # fmt: skip
ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-2, 9), st.floats(), st.just(10**30),
        st.sampled_from((TEXT, "", "L", "ignore", "choices", "\ud800", "\x1b[2J")),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("text"), inner),
    max_leaves=4,
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container in a value with each of its keys."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


@pytest.mark.parametrize("form", OFTEN)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_a_file_says_is_told_or_named(form: str, data: st.DataObject) -> None:
    rows = copy.deepcopy(OFTEN[form])
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(list(places(rows))))
        container[key] = data.draw(ANYTHING)
    with TemporaryDirectory() as place:
        file = Path(place) / "theirs.json"
        raw = json.dumps(rows) if form == "labelstudio" else "\n".join(map(json.dumps, rows))
        file.write_text(raw, encoding="utf-8")
        try:
            found = list(dialect(form).read(file))
        except InputError as error:
            found = [error]
    assert found
    for one in found:
        if isinstance(one, InputError):
            assert "theirs.json, line" in str(one)
            assert "\x1b" not in str(one)
            continue
        assert isinstance(one, Told)
        one.text.encode()
        for tag in one.tags:
            tag.label.encode()
            assert (tag.start is None) == (tag.end is None)
            if tag.start is not None and tag.end is not None:
                assert 0 <= tag.start < tag.end <= len(one.text)


@given(text=st.text(st.sampled_from("a会🤝\u0301\n\U0001f3fd"), max_size=9), data=st.data())
def test_utf16_goes_out_and_comes_back(text: str, data: st.DataObject) -> None:
    units = Utf16(text)
    at = data.draw(st.integers(0, len(text)))
    assert units.outward(at) == len(text[:at].encode("utf-16-le")) // 2
    for end in range(at + 1, len(text) + 1):
        assert units.span(units.outward(at), units.outward(end), "x") == (at, end)
        assert CodePoints(text).span(at, end, "x") == (at, end)


@pytest.mark.parametrize(
    ("start", "end"), [(1, 3), (0, 1), (0, 8), (2, 2), (3, 2), (-1, 2), (0, None), ("0", 2)]
)
def test_no_stretch_of_a_text(start: object, end: object) -> None:
    with pytest.raises(InputError, match="no stretch"):
        Utf16(TEXT).span(start, end, "x")


@pytest.mark.parametrize("said", ["bob", 5, "[1", ""])
@pytest.mark.parametrize(
    ("form", "row"),
    [
        ("doccano", {"text": TEXT, "label": ["L"]}),
        ("prodigy", {"text": TEXT, "label": "L", "answer": "accept"}),
        ("labelstudio", {"data": {"text": TEXT}, "annotations": [{"result": [CHOICE]}]}),
    ],
)
def test_a_field_of_somebody_else_may_be_called_like_ours(
    tmp_path: Path, form: str, row: dict[str, Any], said: object
) -> None:
    path = tmp_path / "theirs.json"
    carrier = {"meta": {"annotator": said}} if form == "labelstudio" else {"annotator": said}
    whole = {**row, **carrier}
    path.write_text(json.dumps([whole] if form == "labelstudio" else whole), "utf-8")
    (told,) = dialect(form).read(path)
    assert isinstance(told, Told)
    assert [tag.label for tag in told.tags] == (["a", "b"] if form == "labelstudio" else ["L"])
