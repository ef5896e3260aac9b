"""The line that finds: what it means, what it refuses, and that its page says the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.model.mark import DateValue, Mark, Provenance
from annotator.model.readout import Event, Metadata
from annotator.model.sentence import Sentence
from annotator.pipeline.answering import answers, describes
from annotator.pipeline.gist import Facts
from annotator.pipeline.query import FIELDS, LONGEST, Clause, parse
from tests.rendering import ROOT
from tests.session.making import book


def clauses(typed: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(c.field, c.values, c.negative) for c in parse(typed, book()).clauses]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", []),
        ("  \t ", []),
        ("trade deal", [("text", ("trade",), False), ("text", ("deal",), False)]),
        ('"trade  deal"', [("text", ("trade deal",), False)]),
        ('"trade deal', [("text", ("trade deal",), False)]),
        ("-trade", [("text", ("trade",), True)]),
        ('-"trade deal"', [("text", ("trade deal",), True)]),
        ("trade|commerce", [("text", ("trade", "commerce"), False)]),
        ('trade|"free goods"', [("text", ("trade", "free goods"), False)]),
        ("trade trade", [("text", ("trade",), False)]),
        ("- –", [("text", ("-",), False), ("text", ("–",), False)]),
        ("10:30", [("text", ("10:30",), False)]),
        ("Москва:он", [("text", ("Москва:он",), False)]),
        ("Putin: no", [("text", ("Putin:",), False), ("text", ("no",), False)]),
        ('"label:x"', [("text", ("label:x",), False)]),
        ("label:sec.terror", [("label", ("sec.terror",), False)]),
        ("-label:sec.terror", [("label", ("sec.terror",), True)]),
        ("label:sec.terror|conf.syria", [("label", ("sec.terror", "conf.syria"), False)]),
        ("label:*", [("label", ("*",), False)]),
        ("family:sec", [("family", ("sec",), False)]),
        ("slot.strength:3", [("slot.strength", ("3",), False)]),
        ("slot.condition:none", [("slot.condition", ("none",), False)]),
        ("slot.strength:empty", [("slot.strength", ("empty",), False)]),
        ('slot.action:"a prisoner exchange"', [("slot.action", ("a prisoner exchange",), False)]),
        ("note:look", [("note", ("look",), False)]),
        ("date:2021..2023", [("date", ("2021..2023",), False)]),
        ("date:>=2021-04", [("date", (">=2021-04",), False)]),
        ("date:٢٠٢١..٢٠٢٣", [("date", ("2021..2023",), False)]),
        ("re:/a b/ c", [("re", ("a b",), False), ("text", ("c",), False)]),
        ('re:"a b" c', [("re", ("a b",), False), ("text", ("c",), False)]),
        (r"re:/a\/b c/d/", [("re", (r"a\/b c/d",), False)]),
        ("-re:/x/", [("re", ("x",), True)]),
        ("re:/x", [("re", ("x",), False)]),
        ("re:/a|b/", [("re", ("a|b",), False)]),
    ],
)
def test_a_line_means(typed: str, meant: list[tuple[str, tuple[str, ...], bool]]) -> None:
    assert clauses(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("labl:sec.terror", "There is no field “labl”. Did you mean “label:”? In quotes, it is"),
        ("http://example.org", "There is no field “http”. There is label, layer,"),
        ("http://example.org", "rejected, entity, slot.NAME, certainty,"),
        ("label:sec.teror", "There is no label “sec.teror”. Did you mean label:sec.terror?"),
        ("label:sec.terror|sec.teror", "There is no label “sec.teror”."),
        ("state:open", "There is no state “open”. There is new, done, unsure, skipped."),
        ("state:doen", "There is no state “doen”. Did you mean state:done?"),
        ("state:xyz", "There is new, done, unsure, skipped."),
        ("flag:no", "There is no flag “no”. There is yes."),
        ("slot.strenth:3", "There is no slot “strenth”. Did you mean slot.strength?"),
        ("slot.strength:9", "There is no slot.strength “9”."),
        ("certainty:*", "There is no certainty “*”."),
        ("label:", "The field label: has no value."),
        ('label:""', "The field label: has no value."),
        ("re:", "The field re: has no value."),
        ("date:soon", "“soon” is no date. Write date:2021-04"),
        ("date:2021-4", "“2021-4” is no date."),
        ("date:2021-13", "“2021-13” is not in the calendar. Change its month or day."),
        ("date:2026-02-30", "“2026-02-30” is not in the calendar."),
        ("date:>=2021-02-30", "“2021-02-30” is not in the calendar."),
        ("date:2021..2021-00", "“2021-00” is not in the calendar."),
        ("date:2026..2025", "No day lies from 2026 to 2025. Write date:2025..2026."),
        ("date:2025-03..2025-02", "No day lies from 2025-03 to 2025-02."),
        ("x" * (LONGEST + 1), "The line is longer than 2,000 characters."),
        ("\x1b]0;x\x07:y label:\x1b[2J", "There is no label “␛[2J”."),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_nearest(typed: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(typed, book())
    assert said in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("typed", ["date:2021-04..2021", "date:2021..2021-01", "date:2020-02-29.."])
def test_a_range_of_dates_that_holds_a_day_is_read(typed: str) -> None:
    assert clauses(typed)


@pytest.mark.parametrize(
    ("typed", "unclosed"),
    [
        ('"a b', True),
        ('a -"b c', True),
        ('re:"a b', True),
        ('slot.action:"a"|"b', True),
        ('"a b" c', False),
        ('re:"a b" c', False),
        ("re:/a b", False),
        ('"a"|"b"', False),
    ],
)
def test_a_quote_that_is_never_closed_is_known(typed: str, unclosed: bool) -> None:
    assert parse(typed, book()).unclosed is unclosed


@given(st.text('ab:|"/\\-* .é\x1b', max_size=30) | st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        found = parse(typed, book())
    except InputError:
        return
    assert all(isinstance(clause, Clause) and clause.values for clause in found.clauses)


def test_a_list_of_values_is_not_longer_than_a_line() -> None:
    with pytest.raises(InputError, match=r"There is .* …$"):
        parse("label:€", book())


# Dates


def dated(known: str, wanted: str) -> bool:
    facts = Facts.of("r", Metadata(publication_date=known))
    return describes(facts, [Clause("date", (wanted,))])


@pytest.mark.parametrize(
    ("known", "wanted", "within"),
    [
        ("2021-04-13", "2021", True),
        ("2021-04-13", "2021-04", True),
        ("2021-04-13", "2021-05", False),
        ("2021", "2021-04", True),  # It may have been then.
        ("2021-04-13", "2020..2021", True),
        ("2021-12-31", "2020..2021", True),
        ("2022-01-01", "2020..2021", False),
        ("2021-04-13", "..2021-04", True),
        ("2021-04-13", "2021-04-14..", False),
        ("2021-04-13", ">=2021-04-13", True),
        ("2021-04-13", ">2021-04", False),
        ("2021-05-01", ">2021-04", True),
        ("2021-04-13", "<2021-04-13", False),
        ("2021-04-13", "<=2021-04", True),
        ("2022", "<2022-01", False),
        ("2022", ">=2022-12", True),
    ],
)
def test_a_date_is_within_what_is_asked(known: str, wanted: str, within: bool) -> None:
    assert dated(known, wanted) is within


DAYS = st.dates(date(2019, 12, 1), date(2021, 2, 1))


@given(DAYS, DAYS, DAYS)
def test_days_are_compared_as_the_calendar_does(known: date, one: date, other: date) -> None:
    assert dated(str(known), f"{one}..{other}") == (one <= known <= other)
    assert dated(str(known), f">{one}") == (known > one)
    assert dated(str(known), f"<{one}") == (known < one)
    assert dated(str(known), str(known)[:7])
    assert not dated(str(known), str(known + timedelta(days=32))[:7])


def test_the_date_of_the_event_goes_before_that_of_the_publication() -> None:
    metadata = Metadata(publication_date="2022-01-02", event=Event(date="2021-12-30"))
    assert Facts.of("r", metadata).date == "2021-12-30"
    assert not describes(Facts.of("r", Metadata()), [Clause("date", ("..2030",))])


# The page


def test_the_page_of_fields_is_the_table() -> None:
    page = (ROOT / "docs" / "find.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| `")]
    table = [f"| `{field.name}:` | {field.values} | {field.says} |" for field in FIELDS]
    assert [row for row in rows if ":` |" in row] == table


def test_the_lines_that_the_page_shows_can_be_typed() -> None:
    page = (ROOT / "docs" / "find.md").read_text("utf-8")
    lines = page.split("```text\n", 1)[1].split("```", 1)[0].splitlines()
    assert len(lines) > 5
    for line in lines:
        assert parse(line.partition("   ")[0], book()).clauses


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_note_is_found_however_its_accents_are_written(form: Literal["NFC", "NFD"]) -> None:
    noted = Sentence(start=0, end=1, role="body", text="a", note=normalize("NFD", "D\u00e9j\u00e0"))
    assert answers(noted, Clause("note", (normalize(form, "d\u00e9j\u00e0"),)), book())
    assert not answers(noted, Clause("note", ("deja",)), book())


@pytest.mark.parametrize("typed", ["2026-05", "٢٠٢٦-٠٥"])
def test_a_date_of_a_mark_is_found_in_whatever_digits_it_is_typed(typed: str) -> None:
    promise = Mark(
        id="p",
        layer="commitments",
        label="promise",
        start=0,
        end=1,
        slots={"timeframe_date": (DateValue(date="٢٠٢٦-٠٥-٠١"),)},
        provenance=Provenance(coder="ada", at="2026-01-01T00:00:00Z", codebook="readouts 1.0.0"),
    )
    said = Sentence(start=0, end=1, role="body", text="a", marks=(promise,))
    (asked,) = parse(f"slot.timeframe_date:{typed}", book()).clauses
    assert answers(said, asked, book())
