"""The one-line bars: where one is, what is saved, how far one has come."""

from __future__ import annotations

import pytest

from annotator.errors import StorageError
from annotator.model.progress import Progress
from annotator.model.readout import Readout
from annotator.tui import bars, naming, paint
from annotator.tui.modes.base import Ask, Step
from annotator.tui.paint import Line
from tests.session.making import CALL, Coder, placed, readout_of, session_of

WIDTHS = [40, 60, 120]
TEXT = "\n".join(part.removeprefix("# ") for part in CALL)
FULL = StorageError("The disk is full, and there is much to be said about it.", "Make room.")


def words(line: Line) -> str:
    return "".join(run.text for run in line)


def readout(**known: object) -> Readout:
    made = readout_of(TEXT)
    return made.model_copy(update={"metadata": made.metadata.model_copy(update=known)})


def coder_of(made: Readout) -> Coder:
    parts = made.text.split("\n")
    return Coder.at(session=session_of(made, placed(made.text, parts, {})))


def progress(coder: Coder) -> Progress:
    return Progress.of(coder.session.coding)


def test_the_head_says_which_readout_whose_account_who_codes_and_that_all_is_saved() -> None:
    known = readout(title="A call", issuing_side="XA", counterpart_of=("call-2",))
    said = words(bars.head(coder_of(known).session, 120))
    for shown in ("A call", "XA side", "en", "1 of 2 tellings", "ada", "● saved"):
        assert shown in said


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("title", ["A call", "A very long title of a call " * 8, "双方通话" * 20])
def test_the_head_fills_the_width_and_always_says_whether_all_is_saved(
    title: str, width: int
) -> None:
    known = readout(title=title, issuing_side="XA", counterpart_of=("call-2",))
    line = bars.head(coder_of(known).session, width)
    assert paint.width(line) == width
    assert words(line).endswith("● saved ")
    assert words(line)[1:4] == title[:3]


def test_the_head_says_what_is_on_its_way_and_what_could_not_be_saved() -> None:
    coder = coder_of(readout()).press("t", "g")
    assert words(bars.head(coder.session, 60)).endswith("○ saving ")
    coder.session.problem = FULL
    assert words(bars.head(coder.session, 60)).endswith("✖ 1 NOT SAVED ")


@pytest.mark.parametrize(
    ("text", "said"), [("a\u202eb", "1 hidden character"), ("a\u200bb\x1bc", "2 hidden characters")]
)
def test_the_head_counts_characters_that_cannot_be_seen(text: str, said: str) -> None:
    head = words(bars.head(coder_of(readout_of(text)).session, 120))
    assert said in head
    assert "\x1b" not in head


def test_a_hostile_title_is_shown_harmless() -> None:
    head = words(bars.head(coder_of(readout(title="[red]\x1b]52;c;x\x07\u202e")).session, 120))
    assert "[red]␛]52;c;x␇\ufffd" in head


def test_progress_is_a_bar_a_count_and_the_pace() -> None:
    coder = Coder.at().press("t", "g", "enter", seconds=2.0)
    said = words(*bars.status(coder.bench, progress(coder), 120))
    assert "━━━" in said
    assert " 1/4" in said
    assert "3.0 keys  6 s a sentence" in said


def test_a_readout_without_anything_to_decide_has_an_empty_bar() -> None:
    coder = Coder.at("# Title")
    assert " 0/0" in words(*bars.status(coder.bench, progress(coder), 60))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_message_is_shown_whole_and_never_wider_than_the_line(width: int) -> None:
    coder = Coder.at()
    for message in ("noted", "a message of some length for a narrow line", "word " * 60):
        coder.bench.message = message
        lines = bars.status(coder.bench, progress(coder), width)
        assert max(map(paint.width, lines)) <= width
        told = [word for line in lines for word in words(line).split()]
        assert message.split() == [word for word in told if word in message.split()]


def test_beside_a_message_that_leaves_no_room_for_the_bar_the_figures_stay() -> None:
    coder = Coder.at()
    coder.bench.message = "word " * 18
    (line,) = bars.status(coder.bench, progress(coder), 100)
    assert words(line).split()[0] == "0/4"


@pytest.mark.parametrize("width", WIDTHS)
def test_progress_keeps_to_the_width(width: int) -> None:
    coder = Coder.at().press("t", "g", "enter", "enter", seconds=40.0)
    (line,) = bars.status(coder.bench, progress(coder), width)
    assert paint.width(line) <= width


def test_a_count_is_shown_while_it_is_typed() -> None:
    coder = Coder.at().press("1", "2")
    assert "12 …" in words(*bars.status(coder.bench, progress(coder), 60))


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_wrong_with_saving_comes_before_everything_and_keeps_to_the_width(
    width: int,
) -> None:
    coder = Coder.at()
    coder.bench.message = "noted"
    coder.session.problem = FULL
    lines = bars.status(coder.bench, progress(coder), width)
    said = " ".join(words(line).strip() for line in lines)
    assert said.startswith("noted 0 edits not on disk")
    assert str(FULL) in said
    assert all(paint.width(line) <= width for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_question_is_asked_whole(width: int) -> None:
    asked = "What is the Press office of the Kremlin called in all readouts of the project?"
    lines = bars.question(Ask(asked, "", lambda typed: Step(None)), width)
    assert all(paint.width(line) <= width for line in lines)
    said = " ".join(words(line).strip() for line in lines)
    assert said == asked if width >= 30 else said.endswith("…")


def test_a_message_names_labels_by_their_tags_and_the_form_says_which_kind_a_mark_is() -> None:
    coder = Coder.at().press("t", "g", "escape", "backspace")
    said = words(bars.status(coder.bench, progress(coder), 100)[0])
    assert "removed: trade" in said
    assert "eco.trade" not in said
    coder.press("u")
    assert "eco.trade" not in words(bars.status(coder.bench, progress(coder), 100)[0])
    view = coder.press("e").bench.mode
    assert view is not None
    assert "trade" in [field.value for field in view.view().fields]
    known = coder.session.codebook
    assert naming.named("sec.none in 2.0.0 of sec.terror", known) == "sec.none in 2.0.0 of terror"
