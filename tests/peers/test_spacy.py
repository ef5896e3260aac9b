"""What spaCy loads and trains on, and what of its files is read."""

from __future__ import annotations

import json
import math
import random
import struct
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.told import Told
from annotator.model.edit import Change, Edit
from annotator.model.mark import Slots, SpanValue
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from ..export.conftest import AT, Code, mark, quote

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]

BIN = "train/00000.spacy"


def docs(folder: Path) -> list[Any]:
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("en").vocab
    return list(DocBin().from_disk(folder / BIN).get_docs(vocab))


def put(folder: Path, found: list[Any]) -> None:
    from spacy.tokens import DocBin

    DocBin(store_user_data=True, docs=found).to_disk(folder / BIN)


def read(folder: Path) -> list[Told | InputError]:
    return list(dialect("spacy").read(folder))


def told(folder: Path) -> Told:
    (found,) = read(folder)
    assert isinstance(found, Told)
    return found


def test_spacy_loads_what_was_coded(coded: Project) -> None:
    found = docs(export(coded, format_name="spacy").folder)
    assert [doc.cats for doc in found] == [
        {"sec.terror": 1.0, "eco.trade": 0.0},
        {"sec.terror": 0.0, "eco.trade": 1.0},
        {"sec.terror": 0.0, "eco.trade": 0.0},
        {"sec.terror": 0.0, "eco.trade": 1.0},
        {"sec.terror": 0.0, "eco.trade": 0.0},
    ]
    spans = [(span.label_, span.kb_id_, span.id_, span.text) for span in found[0].spans["sc"]]
    assert spans == [("commitments/action", "agreement", "call-a#c1@ada", "fight terrorism")]
    assert found[0].user_data["annotator"]["id"] == "call-a#2@ada"


def test_spacy_is_told_no_topics_where_nobody_looked_for_them(project: Project, code: Code) -> None:
    code("ada", "call-a", {2: ("done", (mark("i1", "tone", "warm"),)), 4: ("done", ())})
    journal = project.journal("ada", "call-a", AT)
    before = journal.coding.sentence(2)
    change = Change(key=2, before=before, after=before.changed(asked=("tone",)))
    journal.put(Edit(act="edit", at=AT, what="take work in", changes=(change,)))
    journal.close()
    folder = export(project, format_name="spacy").folder
    assert [doc.cats for doc in docs(folder)] == [{}, {"sec.terror": 0.0, "eco.trade": 0.0}]
    assert told(folder).rows[0].unasked == ("topics", "speakers", "commitments")


def test_spacy_loads_no_file_that_was_cut(coded: Project) -> None:
    folder = export(coded, format_name="spacy").folder
    file = folder / BIN
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ValueError, match="E1014"):
        docs(folder)


def test_spacy_trains_on_it(coded: Project) -> None:
    import spacy
    from spacy.training import Corpus

    folder = export(coded, format_name="spacy").folder
    import_module("spacy.util").fix_random_seed(0)
    nlp: Any = spacy.blank("en")
    nlp.add_pipe("textcat_multilabel")
    nlp.add_pipe("spancat")
    examples = list(Corpus(folder / "train")(nlp))
    optimizer = nlp.initialize(lambda: examples)
    assert set(nlp.get_pipe("textcat_multilabel").labels) == {"sec.terror", "eco.trade"}
    assert "commitments/action" in nlp.get_pipe("spancat").labels
    for _ in range(3):
        random.shuffle(examples)
        losses = nlp.update(examples, sgd=optimizer)
        assert all(math.isfinite(loss) for loss in losses.values())
    assert set(losses) == {"textcat_multilabel", "spancat"}


def test_words_inside_a_token_are_not_shown_and_kept_in_the_row(
    project: Project, code: Code
) -> None:
    inside: Slots = {"evidence": (SpanValue(span=quote("call-a", "terror")),)}
    code("ada", "call-a", {2: ("done", (mark("t1", "topics", "sec.terror", inside),))})
    folder = export(project, format_name="spacy").folder
    assert [json.loads(line) for line in (folder / LOSSES).read_bytes().splitlines()] == [
        {
            "kind": "unseen",
            "what": "words that begin or end inside a token",
            "where": "call-a#t1@ada",
        }
    ]
    assert len(docs(folder)[0].spans["sc"]) == 0
    (row,) = told(folder).rows
    assert row.marks[0].slots[0].exact == "terror"
    report = export(project, format_name="spacy", force=True, strict=True)
    assert (report.losses, sum(report.unseen.values())) == ({}, 1)


def test_what_was_changed_in_spacy_is_what_counts(coded: Project) -> None:
    folder = export(coded, format_name="spacy").folder
    found = docs(folder)
    found[0].spans["sc"] = []
    found[0].cats["eco.trade"] = 1.0
    found[1].cats["eco.trade"] = 0.2
    found[2].ents = [found[2].char_span(0, 4, "WHO")]
    found[3].spans["mine"] = [found[3].char_span(0, 5, "THING")]
    put(folder, found)
    back = told(folder)
    marks = [[one.id.split("#")[1] for one in row.marks] for row in back.rows]
    assert marks == [
        ["t1@ada", "s1@ada", "x1@ada"],
        ["s2@ada", "s3@ada", "c2@ada", "w1@ada"],
        [],
        ["t3@ada"],
        [],
    ]
    assert [(tag.field, tag.label) for tag in back.tags] == [
        ("cats", "eco.trade"),
        ("topics/evidence", "eco.trade"),
        ("ents", "WHO"),
        ("mine", "THING"),
    ]
    assert [back.text[tag.start : tag.end] for tag in back.tags[2:]] == ["They", "trade"]


def test_words_that_were_moved_in_spacy_are_those_of_the_same_mark(coded: Project) -> None:
    from spacy.tokens import Span

    folder = export(coded, format_name="spacy").folder
    before = told(folder).rows[0].marks
    found = docs(folder)
    (old,) = found[0].spans["sc"]
    new = Span(found[0], old.start, old.end + 1, old.label_, kb_id=old.kb_id_, span_id=old.id_)
    found[0].spans["sc"] = [new]
    put(folder, found)
    back = told(folder)
    assert back.tags == ()
    assert [mark.id for mark in back.rows[0].marks] == [mark.id for mark in before]
    (action,) = [
        slot for mark in back.rows[0].marks for slot in mark.slots if slot.slot == "action"
    ]
    assert action.exact == "fight terrorism in"


def test_a_file_of_spacy_alone_is_read(tmp_path: Path) -> None:
    import spacy

    doc: Any = spacy.blank("xx")("👨‍👩‍👧 会谈 e\u0301te\u0301 in Kyiv")
    doc.ents = [doc.char_span(len(doc.text) - 4, len(doc.text), "GPE")]
    doc.cats = {"visit": 1, "call": 0}
    (tmp_path / "train").mkdir()
    put(tmp_path, [doc])
    (found,) = read(tmp_path / BIN)
    assert isinstance(found, Told)
    assert found.text == doc.text
    assert [(tag.field, tag.label) for tag in found.tags] == [("cats", "visit"), ("ents", "GPE")]
    assert found.text[found.tags[1].start : found.tags[1].end] == "Kyiv"


def test_a_language_that_needs_more_libraries_is_cut_into_tokens_all_the_same(
    coded: Project, tmp_path: Path
) -> None:
    metadata = coded.root / "seeds" / "call-a.toml"
    said = metadata.read_text(encoding="utf-8")
    for language in ("ja", "zh-Hans", "th", "qq", "en-GB"):
        metadata.write_text(said.replace('"en"', f'"{language}"'), encoding="utf-8")
        folder = export(
            Project.open(coded.root), output=tmp_path / language, format_name="spacy"
        ).folder
        assert [doc.text for doc in docs(folder)] == [row.text for row in told(folder).rows]


def message(folder: Path) -> dict[str, Any]:
    import srsly

    found: dict[str, Any] = srsly.msgpack_loads(zlib.decompress((folder / BIN).read_bytes()))
    return found


def spoilt(folder: Path, **changes: Any) -> list[Told | InputError]:
    import srsly

    raw = srsly.msgpack_dumps({**message(folder), **changes})
    (folder / BIN).write_bytes(zlib.compress(raw))
    return read(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"lengths": struct.pack("i", 99)},
        {"lengths": struct.pack("i", -1)},
        {"lengths": b"\1"},
        {"tokens": b""},
        {"strings": [1, 2]},
        {"strings": 7},
        {"attrs": []},
        {"attrs": "\x1b[31m"},
    ],
)
def test_numbers_that_do_not_fit_are_one_sentence(coded: Project, changes: dict[str, Any]) -> None:
    folder = export(coded, format_name="spacy").folder
    with pytest.raises(InputError, match="is no file of spaCy documents") as raised:
        spoilt(folder, **changes)
    assert "\x1b" not in str(raised.value)


def test_a_wrong_document_stops_no_other(coded: Project) -> None:
    import srsly

    folder = export(coded, format_name="spacy").folder
    said = message(folder)
    spans = [struct.pack(">QQQllll", 0, 0, 0, 0, 2**31 - 1, 0, 9)]
    far = srsly.msgpack_dumps({"name": "sc", "attrs": {}, "spans": spans})
    groups = [srsly.msgpack_dumps({far: ["sc"]}), *said["span_groups"][1:]]
    cats = [{}, {"x": "much"}, {}, {}, {}]
    own = [*said["user_data"][:2], srsly.msgpack_dumps({"annotator": [[[]]]})]
    found = spoilt(
        folder, span_groups=groups, cats=cats, user_data=[*own, b"\xc1", said["user_data"][4]]
    )
    assert [type(item) for item in found] == [InputError] * 4 + [Told]
    assert [f"document {number}" in str(item) for number, item in enumerate(found[:4])] == [
        True
    ] * 4


@pytest.mark.parametrize(
    "raw", [b"", b"no", zlib.compress(b"\x91" * 100_000), zlib.compress(b"\x80")[:-3]]
)
def test_what_is_no_file_of_spacy_is_one_sentence(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.spacy").write_bytes(raw)
    with pytest.raises(InputError, match="is no file of spaCy documents") as raised:
        read(tmp_path)
    assert "Error" not in str(raised.value)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    packed = zlib.compressobj(9)
    raw = b"".join(packed.compress(bytes(10_000_000)) for _ in range(20)) + packed.flush()
    assert len(raw) < 1_000_000
    (tmp_path / "a.spacy").write_bytes(raw)
    with pytest.raises(InputError, match="larger than 100 MB"):
        read(tmp_path)


def test_a_large_dataset_is_several_files(
    coded: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.spacy_out._MOST_DOCS", 2)
    report = export(coded, output=tmp_path / "out", format_name="spacy")
    assert report.rows == {
        "train/00000.spacy": 2,
        "train/00001.spacy": 2,
        "train/00002.spacy": 1,
        "documents.jsonl": 1,
    }
    assert len(told(report.folder).rows) == 5
    again = export(coded, output=tmp_path / "again", format_name="spacy").folder
    for file in report.rows:
        assert (report.folder / file).read_bytes() == (again / file).read_bytes()
