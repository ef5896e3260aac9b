"""Finding with an index finds what finding without one does, and reads less."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.model.mark import NONE_STATED, ChoiceValue, EntityValue, TextValue
from annotator.pipeline.find import FEW, Found, find, relabelled
from annotator.pipeline.index import FILE, Index
from annotator.pipeline.query import Clause, Query, parse
from annotator.pipeline.shelf import Shelf
from annotator.pipeline.stats import stats
from tests.coded import PLACES, TEXT, Coding, Made, Said
from tests.opened import opened_below

QUERIES = (
    "label:a",
    "label:a label:b",
    "label:a state:unsure",
    "layer:tone state:done flag:yes",
    "state:new",
    "flag:yes",
    "note:look",
    "note:LOOK label:b",
    "trade",
    "trade label:a",
    "“peace” layer:topics",
    "nowhere label:a",
    "-label:a",
    "-label:a -state:done layer:*",
    "label:a|b",
    "family:kind",
    "rejected:a",
    "rejected:*",
    "-rejected:*",
    "entity:ru",
    "entity:ru|cn",
    "entity:*",
    "slot.degree:2",
    "slot.degree:none",
    "slot.degree:empty",
    "-slot.degree:empty layer:tone",
    "slot.degree:*",
    "slot.who:cn",
    "slot.why:rain",
    "-slot.why:rain layer:tone",
    "slot.why:empty",
    "slot.why:none",
    "certainty:low",
    "doubtful:yes",
    "again:yes",
    "-again:yes",
    "unasked:tone",
    "unasked:*",
    "-unasked:topics state:done",
    "role:heading",
    "note:*",
    "-trade",
    "trade -spoke",
    "spoke trade",
    '"of trade" label:a|warm',
    '"good peace"',
    "trade|peace",
    "re:/tr.de/",
    "re:/^tr.de/ label:a",
    "-re:/tr.de/ state:done",
    "side:xa trade",
    "-side:xa trade",
    "lang:fr|de label:a",
    "date:2021 trade",
    "date:>=2022-05 trade",
    "kind:letter",
    "readout:r1",
    "event:call-1",
    "coder:bob",
    "coder:* label:a",
    "-coder:ada label:a",
    "coder:sample",
)
ABOUT = {
    1: 'issuing_side = "XA"\nlanguage = "fr-CA"\npublication_date = "2021-04-13"',
    2: 'doc_kind = "letter"\n[event]\nid = "call-1"\ndate = "2022"',
    3: 'language = "de"\npublication_date = "2023-02"',
}


def opened(made: Made) -> AbstractContextManager[list[str]]:
    """Note which files of a project are opened, by their names."""
    return opened_below(made.root / "tags", made.root / "seeds")


@pytest.fixture
def made(tmp_path: Path) -> Made:
    made = Made(tmp_path / "project")
    for number in range(1, 6):
        made.readout(f"r{number}", f'title = "Talk {number}"\n{ABOUT.get(number, "")}')
    made.code("ada", "r1", {2: Said(marks=(("topics", "a"), ("tone", "warm")))})
    made.code("ada", "r2", {2: Said(marks=(("topics", "b"),)), 3: Said(note="look here")})
    made.code("ada", "r3", {3: Said(state="unsure", marks=(("topics", "a"), ("topics", "b")))})
    made.code("ada", "r4", {3: Said(rejected=(("topics", "a"),), flagged=True)})
    made.code("bob", "r5", {2: Said(marks=(("topics", "a"),))})
    return made


@pytest.fixture
def index(made: Made) -> Iterator[Index]:
    path = made.project.paths.cache / FILE
    with Index(made.project, path, clock=lambda: time.time_ns() + 10**12) as index:
        index.refresh()
        yield index


def query(made: Made, typed: str) -> Query:
    return parse(typed, made.project.codebook)


def found(made: Made, typed: str, index: Index | None = None) -> list[Found]:
    return list(find(made.project, "ada", query(made, typed), index))


@pytest.mark.parametrize("typed", QUERIES)
def test_an_index_finds_what_the_journals_hold(made: Made, index: Index, typed: str) -> None:
    assert found(made, typed, index) == found(made, typed)


def test_what_is_found_comes_with_its_labels_and_the_words_around_it(
    made: Made, index: Index
) -> None:
    first, second = found(made, "trade label:a", index)
    assert (first.readout, first.start, first.exact, first.labels) == (
        "r1",
        24,
        "trade",
        ("a", "warm"),
    )
    assert (second.readout, second.exact, second.labels) == ("r3", "Trade", ("a", "b"))
    assert first.before == TEXT[:24]


def test_what_is_decided_is_found_by_the_layers_that_nobody_was_asked_of(made: Made) -> None:
    said = Said(marks=(("tone", "warm"),), asked=())
    made.readout("r6")
    late = Said(not_asked=("topics",))
    new = Said(state="new", asked=(), not_asked=("tone",))
    made.code("ada", "r6", {1: said, 2: Said(asked=("topics",)), 3: new, 4: late})
    with Index(made.project, None) as index:
        for typed, places in (
            ("unasked:topics", [1, 4]),
            ("unasked:tone", [2]),
            ("unasked:*", [1, 2, 4]),
        ):
            starts = [one.sentence[0] for one in found(made, typed, index)]
            assert starts == [PLACES[place][0] for place in places], typed
            assert found(made, typed, index) == found(made, typed)


def test_a_label_is_found_without_a_look_into_journals(made: Made, index: Index) -> None:
    with opened(made) as names:
        assert len(found(made, "label:a state:unsure", index)) == 1
    assert names == ["r3.txt"]
    with opened(made) as names:
        assert len(found(made, "label:a")) == 2
    assert {"r1.json", "r4.json", "r4.txt"} <= set(names)


def test_what_was_never_indexed_is_found_before_it_is(made: Made) -> None:
    made.copy("ada", "r1", FEW)
    with Index(made.project, None) as index:
        places = find(made.project, "ada", query(made, "label:a"), index)
        assert next(places).readout == "m000"
        assert index.totals().journals == 0
        index.refresh(coder="ada", stopped=lambda: index.totals().journals > 0)
        assert 0 < index.totals().journals < FEW
        assert len(found(made, "label:a", index)) == FEW + 2


def test_a_note_is_looked_for_only_where_there_are_notes(made: Made, index: Index) -> None:
    with opened(made) as names:
        assert [place.start for place in found(made, "note:here", index)] == [31]
    assert sorted(set(names)) == ["r2.json", "r2.txt"]


def test_words_are_looked_for_in_every_text_and_nowhere_else(made: Made, index: Index) -> None:
    with opened(made) as names:
        assert len(found(made, "trade", index)) == 10
    assert names == [f"r{number}.txt" for number in range(1, 6)]


def test_neither_counting_nor_the_library_reads_what_did_not_change(
    made: Made, index: Index
) -> None:
    shelf = Shelf(made.project, "ada", lambda: index)
    with opened(made) as names:
        assert len(list(stats(made.project, index=index))) == 5
        assert [shelf.read(f"r{number}").decided for number in range(1, 6)] == [1, 2, 1, 1, None]
    assert names == []


def test_an_edit_is_found_at_once(made: Made, index: Index) -> None:
    made.code("ada", "r5", {4: Said(marks=(("topics", "c"),))})
    assert [place.readout for place in found(made, "label:c", index)] == ["r5"]
    made.code("ada", "r5", {4: Said(rejected=(("topics", "c"),))})
    assert found(made, "label:c", index) == []


def test_what_was_found_has_the_labels_that_stand_on_it_now(made: Made, index: Index) -> None:
    before = found(made, "state:done", index)
    labels = {place.readout: place.labels for place in before if place.labels}
    assert (labels["r1"], labels["r2"]) == (("a", "warm"), ("b",))
    made.code("ada", "r1", {2: Said(marks=(("topics", "c"),))})
    made.code("ada", "r2", {2: Said(state="unsure", marks=(("topics", "a"),))})
    asked = query(made, "state:done")
    after = relabelled(made.project, "ada", asked, before, index)
    assert [(one.readout, one.start) for one in after] == [(o.readout, o.start) for o in before]
    labels = {place.readout: place.labels for place in after if place.labels}
    assert (labels["r1"], labels["r2"]) == (("c",), ("a",))


@pytest.mark.parametrize(
    "text", ["Other words, and quite a lot of them, so that places exist.", ""]
)
def test_coding_of_another_text_than_there_is_now_is_passed_over(
    made: Made, index: Index, text: str
) -> None:
    made.readout("r1", text=text)
    for one in (index, None):
        assert [place.readout for place in found(made, "label:a", one)] == ["r3"]
        assert [place.readout for place in found(made, "quite a lot", one)] == (
            ["r1"] if text else []
        )


def test_a_text_in_an_old_encoding_is_read_as_its_metadata_say(made: Made, index: Index) -> None:
    made.about("r5").write_text('encoding = "koi8-r"')
    (made.root / "seeds" / "r5.txt").write_bytes("Переговоры".encode("koi8-r"))
    for _ in range(2):
        assert [place.exact for place in found(made, "переговоры", index)] == ["Переговоры"]
        index.refresh()
    made.about("r5").unlink()
    assert found(made, "переговоры", index) == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_are_found_however_they_are_written(
    made: Made, form: Literal["NFC", "NFD"]
) -> None:
    words = normalize("NFD", "caf\u00e9 today")
    text = f"They met in the {words}."
    made.readout("r6", normalize("NFD", 'title = "Entr\u00e9e"'), text)
    with Index.of(made.project) as index:
        for held in (None, index):
            (place,) = found(made, normalize(form, '"CAF\u00c9 TODAY"'), held)
            assert text[place.start : place.end] == place.exact == words
            assert found(made, normalize(form, "they readout:entr\u00e9e"), held)
            assert found(made, "cafe", held) == []


def test_what_cannot_be_read_is_passed_over(made: Made, index: Index) -> None:
    made.journal("ada", "r1").write_bytes(b"damaged")
    (made.root / "seeds" / "r3.md").write_text("Two files of one id.")
    assert found(made, "label:a", index) == []
    (made.root / "seeds" / "r3.md").unlink()
    (made.root / "seeds" / "r3.txt").write_bytes(b"\xff")
    assert found(made, "label:a", index) == found(made, "label:a") == []


def test_a_label_that_stands_nowhere_is_not_found(made: Made, index: Index) -> None:
    assert found(made, "label:cold", index) == []
    assert found(made, "label:cold label:a", index) == []
    assert found(made, "", index) == []


def test_a_hundred_terms_are_one_query(made: Made, index: Index) -> None:
    known = (("label", "a"), ("layer", "topics"), ("state", "done"), ("layer", "tone"))
    terms = [Clause(name, (value,)) for name, value in known] * 25
    places = list(find(made.project, "ada", Query(tuple(terms)), index))
    assert [place.readout for place in places] == ["r1"]
    many = tuple(Clause("label", (f"x{number}",)) for number in range(100))
    assert list(find(made.project, "ada", Query(many), index)) == []


SLOTS = st.fixed_dictionaries(
    {},
    optional={
        "degree": st.sampled_from([NONE_STATED, *[(ChoiceValue(choice=c),) for c in "12"]]),
        "who": st.sampled_from([NONE_STATED, *[(EntityValue(entity=e),) for e in ("ru", "cn")]]),
        "why": st.sampled_from([NONE_STATED, (TextValue(text="Rain  or none"),)]),
    },
)
MARKS = st.lists(
    st.sampled_from([("topics", "a"), ("topics", "b"), ("tone", "warm"), ("tone", "a")]), max_size=3
).map(tuple)
CODINGS = st.dictionaries(
    st.sampled_from([1, 2, 3, 4]),
    st.builds(
        Said,
        state=st.sampled_from(["new", "done", "unsure", "skipped"]),
        marks=MARKS,
        rejected=MARKS,
        note=st.sampled_from(["", "look"]),
        note_on_mark=st.sampled_from(["", "Looking"]),
        flagged=st.booleans(),
        doubtful=st.booleans(),
        certainty=st.sampled_from(["high", "low"]),
        slots=SLOTS,
        role=st.sampled_from(["body", "heading"]),
        asked=st.sampled_from([None, (), ("topics",), ("topics", "tone")]),
        not_asked=st.sampled_from([(), (), ("tone",)]),
    ),
)


ASKED_OF_CODING = tuple(
    typed for typed in QUERIES if not any(part in typed for part in ("re:", "side:", "coder:"))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CODINGS, min_size=2, max_size=2))
def test_whatever_is_coded_an_index_finds_what_the_journals_hold(
    tmp_path_factory: pytest.TempPathFactory, codings: list[Coding]
) -> None:
    made = Made(tmp_path_factory.mktemp("find") / "project")
    for number, coding in enumerate(codings):
        made.readout(f"r{number}")
        made.code("ada", f"r{number}", coding)
    with Index(made.project, None) as index:
        for typed in ASKED_OF_CODING:
            assert found(made, typed, index) == found(made, typed)
