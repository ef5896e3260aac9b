"""The written form: what stands in the file, and who can read it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where

from annotator.errors import AnnotatorError, DamagedFile, InputError
from annotator.model.edit import CAST, Act, Change, Coding, Document, Edit, Timeline
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    DateValue,
    EntityValue,
    Mark,
    NoneStated,
    Provenance,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.store import FORMAT, Header, Journal, TinyStore, plain
from annotator.store import format as form
from annotator.store.disk import Disk
from annotator.store.lines import CLOSING, appended, journal, parse

if TYPE_CHECKING:
    from tests.store.conftest import Work


def worked(work: Work) -> Journal:
    """A journal with marks, a split, a join and so a sentence that is gone."""
    opened = work.tiny().open(work.header, work.readout, work.first)
    opened.put(work.mark(opened.coding, 1))
    opened.put(work.split(opened.coding, 2))
    opened.put(work.join(opened.coding, 3))
    return opened


def as_json(document: Document) -> dict[str, Any]:
    fields: dict[str, Any] = document.model_dump(mode="json")
    return fields


def standing(table: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """What a reader of JSON sees: the fields of each document that is not gone."""
    return {
        int(key): {name: value for name, value in fields.items() if name != "_"}
        for key, fields in table.items()
        if not fields["_"].get("gone")
    }


def test_plain_tinydb_sees_the_current_state(work: Work) -> None:
    coding = worked(work).coding
    with TinyDB(work.path, access_mode="r") as db:
        found = standing({str(document.doc_id): dict(document) for document in db.all()})
        assert found == {key: as_json(document) for key, document in coding.docs.items()}
        assert [document.doc_id for document in db.search(where("state") == "done")] == [1]
        assert db.table("about").get(doc_id=1)["readout"] == "call-1"
        assert db.tables() == {"about", "_default"}


@pytest.mark.parametrize("loads", [json.loads, orjson.loads])
def test_json_readers_see_the_current_state(work: Work, loads: Any) -> None:
    coding = worked(work).coding
    table = loads(work.path.read_bytes())["_default"]
    assert standing(table) == {key: as_json(document) for key, document in coding.docs.items()}


def test_every_line_survives_every_reader_of_lines(work: Work) -> None:
    worked(work)
    raw = work.path.read_bytes()
    text = raw.decode("ascii")
    assert raw.endswith(b"\n}}\n")
    assert len(text.splitlines()) == raw.count(b"\n") == 1 + 4 + 1
    assert not any(ord(character) < 32 for character in text if character != "\n")


def test_each_edit_adds_one_line_and_leaves_the_others_alone(work: Work) -> None:
    opened = work.tiny().open(work.header, work.readout, work.first)
    for make in (work.mark, work.split, work.join):
        before = work.path.read_bytes().removesuffix(CLOSING)
        opened.put(make(opened.coding, 1))
        after = work.path.read_bytes()
        assert after.startswith(before)
        assert after.endswith(CLOSING)
        added = after[len(before) :].removesuffix(CLOSING)
        assert added.startswith(b",")
        assert added.count(b"\n") == 1
        assert added.endswith(b"\n")


class Counting(Disk):
    def __init__(self) -> None:
        self.calls: list[str] = []

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        self.calls.append("write")
        return super().pwrite(descriptor, data, offset)

    def fsync(self, descriptor: int) -> None:
        self.calls.append("fsync")
        super().fsync(descriptor)

    def sync_folder(self, folder: os.PathLike[str]) -> None:
        self.calls.append("folder")
        super().sync_folder(folder)  # type: ignore[arg-type]

    def rename(self, old: Any, new: Any) -> None:
        self.calls.append("rename")
        super().rename(old, new)


def test_an_edit_costs_one_write_and_one_fsync_and_a_new_journal_is_placed_whole(
    work: Work,
) -> None:
    disk = Counting()
    opened = TinyStore(work.root, disk=disk).open(work.header, work.readout, work.first)
    # The folders of the store and of the coder, then the file and its name.
    assert disk.calls == ["folder", "folder", "write", "fsync", "rename", "folder"]
    for make in (work.mark, work.split, work.join):
        disk.calls.clear()
        opened.put(make(opened.coding, 1))
        assert disk.calls == ["write", "fsync"]


def test_a_journal_written_at_once_is_the_one_written_edit_by_edit(work: Work) -> None:
    history = worked(work).history
    assert journal(work.header, history) == work.path.read_bytes()


def test_reading_leaves_the_file_alone(work: Work) -> None:
    worked(work)
    before = (work.path.read_bytes(), work.path.stat().st_mtime_ns)
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert len(list(snapshot.history)) == 4
    assert (work.path.read_bytes(), work.path.stat().st_mtime_ns) == before
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208


TEXTS = st.text(max_size=20) | st.sampled_from(
    ["\x85\u2028\u2029", '"}}\n,"crc":"', "\\", "\x00\x7f\x1e", "\U0001f1fa\ufeff", "}}"]
)
WORDS = TEXTS.filter(bool)
OFFSETS = st.integers(min_value=0, max_value=2**63)
SECONDS = st.floats(min_value=0, allow_nan=False, allow_infinity=False)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start, exact = draw(OFFSETS), draw(WORDS)
    return Span(start=start, end=start + len(exact), exact=exact)


VALUES: st.SearchStrategy[SlotValue] = st.one_of(
    st.builds(SpanValue, span=spans()),
    st.builds(EntityValue, entity=st.just("un"), mention=st.none() | spans()),
    st.builds(TextValue, text=WORDS),
    st.just(DateValue(date="2017-01")),
    st.just(NoneStated()),
)
MARKS = st.builds(
    Mark,
    id=st.text(min_size=1, max_size=64),
    layer=TEXTS,
    label=TEXTS,
    start=OFFSETS,
    end=OFFSETS,
    slots=st.dictionaries(TEXTS, st.lists(VALUES, max_size=2).map(tuple), max_size=2),
    rejected=st.booleans(),
    note=TEXTS,
    provenance=st.builds(
        Provenance,
        coder=TEXTS,
        at=TEXTS,
        codebook=TEXTS,
        score=st.none() | SECONDS,
        proposed=st.lists(TEXTS, max_size=2).map(tuple),
    ),
)


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    span = draw(spans())
    return Sentence(
        start=span.start,
        end=span.end,
        text=span.exact,
        role=draw(st.sampled_from(["body", "heading"])),
        marks=tuple(draw(st.lists(MARKS, max_size=2))),
        note=draw(TEXTS),
        keys=draw(OFFSETS),
        seconds=draw(SECONDS),
    )


CASTS = st.builds(
    Cast,
    entities=st.lists(
        st.builds(
            Entity,
            id=st.just("un"),
            type=st.just("state"),
            name=WORDS,
            role=st.none() | TEXTS,
            aliases=st.lists(TEXTS, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Edit, dict[int, Document]]:
    """An edit, and the documents that it was made against."""
    docs: dict[int, Document] = {}
    changes = []
    keys = draw(st.lists(st.integers(0, 2**70), min_size=1, max_size=3, unique=True))
    for key in keys:
        documents: st.SearchStrategy[Document] = CASTS if key == CAST else sentences()
        before = draw(st.none() | documents)
        if before is not None:
            docs[key] = before
        changes.append(Change(key=key, before=before, after=draw(st.none() | documents)))
    act: Act = draw(st.sampled_from(get_args(Act)))
    return Edit(act=act, at=draw(TEXTS), what=draw(TEXTS), changes=tuple(changes)), docs


@settings(max_examples=150, deadline=None)
@given(edits())
def test_any_edit_is_one_line_and_comes_back_the_same(drawn: tuple[Edit, dict[int, Any]]) -> None:
    edit, docs = drawn
    body = form.body(edit, dict.fromkeys(docs, 7))
    assert form.is_body(body)
    assert body.isascii()
    assert len(body.decode().splitlines()) == 1
    line = form.read_body(body)
    assert form.edit(line, docs) == edit
    assert line.revisions == {change.key: 8 if change.key in docs else 1 for change in edit.changes}
    assert form.said(body) == (edit.act, edit.at, edit.what)
    assert form.last_to_write([body], 1, max(line.revisions) + 1) is None
    for change in edit.changes:
        assert form.last_to_write([body, body], 1, change.key) == 0
        assert form.written(body, change.key) == (line.revisions[change.key], change.after)


@settings(max_examples=50, deadline=None)
@given(WORDS, TEXTS)
def test_any_header_comes_back_the_same(name: str, codebook: str) -> None:
    header = Header(
        readout=name, by=name, source="1", text="2", segmenter=codebook, codebook=codebook
    )
    line = form.head(header)
    assert form.is_head(line)
    assert len(line.decode("ascii").splitlines()) == 1
    assert form.header(form.read_head(line)) == header


def test_a_number_that_readers_would_round_is_refused_before_it_is_written(work: Work) -> None:
    opened = work.tiny().open(work.header, work.readout, work.first)
    before = work.path.read_bytes()
    after = opened.coding.sentence(1).model_copy(update={"keys": 2**64})
    with pytest.raises(TypeError, match="64-bit"):
        opened.put(work.edit(opened.coding, {1: after}))
    assert work.path.read_bytes() == before


def forged(work: Work, *members: str) -> bytes:
    """A journal with a sound checksum over members that nobody wrote."""
    start = journal(work.header, [work.first()])
    body = form._sealed(",".join(members)[:-2].encode(), b"}}")
    return start.removesuffix(CLOSING) + appended(body, 1)


ACT = '"act":"edit","at":"2024","what":"x"'


@pytest.mark.parametrize(
    "member",
    [
        '"1":{"start":0,"_":{"rev":2,' + ACT + "}}",
        '"1":[1,{"_":{"rev":2,' + ACT + "}}",
        '"x":{"_":{"rev":1,"gone":true,' + ACT + "}}",
        '"-1":{"_":{"rev":1,"gone":true,' + ACT + "}}",
        '"01":{"_":{"rev":2,"gone":true,' + ACT + "}}",
        '"' + "9" * 5000 + '":{"_":{"rev":1,"gone":true,' + ACT + "}}",
        '"1":{"_":{"rev":2,"gone":true,"act":"edit","at":"2024"}}',
        '"1":{"_":{"rev":2,"gone":true,"act":"steal","at":"2024","what":"x"}}',
        '"1":{"_":{"rev":true,"gone":true,' + ACT + "}}",
        '"1":{"a":' + "[" * 3000 + "]" * 3000 + ',"_":{"rev":2,' + ACT + "}}",
        '"1":{"a":' + "[" * 500 + "]" * 500 + ',"_":{"rev":2,' + ACT + "}}",
        '"1":{"a":1}}},"_":{{"_":{"rev":2,' + ACT + "}}",
    ],
)
def test_a_line_that_nobody_wrote_is_damage_named_by_its_number(work: Work, member: str) -> None:
    work.path.parent.mkdir(parents=True)
    work.path.write_bytes(forged(work, member))
    with pytest.raises(DamagedFile, match="line 3"):
        work.tiny().read("ada", "call-1")
    [finding] = work.tiny().check(lambda name: work.readout)
    assert finding.severity == "damage"
    assert "line 3" in finding.what


def test_an_old_line_that_cannot_be_understood_is_found_when_somebody_looks(work: Work) -> None:
    first = worked(work)
    raw = forged(work, '"1":{"start":5,"_":{"rev":2,' + ACT + "}}")
    sentence = first.coding.docs[1]
    later = Edit(act="edit", at="", what="", changes=(Change(key=1, before=None, after=sentence),))
    work.path.write_bytes(raw.removesuffix(CLOSING) + appended(form.body(later, {1: 2}), 2))
    snapshot = work.tiny().read("ada", "call-1")
    assert snapshot is not None
    assert [edit.what for edit in snapshot.history] == ["import", "x", ""]
    with pytest.raises(DamagedFile, match="line 3"):
        list(snapshot.history[1].changes)
    [finding] = work.tiny().check(lambda name: work.readout)
    assert "line 3" in finding.what


def test_an_undo_reads_only_what_it_takes_back(work: Work) -> None:
    """The first line holds every sentence: an undo is not to wait until all are made."""
    first = worked(work)
    sentence = first.coding.docs[1]
    first.close()
    raw = forged(work, '"1":{"start":5,"_":{"rev":2,' + ACT + "}}")
    again = Edit(act="edit", at="", what="", changes=(Change(key=1, before=None, after=sentence),))
    raw = raw.removesuffix(CLOSING) + appended(form.body(again, {1: 2}), 2)
    work.path.write_bytes(raw)
    journal = work.tiny().open(work.header, work.readout, work.first)
    before = journal.coding
    journal.put(work.note(before, 2, "one"))
    journal.put(work.note(journal.coding, 2, "two"))
    timeline = Timeline.of(journal.history)
    for _ in range(2):
        undo = timeline.undo("2024")
        assert undo is not None
        journal.put(undo)
        timeline = timeline.then(undo)
    assert journal.coding == before
    with pytest.raises(DamagedFile, match="line 3"):
        timeline.done[-1].invert("undo", "2024").apply(before)


def test_a_journal_of_a_newer_format_is_refused_with_what_to_do(work: Work) -> None:
    worked(work).close()
    raw = work.path.read_bytes()
    newer = form.head(work.header.model_copy(update={"format": FORMAT + 1}))
    work.path.write_bytes(newer + raw[raw.index(b"\n") :])
    with pytest.raises(InputError, match=rf"format {FORMAT + 1}; this version .* format {FORMAT}"):
        work.tiny().read("ada", "call-1")
    with pytest.raises(InputError, match="as new as the file"):
        work.tiny().open(work.header, work.readout, work.first)
    assert work.path.read_bytes() == newer + raw[raw.index(b"\n") :]


def test_a_journal_in_anothers_place_is_refused(work: Work) -> None:
    worked(work).close()
    bob = replace(work, by="bob")
    bob.path.parent.mkdir()
    bob.path.write_bytes(work.path.read_bytes())
    with pytest.raises(InputError, match="by ada"):
        bob.tiny().read("bob", "call-1")
    with pytest.raises(InputError, match="by ada"):
        bob.tiny().open(bob.header, bob.readout, bob.first)


def test_samples_are_read_and_not_written(work: Work) -> None:
    sample = replace(work, by="sample")
    header = sample.header.model_copy(update={"sample": True})
    sample.path.parent.mkdir(parents=True)
    sample.path.write_bytes(journal(header, [sample.first()]))
    store = TinyStore(work.root, samples=True)
    assert list(store.coders()) == ["sample"]
    assert list(store.coded("sample")) == ["call-1"]
    snapshot = store.read("sample", "call-1")
    assert snapshot is not None
    assert snapshot.header.sample
    assert snapshot.coding == work.first().apply(Coding())
    assert list(store.check(lambda name: work.readout)) == []
    with pytest.raises(InputError, match="cannot be coded"):
        store.open(header, work.readout, work.first)
    with pytest.raises(InputError, match="comes with the program"):
        work.tiny().read("sample", "call-1")


def test_a_users_journal_is_no_sample(work: Work) -> None:
    worked(work).close()
    store = TinyStore(work.root, samples=True)
    with pytest.raises(InputError, match="is no sample"):
        store.read("ada", "call-1")
    [finding] = store.check(lambda name: work.readout)
    assert finding.severity == "damage"


def test_words_that_the_readout_lacks_are_damage_when_the_journal_is_opened(work: Work) -> None:
    other = Edit(
        act="import",
        at="",
        what="",
        changes=(
            Change(key=1, before=None, after=Sentence(start=0, end=3, role="body", text="The")),
            Change(key=2, before=None, after=Sentence(start=4, end=7, role="body", text="War")),
        ),
    )
    work.path.parent.mkdir(parents=True)
    work.path.write_bytes(journal(work.header, [other]))
    with pytest.raises(DamagedFile, match="item 2"):
        work.tiny().open(work.header, work.readout, work.first)
    [finding] = work.tiny().check(lambda name: work.readout)
    assert "item 2" in finding.what
    with open(work.path, "rb+") as file:  # noqa: PTH123 - the lock was let go
        assert Disk().lock(file.fileno()) is None  # type: ignore[func-returns-value]


def test_a_first_act_with_wrong_words_makes_no_journal(work: Work) -> None:
    wrong = work.first().changes[0].after
    assert isinstance(wrong, Sentence)
    moved = wrong.model_copy(update={"start": wrong.start + 1, "end": wrong.end + 1})
    first = Edit(act="import", at="", what="", changes=(Change(key=1, before=None, after=moved),))
    with pytest.raises(AnnotatorError, match="quotes words"):
        work.tiny().open(work.header, work.readout, lambda: first)
    assert not work.root.exists()


def test_what_is_no_journal_is_not_listed(work: Work) -> None:
    worked(work).close()
    (work.root / "notes.json").write_text("{}")
    (work.root / ".hidden").mkdir()
    (work.root / "empty").mkdir()
    (work.path.parent / ".call-2.json.tmp").write_text("")
    (work.path.parent / "call-3.json~").write_text("")
    assert list(work.tiny().coders()) == ["ada"]
    assert list(work.tiny().coded("ada")) == ["call-1"]


def test_a_pipe_in_a_journals_place_is_refused_at_once(work: Work) -> None:
    work.path.parent.mkdir(parents=True)
    os.mkfifo(work.path)
    with pytest.raises(InputError, match="not a file"):
        work.tiny().read("ada", "call-1")


def test_parse_names_the_file_and_the_first_bad_line(work: Work) -> None:
    worked(work)
    raw = work.path.read_bytes().replace(b'"rev":2', b'"rev":3', 1)
    with pytest.raises(DamagedFile, match=r"tags/x\.json, line 3: .* The 2 lines before"):
        parse(raw, "tags/x.json")


def test_what_tinydb_reads_is_read_back_as_the_same_documents(work: Work) -> None:
    coding = worked(work).coding
    assert plain.documents(work.path) == dict(coding.docs)


def test_a_file_that_tinydb_reads_otherwise_is_damage(work: Work) -> None:
    worked(work)
    raw = work.path.read_bytes()
    # Every line of ours is sound, and yet a reader of JSON finds another table of that name last.
    hidden = raw.replace(b'"_default":{', b'"_default":{},"other":{', 1)
    work.path.write_bytes(hidden)
    findings = list(TinyStore(work.root).check(lambda _: work.readout))
    assert [finding.severity for finding in findings] == ["damage"]
