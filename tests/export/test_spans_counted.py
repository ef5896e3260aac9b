"""Forms that show the words of marks: what they do not show of them is counted, one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZipFile

import pytest
from hypothesis import given, settings

from annotator.formats import slate, spacy_tags
from annotator.formats.dialect import Dialect
from annotator.formats.dialects import DIALECTS
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.output import OUTSIDE, OVERLAPPING, TWICE
from annotator.formats.stretches import CUT, in_slots, of_sentence, standing
from annotator.formats.work import Work
from annotator.model.mark import Slots, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.making import batch_of
from annotator.pipeline.project import Project

from .conftest import Code, mark, quote
from .forms import forms
from .generated import works, written

WITHOUT: Final = frozenset(
    ("jsonl", "csv", "parquet", "hf", "hf-parquet", "standoff", "doccano", "conllu")
)
"""The rows of the reference, and forms that have labels of sentences alone."""
SLATES: Final = ("slate", "slate-character")
COUNTED: Final = {OUTSIDE, OVERLAPPING, TWICE, CUT, spacy_tags.BROKEN, slate.BLANK, slate.TWICE}
"""What is said of words that are not shown; of white space at an edge the words are."""


def lines(folder: Path, *patterns: str) -> Iterator[str]:
    for pattern in patterns:
        for file in sorted(folder.glob(pattern)):
            yield from file.read_bytes().decode().split("\n")


def objects(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in lines(folder, pattern) if line)


def of_doccano(folder: Path) -> int:
    return sum(len(one["entities"]) for one in objects(folder, "doccano/*.jsonl"))


def of_label_studio(folder: Path) -> int:
    tasks = json.loads((folder / "tasks.json").read_bytes())
    regions = [r for task in tasks for one in task["annotations"] for r in one["result"]]
    return sum(one.get("from_name", "").endswith("--words") for one in regions)


def of_brat(folder: Path) -> int:
    found = [
        line.split("\t")[1].split(" ")[0]
        for line in lines(folder, "coders/*/*.ann")
        if line[:1] == "T"
    ]
    return sum("--" not in kind and kind != "Sentence" for kind in found)


def of_conll(folder: Path) -> int:
    return sum(line.rpartition(" ")[2].startswith("B-") for line in lines(folder, "**/*.conll"))


def of_slate(folder: Path) -> int:
    return sum(
        len(one.partition(" - ")[2].split()) for one in lines(folder, "coders/*/*.annotations")
    )


def of_refi(folder: Path) -> int:
    with ZipFile(folder / "project.qdpx") as archive:
        xml = archive.read("project.qde").decode()
    return xml.count("<PlainTextSelection ") - xml.count("<Description>{")


def of_cas(folder: Path) -> int:
    xmi = re.compile(r"<\w+:\w+Slot ")
    found = list(lines(folder, "documents/*/*.xmi"))
    return sum(len(xmi.findall(line)) for line in found) + sum(
        str(one.get("%TYPE")).endswith("Slot")
        for file in folder.glob("documents/*/*.json")
        for one in json.loads(file.read_bytes())["%FEATURE_STRUCTURES"]
    )


def of_spacy(folder: Path) -> int:
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("xx").vocab
    docs = [
        d for file in folder.glob("*/*.spacy") for d in DocBin().from_disk(file).get_docs(vocab)
    ]
    return sum(len(doc.spans["sc"]) for doc in docs)


SHOWN: Final[dict[str, Callable[[Path], int]]] = {
    "prodigy": lambda folder: sum(len(one["spans"]) for one in objects(folder, "prodigy.jsonl")),
    "doccano-spans": of_doccano,
    "doccano-combined": of_doccano,
    "labelstudio": of_label_studio,
    "brat": of_brat,
    "conll": of_conll,
    **dict.fromkeys(SLATES, of_slate),
    "refi": of_refi,
    "spacy": of_spacy,
    "cas-json": of_cas,
    "cas-xmi": of_cas,
}


def spans(dialect: Dialect, work: Work) -> int:
    """Count the words of a coding, with the sentences and values that a form shows like them."""
    rows = [one.sentence for one in batch_of([work]).sentences]
    if dialect.name.startswith("cas"):
        return sum(len(one.slots) for row in rows for one in row.marks)
    found = [(row, one) for row in rows for one in standing(row)]
    whole = [of_sentence(*one) for one in found if dialect.name in SLATES]
    return len(whole) + sum(len(list(in_slots(one))) for _, one in found)


def test_every_form_that_shows_words_is_counted_here() -> None:
    assert SHOWN.keys() | WITHOUT == {one.name for one in DIALECTS}


@pytest.mark.parametrize("dialect", forms(lambda form: form.name in SHOWN))
@settings(max_examples=40, deadline=None)
@given(work=works())
def test_words_that_are_shown_and_those_that_are_counted_are_all(
    dialect: Dialect, work: Work
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "dataset"
        written(dialect, folder, [work])
        said = [one["what"] for one in objects(folder, LOSSES)]
        counted = sum(what in COUNTED for what in said)
        assert SHOWN[dialect.name](folder) + counted == spans(dialect, work)


@pytest.mark.parametrize("form", ["prodigy", "doccano-spans", "doccano-combined", "labelstudio"])
def test_words_of_another_sentence_and_the_same_ones_twice_are_named(
    project: Project, code: Code, form: str
) -> None:
    here: Slots = {"action": (SpanValue(span=quote("call-a", "fight terrorism")),)}
    there: Slots = {"action": (SpanValue(span=quote("call-a", "said")),)}
    marks = (
        mark("c1", "commitments", "agreement", here),
        mark("c2", "commitments", "assertion", here),
        mark("c3", "commitments", "agreement", there),
    )
    code("ada", "call-a", {2: ("done", marks)})
    report = export(project, format_name=form, strict=True)
    assert report.unseen == {OUTSIDE: 1, TWICE: 1}
    named = {(one["what"], one["where"]) for one in objects(report.folder, LOSSES)}
    assert named == {(TWICE, "call-a#c2@ada"), (OUTSIDE, "call-a#c3@ada")}
