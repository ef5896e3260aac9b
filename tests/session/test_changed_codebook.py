"""What a coder can do once the codebook was changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.errors import MarkError
from annotator.model import revision
from annotator.model.codebook import Codebook
from annotator.model.edit import Edit
from annotator.session import acts
from annotator.session.repeat import repeat
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
    assert coder.bench.message.startswith(f"undone: mark {OLD}")
    acts_made = len(session.history)
    coder.press("u")
    assert coder.bench.message == "There is nothing to undo."
    assert (coder.labels, len(session.history)) == ([], acts_made)
    coder.press("ctrl+r")
    assert coder.labels == [label]


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
