"""What every store promises, proved on each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from annotator.errors import (
    AnnotatorError,
    Busy,
    Conflict,
    InputError,
    MarkError,
    StorageError,
    TextChanged,
)
from annotator.files import sha256
from annotator.model.edit import CAST, Change, Coding, Edit, Timeline
from annotator.model.entity import Cast
from annotator.model.readout import Readout
from annotator.store import Header, Journal, MemoryStore, Snapshot, Store, TinyStore
from annotator.store.base import Dropped, Watch

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


def test_a_journal_is_as_large_as_its_file(store: Store, work: Work, tmp_path: Path) -> None:
    assert store.size("ada", "call-1") == 0
    with pytest.raises(InputError):
        store.size("..", "call-1")
    file = TinyStore(tmp_path / "file")
    for one in {store, file}:
        journal = opened(one, work)
        journal.put(work.note(journal.coding, 2, "see"))
        journal.close()
    assert store.size("ada", "call-1") == len(file.path("ada", "call-1").read_bytes())


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


def test_the_history_of_what_was_written_before_and_after_opening_is_what_was_done(
    store: Store, work: Work
) -> None:
    journal = opened(store, work)
    codings, edits = [journal.coding], list(journal.history)
    for note in ("one", "two", "two more"):
        if note == "two":
            journal.close()
            journal = opened(store, work)
        edit = work.note(journal.coding, 1, note)
        journal.put(edit)
        edits.append(edit)
        codings.append(journal.coding)
    assert list(journal.history) == edits
    assert [
        edit.apply(coding) for edit, coding in zip(edits[1:], codings, strict=False)
    ] == codings[1:]
    journal.close()


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


# Compaction

AT = "2024-03-01T00:00:00Z"


def worked(store: Store, work: Work) -> Journal:
    """A journal with marks, a split, a join, and a note that was taken back."""
    journal = opened(store, work)
    for make in (work.mark, work.split, work.join):
        journal.put(make(journal.coding, 1))
    journal.put(work.note(journal.coding, 2, "no"))
    undo = Timeline.of(journal.history).undo("2024-01-03T00:00:00Z")
    assert undo is not None
    journal.put(undo)
    return journal


def test_a_compaction_keeps_the_state_the_header_and_the_beginning(
    store: Store, work: Work
) -> None:
    journal = worked(store, work)
    coding, history = journal.coding, journal.history
    dropped = journal.compact(AT)
    assert dropped == Dropped(5, "2024-01-02T03:04:05Z", "2024-01-03T00:00:00Z")
    for _ in range(2):
        assert journal.coding == coding
        assert journal.coding.cast == coding.cast
        assert journal.header == work.header
        first, second = journal.history
        assert first == work.first()
        assert (second.act, second.at) == ("compact", AT)
        assert second.apply(first.apply(Coding())) == coding
        journal.close()
        journal = opened(store, work)
    assert len(history) == 6
    assert list(store.check(lambda name: work.readout)) == []


def test_nothing_from_before_a_compaction_is_undone_or_redone(store: Store, work: Work) -> None:
    journal = worked(store, work)
    assert journal.compact(AT) is not None
    assert Timeline.of(journal.history) == Timeline()
    edit = work.note(journal.coding, 2, "after")
    journal.put(edit)
    assert Timeline.of(journal.history).done == (edit,)
    undo = Timeline.of(journal.history).undo(AT)
    assert undo is not None
    journal.put(undo)
    assert Timeline.of(journal.history).undo(AT) is None


def test_a_joined_sentence_stays_gone_after_a_compaction(store: Store, work: Work) -> None:
    journal = opened(store, work)
    journal.put(work.join(journal.coding, 2))
    journal.put(work.note(journal.coding, 1, "x"))
    journal.compact(AT)
    journal.close()
    journal = opened(store, work)
    assert journal.coding.order == (1, 2, 4)
    with pytest.raises(Conflict):
        journal.put(work.edit(work.first().apply(Coding()), {3: None}))


def test_a_journal_with_nothing_to_drop_is_not_compacted(store: Store, work: Work) -> None:
    journal = opened(store, work)
    assert journal.compact(AT) is None
    journal.put(work.mark(journal.coding, 1))
    history = list(journal.history)
    assert journal.compact(AT) is None
    assert list(journal.history) == history
    journal.put(work.split(journal.coding, 2))
    assert journal.compact(AT) is not None
    assert journal.compact("2024-04-01T00:00:00Z") is None
    assert [edit.at for edit in journal.history][1:] == [AT]


def test_a_journal_is_compacted_again_and_again(store: Store, work: Work) -> None:
    journal = worked(store, work)
    for number in range(3):
        journal.put(work.note(journal.coding, 1, f"{number}"))
        coding = journal.coding
        assert journal.compact(AT) is not None
        assert journal.coding == coding
        assert [edit.act for edit in journal.history] == ["import", "compact"]
    assert journal.history[0] == work.first()


def test_a_closed_journal_is_not_compacted(store: Store, work: Work) -> None:
    journal = worked(store, work)
    journal.close()
    with pytest.raises(StorageError, match="closed"):
        journal.compact(AT)
    assert len(opened(store, work).history) == 6


# A readout whose bytes changed

ADDED = "New. "


def changed_text(work: Work, text: str, raw: bytes) -> tuple[Header, Readout]:
    digests = {"sha256": sha256(raw), "text_sha256": sha256(text.encode())}
    readout = work.readout.model_copy(update={"text": text, **digests})
    return replace(work, readout=readout).header, readout


@pytest.fixture
def moved(work: Work) -> tuple[Header, Readout]:
    """The readout with a sentence before all others."""
    text = ADDED + work.readout.text
    return changed_text(work, text, text.encode())


def move(snapshot: Snapshot) -> Edit:
    """The act that moves every sentence behind what was added; marks are left away here."""
    by = len(ADDED)
    changes = (
        Change(
            key=key,
            before=sentence,
            after=sentence.changed(start=sentence.start + by, end=sentence.end + by, marks=()),
        )
        for key, sentence in snapshot.coding.sentences()
    )
    return Edit(act="reanchor", at=AT, what="moved", changes=tuple(changes))


def move_nothing(snapshot: Snapshot) -> Edit:
    return Edit(act="reanchor", at=AT, what="moved", changes=())


def never(snapshot: Snapshot) -> Edit:
    raise AssertionError


def test_a_coding_is_moved_to_the_changed_text_by_one_act(
    store: Store, work: Work, moved: tuple[Header, Readout]
) -> None:
    header, readout = moved
    journal = worked(store, work)
    coding, history = journal.coding, list(journal.history)
    journal.close()
    with pytest.raises(TextChanged):
        store.open(header, readout, work.first)
    given: list[Snapshot] = []

    def act(snapshot: Snapshot) -> Edit:
        given.append(snapshot)
        return move(snapshot)

    journal = store.open(header, readout, work.first, act)
    [snapshot] = given
    assert (snapshot.header, snapshot.coding) == (work.header, coding)
    assert list(snapshot.history) == history
    for _ in range(2):
        assert journal.header == header.model_copy(update={"earlier": (work.readout.sha256,)})
        assert journal.coding == move(snapshot).apply(coding)
        assert list(journal.history) == [*history, move(snapshot)]
        assert Timeline.of(journal.history) == Timeline()
        journal.close()
        journal = store.open(header, readout, work.first, never)
    journal.put(work.note(journal.coding, 1, "on"))
    assert list(store.check(lambda name: readout)) == []
    journal.close()
    with pytest.raises(TextChanged):
        opened(store, work)


def test_other_bytes_of_the_same_text_leave_no_act(store: Store, work: Work) -> None:
    text = work.readout.text
    header, readout = changed_text(work, text, text.encode("utf-8-sig"))
    journal = worked(store, work)
    coding, history = journal.coding, list(journal.history)
    journal.close()
    journal = store.open(header, readout, work.first, move_nothing)
    assert journal.header == header.model_copy(update={"earlier": (work.readout.sha256,)})
    assert journal.coding == coding
    assert list(journal.history) == history
    assert Timeline.of(journal.history).done
    journal.close()
    assert list(store.check(lambda name: readout)) == []
    snapshot = store.read("ada", "call-1")
    assert snapshot is not None
    assert snapshot.header == journal.header


def refuse(snapshot: Snapshot) -> Edit:
    raise InputError("No.")


def for_another_state(snapshot: Snapshot) -> Edit:
    return move(
        replace(snapshot, coding=Coding({1: snapshot.coding.sentence(1).changed(note="x")}))
    )


def of_no_form(snapshot: Snapshot) -> Edit:
    edit = move(snapshot)
    odd = Change(key=99, before=None, after=Cast())
    return edit.model_copy(update={"changes": (*edit.changes, odd)})


@pytest.mark.parametrize("changed", [refuse, for_another_state, move_nothing, of_no_form])
def test_a_move_that_fails_leaves_the_coding_with_the_old_text(
    store: Store,
    work: Work,
    moved: tuple[Header, Readout],
    changed: Callable[[Snapshot], Edit],
) -> None:
    header, readout = moved
    journal = worked(store, work)
    coding, history = journal.coding, list(journal.history)
    journal.close()
    with pytest.raises((AnnotatorError, ValueError)):
        store.open(header, readout, work.first, changed)
    journal = opened(store, work)
    assert journal.header == work.header
    assert journal.coding == coding
    assert list(journal.history) == history
    journal.put(work.note(journal.coding, 2, "on"))
    journal.close()
    assert store.open(header, readout, work.first, move).coding.sentence(2).note == "on"


def test_a_moved_coding_is_compacted_to_what_it_was_when_it_was_moved(
    store: Store, work: Work, moved: tuple[Header, Readout]
) -> None:
    header, readout = moved
    worked(store, work).close()
    journal = store.open(header, readout, work.first, move)
    begun, kept = journal.coding, journal.header
    journal.put(work.note(journal.coding, 1, "on"))
    coding = journal.coding
    dropped = journal.compact("2024-04-01T00:00:00Z")
    assert dropped is not None
    assert dropped.acts == 7
    first, second = journal.history
    assert first.apply(Coding()) == begun
    assert second.apply(begun) == coding == journal.coding
    assert journal.header == kept
    journal.close()
    assert store.open(header, readout, work.first, never).coding == coding


# Following


def seen(watch: Watch) -> Snapshot:
    snapshot = watch.look()
    assert snapshot is not None
    assert watch.look() is None
    return snapshot


def test_a_watch_shows_each_new_state_once(store: Store, work: Work) -> None:
    journal = opened(store, work)
    watch = store.watch("ada", "call-1")
    assert seen(watch).coding == journal.coding
    for make in (work.mark, work.split, work.join):
        journal.put(make(journal.coding, 1))
        snapshot = seen(watch)
        assert snapshot.coding == journal.coding
        assert list(snapshot.history) == list(journal.history)
    journal.close()
    assert watch.look() is None


def test_a_watch_shows_what_was_compacted_or_moved(store: Store, work: Work) -> None:
    journal = worked(store, work)
    watch = store.watch("ada", "call-1")
    assert len(list(seen(watch).history)) == 6
    journal.compact(AT)
    assert len(list(seen(watch).history)) == 2
    journal.close()
    text = work.readout.text
    header, readout = changed_text(work, text, text.encode("utf-8-sig"))
    store.open(header, readout, work.first, move_nothing)
    assert seen(watch).header.source == readout.sha256


def test_a_watch_tells_whether_somebody_writes(store: Store, work: Work) -> None:
    watch = store.watch("ada", "call-1")
    assert watch.holder() == ""
    with pytest.raises(StorageError, match="gone"):
        watch.look()
    journal = opened(store, work)
    assert "this" in watch.holder()
    assert seen(watch).coding == journal.coding
    journal.close()
    assert watch.holder() == ""


def test_a_watch_does_not_keep_anybody_from_writing(store: Store, work: Work) -> None:
    opened(store, work).close()
    watches = [store.watch("ada", "call-1") for _ in range(2)]
    for watch in watches:
        watch.look()
        watch.holder()
    journal = opened(store, work)
    journal.put(work.mark(journal.coding, 1))
    assert all(seen(watch).coding == journal.coding for watch in watches)
