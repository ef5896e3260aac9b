"""Files that have no room for rows of ours: alone, they tell words and labels but those named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from annotator.errors import InputError
from annotator.formats.dialect import Dialect
from annotator.formats.dialects import DIALECTS
from annotator.formats.jsonl_out import SENTENCE_FILE
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.told import Told
from annotator.formats.work import Work
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import Code, example, mark
from .generated import works, written

FORMS = [dialect for dialect in DIALECTS if dialect.module in ("conll", "slate")]
SPAN_LOST = frozenset(
    (
        "span that overlaps another",
        "span that is no run of whole tokens",
        "span of white space",
        "second of two marks with one label and the same words",
    )
)
Said = tuple[str, str]
"""A label, and its words without white space."""


def bare(text: str) -> str:
    return "".join(text.split())


def told(dialect: Dialect, folder: Path) -> list[Told]:
    (folder / SENTENCE_FILE).unlink()
    found = list(dialect.read(folder))
    assert not [item for item in found if isinstance(item, InputError)]
    return [item for item in found if isinstance(item, Told)]


def said_by(dialect: Dialect, work: Work) -> Iterator[tuple[str, Said]]:
    """Yield the id of each mark with what it says of its words, as the dialect has to write it."""
    whole = dialect.module == "slate"
    for _, sentence in work.chosen:
        for one in sentence.marks:
            if one.rejected:
                continue
            prefix = f"{one.layer}:" if whole else ""
            if whole:
                yield work.mark_id(one.id), (f"{prefix}{one.label}", bare(sentence.text))
            for slot, values in one.slots.items():
                for value in values:
                    if value.type == "span":
                        words = value.span.exact
                    elif value.type == "entity" and value.mention:
                        words = value.mention.exact
                    else:
                        continue
                    yield work.mark_id(one.id), (f"{prefix}{slot}:{one.label}", bare(words))


def assert_told(dialect: Dialect, folder: Path, coded: Sequence[Work]) -> None:
    lines = (folder / LOSSES).read_bytes().splitlines() if (folder / LOSSES).exists() else []
    losses = [json.loads(line) for line in lines]
    lost = {loss["where"] for loss in losses if loss["what"] in SPAN_LOST}
    said = [one for work in coded for one in said_by(dialect, work)]
    found: Counter[Said] = Counter()
    for item in told(dialect, folder):
        for tag in item.tags:
            assert tag.start is not None
            found[tag.label, bare(item.text[tag.start : tag.end])] += 1
    everything = Counter(one for _, one in said)
    certain = Counter(one for mark, one in said if mark not in lost)
    assert certain <= found <= everything
    missing = sum(everything.values()) - sum(found.values())
    assert missing == sum(loss["what"] in SPAN_LOST for loss in losses)


@pytest.mark.parametrize("dialect", FORMS, ids=lambda dialect: dialect.name)
def test_who_coded_what_comes_back(dialect: Dialect, coded: Project, code: Code) -> None:
    code("bob", "call-a", example())
    code("bob", "call-b", {1: ("done", (mark("t1", "topics", "eco.trade"),))})
    found = told(dialect, export(coded, format_name=dialect.name).folder)
    assert {(item.name, item.coder) for item in found} == {
        ("call-a", "ada"), ("call-a", "bob"), ("call-b", "bob"),
    }  # fmt: skip
    of = {coder: [i.tags for i in found if (i.name, i.coder) == ("call-a", coder)] for coder in
          ("ada", "bob")}  # fmt: skip
    assert of["ada"] == of["bob"]
    assert any(of["ada"])


@pytest.mark.parametrize("dialect", FORMS, ids=lambda dialect: dialect.name)
@settings(max_examples=25, deadline=None)
@given(work=works())
def test_all_that_does_not_come_back_is_named(dialect: Dialect, work: Work) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "dataset"
        written(dialect, folder, [work])
        assert_told(dialect, folder, [work])
