from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats import carried
from annotator.formats.columns import Column
from annotator.formats.csv_cells import cell, plain
from annotator.formats.csv_in import read
from annotator.formats.told import Told
from annotator.model.sentence import Sentence
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

LONG = "annotations_long.csv"
STARTS = ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''", "-"]


def records(folder: Path, file: str = LONG) -> list[dict[str, str]]:
    raw = (folder / file).read_bytes().decode()
    assert raw.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(raw, newline=""), strict=True))


def changed(folder: Path, change: Callable[[list[dict[str, str]]], list[dict[str, Any]]]) -> Path:
    """Write the annotations anew as another program would, with the columns turned around."""
    rows = records(folder)
    names = list(rows[0])[::-1]
    with (folder / LONG).open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, names, quoting=csv.QUOTE_ALL)
        out.writeheader()
        out.writerows(change(rows))
    return folder


def marks(folder: Path) -> dict[str, tuple[str, ...]]:
    found = [item for item in read(folder, "") if isinstance(item, Told)]
    rows = [row for item in found for row in item.rows]
    return {row.id: tuple(mark.id for mark in row.marks) for row in rows}


def wrong(path: Path) -> list[str]:
    return [str(item) for item in read(path, "") if isinstance(item, InputError)]


@given(text=st.one_of(st.sampled_from(STARTS), st.text()), optional=st.booleans())
def test_no_text_is_a_formula_and_every_text_comes_back(text: str, optional: bool) -> None:
    column = Column("note", "text", optional)
    written = cell(column, text)
    assert plain(column, written, "") == text
    assert written.lstrip()[:1] not in tuple("=+-@＝＋－＠") or not written
    assert written[:1] not in ("\t", "\r", "\n")


def test_null_and_the_empty_text_are_two_things() -> None:
    column = Column("note", "text", optional=True)
    assert [plain(column, cell(column, value), "") for value in (None, "")] == [None, ""]


def test_a_number_stays_a_number() -> None:
    assert cell(Column("score", "number"), -0.1) == "-0.1"
    assert plain(Column("score", "number"), "-0.1", "") == -0.1


def test_there_is_a_row_for_every_value_and_for_what_has_none(coded: Project) -> None:
    rows = records(export(coded, format_name="csv").folder)
    units = [(row["id"], row["mark_id"], row["slot"]) for row in rows]
    assert [unit[2] for unit in units if unit[1] == "call-a#c1@ada"] == [
        "action", "attribution", "committers", "committers", "strength", "timeframe",
    ]  # fmt: skip
    assert ("call-a#2@ada", "call-a#t1@ada", "") in units
    assert ("call-a#4@ada", "", "") in units
    assert list(rows[0])[:4] == ["id", "readout", "sentence", "coder"]


def test_the_tables_of_frames_and_readouts_are_there(coded: Project) -> None:
    folder = export(coded, format_name="csv").folder
    (commitment, near_miss) = records(folder, "commitments.csv")
    assert (commitment["kind"], commitment["counterparties"]) == ("agreement", "[]")
    assert near_miss["reason"] == "assertion"
    assert records(folder, "documents.csv")[0]["text"] == coded.readout("call-a").text


def test_rows_and_columns_may_stand_in_any_order(coded: Project) -> None:
    folder = export(coded, format_name="csv").folder
    before = {key: sorted(found) for key, found in marks(folder).items()}
    changed(folder, lambda rows: rows[::-1])
    assert {key: sorted(found) for key, found in marks(folder).items()} == before


def test_a_mark_whose_rows_were_deleted_is_gone(coded: Project) -> None:
    folder = export(coded, format_name="csv").folder
    changed(folder, lambda rows: [row for row in rows if row["mark_id"] != "call-a#c1@ada"])
    assert marks(folder)["call-a#2@ada"] == ("call-a#t1@ada", "call-a#s1@ada", "call-a#x1@ada")


@pytest.mark.parametrize(
    ("of", "column", "value", "says"),
    [
        ("unit", "start", "one", "“one” is no whole number"),
        ("unit", "seconds", "NaN", "“NaN” is no number"),
        ("unit", "sample", "perhaps", "is no “true” or “false”"),
        ("unit", "topics", "[" * 100_000, "is no list in JSON"),
        ("unit", "state", "\x1b[31m", "is no row of ours"),
        ("mark", "mark_certainty", "0.3", "certainty"),
        ("slot", "slot_start", "3", "is no sentence of ours"),
        ("slot", "mark_note", "another", "its mark is another"),
        ("slot", "note", "another", "its sentence is another"),
        ("slot", "mark_id", "", "has a slot and no mark"),
    ],
)
def test_a_wrong_cell_is_named_and_stops_no_other_sentence(
    coded: Project, of: str, column: str, value: str, says: str
) -> None:
    folder = export(coded, format_name="csv").folder

    def spoil(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
        (row,) = [r for r in rows if r["mark_id"] == "call-a#c1@ada" and r["slot"] == "action"]
        own = {"unit": ["id"], "mark": ["mark_id"], "slot": ["mark_id", "slot"]}[of]
        same = [r for r in rows if all(r[key] == row[key] for key in own)]
        for one in same:
            one[column] = value
        if column == "mark_id":
            for one in same:
                one.update({key: "" for key in one if key.startswith("mark_")})
        return list(rows)

    changed(folder, spoil)
    (said,) = wrong(folder)
    assert LONG in said
    assert "\x1b" not in said
    assert re.search(says, said)
    assert "call-a#4@ada" in marks(folder)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "no column “id”"),
        (b"id,readout\r\n1,2\r\n", "no column “sentence”"),
        (b'id,"readout\r\n', "is not CSV"),
        (b"id\xff\r\n", "is not UTF-8"),
        (b"\0" * 2000, "no column “id”"),
        (b'"' + b"x\n" * 3_000_000, "is not CSV"),
    ],
)
def test_what_is_no_csv_of_ours_is_one_sentence(tmp_path: Path, raw: bytes, says: str) -> None:
    file = tmp_path / LONG
    file.write_bytes(raw)
    with pytest.raises(InputError, match=says):
        list(read(file, ""))


def test_a_column_that_would_be_lost_is_refused(coded: Project) -> None:
    folder = export(coded, format_name="csv").folder
    raw = (folder / LONG).read_bytes().replace(b"\r\n", b",mine\r\n", 1)
    (folder / LONG).write_bytes(raw)
    with pytest.raises(InputError, match="a column “mine” that is not ours"):
        list(read(folder, ""))


def test_a_sentence_is_read_as_it_was_coded(coded: Project) -> None:
    folder = export(coded, format_name="csv").folder
    found = [item for item in read(folder, "") if isinstance(item, Told)]
    sentences: list[Sentence] = [carried.sentence(row) for item in found for row in item.rows]
    assert [len(sentence.marks) for sentence in sentences] == [4, 5, 0, 1, 0]
