"""What changes of the codebook mean for marks that were made before."""

from __future__ import annotations

from annotator.model import revision
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding
from annotator.model.mark import LabelValue, Mark, Provenance, RefValue, SlotValue
from annotator.model.renewal import asks, renewed, reviewed, why
from annotator.model.sentence import Sentence
from tests.session.making import AT, book

OLD, NEW = "eco.tech", "eco.science"
TEXT = "They spoke of chips."
RENAMED = revision.rename(book(), "topics", OLD, NEW)
MERGED = revision.merge(book(), "topics", OLD, "eco.trade")
SPLIT = revision.split(
    book(), "topics", OLD, [{"id": "eco.chips", "name": "C"}, {"id": "eco.labs", "name": "L"}]
)
RETIRED = revision.retire(book(), "topics", OLD)


def mark(
    name: str,
    label: str,
    layer: str = "topics",
    *,
    stamp: str = "readouts 1.0.0",
    rejected: bool = False,
    note: str = "",
    **slots: tuple[SlotValue, ...],
) -> Mark:
    return Mark(
        id=name,
        layer=layer,
        label=label,
        start=0,
        end=len(TEXT),
        rejected=rejected,
        note=note,
        slots=dict(slots),
        provenance=Provenance(coder="ada", at=AT, codebook=stamp),
    )


def sentence(*marks: Mark, at: int = 0) -> Sentence:
    return Sentence(start=at, end=at + len(TEXT), role="body", text=TEXT, marks=marks)


def labels(codebook: Codebook, *marks: Mark) -> list[str]:
    made = renewed(codebook, Coding({1: sentence(*marks)}))
    return [f"{'!' * m.rejected}{m.label}" for m in made.get(1, sentence(*marks)).marks]


def test_marks_of_a_renamed_label_bear_its_new_id_and_nothing_else_changes() -> None:
    marks = mark("a", OLD), mark("b", "eco.trade"), mark("c", OLD, "tone")
    made = renewed(RENAMED, Coding({1: sentence(*marks), 2: sentence(mark("d", "eco.trade"))}))
    assert list(made) == [1]
    assert [m.label for m in made[1].marks] == [NEW, "eco.trade", OLD]
    assert made[1].marks[0] == marks[0].model_copy(update={"label": NEW})


def test_a_codebook_in_which_nothing_was_renamed_changes_nothing() -> None:
    assert renewed(book(), Coding({1: sentence(mark("a", OLD))})) == {}
    assert renewed(RETIRED, Coding({1: sentence(mark("a", OLD))})) == {}
    assert renewed(SPLIT, Coding({1: sentence(mark("a", OLD))})) == {}


def test_labels_that_slots_name_follow_and_stand_once() -> None:
    values = tuple(LabelValue(label=label) for label in (OLD, "eco.trade", "conf.iran"))
    frame = mark("a", "promise", "commitments", topics=values)
    made = renewed(MERGED, Coding({1: sentence(frame)}))
    assert made[1].marks[0].slots["topics"] == (
        LabelValue(label="eco.trade"),
        LabelValue(label="conf.iran"),
    )


def test_of_two_marks_that_say_the_same_one_goes() -> None:
    assert labels(MERGED, mark("a", OLD), mark("b", "eco.trade")) == ["eco.trade"]
    assert labels(MERGED, mark("a", "eco.trade"), mark("b", OLD)) == ["eco.trade"]


def test_what_stands_outweighs_what_was_rejected() -> None:
    no = {"rejected": True}
    assert labels(MERGED, mark("a", OLD, **no), mark("b", "eco.trade")) == ["eco.trade"]  # type: ignore[arg-type]
    assert labels(MERGED, mark("a", OLD), mark("b", "eco.trade", **no)) == ["eco.trade"]  # type: ignore[arg-type]
    both = mark("a", OLD, **no), mark("b", "eco.trade", **no)  # type: ignore[arg-type]
    assert labels(MERGED, *both) == ["!eco.trade"]


def test_a_mark_that_says_more_is_kept_beside_the_other() -> None:
    noted = mark("a", OLD, note="doubtful")
    assert labels(MERGED, noted, mark("b", "eco.trade")) == ["eco.trade", "eco.trade"]


def test_references_to_a_mark_that_goes_lead_to_the_one_that_stays() -> None:
    pointing = mark("p", "promise", "commitments", attribution=(RefValue(mark="a"),))
    docs = {1: sentence(mark("a", OLD), mark("b", "eco.trade")), 2: sentence(pointing, at=99)}
    made = renewed(MERGED, Coding(docs))
    assert made[2].marks[0].slots["attribution"] == (RefValue(mark="b"),)


def test_older_marks_of_a_retired_label_ask_for_a_look_and_newer_ones_do_not() -> None:
    change = asks(RETIRED, mark("a", OLD))
    assert change is not None
    assert why(change) == "eco.tech was retired in 2.0.0"
    assert asks(RETIRED, mark("a", OLD, stamp="readouts 2.0.0")) is None
    assert asks(RETIRED, mark("a", "eco.trade")) is None
    assert asks(book(), mark("a", OLD)) is None


def test_a_mark_of_another_codebook_or_of_no_version_is_older() -> None:
    assert asks(RETIRED, mark("a", OLD, stamp="mine 9.0.0")) is not None
    assert asks(RETIRED, mark("a", OLD, stamp="")) is not None


def test_a_frame_that_names_the_label_in_a_slot_asks_for_a_look_too() -> None:
    frame = mark("a", "promise", "commitments", topics=(LabelValue(label=OLD),))
    assert asks(RETIRED, frame) is not None


def test_the_label_is_known_under_the_ids_that_it_got_since() -> None:
    later = revision.rename(
        revision.reword(book(), "topics", OLD, {"definition": "D"}, redefine=True),
        "topics",
        OLD,
        NEW,
    )
    assert asks(later, mark("a", OLD)) is not None
    assert asks(later, mark("a", NEW)) is not None
    assert asks(later, mark("a", NEW, stamp="readouts 2.0.0")) is None


def test_whoever_merges_may_ask_for_a_look_at_what_became_of_it() -> None:
    assert asks(MERGED, mark("a", "eco.trade")) is None
    asked = revision.reviewing(MERGED, review=True)
    found = asks(asked, mark("a", "eco.trade"))
    assert found is not None
    assert why(found) == "eco.tech became eco.trade in 2.0.0"


def test_a_look_stamps_the_marks_that_asked_and_no_others() -> None:
    before = sentence(mark("a", OLD), mark("b", "eco.trade"))
    after = reviewed(RETIRED, before)
    assert [m.provenance.codebook for m in after.marks] == ["readouts 2.0.0", "readouts 1.0.0"]
    assert reviewed(RETIRED, after) is after
    assert reviewed(book(), before) is before


def test_a_mark_of_a_split_label_waits_until_a_part_is_chosen() -> None:
    before = sentence(mark("a", OLD))
    assert reviewed(SPLIT, before) is before
    found = asks(SPLIT, before.marks[0])
    assert found is not None
    assert why(found) == "eco.tech was split in 2.0.0: choose eco.chips or eco.labs"
    assert asks(SPLIT, mark("a", "eco.chips")) is None


def test_two_marks_that_both_say_more_and_a_label_that_was_rejected_too_are_in_doubt() -> None:
    def doubtful(*marks: Mark) -> list[bool]:
        made = renewed(MERGED, Coding({1: sentence(*marks)}))
        return [one.doubtful for one in made[1].marks]

    assert doubtful(mark("a", OLD, note="one"), mark("b", "eco.trade", note="two")) == [True, True]
    rejected = mark("b", "eco.trade", rejected=True)
    assert doubtful(mark("a", OLD), rejected) == [True]
    assert doubtful(mark("a", OLD), mark("b", "eco.trade")) == [False]


def test_the_rejection_of_a_merged_label_falls_away_and_that_of_a_renamed_one_stays() -> None:
    rejected = mark("a", OLD, rejected=True)
    assert labels(MERGED, rejected) == []
    assert labels(MERGED, rejected, mark("b", "eco.trade")) == ["eco.trade"]
    assert labels(RENAMED, rejected) == [f"!{NEW}"]
    again = revision.merge(RENAMED, "topics", NEW, "eco.trade")
    assert labels(again, rejected) == []


def test_a_label_that_is_given_is_in_no_doubt_when_a_narrower_one_was_rejected() -> None:
    made = renewed(MERGED, Coding({1: sentence(mark("a", OLD, rejected=True), mark("b", OLD))}))
    assert [(m.label, m.rejected, m.doubtful) for m in made[1].marks] == [
        ("eco.trade", False, False)
    ]
