"""The codebook that comes with the program: it is whole, consistent, and refused once broken."""

from __future__ import annotations

import re
import shutil
import typing
from collections import Counter
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats import work as rows
from annotator.formats.codebook import read_codebook
from annotator.formats.unfit import unfit
from annotator.model.base import Value
from annotator.model.codebook import Codebook, Layer, Slot
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    Mark,
    Provenance,
    RefValue,
    Slots,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.readout import Event, Metadata
from annotator.model.record import About, AttributionRow, CommitmentRow, Voice
from annotator.model.text import Span
from annotator.session.propose import cue_slot, find_cues

SHIPPED = Path(__file__).parents[1] / "schemas" / "readouts.toml"

# The 21 major topics of the master codebook of the Comparative Agendas Project
# (comparativeagendas.net/pages/master-codebook); the numbers 11 and 22 are not in use.
CAP_MAJORS = {*range(1, 11), *range(12, 22), 23}

FAMILIES = ["rel", "prot", "sec", "conf", "eco", "glob", "law"]
FORMS = ["direct", "indirect", "mixed", "narrated_act"]
KINDS = [
    *("promise", "agreement", "intention", "instruction"),
    *("offer", "invitation", "refusal", "warning"),
]
REASONS = [
    *("courtesy", "expressed_desire", "discussion_or_need", "shared_assessment", "request"),
    *("stance", "past_act", "third_party_duty", "other_side_hope"),
]
CUE_LANGUAGES = {"en": 120, "fr": 30, "ru": 30, "zh": 30, "ar": 30}

# Columns that say something of the mark itself and are filled from no slot.
OF_THE_MARK = {
    *("id", "sentence_id", "coder", "none_stated"),
    *("certainty", "note", "origin", "imported", "codebook_version"),
}
OF_ATTRIBUTIONS = {"depth", "form", "source_spans", "source_implicit", "addressee_spans"}
OF_COMMITMENTS = {"label", "kind", "reason", "committers_inferred", "plover", "not_coded"}


@pytest.fixture(scope="module")
def book() -> Codebook:
    return read_codebook(SHIPPED)


def layer_of(book: Codebook, layer_id: str) -> Layer:
    layer = book.layer(layer_id)
    assert layer is not None
    return layer


def slot_of(book: Codebook, layer_id: str, slot_id: str) -> Slot:
    slot = layer_of(book, layer_id).slot(slot_id)
    assert slot is not None
    return slot


def choices_of(book: Codebook, layer_id: str, slot_id: str) -> list[str]:
    return [choice.id for choice in slot_of(book, layer_id, slot_id).choices]


def test_the_shipped_codebook_loads_and_says_what_it_is(book: Codebook) -> None:
    assert book.name == "readouts"
    assert book.title
    assert book.language == "en"
    assert book.licence
    assert book.description
    assert [layer.id for layer in book.layers] == ["topics", "speakers", "commitments", "voice"]
    assert [panel.key for panel in book.panels] == ["t", "s", "c", "m", "o"]
    assert [panel.glyph for panel in book.panels] == ["◆", "☉", "⚑", "⚐", "¶"]


def test_what_was_understood_once_is_not_read_again(book: Codebook, tmp_path: Path) -> None:
    copy = Path(shutil.copy(SHIPPED, tmp_path))
    assert read_codebook(copy) is read_codebook(SHIPPED)


def test_there_are_28_topics_in_7_families_each_with_its_colour_and_glyph(book: Codebook) -> None:
    topics = layer_of(book, "topics")
    assert len(topics.labels) == 28
    assert [family.id for family in topics.families] == FAMILIES
    assert len({family.colour for family in topics.families}) == len(FAMILIES)
    assert len({family.glyph for family in topics.families}) == len(FAMILIES)
    sizes = Counter(label.family for label in topics.labels)
    assert dict(sizes) == dict(zip(FAMILIES, [3, 2, 4, 8, 5, 3, 3], strict=True))
    for label in topics.labels:
        assert label.id.partition(".")[0] == label.family


def test_forms_kinds_reasons_and_voices_are_those_of_the_scheme(book: Codebook) -> None:
    commitments = layer_of(book, "commitments")
    assert [label.id for label in layer_of(book, "speakers").labels] == FORMS
    kinds = [label.id for label in commitments.labels if not commitments.negative(label.id)]
    reasons = [label.id for label in commitments.labels if commitments.negative(label.id)]
    assert kinds == KINDS
    assert reasons == REASONS
    voice = layer_of(book, "voice")
    assert not voice.multiple
    assert tuple(label.id for label in voice.labels) == typing.get_args(Voice)


def test_scales_and_choices_are_those_of_the_scheme(book: Codebook) -> None:
    assert choices_of(book, "commitments", "strength") == ["1", "2", "3", "4"]
    assert choices_of(book, "commitments", "verifiability") == ["0", "1", "2"]
    for name in ("strength", "verifiability"):
        scale = slot_of(book, "commitments", name)
        assert scale.type == "scale"
        assert [choice.key for choice in scale.choices] == [choice.id for choice in scale.choices]
    assert choices_of(book, "commitments", "side") == ["own", "other", "joint", "third"]
    assert choices_of(book, "commitments", "novelty") == [
        *("new", "reaffirmed", "continuing", "unclear"),
    ]
    assert choices_of(book, "commitments", "timeframe_class") == [
        *("none", "immediate", "near_term", "dated", "ongoing", "open_ended"),
    ]
    assert choices_of(book, "speakers", "holder") == [
        *("individual", "joint", "issuer", "third_party", "unspecified"),
    ]
    assert len(choices_of(book, "speakers", "cue_class")) == 16
    for layer_id, slot_id in (
        ("topics", "primary"),
        ("commitments", "mutual"),
        ("commitments", "conditional"),
    ):
        assert choices_of(book, layer_id, slot_id) == ["yes", "no"]


def test_a_commitment_needs_act_committers_and_two_scales_and_a_near_miss_only_its_words(
    book: Codebook,
) -> None:
    commitments = layer_of(book, "commitments")
    for kind in KINDS:
        required = [slot.id for slot in commitments.slots_of(kind) if slot.required]
        assert required == ["action", "committers", "strength", "verifiability"]
    for reason in REASONS:
        assert [slot.id for slot in commitments.slots_of(reason)] == ["action", "attribution"]
        assert [slot.id for slot in commitments.slots_of(reason) if slot.required] == ["action"]


def test_every_label_is_defined_bounded_and_shown_by_examples(book: Codebook) -> None:
    for layer in book.layers:
        assert layer.definition
        assert layer.rules
        assert layer.edge_cases
        for label in layer.labels:
            assert label.definition, label.id
            assert label.include, label.id
            assert label.exclude, label.id
            assert label.examples, label.id
    for label in layer_of(book, "topics").labels:
        assert len(label.examples) >= 2, label.id
    examples = [x for layer in book.layers for label in layer.labels for x in label.examples]
    assert len(examples) == len(set(examples))


def test_every_slot_and_choice_has_a_key_and_a_definition(book: Codebook) -> None:
    for layer in book.layers:
        for slot in layer.slots:
            assert slot.key, slot.id
            assert slot.definition, slot.id
            for choice in slot.choices:
                assert choice.key, f"{slot.id}: {choice.id}"
                assert choice.definition, f"{slot.id}: {choice.id}"


def test_label_keys_are_unique_in_their_panel_and_need_no_shift(book: Codebook) -> None:
    for panel in book.panels:
        keys = [label.key for label in panel.labels]
        assert len(set(keys)) == len(keys)
        for label in panel.labels:
            assert re.fullmatch(r"[a-z0-9]", label.key or ""), label.id
            assert panel.keys[label.id] == label.key


def test_short_names_fit_and_are_unique_in_their_panel(book: Codebook) -> None:
    for panel in book.panels:
        tags = [label.short for label in panel.labels]
        assert all(0 < len(tag) <= 12 for tag in tags), tags
        assert len(set(tags)) == len(tags)


def test_topics_map_to_major_topics_that_cap_has_and_to_plover_contexts(book: Codebook) -> None:
    for label in layer_of(book, "topics").labels:
        assert label.cap, label.id
        assert set(label.cap) <= CAP_MAJORS, label.id
        assert label.plover, label.id
        assert all(re.fullmatch(r"[a-z_]+", context) for context in label.plover), label.id
    assert len(CAP_MAJORS) == 21


def test_kinds_map_to_plover_event_types(book: Codebook) -> None:
    commitments = layer_of(book, "commitments")
    mapped = {label.id: label.plover for label in commitments.labels if label.plover}
    assert set(KINDS) <= set(mapped)
    assert mapped["agreement"] == ("AGREE",)
    assert mapped["refusal"] == ("REJECT",)
    assert mapped["warning"] == ("THREATEN",)


def test_topics_named_in_the_rules_exist(book: Codebook) -> None:
    topics = layer_of(book, "topics")
    known = {label.id for label in topics.labels}
    texts = [*topics.rules, *topics.edge_cases]
    for label in topics.labels:
        texts += [label.definition, *label.include, *label.exclude]
    named = {
        name for text in texts for name in re.findall(rf"\b(?:{'|'.join(FAMILIES)})\.\w+", text)
    }
    assert named
    assert named <= known


CUE_PARTS = re.compile(r"(?:\[(.+?)\](?= ))?(.+?)(?:(?<= )\[(.+)\])?")
"""What must stand before a cue, the cue, and what must stand behind it; blanks are the cue's."""


def test_cues_of_five_languages_are_found_whole_and_mean_one_class(book: Codebook) -> None:
    speakers = layer_of(book, "speakers")
    assert cue_slot(speakers) == "cue_class"
    counts: Counter[str] = Counter()
    for cue in speakers.cues:
        counts[cue.language] += len(cue.forms)
        for form in cue.forms:
            before, own, behind = CUE_PARTS.fullmatch(form).groups("")  # type: ignore[union-attr]
            text = f"{before}{own}{behind}".replace("…", "quite another")
            cue_of = own.replace("…", "quite another")
            start = text.index(cue_of.strip())
            end = start + len(cue_of.strip())
            found = find_cues(speakers, text, 0, len(text), cue.language)
            assert [(c.start, c.end, c.choice) for c in found] == [(start, end, cue.choice)], form
    assert set(counts) == set(CUE_LANGUAGES)
    assert all(counts[language] >= least for language, least in CUE_LANGUAGES.items()), counts
    for language in CUE_LANGUAGES:
        classes = {cue.choice for cue in speakers.cues if cue.language == language}
        assert classes == set(choices_of(book, "speakers", "cue_class")), language


def test_the_longest_cue_wins_in_running_text(book: Codebook) -> None:
    text = "The king expressed his concern, expressed support and expressed himself at length."
    found = find_cues(layer_of(book, "speakers"), text, 0, len(text), "en-GB")
    assert [(text[c.start : c.end], c.choice) for c in found] == [
        ("expressed his concern", "express_concern"),
        ("expressed support", "express_support"),
        ("expressed", "attitude"),
    ]


def filled_from_slots(row: type[Value], of_the_row: set[str]) -> set[str]:
    return set(row.model_fields) - set(About.model_fields) - OF_THE_MARK - of_the_row


def test_every_column_of_the_rows_has_its_slot(book: Codebook) -> None:
    for layer_id, columns in (
        (rows.SPEAKERS, filled_from_slots(AttributionRow, OF_ATTRIBUTIONS)),
        (rows.COMMITMENTS, filled_from_slots(CommitmentRow, OF_COMMITMENTS)),
        (rows.TOPICS, {"evidence", "primary"}),
        (rows.VOICE, set()),
    ):
        assert {slot.id for slot in layer_of(book, layer_id).slots} == columns


def value_for(book: Codebook, slot: Slot) -> SlotValue:
    match slot.type:
        case "span":
            return SpanValue(span=Span(start=0, end=2, exact="We"))
        case "entity":
            return EntityValue(entity="king")
        case "choice" | "scale":
            return ChoiceValue(choice=slot.choices[0].id)
        case "date":
            return DateValue(date="2031-06-14")
        case "text":
            return TextValue(text="agree")
        case "ref":
            return RefValue(mark="m1")
        case "label":
            return LabelValue(label=layer_of(book, slot.layer or "").labels[0].id)


def test_every_slot_takes_its_value(book: Codebook) -> None:
    provenance = Provenance(coder="ada", at="2031-01-01T00:00:00Z", codebook=book.stamp)
    for layer in book.layers:
        for label in layer.labels:
            slots: Slots = {slot.id: (value_for(book, slot),) for slot in layer.slots_of(label.id)}
            mark = Mark(
                id="m2",
                layer=layer.id,
                label=label.id,
                start=0,
                end=2,
                slots=slots,
                provenance=provenance,
            )
            assert book.check(mark, complete=True) is None


def choices_in(annotation: object) -> tuple[str, ...]:
    if typing.get_origin(annotation) is typing.Literal:
        return typing.get_args(annotation)
    return tuple(choice for part in typing.get_args(annotation) for choice in choices_in(part))


def test_the_fields_are_those_of_the_metadata_with_their_values(book: Codebook) -> None:
    expected = {
        **{name: info.annotation for name, info in Metadata.model_fields.items()},
        **{f"event.{name}": info.annotation for name, info in Event.model_fields.items()},
    }
    del expected["event"]
    described = {field.id: field for field in book.fields}
    assert len(described) == len(book.fields)
    assert set(described) == set(expected)
    for name, field in described.items():
        assert field.name
        assert field.definition
        assert field.choices == choices_in(expected[name]), name


def broken(tmp_path: Path, old: str, new: str) -> tuple[str, int]:
    """Return what is said of a copy with the first `old` changed, and the line it stands on."""
    source = SHIPPED.read_text(encoding="utf-8")
    assert old in source
    line = source.count("\n", 0, source.index(old)) + 1
    copy = tmp_path / "readouts.toml"
    copy.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_codebook(copy)
    message = str(caught.value)
    assert message.startswith(f"{copy}, line ")
    assert "\n" not in message
    return message.removeprefix(f"{copy}, "), line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("multiple = true", 'multiple = "true"', "layers[0].multiple should be a valid boolean."),
        ('colour = "blue"', 'colour = "purple"', "layers[0].families[0].colour must be one of"),
        ("cap = [19]", 'cap = ["19"]', "layers[0].labels[0].cap[0] should be a valid integer."),
        ('version = "', 'version = "v', "version does not fit the pattern"),
        ('key = "t"', 'key = "tt"', "layers[0].key does not fit the pattern"),
        (
            'definition = "What the sentence',
            'defintion = "What the sentence',
            "there is no key “layers[0].defintion”. Did you mean “definition”?",
        ),
        (
            'licence = "CC0',
            'license = "CC0',
            "there is no key “license”. Did you mean “licence”?",
        ),
        (
            "exclude = [",
            "exclud = [",
            "there is no key “layers[0].labels[0].exclud”. Did you mean “exclude”?",
        ),
        (
            "repeatable = true",
            "repeatible = true",
            "there is no key “layers[0].slots[0].repeatible”. Did you mean “repeatable”?",
        ),
        (
            'name = "Yes", key = "y", definition',
            'name = "Yes", key = "y", defnition',
            "there is no key “layers[0].slots[1].choices[0].defnition”. Did you mean “definition”?",
        ),
        (
            "negative = true\n",
            "negativ = true\n",
            "there is no key “layers[2].families[1].negativ”. Did you mean “negative”?",
        ),
    ],
)
def test_a_wrong_value_or_key_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    message, line = broken(tmp_path, old, new)
    assert message.startswith(f"line {line}: ")
    assert said in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "rel.contacts"', 'id = "rel.general"', "two labels have the id “rel.general”"),
        ('key = "v"', 'key = "r"', "two labels of the panel “Topics” have the key “r”"),
        ('key = "m"\nnegative', 'key = "t"\nnegative', "two panels have the key “t”"),
        ('family = "prot"', 'family = "protocol"', "names a family “protocol” that is not there"),
        ('families = ["commitment"]', 'families = ["vow"]', "names a family “vow”"),
        ('entry = "source"', 'entry = "cue"', "entry “cue” is neither “label” nor an entity slot"),
        ('layer = "speakers"', 'layer = "speaker"', "points to a layer “speaker”"),
        ('id = "cue"', 'id = "source"', "in layer “speakers” two slots have the id “source”"),
        ('{ id = "no"', '{ id = "yes"', "slot “primary” has two choices “yes”"),
        ('name = "No", key = "n"', 'name = "No", key = "y"', "two choices with the key “y”"),
        (
            'question = "doer"',
            'question = "doers"',
            "leads to a question “doers” that is not there",
        ),
        ('label = "intention"', 'label = "intent"', "leads to a label “intent” that is not there"),
        (
            'polarity = "negative" }',
            'polarity = "no" }',
            "“polarity” with “no”, which is no choice",
        ),
        ('id = "ahead"', 'id = "bond"', "two questions have the id “bond”"),
        ('question = "outsider"', 'question = "ahead"', "“ahead” leads round in a circle"),
    ],
)
def test_a_codebook_that_contradicts_itself_is_refused_with_the_reason(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    indented = "\n    ".join(old.split("\n")), "\n    ".join(new.split("\n"))
    message, _ = broken(tmp_path, *indented)
    assert said in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('question = "doer"', 'question = "doers"'),
        ('label = "intention"', 'label = "intent"'),
        ('hint = "a participant, or', 'hnt = "a participant, or'),
        ('ask = "What is said of the', 'asks = "What is said of the'),
    ],
)
def test_what_is_wrong_with_a_question_is_named_with_its_line_and_what_may_be_meant(
    tmp_path: Path, old: str, new: str
) -> None:
    message, line = broken(tmp_path, old, new)
    assert message.startswith(f"line {line}: ")
    meant = old.partition(" = ")[0] if new.split()[0] != old.split()[0] else old.split('"')[1]
    assert f"Did you mean “{meant}”?" in message


def test_the_slots_of_a_commitment_stand_as_a_sentence_is_read(book: Codebook) -> None:
    names = [slot.id for slot in layer_of(book, "commitments").slots]
    assert names[:12] == [
        *("action", "committers", "counterparties", "strength", "verifiability", "timeframe"),
        *("timeframe_class", "timeframe_date", "condition", "conditional", "novelty", "side"),
    ]


def test_every_question_says_what_decides_and_every_answer_of_which_words(book: Codebook) -> None:
    for question in layer_of(book, "commitments").questions:
        assert question.ask.endswith("?")
        assert question.hint
        assert all(answer.hint for answer in question.answers)


def test_a_missing_version_is_named(tmp_path: Path) -> None:
    message, _ = broken(tmp_path, 'version = "', '# version = "')
    assert message.endswith(": version is missing.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Topics"', 'name = "Topics'),
        ('glyph = "☉"', "glyph = ☉"),
        ('name = "Voice"', 'name = "Voice"\nname = "Voice"'),
        ("[[layers]]", "[[layers]"),
    ],
)
def test_a_file_that_is_not_toml_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str
) -> None:
    message, line = broken(tmp_path, old, new)
    said = re.match(r"line (\d+): this is not TOML: ", message)
    assert said
    assert int(said[1]) in (line, line + 1)


def test_a_file_that_is_not_utf_8_is_refused_with_line_and_byte(tmp_path: Path) -> None:
    raw = SHIPPED.read_bytes()
    at = raw.index("☉".encode())
    copy = tmp_path / "readouts.toml"
    copy.write_bytes(raw[:at] + b"\xff" + raw[at:])
    line = raw.count(b"\n", 0, at) + 1
    with pytest.raises(InputError) as caught:
        read_codebook(copy)
    assert str(caught.value).startswith(
        f"{copy}, line {line}: the byte at offset {at} is not UTF-8."
    )


def test_every_value_of_its_slots_fits_the_column_that_is_called_so() -> None:
    assert [*unfit(read_codebook(SHIPPED).layers)] == []
