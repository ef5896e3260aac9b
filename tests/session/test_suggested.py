"""What is suggested stands beside its sentence until it is taken or refused, and says so after."""

from __future__ import annotations

import pytest

from annotator.model.mark import EntityValue, Mark, Slots, SpanValue
from annotator.model.suggestion import Suggestion
from annotator.model.text import Span
from annotator.session.suggested import Suggested
from annotator.tui import paint, panel, spoken
from annotator.tui.modes.frame import FrameMode
from annotator.tui.modes.pick import PickMode
from tests.session.making import CALL, Coder, book

MEET = CALL[2]


def suggestion(
    coder: Coder,
    layer: str,
    label: str,
    said: str = MEET,
    score: float | None = 0.5,
    source: str = "model:m",
    slots: Slots | None = None,
) -> Suggestion:
    readout = coder.session.readout
    return Suggestion(
        layer=layer,
        label=label,
        span=words(coder, said),
        slots=slots or {},
        source=source,
        score=score,
        codebook=book().stamp,
        text_sha256=readout.text_sha256,
    )


def words(coder: Coder, said: str) -> Span:
    text = coder.session.readout.text
    return Span.of(text, text.index(said), text.index(said) + len(said))


@pytest.fixture
def coder() -> Coder:
    """Somebody at “They agreed to meet in May …”, for which three things are suggested."""
    made = Coder.at().press("j")
    found = [
        suggestion(made, "topics", "sec.terror", score=0.25),
        suggestion(made, "topics", "eco.trade", said="meet", score=0.75),
        suggestion(made, "voice", "narrator", score=None, source="rules"),
        suggestion(made, "topics", "sec.terror", said=CALL[3], score=1),
    ]
    made.session.suggested = Suggested(book(), found)
    return made


def offered(coder: Coder) -> list[str]:
    return [one.label for one in coder.session.suggested.of(coder.bench.sentence)]


def origins(coder: Coder) -> list[tuple[str, str, str | None, float | None]]:
    return [
        (m.label, m.provenance.origin, m.provenance.suggester, m.provenance.score)
        for m in coder.marks
    ]


def side(coder: Coder, height: int = 40, width: int = 40) -> str:
    found = panel.lines(coder.bench, width, height)
    assert all(paint.width(line) <= width for line in found)
    return "\n".join("".join(run.text for run in line) for line in found)


def key_of(label: str) -> str:
    return next(p.keys[label] for p in book().panels if label in p.keys)


def test_they_stand_by_layer_the_surest_first_and_each_at_its_sentence(coder: Coder) -> None:
    assert offered(coder) == ["eco.trade", "sec.terror", "narrator"]
    shown = side(coder)
    for said in ("Suggested", "1 ○ trade", "2 ○ terror", "model:m 0.75", "rules", ", take"):
        assert said in shown
    assert "○ trade, terror, narrator" in side(coder, height=8)
    assert "Suggested, 2: Topics: terror; by model:m 0.25." in list(spoken.sentence(coder.bench))
    assert offered(coder.press("j")) == ["sec.terror"]
    assert offered(coder.press("j")) == []
    assert "Suggested" not in side(coder)


def test_enter_takes_none_of_them(coder: Coder) -> None:
    coder.press("enter")
    sentence = coder.session.sentence(3)
    assert (sentence.state, sentence.marks) == ("done", ())


def test_one_key_takes_all_and_one_undo_brings_exactly_that_back(coder: Coder) -> None:
    before = coder.bench.session.coding.but_effort()
    coder.press(",")
    assert origins(coder) == [
        ("eco.trade", "accepted", "model:m", 0.75),
        ("sec.terror", "accepted", "model:m", 0.25),
        ("narrator", "accepted", "rules", None),
    ]
    assert coder.bench.message == "taken: trade; terror; narrator  u takes it back"
    assert offered(coder) == []
    assert "narrator  ○ rules, accepted" in side(coder)
    assert any("accepted from rules" in line for line in spoken.sentence(coder.bench))
    coder.press("u")
    assert coder.bench.session.coding.but_effort() == before
    assert offered(coder) == ["eco.trade", "sec.terror", "narrator"]
    assert len(coder.press("ctrl+r").marks) == 3


def test_a_number_takes_that_one(coder: Coder) -> None:
    coder.press("2", ",")
    assert coder.labels == ["sec.terror"]
    assert offered(coder) == ["eco.trade", "narrator"]
    coder.press("7", ",")
    assert coder.bench.message == "There is no suggestion 7 here, but 2."
    coder.press(",", ",")
    assert coder.bench.message == "Nothing is suggested here."


def test_in_the_panel_they_are_shown_and_a_label_that_is_given_is_taken(coder: Coder) -> None:
    coder.press("t")
    items = {item.text: item for group in coder.view.groups for item in group.items}
    assert {name for name, item in items.items() if item.state == "suggested"} == {
        "trade",
        "terror",
    }
    assert "○ trade" in side(coder)
    said = spoken.panel(coder.view, coder.session.readout.text, 0).lines
    assert any(line.endswith("trade, suggested") for line in said)
    coder.press(key_of("eco.trade"), key_of("glob.health"), "escape")
    assert origins(coder) == [
        ("eco.trade", "accepted", "model:m", 0.75),
        ("glob.health", "human", None, None),
    ]
    coder.press("t", key_of("eco.trade"))
    assert coder.labels == ["glob.health"]
    assert isinstance(coder.bench.mode, PickMode)


def test_what_is_refused_or_decided_otherwise_is_suggested_no_more(coder: Coder) -> None:
    coder.press("x", key_of("sec.terror"))
    assert offered(coder) == ["eco.trade", "narrator"]
    layer = book().layer("voice")
    assert layer is not None
    assert not layer.multiple
    coder.press("o", key_of("attributed"), "escape")
    assert offered(coder) == ["eco.trade"]


def test_a_mark_has_the_note_and_the_doubt_of_what_it_was_taken_from(coder: Coder) -> None:
    one = suggestion(coder, "topics", "eco.trade").replaced(certainty="low", note="why")
    coder.session.suggested = Suggested(book(), [one])
    coder.press(",")
    assert [(mark.certainty, mark.note) for mark in coder.marks] == [("low", "why")]


def test_a_taken_mark_is_edited_once_it_says_something_else(coder: Coder) -> None:
    coder.press("1", ",", "z").answer("why")
    assert origins(coder) == [("eco.trade", "accepted", "model:m", 0.75)]
    coder.press("v", "enter")
    assert coder.marks[0].slots
    assert origins(coder) == [("eco.trade", "edited", "model:m", 0.75)]
    coder.press("u")
    assert origins(coder) == [("eco.trade", "accepted", "model:m", 0.75)]


def test_a_frame_comes_with_its_words_and_opens_for_what_it_lacks(coder: Coder) -> None:
    said: Slots = {
        "action": (SpanValue(span=words(coder, "meet in May")),),
        "committers": (EntityValue(entity="ada"), EntityValue(entity="stranger")),
    }
    one = suggestion(coder, "commitments", "agreement", slots=said)
    coder.session.suggested = Suggested(book(), [one])
    assert "action" in side(coder)
    coder.press(",")
    mark: Mark = coder.marks[0]
    assert mark.slots["action"] == said["action"]
    assert mark.slots["committers"] == (EntityValue(entity="ada"),)
    assert {"action", "committers"} <= {*mark.provenance.proposed}
    assert offered(coder) == []
    coder.press("u")
    coder.press("c", key_of("agreement"))
    assert isinstance(coder.bench.mode, FrameMode)
    assert origins(coder) == [("agreement", "accepted", "model:m", 0.5)]
    assert coder.marks[0].slots["action"] == said["action"]


def test_who_codes_blind_sees_and_takes_nothing(coder: Coder) -> None:
    coder.press("O")
    assert coder.bench.message == "suggestions are hidden  O shows them"
    assert offered(coder) == []
    assert "Suggested" not in side(coder)
    coder.press(",")
    assert coder.bench.message == "Suggestions are hidden; O shows them."
    coder.press("t", key_of("eco.trade"), "escape")
    assert origins(coder) == [("eco.trade", "human", None, None)]
    coder.press("O")
    assert coder.bench.message == "suggestions are shown: 4 in this readout  O hides them"
    assert offered(coder) == ["sec.terror", "narrator"]


def test_they_stay_with_their_words_when_boundaries_move(coder: Coder) -> None:
    coder.press("J")
    assert offered(coder) == ["sec.terror", "eco.trade", "sec.terror", "narrator"]
    coder.press(",")
    assert coder.labels == ["sec.terror", "eco.trade", "narrator"]
    assert origins(coder)[0] == ("sec.terror", "accepted", "model:m", 1.0)
    coder.press("u", "u")
    assert offered(coder) == ["eco.trade", "sec.terror", "narrator"]


def test_a_hostile_name_keeps_to_the_width_and_is_not_obeyed(coder: Coder) -> None:
    one = suggestion(coder, "topics", "eco.trade", source="m" * 64)
    hostile = one.replaced(source="\x1b[2J[/b]" + "m" * 56)
    coder.session.suggested = Suggested(book(), [one, hostile])
    for height in (6, 12, 40):
        for width in (24, 40, 60):
            assert "\x1b" not in side(coder, height, width)
