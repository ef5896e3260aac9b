"""What the text itself proposes: cues, names, stretches, and the slots they fill."""

from __future__ import annotations

import pytest

from annotator.model.codebook import Cue, Layer
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    EntityValue,
    Provenance,
    Slots,
    SpanValue,
)
from annotator.model.mark import Mark as Made
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.session import propose
from annotator.session.attribution import Place
from annotator.session.attribution import attribution as propose_attribution
from tests.session.making import ADA, BO, BOTH, PEOPLE, PRESS, book, pen_of

CAST = Cast(entities=PEOPLE)


def layer(name: str) -> Layer:
    found = book().layer(name)
    assert found is not None
    return found


def sentence(text: str) -> Sentence:
    return Sentence(start=0, end=len(text), role="body", text=text)


def cues(text: str, language: str = "en") -> list[tuple[str, str]]:
    found = propose.find_cues(layer("speakers"), text, 0, len(text), language)
    return [(text[cue.start : cue.end], cue.choice) for cue in found]


def named(text: str, *people: Entity) -> list[tuple[str, str]]:
    found = propose.find_mentions(Cast(entities=people or PEOPLE), text, 0, len(text))
    return [(text[m.start : m.end], m.entity) for m in found]


def quotes(slots: Slots, slot: str) -> list[str]:
    return [v.span.exact for v in slots.get(slot, ()) if isinstance(v, SpanValue)]


def choices(slots: Slots, slot: str) -> list[str]:
    return [v.choice for v in slots.get(slot, ()) if isinstance(v, ChoiceValue)]


def attributed(
    text: str, source: Entity | None, *, language: str = "en", taken: frozenset[tuple[int, int]]
) -> tuple[str, Slots]:
    place = Place(text, sentence(text), language, CAST, ("press",), taken=taken)
    return propose_attribution(layer("speakers"), place, source)


def attribution(text: str, source: Entity | None, language: str = "en") -> tuple[str, Slots]:
    return attributed(text, source, language=language, taken=frozenset())


# Cues


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Arda said so.", "en", [("said", "assert")]),
        ("ARDA SAID so, and Bo Agreed.", "en", [("SAID", "assert"), ("Agreed", "agree")]),
        ("He expressed  his\nhope.", "en", [("expressed  his\nhope", "express_wish")]),
        ("He had unsaid it in the saidness.", "en", []),
        ("Arda said so.", "en-GB", [("said", "assert")]),
        ("Arda said so.", "xx", []),
        ("", "en", []),
    ],
)
def test_cues_are_whole_words_of_the_language_whatever_their_case(
    text: str, language: str, expected: list[tuple[str, str]]
) -> None:
    assert cues(text, language) == expected


def test_the_longest_cue_wins_over_a_shorter_one_within_it() -> None:
    assert cues("It was agreed to meet.") == [("was agreed", "agree")]


@pytest.mark.parametrize("language", ["fr", "ru", "zh", "ar"])
def test_every_cue_of_a_language_is_found_where_it_stands_alone(language: str) -> None:
    known = {
        form: cue.choice
        for cue in layer("speakers").cues
        if cue.language == language
        for form in cue.forms
    }
    assert known
    missed = [form for form in known if form not in [found for found, _ in cues(form, language)]]
    assert missed == []


def test_chinese_cues_are_found_without_blanks_around_them() -> None:
    form = next(c.forms[0] for c in layer("speakers").cues if c.language == "zh")
    assert [found for found, _ in cues(f"双方{form}此事。", "zh")] == [form]


@pytest.mark.parametrize("word", ["saıd", "SAİD", "ſaid", "\u212aing said"])
def test_letters_that_only_look_like_those_of_a_cue_do_no_harm(word: str) -> None:
    assert all(choice == "assert" for _, choice in cues(f"Dr {word} left.", "en"))


def test_cues_outside_the_bounds_are_not_found() -> None:
    text = "He said A. She agreed B. They noted C."
    found = propose.find_cues(layer("speakers"), text, 11, 24, "en")
    assert [(cue.choice, text[cue.start : cue.end]) for cue in found] == [("agree", "agreed")]


def test_the_slot_that_cues_speak_for_is_the_one_with_their_choices() -> None:
    assert propose.cue_slot(layer("speakers")) == "cue_class"
    assert propose.cue_slot(layer("topics")) is None


# Mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Arda met Belmont.", [("Ada Arda", "ada"), ("Belmont", "bo")]),
        ("ARDA and the leaders met.", [("ARDA", "ada"), ("the leaders", "both")]),
        ("Arda's plan.", [("Arda", "ada")]),
        ("The Ardas and Belmontians.", []),
        ("", []),
    ],
)
def test_names_are_found_whole_the_longest_first(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Prime Minister's office said", [("Prime Minister's office", "office")]),
        ("the Prime\nMinister’s office said", [("Prime\nMinister’s office", "office")]),
        ("the Prime Minister’s aides said", [("the Prime Minister", "pm")]),
        ("her the Prime Minister's office", [("Prime Minister's office", "office")]),
        # The article makes no name longer; of two of one length the first in the text counts.
        ("the Minister's Dam holds", [("Minister's Dam", "dam")]),
        ("Lake Orsk Road", [("Lake Orsk", "lake")]),
        # A shorter name is found before the one that was in the way of the longer one.
        (
            "Ada of the Prime Minister's office",
            [("Ada", "ada"), ("Prime Minister's office", "office")],
        ),
    ],
)
def test_of_names_that_overlap_the_longer_one_counts(
    text: str, expected: list[tuple[str, str]]
) -> None:
    people = (
        Entity(id="office", type="office", name="Prime Minister's office"),
        Entity(id="pm", type="person", name="Ida Halm", aliases=("the Prime Minister",)),
        Entity(id="dam", type="group", name="Minister’s Dam"),
        Entity(id="ox", type="group", name="the Minister's"),
        Entity(id="lake", type="group", name="Lake Orsk"),
        Entity(id="road", type="group", name="Orsk Road"),
        Entity(id="ada", type="person", name="Ada of the Prime", aliases=("Ada",)),
    )
    assert named(text, *people) == expected


def test_a_name_of_nothing_but_blanks_names_nobody() -> None:
    assert named("Arda came.", Entity(id="x", type="person", name=" ")) == []


def test_of_two_people_with_one_name_the_first_in_the_cast_is_meant() -> None:
    one, two = (Entity(id=i, type="person", name="Arda") for i in ("one", "two"))
    assert named("Arda came.", one, two) == [("Arda", "one")]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("习近平", "国家主席习近平同志说", "习近平"),
        ("Путин", "Владимир Путин сказал", "Путин"),
        ("Élysée", "Le palais de l’Élysée a dit", "Élysée"),
        ("الرئيس", "وقال الرئيس ذلك", "الرئيس"),
        ("U.S.", "the U.S. side", "U.S."),
        ("Strauß", "Herr Strauß kam.", "Strauß"),
        ("İstanbul", "in İstanbul today", "İstanbul"),
    ],
)
def test_a_name_is_found_in_every_script(name: str, text: str, found: str) -> None:
    assert named(text, Entity(id="x", type="person", name=name)) == [(found, "x")]


@pytest.mark.parametrize(
    ("name", "text"), [("ЕС", "Они говорили вместе."), ("Си", "Россия и Польша"), ("Åse", "Blåsen")]
)
def test_a_short_name_is_not_found_inside_another_word(name: str, text: str) -> None:
    assert named(text, Entity(id="x", type="person", name=name)) == []


def test_nobody_is_found_where_there_is_no_cast() -> None:
    assert propose.find_mentions(Cast(), "Arda came.", 0, 10) == []


def test_a_name_with_the_signs_of_a_pattern_is_taken_literally() -> None:
    odd = Entity(id="x", type="group", name="A.*(B", aliases=("[C]+",))
    assert named("AxxB and A.*(B, [C]+.", odd) == [("A.*(B", "x"), ("[C]+", "x")]


# Attributions


def test_an_attribution_has_source_with_the_name_cue_class_content_and_holder() -> None:
    label, slots = attribution("Yesterday Arda said that trade would grow.", ADA)
    assert label == "indirect"
    (source,) = slots["source"]
    assert isinstance(source, EntityValue)
    assert source.mention is not None
    assert (source.entity, source.mention.exact, source.inferred) == ("ada", "Arda", False)
    assert quotes(slots, "cue") == ["said"]
    assert choices(slots, "cue_class") == ["assert"]
    assert quotes(slots, "content") == ["that trade would grow"]
    assert choices(slots, "holder") == ["individual"]


def test_words_in_quotation_marks_are_direct_and_are_the_content() -> None:
    label, slots = attribution("“Trade grows,” Arda said on the day.", ADA)
    assert label == "direct"
    assert quotes(slots, "content") == ["“Trade grows,”"]


def test_an_act_that_is_only_named_is_a_narrated_act() -> None:
    assert attribution("Arda thanked the teams.", ADA)[0] == "narrated_act"


def test_a_source_that_is_not_named_here_is_inferred() -> None:
    _, slots = attribution("She said so.", ADA)
    assert slots["source"] == (EntityValue(entity="ada", inferred=True),)


def test_nobody_is_none_stated_and_the_holder_unspecified() -> None:
    label, slots = attribution("It was stressed that time is short.", None)
    assert label == "indirect"
    assert slots["source"] == NONE_STATED
    assert choices(slots, "holder") == ["unspecified"]


@pytest.mark.parametrize(
    ("source", "holder"),
    [
        (BOTH, "joint"),
        (PRESS, "issuer"),
        (BO, "individual"),
        (Entity(id="folk", type="people", name="The people"), "third_party"),
        (Entity(id="band", type="group", name="The band"), "third_party"),
    ],
)
def test_the_holder_follows_from_who_the_source_is(source: Entity, holder: str) -> None:
    assert choices(attribution("It was said.", source)[1], "holder") == [holder]


def test_who_is_told_stands_between_the_cue_and_what_is_said() -> None:
    _, slots = attribution("Belmont asked Arda to let the ship leave.", BO)
    (told,) = slots["addressee"]
    assert isinstance(told, EntityValue)
    assert told.mention is not None
    assert (told.entity, told.mention.exact) == ("ada", "Arda")
    assert quotes(slots, "content") == ["to let the ship leave"]


def test_what_is_said_ends_where_the_next_cue_in_a_row_begins() -> None:
    _, slots = attribution("Arda welcomed the truce and thanked the teams.", ADA)
    assert quotes(slots, "content") == ["the truce"]


def test_the_cue_is_the_one_behind_the_name_of_the_source() -> None:
    text = "Arda noted that trade grows, and Belmont stressed that it must."
    assert quotes(attribution(text, BO)[1], "cue") == ["stressed"]
    assert quotes(attribution(text, ADA)[1], "cue") == ["noted"]


def test_the_name_is_the_one_before_the_cue() -> None:
    text = "Arda came, and Arda said that Arda would stay."
    (source,) = attribution(text, ADA)[1]["source"]
    assert isinstance(source, EntityValue)
    assert source.mention is not None
    assert source.mention.start == text.index("Arda said")


def test_a_cue_that_another_attribution_has_is_not_proposed_again() -> None:
    text = "They welcomed the truce and thanked the mediators."
    first = attribution(text, BOTH)[1]["cue"][0]
    assert isinstance(first, SpanValue)
    taken = frozenset({(first.span.start, first.span.end)})
    second = attributed(text, BOTH, taken=taken)[1]
    assert quotes(second, "cue") == ["thanked"]


def test_without_a_cue_no_cue_class_or_content_is_made_up() -> None:
    label, slots = attribution("Arda.", ADA)
    assert label == "indirect"
    assert set(slots) == {"source", "holder"}


@pytest.mark.parametrize("source", [ADA, BOTH, None])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Arda said", "en"),
        ("said:", "en"),
        ("“”", "en"),
        ("双方一致同意。", "zh"),
        ("Арда подчеркнул, что время пришло.", "ru"),
        ("أكد الرئيس ذلك.", "ar"),
        ("\u202eArda said\u202c that.", "en"),
    ],
)
def test_whatever_is_proposed_is_allowed_by_the_codebook(
    text: str, language: str, source: Entity | None
) -> None:
    label, slots = attribution(text, source, language)
    made = pen_of().mark(sentence(text), "speakers", label, slots=slots)
    assert all(span.holds(text) for span in made.spans())


# Parties


def attributing(*sources: EntityValue) -> tuple[Made, ...]:
    return tuple(
        Made(
            id=f"a{n}",
            layer="speakers",
            label="indirect",
            start=0,
            end=4,
            slots={"source": (source,)},
            provenance=Provenance(coder="ada", at="", codebook=""),
        )
        for n, source in enumerate(sources)
    )


def test_the_parties_are_the_sources_and_a_collective_is_taken_apart() -> None:
    mention = Span.of("They", 0, 4)
    found = propose.parties(
        attributing(
            EntityValue(entity="both", mention=mention, inferred=True),
            EntityValue(entity="press"),
            EntityValue(entity="stranger"),
            EntityValue(entity="press"),
        ),
        layer("speakers"),
        CAST,
    )
    assert found == (
        EntityValue(entity="ada", inferred=True),
        EntityValue(entity="bo", inferred=True),
        EntityValue(entity="press"),
        EntityValue(entity="stranger"),
    )


def test_where_nobody_is_named_the_likely_ones_are_the_parties_as_inferred() -> None:
    (named,) = attributing(EntityValue(entity="press"))
    likely = {"source": NONE_STATED, "source_inferred": (EntityValue(entity="both"),)}
    passive = named.model_copy(update={"slots": likely})
    assert propose.parties((passive,), layer("speakers"), CAST) == (
        EntityValue(entity="ada", inferred=True),
        EntityValue(entity="bo", inferred=True),
    )
    both = {**likely, "source": (EntityValue(entity="press"),)}
    stated = named.model_copy(update={"slots": both})
    assert propose.parties((stated,), layer("speakers"), CAST) == (EntityValue(entity="press"),)


CUES = (
    Cue(language="en", choice="assess", forms=("called [… a]", "saw [as]", "[folk] sing")),
    Cue(language="en", choice="request", forms=("called for", "called on")),
    Cue(language="en", choice="attitude", forms=("has … love for",)),
)


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("He called the plan a folly.", ["called"]),
        ("He called the new plan of the port a folly.", []),
        ("He called.", []),
        ("He called her on Monday.", []),
        ("He called for a truce.", ["called for"]),
        ("He called  the\nplan a folly.", ["called"]),
        ("He saw as clearly.", ["saw"]),
        ("He saw assets.", []),
        ("The folk sing.", ["sing"]),
        ("They sing.", []),
        ("He has great love for her.", ["has great love for"]),
        ("He has a very great and old love for her.", []),
    ],
)
def test_a_cue_may_have_a_gap_and_words_that_must_stand_beside_it(
    text: str, cues: list[str]
) -> None:
    own = layer("speakers").model_copy(update={"cues": CUES})
    found = propose.find_cues(own, text, 0, len(text), "en")
    assert [text[cue.start : cue.end] for cue in found] == cues


@pytest.mark.parametrize("form", ["…", "… …", "[", "[]", "[a] ", "a [", "[…] b", "a [… … …]", "("])
def test_no_form_of_a_cue_breaks_or_hangs(form: str) -> None:
    cue = Cue(language="en", choice="assess", forms=(form,))
    own = layer("speakers").model_copy(update={"cues": (cue,)})
    text = "a b " * 2000
    assert len(propose.find_cues(own, text, 0, len(text), "en")) <= len(text)


def test_without_attributions_there_are_no_parties() -> None:
    assert propose.parties((), layer("speakers"), CAST) == ()
