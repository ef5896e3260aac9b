"""The sample readouts: what they promise to whoever codes, tests or shows with them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from typing import get_args

import pytest

from annotator.formats.metadata import read_metadata
from annotator.model.readout import READOUT_ID, DocKind, Metadata

SEEDS = Path(__file__).parents[1] / "seeds"
IDS = sorted(path.stem for path in SEEDS.glob("*.txt"))
RETOLD = "2017-01-28-putin-trump-kremlin-retold"
NO_BREAK_SPACE = "\u00a0"

SCRIPTS = {
    "en": "LATIN",
    "fr": "LATIN",
    "es": "LATIN",
    "ru": "CYRILLIC",
    "zh-Hans": "CJK",
    "ar": "ARABIC",
    "hi": "DEVANAGARI",
}
SMALL_WORDS = {
    "en": {"the", "and", "of", "that", "in"},
    "fr": {"le", "la", "et", "les", "des"},
    "es": {"el", "los", "que", "y", "del"},
}
STATE_CODE = r"[A-Z]{2}"
STOPS = re.compile(r"[.!?؟।]+[»”’\"')]*(?=\s|$)|[。？！]")
LIST_NUMBERS = re.compile(r"^\d+\.\s", re.M)


def text_of(readout: str) -> str:
    return (SEEDS / f"{readout}.txt").read_bytes().decode("utf-8")


def metadata_of(readout: str) -> Metadata:
    return read_metadata(SEEDS / f"{readout}.toml")


def on_one_line(text: str) -> str:
    """Put a text on one line, as hard-wrapped names still are names."""
    return " ".join(text.split()).casefold()


each_readout = pytest.mark.parametrize("readout", IDS)


def test_there_are_enough_readouts_and_each_has_metadata_beside_it() -> None:
    assert len(IDS) >= 18
    assert sorted(path.stem for path in SEEDS.glob("*.toml")) == IDS


def test_the_readouts_cover_the_languages_and_the_kinds_of_document() -> None:
    known = [metadata_of(readout) for readout in IDS]
    assert {metadata.language for metadata in known} == set(SCRIPTS)
    assert {metadata.doc_kind for metadata in known} == set(get_args(DocKind))


def test_at_least_three_events_are_told_by_both_sides() -> None:
    sides = defaultdict(set)
    for metadata in map(metadata_of, IDS):
        sides[metadata.event.id].add(metadata.issuing_side)
    assert sum(len(told_by) >= 2 for told_by in sides.values()) >= 3


@each_readout
def test_the_text_is_written_in_the_language_that_the_metadata_name(readout: str) -> None:
    language = metadata_of(readout).language
    assert language is not None
    text = text_of(readout)
    scripts = Counter(unicodedata.name(char, "?").split()[0] for char in text if char.isalpha())
    assert scripts.most_common(1)[0][0] == SCRIPTS[language]
    if language in SMALL_WORDS:
        words = Counter(re.findall(r"\w+", text.casefold()))
        told = {name: sum(words[w] for w in small) for name, small in SMALL_WORDS.items()}
        assert max(told, key=lambda name: told[name]) == language


@each_readout
def test_the_bytes_are_clean_but_for_the_traps_of_the_retold_one(readout: str) -> None:
    raw = (SEEDS / f"{readout}.txt").read_bytes()
    assert b"\r" not in raw
    assert b"\xef\xbb\xbf" not in raw
    assert raw.endswith(b"\n") == (readout != RETOLD)
    assert not raw.endswith(b"\n\n")


@each_readout
def test_the_length_is_that_of_a_readout(readout: str) -> None:
    stops = STOPS.findall(LIST_NUMBERS.sub("", text_of(readout)))
    assert 2 <= len(stops) <= 40


@each_readout
def test_the_id_is_one_and_begins_with_the_day_of_the_event(readout: str) -> None:
    event = metadata_of(readout).event
    assert re.fullmatch(READOUT_ID, readout)
    assert event.date is not None
    assert readout.startswith(f"{event.date}-")
    assert event.id is not None
    assert event.id.startswith(f"{event.date}-")
    assert event.date_precision == "day"


@each_readout
def test_the_metadata_match_the_text(readout: str) -> None:
    metadata = metadata_of(readout)
    text = text_of(readout)
    assert metadata.title is None or metadata.title in text
    assert metadata.issuer
    assert re.fullmatch(rf"{STATE_CODE}|joint", metadata.issuing_side or "")
    assert metadata.outlet_is_issuer == (metadata.outlet is None)
    assert metadata.is_translation == (metadata.language != metadata.original_language)
    assert metadata.event.date is not None
    assert (metadata.publication_date or "") >= metadata.event.date


@each_readout
def test_the_readout_says_that_it_is_a_sample_free_to_use_and_ours(readout: str) -> None:
    metadata = metadata_of(readout)
    assert metadata.sample
    assert metadata.licence == "Apache-2.0"
    assert metadata.note is not None
    assert re.match(r"Written for this project; .*(facts public|fictional)", metadata.note)


@each_readout
def test_everybody_whom_the_metadata_name_is_in_the_cast_once(readout: str) -> None:
    metadata = metadata_of(readout)
    ids = [entity.id for entity in metadata.entities]
    assert len(ids) == len(set(ids))
    assert metadata.source_chain
    assert len(metadata.event.participants) >= 2
    initiator = [metadata.event.initiator] if metadata.event.initiator else []
    inside = chain.from_iterable((*one.members, *one.represents) for one in metadata.entities)
    named = {*metadata.source_chain, *metadata.event.participants, *initiator, *inside}
    assert named <= set(ids)


def test_an_id_is_of_one_type_in_all_samples() -> None:
    types = defaultdict(set)
    for entity in chain.from_iterable(metadata_of(readout).entities for readout in IDS):
        types[entity.id].add(entity.type)
    assert {entity: found for entity, found in types.items() if len(found) > 1} == {}


@each_readout
def test_states_go_by_their_codes_and_collectives_know_whom_they_gather(readout: str) -> None:
    entities = metadata_of(readout).entities
    ids = {entity.id for entity in entities}
    for entity in entities:
        if entity.type == "state":
            assert entity.affiliation == entity.id.upper()
        gathers = bool(entity.members or entity.represents)
        assert gathers == (entity.type == "collective")
        if entity.affiliation is not None:
            assert entity.affiliation in ids or re.fullmatch(STATE_CODE, entity.affiliation)


@each_readout
def test_every_alias_is_used_in_the_text(readout: str) -> None:
    text = on_one_line(text_of(readout))
    aliases = chain.from_iterable(entity.aliases for entity in metadata_of(readout).entities)
    assert [alias for alias in aliases if on_one_line(alias) not in text] == []


@each_readout
def test_no_two_entities_answer_to_the_same_name(readout: str) -> None:
    cast = metadata_of(readout).entities
    names = [{on_one_line(name) for name in (one.name, *one.aliases)} for one in cast]
    assert len(set().union(*names)) == sum(len(of_one) for of_one in names)


@each_readout
def test_counterparts_tell_the_same_event_for_another_side_and_name_each_other(
    readout: str,
) -> None:
    metadata = metadata_of(readout)
    for other in metadata.counterpart_of:
        counterpart = metadata_of(other)
        assert readout in counterpart.counterpart_of
        assert counterpart.event.id == metadata.event.id
        assert counterpart.issuing_side != metadata.issuing_side


def test_tellings_of_one_event_agree_on_what_it_was_and_who_took_part() -> None:
    events = defaultdict(set)
    for event in (metadata_of(readout).event for readout in IDS):
        events[event.id].add((event.type, event.date, frozenset(event.participants)))
    assert [event for event, facts in events.items() if len(facts) > 1] == []


def test_tellings_of_one_event_by_different_sides_are_counterparts() -> None:
    known = {readout: metadata_of(readout) for readout in IDS}
    for metadata in known.values():
        others = {
            other
            for other, one in known.items()
            if one.event.id == metadata.event.id and one.issuing_side != metadata.issuing_side
        }
        assert set(metadata.counterpart_of) == others


def test_a_translation_names_a_readout_of_the_same_side_in_the_original_language() -> None:
    translations = [one for one in map(metadata_of, IDS) if one.translation_of]
    assert translations
    for metadata in translations:
        original = metadata_of(metadata.translation_of or "")
        assert original.event.id == metadata.event.id
        assert original.issuing_side == metadata.issuing_side
        assert original.language == metadata.original_language


def test_the_retold_readout_has_its_headline_twice() -> None:
    blocks = text_of(RETOLD).split("\n\n")
    assert blocks[0] == blocks[1] == metadata_of(RETOLD).title
    assert blocks[2] != blocks[0]


def test_the_retold_readout_has_two_no_break_spaces_each_beside_a_space() -> None:
    text = text_of(RETOLD)
    assert text.count(NO_BREAK_SPACE) == text.count(f"{NO_BREAK_SPACE} ") == 2


def test_the_quote_marks_of_the_retold_readout_do_not_pair() -> None:
    text = text_of(RETOLD)
    assert (text.count("‘"), text.count("’")) == (1, 3)
    assert not re.search("[\"'“”«»]", text)


def test_the_retold_readout_ends_without_a_newline_and_differs_in_bytes_and_characters() -> None:
    text = text_of(RETOLD)
    assert text.endswith(".")
    assert len(text.encode()) > len(text)


def test_the_retold_readout_is_told_by_an_outlet_that_cites_the_press_office() -> None:
    metadata = metadata_of(RETOLD)
    assert metadata.doc_kind == "news_report_of_readout"
    assert metadata.outlet_is_issuer is False
    kinds = {entity.id: entity.type for entity in metadata.entities}
    assert [kinds[source] for source in metadata.source_chain] == ["organisation", "office"]


@pytest.mark.parametrize(
    ("readout", "trap"),
    [
        pytest.param("2021-04-13-biden-putin-ru", r"\bВ\.В\. \w", id="initials with full stops"),
        pytest.param("2023-11-15-biden-xi-cn", r"[一-鿿],[一-鿿]", id="half-width comma"),
        pytest.param("2024-03-11-petrak-obi-xp", r"[a-z]\n[a-z]", id="line break in a sentence"),
        pytest.param("2024-03-11-petrak-obi-xp", r"\b4 p\.m\. The ", id="abbreviation at the end"),
        pytest.param("2024-05-14-okar-van-der-linde-joint", r"(?m)^2\. ", id="numbered paragraphs"),
        pytest.param("2024-08-09-verma-samudri-xt", "।", id="danda"),
        pytest.param("2024-10-02-lindqvist-amadi-xl", "\u200d", id="joined emoji"),
        pytest.param("2024-11-20-rashid-dorvic-xe", "«[^»]*\\Z", id="quotation never closed"),
        pytest.param("2025-01-23-reyes-ibarra-xv", "«[^»]*“[^”]*”[^»]*»", id="nested quotation"),
        pytest.param("2025-06-03-vauquelin-sollund-xc", "\u00a0:", id="no-break space and colon"),
        pytest.param("2025-06-03-vauquelin-sollund-xd", r"\n(.+)\.\n\n\1 ", id="repeated summary"),
        pytest.param("2025-09-17-five-lakes-summit-xj", r"(?m)^- .+;$", id="bulleted list"),
        pytest.param("2026-03-05-orsk-marchetti-xb", '(?m)^"[^"]+\n\n"', id="quoted paragraphs"),
    ],
)
def test_a_trap_of_real_readouts_is_there_to_be_met(readout: str, trap: str) -> None:
    assert re.search(trap, text_of(readout))
