"""Questions that are answered one after the other, and the changes that the answers mean."""

from __future__ import annotations

import pytest

from annotator.errors import InputError
from annotator.model.codebook import Codebook, Family, Label, Layer
from annotator.pipeline.labelkeys import with_keys
from annotator.tui import paint
from annotator.tui.inquiry import Inquiry, Question
from annotator.tui.revising import CHANGES, way
from tests.session.making import book


def typed(inquiry: Inquiry, text: str, *, clear: bool = True) -> str:
    """Type a line in the place of what is proposed, and Enter."""
    if clear:
        inquiry.press("ctrl+u")
    for char in text:
        inquiry.press("space" if char == " " else char)
    return inquiry.press("enter")


def asked(inquiry: Inquiry, width: int = 80) -> str:
    return "\n".join("".join(run.text for run in line) for line in inquiry.question(width))


def topic(label_id: str) -> tuple[Layer, Family | None, Label]:
    layer = book().layers[0]
    label = layer.label(label_id)
    assert label is not None
    return layer, layer.family(label_id), label


def test_questions_are_asked_in_their_order_and_answers_are_kept() -> None:
    inquiry = Inquiry("T", [Question("a", "A?"), Question("b", "B?", lambda g: g["a"] + "!")])
    assert "A?" in asked(inquiry)
    assert "1 of 2" in asked(inquiry)
    assert typed(inquiry, "  one  two ") == "open"
    assert inquiry.line.value == "one two!"
    assert inquiry.press("enter") == "done"
    assert inquiry.answers == {"a": "one two", "b": "one two!"}


def test_the_upward_arrow_goes_back_to_what_was_typed() -> None:
    inquiry = Inquiry("T", [Question("a", "A?"), Question("b", "B?")])
    assert inquiry.press("up") == "open"
    typed(inquiry, "one")
    inquiry.press("up")
    assert inquiry.line.value == "one"
    assert "A?" in asked(inquiry)


def test_only_the_first_question_has_none_before_it() -> None:
    inquiry = Inquiry("T", [Question("a", "A?"), Question("b", "B?")])
    under_way = [inquiry.is_under_way]
    for key in ("enter", "up"):
        inquiry.press(key)
        under_way.append(inquiry.is_under_way)
    assert under_way == [False, True, False]


def test_an_answer_with_a_problem_is_asked_again_and_says_why() -> None:
    inquiry = Inquiry("T", [Question("a", "A?", problem=lambda t, g: "" if t else "Needed.")])
    assert inquiry.press("enter") == "open"
    assert inquiry.said == "Needed."
    inquiry.press("x")
    assert inquiry.said == ""
    assert inquiry.press("enter") == "done"


def test_escape_leaves() -> None:
    assert Inquiry("T", [Question("a", "A?")]).press("escape") == "left"


def test_a_question_is_passed_over_where_it_is_not_worth_while() -> None:
    when = lambda given: given["a"] == "y"  # noqa: E731
    questions = [Question("a", "A?"), Question("b", "B?", when=when), Question("c", "C?")]
    inquiry = Inquiry("T", questions)
    typed(inquiry, "n")
    assert "C?" in asked(inquiry)
    inquiry.press("up")
    typed(inquiry, "y")
    assert "B?" in asked(inquiry)


@pytest.mark.parametrize("width", [1, 8, 40, 120])
def test_a_question_keeps_to_the_width(width: int) -> None:
    inquiry = Inquiry("[/] \x1b" + "t" * 200, [Question("a", "Q\x1b" * 50)])
    lines = inquiry.question(width)
    assert all(paint.width(line) <= max(width, 9) for line in lines)
    assert "\x1b" not in asked(inquiry, width)


def made(command: str, label_id: str, *answers: str) -> Codebook:
    """Answer the questions of a change; None takes what is proposed."""
    inquiry, make = way(command, (book(),), *topic(label_id))
    for place, answer in enumerate(answers):
        outcome = inquiry.press("enter") if answer == "=" else typed(inquiry, answer)
        assert inquiry.said == ""
        assert outcome == ("done" if place == len(answers) - 1 else "open")
    return make(inquiry.answers)(book())


def test_a_label_is_added_with_an_id_of_its_family_and_a_free_key_proposed() -> None:
    inquiry, _ = way("codebook.add", (book(),), *topic("sec.terror"))
    assert (inquiry.line.value, "sec.…" in asked(inquiry)) == (
        "",
        True,
    )
    book_after = made(
        "codebook.add", "sec.terror", "drones", "=", "=", "=", "Flying.", "a | b", "="
    )
    label = book_after.layers[0].label("sec.drones")
    assert label is not None
    assert (label.name, label.short, label.key, label.family) == ("Drones", "drones", "D", "sec")
    assert (label.include, label.exclude) == (("a", "b"), ())


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("sec.terror", "“sec.terror” is taken: Terrorism"),
        ("Sec", "small letters"),
        ("", "small letters"),
        ("a b", "small letters"),
    ],
)
def test_an_id_that_cannot_be_is_asked_again(answer: str, said: str) -> None:
    inquiry, _ = way("codebook.add", (book(),), *topic("sec.terror"))
    assert typed(inquiry, answer) == "open"
    assert said in inquiry.said


@pytest.mark.parametrize(("key", "said"), [("t", "is that of sec.terror"), ("/", "A key is one")])
def test_a_key_that_is_taken_is_asked_again(key: str, said: str) -> None:
    inquiry, _ = way("codebook.add", (book(),), *topic("sec.terror"))
    for answer in ("sec.new", "New", "new"):
        typed(inquiry, answer)
    assert typed(inquiry, key) == "open"
    assert said in inquiry.said


def with_wish(name: str, key: str) -> tuple[Codebook, Codebook]:
    """The codebook with a key of the settings, and as its file has it."""
    return with_keys(book(), {name: key}), book()


def test_a_proposed_key_is_free_with_the_keys_of_the_settings_and_without_them() -> None:
    inquiry, make = way("codebook.add", with_wish("topics.sec.terror", "E"), *topic("sec.terror"))
    for answer in ("towns", "Towns", "towns"):
        typed(inquiry, answer)
    proposed = inquiry.line.value
    assert proposed not in ("t", "E", "")
    for refused in ("t", "E"):
        typed(inquiry, refused)
        assert inquiry.said == f"The key {refused} is that of sec.terror."
    for answer in (proposed, "Of towns.", "", ""):
        typed(inquiry, answer)
    made = make(inquiry.answers)(book())
    assert with_keys(made, {"topics.sec.terror": "E"}).panels[0].keys["sec.towns"] == proposed


def test_a_label_may_keep_the_key_that_it_has_while_another_has_it_in_the_file() -> None:
    books = with_wish("topics.sec.terror", "E")
    tag = next(label for label, key in books[0].panels[0].keys.items() if key == "E")
    inquiry, _ = way("codebook.edit", books, *topic(tag))
    for _ in range(3):
        assert inquiry.press("enter") == "open"
        assert inquiry.said == ""


def test_what_was_refused_is_asked_again_and_no_answer_is_lost() -> None:
    names = ("id", "key", "key2", "note")
    inquiry = Inquiry("T", [Question(name, f"{name}?") for name in names])
    for name in names:
        typed(inquiry, name.upper())
    for field, question in (("key", "key2?"), ("id", "id?"), ("elsewhere", "note?")):
        inquiry.resume("Refused.", field)
        assert question in asked(inquiry)
        assert (inquiry.said, inquiry.line.value) == ("Refused.", question[:-1].upper())
    assert len(inquiry.answers) == len(names)


def test_a_new_id_without_a_dot_gets_the_beginning_of_its_family_wherever_it_is_typed() -> None:
    assert made("codebook.rename", "sec.terror", "towns").changes[-1].into == ("sec.towns",)
    assert made("codebook.rename", "sec.terror", "rel.towns").changes[-1].into == ("rel.towns",)


def test_an_edit_writes_only_what_was_changed() -> None:
    after = made("codebook.edit", "eco.tech", "Science", "=", "=", "=", "=", "=")
    assert after.changes[-1].kind == "reword"
    before, now = (b.layers[0].label("eco.tech") for b in (book(), after))
    assert before is not None
    assert now == before.model_copy(update={"name": "Science"})


def test_an_edit_of_a_definition_asks_whether_the_meaning_changes() -> None:
    args = ("=", "=", "=", "Another.", "=", "=")
    assert made("codebook.edit", "eco.tech", *args, "y").changes[-1].kind == "redefine"
    assert made("codebook.edit", "eco.tech", *args, "n").changes[-1].kind == "reword"


def test_an_edit_that_changes_nothing_is_none() -> None:
    inquiry, make = way("codebook.edit", (book(),), *topic("eco.tech"))
    while inquiry.press("enter") == "open":
        pass
    with pytest.raises(InputError, match="Nothing was changed"):
        make(inquiry.answers)


def test_a_label_is_renamed_merged_split_and_retired() -> None:
    assert made("codebook.rename", "eco.tech", "eco.lab").layers[0].label("eco.lab")
    merged = made("codebook.merge", "eco.tech", "eco.trade", "too few")
    assert (merged.changes[-1].into, merged.changes[-1].note) == (("eco.trade",), "too few")
    parts = ("eco.chips", "=", "=", "Small.", "eco.labs", "=", "=", "Big.", "")
    split = made("codebook.split", "eco.tech", *parts)
    assert split.changes[-1].into == ("eco.chips", "eco.labs")
    keys = split.panels[0].keys
    assert keys["eco.chips"] != keys["eco.labs"]
    assert made("codebook.retire", "eco.tech", "").changes[-1].kind == "retire"


def test_parts_of_a_split_cannot_have_one_id_or_one_key() -> None:
    inquiry, _ = way("codebook.split", (book(),), *topic("eco.tech"))
    for answer in ("eco.chips", "Chips", "q", "Small."):
        typed(inquiry, answer)
    typed(inquiry, "eco.chips")
    assert "by the first part" in inquiry.said
    typed(inquiry, "eco.labs")
    typed(inquiry, "Labs")
    typed(inquiry, "q")
    assert "is that of eco.chips" in inquiry.said


def test_a_merge_into_nothing_names_the_nearest() -> None:
    inquiry, _ = way("codebook.merge", (book(),), *topic("eco.tech"))
    typed(inquiry, "eco.trad")
    assert inquiry.said == "Topics has no label eco.trad. eco.trade?"
    typed(inquiry, "eco.tech")
    assert "into itself" in inquiry.said


@pytest.mark.parametrize("command", sorted(CHANGES - {"codebook.add"}))
def test_where_no_label_is_lit_only_adding_makes_sense(command: str) -> None:
    layer = book().layers[0]
    with pytest.raises(InputError, match="Light a label first"):
        way(command, (book(),), layer, None, None)
    assert way("codebook.add", (book(),), layer, None, None)[0].line.value == ""


def test_a_question_with_keys_is_answered_by_one_and_nothing_else_lands_in_its_line() -> None:
    asked_first = Question("a", "A?", lambda _: "n", keys="yn")
    inquiry = Inquiry("T", [asked_first, Question("b", "B?")])
    assert inquiry.press("x") == "open"
    assert inquiry.said == "Press y or n."
    inquiry.paste("y")
    assert inquiry.line.value == "n"
    assert inquiry.press("y") == "open"
    assert inquiry.answers == {"a": "y"}
    assert "B?" in asked(inquiry)
    inquiry.press("up")
    assert inquiry.press("enter") == "open"
    assert inquiry.answers == {"a": "y"}
