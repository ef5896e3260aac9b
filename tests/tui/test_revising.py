"""What is asked when the codebook is changed: completed, and named where it is not answered."""

from __future__ import annotations

from annotator.tui.inquiry import Inquiry
from annotator.tui.revising import way
from tests.session.making import book


def asked(command: str) -> Inquiry:
    layer = book().layers[0]
    return way(command, (book(),), layer, None, layer.label("sec.terror"))[0]


def shown(inquiry: Inquiry) -> str:
    return "".join(run.text for line in inquiry.question(80) for run in line)


def test_the_label_that_takes_over_is_completed_from_those_of_the_layer() -> None:
    inquiry = asked("codebook.merge")
    for key in "eco.tr":
        inquiry.press(key)
    assert "eco.trade" in "".join(run.text for run in inquiry.offers(80))
    inquiry.press("tab")
    assert inquiry.line.value == "eco.trade"
    inquiry.press("enter")
    assert inquiry.answers == {"into": "eco.trade"}
    assert not inquiry.completes
    assert inquiry.offers(80) == ()


def test_tab_offers_every_label_but_the_one_that_goes() -> None:
    inquiry = asked("codebook.merge")
    seen = set()
    for _ in range(len(book().layers[0].in_use)):
        inquiry.press("tab")
        seen.add(inquiry.line.value)
    assert seen == {one.id for one in book().layers[0].in_use} - {"sec.terror"}


def test_no_answer_is_asked_for_again() -> None:
    inquiry = asked("codebook.merge")
    assert inquiry.press("enter") == "open"
    assert inquiry.said == "Name the label that takes over."


def test_what_renames_the_id_says_what_changes_the_name() -> None:
    assert "New id: sec.… (e changes the name)" in shown(asked("codebook.rename"))
