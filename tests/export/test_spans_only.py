"""Forms that hold no rows of ours: the words and labels that were not lost are read back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from annotator.errors import InputError
from annotator.formats.dialects import DIALECTS, Dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.told import Told
from annotator.formats.work import Work
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .generated import works, written

FORMS = [
    dialect
    for dialect in DIALECTS
    if dialect.module in ("conll", "slate") and dialect.reader and not dialect.carries
]
SPAN_LOST = frozenset(
    (
        "span that overlaps another",
        "span that cuts a token",
        "span of white space",
        "second of two marks with one label and the same words",
    )
)
Said = tuple[str, str]
"""A label, and its words without white space."""


def bare(text: str) -> str:
    return "".join(text.split())


def told(dialect: Dialect, folder: Path) -> list[Told]:
    found = list(dialect.read(folder))
    assert not [item for item in found if isinstance(item, InputError)]
    return [item for item in found if isinstance(item, Told)]


def said_by(dialect: Dialect, work: Work) -> Iterator[tuple[str, Said]]:
    """Yield the id of each mark with what it says of its words, as the dialect has to write it."""
    whole = dialect.module == "slate"
    for _, sentence in work.chosen:
        for mark in sentence.marks:
            if mark.rejected:
                continue
            prefix = f"{mark.layer}:" if whole else ""
            if whole:
                yield work.mark_id(mark.id), (f"{prefix}{mark.label}", bare(sentence.text))
            for slot, values in mark.slots.items():
                for value in values:
                    if value.type == "span":
                        words = value.span.exact
                    elif value.type == "entity" and value.mention:
                        words = value.mention.exact
                    else:
                        continue
                    yield work.mark_id(mark.id), (f"{prefix}{slot}:{mark.label}", bare(words))


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
    named = {loss["where"] for loss in losses}
    for work in coded:
        for key, sentence in work.chosen:
            assert work.sentence_id(key) in named
            assert {work.mark_id(mark.id) for mark in sentence.marks} <= named


@pytest.mark.parametrize("dialect", FORMS, ids=lambda dialect: dialect.name)
def test_words_and_labels_come_back(dialect: Dialect, coded: Project) -> None:
    folder = export(coded, format_name=dialect.name).folder
    found = [tag for item in told(dialect, folder) for tag in item.tags]
    assert found
    assert {item.coder for item in told(dialect, folder)} == {"ada"}
    assert {item.name for item in told(dialect, folder)} == {"call-a"}


@pytest.mark.parametrize("dialect", FORMS, ids=lambda dialect: dialect.name)
@settings(max_examples=40, deadline=None)
@given(work=works())
def test_all_that_does_not_come_back_is_named(dialect: Dialect, work: Work) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "dataset"
        written(dialect, folder, [work])
        assert_told(dialect, folder, [work])
