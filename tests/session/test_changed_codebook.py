"""What a coder can do once the codebook was changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.errors import MarkError
from annotator.model import revision
from annotator.model.codebook import Codebook, Layer
from annotator.model.edit import Edit, Timeline
from annotator.session import acts
from annotator.session.repeat import repeat
from annotator.store.memory import MemoryStore
from annotator.tui.panel import lines
from tests.session.making import CALL, Coder, book, pen_of, session_on

OLD, NEW = "eco.trade", "eco.goods"
RENAMED = revision.rename(book(), "topics", OLD, NEW)
MERGED = revision.merge(book(), "topics", OLD, "eco.finance")
RETIRED = revision.retire(book(), "topics", OLD)


def marked_before(codebook: Codebook) -> Coder:
    """Sit down at a sentence that was marked and decided by the codebook as it came."""
    session = session_on(*CALL, codebook=codebook)
    coder = Coder.at(session=session)
    before, key = pen_of(), coder.bench.key
    mark = before.mark(session.sentence(key), "topics", OLD)
    session.do(acts.add_mark(before, session.coding, key, mark))
    session.do(acts.decide(before, session.coding, key, "done"))
    return coder


@pytest.mark.parametrize(("codebook", "label"), [(RENAMED, NEW), (MERGED, "eco.finance")])
def test_a_mark_under_a_former_id_is_given_as_what_it_is_now(
    codebook: Codebook, label: str
) -> None:
    coder = Coder.at(session=session_on(*CALL, codebook=codebook))
    mark = coder.session.pen.mark(coder.bench.sentence, "topics", OLD)
    assert mark.label == label


@pytest.mark.parametrize(("codebook", "label"), [(RENAMED, NEW), (MERGED, "eco.finance")])
def test_undo_passes_over_the_act_that_gave_older_marks_the_labels_of_now(
    codebook: Codebook, label: str
) -> None:
    coder = marked_before(codebook)
    session, key = coder.session, coder.bench.key
    session.do(acts.renew(session.pen, session.coding))
    assert coder.labels == [label]
    assert acts.renew(session.pen, session.coding) is None
    coder.press("u")
    assert (coder.labels, session.sentence(key).state) == ([label], "new")
    assert coder.bench.message == "undone: done (the labels stay as the codebook has them now)"
    coder.press("u")
    assert coder.labels == []
    assert coder.bench.message.startswith("undone: mark trade")
    acts_made = len(session.history)
    coder.press("u")
    assert coder.bench.message == "There is nothing to undo."
    assert (coder.labels, len(session.history)) == ([], acts_made)
    coder.press("ctrl+r")
    assert coder.labels == [label]


def test_undo_says_so_where_a_label_has_gone_into_one_that_stands_too() -> None:
    session = session_on(*CALL)
    coder = Coder.at(session=session)
    for label in ("eco.finance", OLD):
        mark = session.pen.mark(coder.bench.sentence, "topics", label)
        session.do(acts.add_mark(session.pen, session.coding, coder.bench.key, mark))
    session.pen = replace(session.pen, codebook=MERGED)
    session.do(acts.renew(session.pen, session.coding))
    assert coder.press("u").labels == ["eco.finance"]
    assert coder.bench.message.startswith("undone: mark trade (looks as before")
    assert coder.press("u").labels == []
    assert "looks as before" not in coder.bench.message


BOTH = revision.merge(RENAMED, "topics", "eco.energy", NEW)


@pytest.mark.parametrize("codebook", [RENAMED, MERGED, BOTH])
def test_redo_gives_back_all_that_undo_took_past_a_change_of_the_codebook(
    codebook: Codebook,
) -> None:
    session = session_on(*CALL)
    coder, key = Coder.at(session=session), 1
    for where, label in ((key, OLD), (key, "eco.energy"), (key + 1, OLD)):
        mark = session.pen.mark(session.sentence(where), "topics", label)
        session.do(acts.add_mark(session.pen, session.coding, where, mark))
    session.do(acts.decide(session.pen, session.coding, key + 1, "done"))
    session.pen = replace(session.pen, codebook=codebook)
    session.do(acts.renew(session.pen, session.coding))
    last, stood = session.coding, session.timeline
    coder.press("u", "u", "u", "u")
    assert not any(sentence.marks for _, sentence in session.coding.sentences())
    coder.press("ctrl+r", "ctrl+r", "ctrl+r", "ctrl+r")
    assert session.coding.but_effort() == last.but_effort()
    assert session.timeline == stood == Timeline.of(session.history)
    coder.press("ctrl+r")
    assert coder.bench.message == "There is nothing to redo."


def test_what_was_undone_before_the_codebook_was_changed_is_done_again_as_it_is_now() -> None:
    session = session_on(*CALL)
    coder, key = Coder.at(session=session), 1
    for where in (key, key + 1):
        mark = session.pen.mark(session.sentence(where), "topics", OLD)
        session.do(acts.add_mark(session.pen, session.coding, where, mark))
    coder.press("u")
    session.pen = replace(session.pen, codebook=RENAMED)
    session.do(acts.renew(session.pen, session.coding))
    coder.press("ctrl+r")
    assert [session.sentence(k).marks[0].label for k in (key, key + 1)] == [NEW, NEW]
    assert not session.timeline.undone


def test_in_a_history_where_redo_made_such_an_act_itself_everything_can_be_undone() -> None:
    coder = marked_before(RENAMED)
    session = coder.session
    session.do(session.timeline.undo("now"))
    renewal = acts.renew(session.pen, session.coding)
    assert renewal is not None
    session.do(renewal)
    session.do(renewal.invert("undo", "now"))
    session.do(renewal.model_copy(update={"act": "redo"}))
    assert session.redo() is not None
    assert coder.bench.sentence.state == "done"
    while session.undo():
        pass
    assert coder.labels == []
    assert session.timeline == Timeline.of(session.history)


def test_where_nothing_but_the_codebook_was_followed_there_is_nothing_to_undo() -> None:
    coder = marked_before(RENAMED)
    session = coder.session
    # From here on nothing before can be undone.
    session.do(Edit(act="adopt", at=session.pen.now(), what="adopt", changes=()))
    session.do(acts.renew(session.pen, session.coding))
    made = len(session.history)
    coder.press("u")
    assert coder.labels == [NEW]
    assert coder.bench.message.startswith("There is nothing to undo. The codebook was changed")
    assert len(session.history) == made


def test_a_mark_that_was_taken_away_before_the_change_comes_back_as_what_it_is_now() -> None:
    coder = marked_before(RENAMED)
    session, key = coder.session, coder.bench.key
    mark = coder.marks[0]
    session.do(acts.remove_mark(session.pen, session.coding, key, mark.id))
    assert acts.renew(session.pen, session.coding) is None
    coder.press("u")
    assert coder.labels == [NEW]


def test_once_the_codebook_has_the_label_again_the_act_that_followed_it_is_taken_back() -> None:
    coder = marked_before(RENAMED)
    session = coder.session
    session.do(acts.renew(session.pen, session.coding))
    session.pen = replace(session.pen, codebook=book())
    assert session.undo() is not None
    assert coder.labels == [OLD]
    assert session.redo() is not None
    assert coder.labels == [NEW]


def test_a_retired_label_is_not_given_any_more() -> None:
    coder = marked_before(RETIRED)
    pen, coding, key = coder.session.pen, coder.session.coding, coder.bench.key
    with pytest.raises(MarkError, match=r"was retired in 2\.0\.0"):
        repeat(pen, coding, key + 1, coder.marks)
    with pytest.raises(MarkError, match="was retired"):
        acts.toggle_rejected(pen, coding, key + 1, "topics", OLD)
    coder.press("t", "g")
    assert coder.bench.message == "No label of Topics has the key g."


def test_an_older_mark_of_it_stands_and_can_be_edited_and_taken_away() -> None:
    coder = marked_before(RETIRED)
    assert coder.session.codebook.check(coder.marks[0]) is None
    coder.press("e", "escape", "backspace")
    assert coder.labels == []


def test_the_panel_says_that_a_mark_is_to_be_looked_at_and_a_confirmation_settles_it() -> None:
    coder = marked_before(RETIRED)
    key = coder.bench.key
    said = "\n".join("".join(run.text for run in line) for line in lines(coder.bench, 50, 40))
    assert "↻ eco.trade was retired in 2.0.0" in said
    coder.press("enter")
    assert coder.session.sentence(key).marks[0].provenance.codebook == "readouts 2.0.0"
    edits = len(coder.session.history)
    coder.bench.goto(key)
    coder.press("enter")
    assert len(coder.session.history) == edits


def test_another_label_that_is_chosen_in_the_form_is_of_the_codebook_of_now() -> None:
    coder = marked_before(RETIRED)
    mark = coder.marks[0].model_copy(update={"label": "eco.energy"})
    session, key = coder.session, coder.bench.key
    session.do(acts.replace_mark(session.pen, session.coding, key, mark))
    assert coder.marks[0].provenance.codebook == "readouts 2.0.0"
    same = coder.marks[0].model_copy(update={"note": "n"})
    session.do(acts.replace_mark(session.pen, session.coding, key, same))
    assert coder.marks[0].note == "n"


def test_proposals_pass_over_retired_labels() -> None:
    codebook = revision.retire(book(), "speakers", "indirect")
    coder = Coder.at(session=session_on(*CALL, codebook=codebook)).press("s", "1", "escape")
    assert coder.labels
    assert "indirect" not in coder.labels


def test_a_label_that_was_taken_out_of_the_file_by_hand_is_named_with_what_helps() -> None:
    store = MemoryStore()
    session = session_on(*CALL, store=store)
    pen = session.pen
    for key in session.coding.order[1:3]:
        mark = pen.mark(session.sentence(key), "topics", OLD)
        session.do(acts.add_mark(pen, session.coding, key, mark))
    voice = pen.mark(session.sentence(session.coding.order[1]), "voice", "mixed")
    session.do(acts.add_mark(pen, session.coding, session.coding.order[1], voice))
    session.close()
    as_it_came = session_on(*CALL, store=store)
    assert as_it_came.notice == ""
    as_it_came.close()
    topics, *others = book().layers
    kept = tuple(label.model_dump() for label in topics.labels if label.id != OLD)
    cut = Layer.model_validate({**topics.model_dump(), "labels": kept})
    layers = (cut, *(layer for layer in others if layer.id != "voice"))
    edited = Codebook(name="readouts", version="1.0.0", layers=layers)
    again = session_on(*CALL, codebook=edited, store=store)
    said = f"(put back, or under another's “was”): {OLD} ×2, voice mixed ×1"
    assert again.notice == f"Not in the codebook {said}"
    assert again.coding == session.coding
    assert Coder.at(session=again).bench.message == again.notice
