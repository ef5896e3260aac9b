from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from annotator import __version__, cli, console, crash
from annotator.errors import InputError
from annotator.model.edit import Change, Edit
from annotator.model.mark import Mark, Provenance
from annotator.model.sentence import Sentence
from annotator.pipeline.check import check
from annotator.pipeline.project import Project

AT = "2026-01-02T03:04:05Z"
TEXT = "The parties met on Monday. They agreed to meet again.\n\nThey parted as friends.\n"


class Said(NamedTuple):
    """What a call gave back."""

    code: int
    out: str
    err: str


Call = Callable[..., Said]


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """Call the program in this process, from an empty folder, as somebody without settings."""
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def call(*args: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["annotator", *map(str, args)])
        code = cli.main()
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def home(call: Call, tmp_path: Path) -> Path:
    """A project with one readout, made and filled by the program itself."""
    root = tmp_path / "home"
    assert call("init", root, "--no-samples").code == 0
    (tmp_path / "visit.txt").write_text(TEXT, encoding="utf-8")
    said = call("add", tmp_path / "visit.txt", "-p", root)
    assert (said.code, said.err) == (0, "")
    return root


@pytest.fixture
def coded(home: Path) -> Path:
    """The project with its first sentence marked done by ada."""
    journal = Project.open(home).journal("ada", "visit", AT)
    key = journal.coding.order[0]
    before = journal.coding.sentence(key)
    after = Sentence.model_validate({**vars(before), "state": "done"})
    journal.put(
        Edit(act="edit", at=AT, what="done", changes=(Change(key=key, before=before, after=after),))
    )
    journal.close()
    return home


def run(*args: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "annotator", *map(str, args)],
        cwd=cwd,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_the_version_needs_neither_textual_nor_pydantic() -> None:
    look = (
        "import sys; sys.argv = ['annotator', '--version']\n"
        "from annotator.cli import main\n"
        "code = main()\n"
        "print(code, sorted({m.split('.')[0] for m in sys.modules}))"
    )
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    version, modules = said.stdout.splitlines()
    assert version == f"annotator {__version__}"
    assert modules.startswith("0 ")
    for heavy in ("textual", "rich", "pydantic", "orjson", "tinydb", "tomlkit", "concurrent"):
        assert f"'{heavy}'" not in modules


def test_a_call_that_is_wrong_is_told_in_one_line_with_a_remedy(call: Call, tmp_path: Path) -> None:
    calls: list[tuple[tuple[str | Path, ...], int, str]] = [
        (("exprot",), 2, "Did you mean “annotator export”?"),
        (("no/such/place",), 2, "neither a command nor a folder “no/such/place”"),
        (("stats", "--jsn"), 2, "See “annotator stats --help”."),
        (("add",), 2, "FILE|DIR"),
        (("export", "--state", "ripe"), 2, "'unsure'"),
        (("stats",), 2, "annotator init"),
        (("-p", tmp_path, "stats"), 2, "is not a project"),
        (("stats", "-p", tmp_path), 2, "is not a project"),
        (("segment", tmp_path / "none.txt"), 2, "There is no file"),
        (("\x1b]0;pwned\x07",), 2, "␛]0;pwned␇"),
        (("stats", "--\x1b[2J"), 2, "No such option"),
    ]
    for args, code, remedy in calls:
        said = call(*args)
        assert (said.code, said.out) == (code, ""), args
        assert said.err.startswith("annotator: "), args
        assert said.err.count("\n") == 1, args
        assert remedy in said.err
        assert "Traceback" not in said.err
        assert "\x1b" not in said.err


def test_help_names_every_verb_and_exit_code(call: Call) -> None:
    said = call("--help")
    assert said.code == 0
    for word in ("init", "add", "segment", "export", "stats", "codebook", "check", "completion"):
        assert f"  {word} " in said.out
    for code in (0, 1, 2, 3, 4, crash.EXIT_CODE, console.INTERRUPTED, console.BROKEN_PIPE):
        assert f"\n    {code} " in said.out


def test_every_verb_explains_itself(call: Call) -> None:
    group = cli.cli
    for name, command in group.commands.items():
        assert command.help, name
        assert call(name, "--help").code == 0
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, (name, option.name)


def test_a_project_is_made_filled_counted_and_checked(
    call: Call, home: Path, tmp_path: Path
) -> None:
    again = call("add", tmp_path / "visit.txt", "-p", home)
    assert again.code == 0
    assert "1 was skipped" in again.out
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9 and more")
    (tmp_path / "good.txt").write_text("Good.")
    said = call("add", tmp_path / "bad.txt", tmp_path / "good.txt", "-p", home)
    assert said.code == 2
    assert "1 readout was added" in said.out
    assert "--encoding" in said.out
    assert (home / "seeds" / "good.txt").read_text() == "Good."
    assert call("add", tmp_path / "bad.txt", "--encoding", "cp1252", "-p", home).code == 0
    assert call("check", "-p", home).code == 0
    told = call("stats", "-p", home)
    assert (told.code, told.err) == (0, "")
    assert "No readout of 3" in told.out


def test_segment_prints_offsets_that_hold(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "hostile.txt"
    text = "He came.\u202e She\x1b[31m left 🤝.\n\nThey “met”."
    path.write_text(text, encoding="utf-8")
    said = call("segment", "--json", path)
    assert said.code == 0
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert len(rows) == 3
    for row in rows:
        assert list(row) == ["start", "end", "role", "text"]
        assert text[row["start"] : row["end"]] == row["text"]
    assert not {"\u202e", "\x1b"} & set(said.out)
    table = call("segment", path)
    assert table.code == 0
    assert table.out.splitlines()[0].split() == ["start", "end", "role", "text"]
    assert not {"\u202e", "\x1b"} & set(table.out)


def test_segment_cuts_one_text_at_a_time(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text('{"text": "One."}\n{"text": "Two."}\n')
    said = call("segment", path)
    assert said.code == 2
    assert "holds 2 texts" in said.err


def test_nothing_to_export_is_one_sentence_and_exit_code_1(call: Call, home: Path) -> None:
    said = call("export", "-p", home)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("annotator: There is nothing to export")
    assert not list((home / "exports").glob("*"))


def test_an_export_says_what_it_wrote_and_where(call: Call, coded: Path, tmp_path: Path) -> None:
    said = call("-p", coded, "export")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("exports/readouts-1.0.0: sentences.jsonl 1, ")
    elsewhere = call("export", "-p", coded, "-o", tmp_path / "out", "--coder", "ada")
    assert elsewhere.code == 0
    assert (tmp_path / "out" / "sentences.jsonl").read_bytes().count(b"\n") == 1
    refused = call("export", "-p", coded, "-o", tmp_path / "out")
    assert (refused.code, "--force" in refused.err) == (2, True)
    assert call("export", "-p", coded, "-o", tmp_path / "out", "--force").code == 0
    forms = ("--multi-hot", "--tokens", "--soft", "--origin", "human", "--certainty", "high")
    more = call("export", "-p", coded, "trained", *forms)
    assert (more.code, more.err) == (0, "")
    assert "training.jsonl 1, soft.jsonl 0 (rows)" in more.out
    assert call("export", "-p", coded, "--language", "xx").code == 1
    assert call("export", "-p", coded, "--from", "2024", "--to", "2024-05").code == 1
    assert call("export", "-p", coded, "--to", "May").code == 2
    unknown = call("export", "-p", coded, "--format", "clay")
    assert unknown.code == 2
    assert unknown.err.startswith("annotator: There is no format “clay”. There are jsonl, ")
    assert call("export", "mine", "-o", "x", "-p", coded).code == 2


def test_the_coder_may_be_named_before_or_after_the_verb(call: Call, coded: Path) -> None:
    assert call("--coder", "eve", "-p", coded, "export").code == 1
    assert call("-p", coded, "export", "--coder", "eve").code == 1
    assert call("--coder", "eve", "export", "--coder", "ada", "-p", coded).code == 0
    rows = call("--coder", "eve", "stats", "--json", "-p", coded)
    assert (rows.code, rows.out) == (0, "")


def test_stats_prints_a_table_and_json_lines(call: Call, coded: Path) -> None:
    table = call("stats", "-p", coded).out.splitlines()
    assert table[0].split()[:3] == ["readout", "coder", "sentences"]
    assert table[1].split()[:5] == ["visit", "ada", "3", "1", "0"]
    assert table[2].split()[:2] == ["all", "3"]
    (row,) = map(json.loads, call("stats", "--json", "-p", coded).out.splitlines())
    assert (row["readout"], row["coder"], row["done"]) == ("visit", "ada", 1)


def test_stats_by_label_layer_and_day_are_the_figures(call: Call, coded: Path) -> None:
    journal = Project.open(coded).journal("ada", "visit", AT)
    key = journal.coding.order[1]
    before = journal.coding.sentence(key)
    source = Provenance(coder="ada", at=AT, codebook="c 1", keys=3, spent=4.5)
    given = Mark(
        id="m1", layer="topics", label="eco.trade", start=before.start, end=before.end,
        provenance=source,
    )  # fmt: skip
    after = before.changed(state="done", marks=(given,), keys=4, seconds=6.0)
    change = Change(key=key, before=before, after=after)
    journal.put(Edit(act="edit", at=AT, what="done", changes=(change,)))
    journal.close()
    said = call("stats", "--by", "label", "-p", coded).out.splitlines()
    assert said[0].split()[:4] == ["layer", "label", "marks", "share"]
    assert said[1].split() == [
        "topics",
        "eco.trade",
        "1",
        "100%",
        "1",
        "3.0",
        "3.0",
        "4.5",
        "4.5",
        "0",
        "0.1",
    ]
    assert call("stats", "--by", "layer", "-p", coded).out.splitlines()[1].split()[:2] == [
        "topics",
        "1",
    ]
    said = call("stats", "--by", "day", "-p", coded).out.splitlines()
    assert said[1].split()[1:5] == ["1", "1", "4", "0.1"]
    (row,) = map(json.loads, call("stats", "--by", "label", "--json", "-p", coded).out.splitlines())
    assert (row["label"], row["keys_median"], row["seconds"]) == ("eco.trade", 3.0, 4.5)
    (day,) = map(json.loads, call("stats", "--by", "day", "--json", "-p", coded).out.splitlines())
    assert (day["decided"], day["bulk"], day["keys"], day["seconds_per_sentence"]) == (1, 1, 4, 6.0)
    for kind in ("label", "layer", "day"):
        nobody = call("stats", "--by", kind, "--coder", "eve", "-p", coded)
        assert (nobody.code, nobody.out) == (0, "Nothing is coded yet that could be counted.\n")
        assert call("stats", "--by", kind, "--json", "--coder", "eve", "-p", coded).out == ""
    refused = call("stats", "--by", "label", "--samples", "-p", coded)
    assert (refused.code, "leave samples out" in refused.err) == (2, True)
    assert call("stats", "--by", "moon", "-p", coded).code == 2


def test_damage_is_named_and_exit_code_1(call: Call, coded: Path) -> None:
    path = coded / "tags" / "ada" / "visit.json"
    path.write_bytes(path.read_bytes().replace(b"agreed", b"refuse", 1))
    said = call("check", "-p", coded)
    assert said.code == 1
    assert "damage: ada/visit" in said.out
    assert said.err == "annotator: 1 finding is damage.\n"
    (finding,) = map(json.loads, call("check", "--json", "-p", coded).out.splitlines())
    assert (finding["severity"], finding["coder"]) == ("damage", "ada")


def test_the_codebook_is_checked_and_its_schemas_are_written(
    call: Call, home: Path, tmp_path: Path
) -> None:
    said = call("codebook", "check", "-p", home)
    assert (said.code, said.err) == (0, "")
    assert "topics with 28 labels" in said.out
    assert "questions of commitments lead to 17 of 17 labels, by 5 answers at most." in said.out
    broken = tmp_path / "book.toml"
    broken.write_text('name = "b"\nversion = "1.0.0"\n[[layer]]\nid = "topics"\n')
    refused = call("codebook", "check", broken)
    assert refused.code == 2
    assert "book.toml, line 3" in refused.err
    (tmp_path / "out").mkdir()
    assert call("codebook", "schemas", tmp_path / "out", "-p", home).code == 0
    assert (tmp_path / "out" / "sentences.schema.json").is_file()


def test_a_label_to_which_no_question_leads_is_named(call: Call, home: Path) -> None:
    path = home / "schemas" / "readouts.toml"
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace(', label = "past_act"', ""), encoding="utf-8")
    said = call("codebook", "check", "-p", home)
    assert said.code == 0
    assert "lead to 16 of 17 labels" in said.out
    assert "They do not lead to past_act." in said.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_completion(call: Call, shell: str) -> None:
    said = call("completion", shell)
    assert said.code == 0
    assert "_ANNOTATOR_COMPLETE" in said.out


def test_the_screens_need_a_terminal(home: Path) -> None:
    for args in ([home], ["-p", home], ["open", home, "--coder", "ada"]):
        said = run(*args, cwd=home)
        assert (said.returncode, said.stdout) == (2, ""), said.stderr
        assert said.stderr.startswith("annotator: The screens need a terminal")


def test_a_file_or_an_unknown_readout_is_not_opened(call: Call, home: Path, tmp_path: Path) -> None:
    said = call(tmp_path / "visit.txt")
    assert (said.code, "annotator add" in said.err) == (2, True)
    unknown = call(home, "--readout", "none", "--coder", "ada")
    assert unknown.code == 2
    assert "none" in unknown.err
    assert call("--readout", "none", home, "--coder", "ada").err == unknown.err


def test_each_kind_of_error_has_its_exit_code(coded: Path) -> None:
    assert run("export", "--state", "skipped", cwd=coded).returncode == 1
    refused = run("export", "-o", "/proc/none/here", cwd=coded)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.startswith("annotator: /proc/none/here could not be written")
    (coded / "exports").mkdir(exist_ok=True)
    descriptor = os.open(coded / "exports", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        assert run("export", cwd=coded).returncode == 4
    finally:
        os.close(descriptor)


def test_a_defect_is_one_line_and_a_private_report_without_the_data(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(start: Path | None) -> Project:
        secret = "what the readout says"  # noqa: S105
        raise ZeroDivisionError(len(secret))

    monkeypatch.setattr(Project, "open", broken)
    said = call("stats", "-p", home)
    assert (said.code, said.out) == (crash.EXIT_CODE, "")
    assert said.err.count("\n") == 1
    (path,) = (tmp_path / "state" / "annotator").iterdir()
    assert str(path) in said.err
    assert path.stat().st_mode & 0o777 == 0o600
    report = path.read_text(encoding="utf-8")
    assert "ZeroDivisionError: 21" in report
    assert "in broken" in report
    assert __version__ in report


def test_a_report_goes_elsewhere_where_there_is_no_state_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    place = crash.report(ValueError("x"))
    assert place is not None
    assert place.parent == tmp_path
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    assert "no report could be kept" in crash.line(ValueError("x"))


def test_an_interrupt_ends_quietly(call: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(start: Path | None) -> Project:
        raise KeyboardInterrupt

    monkeypatch.setattr(Project, "open", interrupted)
    said = call("stats", "-p", home)
    assert (said.code, said.out, said.err) == (130, "", "annotator: interrupted.\n")


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("One sentence stands here. " * 20_000)
    with subprocess.Popen(
        [sys.executable, "-m", "annotator", "segment", "--json", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == b""
    assert first["text"] == "One sentence stands here."
    assert process.returncode == console.BROKEN_PIPE


def test_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "short.txt"
    path.write_text("One sentence.")
    said = subprocess.run(
        [
            "sh",
            "-c",
            'ulimit -f 0; exec "$0" -m annotator segment "$1" > full',
            sys.executable,
            path,
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 3
    assert said.stderr == "annotator: The output: File too large.\n"


def test_json_is_utf8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Он сказал: “да” 🤝.", encoding="utf-8")
    western = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    told = run("segment", "--json", path, cwd=tmp_path, **western)
    assert json.loads(told.stdout)["text"] == path.read_text(encoding="utf-8")
    table = run("segment", path, cwd=tmp_path, **western)
    assert (table.returncode, table.stderr) == (0, "")
    assert "\\u041e" in table.stdout


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_stream_that_was_closed_before_the_start_is_no_defect(home: Path, closed: str) -> None:
    call = f"{sys.executable} -m annotator -p {home} stats {closed}>&-"
    done = subprocess.run(["sh", "-c", call], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stdout + done.stderr


def test_a_terminal_that_cannot_show_screens_is_told_before_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with pytest.raises(InputError, match="cannot show screens"):
        console.require_screen()


def test_a_readout_without_words_is_named_and_never_begun(home: Path) -> None:
    (home / "seeds" / "empty.txt").write_text(" \n")
    opened = Project.open(home)
    with pytest.raises(InputError, match="has no words"):
        opened.journal("ada", "empty", "2026-01-01T00:00:00Z")
    assert "empty" not in opened.store().coded("ada")
    assert any("has no words" in finding.what for finding in check(opened))
