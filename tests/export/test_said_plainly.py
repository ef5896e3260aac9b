"""What is wrong with a file is said in words of its reader, not in those of Python."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.errors import InputError
from annotator.formats.dialects import dialect
from annotator.formats.parquet import rows_in
from annotator.model.record import SentenceRow
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.tui.keys import COMMANDS

from .conftest import Call

TYPE = {"%SUPER_TYPE": "uima.tcas.Annotation", "f": 3}
CAS = {"%TYPES": {"x.Y": TYPE}, "%FEATURE_STRUCTURES": [], "%VIEWS": {}}
DIGITS = '{"text": "a", "n": ' + "9" * 5000 + "}"
TRUTH = '{"text": "They met.", "label": [[true, 4, "a"]]}'
XML = '<?xml version="1.0" encoding="UTF-NaN"?><xmi/>'


@pytest.mark.parametrize(
    ("form", "name", "content", "said"),
    [
        ("cas-json", "a.json", json.dumps(CAS), "is no CAS: the library cassis cannot"),
        ("cas-xmi", "a.xmi", XML, "the encoding that it names cannot be read"),
        ("doccano", "a.jsonl", DIGITS, "a number has thousands of digits"),
        ("labelstudio", "a.json", f"[{DIGITS}]", "a number has thousands of digits"),
        ("doccano-spans", "a.jsonl", TRUTH, ": true to 4 is no stretch of the text"),
    ],
)
def test_a_broken_file_is_told_in_plain_words(
    tmp_path: Path, form: str, name: str, content: str, said: str
) -> None:
    file = tmp_path / name
    file.write_text(content, "utf-8")
    (tmp_path / "TypeSystem.xml").write_text("<typeSystemDescription/>", "utf-8")
    try:
        found = list(dialect(form).read(file))
    except InputError as error:
        found = [error]
    (told,) = [str(one) for one in found if isinstance(one, InputError)]
    assert said in told
    assert not [word for word in ("Error", "Exceeds", "sys.", "True") if word in told]


def test_a_call_names_the_option_the_format_and_the_file_that_are_meant(
    coded: Project, call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("{}\n", "utf-8")
    code, said = call("import", str(file), "--as", "../x")
    assert (code, "“../x” (--as) cannot be a coder's name" in said) == (2, True)
    assert "--coder" not in said
    code, said = call("import", str(file), "--as", "eve", "--format", "docano")
    assert code == 2
    assert "There is no format “docano”. Did you mean “doccano”? There are jsonl, " in said
    for place in ("a.jsonl/out", "a.jsonl/deeper/out"):
        code, said = call("export", "-o", str(tmp_path / place))
        assert code == 2
        assert f"{file} is a file, and no folder. Choose another name, or another" in said
    assert file.read_text("utf-8") == "{}\n"


def test_where_no_sentence_is_in_a_state_the_keys_of_that_state_are_named(
    project: Project, call: Call
) -> None:
    keys = {one.id: one.keys[0] for one in COMMANDS}
    for states, commands in (
        (("done",), ("sentence.confirm",)),
        (("unsure",), ("sentence.unsure",)),
        (("unsure", "skipped"), ("sentence.unsure", "sentence.skip")),
    ):
        wanted = [part for state in states for part in ("--state", state)]
        exit_code, said = call("export", *wanted)
        pairs = zip(commands, states, strict=True)
        named = " or ".join(
            f"{keys[one].replace('enter', 'Enter')} ({state})" for one, state in pairs
        )
        assert (exit_code, f"press {named} on a sentence" in said) == (1, True), said
        assert ("--decided" in said) == ("done" in states)


def test_a_parquet_file_of_others_is_told_the_way_in_and_one_of_ours_to_be_written_again(
    coded: Project, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.parquet"
    pq.write_table(pa.table({"text": ["a"], "label": ["b"]}), file)
    with pytest.raises(InputError, match="with --format doccano"):
        list(dialect("parquet").read(file))
    ours = export(coded, format_name="parquet").folder / "sentences.parquet"
    table = pq.read_table(ours)
    pq.write_table(table.drop_columns(["readout"]), file)
    with pytest.raises(InputError, match=r"no single column “readout”\. Export it again\."):
        list(rows_in(file, SentenceRow))
