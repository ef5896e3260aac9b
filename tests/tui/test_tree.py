"""A coder is asked until a label or nothing is left: every way through the questions is walked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.model.codebook import Codebook, Label, Layer, Panel
from annotator.model.mark import ChoiceValue, Mark
from annotator.model.questions import Answer, Question
from annotator.tui.app import AnnotatorApp
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from annotator.tui.modes.tree import TreeMode
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.widgets.lines import LinesView
from tests.rendering import RENDER
from tests.session.making import CALL, Coder, book, session_on

Way = tuple[tuple[str, ...], Answer]
LAYER = next(layer for layer in book().layers if layer.id == "commitments")


def ways(layer: Layer, question: Question, keys: tuple[str, ...] = ()) -> Iterator[Way]:
    """Return every way through the questions: its keys, and the answer that ends it."""
    for answer in question.answers:
        following = layer.question(answer.question or "")
        if following is None:
            yield (*keys, answer.key), answer
        else:
            yield from ways(layer, following, (*keys, answer.key))


WAYS = list(ways(LAYER, LAYER.questions[0]))


@pytest.fixture
def coder() -> Coder:
    """Somebody at “They agreed to meet in May, and to keep the bridge open.”."""
    return Coder.at().press("j")


def items(coder: Coder) -> dict[str, str]:
    return {item.key: item.text for group in coder.view.groups for item in group.items}


def test_every_kind_and_every_near_miss_is_six_keys_away_at_most() -> None:
    assert max(len(keys) for keys, _ in WAYS) + len("d") <= 6
    assert {answer.label for _, answer in WAYS if answer.label} == {x.id for x in LAYER.labels}
    assert any(answer.label is None for _, answer in WAYS)


def test_an_answer_that_ends_at_a_label_has_the_key_of_its_panel() -> None:
    panels: dict[str, Panel] = {
        label.id: panel for panel in book().panels for label in panel.labels
    }
    for _, answer in WAYS:
        if answer.label:
            assert answer.key == panels[answer.label].keys[answer.label]


@pytest.mark.parametrize("way", WAYS, ids=["".join(keys) for keys, _ in WAYS])
def test_every_way_makes_its_mark_and_opens_its_form_or_codes_nothing(way: Way) -> None:
    keys, end = way
    coder = Coder.at().press("j", "d", *keys)
    if end.label is None:
        assert (coder.marks, coder.bench.mode) == ((), None)
        assert "nothing is coded here" in coder.bench.message
        assert coder.bench.sentence.state == "new"
        assert coder.press("enter").session.sentence(3).state == "done"
        return
    (mark,) = coder.marks
    assert isinstance(coder.bench.mode, FrameMode)
    assert mark.label == end.label
    for slot, choice in end.slots.items():
        assert mark.slots[slot] == (ChoiceValue(choice=choice),)
        assert slot in mark.provenance.proposed
    assert coder.view.fields[0].focused


def test_the_panel_shows_the_question_the_words_that_decide_and_where_answers_lead(
    coder: Coder,
) -> None:
    coder.press("d")
    first = LAYER.questions[0]
    assert coder.view.lead == (first.ask, first.hint)
    assert not any(coder.view.about)
    follows = LAYER.question(first.answers[0].question or "")
    assert follows is not None
    assert items(coder)["y"] == f"yes → {follows.ask}"
    assert {item.detail for group in coder.view.groups for item in group.items} == {
        answer.hint for answer in first.answers
    }
    coder.press("y", "n")
    assert coder.view.about == ("So far", f"− {first.ask} yes", f"− {follows.ask} no")
    assert items(coder)["t"].endswith("→ Duty of a third party")
    assert items(coder)["x"].endswith("→ nothing is coded")


def test_backspace_goes_back_by_a_question_and_the_light_is_where_it_was(coder: Coder) -> None:
    coder.press("d", "n")
    coder.press("backspace")
    assert coder.view.lead[0] == LAYER.questions[0].ask
    assert [i.key for g in coder.view.groups for i in g.items if i.lit] == ["n"]
    coder.press("backspace")
    assert coder.bench.message == "This is the first question; esc leaves."
    assert isinstance(coder.bench.mode, TreeMode)


def test_the_light_moves_and_is_taken_by_enter_or_space(coder: Coder) -> None:
    coder.press("d", "down", "enter")
    assert coder.view.about == ("So far", f"− {LAYER.questions[0].ask} no")
    coder.press("up", "space")
    assert (coder.marks, coder.bench.mode) == ((), None)


def test_escape_leaves_everything_as_it_was(coder: Coder) -> None:
    before = coder.session.coding
    coder.press("d", "y", "y", "escape")
    assert coder.bench.mode is None
    assert coder.session.coding == before


def test_a_key_that_no_answer_has_is_named(coder: Coder) -> None:
    coder.press("d", "Z")
    assert coder.bench.message == "No answer has the key Z."
    coder.press("tab")
    assert coder.bench.message == "No other layer has questions."


SIZES = [(120, 40), (80, 24), (60, 16)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_nothing_of_any_question_is_cut_at_any_size(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = AnnotatorApp(RENDER.worked_project(tmp_path), "ada", RENDER.READOUT)
    first_way: dict[str, tuple[str, ...]] = {LAYER.questions[0].id: ()}
    for keys, _ in WAYS:
        question = LAYER.questions[0]
        for place, key in enumerate(keys):
            first_way.setdefault(question.id, keys[:place])
            answer = question.answer(key)
            question = LAYER.question((answer and answer.question) or "") or question
    assert set(first_way) == {question.id for question in LAYER.questions}
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        screen = app.screen
        assert isinstance(screen, AnnotateScreen)
        for name, keys in first_way.items():
            await pilot.press("d", *keys)
            panel = screen.query_one("#panel", LinesView)
            question = LAYER.question(name) or question
            mode = screen.bench.mode
            assert mode is not None
            wanted = [*mode.view().lead, *(i.text for i in mode.view().groups[0].items)]
            assert mode.view().lead[0] == question.ask
            pages: list[list[str]] = []
            while True:
                await pilot.pause()
                page = [
                    "".join(run.text for run in panel.row_at(row)[0]).strip()
                    for row in range(panel.size.height)
                ]
                assert not panel.show_vertical_scrollbar
                if page in pages:
                    break
                pages.append(page)
                await pilot.press("pagedown")
            assert not any("…" in line for page in pages for line in page)
            # Whatever goes over two rows stands on one page, or goes on on the next.
            rows = [row for page in pages for row in page if "more · Pg" not in row]
            said = " ".join(" ".join(dict.fromkeys(rows)).split())
            for words in wanted:
                assert " ".join(words.split()) in said, (name, size)
            if any("more · Pg" in row for page in pages for row in page):
                assert len(pages) > 1
            await pilot.press("escape")
    app.close_all()


@pytest.mark.parametrize("panel", ["c", "m"])
def test_a_panel_asks_and_is_open_again_when_the_questions_are_left(
    coder: Coder, panel: str
) -> None:
    coder.press(panel)
    assert "⇧⇥ questions" in coder.view.hint
    coder.press("shift+tab")
    assert isinstance(coder.bench.mode, TreeMode)
    coder.press("escape")
    assert isinstance(coder.bench.mode, PickMode)
    coder.press("shift+tab", "y", "y", "y", "y", "a")
    assert coder.labels == ["agreement"]


def test_a_panel_without_questions_does_not_ask(coder: Coder) -> None:
    coder.press("t")
    assert "questions" not in coder.view.hint
    coder.press("shift+tab")
    assert coder.bench.message == "No label of Topics has the key shift+tab."
    coder.press("escape", "x", "tab", "tab", "shift+tab")
    assert isinstance(coder.bench.mode, PickMode)


def _asked(name: str, key: str) -> Layer:
    return Layer(
        id=name,
        name=name.capitalize(),
        key=key,
        labels=(Label(id="warm", name="Warm"), Label(id="cold", name="Cold")),
        questions=(
            Question(
                id="which",
                ask="Which?",
                answers=(
                    Answer(key="w", name="warm", label="warm"),
                    Answer(key="c", name="cold", label="cold"),
                ),
            ),
        ),
    )


def test_layers_of_ones_own_are_asked_about_one_after_the_other() -> None:
    own = Codebook(name="own", version="1.0.0", layers=(_asked("mood", "m"), _asked("air", "a")))
    coder = Coder.at(session=session_on(*CALL, codebook=own)).press("d")
    assert coder.view.title == "Mood: question 1"
    assert coder.press("tab").view.title == "Air: question 1"
    coder.press("w")
    assert [(mark.layer, mark.label) for mark in coder.marks] == [("air", "warm")]
    assert (coder.bench.mode, coder.bench.message) == (None, "marked: Warm")
    marks: tuple[Mark, ...] = coder.marks
    coder.press("d", "tab", "w")
    assert coder.marks == marks
    assert coder.bench.message == "Warm stands here already."


def test_without_questions_the_key_says_so() -> None:
    own = Codebook(
        name="own",
        version="1.0.0",
        layers=(Layer(id="mood", name="Mood", key="m", labels=(Label(id="a", name="A"),)),),
    )
    coder = Coder.at(session=session_on(*CALL, codebook=own)).press("d")
    assert coder.bench.mode is None
    assert coder.bench.message == "No layer of the codebook has questions."
