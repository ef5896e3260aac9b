"""What is proposed of form, holder and sources, where it is not the simplest case."""

from __future__ import annotations

import pytest

from annotator.model.entity import Cast, Entity
from annotator.model.mark import NONE_STATED, ChoiceValue, EntityValue, Slots, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.session.attribution import Place, attribution, of_cue
from tests.session.making import ADA, BO, BOTH, PEOPLE, book, pen_of

CAST = Cast(entities=PEOPLE)


def proposed(
    text: str,
    source: Entity | None,
    language: str = "en",
    cast: Cast = CAST,
    participants: tuple[str, ...] = (),
) -> tuple[str, Slots]:
    layer = book().layer("speakers")
    assert layer is not None
    sentence = Sentence(start=0, end=len(text), role="body", text=text)
    return attribution(
        layer, Place(text, sentence, language, cast, ("press",), participants), source
    )


def words(slots: Slots, slot: str) -> list[str]:
    return [v.span.exact for v in slots.get(slot, ()) if isinstance(v, SpanValue)]


def people(slots: Slots, slot: str) -> list[str]:
    return [v.entity for v in slots.get(slot, ()) if isinstance(v, EntityValue)]


def choice(slots: Slots, slot: str) -> str:
    (value,) = slots[slot]
    assert isinstance(value, ChoiceValue)
    return value.choice


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("“Nobody will be left behind,” Arda said.", "direct"),
        ("Arda said: “We are closer than a year ago.”", "direct"),
        ("“No!” said Arda to all who had come to the harbour on that day.", "direct"),
        ("Arda called the shelling “a crime without excuse” and asked for a meeting.", "mixed"),
        ("Arda said that the plan for the bridge was “half a bridge”.", "mixed"),
        ("The ‘spirit of Porto’ is alive, Arda said.", "indirect"),
        ("Arda said that the “Treaty of Porto” holds.", "indirect"),
        ("Arda said that the “deal” holds.", "indirect"),
        ("Arda thanked the teams.", "narrated_act"),
        ("Arda briefed Belmont on the harvest.", "narrated_act"),
        ("Arda briefed Belmont that all is well.", "indirect"),
        ("Arda informed them that all is well.", "narrated_act"),
        ("Arda said that all is well.", "indirect"),
    ],
)
def test_the_form_is_proposed_from_quotation_marks_and_the_cue(text: str, form: str) -> None:
    assert proposed(text, ADA)[0] == form


def test_of_what_is_quoted_in_part_the_whole_is_the_content() -> None:
    text = "Arda said that the plan for the bridge was “half a bridge”."
    assert words(proposed(text, ADA)[1], "content") == [
        "that the plan for the bridge was “half a bridge”"
    ]


@pytest.mark.parametrize(
    ("text", "sources", "holder"),
    [
        ("President Ada Arda and Prime Minister Bo Belmont agreed to meet.", "ada bo", "joint"),
        ("Arda said, and Belmont agreed, that trade grows.", "ada", "individual"),
        ("Arda, Belmont said, agreed to meet.", "ada", "individual"),
        ("Arda agreed with Belmont.", "ada", "individual"),
    ],
)
def test_several_in_one_breath_are_joint(text: str, sources: str, holder: str) -> None:
    slots = proposed(text, ADA)[1]
    assert people(slots, "source") == sources.split()
    assert choice(slots, "holder") == holder


def test_the_other_of_two_leads_to_both_as_well() -> None:
    assert people(proposed("Arda and Belmont agreed to meet.", BO)[1], "source") == ["ada", "bo"]


@pytest.mark.parametrize(
    ("text", "language", "cue"),
    [
        ("It was agreed to meet.", "en", "was agreed"),
        ("It has been agreed that Arda will come.", "en", "has been agreed"),
        ("Hope was expressed that Arda comes.", "en", "Hope was expressed"),
        ("Arda said little, and it was agreed to meet.", "en", "was agreed"),
        ("Было условлено продолжить контакты.", "ru", "Было условлено"),
        ("Подчёркнуто значение моста.", "ru", "Подчёркнуто"),
        ("تم الاتفاق على ذلك.", "ar", "تم الاتفاق على"),
    ],
)
def test_a_passive_has_its_cue_and_nobody_behind_it(text: str, language: str, cue: str) -> None:
    slots = proposed(text, None, language)[1]
    assert slots["source"] == NONE_STATED
    assert choice(slots, "holder") == "unspecified"
    assert words(slots, "cue") == [cue]


def test_a_cue_has_its_auxiliaries_and_its_not() -> None:
    assert words(proposed("Arda will not agree to it.", ADA)[1], "cue") == ["will not agree"]


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        ("As it was noted in the press service, trade grew.", "As it was noted in", "trade grew"),
        ("As was stressed by the press service, trade grew.", "As was stressed by", "trade grew"),
    ],
)
def test_an_aside_that_names_its_source_is_one_cue(text: str, cue: str, content: str) -> None:
    slots = proposed(text, PEOPLE[3])[1]
    assert (words(slots, "cue"), words(slots, "content")) == ([cue], [content])


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        ("Arda voiced hope for rain.", "voiced hope for", "rain"),
        ("Arda expressed concern over the dam.", "expressed concern over", "the dam"),
        ("Arda expressed interest in rails.", "expressed interest in", "rails"),
        ("Arda expressed the hope that it rains.", "expressed the hope", "that it rains"),
        ("Arda voiced a wish to return.", "voiced a wish", "to return"),
        ("Arda hoped for rain.", "hoped", "for rain"),
        ("Arda called the dam a marvel.", "called", "the dam a marvel"),
        ("Arda called for calm.", "called for", "calm"),
        ("Arda regards Belmont as a friend.", "regards", "Belmont as a friend"),
        ("Arda feels little warmth towards the dam.", "feels little warmth towards", "the dam"),
        ("Arda has the best feelings for the town.", "has the best feelings for", "the town"),
        ("Arda is fond of rain.", "is fond of", "rain"),
        ("Arda wished them a good harvest.", "wished", "a good harvest"),
    ],
)
def test_a_cue_is_whole_and_what_is_said_begins_behind_it(
    text: str, cue: str, content: str
) -> None:
    slots = proposed(text, ADA)[1]
    assert (words(slots, "cue"), words(slots, "content")) == ([cue], [content])


ORSK = Entity(id="orsk", type="person", name="Orsk", aliases=("President Orsk", "Орск"))
NOVY = Entity(id="novy", type="person", name="Nový")
NORLUND = Entity(id="norlund", type="state", name="Norlund")
OTHERS = (
    Entity(id="ahmad", type="person", name="أحمد"),
    Entity(id="wang", type="person", name="王毅"),
)
NEIGHBOURS = Cast(entities=(ORSK, NOVY, NORLUND, *OTHERS))


@pytest.mark.parametrize(
    ("text", "source", "language", "cue", "content"),
    [
        ("Ministers welcomed the deal, but Orsk warned that prices may rise.", "orsk", "en",
         "warned", "that prices may rise"),
        ("The leaders praised the crew, and President Orsk said that it is free.", "orsk", "en",
         "said", "that it is free"),
        ("Ministers welcomed the deal; the harbour, Orsk warned, may close.", "orsk", "en",
         "warned", "may close"),
        ("Orsk, who was asked about the dam, said that it holds.", "orsk", "en",
         "said", "that it holds"),
        ("Orsk was asked to come, and said that he would.", "orsk", "en", "said", "that he would"),
        ("Orsk thanked Nový and said that it holds.", "novy", "en", None, None),
        ("Orsk told Nový that Norlund wants peace.", "orsk", "en",
         "told", "that Norlund wants peace"),
        ("Orsk told Nový that Norlund wants peace.", "novy", "en", None, None),
        ("Orsk told Nový that Norlund wants peace.", "norlund", "en", "wants", "peace"),
        ("It was noted by Orsk that the dam holds.", "orsk", "en",
         "was noted", "that the dam holds"),
        ("The dam holds, Orsk said.", "orsk", "en", "said", "The dam holds"),
        ("The dam holds, said President Orsk in Porto.", "orsk", "en", "said", "in Porto"),
        ("The dam holds, said Orsk, and thanked the crew.", "orsk", "en",
         "said", "The dam holds"),
        ("Ministers praised the crew, thanked Orsk and left.", "orsk", "en", None, None),
        ("According to Orsk, the dam holds.", "orsk", "en", "According to", "the dam holds"),
        ("The dam holds, according to Orsk.", "orsk", "en", "according to", "The dam holds"),
        ("Les ministres ont salué l’accord, mais Orsk a déclaré que tout va.", "orsk", "fr",
         "a déclaré", "que tout va"),
        ("Tout va, a déclaré le président Orsk.", "orsk", "fr", "a déclaré", "Tout va"),
        ("Selon Orsk, tout va.", "orsk", "fr", "Selon", "tout va"),
        ("Министры обсудили мост, и Орск отметил, что он цел.", "orsk", "ru",
         "отметил", "что он цел"),
        ("Мост цел, отметил президент Орск.", "orsk", "ru", "отметил", "Мост цел"),
        ("На встрече отметил Орск, что мост цел.", "orsk", "ru", "отметил", "что мост цел"),
        ("رحب الوزراء بالاتفاق، لكن أحمد أكد أن الجسر قائم.", "ahmad", "ar",
         "أكد", "أن الجسر قائم"),
        ("رحب الوزراء بالاتفاق، وأكد الرئيس أحمد أنه يأمل ذلك.", "ahmad", "ar",
         "وأكد", "أنه يأمل ذلك"),
        ("部长们支持协议，但王毅强调桥很重要。", "wang", "zh", "强调", "桥很重要"),
    ],
)  # fmt: skip
def test_a_cue_is_the_sources_own_and_what_is_said_does_not_name_it(
    text: str, source: str, language: str, cue: str | None, content: str | None
) -> None:
    slots = proposed(text, NEIGHBOURS.get(source), language, NEIGHBOURS)[1]
    assert words(slots, "cue") == ([cue] if cue else [])
    assert words(slots, "content") == ([content] if content else [])


ORSKS_OFFICE = Entity(id="office", type="office", name="President's office")
PRESIDENT = ORSK.model_copy(update={"aliases": (*ORSK.aliases, "the President")})


def test_an_office_is_the_source_where_somebody_has_the_beginning_of_its_name() -> None:
    cast = Cast(entities=(ORSKS_OFFICE, PRESIDENT, NOVY))
    for text, cue, content in (
        ("In a note, the President’s office said that it holds.", "said", "that it holds"),
        (
            "According to the President's office, Nový told her that his aide believes it.",
            "According to",
            "Nový told her that his aide believes it",
        ),
    ):
        slots = proposed(text, ORSKS_OFFICE, cast=cast)[1]
        assert people(slots, "source") == ["office"]
        assert (words(slots, "cue"), words(slots, "content")) == ([cue], [content])


@pytest.mark.parametrize(
    ("text", "first", "second", "form", "content"),
    [
        ("Orsk said, “نشكركم على دعمكم” 🤝, and thanked Norlund for its aid.",
         "said", "thanked", "narrated_act", "for its aid"),
        ("“The dam will hold,” Orsk said, and thanked Norlund for its aid.",
         "said", "thanked", "narrated_act", "for its aid"),
        ("Orsk said that it was “half a bridge”, and thanked Norlund for its aid.",
         "said", "thanked", "narrated_act", "for its aid"),
        ("Orsk said: “We will build the dam!”, thanking Norlund for its aid.",
         "said", "thanking", "narrated_act", "for its aid"),
        ("Orsk thanked Norlund for its aid; “the dam will hold,” he added.",
         "thanked", "added", "mixed", "“the dam will hold,”"),
        ("Orsk thanked Norlund for its aid and said: “The dam will hold.”",
         "thanked", "said", "direct", "“The dam will hold.”"),
    ],
)  # fmt: skip
def test_a_quotation_is_what_one_cue_says_and_no_other(
    text: str, first: str, second: str, form: str, content: str
) -> None:
    layer = book().layer("speakers")
    assert layer is not None
    sentence = Sentence(start=0, end=len(text), role="body", text=text)
    start = text.index(first)
    taken = frozenset({(start, start + len(first))})
    place = Place(text, sentence, "en", NEIGHBOURS, taken=taken)
    found, slots = attribution(layer, place, ORSK)
    assert (found, words(slots, "cue"), words(slots, "content")) == (form, [second], [content])
    # Chosen by hand, the first cue has no words of the second one's.
    mark = pen_of().mark(sentence, "speakers", "indirect")
    own = words(of_cue(layer, place, mark, Span.of(text, start, start + len(first))), "content")
    assert own != [content]


def test_in_a_chain_each_has_the_cue_behind_its_own_words() -> None:
    text = (
        "The delegation praised the hosts, and President Orsk said that the Prime Minister had"
        " told him that Norlund wants peace."
    )
    cues = {
        who.id: words(proposed(text, who, cast=NEIGHBOURS)[1], "cue")
        for who in (ORSK, NOVY, NORLUND)
    }
    assert cues == {"orsk": ["said"], "novy": ["had told"], "norlund": ["wants"]}


@pytest.mark.parametrize(
    ("text", "first", "second", "language"),
    [
        ("Orsk asked Nový to greet Norlund, adding that all is well.", "asked", "adding", "en"),
        ("Orsk noted that the dam is dear to Norlund, recalling the flood.",
         "noted", "recalling", "en"),
        ("Orsk thanked Nový, stressing that the dam holds.", "thanked", "stressing", "en"),
        ("Orsk a remercié Nový, soulignant que tout va.", "a remercié", "soulignant", "fr"),
        ("Орск поблагодарил Norlund, отметив, что мост цел.", "поблагодарил", "отметив", "ru"),
    ],
)  # fmt: skip
def test_a_participle_behind_a_comma_is_of_whoever_spoke_and_not_of_the_last_one_named(
    text: str, first: str, second: str, language: str
) -> None:
    layer = book().layer("speakers")
    assert layer is not None
    sentence = Sentence(start=0, end=len(text), role="body", text=text)
    taken: frozenset[tuple[int, int]] = frozenset()
    for cue in (first, second):
        place = Place(text, sentence, language, NEIGHBOURS, taken=taken)
        slots = attribution(layer, place, ORSK)[1]
        assert words(slots, "cue") == [cue]
        start = text.index(cue)
        taken |= {(start, start + len(cue))}


def test_who_is_not_named_has_the_cue_of_a_pronoun() -> None:
    text = "Ministers welcomed the deal, but she warned that prices may rise."
    assert words(proposed(text, ADA)[1], "cue") == ["warned"]


def test_a_cue_chosen_by_hand_has_no_content_that_names_its_source() -> None:
    text = "Ministers welcomed the deal, but Arda warned that prices may rise."
    assert words(cue_by_hand(text, "welcomed"), "content") == ["the deal"]


def test_what_is_announced_by_nobody_belongs_to_the_cue() -> None:
    slots = proposed("On Monday a new plan was announced to clear the canal.", None)[1]
    assert words(slots, "cue") == ["a new plan was announced"]
    assert words(slots, "content") == ["to clear the canal"]


def test_who_is_named_outside_of_what_another_says_is_in_no_breath_with_a_source() -> None:
    text = "Arda greeted Belmont, and added that Cole is fond of the sea."
    cole = Entity(id="cole", type="person", name="Cole")
    cast = Cast(entities=(*PEOPLE, cole))
    layer = book().layer("speakers")
    assert layer is not None
    sentence = Sentence(start=0, end=len(text), role="body", text=text)
    inside = (text.index("that Cole"), len(text) - 1)
    slots = attribution(layer, Place(text, sentence, "en", cast, within=inside), cole)[1]
    assert people(slots, "source") == ["cole"]


def cue_by_hand(text: str, cue: str, label: str = "indirect") -> Slots:
    layer = book().layer("speakers")
    assert layer is not None
    sentence = Sentence(start=0, end=len(text), role="body", text=text)
    slots: Slots = {"source": (EntityValue(entity="ada"),)}
    mark = pen_of().mark(sentence, "speakers", label, slots=slots)
    start = text.index(cue)
    return of_cue(
        layer, Place(text, sentence, "en", CAST), mark, Span.of(text, start, start + len(cue))
    )


def test_a_cue_that_is_chosen_by_hand_brings_its_class_and_what_is_said() -> None:
    text = "Arda nodded, thanked Belmont for the rain and asked for more of it."
    slots = cue_by_hand(text, "asked for")
    assert (choice(slots, "cue_class"), words(slots, "content")) == ("request", ["more of it"])
    slots = cue_by_hand(text, "thanked")
    assert (choice(slots, "cue_class"), people(slots, "addressee")) == ("courtesy", ["bo"])
    assert words(slots, "content") == ["for the rain"]


def test_a_cue_that_nobody_knows_has_no_class_and_still_says_something() -> None:
    slots = cue_by_hand("Arda muttered that it rains.", "muttered")
    assert (slots["cue_class"], words(slots, "content")) == ((), ["that it rains"])


def test_a_word_in_between_is_no_part_of_what_is_said() -> None:
    text = "Arda declined, however, to discuss the bridge."
    assert words(proposed(text, ADA)[1], "content") == ["to discuss the bridge"]


def test_a_comma_of_another_script_is_no_part_of_what_is_said() -> None:
    cast = Cast(entities=(Entity(id="wen", type="person", name="文青"),))
    slots = proposed("文青强调，桥很重要。", cast.entities[0], "zh", cast)[1]
    assert words(slots, "content") == ["桥很重要"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Arda thanked Belmont.", ["bo"]),
        ("Arda congratulated Belmont warmly.", ["bo"]),
        ("Arda thanked Belmont’s team.", []),
        ("Arda said Belmont left.", []),
    ],
)
def test_who_is_thanked_or_asked_is_spoken_to(text: str, told: list[str]) -> None:
    assert people(proposed(text, ADA)[1], "addressee") == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Arda wished him success.", "him"),
        ("Arda thanked her for the bridge.", "her"),
        ("Arda thanked her teams.", None),
        ("Arda called him a friend.", None),
    ],
)
def test_a_pronoun_behind_a_cue_that_is_spoken_to_somebody_names_the_other_one(
    text: str, told: str | None
) -> None:
    (value,) = proposed(text, ADA, participants=("ada", "bo"))[1]["addressee"]
    assert isinstance(value, EntityValue)
    assert (value.entity, value.inferred) == ("bo", told is None)
    assert (value.mention.exact if value.mention else None) == told


@pytest.mark.parametrize(
    ("text", "source", "participants", "told"),
    [
        ("Arda said that all is well.", ADA, ("ada", "bo"), [("bo", True)]),
        ("Arda said that Belmont left.", ADA, ("ada", "bo"), [("bo", True)]),
        ("Arda thanked Belmont.", ADA, ("ada", "bo"), [("bo", False)]),
        ("Both sides agreed to meet.", BOTH, ("ada", "bo"), []),
        ("Arda and Belmont agreed to meet.", ADA, ("ada", "bo"), []),
        ("Arda said that all is well.", ADA, ("ada", "bo", "both"), []),
        ("Arda said that all is well.", ADA, ("ada",), []),
        ("Arda said that all is well.", ADA, ("ada", "gone"), []),
        ("Arda smiled.", ADA, ("ada", "bo"), []),
        ("It was said that all is well.", None, ("ada", "bo"), []),
    ],
)
def test_what_one_of_two_participants_says_the_other_hears(
    text: str, source: Entity | None, participants: tuple[str, ...], told: list[tuple[str, bool]]
) -> None:
    slots = proposed(text, source, participants=participants)[1]
    values = [v for v in slots.get("addressee", ()) if isinstance(v, EntityValue)]
    assert [(v.entity, v.inferred) for v in values] == told
    assert "addressee" in slots or not told


def test_who_takes_no_part_in_the_event_is_a_third_party() -> None:
    people = tuple(
        Entity(id=i, type="person", name=i.title(), affiliation=c)
        for i, c in (("ann", "XA"), ("ben", "XB"), ("cid", "XC"), ("dan", "XA"), ("eve", None))
    )
    cast = Cast(entities=people)
    holders = {
        person.id: choice(
            proposed(f"{person.name} said so.", person, "en", cast, ("ann", "ben"))[1], "holder"
        )
        for person in people
    }
    assert holders == {
        "ann": "individual",
        "ben": "individual",
        "cid": "third_party",
        "dan": "individual",
        "eve": "individual",
    }


def test_inside_another_only_what_that_one_says_is_looked_at() -> None:
    text = "Belmont noted that Arda hopes for rain, and stressed that time is short."
    start, end = text.index("that Arda"), text.index(", and")
    sentence = Sentence(start=0, end=len(text), role="body", text=text)
    layer = book().layer("speakers")
    assert layer is not None
    place = Place(text, sentence, "en", CAST, within=(start, end))
    slots = attribution(layer, place, ADA)[1]
    assert words(slots, "cue") == ["hopes"]
    assert words(slots, "content") == ["for rain"]
