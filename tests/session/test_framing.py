"""What the text proposes for the slots of a commitment."""

from __future__ import annotations

import pytest

from annotator.model.codebook import Codebook, Label, Layer, Slot
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    EntityValue,
    Mark,
    RefValue,
    Slots,
    SlotValue,
    SpanValue,
)
from annotator.model.readout import Event, Readout
from annotator.model.text import Span
from annotator.session.framing import copied, following, proposed
from annotator.session.scene import Scene
from tests.session.making import ADA, BO, BOTH, book, pen_of, placed, readout_of

LAYER = next(layer for layer in book().layers if layer.id == "commitments")
ARDA = ADA.model_copy(update={"affiliation": "XA"})
BELMONT = BO.model_copy(update={"affiliation": "XB"})
PEOPLE = (ARDA, BELMONT, BOTH)


def told_of(text: str, *, day: str | None = "2021-04-13", language: str = "en") -> Readout:
    readout = readout_of(text, language=language, entities=PEOPLE, source_chain=())
    event = Event(date=day, participants=("ada", "bo"))
    about = readout.metadata.model_copy(update={"issuing_side": "XA", "event": event})
    return readout.model_copy(update={"metadata": about})


def scene_of(text: str, *marks: Mark, day: str | None = "2021-04-13") -> Scene:
    readout = told_of(text, day=day)
    (sentence,) = placed(text, [text], {})
    return Scene(book(), readout, sentence.changed(marks=marks), readout.cast)


def propose(text: str, label: str = "agreement", day: str | None = "2021-04-13") -> Slots:
    slots = proposed(scene_of(text, day=day), LAYER, label)
    mark = pen_of().mark(placed(text, [text], {})[0], "commitments", label, slots=slots)
    assert book().check(mark) is None
    assert all(span.holds(text) for span in mark.spans())
    return slots


def said(values: tuple[SlotValue, ...]) -> list[str]:
    """Say values in short: the words, the choice, the date, who."""
    found = []
    for value in values:
        match value:
            case SpanValue():
                found.append(value.span.exact)
            case ChoiceValue():
                found.append(value.choice)
            case DateValue():
                found.append(value.date)
            case EntityValue():
                found.append(value.entity)
    return found


def slot(text: str, name: str, label: str = "agreement") -> list[str]:
    return said(propose(text, label).get(name, ()))


def test_time_class_and_date_come_from_the_words_and_the_day_of_the_event() -> None:
    slots = propose("They agreed to meet on 14 June.")
    assert said(slots["timeframe"]) == ["on 14 June"]
    assert said(slots["timeframe_class"]) == ["dated"]
    assert said(slots["timeframe_date"]) == ["2021-06-14"]


def test_without_a_day_there_is_a_class_and_no_date() -> None:
    slots = propose("They agreed to meet on 14 June.", day="2021")
    assert said(slots["timeframe_class"]) == ["dated"]
    assert "timeframe_date" not in slots


def test_the_day_of_publication_serves_where_that_of_the_event_is_not_known() -> None:
    scene = scene_of("They agreed to meet tomorrow.", day=None)
    about = scene.readout.metadata.model_copy(update={"publication_date": "2021-04-13"})
    readout = scene.readout.model_copy(update={"metadata": about})
    slots = proposed(Scene(book(), readout, scene.sentence, scene.cast), LAYER, "agreement")
    assert said(slots["timeframe_date"]) == ["2021-04-14"]


@pytest.mark.parametrize(
    ("text", "label", "strength"),
    [
        ("They agreed to open a railway.", "agreement", "3"),
        ("They agreed to keep the bridge open.", "agreement", "2"),
        ("They agreed to strengthen trade.", "agreement", "2"),
        ("They agreed to found a close partnership.", "agreement", "3"),
        ("They agreed to form a close partnership.", "agreement", "2"),
        ("They agreed to form a joint committee.", "agreement", "3"),
        ("They agreed to regularly maintain their contacts.", "agreement", "2"),
        ("Arda is ready to open a railway.", "offer", "1"),
        ("Arda agreed to open a railway.", "intention", "1"),
        ("Arda ordered them to keep quiet.", "instruction", "3"),
    ],
)
def test_strength_follows_from_the_kind_or_the_wording(
    text: str, label: str, strength: str
) -> None:
    assert slot(text, "strength", label) == [strength]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("They agreed to strengthen trade.", "0"),
        ("They agreed to form a close partnership.", "0"),
        ("They agreed to sign a partnership agreement.", "1"),
        ("They agreed to regularly maintain their contacts.", "0"),
        ("They agreed to open a road to supply the towns in Oren.", "1"),
        ("They agreed to send two ships to supply the towns in Oren.", "2"),
        ("They agreed to open a railway.", "1"),
        ("They agreed to open two railways.", "2"),
        ("They agreed to open a railway in Oren.", "2"),
        ("They agreed to strengthen trade by the end of the year.", "2"),
    ],
)
def test_what_can_be_checked_follows_from_act_number_place_and_date(text: str, seen: str) -> None:
    assert slot(text, "verifiability") == [seen]


@pytest.mark.parametrize(
    ("text", "novelty"),
    [
        ("They reaffirmed that they will open a railway.", ["reaffirmed"]),
        ("They agreed once more to open a railway.", ["reaffirmed"]),
        ("They agreed to continue the talks.", ["continuing"]),
        ("They agreed to open a railway.", []),
        ("They agreed to stay in touch.", []),
    ],
)
def test_novelty_is_proposed_only_where_a_word_says_so(text: str, novelty: list[str]) -> None:
    assert slot(text, "novelty") == novelty


def test_a_condition_is_proposed_with_its_words_and_terms_run_from_no_known_day() -> None:
    slots = propose("Arda will open the line within two days, if Bo agrees.", "promise")
    assert said(slots["condition"]) == ["if Bo agrees"]
    assert said(slots["conditional"]) == ["yes"]
    assert said(slots["timeframe_class"]) == ["near_term"]
    assert "timeframe_date" not in slots


def test_about_what_no_word_says_nothing_is_proposed() -> None:
    slots = propose("They agreed to open a railway.")
    assert not {"timeframe", "timeframe_date", "condition"} & set(slots)
    assert not {"novelty", "beneficiaries"} & set(slots)


@pytest.mark.parametrize(
    ("text", "conditional"),
    [
        ("They agreed to open a railway.", ["no"]),
        ("They agreed to open a railway soon.", ["no"]),
        ("They agreed to open a railway if it pays.", ["yes"]),
        ("They agreed to open a railway before winter comes.", []),
        ("They agreed to open a railway before long.", ["no"]),
        ("Unless it rains, they met, and they agreed to open a railway.", ["yes"]),
    ],
)
def test_no_condition_is_proposed_only_where_no_word_of_the_sentence_may_be_one(
    text: str, conditional: list[str]
) -> None:
    assert slot(text, "conditional") == conditional


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("They agreed to open a railway.", ["positive"]),
        ("They agreed not to open a railway.", ["negative"]),
        ("They agreed to stop the works.", ["negative"]),
        ("They will never open a railway.", ["negative"]),
        ("They agreed to open a railway and not a road.", []),
    ],
)
def test_an_act_is_to_be_done_unless_its_words_say_otherwise(
    text: str, polarity: list[str]
) -> None:
    assert slot(text, "polarity") == polarity


@pytest.mark.parametrize(
    ("text", "language", "polarity"),
    [
        ("Ils ont décidé de construire un pont.", "fr", ["positive"]),
        ("Ils ont décidé de suspendre les travaux.", "fr", ["negative"]),
        ("Sie vereinbarten, eine Brücke zu bauen.", "de", ["positive"]),
        ("Sie vereinbarten, keine Brücke zu bauen.", "de", ["negative"]),
        ("Acordaron construir un puente.", "es", ["positive"]),
        ("Acordaron no construir un puente.", "es", ["negative"]),
        ("Стороны договорились построить мост.", "ru", ["positive"]),
        ("Стороны договорились не строить мост.", "ru", ["negative"]),
        ("双方同意修建大桥。", "zh", ["positive"]),
        ("双方同意停止施工。", "zh", ["negative"]),
        ("He sopivat avaavansa radan.", "fi", []),
    ],
)
def test_what_is_left_or_stopped_is_known_in_six_languages(
    text: str, language: str, polarity: list[str]
) -> None:
    readout = told_of(text, language=language)
    (sentence,) = placed(text, [text], {})
    slots = proposed(Scene(book(), readout, sentence, readout.cast), LAYER, "agreement")
    assert said(slots.get("polarity", ())) == polarity
    assert said(slots.get("conditional", ())) == ([] if language == "fi" else ["no"])


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("They agreed to open a railway.", ["none"]),
        ("They agreed to stay in touch.", ["ongoing"]),
        ("They agreed to open a railway soon.", ["near_term"]),
        ("They agreed to open a railway in 2031.", ["dated"]),
        ("They agreed to open the 2031 railway.", []),
        ("They agreed to open a railway before winter comes.", []),
        ("After the talks they agreed to open a railway.", []),
    ],
)
def test_no_time_is_proposed_only_where_no_word_of_the_sentence_tells_one(
    text: str, classes: list[str]
) -> None:
    slots = propose(text)
    assert said(slots.get("timeframe_class", ())) == classes
    assert NONE_STATED not in slots.values()


def test_in_a_language_whose_times_nobody_knows_no_time_is_not_proposed() -> None:
    text = "He sopivat avaavansa radan."
    readout = told_of(text, language="fi")
    (sentence,) = placed(text, [text], {})
    slots = proposed(Scene(book(), readout, sentence, readout.cast), LAYER, "agreement")
    assert "timeframe_class" not in slots


@pytest.mark.parametrize("language", [None, "foo bar", "4 May 2024", "EN-us"])
def test_what_is_no_language_is_read_as_none_is(language: str | None) -> None:
    text = "They agreed to meet on 14 June."
    (sentence,) = placed(text, [text], {})
    scene = scene_of(text)
    about = scene.readout.metadata.model_copy(update={"language": language})
    readout = scene.readout.model_copy(update={"metadata": about})
    found = proposed(Scene(book(), readout, sentence, readout.cast), LAYER, "agreement")
    assert found == propose(text)


def test_whom_a_passive_means_most_likely_takes_it_on_as_inferred() -> None:
    text = "A plan was announced to open a railway."
    (sentence,) = placed(text, [text], {})
    likely: Slots = {"source": NONE_STATED, "source_inferred": (EntityValue(entity="both"),)}
    said_so = pen_of().mark(sentence, "speakers", "indirect", slots=likely)
    slots = proposed(scene_of(text, said_so), LAYER, "intention")
    assert slots["committers"] == (
        EntityValue(entity="ada", inferred=True),
        EntityValue(entity="bo", inferred=True),
    )
    assert (said(slots["side"]), said(slots["mutual"])) == (["joint"], ["yes"])


def test_an_inner_attribution_that_names_nobody_leaves_it_to_the_outer_one() -> None:
    text = "It was said to be vital to open a railway."
    (sentence,) = placed(text, [text], {})
    pen = pen_of()
    outer = pen.mark(
        sentence, "speakers", "indirect", slots={"source": (EntityValue(entity="bo"),)}
    )
    slots: Slots = {"source": NONE_STATED, "content": words(text, "to be vital to open a railway")}
    inner = pen.mark(sentence, "speakers", "indirect", slots=slots)
    made = proposed(scene_of(text, outer, inner), LAYER, "promise")
    assert said(made["committers"]) == ["bo"]


def test_a_cue_that_is_chosen_anew_brings_what_goes_with_it_unless_the_coder_filled_that() -> None:
    text = "Arda smiled and promised rain."
    (sentence,) = placed(text, [text], {})
    speakers = book().layer("speakers")
    assert speakers is not None
    slots: Slots = {
        "source": (EntityValue(entity="ada"),),
        "cue": words(text, "smiled"),
        "content": words(text, "and"),
        "cue_class": (ChoiceValue(choice="attitude"),),
    }
    mark = pen_of().mark(sentence, "speakers", "indirect", slots=slots, proposed=("content",))
    scene = scene_of(text, mark)
    follows = following(scene, speakers, mark, "cue", words(text, "promised"))
    assert {name: said(values) for name, values in follows.items()} == {
        "content": ["rain"],
        "addressee": ["bo"],
    }
    free = mark.provenance.model_copy(update={"proposed": ("content", "cue_class")})
    mark = mark.model_copy(update={"provenance": free})
    follows = following(scene, speakers, mark, "cue", words(text, "promised"))
    assert said(follows["cue_class"]) == ["commit"]
    assert following(scene, speakers, mark, "cue", ()) == {"cue_class": ()}


def test_a_speaker_that_is_corrected_brings_whose_it_is_and_to_whom_it_is_said() -> None:
    text = "Arda promised rain."
    (sentence,) = placed(text, [text], {})
    speakers = book().layer("speakers")
    assert speakers is not None
    slots: Slots = {
        "source": (EntityValue(entity="both"),),
        "cue": words(text, "promised"),
        "holder": (ChoiceValue(choice="joint"),),
    }
    mark = pen_of().mark(sentence, "speakers", "indirect", slots=slots)
    scene = scene_of(text, mark)

    def follows(*values: SlotValue) -> dict[str, list[str]]:
        found = following(scene, speakers, mark, "source", values)
        return {name: said(held) for name, held in found.items()}

    both, one = EntityValue(entity="both"), EntityValue(entity="ada")
    assert follows(one) == {"holder": ["individual"], "addressee": ["bo"]}
    assert follows(one, both) == {"holder": ["joint"]}
    assert follows(*NONE_STATED) == {"holder": ["unspecified"]}
    assert follows() == {"holder": []}
    chosen = mark.provenance.model_copy(update={"proposed": ("source",)})
    mark = mark.model_copy(update={"provenance": chosen})
    assert follows(one) == {"addressee": ["bo"]}


def test_whoever_is_named_before_the_act_takes_it_on() -> None:
    slots = propose("Belmont said that Arda will open a railway.", "promise")
    (arda,) = slots["committers"]
    assert isinstance(arda, EntityValue)
    assert (arda.entity, arda.mention and arda.mention.exact) == ("ada", "Arda")
    assert said(slots["side"]) == ["own"]
    assert said(slots["mutual"]) == ["no"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Arda thanked Belmont for the visit and promised to send grain.", ["ada"]),
        ("Arda thanked Belmont for the visit, and then also promised to send grain.", ["ada"]),
        ("Arda thanked Belmont for the visit, and Belmont promised to send grain.", ["bo"]),
    ],
)
def test_an_act_that_is_joined_by_an_and_is_of_whoever_does_the_one_before(
    text: str, who: list[str]
) -> None:
    assert slot(text, "committers", "promise") == who


def test_a_collective_is_taken_apart_and_stands_on_both_ends() -> None:
    slots = propose("They agreed to open a railway.")
    assert said(slots["committers"]) == said(slots["counterparties"]) == ["ada", "bo"]
    assert said(slots["side"]) == ["joint"]
    assert said(slots["mutual"]) == ["yes"]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Arda will open a railway.", ["own"]),
        ("Belmont will open a railway.", ["other"]),
        ("The city will open a railway.", []),
    ],
)
def test_the_side_follows_from_who_takes_it_on(text: str, side: list[str]) -> None:
    assert slot(text, "side", "promise") == side


def test_of_whom_no_state_is_known_has_no_side() -> None:
    scene = scene_of("Arda will open a railway.")
    plain = Scene(scene.codebook, scene.readout, scene.sentence, Cast(entities=(ADA,)))
    assert "side" not in proposed(plain, LAYER, "promise")


def test_a_refusal_is_to_hold_back() -> None:
    assert slot("Arda refused to come.", "polarity", "refusal") == ["negative"]


def test_a_near_miss_belongs_to_the_attribution_whose_cue_it_begins_with() -> None:
    text = "Arda said that Belmont hopes for calm."
    (sentence,) = placed(text, [text], {})
    pen = pen_of()
    outer, inner = (
        pen.mark(
            sentence,
            "speakers",
            "indirect",
            slots={
                "source": (EntityValue(entity=who),),
                "cue": words(text, cue),
                "content": words(text, content),
            },
        )
        for who, cue, content in (
            ("ada", "said", "that Belmont hopes for calm"),
            ("bo", "hopes", "for calm"),
        )
    )
    slots = proposed(scene_of(text, outer, inner), LAYER, "expressed_desire")
    assert said(slots["action"]) == ["hopes for calm"]
    assert slots["attribution"] == (RefValue(mark=inner.id),)


def test_a_near_miss_has_only_words_and_attribution() -> None:
    assert set(propose("They agreed to meet on 14 June.", "stance")) == {"action"}


def test_presets_go_before_what_the_wording_says() -> None:
    scene = scene_of("They agreed to open a railway.")
    slots = proposed(scene, LAYER, "agreement", {"strength": "1", "mutual": "no"})
    assert said(slots["strength"]) == ["1"]
    assert said(slots["mutual"]) == ["no"]


def test_a_codebook_with_other_choices_gets_no_others() -> None:
    label = Label(id="vow", name="Vow")
    slots = (
        Slot(id="words", name="Words", type="span", required=True),
        Slot(id="strength", name="Strength", type="text"),
    )
    layer = Layer(id="vows", name="Vows", key="v", labels=(label,), slots=slots)
    own = Codebook(name="own", version="1.0.0", layers=(layer,))
    scene = scene_of("The bridge will stay open on 14 June.")
    made = proposed(Scene(own, scene.readout, scene.sentence, scene.cast), layer, "vow")
    assert {name: said(values) for name, values in made.items()} == {"words": ["stay open"]}


def frame(text: str, label: str = "agreement", **slots: tuple[SlotValue, ...]) -> Mark:
    (sentence,) = placed(text, [text], {})
    return pen_of().mark(sentence, "commitments", label, slots=slots, proposed=())


def words(text: str, exact: str) -> tuple[SlotValue, ...]:
    start = text.index(exact)
    return (SpanValue(span=Span.of(text, start, start + len(exact))),)


TEXT = "They agreed to meet in May or on 14 June, if it rains."


def test_words_of_time_bring_class_and_date_with_them() -> None:
    follows = following(scene_of(TEXT), LAYER, frame(TEXT), "timeframe", words(TEXT, "on 14 June"))
    assert {name: said(values) for name, values in follows.items()} == {
        "timeframe_class": ["dated"],
        "timeframe_date": ["2021-06-14"],
    }


def test_what_the_coder_filled_is_left_alone_and_a_proposal_is_not() -> None:
    mark = frame(TEXT, timeframe_class=(ChoiceValue(choice="ongoing"),))
    follows = following(scene_of(TEXT), LAYER, mark, "timeframe", words(TEXT, "in May"))
    assert set(follows) == {"timeframe_date"}
    was = mark.provenance.model_copy(update={"proposed": ("timeframe_class",)})
    mark = mark.model_copy(update={"provenance": was})
    follows = following(scene_of(TEXT), LAYER, mark, "timeframe", words(TEXT, "in May"))
    assert said(follows["timeframe_class"]) == ["dated"]


def test_no_stated_time_has_the_class_none_and_no_stated_date() -> None:
    follows = following(scene_of(TEXT), LAYER, frame(TEXT), "timeframe", NONE_STATED)
    assert follows == {
        "timeframe_class": (ChoiceValue(choice="none"),),
        "timeframe_date": NONE_STATED,
    }


def test_a_time_that_is_emptied_takes_its_proposals_with_it() -> None:
    mark = frame(TEXT, timeframe_class=(ChoiceValue(choice="dated"),))
    assert following(scene_of(TEXT), LAYER, mark, "timeframe", ()) == {}
    was = mark.provenance.model_copy(update={"proposed": ("timeframe_class",)})
    mark = mark.model_copy(update={"provenance": was})
    assert following(scene_of(TEXT), LAYER, mark, "timeframe", ()) == {"timeframe_class": ()}


def test_words_that_are_no_time_take_back_what_was_proposed() -> None:
    mark = frame(TEXT, timeframe_date=(DateValue(date="2021-05"),))
    was = mark.provenance.model_copy(update={"proposed": ("timeframe_date",)})
    mark = mark.model_copy(update={"provenance": was})
    follows = following(scene_of(TEXT), LAYER, mark, "timeframe", words(TEXT, "agreed"))
    assert follows == {"timeframe_date": ()}


def test_a_condition_says_that_there_is_one_or_that_there_is_none() -> None:
    yes = following(scene_of(TEXT), LAYER, frame(TEXT), "condition", words(TEXT, "if it rains"))
    no = following(scene_of(TEXT), LAYER, frame(TEXT), "condition", NONE_STATED)
    assert (yes, no) == (
        {"conditional": (ChoiceValue(choice="yes"),)},
        {"conditional": (ChoiceValue(choice="no"),)},
    )


def test_committers_bring_the_side_with_them() -> None:
    values = (EntityValue(entity="bo"),)
    follows = following(scene_of(TEXT), LAYER, frame(TEXT, "promise"), "committers", values)
    assert {name: said(v) for name, v in follows.items()} == {"side": ["other"], "mutual": ["no"]}


def test_nothing_follows_from_other_slots_or_for_a_near_miss() -> None:
    assert following(scene_of(TEXT), LAYER, frame(TEXT), "action", words(TEXT, "meet")) == {}
    near = frame(TEXT, "stance")
    assert following(scene_of(TEXT), LAYER, near, "timeframe", words(TEXT, "in May")) == {}


def test_a_copy_keeps_what_the_coder_filled_and_gets_the_next_act() -> None:
    text = "They agreed to meet in May, and to keep the bridge open."
    first = frame(
        text,
        action=words(text, "meet"),
        timeframe=words(text, "in May"),
        side=(ChoiceValue(choice="other"),),
        strength=(ChoiceValue(choice="3"),),
    )
    was = first.provenance.model_copy(update={"proposed": ("action", "timeframe", "strength")})
    first = first.model_copy(update={"provenance": was})
    slots, anew = copied(scene_of(text, first), LAYER, first)
    assert said(slots["action"]) == ["keep the bridge open"]
    assert said(slots["side"]) == ["other"]
    assert said(slots["strength"]) == ["2"]
    assert "timeframe" not in slots
    assert {"action", "strength"} <= set(anew)
    assert "side" not in anew


TRUCKS = "Arda will send ten trucks to Oren by 1 May 2026 unless the border closes."


def filled(text: str, label: str = "promise", **by_hand: tuple[SlotValue, ...]) -> Mark:
    """Return a mark whose slots are proposals, but for those filled by hand."""
    slots = {**proposed(scene_of(text), LAYER, label), **by_hand}
    mark = frame(text, label, **{name: values for name, values in slots.items() if values})
    left = tuple(sorted(set(mark.slots) - set(by_hand)))
    was = mark.provenance.model_copy(update={"proposed": left})
    return mark.model_copy(update={"provenance": was})


def test_words_that_a_copy_takes_over_decide_what_is_read_from_them() -> None:
    first = filled(TRUCKS, condition=NONE_STATED, timeframe=words(TRUCKS, "to Oren"))
    slots, anew = copied(scene_of(TRUCKS, first), LAYER, first)
    assert said(slots["timeframe"]) == ["to Oren"]
    assert not {"timeframe_class", "timeframe_date"} & set(slots)
    assert (slots["condition"], said(slots["conditional"])) == (NONE_STATED, ["no"])
    assert "conditional" in anew
    assert not {"condition", "timeframe", "timeframe_class", "timeframe_date"} & set(anew)


def test_a_copy_with_no_stated_time_has_no_date_of_the_sentence() -> None:
    first = filled(TRUCKS, timeframe=NONE_STATED)
    slots, _ = copied(scene_of(TRUCKS, first), LAYER, first)
    assert said(slots["timeframe_class"]) == ["none"]
    assert slots["timeframe"] == slots["timeframe_date"] == NONE_STATED
    assert said(slots["conditional"]) == ["yes"]


def test_terms_of_a_copy_run_from_no_known_day_where_its_own_condition_stands() -> None:
    text = "Arda will open the line within two days, once it is dry, and Belmont will close a port."
    first = filled(text, timeframe=words(text, "within two days"))
    plain, _ = copied(scene_of(text, first), LAYER, first)
    hung = filled(
        text,
        timeframe=words(text, "within two days"),
        condition=words(text, "once it is dry"),
    )
    slots, _ = copied(scene_of(text, hung), LAYER, hung)
    assert "timeframe_date" in plain
    assert "timeframe_date" not in slots


@pytest.mark.parametrize(
    ("slot", "chosen", "words_of"),
    [("conditional", "no", "condition"), ("timeframe_class", "none", "timeframe")],
)
def test_a_copy_proposes_no_words_for_what_the_coder_said_is_not_there(
    slot: str, chosen: str, words_of: str
) -> None:
    by_hand: Slots = {slot: (ChoiceValue(choice=chosen),), words_of: ()}
    first = filled(TRUCKS, "promise", **by_hand)
    slots, _ = copied(scene_of(TRUCKS, first), LAYER, first)
    assert said(slots[slot]) == [chosen]
    assert words_of not in slots


def test_a_copy_of_parties_chosen_by_hand_has_what_followed_from_them() -> None:
    text = "They agreed to meet, and to keep the bridge open."
    chosen: Slots = {
        "committers": (EntityValue(entity="bo"),),
        "side": (ChoiceValue(choice="other"),),
        "mutual": (ChoiceValue(choice="no"),),
    }
    first = frame(text, "agreement", **{**proposed(scene_of(text), LAYER, "agreement"), **chosen})
    was = first.provenance.model_copy(update={"proposed": ("action", "side", "mutual")})
    first = first.model_copy(update={"provenance": was})
    slots, anew = copied(scene_of(text, first), LAYER, first)
    assert said(slots["action"]) == ["keep the bridge open"]
    assert {name: slots[name] for name in chosen} == chosen
    assert {"side", "mutual"} <= set(anew)
    assert "committers" not in anew


def test_a_copy_has_the_parties_that_the_words_of_its_act_name() -> None:
    text = "Arda will open a railway, and Belmont will close a port."
    slots = proposed(scene_of(text), LAYER, "promise")
    first = frame(text, "promise", **slots)
    was = first.provenance.model_copy(update={"proposed": tuple(sorted(slots))})
    first = first.model_copy(update={"provenance": was})
    copy, _ = copied(scene_of(text, first), LAYER, first)
    assert (said(slots["committers"]), said(copy["committers"])) == (["ada"], ["bo"])
    assert (said(slots["side"]), said(copy["side"])) == (["own"], ["other"])


@pytest.mark.parametrize("language", ["fr", "de", "es", "ru", "zh", "ar", "fi"])
def test_whatever_is_proposed_in_any_language_is_allowed(language: str) -> None:
    text = "Arda 同意 договорились décidé 6月14日 le 14 juin bis Ende Juni agreed to meet."
    readout = told_of(text, language=language)
    (sentence,) = placed(text, [text], {})
    for label in LAYER.labels:
        slots = proposed(Scene(book(), readout, sentence, readout.cast), LAYER, label.id)
        assert book().check(pen_of().mark(sentence, "commitments", label.id, slots=slots)) is None


def test_whoever_is_not_in_the_cast_any_more_has_no_side() -> None:
    scene = scene_of(TEXT)
    lone = Scene(scene.codebook, scene.readout, scene.sentence, Cast(entities=()))
    follows = following(
        lone, LAYER, frame(TEXT, "promise"), "committers", (EntityValue(entity="bo"),)
    )
    assert set(follows) == {"mutual"}
    state = Entity(id="xa", type="state", name="Xa")
    own = Scene(scene.codebook, scene.readout, scene.sentence, Cast(entities=(state,)))
    follows = following(
        own, LAYER, frame(TEXT, "promise"), "committers", (EntityValue(entity="xa"),)
    )
    assert said(follows["side"]) == ["own"]
