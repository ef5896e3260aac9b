"""The forms that hold the rows of the reference as tables: Parquet and the folders of the hub."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.errors import InputError
from annotator.formats import tables
from annotator.formats.dialects import dialect
from annotator.formats.parquet import schema
from annotator.formats.tables import TABLES
from annotator.formats.told import Told
from annotator.model.record import About, SentenceRow
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

ROOT = Path(__file__).parents[2]

FORMS = ("csv", "parquet", "hf", "hf-parquet", "cas-json", "cas-xmi")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def head(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8").split("\n---\n")[0]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_store_gives_the_same_bytes(coded: Project, tmp_path: Path, form: str) -> None:
    first = export(coded, output=tmp_path / "one", format_name=form).folder
    second = export(Project.open(coded.root), output=tmp_path / "two", format_name=form).folder
    assert contents(first) == contents(second)


@pytest.mark.parametrize("form", ["parquet", "hf", "hf-parquet"])
def test_the_rows_are_those_of_the_reference(coded: Project, tmp_path: Path, form: str) -> None:
    reference = export(coded, output=tmp_path / "reference").folder
    report = export(coded, output=tmp_path / "other", format_name=form)
    for table, file in zip(TABLES, report.rows, strict=True):
        raw = (reference / f"{table.name}.jsonl").read_bytes()
        path = report.folder / file
        found = (
            pq.read_table(path).to_pylist()
            if path.suffix == ".parquet"
            else [json.loads(line) for line in path.read_bytes().splitlines()]
        )
        assert found == [json.loads(line) for line in raw.splitlines()]
        assert report.rows[file] == len(found)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_column_has_a_type_that_was_guessed(coded: Project, table: tables.Table) -> None:
    folder = export(coded, format_name="parquet").folder
    found = pq.read_schema(folder / f"{table.name}.parquet")
    assert found.equals(schema(table.model))
    assert "null" not in {str(one.type) for one in found}
    assert str(schema(SentenceRow).field("topics").type) == "list<element: string not null>"


def test_a_file_is_written_in_row_groups(
    coded: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.formats.parquet._GROUP_BYTES", 1)
    folder = export(coded, output=tmp_path / "out", format_name="parquet").folder
    about = pq.read_metadata(folder / "sentences.parquet")
    assert (about.num_row_groups, about.num_rows) == (5, 5)


@pytest.mark.parametrize("form", ["jsonl", "hf", "hf-parquet"])
def test_the_card_names_the_files_of_every_table(coded: Project, form: str) -> None:
    report = export(coded, format_name=form)
    said = head(report.folder)
    for file in report.rows:
        table = file.split("/")[1] if "/" in file else file.partition(".")[0]
        part = f"  - split: train\n    path: {file}" if "/" in file else f" {file}"
        assert re.search(rf"- config_name: {table}\n(  default: true\n)?  data_files:", said)
        assert part in said
    assert ("dataset_info:" in said) == (form != "hf-parquet")


def test_the_card_says_the_types_of_nested_columns(coded: Project) -> None:
    said = head(export(coded, format_name="hf").folder)
    assert "  - name: topics\n    list: string\n" in said
    assert "    - name: slots\n      list:\n      - name: slot\n        dtype: string\n" in said
    assert "  - name: seconds\n    dtype: float64\n" in said


def test_a_dataset_is_split_by_one_function(
    coded: Project, code: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code("ada", "call-b", {1: ("done", ()), 2: ("done", ())})

    def by_readout(row: About) -> str:
        return {"call-a": "train"}.get(row.readout, "test")

    monkeypatch.setattr("annotator.formats.tables.split_of", by_readout)
    report = export(coded, format_name="hf")
    assert report.rows["data/sentences/train.jsonl"] == 5
    assert report.rows["data/sentences/test.jsonl"] == 2
    assert "data/commitments/test.jsonl" not in report.rows
    found = [item for item in dialect("hf").read(report.folder) if isinstance(item, Told)]
    assert [(item.name, len(item.rows)) for item in found] == [("call-b", 2), ("call-a", 5)]


def test_a_table_that_another_library_wrote_is_read(coded: Project) -> None:
    folder = export(coded, format_name="parquet").folder
    file = folder / "sentences.parquet"
    before = [item for item in dialect("parquet").read(folder) if isinstance(item, Told)]
    rows = pq.read_table(file).to_pylist()
    guessed = pa.Table.from_pylist([dict(reversed(row.items())) for row in rows])
    pq.write_table(guessed.append_column("mine", pa.array(range(len(rows)))), file)
    after = [item for item in dialect("parquet").read(folder) if isinstance(item, Told)]
    assert [item.rows for item in after] == [item.rows for item in before]


def spoilt(folder: Path, change: Any) -> list[InputError]:
    file = folder / "sentences.parquet"
    rows = pq.read_table(file).to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows), file)
    return [item for item in dialect("parquet").read(folder) if isinstance(item, InputError)]


def test_a_wrong_row_is_named_and_stops_no_other(coded: Project) -> None:
    folder = export(coded, format_name="parquet").folder

    def wrong(rows: list[dict[str, Any]]) -> None:
        rows[0]["end"] += 1
        rows[2]["coder"] = None
        rows[3]["seconds"] = float("nan")

    found = spoilt(folder, wrong)
    assert len(found) == 3
    assert "sentences.parquet, row 1: “annotator” is no sentence of ours" in str(found[0])


def test_a_column_of_another_type_is_one_sentence(coded: Project) -> None:
    folder = export(coded, format_name="parquet").folder

    def wrong(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["marks"] = "\x1b[31mnone"

    with pytest.raises(InputError, match="is no Parquet file of ours") as raised:
        spoilt(folder, wrong)
    assert "\x1b" not in str(raised.value)


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1" + b"\xff" * 500 + b"PAR1", b"{}\n" * 9])
def test_what_is_no_parquet_is_one_sentence(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "sentences.parquet").write_bytes(raw)
    with pytest.raises(InputError, match=r"sentences\.parquet is no Parquet file of ours"):
        list(dialect("parquet").read(tmp_path))


def test_a_file_that_was_cut_is_one_sentence(coded: Project) -> None:
    folder = export(coded, format_name="parquet").folder
    raw = (folder / "sentences.parquet").read_bytes()
    for spoil in (raw[:-20], raw[:200] + b"\0" * 300 + raw[500:]):
        (folder / "sentences.parquet").write_bytes(spoil)
        with pytest.raises(InputError, match="is no Parquet file of ours"):
            list(dialect("parquet").read(folder))


def test_a_row_group_that_says_it_is_huge_is_refused(
    coded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = export(coded, format_name="parquet").folder
    monkeypatch.setattr("annotator.formats.parquet._LARGEST_GROUP", 1000)
    with pytest.raises(InputError, match="is larger than"):
        list(dialect("parquet").read(folder))


def test_a_value_that_is_huge_in_every_row_is_refused(
    coded: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the file once, and next to nothing when packed."""
    folder = export(coded, format_name="parquet").folder

    def noted(rows: list[dict[str, Any]]) -> None:
        rows[1]["note"] = "a" * 6_000_000

    with pytest.raises(InputError, match=r"row 2, is larger than 5 MB"):
        spoilt(folder, noted)

    def long(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["note"] = "a" * 4_000_000

    monkeypatch.setattr("annotator.formats.parquet._LARGEST", 1_000_000)
    monkeypatch.setattr("annotator.formats.parquet._PACKED", 1)
    with pytest.raises(InputError, match="holds far more than its size lets expect"):
        spoilt(folder, long)


def test_a_folder_without_the_files_of_the_hub_is_one_sentence(tmp_path: Path) -> None:
    for form in ("hf", "hf-parquet"):
        with pytest.raises(InputError, match="data/sentences/"):
            list(dialect(form).read(tmp_path))


def test_a_mark_without_slots_keeps_the_types_of_its_slots(project: Project, code: Any) -> None:
    code("ada", "call-a", {1: ("done", ()), 2: ("done", ())})
    folder = export(project, format_name="parquet").folder
    assert pq.read_schema(folder / "sentences.parquet").equals(schema(SentenceRow))


def test_the_card_says_how_cells_are_read(coded: Project) -> None:
    said = (export(coded, format_name="csv").folder / "README.md").read_text(encoding="utf-8")
    assert "take one away from each cell that begins with one" in said
    assert "| `annotations_long.csv` | 19 |" in said


@pytest.mark.parametrize(
    ("form", "module", "library", "extra"),
    [
        ("parquet", "pyarrow", "pyarrow", "parquet"),
        ("cas-xmi", "cassis", "dkpro-cassis", "cas"),
        ("spacy", "spacy", "spacy", "spacy"),
    ],
)
def test_a_library_that_misses_is_one_sentence_and_leaves_nothing(
    coded: Project,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    module: str,
    library: str,
    extra: str,
) -> None:
    for name in [name for name in sys.modules if name.startswith("annotator.formats.")]:
        if name.rpartition(".")[2].split("_")[0] in ("parquet", "cas", "spacy"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=f"needs “{library}”") as raised:
        export(coded, format_name=form)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (needed,) = extras["optional-dependencies"][extra]
    assert needed.startswith(library)
    for way in ("pip install", "uv tool install", "pipx install --force"):
        assert f"“{way} '.[{extra}]'”" in raised.value.hint
    assert not coded.paths.exports.exists()
