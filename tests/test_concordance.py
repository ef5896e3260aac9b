"""What was found is written so that neither a spreadsheet nor a terminal obeys it."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from annotator.errors import StorageError
from annotator.pipeline.concordance import COLUMNS, as_csv, as_text, save
from annotator.pipeline.find import Found
from annotator.tui import reflow
from tests.coded import Made, Said
from tests.test_cli import Said as Answer
from tests.test_cli import call as call

NOW = datetime(2026, 3, 5, 12, 30, 15, tzinfo=UTC)


def place(exact: str, before: str = "", after: str = "") -> Found:
    said = f"{before}{exact}{after}"
    start = len(before)
    return Found(
        *("r1", start, start + len(exact), before, exact, after),
        *(("a", "warm"), "ada", (0, len(said)), said),
    )


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "  =", "\n@", "＝"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(sign: str) -> None:
    text = f'{sign}HYPERLINK("http://a.example","x")'
    head, row = cells(as_csv([place(text)]))
    named = dict(zip(head, row, strict=True))
    assert named["found"] == named["sentence"] == f"'{text}"
    assert (named["readout"], named["start"], named["labels"]) == ("r1", "0", "a warm")


def test_what_a_terminal_obeys_is_a_sign_in_a_cell_and_what_words_are_made_of_stays() -> None:
    text = "\x1b]52;c;eA==\x07\r\x9b2J\u202e\x00 می\u200cخواهم क्\u200dष\nnext"
    _, row = cells(as_csv([place(text, "\x1b[2J")]))
    assert row[3:5] == ["␛[2J", "␛]52;c;eA==␇␍�2J�␀ می\u200cخواهم क्\u200dष\nnext"]
    assert not {"\x1b", "\x07", "\r", "\x9b", "\u202e", "\x00"} & set("".join(row))


def test_what_separates_cells_stays_inside_of_one() -> None:
    text = 'says "no", then\nyes; é🤝'
    head, row = cells(as_csv([place(text, "He ", "!")]))
    assert tuple(head) == COLUMNS
    assert row[3:6] == ["He ", text, "!"]


def test_what_is_sent_to_a_clipboard_holds_nothing_that_is_obeyed() -> None:
    text = as_text([place("\x1b]52;c;eA==\x07\n=1+1\u202e", "-\x9b2J", "\u200b x")])
    assert text.count("\t") == 4
    assert text == "r1\t'-�2J\t␛]52;c;eA==␇ =1+1�\t· x\ta, warm"
    assert len(as_text([place("a"), place("b")]).splitlines()) == 2


def test_a_file_is_written_among_the_exports_and_none_is_replaced(tmp_path: Path) -> None:
    made = Made(tmp_path / "project")
    path = save(made.project, [place("a")], NOW)
    assert path == made.root / "exports" / "find-20260305-123015.csv"
    before = path.read_bytes()
    with pytest.raises(StorageError):
        save(made.project, [place("b")], NOW)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


# The verb

Call = Callable[..., Answer]


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    made = Made(tmp_path / "project")
    made.readout("r1")
    made.readout("r2")
    made.code("ada", "r1", {2: Said(marks=(("topics", "a"),)), 3: Said(marks=(("topics", "b"),))})
    return made.root


def test_the_verb_says_that_a_quote_is_not_closed(call: Call, coded: Path) -> None:
    said = call("find", '"of trade', "-p", coded, "--coder", "ada")
    assert said.code == 0
    assert said.err == "annotator: The last quote is not closed: it goes to the end of the line.\n"


def test_the_verb_shows_the_words_in_their_context(call: Call, coded: Path) -> None:
    said = call("find", "trade", "label:a|b", "-p", coded, "--coder", "ada")
    assert said.code == 0
    head, first, second = said.out.splitlines()
    assert head.split() == ["readout", "start", "before", "found", "after", "labels"]
    assert first.split("  ")[-3:] == ["trade", ". Trade was good. “Peace”, said both.", "a"]
    assert second.index("Trade") == first.index("trade", 30)
    assert second.startswith("r1          31  A heading They spoke of trade.  Trade")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_on_a_terminal_a_place_is_a_row_with_what_was_found_whole_and_in_the_middle(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    made = Made(tmp_path / "project")
    made.readout("call", text=f"{'会谈中双方讨论了' * 9}trade and 贸易{'很久很久的' * 9}。")
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for words in ("trade and 贸易", "trade"):
        row, count = call(
            *("find", f'"{words}"', "-p", made.root, "--coder", "ada")
        ).out.splitlines()
        before, _, after = row.partition(words)
        assert reflow.cells(row) <= width
        assert abs(reflow.cells(before) - width // 2) < width // 6
        assert after.startswith(" and" if words == "trade" else "很")
        assert count.startswith("1 place.")


def test_the_verb_takes_what_begins_with_a_hyphen_for_what_must_not_be(
    call: Call, coded: Path
) -> None:
    said = call("find", "trade", "-label:a", "--json", "-p", coded, "--coder", "ada")
    assert [json.loads(line)["start"] for line in said.out.splitlines()] == [31]


@pytest.mark.parametrize("word", ["-peace", "-house", "-csv", "-label:a", "-label:a trade", "-h"])
@pytest.mark.parametrize("first", [True, False])
def test_no_word_is_taken_for_an_option_that_it_only_begins_like(
    call: Call, coded: Path, word: str, first: bool
) -> None:
    ending = ("--", word) if word == "-h" else (word,)
    words = (*ending, "trade") if first else ("trade", *ending)
    said = call("find", "--json", "-p", coded, "--coder", "ada", *words)
    places = {json.loads(line)["start"] for line in said.out.splitlines()}
    whole = f"trade {word}"
    meant = call("find", "--json", "-p", coded, "--coder", "ada", "--", whole)
    assert places == {json.loads(line)["start"] for line in meant.out.splitlines()}
    assert (said.code, said.err) == (meant.code, meant.err)
    assert 31 in places


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["trade", "--jsn"], "--jsn"), (["trade", "--csv"], "--csv"), (["trade", "-p"], "-p")],
)
def test_an_option_that_is_none_or_lacks_its_value_is_named(
    call: Call, arguments: list[str], said: str
) -> None:
    answer = call("find", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_the_verb_writes_a_spreadsheet_and_replaces_none(
    call: Call, coded: Path, tmp_path: Path
) -> None:
    target = tmp_path / "trade.csv"
    said = call("find", "trade", "--csv", target, "-p", coded, "--coder", "ada")
    assert (said.code, said.out) == (0, f"{target}: 4 places.\n")
    assert len(cells(target.read_bytes())) == 5
    again = call("find", "trade", "--csv", target, "-p", coded, "--coder", "ada")
    assert again.code == 3
    assert "Choose another name" in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nowhere"], 1, "Nothing was found."),
        (["nowhere", "--json"], 1, "Nothing was found."),
        (["labl:a"], 2, "Did you mean “label:”?"),
        (["re:/(/"], 2, "is not one: missing )"),
        (["coder:adda"], 2, "Did you mean coder:ada?"),
        (["trade", "--json", "--csv", "x"], 2, "Leave one of them out."),
    ],
)
def test_the_verb_says_why_there_is_nothing(
    call: Call, coded: Path, arguments: list[str], code: int, said: str
) -> None:
    answer = call("find", *arguments, "-p", coded, "--coder", "ada")
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
