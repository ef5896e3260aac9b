"""What every store promises, proved on each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotator.errors import Busy, Conflict, InputError, MarkError, StorageError
from annotator.model.edit import CAST, Change, Coding, Edit, Timeline
from annotator.model.entity import Cast
from annotator.model.readout import Readout
from annotator.store import Journal, MemoryStore, Store, TinyStore

if TYPE_CHECKING:
    from tests.store.conftest import Work


def _tiny(root: Path) -> Store:
    return TinyStore(root)


def _memory(root: Path) -> Store:
    return MemoryStore()


@pytest.fixture(params=[_tiny, _memory])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    make: Callable[[Path], Store] = request.param
    return make(tmp_path / "tags")


def opened(store: Store, work: Work) -> Journal:
    return store.open(work.header, work.readout, work.first)


def test_an_empty_store_has_no_coders_and_no_journals(store: Store) -> None:
    assert list(store.coders()) == []
    assert list(store.coded("ada")) == []
    assert store.read("ada", "call-1") is None


def test_a_new_journal_holds_its_first_act(store: Store, work: Work) -> None:
    journal = opened(store, work)
    assert journal.header == work.header
    assert journal.coding == work.first().apply(Coding())
    assert list(journal.history) == [work.first()]


def test_what_was_put_is_there_when_the_journal_is_opened_again(store: Store, work: Work) -> None:
    journal = opened(store, work)
    edits = [work.first()]
    for make in (work.mark, work.split, work.join):
        edit = make(journal.coding, 1)
        journal.put(edit)
        edits.append(edit)
    coding = journal.coding
    journal.close()
    again = opened(store, work)
    assert again.coding == coding
    assert list(again.history) == edits


def test_a_journal_that_is_there_is_not_made_again(store: Store, work: Work) -> None:
    opened(store, work).close()

    def never() -> Edit:
        raise AssertionError

    journal = store.open(work.header.model_copy(update={"codebook": "2"}), work.readout, never)
    assert journal.header == work.header


def test_a_reader_sees_what_was_put_while_the_journal_is_open(store: Store, work: Work) -> None:
    journal = opened(store, work)
    before = store.read("ada", "call-1")
    journal.put(work.note(journal.coding, 2, "see"))
    after = store.read("ada", "call-1")
    assert before is not None
    assert after is not None
    assert before.coding.sentence(2).note == ""
    assert after.coding == journal.coding
    assert after.header == work.header
    assert list(before.history) == list(after.history)[:1]
    assert list(after.history) == list(journal.history)


def test_the_history_that_was_asked_for_does_not_grow(store: Store, work: Work) -> None:
    journal = opened(store, work)
    history = journal.history
    coding = journal.coding
    journal.put(work.note(journal.coding, 1, "later"))
    assert len(history) == 1
    assert history[-1].act == "import"
    assert coding.sentence(1).note == ""
    assert [edit.act for edit in journal.history[0:2]] == ["import", "edit"]


def test_undo_and_redo_go_on_where_the_last_session_stopped(store: Store, work: Work) -> None:
    journal = opened(store, work)
    states = [journal.coding]
    for note in ("one", "two", "three"):
        journal.put(work.note(journal.coding, 1, note))
        states.append(journal.coding)
    for expected in (2, 1, 0):
        journal.close()
        journal = opened(store, work)
        undo = Timeline.of(journal.history).undo("2024-02-01T00:00:00Z")
        assert undo is not None
        journal.put(undo)
        assert journal.coding == states[expected]
    assert Timeline.of(journal.history).undo("2024-02-01T00:00:00Z") is None
    for expected in (1, 2, 3):
        journal.close()
        journal = opened(store, work)
        redo = Timeline.of(journal.history).redo("2024-02-01T00:00:00Z")
        assert redo is not None
        journal.put(redo)
        assert journal.coding == states[expected]


def test_a_removed_sentence_comes_back_by_undo(store: Store, work: Work) -> None:
    journal = opened(store, work)
    before = journal.coding
    journal.put(work.join(journal.coding, 2))
    journal.close()
    journal = opened(store, work)
    assert journal.coding.order == (1, 2, 4)
    undo = Timeline.of(journal.history).undo("2024-02-01T00:00:00Z")
    assert undo is not None
    journal.put(undo)
    journal.close()
    assert opened(store, work).coding == before


def test_an_edit_of_another_state_is_refused_and_changes_nothing(store: Store, work: Work) -> None:
    journal = opened(store, work)
    stale = work.note(journal.coding, 1, "stale")
    journal.put(work.note(journal.coding, 1, "fresh"))
    before = journal.coding
    with pytest.raises(Conflict):
        journal.put(stale)
    with pytest.raises(Conflict):
        journal.put(work.edit(Coding(), {99: None, 1: before.docs[2]}))
    assert journal.coding == before
    assert len(journal.history) == 2
    journal.put(work.note(journal.coding, 1, "fresher"))


def test_words_that_the_readout_does_not_have_there_are_refused(store: Store, work: Work) -> None:
    journal = opened(store, work)
    marked = work.mark(journal.coding, 1)
    journal.put(marked)
    before = journal.coding
    sentence = before.sentence(2)
    wrong = sentence.model_copy(update={"text": sentence.text[::-1]})
    # The mark quotes the first sentence's words at the first sentence's place, moved by one.
    mark = before.sentence(1).marks[0]
    span = mark.spans()[0]
    moved = span.model_copy(update={"start": span.start + 1, "end": span.end + 1})
    value = mark.slots["cue"][0].model_copy(update={"span": moved})
    shifted = mark.model_copy(update={"slots": {**mark.slots, "cue": (value,)}})
    misquoting = before.sentence(1).model_copy(update={"marks": (shifted,)})
    for documents in ({2: wrong}, {1: misquoting}):
        with pytest.raises(MarkError, match="quotes words"):
            journal.put(work.edit(before, documents))
    assert journal.coding == before
    assert len(journal.history) == 2


def test_an_edit_without_changes_leaves_no_trace(store: Store, work: Work) -> None:
    journal = opened(store, work)
    journal.put(work.edit(journal.coding, {}))
    journal.close()
    assert len(opened(store, work).history) == 1


def test_a_readout_without_sentences_can_be_opened_and_given_a_cast(
    store: Store, work: Work
) -> None:
    nothing = Edit(act="import", at="2024", what="import", changes=())
    journal = store.open(work.header, work.readout, lambda: nothing)
    assert journal.coding == Coding()
    assert list(journal.history) == []
    journal.put(work.edit(journal.coding, {CAST: Cast()}))
    journal.close()
    assert opened(store, work).coding == Coding({CAST: Cast()})


@pytest.mark.parametrize("shape", ["twice", "cast elsewhere", "sentence as cast", "below zero"])
def test_an_edit_of_no_written_form_is_a_defect_and_changes_nothing(
    store: Store, work: Work, shape: str
) -> None:
    journal = opened(store, work)
    before = journal.coding
    sentence = before.docs[1]
    changes = {
        "twice": (
            Change(key=1, before=sentence, after=None),
            Change(key=1, before=None, after=sentence),
        ),
        "cast elsewhere": (Change(key=9, before=None, after=Cast()),),
        "sentence as cast": (Change(key=CAST, before=None, after=sentence),),
        "below zero": (Change(key=-1, before=None, after=sentence),),
    }[shape]
    with pytest.raises(ValueError, match=r"cast|once"):
        journal.put(Edit(act="edit", at="2024", what="odd", changes=changes))
    assert journal.coding == before
    assert len(journal.history) == 1


def test_a_second_writer_is_refused_until_the_first_has_closed(store: Store, work: Work) -> None:
    journal = opened(store, work)
    with pytest.raises(Busy):
        opened(store, work)
    journal.close()
    journal.close()
    opened(store, work).close()


def test_a_closed_journal_takes_no_more(store: Store, work: Work) -> None:
    journal = opened(store, work)
    edit = work.note(journal.coding, 1, "late")
    journal.close()
    with pytest.raises(StorageError, match="closed"):
        journal.put(edit)
    assert len(opened(store, work).history) == 1


def test_a_readout_whose_bytes_changed_is_refused(store: Store, work: Work) -> None:
    opened(store, work).close()
    changed = work.readout.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(InputError, match="changed"):
        store.open(work.header, changed, work.first)
    header = work.header.model_copy(update={"source": "0" * 64})
    with pytest.raises(InputError, match="changed"):
        store.open(header, changed, work.first)
    opened(store, work).close()


def test_coders_and_readouts_are_listed_in_order(store: Store, work: Work) -> None:
    for by in ("zoe", "ada"):
        for name in ("b", "a"):
            readout = work.readout.model_copy(update={"id": name})
            header = work.header.model_copy(update={"by": by, "readout": name})
            store.open(header, readout, work.first).close()
    assert list(store.coders()) == ["ada", "zoe"]
    assert list(store.coded("zoe")) == ["a", "b"]
    assert list(store.coded("nobody")) == []


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a\n", "x" * 101, "con\x00"])
def test_names_that_are_paths_or_worse_are_refused(store: Store, work: Work, name: str) -> None:
    for coder, readout in ((name, "call-1"), ("ada", name)):
        with pytest.raises(InputError):
            store.read(coder, readout)
    with pytest.raises(InputError):
        store.open(work.header.model_copy(update={"by": name}), work.readout, work.first)
    assert list(store.coded(name)) == []


def test_a_sample_does_not_enter_a_users_store(store: Store, work: Work) -> None:
    sample = work.header.model_copy(update={"sample": True})
    with pytest.raises(InputError, match="comes with the program"):
        store.open(sample, work.readout, work.first)


def test_a_check_finds_nothing_where_nothing_is_wrong(store: Store, work: Work) -> None:
    journal = opened(store, work)
    for make in (work.mark, work.split, work.join):
        journal.put(make(journal.coding, 1))
    assert list(store.check(lambda name: work.readout)) == []


def test_a_check_names_the_coding_whose_readout_changed_or_is_gone(
    store: Store, work: Work
) -> None:
    opened(store, work).close()
    changed = work.readout.model_copy(update={"sha256": "0" * 64})

    def gone(name: str) -> Readout:
        raise InputError(f"There is no readout {name}.")

    def other(name: str) -> Readout:
        return changed

    for lookup, words in ((other, "changed"), (gone, "no readout call-1")):
        [finding] = store.check(lookup)
        assert (finding.severity, finding.coder, finding.readout) == ("damage", "ada", "call-1")
        assert words in finding.what
