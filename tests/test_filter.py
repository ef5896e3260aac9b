"""Which readouts the library shows for what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.pipeline.filter import Filter, parse_filter
from annotator.pipeline.index import Index
from tests.coded import Made, Said


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = Made(tmp_path / "project")
    made.readout("r1", 'title = "Straße und Handel"\nlanguage = "de-AT"\nissuing_side = "XA"')
    made.readout("r2", 'title = "50% of _all_"\nlanguage = "en"\nissuing_side = "XB"')
    made.readout(
        "r3", 'language = "de"\ndoc_kind = "letter"\n[event]\nid = "The-Call"\ndate = "2026-01-02"'
    )
    made.readout("r4", "title = ")
    made.readout("r5")
    made.readout("r6")
    made.code("ada", "r1", {2: Said(marks=(("topics", "a"),)), 3: Said(marks=(("topics", "b"),))})
    made.code("ada", "r2", {key: Said(marks=(("tone", "warm"),)) for key in (1, 2, 3, 4)})
    made.code("ada", "r3", {2: Said(state="unsure", flagged=True)})
    made.project.journal("ada", "r5", "2026-03-05T12:00:00Z").close()  # Only looked at.
    made.code("bob", "r6", {2: Said(marks=(("topics", "a"),))})
    made.journal("ada", "r6").write_bytes(b"damaged")
    return made


@pytest.fixture
def index(made: Made) -> Iterator[Index]:
    with Index(made.project, None) as index:
        index.refresh()
        yield index


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", "r1 r2 r3 r4 r5 r6"),
        ("handel", "r1"),
        ("STRASSE  handel", "r1"),
        ("handel nothing", ""),
        ("r2", "r2"),
        ("50%", "r2"),
        ("_a", "r2"),
        ("%", "r2"),
        ("lang:de", "r1 r3"),
        ("lang:DE-at", "r1"),
        ("lang:d", ""),
        ("lang:de lang:en", "r1 r2 r3"),
        ("side:xa", "r1"),
        ("side:xa lang:en", ""),
        ("event:the-call", "r3"),
        ("event:the", ""),
        ("kind:letter", "r3"),
        ("progress:new", "r5"),
        ("progress:begun", "r1 r3"),
        ("progress:done", "r2"),
        ("progress:new progress:done", "r2 r5"),
        ("label:a", "r1"),
        ("label:a label:b", "r1"),
        ("label:a layer:tone", ""),
        ("layer:tone", "r2"),
        ("label:cold", ""),
        ("state:unsure", "r3"),
        ("flag:yes", "r3"),
        ("flag:yes progress:begun lang:de r", "r3"),
    ],
)
def test_a_filter_lets_through_what_answers_to_all_of_it(
    made: Made, index: Index, typed: str, ids: str
) -> None:
    assert index.readouts(parse_filter(typed, made.project.codebook), "ada") == ids.split()


def test_the_coding_that_counts_is_the_coders_own(made: Made, index: Index) -> None:
    book = made.project.codebook
    assert index.readouts(parse_filter("label:a", book), "bob") == ["r6"]
    assert index.readouts(parse_filter("progress:new", book), "eve") == [
        *("r1", "r2", "r3", "r5", "r6"),
    ]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("labl:a", "There is no field “labl”. Did you mean label:a?"),
        ("12:30", "There is no field “12”. There is lang, side, event, kind, progress, label"),
        ("progress:doing", "There is no progress “doing”. Did you mean progress:done?"),
        ("kind:lettre", "There is no kind “lettre”. Did you mean kind:letter?"),
        ("label:z", "There is no label “z”. There is a, b, c, warm, cold."),
        ("layer:tones", "There is no layer “tones”. Did you mean layer:tone?"),
        ("state:don", "There is no state “don”. Did you mean state:done?"),
        ("flag:no", "There is no flag “no”. There is yes."),
        ("labl:\x1b[31m", "There is no field “labl”. Did you mean label:␛[31m?"),
        ("label:\x1b[31m", "There is no label “␛[31m”."),
    ],
)
def test_what_cannot_be_is_said_with_what_may_be_meant(
    made: Made, typed: str, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_filter(typed, made.project.codebook)
    assert str(caught.value).startswith(problem)


def test_words_and_fields_may_stand_in_any_order(made: Made) -> None:
    one = parse_filter("lang:de Summit label:a of  lang:FR", made.project.codebook)
    assert one == Filter(
        words=("summit", "of"), known=(("lang", "de"), ("lang", "fr")), coded=(("label", "a"),)
    )
    assert parse_filter("  ", made.project.codebook) == Filter()
