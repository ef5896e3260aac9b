"""What is mended is what was written; where that cannot be proved, nothing is mended."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from tinydb import TinyDB

from annotator.errors import DamagedFile, NewerFormat
from annotator.model.edit import Coding, Edit
from annotator.store import format as form
from annotator.store.base import FORMAT
from annotator.store.flips import SURE_BYTES
from annotator.store.history import Replay, fold
from annotator.store.lines import CLOSING, journal, parse
from annotator.store.mend import Mended, Salvaged, mend, name_aside, salvage
from tests.store.conftest import Work, readout_of

AT = "2024-05-06T07:08:09Z"
MARK = b"\xef\xbb\xbf"


def history(work: Work, count: int = 4) -> list[Edit]:
    """Up to five acts: an import, a mark with a cast, a split, a join and a note."""
    edits = [work.first()]
    coding = edits[0].apply(Coding())
    for make, key in ((work.mark, 1), (work.split, 2), (work.join, 3)):
        edits.append(make(coding, key))
        coding = edits[-1].apply(coding)
    edits.append(work.note(coding, 1, "Jazz * 1*2 J"))
    return edits[:count]


def written(work: Work, count: int = 3) -> bytes:
    return journal(work.header, history(work, count))


def state(raw: bytes) -> dict[int, Any]:
    return fold(parse(raw, "x").bodies, "x").docs


def mended(raw: bytes) -> Mended:
    found = mend(raw, "x.json", AT)
    assert found is not None
    assert mend(found.data, "x.json", AT) is None
    return found


def refused(raw: bytes) -> DamagedFile:
    with pytest.raises(DamagedFile) as refusal:
        mend(raw, "x.json", AT)
    return refusal.value


def with_bits(raw: bytes, *bits: int) -> bytes:
    turned = bytearray(raw)
    for bit in bits:
        turned[bit // 8] ^= 1 << bit % 8
    return bytes(turned)


def lines_of(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True)


def outcome(raw: bytes) -> bytes | None:
    """What a file becomes: itself where it is sound, None where it is refused."""
    try:
        found = mend(raw, "x.json", AT)
    except DamagedFile:
        return None
    return raw if found is None else found.data


def test_a_sound_file_is_left_as_it_is(work: Work) -> None:
    for count in range(1, 6):
        assert mend(written(work, count), "x", AT) is None
    assert mend(journal(work.header, []), "x", AT) is None


def in_first_format(raw: bytes) -> bytes:
    head, rest = raw.split(b"\n", 1)
    fields = form.read_head(head)
    del fields["earlier"]
    start = b'{"about":{"1":' + form.canonical(fields | {"format": 1})[:-1]
    return form._sealed(start, b'}},"_default":{') + b"\n" + rest


def test_a_file_of_an_older_format_is_mended_in_its_own(work: Work) -> None:
    old = in_first_format(written(work))
    assert parse(old, "x").outdated
    assert mend(old, "x", AT) is None
    for bit in range(0, 8 * len(old), 101):
        assert outcome(with_bits(old, bit)) == old
    assert mended(old.removesuffix(CLOSING) + b',"1":{"sta').data == old


def test_a_file_of_a_newer_format_is_left_to_the_newer_version(work: Work) -> None:
    header = work.header.model_copy(update={"format": FORMAT + 1})
    newer = journal(header, history(work))
    for raw in (newer, newer[:-30], with_bits(newer, 900), json.dumps(json.loads(newer)).encode()):
        with pytest.raises(NewerFormat):
            mend(raw, "x", AT)
        with pytest.raises(NewerFormat):
            salvage(raw if raw.startswith(newer[:20]) else newer, "x")


@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit_of_a_file_is_turned_back(work: Work, bit: int) -> None:
    raw = written(work)
    kinds = set()
    for place in range(len(raw)):
        found = mend(with_bits(raw, 8 * place + bit), "x", AT)
        assert found is not None
        assert found.data == raw
        assert found.lost == ""
        kinds.add(found.kind)
    assert kinds == {"bit", "closing"}


def test_every_flipped_bit_of_a_file_with_one_line_is_turned_back(work: Work) -> None:
    raw = written(work, 1)
    for bit in range(8 * len(raw)):
        assert outcome(with_bits(raw, bit)) == raw


def test_every_byte_that_becomes_a_line_feed_and_back_is_turned_back(work: Work) -> None:
    """Such a bit cuts a line in two, or makes one of two."""
    raw = written(work, 5)
    almost = [ord("\n") ^ 1 << bit for bit in range(8)]
    cuts = [place for place, byte in enumerate(raw) if byte in almost]
    glues = [place for place, byte in enumerate(raw) if byte == ord("\n")]
    assert len(cuts) == 4
    assert len(glues) == 7
    for place in cuts:
        assert outcome(raw[:place] + b"\n" + raw[place + 1 :]) == raw
    for place in glues:
        for byte in almost:
            assert outcome(raw[:place] + bytes([byte]) + raw[place + 1 :]) == raw


def test_a_flipped_bit_in_every_line_is_turned_back_and_the_lines_are_named(work: Work) -> None:
    raw = written(work, 5)
    chance = random.Random(2)  # noqa: S311 - a test that repeats
    for _ in range(50):
        turned = b"".join(
            with_bits(line, chance.randrange(8 * len(line) - 8)) for line in lines_of(raw)[:6]
        )
        found = mended(turned + CLOSING)
        assert found.data == raw
        assert found.kind == "bit"
        places = " and in line ".join("123456")
        assert found.how == f"one flipped bit was turned back in line {places}"


def test_two_flipped_bits_in_a_line_are_refused_and_the_line_is_named(work: Work) -> None:
    raw = written(work)
    ends = [0]
    for line in lines_of(raw)[:-1]:
        ends.append(ends[-1] + 8 * len(line))
    chance = random.Random(3)  # noqa: S311 - a test that repeats
    for _ in range(800):
        number = chance.randrange(1, len(ends))
        # With its line feed flipped, a line and the next one are named as one.
        bits = chance.sample(range(ends[number - 1], ends[number] - 8), 2)
        problem = refused(with_bits(raw, *bits))
        assert f"line {number}:" in problem.message
        assert "backup" in problem.hint
    for number in range(1, len(ends)):
        feed = ends[number] - 8
        for _ in range(50):
            bits = [feed + chance.randrange(8), chance.randrange(ends[number - 1], feed)]
            refused(with_bits(raw, *bits))


def test_a_checksum_tells_two_flipped_bits_from_one_as_far_as_is_said() -> None:
    """The shortest word of three bits that divides by the polynomial: 1, x**a and x**b."""
    polynomial = 0x104C11DB7
    power, places = 1, {1: 0}
    while power ^ 1 not in places or power == 1:
        places[power] = len(places)
        power <<= 1
        power ^= polynomial * (power >> 32)
    covered = len(places) - 32
    assert covered == 91_607
    assert covered // 8 == SURE_BYTES


@pytest.fixture
def long(work: Work) -> tuple[Work, bytes]:
    """A coding whose first line is longer than its checksum alone can prove."""
    text = "\n".join(f"The sentence with the number {number}, or so." for number in range(100))
    other = replace(work, readout=readout_of(text))
    first = other.first()
    coding = first.apply(Coding())
    raw = journal(other.header, [first, other.note(coding, 7, "n" * 12_000)])
    assert min(map(len, lines_of(raw)[1:3])) > SURE_BYTES
    return other, raw


def test_in_a_long_line_a_bit_is_turned_back_where_something_else_proves_it(
    long: tuple[Work, bytes],
) -> None:
    work, raw = long
    words, name = raw.index(b"number 41"), raw.index(b'"flagged"', 9000)
    for place in (words, name, raw.index(b'"start"'), raw.index(b"\n,"), raw.index(b',"crc"', 999)):
        for bit in range(8):
            found = mend(with_bits(raw, 8 * place + bit), "x", AT, work.readout)
            assert found is not None
            assert found.data == raw
    # Without the readout, its words could be any.
    refused(with_bits(raw, 8 * words + 1))
    assert outcome(with_bits(raw, 8 * name + 1)) == raw


def test_in_a_long_line_a_bit_that_nothing_else_proves_is_refused(
    long: tuple[Work, bytes],
) -> None:
    work, raw = long
    for place in (raw.index(b"nnnn"), raw.index(b"nnnn") + 11_000, raw.index(b'what":"mark') + 8):
        for readout in (None, work.readout):
            with pytest.raises(DamagedFile, match="line 3"):
                mend(with_bits(raw, 8 * place), "x", AT, readout)


def test_a_megabyte_in_one_line_is_searched_once(work: Work) -> None:
    """What took a checksum for every bit would take hours."""
    text = "\n".join(f"Sentence {number} of a very long readout." for number in range(5200))
    other = replace(work, readout=readout_of(text))
    raw = journal(other.header, [other.first()])
    assert len(raw) > 1_000_000
    turned = with_bits(raw, 8 * raw.index(b"Sentence 7 "))
    found = mend(turned, "x", AT, other.readout)
    assert found is not None
    assert found.data == raw
    assert salvage(raw, "x").data == raw


CONVERSIONS: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda raw: raw.replace(b"\n", b"\r\n"),
    "CRLF in some lines": lambda raw: raw.replace(b"\n", b"\r\n", 2),
    "CRLF in the last lines": lambda raw: raw.replace(b"\n}", b"\r\n}"),
    "byte-order mark": lambda raw: MARK + raw,
    "byte-order mark and CRLF": lambda raw: MARK + raw.replace(b"\n", b"\r\n"),
    "CRLF and no last line feed": lambda raw: raw.strip().replace(b"\n", b"\r\n"),
    "CRLF and blank lines": lambda raw: raw.replace(b"\n", b"\r\n") + b"\r\n \r\n",
}


@pytest.mark.parametrize("convert", CONVERSIONS.values(), ids=CONVERSIONS)
@pytest.mark.parametrize("count", [1, 4])
def test_converted_line_ends_are_put_back(
    work: Work, convert: Callable[[bytes], bytes], count: int
) -> None:
    raw = written(work, count)
    found = mended(convert(raw))
    assert found.data == raw
    assert (found.kind, found.lost) == ("line ends", "")
    assert "line ends" in found.how


def test_a_converted_file_that_is_damaged_besides_is_mended_or_named(work: Work) -> None:
    raw = written(work).replace(b"\n", b"\r\n")
    place = raw.index(b'"rev":2')
    assert mended(with_bits(raw, 8 * place + 49)).data == written(work)
    assert "line 3" in refused(raw[:place] + b"??" + raw[place + 2 :]).message
    torn = raw[: raw.rindex(b"act")]
    assert mended(torn).data == written(work, 2)
    assert mended(torn).kind == "torn"


CLOSINGS = [b"", b"}", b"}}", b"}}\n\n", b"}}  \n", b"}}\n\n\n\n\n\n", b" }}\n", b"\n}}\n", b"}}\t"]


@pytest.mark.parametrize("closing", CLOSINGS)
def test_closing_bytes_are_put_right(work: Work, closing: bytes) -> None:
    raw = written(work)
    found = mended(raw.removesuffix(CLOSING) + closing)
    assert found.data == raw
    assert (found.kind, found.lost) == ("closing", "")


def test_a_write_cut_short_is_taken_back(work: Work) -> None:
    old, new = written(work), written(work, 4)
    start = len(old) - len(CLOSING)
    last = len(new) - len(CLOSING) - 1
    for cut in range(start + 1, last):
        found = mended(new[:cut])
        assert found.data == old
        assert found.kind == ("torn" if cut > start else "closing")
    zeros = new[: start + 40] + bytes(last - start)
    assert mended(zeros).kind == "torn"
    assert mended(zeros).data == old


def test_a_last_line_with_one_bit_flipped_is_kept_though_the_end_is_missing(work: Work) -> None:
    raw = written(work)
    turned = with_bits(raw, 8 * (len(raw) - 200)).removesuffix(CLOSING)
    found = mended(turned)
    assert found.data == raw
    assert found.kind == "bit"
    assert found.how.endswith("and its end, which was missing, was put back")


def test_a_head_alone_is_no_empty_coding(work: Work) -> None:
    head = lines_of(written(work))[0]
    for raw in (b"", head, head.strip(), head + b"}"):
        refused(raw)
    assert mended(head + b"}}").data == journal(work.header, [])


def test_a_lost_line_is_damage_however_sound_the_others_are(work: Work) -> None:
    lines = lines_of(written(work, 5))
    with pytest.raises(DamagedFile, match="a line before it is lost"):
        mend(b"".join(lines[:2] + lines[3:]), "x", AT)
    with pytest.raises(DamagedFile, match="a line before it is lost"):
        mend(b"".join(lines[:2] + lines[3:]).replace(b"\n", b"\r\n"), "x", AT)


HANDS: list[tuple[bytes, bytes, int]] = [
    (b'"state":"done"', b'"state":"skip"', 3),
    (b"presidents spoke", b"president  spoke", 2),
    (b'"seconds":2.25', b'"seconds":12.25', 3),
    (b'"codebook":"readouts 1.0.0"', b'"codebook":"readouts 2.1.0"', 1),
]


@pytest.mark.parametrize(("old", "new", "number"), HANDS)
def test_a_line_that_was_edited_by_hand_is_named(
    work: Work, old: bytes, new: bytes, number: int
) -> None:
    raw = written(work)
    problem = refused(raw.replace(old, new, 1))
    assert f"x.json, line {number}: " in problem.message
    assert "from git or a backup" in problem.hint
    assert ("annotator salvage" in problem.hint) == (number == 3)


def spread(raw: bytes) -> bytes:
    """A file as a formatter lays it out that knows tokens alone, so that equal names stay."""
    tokens = re.findall(rb'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+', raw)
    return b"".join(token + (b"\n\t" if token in b"{,}" else b" ") for token in tokens)


RELAID: dict[str, Callable[[bytes], bytes]] = {
    "formatter": spread,
    "formatter with CRLF": lambda raw: MARK + spread(raw).replace(b"\n", b"\r\n"),
    "line feeds taken out": lambda raw: raw.replace(b"\n", b""),
    "line feeds made blanks": lambda raw: raw.replace(b"\n", b" "),
    "carriage returns alone": lambda raw: raw.replace(b"\n", b"\r"),
    "blank lines between": lambda raw: raw.replace(b"\n", b"\n\n"),
    "lines moved in": lambda raw: raw.replace(b"\n", b"\n    "),
}


@pytest.mark.parametrize("lay_out", RELAID.values(), ids=RELAID)
@pytest.mark.parametrize("count", [1, 5])
def test_a_layout_that_left_every_line_in_order_costs_nothing(
    work: Work, lay_out: Callable[[bytes], bytes], count: int
) -> None:
    raw = written(work, count)
    found = mended(lay_out(raw))
    assert found.data == raw
    assert (found.kind, found.lost) == ("rewritten", "")


@pytest.mark.parametrize("lay_out", RELAID.values(), ids=RELAID)
def test_a_line_that_was_changed_under_another_layout_is_damage(
    work: Work, lay_out: Callable[[bytes], bytes]
) -> None:
    raw = written(work, 5)
    changed = raw.replace(b'"what":"mark', b'"what":"note')
    assert changed != raw
    assert "annotator salvage" in refused(lay_out(changed)).hint


def pretty(raw: bytes) -> bytes:
    command = ["python3", "-m", "json.tool"]
    return subprocess.run(command, input=raw, capture_output=True, check=True).stdout


WRITERS: dict[str, Callable[[bytes], bytes]] = {
    "json": lambda raw: json.dumps(json.loads(raw)).encode(),
    "json in UTF-8": lambda raw: json.dumps(json.loads(raw), ensure_ascii=False).encode(),
    "json, compact": lambda raw: json.dumps(json.loads(raw), separators=(",", ":")).encode(),
    "json, sorted": lambda raw: json.dumps(json.loads(raw), sort_keys=True, indent=1).encode(),
    "json.tool": pretty,
    "orjson": lambda raw: orjson.dumps(orjson.loads(raw)),
    "orjson, indented": lambda raw: orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2),
    "with CRLF and a mark": lambda raw: MARK + pretty(raw).replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_file_that_another_program_wrote_anew_is_taken_over(
    work: Work, write: Callable[[bytes], bytes]
) -> None:
    raw = written(work, 5)
    found = mended(write(raw))
    assert found.kind == "rewritten"
    assert found.lost == "the history before it"
    lines = parse(found.data, "x")
    assert lines.header == work.header
    [edit] = Replay(lines.bodies, "x").first(1)
    assert (edit.act, edit.at) == ("adopt", AT)
    assert edit.what == "taken over from another program"
    assert edit.apply(Coding()).docs == state(raw)
    assert state(found.data) == state(raw)
    assert 4 not in state(raw)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("count", [1, 5])
def test_what_another_program_changed_is_taken_over_with_it(
    work: Work, write: Callable[[bytes], bytes], count: int
) -> None:
    fields = json.loads(written(work, count))
    fields["_default"]["1"]["note"] = "by a script, “ü”"
    found = mended(write(json.dumps(fields).encode()))
    assert (found.kind, found.lost) == ("rewritten", "the history before it")
    before = state(written(work, count))
    after = before[1].model_copy(update={"note": "by a script, “ü”"})
    assert state(found.data) == before | {1: after}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_file_with_one_line_that_was_written_anew_loses_nothing_it_says(
    work: Work, write: Callable[[bytes], bytes]
) -> None:
    raw = written(work, 1)
    found = mended(write(raw))
    assert found.kind == "rewritten"
    assert found.data == raw if not found.lost else state(found.data) == state(raw)


@pytest.mark.parametrize("count", [1, 5])
def test_what_tinydb_writes_is_taken_over(work: Work, count: int) -> None:
    work.path.parent.mkdir(parents=True)
    work.path.write_bytes(written(work, count))
    before = state(written(work, count))
    with TinyDB(work.path) as database:
        database.update({"note": "by a script"}, doc_ids=[1])
        sentence = {**dict(database.get(doc_id=3) or {}), "note": "a copy"}
        sentence.pop("_")
        key = database.insert(sentence)
        database.table("mine").insert({"colour": "green"})
    found = mended(work.path.read_bytes())
    assert found.kind == "rewritten"
    assert found.lost == "the history before it, and the table “mine”"
    assert state(found.data) == before | {
        1: before[1].model_copy(update={"note": "by a script"}),
        key: before[3].model_copy(update={"note": "a copy"}),
    }
    work.path.write_bytes(found.data)
    assert [each.severity for each in work.tiny().check(lambda _: work.readout)] == ["warning"]
    with TinyDB(work.path) as database:
        database.remove(doc_ids=[key])
    again = mended(work.path.read_bytes())
    assert key not in state(again.data)
    # A script knows nothing of checksums, and may hold another format.
    work.path.write_bytes(again.data)
    assert list(work.tiny().check(lambda _: work.readout)) == []


def test_a_rewritten_file_of_an_older_format_is_taken_over_in_the_current_one(work: Work) -> None:
    old = json.dumps(json.loads(in_first_format(written(work)))).encode()
    found = mended(old)
    assert parse(found.data, "x").header == work.header
    assert state(found.data) == state(written(work))


def changed(work: Work, change: Callable[[dict[str, Any]], object]) -> bytes:
    fields = json.loads(written(work))
    change(fields)
    return json.dumps(fields).encode()


SPOILERS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no head": (lambda all_: all_.pop("about"), "line 1"),
    "no table": (lambda all_: all_.pop("_default"), "line 1"),
    "empty head": (lambda all_: all_["about"].clear(), "whose coding"),
    "two heads": (lambda all_: all_["about"].update({"2": {}}), "whose coding"),
    "head with a gap": (lambda all_: all_["about"]["1"].pop("by"), "whose coding"),
    "head of no format": (lambda all_: all_["about"]["1"].pop("format"), "whose coding"),
    "head of format 0": (lambda all_: all_["about"]["1"].update(format=0), "whose coding"),
    "head with more": (lambda all_: all_["about"]["1"].update(more=1), "whose coding"),
    "table is a list": (lambda all_: all_.update(_default=[]), "no item"),
    "item is a list": (lambda all_: all_["_default"].update({"9": []}), "no item"),
    "key is no number": (lambda all_: all_["_default"].update({"x": {}}), "no item"),
    "key with a zero": (lambda all_: all_["_default"].update({"01": {}}), "no item"),
    "about is a list": (lambda all_: all_["_default"]["1"].update(_=[1]), "no item"),
    "revision is no number": (lambda all_: all_["_default"]["1"]["_"].update(rev="1"), "no item"),
    "revision is 0": (lambda all_: all_["_default"]["1"]["_"].update(rev=0), "no item"),
    "checksum is none": (lambda all_: all_["_default"]["0"]["_"].update(crc="1}"), "no item"),
    "field is missing": (lambda all_: all_["_default"]["2"].pop("start"), "item 2"),
    "field is new": (lambda all_: all_["_default"]["2"].update(mine=1), "item 2"),
    "field is text": (lambda all_: all_["_default"]["2"].update(start="33"), "item 2"),
    "field is too large": (lambda all_: all_["_default"]["2"].update(keys=2**64), "item 2"),
    "range is shorter": (lambda all_: all_["_default"]["2"].update(text="short"), "item 2"),
    "cast is a sentence": (
        lambda all_: all_["_default"].update({"0": all_["_default"]["1"]}),
        "item 0",
    ),
    "no sentence": (lambda all_: all_["_default"].clear(), "no sentence"),
}


@pytest.mark.parametrize(("change", "what"), SPOILERS.values(), ids=SPOILERS)
def test_what_another_program_wrote_and_is_no_coding_is_refused(
    work: Work, change: Callable[[dict[str, Any]], object], what: str
) -> None:
    assert what in refused(changed(work, change)).message


def test_a_rewritten_file_that_quotes_other_words_is_refused(work: Work) -> None:
    words = "The presidents spoke of “chess”."
    raw = changed(work, lambda all_: all_["_default"]["3"].update(text=words))
    raw = changed(work, lambda all_: all_["_default"]["1"].update(text=words))
    assert outcome(raw) is not None
    with pytest.raises(DamagedFile, match="item 1 quotes words"):
        mend(raw, "x", AT, work.readout)
    # Of another text, nothing here says what it has to quote.
    assert mend(raw, "x", AT, readout_of("Other words.")) is not None


@pytest.mark.parametrize(
    "raw",
    [b"null", b"[]", b"{}", b'{"about": {}, "_default": {}', b"\xff\xfe{}", b'{"a": ' * 5000, b"1"],
)
def test_what_is_no_journal_at_all_is_refused(raw: bytes) -> None:
    assert "line 1" in refused(raw).message
    with pytest.raises(DamagedFile, match="line 1"):
        salvage(raw, "x.json")


def test_equal_names_are_no_rewriting(work: Work) -> None:
    """No program that read the file as JSON writes a name twice."""
    raw = json.dumps(json.loads(written(work))).encode()
    assert outcome(raw) is not None
    twice = raw.replace(b'"_default": {', b'"_default": {}, "_default": {')
    assert json.loads(twice) == json.loads(raw)
    refused(twice)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize(
    "convert",
    [bytes, lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw.replace(b"\n", b" ")],
    ids=["as written", "CRLF", "one line"],
)
def test_a_journal_of_which_every_line_is_damaged_is_no_rewriting(
    work: Work, count: int, convert: Callable[[bytes], bytes]
) -> None:
    """It reads as JSON, and as a coding throughout, and yet it says what nobody wrote."""
    raw = convert(written(work, count))
    raw = raw.replace(b"readouts 1", b"readings 7").replace(b"presidents", b"presidence")
    raw = raw.replace(b'"what":"mark', b'"what":"note')
    assert json.loads(raw)["about"]["1"]["codebook"] == "readings 7.0.0"
    assert json.loads(raw)["_default"]["1"]["text"].startswith("The presidence")
    refused(raw)


def spoilt(raw: bytes, chance: random.Random) -> bytes:
    """A file with some bytes changed, put in, taken out, or moved."""
    for _ in range(chance.randrange(1, 6)):
        start = chance.randrange(len(raw))
        length = chance.choice((1, 1, 2, 3, 8, 60, 512))
        end = min(start + length, len(raw))
        noise = chance.choice(
            (
                chance.randbytes(end - start),
                bytes(chance.choice(raw) for _ in range(end - start)),
                bytes(end - start),
                chance.randbytes(length),
                raw[start:end] * 2,
                b"",
                chance.choice((b"\n", b" ", b"}}", b'"')),
            )
        )
        raw = raw[:start] + noise + raw[end:]
    return raw


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("seed", range(4))
def test_damage_is_never_taken_for_the_work_of_another_program(
    work: Work, count: int, seed: int
) -> None:
    whole = [journal(work.header, [])] + [written(work, number) for number in range(1, count + 1)]
    chance = random.Random(seed)  # noqa: S311 - a test that repeats
    refusals = 0
    for _ in range(400):
        became = outcome(spoilt(whole[-1], chance))
        refusals += became is None
        assert became is None or became in whole[1:] or became == whole[0] == whole[-1]
    assert refusals > 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_cut_at_any_byte_keeps_whole_lines_or_is_refused(work: Work, count: int) -> None:
    whole = [written(work, number) for number in range(1, count + 1)]
    first = whole[0].rindex(b"}}\n}}")
    for cut in range(len(whole[-1])):
        became = outcome(whole[-1][:cut])
        assert (became is None) == (cut < first + 2)
        assert became is None or became in whole


def test_pieces_of_two_files_are_never_taken_for_the_work_of_another_program(work: Work) -> None:
    one, other = written(work, 5), journal(work.header, history(work)[:1]) + b" "
    chance = random.Random(5)  # noqa: S311 - a test that repeats
    for _ in range(400):
        spliced = one[: chance.randrange(len(one))] + other[chance.randrange(len(other)) :]
        became = outcome(spliced)
        assert became is None or became in [written(work, number) for number in range(1, 6)]


def without(raw: bytes, *numbers: int) -> bytes:
    """A file with lines of nonsense in the place of some, counted from 1."""
    lines = lines_of(raw)
    for number in numbers:
        lines[number - 1] = b"?" * 20 + b"\n"
    return b"".join(lines)


def kept(raw: bytes) -> Salvaged:
    left = salvage(raw, "x.json")
    assert mend(left.data, "x", AT) is None
    assert parse(left.data, "x").header.by == "ada"
    revisions = fold(parse(left.data, "x").bodies, "x")
    assert not revisions.repeated
    return left


def test_salvage_keeps_a_sound_file_as_it_is(work: Work) -> None:
    for count in range(1, 6):
        raw = written(work, count)
        left = kept(raw)
        assert left == Salvaged(raw, count, 0, frozenset(), (), unread=False)
    assert kept(in_first_format(written(work))).data == written(work)


def notes(work: Work, *pairs: tuple[int, str]) -> bytes:
    """A journal in which sentences get notes, one after the other."""
    edits = [work.first()]
    coding = edits[0].apply(Coding())
    for key, words in pairs:
        edits.append(work.note(coding, key, words))
        coding = edits[-1].apply(coding)
    return journal(work.header, edits)


def test_salvage_drops_one_line_and_names_what_may_be_older_now(work: Work) -> None:
    raw = notes(work, (1, "one"), (2, "two"), (3, "three"), (4, "four"))
    broken = raw.replace(b'"note":"two"', b'"note":"owt"')
    left = kept(broken)
    assert (left.kept, left.dropped, left.broken) == (4, 1, (4,))
    assert left.doubtful == {2}
    assert not left.unread
    before, after = state(raw), state(left.data)
    assert after == before | {2: work.first().changes[1].after}
    acts = Replay(parse(left.data, "x").bodies, "x").first(4)
    assert [edit.at for edit in acts] == ["2024-01-01T00:00:00Z", *["2024-01-02T03:04:05Z"] * 3]


def test_salvage_does_not_doubt_what_a_later_line_wrote_again(work: Work) -> None:
    raw = notes(work, (1, "one"), (2, "two"), (2, "again"), (1, "more"))
    left = kept(raw.replace(b'"note":"two"', b'"note":"owt"'))
    assert left.doubtful == frozenset()
    assert state(left.data) == state(raw)
    assert not left.unread


def test_salvage_says_where_it_could_not_read_what_was_lost(work: Work) -> None:
    raw = notes(work, (1, "one"), (2, "two"), (3, "three"))
    left = kept(without(raw, 4))
    assert (left.kept, left.broken, left.doubtful) == (3, (4,), frozenset())
    assert left.unread
    half = raw.index(b',"2":{', raw.index(b'"note":"one"')) + 20
    cut = raw[:half] + b"\0" * 50 + raw[half + 50 :]
    left = kept(cut)
    assert left == Salvaged(left.data, 3, 1, frozenset({2}), (4,), unread=True)


def test_salvage_sees_that_a_line_is_gone_without_a_trace(work: Work) -> None:
    lines = lines_of(notes(work, (1, "one"), (1, "two"), (2, "three")))
    left = kept(b"".join(lines[:2] + lines[3:]))
    assert (left.kept, left.dropped, left.broken) == (3, 0, ())
    assert left.unread


def test_salvage_names_the_sentences_that_a_lost_act_leaves_in_pieces(work: Work) -> None:
    split = history(work, 4)
    coding = split[0].apply(Coding()).docs
    cut = Coding(dict(coding))
    halves = work.split(cut, 2)
    later = work.note(halves.apply(cut), 2, "still here")
    raw = journal(work.header, [split[0], halves, later])
    left = kept(without(raw, 3))
    # The second half of sentence 2 stands nowhere any more.
    assert left.doubtful == {2}
    joined = work.join(cut, 2)
    raw = journal(work.header, [split[0], joined, work.note(joined.apply(cut), 2, "both")])
    left = kept(without(raw, 3))
    # Sentence 3 was joined to 2, and stands again beside it.
    assert left.doubtful == {2, 3}


def test_salvage_doubts_no_sentence_that_was_split_at_blanks(work: Work) -> None:
    first = work.first()
    coding = first.apply(Coding())
    whole = coding.sentence(1)
    end = whole.start + len("The presidents")
    halves = {
        1: whole.model_copy(update={"end": end, "text": whole.text[: end - whole.start]}),
        9: whole.model_copy(update={"start": end + 1, "text": whole.text[end + 1 - whole.start :]}),
    }
    raw = journal(work.header, [first, work.edit(coding, halves)])
    assert kept(raw).doubtful == frozenset()


def test_salvage_refuses_where_sentences_would_be_missing(work: Work) -> None:
    raw = notes(work, (1, "one"), (2, "two"))
    for broken in (without(raw, 2), raw.replace(b"presidents", b"presidence", 1)):
        with pytest.raises(DamagedFile, match="line 2: a line is lost that held what stands"):
            salvage(broken, "x")
    lines = lines_of(raw)
    with pytest.raises(DamagedFile, match="line 2"):
        salvage(b"".join(lines[:1] + lines[2:]), "x")
    with pytest.raises(DamagedFile, match="line 2"):
        salvage(without(raw, 2, 3, 4), "x")


def test_salvage_goes_on_without_the_import_where_every_item_was_written_again(work: Work) -> None:
    raw = notes(work, (1, "one"), (2, "two"), (3, "three"), (4, "four"))
    left = kept(raw.replace(b"presidents", b"presidence", 1))
    assert (left.kept, left.broken, left.doubtful) == (4, (2,), frozenset())
    assert state(left.data) == state(raw)
    # Where the import cannot be read, nobody knows which items it held.
    with pytest.raises(DamagedFile, match="line 2"):
        salvage(without(raw, 2), "x")


def test_salvage_needs_a_head_and_takes_one_that_can_be_mended(work: Work) -> None:
    raw = written(work)
    for broken in (without(raw, 1), raw.replace(b'"by":"ada"', b'"by":"eve"'), raw[5:], b""):
        with pytest.raises(DamagedFile, match="line 1: this is not how a coding begins"):
            salvage(broken, "x")
    turned = without(with_bits(raw, 300, 8 * 1000), 4)
    assert parse(kept(turned).data, "x").header == work.header
    assert kept(turned).broken == (4,)


@pytest.mark.parametrize(
    "lay_out",
    [*CONVERSIONS.values(), spread],
    ids=[*CONVERSIONS, "formatter"],
)
def test_salvage_reads_a_converted_file(work: Work, lay_out: Callable[[bytes], bytes]) -> None:
    raw = notes(work, (1, "one"), (2, "two"), (3, "three"))
    left = kept(lay_out(raw.replace(b'"note":"two"', b'"note":"owt"')))
    assert left == Salvaged(left.data, 3, 1, frozenset({2}), (4,), unread=False)


def merged(work: Work) -> tuple[bytes, bytes, bytes]:
    """What two copies have in common, and what each of them added, of which one item in both."""
    base = notes(work, (1, "before"))
    start = len(base) - len(CLOSING)
    ours = notes(work, (1, "before"), (1, "ours"), (2, "ours alone"))
    theirs = notes(work, (1, "before"), (1, "theirs"))
    return base[:start], ours[start : -len(CLOSING)], theirs[start : -len(CLOSING)]


def test_salvage_keeps_the_lines_of_both_copies_of_a_merge(work: Work) -> None:
    base, ours, theirs = merged(work)
    for raw in (
        base + ours + theirs + CLOSING,
        base + b"<<<<<<< HEAD\n" + ours + b"=======\n" + theirs + b">>>>>>> other\n" + CLOSING,
        base + ours + CLOSING + base + theirs + CLOSING,
    ):
        left = kept(raw)
        assert (left.kept, left.dropped, left.doubtful) == (5, 0, frozenset())
        docs = state(left.data)
        assert [docs[key].note for key in (1, 2)] == ["theirs", "ours alone"]
    refused(base + b"<<<<<<< HEAD\n" + ours + b"=======\n" + theirs + b">>>>>>> b\n" + CLOSING)


def test_what_was_salvaged_opens_and_checks_clean(work: Work) -> None:
    raw = without(notes(work, (1, "one"), (2, "two"), (3, "three")), 4)
    work.path.parent.mkdir(parents=True)
    work.path.write_bytes(salvage(raw, "x").data)
    store = work.tiny()
    assert list(store.check(lambda _: work.readout)) == []
    opened = store.open(work.header, work.readout, work.first)
    assert [opened.coding.sentence(key).note for key in (1, 2, 3)] == ["one", "", "three"]
    opened.put(opened.history[-1].invert("undo", AT))
    opened.close()


def test_the_damaged_file_gets_a_name_of_its_own_that_no_store_lists(work: Work) -> None:
    raw = written(work)
    name = name_aside(work.path.name, raw)
    assert re.fullmatch(r"\.call-1\.damaged-[0-9a-f]{8}\.json", name)
    assert name == name_aside(work.path.name, raw)
    assert name != name_aside(work.path.name, raw + b" ")
    assert name != name_aside("call-2.json", raw)
    work.path.parent.mkdir(parents=True)
    work.path.with_name(name).write_bytes(raw)
    assert list(work.tiny().coded("ada")) == []
    assert list(work.tiny().coders()) == []
